/* SPDX-License-Identifier: ISC */
/* date: against strftime and timegm of the C library, and against every kind of malformed date. */
#include "unit.h"

#include <time.h>

#include "base/buf.h"
#include "http/date.h"

enum { DAY = 86400, NOW = 784111777 };

static const char now_imf[] = "Sun, 06 Nov 1994 08:49:37 GMT";
static const char now_850[] = "Sunday, 06-Nov-94 08:49:37 GMT";
static const char now_asctime[] = "Sun Nov  6 08:49:37 1994";

static const char imf_format[] = "%a, %d %b %Y %H:%M:%S GMT";
static const char format_850[] = "%A, %d-%b-%y %H:%M:%S GMT";
static const char asctime_format[] = "%a %b %e %H:%M:%S %Y";

/* The date in one of the forms, in a buffer of exactly `size` bytes. */
static const char *written(enum date_form form, int64_t seconds, size_t size)
{
	static char room[64];
	memset(room, 0, sizeof room);
	struct buf b = buf_in(room, size);
	date_write(&b, form, seconds);
	assert_false(b.overflow);
	assert_int_equal(b.len, size);
	return room;
}

static const char *http(int64_t seconds)
{
	return written(DATE_HTTP, seconds, 29);
}

/* The expected text, from strftime. */
static const char *libc(const char *format, int64_t seconds)
{
	static char room[64];
	struct tm tm;
	time_t t = (time_t)seconds;
	assert_non_null(gmtime_r(&t, &tm));
	assert_true(strftime(room, sizeof room, format, &tm) > 0);
	return room;
}

/* Seconds since 1970 of a time of that year's months 1 to 12, by timegm. */
static int64_t at(int year, int month, int day, int hour, int minute, int second)
{
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	tm.tm_hour = hour, tm.tm_min = minute, tm.tm_sec = second;
	return timegm(&tm);
}

/* What date_parse reads at a given now; INT64_MIN where it refuses. */
static int64_t parsed_when(const char *text, int64_t now)
{
	int64_t seconds;
	return date_parse(guarded_again(text, strlen(text)), now, &seconds) ? seconds : INT64_MIN;
}

static int64_t parsed(const char *text)
{
	return parsed_when(text, NOW);
}

static void assert_refused(const char *text)
{
	if (parsed(text) != INT64_MIN)
		fail_msg("'%s' is read as %lld", text, (long long)parsed(text));
}

static void assert_date(const char *text, int64_t seconds)
{
	if (parsed(text) != seconds)
		fail_msg("'%s' is read as %lld, not %lld", text, (long long)parsed(text), (long long)seconds);
}

static const struct {
	int64_t seconds;
	const char *http, *log, *text;
} known[] = {
	{0, "Thu, 01 Jan 1970 00:00:00 GMT", "01/Jan/1970:00:00:00 +0000", "1970-01-01 00:00"},
	{-1, "Wed, 31 Dec 1969 23:59:59 GMT", "31/Dec/1969:23:59:59 +0000", "1969-12-31 23:59"},
	{NOW, "Sun, 06 Nov 1994 08:49:37 GMT", "06/Nov/1994:08:49:37 +0000", "1994-11-06 08:49"},
	{951782399, "Mon, 28 Feb 2000 23:59:59 GMT", "28/Feb/2000:23:59:59 +0000", "2000-02-28 23:59"},
	{951782400, "Tue, 29 Feb 2000 00:00:00 GMT", "29/Feb/2000:00:00:00 +0000", "2000-02-29 00:00"},
	{951868800, "Wed, 01 Mar 2000 00:00:00 GMT", "01/Mar/2000:00:00:00 +0000", "2000-03-01 00:00"},
	{2147483648, "Tue, 19 Jan 2038 03:14:08 GMT", "19/Jan/2038:03:14:08 +0000", "2038-01-19 03:14"},
	{4107542399, "Sun, 28 Feb 2100 23:59:59 GMT", "28/Feb/2100:23:59:59 +0000", "2100-02-28 23:59"},
	{4107542400, "Mon, 01 Mar 2100 00:00:00 GMT", "01/Mar/2100:00:00:00 +0000", "2100-03-01 00:00"},
	{4294967296, "Sun, 07 Feb 2106 06:28:16 GMT", "07/Feb/2106:06:28:16 +0000", "2106-02-07 06:28"},
	{DATE_FIRST, "Sat, 01 Jan 0000 00:00:00 GMT", "01/Jan/0000:00:00:00 +0000", "0000-01-01 00:00"},
	{DATE_FIRST + 60 * DAY, "Wed, 01 Mar 0000 00:00:00 GMT", "01/Mar/0000:00:00:00 +0000", "0000-03-01 00:00"},
	{DATE_LAST, "Fri, 31 Dec 9999 23:59:59 GMT", "31/Dec/9999:23:59:59 +0000", "9999-12-31 23:59"},
};

