/* SPDX-License-Identifier: ISC */
/* response: heads, byte by byte at a fixed time, and pages. */
#include "unit.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "serve/response.h"

enum { NOW = 784111777 };

#define DATE "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
#define NO_STORE "Cache-Control: no-store\r\n"
#define OURS "Server: httpd\r\nX-Content-Type-Options: nosniff\r\n"

static const enum status statuses[] = {
	STATUS_OK, STATUS_NO_CONTENT, STATUS_PARTIAL_CONTENT, STATUS_MOVED_PERMANENTLY, STATUS_FOUND, STATUS_NOT_MODIFIED,
	STATUS_BAD_REQUEST, STATUS_FORBIDDEN, STATUS_NOT_FOUND, STATUS_METHOD_NOT_ALLOWED, STATUS_NOT_ACCEPTABLE,
	STATUS_REQUEST_TIMEOUT, STATUS_PRECONDITION_FAILED, STATUS_CONTENT_TOO_LARGE, STATUS_URI_TOO_LONG,
	STATUS_RANGE_NOT_SATISFIABLE, STATUS_FIELDS_TOO_LARGE, STATUS_INTERNAL_SERVER_ERROR, STATUS_NOT_IMPLEMENTED,
	STATUS_SERVICE_UNAVAILABLE, STATUS_VERSION_NOT_SUPPORTED,
};

/* An answer and everything that it points to. */
static struct {
	struct site site;
	struct site_room site_room;
	struct target target;
	struct resource resource;
	struct answer answer;
	struct range parts[RANGES_MAX];
	char *arguments[32];
	char path[TARGET_MAX + 1];
} x;

static void with_options(const char *const arguments[])
{
	char room[MESSAGE_MAX];
	struct buf message = buf_in(room, sizeof room);
	size_t count = 0;
	for (; arguments[count] != NULL; count++)
		x.arguments[count] = (char *)arguments[count];
	x.arguments[count] = "/root";
	x.arguments[count + 1] = NULL;
	assert_int_equal(options_parse(x.arguments, &x.site, &x.site_room, &message), 0);
}

static enum status with_target(const char *raw)
{
	struct buf room = buf_in(x.path, sizeof x.path);
	return target_parse(slice_of(raw), &room, &x.target);
}

static void begin(enum status status)
{
	memset(&x, 0, sizeof x);
	with_options((const char *[]){NULL});
	with_target("/");
	x.resource = resource_none();
	x.answer.status = status;
	x.answer.now = NOW;
	x.answer.target = &x.target;
	x.answer.resource = &x.resource;
	x.answer.part = x.parts;
}

/* Gives the answer a file of `size` bytes. */
static void with_file(const char *path, const char *type, uint64_t size)
{
	x.resource.path = path;
	x.resource.type = type;
	x.resource.file.size = size;
	x.resource.coding = CODING_IDENTITY;
	x.answer.body = x.answer.status == STATUS_NOT_MODIFIED ? BODY_NONE : BODY_FILE;
	x.answer.etag = slice_of("\"a-b-c\"");
	x.answer.dated = true;
	x.answer.modified = NOW - 86400;
}

static void with_parts(size_t count, const struct range *parts)
{
	x.answer.body = BODY_PARTS;
	x.answer.parts = count;
	memcpy(x.answer.part, parts, count * sizeof *parts);
}

/* Gives the answer a page. */
static void with_page(uint64_t length)
{
	x.answer.body = BODY_PAGE;
	x.answer.type = "text/html; charset=utf-8";
	x.answer.length = length;
}

static void with_headers(size_t count, const char *const lines[])
{
	const char *arguments[2 * 8 + 1] = {NULL};
	for (size_t i = 0; i < count; i++) {
		arguments[2 * i] = "--header";
		arguments[2 * i + 1] = lines[i];
	}
	with_options(arguments);
}

static const char *head(void)
{
	static char room[OUTPUT_MAX + 1];
	struct buf b = buf_in(room, OUTPUT_MAX);
	response_head(&b, &x.site, &x.answer);
	assert_false(b.overflow);
	room[b.len] = '\0';
	assert_int_equal(strlen(room), b.len);
	return room;
}

