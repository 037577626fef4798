/* SPDX-License-Identifier: ISC */
/* response: from what was decided to the bytes of a head, and the pages of our own. Pure. */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "base/bounds.h"
#include "base/slice.h"
#include "base/status.h"
#include "http/range.h"
#include "http/target.h"
#include "serve/options.h"
#include "serve/resource.h"

/* Everything that a response depends on besides the site's settings. */
struct answer {
	enum status status;
	int64_t now; /* seconds since 1970, for Date */
	bool persist; /* the connection goes on */
	struct listing *listing; /* what is sent; NULL: it is no listing */
	bool unmeasured; /* the length of the content is not known before all of it is sent */
	bool chunked; /* unmeasured, and the client knows chunks */
	const char *type; /* Content-Type; NULL: there is no content */
	uint64_t length; /* of the content, in bytes, where it is known */
	const struct target *target;
	const struct resource *resource;
	struct slice etag; /* with quotes; no slice: nothing is said of the state of a file */
	bool dated; /* beside etag: the file's time says when it changed */
	int64_t modified; /* where it does: seconds since 1970 */
	uint64_t range_size; /* with 416: of the file that has no such part */
	size_t parts; /* of the file, where not all of it is sent */
	struct range *part; /* those parts */
};

/*
 * Sets the type, and the length of the content where it is known, for the file in answer->resource, the parts of it, or
 * the listing, of which the first piece is written.
 */
void response_measure(struct answer *answer);

/* Writes the status line and all fields, the empty line included (RFC 9112 section 4). */
void response_head(struct buf *b, const struct site *site, const struct answer *answer);

/* Writes what stands before part i of several, or, for i == answer->parts, behind the last (RFC 9110 section 14.6). */
void response_part(struct buf *b, const struct answer *answer, size_t i);

/* Writes the HTML page that explains the answer's status, with a link to the new address where it is a redirect. */
void response_page(struct buf *b, const struct answer *answer);

#endif
