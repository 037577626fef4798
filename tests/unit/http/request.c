/* SPDX-License-Identifier: ISC */
/* request: heads that are complete, incomplete or cut, and each rule of RFC 9112 from both sides. */
#include "unit.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "http/request.h"

/* The result of a scan: the first answer other than "more", and how far it came. */
struct outcome {
	enum status status;
	size_t length;
};

static bool is_token(int c)
{
	return slice_is_token((struct slice){(char[]){(char)c}, 1});
}

/* Feeds the input in two pieces, or a byte at a time where cut is SIZE_MAX. Each piece lies elsewhere in memory. */
static struct outcome scan_cut(struct slice input, size_t cut)
{
	struct request_scan scan;
	memset(&scan, 0, sizeof scan);
	struct outcome o = {STATUS_NONE, 0};
	for (size_t n = cut == SIZE_MAX ? 0 : cut;; n = cut == SIZE_MAX ? n + 1 : input.len) {
		o.length = 42;
		o.status = request_scan(&scan, guarded_again(input.at, n), &o.length);
		if (o.status != STATUS_NONE || o.length > 0 || n == input.len)
			return o;
	}
}

static struct outcome scan_whole(struct slice input)
{
	return scan_cut(input, input.len);
}

static void assert_outcome(struct slice input, size_t cut, struct outcome expected)
{
	struct outcome o = scan_cut(input, cut);
	if (o.status != expected.status || o.length != expected.length)
		fail_msg("'%.60s' cut at %zd: %d, %zu; not %d, %zu", input.at, (ssize_t)cut, (int)o.status, o.length,
			(int)expected.status, expected.length);
}

/* Scans the input whole, byte by byte, and cut at each position; of a long input, cut at 200 positions. */
static void assert_scan(struct slice input, struct outcome expected)
{
	size_t step = input.len > 1000 ? input.len / 200 : 1;
	assert_outcome(input, SIZE_MAX, expected);
	for (size_t cut = 0; cut < input.len; cut += step)
		assert_outcome(input, cut, expected);
	assert_outcome(input, input.len > 0 ? input.len - 1 : 0, expected);
	assert_outcome(input, input.len, expected);
}

struct scan_row {
	struct slice input;
	struct outcome expected;
};

static void assert_scans(const struct scan_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_scan(rows[i].input, rows[i].expected);
}

static void test_scan_finds_the_end_9112_2_1(void **state)
{
	static const struct scan_row rows[] = {
		{BYTES(""), {0, 0}}, {BYTES("G"), {0, 0}}, {BYTES("GET / HTTP/1.1"), {0, 0}},
		{BYTES("GET / HTTP/1.1\r"), {0, 0}}, {BYTES("GET / HTTP/1.1\r\n"), {0, 0}},
		{BYTES("GET / HTTP/1.1\r\n\r"), {0, 0}}, {BYTES("GET / HTTP/1.1\r\n\r\n"), {0, 18}},
		{BYTES("GET / HTTP/1.1\n\n"), {0, 16}}, {BYTES("GET / HTTP/1.1\r\n\n"), {0, 17}},
		{BYTES("GET / HTTP/1.1\n\r\n"), {0, 17}}, {BYTES("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), {0, 27}},
		{BYTES("GET / HTTP/1.1\r\nHost: a\r\n\r"), {0, 0}},
		{BYTES("GET / HTTP/1.1\nHost: a\n\nGET /2 HTTP/1.1\n\n"), {0, 24}},
		{BYTES("GET / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\n\r\n"), {0, 18}}, {BYTES("G\n\n"), {0, 3}},
		{BYTES("GET / HTTP/1.1\r\nA: b\r\r\n\r\n"), {0, 25}}, {BYTES("GET / HTTP/1.1\r\n \r\n\r\n"), {0, 21}},
		{BYTES("GET / HTTP/1.1\r\n\r\r\n\r\n"), {0, 21}}, {BYTES("GET / HTTP/1.1\r\nA: \0\n\r\n"), {0, 23}},
		{BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), {0, 18}},
	};
	(void)state;
	assert_scans(rows, ROWS(rows));
}

static void test_scan_passes_over_empty_lines_before_9112_2_2(void **state)
{
	static const struct scan_row rows[] = {
		{BYTES("\n"), {0, 0}}, {BYTES("\r\n"), {0, 0}}, {BYTES("\r"), {0, 0}}, {BYTES("\n\n"), {0, 0}},
		{BYTES("\r\n\r\n"), {0, 0}}, {BYTES("\r\n\n\r\n\r"), {0, 0}}, {BYTES("\r\nG\r\n\r\n"), {0, 7}},
		{BYTES("\nG\n\n"), {0, 4}}, {BYTES("\r\n\n\r\n\nG\r\n\r\n"), {0, 11}}, {BYTES("\n\nG"), {0, 0}},
	};
	(void)state;
	assert_scans(rows, ROWS(rows));
}

static void test_scan_refuses_what_is_no_request(void **state)
{
	static const struct scan_row rows[] = {
		{BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), {400, 0}}, {BYTES("\x16"), {400, 0}},
		{BYTES("\x80\x2e\x01"), {400, 0}}, {BYTES(" GET / HTTP/1.1\r\n\r\n"), {400, 0}},
		{BYTES("\tGET / HTTP/1.1\r\n\r\n"), {400, 0}}, {BYTES("\0"), {400, 0}}, {BYTES("\r\n\x16\x03\x01"), {400, 0}},
		{BYTES("\r\n GET / HTTP/1.1\r\n\r\n"), {400, 0}}, {BYTES("\xef\xbb\xbfGET / HTTP/1.1\r\n\r\n"), {400, 0}},
		{BYTES("\rGET / HTTP/1.1\r\n\r\n"), {400, 0}}, {BYTES("\r\rGET / HTTP/1.1\r\n\r\n"), {400, 0}},
		{BYTES("\r\r\n"), {400, 0}}, {BYTES("\r \r\n"), {400, 0}}, {BYTES("/ HTTP/1.1\r\n\r\n"), {400, 0}},
		{BYTES("\"GET\" / HTTP/1.1\r\n\r\n"), {400, 0}}, {BYTES("{}"), {400, 0}},
		{BYTES("\r\n\r\r\nG\r\n\r\n"), {400, 0}},
	};
	(void)state;
	assert_scans(rows, ROWS(rows));
}

