/* SPDX-License-Identifier: ISC */
/* accept: quality values, codings and media ranges, each rule of RFC 9110 section 12 from both sides. */
#include "http/fields.h"

#include "http/accept.h"

struct codings_row {
	const char *text; /* a field's value, or field lines */
	unsigned quality[CODING_COUNT]; /* br, zstd, gzip, identity */
};

static void assert_codings(const struct request *r, const struct codings_row *row)
{
	unsigned q[CODING_COUNT] = {7777, 7777, 7777, 7777};
	accept_codings(r, q);
	for (unsigned c = 0; c < CODING_COUNT; c++)
		if (q[c] != row->quality[c])
			fail_msg("'%s': %s is %u, not %u", row->text ? row->text : "(none)", coding_name((enum coding)c), q[c],
				row->quality[c]);
}

static void assert_values(const struct codings_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct request r = with_field(FIELD_ACCEPT_ENCODING, slice_of(rows[i].text));
		assert_codings(&r, &rows[i]);
	}
}

static void test_names_and_suffixes_9110_8_4_1(void **state)
{
	static const char *const rows[CODING_COUNT][2] = {
		[CODING_BROTLI] = {"br", ".br"}, [CODING_ZSTD] = {"zstd", ".zst"}, [CODING_GZIP] = {"gzip", ".gz"},
		[CODING_IDENTITY] = {"identity", ""},
	};
	(void)state;
	for (unsigned c = 0; c < CODING_COUNT; c++) {
		assert_string_equal(coding_name((enum coding)c), rows[c][0]);
		assert_string_equal(coding_suffix((enum coding)c), rows[c][1]);
	}
	assert_true(CODING_BROTLI < CODING_ZSTD && CODING_ZSTD < CODING_GZIP && CODING_GZIP < CODING_IDENTITY);
}

static void test_without_the_field_or_in_an_empty_one_only_identity(void **state)
{
	static const struct codings_row rows[] = {
		{NULL, {0, 0, 0, 1}}, {"", {0, 0, 0, 1}}, {",", {0, 0, 0, 1}}, {" , ,\t", {0, 0, 0, 1}},
		{"compress", {0, 0, 0, 1}}, {"deflate, compress;q=0.3", {0, 0, 0, 1}}, {";q=1", {0, 0, 0, 1}},
	};
	(void)state;
	assert_values(rows, ROWS(rows));
}

static void test_codings_are_named_without_case_9110_8_4_1(void **state)
{
	static const struct codings_row rows[] = {
		{"br", {1000, 0, 0, 1}}, {"zstd", {0, 1000, 0, 1}}, {"gzip", {0, 0, 1000, 1}}, {"identity", {0, 0, 0, 1000}},
		{"BR", {1000, 0, 0, 1}}, {"Zstd", {0, 1000, 0, 1}}, {"gZIP", {0, 0, 1000, 1}}, {"IDENTITY", {0, 0, 0, 1000}},
		{"x-gzip", {0, 0, 1000, 1}}, {"X-GZip", {0, 0, 1000, 1}}, {"x-gzip;q=0.3", {0, 0, 300, 1}},
		{"x-br, x-zstd, x-identity", {0, 0, 0, 1}}, {"b, brr, zst, gzi, gzipp, gz, identit", {0, 0, 0, 1}},
		{"gzip,br,zstd", {1000, 1000, 1000, 1}}, {"gzip, deflate, br, zstd", {1000, 1000, 1000, 1}},
		{" ,gzip,, br\t,", {1000, 0, 1000, 1}}, {"gzip br", {0, 0, 0, 1}}, {"\"gzip\"", {0, 0, 0, 1}},
	};
	(void)state;
	assert_values(rows, ROWS(rows));
}

