/* SPDX-License-Identifier: ISC */
/* recent: what is remembered, and for how long. */
#include "unit.h"

#include "serve/recent.h"

static const struct recent_siblings none = {0, 0}, some = {1, 6};

static bool knows(const struct recent *recent, const char *path, struct recent_siblings wanted)
{
	struct recent_siblings siblings = {99, 99};
	bool known = recent_knows(recent, path, &siblings);
	assert_int_equal(siblings.absent, known ? wanted.absent : 0);
	assert_int_equal(siblings.regular, known ? wanted.regular : 0);
	return known;
}

static void test_nothing_is_known_at_first(void **state)
{
	static struct recent recent;
	(void)state;
	memset(&recent, 0x55, sizeof recent);
	recent_begin(&recent);
	assert_false(knows(&recent, "a", none));
	recent_enter(&recent, 1, 2, 3);
	assert_false(knows(&recent, "a", none));
	assert_false(knows(&recent, "", none));
	recent_note(NULL, "a", some);
	assert_false(knows(NULL, "a", none));
}

static void test_a_path_is_known_within_its_second_and_its_site(void **state)
{
	static struct recent recent;
	(void)state;
	recent_begin(&recent);
	recent_enter(&recent, 1, 2, 3);
	recent_note(&recent, "dir/a", some);
	assert_true(knows(&recent, "dir/a", some));
	assert_false(knows(&recent, "dir/b", none));
	assert_false(knows(&recent, "dir/", none));
	static const struct {
		int64_t second;
		uint64_t device, inode;
	} others[] = {{2, 2, 3}, {0, 2, 3}, {1, 1, 3}, {1, 2, 4}, {1, 3, 2}};
	for (size_t i = 0; i < ROWS(others); i++) {
		recent_enter(&recent, others[i].second, others[i].device, others[i].inode);
		assert_false(knows(&recent, "dir/a", none));
	}
	recent_enter(&recent, 1, 2, 3);
	assert_true(knows(&recent, "dir/a", some));
	recent_note(&recent, "dir/a", none);
	assert_true(knows(&recent, "dir/a", none));
}

/* However many there are: the last one is always known, and none is taken for another. */
static void test_more_paths_than_places(void **state)
{
	static struct recent recent;
	char path[RECENT_PATH];
	unsigned known = 0, count = 10 * RECENT_FILES;
	(void)state;
	recent_begin(&recent);
	recent_enter(&recent, 1, 0, 0);
	for (unsigned i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%u", i);
		assert_false(knows(&recent, path, none));
		recent_note(&recent, path, (struct recent_siblings){i, i + 1});
		assert_true(knows(&recent, path, (struct recent_siblings){i, i + 1}));
	}
	for (unsigned i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%u", i);
		known += knows(&recent, path, (struct recent_siblings){i, i + 1});
	}
	assert_true(known > RECENT_FILES / 2 && known <= RECENT_FILES); /* the hash spreads them */
}

static void test_long_paths_are_not_remembered(void **state)
{
	static struct recent recent;
	char path[RECENT_PATH + 1];
	(void)state;
	recent_begin(&recent);
	recent_enter(&recent, 1, 0, 0);
	memset(path, 'x', sizeof path);
	path[RECENT_PATH] = '\0';
	recent_note(&recent, path, some);
	assert_false(knows(&recent, path, none));
	path[RECENT_PATH - 1] = '\0';
	assert_false(knows(&recent, path, none));
	recent_note(&recent, path, some);
	assert_true(knows(&recent, path, some));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_known_at_first),
		cmocka_unit_test(test_a_path_is_known_within_its_second_and_its_site),
		cmocka_unit_test(test_more_paths_than_places),
		cmocka_unit_test(test_long_paths_are_not_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
