/* SPDX-License-Identifier: ISC */
/* validator: entity tags that a client sends back. */
#include "contracts.h"
#include "libc.h"

#include "http/validator.c"

/*
 * proof: tag tag_length
 * shows: as many bytes as there are at most, and a quote is the first, behind W/, and the last of them
 * bound: 32768 bytes
 * without: conversion
 * invariant: http/validator.c: s/for (i++; i < s.len \(.*\); i++)$/for (i++; i < s.len \1; i++) __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= s.len \&\& i >= (*weak ? 3 : 1)) __CPROVER_decreases(s.len - i)/
 * fault: http/validator.c: s/return i < s.len \&\& s.at/return s.at/
 * fault: http/validator.c: s/.weak = s.len > 2/*weak = s.len > 1/; s/if (i >= s.len || /if (/
 */
void prove_tag(void)
{
	struct slice s = any_slice(HEAD_MAX);
	bool weak;
	size_t n = tag_length(s, &weak);
	PROMISE(n <= s.len);
	if (n > 0)
		PROMISE(n >= (weak ? 4 : 2) && s.at[weak ? 2 : 0] == '"' && s.at[n - 1] == '"');
	REACHED(n == HEAD_MAX && weak);
	REACHED(n == 2);
	REACHED(n == 0 && s.len == 9);
}