/* The value of a field in the head, or NULL. Fails where the field occurs twice. */
static const char *value_of(const char *name)
{
	static char value[OUTPUT_MAX];
	char line[64];
	snprintf(line, sizeof line, "\r\n%s: ", name);
	const char *at = strstr(head(), line);
	if (at == NULL)
		return NULL;
	at += strlen(line);
	assert_null(strstr(at, line));
	size_t len = strcspn(at, "\r");
	memcpy(value, at, len);
	value[len] = '\0';
	return value;
}

static void test_200(void **state)
{
	(void)state;
	begin(STATUS_OK);
	with_file("a.txt", "text/plain; charset=utf-8", 42);
	response_measure(&x.answer);
	assert_string_equal(head(), "HTTP/1.1 200 OK\r\n" DATE "Connection: close\r\n"
		"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 42\r\nAccept-Ranges: bytes\r\n"
		"Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT\r\nETag: \"a-b-c\"\r\n" OURS "\r\n");
}

static void test_204_has_no_content_9110_8_6(void **state)
{
	(void)state;
	begin(STATUS_NO_CONTENT);
	x.answer.persist = true;
	assert_string_equal(head(), "HTTP/1.1 204 No Content\r\n" DATE "Connection: keep-alive\r\n"
		"Allow: GET, HEAD, OPTIONS\r\n" OURS "\r\n");
}

static void test_206_of_one_part_9110_15_3_7_1(void **state)
{
	(void)state;
	begin(STATUS_PARTIAL_CONTENT);
	with_file("a.txt", "text/plain; charset=utf-8", 1000);
	with_parts(1, (struct range[]){{100, 50, 0}});
	response_measure(&x.answer);
	assert_string_equal(head(), "HTTP/1.1 206 Partial Content\r\n" DATE "Connection: close\r\n"
		"Content-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 100-149/1000\r\nContent-Length: 50\r\n"
		"Accept-Ranges: bytes\r\nLast-Modified: Sat, 05 Nov 1994 08:49:37 GMT\r\nETag: \"a-b-c\"\r\n" OURS "\r\n");
}

static const struct range three[] = {{0, 1, 0}, {10, 20, 0}, {UINT64_MAX - 2, 1, 0}};

static void test_206_of_several_parts_9110_15_3_7_2(void **state)
{
	(void)state;
	begin(STATUS_PARTIAL_CONTENT);
	with_file("a.txt", "text/plain", UINT64_MAX);
	with_parts(3, three);
	response_measure(&x.answer);
	assert_string_equal(value_of("Content-Type"), "multipart/byteranges; boundary=part-a-b-c");
	assert_null(value_of("Content-Range"));
}

static const char *part(size_t i)
{
	static char room[PART_MAX + 1];
	struct buf b = buf_in(room, PART_MAX);
	response_part(&b, &x.answer, i);
	assert_false(b.overflow);
	room[b.len] = '\0';
	return room;
}

static void test_parts_9110_14_6(void **state)
{
	(void)state;
	begin(STATUS_PARTIAL_CONTENT);
	with_file("a.txt", "text/plain", UINT64_MAX);
	with_parts(3, three);
	assert_string_equal(part(0), "\r\n--part-a-b-c\r\nContent-Type: text/plain\r\n"
		"Content-Range: bytes 0-0/18446744073709551615\r\n\r\n");
	assert_string_equal(part(1), "\r\n--part-a-b-c\r\nContent-Type: text/plain\r\n"
		"Content-Range: bytes 10-29/18446744073709551615\r\n\r\n");
	assert_string_equal(part(2), "\r\n--part-a-b-c\r\nContent-Type: text/plain\r\n"
		"Content-Range: bytes 18446744073709551613-18446744073709551613/18446744073709551615\r\n\r\n");
	assert_string_equal(part(3), "\r\n--part-a-b-c--\r\n");
}

static void test_measure_counts_parts_and_what_is_between_them(void **state)
{
	(void)state;
	for (size_t count = 2; count <= RANGES_MAX; count += count < 40 ? 1 : 800) {
		begin(STATUS_PARTIAL_CONTENT);
		with_file("a.txt", "text/plain; charset=utf-8", 1000000);
		uint64_t expected = 0;
		x.answer.body = BODY_PARTS;
		x.answer.parts = count;
		for (size_t i = 0; i < count; i++) {
			x.answer.part[i] = (struct range){i * 60, i + 1, 0};
			expected += i + 1;
		}
		for (size_t i = 0; i <= count; i++)
			expected += strlen(part(i));
		x.answer.body = BODY_PARTS;
		response_measure(&x.answer);
		assert_true(x.answer.length == expected);
		assert_string_equal(x.answer.type, "text/plain; charset=utf-8");
	}
}

