/* SPDX-License-Identifier: ISC */
/* slice: each function on both sides of each limit, and each of the 256 bytes where bytes are told apart. */
#include "unit.h"

#include "base/buf.h"

static const struct slice none = {NULL, 0};

static void test_slice_of(void **state)
{
	(void)state;
	struct slice s = slice_of("ab");
	assert_int_equal(s.len, 2);
	assert_memory_equal(s.at, "ab", 2);
	assert_non_null(slice_of("").at);
	assert_int_equal(slice_of("").len, 0);
	assert_null(slice_of(NULL).at);
	assert_int_equal(slice_of(NULL).len, 0);
}

static void test_slice_from(void **state)
{
	static const struct {
		const char *text;
		size_t skip;
		const char *rest;
	} rows[] = {
		{"abc", 0, "abc"}, {"abc", 1, "bc"}, {"abc", 2, "c"}, {"abc", 3, ""}, {"abc", 4, ""}, {"abc", SIZE_MAX, ""},
		{"", 0, ""}, {"", 1, ""}, {"", SIZE_MAX, ""},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice s = guarded(rows[i].text), rest = slice_from(s, rows[i].skip);
		assert_slice(rest, rows[i].rest);
		assert_ptr_equal(rest.at + rest.len, s.at + s.len);
	}
}

/* The rest of a null slice is a null slice. No arithmetic happens on the null pointer, which UBSan would report. */
static void test_slice_from_no_slice(void **state)
{
	(void)state;
	assert_null(slice_from(none, 0).at);
	assert_int_equal(slice_from(none, 0).len, 0);
	assert_int_equal(slice_from(none, 1).len, 0);
}

static void test_slice_equal(void **state)
{
	(void)state;
	assert_true(slice_equal(guarded("abc"), guarded("abc")));
	assert_true(slice_equal(guarded(""), guarded("")));
	assert_true(slice_equal(none, none));
	assert_true(slice_equal(none, guarded("")));
	assert_false(slice_equal(guarded("abc"), guarded("abd")));
	assert_false(slice_equal(guarded("abc"), guarded("Abc")));
	assert_false(slice_equal(guarded("abc"), guarded("ab")));
	assert_false(slice_equal(guarded("ab"), guarded("abc")));
	assert_false(slice_equal(guarded(""), guarded("a")));
	assert_false(slice_equal(none, guarded("a")));
	assert_true(slice_equal(guarded_bytes("a\0b", 3), guarded_bytes("a\0b", 3)));
	assert_false(slice_equal(guarded_bytes("a\0b", 3), guarded_bytes("a\0c", 3)));
	assert_false(slice_equal(guarded_bytes("a\0", 2), guarded_bytes("a", 1)));
}

/* The lower case of a byte, by a table of our own: only the 26 letters of ASCII have one. */
static int folded(int c)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", lower[] = "abcdefghijklmnopqrstuvwxyz";
	for (int i = 0; i < 26; i++)
		if (c == upper[i])
			return lower[i];
	return c;
}

static void test_slice_same_folds_ascii_letters_only(void **state)
{
	(void)state;
	for (int a = 0; a < 256; a++)
		for (int b = 0; b < 256; b++) {
			char left[2] = {'x', (char)a}, right[2] = {'X', (char)b};
			bool same = slice_equal_nocase((struct slice){left, 2}, (struct slice){right, 2});
			if (same != (folded(a) == folded(b)))
				fail_msg("%d and %d are %sthe same", a, b, same ? "" : "not ");
		}
	assert_true(slice_equal_nocase(guarded("Keep-Alive"), guarded("kEEP-aLIVE")));
	assert_false(slice_equal_nocase(guarded("Keep-Alive"), guarded("Keep-Aliv")));
	assert_false(slice_equal_nocase(guarded("Keep-Aliv"), guarded("Keep-Alive")));
	assert_true(slice_equal_nocase(none, guarded("")));
	assert_false(slice_equal_nocase(none, guarded("a")));
}

