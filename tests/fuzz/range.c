/* SPDX-License-Identifier: ISC */
/* Range: the first byte chooses the size of the file, the rest is the value. */
#include "http/range.h"

#include "fuzz.h"

enum { SMALL = 200 };

/* The size: fewer than SMALL bytes, or a size at which arithmetic is difficult. */
static uint64_t size_of(uint8_t byte)
{
	static const uint64_t large[] = {
		INT64_MAX, UINT64_MAX, UINT64_MAX - 1, UINT32_MAX, (uint64_t)UINT32_MAX + 1, 10000, 1000000,
	};
	return byte < SMALL ? byte : large[byte % (sizeof large / sizeof large[0])];
}

/* Reads a number; one of more than 64 bits becomes the largest. False where it is none. */
static bool naive_number(struct slice s, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned)(s.at[i] - '0');
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		*n = *n > UINT64_MAX / 10 || *n * 10 > UINT64_MAX - digit ? UINT64_MAX : *n * 10 + digit;
	}
	return s.len > 0;
}

/* A second parser, for a list without quotes and a small file. It marks each byte that is asked for in `asked`. */
static enum range_verdict naive(struct slice list, unsigned size, bool asked[SMALL])
{
	struct slice part, first;
	unsigned count = 0, bytes = 0, present = 0;
	memset(asked, 0, SMALL);
	while (slice_split(&list, ',', &part)) {
		uint64_t a = 0, b = 0;
		part = slice_trim(part);
		if (part.len == 0)
			continue;
		slice_split(&part, '-', &first);
		bool has_first = naive_number(first, &a), has_last = naive_number(part, &b);
		if (part.at == NULL || (first.len > 0 && !has_first) || (part.len > 0 && !has_last))
			return RANGE_WHOLE;
		if (!has_first && !has_last)
			return RANGE_WHOLE;
		if (has_first && has_last && b < a)
			return RANGE_WHOLE;
		for (unsigned i = 0; i < size; i++)
			asked[i] = asked[i] || (has_first ? i >= a && (!has_last || i <= b) : b >= size - i);
		count++;
		present += size > 0 && (has_first ? a < size : b > 0);
	}
	for (unsigned i = 0; i < size; i++)
		bytes += asked[i];
	if (count == 0 || present > RANGES_MAX)
		return RANGE_WHOLE;
	return bytes > 0 ? RANGE_PARTS : RANGE_UNSATISFIABLE;
}

/* Holds that the parts lie in the file and neither overlap nor touch. */
static void check_parts(const struct range *part, size_t count, uint64_t size)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i++) {
		hold(part[i].length > 0 && part[i].first < size && part[i].length <= size - part[i].first, "a part is inside");
		hold(part[i].length <= size - sum, "all parts together are no longer than the file");
		sum += part[i].length;
		for (size_t k = 0; k < i; k++)
			hold(part[i].first + part[i].length < part[k].first || part[k].first + part[k].length < part[i].first,
			     "no two parts touch");
	}
}

static void check_small(struct slice list, unsigned size, enum range_verdict verdict, const struct range *part,
                        size_t count)
{
	bool asked[SMALL], got[SMALL] = {false};
	enum range_verdict expected = naive(list, size, asked);
	hold(verdict == expected, "the verdict is that of the naive reading");
	for (size_t i = 0; i < count; i++)
		for (uint64_t k = 0; k < part[i].length; k++)
			got[part[i].first + k] = true;
	hold(verdict != RANGE_PARTS || memcmp(asked, got, size) == 0, "the parts are the bytes asked for");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct range part[RANGES_MAX];
	size_t count;
	if (size < 1)
		return 0;
	uint64_t bytes = size_of(data[0]);
	struct slice value = copy_of(data + 1, size - 1);
	enum range_verdict verdict = range_parse(value, bytes, part, &count);
	hold(count <= RANGES_MAX && (count > 0) == (verdict == RANGE_PARTS), "there are parts where it says so");
	check_parts(part, count, bytes);
	struct slice unit, list = value;
	slice_split(&list, '=', &unit);
	bool ours = slice_equal_nocase(unit, slice_of("bytes")) && list.at != NULL && bytes > 0;
	hold(ours || verdict == RANGE_WHOLE, "another unit, or an empty file, is sent whole");
	if (ours && bytes < SMALL && memchr(value.at, '"', value.len) == NULL)
		check_small(list, (unsigned)bytes, verdict, part, count);
	free((void *)value.at);
	return 0;
}