static void test_scan_first_byte_is_of_a_token_9110_5_6_2(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		bool good = is_token(c) || c == '\r' || c == '\n';
		struct outcome expected = {good ? STATUS_NONE : STATUS_BAD_REQUEST, 0};
		assert_scan((struct slice){(char[]){(char)c}, 1}, expected);
		assert_scan((struct slice){(char[]){'\r', '\n', (char)c}, 3}, expected);
		assert_scan((struct slice){(char[]){'\n', '\n', (char)c}, 3}, expected);
	}
}

/* "as soon as no request can begin like this". A CR that is no part of a line end is at once the end of the scan. */
static void test_scan_refuses_bare_cr_before_at_once_9112_2_2(void **state)
{
	static const struct scan_row rows[] = {
		{BYTES("\rG"), {400, 0}}, {BYTES("\r\x16"), {400, 0}}, {BYTES("\r\r"), {400, 0}}, {BYTES("\r\n\rG"), {400, 0}},
	};
	(void)state;
	assert_scans(rows, ROWS(rows));
}

/* A head of `len` bytes: the beginning, a filling as often as it takes, and the end. */
static struct slice filled(const char *beginning, const char *filling, const char *end, size_t len)
{
	static char room[2 * HEAD_MAX];
	size_t b = strlen(beginning), e = strlen(end);
	assert_true(len <= sizeof room && b + e <= len);
	memcpy(room, beginning, b);
	for (size_t i = b; i < len - e; i++)
		room[i] = filling[(i - b) % strlen(filling)];
	memcpy(room + len - e, end, e);
	return (struct slice){room, len};
}

static void test_scan_longest_head(void **state)
{
	struct outcome more = {STATUS_NONE, 0}, whole = {STATUS_NONE, HEAD_MAX};
	(void)state;
	assert_scan(filled("GET / HTTP/1.1\r\nA: ", "a", "", HEAD_MAX - 1), more);
	assert_scan(filled("GET / HTTP/1.1\r\nA: ", "a", "\r\n\r\n", HEAD_MAX), whole);
	assert_scan(filled("GET / HTTP/1.1\r\n", "A: b\r\n", "X: c\r\n\r\n", HEAD_MAX), whole);
	assert_scan(filled("GET /", "a", "\n\n", HEAD_MAX), whole);
	assert_scan(filled("", "\r\n", "G\n\n", HEAD_MAX - 1), (struct outcome){STATUS_NONE, HEAD_MAX - 1});
	assert_scan(filled("G\n\n", "x", "", HEAD_MAX), (struct outcome){STATUS_NONE, 3});
}

static void test_scan_414_when_the_request_line_has_no_end(void **state)
{
	struct outcome too_long = {STATUS_URI_TOO_LONG, 0};
	(void)state;
	assert_scan(filled("GET /", "a", "", HEAD_MAX), too_long);
	assert_scan(filled("\r\n\nGET /", "a", "", HEAD_MAX), too_long);
	assert_scan(filled("GET /", "a", "\r\nHost: a\r\n", HEAD_MAX), too_long);
	assert_outcome(filled("GET /", "a", "", HEAD_MAX - 1), SIZE_MAX, (struct outcome){STATUS_NONE, 0});
}

static void test_scan_431_when_the_fields_have_no_end(void **state)
{
	struct outcome too_large = {STATUS_FIELDS_TOO_LARGE, 0};
	(void)state;
	assert_scan(filled("GET / HTTP/1.1\r\nA: ", "a", "", HEAD_MAX), too_large);
	assert_scan(filled("GET / HTTP/1.1\r\n", "A: b\r\n", "", HEAD_MAX), too_large);
	assert_scan(filled("GET / HTTP/1.1\n", "A: b\n", "", HEAD_MAX), too_large);
	assert_scan(filled("\r\n\r\nGET / HTTP/1.1\r\n", "A: b\r\n", "", HEAD_MAX), too_large);
	assert_scan(filled("GET / HTTP/1.1\r\nA: ", "a", "\r\n\r", HEAD_MAX), too_large);
	char line[TARGET_MAX + 32];
	int n = snprintf(line, sizeof line, "GET /%0*d HTTP/1.1\r\nA: ", TARGET_MAX - 1, 0);
	assert_int_equal(n, TARGET_MAX + 18);
	assert_scan(filled(line, "a", "", HEAD_MAX), too_large);
}

static void test_scan_refuses_whatever_holds_no_head(void **state)
{
	struct outcome o = scan_whole(filled("", "\r\n", "", HEAD_MAX));
	(void)state;
	assert_true(o.status >= 400);
	assert_outcome(filled("", "\r\n", "", HEAD_MAX), SIZE_MAX, o);
	assert_outcome(filled("", "\r\n", "", HEAD_MAX - 2), SIZE_MAX, (struct outcome){STATUS_NONE, 0});
}

/*
 * "each byte once over all calls". The bytes that were scanned become line ends afterwards, and the scan does not
 * notice.
 */
static void test_scan_reads_each_byte_once(void **state)
{
	static char room[64];
	struct request_scan scan;
	size_t length;
	(void)state;
	memset(&scan, 0, sizeof scan);
	memcpy(room, "GET / HTTP/1.1\r\nHost: example\r\n\r\n", 33);
	assert_int_equal(request_scan(&scan, (struct slice){room, 26}, &length), STATUS_NONE);
	assert_int_equal(length, 0);
	memset(room, '\n', 16);
	memset(room + 17, '\n', 9);
	assert_int_equal(request_scan(&scan, (struct slice){room, 33}, &length), STATUS_NONE);
	assert_int_equal(length, 33);
}

/* Parses bytes that stay in memory, and fails unless the status is the expected one. */
static struct request parse_bytes(struct slice head, enum status expected)
{
	struct request r;
	memset(&r, 0x55, sizeof r);
	enum status status = request_parse(guarded_again(head.at, head.len), &r);
	if (status != expected)
		fail_msg("'%.*s' is %d, not %d", (int)head.len, head.at, (int)status, (int)expected);
	return r;
}

static struct request parse(const char *head, enum status expected)
{
	return parse_bytes(slice_of(head), expected);
}

/* A request of HTTP/1.x with these field lines, besides Host. */
static struct request with_fields(unsigned minor, const char *lines, enum status expected)
{
	char head[2048];
	int n = snprintf(head, sizeof head, "GET / HTTP/1.%u\r\nHost: a\r\n%s\r\n", minor, lines);
	assert_true(n > 0 && (size_t)n < sizeof head);
	return parse(head, expected);
}

