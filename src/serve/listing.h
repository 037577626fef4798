/* SPDX-License-Identifier: ISC */
/* listing: a directory as a page, HTML or JSON, in pieces of bounded size. */
#ifndef LISTING_H
#define LISTING_H

#include "base/bounds.h"
#include "base/buf.h"
#include "base/slice.h"
#include "serve/listing_html.h"
#include "serve/names.h"
#include "serve/readme.h"

struct listing {
	bool json;
	enum {
		LISTING_HEAD,
		LISTING_ENTRIES,
		LISTING_SUMS,
		LISTING_README,
		LISTING_TAIL,
		LISTING_END
	} stage; /* what comes next */
	struct listing_sums sums; /* of the entries that have been written */
	struct readme readme; /* that stands below them */
	const char *name; /* the next name; NULL: not known yet */
	size_t most; /* bytes of a piece */
	struct buf piece; /* what was written last; LISTING_FRAME bytes before and behind it are free */
	char room[2 * LISTING_FRAME + OUTPUT_MAX];
	struct names names;
};

/*
 * Prepares the listing of an open directory, whose path beneath the root is `path`, in the order that the query of the
 * request asks for (order_parse). No file in it will be opened. Returns 0 and sets *out, which the caller closes with
 * listing_close; else an errno, and *out is NULL.
 */
int listing_open(struct listing **out, int root, int directory, struct slice path, struct slice query, bool json);

/*
 * Writes the next piece; an empty one at the end. A name that a request would not get is left out: a hidden one, a file
 * that others may not read, a link that leads out of the root, a FIFO or a device. Returns 0, or an errno when the
 * listing cannot be complete.
 */
int listing_next(struct listing *listing);

/* Frees the memory; nothing to do where listing is NULL. */
void listing_close(struct listing *listing);

#endif
