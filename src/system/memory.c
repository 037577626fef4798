/* SPDX-License-Identifier: ISC */
#if !defined __linux__
#undef _POSIX_C_SOURCE /* POSIX has MAP_ANONYMOUS since 2024; before, a standard hides it */
#undef _XOPEN_SOURCE
#elif !defined _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, syscall */
#endif

#include "system/memory.h"

#if defined __linux__ && defined __s390x__ && !defined PORTABLE
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "system/syscalls.h"

enum { PAGE = 4096 };

/* By brk(2): here mmap(2) takes a pointer to its arguments, which the filter of the sandbox cannot follow. */
void *memory_allocate(size_t size)
{
	uintptr_t at = ((uintptr_t)syscall(SYS_brk, 0) + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
	if ((uintptr_t)syscall(SYS_brk, at + size) == at + size)
		return (void *)at;
	errno = ENOMEM;
	return NULL;
}

/* The memory is the last part of the data segment. */
void memory_free(void *memory, size_t size)
{
	(void)size;
	syscall(SYS_brk, memory);
}
#else
#include <sys/mman.h>

void *memory_allocate(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory != MAP_FAILED ? memory : NULL;
}

void memory_free(void *memory, size_t size)
{
	munmap(memory, size);
}
#endif
