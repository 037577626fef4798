/* SPDX-License-Identifier: ISC */
/* libc: the functions of the C library that cbmc does not know, as the standard describes them. */
#ifndef PROOF_LIBC_H
#define PROOF_LIBC_H

#include "proof.h"

#include <string.h>

/* The first c among n bytes, or NULL. All of the bytes have to be readable; that of `witness` is none before it. */
void *memchr(const void *s, int c, size_t n)
{
	const char *at = s;
	size_t found = nondet_size();
	__CPROVER_precondition(__CPROVER_r_ok(s, n), "memchr reads what is there");
	ASSUME(found <= n);
	ASSUME(found == n || at[found] == (char)c);
	ASSUME(witness >= found || at[witness] != (char)c);
	return found < n ? (void *)(at + found) : NULL;
}

/* In texts of up to five bytes, without the loop that an invariant would be wanted for. */
static char *short_strchr(const char *s, int c)
{
	size_t end = !s[0] ? 0 : !s[1] ? 1 : !s[2] ? 2 : !s[3] ? 3 : !s[4] ? 4 : 5, at = nondet_size();
	PROMISE(s[end] == '\0');
	if (nondet_bool()) {
		ASSUME(at <= end && s[at] == (char)c);
		return (char *)s + at;
	}
	ASSUME(s[0] != (char)c && (end < 1 || s[1] != (char)c) && (end < 2 || s[2] != (char)c));
	ASSUME((end < 3 || s[3] != (char)c) && (end < 4 || s[4] != (char)c) && (end < 5 || s[5] != (char)c));
	return NULL;
}

#endif
