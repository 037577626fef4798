/* SPDX-License-Identifier: ISC */
/* response: from what was decided to the bytes of a head, and the pages of our own. Pure. */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "options.h"
#include "slice.h"
#include "status.h"
#include "target.h"

/* Everything that the head of a response depends on besides the site's settings. */
struct answer {
	enum status status;
	int64_t now; /* seconds since 1970, for Date */
	const char *type; /* Content-Type; NULL: there is no content */
	uint64_t length; /* of the content, in bytes */
	const int64_t *modified; /* Last-Modified, seconds since 1970; NULL: not said */
	const struct target *moved; /* Location: this target, as a directory; NULL: none */
	bool persist; /* the connection goes on */
};

/* Writes the status line and all fields, the empty line included (RFC 9112 section 4). */
void response_head(struct buf *b, const struct site *site, const struct answer *answer);

/* Writes the HTML page that explains a status. */
void response_page(struct buf *b, enum status status);

#endif
