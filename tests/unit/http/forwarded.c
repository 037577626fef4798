/* SPDX-License-Identifier: ISC */
/* forwarded: the fields in which proxies name a client, in the forms that proxies write and that clients forge. */
#include "unit.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "http/forwarded.h"

#define FULL "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
#define LONGEST "_2345678901234567890123456789012345678901234567890123456789012_" /* 63 bytes */

static char got[ADDRESS_MAX];

/* The address that is found in the value; NULL for none. A page that must not be read follows the value. */
static const char *address_in(const char *name, struct slice value)
{
	struct buf b = buf_in(got, ADDRESS_MAX - 1);
	bool found = forwarded_address(slice_of(name), guarded_again(value.at, value.len), &b);
	assert_false(b.overflow);
	assert_int_equal(b.len > 0, found);
	got[b.len] = '\0';
	return found ? got : NULL;
}

struct row {
	const char *value, *address; /* NULL: none */
};

static void assert_rows(const char *name, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *address = address_in(name, slice_of(rows[i].value));
		const char *expected = rows[i].address;
		if (expected == NULL ? address != NULL : address == NULL || strcmp(address, expected) != 0)
			fail_msg("%s: '%s' is '%s'", name, rows[i].value, address != NULL ? address : "none");
	}
}

static const struct row lists[] = {
	{"192.0.2.1", "192.0.2.1"},
	{" \t192.0.2.1\t ", "192.0.2.1"},
	{"192.0.2.1:80", "192.0.2.1"},
	{"192.0.2.1:65535", "192.0.2.1"},
	{"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
	{"::", "::"},
	{"[2001:db8::1]", "2001:db8::1"},
	{"[2001:db8::1]:443", "2001:db8::1"},
	{"::ffff:192.0.2.7", "192.0.2.7"},
	{"[" FULL "]:65535", FULL},
	{"6.6.6.6, 192.0.2.1", "192.0.2.1"},
	{"6.6.6.6,192.0.2.1", "192.0.2.1"},
	{"6.6.6.6\t,\t2001:db8::1", "2001:db8::1"},
	{"junk, \"open, <script>, 192.0.2.1", "192.0.2.1"}, /* in this field quotes have no meaning */
	{",,,192.0.2.1", "192.0.2.1"},
	/* The last element is not an address, and the elements before it do not count. */
	{"", NULL}, {" ", NULL}, {",", NULL}, {"6.6.6.6,", NULL}, {"6.6.6.6, ", NULL}, {"6.6.6.6, unknown", NULL},
	{"6.6.6.6, unix:", NULL}, {"6.6.6.6, _hidden", NULL}, {"6.6.6.6 192.0.2.1", NULL}, {"6.6.6.6;192.0.2.1", NULL},
	{"192.0.2", NULL}, {"192.0.2.256", NULL}, {"192.0.2.1.", NULL}, {"192.0.2.1:", NULL}, {"192.0.2.1:x", NULL},
	{"192.0.2.1:123456", NULL}, {"192.0.2.1:80:80", NULL}, {"192.0.2.1:_", NULL}, {"[192.0.2.1]", NULL},
	{"[2001:db8::1", NULL}, {"2001:db8::1]", NULL}, {"[2001:db8::1]443", NULL}, {"[2001:db8::1]:", NULL},
	{"[2001:db8::1]:x", NULL}, {"[]", NULL}, {"[", NULL}, {"]", NULL}, {":", NULL}, {"[::1]]", NULL}, {"[[::1]]", NULL},
	{"fe80::1%eth0", NULL}, {"1:2:3:4:5:6:7:8:9", NULL}, {":::", NULL}, {"0x7f.0.0.1", NULL}, {"2130706433", NULL},
	{"\"192.0.2.1\"", NULL}, {"for=192.0.2.1", NULL}, {"example.org", NULL}, {"192.0.2.1\x7f", NULL},
};

static void test_lists(void **state)
{
	(void)state;
	assert_rows("X-Forwarded-For", lists, ROWS(lists));
	assert_rows("x-real-ip", lists, ROWS(lists));
	assert_rows("Forwarded2", lists, ROWS(lists));
}

static void test_forwarded_7239_4(void **state)
{
	static const struct row rows[] = {
		{"for=192.0.2.1", "192.0.2.1"},
		{"For=192.0.2.1", "192.0.2.1"},
		{"for=\"192.0.2.1\"", "192.0.2.1"},
		{"for=\"192.0.2.1:80\"", "192.0.2.1"},
		{"for=192.0.2.1:80", "192.0.2.1"}, /* not quoted, though the grammar asks for it */
		{"for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"},
		{"for=\"[2001:DB8::1]\"", "2001:db8::1"},
		{"for=[2001:db8::1]", "2001:db8::1"},
		{"for=\"[2001:db8::1]:_port\"", "2001:db8::1"},
		{"for=192.0.2.1;proto=http;by=203.0.113.43", "192.0.2.1"},
		{"proto=http; by=203.0.113.43 ;for=192.0.2.1", "192.0.2.1"},
		{"for=6.6.6.6, for=192.0.2.1", "192.0.2.1"},
		{"for=6.6.6.6,for=\"[2001:db8::1]\";host=\"a,b;for=6.6.6.6\"", "2001:db8::1"},
		{"for=192.0.2.1;host=\"a\\\"b\"", "192.0.2.1"},
		{"for=192.0.2.1;host=\"\"", "192.0.2.1"},
		{"for=_gateway", "_gateway"},
		{"for=\"_SEVKISEK.a-b\"", "_SEVKISEK.a-b"},
		{"for=\"_gateway:80\"", "_gateway"},
		{"for=" LONGEST, LONGEST},
	};
	(void)state;
	assert_int_equal(strlen(LONGEST), ADDRESS_MAX - 1);
	assert_rows("Forwarded", rows, ROWS(rows));
	assert_rows("forwarded", rows, ROWS(rows));
}

static void test_forwarded_that_names_nobody(void **state)
{
	static const struct row rows[] = {
		{"", NULL}, {",", NULL}, {"=", NULL}, {";", NULL}, {"for", NULL}, {"for=", NULL}, {"for=\"\"", NULL},
		{"192.0.2.1", NULL}, {"for=unknown", NULL}, {"by=192.0.2.1", NULL}, {"forr=192.0.2.1", NULL},
		{"for=6.6.6.6,", NULL}, {"for=6.6.6.6, by=192.0.2.1", NULL}, {"for=6.6.6.6, for=unknown", NULL},
		{"for=192.0.2.1;for=6.6.6.6", NULL}, {"for=192.0.2.1;", NULL}, {"for=192.0.2.1;by", NULL},
		{"for=192.0.2.1;b y=a", NULL}, {"for=_", NULL}, {"for=_a b", NULL}, {"for=_a\\\"", NULL}, {"for=\"_a\\", NULL},
		{"for=\"_a:\"", NULL}, {"for=" LONGEST "x", NULL}, {"for==192.0.2.1", NULL}, {"for=2001:db8::1]", NULL},
		{"for=\"", NULL}, {"for=\"\\\"", NULL}, {"for=\"192.0.2.1", NULL}, {"for=192.0.2.1\"", NULL},
	};
	(void)state;
	assert_rows("Forwarded", rows, ROWS(rows));
}

/*
 * A client leaves a quoted string open, so that it swallows the comma which the proxy appends. Its element is ignored.
 */
static void test_no_client_hides_the_comma_of_the_proxy(void **state)
{
	static const char *const forged[] = {
		"for=6.6.6.6;by=\"", "for=6.6.6.6;by=\"\\", "for=6.6.6.6;by=\"\\\"",
		"for=\"6.6.6.6\";by=\"\\\\", "for=\"6.6.6.6",
		"for=6.6.6.6;by=a\\\"", "for=6.6.6.6;\"", "for=6.6.6.6\"", "for=6.6.6.6;by=a\"",
		"for=6.6.6.6;by=\"a\";c=\"", "\"for=6.6.6.6", "\"",
	};
	static const struct row appended[] = {
		{"for=192.0.2.1", NULL}, {"for=\"192.0.2.1:80\"", NULL}, {"for=\"[2001:db8::1]:80\";proto=https", NULL},
		{"for=_a;host=\"b\"", NULL}, {"host=\"b\\\"\";for=192.0.2.1", NULL},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(forged); i++)
		for (size_t k = 0; k < ROWS(appended); k++) {
			char value[256];
			snprintf(value, sizeof value, "%s, %s", forged[i], appended[k].value);
			const char *address = address_in("Forwarded", slice_of(value));
			if (address != NULL && strcmp(address, "6.6.6.6") == 0)
				fail_msg("'%s' is '%s'", value, address);
		}
}

static void test_no_value(void **state)
{
	struct buf b = buf_in(got, ADDRESS_MAX - 1);
	(void)state;
	assert_false(forwarded_address(slice_of("Forwarded"), (struct slice){NULL, 0}, &b));
	assert_false(forwarded_address(slice_of("X-Forwarded-For"), (struct slice){NULL, 0}, &b));
	assert_int_equal(b.len, 0);
}

/* Whatever the client sends, either the address that the proxy appends is found or none. */
static void test_random_beginnings(void **state)
{
	static const char letters[] = "for=;,\"\\ :[]_16.x\t";
	unsigned found[2] = {0, 0};
	(void)state;
	for (int round = 0; round < 200000; round++) {
		bool standard = round % 2 == 0;
		char value[128];
		size_t n = 0;
		for (uint64_t most = random_below(30); n < most; n++)
			value[n] = letters[random_below(sizeof letters - 1)];
		n += (size_t)snprintf(value + n, sizeof value - n,
			standard ? ", for=\"[2001:db8::7]:80\"" : ", [2001:db8::7]:80");
		const char *address = address_in(standard ? "Forwarded" : "X-Forwarded-For", (struct slice){value, n});
		if (address != NULL)
			assert_string_equal(address, "2001:db8::7");
		found[standard] += address != NULL;
	}
	assert_int_equal(found[false], 100000);
	assert_true(found[true] > 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_forwarded_7239_4),
		cmocka_unit_test(test_forwarded_that_names_nobody),
		cmocka_unit_test(test_no_client_hides_the_comma_of_the_proxy),
		cmocka_unit_test(test_no_value),
		cmocka_unit_test(test_random_beginnings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
