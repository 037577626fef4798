/* SPDX-License-Identifier: ISC */
/* since: times in the forms that people write. TZ is a rule, so no time zone database is needed. */
#include "unit.h"

#include <time.h>

#include "status/since.h"

static const int64_t now = INT64_C(1795269600); /* Saturday 2026-11-21 14:00:00 UTC */

/* Samoa's change of 2011: on that day the clocks go forward by 24 hours. */
static const char without_30_december[] = "SST11WST-13,J364/0,J60/0";

static void check(const char *text, int64_t expected)
{
	int64_t when = -12345;
	if (!since_parse(text, now, &when))
		fail_msg("'%s' is refused", text);
	if (when != expected)
		fail_msg("'%s' is %lld, not %lld", text, (long long)when, (long long)expected);
}

static void zone(const char *tz)
{
	assert_int_equal(setenv("TZ", tz, 1), 0);
	tzset();
}

static void reads_spans(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
		{"10min", 600}, {"-1h", 3600}, {"1h", 3600}, {"90s", 90}, {"90 s", 90}, {"1h30min", 5400},
		{"1h 30min", 5400}, {"1 hour 30 minutes ago", 5400}, {"2 days ago", 172800}, {"-2d", 172800},
		{"1w", 604800}, {"3 weeks", 1814400}, {"5m", 300}, {"0s", 0}, {" 1h ", 3600}, {"1 sec", 1},
		{"2 secs", 2}, {"2 seconds", 2}, {"1 minute", 60}, {"2 mins", 120}, {"2hr", 7200}, {"2 hrs", 7200},
		{"1 day", 86400}, {"100 weeks", 60480000},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(rows[i].text, now - rows[i].seconds);
}

static void reads_dates_in_local_time(void **state)
{
	(void)state;
	zone("UTC0");
	check("now", now);
	check("today", now - 14 * 3600);
	check("yesterday", now - 38 * 3600);
	check("2026-11-21", now - 14 * 3600);
	check("2026-11-21 14:00", now);
	check("2026-11-21 13:59:59", now - 1);
	check("2026-11-21T13:59:59", now - 1);
	check("13:00", now - 3600);
	check("13:59:58", now - 2);
	check("2024-02-29", INT64_C(1709164800));
	zone("CET-1CEST,M3.5.0,M10.5.0/3");
	check("now", now);
	check("today", now - 15 * 3600);
	check("15:00", now);
	check("2026-11-21 15:00", now);
	check("2026-07-01 12:00", INT64_C(1782900000)); /* summer time: 10:00 UTC */
	zone("EST5");
	check("today", now - 9 * 3600);
	zone("UTC0");
}

static void reads_fixed_times(void **state)
{
	static const char *const zones[] = {"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5", without_30_december};
	(void)state;
	for (size_t i = 0; i < ROWS(zones); i++) {
		zone(zones[i]);
		check("@1795269600", now);
		check("@0", 0);
		check("2026-11-21T14:00Z", now);
		check("2026-11-21 14:00:00Z", now);
		check("1970-01-01T00:00:00Z", 0);
		check("2000-02-29T00:00Z", INT64_C(951782400));
		check("2011-12-30T10:00Z", INT64_C(1325239200));
		check("2100-03-01T00:00Z", INT64_C(4107542400));
		check("2024-02-29Z", INT64_C(1709164800));
	}
	zone("UTC0");
}

/* The day on which clocks are set back has 25 hours. */
static void counts_days_by_the_calendar(void **state)
{
	int64_t when, sunday = INT64_C(1792969200); /* 2026-10-26 00:00 CET, the day after */
	(void)state;
	zone("CET-1CEST,M3.5.0,M10.5.0/3");
	assert_true(since_parse("yesterday", sunday + 600, &when));
	assert_int_equal(sunday - when, 25 * 3600);
	zone("UTC0");
}

static void refuses_the_rest(void **state)
{
	static const char *const rows[] = {
		"", " ", "10", "-", "1h30", "h", "10 parsecs", "ago", "1h ago ago", "+1h", "1.5h", "--1h", "soon", "@", "@-1",
		"@1x", "@99999999999999999999", "99999999999w", "18446744073709551616s", "2026-11-21x", "2026-11-21T",
		"2026-11-21 ", "2026-13-01", "2026-00-10", "2026-02-30", "2026-02-29Z", "2026-11-31T10:00Z", "Z",
		"2026-11-21ZZ", "2026-11-21 Z", "2026-11Z", "2026-11-21 24:00", "2026-11-21 14", "2026-11-21 14:60",
		"2026-11-21 14:00:60", "14:00Z", "14:00:", "4:00", "26-11-21", "14h00", "2026/11/21", "today 14:00",
	};
	(void)state;
	zone("UTC0");
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t when;
		if (since_parse(rows[i], now, &when))
			fail_msg("'%s' is taken", rows[i]);
	}
}

static void reads_the_time_of_a_log(void **state)
{
	static const struct {
		const char *text;
		int64_t when; /* -1: it is refused */
	} rows[] = {
		{"21/Nov/2026:14:00:00 +0000", INT64_C(1795269600)}, {"21/Nov/2026:15:30:00 +0130", INT64_C(1795269600)},
		{"21/Nov/2026:04:00:00 -1000", INT64_C(1795269600)}, {"01/Jan/1970:00:00:00 +0000", 0},
		{"", -1}, {"21/Nov/2026:14:00:00", -1}, {"21/Nov/2026:14:00:00 ", -1}, {"21/Nov/2026:14:00:00 +000", -1},
		{"21/Nov/2026:14:00:00 +00000", -1}, {"21/Nov/2026:14:00:00 UTC", -1}, {"21/Foo/2026:14:00:00 +0000", -1},
		{"21/Nov/2026:14:00:00 +0000 and more than there is room for", -1},
	};
	(void)state;
	zone("XYZ-5");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t when = -1;
		assert_int_equal(since_log_time(slice_of(rows[i].text), &when), rows[i].when >= 0);
		assert_int_equal(when, rows[i].when);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_spans),
		cmocka_unit_test(reads_dates_in_local_time),
		cmocka_unit_test(reads_fixed_times),
		cmocka_unit_test(counts_days_by_the_calendar),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(reads_the_time_of_a_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