static void test_measure_of_a_whole_file(void **state)
{
	static const uint64_t sizes[] = {0, 1, 4294967296, UINT64_MAX};
	(void)state;
	for (size_t i = 0; i < ROWS(sizes); i++) {
		char digits[32];
		begin(STATUS_OK);
		with_file("a", "b/c", sizes[i]);
		response_measure(&x.answer);
		snprintf(digits, sizeof digits, "%llu", (unsigned long long)sizes[i]);
		assert_string_equal(value_of("Content-Length"), digits);
		assert_string_equal(value_of("Content-Type"), "b/c");
	}
}

static void test_304_has_validators_and_no_content_9110_15_4_5(void **state)
{
	(void)state;
	begin(STATUS_NOT_MODIFIED);
	with_file("a.txt", "text/plain", 42);
	x.resource.varies_coding = true;
	with_options((const char *[]){"--cache-control=max-age=60", NULL});
	assert_string_equal(head(), "HTTP/1.1 304 Not Modified\r\n" DATE "Connection: close\r\n"
		"Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT\r\nETag: \"a-b-c\"\r\nCache-Control: max-age=60\r\n"
		"Vary: Accept-Encoding\r\n" OURS "\r\n");
}

static void test_405_says_what_is_allowed_9110_15_5_6(void **state)
{
	(void)state;
	begin(STATUS_METHOD_NOT_ALLOWED);
	with_page(7);
	assert_string_equal(head(), "HTTP/1.1 405 Method Not Allowed\r\n" DATE "Connection: close\r\n"
		"Allow: GET, HEAD, OPTIONS\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 7\r\n"
		NO_STORE OURS "\r\n");
}

static void test_416_says_the_size_9110_15_5_17(void **state)
{
	(void)state;
	begin(STATUS_RANGE_NOT_SATISFIABLE);
	with_page(7);
	x.answer.range_size = 1000;
	assert_string_equal(head(), "HTTP/1.1 416 Range Not Satisfiable\r\n" DATE "Connection: close\r\n"
		"Content-Type: text/html; charset=utf-8\r\nContent-Range: bytes */1000\r\nContent-Length: 7\r\n"
		NO_STORE OURS "\r\n");
}

/* The statuses whose heads have no field of their own. */
static void test_pages_of_each_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		char expected[512];
		enum status s = statuses[i];
		if (s < STATUS_BAD_REQUEST || s == STATUS_METHOD_NOT_ALLOWED || s == STATUS_RANGE_NOT_SATISFIABLE)
			continue;
		begin(s);
		with_page(0);
		x.answer.persist = i % 2 == 0;
		snprintf(expected, sizeof expected, "HTTP/1.1 %d %s\r\n" DATE "Connection: %s\r\n"
			"Content-Type: text/html; charset=utf-8\r\nContent-Length: 0\r\n%s" OURS "\r\n",
			(int)s, status_reason(s), i % 2 == 0 ? "keep-alive" : "close", s == STATUS_NOT_FOUND ? "" : NO_STORE);
		assert_string_equal(head(), expected);
	}
}

/* The Location of a redirect that keeps so many bytes of the target's path. */
static const char *location(const char *raw, size_t keep, bool slash)
{
	begin(STATUS_MOVED_PERMANENTLY);
	assert_int_equal(with_target(raw), STATUS_NONE);
	x.resource.moved = (struct slice){x.target.path, keep < x.target.length ? keep : x.target.length};
	x.resource.moved_slash = slash;
	with_page(7);
	return value_of("Location");
}

static void test_301_to_a_directory(void **state)
{
	(void)state;
	location("/a", SIZE_MAX, true);
	assert_string_equal(head(), "HTTP/1.1 301 Moved Permanently\r\n" DATE "Connection: close\r\nLocation: /a/\r\n"
		"Content-Type: text/html; charset=utf-8\r\nContent-Length: 7\r\n" OURS "\r\n");
}

