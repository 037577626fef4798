/* SPDX-License-Identifier: ISC */
/* glob: the shell's patterns for names. */
#ifndef GLOB_H
#define GLOB_H

#include "base/slice.h"

/*
 * Whether all of the name matches the pattern: `*` is any text, `?` any character, `[a-z]` a character of this range,
 * `[!a-z]` or `[^a-z]` one outside it, and a backslash escapes the next character (POSIX, XCU 2.14.1; all of them match
 * a slash too). In brackets there are also the twelve classes such as `[:digit:]`, and `[.x.]` and `[=x=]` for the
 * character x, as in the POSIX locale (XBD 9.3.5). Takes time in proportion to the product of the two lengths at most.
 */
bool glob_matches(struct slice glob, struct slice name);

/* Whether every bracket expression is well-formed; a pattern with a malformed one matches no name. */
bool glob_valid(struct slice glob);

/*
 * How many bytes of a text are a pattern, up to the first `end` that is neither in a bracket expression nor behind a
 * backslash; all of them where there is none, or a bracket expression before it is malformed.
 */
size_t glob_length(struct slice text, char end);

#endif