static void test_known_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(known); i++) {
		assert_string_equal(written(DATE_HTTP, known[i].seconds, 29), known[i].http);
		assert_string_equal(written(DATE_LOG, known[i].seconds, 26), known[i].log);
		assert_string_equal(written(DATE_SHORT, known[i].seconds, 16), known[i].text);
		assert_date(known[i].http, known[i].seconds);
	}
}

static void test_what_lies_outside_is_clamped(void **state)
{
	static const int64_t before[] = {DATE_FIRST - 1, DATE_FIRST - DAY, INT64_MIN + 1, INT64_MIN};
	static const int64_t behind[] = {DATE_LAST + 1, DATE_LAST + DAY, INT64_MAX - 1, INT64_MAX};
	(void)state;
	for (size_t i = 0; i < ROWS(before); i++) {
		assert_string_equal(http(before[i]), "Sat, 01 Jan 0000 00:00:00 GMT");
		assert_string_equal(written(DATE_LOG, before[i], 26), "01/Jan/0000:00:00:00 +0000");
		assert_string_equal(written(DATE_SHORT, before[i], 16), "0000-01-01 00:00");
		assert_string_equal(written(DATE_ISO, before[i], 20), "0000-01-01T00:00:00Z");
		assert_string_equal(http(behind[i]), "Fri, 31 Dec 9999 23:59:59 GMT");
		assert_string_equal(written(DATE_LOG, behind[i], 26), "31/Dec/9999:23:59:59 +0000");
		assert_string_equal(written(DATE_SHORT, behind[i], 16), "9999-12-31 23:59");
		assert_string_equal(written(DATE_ISO, behind[i], 20), "9999-12-31T23:59:59Z");
	}
}

/* All three forms of one time, written by the C library and read by us, and the other way round. */
static void agree_with_libc(int64_t seconds)
{
	assert_string_equal(http(seconds), libc(imf_format, seconds));
	assert_string_equal(written(DATE_LOG, seconds, 26), libc("%d/%b/%Y:%H:%M:%S +0000", seconds));
	assert_string_equal(written(DATE_SHORT, seconds, 16), libc("%Y-%m-%d %H:%M", seconds));
	assert_string_equal(written(DATE_ISO, seconds, 20), libc("%Y-%m-%dT%H:%M:%SZ", seconds));
	assert_string_equal(written(DATE_RFC850, seconds, strlen(libc(format_850, seconds))), libc(format_850, seconds));
	assert_string_equal(written(DATE_ASCTIME, seconds, 24), libc(asctime_format, seconds));
	assert_int_equal(parsed(libc(imf_format, seconds)), seconds);
	assert_int_equal(parsed(libc(asctime_format, seconds)), seconds);
	assert_int_equal(parsed_when(libc(format_850, seconds), seconds), seconds);
}

static void test_each_day_1970_to_2100_as_libc_has_it(void **state)
{
	(void)state;
	int64_t end = at(2101, 1, 1, 0, 0, 0), days = 0;
	for (int64_t day = 0; day < end; day += DAY, days++) {
		agree_with_libc(day + (days * 7919) % DAY);
		agree_with_libc(day + (days % 2 == 0 ? 0 : DAY - 1));
	}
	assert_int_equal(days, 131 * 365 + 32);
}

