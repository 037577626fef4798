/* SPDX-License-Identifier: ISC */
/*
 * slice: borrowed bytes, and the one bounded writer.
 *
 * A slice never owns what it points at and need not end in NUL.
 */
#ifndef SLICE_H
#define SLICE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
	const char *at; /* NULL: there is none, which is not the same as an empty one */
	size_t len;
};

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

/* Lets the compiler hold the arguments against the format, where uint64_t is what it takes for %ju. */
#if defined __GNUC__ && defined __linux__
#define PRINTF_LIKE __attribute__((format(printf, 2, 3)))
#else
#define PRINTF_LIKE
#endif

/*
 * A writer into room for `size` bytes. Each text that does not fit is dropped as a whole, and `overflow` stays set: the
 * text is complete only where it is false. A writer of a message, which people read, cuts the first text that does not
 * fit, marks the cut with "...", and drops all further texts.
 */
struct buf {
	char *at;
	size_t len, size;
	bool overflow;
	bool message;
};

/* An empty writer into `size` bytes of room, which have to live as long; buf_message: a writer of a message. */
struct buf buf_in(char *room, size_t size);
struct buf buf_message(char *room, size_t size);

/* The text so far, in the room of the writer. */
struct slice buf_slice(const struct buf *b);

/* Append bytes, one byte, or a NUL-terminated string without its NUL. */
void buf_add(struct buf *b, struct slice s);
void buf_char(struct buf *b, char c);
void buf_text(struct buf *b, const char *text);

/*
 * Writes as printf(3) does, all of it or nothing. Of the conversions there are %c, %s, %.*s (SLICE gives its two
 * arguments), %u, %x, %X, the three with a j for uint64_t or with 0 and one digit for the least width, and %%.
 */
PRINTF_LIKE void buf_format(struct buf *b, const char *format, ...);
void buf_format_list(struct buf *b, const char *format, va_list arguments);
#define SLICE(s) (int)(s).len, (s).at

/* A writer of its own into the rest of b's room. */
struct buf buf_rest(const struct buf *b);

/*
 * Writes s with \xHH for what is not visible ASCII or a space, and for those in `special`, in at most `most` bytes: as
 * much of its beginning as fits, which is no overflow. Returns whether that was all.
 */
bool buf_visible(struct buf *b, struct slice s, const char *special, size_t most);

/* Writes s in single quotes, escaped as by buf_visible, in about `most` bytes at most; "..." stands for the rest. */
void buf_quoted(struct buf *b, struct slice s, size_t most);

/* Writes s with & < > " ' as character references, fit for HTML text and quoted attributes. */
void buf_html(struct buf *b, struct slice s);

#endif
