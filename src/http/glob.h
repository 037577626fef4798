/* SPDX-License-Identifier: ISC */
/* glob: the shell's patterns for names. */
#ifndef GLOB_H
#define GLOB_H

#include "base/slice.h"

/*
 * Whether all of the name matches the pattern: `*` is any text, `?` any character, `[a-z]` and `[!a-z]`, or `[^a-z]`,
 * one that is or is not among these, and a backslash takes the meaning off what follows it (POSIX, XCU 2.14.1; all of
 * them match a slash too). In brackets there are also the twelve classes such as `[:digit:]`, and `[.x.]` and `[=x=]`
 * for the character x, as in the POSIX locale (XBD 9.3.5). Takes time in proportion to the product of the two lengths
 * at most.
 */
bool glob_matches(struct slice glob, struct slice name);

/* Whether every bracket is closed and holds what it can hold; a pattern where one does not matches nothing. */
bool glob_valid(struct slice glob);

#endif