static void test_each_second_of_a_day(void **state)
{
	(void)state;
	for (int64_t second = 0; second < DAY; second++)
		assert_string_equal(http(NOW / DAY * DAY + second), libc(imf_format, NOW / DAY * DAY + second));
}

static void test_parse_of_what_was_written_is_the_same(void **state)
{
	(void)state;
	for (int i = 0; i < 50000; i++) {
		int64_t seconds = (int64_t)random_below((uint64_t)DATE_LAST + 1);
		assert_date(http(seconds), seconds);
		seconds = DATE_FIRST + (int64_t)random_below((uint64_t)(DATE_LAST - DATE_FIRST) + 1);
		assert_date(http(seconds), seconds);
	}
	assert_date(http(DATE_FIRST), DATE_FIRST);
	assert_date(http(DATE_FIRST + 1), DATE_FIRST + 1);
	assert_date(http(DATE_LAST - 1), DATE_LAST - 1);
	assert_date(http(DATE_LAST), DATE_LAST);
}

/*
 * Any second of the years 1970 to 9999 comes back from each of the three forms. date.c writes the first; the others are
 * written here from the same parts. The form of RFC 850 has a year of two digits, so its reader's clock stands within
 * fifty years of the date.
 */
static void test_each_form_comes_back_until_9999_9110_5_6_7(void **state)
{
	(void)state;
	for (int i = 0; i < 60000; i++) {
		int64_t seconds = (int64_t)random_below((uint64_t)DATE_LAST + 1);
		if (i % 3 == 0) /* the first and the last second of a day, which may begin or end a month or a year */
			seconds = seconds / DAY * DAY - (i % 2 == 0 && seconds > DAY);
		char imf[64], text[64];
		unsigned day, year;
		strcpy(imf, http(seconds));
		assert_int_equal(parsed(imf), seconds);
		assert_int_equal(sscanf(imf + 5, "%2u", &day), 1);
		assert_int_equal(sscanf(imf + 12, "%4u", &year), 1);
		snprintf(text, sizeof text, "%.3s %.3s %2u %.8s %04u", imf, imf + 8, day, imf + 17, year);
		assert_string_equal(text, libc(asctime_format, seconds));
		assert_int_equal(parsed(text), seconds);
		const char *rfc850 = libc(format_850, seconds);
		int64_t fifty = 50 * INT64_C(365) * DAY; /* a little less than fifty years */
		int64_t now = seconds - fifty + (int64_t)random_below((uint64_t)(2 * fifty - 50 * DAY));
		assert_int_equal(parsed_when(rfc850, now), seconds);
		assert_int_equal(parsed_when(rfc850, seconds), seconds);
	}
}

static void test_the_three_forms_9110_5_6_7(void **state)
{
	(void)state;
	assert_date(now_imf, NOW);
	assert_date(now_850, NOW);
	assert_date(now_asctime, NOW);
	assert_date("Wed Nov 16 08:49:37 1994", NOW + 10 * DAY);
	assert_date("Sun Nov 06 08:49:37 1994", NOW); /* date3 = month SP ( 2DIGIT / ( SP 1DIGIT ) ) */
}

/* For each current year, the two-digit years from 49 years back to 50 years ahead. */
static void test_two_digit_year_is_within_fifty_years_9110_5_6_7(void **state)
{
	static const int now_years[] = {1970, 1994, 1999, 2000, 2001, 2026, 2049, 2050, 2051, 2080, 2099, 2100, 9900};
	(void)state;
	for (size_t i = 0; i < ROWS(now_years); i++)
		for (int offset = -49; offset <= 50; offset++) {
			int64_t now = at(now_years[i], 6, 15, 12, 0, 0);
			int64_t then = at(now_years[i] + offset, 6, 15, 11, 59, 59);
			if (parsed_when(libc(format_850, then), now) != then)
				fail_msg("in %d, '%s' is not of %d", now_years[i], libc(format_850, then), now_years[i] + offset);
		}
}

