/* SPDX-License-Identifier: ISC */
/* report: in every format all bytes from clients are escaped; and the layout of the table. */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "status/report.h"

static const uint64_t second = 1000000;
static struct snapshot snapshot;
static char text[1 << 20];

static size_t written(void (*report)(FILE *, struct snapshot *))
{
	FILE *out = fmemopen(text, sizeof text, "w");
	assert_non_null(out);
	report(out, &snapshot);
	assert_int_equal(fclose(out), 0);
	return strlen(text);
}

static struct style style;

static void table(FILE *out, struct snapshot *s)
{
	report_table(out, s, &style);
}

static void has(const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void add(const char *path, unsigned status)
{
	char line[512];
	snprintf(line, sizeof line, "192.0.2.1 - - [x] \"GET %s HTTP/1.1\" %u 10 \"-\" \"-\"", path, status);
	tally_add(&snapshot.tally, slice_of(line), 1000 * second);
}

static void begin(void)
{
	memset(&snapshot, 0, sizeof snapshot);
	snapshot.begin = 1000 * second;
	snapshot.now = 1060 * second;
	snapshot.rows = 10;
	snapshot.asked = true;
	snprintf(snapshot.socket.name, UNIT_BYTES, "httpd.socket");
	snprintf(snapshot.socket.load, STATE_BYTES, "loaded");
	snprintf(snapshot.socket.active, STATE_BYTES, "active");
	tally_begin(&snapshot.tally, snapshot.begin, snapshot.now);
	style = (struct style){.width = 80};
}

static void clean(size_t len)
{
	assert_true(len > 0 && len + 1 < sizeof text);
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
			fail_msg("byte %02x gets out", (unsigned)(unsigned char)text[i]);
}

/* A line that httpd did not escape, from a program that uses its name. */
static void lets_no_byte_out(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		char line[] = "1?2 - - [x] \"GET /?a HTTP/1.1\" 404 10 \"-\" \"-\"", message[] = "me?";
		begin();
		line[1] = message[2] = line[18] = (char)byte;
		tally_add(&snapshot.tally, (struct slice){line, sizeof line - 1}, 1000 * second);
		tally_add(&snapshot.tally, (struct slice){message, sizeof message - 1}, 1000 * second);
		snprintf(snapshot.connection[0].unit, UNIT_BYTES,
			"httpd@1-127.0.0.1:80-1%c:2.service", (int)(byte ? byte : '-'));
		snapshot.live = 1;
		clean(written(table));
		clean(written(report_json));
		clean(written(report_prometheus));
	}
}

static void escapes_in_quotes(void **state)
{
	(void)state;
	begin();
	snprintf(snapshot.socket.name, UNIT_BYTES, "a\\x2d\"b.socket");
	tally_add(&snapshot.tally, slice_of("say \"\\x1b\" \x1b\xc3"), 1000 * second);
	written(report_json);
	has("\"unit\":\"a\\\\x2d\\\"b.socket\"");
	has("\"last_message\":\"say \\\"\\\\x1b\\\" \\\\x1b\\\\xc3\"");
	written(report_prometheus);
	has("httpd_connections{unit=\"a\\\\x2d\\\"b.socket\"} 0\n");
	written(table);
	has("say \"\\x1b\" \\x1b\\xc3\n");
}

static void names_the_peer(void **state)
{
	static const char *const rows[][2] = {
		{"httpd@7-127.0.0.1:80-192.0.2.1:51822.service", "\"192.0.2.1:51822\""},
		{"httpd@7-::1:80-2001:db8::1:51822.service", "\"[2001:db8::1]:51822\""},
		{"httpd@7-12345-1_2-127.0.0.1:80-192.0.2.1:51822.service", "\"192.0.2.1:51822\""},
		{"httpd@7-4711-1000.service", "\"a local process\""},
		{"httpd@.service", "\"a local process\""},
		{"httpd", "\"a local process\""},
		{"my-site@7-[::]:80-192.0.2.1:1.service", "\"192.0.2.1:1\""},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		begin();
		snapshot.live = 1;
		snprintf(snapshot.connection[0].unit, UNIT_BYTES, "%s", rows[i][0]);
		written(report_json);
		has(rows[i][1]);
	}
}

