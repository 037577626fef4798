/* SPDX-License-Identifier: ISC */
/* buf: the one bounded writer. */
#include "proof.h"
#include "libc.h"
#include "writers.h"

#include "base/slice.c"

#define strchr short_strchr
#include "base/buf.c"

/*
 * proof: add buf_add
 * shows: writes all of it or nothing, never beyond the room, and what stood there stays
 * bound: 32768 bytes into 32768
 * fault: base/buf.c: s/if (s.len > b->size - b->len) {/if (s.len > b->size) {/
 */
void prove_add(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	struct buf b = any_buf(HEAD_MAX), before = b;
	witness = nondet_size();
	ASSUME(witness < before.len);
	char old = b.at[witness];
	buf_add(&b, s);
	PROMISE(grown(&b, &before) && b.at[witness] == old);
	PROMISE(b.len == before.len + s.len || (b.len == before.len && b.overflow));
	REACHED(b.len == before.len + 100);
	REACHED(b.overflow && !before.overflow);
}

/*
 * proof: message buf_add
 * shows: a message that does not fit fills its room to the last byte, and no more
 * bound: 32768 bytes into 32768
 * fault: base/buf.c: s/b->at + b->size - sizeof mark/b->at + b->size - sizeof mark + 1/
 * fault: base/buf.c: s/^.if (b->size >= sizeof mark)/if (b->size > 0)/
 */
void prove_message(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	struct buf b = any_buf(HEAD_MAX), before = b;
	b.message = true;
	buf_add(&b, s);
	PROMISE(grown(&b, &before) && b.len <= before.len + s.len);
	PROMISE(!b.overflow || before.overflow || b.len == b.size);
	REACHED(b.overflow && b.size == 2 && before.len == 1);
	REACHED(b.overflow && b.size == HEAD_MAX);
	REACHED(!b.overflow && s.len > 0);
}

/*
 * proof: visible buf_visible
 * shows: what is written is visible ASCII or a space, and no more than allowed: no CR, LF, NUL or escape sequence
 * bound: 32768 bytes into 32768
 * without: conversion
 * invariant: base/buf.c: /^bool buf_visible/,/^}/{s/buf_format(.*);/write_escape(\&part);/; s/buf_char/write_char/}
 * invariant: base/buf.c: /^bool buf_visible/,/^}/s/part.overflow; i++) {$/part.overflow; i++)
 *   __CPROVER_assigns(i, part.len, part.overflow, __CPROVER_object_whole(part.at))
 *   __CPROVER_loop_invariant(i <= s.len \&\& part.len <= part.size
 *   \&\& (witness >= part.len || (part.at[witness] >= 32 \&\& part.at[witness] < 127 \&\& part.at[witness] != 34)))
 *   __CPROVER_decreases(s.len - i) {/
 * fault: base/buf.c: s/c >= ' ' \&\& c < 0x7f \&\& strchr/c >= 10 \&\& c < 0x7f \&\& strchr/
 * fault: base/buf.c: s/^.if (part.size > most)/if (part.size > most + 1)/
 */
void prove_visible(void)
{
	struct slice s = any_slice(HEAD_MAX);
	struct buf b = any_buf(HEAD_MAX), before = b;
	size_t most = nondet_size();
	witness = nondet_size();
	bool all = buf_visible(&b, s, "\"\\", most);
	PROMISE(grown(&b, &before) && b.len - before.len <= most);
	if (witness < b.len - before.len) {
		char c = b.at[before.len + witness];
		PROMISE(c >= ' ' && c < 0x7f && c != '"');
	}
	REACHED(all && b.len == HEAD_MAX && before.len == 0);
	REACHED(!all && b.len > before.len);
}

/*
 * proof: html buf_html
 * shows: what is written holds neither markup nor a quote
 * bound: 32768 bytes into 32768
 * without: conversion
 * invariant: base/buf.c: /^void buf_html/,/^}/{s/buf_format(.*);/write_escape(b);/; s/buf_char/write_char/}
 * invariant: base/buf.c: /^void buf_html/,/^}/s/i++) {$/i++)
 *   __CPROVER_assigns(i, b->len, b->overflow, __CPROVER_object_whole(b->at))
 *   __CPROVER_loop_invariant(i <= s.len \&\& b->len <= b->size \&\& b->len >= began
 *   \&\& (witness < began || witness >= b->len || (b->at[witness] != 60 \&\& b->at[witness] != 62
 *   \&\& b->at[witness] != 34 \&\& b->at[witness] != 39)))
 *   __CPROVER_decreases(s.len - i) {/
 * fault: base/buf.c: s/&<>..'/\&<>'/
 */
void prove_html(void)
{
	struct slice s = any_slice(HEAD_MAX);
	struct buf b = any_buf(HEAD_MAX);
	ASSUME(!b.overflow);
	struct buf before = b;
	began = b.len;
	witness = nondet_size();
	buf_html(&b, s);
	PROMISE(grown(&b, &before));
	if (witness >= began && witness < b.len) {
		char c = b.at[witness];
		PROMISE(c != '<' && c != '>' && c != '"' && c != '\'');
	}
	REACHED(b.len == HEAD_MAX && before.len == 0);
}
