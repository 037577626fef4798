/* SPDX-License-Identifier: ISC */
/* entry: a file or directory beneath the root. root.c fills it in; the rest of the program reads it. */
#ifndef ENTRY_H
#define ENTRY_H

#include <stdbool.h>
#include <stdint.h>

/* A file or directory, and what the kernel says of it. */
struct entry {
	int fd; /* -1: not open */
	bool directory;
	bool readable; /* by others: mode has o+r */
	uint64_t size; /* bytes */
	int64_t seconds; /* of the last change of its content, since 1970 */
	uint32_t nanoseconds;
	struct {
		int64_t seconds;
		uint32_t nanoseconds;
	} changed; /* the last change of anything about it; no program can set that */
	uint64_t device, inode;
};

#endif
