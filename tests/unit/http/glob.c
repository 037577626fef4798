/* SPDX-License-Identifier: ISC */
/*
 * glob: tables, and random patterns against a second matcher. The C library's fnmatch is not used, as some have faults.
 */
#include "unit.h"

#include "http/glob.h"

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
		{"[a-]", "-", true}, {"[-a]", "-", true}, {"[^a-c]", "d", true}, {"[^a-c]", "b", false}, {"[^]]", "]", false},
		{"[a^]", "^", true}, {"[a!]", "!", true}, {"[\xe0-\xff]", "\xf0", true}, {"[a-b-c]", "-", true},
		{"[a-b-c]", "c", true},
		{"\\", "\\", true}, {"a\\", "a\\", true},
		{"\\*", "*", true}, {"\\*", "a", false}, {"\\?", "a", false}, {"\\[a]", "[a]", true}, {"[\\]]", "]", true},
		{"[\\a-c]", "b", true}, {"[*]", "*", true}, {"[*]", "a", false}, {"*[0-9]*", "ab3d", true},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (matches(rows[i].glob, rows[i].name) != rows[i].matches)
			fail_msg("'%s' and '%s'", rows[i].glob, rows[i].name);
}

/* XBD 9.3.5, in the POSIX locale. */
static void test_classes(void **state)
{
	static const struct {
		const char *glob, *characters; /* the characters of ASCII that it matches */
	} rows[] = {
		{"[[:alnum:]]", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
		{"[[:alpha:]]", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}, {"[[:blank:]]", "\t "},
		{"[[:cntrl:]]",
		 "\1\2\3\4\5\6\7\b\t\n\v\f\r\16\17\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37\177"},
		{"[[:digit:]]", "0123456789"},
		{"[[:graph:]]",
		 "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"},
		{"[[:lower:]]", "abcdefghijklmnopqrstuvwxyz"},
		{"[[:print:]]",
		 " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"},
		{"[[:punct:]]", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}, {"[[:space:]]", "\t\n\v\f\r "},
		{"[[:upper:]]", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, {"[[:xdigit:]]", "0123456789ABCDEFabcdef"},
		{"[[:digit:][:blank:]x]", "\t 0123456789x"}, {"[x[:digit:]-]", "-0123456789x"}, {"[[.-.]]", "-"},
		{"[[=a=][.].]]", "]a"}, {"[[.a.]-[.c.]]", "abc"}, {"[a-[.c.]]", "abc"}, {"[[]", "["}, {"[[a]", "[a"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		for (int c = 1; c < 256; c++) {
			char name[2] = {(char)c, '\0'}, negated[64];
			bool expected = strchr(rows[i].characters, c) != NULL;
			assert_true(glob_valid(slice_of(rows[i].glob)));
			if (matches(rows[i].glob, name) != expected)
				fail_msg("'%s' and character %d", rows[i].glob, c);
			snprintf(negated, sizeof negated, "[!%s", rows[i].glob + 1);
			if (matches(negated, name) == expected)
				fail_msg("'%s' and character %d", negated, c);
		}
	assert_true(matches("*[[:digit:]].bin", "100.bin"));
	assert_false(matches("*[[:digit:]].bin", "10a.bin"));
}

static void test_a_malformed_bracket_matches_nothing_and_is_told(void **state)
{
	static const char *const bad[] = {
		"[", "[a", "a[", "[]", "[!", "[!]", "[^]", "[a\\]", "*[a-", "[[:digit:]", "[[:digits:]]", "[[::]]",
		"[[:DIGIT:]]",
		"[[:", "[[:digit]", "[[:digit", "[[.]]", "[[.ab.]]", "[[==]]", "[[=a]]", "[[=a", "[[.a.]", "[a-[:digit:]]",
		"[]a",
		"[a][b", "\\[a][b",
	};
	static const char *const good[] = {
		"", "a", "*", "?", "[a]", "[]]", "[!]]", "[^]]", "\\[", "\\[a", "]", "[a-]", "[[]", "\\", "a\\", "[\\]]",
		"[a-b-c]",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(bad); i++) {
		if (glob_valid(guarded_again(bad[i], strlen(bad[i]))))
			fail_msg("'%s' is valid", bad[i]);
		assert_false(matches(bad[i], bad[i]));
	}
	for (size_t i = 0; i < ROWS(good); i++)
		if (!glob_valid(guarded_again(good[i], strlen(good[i]))))
			fail_msg("'%s' is not valid", good[i]);
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

/* A part of a pattern: an asterisk, or a set of which it matches one character. */
struct piece {
	bool any_text, among[256];
};

/* Reads a character, perhaps escaped by a backslash. Returns its value; *at moves behind it. */
static unsigned char character(const char *glob, size_t *at)
{
	*at += glob[*at] == '\\' && glob[*at + 1] != '\0';
	return (unsigned char)glob[(*at)++];
}

/* The length of the bracket expression that begins at glob[at] (XCU 2.14.1), or 0 where no bracket closes it. */
static size_t bracket(const char *glob, size_t at, struct piece *out)
{
	size_t begin = at++;
	bool negated = glob[at] == '!';
	size_t first_at = at += negated;
	while (glob[at] != '\0' && (glob[at] != ']' || at == first_at)) {
		unsigned first = character(glob, &at), last = first;
		if (glob[at] == '-' && glob[at + 1] != ']' && glob[at + 1] != '\0') {
			at++;
			last = character(glob, &at);
		}
		for (unsigned c = first; c <= last; c++)
			out->among[c] = true;
	}
	for (size_t c = 0; negated && c < ROWS(out->among); c++)
		out->among[c] = !out->among[c];
	return glob[at] == ']' ? at + 1 - begin : 0;
}

/* Reads the first part of a pattern, which is not empty. Returns its length in bytes. */
static size_t piece(const char *glob, size_t at, struct piece *out)
{
	size_t begin = at, len;
	*out = (struct piece){.any_text = glob[at] == '*'};
	if (out->any_text)
		return 1;
	if (glob[at] == '[' && (len = bracket(glob, at, out)) > 0)
		return len;
	memset(out->among, glob[at] == '?', sizeof out->among);
	out->among[character(glob, &at)] = true;
	return at - begin;
}

/*
 * A second matcher. After each part of the pattern it knows every length of the name that the parts so far can match.
 * It is slower than glob.c, which goes back to the last asterisk, and shares no idea with it.
 */
static bool expected(const char *glob, const char *name)
{
	bool reached[16] = {true};
	size_t n = strlen(name);
	struct piece p;
	assert_true(n < ROWS(reached));
	for (size_t at = 0; glob[at] != '\0'; at += piece(glob, at, &p)) {
		piece(glob, at, &p);
		for (size_t i = 1; p.any_text && i <= n; i++)
			reached[i] = reached[i] || reached[i - 1];
		for (size_t i = n + 1; !p.any_text && i-- > 0;)
			reached[i] = i > 0 && reached[i - 1] && p.among[(unsigned char)name[i - 1]];
	}
	return reached[n];
}

static void test_random_patterns(void **state)
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
		if (!glob_valid(slice_of(glob))) /* expected() takes a bracket that is not closed for a character */
			continue;
		hits += expected(glob, name);
		if (matches(glob, name) != expected(glob, name))
			fail_msg("'%s' and '%s': %d", glob, name, !expected(glob, name));
	}
	assert_true(hits > 5000);
}

/* Patterns for which a matcher that backtracks takes hours. */
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

/* The same with brackets that are not closed, and with one that ends at the last character. */
static void test_many_brackets_end(void **state)
{
	static char glob[20001], name[20001];
	(void)state;
	memset(name, 'a', 20000);
	memset(glob, '[', 20000);
	glob[0] = '*';
	assert_false(glob_matches((struct slice){glob, 20000}, (struct slice){name, 20000}));
	for (size_t i = 1; i + 5 <= 20000; i += 5)
		memcpy(glob + i, "[:a[:", 5);
	assert_false(glob_matches((struct slice){glob, 20000}, (struct slice){name, 20000}));
	glob[19998] = 'b';
	glob[19999] = ']';
	assert_false(glob_matches((struct slice){glob, 20000}, (struct slice){name, 20000}));
}

/* Where a pattern ends in front of a value. */
static void test_length(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} rows[] = {
		{"*.css=a=b", 5}, {"", 0}, {"=", 0}, {"*.css", 5}, {"a\\=b=c", 4}, {"[=]=c", 3}, {"[[=a=]]=c", 7},
		{"[]=]=c", 4}, {"[!=]=c", 4}, {"[+-=]=c", 5}, {"\\[=c", 2}, {"[a=c", 4}, {"a[[:none:]]=c", 13},
		{"a\\", 2}, {"a\\\\=c", 3},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		size_t length = glob_length(guarded_again(rows[i].text, strlen(rows[i].text)), '=');
		if (length != rows[i].length)
			fail_msg("'%s': %zu bytes, not %zu", rows[i].text, length, rows[i].length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_a_malformed_bracket_matches_nothing_and_is_told),
		cmocka_unit_test(test_reads_no_byte_too_far),
		cmocka_unit_test(test_a_null_byte_is_a_character),
		cmocka_unit_test(test_random_patterns),
		cmocka_unit_test(test_many_asterisks_end),
		cmocka_unit_test(test_many_brackets_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
