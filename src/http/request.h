/* SPDX-License-Identifier: ISC */
/*
 * request: the head of a request, from bytes to slices, and every refusal that its framing calls for.
 *
 * Pure: reads the bytes it is given, keeps slices of them, allocates nothing.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "base/slice.h"
#include "base/status.h"

enum method {
	METHOD_UNKNOWN, /* in no specification that httpd knows: 501 */
	METHOD_GET,
	METHOD_HEAD,
	METHOD_OPTIONS,
	METHOD_NOT_ALLOWED /* a known method that does not read a file: 405 */
};

/* The fields that are used, in the order of the table in request.c. */
enum field {
	FIELD_ACCEPT,
	FIELD_ACCEPT_ENCODING,
	FIELD_CONNECTION,
	FIELD_CONTENT_LENGTH,
	FIELD_HOST,
	FIELD_IF_MATCH,
	FIELD_IF_MODIFIED_SINCE,
	FIELD_IF_NONE_MATCH,
	FIELD_IF_RANGE,
	FIELD_IF_UNMODIFIED_SINCE,
	FIELD_RANGE,
	FIELD_REFERER,
	FIELD_TRANSFER_ENCODING,
	FIELD_USER_AGENT,
	FIELD_COUNT
};

struct request {
	struct slice line; /* the request line as it came, for the log; empty where none came */
	enum method method;
	struct slice target;
	unsigned minor; /* the x of HTTP/1.x */
	struct slice fields; /* the field lines, with their line ends */
	struct slice first[FIELD_COUNT]; /* the value of the first line of that name, trimmed; no slice: there is none */
	unsigned repeated; /* bit n: field n stands on more than one line */
	uint64_t length; /* Content-Length, 0 without */
};

/* How far a head that is still arriving has been searched for its end; begins as all zeros. */
struct request_scan {
	size_t line; /* where the line being read began */
	size_t seen; /* how far the input was searched */
	bool begun; /* a line that is not empty has been seen */
};

/*
 * Looks for the end of the head in the bytes that have come so far, each byte once over all calls: *length becomes
 * the head's length, its empty line included, or stays 0 when there is more to come. Empty lines before the request
 * line are passed over (RFC 9112 section 2.2). Returns 400 as soon as no request can begin like this (as when a TLS
 * client comes to a plain port), 414 or 431 when HEAD_MAX bytes hold no end.
 */
enum status request_scan(struct request_scan *scan, struct slice input, size_t *length);

/*
 * Parses one head (RFC 9112 sections 2 to 6). Fills *out as far as it came, also when it returns a refusal: 400, 414,
 * 501 for a transfer coding we do not know, 505. STATUS_NONE: well-formed.
 */
enum status request_parse(struct slice head, struct request *out);

/* The lines of one field, as far as they have not been handed out. */
struct field_lines {
	enum field field;
	struct slice only; /* the value of a field that stands on one line; no slice: it does not, or was handed out */
	struct slice rest; /* the field lines still to be searched, where the field stands on several */
};

/* Begins a walk over the lines of a field that may stand on several (RFC 9110 section 5.3). */
struct field_lines request_lines(const struct request *request, enum field field);

/* Hands out the value of the next line, trimmed, in the order of the head; false after the last. */
bool request_next(struct field_lines *lines, struct slice *value);

/* The value of a field that is only valid when it stands on one line; otherwise no slice. */
struct slice request_single(const struct request *request, enum field field);

/*
 * The value of the last line of the field of that name, trimmed. No slice where there is none, and in a head whose
 * field lines are not all well-formed: the last one that can be read need not be the last one that was sent.
 */
struct slice request_last(const struct request *request, struct slice name);

/* Whether a body follows the head. */
bool request_has_body(const struct request *request);

/* Whether the client asks, and the framing allows, to go on after the answer (RFC 9112 section 9.3). */
bool request_persists(const struct request *request);

#endif
