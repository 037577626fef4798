/* SPDX-License-Identifier: ISC */
/* proxy: each form of both versions of the PROXY protocol, cut at every byte. */
#include "unit.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "http/proxy.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define FULL "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
#define LOCAL "\x20"
#define PROXY "\x21"
#define FOUR "\xc0\x00\x02\x01\xc0\x00\x02\xfe\x30\x39\x00\x50" /* 192.0.2.1, 192.0.2.254, 12345, 80 */
#define SIX_FROM "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
#define SIX_TO "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02"
#define SIX SIX_FROM SIX_TO "\x30\x39\x01\xbb"
#define MAPPED "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\x00\x02\x07"

static struct {
	enum proxy_verdict verdict;
	size_t length, written;
	char address[ADDRESS_MAX + 1];
} got;

static enum proxy_verdict parse(const char *bytes, size_t n)
{
	struct buf b = buf_in(got.address, ADDRESS_MAX);
	got.length = 4242;
	got.verdict = proxy_parse(guarded_again(bytes, n), &got.length, &b);
	assert_false(b.overflow);
	got.written = b.len;
	got.address[b.len] = '\0';
	if (got.verdict != PROXY_DONE)
		assert_int_equal(b.len, 0);
	return got.verdict;
}

/* A header is complete with its last byte and not before. The bytes behind it are not read. */
static void assert_header(struct slice s, const char *address)
{
	static const char *const behind[] = {"", "G", "GET / HTTP/1.1\r\n\r\n", "PROXY ", "\r\n", "\0\0\0"};
	static char room[65536];
	size_t step = s.len > 1000 ? s.len / 300 : 1;
	for (size_t n = 0; n < s.len; n += n + step < s.len ? step : 1)
		if (parse(s.at, n) != PROXY_MORE)
			fail_msg("'%s' cut at %zu: %d", s.at, n, (int)got.verdict);
	memcpy(room, s.at, s.len);
	for (size_t i = 0; i < ROWS(behind); i++) {
		size_t more = i + 1 < ROWS(behind) ? strlen(behind[i]) : 3;
		if (s.len + more > sizeof room)
			continue;
		memcpy(room + s.len, behind[i], more);
		if (parse(room, s.len + more) != PROXY_DONE || got.length != s.len)
			fail_msg("'%s': %d, %zu", s.at, (int)got.verdict, got.length);
		assert_string_equal(got.address, address);
	}
}

/* Neither the bytes nor any beginning of them are a header. Once a beginning is refused, so is each longer one. */
static void assert_none(struct slice s)
{
	enum proxy_verdict before = PROXY_MORE;
	for (size_t n = 0; n <= s.len; n++) {
		enum proxy_verdict verdict = parse(s.at, n);
		if (verdict == PROXY_DONE || (before == PROXY_BAD && verdict != PROXY_BAD))
			fail_msg("'%s' cut at %zu: %d after %d", s.at, n, (int)verdict, (int)before);
		before = verdict;
	}
	if (before != PROXY_BAD)
		fail_msg("'%s': %d", s.at, (int)before);
}

struct header_row {
	struct slice bytes;
	const char *address;
};

static void assert_headers(const struct header_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_header(rows[i].bytes, rows[i].address);
}

static void test_nothing_may_become_one(void **state)
{
	(void)state;
	assert_int_equal(parse("", 0), PROXY_MORE);
	assert_int_equal(parse("P", 1), PROXY_MORE);
	assert_int_equal(parse("\r", 1), PROXY_MORE);
	for (int c = 0; c < 256; c++)
		assert_int_equal(parse((char[]){(char)c}, 1), c == 'P' || c == '\r' ? PROXY_MORE : PROXY_BAD);
}

static void test_v1_names_the_client(void **state)
{
	static const struct header_row rows[] = {
		{BYTES("PROXY TCP4 192.0.2.1 192.0.2.254 12345 80\r\n"), "192.0.2.1"},
		{BYTES("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n"), "0.0.0.0"},
		{BYTES("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"), "255.255.255.255"},
		{BYTES("PROXY TCP6 2001:db8::1 2001:db8::2 12345 443\r\n"), "2001:db8::1"},
		{BYTES("PROXY TCP6 2001:DB8:0:0:0:0:0:1 :: 1 1\r\n"), "2001:db8::1"},
		{BYTES("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 1\r\n"), "192.0.2.7"},
		{BYTES("PROXY TCP6 " FULL " " FULL " 65535 65535\r\n"), FULL},
	};
	(void)state;
	assert_headers(rows, ROWS(rows));
}