static void test_star_stands_for_what_is_not_named_9110_12_5_3(void **state)
{
	static const struct codings_row rows[] = {
		{"*", {1000, 1000, 1000, 1}}, {"*;q=0.5", {500, 500, 500, 1}}, {"*;q=0", {0, 0, 0, 0}},
		{"*;q=0.000", {0, 0, 0, 0}}, {"gzip;q=0, *", {1000, 1000, 0, 1}}, {"*, gzip;q=0", {1000, 1000, 0, 1}},
		{"*;q=0, gzip", {0, 0, 1000, 0}}, {"gzip, *;q=0", {0, 0, 1000, 0}}, {"gzip;q=0.2,*;q=0.1", {100, 100, 200, 1}},
		{"**", {0, 0, 0, 1}}, {"*/*", {0, 0, 0, 1}}, {"x-gzip;q=0, *;q=0.4", {400, 400, 0, 1}},
	};
	(void)state;
	assert_values(rows, ROWS(rows));
}

static void test_identity_is_acceptable_unless_refused_9110_12_5_3(void **state)
{
	static const struct codings_row rows[] = {
		{"identity;q=0", {0, 0, 0, 0}}, {"identity;q=0, gzip", {0, 0, 1000, 0}}, {"gzip;q=0", {0, 0, 0, 1}},
		{"identity;q=0.5, *;q=0", {0, 0, 0, 500}}, {"*;q=0, identity;q=0.5", {0, 0, 0, 500}},
		{"identity;q=0, *", {1000, 1000, 1000, 0}}, {"*;q=0.7, identity;q=0", {700, 700, 700, 0}},
		{"gzip;q=0.5, identity", {0, 0, 500, 1000}}, {"identity;q=0.001", {0, 0, 0, 1}},
		{"gzip;q=0.002", {0, 0, 2, 1}}, {"br;q=0, zstd;q=0, gzip;q=0", {0, 0, 0, 1}},
	};
	(void)state;
	assert_values(rows, ROWS(rows));
}

static void test_weights_9110_12_4_2(void **state)
{
	static const struct codings_row rows[] = {
		{"gzip;q=1", {0, 0, 1000, 1}}, {"gzip;q=1.", {0, 0, 1000, 1}}, {"gzip;q=1.000", {0, 0, 1000, 1}},
		{"gzip;q=0.", {0, 0, 0, 1}}, {"gzip;q=0.005", {0, 0, 5, 1}}, {"gzip;q=0", {0, 0, 0, 1}},
		{"gzip;Q=0.25", {0, 0, 250, 1}}, {"gzip ; q=0.25", {0, 0, 250, 1}}, {"gzip\t;\tq=0.25", {0, 0, 250, 1}},
		{"gzip; q=0.5 , br ;q=0.4", {400, 0, 500, 1}}, {"gzip;q=0.12", {0, 0, 120, 1}}, {"gzip;q=0.1", {0, 0, 100, 1}},
		{"gzip;x=0.1;q=0.5", {0, 0, 500, 1}}, {"gzip;xq=0.1", {0, 0, 1000, 1}}, {"gzip;;q=0.5", {0, 0, 500, 1}},
		{"gzip;", {0, 0, 1000, 1}}, {"gzip;q", {0, 0, 1000, 1}},
	};
	(void)state;
	assert_values(rows, ROWS(rows));
}

