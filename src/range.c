/* SPDX-License-Identifier: ISC */
#include "range.h"

/* 1*DIGIT; what exceeds 64 bits is beyond the end of any file and may as well be the largest number. */
static bool position(struct slice s, uint64_t *n)
{
	*n = UINT64_MAX;
	return slice_number(s, n) || (s.len > 0 && slice_is_digits(s));
}

/*
 * int-range = first-pos "-" [ last-pos ], suffix-range = "-" suffix-length. False for bad syntax; a part that the file
 * does not have comes out with length 0.
 */
static bool parse_part(struct slice s, uint64_t size, struct range *out)
{
	struct slice first;
	uint64_t a, b = UINT64_MAX;
	slice_split(&s, '-', &first);
	if (s.at == NULL)
		return false;
	if (first.len == 0) {
		if (!position(s, &b))
			return false;
		out->length = b < size ? b : size;
		out->first = size - out->length;
		return true;
	}
	if (!position(first, &a) || (s.len > 0 && !position(s, &b)) || b < a)
		return false;
	out->first = a;
	out->length = a >= size ? 0 : (b >= size - 1 ? size - a : b - a + 1);
	return true;
}

static bool touch(const struct range *a, const struct range *b)
{
	return a->first <= b->first + b->length && b->first <= a->first + a->length;
}

static void unite(struct range *a, const struct range *b)
{
	uint64_t end = a->first + a->length, other = b->first + b->length;
	a->first = a->first < b->first ? a->first : b->first;
	a->length = (end > other ? end : other) - a->first;
}

/* Adds a part, swallowing those it touches, which may now touch others. */
static size_t add_part(struct range parts[RANGES], size_t count, struct range part)
{
	for (size_t i = 0; i < count;) {
		if (!touch(&parts[i], &part)) {
			i++;
			continue;
		}
		unite(&part, &parts[i]);
		for (size_t k = i; k + 1 < count; k++)
			parts[k] = parts[k + 1];
		count--;
		i = 0;
	}
	parts[count] = part;
	return count + 1;
}

enum range_verdict range_parse(struct slice value, uint64_t size, struct range parts[RANGES], size_t *count)
{
	struct slice unit, element;
	size_t asked = 0;
	*count = 0;
	slice_split(&value, '=', &unit);
	/* An empty file has no part to send, and is sent as fast as refused. */
	if (size == 0 || value.at == NULL || !slice_same(unit, slice_of("bytes")))
		return RANGE_WHOLE;
	while (slice_element(&value, &element)) {
		struct range part;
		if (!parse_part(element, size, &part) || ++asked > RANGES) {
			*count = 0;
			return RANGE_WHOLE;
		}
		if (part.length > 0)
			*count = add_part(parts, *count, part);
	}
	if (asked == 0)
		return RANGE_WHOLE;
	return *count > 0 ? RANGE_PARTS : RANGE_UNSATISFIABLE;
}
