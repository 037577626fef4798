/* SPDX-License-Identifier: ISC */
/* glob: by rows, and random patterns against the C library's fnmatch. */
#include "unit.h"

#include <fnmatch.h>

#include "glob.h"

static bool matches(const char *glob, const char *name)
{
	return glob_matches(guarded_again(glob, strlen(glob)), slice_of(name));
}

static void test_rows(void **state)
{
	static const struct {
		const char *glob, *name;
		bool matches;
	} rows[] = {
		{"", "", true}, {"", "a", false}, {"a", "", false}, {"a", "a", true}, {"a", "A", false}, {"a", "ab", false},
		{"*", "", true}, {"*", "a/b", true}, {"**", "a", true}, {"*.css", "a.css", true}, {"*.css", "a.css.gz", false},
		{"a*b*c", "aXbXbc", true}, {"a*b*c", "aXbXb", false}, {"*a", "aaab", false}, {"*ab", "aab", true},
		{"?", "", false}, {"?", "a", true}, {"?", "/", true}, {"?\?", "a", false}, {"a?c", "abc", true},
		{"[abc]", "b", true}, {"[abc]", "d", false}, {"[a-c]x", "bx", true}, {"[a-c]x", "dx", false},
		{"[!a-c]", "d", true}, {"[!a-c]", "a", false}, {"[]]", "]", true}, {"[!]]", "]", false}, {"[!]]", "a", true},
		{"[a-]", "-", true}, {"[-a]", "-", true}, {"[a", "[a", true}, {"[", "[", true}, {"[]", "[]", true},
		{"[!", "[!", true}, {"[\xe0-\xff]", "\xf0", true}, {"[a-b-c]", "-", true}, {"[a-b-c]", "c", true},
		{"\\", "\\", true}, {"a\\", "a\\", true},
		{"\\*", "*", true}, {"\\*", "a", false}, {"\\?", "a", false}, {"\\[a]", "[a]", true}, {"[\\]]", "]", true},
		{"[\\a-c]", "b", true}, {"[*]", "*", true}, {"[*]", "a", false}, {"*[0-9]*", "ab3d", true},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (matches(rows[i].glob, rows[i].name) != rows[i].matches)
			fail_msg("'%s' and '%s'", rows[i].glob, rows[i].name);
}

static void test_reads_no_byte_too_far(void **state)
{
	(void)state;
	assert_false(glob_matches(slice_of("*[a-"), guarded("aaa")));
	assert_false(glob_matches(slice_of("?\?\?b"), guarded("aaa")));
	assert_true(glob_matches(slice_of("*?"), guarded("aaa")));
}

static void test_a_null_byte_is_a_character(void **state)
{
	(void)state;
	assert_true(glob_matches((struct slice){"a*", 2}, (struct slice){"a\0b", 3}));
	assert_false(glob_matches((struct slice){"a", 1}, (struct slice){"a\0b", 3}));
}

static void test_random_patterns_are_those_of_fnmatch(void **state)
{
	unsigned hits = 0;
	(void)state;
	for (int i = 0; i < 200000; i++) {
		char glob[10], name[8];
		size_t m = random_below(sizeof glob), n = random_below(sizeof name);
		for (size_t j = 0; j < m; j++)
			glob[j] = "ab*?[]!-\\"[random_below(9)];
		for (size_t j = 0; j < n; j++)
			name[j] = "ab-]["[random_below(5)];
		glob[m] = name[n] = '\0';
		if (m > 0 && glob[m - 1] == '\\')
			continue; /* undefined (XCU 2.14.1) */
		if (strstr(glob, "[") != NULL && (strchr(glob, '-') != NULL || strchr(glob, '\\') != NULL))
			continue; /* ranges that end before they begin and the like: see the rows */
		bool expected = fnmatch(glob, name, 0) == 0;
		hits += expected;
		if (matches(glob, name) != expected)
			fail_msg("'%s' and '%s': %d", glob, name, !expected);
	}
	assert_true(hits > 5000);
}

/* What takes other matchers hours. */
static void test_many_asterisks_end(void **state)
{
	char glob[2001], name[20001];
	(void)state;
	for (size_t i = 0; i < 2000; i++)
		glob[i] = i % 2 ? 'a' : '*';
	memset(name, 'a', 20000);
	glob[1999] = 'b';
	assert_false(glob_matches((struct slice){glob, 2000}, (struct slice){name, 20000}));
	name[19999] = 'b';
	assert_true(glob_matches((struct slice){glob, 2000}, (struct slice){name, 20000}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_reads_no_byte_too_far),
		cmocka_unit_test(test_a_null_byte_is_a_character),
		cmocka_unit_test(test_random_patterns_are_those_of_fnmatch),
		cmocka_unit_test(test_many_asterisks_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
