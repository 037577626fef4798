/* SPDX-License-Identifier: ISC */
/* target: tables, and thousands of random targets against two slow implementations of the rules. */
#include "unit.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "http/host.h"
#include "http/target.h"

/* Parses into a path that is followed by a page that must not be written: a path is never longer than its target. */
static enum status parse_into(struct slice raw, struct target *t)
{
	static char *at;
	if (at == NULL) {
		char *filling = malloc(TARGET_MAX + 1);
		memset(filling, 'x', TARGET_MAX + 1);
		at = (char *)guarded_bytes(filling, TARGET_MAX + 1).at;
		free(filling);
	}
	size_t size = (raw.len < TARGET_MAX ? raw.len : TARGET_MAX) + 1;
	struct buf room = buf_in(at + TARGET_MAX + 1 - size, size);
	memset(t, 'x', sizeof *t);
	memset(room.at, 'x', size);
	enum status status = target_parse(raw, &room, t);
	assert_ptr_equal(t->path, room.at);
	assert_int_equal(room.len, t->length + 1);
	return status;
}

static struct target parse(struct slice raw, enum status expected)
{
	struct target t;
	enum status status = parse_into(raw, &t);
	if (status != expected)
		fail_msg("'%.*s' is %d, not %d", (int)raw.len, raw.at, (int)status, (int)expected);
	return t;
}

static void assert_refused(const char *raw, enum status expected)
{
	parse(guarded(raw), expected);
}

/*
 * Fails unless the target, in origin-form, has this path. A slash at its end stands for a directory, "" for the root.
 */
static void assert_path(const char *raw, const char *path)
{
	struct target t = parse(guarded_again(raw, strlen(raw)), STATUS_NONE);
	size_t len = strlen(path);
	bool slash = len > 0 && path[len - 1] == '/';
	if (!slice_equal((struct slice){t.path, t.length}, (struct slice){path, len - slash}))
		fail_msg("'%s' is '%s', not '%s'", raw, t.path, path);
	if (t.directory != (slash || len == 0))
		fail_msg("'%s' is %sa directory", raw, t.directory ? "" : "not ");
	assert_false(t.asterisk);
}

struct row {
	const char *raw, *path;
};

static void assert_paths(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_path(rows[i].raw, rows[i].path);
}

static void test_plain_paths(void **state)
{
	static const struct row rows[] = {
		{"/", ""}, {"/a", "a"}, {"/a/", "a/"}, {"/a/b", "a/b"}, {"/a/b/", "a/b/"}, {"/index.html", "index.html"},
		{"/.a", ".a"}, {"/a.", "a."}, {"/..a", "..a"}, {"/a..", "a.."}, {"/...", "..."}, {"/.../", ".../"},
		{"/A", "A"}, {"/*", "*"}, {"/~a", "~a"}, {"/a:b@c!$&'()*+,;=", "a:b@c!$&'()*+,;="}, {"/a;x=1", "a;x=1"},
		{"/\"<>\\^`{|}", "\"<>\\^`{|}"}, {"/http://a", "http:/a"},
	};
	(void)state;
	assert_paths(rows, ROWS(rows));
}

/* Section 5.2.4 itself, and what the references of section 5.4 come to before their dot segments go. */
static void test_dot_segments_3986_5_2_4(void **state)
{
	static const struct row rows[] = {
		{"/a/b/c/./../../g", "a/g"}, {"/mid/content=5/../6", "mid/6"}, {"/b/c/g", "b/c/g"}, {"/b/c/./g", "b/c/g"},
		{"/b/c/g/", "b/c/g/"}, {"/b/c/.", "b/c/"}, {"/b/c/./", "b/c/"}, {"/b/c/..", "b/"}, {"/b/c/../", "b/"},
		{"/b/c/../g", "b/g"}, {"/b/c/../..", ""}, {"/b/c/../../", ""}, {"/b/c/../../g", "g"},
		{"/b/c/../../../g", "g"}, {"/b/c/../../../../g", "g"}, {"/./g", "g"}, {"/../g", "g"}, {"/b/c/g.", "b/c/g."},
		{"/b/c/.g", "b/c/.g"}, {"/b/c/g..", "b/c/g.."}, {"/b/c/..g", "b/c/..g"}, {"/b/c/./../g", "b/g"},
		{"/b/c/./g/.", "b/c/g/"}, {"/b/c/g/./h", "b/c/g/h"}, {"/b/c/g/../h", "b/c/h"},
		{"/b/c/g;x=1/./y", "b/c/g;x=1/y"}, {"/b/c/g;x=1/../y", "b/c/y"},
	};
	(void)state;
	assert_paths(rows, ROWS(rows));
}

