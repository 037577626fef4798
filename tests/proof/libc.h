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

#endif
