/* SPDX-License-Identifier: ISC */
/*
 * audit: goes through the files of a site and tells which of them clients would not get, why, and what to do about it.
 *
 * It asks root for each file as serving does, so it has to run as the account that serves. For --check only.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "serve/options.h"

/* Takes one line with its end; false stops the audit's words, as when nobody reads them any more. */
typedef bool audit_say(struct slice line);

/*
 * Looks at everything beneath the open root, AUDIT_LEVELS deep, without following a symlink into a directory. Says one
 * line for each finding, "path: what a client gets: why: cure", AUDIT_SHOWN for each kind, and a line that sums up.
 * What is not visible ASCII is escaped. Returns how many findings there are to mend, not counting what is only worth
 * knowing, such as a hidden name; one more where they could not all be said.
 */
uint64_t audit_run(const struct site *site, int root, audit_say *say);

#endif