static void test_well_formed(void **state)
{
	(void)state;
	struct request r = parse("GET /a?b HTTP/1.1\r\nHost: example.com:80\r\nX: y\r\nReferer:\t r \r\n\r\n", STATUS_NONE);
	assert_slice(r.line, "GET /a?b HTTP/1.1");
	assert_int_equal(r.method, METHOD_GET);
	assert_slice(r.target, "/a?b");
	assert_int_equal(r.minor, 1);
	assert_slice(r.first[FIELD_HOST], "example.com:80");
	assert_slice(r.first[FIELD_REFERER], "r");
	assert_null(r.first[FIELD_USER_AGENT].at);
	assert_int_equal(r.repeated, 0);
	assert_int_equal(r.length, 0);
	assert_false(request_has_body(&r));
	assert_slice((struct slice){r.fields.at, 22}, "Host: example.com:80\r\n");
}

static void test_no_fields_at_all(void **state)
{
	(void)state;
	struct request r = parse("HEAD / HTTP/1.0\r\n\r\n", STATUS_NONE);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		assert_null(r.first[i].at);
	parse("GET / HTTP/1.1\r\n\r\n", STATUS_BAD_REQUEST);
}

static void test_line_ends_may_be_bare_lf_9112_2_2(void **state)
{
	(void)state;
	struct request r = parse("GET / HTTP/1.1\nHost: a\nX: y\nAccept: b \n\n", STATUS_NONE);
	assert_slice(r.line, "GET / HTTP/1.1");
	assert_slice(r.first[FIELD_HOST], "a");
	assert_slice(r.first[FIELD_ACCEPT], "b");
	parse("GET / HTTP/1.1\r\nHost: a\n\r\n", STATUS_NONE);
	parse("GET / HTTP/1.1\nHost: a\r\n\n", STATUS_NONE);
}

static void test_empty_lines_before_9112_2_2(void **state)
{
	(void)state;
	assert_slice(parse("\r\nGET / HTTP/1.0\r\n\r\n", STATUS_NONE).line, "GET / HTTP/1.0");
	assert_slice(parse("\n\r\n\nGET / HTTP/1.0\r\n\r\n", STATUS_NONE).target, "/");
	parse("\rGET / HTTP/1.0\r\n\r\n", STATUS_BAD_REQUEST);
	parse("\r\r\nGET / HTTP/1.0\r\n\r\n", STATUS_BAD_REQUEST);
	parse(" \r\nGET / HTTP/1.0\r\n\r\n", STATUS_BAD_REQUEST);
	parse("\r\n\r\n", STATUS_BAD_REQUEST);
}

static void test_cut_anywhere_is_400(void **state)
{
	static const char head[] = "GET /a HTTP/1.1\r\nHost: example.com\r\nAccept: b\r\nAccept: c\r\n\r\n";
	(void)state;
	for (size_t n = 0; n < sizeof head - 1; n++)
		parse_bytes((struct slice){head, n}, STATUS_BAD_REQUEST);
	parse(head, STATUS_NONE);
	parse("GET /a HTTP/1.1\r\nHost: a\r\n\r\nX", STATUS_BAD_REQUEST);
}

static void test_methods_are_case_sensitive_9110_9_1(void **state)
{
	static const struct {
		const char *name;
		enum method method;
	} rows[] = {
		{"GET", METHOD_GET}, {"HEAD", METHOD_HEAD}, {"OPTIONS", METHOD_OPTIONS}, {"POST", METHOD_NOT_ALLOWED},
		{"PUT", METHOD_NOT_ALLOWED}, {"DELETE", METHOD_NOT_ALLOWED}, {"CONNECT", METHOD_NOT_ALLOWED},
		{"TRACE", METHOD_NOT_ALLOWED}, {"PATCH", METHOD_NOT_ALLOWED}, {"PROPFIND", METHOD_NOT_ALLOWED},
		{"PROPPATCH", METHOD_NOT_ALLOWED}, {"MKCOL", METHOD_NOT_ALLOWED}, {"COPY", METHOD_NOT_ALLOWED},
		{"MOVE", METHOD_NOT_ALLOWED}, {"LOCK", METHOD_NOT_ALLOWED}, {"UNLOCK", METHOD_NOT_ALLOWED},
		{"get", METHOD_UNKNOWN}, {"Get", METHOD_UNKNOWN}, {"GEt", METHOD_UNKNOWN}, {"head", METHOD_UNKNOWN},
		{"post", METHOD_UNKNOWN}, {"GE", METHOD_UNKNOWN}, {"GETS", METHOD_UNKNOWN}, {"OPTION", METHOD_UNKNOWN},
		{"BREW", METHOD_UNKNOWN}, {"X", METHOD_UNKNOWN}, {"!#$%&'*+-.^_`|~", METHOD_UNKNOWN},
		{"GET\x2e", METHOD_UNKNOWN},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char head[64];
		snprintf(head, sizeof head, "%s / HTTP/1.0\r\n\r\n", rows[i].name);
		assert_int_equal(parse(head, STATUS_NONE).method, rows[i].method);
	}
}

static void test_method_is_a_token_9112_3_1(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char head[] = "GxT / HTTP/1.0\r\n\r\n";
		head[1] = (char)c;
		enum status expected = is_token(c) ? STATUS_NONE : STATUS_BAD_REQUEST;
		parse_bytes((struct slice){head, sizeof head - 1}, expected);
	}
	parse(" / HTTP/1.0\r\n\r\n", STATUS_BAD_REQUEST);
}

static void test_versions_9112_2_3(void **state)
{
	(void)state;
	for (unsigned major = 0; major < 10; major++)
		for (unsigned minor = 0; minor < 10; minor++) {
			char head[64];
			snprintf(head, sizeof head, "GET / HTTP/%u.%u\r\nHost: a\r\n\r\n", major, minor);
			struct request r = parse(head, major == 1 ? STATUS_NONE : STATUS_VERSION_NOT_SUPPORTED);
			if (major == 1)
				assert_int_equal(r.minor, minor);
		}
	parse("PRI * HTTP/2.0\r\n\r\n", STATUS_VERSION_NOT_SUPPORTED);
}

