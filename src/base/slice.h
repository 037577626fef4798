/* SPDX-License-Identifier: ISC */
/*
 * slice: borrowed bytes.
 *
 * A slice never owns what it points at and need not end in NUL.
 */
#ifndef SLICE_H
#define SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
	const char *at; /* NULL: there is none, which is not the same as an empty one */
	size_t len;
};

/* The two arguments of a slice that %.*s takes. */
#define SLICE(s) (int)(s).len, (s).at

/* The bytes of a NUL-terminated string; of NULL, no slice. */
struct slice slice_of(const char *text);

/* The part of s that begins `skip` bytes in; empty when s is shorter. */
struct slice slice_from(struct slice s, size_t skip);

/* Whether both hold the same bytes. */
bool slice_equal(struct slice a, struct slice b);

/* Whether both hold the same bytes, A to Z and a to z being the same. */
bool slice_equal_nocase(struct slice a, struct slice b);

/* Whether part stands somewhere in whole, case ignored as in slice_equal_nocase; an empty part does. */
bool slice_contains(struct slice whole, struct slice part);

/* s without the spaces and tabs at its ends (OWS, RFC 9110 section 5.6.3). */
struct slice slice_trim(struct slice s);

/*
 * Takes the bytes before the next `separator`, and the separator, off *rest. Without one, takes all, and *rest becomes
 * no slice. False when *rest is no slice.
 */
bool slice_split(struct slice *rest, char separator, struct slice *part);

/* The same where a separator inside a quoted string does not count (RFC 9110 section 5.6.4). */
bool slice_split_unquoted(struct slice *rest, char separator, struct slice *part);

/*
 * Takes the next non-empty, trimmed element off a comma-separated list; a comma inside a quoted string does not count
 * (RFC 9110 section 5.6.1 and 5.6.4). False at the end.
 */
bool slice_element(struct slice *list, struct slice *element);

/* Whether s is nothing but digits; an empty one is. */
bool slice_is_digits(struct slice s);

/* Reads 1*DIGIT and nothing else into *number; false for anything else and for what exceeds 64 bits. */
bool slice_number(struct slice s, uint64_t *number);

/* The value of one hexadecimal digit, or -1. */
int char_hex(char c);

/* The byte that a pct-encoded = "%" HEXDIG HEXDIG at the start of s stands for (RFC 3986 section 2.1), or -1. */
int slice_pct_decode(struct slice s);

/* How many bytes the UTF-8 character at the start of s has; 0 where there is none (RFC 3629 section 3). */
size_t slice_utf8(struct slice s);

/* ASCII only, whatever the locale. */
char char_lower(char c);
bool char_is_alphanumeric(char c);

/* Whether s is a token: one tchar or more (RFC 9110 section 5.6.2). */
bool slice_is_token(struct slice s);

#endif
