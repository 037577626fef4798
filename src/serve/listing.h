/* SPDX-License-Identifier: ISC */
/* listing: a directory as a page, HTML or JSON, in pieces of bounded size. */
#ifndef LISTING_H
#define LISTING_H

#include "base/bounds.h"
#include "base/slice.h"
#include "serve/names.h"

struct listing {
	int root, directory; /* of the site, and what is listed, open */
	struct slice path; /* of the directory beneath the root */
	bool json;
	enum { LISTING_HEAD, LISTING_ENTRIES, LISTING_TAIL, LISTING_END } stage; /* what comes next */
	bool begun; /* an entry was written */
	const char *name; /* the next name; NULL: not known yet */
	size_t most; /* bytes of a piece */
	struct buf piece; /* what was written last; LISTING_FRAME bytes before and behind it are free */
	char room[2 * LISTING_FRAME + OUTPUT_MAX];
	struct names names;
};

/*
 * Prepares the listing of an open directory, whose path beneath the root is `path`. Names are looked at, and nothing is
 * opened to look at it. Returns 0 and sets *out, which the caller closes with listing_close; else an errno, and *out is
 * NULL.
 */
int listing_open(struct listing **out, int root, int directory, struct slice path, bool json);

/*
 * Writes the next piece; an empty one at the end. What a request would not get is left out: hidden names, what others
 * may not read, links that lead out of the root, FIFOs and devices. Returns 0, or an errno when the listing cannot be
 * complete.
 */
int listing_next(struct listing *listing);

/* Gives the memory back; nothing where *listing is NULL. */
void listing_close(struct listing *listing);

#endif
