/* SPDX-License-Identifier: ISC */
/* range: every form of a Range, and thousands of random ones against a set of bytes (RFC 9110 section 14). */
#include "unit.h"

#include "http/range.h"

#define TOP UINT64_MAX
#define TOP_TEXT "18446744073709551615"
#define ABOVE_TEXT "18446744073709551616"
#define FAR_TEXT "999999999999999999999999999999999999999999"

static struct {
	struct range part[RANGES_MAX + 1]; /* this last place must never be written */
	size_t count;
} got;

static enum range_verdict read_range(const char *value, uint64_t size)
{
	memset(&got, 0x55, sizeof got);
	struct range untouched = got.part[RANGES_MAX];
	enum range_verdict verdict = range_parse(guarded_again(value, strlen(value)), size, got.part, &got.count);
	assert_memory_equal(&got.part[RANGES_MAX], &untouched, sizeof untouched);
	if (verdict == RANGE_PARTS)
		assert_true(got.count >= 1 && got.count <= RANGES_MAX);
	else
		assert_int_equal(got.count, 0);
	return verdict;
}

static void assert_verdict(const char *value, uint64_t size, enum range_verdict expected)
{
	enum range_verdict verdict = read_range(value, size);
	if (verdict != expected)
		fail_msg("'%.80s' of %ju: %d, not %d", value, (uintmax_t)size, (int)verdict, (int)expected);
}

struct one_row {
	const char *value;
	uint64_t size, first, length;
};

static void assert_one(const struct one_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct one_row *row = &rows[i];
		assert_verdict(row->value, row->size, RANGE_PARTS);
		if (got.count != 1 || got.part[0].first != row->first || got.part[0].length != row->length)
			fail_msg("'%s' of %ju: %zu, %ju+%ju", row->value, (uintmax_t)row->size, got.count,
				(uintmax_t)got.part[0].first, (uintmax_t)got.part[0].length);
	}
}

static void test_int_ranges_9110_14_1_2(void **state)
{
	static const struct one_row rows[] = {
		{"bytes=0-0", 1, 0, 1}, {"bytes=0-", 1, 0, 1}, {"bytes=0-0", 100, 0, 1}, {"bytes=0-99", 100, 0, 100},
		{"bytes=0-100", 100, 0, 100}, {"bytes=0-98", 100, 0, 99}, {"bytes=99-99", 100, 99, 1},
		{"bytes=99-", 100, 99, 1},
		{"bytes=98-99", 100, 98, 2}, {"bytes=98-1000", 100, 98, 2}, {"bytes=50-", 100, 50, 50}, {"bytes=7-7", 8, 7, 1},
		{"bytes=007-0008", 100, 7, 2}, {"BYTES=1-2", 100, 1, 2}, {"Bytes=1-2", 100, 1, 2}, {"bytes= 1-2 ", 100, 1, 2},
		{"bytes=,1-2", 100, 1, 2}, {"bytes=1-2,", 100, 1, 2}, {"bytes= , ,1-2,,", 100, 1, 2},
	};
	(void)state;
	assert_one(rows, ROWS(rows));
}

static void test_suffix_ranges_9110_14_1_2(void **state)
{
	static const struct one_row rows[] = {
		{"bytes=-1", 1, 0, 1}, {"bytes=-1", 100, 99, 1}, {"bytes=-99", 100, 1, 99}, {"bytes=-100", 100, 0, 100},
		{"bytes=-101", 100, 0, 100}, {"bytes=-" TOP_TEXT, 100, 0, 100}, {"bytes=-" FAR_TEXT, 100, 0, 100},
		{"bytes=-05", 100, 95, 5},
	};
	(void)state;
	assert_one(rows, ROWS(rows));
}

