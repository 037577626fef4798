/* SPDX-License-Identifier: ISC */
/* buf: the one bounded writer. */
#include "proof.h"
#include "libc.h"

#include "base/slice.c"

/*
 * proof: add buf_add
 * shows: writes all of it or nothing, never beyond the room, and what stood there stays
 * bound: 32768 bytes into 32768
 * fault: base/slice.c: s/if (s.len > b->size - b->len) {/if (s.len > b->size) {/
 */
void prove_add(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	struct buf b = any_buf(HEAD_MAX), before = b;
	witness = nondet_size();
	ASSUME(witness < before.len);
	char old = b.at[witness];
	buf_add(&b, s);
	PROMISE(grown(&b, &before) && b.at[witness] == old);
	PROMISE(b.len == before.len + s.len || (b.len == before.len && b.overflow));
	REACHED(b.len == before.len + 100);
	REACHED(b.overflow && !before.overflow);
}
