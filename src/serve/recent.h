/* SPDX-License-Identifier: ISC */
/*
 * recent: what a connection has found out about its files, so that a request for the same file is spared the look-ups
 * whose results are known, and small files stay open from one request to the next. A site's owner may change a file at
 * any time: so nothing that an answer is made of is remembered, neither content nor time nor size, and before a file
 * that stayed open is used again, root_unchanged asks whether its path is still its name.
 *
 * What is known of siblings holds for the second in which it was found. A name that was absent may appear, and is then
 * found a second later. A FIFO that takes the place of a file within the second is opened, as it can be between two
 * calls of any program that looks first.
 */
#ifndef RECENT_H
#define RECENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/entry.h"
#include "http/accept.h"

/* What is known of a file's siblings: bit c is for the one in coding c. Where neither has it, nothing is known. */
struct recent_siblings {
	unsigned absent;
	unsigned regular; /* it is a regular file */
};

/* A path that is the name of a regular file. */
struct recent_file {
	int64_t second; /* in which it was found, since 1970 */
	uint64_t device, inode; /* of the root of its site */
	struct recent_siblings siblings;
	char path[RECENT_PATH]; /* beneath that root; "": nothing is remembered here */
	struct entry open[CODING_COUNT]; /* the file (CODING_IDENTITY) and its siblings; fd -1: did not stay open */
};

struct recent {
	int64_t second; /* of the request that is answered */
	uint64_t device, inode; /* of the root of its site; 0 for the only one */
	struct recent_file file[RECENT_FILES];
};

/* Makes *recent one that remembers nothing. */
void recent_begin(struct recent *recent);

/* Says what the following calls are about: the second of a request, and device and inode of the root of its site. */
void recent_enter(struct recent *recent, int64_t second, uint64_t device, uint64_t inode);

/*
 * Remembers that the path is the name of a regular file, and returns what is known of it, for the caller to add to:
 * nothing, or what was known within this second. Returns NULL where the path is too long for that, or `recent` is NULL.
 */
struct recent_file *recent_note(struct recent *recent, const char *path);

/*
 * Returns what is known of a path that was the name of a regular file within this second; NULL where it was not, or
 * `recent` is NULL.
 */
struct recent_file *recent_find(struct recent *recent, const char *path);

/*
 * Puts what is open into its `place`, an element of open[], until the next request; closes it where the place is NULL
 * or the file is larger than SMALL_FILE. A larger one that its owner deletes would keep too much of the disk for as
 * long as the connection lasts.
 */
void recent_keep(struct entry *place, struct entry *entry);

#endif
