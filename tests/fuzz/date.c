/* SPDX-License-Identifier: ISC */
/*
 * Dates: the first eight bytes are a time, the rest is a text. The expected results come from the C library's calendar.
 */
#include "http/date.h"

#include <time.h>

#include "base/buf.h"
#include "fuzz.h"

#define CLOCK_LAST INT64_C(250246627200) /* the year 9900; a clock shows no time before 1970 either */

static const char days[7][10] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

static int64_t clamped(int64_t seconds)
{
	return seconds < DATE_FIRST ? DATE_FIRST : seconds > DATE_LAST ? DATE_LAST : seconds;
}

static struct tm calendar(int64_t seconds)
{
	time_t t = (time_t)clamped(seconds);
	struct tm tm;
	hold(gmtime_r(&t, &tm) != NULL, "the C library knows that time");
	return tm;
}

/* Compares the written text with that of the C library. */
static void check_written(int64_t seconds)
{
	char room[64], expected[128];
	struct buf b = buf_in(room, sizeof room);
	struct tm t = calendar(seconds);
	int64_t again;
	date_write(&b, DATE_HTTP, seconds);
	snprintf(expected, sizeof expected, "%.3s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday,
	         months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
	hold(slice_equal(buf_slice(&b), slice_of(expected)), "an IMF-fixdate is that of the C library");
	hold(date_parse(buf_slice(&b), 0, &again) && again == clamped(seconds), "and is read as it was written");
	b.len = 0;
	date_write(&b, DATE_LOG, seconds);
	snprintf(expected, sizeof expected, "%02d/%s/%04d:%02d:%02d:%02d +0000", t.tm_mday, months[t.tm_mon],
	         t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
	hold(slice_equal(buf_slice(&b), slice_of(expected)), "the log's date is that of the C library");
	b.len = 0;
	date_write(&b, DATE_SHORT, seconds);
	snprintf(expected, sizeof expected, "%04d-%02d-%02d %02d:%02d", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
	         t.tm_hour, t.tm_min);
	hold(slice_equal(buf_slice(&b), slice_of(expected)), "the short date is that of the C library");
}

/* The time that was read, written in one of the three forms, is the text that was read. */
static void check_read(struct slice text, int64_t seconds, int64_t now)
{
	char expected[3][128];
	bool leap = text.len > 20 && slice_contains(text, slice_of(":60"));
	hold(seconds >= DATE_FIRST && seconds <= DATE_LAST + leap, "a date lies in the years that four digits can name");
	struct tm t = calendar(seconds - leap), n = calendar(now);
	int second = t.tm_sec + leap;
	snprintf(expected[0], sizeof expected[0], "%.3s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday,
	         months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, second);
	snprintf(expected[1], sizeof expected[1], "%s, %02d-%s-%02d %02d:%02d:%02d GMT", days[t.tm_wday], t.tm_mday,
	         months[t.tm_mon], t.tm_year % 100 + (t.tm_year % 100 < 0 ? 100 : 0), t.tm_hour, t.tm_min, second);
	snprintf(expected[2], sizeof expected[2], "%.3s %s %2d %02d:%02d:%02d %04d", days[t.tm_wday], months[t.tm_mon],
	         t.tm_mday, t.tm_hour, t.tm_min, second, t.tm_year + 1900);
	bool rfc850 = slice_equal(text, slice_of(expected[1]));
	/* the day of asctime occurs as "06" and as " 6" */
	if (t.tm_mday < 10 && text.len > 8 && text.at[8] == '0')
		expected[2][8] = '0';
	hold(rfc850 || slice_equal(text, slice_of(expected[0])) || slice_equal(text, slice_of(expected[2])),
	     "a date is read as it is written");
	hold(!rfc850 || (t.tm_year <= n.tm_year + 50 && t.tm_year > n.tm_year - 51), "two digits mean a year near by");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t now = 0, seconds;
	if (size < sizeof now)
		return 0;
	memcpy(&now, data, sizeof now);
	check_written(now);
	now = (int64_t)((uint64_t)now % CLOCK_LAST);
	check_written(now);
	struct slice text = copy_of(data + sizeof now, size - sizeof now);
	if (date_parse(text, now, &seconds))
		check_read(text, seconds, now);
	free((void *)text.at);
	return 0;
}
