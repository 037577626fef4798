/* SPDX-License-Identifier: ISC */
/* validator: entity tags, all combinations of the preconditions, and If-Range (RFC 9110 sections 8.8 and 13). */
#include "http/fields.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "http/date.h"
#include "http/validator.h"

enum { OLD = 784111777, NOW = OLD + 86400 }; /* Sun, 06 Nov 1994 08:49:37 GMT, and a day later */

#define EARLIER "Sun, 06 Nov 1994 08:49:36 GMT"
#define SAME "Sun, 06 Nov 1994 08:49:37 GMT"
#define LATER "Sun, 06 Nov 1994 08:49:38 GMT"
#define TAG "\"a-b-c\""

static const char *etag_of(uint64_t size, int64_t seconds, uint32_t nanoseconds, const char *coding)
{
	static char room[ETAG_MAX + 1];
	struct entry file = {.fd = -1, .readable = true, .size = size, .seconds = seconds, .nanoseconds = nanoseconds};
	struct buf b = buf_in(room, ETAG_MAX);
	validator_etag(&b, &file, coding);
	assert_false(b.overflow);
	room[b.len] = '\0';
	return room;
}

/* The format is fixed: caches keep tags, and the tags must still match after an upgrade. */
static void test_the_etag_is_size_time_and_coding_9110_8_8_3(void **state)
{
	(void)state;
	assert_string_equal(etag_of(0, 2, 0, ""), "\"0-2-0\"");
	assert_string_equal(etag_of(10, 11, 12, ""), "\"a-b-c\"");
	assert_string_equal(etag_of(4660, OLD, 999999999, ""), "\"1234-2ebc98a1-3b9ac9ff\"");
	assert_string_equal(etag_of(16, 3, 15, "gzip"), "\"10-3-f-gzip\"");
	assert_string_equal(etag_of(255, 256, 257, "br"), "\"ff-100-101-br\"");
	assert_string_equal(etag_of(1, -1, 0, "zstd"), "\"1-ffffffffffffffff-0-zstd\"");
	assert_string_equal(etag_of(UINT64_MAX, INT64_MIN, 999999999, "identity"),
		"\"ffffffffffffffff-8000000000000000-3b9ac9ff-identity\"");
}

/* etagc = %x21 / %x23-7E / obs-text, between quotes, and no W/ before them. */
static void test_the_etag_is_strong_and_well_formed_9110_8_8_3(void **state)
{
	static const char *const codings[] = {"", "br", "zstd", "gzip"};
	(void)state;
	for (int round = 0; round < 2000; round++) {
		const char *tag = etag_of(random_below(UINT64_MAX) >> random_below(64),
			(int64_t)(random_below(UINT64_MAX) >> random_below(64)), (uint32_t)random_below(1000000000),
			codings[random_below(4)]);
		size_t n = strlen(tag);
		assert_true(n >= 7 && n <= ETAG_MAX && tag[0] == '"' && tag[n - 1] == '"');
		for (size_t i = 1; i + 1 < n; i++)
			assert_true(char_is_alphanumeric(tag[i]) || tag[i] == '-');
	}
}

static void test_whatever_differs_gives_another_etag(void **state)
{
	static const struct {
		uint64_t size;
		int64_t seconds;
		uint32_t nanoseconds;
		const char *coding;
	} files[] = {
		{1, 2, 3, ""}, {2, 2, 3, ""}, {1, 3, 3, ""}, {1, 2, 4, ""}, {1, 2, 3, "gzip"}, {1, 2, 3, "br"}, {2, 1, 3, ""},
		{1, 3, 2, ""}, {0x12, 3, 0, ""}, {1, 0x23, 0, ""}, {1, 2, 0x30, ""}, {0x11, 2, 3, ""}, {1, -2, 3, ""},
	};
	char tag[ROWS(files)][ETAG_MAX + 1];
	(void)state;
	for (size_t i = 0; i < ROWS(files); i++) {
		strcpy(tag[i], etag_of(files[i].size, files[i].seconds, files[i].nanoseconds, files[i].coding));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(tag[i], tag[k]);
	}
}