/* Only a zero refuses: what is no qvalue counts as the number it looks like, and else as 1. */
static void test_an_odd_weight_is_no_refusal(void **state)
{
	static const struct codings_row rows[] = {
		{"gzip;q=.5", {0, 0, 500, 1}}, {"gzip;q=.0", {0, 0, 0, 1}}, {"gzip;q=00.5", {0, 0, 500, 1}},
		{"gzip;q=1.001", {0, 0, 1000, 1}}, {"gzip;q=1.0000", {0, 0, 1000, 1}}, {"gzip;q=2", {0, 0, 1000, 1}},
		{"gzip;q=1.5", {0, 0, 1000, 1}}, {"gzip;q=10", {0, 0, 1000, 1}}, {"gzip;q=100", {0, 0, 1000, 1}},
		{"gzip;q=99999999999999999999999", {0, 0, 1000, 1}}, {"gzip;q=0.9999", {0, 0, 999, 1}},
		{"gzip;q=0.0005", {0, 0, 1, 1}}, {"gzip;q=0.00000000000000000000001", {0, 0, 1, 1}},
		{"gzip;q=0.0000000", {0, 0, 0, 1}}, {"gzip;q=000", {0, 0, 0, 1}}, {"gzip;q=", {0, 0, 1000, 1}},
		{"gzip;q=.", {0, 0, 1000, 1}}, {"gzip;q=-1", {0, 0, 1000, 1}}, {"gzip;q=-0", {0, 0, 1000, 1}},
		{"gzip;q=+1", {0, 0, 1000, 1}}, {"gzip;q=1e0", {0, 0, 1000, 1}}, {"gzip;q=0e0", {0, 0, 1000, 1}},
		{"gzip;q=0.5.5", {0, 0, 1000, 1}}, {"gzip;q=0.5x", {0, 0, 1000, 1}}, {"gzip;q=\"0\"", {0, 0, 1000, 1}},
		{"gzip;q=high", {0, 0, 1000, 1}}, {"gzip;q=50%", {0, 0, 1000, 1}}, {"gzip;q=0 .5", {0, 0, 1000, 1}},
		{"gzip;q=0,5", {0, 0, 0, 1}}, /* two list elements, "gzip;q=0" and "5" */
		{"identity;q=.5", {0, 0, 0, 500}}, {"*;q=.1", {100, 100, 100, 1}}, {"identity;q=1.5", {0, 0, 0, 1000}},
		{"*;q=x", {1000, 1000, 1000, 1}}, {"identity;q=x, *;q=0", {0, 0, 0, 1000}},
	};
	(void)state;
	assert_values(rows, ROWS(rows));
}

/* The thousandths of DIGITS [ "." DIGITS ] with at least one digit, no more than 1000; 1000 for all else. */
static unsigned quality_by_number(const char *s)
{
	size_t n = strlen(s), digits = strspn(s, "0123456789");
	size_t more = s[digits] == '.' ? strspn(s + digits + 1, "0123456789") : 0;
	if (digits + more == 0 || digits + (s[digits] == '.') + more != n)
		return 1000;
	double value = atof(s);
	return value >= 1 ? 1000 : value > 0 && value < 0.001 ? 1 : (unsigned)(value * 1000 + 1e-9);
}

/* Every text of up to six of these characters. */
static void test_every_short_quality_9110_12_4_2(void **state)
{
	static const char letters[] = "0129.";
	(void)state;
	for (size_t n = 0; n <= 6; n++) {
		size_t count = 1;
		for (size_t i = 0; i < n; i++)
			count *= 5;
		for (size_t k = 0; k < count; k++) {
			char text[16] = "gzip;q=";
			for (size_t i = 0, rest = k; i < n; i++, rest /= 5)
				text[7 + i] = letters[rest % 5];
			struct codings_row row = {text, {0, 0, quality_by_number(text + 7), 1}};
			assert_values(&row, 1);
		}
	}
}

/* Several lines are one list (RFC 9110 section 5.3). */
static void test_repeated_lines_are_one_list_9110_5_3(void **state)
{
	static const struct codings_row rows[] = {
		{"Accept-Encoding: gzip\r\nAccept-Encoding: br;q=0.5\r\n", {500, 0, 1000, 1}},
		{"Accept-Encoding: \r\nX: y\r\naccept-encoding: zstd \r\nAccept: a/b\r\nACCEPT-ENCODING: br\r\n",
		 {1000, 1000, 0, 1}},
		{"Accept-Encoding: *;q=0\r\nAccept-Encoding: identity;q=0.3\r\n", {0, 0, 0, 300}},
		{"Accept-Encoding: gzip;q=0.4\r\nAccept-Encoding: *\r\n", {1000, 1000, 400, 1}},
		{"Accept-Encoding:\r\nAccept-Encoding:\r\n", {0, 0, 0, 1}}, {"Accept: gzip\r\nX: br\r\n", {0, 0, 0, 1}},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = with_lines(rows[i].text);
		assert_codings(&r, &rows[i]);
	}
}

