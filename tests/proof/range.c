/* SPDX-License-Identifier: ISC */
/* range: the parts of a file that a client asks for. */
#include "contracts.h"
#include "libc.h"

/* What is known of a part that parse_part made, and that is kept: proof: part. */
#define LIES(part, size) ((part).length > 0 && (part).length <= (size) && (part).first <= (size) - (part).length)

#define END(part) ((part).first + (part).length)

static uint64_t file_size;

static bool sorted(const struct range *part, const struct range *first);

#include "http/range.c"

/*
 * proof: part parse_part
 * shows: the part lies within the file
 * bound: 32768 bytes, a file of any size
 * without: conversion unsigned-overflow
 * fault: http/range.c: s/b >= size - 1 ? size - a/b > size ? size - a/
 */
void prove_part(void)
{
	struct slice s = any_slice(HEAD_MAX);
	uint64_t size = nondet_u64();
	struct range part;
	ASSUME(size > 0);
	bool got = parse_part(s, size, &part);
	PROMISE(!got || (part.length <= size && (part.length == 0 || part.first <= size - part.length)));
	REACHED(got && part.length == UINT64_MAX);
	REACHED(got && part.length == 0);
	REACHED(got && part.first == 5 && part.length == 1 && size == 7);
	REACHED(!got);
}

/* ---- several of them ---- */

/*
 * proof: sort sort sift_down swap key_of
 * shows: afterwards none is less than the one before it, by first byte or by place, and each one is still there
 * bound: 4 parts
 * without: conversion unsigned-overflow
 * unwind: 5
 * fault: http/range.c: s/for (size_t i = n . 2; i-- > 0;)/for (size_t i = n \/ 2; i-- > 1;)/
 * fault: http/range.c: s/if (below + 1 < n \&\& key/if (below < n \&\& key/
 */
static void sort_of(size_t n)
{
	struct range parts[4], before[4];
	size_t at = nondet_size();
	bool by_place = nondet_bool(), found = false;
	ASSUME(at < n);
	for (size_t i = 0; i < n; i++)
		before[i] = parts[i];
	sort(parts, n, by_place ? BY_PLACE : BY_FIRST);
	for (size_t i = 0; i < n; i++) {
		PROMISE(i == 0 || (by_place ? parts[i - 1].place <= parts[i].place : parts[i - 1].first <= parts[i].first));
		found = found || (parts[i].first == before[at].first && parts[i].length == before[at].length &&
		                  parts[i].place == before[at].place);
	}
	PROMISE(found);
	REACHED(n == 4 && at == 3 && parts[0].place == before[3].place && parts[3].first > parts[2].first);
}

void prove_sort(void)
{
	size_t n = nondet_size();
	if (n == 2)
		sort_of(2);
	else if (n == 3)
		sort_of(3);
	else
		sort_of(4);
}

/* Of parts that are sorted and lie in the file: what is so of each of them is said of the one that is read. */
static bool sorted(const struct range *part, const struct range *first)
{
	ASSUME(LIES(*part, file_size) && LIES(*first, file_size) && part->first >= first->first);
	return true;
}

/*
 * proof: touching take_touching
 * shows: of parts that are sorted, those at the beginning that overlap or touch become one that lies within the
 *   file, and the
 *   next begins a byte or more behind it
 * bound: 4096 parts, a file of any size
 * invariant: http/range.c: s/for (; n < count \&\& parts.n..first \(<.*\); n++) {/for (; n < count \&\&
 *   sorted(\&parts[n],
 *   parts) \&\& parts[n].first \1; n++)
 *   __CPROVER_assigns(n, *whole)
 *   __CPROVER_loop_invariant(n >= 1 \&\& n <= count \&\& whole->first == parts[0].first \&\& LIES(*whole, file_size))
 *   __CPROVER_decreases(count - n) {/
 * fault: http/range.c: s/uint64_t length = parts.n..first + parts.n..length - whole->first;/uint64_t length =
 *   parts[n].length;
 *   whole->length += length;/
 * fault: http/range.c: s/parts.n..first <= whole->first + whole->length; n++/parts[n].first < whole->first +
 *   whole->length; n++/
 */
void prove_touching(void)
{
	struct range *parts = (struct range *)any_room(RANGES_MAX * sizeof *parts), whole;
	size_t count = nondet_size();
	file_size = nondet_u64();
	ASSUME(count > 0 && count <= RANGES_MAX && LIES(parts[0], file_size));
	size_t n = take_touching(parts, count, &whole);
	PROMISE(n > 0 && n <= count && whole.first == parts[0].first && LIES(whole, file_size));
	PROMISE(n == count || parts[n].first > END(whole));
	REACHED(n == RANGES_MAX && whole.length == 7);
	REACHED(n == 1 && count == 2);
}

size_t touching_contract(const struct range *parts, size_t count, struct range *whole)
{
	size_t n = nondet_size();
	__CPROVER_precondition(count > 0 && __CPROVER_r_ok(parts, count * sizeof *parts), "there is a part");
	ASSUME(n > 0 && n <= count);
	whole->first = parts[0].first;
	whole->length = nondet_u64();
	whole->place = nondet_unsigned();
	ASSUME(LIES(*whole, file_size) && (n == count || parts[n].first > END(*whole)));
	return n;
}

