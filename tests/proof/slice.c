/* SPDX-License-Identifier: ISC */
/* slice: what everything else stands on. The contracts of contracts.h are proved here. */
#define CONTRACTS_ONLY
#include "contracts.h"
#include "libc.h"

/* Whether the byte of the witness is a space or a tab. */
static bool witness_blank;

#include "base/slice.c"

/*
 * proof: from slice_from
 * shows: the end of what is given, or an empty slice at its end
 * bound: 32768 bytes
 * fault: base/slice.c: s/if (skip > s.len)/if (skip > s.len + 1)/
 */
void prove_from(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	size_t skip = nondet_size();
	struct slice rest = slice_from(s, skip);
	PROMISE(within(rest, s));
	PROMISE(rest.len == (skip < s.len ? s.len - skip : 0));
	REACHED(skip == 5 && rest.len == 7);
	REACHED(skip > s.len && s.len > 0);
	REACHED(s.at == NULL);
}

/*
 * proof: split slice_split
 * shows: the piece and the rest lie in what was given, with the first separator between them
 * bound: 32768 bytes
 * fault: base/slice.c: s/n < rest->len ? slice_from(.rest, n + 1)/n < rest->len ? slice_from(*rest, n)/
 * fault: base/slice.c: s/if (rest->at == NULL)/if (rest->len == 0)/
 */
void prove_split(void)
{
	struct slice s = any_or_none(HEAD_MAX), rest = s, part = {NULL, 0};
	char separator = nondet_char();
	witness = nondet_size();
	bool got = slice_split(&rest, separator, &part);
	PROMISE(split_holds(s, got, rest, part));
	if (got) {
		PROMISE(witness >= part.len || part.at[witness] != separator);
		PROMISE(part.len == s.len || s.at[part.len] == separator);
	}
	REACHED(got && part.len == 3 && rest.len == 4);
	REACHED(got && rest.at == NULL);
	REACHED(!got);
}

/*
 * proof: split_unquoted slice_split_unquoted
 * shows: the piece and the rest lie in what was given, with a separator between them
 * bound: 32768 bytes
 * invariant: base/slice.c: /^bool slice_split_unquoted/,/^}/s/i++) {$/i++) __CPROVER_assigns(i, quoted)
 *   __CPROVER_loop_invariant(i <= rest->len) __CPROVER_decreases(rest->len - i) {/
 * fault: base/slice.c: s/ \&\& i + 1 < rest->len/ \&\& i < rest->len/
 */
void prove_split_unquoted(void)
{
	struct slice s = any_or_none(HEAD_MAX), rest = s, part = {NULL, 0};
	char separator = nondet_char();
	bool got = slice_split_unquoted(&rest, separator, &part);
	PROMISE(split_holds(s, got, rest, part));
	PROMISE(!got || part.len == s.len || s.at[part.len] == separator);
	REACHED(got && part.len == 3 && rest.len == 4);
	REACHED(got && part.len == HEAD_MAX);
	REACHED(!got);
}

/*
 * proof: trim slice_trim
 * shows: a part of what was given, without space or tab at its ends
 * bound: 32768 bytes
 * invariant: base/slice.c: s/while (s.len > 0 && (s.at.0. \(.*\)$/while (rebase(\&s) \&\& s.len > 0 \&\& (s.at[0] \1
 *   __CPROVER_assigns(s) __CPROVER_loop_invariant(IS_END(s)) __CPROVER_decreases(s.len)/
 * invariant: base/slice.c: s/while (s.len > 0 && (s.at.s.len - 1. .*))$/& __CPROVER_assigns(s.len)
 *   __CPROVER_loop_invariant(s.len <= __CPROVER_loop_entry(s.len)) __CPROVER_decreases(s.len)/
 * fault: base/slice.c: s/s.at.s.len - 1. == '.t'/0/
 */
void prove_trim(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	base = s;
	struct slice after = slice_trim(s);
	PROMISE(trim_holds(s, after));
	REACHED(after.len == 1 && s.len == HEAD_MAX);
	REACHED(after.len == 0 && s.len == HEAD_MAX);
	REACHED(after.at == NULL);
}

/*
 * proof: blanks slice_trim
 * shows: what is taken off is spaces and tabs
 * bound: 32768 bytes
 * invariant: base/slice.c: s/while (s.len > 0 && (s.at.0. \(.*\)$/while (rebase(\&s) \&\& s.len > 0 \&\& (s.at[0] \1
 *   __CPROVER_assigns(s) __CPROVER_loop_invariant(IS_END(s) \&\& (witness_blank || witness >= base.len - s.len))
 *   __CPROVER_decreases(s.len)/
 * invariant: base/slice.c: s/while (s.len > 0 && (s.at.s.len - 1. .*))$/size_t left = s.len; & __CPROVER_assigns(s.len)
 *   __CPROVER_loop_invariant(s.len <= left \&\& (witness_blank || witness < base.len - left + s.len))
 *   __CPROVER_decreases(s.len)/
 * fault: base/slice.c: /^struct slice slice_trim/,/^}/s/s = slice_from(s, 1)/s = slice_from(s, 2)/
 * fault: base/slice.c: /^struct slice slice_trim/,/^}/s/s.at.s.len - 1. == '.t'/s.at[s.len - 1] < 32/
 */