/* Random lists of distinct codings with random weights, against the rules of RFC 9110 section 12.5.3 one by one. */
static void test_random_lists_against_the_rules_9110_12_5_3(void **state)
{
	static const char *const names[] = {"br", "zstd", "gzip", "identity", "*", "deflate"};
	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[256] = "";
		int q[6] = {-1, -1, -1, -1, -1, -1};
		size_t n = 0;
		for (uint64_t k = random_below(7); k > 0; k--) {
			size_t c = (size_t)random_below(6);
			if (q[c] >= 0)
				continue;
			q[c] = random_below(3) == 0 ? 0 : (int)random_below(1001);
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s;q=%d.%03d", n ? "," : "",
				random_below(2) ? " " : "",
				names[c], q[c] / 1000, q[c] % 1000);
		}
		struct codings_row row = {text, {0, 0, 0, 0}};
		for (size_t c = 0; c < CODING_IDENTITY; c++)
			row.quality[c] = (unsigned)(q[c] >= 0 ? q[c] : q[4] >= 0 ? q[4] : 0);
		row.quality[CODING_IDENTITY] = (unsigned)(q[3] >= 0 ? q[3] : q[4] == 0 ? 0 : 1);
		assert_values(&row, 1);
	}
}

struct type_row {
	const char *accept, *type;
	unsigned quality;
	bool named;
};

static void assert_type(const struct request *r, const struct type_row *row)
{
	bool named = !row->named;
	unsigned q = accept_type(r, row->type, &named);
	if (q != row->quality || named != row->named)
		fail_msg("'%s', %s: %u, %d; not %u, %d", row->accept ? row->accept : "(none)", row->type, q, named,
			row->quality,
			row->named);
}

static void assert_types(const struct type_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct request r = with_field(FIELD_ACCEPT, slice_of(rows[i].accept));
		assert_type(&r, &rows[i]);
	}
}

static void test_without_accept_everything_is_welcome_9110_12_5_1(void **state)
{
	static const struct type_row rows[] = {
		{NULL, "text/html", 1000, false}, {NULL, "application/json", 1000, false}, {"", "text/html", 0, false},
		{"text/plain", "text/html", 0, false},
	};
	(void)state;
	assert_types(rows, ROWS(rows));
}

static void test_media_ranges_9110_12_5_1(void **state)
{
	static const struct type_row rows[] = {
		{"text/html", "text/html", 1000, true}, {"TEXT/Html", "text/html", 1000, true},
		{"text/*", "text/html", 1000, false}, {"Text/*", "text/html", 1000, false}, {"*/*", "text/html", 1000, false},
		{"text/htm", "text/html", 0, false}, {"text/h", "text/html", 0, false},
		{"text/htmlx", "text/html", 0, false}, {"text/", "text/html", 0, false},
		{"text", "text/html", 0, false}, {"tex/*", "text/html", 0, false}, {"texts/*", "text/html", 0, false},
		{"*/html", "text/html", 0, false}, {"*", "text/html", 1000, false}, {"*/", "text/html", 0, false},
		{"/*", "text/html", 0, false}, {"text/**", "text/html", 0, false}, {"text*", "text/html", 0, false},
		{"application/json", "application/json", 1000, true}, {"application/*", "application/json", 1000, false},
		{"application/json", "text/html", 0, false}, {"image/*", "text/html", 0, false},
		{";q=1", "text/html", 0, false},
	};
	(void)state;
	assert_types(rows, ROWS(rows));
}

