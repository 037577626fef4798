/* SPDX-License-Identifier: ISC */
/*
 * names: the names in a directory in order, however many there are, in memory of one size. Directories come first, and
 * links to them, then all others. Hidden names (policy_visible_length) are left out.
 *
 * A pass over the directory keeps the first names in this order, as many as fit; each further pass keeps those that
 * come next. So a file whose size or time changes between two passes may be missing from an order by these, or be in it
 * twice.
 */
#ifndef NAMES_H
#define NAMES_H

#include "base/bounds.h"
#include "base/slice.h"
#include "serve/order.h"

enum {
	NAMES_RANK = 1, /* where in a key the rank begins */
	NAMES_NAME = NAMES_RANK + sizeof(uint64_t), /* and the name */
	NAMES_KEY = NAMES_NAME + PATH_BYTES /* bytes of a key at most */
};

/* A key is a letter for the kind, the rank (order_rank) and then the name, NUL-terminated. */
struct names {
	int root, directory; /* both open: the root of the site, and the directory whose names these are */
	struct slice path; /* of the directory beneath the root */
	struct order order;
	bool whole; /* no name of the directory comes behind those that are kept */
	int error; /* the errno that ended this pass, or 0 */
	size_t count, next; /* keys kept, and the first of them that was not handed out */
	size_t used; /* bytes of `text` */
	char chunk[NAMES_CHUNK]; /* names as they are read; here and not on the stack, which may be small */
	char looked_at[PATH_BYTES]; /* the path of one of them */
	char last[NAMES_KEY]; /* this pass keeps keys that come behind this one, */
	char bound[NAMES_KEY]; /* and none that comes behind this one; "": there is no bound yet */
	uint32_t place[NAMES_MAX]; /* where in `text` each key begins */
	uint32_t spare[NAMES_MAX]; /* for sorting */
	char text[NAMES_TEXT]; /* keys */
};

/*
 * Prepares for the names of an open directory, whose path beneath the root is `path`. Of the memory, only what is
 * written to is touched.
 */
void names_begin(struct names *names, int root, int directory, struct slice path, struct order order);

/*
 * Points *name at the next name, without its directory; NULL at the end. It stays until the next call. Returns 0 or
 * the errno of a pass that failed.
 */
int names_next(struct names *names, const char **name);

/*
 * Sets *entry to what a request for a name of the directory would get. A name that fails, as it is gone meanwhile, is
 * not readable. Returns 0, or an errno where the system lacks memory or descriptors: a later request may well get this
 * name.
 */
int names_stat(struct names *names, const char *name, struct entry *entry);

#endif