void prove_blanks(void)
{
	struct slice s = any_slice(HEAD_MAX);
	base = s;
	witness = nondet_size();
	ASSUME(witness < s.len);
	witness_blank = s.at[witness] == ' ' || s.at[witness] == '\t';
	struct slice after = slice_trim(s);
	size_t begin = __CPROVER_POINTER_OFFSET(after.at);
	PROMISE(witness_blank || (witness >= begin && witness - begin < after.len));
	REACHED(after.len == 7 && begin == 7 && s.len == HEAD_MAX);
}

/*
 * proof: digits slice_is_digits
 * shows: true only where every byte is a digit
 * bound: 32768 bytes
 * invariant: base/slice.c: /^bool slice_is_digits/,/^}/s/for (.*i++)$/& __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= s.len \&\& (witness >= i || (s.at[witness] >= '0' \&\& s.at[witness] <= '9')))
 *   __CPROVER_decreases(s.len - i)/
 * fault: base/slice.c: /^bool slice_is_digits/,/^}/s/i < s.len/i <= s.len/
 * fault: base/slice.c: /^bool slice_is_digits/,/^}/s/ '9'/ ':'/
 */
void prove_digits(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	witness = nondet_size();
	bool digits = slice_is_digits(s);
	PROMISE(digits_hold(s, digits));
	PROMISE(digits || s.len > 0);
	REACHED(digits && s.len == HEAD_MAX);
	REACHED(!digits);
}

/*
 * proof: characters char_lower char_hex char_is_alphanumeric
 * shows: the right value of each of the 256 bytes
 * bound: every byte
 * fault: base/slice.c: s/c >= 'A' \&\& c <= 'Z'/c >= 'A' \&\& c < 'Z'/
 * fault: base/slice.c: s/c <= 'f' ?/c <= 'g' ?/
 */
void prove_characters(void)
{
	char c = nondet_char();
	bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
	bool hex = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
	PROMISE(char_lower(c) == (upper ? (char)(c + 32) : c));
	PROMISE((char_hex(c) >= 0) == hex);
	PROMISE(char_hex(c) == (digit ? c - '0' : hex ? (c & ~32) - 'A' + 10 : -1));
	PROMISE(char_is_alphanumeric(c) == (upper || lower || digit));
	REACHED(c == 'Z');
	REACHED(c < 0);
}

/*
 * proof: escape slice_pct_decode
 * shows: 0 to 255 where the slice begins with an escape, else -1
 * bound: 32768 bytes
 * fault: base/slice.c: s/s.len >= 3 \&\& s.at/s.len >= 2 \&\& s.at/
 */
void prove_escape(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	int value = slice_pct_decode(s);
	bool is = s.len > 2 && s.at[0] == '%' && char_hex(s.at[1]) >= 0 && char_hex(s.at[2]) >= 0;
	PROMISE(value >= -1 && value <= 255 && (value >= 0) == is);
	REACHED(value == 255);
	REACHED(value == 0);
	REACHED(value == -1 && s.len == 2);
}

/*
 * proof: same slice_equal_nocase
 * shows: true only for slices of one length where no byte differs but in its case
 * bound: 32768 bytes
 * invariant: base/slice.c: /^bool slice_equal_nocase/,/^}/s/i++)$/i++) __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= a.len \&\& (witness >= i || (a.at[witness] | 32) == (b.at[witness] | 32)))
 *   __CPROVER_decreases(a.len - i)/
 * fault: base/slice.c: /^bool slice_equal_nocase/,/^}/s/if (a.len != b.len)/if (a.len > b.len + 1)/
 */
void prove_same(void)
{
	struct slice a = any_or_none(HEAD_MAX), b = any_or_none(HEAD_MAX);
	witness = nondet_size();
	bool same = slice_equal_nocase(a, b);
	PROMISE(!same || a.len == b.len);
	PROMISE(!same || witness >= a.len || (a.at[witness] | 32) == (b.at[witness] | 32));
	PROMISE(same || a.len > 0 || b.len > 0);
	REACHED(same && a.len == HEAD_MAX);
	REACHED(!same && a.len == b.len);
}