static void test_the_most_specific_range_counts_in_any_order_9110_12_5_1(void **state)
{
	static const struct type_row rows[] = {
		{"text/html;q=0.1, text/*;q=0.5, */*", "text/html", 100, true},
		{"*/*, text/*;q=0.5, text/html;q=0.1", "text/html", 100, true},
		{"text/*;q=0.5, text/html;q=0.1, */*", "text/html", 100, true},
		{"*/*, text/*;q=0.5", "text/html", 500, false}, {"text/*;q=0.5, */*", "text/html", 500, false},
		{"text/*;q=0.5, */*", "application/json", 1000, false}, {"text/html;q=0, */*", "text/html", 0, true},
		{"*/*, text/html;q=0", "text/html", 0, true}, {"text/*;q=0, */*", "text/html", 0, false},
		{"text/html;q=0.3, application/json;q=0.7", "application/json", 700, true},
		{"text/html;q=0.3, application/json;q=0.7", "text/html", 300, true},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json", 800, false},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html", 1000, true},
		/* The examples of the section. */
		{"text/*;q=0.3, text/plain;q=0.7, */*;q=0.5", "text/plain", 700, true},
		{"text/*;q=0.3, text/plain;q=0.7, */*;q=0.5", "text/html", 300, false},
		{"text/*;q=0.3, text/plain;q=0.7, */*;q=0.5", "image/jpeg", 500, false},
		{"text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c", "text/plain", 500, true},
		{"audio/*; q=0.2, audio/basic", "audio/basic", 1000, true},
		{"audio/*; q=0.2, audio/basic", "audio/ogg", 200, false},
	};
	(void)state;
	assert_types(rows, ROWS(rows));
}

