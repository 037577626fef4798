/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* mkstemp, dprintf */
#include "status/state.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/* "cursor C", "bytes N", "messages N" or "status 200 N". */
static bool load_line(struct slice line, struct tally *t, char cursor[CURSOR_BYTES])
{
	struct slice name, value = line;
	uint64_t status = 0;
	slice_split(&value, ' ', &name);
	if (slice_equal(name, slice_of("cursor"))) {
		snprintf(cursor, CURSOR_BYTES, "%.*s", SLICE(value));
		return value.len > 0 && value.len < CURSOR_BYTES;
	}
	if (slice_equal(name, slice_of("bytes")))
		return slice_number(value, &t->bytes);
	if (slice_equal(name, slice_of("messages")))
		return slice_number(value, &t->other);
	return slice_equal(name, slice_of("status")) && slice_split(&value, ' ', &name) && slice_number(name, &status) &&
		status < STATUS_END && slice_number(value, &t->status[status]);
}

void state_read(const char *path, struct tally *t, char cursor[CURSOR_BYTES])
{
	char line[CURSOR_BYTES + 16];
	cursor[0] = '\0';
	FILE *file = fopen(path, "re");
	if (file == NULL && errno == ENOENT) /* nothing was counted yet */
		return;
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (!load_line((struct slice){line, strcspn(line, "\n")}, t, cursor))
			errx(EX_DATAERR, "%s is not a state of httpd-status; remove it to count from nothing", path);
	if (file == NULL || ferror(file))
		errx(EX_NOINPUT, "%s cannot be read: %s; --state wants a file of this account", path,
			strerror(errno));
	fclose(file);
}

static bool write_all(int fd, const struct tally *t, const char *cursor)
{
	bool good = cursor[0] == '\0' || dprintf(fd, "cursor %s\n", cursor) > 0;
	good &= dprintf(fd, "bytes %" PRIu64 "\nmessages %" PRIu64 "\n", t->bytes, t->other) > 0;
	for (unsigned i = 0; i < STATUS_END; i++)
		good &= t->status[i] == 0 || dprintf(fd, "status %u %" PRIu64 "\n", i, t->status[i]) > 0;
	return close(fd) == 0 && good;
}

void state_write(const char *path, const struct tally *t, const char *cursor)
{
	char name[PATH_MAX + sizeof ".XXXXXX"]; /* state_read could have opened no longer one */
	mode_t mask = umask(0);
	umask(mask);
	snprintf(name, sizeof name, "%s.XXXXXX", path);
	int fd = mkstemp(name);
	if (fd >= 0 && fchmod(fd, 0666 & ~mask) == 0 && write_all(fd, t, cursor) && rename(name, path) == 0)
		return;
	int error = errno;
	if (fd >= 0)
		unlink(name);
	errx(EX_CANTCREAT, "%s cannot be written: %s; its folder has to be writable and have room", path,
		strerror(error));
}
