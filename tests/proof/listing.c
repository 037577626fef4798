/* SPDX-License-Identifier: ISC */
/* listing: a name in a listing. */
#include "contracts.h"
#include "libc.h"

/* Where a JSON string stands, as RFC 8259 section 7 has it: before it, within it, behind a backslash, or behind it. */
static enum { BEFORE, WITHIN, ESCAPING, BEHIND } place;

static void write_json_char(struct buf *b, char c)
{
	(void)b;
	PROMISE(place == BEFORE || place == WITHIN);
	PROMISE(c == '"' || (c == '\\' && place == WITHIN));
	place = c == '\\' ? ESCAPING : place == BEFORE ? WITHIN : BEHIND;
}

/* A character of the name: one that needs a backslash stands behind one, and no other. */
static void write_json_name(struct buf *b, struct slice s)
{
	(void)b;
	READABLE(s);
	PROMISE(s.len > 0 && (unsigned char)s.at[0] >= ' ');
	PROMISE(place == ((s.at[0] == '"' || s.at[0] == '\\') ? ESCAPING : WITHIN));
	PROMISE(s.len == 1 || (unsigned char)s.at[0] >= 0x80);
	place = WITHIN;
}

/* A byte as \u and four digits, or the character that stands for a byte that is no UTF-8. */
static void write_json_escape(struct buf *b)
{
	(void)b;
	PROMISE(place == WITHIN);
}

/* proof: utf8; of the bytes that it looks at only that the first is one of ASCII, or none is, is wanted here. */
size_t slice_utf8(struct slice s)
{
	READABLE(s);
	size_t n = nondet_size();
	ASSUME(n <= 4 && n <= s.len);
	if (s.len > 0 && (unsigned char)s.at[0] < 0x80)
		ASSUME(n == 1);
	else
		ASSUME(n != 1);
	return n;
}

#include "serve/listing_json.c"

/*
 * proof: json put_string
 * shows: a JSON string: it begins and ends with a quote, and within it each quote and each backslash of the name stands
 *   behind a backslash, and no control character stands; only whole characters of UTF-8 are copied
 * bound: 32768 bytes
 * without: conversion
 * invariant: serve/listing_json.c: s/buf_format(b, ".*c);/write_json_escape(b);/;
 *   s/buf_text(b, ".*ufffd");/write_json_escape(b);/
 * invariant: serve/listing_json.c: /^static void put_string/,/^}/{
 *   s/buf_char/write_json_char/; s/buf_add/write_json_name/}
 * invariant: serve/listing_json.c: s/while (s.len > 0) {/base = s; while (rebase(\&s) \&\& s.len > 0)
 *   __CPROVER_assigns(s, place) __CPROVER_loop_invariant(IS_END(s) \&\& place == WITHIN)
 *   __CPROVER_decreases(s.len) {/
 * fault: serve/listing_json.c: s/if (c == '"' || c == '..')/if (c == '"')/
 * fault: serve/listing_json.c: s/if (c < ' ')/if (c < 10)/
 * fault: serve/listing_json.c: s/n > 0 ? n : 1/n/
 */
void prove_json(void)
{
	struct slice name = any_slice(HEAD_MAX);
	struct buf b = {.at = NULL};
	place = BEFORE;
	put_string(&b, name);
	PROMISE(place == BEHIND);
	REACHED(name.len == HEAD_MAX);
	REACHED(name.len == 0);
}