static void test_numbers_beyond_64_bits_are_beyond_the_end(void **state)
{
	static const struct one_row rows[] = {
		{"bytes=0-" TOP_TEXT, 100, 0, 100}, {"bytes=0-" ABOVE_TEXT, 100, 0, 100}, {"bytes=99-" FAR_TEXT, 100, 99, 1},
		{"bytes=0-" ABOVE_TEXT, TOP, 0, TOP}, {"bytes=0-18446744073709551614", TOP, 0, TOP}, {"bytes=0-", TOP, 0, TOP},
		{"bytes=0-18446744073709551613", TOP, 0, TOP - 1}, {"bytes=18446744073709551614-", TOP, TOP - 1, 1},
		{"bytes=-" ABOVE_TEXT, TOP, 0, TOP}, {"bytes=-18446744073709551614", TOP, 1, TOP - 1},
		{"bytes=0-0,-" FAR_TEXT, TOP, 0, TOP}, {"bytes=4294967296-4294967297", TOP, UINT64_C(1) << 32, 2},
		{"bytes=9223372036854775807-9223372036854775808", TOP, INT64_MAX, 2},
	};
	(void)state;
	assert_one(rows, ROWS(rows));
	assert_verdict("bytes=" TOP_TEXT "-", TOP, RANGE_UNSATISFIABLE);
	assert_verdict("bytes=" ABOVE_TEXT "-" FAR_TEXT, TOP, RANGE_UNSATISFIABLE);
	assert_verdict("bytes=" FAR_TEXT "-", 1, RANGE_UNSATISFIABLE);
	assert_verdict("bytes=" FAR_TEXT "-5", 100, RANGE_WHOLE);
	assert_verdict("bytes=" FAR_TEXT "x-", 100, RANGE_WHOLE);
	assert_verdict("bytes=0-" FAR_TEXT "x", 100, RANGE_WHOLE);
}

static void test_no_part_of_the_file_is_unsatisfiable_9110_14_1_2(void **state)
{
	static const char *const values[] = {
		"bytes=100-", "bytes=100-100", "bytes=100-200", "bytes=101-", "bytes=-0", "bytes=-000", "bytes=-0,100-",
		"bytes=100-,200-,300-400", "bytes=" TOP_TEXT "-" TOP_TEXT,
	};
	(void)state;
	for (size_t i = 0; i < ROWS(values); i++)
		assert_verdict(values[i], 100, RANGE_UNSATISFIABLE);
	assert_verdict("bytes=1-", 1, RANGE_UNSATISFIABLE);
	assert_verdict("bytes=0-", 1, RANGE_PARTS);
}

/* One part within the file is enough. Parts behind its end are left out. */
static void test_unsatisfiable_parts_are_left_out_9110_15_3_7(void **state)
{
	static const struct one_row rows[] = {
		{"bytes=100-,5-6", 100, 5, 2}, {"bytes=5-6,100-", 100, 5, 2}, {"bytes=-0,5-6,-0", 100, 5, 2},
		{"bytes=100-200,99-99,300-", 100, 99, 1},
	};
	(void)state;
	assert_one(rows, ROWS(rows));
}

static void test_what_is_no_byte_range_is_ignored_9110_14_2(void **state)
{
	static const char *const values[] = {
		"", "bytes", "bytes=", "bytes=,", "bytes= , ,", "=0-1", "byte=0-1", "bytess=0-1", "items=0-1", "bytes 0-1",
		"bytes =0-1", " bytes=0-1", "bytes:0-1", "bytes=0", "bytes=-", "bytes=--1", "bytes=-1-", "bytes=-1-2",
		"bytes=0--1", "bytes=0-1-2", "bytes=2-1", "bytes=1-0", "bytes=a-b", "bytes=0-a", "bytes=a-1", "bytes=0x0-1",
		"bytes=0 -1",
		"bytes=0- 1", "bytes=0 - 1", "bytes=+0-1", "bytes=0-+1", "bytes=0.5-1", "bytes=0-1;2-3", "bytes=0-1 2-3",
		"bytes=0-1,x", "bytes=x,0-1", "bytes=0-1,2", "bytes=0-1,5-4", "bytes=200-199", "bytes=100-,x", "bytes==0-1",
		"bytes=bytes=0-1", "bytes=\"0-1\"", "bytes=0-1,bytes=2-3", "bytes=- 1", "bytes=*", "bytes=0-1/100",
		"bytes=0-1\x80",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(values); i++)
		assert_verdict(values[i], 100, RANGE_WHOLE);
}

/* An empty file has no parts. A 416 would not be shorter than the empty answer. */
static void test_an_empty_file_is_sent_whole(void **state)
{
	static const char *const values[] = {
		"bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0", "bytes=1-2,3-4", "bytes=x", "",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(values); i++)
		assert_verdict(values[i], 0, RANGE_WHOLE);
}

