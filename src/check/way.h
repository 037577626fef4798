/* SPDX-License-Identifier: ISC */
/* way: the directories that a path leads through, those of its symbolic links included. */
#ifndef WAY_H
#define WAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bounds.h"

enum { WAY_TEXTS = 5 };

/* A path while it is followed, name by name. Each text has PATH_BYTES bytes. */
struct way {
	char *directory; /* the one in which a name is looked up */
	char *at; /* the directory that was reached, without a link in its path; "" is the uppermost one */
	size_t length; /* bytes of `at` */
	char *rest, *text, *link; /* the names that are left; room for a new rest, and for what a link holds */
	unsigned links; /* that were followed */
	bool failed; /* a name could not be followed */
};

/*
 * Begins at the uppermost directory, or in the working directory for a path that does not begin with a slash. `room` is
 * WAY_TEXTS texts, and lives as long as *way.
 */
void way_begin(struct way *way, const char *path, char (*room)[PATH_BYTES]);

/*
 * Sets way->directory to the next one in which a name has to be looked up; false at the end. The same one may come more
 * than once.
 */
bool way_next(struct way *way);

#endif