static void test_two_digit_year_next_century_is_the_last_9110_5_6_7(void **state)
{
	static const int now_years[] = {1970, 1994, 1999, 2000, 2001, 2026, 2049, 2050, 2051, 2080, 2099, 2100};
	(void)state;
	for (size_t i = 0; i < ROWS(now_years); i++)
		for (int offset = 51; offset < 100; offset++) {
			int64_t now = at(now_years[i], 6, 15, 12, 0, 0);
			int year = now_years[i] + offset;
			int64_t ahead = at(year, 3, 1, 0, 0, 0), past = at(year - 100, 3, 1, 0, 0, 0);
			assert_true(parsed_when(libc(format_850, ahead), now) != ahead);
			assert_int_equal(parsed_when(libc(format_850, past), now), past);
		}
}

/*
 * "MUST interpret a timestamp that appears to be more than 50 years in the future as representing the most recent year
 * in the past that had the same last two digits". In the year that is 50 ahead, a time later than the current one means
 * the year of 100 years before.
 */
static void test_two_digit_year_to_the_second_9110_5_6_7(void **state)
{
	(void)state;
	int64_t now = at(2026, 11, 21, 12, 0, 0);
	int64_t before = at(2076, 11, 21, 11, 59, 59), behind = at(1976, 11, 21, 12, 0, 1);
	assert_int_equal(parsed_when(libc(format_850, before), now), before);
	assert_int_equal(parsed_when(libc(format_850, before + 1), now), before + 1);
	if (parsed_when(libc(format_850, behind), now) != behind)
		fail_msg("'%s' is more than 50 years ahead of 2026-11-21 12:00, so of 1976", libc(format_850, behind));
	behind = at(1976, 12, 31, 0, 0, 0);
	assert_int_equal(parsed_when(libc(format_850, behind), now), behind);
	for (int month = 2; month <= 12; month++) {
		before = at(2076, month, 1, 0, 0, 0) - 1, behind = at(1976, month, 1, 0, 0, 0);
		now = at(2026, month, 1, 0, 0, 0);
		assert_int_equal(parsed_when(libc(format_850, before), now), before);
		assert_int_equal(parsed_when(libc(format_850, behind), now - 1), behind);
	}
}

/* Parses the text behind each of the seven weekdays; returns the first date that is accepted. */
static int64_t parsed_on_some_day(const char *text)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	for (size_t i = 0; i < ROWS(days); i++) {
		char whole[64];
		snprintf(whole, sizeof whole, "%s%s", days[i], text);
		if (parsed(whole) != INT64_MIN)
			return parsed(whole);
	}
	return INT64_MIN;
}

static void test_wrong_name_of_the_day_is_refused(void **state)
{
	static const char days[][10] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
	(void)state;
	for (int day = 0; day < 14; day++)
		for (size_t name = 0; name < ROWS(days); name++) {
			char text[128];
			int64_t then = NOW + day * DAY, expected = (size_t)day % 7 == name ? then : INT64_MIN;
			snprintf(text, sizeof text, "%.3s%s", days[name], libc(imf_format, then) + 3);
			assert_int_equal(parsed(text), expected);
			snprintf(text, sizeof text, "%s%s", days[name], strchr(libc(format_850, then), ','));
			assert_int_equal(parsed(text), expected);
			snprintf(text, sizeof text, "%.3s%s", days[name], libc(asctime_format, then) + 3);
			assert_int_equal(parsed(text), expected);
		}
}

