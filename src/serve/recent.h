/* SPDX-License-Identifier: ISC */
/*
 * recent: what a connection has found out about its files within the current second, so that a request for the same
 * file is spared the look-ups whose results are known. A site's owner may change a file at any time: so nothing that an
 * answer is made of is remembered, neither content nor time nor size. Pure.
 *
 * A name that was absent may appear, and is then found a second later. A FIFO that takes the place of a file within the
 * second is opened, as it can be between two calls of any program that looks first.
 */
#ifndef RECENT_H
#define RECENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bounds.h"

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
	char path[RECENT_PATH]; /* beneath that root */
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
 * Remembers that the path is the name of a regular file with these siblings, unless the path is too long for that. NULL
 * remembers nothing.
 */
void recent_note(struct recent *recent, const char *path, struct recent_siblings siblings);

/*
 * Whether the path was the name of a regular file in this second, and where `siblings` is not NULL, what is known of
 * those; otherwise nothing is. NULL remembers nothing.
 */
bool recent_knows(const struct recent *recent, const char *path, struct recent_siblings *siblings);

#endif