static void test_dot_segments_never_leave_the_root(void **state)
{
	static const struct row rows[] = {
		{"/.", ""}, {"/..", ""}, {"/./", ""}, {"/../", ""}, {"/./.", ""}, {"/../..", ""},
		{"/../../../etc/passwd", "etc/passwd"}, {"/a/..", ""}, {"/a/../", ""}, {"/a/../..", ""}, {"/a/../../b", "b"},
		{"/a/.../b", "a/.../b"}, {"/a/b/../c/../d", "a/d"}, {"/ab/..", ""}, {"/ab/cd/..", "ab/"}, {"/a/./b/.", "a/b/"},
		{"/..//..//a", "a"},
	};
	(void)state;
	assert_paths(rows, ROWS(rows));
}

/* Empty segments are removed before "..", which then removes the segment before them, as in a file system. */
static void test_empty_segments_are_removed(void **state)
{
	static const struct row rows[] = {
		{"//", ""}, {"///", ""}, {"//a", "a"}, {"/a//b", "a/b"}, {"/a///b", "a/b"}, {"/a//", "a/"},
		{"//a//b//", "a/b/"}, {"//evil.example/a", "evil.example/a"}, {"/.//a", "a"}, {"/..//a", "a"},
		{"/a//../b", "b"}, {"/a/..//b", "b"},
	};
	(void)state;
	assert_paths(rows, ROWS(rows));
}

static void test_escapes_3986_2_1(void **state)
{
	static const struct row rows[] = {
		{"/%41", "A"}, {"/a%20b", "a b"}, {"/%c3%a9", "\xc3\xa9"}, {"/%C3%A9", "\xc3\xa9"}, {"/%25", "%"},
		{"/%2541", "%41"}, {"/%252e%252e/a", "%2e%2e/a"}, {"/%3f", "?"}, {"/%23", "#"}, {"/%3F%23", "?#"},
		{"/%ff", "\xff"}, {"/%01", "\x01"}, {"/%0d%0a", "\r\n"}, {"/%7f", "\x7f"}, {"/%5c", "\\"}, {"/a%2eb", "a.b"},
		{"/%2ea", ".a"}, {"/%2e%2e%2e", "..."}, {"/.%2e.", "..."}, {"/%2a", "*"}, {"/%61/%62/", "a/b/"}, {"/%20", " "},
	};
	(void)state;
	assert_paths(rows, ROWS(rows));
}

static void test_every_escape(void **state)
{
	static const char *const formats[] = {"/x%%%02x", "/x%%%02X", "/a/x%%%02xy"};
	(void)state;
	for (int c = 1; c < 256; c++)
		for (size_t i = 0; i < ROWS(formats); i++) {
			char raw[16];
			int n = snprintf(raw, sizeof raw, formats[i], (unsigned)c);
			assert_true(n > 0);
			struct target t = parse(guarded_again(raw, (size_t)n), c == '/' ? STATUS_NOT_FOUND : STATUS_NONE);
			if (c == '/')
				continue;
			assert_int_equal((unsigned char)t.path[i < 2 ? 1 : 3], c);
			assert_int_equal(t.length, i < 2 ? 2 : 5);
		}
}

