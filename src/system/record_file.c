/* SPDX-License-Identifier: ISC */
#include "system/record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/bounds.h"
#include "system/sandbox.h"

bool record_file_is_connection(const struct stat *st, int connection)
{
	struct stat other;
	if (S_ISCHR(st->st_mode) || fstat(connection, &other) != 0)
		return false;
	/* Pipes and TCP connections all have the number 0 on NetBSD and OpenBSD. */
	bool alike = S_ISSOCK(st->st_mode) == S_ISSOCK(other.st_mode);
	return alike && st->st_dev == other.st_dev && st->st_ino == other.st_ino;
}

int record_file_open(const char *name, bool create, int connection, int *fd, struct stat *st)
{
	/*
	 * Without waiting, as a FIFO may have no reader. Root follows no link: in a directory that another account may
	 * write to, it could lead to any file.
	 */
	int flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (create ? O_CREAT : 0);
	if (sandbox_is_root())
		flags |= O_NOFOLLOW;
	*fd = open(name, flags, 0640);
	if (*fd < 0)
		return errno;
	int error = fstat(*fd, st) != 0 ? errno : 0;
	if (error == 0 && !S_ISREG(st->st_mode) && record_file_is_connection(st, connection))
		error = EISCONN;
	if (error != 0) {
		close(*fd);
		*fd = -1;
	}
	return error;
}

const char *record_file_reason(int error)
{
	if (error == EISCONN)
		return "it is where the answer goes";
	if (error == ENXIO)
		return "it is a FIFO that no process reads, or a socket";
	if (error == ELOOP && sandbox_is_root())
		return "it is a symbolic link, which httpd does not follow when it is started as root";
	return strerror(error);
}

bool record_file_is_torn(const char *name, const struct stat *st)
{
	char end[2] = {'\n'}; /* the last byte, and what has come behind it since */
	ssize_t n = 0;
	if (!S_ISREG(st->st_mode) || st->st_size == 0 || st->st_size % 512 != 0)
		return false;
	int fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	for (unsigned ms = 0; ms < LOG_REST_MS && fd >= 0; ms++) {
		n = pread(fd, end, sizeof end, st->st_size - 1);
		if (n != 1 || end[0] == '\n')
			break;
		poll(NULL, 0, 1);
	}
	if (fd >= 0)
		close(fd);
	return n == 1 && end[0] != '\n';
}
