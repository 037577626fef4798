/* SPDX-License-Identifier: ISC */
/* target: the path that cannot leave the root. */
#include "proof.h"
#include "libc.h"

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