static void test_29_february_only_in_leap_years(void **state)
{
	static const struct {
		int year;
		bool leap;
	} rows[] = {
		{0, true}, {1, false}, {4, true}, {100, false}, {400, true}, {1582, false}, {1600, true}, {1700, false},
		{1800, false}, {1900, false}, {1970, false}, {1972, true}, {1999, false}, {2000, true}, {2001, false},
		{2002, false}, {2003, false}, {2004, true}, {2024, true}, {2100, false}, {2200, false}, {2300, false},
		{2400, true}, {9996, true}, {9999, false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char text[64];
		snprintf(text, sizeof text, ", 29 Feb %04d 12:00:00 GMT", rows[i].year);
		assert_int_equal(parsed_on_some_day(text) != INT64_MIN, rows[i].leap);
		snprintf(text, sizeof text, " Feb 29 12:00:00 %04d", rows[i].year);
		assert_int_equal(parsed_on_some_day(text) != INT64_MIN, rows[i].leap);
	}
}

static void test_days_of_each_month(void **state)
{
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	};
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	(void)state;
	for (size_t month = 0; month < ROWS(months); month++)
		for (int day = 0; day < 100; day++) {
			char text[80]; /* gcc 10 and 16 suppose a month as long as the array */
			int64_t expected = day >= 1 && day <= days[month] ? at(2026, (int)month + 1, day, 0, 0, 0) : INT64_MIN;
			snprintf(text, sizeof text, ", %02d %s 2026 00:00:00 GMT", day, months[month]);
			assert_int_equal(parsed_on_some_day(text), expected);
		}
}

static void test_time_of_day_limits(void **state)
{
	static const struct {
		const char *time;
		int64_t seconds;
	} rows[] = {
		{"00:00:00", 0}, {"00:00:59", 59}, {"00:59:00", 3540}, {"23:00:00", 82800}, {"23:59:59", 86399},
		{"24:00:00", -1}, {"29:00:00", -1}, {"99:00:00", -1}, {"00:60:00", -1}, {"00:99:00", -1}, {"00:00:61", -1},
		{"00:00:62", -1}, {"00:00:99", -1},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char text[64];
		int64_t expected = rows[i].seconds < 0 ? INT64_MIN : NOW / DAY * DAY + rows[i].seconds;
		snprintf(text, sizeof text, "Sun, 06 Nov 1994 %s GMT", rows[i].time);
		assert_int_equal(parsed(text), expected);
		snprintf(text, sizeof text, "Sunday, 06-Nov-94 %s GMT", rows[i].time);
		assert_int_equal(parsed(text), expected);
		snprintf(text, sizeof text, "Sun Nov  6 %s 1994", rows[i].time);
		assert_int_equal(parsed(text), expected);
	}
}