static void test_location_is_encoded_3986_3_3(void **state)
{
	static const struct {
		const char *raw, *location;
	} rows[] = {
		{"/a", "/a/"}, {"/a/b", "/a/b/"}, {"/a?", "/a/?"}, {"/a?b=c&d", "/a/?b=c&d"}, {"/a?b?/../c", "/a/?b?/../c"},
		{"/a%20b", "/a%20b/"}, {"/%c3%a9", "/%C3%A9/"}, {"/\xc3\xa9", "/%C3%A9/"}, {"/a%3fb?c", "/a%3Fb/?c"},
		{"/a%23", "/a%23/"}, {"/a%25", "/a%25/"}, {"/a%0d%0aSet-Cookie:%20b", "/a%0D%0ASet-Cookie:%20b/"},
		{"/a%0aB", "/a%0AB/"}, {"/%22%3e", "/%22%3E/"}, {"/a?%0d%0ab", "/a/?%0d%0ab"}, {"/a/../b//c/.", "/b/c/"},
		{"http://other.example/a?b", "/a/?b"}, {"/", "/"}, {"/?a", "/?a"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_string_equal(location(rows[i].raw, SIZE_MAX, true), rows[i].location);
	assert_string_equal(location("/a/b.html?c", 3, false), "/a/b?c");
	assert_string_equal(location("/a/index.html", 1, true), "/a/");
	assert_string_equal(location("/index.html", 0, true), "/");
}

/* Neither "//" nor "/\" may begin it: browsers read an authority there (RFC 3986 section 4.2). */
static void test_location_never_leads_to_another_site(void **state)
{
	static const char rows[][48] = {
		"//evil.example", "///evil.example", "////evil.example/a", "/.//evil.example", "/..//evil.example",
		"/a/..//evil.example", "/%5cevil.example", "/\\evil.example", "/%5c%5cevil.example", "//%5cevil.example",
		"/%09/evil.example", "/%0a/evil.example", "/./%5cevil.example", "http://evil.example//evil.example",
		"//http://evil.example", "/%20/evil.example",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *to = location(rows[i], SIZE_MAX, true);
		if (to[0] != '/' || to[1] == '/' || to[1] == '\\' || strpbrk(to, "\\ \t"))
			fail_msg("'%s' leads to '%s'", rows[i], to);
	}
}

static void test_random_locations_are_one_path(void **state)
{
	static const char parts[][16] = {
		"/", "/", "//", "\\", "%5c", ".", "..", "/..", "a", "evil.example", "%0d%0a", "%0a", "%0d", "%09", "%20", "@",
		":", "\xff", "%ff", "?",
	};
	(void)state;
	for (int i = 0; i < 20000; i++) {
		char raw[512] = "/";
		for (size_t n = random_below(12); n > 0; n--)
			strcat(raw, parts[random_below(ROWS(parts))]);
		if (with_target(raw) != STATUS_NONE)
			continue;
		const char *to = location(raw, SIZE_MAX, true);
		size_t path = strcspn(to, "?");
		assert_true(to[0] == '/' && to[1] != '/');
		for (size_t at = 0; at < path; at++)
			if (to[at] <= ' ' || to[at] == '\\' || to[at] == 0x7f || (to[at] == '/' && at > 0 && to[at - 1] == '/'))
				fail_msg("'%s' leads to '%s'", raw, to);
	}
}

static void test_location_of_a_link(void **state)
{
	static const enum status moved[] = {STATUS_MOVED_PERMANENTLY, STATUS_FOUND};
	(void)state;
	for (size_t i = 0; i < ROWS(moved); i++) {
		begin(moved[i]);
		with_target("/a?query");
		x.resource.link = "https://example.com/b?c#d";
		with_page(7);
		assert_string_equal(value_of("Location"), "https://example.com/b?c#d");
	}
}

static void test_only_301_and_302_have_a_location(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		begin(statuses[i]);
		x.resource.moved = slice_of("a");
		assert_int_equal(value_of("Location") != NULL, statuses[i] == 301 || statuses[i] == 302);
	}
}

static void test_only_204_and_405_have_allow(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		begin(statuses[i]);
		assert_int_equal(value_of("Allow") != NULL, statuses[i] == 204 || statuses[i] == 405);
	}
}

static void test_no_content_no_content_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		begin(statuses[i]);
		x.answer.length = 5;
		assert_null(value_of("Content-Type"));
		assert_null(value_of("Content-Length"));
		assert_null(value_of("Content-Range"));
		assert_null(value_of("Transfer-Encoding"));
		assert_null(value_of("Accept-Ranges"));
	}
}

