/* SPDX-License-Identifier: ISC */
/* clean: with --clean-urls, /about is the one address of the page about.html, and /docs/ that of docs/index.html. */
#ifndef CLEAN_H
#define CLEAN_H

#include "base/buf.h"
#include "base/slice.h"

/* The address of a page beneath the root. */
struct clean_url {
	struct slice path;
	bool slash; /* it ends in a slash: it is a directory's */
};

/* The clean address of the page path.html; that of x/index.html is x/. */
struct clean_url clean_url_of(struct slice path);

/*
 * Whether a path without its ".html" is free to be the address of the page: neither a file is there nor a directory
 * with an index. `room` is for names. A path that cannot be looked at is not free.
 */
bool clean_is_free(int root, struct slice path, struct buf room);

#endif
