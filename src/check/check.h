/* SPDX-License-Identifier: ISC */
/* check: --check, which describes the settings, the system and the site before any request is served. */
#ifndef CHECK_H
#define CHECK_H

#include "serve/options.h"
#include "system/conn.h"

/*
 * Prints, on standard output, where the log goes, what the connection is and the settings in words; then enters the
 * sandbox as for serving, and prints the account, the layers of the sandbox and the findings of audit. Returns 0 when
 * there is nothing to mend, else 1. Where ROOT is a symlink that holds an address, `link` is its text and root is -1.
 * The process is of no other use afterwards.
 */
int check_run(const struct site *site, int root, const char *link, struct conn *conn);

#endif