/* The tag does not depend on the machine: neither on the descriptor nor on permissions. */
static void test_machines_with_the_same_files_agree(void **state)
{
	struct entry one = {.fd = 3, .readable = true, .size = 5, .seconds = 6, .nanoseconds = 7};
	struct entry other = {.fd = 99, .directory = true, .size = 5, .seconds = 6, .nanoseconds = 7};
	char a[ETAG_MAX], b[ETAG_MAX];
	struct buf first = buf_in(a, sizeof a), second = buf_in(b, sizeof b);
	(void)state;
	validator_etag(&first, &one, "");
	validator_etag(&second, &other, "");
	assert_true(slice_equal(buf_slice(&first), buf_slice(&second)));
}

/* Times that build tools give to all files of an image or archive. They tell no two versions apart. */
static const int64_t constants[] = {0, 1, 315532800, 315532801, 318211200, 499162500, 946684800};

static bool dated(int64_t seconds, uint32_t nanoseconds)
{
	struct entry file = {.fd = -1, .seconds = seconds, .nanoseconds = nanoseconds};
	return validator_dated(&file);
}

static void test_a_constant_time_says_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(constants); i++) {
		assert_false(dated(constants[i], 0));
		assert_true(dated(constants[i], 1)); /* none of those times has a fraction */
		assert_int_equal(dated(constants[i] - 1, 0), i == 1 || i == 3 ? false : true);
		assert_int_equal(dated(constants[i] + 1, 0), i == 0 || i == 2 ? false : true);
	}
	assert_true(dated(OLD, 0));
	assert_true(dated(INT64_MIN, 0));
	assert_true(dated(INT64_MAX, 0));
}

/* Such a time is replaced in the tag by the time of the last status change and the inode. */
static void test_the_etag_of_a_constant_time_changes_with_the_file_9110_8_8_1(void **state)
{
	struct entry file = {.fd = -1, .size = 10, .seconds = 1, .changed = {OLD, 12}, .inode = 13}, other;
	char room[6][ETAG_MAX + 1];
	(void)state;
	for (size_t i = 0; i < ROWS(room); i++) {
		struct buf b = buf_in(room[i], ETAG_MAX);
		other = file;
		other.size += i == 1;
		other.changed.seconds += i == 2;
		other.changed.nanoseconds += i == 3;
		other.inode += i == 4;
		validator_etag(&b, &other, i == 5 ? "br" : "");
		assert_false(b.overflow);
		room[i][b.len] = '\0';
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(room[i], room[k]);
	}
	assert_string_equal(room[0], "\"a-2ebc98a1-c-d\"");
	assert_string_equal(room[5], "\"a-2ebc98a1-c-d-br\"");
	other = (struct entry){.size = UINT64_MAX, .changed = {-1, 999999999}, .inode = UINT64_MAX};
	struct buf longest = buf_in(room[0], ETAG_MAX);
	validator_etag(&longest, &other, "zstd");
	assert_false(longest.overflow);
}

/* A field line, and the result of its condition: for a resource with a tag and a date, and for one without either. */
enum outcome { TRUE, FALSE, IGNORED };
struct condition {
	const char *line;
	enum outcome with, without;
};

static const struct condition if_match[] = {
	{"", IGNORED, IGNORED}, {"If-Match: " TAG "\r\n", TRUE, FALSE}, {"If-Match: \"x\", " TAG "\r\n", TRUE, FALSE},
	{"If-Match: \"x\"\r\n", FALSE, FALSE}, {"If-Match: *\r\n", TRUE, TRUE}, {"If-Match: W/" TAG "\r\n", FALSE, FALSE},
	{"If-Match:\r\n", FALSE, FALSE},
};

static const struct condition if_unmodified_since[] = {
	{"", IGNORED, IGNORED}, {"If-Unmodified-Since: " EARLIER "\r\n", FALSE, IGNORED},
	{"If-Unmodified-Since: " SAME "\r\n", TRUE, IGNORED}, {"If-Unmodified-Since: " LATER "\r\n", TRUE, IGNORED},
	{"If-Unmodified-Since: yesterday\r\n", IGNORED, IGNORED},
	{"If-Unmodified-Since: " EARLIER "\r\nIf-Unmodified-Since: " EARLIER "\r\n", IGNORED, IGNORED},
};