/* "A sender MUST NOT send a Content-Length in any message that contains a Transfer-Encoding". */
static void test_length_or_chunks_never_both_9112_6_2(void **state)
{
	(void)state;
	begin(STATUS_OK);
	with_page(5);
	x.answer.framing = FRAMING_CHUNKS;
	assert_string_equal(value_of("Transfer-Encoding"), "chunked");
	assert_null(value_of("Content-Length"));
	x.answer.framing = FRAMING_CLOSE;
	assert_null(value_of("Transfer-Encoding"));
	assert_null(value_of("Content-Length"));
	x.answer.framing = FRAMING_LENGTH;
	assert_string_equal(value_of("Content-Length"), "5");
}

static void test_content_coding_is_named_9110_8_4(void **state)
{
	(void)state;
	for (unsigned coding = 0; coding < CODING_COUNT; coding++) {
		begin(STATUS_OK);
		with_file("a.css", "text/css; charset=utf-8", 9);
		x.resource.coding = (enum coding)coding;
		response_measure(&x.answer);
		const char *name = coding == CODING_IDENTITY ? NULL : coding_name((enum coding)coding), *value;
		value = value_of("Content-Encoding");
		assert_true(name == NULL ? value == NULL : value != NULL && strcmp(value, name) == 0);
	}
}

/* "An origin server with a clock MUST NOT generate a Last-Modified date that is later than" Date. */
static void test_last_modified_is_never_later_than_date_9110_8_8_2_1(void **state)
{
	static const struct {
		int64_t modified;
		const char *value;
	} rows[] = {
		{NOW - 1, "Sun, 06 Nov 1994 08:49:36 GMT"}, {NOW, "Sun, 06 Nov 1994 08:49:37 GMT"},
		{NOW + 1, "Sun, 06 Nov 1994 08:49:37 GMT"}, {INT64_MAX, "Sun, 06 Nov 1994 08:49:37 GMT"},
		{0, "Thu, 01 Jan 1970 00:00:00 GMT"}, {-1, "Wed, 31 Dec 1969 23:59:59 GMT"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		begin(STATUS_OK);
		with_file("a", "b/c", 1);
		x.answer.modified = rows[i].modified;
		response_measure(&x.answer);
		assert_string_equal(value_of("Last-Modified"), rows[i].value);
	}
}

static void test_without_a_date_there_is_no_last_modified(void **state)
{
	(void)state;
	begin(STATUS_OK);
	with_file("a", "b/c", 1);
	response_measure(&x.answer);
	x.answer.dated = false;
	assert_null(value_of("Last-Modified"));
	assert_string_equal(value_of("ETag"), "\"a-b-c\"");
}

static void test_vary_names_what_the_answer_hung_on_9110_12_5_5(void **state)
{
	static const struct {
		bool coding, accept;
		const char *value;
	} rows[] = {{true, false, "Accept-Encoding"}, {false, true, "Accept"}, {true, true, "Accept, Accept-Encoding"}};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		for (size_t s = 0; s < ROWS(statuses); s++) {
			begin(statuses[s]);
			x.resource.varies_coding = rows[i].coding;
			x.resource.varies_accept = rows[i].accept;
			assert_string_equal(value_of("Vary"), rows[i].value);
		}
	begin(STATUS_OK);
	assert_null(value_of("Vary"));
}

static void test_cache_control_is_for_files(void **state)
{
	(void)state;
	begin(STATUS_OK);
	with_options((const char *[]){"--cache-control=*.css=max-age=60", NULL});
	with_file("a/b.css", "text/css", 1);
	assert_string_equal(value_of("Cache-Control"), "max-age=60");
	with_file("a/b.js", "text/javascript", 1);
	assert_null(value_of("Cache-Control"));
	with_file("a/b.css", "text/css", 1);
	x.answer.etag = (struct slice){NULL, 0}; /* the page of an error */
	assert_null(value_of("Cache-Control"));
	assert_null(value_of("Last-Modified"));
	assert_null(value_of("ETag"));
}

/* A cache may store a 404, which depends on the target alone. Other errors may depend on the fields of the request. */
static void test_errors_are_not_to_be_stored_but_for_404(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		begin(statuses[i]);
		with_options((const char *[]){"--cache-control=max-age=60", NULL});
		with_page(7);
		const char *value = value_of("Cache-Control");
		bool stored = statuses[i] < STATUS_BAD_REQUEST || statuses[i] == STATUS_NOT_FOUND;
		assert_true(stored ? value == NULL : value != NULL && strcmp(value, "no-store") == 0);
	}
}

