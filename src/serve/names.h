/* SPDX-License-Identifier: ISC */
/*
 * names: the names in a directory in order, however many there are, in memory of one size. Directories come first, then
 * files and symlinks, each by the bytes of the name. Hidden names (policy_visible_length) are left out.
 *
 * A pass over the directory keeps the first names in this order, as many as fit; each further pass keeps those that
 * come next.
 */
#ifndef NAMES_H
#define NAMES_H

#include "base/bounds.h"
#include "base/slice.h"

/* A key is a letter for the kind and then the name, so that strcmp gives the order. */
struct names {
	int directory; /* open */
	bool whole; /* no name of the directory comes behind those that are kept */
	int error; /* the errno that ended this pass, or 0 */
	size_t count, next; /* keys kept, and the first of them that was not handed out */
	size_t used; /* bytes of `text` */
	char last[1 + PATH_BYTES]; /* this pass keeps keys that come behind this one, */
	char bound[1 + PATH_BYTES]; /* and none that comes behind this one; "": there is no bound yet */
	uint32_t place[NAMES_MAX]; /* where in `text` each key begins */
	uint32_t spare[NAMES_MAX]; /* for sorting */
	char text[NAMES_TEXT]; /* keys, each with its NUL */
};

/* Prepares for the names of an open directory. Of the memory, only what is written to is touched. */
void names_begin(struct names *names, int directory);

/*
 * Points *name at the next name, without its directory; NULL at the end. It stays until the next call. Returns 0 or
 * the errno of a pass that failed.
 */
int names_next(struct names *names, const char **name);

#endif