static void fits_the_width(void **state)
{
	char path[400];
	(void)state;
	memset(path, 'a', sizeof path - 1);
	path[0] = '/';
	path[sizeof path - 1] = '\0';
	for (size_t width = 40; width <= 200; width++) {
		begin();
		add(path, 200);
		add("/b", 404);
		tally_add(&snapshot.tally, slice_of(path), 1000 * second);
		style = (struct style){.width = width, .terminal = true};
		written(table);
		for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
			if (strstr(line, "/a") == NULL)
				continue;
			if (strlen(line) > width)
				fail_msg("%zu columns instead of %zu: %s", strlen(line), width, line);
			assert_string_equal(line + strlen(line) - 3, "...");
		}
	}
}

/* A wide row is not cut: each raw byte takes four columns. */
static void cuts_nothing_elsewhere(void **state)
{
	char path[KEY_BYTES], message[KEY_BYTES];
	size_t escaped = 0;
	(void)state;
	memset(path, '\xff', sizeof path - 1);
	memset(message, '\xfe', sizeof message);
	path[sizeof path - 1] = '\0';
	begin();
	add(path, 200);
	tally_add(&snapshot.tally, (struct slice){message, sizeof message}, 1000 * second);
	snapshot.live = 1;
	snprintf(snapshot.connection[0].unit, UNIT_BYTES, "httpd@1-::1:80-%0100d:2.service", 1);
	written(table);
	for (const char *at = text; (at = strstr(at, "\\xff")) != NULL; at += 4)
		escaped++;
	assert_int_equal(escaped, KEY_BYTES - 1);
	for (const char *at = text; (at = strstr(at, "\\xfe")) != NULL; at += 4)
		escaped++;
	assert_int_equal(escaped, 2 * KEY_BYTES - 1);
	has("00001:2\n");
	assert_null(strstr(text, "..."));
}

static void draws_bars_only_for_terminals(void **state)
{
	(void)state;
	begin();
	for (size_t i = 0; i < 3; i++)
		add("/", 200);
	add("/nope", 404);
	written(table);
	has("        3   /\n");
	has("        3   2xx  75.0 %\n");
	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, '#'));
	style = (struct style){.width = 80, .terminal = true};
	written(table);
	has("        3   ####################  /\n");
	has("        1   #####                 4xx  25.0 %\n");
	style.blocks = true;
	written(table);
	has("        3   ████████████████████  /\n");
	has("        1   █████                 4xx  25.0 %\n");
	for (size_t i = 0; i < 1996; i++)
		add("/", 200);
	written(table);
	has("        1   ▏                     4xx   0.1 %\n");
	style.blocks = false;
	written(table);
	has("        1   #                     4xx   0.1 %\n");
}

/* A tenth of a second is too short for a rate. */
static void ages_stand_in_a_column(void **state)
{
	static const uint64_t ages[] = {5, 65, 3700, 999 * 3600};
	(void)state;
	begin();
	snapshot.now = 4000000 * second;
	for (size_t i = 0; i < ROWS(ages); i++) {
		snprintf(snapshot.connection[i].unit, UNIT_BYTES, "httpd@1-127.0.0.1:80-192.0.2.1:51822.service");
		snapshot.connection[i].began = snapshot.now - ages[i] * second;
	}
	snapshot.live = ROWS(ages);
	written(table);
	has("\n         5 s  192.0.2.1:51822\n"
		"  1 min  5 s  192.0.2.1:51822\n"
		"  1 h  1 min  192.0.2.1:51822\n"
		"999 h  0 min  192.0.2.1:51822\n");
}

static void no_rate_is_of_less_than_a_second(void **state)
{
	static const struct {
		uint64_t milliseconds;
		const char *text;
	} rows[] = {{0, ", 2.00/s, 2.00/s in the busiest 1.0 s\n"}, {30, ", 2.00/s, 2.00/s in the busiest 1.0 s\n"},
		{4000, ", 0.50/s, 2.00/s in the busiest 1.0 s\n"}, {600000, ", 0.00/s, 0.20/s in the busiest 10 s\n"}};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		begin();
		snapshot.now = snapshot.begin + rows[i].milliseconds * 1000;
		tally_begin(&snapshot.tally, snapshot.begin, snapshot.now);
		add("/", 200);
		add("/", 200);
		written(table);
		has(rows[i].text);
	}
}