static void test_operator_fields_are_added_to_every_status(void **state)
{
	static const char *const lines[] = {"X-A: b", "Set-Cookie: c=d", "Set-Cookie: e=f", "X-Empty:"};
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		begin(statuses[i]);
		with_headers(ROWS(lines), lines);
		const char *text = head(), *end = text + strlen(text);
		static const char tail[] = OURS "X-A: b\r\nSet-Cookie: c=d\r\nSet-Cookie: e=f\r\nX-Empty:\r\n\r\n";
		assert_true((size_t)(end - text) > sizeof tail);
		assert_string_equal(end - (sizeof tail - 1), tail);
	}
}

static void test_server_and_nosniff_give_way(void **state)
{
	static const struct {
		const char *line, *server, *nosniff;
	} rows[] = {
		{"Server: x", "x", "nosniff"}, {"SERVER: x", NULL, "nosniff"}, {"server:x", NULL, "nosniff"},
		{"X-Content-Type-Options: y", "httpd", "y"}, {"x-content-type-options: y", "httpd", NULL},
		{"Servers: x", "httpd", "nosniff"}, {"X-Content-Type: y", "httpd", "nosniff"},
		{"X-Server: x", "httpd", "nosniff"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		begin(STATUS_OK);
		with_headers(1, &rows[i].line);
		const char *value = value_of("Server");
		assert_true(rows[i].server ? value && strcmp(value, rows[i].server) == 0 : value == NULL);
		value = value_of("X-Content-Type-Options");
		assert_true(rows[i].nosniff ? value && strcmp(value, rows[i].nosniff) == 0 : value == NULL);
		assert_non_null(strstr(head(), rows[i].line));
	}
}

static void test_connection_says_whether_it_persists_9112_9_6(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		begin(statuses[i]);
		assert_string_equal(value_of("Connection"), "close");
		x.answer.persist = true;
		assert_string_equal(value_of("Connection"), "keep-alive");
	}
}

/* Fails unless it is a status line, then lines of a token, a colon, a space and a value, then one empty line. */
static void assert_well_formed(const char *text)
{
	struct slice rest = slice_of(text), line, name;
	assert_true(slice_split(&rest, '\n', &line));
	assert_memory_equal(line.at, "HTTP/1.1 ", 9);
	assert_int_equal(line.at[12], ' ');
	while (slice_split(&rest, '\n', &line) && line.len > 1) {
		assert_int_equal(line.at[line.len - 1], '\r');
		line.len--;
		for (size_t i = 0; i < line.len; i++)
			assert_true((unsigned char)line.at[i] >= ' ');
		slice_split(&line, ':', &name);
		assert_true(slice_is_token(name));
		assert_true(line.at != NULL && line.len > 1 && line.at[0] == ' ');
	}
	assert_slice(line, "\r");
	assert_true(rest.len == 0);
}

static void test_heads_are_well_formed_9112_4(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		begin(statuses[i]);
		assert_well_formed(head());
		with_page(7);
		assert_well_formed(head());
		with_file("a", "b/c", 1000);
		x.resource.varies_accept = true;
		with_parts(3, (struct range[]){{0, 1, 0}, {10, 20, 0}, {30, 1, 0}});
		response_measure(&x.answer);
		assert_well_formed(head());
		location("/a%0d%0ab?c", SIZE_MAX, true);
		assert_well_formed(head());
	}
}

static void test_overflow_is_told_in_every_smaller_room(void **state)
{
	static char room[1024];
	(void)state;
	begin(STATUS_OK);
	with_file("a.txt", "text/plain", 42);
	response_measure(&x.answer);
	size_t whole = strlen(head());
	for (size_t size = 0; size <= whole; size++) {
		struct buf b = buf_in(room, size);
		response_head(&b, &x.site, &x.answer);
		assert_int_equal(b.overflow, size < whole);
		assert_true(b.len <= size);
	}
}

