/* SPDX-License-Identifier: ISC */
/* forwarded: the client's address out of a field. */
#include "contracts.h"
#include "libc.h"

#include "http/forwarded.c"

/*
 * proof: unquote unquote
 * shows: what is left lies in what was given, and holds a quote only behind a backslash of a quoted string
 * bound: 32768 bytes
 * without: unsigned-overflow
 * invariant: http/forwarded.c: /^static bool unquote/,/^}/s/while (end < s->len \(.*\))$/while (end < s->len \1)
 *   __CPROVER_assigns(end) __CPROVER_loop_invariant(end <= s->len + 1 \&\& (quoted || end <= s->len)
 *   \&\& (quoted || witness >= end || s->at[witness] != 34)) __CPROVER_decreases(s->len + 1 - end)/
 * fault: http/forwarded.c: s/if (end != s->len - quoted)/if (end < s->len - quoted)/
 */
void prove_unquote(void)
{
	struct slice s = any_slice(HEAD_MAX), before = s;
	witness = nondet_size();
	bool got = unquote(&s);
	PROMISE(within(s, before));
	if (got && before.len > 0 && before.at[0] == '"') {
		PROMISE(before.len >= 2 && s.len == before.len - 2);
	} else if (got) {
		PROMISE(s.len == before.len && (witness >= s.len || s.at[witness] != '"'));
	}
	REACHED(got && s.len == 7 && before.len == 9);
	REACHED(got && s.len == HEAD_MAX);
	REACHED(!got);
}