static void test_slice_contains(void **state)
{
	static const struct {
		const char *whole, *part;
		bool found;
	} rows[] = {
		{"abc", "a", true}, {"abc", "b", true}, {"abc", "c", true}, {"abc", "abc", true}, {"abc", "bc", true},
		{"abc", "ab", true}, {"abc", "ac", false}, {"abc", "d", false}, {"abc", "abcd", false}, {"abc", "cd", false},
		{"abc", "BC", true}, {"ABC", "bc", true}, {"aab", "ab", true}, {"abab", "abb", false}, {"a[c", "{", false},
		{"abc", "", true}, {"", "", true}, {"", "a", false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (slice_contains(guarded(rows[i].whole), guarded(rows[i].part)) != rows[i].found)
			fail_msg("'%s' in '%s'", rows[i].part, rows[i].whole);
	assert_true(slice_contains(guarded_bytes("a\0b", 3), guarded_bytes("\0B", 2)));
	assert_false(slice_contains(guarded_bytes("a\0b", 3), guarded_bytes("\0\0", 2)));
	assert_false(slice_contains(none, guarded("a")));
}

/* A null slice contains the empty slice and is contained in every slice. The null pointer is never used. */
static void test_slice_contains_in_no_slice(void **state)
{
	(void)state;
	assert_true(slice_contains(none, guarded("")));
	assert_true(slice_contains(guarded("a"), none));
	assert_true(slice_contains(none, none));
}

static void test_slice_trim_9110_5_6_3(void **state)
{
	static const struct {
		const char *text, *trimmed;
	} rows[] = {
		{"", ""}, {" ", ""}, {"\t", ""}, {" \t \t", ""}, {"a", "a"}, {" a", "a"}, {"a ", "a"}, {"\ta\t", "a"},
		{" \t a b\tc \t ", "a b\tc"}, {"\n a \n", "\n a \n"}, {"\r", "\r"}, {"\v\f", "\v\f"}, {"\xa0 ", "\xa0"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_slice(slice_trim(guarded(rows[i].text)), rows[i].trimmed);
	assert_null(slice_trim(none).at);
	assert_non_null(slice_trim(guarded(" ")).at);
	assert_int_equal(slice_trim(guarded_bytes(" \0 ", 3)).len, 1);
}

/* Writes each element that a splitter yields, in brackets. */
static void show(struct buf *b, struct slice part)
{
	buf_char(b, '[');
	buf_add(b, part);
	buf_char(b, ']');
}

static void test_slice_split(void **state)
{
	static const struct {
		const char *text, *parts;
	} rows[] = {
		{"", "[]"}, {",", "[][]"}, {",,", "[][][]"}, {"a", "[a]"}, {"a,", "[a][]"}, {",a", "[][a]"}, {"a,b", "[a][b]"},
		{"a,,b", "[a][][b]"}, {" a , b ", "[ a ][ b ]"}, {"\"a,b\"", "[\"a][b\"]"}, {"a;b", "[a;b]"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char room[64];
		struct buf b = buf_in(room, sizeof room);
		struct slice rest = guarded(rows[i].text), part;
		while (slice_split(&rest, ',', &part))
			show(&b, part);
		assert_slice(buf_slice(&b), rows[i].parts);
		assert_null(rest.at);
	}
	struct slice rest = none, part;
	assert_false(slice_split(&rest, ',', &part));
	rest = guarded_bytes("a\0b", 3);
	assert_true(slice_split(&rest, '\0', &part));
	assert_slice(part, "a");
	assert_slice(rest, "b");
}

static void assert_elements(const char *text, const char *elements)
{
	char room[64];
	struct buf b = buf_in(room, sizeof room);
	struct slice list = guarded(text), element;
	while (slice_element(&list, &element))
		show(&b, element);
	assert_slice(buf_slice(&b), elements);
	assert_int_equal(list.len, 0);
}

static void test_slice_element_9110_5_6_1(void **state)
{
	static const struct {
		const char *list, *elements;
	} rows[] = {
		{"", ""}, {" ", ""}, {",", ""}, {" , ,\t,", ""}, {"a", "[a]"}, {" a ", "[a]"}, {"a,b", "[a][b]"},
		{"a, b ,\tc\t", "[a][b][c]"}, {"foo ,bar,", "[foo][bar]"}, {"foo , ,bar,charlie", "[foo][bar][charlie]"},
		{",,a,,", "[a]"}, {"a b,c", "[a b][c]"}, {"a;b", "[a;b]"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_elements(rows[i].list, rows[i].elements);
	struct slice list = none, element;
	assert_false(slice_element(&list, &element));
}

static void test_slice_element_quoted_string_9110_5_6_4(void **state)
{
	static const struct {
		const char *list, *elements;
	} rows[] = {
		{"\"a,b\",c", "[\"a,b\"][c]"}, {"W/\"a,b\", \"c\"", "[W/\"a,b\"][\"c\"]"}, {"x=\"a,b\"", "[x=\"a,b\"]"},
		{"\"\",a", "[\"\"][a]"}, {"\"a\\\",b\",c", "[\"a\\\",b\"][c]"}, {"\"a\\\\\",b", "[\"a\\\\\"][b]"},
		{"\"a\\,\",b", "[\"a\\,\"][b]"}, {"a\\,b", "[a\\][b]"}, {"a\\\"b,c\"", "[a\\\"b,c\"]"},
		{"\"a,b", "[\"a,b]"}, {"\"", "[\"]"}, {"\"\\", "[\"\\]"}, {"\"a\\\"", "[\"a\\\"]"},
		{"\" a , b \" , c", "[\" a , b \"][c]"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_elements(rows[i].list, rows[i].elements);
}

static void test_slice_number_reads_digits(void **state)
{
	static const struct {
		const char *text;
		uint64_t number;
	} rows[] = {
		{"0", 0}, {"1", 1}, {"9", 9}, {"10", 10}, {"007", 7}, {"4294967295", 4294967295}, {"4294967296", 4294967296},
		{"9223372036854775807", INT64_MAX}, {"9223372036854775808", UINT64_C(9223372036854775808)},
		{"18446744073709551609", UINT64_MAX - 6}, {"18446744073709551610", UINT64_MAX - 5},
		{"18446744073709551614", UINT64_MAX - 1}, {"18446744073709551615", UINT64_MAX},
		{"000000000000000000000000018446744073709551615", UINT64_MAX},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		uint64_t number = 42;
		if (!slice_number(guarded(rows[i].text), &number) || number != rows[i].number)
			fail_msg("%s is %llu", rows[i].text, (unsigned long long)number);
	}
}

static void test_slice_number_refuses_all_else(void **state)
{
	static const char rows[][32] = {
		"", " ", "-", "+", "-1", "+1", " 1", "1 ", "\t1", "1,2", "1.0", "0x10", "1e3", "a", "1a", "a1",
		"18446744073709551616", "18446744073709551620", "18446744073709551625", "18446744073709551700",
		"20000000000000000000", "28446744073709551615", "184467440737095516150", "99999999999999999999",
		"36893488147419103232",
	};
	uint64_t number;
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (slice_number(guarded(rows[i]), &number))
			fail_msg("'%s' is a number", rows[i]);
	assert_false(slice_number(none, &number));
	assert_false(slice_number(guarded_bytes("1\0", 2), &number));
	for (int c = 0; c < 256; c++)
		assert_int_equal(slice_number((struct slice){(char[]){'1', (char)c}, 2}, &number), c >= '0' && c <= '9');
}

static void test_char_hex(void **state)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	(void)state;
	for (int c = 0; c < 256; c++) {
		const char *at = c == 0 ? NULL : strchr(digits, c);
		assert_int_equal(char_hex((char)c), at ? (int)(at - digits) % 16 : -1);
	}
}

static void test_escape_3986_2_1(void **state)
{
	static const char rows[][5] = {"", "%", "%4", "4", "41", "a%41", "%%41", "%g1", "%4g", "% 41", "%-1"};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(slice_pct_decode(guarded(rows[i])), -1);
	assert_int_equal(slice_pct_decode((struct slice){NULL, 0}), -1);
	for (int c = 0; c < 256; c++) {
		char text[8];
		snprintf(text, sizeof text, c % 2 == 0 ? "%%%02x" : "%%%02Xff", (unsigned)c);
		assert_int_equal(slice_pct_decode(guarded_again(text, strlen(text))), c);
	}
}

static void test_char_lower(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++)
		assert_int_equal((unsigned char)char_lower((char)c), folded(c));
}

static void test_char_is_alphanumeric(void **state)
{
	static const char all[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	(void)state;
	for (int c = 0; c < 256; c++)
		assert_int_equal(char_is_alphanumeric((char)c), c != 0 && strchr(all, c) != NULL);
}

static bool is_token(int c)
{
	return slice_is_token((struct slice){(char[]){(char)c}, 1});
}

/* tchar = "!" / "#" / "$" / ... / DIGIT / ALPHA: visible characters but the delimiters. */
static void test_each_character_of_a_token_9110_5_6_2(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		bool token = c > ' ' && c < 0x7f && strchr("\"(),/:;<=>?@[\\]{}", c) == NULL;
		if (is_token(c) != token)
			fail_msg("%d is %stchar", c, token ? "" : "no ");
	}
}

static void test_slice_is_token(void **state)
{
	(void)state;
	assert_true(slice_is_token(guarded("a")));
	assert_true(slice_is_token(guarded("Content-Length")));
	assert_false(slice_is_token(guarded("")));
	assert_false(slice_is_token(none));
	assert_false(slice_is_token(guarded(" a")));
	assert_false(slice_is_token(guarded("a ")));
	assert_false(slice_is_token(guarded("a b")));
	assert_false(slice_is_token(guarded_bytes("a\0", 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slice_of),
		cmocka_unit_test(test_slice_from),
		cmocka_unit_test(test_slice_from_no_slice),
		cmocka_unit_test(test_slice_equal),
		cmocka_unit_test(test_slice_same_folds_ascii_letters_only),
		cmocka_unit_test(test_slice_contains),
		cmocka_unit_test(test_slice_contains_in_no_slice),
		cmocka_unit_test(test_slice_trim_9110_5_6_3),
		cmocka_unit_test(test_slice_split),
		cmocka_unit_test(test_slice_element_9110_5_6_1),
		cmocka_unit_test(test_slice_element_quoted_string_9110_5_6_4),
		cmocka_unit_test(test_slice_number_reads_digits),
		cmocka_unit_test(test_slice_number_refuses_all_else),
		cmocka_unit_test(test_char_hex),
		cmocka_unit_test(test_escape_3986_2_1),
		cmocka_unit_test(test_char_lower),
		cmocka_unit_test(test_char_is_alphanumeric),
		cmocka_unit_test(test_each_character_of_a_token_9110_5_6_2),
		cmocka_unit_test(test_slice_is_token),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
