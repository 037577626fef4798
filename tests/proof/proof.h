/* SPDX-License-Identifier: ISC */
/* proof: what the harnesses of cbmc are made of. tests/proof/README.md says how they are read. */
#ifndef PROOF_H
#define PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/slice.h"

/* A value of which nothing is known. cbmc makes them up from the name. */
bool nondet_bool(void);
char nondet_char(void);
unsigned char nondet_byte(void);
int nondet_int(void);
unsigned nondet_unsigned(void);
size_t nondet_size(void);
uint64_t nondet_u64(void);
int64_t nondet_i64(void);

/* What the harness takes for granted, and what is to be proved. */
#define ASSUME(condition) __CPROVER_assume(condition)
#define PROMISE(condition) __CPROVER_assert(condition, #condition)

/* The proof is vacuous unless this can be true here. With a planted fault nobody asks. */
#ifdef PLANTED
#define REACHED(condition) (void)0
#else
#define REACHED(condition) __CPROVER_assert(!(condition), "reached: " #condition)
#endif

/* A block of exactly so many bytes, so that each access beyond it is found. */
static char *any_block(size_t size)
{
	char *block = malloc(size);
	ASSUME(block != NULL);
	return block;
}

/* The same of a size that is a constant, which cbmc would take for so many variables if it knew. */
static char *any_room(size_t size)
{
	size_t same = nondet_size();
	char *block = any_block(same);
	ASSUME(same == size);
	return block;
}

/* Any bytes, at most so many. */
static struct slice any_slice(size_t most)
{
	size_t len = nondet_size();
	ASSUME(len <= most);
	return (struct slice){any_block(len), len};
}

/* The same, or no slice. */
static struct slice any_or_none(size_t most)
{
	return nondet_bool() ? (struct slice){NULL, 0} : any_slice(most);
}

/* A writer at any place in room of at most so many bytes, not of a message. */
static struct buf any_buf(size_t most)
{
	size_t size = nondet_size(), len = nondet_size();
	ASSUME(size <= most && len <= size);
	return (struct buf){.at = any_block(size), .len = len, .size = size, .overflow = nondet_bool()};
}

/* Whether the bytes of `part` are among those of `whole`. */
static bool within(struct slice part, struct slice whole)
{
	if (part.at == NULL)
		return part.len == 0;
	return __CPROVER_same_object(part.at, whole.at) && part.at >= whole.at && part.len <= whole.len &&
	       (size_t)(part.at - whole.at) <= whole.len - part.len;
}

/* Whether the writer is still in the same room, and no byte it held is given up. */
static bool grown(const struct buf *b, const struct buf *before)
{
	return b->at == before->at && b->size == before->size && b->len >= before->len && b->len <= b->size &&
	       (b->overflow || !before->overflow);
}

/*
 * A place of which nothing is known: what holds for the byte there holds for every byte. A harness sets it, and
 * invariants speak of it.
 */
static size_t witness;

/* How much was written before a loop, for its invariant. A harness sets it. */
static size_t began;

/*
 * For the invariant of a loop that takes bytes off the beginning of s: what s was before. The invariant says that s is
 * an end of it. cbmc forgets which block a pointer is in when it forgets the pointer, so rebase, in the condition of
 * the loop, says it again; it changes nothing, and that is proved.
 */
static struct slice base;

#define IS_END(s) \
	((s).len <= base.len && (base.at == NULL ? (s).at == NULL : (s).at == base.at + (base.len - (s).len)))

static inline bool rebase(struct slice *s)
{
	PROMISE(IS_END(*s));
	if (base.at != NULL)
		s->at = base.at + (base.len - s->len);
	return true;
}

/* The same of what slice_split leaves: an end of base, or no slice any more. */
#define IS_REST(s) ((s).at == NULL ? (s).len == 0 : base.at != NULL && IS_END(s))

static inline bool rebase_rest(struct slice *s)
{
	PROMISE(IS_REST(*s));
	if (s->at != NULL)
		s->at = base.at + (base.len - s->len);
	return true;
}

/* The same of a part that lies anywhere in base, or is none. Here base begins where its block does. */
#define IS_PART(s) \
	((s).at == NULL ? (s).len == 0 : __CPROVER_same_object((s).at, base.at) && \
	                                 __CPROVER_POINTER_OFFSET((s).at) <= base.len && \
	                                 (s).len <= base.len - __CPROVER_POINTER_OFFSET((s).at))

static inline bool rebase_part(struct slice *s)
{
	size_t skip = nondet_size();
	PROMISE(IS_PART(*s));
	if (s->at != NULL) {
		ASSUME(skip <= base.len && s->at == base.at + skip);
		s->at = base.at + skip;
	}
	return true;
}

#endif
