/* SPDX-License-Identifier: ISC */
/* glob: the shell's patterns. The pattern is the operator's, but the name is the client's. */
#include "contracts.h"

/* The name that is matched; the pattern is `base`. */
static struct slice subject;

/* IS_END and rebase of proof.h, where there are two bases. */
#define IS_END_OF(s, whole) \
	((s).len <= (whole).len && ((whole).at == NULL ? (s).at == NULL : (s).at == (whole).at + ((whole).len - (s).len)))

static bool rebase_to(struct slice *s, struct slice whole)
{
	PROMISE(IS_END_OF(*s, whole));
	if (whole.at != NULL)
		s->at = whole.at + (whole.len - s->len);
	return true;
}

#include "http/glob.c"

/* At least so many bytes are taken off the beginning. */
static void take_some(struct slice *s, size_t least)
{
	size_t n = nondet_size();
	READABLE(*s);
	ASSUME(n >= least && n <= s->len);
	*s = (struct slice){s->at + n, s->len - n};
}

/* Whether what is left is an end of what was given, and at least so many bytes were taken. */
static bool took(struct slice before, struct slice after, size_t least)
{
	return IS_END_OF(after, before) && before.len - after.len >= least;
}

/*
 * proof: glob_take take
 * shows: one byte is taken, or a backslash and the byte behind it; the last of them is the character
 * bound: 32768 bytes
 * without: conversion
 * fault: http/glob.c: s/glob->len > 1 \&\& glob->at.0. == '..'/glob->at[0] == 92/
 * fault: http/glob.c: s/return (unsigned char)rest.at.0.;/return (unsigned char)rest.at[1];/
 */
void prove_glob_take(void)
{
	struct slice glob = any_slice(HEAD_MAX), before = glob;
	ASSUME(glob.len > 0);
	unsigned char c = take(&glob);
	size_t n = before.len - glob.len;
	PROMISE(took(before, glob, 1) && n <= 2 && c == (unsigned char)before.at[n - 1]);
	PROMISE((n == 2) == (before.at[0] == '\\' && before.len > 1));
	REACHED(n == 2 && glob.len == 0);
	REACHED(n == 1 && before.len == HEAD_MAX);
}

unsigned char take_contract(struct slice *glob)
{
	__CPROVER_precondition(glob->len > 0, "there is a byte");
	take_some(glob, 1);
	return nondet_byte();
}

bool bracket_contract(struct slice *glob, unsigned char c, bool *matches)
{
	(void)c;
	__CPROVER_precondition(glob->len > 0, "there is a bracket");
	bool got = nondet_bool();
	if (got)
		take_some(glob, 3);
	*matches = nondet_bool();
	return got;
}

/*
 * proof: glob_one take_one
 * shows: what is left is an end of the pattern, shorter where the character matches
 * bound: 32768 bytes
 * replace: take:take_contract take_bracket:bracket_contract
 * fault: http/glob.c: s/return take_bracket(glob, c, &matches) \&\& matches;/take_bracket(glob, c, \&matches); return
 *   matches;/
 */
void prove_glob_one(void)
{
	struct slice glob = any_slice(HEAD_MAX), before = glob;
	ASSUME(glob.len > 0);
	bool is = take_one(&glob, nondet_byte());
	PROMISE(took(before, glob, is ? 1 : 0));
	REACHED(is && before.at[0] == '[' && glob.len == 0);
	REACHED(is && before.at[0] == '?');
	REACHED(!is);
}

bool one_contract(struct slice *glob, unsigned char c)
{
	(void)c;
	__CPROVER_precondition(glob->len > 0, "there is a byte");
	bool is = nondet_bool();
	take_some(glob, is ? 1 : 0);
	return is;
}

/* All that the loop keeps, put back into the blocks that it is of. */
static bool rebase_match(struct slice *glob, struct slice *name, struct slice *star, struct slice *from)
{
	if (star->at != NULL)
		rebase_to(star, base);
	return rebase_to(glob, base) && rebase_to(name, subject) && rebase_to(from, subject);
}

/*
 * proof: matches glob_matches
 * shows: reads nothing but pattern and name; with each step the end of what the asterisk stands for moves on in the
 *   name, or it stays and the pattern gets shorter: no more steps than the product of the two lengths, each one longer
 * bound: a pattern of 32768 bytes, a name of 32768
 * without: conversion
 * replace: take_one:one_contract
 * invariant: http/glob.c: s/while (glob.len > 0 || name.len > 0) {/while (rebase_match(\&glob, \&name, \&star, \&from)
 *   \&\& (glob.len > 0 || name.len > 0))
 *   __CPROVER_assigns(glob, name, star, from)
 *   __CPROVER_loop_invariant(IS_END_OF(glob, base) \&\& IS_END_OF(name, subject) \&\& IS_END_OF(from, subject)
 *   \&\& (star.at == NULL || IS_END_OF(star, base)) \&\& name.len <= from.len)
 *   __CPROVER_decreases(from.len, glob.len) {/
 * fault: http/glob.c: s/if (name.len > 0 \&\& rest.len > 0 \&\&/if (rest.len > 0 \&\&/
 * fault: http/glob.c: s/name = from = slice_from(from, 1);/name = slice_from(from, 1);/
 * fault: http/glob.c: s/star = glob = slice_from(glob, 1);/star = glob;/
 * fault: http/glob.c: s/star.at != NULL \&\& from.len > 0/star.at != NULL/
 */
void prove_matches(void)
{
	struct slice glob = any_or_none(HEAD_MAX), name = any_or_none(HEAD_MAX);
	base = glob;
	subject = name;
	bool is = glob_matches(glob, name);
	PROMISE(!is || glob.len > 0 || name.len == 0);
	PROMISE(is || glob.len > 0 || name.len > 0);
	REACHED(is && glob.len == HEAD_MAX && name.len == 7);
	REACHED(is && name.len == HEAD_MAX && glob.len == 1);
	REACHED(is && name.len == 0 && glob.len == 0);
	REACHED(!is && glob.len == HEAD_MAX && name.len == HEAD_MAX);
}
