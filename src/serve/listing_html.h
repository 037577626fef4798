/* SPDX-License-Identifier: ISC */
/* listing_html: a directory as a page of HTML, in the form that programs read as well as people. Pure. */
#ifndef LISTING_HTML_H
#define LISTING_HTML_H

#include "base/slice.h"
#include "system/root.h"

/*
 * Writes the beginning, before the first entry. `path` is the path of the directory beneath the root, without a slash
 * at either end; it needs a room of OUTPUT_MAX bytes whatever the path is.
 */
void listing_html_begin(struct buf *b, struct slice path);

/* Writes a row of the table for a file or a directory. */
void listing_html_entry(struct buf *b, const char *name, const struct entry *entry);

/* Writes the end, behind the last entry. */
void listing_html_end(struct buf *b);

#endif
