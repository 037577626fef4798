/* SPDX-License-Identifier: ISC */
/* buf: each function on both sides of the end of its room, and each of the 256 bytes where bytes are told apart. */
#include "unit.h"

#include "base/buf.h"

static const struct slice none = {NULL, 0};

/* A writer of `size` bytes. A write beyond them is a SIGSEGV. */
static struct buf writer(size_t size)
{
	static const char zeros[64];
	assert_true(size <= sizeof zeros);
	return buf_in((char *)guarded_bytes(zeros, size).at, size);
}

static void test_buf_begins_empty(void **state)
{
	(void)state;
	struct buf b = writer(4);
	assert_slice(buf_slice(&b), "");
	assert_false(b.overflow);
	assert_int_equal(b.size, 4);
}

static void test_buf_takes_what_fits_and_not_a_byte_more(void **state)
{
	(void)state;
	for (size_t size = 0; size <= 8; size++) {
		struct buf b = writer(size);
		buf_add(&b, (struct slice){"abcdefgh", size});
		assert_int_equal(b.len, size);
		assert_memory_equal(b.at, "abcdefgh", size);
		assert_false(b.overflow);
		buf_add(&b, none);
		buf_text(&b, "");
		assert_false(b.overflow);
		buf_char(&b, 'x');
		assert_true(b.overflow);
		assert_int_equal(b.len, size);
	}
}

static void test_buf_drops_as_a_whole_and_remembers(void **state)
{
	(void)state;
	struct buf b = writer(4);
	buf_text(&b, "ab");
	buf_text(&b, "cde");
	assert_slice(buf_slice(&b), "ab");
	assert_true(b.overflow);
	buf_format(&b, "%u", 100u);
	assert_slice(buf_slice(&b), "ab");
	buf_text(&b, "c");
	buf_char(&b, 'd');
	assert_slice(buf_slice(&b), "abcd");
	assert_true(b.overflow);
}

/* For each size of the room: a text that fits is there whole, and a text that does not ends in "...". */
static void test_buf_message_is_cut_and_marked(void **state)
{
	static const char whole[] = "what 'name': reason 7; cure";
	(void)state;
	for (size_t size = 0; size < sizeof whole + 2; size++) {
		struct buf b = writer(size);
		b.message = true;
		buf_format(&b, "what %s: ", "'name'");
		buf_text(&b, "reason");
		buf_format(&b, " %u; %s", 7u, "cure");
		bool fits = size >= strlen(whole);
		assert_int_equal(b.overflow, !fits);
		assert_int_equal(b.len, fits ? strlen(whole) : size);
		size_t marks = fits || size < 3 ? 0 : 3;
		assert_memory_equal(b.at, whole, b.len - marks);
		assert_memory_equal(b.at + b.len - marks, "...", marks);
	}
	char room[8];
	struct buf b = buf_message(room, sizeof room);
	assert_true(b.message && !b.overflow && b.len == 0 && b.size == sizeof room);
}

static void test_buf_quoted(void **state)
{
	char room[16];
	(void)state;
	struct buf b = buf_in(room, sizeof room);
	buf_quoted(&b, guarded("a\nb"), 6);
	buf_quoted(&b, guarded(""), 6);
	assert_slice(buf_slice(&b), "'a\\x0ab'''");
	b.len = 0;
	buf_quoted(&b, guarded("abc\ndef"), 6); /* an escape is not cut */
	assert_slice(buf_slice(&b), "'abc...'");
	assert_false(b.overflow);
}

static void test_buf_huge_slice_does_not_wrap(void **state)
{
	(void)state;
	struct buf b = writer(4);
	buf_text(&b, "ab");
	buf_add(&b, (struct slice){"x", SIZE_MAX});
	buf_add(&b, (struct slice){"x", SIZE_MAX - 1});
	assert_slice(buf_slice(&b), "ab");
	assert_true(b.overflow);
}

static void test_buf_holds_any_byte(void **state)
{
	(void)state;
	char room[256];
	struct buf b = buf_in(room, sizeof room);
	for (int c = 0; c < 256; c++)
		buf_char(&b, (char)c);
	assert_false(b.overflow);
	for (int c = 0; c < 256; c++)
		assert_int_equal((unsigned char)buf_slice(&b).at[c], c);
}

/* The expected text comes from the C library's printf. */
static void test_buf_format_number(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		uintmax_t n = random_below(UINT64_MAX) >> random_below(64);
		if (i < 3)
			n = i == 0 ? 0 : UINT64_MAX - (uint64_t)i + 1;
		unsigned u = (unsigned)n;
		char text[256], room[256];
		int len = snprintf(text, sizeof text, "%ju %jx %jX %u %x %X %02u %02X %08x %09ju", n, n, n, u, u, u, u, u,
		                   u, n);
		struct buf b = buf_in(room, (size_t)len);
		buf_format(&b, "%ju %jx %jX %u %x %X %02u %02X %08x %09ju", n, n, n, u, u, u, u, u, u, n);
		assert_slice(buf_slice(&b), text);
		assert_false(b.overflow);
	}
}