/* "bytes=" and so many parts of one byte each, at distances of `step`, beginning with `first`. */
static const char *many(size_t count, unsigned first, int step)
{
	static char text[65536];
	size_t n = (size_t)snprintf(text, sizeof text, "bytes=");
	for (size_t i = 0; i < count; i++, first += (unsigned)step)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%u-%u", i ? "," : "", first, first);
	assert_true(n < sizeof text);
	return text;
}

/* The longest lists that a head can hold, of parts that do not overlap, at several distances. */
static void test_as_many_parts_as_a_head_holds_9110_14_2(void **state)
{
	static const int steps[] = {2, 3, 11, 1000};
	(void)state;
	for (size_t k = 0; k < 2 * ROWS(steps); k++) {
		int step = steps[k / 2];
		size_t n = 1;
		while (strlen(many(n + 1, 0, step)) < HEAD_MAX)
			n += n < 2000 ? 50 : 1;
		assert_true(n > 1500 && n < RANGES_MAX);
		bool down = k % 2;
		assert_verdict(many(n, down ? (unsigned)step * (unsigned)(n - 1) : 0, down ? -step : step), TOP, RANGE_PARTS);
		assert_int_equal(got.count, n);
		for (size_t i = 0; i < n; i++)
			assert_true(got.part[i].first == (uint64_t)step * (down ? n - 1 - i : i) && got.part[i].length == 1);
	}
}

static void test_more_parts_than_that_overlap_and_are_not_worked_out_9110_14_2(void **state)
{
	static char text[65536];
	(void)state;
	for (size_t n = RANGES_MAX - 1; n <= RANGES_MAX + 1; n++) {
		assert_verdict(many(n, 7, 0), 100, n <= RANGES_MAX ? RANGE_PARTS : RANGE_WHOLE); /* all within the file */
		assert_int_equal(got.count, n <= RANGES_MAX);
		assert_verdict(many(n, 100, 0), 100, RANGE_UNSATISFIABLE); /* all parts are behind the end of the file */
	}
	size_t n = strlen(strcpy(text, many(RANGES_MAX, 7, 0)));
	strcpy(text + n, ",200-,-0,,"); /* parts behind the end do not count */
	assert_verdict(text, 100, RANGE_PARTS);
	strcpy(text + n, ",x");
	assert_verdict(text, 100, RANGE_WHOLE);
	assert_verdict(many(3000, 2999, -1), 10000, RANGE_PARTS); /* parts that touch, in descending order */
	assert_int_equal(got.count, 1);
	assert_true(got.part[0].first == 0 && got.part[0].length == 3000);
}

struct set_row {
	const char *value;
	struct range part[4];
	size_t count;
};

static void test_parts_stay_in_the_order_asked_for_9110_15_3_7_2(void **state)
{
	static const struct set_row rows[] = {
		{"bytes=0-1,10-11", {{0, 2, 0}, {10, 2, 0}}, 2}, {"bytes=10-11,0-1", {{10, 2, 0}, {0, 2, 0}}, 2},
		{"bytes=-1,0-0", {{99, 1, 0}, {0, 1, 0}}, 2}, {"bytes=50-59,0-9,-10", {{50, 10, 0}, {0, 10, 0},
		{90, 10, 0}}, 3},
		{"bytes=0-0,2-2", {{0, 1, 0}, {2, 1, 0}}, 2}, {"bytes=2-2,0-0", {{2, 1, 0}, {0, 1, 0}}, 2},
		{"bytes=80-,100-,0-0,-0,5-5", {{80, 20, 0}, {0, 1, 0}, {5, 1, 0}}, 3},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_verdict(rows[i].value, 100, RANGE_PARTS);
		assert_int_equal(got.count, rows[i].count);
		for (size_t k = 0; k < got.count; k++)
			if (got.part[k].first != rows[i].part[k].first || got.part[k].length != rows[i].part[k].length)
				fail_msg("'%s': part %zu", rows[i].value, k);
	}
}