/* The longest of all fields at once. The sum is in bounds.h. */
static void test_longest_head_fits(void **state)
{
	static char line[HEADER_BYTES - 1], raw[TARGET_MAX + 1];
	const char *lines[] = {line};
	(void)state;
	memset(line, 'a', HEADER_BYTES - 2); /* with its line end */
	line[1] = ':';
	memset(raw, '\xff', TARGET_MAX);
	raw[0] = '/';
	location(raw, SIZE_MAX, true);
	with_headers(1, lines);
	size_t len = strlen(head());
	assert_true(len > 3 * (TARGET_MAX - 1) + HEADER_BYTES);
	assert_true(len <= HEAD_OUT_MAX);
}

/* The page of the answer. */
static const char *page_here(void)
{
	static char room[PAGE_MAX + 1];
	struct buf b = buf_in(room, PAGE_MAX);
	response_page(&b, &x.answer);
	assert_false(b.overflow);
	room[b.len] = '\0';
	assert_int_equal(strlen(room), b.len);
	return room;
}

static const char *page(enum status status)
{
	begin(status);
	return page_here();
}

static void test_page_says_status_and_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		char title[128], number[8];
		const char *text = page(statuses[i]);
		snprintf(title, sizeof title, "<title>%d %s</title>", (int)statuses[i], status_reason(statuses[i]));
		snprintf(number, sizeof number, "%d", (int)statuses[i]);
		assert_non_null(strstr(text, title));
		assert_non_null(strstr(strstr(text, "<body>"), number));
		assert_non_null(strstr(strstr(text, "<body>"), status_reason(statuses[i])));
		assert_non_null(strstr(text, status_text(statuses[i])));
		assert_true(strncmp(text, "<!DOCTYPE html>\n<html lang=\"en\">\n", 33) == 0);
		assert_non_null(strstr(text, "<meta charset=\"utf-8\">"));
	}
}

/* Elements are closed in the reverse order of opening. Void elements have no end tag. */
static void assert_elements_nest(const char *text)
{
	char open[16][16];
	size_t depth = 0;
	while ((text = strchr(text, '<')) != NULL) {
		char name[16] = "";
		bool closes = text[1] == '/';
		assert_int_equal(sscanf(text + 1 + closes, "%15[!A-Za-z0-9]", name), 1);
		const char *end = strpbrk(text + 1, "<>");
		assert_true(end != NULL && *end == '>');
		text = end;
		if (closes) {
			assert_true(depth > 0);
			assert_string_equal(name, open[--depth]);
		} else if (strcmp(name, "!DOCTYPE") != 0 && strcmp(name, "meta") != 0 && strcmp(name, "link") != 0) {
			assert_true(depth < ROWS(open));
			strcpy(open[depth++], name);
		}
	}
	assert_int_equal(depth, 0);
}

static void test_pages_are_well_formed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		const char *text = page(statuses[i]);
		assert_elements_nest(text);
		assert_null(strchr(text, '&'));
		assert_null(strstr(text, "<script"));
		assert_null(strstr(text, "://"));
		for (const char *c = text; *c; c++)
			assert_true(*c == '\n' || (*c >= ' ' && *c < 0x7f));
		assert_int_equal(text[strlen(text) - 1], '\n');
	}
}

static void assert_linked(const char *reference)
{
	char link[PAGE_MAX];
	snprintf(link, sizeof link, "<p><a href=\"%s\">The new address</a></p>\n</main>", reference);
	if (strstr(page_here(), link) == NULL)
		fail_msg("no '%s' in '%s'", link, page_here());
}

