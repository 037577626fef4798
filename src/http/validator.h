/* SPDX-License-Identifier: ISC */
/* validator: entity tags, dates and the preconditions of a request (RFC 9110 sections 8.8 and 13). Pure. */
#ifndef VALIDATOR_H
#define VALIDATOR_H

#include "base/buf.h"
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
 * for a GET or HEAD of something that exists. Returns STATUS_NONE where the request goes on, else 304 or 412. Dates are
 * seconds since 1970. Something without an entity tag has no slice for it, and is matched by "*" only; without a date,
 * `modified` is NULL, and the two fields with dates are ignored.
 */
enum status validator_check(const struct request *request, struct slice etag, const int64_t *modified, int64_t now);

/*
 * Whether If-Range lets the Range apply (RFC 9110 section 13.1.5): there is no such field, or it has our strong entity
 * tag, or the date of the file, if that is more than a second ago and therefore strong (section 8.8.2.2). With NULL for
 * `modified` no date is that of the file.
 */
bool validator_if_range(const struct request *request, struct slice etag, const int64_t *modified, int64_t now);

#endif
