/* SPDX-License-Identifier: ISC */
#include "http/range.h"

/* *DIGIT. A number that is absent or exceeds 64 bits becomes the largest, which is beyond the end of any file. */
static bool parse_position(struct slice s, uint64_t *n)
{
	*n = UINT64_MAX;
	return slice_number(s, n) || slice_is_digits(s);
}

/*
 * int-range = first-pos "-" [ last-pos ], suffix-range = "-" suffix-length. False for bad syntax; a part that the file
 * does not have comes out with length 0.
 */
static bool parse_part(struct slice s, uint64_t size, struct range *out)
{
	struct slice first;
	uint64_t a, b;
	slice_split(&s, '-', &first);
	if (s.at == NULL || first.len + s.len == 0 || !parse_position(first, &a) || !parse_position(s, &b))
		return false;
	if (first.len == 0) {
		a = b < size ? size - b : 0;
		b = UINT64_MAX;
	}
	out->first = a;
	out->length = a >= size ? 0 : (b >= size - 1 ? size - a : b - a + 1);
	return a <= b;
}

/* The keys by which parts are sorted. */
enum key { BY_FIRST, BY_PLACE };

static uint64_t key_of(const struct range *part, enum key key)
{
	return key == BY_FIRST ? part->first : part->place;
}

static void swap(struct range *a, struct range *b)
{
	struct range c = *a;
	*a = *b;
	*b = c;
}

/* Moves the part at `at` down, until no part of the heap of n is less than those below it. */
static void sift_down(struct range *parts, size_t at, size_t n, enum key key)
{
	for (size_t below = 2 * at + 1; below < n; below = 2 * at + 1) {
		if (below + 1 < n && key_of(&parts[below], key) < key_of(&parts[below + 1], key))
			below++;
		if (key_of(&parts[at], key) >= key_of(&parts[below], key))
			return;
		swap(&parts[at], &parts[below]);
		at = below;
	}
}

/* Heapsort: at most n log n steps, whatever a client sends, and no memory. */
static void sort(struct range *parts, size_t n, enum key key)
{
	for (size_t i = n / 2; i-- > 0;)
		sift_down(parts, i, n, key);
	while (n-- > 1) {
		swap(&parts[0], &parts[n]);
		sift_down(parts, 0, n, key);
	}
}

/*
 * Takes the parts off a list, sorted by their first bytes, that overlap or touch the one at its beginning. *whole
 * becomes all of them, in the place of the last of them in the request. Returns how many they are.
 */
static size_t take_touching(const struct range *parts, size_t count, struct range *whole)
{
	size_t n = 1;
	*whole = parts[0];
	for (; n < count && parts[n].first <= whole->first + whole->length; n++) {
		uint64_t length = parts[n].first + parts[n].length - whole->first;
		whole->length = length > whole->length ? length : whole->length;
		whole->place = parts[n].place > whole->place ? parts[n].place : whole->place;
	}
	return n;
}

/* Merges parts that overlap or touch, in a list sorted by their first bytes. Returns how many are left. */
static size_t merge(struct range *parts, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; kept++) {
		struct range whole;
		i += take_touching(&parts[i], count - i, &whole);
		parts[kept] = whole;
	}
	return kept;
}

/* Coalesces parts that overlap or touch, in the place of the last of them in the request. Returns how many are left. */
static size_t coalesce(struct range *parts, size_t count)
{
	sort(parts, count, BY_FIRST);
	size_t kept = merge(parts, count);
	sort(parts, kept, BY_PLACE);
	return kept;
}

enum range_verdict range_parse(struct slice value, uint64_t size, struct range parts[RANGES_MAX], size_t *count)
{
	struct slice unit, element;
	size_t asked = 0, n = 0;
	*count = 0;
	slice_split(&value, '=', &unit);
	/* An empty file has no part: it is sent whole, which costs no more than 416. */
	if (size == 0 || value.at == NULL || !slice_equal_nocase(unit, slice_of("bytes")))
		return RANGE_WHOLE;
	for (; slice_element(&value, &element); asked++) {
		struct range part;
		if (!parse_part(element, size, &part) || (part.length > 0 && n == RANGES_MAX))
			return RANGE_WHOLE;
		part.place = (unsigned)asked;
		if (part.length > 0)
			parts[n++] = part;
	}
	if (asked == 0)
		return RANGE_WHOLE;
	*count = n > 1 ? coalesce(parts, n) : n;
	return *count > 0 ? RANGE_PARTS : RANGE_UNSATISFIABLE;
}
