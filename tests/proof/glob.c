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

/* Whether it matches or not, what is left is an end of the pattern; where it does, a shorter one. */
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
