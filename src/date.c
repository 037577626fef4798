/* SPDX-License-Identifier: ISC */
#include "date.h"

#include <string.h>

struct civil {
	int64_t year; /* 0 to 9999 */
	unsigned month, day, hour, minute, second; /* months 0 to 11, days 1 to 31 */
	unsigned weekday; /* 0 is Sunday */
};

static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

static const char weekdays[7][10] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
};

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in(unsigned month, int64_t year)
{
	static const unsigned char days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return month == 1 && is_leap(year) ? 29 : days[month];
}

/* Days from 0000-01-01 to the first of January of a year not before 0. */
static int64_t days_before(int64_t year)
{
	int64_t past = year - 1;
	return year == 0 ? 0 : year * 365 + past / 4 - past / 100 + past / 400 + 1;
}

enum { DAYS_TO_1970 = 719528 };

static struct civil civil_of(int64_t seconds)
{
	if (seconds < DATE_FIRST)
		seconds = DATE_FIRST;
	if (seconds > DATE_LAST)
		seconds = DATE_LAST;
	seconds -= DATE_FIRST;
	int64_t days = seconds / 86400;
	unsigned rest = (unsigned)(seconds % 86400);
	struct civil c = {.year = days / 366, .hour = rest / 3600, .minute = rest / 60 % 60, .second = rest % 60};
	c.weekday = (unsigned)((days + 6) % 7); /* 0000-01-01 was a Saturday */
	while (days_before(c.year + 1) <= days)
		c.year++;
	days -= days_before(c.year);
	while (days >= days_in(c.month, c.year))
		days -= days_in(c.month++, c.year);
	c.day = (unsigned)days + 1;
	return c;
}

static void put_two(struct buf *b, unsigned n)
{
	buf_char(b, (char)('0' + n / 10 % 10));
	buf_char(b, (char)('0' + n % 10));
}

static void put_year(struct buf *b, int64_t year)
{
	put_two(b, (unsigned)(year / 100));
	put_two(b, (unsigned)(year % 100));
}

static void put_time(struct buf *b, const struct civil *c)
{
	put_two(b, c->hour);
	buf_char(b, ':');
	put_two(b, c->minute);
	buf_char(b, ':');
	put_two(b, c->second);
}

void date_http(struct buf *b, int64_t seconds)
{
	struct civil c = civil_of(seconds);
	buf_add(b, (struct slice){weekdays[c.weekday], 3});
	buf_text(b, ", ");
	put_two(b, c.day);
	buf_char(b, ' ');
	buf_text(b, months[c.month]);
	buf_char(b, ' ');
	put_year(b, c.year);
	buf_char(b, ' ');
	put_time(b, &c);
	buf_text(b, " GMT");
}

void date_log(struct buf *b, int64_t seconds)
{
	struct civil c = civil_of(seconds);
	put_two(b, c.day);
	buf_char(b, '/');
	buf_text(b, months[c.month]);
	buf_char(b, '/');
	put_year(b, c.year);
	buf_char(b, ':');
	put_time(b, &c);
	buf_text(b, " +0000");
}

void date_short(struct buf *b, int64_t seconds)
{
	struct civil c = civil_of(seconds);
	put_year(b, c.year);
	buf_char(b, '-');
	put_two(b, c.month + 1);
	buf_char(b, '-');
	put_two(b, c.day);
	buf_char(b, ' ');
	put_two(b, c.hour);
	buf_char(b, ':');
	put_two(b, c.minute);
}

/* Takes a literal text off s. */
static bool take(struct slice *s, const char *text)
{
	struct slice want = slice_of(text);
	if (s->len < want.len || memcmp(s->at, want.at, want.len) != 0)
		return false;
	*s = slice_from(*s, want.len);
	return true;
}

/* Takes exactly `digits` digits off s. */
static bool take_digits(struct slice *s, size_t digits, unsigned *n)
{
	uint64_t value;
	if (s->len < digits || !slice_number((struct slice){s->at, digits}, &value))
		return false;
	*n = (unsigned)value;
	*s = slice_from(*s, digits);
	return true;
}