/* The scale has the times of the timeline's first and last character, each below its own where there is room. */
static void the_timeline_has_a_scale(void **state)
{
	static const struct {
		uint64_t seconds;
		const char *scale;
	} rows[] = {
		{59, "\n            00:16:40                                            00:17:39\n"},
		{3, "\n            00:16:40 to 00:16:43\n"},
		{17, "\n            00:16:40  00:16:57\n"},
		{16, "\n            00:16:40 00:16:56\n"},
		{15, "\n            00:16:40 to 00:16:55\n"},
		{3600, "\n            00:16                                                  01:16\n"},
		{86400, "\n            01-01 00:16                                      01-02 00:16\n"},
	};
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	for (size_t i = 0; i < ROWS(rows); i++) {
		begin();
		snapshot.now = snapshot.begin + rows[i].seconds * second;
		tally_begin(&snapshot.tally, snapshot.begin, snapshot.now);
		add("/", 200);
		style = (struct style){.terminal = true, .width = 80};
		written(table);
		has(rows[i].scale);
		style.terminal = false;
		written(table);
		assert_null(strstr(text, rows[i].scale));
	}
}

static void counters_never_fall(void **state)
{
	(void)state;
	begin();
	add("/", 200);
	written(report_prometheus);
	has("# TYPE httpd_window_answers gauge\nhttpd_window_answers{code=\"200\"} 1\n");
	snapshot.totals = true;
	written(report_prometheus);
	has("# TYPE httpd_answers_total counter\nhttpd_answers_total{code=\"200\"} 1\n");
	assert_null(strstr(text, "window"));
}

/* A time without answers has one text, connections without answers in the journal have another. */
static void says_why_there_are_no_answers(void **state)
{
	static const char none[] = "none in that time; try --since=yesterday\n", perhaps[] = "none in that time; try "
		"--since=yesterday, or --log=FILE", elsewhere[] = "none in the journal, though there were connections";
	(void)state;
	begin();
	written(table);
	has(none);
	snapshot.accepted = 8;
	written(table);
	has(perhaps);
	snapshot.socket.since = snapshot.begin;
	written(table);
	has(elsewhere);
	snapshot.accepted = 0;
	snapshot.served = 1;
	written(table);
	has(perhaps);
	snapshot.asked = false;
	written(table);
	has(none);
	snapshot.asked = true;
	tally_add(&snapshot.tally, slice_of("ROOT '/x': gone"), 1000 * second);
	written(table);
	has(none);
	add("/", 200);
	written(table);
	assert_null(strstr(text, "none in"));
}

static void messages_come_first(void **state)
{
	(void)state;
	begin();
	add("/", 200);
	tally_add(&snapshot.tally, slice_of("ROOT '/x': gone"), 1000 * second);
	written(table);
	has("\nMessages\n        1   from httpd; a fault of the setup is a 503 for its client. The last:\n"
		"            ROOT '/x': gone\n\nAnswers\n");
	style.terminal = true;
	written(table);
	has("\n\033[1m        1   from httpd; ");
}

static void says_since_when_a_unit_is_active(void **state)
{
	(void)state;
	assert_int_equal(setenv("TZ", "UTC0", 1), 0);
	begin();
	written(table);
	has("active ()\n        0   accepted\n");
	snapshot.socket.since = 1000 * second;
	written(table);
	has("active () since 1970-01-01 00:16:40\n        0   accepted\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_no_byte_out),
		cmocka_unit_test(escapes_in_quotes),
		cmocka_unit_test(names_the_peer),
		cmocka_unit_test(fits_the_width),
		cmocka_unit_test(cuts_nothing_elsewhere),
		cmocka_unit_test(draws_bars_only_for_terminals),
		cmocka_unit_test(ages_stand_in_a_column),
		cmocka_unit_test(no_rate_is_of_less_than_a_second),
		cmocka_unit_test(the_timeline_has_a_scale),
		cmocka_unit_test(counters_never_fall),
		cmocka_unit_test(says_why_there_are_no_answers),
		cmocka_unit_test(messages_come_first),
		cmocka_unit_test(says_since_when_a_unit_is_active),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
