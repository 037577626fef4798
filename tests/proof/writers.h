/* SPDX-License-Identifier: ISC */
/* writers: in place of the functions that write into a buf and that read and write addresses, what they promise. */
#ifndef WRITERS_H
#define WRITERS_H

#include "proof.h"

#define READABLE_WRITER(b) \
	__CPROVER_precondition((b)->len <= (b)->size && ((b)->size == 0 || __CPROVER_w_ok((b)->at, (b)->size)), \
	                       "a buf has room")

/* Writes n bytes of any kind, or drops them: proof: add. */
static void write_any(struct buf *b, size_t n)
{
	READABLE_WRITER(b);
	if (n > b->size - b->len) {
		b->overflow = true;
		return;
	}
	if (n > 0)
		__CPROVER_havoc_slice(b->at + b->len, n);
	b->len += n;
}

/* One byte, or it is dropped: proof: add. */
static void write_char(struct buf *b, char c)
{
	READABLE_WRITER(b);
	if (b->len < b->size)
		b->at[b->len++] = c;
	else
		b->overflow = true;
}

/*
 * A format of visible ASCII with numbers in it, but no quote and no "<", for an escape or a character reference: 3 to 6
 * bytes of the same kind (proof: escapes), or nothing (proof: format).
 */
static void write_escape(struct buf *b)
{
	size_t n = nondet_size(), before = b->len;
	ASSUME(n >= 3 && n <= 6);
	write_any(b, n);
	if (witness >= before && witness < b->len) {
		char c = b->at[witness];
		ASSUME(c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '<' && c != '>');
	}
}

/* What host_character promises: proof: host_character. */
static bool host_character_holds(char c, bool is)
{
	return !is || (c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '/' && c != '@' && c != '%');
}

#endif
