/* SPDX-License-Identifier: ISC */
/* check: what --check tells of the settings, of this system and of the site before anybody is served. */
#ifndef CHECK_H
#define CHECK_H

#include "serve/options.h"
#include "system/conn.h"

/*
 * Prints, on standard output, where the log goes, what the connection is and the settings in words; then enters the
 * sandbox as for serving, and prints who would serve, which layers hold and what audit finds. Returns 0 when there is
 * nothing to mend, else 1. Where ROOT is a symlink that holds an address, `link` is its text and root is -1. The
 * process is of no other use afterwards.
 */
int check_run(const struct site *site, int root, const char *link, struct conn *conn);

#endif
