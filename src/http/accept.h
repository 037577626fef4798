/* SPDX-License-Identifier: ISC */
/* accept: what a client would rather have, by its quality values (RFC 9110 section 12). Pure. */
#ifndef ACCEPT_H
#define ACCEPT_H

#include "base/slice.h"
#include "http/request.h"

/* Content codings, the one we prefer among equals first (RFC 9110 section 8.4.1, RFC 7932, RFC 8878). */
enum coding { CODING_BROTLI, CODING_ZSTD, CODING_GZIP, CODING_IDENTITY, CODING_COUNT };

/* The name of a coding as Content-Encoding says it, and the ending of files in it, with its dot; "" for identity. */
const char *coding_name(enum coding coding);

/* The coding of that name, in either case; CODING_IDENTITY where there is none. */
enum coding coding_of_name(struct slice name);
const char *coding_suffix(enum coding coding);

/*
 * Which codings the client accepts: quality[c] is 0 to 1000 thousandths, 0 meaning not acceptable. Without an
 * Accept-Encoding field only identity is: a client that does not speak of codings may not know any. Identity is
 * acceptable unless the field says otherwise, and where it is not named, less so than anything that is (RFC 9110
 * section 12.5.3).
 */
void accept_codings(const struct request *request, unsigned quality[CODING_COUNT]);

/*
 * How welcome a media type is by the Accept fields, 0 to 1000: of the ranges that match, the most specific counts.
 * Without the field everything is (RFC 9110 section 12.5.1). *named tells whether the type itself was.
 */
unsigned accept_type(const struct request *request, const char *type, bool *named);

/*
 * Whether the client would rather have the type than the usual one: by the higher quality, among equals by the name
 * that is in the field, where the other is meant by a star only. Without a difference the usual one it is.
 */
bool accept_prefers(const struct request *request, const char *type, const char *usual);

#endif
