/* SPDX-License-Identifier: ISC */
/* listing_html: a directory as a page of HTML, in the form that programs read as well as people. Pure. */
#ifndef LISTING_HTML_H
#define LISTING_HTML_H

#include "base/buf.h"
#include "base/entry.h"
#include "base/slice.h"
#include "serve/order.h"

/* How many entries were written, and what all files have together. */
struct listing_sums {
	uint64_t directories, files, bytes;
};

/*
 * Writes the beginning, before the first entry. `path` is the path of the directory beneath the root, without a slash
 * at either end; it needs a room of OUTPUT_MAX bytes whatever the path is. The headings of the columns are buttons that
 * ask for another `order`: programs that follow each link of a page see no link in them.
 */
void listing_html_begin(struct buf *b, struct slice path, struct order order);

/* Writes a row of the table for a file or a directory. */
void listing_html_entry(struct buf *b, const char *name, const struct entry *entry);

/* Writes the end of the table, behind the last entry: the sums, or that there is nothing. */
void listing_html_sums(struct buf *b, const struct listing_sums *sums);

/* Writes the beginning of a text of `size` bytes that stands below the table, under the name of its file. */
void listing_html_text(struct buf *b, const char *file, uint64_t size);

/* Writes the end of the page; `text`: it has such a text, which ends here. */
void listing_html_end(struct buf *b, bool text);

#endif
