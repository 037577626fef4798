/* SPDX-License-Identifier: ISC */
/* accept: a client's preferences for codings and media types, by their quality values (RFC 9110 section 12). Pure. */
#ifndef ACCEPT_H
#define ACCEPT_H

#include "base/slice.h"
#include "http/request.h"

/* Content codings; among equal qualities the first is chosen (RFC 9110 section 8.4.1, RFC 7932, RFC 8878). */
enum coding { CODING_BROTLI, CODING_ZSTD, CODING_GZIP, CODING_IDENTITY, CODING_COUNT };

/* The name of a coding, as Content-Encoding has it. */
const char *coding_name(enum coding coding);

/* The coding of a name, its case ignored; CODING_IDENTITY for every other name. */
enum coding coding_of_name(struct slice name);

/* The suffix of files in a coding, with its dot; "" for identity. */
const char *coding_suffix(enum coding coding);

/*
 * The codings that the client accepts: quality[c] is 0 to 1000, and 0 is not acceptable. Without an Accept-Encoding
 * field only identity is acceptable: such a client may know no coding. Identity is acceptable unless the field excludes
 * it; where the field does not name it, its quality is not above that of any coding that is acceptable (RFC 9110
 * section 12.5.3).
 */
void accept_codings(const struct request *request, unsigned quality[CODING_COUNT]);

/*
 * The quality of a media type by Accept, 0 to 1000: that of the most specific media range that matches. Without the
 * field it is 1000 (RFC 9110 section 12.5.1). Sets *named where that range is the type itself, without a star.
 */
unsigned accept_type(const struct request *request, const char *type, bool *named);

/*
 * Whether the client prefers the type to the usual one: its quality is higher, or is the same and Accept names it,
 * while the usual one matches by a star only.
 */
bool accept_prefers(const struct request *request, const char *type, const char *usual);

#endif
