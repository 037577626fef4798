/* SPDX-License-Identifier: ISC */
/* listing_json: a directory as a JSON array of objects (RFC 8259). Pure. */
#ifndef LISTING_JSON_H
#define LISTING_JSON_H

#include "base/buf.h"
#include "system/root.h"

/* Writes the beginning, before the first entry. */
void listing_json_begin(struct buf *b);

/*
 * Writes an object for a file or a directory: name, type, for a file its size in bytes, and the time of its last change
 * in the form of ISO 8601. `first`: no entry stands before it.
 */
void listing_json_entry(struct buf *b, const char *name, const struct entry *entry, bool first);

/* Writes the end, behind the last entry. */
void listing_json_end(struct buf *b);

#endif
