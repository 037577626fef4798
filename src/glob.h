/* SPDX-License-Identifier: ISC */
/* glob: the shell's patterns for names. */
#ifndef GLOB_H
#define GLOB_H

#include "slice.h"

/*
 * Whether all of the name matches the pattern: `*` is any text, `?` any character, `[a-z]` and `[!a-z]` one that is or
 * is not among these, and a backslash takes the meaning off what follows it (POSIX, XCU 2.14.1, without classes; all of
 * them match a slash too). Takes time in proportion to the product of the two lengths at most.
 */
bool glob_matches(struct slice glob, struct slice name);

#endif