/* "the receiver must ignore anything presented before the CRLF is found" */
static void test_v1_unknown_names_nobody(void **state)
{
	static const struct header_row rows[] = {
		{BYTES("PROXY UNKNOWN\r\n"), ""}, {BYTES("PROXY UNKNOWN \r\n"), ""}, {BYTES("PROXY UNKNOWN x\r\n"), ""},
		{BYTES("PROXY UNKNOWN 192.0.2.1 192.0.2.254 12345 80\r\n"), ""},
		{BYTES("PROXY UNKNOWN  a  b c d e f g h\r\n"), ""},
		{BYTES("PROXY UNKNOWN " FULL " " FULL " 65535 65535\r\n"), ""},
		{BYTES("PROXY UNKNOWN \0\r\n"), ""},
	};
	(void)state;
	assert_int_equal(rows[5].bytes.len, 107);
	assert_headers(rows, ROWS(rows));
}

static void test_v1_has_at_most_107_bytes(void **state)
{
	char text[120];
	(void)state;
	for (size_t n = 16; n <= sizeof text; n++) {
		memset(text, 'x', sizeof text);
		memcpy(text, "PROXY UNKNOWN ", 14);
		memcpy(text + n - 2, "\r\n", 2);
		if (n <= 107)
			assert_header((struct slice){text, n}, "");
		else
			assert_none((struct slice){text, n});
	}
	memset(text + 14, 'x', sizeof text - 14); /* without a CRLF */
	assert_int_equal(parse(text, 106), PROXY_MORE);
	assert_int_equal(parse(text, 107), PROXY_BAD);
}

static void test_v1_refuses_everything_else(void **state)
{
	static const struct slice rows[] = {
		BYTES("proxy TCP4 1.2.3.4 1.2.3.4 1 1\r\n"), BYTES("PROXY\r\n"), BYTES("PROXY \r\n"), BYTES("PROXYTCP4"),
		BYTES("PROXY tcp4 1.2.3.4 1.2.3.4 1 1\r\n"), BYTES("PROXY TCP 1.2.3.4 1.2.3.4 1 1\r\n"),
		BYTES("PROXY TCP5 1.2.3.4 1.2.3.4 1 1\r\n"), BYTES("PROXY UDP4 1.2.3.4 1.2.3.4 1 1\r\n"),
		BYTES("PROXY TCP44 1.2.3.4 1.2.3.4 1 1\r\n"), BYTES("PROXY  TCP4 1.2.3.4 1.2.3.4 1 1\r\n"),
		BYTES("PROXY TCP4  1.2.3.4 1.2.3.4 1 1\r\n"), BYTES("PROXY TCP4 1.2.3.4  1.2.3.4 1 1\r\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 1 \r\n"), BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 1 1\r\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n"), BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 \r\n"), BYTES("PROXY TCP4\r\n"),
		BYTES("PROXY TCP4 1.2.3 1.2.3.4 1 1\r\n"), BYTES("PROXY TCP4 1.2.3.4 1.2.3 1 1\r\n"),
		BYTES("PROXY TCP4 256.2.3.4 1.2.3.4 1 1\r\n"), BYTES("PROXY TCP4 01.2.3.4 1.2.3.4 1 1\r\n"),
		BYTES("PROXY TCP4 ::1 ::1 1 1\r\n"), BYTES("PROXY TCP6 1.2.3.4 1.2.3.4 1 1\r\n"),
		BYTES("PROXY TCP6 ::1 1.2.3.4 1 1\r\n"), BYTES("PROXY TCP6 1.2.3.4 ::1 1 1\r\n"),
		BYTES("PROXY TCP6 [::1] ::1 1 1\r\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 65536 1\r\n"), BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 01 1\r\n"), BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 00\r\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 -1 1\r\n"), BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 x 1\r\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 100000 1\r\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 18446744073709551617\r\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 1\n"), BYTES("PROXY UNKNOWN\n"), BYTES("PROXY UNKNOWN x\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 11\n"), BYTES("PROXY UNKNOWNX\r\n"),
		BYTES("PROXY unknown\r\n"), BYTES("PROXY \n"), BYTES("PROXY \r\r\n"),
		BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 1 1\r\r\n"),
		BYTES("PROXY TCP4 1.2.3.4\0 1.2.3.4 1 1\r\n"), BYTES("PROXY\tTCP4 1.2.3.4 1.2.3.4 1 1\r\n"),
		BYTES("GET / HTTP/1.1\r\n\r\n"), BYTES("POST / HTTP/1.1\r\n"), BYTES("PRI * HTTP/2.0\r\n"),
		BYTES("\r\nPROXY UNKNOWN\r\n"),
		BYTES(" PROXY UNKNOWN\r\n"), BYTES("\x16\x03\x01\x02\x00"),
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_none(rows[i]);
}

