/* SPDX-License-Identifier: ISC */
#include "date.h"

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

/*
 * The forms that are read, by the letters of strftime(3): %a and %A the day of the week, short and long, %b the month's
 * name, %d the day of the month, %e the same with a space before a single digit, %y the last two digits of the year.
 */
static const char imf_fixdate[] = "%a, %d %b %Y %H:%M:%S GMT";
static const char rfc850[] = "%A, %d-%b-%y %H:%M:%S GMT";
static const char asctime_date[] = "%a %b %e %H:%M:%S %Y";

static unsigned days_in(unsigned month, unsigned year)
{
	static const unsigned char days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 1 && leap ? 29 : days[month];
}

/* Days from 0000-01-01 to the first of January. */
static unsigned days_before(unsigned year)
{
	unsigned past = year - 1;
	return year == 0 ? 0 : year * 365 + past / 4 - past / 100 + past / 400 + 1;
}

static unsigned weekday_of(unsigned days)
{
	return (days + 6) % 7; /* 0000-01-01 was a Saturday */
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
	c.weekday = weekday_of(days);
	while (days_before(c.year + 1) <= days)
		c.year++;
	days -= days_before(c.year);
	while (days >= days_in(c.month, c.year))
		days -= days_in(c.month++, c.year);
	c.day = days + 1;
	return c;
}

void date_http(struct buf *b, int64_t seconds)
{
	struct civil c = civil_of(seconds);
	buf_format(b, "%.*s, %02u %s %04u %02u:%02u:%02u GMT", 3, weekdays[c.weekday], c.day, months[c.month], c.year,
	           c.hour, c.minute, c.second);
}

void date_log(struct buf *b, int64_t seconds)
{
	struct civil c = civil_of(seconds);
	buf_format(b, "%02u/%s/%04u:%02u:%02u:%02u +0000", c.day, months[c.month], c.year, c.hour, c.minute, c.second);
}

void date_short(struct buf *b, int64_t seconds)
{
	struct civil c = civil_of(seconds);
	buf_format(b, "%04u-%02u-%02u %02u:%02u", c.year, c.month + 1, c.day, c.hour, c.minute);
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

/* Takes one of the names off s, of which `letters` count; 0: all. */
static bool take_name(struct slice *s, const char *names, size_t size, unsigned count, size_t letters, unsigned *which)
{
	for (*which = 0; *which < count; ++*which) {
		const char *name = names + *which * size;
		size_t n = letters > 0 ? letters : strlen(name);
		if (s->len >= n && memcmp(s->at, name, n) == 0) {
			*s = slice_from(*s, n);
			return true;
		}
	}
	return false;
}

static bool take_part(struct slice *s, char letter, struct civil *c)
{
	switch (letter) {
	case 'a':
	case 'A':
		return take_name(s, weekdays[0], sizeof weekdays[0], 7, letter == 'a' ? 3 : 0, &c->weekday);
	case 'b':
		return take_name(s, months[0], sizeof months[0], 12, 3, &c->month);
	case 'e':
		if (s->len == 0 || s->at[0] != ' ')
			return take_digits(s, 2, &c->day);
		*s = slice_from(*s, 1);
		return take_digits(s, 1, &c->day);
	case 'Y':
		return take_digits(s, 4, &c->year);
	case 'y':
		return take_digits(s, 2, &c->year);
	case 'd':
		return take_digits(s, 2, &c->day);
	case 'H':
		return take_digits(s, 2, &c->hour);
	case 'M':
		return take_digits(s, 2, &c->minute);
	default: /* S */
		return take_digits(s, 2, &c->second);
	}
}

static bool parse(struct slice s, const char *form, struct civil *c)
{
	for (; *form != '\0'; form++) {
		if (*form == '%') {
			if (!take_part(&s, *++form, c))
				return false;
		} else {
			if (s.len == 0 || s.at[0] != *form)
				return false;
			s = slice_from(s, 1);
		}
	}
	return s.len == 0;
}

/* Where in its year it is, for comparison only. */
static unsigned moment_of(const struct civil *c)
{
	return (((c->month * 31 + c->day) * 24 + c->hour) * 60 + c->minute) * 61 + c->second;
}

/* The last year that ends in these digits and is not more than 50 years ahead (RFC 9110 section 5.6.7). */
static void settle_century(struct civil *c, int64_t now)
{
	struct civil today = civil_of(now);
	c->year += (today.year + 50) / 100 * 100;
	if (c->year > today.year + 50 || (c->year == today.year + 50 && moment_of(c) > moment_of(&today)))
		c->year -= 100;
}

static bool parse_any(struct slice s, int64_t now, struct civil *c)
{
	if (parse(s, imf_fixdate, c) || parse(s, asctime_date, c))
		return true;
	if (!parse(s, rfc850, c))
		return false;
	settle_century(c, now);
	return true;
}

bool date_parse(struct slice s, int64_t now, int64_t *seconds)
{
	struct civil c = {0};
	if (!parse_any(s, now, &c) || c.day < 1 || c.day > days_in(c.month, c.year))
		return false;
	if (c.hour > 23 || c.minute > 59 || c.second > 60) /* 60: a leap second */
		return false;
	unsigned days = days_before(c.year) + c.day - 1;
	for (unsigned month = 0; month < c.month; month++)
		days += days_in(month, c.year);
	if (c.weekday != weekday_of(days))
		return false;
	*seconds = DATE_FIRST + (int64_t)days * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
	return true;
}