/* Java's HttpURLConnection: a star alone, which the grammar has not. */
static void test_a_star_alone_is_any_type(void **state)
{
	static const struct type_row rows[] = {
		{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html", 1000, true},
		{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "application/json", 200, false},
		{"image/gif, *;q=.2", "text/html", 200, false}, {"*;q=0", "text/html", 0, false},
	};
	(void)state;
	assert_types(rows, ROWS(rows));
}

static void test_a_named_type_is_preferred_among_equals(void **state)
{
	static const struct {
		const char *accept;
		bool json;
	} rows[] = {
		{NULL, false}, {"*/*", false}, {"application/json", true}, {"text/html", false},
		{"application/json, text/plain, */*", true}, /* axios */
		{"application/json, text/javascript, */*; q=0.01", true}, /* jQuery */
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false},
		{"application/json, text/html", false}, {"text/html, application/json", false},
		{"application/json;q=0.9, text/html", false}, {"application/json, text/html;q=0.9", true},
		{"application/json;q=0.5, */*", false}, {"application/json, text/*", true}, {"application/*, */*", false},
		{"application/*, text/html", false}, {"application/json;v=1, */*", true}, {"application/json;q=0, */*", false},
		{"text/html;q=0, */*", true}, {"application/json;q=0, text/html;q=0", false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = with_field(FIELD_ACCEPT, slice_of(rows[i].accept));
		if (accept_prefers(&r, "application/json", "text/html") != rows[i].json)
			fail_msg("'%s'", rows[i].accept ? rows[i].accept : "(none)");
	}
}

static void test_weights_of_media_ranges_9110_12_4_2(void **state)
{
	static const struct type_row rows[] = {
		{"text/html;q=0.5", "text/html", 500, true}, {"text/html ; q=0.5", "text/html", 500, true},
		{"text/html;Q=0.5", "text/html", 500, true}, {"text/html;q=0.0005", "text/html", 1, true},
		{"text/html;q=1.001", "text/html", 1000, true}, {"text/html;q=", "text/html", 1000, true},
		{"*/*;q=.8", "text/html", 800, false}, {"text/*;q=1.5", "text/html", 1000, false},
		{"text/html;q=0.000", "text/html", 0, true},
		{"text/html;a=\"x,y\";q=0.4", "text/html", 400, true}, {"text/html;q=0.5 ; a=b", "text/html", 500, true},
		{"a/b;c=\"text/html,\\\",text/html\"", "text/html", 0, false},
	};
	(void)state;
	assert_types(rows, ROWS(rows));
}

static void test_repeated_accept_lines_are_one_list_9110_5_3(void **state)
{
	static const struct type_row rows[] = {
		{"Accept: */*;q=0.1\r\nAccept: text/html;q=0.6\r\n", "text/html", 600, true},
		{"Accept: text/html;q=0.6\r\nX: y\r\naccept: */*\r\n", "text/html", 600, true},
		{"Accept:\r\nAccept: application/*;q=0.2\r\n", "application/json", 200, false},
		{"Accept:\r\nAccept:\r\n", "text/html", 0, false}, {"Accept-Encoding: gzip\r\n", "text/html", 1000, false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = with_lines(rows[i].accept);
		assert_type(&r, &rows[i]);
	}
}

/* "text/html;level=1" is another, more special type than text/html: it says nothing of a type without a level. */
static void test_a_range_with_parameters_does_not_hide_the_plain_one_9110_12_5_1(void **state)
{
	static const struct type_row rows[] = {
		{"text/html, text/html;level=1;q=0.1", "text/html", 1000, true},
		{"text/html;level=1;q=0.1, text/html", "text/html", 1000, true},
		{"text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4", "text/plain", 700, true},
		{"text/plain;format=flowed, text/plain;format=fixed;q=0.4, text/plain;q=0.7", "text/plain", 700, true},
	};
	(void)state;
	assert_types(rows, ROWS(rows));
}

/* parameter-value = ( token / quoted-string ): what is quoted is no weight. */
static void test_a_quoted_semicolon_separates_nothing_9110_5_6_6(void **state)
{
	static const struct type_row rows[] = {
		{"text/html;a=\"b\";q=0.5", "text/html", 500, true}, {"text/html;a=\";q=0\"", "text/html", 1000, true},
		{"text/html;a=\"\\\";q=0;\";q=0.5", "text/html", 500, true},
	};
	(void)state;
	assert_types(rows, ROWS(rows));
}

static void test_garbage_gives_no_more_than_1000(void **state)
{
	static const char letters[] = "gzip;q=0.1,*/ \t\"\\xt\x80";
	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[40];
		unsigned q[CODING_COUNT];
		bool named;
		size_t n = (size_t)random_below(sizeof text);
		for (size_t i = 0; i < n; i++)
			text[i] = letters[random_below(sizeof letters - 1)];
		struct request r = with_field(FIELD_ACCEPT_ENCODING, slice_of(""));
		r.first[FIELD_ACCEPT_ENCODING] = r.first[FIELD_ACCEPT] = guarded_again(text, n);
		accept_codings(&r, q);
		for (unsigned c = 0; c < CODING_COUNT; c++)
			assert_true(q[c] <= 1000);
		assert_true(accept_type(&r, "t/x", &named) <= 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_suffixes_9110_8_4_1),
		cmocka_unit_test(test_without_the_field_or_in_an_empty_one_only_identity),
		cmocka_unit_test(test_codings_are_named_without_case_9110_8_4_1),
		cmocka_unit_test(test_star_stands_for_what_is_not_named_9110_12_5_3),
		cmocka_unit_test(test_identity_is_acceptable_unless_refused_9110_12_5_3),
		cmocka_unit_test(test_weights_9110_12_4_2),
		cmocka_unit_test(test_an_odd_weight_is_no_refusal),
		cmocka_unit_test(test_every_short_quality_9110_12_4_2),
		cmocka_unit_test(test_repeated_lines_are_one_list_9110_5_3),
		cmocka_unit_test(test_random_lists_against_the_rules_9110_12_5_3),
		cmocka_unit_test(test_without_accept_everything_is_welcome_9110_12_5_1),
		cmocka_unit_test(test_media_ranges_9110_12_5_1),
		cmocka_unit_test(test_the_most_specific_range_counts_in_any_order_9110_12_5_1),
		cmocka_unit_test(test_a_star_alone_is_any_type),
		cmocka_unit_test(test_a_named_type_is_preferred_among_equals),
		cmocka_unit_test(test_weights_of_media_ranges_9110_12_4_2),
		cmocka_unit_test(test_repeated_accept_lines_are_one_list_9110_5_3),
		cmocka_unit_test(test_a_range_with_parameters_does_not_hide_the_plain_one_9110_12_5_1),
		cmocka_unit_test(test_a_quoted_semicolon_separates_nothing_9110_5_6_6),
		cmocka_unit_test(test_garbage_gives_no_more_than_1000),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