static void test_v2_names_the_client(void **state)
{
	static const struct header_row rows[] = {
		{BYTES(SIGNATURE PROXY "\x11\x00\x0c" FOUR), "192.0.2.1"},
		{BYTES(SIGNATURE PROXY "\x21\x00\x24" SIX), "2001:db8::1"},
		{BYTES(SIGNATURE PROXY "\x21\x00\x24" MAPPED SIX_TO "\0\1\0\2"), "192.0.2.7"},
		/*
		 * Behind the addresses: a TLV for ALPN, an empty TLV, a TLV that claims more bytes than there are, half a TLV.
		 */
		{BYTES(SIGNATURE PROXY "\x11\x00\x14" FOUR "\x01\x00\x05http2"), "192.0.2.1"},
		{BYTES(SIGNATURE PROXY "\x21\x00\x27" SIX "\x04\x00\x00"), "2001:db8::1"},
		{BYTES(SIGNATURE PROXY "\x11\x00\x10" FOUR "\x20\xff\xffx"), "192.0.2.1"},
		{BYTES(SIGNATURE PROXY "\x11\x00\x0d" FOUR "\x04"), "192.0.2.1"},
	};
	(void)state;
	assert_headers(rows, ROWS(rows));
}

static void test_v2_local_and_others_name_nobody(void **state)
{
	static const struct header_row rows[] = {
		{BYTES(SIGNATURE LOCAL "\x00\x00\x00"), ""}, {BYTES(SIGNATURE LOCAL "\x11\x00\x0c" FOUR), ""},
		{BYTES(SIGNATURE LOCAL "\x21\x00\x24" SIX), ""}, {BYTES(SIGNATURE LOCAL "\x11\x00\x00"), ""},
		{BYTES(SIGNATURE LOCAL "\xff\x00\x03xyz"), ""}, /* "discard the protocol block including the family" */
		{BYTES(SIGNATURE PROXY "\x00\x00\x00"), ""}, {BYTES(SIGNATURE PROXY "\x00\x00\x0c" FOUR), ""},
		{BYTES(SIGNATURE PROXY "\x00\x00\x03\x04\x00\x00"), ""}, {BYTES(SIGNATURE PROXY "\x31\x00\x01x"), ""},
		{BYTES(SIGNATURE PROXY "\x32\x00\x00"), ""}, {BYTES(SIGNATURE PROXY "\x12\x00\x0c" FOUR), ""},
		{BYTES(SIGNATURE PROXY "\x22\x00\x24" SIX), ""},
	};
	(void)state;
	assert_headers(rows, ROWS(rows));
}

static void test_v2_refuses_versions_commands_and_families_it_does_not_know(void **state)
{
	char bytes[] = SIGNATURE PROXY "\x11\x00\x24" SIX;
	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		bytes[12] = (char)c;
		enum proxy_verdict expected = c == 0x20 || c == 0x21 ? PROXY_DONE : PROXY_BAD;
		assert_int_equal(parse(bytes, 16 + 36), expected);
		if (expected == PROXY_BAD)
			assert_none((struct slice){bytes, 16 + 36});
	}
	bytes[12] = 0x21;
	for (unsigned c = 0; c < 256; c++) {
		bytes[13] = (char)c;
		bool known = c >> 4 <= 3 && (c & 15) <= 2;
		assert_int_equal(parse(bytes, 16 + 36), known ? PROXY_DONE : PROXY_BAD);
		if (c != 0x11 && c != 0x21)
			assert_int_equal(got.written, 0);
		if (!known)
			assert_none((struct slice){bytes, 16 + 36});
	}
}

/* The addresses take 12 bytes (IPv4) or 36 (IPv6). */
static void test_v2_refuses_lengths_without_room_for_the_addresses(void **state)
{
	char bytes[16 + 64] = SIGNATURE PROXY "\x11\x00\x00" SIX;
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		unsigned least = i ? 36 : 12;
		bytes[13] = i ? 0x21 : 0x11;
		for (unsigned n = 0; n <= 64; n++) {
			bytes[15] = (char)n;
			if (n >= least)
				assert_header((struct slice){bytes, 16 + n}, i ? "2001:db8::1" : "32.1.13.184");
			else
				assert_none((struct slice){bytes, 16 + n});
		}
	}
}

