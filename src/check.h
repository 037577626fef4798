/* SPDX-License-Identifier: ISC */
/* check: what --check tells of this system before anybody is served. */
#ifndef CHECK_H
#define CHECK_H

#include "options.h"

/*
 * Enters the sandbox as for serving and prints, on standard output, who would serve and which of its layers hold.
 * Returns 0 when nothing is missing, else 1. The process is of no other use afterwards.
 */
int check_run(const struct site *site, int root);

#endif
