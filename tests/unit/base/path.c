/* SPDX-License-Identifier: ISC */
/* path: how a directory, a name and an ending become one path, within its bounds. */
#include "unit.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "base/path.h"

static void test_a_slash_stands_between_two_that_are_not_empty(void **state)
{
	static const struct {
		const char *directory, *name, *ending, *path;
	} rows[] = {
		{"", "", "", ""},           {"a", "", "", "a"},          {"", "b", "", "b"},
		{"a", "b", "", "a/b"},      {"a/c", "b", ".gz", "a/c/b.gz"}, {"about", "", ".html", "about.html"},
		{"", "b", ".br", "b.br"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char room[64];
		struct buf b = buf_in(room, sizeof room);
		const char *path = path_join(&b, slice_of(rows[i].directory), rows[i].name, rows[i].ending);
		assert_ptr_equal(path, room);
		assert_string_equal(path, rows[i].path);
		assert_int_equal(b.len, strlen(path) + 1);
	}
}

static void test_the_next_path_stands_behind_the_one_before(void **state)
{
	char room[64];
	struct buf b = buf_in(room, sizeof room);
	(void)state;
	const char *first = path_join(&b, slice_of("a"), "b", ""), *second = path_join(&b, slice_of("c"), "d", "");
	assert_string_equal(first, "a/b");
	assert_string_equal(second, "c/d");
	assert_ptr_equal(second, room + sizeof "a/b");
}

static void test_what_does_not_fit_is_no_path(void **state)
{
	static char room[2 * PATH_BYTES], name[2 * PATH_BYTES];
	(void)state;
	for (size_t size = 0; size < 8; size++) {
		struct buf b = buf_in(room, size);
		const char *path = path_join(&b, slice_of("abc"), "de", "");
		assert_int_equal(path != NULL, size >= sizeof "abc/de");
		assert_int_equal(b.len, path != NULL ? sizeof "abc/de" : 0);
		assert_false(b.overflow);
	}
	for (size_t n = PATH_BYTES - 4; n < PATH_BYTES + 4; n++) {
		struct buf b = buf_in(room, sizeof room);
		memset(name, 'n', n);
		name[n] = '\0';
		assert_int_equal(path_join(&b, (struct slice){"", 0}, name, "") != NULL, n + 1 <= PATH_BYTES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_slash_stands_between_two_that_are_not_empty),
		cmocka_unit_test(test_the_next_path_stands_behind_the_one_before),
		cmocka_unit_test(test_what_does_not_fit_is_no_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
