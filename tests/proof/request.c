/* SPDX-License-Identifier: ISC */
/* request: the head of a request. */
#include "contracts.h"
#include "libc.h"

#include "http/request.c"

/* ---- one line ---- */

static bool line_holds(struct slice before, bool got, struct slice rest, struct slice line)
{
	if (!got)
		return true;
	if (before.len == 0 || line.at != before.at || line.len >= before.len || !within(rest, before))
		return false;
	return rest.len < before.len - line.len && rest.len + 2 >= before.len - line.len;
}

static bool line_clean(bool got, struct slice line)
{
	return !got || witness >= line.len || line.at[witness] == '\t' ||
	       ((unsigned char)line.at[witness] >= ' ' && line.at[witness] != 0x7f);
}

/*
 * proof: line next_line
 * shows: a line and what is behind it, both in the head; no NUL, CR or other control character in the line
 * bound: 32768 bytes
 * without: conversion
 * invariant: http/request.c: s/while (n < rest->len \(.*\))$/while (n < rest->len \1) __CPROVER_assigns(n)
 *   __CPROVER_loop_invariant(n <= rest->len \&\& (witness >= n || at[witness] == 9 ||
 *   ((unsigned char)at[witness] >= 32 \&\& at[witness] != 127))) __CPROVER_decreases(rest->len - n)/
 * fault: http/request.c: s/return n == line->len/return n <= line->len/
 * fault: http/request.c: s/if (line->len > 0 \&\& end.-1. == '.r')/if (end[-1] == 13)/
 */
void prove_line(void)
{
	struct slice s = any_slice(HEAD_MAX), rest = s, line = {NULL, 0};
	witness = nondet_size();
	bool got = next_line(&rest, &line);
	PROMISE(line_holds(s, got, rest, line));
	PROMISE(line_clean(got, line));
	PROMISE(within(line, s) && within(rest, s));
	REACHED(got && line.len == HEAD_MAX - 2);
	REACHED(got && line.len == 0 && rest.len == 7);
	REACHED(!got && s.len == 9);
}

static bool field_holds(struct slice line, bool got, struct slice name, struct slice value)
{
	return !got || (value.at != NULL && within(name, line) && within(value, line) && name.len > 0);
}

/*
 * proof: field split_field
 * shows: name and value lie in the line
 * bound: 32768 bytes
 * fault: http/request.c: /^static bool split_field/,/^}/s/value->at == NULL || //
 */
void prove_field(void)
{
	struct slice line = any_slice(HEAD_MAX), name, value;
	bool got = split_field(line, &name, &value);
	PROMISE(field_holds(line, got, name, value));
	REACHED(got && value.len == 5);
	REACHED(!got);
}
