/* SPDX-License-Identifier: ISC */
/* order: the order that a query asks for, the comparison of names, and the properties of an order. */
#include "unit.h"

#include "serve/order.h"

static void test_queries(void **state)
{
	static const struct {
		const char *query;
		struct order order;
	} rows[] = {
		{"sort=name", {ORDER_NAME, false}}, {"sort=-name", {ORDER_NAME, true}},
		{"sort=size", {ORDER_SIZE, false}}, {"sort=-size", {ORDER_SIZE, true}},
		{"sort=time", {ORDER_TIME, false}}, {"sort=-time", {ORDER_TIME, true}},
		{"a=b&sort=size", {ORDER_SIZE, false}}, {"sort=size&a=b", {ORDER_SIZE, false}},
		{"sort=size&sort=time", {ORDER_SIZE, false}}, {"&&sort=-time&", {ORDER_TIME, true}},
		{"sort=what&sort=time", {ORDER_NAME, false}},
		{"", {ORDER_NAME, false}}, {"sort", {ORDER_NAME, false}}, {"sort=", {ORDER_NAME, false}},
		{"sort=-", {ORDER_NAME, false}}, {"sort=--size", {ORDER_NAME, false}}, {"sort=sizes", {ORDER_NAME, false}},
		{"sort=siz", {ORDER_NAME, false}}, {"sort=SIZE", {ORDER_NAME, false}}, {"sorts=size", {ORDER_NAME, false}},
		{"xsort=size", {ORDER_NAME, false}}, {"sort=%73ize", {ORDER_NAME, false}}, {"size", {ORDER_NAME, false}},
		{"=size", {ORDER_NAME, false}}, {"C=M;O=D", {ORDER_NAME, false}}, {"sort=size=", {ORDER_NAME, false}},
		{"sort=\"><script>", {ORDER_NAME, false}},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct order order = order_parse(guarded(rows[i].query));
		if (order.by != rows[i].order.by || order.descending != rows[i].order.descending)
			fail_msg("'%s' is by %s, descending %d", rows[i].query, order_word(order.by), order.descending);
	}
	assert_int_equal(order_parse((struct slice){NULL, 0}).by, ORDER_NAME);
}

static void test_each_word_asks_for_its_order(void **state)
{
	(void)state;
	for (unsigned by = 0; by < ORDER_COUNT; by++) {
		char query[32];
		snprintf(query, sizeof query, "sort=-%s", order_word((enum order_by)by));
		struct order order = order_parse(guarded(query));
		assert_int_equal(order.by, by);
		assert_true(order.descending);
	}
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

/* The names in their order: each row comes before all rows behind it. */
static void test_names_as_people_put_them(void **state)
{
	static const char *const names[] = {
		"", "!", "0", "00", "000", "0a", "01", "1", "1a", "2", "9", "10", "11a", "99999999999999999999998",
		"99999999999999999999999", "100000000000000000000000", "A", "a", "a-1",
		"a.b", "a0", "a00", "a1", "a01b2", "a1b2",
		"a1b10", "a2", "a10", "AB", "Ab", "aB", "ab", "b", "Chapter 1", "chapter 2", "Chapter 10", "docs", "file2",
		"file10", "file10.txt", "file10a", "Old releases", "z", "\x7f", "\xc3\x84", "\xc3\xa4", "\xff",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(names); i++)
		for (size_t k = 0; k < ROWS(names); k++) {
			const char *a = guarded_bytes(names[i], strlen(names[i]) + 1).at;
			const char *b = guarded_bytes(names[k], strlen(names[k]) + 1).at;
			if (sign(order_names(a, b)) != (i > k) - (i < k))
				fail_msg("'%s' and '%s': %d", names[i], names[k], order_names(a, b));
		}
}

static void random_name(char *name)
{
	static const char letters[] = "0012aAb-\xc3";
	size_t n = (size_t)random_below(7);
	for (size_t i = 0; i < n; i++)
		name[i] = letters[random_below(sizeof letters - 1)];
	name[n] = '\0';
}

/* Sorting needs these properties: 0 for equal names only, the opposite sign for swapped ones, and transitivity. */
static void test_it_is_an_order_of_all_names(void **state)
{
	(void)state;
	for (int round = 0; round < 300000; round++) {
		char a[8], b[8], c[8];
		random_name(a);
		random_name(b);
		random_name(c);
		int ab = sign(order_names(a, b)), bc = sign(order_names(b, c)), ac = sign(order_names(a, c));
		if ((ab == 0) != (strcmp(a, b) == 0) || sign(order_names(b, a)) != -ab)
			fail_msg("'%s' and '%s': %d and %d", a, b, ab, order_names(b, a));
		if (ab <= 0 && bc <= 0 && ac > 0)
			fail_msg("'%s' <= '%s' <= '%s' but not '%s' <= '%s'", a, b, c, a, c);
	}
}

static void test_ranks(void **state)
{
	static const int64_t times[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
	static const uint64_t sizes[] = {0, 1, UINT64_MAX};
	(void)state;
	for (int descending = 0; descending < 2; descending++) {
		struct order time = {ORDER_TIME, descending}, size = {ORDER_SIZE, descending}, name = {ORDER_NAME, descending};
		for (size_t i = 1; i < ROWS(times); i++) {
			struct entry before = {.seconds = times[i - 1]}, behind = {.seconds = times[i]};
			assert_int_equal(order_rank(time, &before) < order_rank(time, &behind), !descending);
			assert_true(order_rank(size, &before) == order_rank(size, &behind));
		}
		for (size_t i = 1; i < ROWS(sizes); i++) {
			struct entry before = {.size = sizes[i - 1]}, behind = {.size = sizes[i]};
			assert_int_equal(order_rank(size, &before) < order_rank(size, &behind), !descending);
			assert_int_equal(order_rank(name, &before), 0);
			assert_int_equal(order_rank(name, &behind), 0);
			before.directory = behind.directory = true; /* directories are not sorted by size */
			assert_true(order_rank(size, &before) == order_rank(size, &behind));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_each_word_asks_for_its_order),
		cmocka_unit_test(test_names_as_people_put_them),
		cmocka_unit_test(test_it_is_an_order_of_all_names),
		cmocka_unit_test(test_ranks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
