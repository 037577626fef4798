/* SPDX-License-Identifier: ISC */
/* options: from argv to the settings of the site, and the texts of --help and --version. Pure. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "base/buf.h"
#include "serve/site.h"

/*
 * Reads the arguments, those of main behind the first, with NULL at their end. Returns 0, or EX_USAGE (64) with one
 * sentence about the first mistake and its cure in *message, without a line end; then *out has what stood before the
 * mistake, but no --header. Stops at --help and --version. *out points into *room and into the texts of the arguments.
 */
int options_parse(char *const arguments[], struct site *out, struct site_room *room, struct buf *message);

/* Writes what --help prints: less than PAGE_MAX bytes. */
void options_help(struct buf *b);

/* What --version prints. */
const char *options_version(void);

#endif