static void test_v2_lengths_have_sixteen_bits(void **state)
{
	static const unsigned lengths[] = {255, 256, 257, 4096, 32767, 32768, 65519, 65520};
	static char bytes[16 + 65536];
	(void)state;
	memset(bytes, 0xee, sizeof bytes);
	memcpy(bytes, SIGNATURE PROXY "\x11", 14);
	memcpy(bytes + 16, FOUR, 12);
	for (size_t i = 0; i < ROWS(lengths); i++) {
		bytes[14] = (char)(lengths[i] >> 8);
		bytes[15] = (char)lengths[i];
		assert_header((struct slice){bytes, 16 + lengths[i]}, "192.0.2.1");
	}
	bytes[14] = bytes[15] = (char)0xff;
	struct slice whole = guarded_bytes(bytes, 16 + 65535), most = guarded_bytes(bytes, 16 + 65534);
	char room[ADDRESS_MAX];
	struct buf b = buf_in(room, sizeof room);
	size_t length;
	assert_int_equal(proxy_parse(most, &length, &b), PROXY_MORE);
	assert_int_equal(proxy_parse(whole, &length, &b), PROXY_DONE);
	assert_int_equal(length, 16 + 65535);
	assert_slice(buf_slice(&b), "192.0.2.1");
}

static void test_v2_each_byte_of_the_signature_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < 12; i++) {
		for (int bit = 0; bit < 8; bit++) {
			char bytes[] = SIGNATURE PROXY "\x11\x00\x0c" FOUR;
			bytes[i] = (char)(bytes[i] ^ 1 << bit);
			assert_none((struct slice){bytes, sizeof bytes - 1});
			assert_int_equal(parse(bytes, i + 1), PROXY_BAD);
		}
	}
}

/* Headers with some bytes changed, and random bytes: nothing is read or written outside the bounds. */
static void test_garbage_keeps_the_promises_too(void **state)
{
	static const struct slice seeds[] = {
		BYTES("PROXY TCP4 192.0.2.1 192.0.2.254 12345 80\r\n"), BYTES("PROXY TCP6 2001:db8::1 ::2 12345 443\r\n"),
		BYTES("PROXY UNKNOWN x\r\n"), BYTES(SIGNATURE PROXY "\x11\x00\x14" FOUR "\x01\x00\x05http2"),
		BYTES(SIGNATURE PROXY "\x21\x00\x24" SIX), BYTES(SIGNATURE LOCAL "\x00\x00\x00"),
	};
	static const char letters[] = "PROXY TCP46UNKNOWN 0123.:\r\n";
	unsigned done = 0;
	(void)state;
	for (int round = 0; round < 100000; round++) {
		const struct slice *seed = &seeds[random_below(ROWS(seeds))];
		char bytes[128];
		size_t n = seed->len;
		memcpy(bytes, seed->at, n);
		for (uint64_t i = random_below(4); i > 0; i--)
			bytes[random_below(n)] = random_below(2) ? (char)random_below(256) : letters[random_below(27)];
		for (; n < sizeof bytes && random_below(4) == 0; n++)
			bytes[n] = (char)random_below(256);
		n = (size_t)random_below(n + 1) > n / 2 ? n : (size_t)random_below(n + 1);
		if (round % 10 == 0)
			for (size_t i = 0; i < n; i++)
				bytes[i] = (char)random_below(256);
		if (parse(bytes, n) == PROXY_DONE) {
			size_t length = got.length;
			assert_true(length > 0 && length <= n);
			assert_int_equal(parse(bytes, length), PROXY_DONE);
			assert_int_equal(got.length, length);
			assert_int_equal(parse(bytes, length - 1), PROXY_MORE);
			done++;
		}
	}
	assert_true(done > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_may_become_one),
		cmocka_unit_test(test_v1_names_the_client),
		cmocka_unit_test(test_v1_unknown_names_nobody),
		cmocka_unit_test(test_v1_has_at_most_107_bytes),
		cmocka_unit_test(test_v1_refuses_everything_else),
		cmocka_unit_test(test_v2_names_the_client),
		cmocka_unit_test(test_v2_local_and_others_name_nobody),
		cmocka_unit_test(test_v2_refuses_versions_commands_and_families_it_does_not_know),
		cmocka_unit_test(test_v2_refuses_lengths_without_room_for_the_addresses),
		cmocka_unit_test(test_v2_lengths_have_sixteen_bits),
		cmocka_unit_test(test_v2_each_byte_of_the_signature_counts),
		cmocka_unit_test(test_garbage_keeps_the_promises_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
