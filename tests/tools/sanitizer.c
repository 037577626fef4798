/* SPDX-License-Identifier: ISC */
/* Linked into what is built with a sanitizer, and nowhere else, with -Wl,--wrap=syscall where that is Memory's. */
#include <stdarg.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * To look for leaks, and for the name of a function, a sanitizer starts a process and reads /proc: in a chroot under
 * seccomp it would hang. Leaks are valgrind's part; addr2line(1) names functions. Nothing else is given up: httpd runs
 * with its whole sandbox.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:symbolize=0";
}

const char *__msan_default_options(void);
const char *__msan_default_options(void)
{
	return "symbolize=0:clear_shadow_mmap_threshold=1000000000"; /* what it would map is refused by then */
}

/*
 * The memory of a listing is mapped inside the sandbox, which refuses what a sanitizer would map beside it: so it gets
 * the memory from the kernel, and its shadow says, as that of all fresh memory, that every byte may be used.
 */
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, long offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, long offset)
{
	return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}

/* What mmap is called where offsets of 64 bits are asked for. */
void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int fd, long offset);
void *__wrap_mmap64(void *at, size_t size, int protection, int flags, int fd, long offset)
{
	return __wrap_mmap(at, size, protection, flags, fd, offset);
}

int __wrap_munmap(void *at, size_t size);
int __wrap_munmap(void *at, size_t size)
{
	return (int)syscall(SYS_munmap, at, size);
}

#if defined __has_feature
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>

/* It does not know what a bare system call writes; of ours, these alone write. Each takes six words at the most. */
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

long __wrap_syscall(long number, ...)
{
	va_list list;
	long word[6];
	va_start(list, number);
	for (int i = 0; i < 6; i++)
		word[i] = va_arg(list, long);
	va_end(list);
	__msan_unpoison(word, sizeof word); /* there may have been fewer */
	long result = __real_syscall(number, word[0], word[1], word[2], word[3], word[4], word[5]);
	if (number == SYS_getdents64 && result > 0)
		__msan_unpoison((void *)word[1], (size_t)result);
	return result;
}
#endif
#endif
