/* SPDX-License-Identifier: ISC */
#include "http/date.h"

#include <string.h>

struct civil {
	unsigned year, month, day, hour, minute, second; /* months 0 to 11, days 1 to 31 */
	unsigned weekday; /* 0 is Sunday */
};

static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

static const char weekdays[7][10] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
};

/* Where the parts of the forms that are read begin, counted from the end. */
static const struct {
	unsigned char day, month, year, time;
} places[] = {[DATE_HTTP] = {24, 21, 17, 12}, [DATE_RFC850] = {22, 19, 15, 12}, [DATE_ASCTIME] = {16, 20, 4, 13}};

/*
 * Days since 0000-01-01. Years are counted from March on, so that the leap day is the last of its year, and 400 years
 * are added, so that none is negative: for 0000-01-01 the sum is 146038. Month 12 is January of the next year.
 */
static unsigned days_until(unsigned year, unsigned month, unsigned day)
{
	unsigned past = year + 400 - (month < 2);
	return past * 365 + past / 4 - past / 100 + past / 400 + ((month + 10) % 12 * 306 + 5) / 10 + day - 146038;
}

static int64_t seconds_of(const struct civil *c)
{
	int64_t days = days_until(c->year, c->month, c->day);
	return DATE_FIRST + days * 86400 + c->hour * 3600 + c->minute * 60 + c->second;
}

static struct civil civil_of(int64_t seconds)
{
	if (seconds < DATE_FIRST)
		seconds = DATE_FIRST;
	if (seconds > DATE_LAST)
		seconds = DATE_LAST;
	seconds -= DATE_FIRST;
	unsigned days = (unsigned)(seconds / 86400), rest = (unsigned)(seconds % 86400);
	struct civil c = {.year = days / 366, .hour = rest / 3600, .minute = rest / 60 % 60, .second = rest % 60};
	c.weekday = (days + 6) % 7; /* 0000-01-01 was a Saturday */
	while (days_until(c.year, 12, 1) <= days)
		c.year++;
	while (days_until(c.year, c.month + 1, 1) <= days)
		c.month++;
	c.day = days - days_until(c.year, c.month, 1) + 1;
	return c;
}

/* `zero`: in an asctime-date a day of one digit begins with a zero, not with a space. */
static void write_form(struct buf *b, enum date_form form, const struct civil *c, bool zero)
{
	const char *weekday = weekdays[c->weekday], *month = months[c->month], *fill = zero ? "0" : " ";
	if (form == DATE_HTTP)
		buf_format(b, "%.*s, %02u %s %04u %02u:%02u:%02u GMT", 3, weekday, c->day, month, c->year, c->hour, c->minute,
		           c->second);
	else if (form == DATE_RFC850)
		buf_format(b, "%s, %02u-%s-%02u %02u:%02u:%02u GMT", weekday, c->day, month, c->year % 100, c->hour, c->minute,
		           c->second);
	else if (form == DATE_LOG)
		buf_format(b, "%02u/%s/%04u:%02u:%02u:%02u +0000", c->day, month, c->year, c->hour, c->minute, c->second);
	else if (form == DATE_ISO)
		buf_format(b, "%04u-%02u-%02uT%02u:%02u:%02uZ", c->year, c->month + 1, c->day, c->hour, c->minute, c->second);
	else if (form == DATE_SHORT)
		buf_format(b, "%04u-%02u-%02u %02u:%02u", c->year, c->month + 1, c->day, c->hour, c->minute);
	else
		buf_format(b, "%.*s %s %s%u %02u:%02u:%02u %04u", 3, weekday, month, c->day < 10 ? fill : "", c->day, c->hour,
		           c->minute, c->second, c->year);
}

void date_write(struct buf *b, enum date_form form, int64_t seconds)
{
	struct civil c = civil_of(seconds);
	write_form(b, form, &c, false);
}

/* The number of two digits, or of a space and a digit. Other bytes give some number below 166. */
static unsigned two_digits(const char *at)
{
	return (unsigned)(at[0] & 15) * 10 + (unsigned)(at[1] & 15);
}

/* The last year that ends in these digits and is not more than 50 years ahead (RFC 9110 section 5.6.7). */
static void settle_century(struct civil *c, int64_t now)
{
	struct civil limit = civil_of(now);
	limit.year += 50;
	c->year += limit.year / 100 * 100;
	if (seconds_of(c) > seconds_of(&limit))
		c->year -= 100;
}

/* Reads numbers at their places, whatever bytes are there, and accepts the date if it is written in the same way. */
bool date_parse(struct slice s, int64_t now, int64_t *seconds)
{
	enum date_form form = s.len == 24 ? DATE_ASCTIME : DATE_RFC850;
	char room[40];
	struct buf b = buf_in(room, sizeof room);
	if (s.len < 24)
		return false;
	if (s.len == 29)
		form = DATE_HTTP;
	const char *end = s.at + s.len, *time = end - places[form].time, *year = end - places[form].year;
	unsigned second = two_digits(time + 6); /* 60 is a leap second, which counts as the next second */
	struct civil c = {.year = two_digits(year), .day = two_digits(end - places[form].day), .hour = two_digits(time),
	                  .minute = two_digits(time + 3), .second = second};
	while (c.month < 12 && memcmp(end - places[form].month, months[c.month], 3) != 0)
		c.month++;
	if (form == DATE_RFC850)
		settle_century(&c, now);
	else
		c.year = c.year * 100 + two_digits(year + 2);
	*seconds = seconds_of(&c);
	c = civil_of(*seconds - second);
	c.second = second;
	write_form(&b, form, &c, s.at[8] == '0');
	return second <= 60 && slice_equal(buf_slice(&b), s);
}