/* In the RFC's words: the condition is true when nothing matches. */
static const struct condition if_none_match[] = {
	{"", IGNORED, IGNORED}, {"If-None-Match: " TAG "\r\n", FALSE, TRUE}, {"If-None-Match: \"x\"\r\n", TRUE, TRUE},
	{"If-None-Match: *\r\n", FALSE, FALSE}, {"If-None-Match: W/" TAG "\r\n", FALSE, TRUE},
	{"If-None-Match: \"x\", W/" TAG "\r\n", FALSE, TRUE}, {"If-None-Match:\r\n", TRUE, TRUE},
};

static const struct condition if_modified_since[] = {
	{"", IGNORED, IGNORED}, {"If-Modified-Since: " EARLIER "\r\n", TRUE, IGNORED},
	{"If-Modified-Since: " SAME "\r\n", FALSE, IGNORED}, {"If-Modified-Since: " LATER "\r\n", FALSE, IGNORED},
	{"If-Modified-Since: 0\r\n", IGNORED, IGNORED},
	{"If-Modified-Since: " LATER "\r\nIf-Modified-Since: " LATER "\r\n", IGNORED, IGNORED},
};

/* The steps of RFC 9110 section 13.2.2, for GET and HEAD. */
static enum status by_the_steps(enum outcome match, enum outcome unmodified, enum outcome none, enum outcome modified)
{
	if (match == FALSE) /* 1 */
		return STATUS_PRECONDITION_FAILED;
	if (match == IGNORED && unmodified == FALSE) /* 2 */
		return STATUS_PRECONDITION_FAILED;
	if (none == FALSE) /* 3 */
		return STATUS_NOT_MODIFIED;
	if (none == IGNORED && modified == FALSE) /* 4 */
		return STATUS_NOT_MODIFIED;
	return STATUS_NONE; /* 5, 6 */
}

enum { COMBINATIONS = ROWS(if_match) * ROWS(if_unmodified_since) * ROWS(if_none_match) * ROWS(if_modified_since) };

static void assert_combination(size_t i, bool with)
{
	const struct condition *m = &if_match[i % ROWS(if_match)];
	i /= ROWS(if_match);
	const struct condition *u = &if_unmodified_since[i % ROWS(if_unmodified_since)];
	i /= ROWS(if_unmodified_since);
	const struct condition *n = &if_none_match[i % ROWS(if_none_match)];
	const struct condition *s = &if_modified_since[i / ROWS(if_none_match)];
	char lines[1024];
	const int64_t modified = OLD;
	/* The result does not depend on the order of the lines. */
	if (i % 2 == 0)
		snprintf(lines, sizeof lines, "%s%s%s%s", m->line, u->line, n->line, s->line);
	else
		snprintf(lines, sizeof lines, "%s%s%s%s", s->line, n->line, u->line, m->line);
	struct request r = with_lines(lines);
	enum status status = validator_check(&r, slice_of(with ? TAG : NULL), with ? &modified : NULL, NOW);
	enum status expected = with ? by_the_steps(m->with, u->with, n->with, s->with)
	                            : by_the_steps(m->without, u->without, n->without, s->without);
	if (status != expected)
		fail_msg("%s: %d, not %d\n%s", with ? "with a state" : "without", (int)status, (int)expected, lines);
}

static void test_all_combinations_in_the_order_of_9110_13_2_2(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMBINATIONS; i++) {
		assert_combination(i, true);
		assert_combination(i, false);
	}
}

struct tags_row {
	struct slice value;
	bool strongly, weakly;
};

static void assert_tags(const struct tags_row *rows, size_t count, const char *etag)
{
	for (size_t i = 0; i < count; i++) {
		struct request r = with_field(FIELD_IF_MATCH, rows[i].value);
		bool strongly = validator_check(&r, guarded(etag), NULL, NOW) == STATUS_NONE;
		r = with_field(FIELD_IF_NONE_MATCH, rows[i].value);
		bool weakly = validator_check(&r, guarded(etag), NULL, NOW) == STATUS_NOT_MODIFIED;
		if (strongly != rows[i].strongly || weakly != rows[i].weakly)
			fail_msg("%s against '%s': %d %d", etag, rows[i].value.at, strongly, weakly);
	}
}

