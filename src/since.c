/* SPDX-License-Identifier: ISC */
#include "since.h"

#include <string.h>
#include <time.h>

#include "slice.h"

/* The length of a unit of time in seconds, or 0. All spellings of systemd.time(7) up to the week; m is a minute. */
static int64_t unit_of(struct slice name)
{
	static const struct {
		char names[32];
		int64_t seconds;
	} units[] = {
		{"s,sec,secs,second,seconds", 1}, {"m,min,mins,minute,minutes", 60}, {"h,hr,hrs,hour,hours", 3600},
		{"d,day,days", 86400},            {"w,week,weeks", 604800},
	};
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		struct slice all = slice_of(units[i].names), one;
		while (slice_split(&all, ',', &one))
			if (slice_equal(one, name))
				return units[i].seconds;
	}
	return 0;
}

/* Cuts the longest part off that holds only digits, or only what is neither digit nor space; and spaces behind it. */
static struct slice cut(struct slice *rest, bool digits)
{
	struct slice part = {rest->at, 0};
	while (part.len < rest->len && rest->at[part.len] != ' ' &&
	       (rest->at[part.len] >= '0' && rest->at[part.len] <= '9') == digits)
		part.len++;
	*rest = slice_trim(slice_from(*rest, part.len));
	return part;
}

/* 1h30min, -90 s, 2 days ago: all of them are in the past. */
static bool parse_span(struct slice rest, int64_t *seconds)
{
	static const uint64_t century = UINT64_C(3155760000);
	*seconds = 0;
	if (rest.len > 0 && rest.at[0] == '-')
		rest = slice_from(rest, 1);
	do {
		uint64_t number;
		if (!slice_number(cut(&rest, true), &number) || number > century)
			return false;
		int64_t unit = unit_of(cut(&rest, false));
		*seconds += (int64_t)number * unit;
		if (unit == 0 || *seconds > (int64_t)century)
			return false;
	} while (rest.len > 0 && !slice_equal(rest, slice_of("ago")));
	return true;
}

/* Takes two or four digits that are least to most, and then the separator, unless that is NUL. */
static bool take_digits(const char **at, int count, int least, int most, char separator, int *number)
{
	*number = 0;
	for (; count > 0; count--, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*number = *number * 10 + (**at - '0');
	}
	if (*number < least || *number > most || (separator != '\0' && **at != separator))
		return false;
	*at += separator != '\0';
	return true;
}

/* Seconds since 1970 of a time in UTC. Counting the years from March on puts the leap day at the end of one. */
static int64_t seconds_utc(const struct tm *tm)
{
	int64_t year = tm->tm_year + 1900 - (tm->tm_mon < 2), month = (tm->tm_mon + 10) % 12;
	int64_t days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + tm->tm_mday - 1 - 719468;
	return ((days * 24 + tm->tm_hour) * 60 + tm->tm_min) * 60 + tm->tm_sec;
}

/* [YYYY-MM-DD][ or T][HH:MM[:SS]][Z]; without a date, today's; without a time, midnight. */
static bool parse_calendar(const char *at, struct tm tm, int64_t *when)
{
	bool dated = strlen(at) >= 5 && at[4] == '-', timed = true;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	if (dated) {
		if (!take_digits(&at, 4, 1970, 9999, '-', &tm.tm_year) || !take_digits(&at, 2, 1, 12, '-', &tm.tm_mon) ||
		    !take_digits(&at, 2, 1, 31, '\0', &tm.tm_mday))
			return false;
		tm.tm_year -= 1900;
		tm.tm_mon--;
		timed = *at == ' ' || *at == 'T';
		at += timed;
	}
	if (timed) {
		if (!take_digits(&at, 2, 0, 23, ':', &tm.tm_hour) || !take_digits(&at, 2, 0, 59, '\0', &tm.tm_min))
			return false;
		if (*at == ':' && (at++, !take_digits(&at, 2, 0, 59, '\0', &tm.tm_sec)))
			return false;
	}
	bool utc = dated && *at == 'Z';
	time_t seconds = (time_t)seconds_utc(&tm);
	struct tm same;
	/* There is no 31st of February; UTC tells, for it has every day there is, unlike local time. */
	if (at[utc] != '\0' || gmtime_r(&seconds, &same) == NULL || same.tm_mday != tm.tm_mday)
		return false;
	*when = utc ? seconds : mktime(&tm);
	return true;
}

/* Midnight, some days before the day of tm. */
static int64_t midnight(struct tm tm, int days)
{
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday -= days;
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm);
}

bool since_parse(const char *text, int64_t now, int64_t *when)
{
	struct slice rest = slice_trim(slice_of(text));
	time_t base = (time_t)now;
	struct tm tm;
	uint64_t number;
	int64_t span;
	if (rest.len == 0 || localtime_r(&base, &tm) == NULL)
		return false;
	if (slice_equal(rest, slice_of("now")))
		*when = now;
	else if (slice_equal(rest, slice_of("today")))
		*when = midnight(tm, 0);
	else if (slice_equal(rest, slice_of("yesterday")))
		*when = midnight(tm, 1);
	else if (rest.at[0] == '@' && slice_number(slice_from(rest, 1), &number) && number <= INT32_MAX * UINT64_C(100))
		*when = (int64_t)number;
	else if (parse_span(rest, &span))
		*when = now - span;
	else
		return parse_calendar(text, tm, when);
	return true;
}