/*
 * proof: number slice_number
 * shows: reads nothing but the slice; false leaves the number as it was, and is the answer to an empty slice
 * bound: 32768 bytes
 * without: conversion unsigned-overflow
 * invariant: base/slice.c: /^bool slice_is_digits/,/^}/s/for (.*i++)$/& __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= s.len) __CPROVER_decreases(s.len - i)/
 * invariant: base/slice.c: /^bool slice_number/,/^}/s/i++) {$/i++) __CPROVER_assigns(i, n)
 *   __CPROVER_loop_invariant(i <= s.len) __CPROVER_decreases(s.len - i) {/
 * fault: base/slice.c: /^bool slice_number/,/^}/s/s.len == 0 || //
 */
void prove_number(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	uint64_t number = 7;
	bool got = slice_number(s, &number);
	PROMISE(got || number == 7);
	PROMISE(!got || s.len > 0);
	REACHED(got);
	REACHED(!got && s.len == 30);
}

/*
 * proof: token slice_is_token
 * shows: reads nothing but the slice and its table; false for an empty slice
 * bound: 32768 bytes
 * without: conversion
 * invariant: base/slice.c: /^bool slice_is_token/,/^}/s/i++) {$/i++) __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= s.len) __CPROVER_decreases(s.len - i) {/
 * fault: base/slice.c: s/u >= 128 || //
 * fault: base/slice.c: /^bool slice_is_token/,/^}/s/return s.len > 0/return true/
 */
void prove_token(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	bool token = slice_is_token(s);
	PROMISE(!token || s.len > 0);
	REACHED(token && s.len == HEAD_MAX);
	REACHED(!token && s.len > 0);
}

/*
 * proof: element slice_element
 * shows: an element that is not empty, and lies in the list; what is left is an end of the list
 * bound: 32768 bytes
 * replace: slice_split_unquoted:split_unquoted_contract slice_trim:trim_contract
 * invariant: base/slice.c: /^bool slice_element/,/^}/s/while (slice_split_unquoted.*$/base = *list;
 *   while (rebase_rest(list) \&\& slice_split_unquoted(list, 44, element))
 *   __CPROVER_assigns(*list, *element, pieces) __CPROVER_loop_invariant(IS_REST(*list))
 *   __CPROVER_decreases(list->len, list->at != NULL) {/
 * fault: base/slice.c: /^bool slice_element/,/^}/s/if (element->len > 0)/if (element->len != 1)/
 */
void prove_element(void)
{
	struct slice s = any_or_none(HEAD_MAX), rest = s, element = {NULL, 0};
	bool got = slice_element(&rest, &element);
	PROMISE(element_holds(s, got, rest, element));
	REACHED(got && element.len == HEAD_MAX);
	REACHED(got && element.len == 3 && rest.len == 4 && s.len == 100);
	REACHED(!got && s.len == 7);
}

/* The characters of UTF-8, from the grammar of RFC 3629 section 4. */
static size_t utf8_by_grammar(struct slice s)
{
	unsigned char c[4];
	bool tail[4];
	for (size_t i = 0; i < 4; i++) {
		c[i] = i < s.len ? (unsigned char)s.at[i] : 0xff;
		tail[i] = c[i] >= 0x80 && c[i] <= 0xbf;
	}
	if (c[0] <= 0x7f)
		return 1;
	if (c[0] >= 0xc2 && c[0] <= 0xdf)
		return tail[1] ? 2 : 0;
	if (c[0] >= 0xe0 && c[0] <= 0xef)
		return tail[1] && tail[2] && (c[0] != 0xe0 || c[1] >= 0xa0) && (c[0] != 0xed || c[1] <= 0x9f) ? 3 : 0;
	if (c[0] >= 0xf0 && c[0] <= 0xf4 && tail[1] && tail[2] && tail[3])
		return (c[0] != 0xf0 || c[1] >= 0x90) && (c[0] != 0xf4 || c[1] <= 0x8f) ? 4 : 0;
	return 0;
}

/*
 * proof: utf8 slice_utf8
 * shows: the length that the grammar of RFC 3629 gives, so no surrogate, no longer form, and nothing beyond U+10FFFF
 * bound: 32768 bytes
 * without: conversion
 * unwind: 5
 * fault: base/slice.c: s/if (i == s.len || /if (/
 * fault: base/slice.c: s/code >= 0xd800/code > 0xd800/
 * fault: base/slice.c: s/{0, 0, 0x80, 0x800, 0x10000}/{0, 0, 0x80, 0x800, 0xffff}/
 */
void prove_utf8(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	size_t n = slice_utf8(s);
	PROMISE(n <= s.len && n == utf8_by_grammar(s));
	REACHED(n == 4 && s.len == 4);
	REACHED(n == 1 && s.len == HEAD_MAX);
	REACHED(n == 0 && s.len == 3);
	REACHED(n == 0 && s.len == 0);
}
