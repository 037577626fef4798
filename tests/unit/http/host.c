/* SPDX-License-Identifier: ISC */
/* host: uri-host [ ":" port ], each rule of RFC 3986 section 3.2.2 from both sides. */
#include "unit.h"

#include "base/buf.h"
#include "http/host.h"

static void are_valid(const char *texts, size_t size, size_t count, bool valid)
{
	for (size_t i = 0; i < count; i++)
		if (host_valid(guarded(texts + i * size)) != valid)
			fail_msg("'%s' is %s", texts + i * size, valid ? "refused" : "accepted");
}

/* Fails unless host_valid returns `valid` for each text of an array of arrays. */
#define all_are(texts, valid) are_valid((texts)[0], sizeof (texts)[0], ROWS(texts), valid)

static void test_valid(void **state)
{
	static const char rows[][72] = {
		"", "a", "example.com", "EXAMPLE.com", "example.com.", "xn--bcher-kva.example", "a_b", "a-b", "localhost",
		"127.0.0.1", "0", "1.2.3", "-._~", "!$&'()*+,;=", "%41", "a%2fb", "%c3%a9.example", "%C3%A9", "%00",
		"[::]", "[::1]", "[2001:db8::1]", "[2001:DB8:0:0:0:0:0:1]", "[::ffff:192.0.2.1]",
		"[1:2:3:4:5:6:7:8]", "[1::]", "[1::8]", "[1:2:3:4:5:6:7::]", "[::2:3:4:5:6:7:8]", "[abcd:EF01::]",
	};
	(void)state;
	all_are(rows, true);
	assert_true(host_valid((struct slice){NULL, 0}));
}

static void test_invalid(void **state)
{
	static const char rows[][32] = {
		" ", "a b", "a ", " a", "a\t", "a/", "/", "a/b", "a?b", "a#b", "a\\b", "a\"b", "a<b", "a>b", "a^b", "a`b",
		"a{b", "a}b", "a|b", "a,b c", "\x7f", "a\r", "a\n", "\x80", "caf\xc3\xa9", "http://a", "a[", "a]", "a[::1]",
	};
	(void)state;
	all_are(rows, false);
}

static void test_user_information_is_refused(void **state)
{
	(void)state;
	assert_false(host_valid(guarded("user@example.com")));
	assert_false(host_valid(guarded("user:secret@example.com")));
	assert_false(host_valid(guarded("@")));
	assert_false(host_valid(guarded("@example.com")));
	assert_false(host_valid(guarded("[::1]@example.com")));
	assert_false(host_valid(guarded("user@[::1]")));
}

static void test_port_is_any_number_of_digits_3986_3_2_3(void **state)
{
	static const char good[][32] = {
		":", ":80", "a:", "a:0", "a:80", "a:65536", "a:00000000000000000000080", "[::1]:", "[::1]:8080", "%41:1",
	};
	static const char bad[][32] = {
		"::", "::1", ":a", "a:a", "a:80a", "a:8 0", "a: 80", "a:80 ", "a:-1", "a:+1", "a:80:", "a:80:80", "a::80",
		"a:%38", "[::1]8", "[::1]a", "[::1]:a", "[::1]::1", "[::1] ", "[::1].", "[::1]:8]", "2001:db8::1", "a:80/",
	};
	(void)state;
	all_are(good, true);
	all_are(bad, false);
}

static void test_literal_needs_both_brackets_and_something_between(void **state)
{
	static const char rows[][32] = {
		"[", "]", "[]", "[]:80", "[::1", "::1]", "[[::1]]", "[::1]]", "[:", "[a", "[::1]x", "[::%31]", "[fe80::1%eth0]",
		"[:: 1]", "[::1/64]", "[::\x80]", "[::@1]", "[::?]", "[::#]",
	};
	(void)state;
	all_are(rows, false);
}

static void test_literal_is_an_ipv6_address_3986_3_2_2(void **state)
{
	static const char rows[][56] = {
		"[a]", "[zz]", "[g::1]", "[:::]", "[::1::]", "[1::2::3]", "[:1]", "[1:]", "[::12345]", "[1:2:3:4:5:6:7]",
		"[1:2:3:4:5:6:7:8:9]", "[::1.2.3]", "[::1.2.3.256]", "[::1.2.3.4.5]", "[1.2.3.4]", "[127.1]", "[localhost]",
		"[0000:0000:0000:0000:0000:0000:255.255.255.2555]", "[::.]", "[-1::]",
	};
	(void)state;
	all_are(rows, false);
}

/* IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
static void test_literal_of_a_future_version_3986_3_2_2(void **state)
{
	static const char good[][40] = {
		"[v1.a]", "[V1.a]", "[vF.:]", "[vabcdef0.a:b-._~!$&'()*+,;=]", "[v6.::1]:80", "[v1..]", "[v1.v1.a]",
	};
	static const char bad[][16] = {
		"[v.a]", "[v1.]", "[v1]", "[v]", "[vg.a]", "[v1g.a]", "[1.a]", "[x1.a]", "[.a]", "[v1.%41]", "[v1.a b]",
		"[v1.a@b]", "[v1.[]", "[v1./]", "[v1.\xff]", "[v1:a]", "[v-1.a]", "[ v1.a]", "[v1.a ]",
	};
	(void)state;
	all_are(good, true);
	all_are(bad, false);
	assert_false(host_valid(guarded_bytes("[v1.\0]", 6)));
}

static void test_percent_needs_two_hexadecimal_digits_3986_2_1(void **state)
{
	static const char rows[][16] = {"%", "%4", "%g1", "%1g", "%%41", "a%", "a%4", "a%:80", "a%4:80", "%-1", "% 1"};
	(void)state;
	all_are(rows, false);
	for (int c = 0; c < 256; c++) {
		char text[3] = {'%', (char)c, '0'};
		assert_int_equal(host_valid(guarded_again(text, 3)), char_hex((char)c) >= 0);
		text[1] = '0', text[2] = (char)c;
		assert_int_equal(host_valid(guarded_again(text, 3)), char_hex((char)c) >= 0);
	}
}

static bool is_one_of(int c, const char *set)
{
	return c != 0 && strchr(set, c) != NULL;
}

/* unreserved and sub-delims, besides ":" for the port. */
static void test_every_byte_of_a_name(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		bool valid = char_is_alphanumeric((char)c) || is_one_of(c, "-._~!$&'()*+,;=");
		assert_int_equal(host_valid(guarded_again((char[]){(char)c}, 1)), valid || c == ':');
		assert_int_equal(host_valid(guarded_again((char[]){'a', (char)c}, 2)), valid || c == ':');
		assert_int_equal(host_valid(guarded_again((char[]){'a', (char)c, 'b'}, 3)), valid);
	}
}

static void test_every_byte_of_a_port(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++)
		for (size_t at = 2; at < 5; at++) {
			char text[] = {'a', ':', '1', '2', '3'};
			text[at] = (char)c;
			assert_int_equal(host_valid(guarded_again(text, sizeof text)), c >= '0' && c <= '9');
		}
}

/* Each byte between brackets. NUL has no special meaning. */
static void test_every_byte_of_a_literal(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[] = {'[', ':', ':', (char)c, '1', ']'};
		if (host_valid(guarded_again(text, sizeof text)) != (char_hex((char)c) >= 0))
			fail_msg("byte %d between brackets", c);
		text[3] = '1', text[4] = (char)c;
		if (host_valid(guarded_again(text, sizeof text)) != (char_hex((char)c) >= 0))
			fail_msg("byte %d at the end between brackets", c);
	}
}

/* The directory that host_directory writes for a valid host. */
static struct slice directory(const char *host)
{
	static char room[64];
	struct buf b = buf_in(room, sizeof room);
	assert_true(host_valid(guarded(host)));
	host_directory(&b, guarded(host));
	assert_false(b.overflow);
	return buf_slice(&b);
}

static void test_directory_is_lower_case_without_port_and_dot(void **state)
{
	static const struct {
		const char *host, *directory;
	} rows[] = {
		{"example.com", "example.com"}, {"EXAMPLE.Com", "example.com"}, {"example.com:80", "example.com"},
		{"example.com:", "example.com"}, {"example.com.", "example.com"}, {"Example.COM.:8080", "example.com"},
		{"127.0.0.1:80", "127.0.0.1"}, {"a", "a"}, {"a.", "a"}, {"a_b", "a_b"}, {"a..b", "a..b"}, {"*", "*"},
		{"[::1]", "[::1]"}, {"[2001:DB8::A]:80", "[2001:db8::a]"}, {"[::1]:", "[::1]"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_slice(directory(rows[i].host), rows[i].directory);
}

static void test_no_directory(void **state)
{
	static const char rows[][16] = {
		"", ":", ":80", ".", "..", "...", ".:80", "..:80", ".a", ".a.", "%41", "a%2fb", "a%2e", "%2e%2e", "%00",
		"a%41:80",
	};
	struct buf b = buf_in(NULL, 0);
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_slice(directory(rows[i]), "");
	host_directory(&b, (struct slice){NULL, 0});
	assert_false(b.overflow);
}

/* "without a dot at the end" */
static void test_directory_never_ends_in_a_dot(void **state)
{
	static const char rows[][16] = {"a.", "a..", "a...", "a..:80", "a.b..", "A.B."};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice s = directory(rows[i]);
		if (s.len > 0 && s.at[s.len - 1] == '.')
			fail_msg("'%s' is in '%.*s'", rows[i], (int)s.len, s.at);
	}
}

static void test_long_names(void **state)
{
	char name[8192];
	(void)state;
	memset(name, 'a', sizeof name);
	assert_true(host_valid(guarded_again(name, sizeof name)));
	name[sizeof name - 1] = '%';
	assert_false(host_valid(guarded_again(name, sizeof name)));
	name[0] = '[';
	assert_false(host_valid(guarded_again(name, sizeof name)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_user_information_is_refused),
		cmocka_unit_test(test_port_is_any_number_of_digits_3986_3_2_3),
		cmocka_unit_test(test_literal_needs_both_brackets_and_something_between),
		cmocka_unit_test(test_literal_is_an_ipv6_address_3986_3_2_2),
		cmocka_unit_test(test_literal_of_a_future_version_3986_3_2_2),
		cmocka_unit_test(test_percent_needs_two_hexadecimal_digits_3986_2_1),
		cmocka_unit_test(test_every_byte_of_a_name),
		cmocka_unit_test(test_every_byte_of_a_port),
		cmocka_unit_test(test_every_byte_of_a_literal),
		cmocka_unit_test(test_directory_is_lower_case_without_port_and_dot),
		cmocka_unit_test(test_no_directory),
		cmocka_unit_test(test_directory_never_ends_in_a_dot),
		cmocka_unit_test(test_long_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
