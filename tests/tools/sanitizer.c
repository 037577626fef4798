/* SPDX-License-Identifier: ISC */
/* Linked into every build with a sanitizer, and into no other, with -Wl,--wrap=syscall for the memory sanitizer. */
#include <stdarg.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * A sanitizer starts a process and reads /proc to find leaks and the names of functions. In a chroot under seccomp it
 * would hang. Leaks are left to valgrind, names to addr2line(1). httpd itself runs with its whole sandbox.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:symbolize=0";
}

const char *__msan_default_options(void);
const char *__msan_default_options(void)
{
	return "symbolize=0:clear_shadow_mmap_threshold=1000000000"; /* the sandbox would refuse its own mapping */
}

/*
 * The memory of a listing is mapped inside the sandbox, which would refuse the sanitizer's mapping beside it. So the
 * memory comes from the kernel. Its shadow says that every byte may be used, as for all new memory.
 */
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, long offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, long offset)
{
	return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}

/* The name of mmap where offsets have 64 bits. */
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

/*
 * The memory sanitizer does not know which memory a bare system call writes to. Of ours, only these write, at most six
 * words each.
 */
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
