/* SPDX-License-Identifier: ISC */
/* finding: what may be wrong with a file of a site, in words. */
#ifndef FINDING_H
#define FINDING_H

#include "check/line.h"

enum finding {
	FIND_MODE, FIND_DENIED, FIND_CLOSED, FIND_UNSEEN, FIND_HIDDEN, FIND_ABSOLUTE, FIND_OUTSIDE, FIND_DANGLING,
	FIND_CIRCLE, FIND_KIND, FIND_STALE, FIND_NEWER, FIND_ORPHAN, FIND_CLASH, FIND_INDEX, FIND_FALLBACK, FIND_STRAY,
	FIND_HOST, FIND_DEEP, FIND_LONG, FIND_ERROR, FINDINGS
};

/* Whether it is to be mended; else it is only worth knowing. */
bool finding_matters(enum finding finding);

/*
 * Adds "what a client gets: why: cure" to a line and ends it. `name`, if it is not NULL, is the name that the finding
 * is about, which may hold anything.
 */
void finding_put(struct line *line, enum finding finding, const char *name);

#endif