static void test_pages_of_redirects_have_a_link(void **state)
{
	static const struct {
		const char *raw, *reference;
	} rows[] = {
		{"/a", "/a/"}, {"/a?b=c&d", "/a/?b=c&#38;d"}, {"/it's&that", "/it&#39;s&#38;that/"}, {"/%22%3e", "/%22%3E/"},
		{"/a?\">", "/a/?%22%3E"}, {"/\xc3\xa9", "/%C3%A9/"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		location(rows[i].raw, SIZE_MAX, true);
		assert_linked(rows[i].reference);
		assert_elements_nest(page_here());
	}
	begin(STATUS_FOUND);
	x.resource.link = "https://example.com/b?c&d='e'#<\"";
	assert_linked("https://example.com/b?c&#38;d=&#39;e&#39;#&#60;&#34;");
}

/* The page has a limit. A longer address is in Location only. */
static void test_a_very_long_address_is_not_linked(void **state)
{
	static char text[PAGE_ADDRESS + 2], escaped[5 * PAGE_ADDRESS + 1];
	(void)state;
	begin(STATUS_FOUND);
	x.resource.link = text;
	memset(text, '&', PAGE_ADDRESS);
	for (size_t i = 0; i < PAGE_ADDRESS; i++)
		memcpy(escaped + 5 * i, "&#38;", 5);
	assert_linked(escaped);
	text[PAGE_ADDRESS] = 'x';
	assert_null(strstr(page_here(), "<a"));
	assert_elements_nest(page_here());
}

/* Error pages have a link to the front page, except where that is the page with the error. */
static void test_pages_of_errors_lead_home(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(statuses); i++) {
		bool error = statuses[i] >= STATUS_BAD_REQUEST;
		begin(statuses[i]);
		x.target.length = 1;
		assert_int_equal(strstr(page_here(), "<p><a href=\"/\">To the front page</a></p>\n</main>") != NULL, error);
		x.target.length = 0;
		assert_null(strstr(page_here(), "front page"));
	}
}

static void test_page_overflow_is_told(void **state)
{
	static char room[PAGE_MAX];
	(void)state;
	size_t whole = strlen(page(STATUS_NOT_FOUND));
	for (size_t size = 0; size <= whole; size++) {
		struct buf b = buf_in(room, size);
		response_page(&b, &x.answer);
		assert_int_equal(b.overflow, size < whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_200),
		cmocka_unit_test(test_204_has_no_content_9110_8_6),
		cmocka_unit_test(test_206_of_one_part_9110_15_3_7_1),
		cmocka_unit_test(test_206_of_several_parts_9110_15_3_7_2),
		cmocka_unit_test(test_parts_9110_14_6),
		cmocka_unit_test(test_measure_counts_parts_and_what_is_between_them),
		cmocka_unit_test(test_measure_of_a_whole_file),
		cmocka_unit_test(test_304_has_validators_and_no_content_9110_15_4_5),
		cmocka_unit_test(test_405_says_what_is_allowed_9110_15_5_6),
		cmocka_unit_test(test_416_says_the_size_9110_15_5_17),
		cmocka_unit_test(test_pages_of_each_status),
		cmocka_unit_test(test_301_to_a_directory),
		cmocka_unit_test(test_location_is_encoded_3986_3_3),
		cmocka_unit_test(test_location_never_leads_to_another_site),
		cmocka_unit_test(test_random_locations_are_one_path),
		cmocka_unit_test(test_location_of_a_link),
		cmocka_unit_test(test_only_301_and_302_have_a_location),
		cmocka_unit_test(test_only_204_and_405_have_allow),
		cmocka_unit_test(test_no_content_no_content_fields),
		cmocka_unit_test(test_length_or_chunks_never_both_9112_6_2),
		cmocka_unit_test(test_content_coding_is_named_9110_8_4),
		cmocka_unit_test(test_last_modified_is_never_later_than_date_9110_8_8_2_1),
		cmocka_unit_test(test_without_a_date_there_is_no_last_modified),
		cmocka_unit_test(test_vary_names_what_the_answer_hung_on_9110_12_5_5),
		cmocka_unit_test(test_cache_control_is_for_files),
		cmocka_unit_test(test_errors_are_not_to_be_stored_but_for_404),
		cmocka_unit_test(test_operator_fields_are_added_to_every_status),
		cmocka_unit_test(test_server_and_nosniff_give_way),
		cmocka_unit_test(test_connection_says_whether_it_persists_9112_9_6),
		cmocka_unit_test(test_heads_are_well_formed_9112_4),
		cmocka_unit_test(test_overflow_is_told_in_every_smaller_room),
		cmocka_unit_test(test_longest_head_fits),
		cmocka_unit_test(test_page_says_status_and_text),
		cmocka_unit_test(test_pages_are_well_formed),
		cmocka_unit_test(test_pages_of_redirects_have_a_link),
		cmocka_unit_test(test_a_very_long_address_is_not_linked),
		cmocka_unit_test(test_pages_of_errors_lead_home),
		cmocka_unit_test(test_page_overflow_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
