/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* strptime, timegm */
#include "status/since.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/slice.h"

/* The length of a unit of time in seconds, or 0. All spellings of systemd.time(7) up to the week; m is a minute. */
static int64_t unit_of(const char *name)
{
	static const struct {
		char name[8];
		int64_t seconds;
	} units[] = {
		{"s", 1}, {"sec", 1}, {"secs", 1}, {"second", 1}, {"seconds", 1},
		{"m", 60}, {"min", 60}, {"mins", 60}, {"minute", 60}, {"minutes", 60},
		{"h", 3600}, {"hr", 3600}, {"hrs", 3600}, {"hour", 3600}, {"hours", 3600},
		{"d", 86400}, {"day", 86400}, {"days", 86400}, {"w", 604800}, {"week", 604800}, {"weeks", 604800},
	};
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(units[i].name, name) == 0)
			return units[i].seconds;
	return 0;
}

/* 1h30min, -90 s, 2 days ago: all of them are in the past. */
static bool parse_span(const char *text, int64_t *seconds)
{
	static const int64_t century = INT64_C(3155760000);
	char number[12], name[9];
	int used;
	text += *text == '-';
	*seconds = 0;
	do {
		if (sscanf(text, "%11[0-9] %8[a-z] %n", number, name, &used) != 2)
			return false;
		int64_t unit = unit_of(name);
		*seconds += strtoll(number, NULL, 10) * unit;
		if (unit == 0 || *seconds > century)
			return false;
		text += used;
	} while (*text != '\0' && !slice_equal(slice_trim(slice_of(text)), slice_of("ago")));
	return true;
}

/* Without a date it is a time of that day; without a Z, in local time. */
static bool parse_calendar(const char *text, struct tm day, int64_t *when)
{
	static const char forms[][20] = {
		"%H:%M", "%H:%M:%S", "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
		"%Y-%m-%dZ", "%Y-%m-%d %H:%MZ", "%Y-%m-%d %H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ",
	};
	char again[32];
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct tm local = day, utc;
		if (strptime(text, forms[i], &local) == NULL || local.tm_year < 70)
			continue;
		utc = local;
		*when = (int64_t)timegm(&utc);
		/* It makes the 31st of a short month the next month's 1st: only what comes out as it went in is a time. */
		if (strftime(again, sizeof again, forms[i], &utc) == 0 || strcmp(again, text) != 0)
			continue;
		if (strchr(forms[i], 'Z') == NULL)
			*when = (int64_t)mktime(&local);
		return true;
	}
	return false;
}

bool since_parse(const char *text, int64_t now, int64_t *when)
{
	struct slice word = slice_trim(slice_of(text));
	bool yesterday = slice_equal(word, slice_of("yesterday"));
	time_t base = (time_t)now;
	struct tm day;
	uint64_t number;
	localtime_r(&base, &day);
	day.tm_hour = day.tm_min = day.tm_sec = 0;
	day.tm_mday -= yesterday;
	day.tm_isdst = -1;
	if (slice_equal(word, slice_of("now")))
		*when = now;
	else if (yesterday || slice_equal(word, slice_of("today")))
		*when = (int64_t)mktime(&day);
	else if (word.at[0] == '@' && slice_number(slice_from(word, 1), &number) && number <= INT32_MAX * UINT64_C(100))
		*when = (int64_t)number;
	else if (parse_span(word.at, when))
		*when = now - *when;
	else
		return parse_calendar(text, day, when);
	return true;
}

bool since_log_time(struct slice text, int64_t *when)
{
	char room[32];
	struct tm utc = {0};
	struct buf b = buf_in(room, sizeof room);
	buf_format(&b, "%.*s%c", SLICE(text), '\0');
	const char *rest = b.overflow ? NULL : strptime(room, "%d/%b/%Y:%H:%M:%S ", &utc);
	if (rest == NULL || (rest[0] != '+' && rest[0] != '-') || strlen(rest) != 5 || strspn(rest + 1, "0123456789") != 4)
		return false;
	int64_t zone = (rest[1] * 10 + rest[2] - '0' * 11) * 3600 + (rest[3] * 10 + rest[4] - '0' * 11) * 60;
	*when = (int64_t)timegm(&utc) - (rest[0] == '-' ? -zone : zone);
	return true;
}