/*
 * proof: merge merge
 * shows: of parts that are sorted, what is left lies within the file, in that order, with a byte or more between two
 * bound: 4096 parts, a file of any size
 * replace: take_touching:touching_contract
 * invariant: http/range.c: s/for (size_t i = 0; i < count; kept++) {/for (size_t i = 0; i < count; kept++)
 *   __CPROVER_assigns(i, kept, __CPROVER_object_whole(parts))
 *   __CPROVER_loop_invariant(kept <= i \&\& i <= count \&\& (kept == 0) == (i == 0)
 *   \&\& (witness >= kept || LIES(parts[witness], file_size))
 *   \&\& (witness + 1 >= kept || parts[witness + 1].first > END(parts[witness]))
 *   \&\& (kept == 0 || LIES(parts[kept - 1], file_size))
 *   \&\& (kept == 0 || i == count || parts[i].first > END(parts[kept - 1])))
 *   __CPROVER_decreases(count - i) {/
 * fault: http/range.c: s/i += take_touching(&parts.i., count - i, &whole);/i += take_touching(\&parts[i], count -
 *   i + 1, \&whole);/
 * fault: http/range.c: s/parts.kept. = whole;/parts[kept] = parts[i - 1];/
 */
void prove_merge(void)
{
	struct range *parts = (struct range *)any_room(RANGES_MAX * sizeof *parts);
	size_t count = nondet_size();
	file_size = nondet_u64();
	witness = nondet_size();
	ASSUME(count > 0 && count <= RANGES_MAX && witness < RANGES_MAX);
	size_t kept = merge(parts, count);
	PROMISE(kept > 0 && kept <= count && (witness >= kept || LIES(parts[witness], file_size)));
	PROMISE(witness + 1 >= kept || parts[witness + 1].first > END(parts[witness]));
	REACHED(kept == RANGES_MAX);
	REACHED(kept == 2 && count == 9);
}

/*
 * In the place of coalesce, with `other` for a second witness: proof: merge, and sort, which only puts them in another
 * order.
 */
static size_t other;
#define APART(a, b) ((a).first < (b).first ? (b).first - (a).first > (a).length : (a).first - (b).first > (b).length)

size_t coalesce_contract(struct range *parts, size_t count)
{
	size_t kept = nondet_size();
	__CPROVER_precondition(count > 1 && count <= RANGES_MAX, "there are two parts or more");
	__CPROVER_precondition(witness >= count || LIES(parts[witness], file_size), "each part lies in the file");
	__CPROVER_havoc_object(parts);
	ASSUME(kept > 0 && kept <= count);
	ASSUME(witness >= kept || LIES(parts[witness], file_size));
	ASSUME(other >= kept || LIES(parts[other], file_size));
	ASSUME(witness >= kept || other >= kept || witness == other || APART(parts[witness], parts[other]));
	return kept;
}

bool part_contract(struct slice s, uint64_t size, struct range *out)
{
	READABLE(s);
	out->first = nondet_u64();
	out->length = nondet_u64();
	ASSUME(out->length == 0 || LIES(*out, size));
	return nondet_bool();
}

/*
 * proof: ranges range_parse
 * shows: 1 to 4096 parts, or 0 where there are none; each lies within the file, and between two of them is a byte
 *   or more;
 *   that sort only reorders more than four is taken for granted
 * bound: 32768 bytes, any number of parts, a file of any size
 * replace: parse_part:part_contract coalesce:coalesce_contract
 * invariant: http/range.c: s/for (; slice_element(&value, &element); asked++) {/base = value;
 *   for (; rebase_rest(\&value) \&\& slice_element(\&value, \&element); asked++)
 *   __CPROVER_assigns(value, element, asked, n, __CPROVER_object_whole(parts))
 *   __CPROVER_loop_invariant(IS_REST(value) \&\& n <= asked \&\& n <= RANGES_MAX \&\& asked <= base.len + 1 - value.len
 *   \&\& (witness >= n || LIES(parts[witness], size)))
 *   __CPROVER_decreases(value.len, value.at != NULL) {/
 * fault: http/range.c: s/part.length > 0 \&\& n == RANGES_MAX/part.length > 0 \&\& n > RANGES_MAX/
 * fault: http/range.c: s/^.*if (part.length > 0)$//
 */
void prove_ranges(void)
{
	struct slice value = any_or_none(HEAD_MAX);
	size_t count;
	struct range *parts = (struct range *)any_room(RANGES_MAX * sizeof *parts);
	file_size = nondet_u64();
	witness = nondet_size();
	other = nondet_size();
	enum range_verdict verdict = range_parse(value, file_size, parts, &count);
	PROMISE(count <= RANGES_MAX && (count > 0) == (verdict == RANGE_PARTS));
	PROMISE(witness >= count || LIES(parts[witness], file_size));
	PROMISE(witness >= count || other >= count || witness == other || APART(parts[witness], parts[other]));
	REACHED(count == RANGES_MAX);
	REACHED(count == 1);
	REACHED(verdict == RANGE_UNSATISFIABLE);
	REACHED(verdict == RANGE_WHOLE && value.len == 9 && file_size > 0);
}