static void test_bad_escapes_are_400(void **state)
{
	static const char rows[][16] = {
		"/%", "/%4", "/%g1", "/%1g", "/%%", "/%%41", "/a%", "/a%4", "/a%4/b", "/a%/b", "/a/%zz/b", "/%-1", "/%+1",
		"/%4?1", "/%?41", "/% 41", "/%u0041", "/%\xc3\xa9", "/%..", "/..%zz", "/a/..%", "/.%", "http://a/%",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_refused(rows[i], STATUS_BAD_REQUEST);
	for (int c = 0; c < 256; c++) {
		enum status expected = char_hex((char)c) >= 0 ? STATUS_NONE : STATUS_BAD_REQUEST;
		parse(guarded_again((char[]){'/', '%', '4', (char)c}, 4), expected);
		parse(guarded_again((char[]){'/', '%', (char)c, '1'}, 4), expected);
	}
}

static void test_escaped_nul_is_400(void **state)
{
	static const char rows[][16] = {"/%00", "/a%00", "/%00a", "/a/%00/b", "/a%00.html", "/%00/..", "http://a/%00"};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_refused(rows[i], STATUS_BAD_REQUEST);
}

static void test_escaped_dot_segment_is_400(void **state)
{
	static const char rows[][32] = {
		"/%2e", "/%2E", "/%2e/", "/%2e%2e", "/%2E%2e", "/.%2e", "/%2e.", "/%2e%2e/", "/a/%2e%2e/b", "/a/.%2E/b",
		"/a/%2e./b", "/a/%2e/b", "/a/b/%2e%2e", "/%2e%2e/%2e%2e/etc/passwd", "/%2f/%2e%2e", "/%2e/%2f",
		"http://a/%2e%2e",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_refused(rows[i], STATUS_BAD_REQUEST);
}

static void test_escaped_slash_is_404(void **state)
{
	static const char rows[][24] = {
		"/%2f", "/%2F", "/a%2fb", "/a%2F", "/%2fb", "/a/%2f/b", "/..%2f", "/..%2fetc%2fpasswd", "/%2e%2e%2f", "/%2f..",
		"/a%2f..%2fb", "/a%2fb/c/d/", "/a%2fb/../c", "/%2f%2f", "http://a/%2f",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_refused(rows[i], STATUS_NOT_FOUND);
}

static void test_every_byte_unescaped(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		bool bad = c <= ' ' || c == 0x7f || c == '#' || c == '%';
		char raw[] = {'/', 'a', (char)c, 'b'};
		struct target t = parse(guarded_again(raw, 4), bad ? STATUS_BAD_REQUEST : STATUS_NONE);
		if (!bad && c != '/' && c != '?')
			assert_memory_equal(t.path, raw + 1, 4 - 1);
		if (c >= 0x80)
			assert_int_equal(t.length, 3);
	}
}

/* request-target has no fragment (RFC 9112 section 3.2). */
static void test_no_target_is_400(void **state)
{
	static const char rows[][24] = {
		"", "a", "a/b", "index.html", ".", "..", "./a", "../a", "?", "?a", "#", "/#", "/a#b", "/a?b#c", "**", "*/",
		"/*#", "*?", "*?a", "example.com:80", "example.com", "\\", "\\a", " ", " /", "/ ", "/a b", "/?a b", "\t/",
		"/\r", "/\n", "/?\x7f", "/?\x1f", "%2f", "%2fa", "+", "&",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_refused(rows[i], STATUS_BAD_REQUEST);
	parse(guarded_bytes("/\0", 2), STATUS_BAD_REQUEST);
	parse(guarded_bytes("/?\0", 3), STATUS_BAD_REQUEST);
	parse((struct slice){NULL, 0}, STATUS_BAD_REQUEST);
}

static void test_asterisk_is_the_server_9112_3_2_4(void **state)
{
	(void)state;
	struct target t = parse(guarded("*"), STATUS_NONE);
	assert_true(t.asterisk);
	assert_true(t.directory);
	assert_int_equal(t.length, 0);
	assert_string_equal(t.path, "");
	assert_null(t.host.at);
	assert_null(t.query.at);
}

static void test_query_stays_as_it_came(void **state)
{
	static const struct {
		const char *raw, *path, *query;
	} rows[] = {
		{"/?", "", ""}, {"/?a=b", "", "a=b"}, {"/a?b", "a", "b"}, {"/a/?b", "a/", "b"}, {"/a??b", "a", "?b"},
		{"/a?b?c", "a", "b?c"}, {"/a?/../b", "a", "/../b"}, {"/a?%zz%00%2f", "a", "%zz%00%2f"}, {"/?//", "", "//"},
		{"/a?\xff", "a", "\xff"}, {"/a/..?b", "", "b"}, {"/a%3fb?c", "a?b", "c"}, {"//?*", "", "*"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_path(rows[i].raw, rows[i].path);
		struct target t = parse(guarded(rows[i].raw), STATUS_NONE);
		assert_non_null(t.query.at);
		assert_slice(t.query, rows[i].query);
		assert_null(t.host.at);
	}
	assert_null(parse(guarded("/a"), STATUS_NONE).query.at);
	assert_null(parse(guarded("http://a"), STATUS_NONE).query.at);
}

static void test_absolute_form_9112_3_2_2(void **state)
{
	static const struct {
		const char *raw, *host, *path, *query;
	} rows[] = {
		{"http://a", "a", "", NULL}, {"http://a/", "a", "", NULL}, {"http://a/b", "a", "b", NULL},
		{"https://a/b/", "a", "b/", NULL}, {"HTTP://a/b", "a", "b", NULL}, {"hTTpS://A/B", "A", "B", NULL},
		{"http://a?b", "a", "", "b"}, {"http://a?", "a", "", ""}, {"http://a?b/../c", "a", "", "b/../c"},
		{"http://a?//b@c", "a", "", "//b@c"}, {"http://a/b?c", "a", "b", "c"}, {"http://a:80/b", "a:80", "b", NULL},
		{"http://a:/b", "a:", "b", NULL}, {"http://a:99999", "a:99999", "", NULL}, {"http://a//b", "a", "b", NULL},
		{"http://a//", "a", "", NULL}, {"http://a/../b", "a", "b", NULL}, {"http://a/%41", "a", "A", NULL},
		{"http://[::1]/b", "[::1]", "b", NULL}, {"http://[::1]:8080/b", "[::1]:8080", "b", NULL},
		{"https://[2001:db8::1]?q", "[2001:db8::1]", "", "q"}, {"http://%41/b", "%41", "b", NULL},
		{"http://*/b", "*", "b", NULL}, {"http://a/*", "a", "*", NULL}, {"http://a/b@c", "a", "b@c", NULL},
		{"http://../b", "..", "b", NULL}, {"http://a/http://b/c", "a", "http:/b/c", NULL},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_path(rows[i].raw, rows[i].path);
		struct target t = parse(guarded(rows[i].raw), STATUS_NONE);
		assert_slice(t.host, rows[i].host);
		assert_non_null(t.host.at);
		assert_slice(t.query, rows[i].query ? rows[i].query : "");
		assert_int_equal(t.query.at != NULL, rows[i].query != NULL);
	}
}

static void test_other_schemes_and_halves_of_one_are_400(void **state)
{
	static const char rows[][24] = {
		"ftp://a/b", "file:///etc/passwd", "ws://a/", "htt://a/", "httpx://a/", "https", "http", "http:", "http:/",
		"http:/a", "http:a", "http//a", "http:\\\\a", ":", "://a", "javascript:a", " http://a", "ht%74p://a/",
		"http:?//a", "http:/?/a", "http:/a/b/c", "mailto:a@b", "urn:a:b", "data:,a",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_refused(rows[i], STATUS_BAD_REQUEST);
}

/* "A recipient ... SHOULD parse for userinfo and treat its presence as an error" (RFC 9110 section 4.2.4). */
static void test_user_information_is_400_9110_4_2_4(void **state)
{
	(void)state;
	assert_refused("http://user@a/", STATUS_BAD_REQUEST);
	assert_refused("http://user:secret@a/", STATUS_BAD_REQUEST);
	assert_refused("http://@a/", STATUS_BAD_REQUEST);
	assert_refused("http://a@", STATUS_BAD_REQUEST);
	assert_refused("https://user@[::1]/", STATUS_BAD_REQUEST);
	assert_refused("http://a.example@b.example/c", STATUS_BAD_REQUEST);
}

/* "A recipient that processes such a URI reference MUST reject it as invalid." */
static void test_empty_host_is_400_9110_4_2_1(void **state)
{
	static const char rows[][24] = {
		"http://", "http:///", "http:///a", "http://?", "http://?a", "http://:", "http://:80", "http://:80/",
		"https:///", "https://:/a", "https://?",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_refused(rows[i], STATUS_BAD_REQUEST);
}

static void test_invalid_host_is_400(void **state)
{
	static const char rows[][24] = {
		"http://a:b/", "http://a:80:80/", "http://[::1/", "http://[]/", "http://::1/", "http://a\"b/", "http://a\\b/",
		"http://%zz/", "http://%4/1", "http://a\xff/", "http://[::1]a/", "http://a^b", "http://a<b>/",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_refused(rows[i], STATUS_BAD_REQUEST);
}

/* A target of `len` bytes: the beginning, then the filling as often as it takes. */
static struct slice filled(const char *beginning, const char *filling, size_t len)
{
	static char room[TARGET_MAX + 2];
	size_t n = strlen(beginning);
	memcpy(room, beginning, n);
	for (size_t i = n; i < len; i++)
		room[i] = filling[(i - n) % strlen(filling)];
	return guarded_again(room, len);
}

static void test_longest_target(void **state)
{
	static const struct {
		const char *beginning, *filling;
		size_t length;
	} rows[] = {
		{"/", "a", TARGET_MAX - 1}, {"/", "/", 0}, {"/aa", "/a", TARGET_MAX - 2}, {"/", "%61a", TARGET_MAX / 2 - 1},
		{"/", "../", 0}, {"/.", "/.", 0}, {"/?", "a", 0}, {"http://", "a", 0}, {"http://a/", "b", TARGET_MAX - 9},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct target t = parse(filled(rows[i].beginning, rows[i].filling, TARGET_MAX), STATUS_NONE);
		assert_int_equal(t.length, rows[i].length);
		assert_int_equal(strlen(t.path), t.length);
		parse(filled(rows[i].beginning, rows[i].filling, TARGET_MAX + 1), STATUS_URI_TOO_LONG);
	}
	parse(filled("/", "%61a", TARGET_MAX - 1), STATUS_BAD_REQUEST); /* ends in "%6" */
}

static bool has_segment(const struct target *t, const char *name)
{
	struct slice rest = {t->path, t->length}, segment;
	while (slice_split(&rest, '/', &segment))
		if (slice_equal(segment, slice_of(name)))
			return true;
	return false;
}

static bool is_part_of(struct slice part, struct slice whole)
{
	return part.at == NULL || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

/* The guarantees of target.h for every target, also for a refused one. */
static void assert_invariants(struct slice raw, const struct target *t)
{
	assert_true(t->length <= TARGET_MAX);
	assert_int_equal(t->path[t->length], '\0');
	assert_int_equal(strlen(t->path), t->length);
	assert_true(t->length == 0 || !has_segment(t, ""));
	assert_false(has_segment(t, "."));
	assert_false(has_segment(t, ".."));
	assert_true(is_part_of(t->host, raw));
	assert_true(is_part_of(t->query, raw));
	assert_int_equal(t->asterisk, slice_equal(raw, slice_of("*")));
}

static void test_refused_target_is_valid_all_the_same(void **state)
{
	static const char rows[][24] = {
		"", "a", "/#", "/a/b#", "/a/b/%zz", "/a/b%zz", "/..%zz", "/a/..%zz", "/%00", "/a/b%00", "/%2e%2e",
		"/a/b/%2e%2e", "/a/%2e", "/a%2fb", "/a/%2f/b", "/a/b/c%2f", "ftp://a/b", "http://u@a/b?c", "http://",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct target t;
		struct slice raw = guarded(rows[i]);
		assert_true(parse_into(raw, &t) != STATUS_NONE);
		assert_invariants(raw, &t);
	}
}

/* "directory: the path ended in a slash, or is the root". */
static void test_root_of_a_refused_target_is_a_directory(void **state)
{
	static const char rows[][16] = {"", "a", "/#", "/%2f", "/a%2fb", "/%zz", "/a%zz", "/%00", "/a%00", "/%2e%2e"};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct target t;
		assert_true(parse_into(guarded(rows[i]), &t) != STATUS_NONE);
		assert_int_equal(t.length, 0);
		if (!t.directory)
			fail_msg("'%s' leaves a path that is the root and no directory", rows[i]);
	}
}

/* A slow implementation: it keeps a list of names, where target.c writes a path. */
struct oracle {
	enum status status;
	bool directory;
	char path[512];
	size_t names;
	char name[256][128];
};

static void oracle_refuse(struct oracle *o, enum status status)
{
	if (o->status != STATUS_BAD_REQUEST)
		o->status = status;
}

static void oracle_name(struct oracle *o, const char *raw)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	char name[128] = "";
	size_t n = 0;
	bool nul = false;
	for (const char *c = raw; *c; c++) {
		if (*c != '%') {
			name[n++] = *c;
			continue;
		}
		if (!c[1] || !c[2] || !strchr(hex, c[1]) || !strchr(hex, c[2])) {
			oracle_refuse(o, STATUS_BAD_REQUEST);
			return;
		}
		name[n++] = (char)strtoul((char[]){c[1], c[2], '\0'}, NULL, 16);
		nul = nul || name[n - 1] == '\0';
		c += 2;
	}
	bool dots = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
	if (nul || (dots && strchr(raw, '%')))
		oracle_refuse(o, STATUS_BAD_REQUEST);
	else if (strchr(name, '/'))
		oracle_refuse(o, STATUS_NOT_FOUND);
	o->directory = n == 0 || dots;
	if (strcmp(name, "..") == 0)
		o->names -= o->names > 0;
	else if (!o->directory)
		strcpy(o->name[o->names++], name);
}

/* The path of an absolute-form; NULL where it is not one or its host is not valid. */
static char *oracle_path(char *raw)
{
	for (char *c = raw; *c && *c != ':'; c++)
		*c = char_lower(*c);
	size_t skip = strncmp(raw, "http://", 7) == 0 ? 7 : strncmp(raw, "https://", 8) == 0 ? 8 : 0;
	char *host = raw + skip, *path = strchr(host, '/');
	size_t len = path ? (size_t)(path - host) : strlen(host);
	if (skip == 0 || len == 0 || host[0] == ':' || !host_valid((struct slice){host, len}))
		return NULL;
	return host + len;
}

static void oracle(struct oracle *o, const char *target)
{
	char raw[512], *path = raw, *slash;
	memset(o, 0, sizeof *o);
	o->directory = true;
	strcpy(raw, target);
	for (const char *c = raw; *c; c++)
		if (*c == '#' || *c == 0x7f || (*c > 0 && *c <= ' '))
			o->status = STATUS_BAD_REQUEST;
	if (strcmp(raw, "*") == 0)
		return;
	if (strchr(raw, '?'))
		*strchr(raw, '?') = '\0';
	if (raw[0] != '/')
		path = oracle_path(raw);
	if (path == NULL)
		oracle_refuse(o, STATUS_BAD_REQUEST);
	while (path && *path) {
		slash = strchr(++path, '/');
		if (slash)
			*slash = '\0';
		oracle_name(o, path);
		if (slash)
			*slash = '/';
		path = slash;
	}
	for (size_t i = 0; i < o->names; i++) {
		strcat(o->path, i > 0 ? "/" : "");
		strcat(o->path, o->name[i]);
	}
	o->directory = o->directory || o->names == 0;
}

static void random_target(char *out, size_t pieces)
{
	static const char beginnings[][16] = {"/", "/", "/", "/", "/", "/", "http://a", "HTTPS://[::1]:1", "http://a/", "*",
		""};
	static const char parts[][16] = {
		"/", "/", "/", "/", "/", "/", "/", "/", ".", ".", ".", "..", "..", "/..", "/../", "/./", "//", "a", "b", "cd",
		"%61", "%2e", "%2E", "%2f", "%00", "%zz", "%", "%c3%A9", "\xc3\xa9", "?", "*", ":", "@", "#", " ", "~", "%25",
	};
	strcpy(out, beginnings[random_below(ROWS(beginnings))]);
	while (pieces-- > 0) {
		size_t rare = random_below(4) > 0 ? 20 : ROWS(parts); /* most of these are accepted */
		strcat(out, parts[random_below(rare)]);
	}
}

static void test_random_targets_against_the_oracle(void **state)
{
	static struct oracle o;
	unsigned accepted = 0, refused = 0, not_found = 0;
	(void)state;
	for (int i = 0; i < 100000; i++) {
		char raw[512];
		random_target(raw, random_below(16));
		struct slice s = guarded_again(raw, strlen(raw));
		oracle(&o, raw);
		struct target t = parse(s, o.status);
		assert_invariants(s, &t);
		accepted += o.status == STATUS_NONE;
		refused += o.status == STATUS_BAD_REQUEST;
		not_found += o.status == STATUS_NOT_FOUND;
		if (o.status == STATUS_NONE && (strcmp(t.path, o.path) != 0 || t.directory != o.directory))
			fail_msg("'%s' is '%s'%s, not '%s'", raw, t.path, t.directory ? " as a directory" : "", o.path);
	}
	assert_true(accepted > 20000 && refused > 10000 && not_found > 500);
}

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The algorithm of RFC 3986 section 5.2.4, step by step: 2A to 2E on an input buffer and an output buffer. */
static void remove_dot_segments(char *in, char *out)
{
	out[0] = '\0';
	while (*in) {
		if (starts(in, "../") || starts(in, "./")) {
			in = strchr(in, '/') + 1;
		} else if (starts(in, "/./") || strcmp(in, "/.") == 0) {
			in += strlen(in) > 2 ? 2 : 1;
			*in = '/';
		} else if (starts(in, "/../") || strcmp(in, "/..") == 0) {
			in += strlen(in) > 3 ? 3 : 2;
			*in = '/';
			*(strrchr(out, '/') ? strrchr(out, '/') : out) = '\0';
		} else if (strcmp(in, ".") == 0 || strcmp(in, "..") == 0) {
			*in = '\0';
		} else {
			size_t n = 1 + strcspn(in + 1, "/");
			strncat(out, in, n);
			in += n;
		}
	}
}

static void test_random_paths_as_3986_5_2_4_has_them(void **state)
{
	static const char parts[][4] = {"a", "b", ".", "..", "...", ".a", "a."};
	(void)state;
	for (int i = 0; i < 50000; i++) {
		char raw[256] = "", in[256], out[256];
		for (size_t n = 1 + random_below(12); n > 0; n--) {
			strcat(raw, "/");
			strcat(raw, parts[random_below(ROWS(parts))]);
		}
		if (random_below(2) == 0)
			strcat(raw, "/");
		strcpy(in, raw);
		remove_dot_segments(in, out);
		assert_path(raw, out + 1);
		struct target t = parse(guarded_again(raw, strlen(raw)), STATUS_NONE);
		assert_true(t.directory == (out[strlen(out) - 1] == '/'));
	}
}

/* The text that target_encode writes, with a NUL behind it. */
static const char *encoded(struct slice path, bool directory)
{
	static char room[3 * TARGET_MAX + 3];
	struct buf b = buf_in(room, sizeof room - 1);
	target_encode(&b, path, directory, (struct slice){NULL, 0});
	assert_false(b.overflow);
	room[b.len] = '\0';
	return room;
}

static void test_encode(void **state)
{
	static const struct {
		const char *path;
		bool directory;
		const char *encoded;
	} rows[] = {
		{"", false, "/"}, {"", true, "/"}, {"a", false, "/a"}, {"a", true, "/a/"}, {"a/b", false, "/a/b"},
		{"a/b", true, "/a/b/"}, {"a b", false, "/a%20b"}, {"%41", false, "/%2541"}, {"?", true, "/%3F/"},
		{"#", false, "/%23"}, {"\r\nX: y", true, "/%0D%0AX:%20y/"}, {"\xc3\xa9", false, "/%C3%A9"},
		{"\\", false, "/%5C"}, {"\\evil.example", true, "/%5Cevil.example/"},
		{"a:b@c!$&'()*+,;=-._~", false, "/a:b@c!$&'()*+,;=-._~"}, {"http:", true, "/http:/"},
		{"\"<>^`{|}[]", false, "/%22%3C%3E%5E%60%7B%7C%7D%5B%5D"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_string_equal(encoded(guarded(rows[i].path), rows[i].directory), rows[i].encoded);
}

/* pchar and "/" stay; every other byte becomes "%" and two digits (RFC 3986 section 3.3). */
static void test_encode_every_byte_3986_3_3(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char expected[8];
		bool plain = char_is_alphanumeric((char)c) || (c != 0 && strchr("-._~!$&'()*+,;=:@/", c) != NULL);
		snprintf(expected, sizeof expected, plain ? "/%c" : "/%%%02X", c);
		assert_string_equal(encoded(guarded_again((char[]){(char)c}, 1), false), expected);
	}
}

static void assert_round_trip(const char *path, size_t len, bool directory)
{
	struct target t;
	char copy[TARGET_MAX];
	memcpy(copy, path, len);
	const char *text = encoded(guarded_again(copy, len), directory);
	assert_int_equal(parse_into(guarded_again(text, strlen(text)), &t), STATUS_NONE);
	assert_true(slice_equal((struct slice){t.path, t.length}, (struct slice){copy, len}));
	assert_int_equal(t.directory, directory || len == 0);
}

static void test_encoded_path_parses_to_the_same(void **state)
{
	(void)state;
	assert_round_trip("", 0, false);
	assert_round_trip("", 0, true);
	for (int c = 1; c < 256; c++) {
		if (c == '/')
			continue;
		assert_round_trip((char[]){'a', (char)c}, 2, false);
		assert_round_trip((char[]){(char)c, 'a'}, 2, true);
		assert_round_trip((char[]){'a', '/', (char)c, 'b', '/', 'c', (char)c}, 7, true);
		if (c != '.')
			assert_round_trip((char[]){(char)c}, 1, false);
	}
	for (int i = 0; i < 20000; i++) {
		char raw[512];
		struct target t;
		random_target(raw, random_below(16));
		if (parse_into(guarded_again(raw, strlen(raw)), &t) == STATUS_NONE)
			assert_round_trip(t.path, t.length, t.directory);
	}
}

/*
 * The query follows the path. Valid escapes stay, and bytes that are not allowed in a query are escaped (RFC 3986
 * section 3.4).
 */
static void test_encode_query_3986_3_4(void **state)
{
	static const char *const rows[][2] = {
		{"", "/a?"}, {"b=c&d", "/a?b=c&d"}, {"/?:@", "/a?/?:@"}, {"%41%2f", "/a?%41%2f"}, {"%4", "/a?%254"},
		{"%zz", "/a?%25zz"}, {"\"<>#\r\n \xff", "/a?%22%3C%3E%23%0D%0A%20%FF"},
	};
	char room[64];
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf b = buf_in(room, sizeof room);
		target_encode(&b, slice_of("a"), false, guarded(rows[i][0]));
		assert_slice(buf_slice(&b), rows[i][1]);
	}
}

static void test_encode_overflow_is_told(void **state)
{
	(void)state;
	char room[8];
	for (size_t size = 0; size < 6; size++) { /* "/%20a/" has 6 */
		struct buf b = buf_in(room, size);
		target_encode(&b, slice_of(" a"), true, (struct slice){NULL, 0});
		assert_true(b.overflow);
		assert_true(b.len <= size);
	}
	struct buf b = buf_in(room, 6);
	target_encode(&b, slice_of(" a"), true, (struct slice){NULL, 0});
	assert_false(b.overflow);
	assert_slice(buf_slice(&b), "/%20a/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_paths),
		cmocka_unit_test(test_dot_segments_3986_5_2_4),
		cmocka_unit_test(test_dot_segments_never_leave_the_root),
		cmocka_unit_test(test_empty_segments_are_removed),
		cmocka_unit_test(test_escapes_3986_2_1),
		cmocka_unit_test(test_every_escape),
		cmocka_unit_test(test_bad_escapes_are_400),
		cmocka_unit_test(test_escaped_nul_is_400),
		cmocka_unit_test(test_escaped_dot_segment_is_400),
		cmocka_unit_test(test_escaped_slash_is_404),
		cmocka_unit_test(test_every_byte_unescaped),
		cmocka_unit_test(test_no_target_is_400),
		cmocka_unit_test(test_asterisk_is_the_server_9112_3_2_4),
		cmocka_unit_test(test_query_stays_as_it_came),
		cmocka_unit_test(test_absolute_form_9112_3_2_2),
		cmocka_unit_test(test_other_schemes_and_halves_of_one_are_400),
		cmocka_unit_test(test_user_information_is_400_9110_4_2_4),
		cmocka_unit_test(test_empty_host_is_400_9110_4_2_1),
		cmocka_unit_test(test_invalid_host_is_400),
		cmocka_unit_test(test_longest_target),
		cmocka_unit_test(test_refused_target_is_valid_all_the_same),
		cmocka_unit_test(test_root_of_a_refused_target_is_a_directory),
		cmocka_unit_test(test_random_targets_against_the_oracle),
		cmocka_unit_test(test_random_paths_as_3986_5_2_4_has_them),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_encode_every_byte_3986_3_3),
		cmocka_unit_test(test_encoded_path_parses_to_the_same),
		cmocka_unit_test(test_encode_query_3986_3_4),
		cmocka_unit_test(test_encode_overflow_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
