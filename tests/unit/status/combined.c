/* SPDX-License-Identifier: ISC */
/* combined: the lines that httpd writes, and lines that only resemble them. */
#include "unit.h"

#include "status/combined.h"

#define HEAD "192.0.2.7 - - [21/Nov/2026:14:55:31 +0000] "
#define TAIL " \"-\" \"curl/7.88.1\""

static void takes_a_line_apart(void **state)
{
	(void)state;
	struct combined c;
	assert_true(combined_parse(guarded(HEAD "\"GET /a/b?c=d HTTP/1.1\" 404 1019" TAIL), &c));
	assert_slice(c.address, "192.0.2.7");
	assert_slice(c.path, "/a/b");
	assert_int_equal(c.status, 404);
	assert_int_equal(c.bytes, 1019);
}

static void finds_the_path(void **state)
{
	static const char *const rows[][2] = {
		{"GET / HTTP/1.1", "/"},
		{"GET /? HTTP/1.1", "/"},
		{"GET ?x HTTP/1.1", ""},
		{"OPTIONS * HTTP/1.1", "*"},
		{"GET /old", "/old"},
		{"GET /cut/off...", "/cut/off..."},
		{"GET http://a.example/b?c HTTP/1.1", "http://a.example/b"},
		/* Where there is no request line, the whole text counts as the path. */
		{"-", "-"},
		{"", ""},
		{"GET", "GET"},
		{"GET ", "GET "},
		{" / HTTP/1.1", " / HTTP/1.1"},
		{"G(T / HTTP/1.1", "G(T / HTTP/1.1"},
		{"\\x16\\x03\\x01", "\\x16\\x03\\x01"},
		/* Escapes are kept, those of other programs as well. */
		{"GET /\\x22\\x5c HTTP/1.1", "/\\x22\\x5c"},
		{"GET /\\\" HTTP/1.1", "/\\\""},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char line[256];
		struct combined c;
		snprintf(line, sizeof line, HEAD "\"%s\" 200 5" TAIL, rows[i][0]);
		assert_true(combined_parse(guarded(line), &c));
		assert_slice(c.path, rows[i][1]);
	}
}

static void takes_what_a_number_can_hold(void **state)
{
	(void)state;
	struct combined c;
	assert_true(combined_parse(guarded(HEAD "\"-\" 100 18446744073709551615" TAIL), &c));
	assert_true(c.bytes == UINT64_MAX);
	assert_int_equal(c.status, 100);
	assert_true(combined_parse(guarded(HEAD "\"-\" 599 0" TAIL), &c));
	assert_false(combined_parse(guarded(HEAD "\"-\" 200 18446744073709551616" TAIL), &c));
	assert_false(combined_parse(guarded(HEAD "\"-\" 99 0" TAIL), &c));
	assert_false(combined_parse(guarded(HEAD "\"-\" 600 0" TAIL), &c));
	assert_false(combined_parse(guarded(HEAD "\"-\" 18446744073709551615 0" TAIL), &c));
}

static void refuses_what_is_no_line(void **state)
{
	static const char *const rows[] = {
		"",
		" ",
		"httpd: /srv/www: No such file or directory",
		HEAD,
		HEAD "\"GET / HTTP/1.1\" 200",
		HEAD "\"GET / HTTP/1.1\" 200 -" TAIL, /* other servers write "-" for no bytes, httpd writes 0 */
		HEAD "\"GET / HTTP/1.1\" 200 5 \"-\" \"-",
		HEAD "\"GET / HTTP/1.1\" 200 5 \"-\" \"\\\"",
		HEAD "\"GET / HTTP/1.1\" 200 5 \"-\" \"\\",
		HEAD "\"GET / HTTP/1.1\" 200 5 \"-\"",
		HEAD "\"GET / HTTP/1.1\" 200 5" TAIL " ",
		HEAD "\"GET / HTTP/1.1\" 200 5" TAIL "\n",
		HEAD "\"GET / HTTP/1.1\"  200 5" TAIL,
		HEAD "\"GET / HTTP/1.1\" +200 5" TAIL,
		HEAD "GET / HTTP/1.1 200 5" TAIL,
		HEAD "\"GET / \"HTTP/1.1\" 200 5" TAIL,
		" - - [x] \"-\" 200 5" TAIL,
		"a - [x] \"-\" 200 5" TAIL,
		"a - - [] \"-\" 200 5" TAIL,
		"a - - [x\" 200 5" TAIL,
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct combined c;
		if (combined_parse(guarded(rows[i]), &c))
			fail_msg("taken for a line: %s", rows[i]);
	}
	struct combined c;
	assert_false(combined_parse((struct slice){NULL, 0}, &c));
}

/* Random changes and every beginning of a line: nothing outside the line is read. */
static void survives_anything(void **state)
{
	static const char good[] = HEAD "\"GET /\\x22 HTTP/1.1\" 200 5 \"http://a.example/\" \"x\\\"y\"";
	char line[sizeof good];
	struct combined c;
	(void)state;
	assert_true(combined_parse(guarded(good), &c));
	for (size_t len = 0; len + 1 < sizeof good; len++)
		assert_false(combined_parse(guarded_again(good, len), &c));
	for (size_t n = 0; n < 200000; n++) {
		memcpy(line, good, sizeof good);
		for (size_t changes = random_below(6); changes > 0; changes--) {
			char telling = "\" \\[]?-0\n"[random_below(9)], any = (char)random_below(256);
			line[random_below(sizeof good - 1)] = random_below(3) ? telling : any;
		}
		struct slice text = guarded_again(line, random_below(8) ? sizeof good - 1 : random_below(sizeof good));
		if (!combined_parse(text, &c))
			continue;
		assert_true(c.status >= 100 && c.status <= 599);
		assert_true(c.path.at >= text.at && c.path.at + c.path.len <= text.at + text.len);
		assert_true(c.address.len > 0 && c.address.at == text.at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_line_apart),
		cmocka_unit_test(finds_the_path),
		cmocka_unit_test(takes_what_a_number_can_hold),
		cmocka_unit_test(refuses_what_is_no_line),
		cmocka_unit_test(survives_anything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
