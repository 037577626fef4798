/* SPDX-License-Identifier: ISC */
/* tail: the lines of a log file, while it grows and is rotated. Part of httpd-status. */
#ifndef TAIL_H
#define TAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/slice.h"

enum { TAIL_LINE = 16384 }; /* the longest line that is kept whole; httpd's are shorter */

struct tail {
	const char *name;
	int fd;
	bool old; /* what is read is NAME.1, and NAME comes next */
	bool skip; /* up to the next end of a line, as this one is too long */
	off_t offset;
	size_t begin, end; /* the bytes of room that were read and not handed out */
	char room[TAIL_LINE];
};

/*
 * Opens the log file NAME for reading from its beginning. If NAME.1, which is the log before it was rotated the last
 * time, was still written to at or after `since` (seconds since 1970), its lines come first. Returns 0, or an errno.
 */
int tail_open(struct tail *tail, const char *name, int64_t since);

/*
 * Hands out the next whole line, without its end, which is good until the next call; false when there is none yet. A
 * file that was renamed is read to its end, then the new one of its name; one that was emptied from its beginning.
 */
bool tail_line(struct tail *tail, struct slice *line);

#endif