static void test_buf_format_text(void **state)
{
	(void)state;
	char room[64];
	struct buf b = buf_in(room, sizeof room);
	buf_format(&b, "%s", "");
	buf_format(&b, "plain");
	assert_slice(buf_slice(&b), "plain");
	buf_format(&b, "%%%s%c%.*s%c%%<%.*s>%u.", "a%s", 'b', SLICE(guarded("cd")), '\0', SLICE(guarded("")), 7u);
	assert_int_equal(b.len, strlen("plain%a%sbcd") + 1 + strlen("%<>7."));
	assert_memory_equal(b.at, "plain%a%sbcd\0%<>7.", b.len);
	assert_false(b.overflow);
}

static void test_buf_format_writes_all_or_nothing(void **state)
{
	(void)state;
	for (size_t size = 0; size <= 9; size++) {
		struct buf b = writer(size);
		buf_format(&b, "ab%scd%u%c", "12", 45u, 'e');
		assert_slice(buf_slice(&b), size < 9 ? "" : "ab12cd45e");
		assert_int_equal(b.overflow, size < 9);
	}
	struct buf b = writer(4);
	buf_text(&b, "a");
	buf_format(&b, "%ju", UINT64_MAX);
	buf_format(&b, "%c%u", 'b', 3u);
	assert_slice(buf_slice(&b), "ab3");
	assert_true(b.overflow);
}

static void test_buf_visible(void **state)
{
	(void)state;
	for (int c = 0; c < 512; c++) {
		char room[16], expected[16] = {(char)c};
		const char *special = c < 256 ? "\\" : "\"\\";
		bool plain = (char)c >= ' ' && (char)c < 0x7f && strchr(special, (char)c) == NULL;
		size_t len = plain ? 1 : (size_t)snprintf(expected, sizeof expected, "\\x%02x", (unsigned)c % 256);
		struct buf b = buf_in(room, sizeof room);
		buf_visible(&b, guarded_again((char[]){(char)c}, 1), special, SIZE_MAX);
		assert_int_equal(b.len, len);
		assert_memory_equal(b.at, expected, len);
	}
	char room[8];
	struct buf b = buf_in(room, sizeof room);
	buf_visible(&b, guarded(""), "", SIZE_MAX);
	assert_true(buf_visible(&b, none, "", 0));
	assert_int_equal(b.len, 0);
	b = buf_in(room, 5); /* the text ends before an escape that does not fit, although the next letter would */
	assert_false(buf_visible(&b, guarded("ab\ncd\ne"), "", SIZE_MAX));
	assert_slice(buf_slice(&b), "ab");
	assert_false(buf_visible(&b, guarded("cde"), "", 2));
	assert_true(buf_visible(&b, guarded("f"), "", 1));
	assert_slice(buf_slice(&b), "abcdf");
	assert_false(b.overflow);
}

static void test_buf_html(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char room[16], expected[16] = {(char)c};
		bool special = c != 0 && strchr("&<>\"'", c) != NULL;
		size_t len = special ? (size_t)snprintf(expected, sizeof expected, "&#%d;", c) : 1;
		struct buf b = buf_in(room, sizeof room);
		buf_html(&b, guarded_again((char[]){(char)c}, 1));
		assert_int_equal(b.len, len);
		assert_memory_equal(b.at, expected, len);
	}
	char room[64];
	struct buf b = buf_in(room, sizeof room);
	buf_html(&b, guarded("<a href='x'>\"&amp;\""));
	assert_slice(buf_slice(&b), "&#60;a href=&#39;x&#39;&#62;&#34;&#38;amp;&#34;");
	buf_html(&b, guarded(""));
	buf_html(&b, none);
	assert_false(b.overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf_begins_empty),
		cmocka_unit_test(test_buf_takes_what_fits_and_not_a_byte_more),
		cmocka_unit_test(test_buf_drops_as_a_whole_and_remembers),
		cmocka_unit_test(test_buf_huge_slice_does_not_wrap),
		cmocka_unit_test(test_buf_holds_any_byte),
		cmocka_unit_test(test_buf_message_is_cut_and_marked),
		cmocka_unit_test(test_buf_quoted),
		cmocka_unit_test(test_buf_format_number),
		cmocka_unit_test(test_buf_format_text),
		cmocka_unit_test(test_buf_format_writes_all_or_nothing),
		cmocka_unit_test(test_buf_visible),
		cmocka_unit_test(test_buf_html),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