static void test_malformed_versions_are_400_9112_2_3(void **state)
{
	static const char rows[][16] = {
		"http/1.1", "Http/1.1", "HTTP/1.10", "HTTP/11", "HTTP/1.", "HTTP/.1", "HTTP/1", "HTTP/", "HTTP", "", "HTTP/1,1",
		"HTTP/1.1.1", "HTTP/01.1", "HTTP/1.01", "HTTP/10.1", "HTTP/-1.1", "HTTP/1.-1", "HTTP/+1.1", "HTTP/a.1",
		"HTTP/1.a", "HTTP/ 1.1", "HTTP\\1.1", "HTTPS/1.1", "ICY/1.1", "1.1", "HTTP/1.1a", "HTTP/1.1\t", "\tHTTP/1.1",
		"HTTP//1.1", "HTTP/1.1,", "HTTP/1/1", "HTTP-1.1", "HTTP/1.\xb2", "HTTP/:.1", "HTTP/1./",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char head[1024];
		snprintf(head, sizeof head, "GET / %s\r\nHost: a\r\n\r\n", rows[i]);
		parse(head, STATUS_BAD_REQUEST);
	}
}

static void test_request_line_has_single_spaces_9112_3(void **state)
{
	static const char rows[][32] = {
		"GET  / HTTP/1.0", "GET /  HTTP/1.0", "GET / HTTP/1.0 ", " GET / HTTP/1.0", "GET\t/ HTTP/1.0",
		"GET /\tHTTP/1.0", "GET / HTTP/1.0\t", "\tGET / HTTP/1.0", "GET\t/\tHTTP/1.0", "GET /a b HTTP/1.0",
		"GET / HTTP/1.0 x", "GET /\vHTTP/1.0", "GET / HTTP/1.0\r", "GET\r/ HTTP/1.0", "GET /\r HTTP/1.0", "GET", "GET ",
		"GET /", "GET / ", "/", "GET  HTTP/1.0", "GET HTTP/1.0", " ", "  ", "   ", "GET /\f HTTP/1.0",
		"GET\xa0/ HTTP/1.0",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char head[1024];
		snprintf(head, sizeof head, "%s\r\nHost: a\r\n\r\n", rows[i]);
		parse(head, STATUS_BAD_REQUEST);
	}
}

static void test_controls_in_the_request_line_are_400(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char head[] = "GET /x HTTP/1.0\r\n\r\n";
		head[5] = (char)c;
		bool bad = c == ' ' || c == 0x7f || (c < ' ' && c != '\t');
		parse_bytes((struct slice){head, sizeof head - 1}, bad ? STATUS_BAD_REQUEST : STATUS_NONE);
	}
}

static void test_longest_target(void **state)
{
	static char head[TARGET_MAX + 64];
	(void)state;
	for (int len = TARGET_MAX - 1; len <= TARGET_MAX + 2; len++) {
		enum status expected = len <= TARGET_MAX ? STATUS_NONE : STATUS_URI_TOO_LONG;
		snprintf(head, sizeof head, "GET /%0*d HTTP/1.0\r\n\r\n", len - 1, 0);
		assert_int_equal(parse(head, expected).target.len, len);
	}
}