static void test_parts_that_overlap_or_touch_become_one(void **state)
{
	static const struct one_row rows[] = {
		{"bytes=0-4,5-9", 100, 0, 10}, {"bytes=5-9,0-4", 100, 0, 10}, {"bytes=0-5,5-9", 100, 0, 10},
		{"bytes=0-9,3-4", 100, 0, 10}, {"bytes=3-4,0-9", 100, 0, 10}, {"bytes=0-9,0-9", 100, 0, 10},
		{"bytes=0-,-1", 100, 0, 100}, {"bytes=-1,0-", 100, 0, 100}, {"bytes=0-0,2-2,1-1", 100, 0, 3},
		{"bytes=0-1,8-9,2-7", 100, 0, 10}, {"bytes=0-1,4-5,8-9,1-8", 100, 0, 10},
		{"bytes=90-,-10,95-1000", 100, 90, 10},
		{"bytes=0-0,4-4,2-2,1-1,3-3", 100, 0, 5},
	};
	(void)state;
	assert_one(rows, ROWS(rows));
}

enum { LARGEST = 80 };

/* A request of random parts: each part, and the set of all bytes that are asked for. */
struct wish {
	char text[1024];
	size_t count; /* parts, including those behind the end of the file */
	struct range part[20]; /* length 0: behind the end of the file */
	bool byte[LARGEST];
};

static void wish_for(struct wish *w, uint64_t size)
{
	uint64_t a = random_below(size + 3), b = random_below(8) == 0 ? TOP : a + random_below(size / 4 + 2);
	char text[64];
	struct range *part = &w->part[w->count++];
	*part = (struct range){a, 0, 0};
	switch (random_below(5)) {
	case 0:
		snprintf(text, sizeof text, "-%ju", (uintmax_t)a);
		part->first = a < size ? size - a : 0;
		part->length = size - part->first;
		break;
	case 1:
		snprintf(text, sizeof text, "%ju-", (uintmax_t)a);
		part->length = a < size ? size - a : 0;
		break;
	default:
		snprintf(text, sizeof text, "%ju-%s%ju", (uintmax_t)a, b == TOP && random_below(2) ? "9" : "", (uintmax_t)b);
		for (uint64_t i = a; i < size && i <= b; i++)
			part->length++;
	}
	for (uint64_t i = 0; i < part->length; i++)
		w->byte[part->first + i] = true;
	size_t n = strlen(w->text);
	snprintf(w->text + n, sizeof w->text - n, "%s%s", n > 6 ? "," : "", text);
}

/* The index of the requested part that overlaps or touches this one; -1 where several do, or none. */
static int place_alone(const struct wish *w, const struct range *part)
{
	int place = -1;
	for (size_t i = 0; i < w->count; i++) {
		const struct range *p = &w->part[i];
		if (p->length == 0 || p->first + p->length < part->first || part->first + part->length < p->first)
			continue;
		if (place >= 0)
			return -1;
		place = (int)i;
	}
	return place;
}

static void assert_wish(const struct wish *w, uint64_t size)
{
	bool byte[LARGEST + 2] = {false}; /* each byte asked for is in a part, and there is a gap between parts */
	uint64_t total = 0;
	int before = -1;
	for (size_t i = 0; i < got.count; i++) {
		const struct range *p = &got.part[i];
		if (p->length == 0 || p->length > size || p->first > size - p->length)
			fail_msg("'%s' of %ju: %ju+%ju", w->text, (uintmax_t)size, (uintmax_t)p->first, (uintmax_t)p->length);
		if (byte[p->first + p->length] || (p->first > 0 && byte[p->first - 1]))
			fail_msg("'%s' of %ju: two parts touch", w->text, (uintmax_t)size);
		for (uint64_t k = 0; k < p->length; k++) {
			if (byte[p->first + k])
				fail_msg("'%s' of %ju: byte %ju twice", w->text, (uintmax_t)size, (uintmax_t)(p->first + k));
			byte[p->first + k] = true;
		}
		total += p->length;
		int place = place_alone(w, p);
		if (place >= 0 && place < before)
			fail_msg("'%s' of %ju: not in order", w->text, (uintmax_t)size);
		before = place >= 0 ? place : before;
	}
	assert_true(total <= size);
	if (memcmp(byte, w->byte, sizeof w->byte) != 0)
		fail_msg("'%s' of %ju: not the bytes asked for", w->text, (uintmax_t)size);
}