static void test_lists_of_tags_9110_8_8_3_2(void **state)
{
	static const struct tags_row rows[] = {
		{BYTES(TAG), true, true}, {BYTES("W/" TAG), false, true}, {BYTES("*"), true, true},
		{BYTES("\"*\""), false, false},
		{BYTES("\"x\", " TAG), true, true}, {BYTES("\"x\"," TAG ",\"y\""), true, true},
		{BYTES("\"\"," TAG), true, true},
		{BYTES(",, ," TAG " ,,"), true, true}, {BYTES("\"x\"\t,\t" TAG), true, true},
		{BYTES("W/\"x\", " TAG), true, true}, {BYTES("W/" TAG ", \"x\""), false, true},
		{BYTES("W/" TAG ", " TAG), true, true}, {BYTES("\"x\", W/" TAG), false, true},
		{BYTES("\"A-B-C\""), false, false}, {BYTES("\"a-b-c \""), false, false}, {BYTES("\" a-b-c\""), false, false},
		{BYTES("\"a-b-cd\""), false, false}, {BYTES("\"a-b-\""), false, false}, {BYTES("\"\""), false, false},
		{BYTES("\"x\xe9\x80y\", " TAG), true, true}, {BYTES(TAG "," TAG), true, true}, {BYTES(TAG "\t"), true, true},
		{BYTES("\"x,y\", " TAG), true, true}, {BYTES("\"," TAG ",\""), false, false},
		{BYTES("\"x, a-b-c\", \"y\""), false, false}, {BYTES("\"a,b\""), false, false},
		/* A backslash is a character like any other. */
		{BYTES("\"x\\\", " TAG), true, true}, {BYTES("\"\\\"," TAG), true, true}, {BYTES("\"\\\\\", " TAG), true, true},
		{BYTES("\"\\a-b-c\""), false, false}, {BYTES("\"x\\\", W/" TAG), false, true},
	};
	(void)state;
	assert_tags(rows, ROWS(rows), TAG);
}

/* If-None-Match = "*" / #entity-tag: a malformed value names no tag at all, wherever the mistake is. */
static void test_a_malformed_list_does_not_match_9110_13_1_2(void **state)
{
	static const struct tags_row rows[] = {
		{BYTES(""), false, false}, {BYTES(","), false, false}, {BYTES(" \t"), false, false},
		{BYTES("a-b-c"), false, false}, {BYTES("'a-b-c'"), false, false}, {BYTES("\"a-b-c"), false, false},
		{BYTES("a-b-c\""), false, false}, {BYTES("\""), false, false}, {BYTES("W"), false, false},
		{BYTES("W/"), false, false}, {BYTES("W/\""), false, false}, {BYTES("W/a-b-c"), false, false},
		{BYTES("w/" TAG), false, false}, {BYTES("W\\" TAG), false, false}, {BYTES("W /" TAG), false, false},
		{BYTES("W/ " TAG), false, false}, {BYTES("W/W/" TAG), false, false}, {BYTES("/" TAG), false, false},
		{BYTES("x, " TAG), false, false}, {BYTES("x" TAG), false, false}, {BYTES("\"x, " TAG), false, false},
		{BYTES("\"x\"; " TAG), false, false}, {BYTES("W/\"x, W/" TAG), false, false}, {BYTES(";" TAG), false, false},
		{BYTES("\0" TAG), false, false}, {BYTES("\"x\"\0" TAG), false, false}, {BYTES("**"), false, false},
		{BYTES(TAG ", x"), false, false}, {BYTES(TAG ", \""), false, false}, {BYTES("W/" TAG ", W/"), false, false},
		{BYTES(TAG "x"), false, false}, {BYTES(TAG "junk"), false, false}, {BYTES(TAG " x"), false, false},
		{BYTES(TAG TAG), false, false}, {BYTES(TAG " " TAG), false, false}, {BYTES(TAG ";"), false, false},
		{BYTES(TAG "; q=1"), false, false}, {BYTES(TAG ", *"), false, false}, {BYTES("*, " TAG), false, false},
		{BYTES("*,"), false, false}, {BYTES(TAG "\0"), false, false}, {BYTES("\"x y\", " TAG), false, false},
		{BYTES("\"x\0y\", " TAG), false, false}, {BYTES("\"x\x7fy\", " TAG), false, false},
		{BYTES(TAG "W/"), false, false},
		{BYTES(TAG ",\"x\"y," TAG), false, false},
	};
	(void)state;
	assert_tags(rows, ROWS(rows), TAG);
}

