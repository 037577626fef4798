/* SPDX-License-Identifier: ISC */
#include "range.h"

/* *DIGIT; what is not there, or exceeds 64 bits, is beyond the end of any file: the largest number will do. */
static bool position(struct slice s, uint64_t *n)
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
	if (s.at == NULL || first.len + s.len == 0 || !position(first, &a) || !position(s, &b))
		return false;
	if (first.len == 0) {
		a = b < size ? size - b : 0;
		b = UINT64_MAX;
	}
	out->first = a;
	out->length = a >= size ? 0 : (b >= size - 1 ? size - a : b - a + 1);
	return a <= b;
}

/*
 * Adds a part, swallowing those it touches. One look at each is enough: no two of them touch, so what touches the whole
 * that has become of it touches the part itself.
 */
static size_t add_part(struct range parts[RANGES], size_t count, struct range part)
{
	uint64_t end = part.first + part.length;
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t first = parts[i].first, behind = first + parts[i].length;
		if (first > end || part.first > behind) {
			parts[kept++] = parts[i];
			continue;
		}
		part.first = first < part.first ? first : part.first;
		end = behind > end ? behind : end;
	}
	parts[kept] = (struct range){part.first, end - part.first};
	return kept + 1;
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
