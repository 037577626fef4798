/* SPDX-License-Identifier: ISC */
/*
 * Linked into the httpd of `make coverage`, and nowhere else, with -Wl,--wrap=open. When a process ends, libgcov opens
 * its data files by name: that fails without root, in a chroot, under Landlock and seccomp, where httpd ends. So they
 * are opened here, before main, and libgcov is handed these; memory, too, which it cannot ask for any more then. What
 * is measured is httpd as it is, sandbox and all.
 */
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAP = 4 << 20, ABOVE = 256 }; /* descriptors out of the way of those that tests open and close */

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
			lseek(files[i].fd, 0, SEEK_SET);
			return fcntl(files[i].fd, F_DUPFD_CLOEXEC, ABOVE);
		}
	}
	return __real_open(path, flags, mode);
}