static void test_tags_that_are_odd_themselves(void **state)
{
	static const struct tags_row comma[] = {
		{BYTES("\"a,b\""), true, true}, {BYTES("\"a\",\"b\""), false, false}, {BYTES("\"x\",\"a,b\""), true, true},
		{BYTES("W/\"a,b\""), false, true},
	};
	static const struct tags_row backslash[] = {
		{BYTES("\"a\\\""), true, true}, {BYTES("\"a\""), false, false}, {BYTES("\"a\\\\\""), false, false},
		{BYTES("\"b\\\",\"a\\\""), true, true},
	};
	static const struct tags_row empty[] = {
		{BYTES("\"\""), true, true}, {BYTES("W/\"\""), false, true}, {BYTES("\""), false, false},
	};
	(void)state;
	assert_tags(comma, ROWS(comma), "\"a,b\"");
	assert_tags(backslash, ROWS(backslash), "\"a\\\"");
	assert_tags(empty, ROWS(empty), "\"\"");
}

static void test_several_lines_are_one_list_9110_5_3(void **state)
{
	static const struct {
		const char *lines;
		enum status expected;
	} rows[] = {
		{"If-Match: \"x\"\r\nIf-Match: " TAG "\r\n", STATUS_NONE},
		{"If-Match: \"x\"\r\nX: " TAG "\r\nIf-Match: \"y\"\r\n", STATUS_PRECONDITION_FAILED},
		{"If-None-Match: \"x\"\r\nHost: a\r\nif-none-match: W/" TAG " \r\n", STATUS_NOT_MODIFIED},
		{"If-None-Match: \"x\"\r\nIf-None-Match: \"y\"\r\n", STATUS_NONE},
		{"If-None-Match:\r\nIf-None-Match: " TAG "\r\n", STATUS_NOT_MODIFIED},
		{"If-None-Match: " TAG "\r\nIf-None-Match: x\r\n", STATUS_NONE},
		{"If-None-Match: x\r\nIf-None-Match: " TAG "\r\n", STATUS_NONE},
		{"If-None-Match: *\r\nIf-None-Match: *\r\n", STATUS_NONE},
		{"If-Match: " TAG "\r\nIf-Match: *\r\n", STATUS_PRECONDITION_FAILED},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = with_lines(rows[i].lines);
		assert_int_equal(validator_check(&r, slice_of(TAG), NULL, NOW), rows[i].expected);
	}
}

static void test_dates_in_each_form_and_on_both_sides_9110_13_1_3(void **state)
{
	static const struct {
		const char *date;
		int64_t seconds; /* of the date; 0: the value is no date */
	} rows[] = {
		{SAME, OLD}, {EARLIER, OLD - 1}, {LATER, OLD + 1}, {"Sunday, 06-Nov-94 08:49:37 GMT", OLD},
		{"Sun Nov  6 08:49:37 1994", OLD}, {"Mon, 06 Nov 1994 08:49:37 GMT", 0}, {"", 0}, {"*", 0},
		{SAME "; length=5", 0}, {"784111777", 0}, {SAME ", " SAME, 0}, {"Thu, 01 Jan 1970 00:00:01 GMT", 1},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		bool none = rows[i].seconds == 0;
		for (int64_t m = rows[i].seconds - 2; m <= rows[i].seconds + 2; m++) {
			struct request r = with_field(FIELD_IF_MODIFIED_SINCE, slice_of(rows[i].date));
			assert_int_equal(validator_check(&r, slice_of(TAG), &m, NOW),
				!none && m <= rows[i].seconds ? STATUS_NOT_MODIFIED : STATUS_NONE);
			r = with_field(FIELD_IF_UNMODIFIED_SINCE, slice_of(rows[i].date));
			assert_int_equal(validator_check(&r, slice_of(TAG), &m, NOW),
				!none && m > rows[i].seconds ? STATUS_PRECONDITION_FAILED : STATUS_NONE);
		}
	}
}