static void test_line_is_kept_for_the_log(void **state)
{
	static const struct {
		const char *head, *line;
		enum status status;
	} rows[] = {
		{"\r\nGET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1", STATUS_BAD_REQUEST},
		{"nonsense\r\n\r\n", "nonsense", STATUS_BAD_REQUEST},
		{"GET / HTTP/2.0\r\n\r\n", "GET / HTTP/2.0", STATUS_VERSION_NOT_SUPPORTED},
		{"GET  /\n\n", "GET  /", STATUS_BAD_REQUEST}, {"G\x01T /\r\n\r\n", "G\x01T /", STATUS_BAD_REQUEST},
		{"", "", STATUS_BAD_REQUEST}, {"GET / HTTP", "", STATUS_BAD_REQUEST}, {"\r\n\r\n", "", STATUS_BAD_REQUEST},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_slice(parse(rows[i].head, rows[i].status).line, rows[i].line);
}

static void test_filled_as_far_as_it_came(void **state)
{
	(void)state;
	struct request r = parse("HEAD /a HTTP/3.0\r\nHost: a\r\n\r\n", STATUS_VERSION_NOT_SUPPORTED);
	assert_int_equal(r.method, METHOD_HEAD);
	assert_slice(r.target, "/a");
	r = parse("GET /a HTTP/1.1\r\nHost: a\r\nUser-Agent: u\r\nbroken\r\nReferer: r\r\n\r\n", STATUS_BAD_REQUEST);
	assert_slice(r.first[FIELD_USER_AGENT], "u");
	assert_null(r.first[FIELD_REFERER].at);
	assert_int_equal(r.minor, 1);
}

/*
 * A head that the scan refuses has the method of the bytes that had come by then. Later bytes must not turn it into
 * HEAD, whose response has no content.
 */
static void test_the_method_of_a_refused_head_is_there_when_it_is_refused(void **state)
{
	static const char *const heads[] = {
		"\rHEAD / HTTP/1.1\r\n\r\n", "\r\n\r\rHEAD / HTTP/1.1\r\n\r\n",
		"\n\r\r\nHEAD / HTTP/1.1\r\n\r\n",
		"\r\r\nHEAD / HTTP/1.1\r\n\r\n", " HEAD / HTTP/1.1\r\n\r\n", "\r\n\x01HEAD / HTTP/1.1\r\n\r\n",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(heads); i++) {
		struct slice head = slice_of(heads[i]), come = {head.at, 0};
		struct request_scan scan = {0, 0, false};
		struct request whole, part;
		size_t length;
		do
			come.len++;
		while (come.len < head.len && request_scan(&scan, come, &length) == STATUS_NONE);
		assert_true(come.len < head.len);
		assert_int_equal(request_parse(guarded_bytes(head.at, head.len), &whole), STATUS_BAD_REQUEST);
		assert_int_equal(request_parse(guarded_bytes(come.at, come.len), &part), STATUS_BAD_REQUEST);
		assert_int_equal(whole.method, METHOD_UNKNOWN);
		assert_int_equal(part.method, METHOD_UNKNOWN);
	}
	assert_int_equal(parse("\r\n\n\r\nHEAD / HTTP/1.1\r\n\r\n", STATUS_BAD_REQUEST).method, METHOD_HEAD);
}

static void test_field_names_in_any_case_9110_5_1(void **state)
{
	static const struct {
		const char *name;
		enum field field;
	} rows[] = {
		{"Accept", FIELD_ACCEPT}, {"Accept-Encoding", FIELD_ACCEPT_ENCODING}, {"Connection", FIELD_CONNECTION},
		{"Content-Length", FIELD_CONTENT_LENGTH}, {"Host", FIELD_HOST}, {"If-Match", FIELD_IF_MATCH},
		{"If-Modified-Since", FIELD_IF_MODIFIED_SINCE}, {"If-None-Match", FIELD_IF_NONE_MATCH},
		{"If-Range", FIELD_IF_RANGE}, {"If-Unmodified-Since", FIELD_IF_UNMODIFIED_SINCE}, {"Range", FIELD_RANGE},
		{"Referer", FIELD_REFERER}, {"Transfer-Encoding", FIELD_TRANSFER_ENCODING}, {"User-Agent", FIELD_USER_AGENT},
	};
	(void)state;
	assert_int_equal(ROWS(rows), FIELD_COUNT);
	for (size_t i = 0; i < ROWS(rows); i++)
		for (size_t letter = 0; letter <= strlen(rows[i].name); letter++) {
			char head[128];
			int n = snprintf(head, sizeof head, "GET / HTTP/1.0\r\n%s: 7\r\n\r\n", rows[i].name);
			if (letter < strlen(rows[i].name))
				head[16 + letter] ^= rows[i].name[letter] == '-' ? 0 : 0x20;
			struct request r;
			request_parse(guarded_again(head, (size_t)n), &r);
			for (unsigned f = 0; f < FIELD_COUNT; f++)
				assert_slice(r.first[f], f == rows[i].field ? "7" : "");
		}
	struct request r = with_fields(1, "Hosts: b\r\nHos: c\r\nAccept-: d\r\nAccept_Encoding: e\r\nUser-Agen: f\r\n",
		STATUS_NONE);
	assert_slice(r.first[FIELD_HOST], "a");
	assert_null(r.first[FIELD_ACCEPT].at);
	assert_null(r.first[FIELD_ACCEPT_ENCODING].at);
	assert_null(r.first[FIELD_USER_AGENT].at);
}

static void test_malformed_field_lines_are_400_9112_5(void **state)
{
	static const char rows[][32] = {
		"X : y\r\n", "X\t: y\r\n", ": y\r\n", ":\r\n", "X\r\n", "X y\r\n", " X: y\r\n", "\tX: y\r\n", " \r\n", "\t\r\n",
		"A: b\r\n c\r\n", "A: b\r\n\tc\r\n", "A: b\r\n : c\r\n", "A: b\n c\n", "A: b\r\n \r\n", "X Y: z\r\n",
		"X,: y\r\n", "\"X\": y\r\n", "X/: y\r\n", "X(a): y\r\n", "X\x80: y\r\n", "A: b\rX: c\r\n", "A: b\r\r\n",
		"A\r: b\r\n", "\r: b\r\n", "A: \rb\r\n", "A: b\r \n", "Host : a\r\n", "Content-Length : 0\r\n",
		"Transfer-Encoding : chunked\r\n", "@: b\r\n", "[a]: b\r\n", "{: b\r\n",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		with_fields(1, rows[i], STATUS_BAD_REQUEST);
	parse("GET / HTTP/1.1\r\n Host: a\r\n\r\n", STATUS_BAD_REQUEST);
	parse("GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", STATUS_BAD_REQUEST);
	parse("GET / HTTP/1.0\r\n \r\n\r\n", STATUS_BAD_REQUEST);
}

static void test_field_name_is_a_token_9110_5_1(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char head[] = "GET / HTTP/1.0\r\nXxX: y\r\n\r\n";
		head[17] = (char)c;
		enum status expected = is_token(c) || c == ':' ? STATUS_NONE : STATUS_BAD_REQUEST;
		parse_bytes((struct slice){head, sizeof head - 1}, expected);
	}
}

/* "CR, LF, or NUL ... MUST either reject". The other controls are refused as well; obs-text is allowed. */
static void test_field_value_bytes_9110_5_5(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++)
		for (size_t at = 27; at < 31; at++) {
			char head[] = "GET / HTTP/1.0\r\nUser-Agent:abcd\r\n\r\n";
			head[at] = (char)c;
			bool good = (c >= ' ' && c != 0x7f) || c == '\t';
			struct request r = parse_bytes((struct slice){head, sizeof head - 1},
				good ? STATUS_NONE : STATUS_BAD_REQUEST);
			if (c > ' ' && c != 0x7f) {
				assert_int_equal(r.first[FIELD_USER_AGENT].len, 4);
				assert_memory_equal(r.first[FIELD_USER_AGENT].at, head + 27, 4);
			}
		}
}

