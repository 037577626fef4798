/* SPDX-License-Identifier: ISC */
/* address: IP addresses as text, both ways. */
#include "unit.h"

#include "base/buf.h"
#include "http/address.h"

/* Text of an address, in bytes of which the last is the last that may be read. */
static const char *text_of(const unsigned char *bytes, size_t count)
{
	static char room[64];
	struct buf b = buf_in(room, 46);
	address_write(&b, (const unsigned char *)guarded_again((const char *)bytes, count).at, count);
	assert_false(b.overflow);
	room[b.len] = '\0';
	return room;
}

static void test_four_bytes_are_dotted_decimal(void **state)
{
	static const struct {
		unsigned char bytes[4];
		const char *text;
	} rows[] = {
		{{0, 0, 0, 0}, "0.0.0.0"}, {{127, 0, 0, 1}, "127.0.0.1"}, {{255, 255, 255, 255}, "255.255.255.255"},
		{{192, 0, 2, 10}, "192.0.2.10"}, {{1, 2, 3, 4}, "1.2.3.4"}, {{128, 199, 100, 9}, "128.199.100.9"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_string_equal(text_of(rows[i].bytes, 4), rows[i].text);
}

static void test_sixteen_bytes_are_ipv6_or_what_they_map_4291_2_5_5_2(void **state)
{
	static const struct {
		unsigned char bytes[16];
		const char *text;
	} rows[] = {
		{{0}, "::"}, {{[15] = 1}, "::1"}, {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}, "2001:db8::1"},
		{{0xfe, 0x80, [8] = 2, 0, 0x5e, 0xff, 0xfe, 0, 0x53, 1}, "fe80::200:5eff:fe00:5301"},
		{{[10] = 0xff, 0xff, 192, 0, 2, 1}, "192.0.2.1"}, {{[10] = 0xff, 0xff, 0, 0, 0, 0}, "0.0.0.0"},
		{{[10] = 0xff, 0xff, 255, 255, 255, 255}, "255.255.255.255"},
		{{0, 0x64, 0xff, 0x9b, [12] = 1, 2, 3, 4}, "64:ff9b::102:304"},
		{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_string_equal(text_of(rows[i].bytes, 16), rows[i].text);
}

/* An address that differs from the prefix of mapped addresses in one bit is not a mapped one. */
static void test_only_the_mapped_prefix_maps(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < 128; bit++) {
		unsigned char bytes[16] = {[10] = 0xff, 0xff, 1, 2, 3, 4};
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		assert_int_equal(strchr(text_of(bytes, 16), ':') == NULL, bit >= 96);
	}
}

static void test_what_does_not_fit_is_told(void **state)
{
	static const unsigned char six[16] = {0x20, 0x01, [15] = 1};
	char room[8];
	struct buf b = buf_in(room, 6); /* "2001::1" has 7 */
	(void)state;
	address_write(&b, six, 16);
	assert_true(b.overflow);
	b = buf_in(room, 7);
	address_write(&b, six, 16);
	assert_false(b.overflow);
	assert_slice(buf_slice(&b), "2001::1");
	address_write(&b, six, 4);
	assert_true(b.overflow);
}

static void test_reads_four_bytes(void **state)
{
	static const struct {
		struct slice text;
		bool good;
		unsigned char bytes[4];
	} rows[] = {
		{BYTES("0.0.0.0"), true, {0, 0, 0, 0}}, {BYTES("127.0.0.1"), true, {127, 0, 0, 1}},
		{BYTES("255.255.255.255"), true, {255, 255, 255, 255}}, {BYTES("1.2.3.4"), true, {1, 2, 3, 4}},
		{BYTES(""), false, {0}}, {BYTES("1"), false, {0}}, {BYTES("1.2.3"), false, {0}}, {BYTES("1.2.3."), false, {0}},
		{BYTES("1.2.3.4."), false, {0}}, {BYTES("1.2.3.4.5"), false, {0}}, {BYTES("256.2.3.4"), false, {0}},
		{BYTES("1.2.3.256"), false, {0}}, {BYTES(".1.2.3"), false, {0}}, {BYTES("1..2.3"), false, {0}},
		{BYTES("01.2.3.4"), false, {0}}, {BYTES("1.2.3.04"), false, {0}}, {BYTES(" 1.2.3.4"), false, {0}},
		{BYTES("1.2.3.4 "), false, {0}}, {BYTES("1.2.3.4\n"), false, {0}}, {BYTES("1.2.3.4\0"), false, {0}},
		{BYTES("1.2.3.4\0x"), false, {0}}, {BYTES("0x1.2.3.4"), false, {0}}, {BYTES("-1.2.3.4"), false, {0}},
		{BYTES("+1.2.3.4"), false, {0}}, {BYTES("1.2.3.4/8"), false, {0}}, {BYTES("::1"), false, {0}},
		{BYTES("::ffff:1.2.3.4"), false, {0}}, {BYTES("localhost"), false, {0}}, {BYTES("2130706433"), false, {0}},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		unsigned char bytes[5] = {9, 9, 9, 9, 99};
		if (address_read(guarded_again(rows[i].text.at, rows[i].text.len), bytes, 4) != rows[i].good)
			fail_msg("'%s'", rows[i].text.at);
		if (rows[i].good)
			assert_memory_equal(bytes, rows[i].bytes, 4);
		assert_int_equal(bytes[4], 99);
	}
}

static void test_reads_sixteen_bytes_4291_2_2(void **state)
{
	static const struct {
		struct slice text;
		bool good;
		unsigned char bytes[16];
	} rows[] = {
		{BYTES("::"), true, {0}}, {BYTES("::1"), true, {[15] = 1}}, {BYTES("1::"), true, {[1] = 1}},
		{BYTES("2001:db8::1"), true, {0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
		{BYTES("2001:DB8:0:0:0:0:0:1"), true, {0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
		{BYTES("::ffff:1.2.3.4"), true, {[10] = 0xff, 0xff, 1, 2, 3, 4}},
		{BYTES("0001:0002:0003:0004:0005:0006:0007:0008"), true, {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
		{BYTES(""), false, {0}}, {BYTES(":"), false, {0}}, {BYTES(":::"), false, {0}}, {BYTES("1"), false, {0}},
		{BYTES("1:2:3:4:5:6:7"), false, {0}}, {BYTES("1:2:3:4:5:6:7:8:9"), false, {0}}, {BYTES("1::2::3"), false, {0}},
		{BYTES("12345::"), false, {0}}, {BYTES("g::"), false, {0}}, {BYTES("[::1]"), false, {0}},
		{BYTES("fe80::1%1"), false, {0}}, {BYTES("::1 "), false, {0}}, {BYTES(" ::1"), false, {0}},
		{BYTES("::1\0"), false, {0}}, {BYTES("::\0001"), false, {0}}, {BYTES("1.2.3.4"), false, {0}},
		{BYTES("::1/64"), false, {0}}, {BYTES("::1.2.3"), false, {0}}, {BYTES("::256.2.3.4"), false, {0}},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		unsigned char bytes[17] = {[16] = 99};
		if (address_read(guarded_again(rows[i].text.at, rows[i].text.len), bytes, 16) != rows[i].good)
			fail_msg("'%s'", rows[i].text.at);
		if (rows[i].good)
			assert_memory_equal(bytes, rows[i].bytes, 16);
		assert_int_equal(bytes[16], 99);
	}
}

/* The longest text of an address has 45 bytes; whatever is longer is none, however it begins. */
static void test_the_longest_text_of_an_address(void **state)
{
	static const char longest[] = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255";
	unsigned char bytes[16], full[16];
	char text[5000];
	(void)state;
	memset(full, 0xff, sizeof full);
	assert_int_equal(strlen(longest), 45);
	assert_true(address_read(guarded(longest), bytes, 16));
	assert_memory_equal(bytes, full, 16);
	assert_false(address_read(guarded("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2550"), bytes, 16));
	for (size_t n = 9; n <= sizeof text; n += n < 60 ? 1 : 997) {
		memset(text, '1', n);
		memcpy(text, "1.2.3.4", 7);
		assert_false(address_read(guarded_again(text, n), bytes, 4));
		memset(text, '0', n);
		assert_false(address_read(guarded_again(text, n), bytes, 16));
	}
}

static void test_what_is_written_is_read_again(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		unsigned char bytes[16], again[16];
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = random_below(3) == 0 ? (unsigned char)random_below(256) : 0;
		size_t count = random_below(2) ? 4 : 16;
		if (count == 16 && random_below(4) == 0)
			memcpy(bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
		const char *text = text_of(bytes, count);
		if (strchr(text, ':') == NULL) {
			assert_true(address_read(guarded_again(text, strlen(text)), again, 4));
			assert_memory_equal(again, bytes + count - 4, 4);
		} else {
			assert_true(address_read(guarded_again(text, strlen(text)), again, 16));
			assert_memory_equal(again, bytes, 16);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_four_bytes_are_dotted_decimal),
		cmocka_unit_test(test_sixteen_bytes_are_ipv6_or_what_they_map_4291_2_5_5_2),
		cmocka_unit_test(test_only_the_mapped_prefix_maps),
		cmocka_unit_test(test_what_does_not_fit_is_told),
		cmocka_unit_test(test_reads_four_bytes),
		cmocka_unit_test(test_reads_sixteen_bytes_4291_2_2),
		cmocka_unit_test(test_the_longest_text_of_an_address),
		cmocka_unit_test(test_what_is_written_is_read_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