static void test_a_tag_without_a_date_and_a_date_without_a_tag(void **state)
{
	static const struct {
		const char *lines;
		enum status tag, date; /* where there is only that */
	} rows[] = {
		{"If-Match: " TAG "\r\n", STATUS_NONE, STATUS_PRECONDITION_FAILED},
		{"If-None-Match: " TAG "\r\n", STATUS_NOT_MODIFIED, STATUS_NONE},
		{"If-Match: *\r\n", STATUS_NONE, STATUS_NONE},
		{"If-None-Match: *\r\n", STATUS_NOT_MODIFIED, STATUS_NOT_MODIFIED},
		{"If-Modified-Since: " SAME "\r\n", STATUS_NONE, STATUS_NOT_MODIFIED},
		{"If-Unmodified-Since: " EARLIER "\r\n", STATUS_NONE, STATUS_PRECONDITION_FAILED},
		{"If-None-Match: " TAG "\r\nIf-Modified-Since: " SAME "\r\n", STATUS_NOT_MODIFIED, STATUS_NONE},
		{"", STATUS_NONE, STATUS_NONE},
	};
	const int64_t modified = OLD;
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = with_lines(rows[i].lines);
		assert_int_equal(validator_check(&r, slice_of(TAG), NULL, NOW), rows[i].tag);
		assert_int_equal(validator_check(&r, slice_of(NULL), &modified, NOW), rows[i].date);
	}
}

static bool range_applies(const char *value)
{
	struct request r = with_field(FIELD_IF_RANGE, slice_of(value));
	const int64_t modified = OLD;
	return validator_if_range(&r, slice_of(TAG), &modified, NOW);
}

static void test_if_range_wants_the_same_strong_tag_9110_13_1_5(void **state)
{
	static const char *const others[] = {
		"", "\"", "\"\"", "W/" TAG, "w/" TAG, "\"x\"", "\"a-b-c", "a-b-c", "\"A-B-C\"", "*", "\"x\", " TAG,
		TAG ", \"x\"", TAG TAG, "\"a-b-c\"x", "\"a-b-cd\"", "\"a-b-\"", "\\" TAG,
	};
	(void)state;
	assert_true(range_applies(TAG));
	for (size_t i = 0; i < ROWS(others); i++)
		if (range_applies(others[i]))
			fail_msg("'%s'", others[i]);
}

