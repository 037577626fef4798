/* SPDX-License-Identifier: ISC */
/* resource: the result of a look-up, and the rule by which a name beneath the root may be served. */
#ifndef RESOURCE_H
#define RESOURCE_H

#include "base/entry.h"
#include "base/slice.h"
#include "base/status.h"
#include "http/accept.h"

/*
 * The result of a look-up. The texts that it points to stand in the room that the look-up was given, but for `moved`,
 * which is a part of the target's path.
 */
struct resource {
	struct entry file; /* what is sent, open; fd -1: nothing was found */
	const char *path; /* the name of the original beneath the root, whatever coding was opened; "": the root */
	const char *type; /* Content-Type */
	enum coding coding; /* of the file that was opened */
	struct entry *place; /* where the file may stay open until the next request; NULL: it is closed */
	bool listing; /* `file` is a directory that has no index, and its names are sent */
	bool json; /* the listing is JSON, not HTML */
	bool varies_coding; /* another Accept-Encoding might have led to another answer */
	bool varies_accept; /* another Accept might have */
	struct slice moved; /* with 301 or 302: the path to go to, beneath the root, or behind the link; else no slice */
	bool moved_slash; /* that path is a directory's */
	const char *link; /* with 301 or 302, where it is not NULL: the URI to go to; `moved`, if any, follows it */
};

/* A resource that holds nothing. */
struct resource resource_none(void);

/* The kinds of file that a name may stand for. */
enum resource_kinds { RESOURCE_FILE = 1, RESOURCE_DIRECTORY = 2, RESOURCE_ANY = 3 };

/*
 * Opens a path beneath the root that may be served: one of these kinds, and a file only where others may read it.
 * Returns STATUS_NONE and fills *entry, whose fd the caller closes with root_close; else 404, 403, or what the errno of
 * the failure means, and entry->fd is -1.
 */
enum status resource_open(int root, const char *path, enum resource_kinds kinds, struct entry *entry);

/*
 * The same for the path of what was a regular file a moment ago, with fewer system calls where it still is. *kept is
 * that file where it stayed open: it becomes *entry or is closed. Else kept->fd is -1, as it is in any case afterwards.
 */
enum status resource_open_again(int root, const char *path, enum resource_kinds kinds, struct entry *kept,
                                struct entry *entry);

#endif
