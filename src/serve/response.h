/* SPDX-License-Identifier: ISC */
/* response: the head of a response, and the pages of our own. Pure. */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "base/bounds.h"
#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"
#include "http/range.h"
#include "http/target.h"
#include "serve/options.h"
#include "serve/resource.h"

/* The content of an answer. session.c decides it once the status is known, and nothing decides it again. */
enum body {
	BODY_NONE,   /* no content: 204 and 304 */
	BODY_PAGE,   /* a page of our own about the status */
	BODY_FILE,   /* the whole file of the resource: what was asked for, or the site's page about the status */
	BODY_PARTS,  /* one part of that file, or several */
	BODY_LISTING /* the names in the directory of the resource */
};

/* How the client knows where the content ends (RFC 9112 section 6). */
enum framing {
	FRAMING_LENGTH, /* by Content-Length */
	FRAMING_CHUNKS, /* by the last chunk */
	FRAMING_CLOSE   /* by the end of the connection */
};

/* Everything that a response depends on besides the site's settings. */
struct answer {
	enum status status;
	int64_t now; /* seconds since 1970, for Date */
	bool persist; /* the connection goes on */
	enum body body;
	enum framing framing;
	const char *type; /* Content-Type, where there is a body */
	uint64_t length; /* of the body in bytes, with FRAMING_LENGTH */
	const struct target *target;
	const struct resource *resource;
	struct listing *listing; /* with BODY_LISTING */
	struct slice etag; /* with quotes; no slice: the answer is not about a file */
	bool dated; /* with etag: the file's time says when it changed */
	int64_t modified; /* where it does: seconds since 1970 */
	uint64_t range_size; /* with 416: of the file that has no such part */
	size_t parts; /* with BODY_PARTS: how many */
	struct range *part; /* room for RANGES_MAX of them */
};

/* The bytes of a body that consists of the answer's parts, with what stands between several of them. */
uint64_t response_parts_length(const struct answer *answer);

/*
 * Sets the type and the length of the body: of a file, its parts, or a listing whose first piece is written. Those of a
 * page are response_page's.
 */
void response_measure(struct answer *answer);

/* Writes the status line and all fields, the empty line included (RFC 9112 section 4). */
void response_head(struct buf *b, const struct site *site, const struct answer *answer);

/* Writes what stands before part i of several, or, for i == answer->parts, behind the last (RFC 9110 section 14.6). */
void response_part(struct buf *b, const struct answer *answer, size_t i);

/*
 * Writes the HTML page that explains the answer's status, and sets the type and the length of the body. A redirect's
 * page has a link to the new address, an error's page one to the front page, unless that is what was asked for.
 */
void response_page(struct buf *b, struct answer *answer);

#endif
