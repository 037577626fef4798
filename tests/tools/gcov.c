/* SPDX-License-Identifier: ISC */
/*
 * Linked only into the httpd of `make coverage`, with -Wl,--wrap=open,--wrap=syscall. When a process ends, libgcov
 * opens its data files by name. That fails where httpd ends: without root, in a chroot, under Landlock and seccomp. So
 * the files are opened here, before main, and libgcov gets these descriptors; it also gets memory, which it cannot
 * allocate later. The httpd that is measured differs in two points: the filter lets libgcov use its files, and
 * close_range(2) leaves them open.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	LOAD = BPF_LD | BPF_W | BPF_ABS,
	EQUAL = BPF_JMP | BPF_JEQ | BPF_K,
	RETURN = BPF_RET | BPF_K
};
#define ARGUMENT(i) (unsigned)(offsetof(struct seccomp_data, args) + 8 * (i))

enum { HEAP = 4 << 20, ABOVE = 256 }; /* out of the range of descriptors that tests use */

static struct {
	const char *path;
	int fd;
} files[] = {FILES}; /* {"/.../accept.gcda", -1}, ... */

int __real_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode);

static void __attribute__((constructor)) open_all(void)
{
	mallopt(M_MMAP_THRESHOLD, HEAP);
	mallopt(M_TOP_PAD, HEAP);
	mallopt(M_TRIM_THRESHOLD, 2 * HEAP);
	free(malloc(1));
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		int fd = __real_open(files[i].path, O_RDWR, 0);
		files[i].fd = fcntl(fd, F_DUPFD_CLOEXEC, ABOVE);
		close(fd);
	}
}

int __wrap_open(const char *path, int flags, mode_t mode)
{
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		if (strcmp(path, files[i].path) == 0 && files[i].fd >= 0) {
			int fd = files[i].fd; /* once: libgcov closes it */
			files[i].fd = -1;
			lseek(fd, 0, SEEK_SET);
			return fd;
		}
	}
	return __real_open(path, flags, mode);
}

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

long __wrap_syscall(long number, ...)
{
	static struct sock_filter code[256];
	long a[6];
	va_list arguments;
	va_start(arguments, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(arguments, long);
	va_end(arguments);
	if (number == 436) /* close_range: the files stay open */
		return __real_syscall(number, a[0], (long)ABOVE - 1, 0L);
	if (number != SYS_seccomp)
		return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	struct sock_fprog program = *(struct sock_fprog *)a[2];
	/* In front of the filter's own rules: libgcov's calls on the descriptors above. */
	const struct sock_filter before[] = {
		{LOAD, 0, 0, offsetof(struct seccomp_data, nr)},
		{EQUAL, 4, 0, SYS_fcntl},
		{EQUAL, 3, 0, SYS_read},
		{EQUAL, 2, 0, SYS_write},
		{EQUAL, 1, 0, SYS_lseek},
		{BPF_JMP | BPF_JA, 0, 0, 3},
		{LOAD, 0, 0, ARGUMENT(0)},
		{BPF_JMP | BPF_JGE | BPF_K, 0, 1, ABOVE},
		{RETURN, 0, 0, SECCOMP_RET_ALLOW},
	};
	enum { MORE = sizeof before / sizeof before[0] };
	memcpy(code, before, sizeof before);
	memcpy(code + MORE, program.filter, program.len * sizeof code[0]);
	program.len += MORE;
	program.filter = code;
	return __real_syscall(number, a[0], a[1], &program);
}