/* second = 2DIGIT, and a leap second is 60. Seconds since 1970 do not count it: it is read as the second after it. */
static void test_leap_second_9110_5_6_7(void **state)
{
	(void)state;
	assert_date("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800);
	assert_date("Saturday, 31-Dec-16 23:59:60 GMT", 1483228800);
	assert_date("Sat Dec 31 23:59:60 2016", 1483228800);
	assert_date("Tue, 30 Jun 2015 23:59:60 GMT", 1435708800);
	assert_refused("Sat, 31 Dec 2016 23:59:61 GMT");
}

static void test_malformed(void **state)
{
	static const char rows[][48] = {
		"", " ", "0", "784111777", "now", "Sun", "Sunday", "Sun,", "Sun, ", "Sunday, ", "Sun ",
		"06 Nov 1994 08:49:37 GMT", "1994-11-06 08:49:37", "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994",
		"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
		"Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 06 Nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 08:49:37GMT",
		"Sun, 6 Nov 1994 08:49:37 GMT", "Sun,  6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
		"Sun, 06 Nov 01994 08:49:37 GMT", "Sun, 06 Nov -994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
		"Sun, 06 NOV 1994 08:49:37 GMT", "sun, 06 Nov 1994 08:49:37 GMT", "SUN, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 11 1994 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
		"Sunday, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37",
		"Sunday, 6-Nov-94 08:49:37 GMT", "Sunday Nov  6 08:49:37 1994", "Sun Nov 6 08:49:37 1994",
		"Sun Nov  06 08:49:37 1994", "Sun Nov  6 08:49:37 94", "Sun Nov  6 08:49:37 1994 GMT",
		"Sun Nov  6 08:49:37 GMT 1994", "Sun, Nov  6 08:49:37 1994", "Sun Nov  0 08:49:37 1994",
		"Sun, 06 Nov 1994 08:49:37 GMT; length=1", "Sun, 06 Nov 1994 08:49:3 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
		"Sun, 06 Nov 1994 08.49.37 GMT", "Sun, 06 Nov 1994 08:49:37.0 GMT", "Sun, +6 Nov 1994 08:49:37 GMT",
		"Foo, 06 Nov 1994 08:49:37 GMT", "Sund, 06 Nov 1994 08:49:37 GMT", "\"Sun, 06 Nov 1994 08:49:37 GMT\"",
	};
	int64_t seconds;
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_refused(rows[i]);
	assert_false(date_parse((struct slice){NULL, 0}, NOW, &seconds));
}

/* A text, with room for one byte more. */
struct variant {
	char text[48];
	size_t len;
};

/* Fails when an altered text is read as the same date. */
static void assert_not_the_same(struct variant v)
{
	int64_t seconds = INT64_MIN;
	if (v.len == 24 && memcmp(v.text, "Sun Nov 06", 10) == 0)
		return; /* asctime may write the day as "06" or as " 6" */
	if (date_parse(guarded_again(v.text, v.len), NOW, &seconds) && seconds == NOW)
		fail_msg("'%.*s' is read as the date", (int)v.len, v.text);
}

/* At every place one byte is changed into every other, taken out, or inserted; and every shorter text is tried. */
static void vary(const char *text)
{
	size_t len = strlen(text);
	int64_t seconds;
	assert_int_equal(parsed(text), NOW);
	for (size_t i = 0; i < len; i++)
		assert_false(date_parse(guarded_again(text, i), NOW, &seconds));
	for (size_t i = 0; i <= len; i++)
		for (int c = 0; c < 256; c++) {
			struct variant v = {"", len};
			memcpy(v.text, text, len);
			if (i < len && (unsigned char)text[i] != c) {
				v.text[i] = (char)c;
				assert_not_the_same(v);
			}
			memcpy(v.text + i + 1, text + i, len - i);
			v.text[i] = (char)c;
			v.len = len + 1;
			assert_false(date_parse(guarded_again(v.text, v.len), NOW, &seconds));
		}
	for (size_t i = 0; i < len; i++) {
		struct variant v = {"", len - 1};
		memcpy(v.text, text, i);
		memcpy(v.text + i, text + i + 1, len - i - 1);
		assert_false(date_parse(guarded_again(v.text, v.len), NOW, &seconds));
	}
}

static void test_one_byte_off_is_no_longer_the_date(void **state)
{
	(void)state;
	vary(now_imf);
	vary(now_850);
	vary(now_asctime);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_dates),
		cmocka_unit_test(test_what_lies_outside_is_clamped),
		cmocka_unit_test(test_each_day_1970_to_2100_as_libc_has_it),
		cmocka_unit_test(test_each_second_of_a_day),
		cmocka_unit_test(test_parse_of_what_was_written_is_the_same),
		cmocka_unit_test(test_each_form_comes_back_until_9999_9110_5_6_7),
		cmocka_unit_test(test_the_three_forms_9110_5_6_7),
		cmocka_unit_test(test_two_digit_year_is_within_fifty_years_9110_5_6_7),
		cmocka_unit_test(test_two_digit_year_next_century_is_the_last_9110_5_6_7),
		cmocka_unit_test(test_two_digit_year_to_the_second_9110_5_6_7),
		cmocka_unit_test(test_wrong_name_of_the_day_is_refused),
		cmocka_unit_test(test_29_february_only_in_leap_years),
		cmocka_unit_test(test_days_of_each_month),
		cmocka_unit_test(test_time_of_day_limits),
		cmocka_unit_test(test_leap_second_9110_5_6_7),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_one_byte_off_is_no_longer_the_date),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
