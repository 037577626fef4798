/* SPDX-License-Identifier: ISC */
#if defined __linux__ && !defined PORTABLE
#define _GNU_SOURCE /* syscall */
#endif

#include "system/direct.h"

#if defined __linux__ && !defined PORTABLE
#include <unistd.h>

#include "system/syscalls.h"

#if defined __GLIBC__ && defined SYS_socketcall && defined SYS_recvfrom && defined SYS_setsockopt
ssize_t recv(int fd, void *to, size_t size, int flags)
{
	return syscall(SYS_recvfrom, fd, to, size, flags, NULL, NULL);
}

ssize_t send(int fd, const void *from, size_t size, int flags)
{
	return syscall(SYS_sendto, fd, from, size, flags, NULL, 0);
}

int shutdown(int fd, int how)
{
	return (int)syscall(SYS_shutdown, fd, how);
}

int getsockopt(int fd, int level, int option, void *restrict value, socklen_t *restrict size)
{
	return (int)syscall(SYS_getsockopt, fd, level, option, value, size);
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t size)
{
	return (int)syscall(SYS_setsockopt, fd, level, option, value, size);
}
#endif
#endif
