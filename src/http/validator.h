/* SPDX-License-Identifier: ISC */
/* validator: entity tags, dates and the preconditions of a request (RFC 9110 sections 8.8 and 13). Pure. */
#ifndef VALIDATOR_H
#define VALIDATOR_H

#include "base/entry.h"
#include "base/slice.h"
#include "base/status.h"
#include "http/request.h"

/*
 * Whether the time of a file says when its content changed. It does not where some tool gives the same time to all
 * files: then the ETag is made of other values, and no Last-Modified is sent.
 */
bool validator_dated(const struct entry *file);

/*
 * Writes the strong entity tag of a file in a coding, quotes included: from size, time of last change and the coding's
 * name, "" for none (RFC 9110 section 8.8.3). No inode: machines that hold the same files agree. Where the time says
 * nothing (validator_dated), the time of the last change of anything about the file and its inode stand in its place.
 */
void validator_etag(struct buf *b, const struct entry *file, const char *coding);

/*
 * Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since in the order of RFC 9110 section 13.2.2
 * for a GET or HEAD of something that exists. STATUS_NONE: go on; 304; 412. Dates are seconds since 1970; no slice
 * for an etag, and NULL for a date, mean that it has none, which only "*" matches.
 */
enum status validator_check(const struct request *request, struct slice etag, const int64_t *modified, int64_t now);

/*
 * Whether a Range applies as far as If-Range has a say (RFC 9110 section 13.1.5): it has the same strong entity tag,
 * or the very date, once that is more than a second ago, and so strong as well (section 8.8.2.2). Without a date,
 * NULL, none is the same.
 */
bool validator_if_range(const struct request *request, struct slice etag, const int64_t *modified, int64_t now);

#endif