static void test_values_are_trimmed_9112_5_1(void **state)
{
	static const struct {
		const char *line, *value;
	} rows[] = {
		{"Accept:b\r\n", "b"}, {"Accept: b\r\n", "b"}, {"Accept: \t b \t\r\n", "b"}, {"Accept:\r\n", ""},
		{"Accept: \r\n", ""}, {"Accept:\t \t\n", ""}, {"Accept: b c \r\n", "b c"}, {"Accept::\r\n", ":"},
		{"Accept: b: c\r\n", "b: c"}, {"Accept: \xa0\r\n", "\xa0"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = with_fields(1, rows[i].line, STATUS_NONE);
		assert_non_null(r.first[FIELD_ACCEPT].at);
		assert_slice(r.first[FIELD_ACCEPT], rows[i].value);
	}
}

static void test_five_hundred_fields(void **state)
{
	static char head[HEAD_MAX];
	struct buf b = buf_in(head, sizeof head);
	(void)state;
	buf_text(&b, "GET / HTTP/1.1\r\nHost: a\r\n");
	for (unsigned i = 0; i < 500; i++) {
		buf_format(&b, "X-%u", i);
		buf_text(&b, i % 2 == 0 ? ": v\r\nAccept: x\r\n" : ": \r\nACCEPT:\r\n");
	}
	buf_text(&b, "\r\n");
	assert_false(b.overflow);
	struct request r = parse_bytes(buf_slice(&b), STATUS_NONE);
	struct field_lines lines = request_lines(&r, FIELD_ACCEPT);
	struct slice value;
	for (unsigned i = 0; i < 500; i++) {
		assert_true(request_next(&lines, &value));
		assert_slice(value, i % 2 == 0 ? "x" : "");
	}
	assert_false(request_next(&lines, &value));
	assert_false(request_next(&lines, &value));
}

static void test_host_9112_3_2(void **state)
{
	static const struct {
		const char *head;
		enum status status;
	} rows[] = {
		{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", STATUS_NONE}, {"GET / HTTP/1.1\r\nHost:\r\n\r\n", STATUS_NONE},
		{"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", STATUS_NONE}, {"GET / HTTP/1.1\r\nHost: a:\r\n\r\n", STATUS_NONE},
		{"GET / HTTP/1.1\r\n\r\n", STATUS_BAD_REQUEST}, {"GET / HTTP/1.2\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nX: a\r\n\r\n", STATUS_BAD_REQUEST}, {"GET http://a/ HTTP/1.1\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nhOST: b\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost:\r\nHost: a\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: ::1\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.1\r\nHost: a?\r\n\r\n", STATUS_BAD_REQUEST}, {"GET / HTTP/1.0\r\n\r\n", STATUS_NONE},
		{"GET / HTTP/1.0\r\nHost: a\r\n\r\n", STATUS_NONE},
		{"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", STATUS_BAD_REQUEST},
		{"GET / HTTP/1.0\r\nHost: a b\r\n\r\n", STATUS_BAD_REQUEST},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		parse(rows[i].head, rows[i].status);
}

static void test_content_length_9110_8_6(void **state)
{
	static const struct {
		const char *lines;
		uint64_t length;
	} rows[] = {
		{"", 0}, {"Content-Length: 0\r\n", 0}, {"Content-Length: 1\r\n", 1}, {"Content-Length:007\r\n", 7},
		{"Content-Length: \t42 \r\n", 42}, {"Content-Length: 18446744073709551615\r\n", UINT64_MAX},
		{"Content-Length: 5\r\nContent-Length: 5\r\n", 5}, {"Content-Length: 5\r\nX: y\r\ncontent-length: 05\r\n", 5},
		{"Content-Length: 5\r\nContent-Length: 5\r\nContent-Length: 5\r\n", 5},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		for (unsigned minor = 0; minor < 2; minor++) {
			struct request r = with_fields(minor, rows[i].lines, STATUS_NONE);
			assert_true(r.length == rows[i].length);
			assert_int_equal(request_has_body(&r), rows[i].length > 0);
		}
}

static void test_bad_content_length_is_400_9112_6_3(void **state)
{
	static const char rows[][72] = {
		"Content-Length:\r\n", "Content-Length: \r\n", "Content-Length: -1\r\n", "Content-Length: +1\r\n",
		"Content-Length: 0x10\r\n", "Content-Length: a\r\n", "Content-Length: 1a\r\n", "Content-Length: 1 2\r\n",
		"Content-Length: 1.0\r\n", "Content-Length: 1,1\r\n", "Content-Length: 5, 5\r\n", "Content-Length: 5,\r\n",
		"Content-Length: \"5\"\r\n", "Content-Length: 5;\r\n", "Content-Length: 18446744073709551616\r\n",
		"Content-Length: 18446744073709551621\r\n", "Content-Length: 99999999999999999999999\r\n",
		"Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 0\r\nContent-Length: 5\r\n",
		"Content-Length: 5\r\nContent-Length: 0\r\n", "Content-Length: 5\r\nContent-Length:\r\n",
		"Content-Length: 5\r\nX: y\r\nContent-Length: 55\r\n",
		"Content-Length: 5\r\nContent-Length: 5\r\ncontent-length: 6\r\n",
		"Content-Length: \xb2\r\n", "Content-Length: 5\r\nContent-Length: a\r\n",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		for (unsigned minor = 0; minor < 2; minor++)
			with_fields(minor, rows[i], STATUS_BAD_REQUEST);
}

static void test_chunked_is_a_body_9112_6_3(void **state)
{
	static const char rows[][64] = {
		"Transfer-Encoding: chunked\r\n", "transfer-encoding:CHUNKED\r\n", "Transfer-Encoding: \tChunked \r\n",
		"Transfer-Encoding: , chunked,\r\n", "Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = with_fields(1, rows[i], STATUS_NONE);
		assert_int_equal(r.length, 0);
		assert_true(request_has_body(&r));
		assert_false(request_persists(&r));
		with_fields(0, rows[i], STATUS_BAD_REQUEST); /* section 6.1: HTTP/1.0 has no Transfer-Encoding */
	}
	struct request later = with_fields(2, rows[0], STATUS_NONE);
	assert_true(request_has_body(&later));
}

static void test_transfer_coding_unknown_is_501_9112_6_1(void **state)
{
	static const char rows[][80] = {
		"Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
		"Transfer-Encoding: identity, chunked\r\n", "Transfer-Encoding: a,b,c,chunked\r\n",
		"Transfer-Encoding: x;p=\"a,chunked\", chunked\r\n",
		"Transfer-Encoding: gzip\r\nX: y\r\nTransfer-Encoding:CHUNKED\r\n",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		with_fields(1, rows[i], STATUS_NOT_IMPLEMENTED);
		with_fields(0, rows[i], STATUS_BAD_REQUEST);
	}
}

static void test_transfer_encoding_without_chunked_at_its_end_is_400_9112_6_3(void **state)
{
	static const char rows[][80] = {
		"Transfer-Encoding: chunked, gzip\r\n", "Transfer-Encoding: chunked, chunked\r\n",
		"Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
		"Transfer-Encoding: identity\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n",
		"Transfer-Encoding:\r\n", "Transfer-Encoding: ,\r\n", "Transfer-Encoding: chunked;a=b\r\n",
		"Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: chunkedx\r\n", "Transfer-Encoding: \"chunked\"\r\n",
		"Transfer-Encoding: chunked chunked\r\n", "Transfer-Encoding: chunke\r\n",
		"Transfer-Encoding: chunked, gzip, chunked\r\n", "Transfer-Encoding: \"a, chunked\r\n",
		"Transfer-Encoding: \vchunked\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		with_fields(1, rows[i], STATUS_BAD_REQUEST);
}

static void test_transfer_encoding_with_content_length_is_400_9112_6_1(void **state)
{
	(void)state;
	with_fields(1, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", STATUS_BAD_REQUEST);
	with_fields(1, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", STATUS_BAD_REQUEST);
	with_fields(1, "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", STATUS_BAD_REQUEST);
	with_fields(1, "Content-Length: 5\r\nTransfer-Encoding: gzip, chunked\r\n", STATUS_BAD_REQUEST);
	with_fields(1, "Content-Length: 5\r\nTransfer-Encoding:\r\n", STATUS_BAD_REQUEST);
	with_fields(0, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", STATUS_BAD_REQUEST);
}

static void test_next_goes_from_line_to_line_9110_5_3(void **state)
{
	static const struct {
		const char *lines, *values;
	} rows[] = {
		{"", ""}, {"Accept: a\r\n", "[a]"}, {"Accept:\r\n", "[]"}, {"Accept: a\r\nAccept: b\r\n", "[a][b]"},
		{"Accept: a \r\nX: y\r\nACCEPT:b\r\nAccept-Encoding: z\r\naccept:\t c\t\r\n", "[a][b][c]"},
		{"Accept:\r\nAccept:\r\nAccept: \t \r\n", "[][][]"}, {"Accept: a\nAccept: b\nX: y\n", "[a][b]"},
		{"X: Accept: a\r\nAccept: b\r\nY: \r\nAccept: c\r\nZ: Accept: d\r\n", "[b][c]"},
		{"Accept: a, b\r\nAccept: a, b\r\n", "[a, b][a, b]"}, {"Accept-: x\r\nXAccept: y\r\n", ""},
		{"Accept:   \r\nAccept:a\r\nAccept:    \t\r\nAccept:b\r\n", "[][a][][b]"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = with_fields(1, rows[i].lines, STATUS_NONE);
		struct field_lines lines = request_lines(&r, FIELD_ACCEPT);
		struct slice value;
		char room[64];
		struct buf b = buf_in(room, sizeof room);
		while (request_next(&lines, &value)) {
			buf_char(&b, '[');
			buf_add(&b, value);
			buf_char(&b, ']');
		}
		assert_slice(buf_slice(&b), rows[i].values);
	}
}

static void test_next_of_two_fields_mixed(void **state)
{
	(void)state;
	struct request r = with_fields(1, "Range: 1\r\nReferer: a\r\nRange: 2\r\nReferer: b\r\nRange: 3\r\n", STATUS_NONE);
	struct field_lines ranges = request_lines(&r, FIELD_RANGE), referers = request_lines(&r, FIELD_REFERER);
	struct slice range, referer;
	assert_true(request_next(&ranges, &range));
	assert_true(request_next(&referers, &referer));
	assert_slice(range, "1");
	assert_slice(referer, "a");
	assert_true(request_next(&ranges, &range));
	assert_true(request_next(&ranges, &range));
	assert_slice(range, "3");
	assert_true(request_next(&referers, &referer));
	assert_slice(referer, "b");
	assert_false(request_next(&ranges, &range));
	assert_false(request_next(&referers, &referer));
}

static void test_single_is_on_one_line(void **state)
{
	(void)state;
	struct request r = with_fields(1, "Range: a\r\nReferer:\r\nAccept: b\r\nAccept: c\r\n", STATUS_NONE);
	assert_slice(request_single(&r, FIELD_RANGE), "a");
	assert_non_null(request_single(&r, FIELD_REFERER).at);
	assert_slice(request_single(&r, FIELD_REFERER), "");
	assert_null(request_single(&r, FIELD_ACCEPT).at);
	assert_null(request_single(&r, FIELD_USER_AGENT).at);
	r = with_fields(1, "Range: a\r\nRange: a\r\nRange: a\r\n", STATUS_NONE);
	assert_null(request_single(&r, FIELD_RANGE).at);
	assert_slice(r.first[FIELD_RANGE], "a");
}

static void test_persists_9112_9_3(void **state)
{
	static const struct {
		const char *lines;
		bool in_1_0, in_1_1;
	} rows[] = {
		{"", false, true}, {"Connection: close\r\n", false, false}, {"Connection: keep-alive\r\n", true, true},
		{"Connection: CLOSE\r\n", false, false}, {"Connection: Keep-Alive\r\n", true, true},
		{"Connection: keep-alive, close\r\n", false, false}, {"Connection: close, keep-alive\r\n", false, false},
		{"Connection: upgrade, keep-alive\r\n", true, true}, {"Connection: upgrade ,\tclose , x\r\n", false, false},
		{"Connection: x\r\nConnection: close\r\n", false, false},
		{"Connection: x\r\nY: z\r\nconnection: keep-alive\r\n", true, true},
		{"Connection: keep-alive\r\nConnection: close\r\n", false, false}, {"Connection: closed\r\n", false, true},
		{"Connection: x-close\r\n", false, true}, {"Connection: keep-alive2\r\n", false, true},
		{"Connection:\r\n", false, true}, {"Connection: keepalive\r\n", false, true},
		{"Connection: , ,close\r\n", false, false}, {"Connection: \"close\"\r\n", false, true},
		{"Keep-Alive: timeout=5\r\n", false, true}, {"X: close\r\n", false, true},
		{"Content-Length: 5\r\nConnection: keep-alive\r\n", false, false},
		{"Content-Length: 0\r\nConnection: keep-alive\r\n", true, true},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		for (unsigned minor = 0; minor < 4; minor++) {
			struct request r = with_fields(minor, rows[i].lines, STATUS_NONE);
			if (request_persists(&r) != (minor == 0 ? rows[i].in_1_0 : rows[i].in_1_1))
				fail_msg("'%s' in HTTP/1.%u", rows[i].lines, minor);
		}
}

/* A head with bytes changed at random: all slices of the result lie within the head, and nothing behind it is read. */
static void test_random_heads_stay_in_bounds(void **state)
{
	static const char head[] = "\r\nGET /a HTTP/1.1\r\nHost: a\r\nAccept: b\r\nContent-Length: 1\r\n"
		"Transfer-Encoding: x\r\n"
		"Connection: close\r\nAccept:\r\n\r\n";
	static const char bytes[] = "\r\n\t :,\"\\\0a1\x7f\xff";
	(void)state;
	for (int i = 0; i < 50000; i++) {
		char copy[sizeof head - 1];
		memcpy(copy, head, sizeof copy);
		for (size_t n = 1 + random_below(4); n > 0; n--)
			copy[random_below(sizeof copy)] = bytes[random_below(sizeof bytes - 1)];
		struct slice input = guarded_again(copy, sizeof copy - random_below(8)), value;
		struct request r;
		request_parse(input, &r);
		request_persists(&r);
		for (unsigned f = 0; f < FIELD_COUNT; f++) {
			struct field_lines lines = request_lines(&r, (enum field)f);
			while (request_next(&lines, &value))
				assert_true(value.at >= input.at && value.at + value.len <= input.at + input.len);
		}
	}
}

struct last_row {
	const char *fields, *value; /* NULL: no slice */
};

/* The value of X-Forwarded-For in a head of these field lines, with the empty line at their end. */
static void test_last_line_of_any_field(void **state)
{
	static const struct last_row rows[] = {
		{"\r\n", NULL},
		{"X-Forwarded-Fo: a\r\nX-Forwarded-For2: b\r\n\r\n", NULL},
		{"X-Forwarded-For: a\r\n\r\n", "a"},
		{"x-FORWARDED-for: \t a, b \r\n\r\n", "a, b"},
		{"X-Forwarded-For:\r\n\r\n", ""},
		{"X-Forwarded-For: a\r\nAccept: c\r\nX-Forwarded-For: b\r\nAccept: d\r\n\r\n", "b"},
		{"X-Forwarded-For: a\r\nX-Forwarded-For: \r\n\r\n", ""},
		{"X-Forwarded-For: a\nX-Forwarded-For: b\n\n", "b"},
		/* The proxy's line is malformed or missing. The client's line does not take its place. */
		{"X-Forwarded-For: a\r\n", NULL},
		{"X-Forwarded-For: a\r\nX-Forwarded-For: b", NULL},
		{"X-Forwarded-For: a\r\n b\r\n\r\n", NULL},
		{"X-Forwarded-For: a\r\nnothing\r\nX-Forwarded-For: b\r\n\r\n", NULL},
		{"X-Forwarded-For: a\r\nX-A: \x01\r\nX-Forwarded-For: b\r\n\r\n", NULL},
		{"X-Forwarded-For: b\r\nX-A : c\r\n\r\n", NULL},
		{"", NULL},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char head[512];
		struct request request;
		int n = snprintf(head, sizeof head, "GET / HTTP/1.0\r\n%s", rows[i].fields);
		request_parse(guarded_bytes(head, (size_t)n), &request);
		struct slice last = request_last(&request, slice_of("X-Forwarded-For"));
		if (rows[i].value == NULL ? last.at != NULL : last.at == NULL || !slice_equal(last, slice_of(rows[i].value)))
			fail_msg("row %zu: '%.*s'", i, (int)last.len, last.at != NULL ? last.at : "none");
	}
}

static void test_last_line_without_a_request_line(void **state)
{
	static const char *const heads[] = {"\r\n", "GET\r\nX-A: b\r\n\r\n", "GET / HTTP/2.0\r\nX-A: b\r\n\r\n", ""};
	(void)state;
	for (size_t i = 0; i < ROWS(heads); i++) {
		struct request request;
		request_parse(guarded(heads[i]), &request);
		assert_null(request_last(&request, slice_of("X-A")).at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scan_finds_the_end_9112_2_1),
		cmocka_unit_test(test_scan_passes_over_empty_lines_before_9112_2_2),
		cmocka_unit_test(test_scan_refuses_what_is_no_request),
		cmocka_unit_test(test_scan_first_byte_is_of_a_token_9110_5_6_2),
		cmocka_unit_test(test_scan_refuses_bare_cr_before_at_once_9112_2_2),
		cmocka_unit_test(test_scan_longest_head),
		cmocka_unit_test(test_scan_414_when_the_request_line_has_no_end),
		cmocka_unit_test(test_scan_431_when_the_fields_have_no_end),
		cmocka_unit_test(test_scan_refuses_whatever_holds_no_head),
		cmocka_unit_test(test_scan_reads_each_byte_once),
		cmocka_unit_test(test_well_formed),
		cmocka_unit_test(test_no_fields_at_all),
		cmocka_unit_test(test_line_ends_may_be_bare_lf_9112_2_2),
		cmocka_unit_test(test_empty_lines_before_9112_2_2),
		cmocka_unit_test(test_cut_anywhere_is_400),
		cmocka_unit_test(test_methods_are_case_sensitive_9110_9_1),
		cmocka_unit_test(test_method_is_a_token_9112_3_1),
		cmocka_unit_test(test_versions_9112_2_3),
		cmocka_unit_test(test_malformed_versions_are_400_9112_2_3),
		cmocka_unit_test(test_request_line_has_single_spaces_9112_3),
		cmocka_unit_test(test_controls_in_the_request_line_are_400),
		cmocka_unit_test(test_longest_target),
		cmocka_unit_test(test_line_is_kept_for_the_log),
		cmocka_unit_test(test_filled_as_far_as_it_came),
		cmocka_unit_test(test_the_method_of_a_refused_head_is_there_when_it_is_refused),
		cmocka_unit_test(test_field_names_in_any_case_9110_5_1),
		cmocka_unit_test(test_malformed_field_lines_are_400_9112_5),
		cmocka_unit_test(test_field_name_is_a_token_9110_5_1),
		cmocka_unit_test(test_field_value_bytes_9110_5_5),
		cmocka_unit_test(test_values_are_trimmed_9112_5_1),
		cmocka_unit_test(test_five_hundred_fields),
		cmocka_unit_test(test_host_9112_3_2),
		cmocka_unit_test(test_content_length_9110_8_6),
		cmocka_unit_test(test_bad_content_length_is_400_9112_6_3),
		cmocka_unit_test(test_chunked_is_a_body_9112_6_3),
		cmocka_unit_test(test_transfer_coding_unknown_is_501_9112_6_1),
		cmocka_unit_test(test_transfer_encoding_without_chunked_at_its_end_is_400_9112_6_3),
		cmocka_unit_test(test_transfer_encoding_with_content_length_is_400_9112_6_1),
		cmocka_unit_test(test_next_goes_from_line_to_line_9110_5_3),
		cmocka_unit_test(test_next_of_two_fields_mixed),
		cmocka_unit_test(test_single_is_on_one_line),
		cmocka_unit_test(test_last_line_of_any_field),
		cmocka_unit_test(test_last_line_without_a_request_line),
		cmocka_unit_test(test_persists_9112_9_3),
		cmocka_unit_test(test_random_heads_stay_in_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
