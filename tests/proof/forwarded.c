/* SPDX-License-Identifier: ISC */
/* forwarded: the client's address out of a field. */
#include "contracts.h"
#include "libc.h"

bool char_is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); /* proof: characters */
}

/* What may be written of a name that is no address. */
#define PLAIN(c) \
	(((c) >= 'a' && (c) <= 'z') || ((c) >= 'A' && (c) <= 'Z') || ((c) >= '0' && (c) <= '9') || (c) == '.' || \
	 (c) == '_' || (c) == '-')

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

/*
 * proof: obfuscated is_obfuscated
 * shows: true only for an underscore and one byte or more, each of them a letter, a digit, ".", "_" or "-"
 * bound: 32768 bytes
 * invariant: http/forwarded.c: /^static bool is_obfuscated/,/^}/s/i++)$/i++) __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i >= 1 \&\& i <= s.len \&\& (witness >= i || PLAIN(s.at[witness])))
 *   __CPROVER_decreases(s.len - i)/
 * fault: http/forwarded.c: s/s.at.i. != '-')/s.at[i] != ' ')/
 * fault: http/forwarded.c: s/if (s.len < 2 ||/if (s.len < 1 ||/
 */
void prove_obfuscated(void)
{
	struct slice s = any_slice(HEAD_MAX);
	witness = nondet_size();
	bool is = is_obfuscated(s);
	PROMISE(!is || (s.len >= 2 && s.at[0] == '_' && (witness >= s.len || PLAIN(s.at[witness]))));
	REACHED(is && s.len == HEAD_MAX);
	REACHED(!is && s.len == 5);
	REACHED(!is && s.len == 0);
}
