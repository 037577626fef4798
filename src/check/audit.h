/* SPDX-License-Identifier: ISC */
/*
 * audit: looks through the files of a site and reports those that clients would not get, with reasons and cures.
 *
 * It asks root for each file as serving does, so it has to run as the account that serves. For --check only.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "base/bounds.h"
#include "base/buf.h"
#include "serve/options.h"

/*
 * Looks at everything beneath the open root, AUDIT_LEVELS deep, without following a symlink into a directory. Prints a
 * line for each finding, "path: what a client gets: why: cure", AUDIT_SHOWN for each kind, and a line that sums up.
 * Bytes that are not visible ASCII are escaped. Returns the number of findings to mend, without those that are only
 * worth knowing, such as a hidden name; one more where not all could be printed. `room` is for what the stack may be
 * too small for; it has AUDIT_ROOM bytes or more.
 */
uint64_t audit_run(const struct site *site, int root, struct buf room);

enum { AUDIT_ROOM = AUDIT_LEVELS * NAMES_CHUNK_MIN + 4 * PATH_BYTES };

#endif
