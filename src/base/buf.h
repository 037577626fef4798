/* SPDX-License-Identifier: ISC */
/* buf: the one bounded writer. */
#ifndef BUF_H
#define BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

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