static void test_random_sets_against_a_set_of_bytes(void **state)
{
	unsigned seen[3] = {0};
	(void)state;
	for (int round = 0; round < 50000; round++) {
		struct wish w = {.text = "bytes="};
		uint64_t size = 1 + random_below(LARGEST);
		for (uint64_t n = 1 + random_below(random_below(4) == 0 ? 18 : 5); n > 0; n--)
			wish_for(&w, size);
		bool any = false;
		for (size_t i = 0; i < LARGEST; i++)
			any = any || w.byte[i];
		enum range_verdict expected = any ? RANGE_PARTS : RANGE_UNSATISFIABLE;
		assert_verdict(w.text, size, expected);
		if (expected == RANGE_PARTS)
			assert_wish(&w, size);
		seen[expected]++;
	}
	assert_true(seen[RANGE_PARTS] > 1000 && seen[RANGE_UNSATISFIABLE] > 100);
}

/* All orders of five parts. Some of the five touch each other only by way of a third. */
static void test_merging_does_not_hang_on_the_order(void **state)
{
	static const struct range parts[5] = {{0, 2, 0}, {2, 3, 0}, {4, 4, 0}, {9, 1, 0}, {12, 3, 0}};
	(void)state;
	for (unsigned k = 0; k < 5 * 5 * 5 * 5 * 5; k++) {
		struct wish w = {.text = "bytes="};
		size_t n = 6;
		unsigned seen = 0;
		for (unsigned i = 0, rest = k; i < 5; i++, rest /= 5) {
			const struct range *p = &parts[rest % 5];
			seen |= 1u << rest % 5;
			w.part[w.count++] = *p;
			for (uint64_t b = 0; b < p->length; b++)
				w.byte[p->first + b] = true;
			n += (size_t)snprintf(w.text + n, sizeof w.text - n, "%s%ju-%ju", i ? "," : "", (uintmax_t)p->first,
				(uintmax_t)(p->first + p->length - 1));
		}
		assert_verdict(w.text, LARGEST, RANGE_PARTS);
		assert_wish(&w, LARGEST);
		if (seen == 31)
			assert_int_equal(got.count, 3);
	}
}

static void test_garbage_keeps_the_promises_too(void **state)
{
	static const char letters[] = "0123456789--,, =x";
	(void)state;
	for (int round = 0; round < 50000; round++) {
		char text[64] = "bytes=";
		uint64_t size = random_below(3) ? random_below(50) : TOP - random_below(2), total = 0;
		size_t n = 6 + (size_t)random_below(sizeof text - 7);
		for (size_t i = 6; i < n; i++)
			text[i] = letters[random_below(sizeof letters - 1)];
		read_range(text, size);
		for (size_t i = 0; i < got.count; i++) {
			assert_true(got.part[i].length > 0 && got.part[i].first < size);
			assert_true(got.part[i].length <= size - got.part[i].first && got.part[i].length <= size - total);
			total += got.part[i].length;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_int_ranges_9110_14_1_2),
		cmocka_unit_test(test_suffix_ranges_9110_14_1_2),
		cmocka_unit_test(test_numbers_beyond_64_bits_are_beyond_the_end),
		cmocka_unit_test(test_no_part_of_the_file_is_unsatisfiable_9110_14_1_2),
		cmocka_unit_test(test_unsatisfiable_parts_are_left_out_9110_15_3_7),
		cmocka_unit_test(test_what_is_no_byte_range_is_ignored_9110_14_2),
		cmocka_unit_test(test_an_empty_file_is_sent_whole),
		cmocka_unit_test(test_as_many_parts_as_a_head_holds_9110_14_2),
		cmocka_unit_test(test_more_parts_than_that_overlap_and_are_not_worked_out_9110_14_2),
		cmocka_unit_test(test_parts_stay_in_the_order_asked_for_9110_15_3_7_2),
		cmocka_unit_test(test_parts_that_overlap_or_touch_become_one),
		cmocka_unit_test(test_random_sets_against_a_set_of_bytes),
		cmocka_unit_test(test_merging_does_not_hang_on_the_order),
		cmocka_unit_test(test_garbage_keeps_the_promises_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
