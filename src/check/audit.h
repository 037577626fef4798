/* SPDX-License-Identifier: ISC */
/*
 * audit: goes through the files of a site and tells which of them clients would not get, why, and what to do about it.
 *
 * It asks root for each file as serving does, so it has to run as the account that serves. For --check only.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "base/bounds.h"
#include "serve/options.h"

/*
 * Looks at everything beneath the open root, AUDIT_LEVELS deep, without following a symlink into a directory. Prints a
 * line for each finding, "path: what a client gets: why: cure", AUDIT_SHOWN for each kind, and a line that sums up.
 * What is not visible ASCII is escaped. Returns how many findings there are to mend, not counting what is only worth
 * knowing, such as a hidden name; one more where they could not all be printed. `room` is for what the
 * stack may be too small for; it has AUDIT_ROOM bytes or more.
 */
uint64_t audit_run(const struct site *site, int root, struct buf room);

enum { AUDIT_ROOM = AUDIT_LEVELS * NAMES_CHUNK_MIN + 4 * PATH_BYTES };

#endif
