/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* O_CLOEXEC with every libc */
#include "status/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens a file and makes it the one that is read. Returns 0 or an errno: EINVAL for what is no regular file. */
static int begin(struct tail *tail, const char *name, bool old)
{
	struct stat st;
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return EINVAL;
	}
	if (tail->fd >= 0)
		close(tail->fd);
	tail->fd = fd;
	tail->old = old;
	tail->skip = false;
	tail->offset = 0;
	tail->begin = tail->end = 0;
	return 0;
}

int tail_open(struct tail *tail, const char *name, int64_t since)
{
	char old[PATH_MAX];
	struct stat st;
	tail->name = name;
	tail->fd = -1;
	if (access(name, R_OK) != 0)
		return errno;
	if (snprintf(old, sizeof old, "%s.1", name) < (int)sizeof old && stat(old, &st) == 0 && st.st_mtime >= since &&
	    begin(tail, old, true) == 0)
		return 0;
	return begin(tail, name, false);
}

/* Goes to the file that has the name now, once this one is read; false if it is still the same. */
static bool go_on(struct tail *tail)
{
	struct stat here, there;
	if (fstat(tail->fd, &here) != 0)
		return false;
	if (here.st_size < tail->offset && lseek(tail->fd, 0, SEEK_SET) == 0) { /* it was emptied in its place */
		tail->offset = 0;
		tail->begin = tail->end = 0;
		return true;
	}
	if (stat(tail->name, &there) != 0 || (there.st_dev == here.st_dev && there.st_ino == here.st_ino))
		return false;
	return begin(tail, tail->name, false) == 0;
}

/* Reads more; false at the end of what there is. */
static bool fill(struct tail *tail)
{
	memmove(tail->room, tail->room + tail->begin, tail->end - tail->begin);
	tail->end -= tail->begin;
	tail->begin = 0;
	if (tail->end == sizeof tail->room) { /* no line of httpd's */
		tail->end = 0;
		tail->skip = true;
	}
	ssize_t n = read(tail->fd, tail->room + tail->end, sizeof tail->room - tail->end);
	if (n <= 0)
		return go_on(tail);
	tail->end += (size_t)n;
	tail->offset += n;
	return true;
}

bool tail_line(struct tail *tail, struct slice *line)
{
	for (;;) {
		char *at = tail->room + tail->begin, *stop = memchr(at, '\n', tail->end - tail->begin);
		if (stop == NULL) {
			if (!fill(tail))
				return false;
			continue;
		}
		bool whole = !tail->skip;
		*line = (struct slice){at, (size_t)(stop - at)};
		tail->begin += line->len + 1;
		tail->skip = false;
		if (whole)
			return true;
	}
}
