/* SPDX-License-Identifier: ISC */
/*
 * listing: a directory as a page, HTML or JSON, in pieces of bounded size: directories first, each kind by name.
 *
 * However many names there are, memory holds LISTING_WINDOW of them: more take more passes over the directory.
 */
#ifndef LISTING_H
#define LISTING_H

#include "bounds.h"
#include "slice.h"

struct listing {
	int root, directory; /* of the site, and what is listed, open */
	struct slice path; /* of the directory beneath the root */
	bool json;
	/* Where it stands; begins as zeros but for the above. */
	enum { LISTING_HEAD, LISTING_ENTRIES, LISTING_TAIL, LISTING_END } stage;
	bool begun; /* an entry was written */
	bool broken; /* what there is could not be found out: the listing is not all */
	size_t count, next; /* names in the window, and the first that is not written */
	/* Each name stands behind a letter for its kind, so that it is directories that come first. */
	char last[1 + NAME_BYTES]; /* the window begins behind this one */
	unsigned short order[LISTING_WINDOW]; /* places in `name`, sorted */
	char name[LISTING_WINDOW][1 + NAME_BYTES];
};

/* Makes *out the listing of an open directory. */
void listing_begin(struct listing *out, int root, int directory, struct slice path, bool json);

/*
 * Writes the next piece, as much as fits into b, which has room for OUTPUT_MAX bytes. False when there was nothing left
 * to write, or when the listing is broken off. Hidden names (policy_visible) are left out, and so is what a request for
 * it would not get.
 */
bool listing_next(struct listing *listing, struct buf *b);

#endif