static bool take_month(struct slice *s, unsigned *month)
{
	for (*month = 0; *month < 12; ++*month)
		if (take(s, months[*month]))
			return true;
	return false;
}

/* time-of-day = hour ":" minute ":" second, with 60 for a leap second. */
static bool take_time(struct slice *s, struct civil *c)
{
	return take_digits(s, 2, &c->hour) && take(s, ":") && take_digits(s, 2, &c->minute) && take(s, ":") &&
	       take_digits(s, 2, &c->second) && c->hour < 24 && c->minute < 60 && c->second <= 60;
}

static bool take_year(struct slice *s, struct civil *c)
{
	unsigned year;
	if (!take_digits(s, 4, &year))
		return false;
	c->year = year;
	return true;
}

/* date3 = day SP month SP 4DIGIT, as in "Sun, 06 Nov 1994 08:49:37 GMT", the weekday taken. */
static bool parse_imf(struct slice s, struct civil *c)
{
	return take(&s, ", ") && take_digits(&s, 2, &c->day) && take(&s, " ") && take_month(&s, &c->month) &&
	       take(&s, " ") && take_year(&s, c) && take(&s, " ") && take_time(&s, c) && take(&s, " GMT") && s.len == 0;
}

/* Where in its year it is, for comparison only. */
static unsigned moment_of(const struct civil *c)
{
	return (((c->month * 31 + c->day) * 24 + c->hour) * 60 + c->minute) * 61 + c->second;
}

/* "Sunday, 06-Nov-94 08:49:37 GMT", the weekday taken. */
static bool parse_850(struct slice s, struct civil *c, int64_t now)
{
	unsigned year;
	if (!take(&s, ", ") || !take_digits(&s, 2, &c->day) || !take(&s, "-") || !take_month(&s, &c->month) ||
	    !take(&s, "-") || !take_digits(&s, 2, &year) || !take(&s, " ") || !take_time(&s, c) || !take(&s, " GMT"))
		return false;
	/* The last year that ends so and is not more than 50 years ahead, to the second (RFC 9110 section 5.6.7). */
	struct civil today = civil_of(now);
	c->year = (today.year + 50) / 100 * 100 + year;
	if (c->year > today.year + 50 || (c->year == today.year + 50 && moment_of(c) > moment_of(&today)))
		c->year -= 100;
	return s.len == 0;
}

/* "Sun Nov  6 08:49:37 1994", the weekday taken. */
static bool parse_asctime(struct slice s, struct civil *c)
{
	if (!take(&s, " ") || !take_month(&s, &c->month) || !take(&s, " "))
		return false;
	bool day = take(&s, " ") ? take_digits(&s, 1, &c->day) : take_digits(&s, 2, &c->day);
	return day && take(&s, " ") && take_time(&s, c) && take(&s, " ") && take_year(&s, c) && s.len == 0;
}

static bool parse_any(struct slice s, int64_t now, struct civil *c)
{
	for (c->weekday = 0; c->weekday < 7; c->weekday++) {
		const char *name = weekdays[c->weekday];
		struct slice rest = s;
		if (take(&rest, name) && parse_850(rest, c, now))
			return true;
		if (s.len < 3 || memcmp(s.at, name, 3) != 0)
			continue;
		rest = slice_from(s, 3);
		return parse_imf(rest, c) || parse_asctime(rest, c);
	}
	return false;
}

bool date_parse(struct slice s, int64_t now, int64_t *seconds)
{
	struct civil c = {0};
	if (!parse_any(s, now, &c) || c.day < 1 || c.day > days_in(c.month, c.year))
		return false;
	int64_t days = days_before(c.year) + c.day - 1;
	for (unsigned month = 0; month < c.month; month++)
		days += days_in(month, c.year);
	if (c.weekday != (unsigned)((days + 6) % 7))
		return false;
	*seconds = (days - DAYS_TO_1970) * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
	return true;
}