static void test_if_range_wants_the_very_date_9110_13_1_5(void **state)
{
	static const struct {
		const char *value;
		bool applies;
	} rows[] = {
		{SAME, true}, {EARLIER, false}, {LATER, false}, {"Sunday, 06-Nov-94 08:49:37 GMT", true},
		{"Sun Nov  6 08:49:37 1994", true}, {"Mon, 06 Nov 1994 08:49:37 GMT", false}, {SAME " ", false},
		{"784111777", false},
		{"Sun, 06 Nov 1994 08:49:37", false}, {"\"" SAME "\"", false}, {SAME ", " SAME, false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (range_applies(rows[i].value) != rows[i].applies)
			fail_msg("'%s'", rows[i].value);
}

/* A date is a strong validator only when no second change can fall into the second that it names. */
static void test_if_range_wants_an_old_date_9110_8_8_2_2(void **state)
{
	static const struct {
		int64_t now;
		bool applies;
	} rows[] = {
		{OLD - 86400, false}, {OLD - 1, false}, {OLD, false}, {OLD + 1, false}, {OLD + 2, true}, {OLD + 3, true},
		{OLD + 86400, true},
	};
	struct request date = with_lines("If-Range: " SAME "\r\n"), tag;
	const int64_t modified = OLD;
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(validator_if_range(&date, slice_of(TAG), &modified, rows[i].now), rows[i].applies);
	tag = with_lines("If-Range: " TAG "\r\n");
	for (size_t i = 0; i < ROWS(rows); i++) /* a tag is a strong validator even within the second of the change */
		assert_true(validator_if_range(&tag, slice_of(TAG), &modified, rows[i].now));
}

static void test_if_range_stands_once_or_not_at_all_9110_13_1_5(void **state)
{
	static const struct {
		const char *lines;
		bool applies;
	} rows[] = {
		{"", true}, {"Range: bytes=0-\r\n", true}, {"If-Range: " TAG "\r\n", true}, {"If-Range: \"x\"\r\n", false},
		{"If-Range: " TAG "\r\nIf-Range: " TAG "\r\n", false}, {"If-Range: " SAME "\r\nIf-Range: " SAME "\r\n", false},
		{"If-Range:\r\n", false}, {"If-Match: \"x\"\r\n", true}, {"If-None-Match: " TAG "\r\n", true},
	};
	const int64_t modified = OLD;
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct request r = with_lines(rows[i].lines);
		assert_int_equal(validator_if_range(&r, slice_of(TAG), &modified, NOW), rows[i].applies);
	}
	struct request r = with_lines("If-Range: \"\"\r\n");
	assert_false(validator_if_range(&r, slice_of(NULL), &modified, NOW));
}

static void test_without_a_date_none_is_the_same_9110_13_1_5(void **state)
{
	struct request r = with_lines("If-Range: " SAME "\r\n");
	(void)state;
	assert_false(validator_if_range(&r, slice_of(TAG), NULL, NOW));
	r = with_lines("If-Range: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
	assert_false(validator_if_range(&r, slice_of(TAG), NULL, NOW));
	r = with_lines("If-Range: " TAG "\r\n");
	assert_true(validator_if_range(&r, slice_of(TAG), NULL, NOW));
	r = with_lines("");
	assert_true(validator_if_range(&r, slice_of(TAG), NULL, NOW));
}

static void test_garbage_is_read_within_its_bounds(void **state)
{
	static const char letters[] = "\"\"\"W/,,*\\ \tabc-\x80";
	static const enum field fields[] = {FIELD_IF_MATCH, FIELD_IF_NONE_MATCH, FIELD_IF_RANGE, FIELD_IF_MODIFIED_SINCE};
	const int64_t modified = OLD;
	(void)state;
	for (int round = 0; round < 50000; round++) {
		char text[24];
		size_t n = (size_t)random_below(sizeof text);
		for (size_t i = 0; i < n; i++)
			text[i] = letters[random_below(sizeof letters - 1)];
		struct request r = with_field(fields[random_below(4)], (struct slice){text, n});
		enum status status = validator_check(&r, slice_of(TAG), &modified, NOW);
		assert_true(status == STATUS_NONE || status == STATUS_NOT_MODIFIED || status == STATUS_PRECONDITION_FAILED);
		validator_if_range(&r, slice_of(TAG), &modified, NOW);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_etag_is_size_time_and_coding_9110_8_8_3),
		cmocka_unit_test(test_the_etag_is_strong_and_well_formed_9110_8_8_3),
		cmocka_unit_test(test_whatever_differs_gives_another_etag),
		cmocka_unit_test(test_a_constant_time_says_nothing),
		cmocka_unit_test(test_the_etag_of_a_constant_time_changes_with_the_file_9110_8_8_1),
		cmocka_unit_test(test_machines_with_the_same_files_agree),
		cmocka_unit_test(test_all_combinations_in_the_order_of_9110_13_2_2),
		cmocka_unit_test(test_lists_of_tags_9110_8_8_3_2),
		cmocka_unit_test(test_a_malformed_list_does_not_match_9110_13_1_2),
		cmocka_unit_test(test_tags_that_are_odd_themselves),
		cmocka_unit_test(test_several_lines_are_one_list_9110_5_3),
		cmocka_unit_test(test_dates_in_each_form_and_on_both_sides_9110_13_1_3),
		cmocka_unit_test(test_a_tag_without_a_date_and_a_date_without_a_tag),
		cmocka_unit_test(test_if_range_wants_the_same_strong_tag_9110_13_1_5),
		cmocka_unit_test(test_if_range_wants_the_very_date_9110_13_1_5),
		cmocka_unit_test(test_if_range_wants_an_old_date_9110_8_8_2_2),
		cmocka_unit_test(test_if_range_stands_once_or_not_at_all_9110_13_1_5),
		cmocka_unit_test(test_without_a_date_none_is_the_same_9110_13_1_5),
		cmocka_unit_test(test_garbage_is_read_within_its_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
