/* SPDX-License-Identifier: ISC */
/* readme: the file of a directory that introduces it, whose text stands below its listing. */
#ifndef README_H
#define README_H

#include "base/entry.h"
#include "base/slice.h"

struct readme {
	unsigned rank; /* of the name that was found, the lower the better; 0: none was, or it cannot be shown */
	char name[16];
	struct entry file; /* while it is open; else fd is -1 */
	uint64_t at, end; /* bytes that were read, and that will be */
};

/* Prepares for the names of a directory. */
void readme_begin(struct readme *readme);

/*
 * Takes notice of a file of the directory: README.md, README.txt and README, in whatever case, are such names, the
 * first of them before the others. Costs no system call.
 */
void readme_note(struct readme *readme, const char *name);

/*
 * Opens the file that was noticed, in the directory with this path beneath the root, unless a request would not get it.
 * Returns 0, with `rank` 0 where there is nothing to show; or an errno where the system lacks memory or descriptors.
 */
int readme_open(struct readme *readme, int root, struct slice path);

/*
 * Reads the next bytes into `room`, README_MAX of the whole file at most, and not beyond a NUL. Returns how many they
 * are; 0 at the end, or where the file cannot be read on, and closes it then.
 */
size_t readme_read(struct readme *readme, char *room, size_t size);

#endif
