/* SPDX-License-Identifier: ISC */
/* target: the path that cannot leave the root. */
#include "proof.h"
#include "libc.h"

int slice_pct_decode(struct slice s)
{
	int value = nondet_int();
	ASSUME(value >= -1 && value <= 255 && (value < 0 || (s.len > 2 && s.at[0] == '%'))); /* proof: escape */
	return value;
}

struct slice slice_from(struct slice s, size_t skip)
{
	skip = skip < s.len ? skip : s.len; /* proof: from */
	return s.len > 0 ? (struct slice){s.at + skip, s.len - skip} : s;
}

char char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; /* proof: characters */
}

bool char_is_alphanumeric(char c)
{
	char l = char_lower(c);
	return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
}

#define buf_char write_char
#define buf_format(b, format, byte) write_escape(b)
#include "writers.h"

bool host_character(char c)
{
	bool is = nondet_bool();
	ASSUME(host_character_holds(c, is));
	return is;
}

#include "http/target.c"

/*
 * proof: characters_valid characters_valid
 * shows: true only where no byte is a space, a control character, DEL or "#"
 * bound: 32768 bytes
 * without: conversion
 * invariant: http/target.c: /^static bool characters_valid/,/^}/s/i++)$/i++) __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= s.len \&\& (witness >= i || ((unsigned char)s.at[witness] > 32
 *   \&\& s.at[witness] != 127 \&\& s.at[witness] != 35))) __CPROVER_decreases(s.len - i)/
 * fault: http/target.c: s/(unsigned char)s.at.i. <= ' '/(unsigned char)s.at[i] < 32/
 */
void prove_characters_valid(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	witness = nondet_size();
	bool valid = characters_valid(s);
	PROMISE(!valid || witness >= s.len || ((unsigned char)s.at[witness] > ' ' && s.at[witness] != '#'));
	REACHED(valid && s.len == HEAD_MAX);
	REACHED(!valid);
}

/* ---- writing ---- */

/*
 * proof: encode encode
 * shows: what is written holds no CR, LF, space, quote or other byte that ends a field or an attribute
 * bound: 32768 bytes into 32768
 * without: conversion
 * invariant: http/target.c: /^static void encode/,/^}/s/for (; s.len > 0; \(.*\)) {$/base = s;
 *   for (; rebase(\&s) \&\& s.len > 0; \1)
 *   __CPROVER_assigns(s, b->len, b->overflow, __CPROVER_object_whole(b->at))
 *   __CPROVER_loop_invariant(IS_END(s) \&\& b->len <= b->size \&\& b->len >= began
 *   \&\& (witness < began || witness >= b->len || (b->at[witness] > 32 \&\& b->at[witness] < 127
 *   \&\& b->at[witness] != 34)))
 *   __CPROVER_decreases(s.len) {/
 * fault: http/target.c: s/|| c == '@';/|| c == 10;/
 * fault: http/target.c: s/(query \&\& (c == '?'/(query \&\& (c != 0/
 */
void prove_encode(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	struct buf b = any_buf(HEAD_MAX);
	ASSUME(!b.overflow);
	struct buf before = b;
	began = b.len;
	witness = nondet_size();
	encode(&b, s, nondet_bool());
	PROMISE(grown(&b, &before));
	if (witness >= began && witness < b.len)
		PROMISE(b.at[witness] > ' ' && b.at[witness] < 0x7f && b.at[witness] != '"');
	REACHED(b.len == HEAD_MAX && began == 0);
}

/*
 * proof: escape_path target_escape
 * shows: what is written holds no CR, LF, space, quote or other byte that ends a field or an attribute
 * bound: 32768 bytes into 32768
 * without: conversion
 * invariant: http/target.c: /^void target_escape/,/^}/s/i++) {$/i++)
 *   __CPROVER_assigns(i, begins, b->len, b->overflow, __CPROVER_object_whole(b->at))
 *   __CPROVER_loop_invariant(i <= path.len \&\& b->len <= b->size \&\& b->len >= began
 *   \&\& (witness < began || witness >= b->len || (b->at[witness] > 32 \&\& b->at[witness] < 127
 *   \&\& b->at[witness] != 34)))
 *   __CPROVER_decreases(path.len - i) {/
 * fault: http/target.c: s/c == '.' || (!begins/c == '"' || (!begins/
 */
void prove_escape_path(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	struct buf b = any_buf(HEAD_MAX);
	ASSUME(!b.overflow);
	struct buf before = b;
	began = b.len;
	witness = nondet_size();
	target_escape(&b, s);
	PROMISE(grown(&b, &before));
	if (witness >= began && witness < b.len)
		PROMISE(b.at[witness] > ' ' && b.at[witness] < 0x7f && b.at[witness] != '"');
	REACHED(b.len == HEAD_MAX && began == 0);
}
