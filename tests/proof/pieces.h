/* SPDX-License-Identifier: ISC */
/*
 * pieces: what is written, piece by piece and not byte by byte.
 *
 * The program's own buf_format reads the formats. Where it adds a text, the harness is told of each byte that stands in
 * the source, and of everything else, a piece of any length, as a whole. What is counted is what buf_add counts.
 */
#ifndef PIECES_H
#define PIECES_H

#define CONTRACTS_ONLY
#include "contracts.h"
#include "libc.h"

/* The harness has these: a byte of a text in the source, and any other text. */
static void put_literal(char c);
static void put_piece(struct slice s);

/* Whether something did not fit. */
static bool lost;

/* What buf_add does to the counters of a buf (proof: add, message). */
static void count(struct buf *b, size_t n)
{
	__CPROVER_precondition(b->len <= b->size, "a buf has room");
	bool fits = n <= b->size - b->len;
	lost = lost || !fits;
	b->len = fits ? b->len + n : b->message && !b->overflow ? b->size : b->len;
	b->overflow = b->overflow || !fits;
}

/* The same of a function that writes up to so many bytes, one after the other, as long as they fit. */
static void count_up_to(struct buf *b, size_t most)
{
	size_t n = nondet_size();
	bool full = b->size - b->len < most && nondet_bool();
	ASSUME(n <= most && (!full || n <= b->size - b->len));
	count(b, n);
	b->overflow = b->overflow || full;
	lost = lost || full;
}

/*
 * Of a format: a text that stands in the source. Each harness makes buf_format_list call it, by
 * edit: base/buf.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
 */
static void add_source(struct buf *b, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_literal(text[i]);
	count(b, n);
}

#include "base/slice.c"

#define strchr short_strchr
#include "base/buf.c"
#undef strchr

/* Any other text. */
void add_contract(struct buf *b, struct slice s)
{
	READABLE(s);
	put_piece(s);
	count(b, s.len);
}

/* A text, which ends where its block does. */
struct slice whole_text(const char *text)
{
	size_t n = __CPROVER_OBJECT_SIZE(text) - __CPROVER_POINTER_OFFSET(text) - 1;
	PROMISE(text[n] == '\0');
	return (struct slice){text, n};
}

void text_contract(struct buf *b, const char *text)
{
	struct slice s = whole_text(text);
	put_piece(s);
	count(b, s.len);
}

/* proof: numeral */
void numeral_contract(struct buf *b, uint64_t number, char conversion, size_t width)
{
	char digits[20];
	size_t n = nondet_size(), most = number <= 999 ? 3 : number <= UINT32_MAX ? 10 : sizeof digits;
	__CPROVER_precondition(width <= 9 && (conversion == 'u' || conversion == 'x' || conversion == 'X'), "a conversion");
	ASSUME(n > 0 && n >= width && (n <= most || n == width));
	char c = witness < n ? digits[witness] : '0';
	ASSUME((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
	put_piece((struct slice){digits, n});
	count(b, n);
}

/* A text that stands in the source. */
static void put_source(struct buf *b, const char *text)
{
	add_source(b, text, whole_text(text).len);
}

/* One of several texts of up to three bytes that do. */
static void put_short(struct buf *b, const char *text)
{
	struct slice s = whole_text(text);
	PROMISE(s.len <= 3);
	for (size_t i = 0; i < 3; i++)
		if (i < s.len)
			put_literal(s.at[i]);
	count(b, s.len);
}

#define buf_text(b, text) (#text[0] == '"' ? put_source(b, text) : text_contract(b, text))

#endif
