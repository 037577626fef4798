/* SPDX-License-Identifier: ISC */
#include "status/figures.h"

#include <string.h>
#include <time.h>

#include "base/buf.h"

double in_seconds(uint64_t microseconds)
{
	return (double)microseconds / (double)SECOND;
}

double seconds_of(const struct snapshot *s)
{
	double seconds = s->now > s->begin ? in_seconds(s->now - s->begin) : 0;
	return seconds < 1 ? 1 : seconds;
}

size_t slots_of(const struct snapshot *s)
{
	uint64_t used = s->now > s->tally.begin ? (s->now - s->tally.begin) / s->tally.width + 1 : 1;
	return used < SLOTS ? (size_t)used : SLOTS;
}

uint64_t age_of(const struct snapshot *s, const struct connection *c)
{
	return c->began > 0 && c->began < s->now ? s->now - c->began : 0;
}

const char *peer_text(const char *unit, char room[UNIT_BYTES])
{
	const char *address = strrchr(unit, '-'), *port = address != NULL ? strrchr(address, ':') : NULL;
	if (port == NULL)
		return "a local process";
	int len = (int)(port - ++address);
	bool bare = memchr(address, ':', (size_t)len) != NULL;
	snprintf(room, UNIT_BYTES, bare ? "[%.*s]%.*s" : "%.*s%.*s", len, address, (int)strcspn(port, "."), port);
	return room;
}

const char *time_text(uint64_t when, bool utc, const char *format, char room[TIME_BYTES])
{
	time_t t = (time_t)(when / SECOND);
	struct tm parts, *tm = utc ? gmtime_r(&t, &parts) : localtime_r(&t, &parts);
	return tm != NULL && strftime(room, TIME_BYTES, format, tm) > 0 ? room : "";
}

const char *quoted_text(struct slice s, char room[QUOTED_BYTES])
{
	char shown[VISIBLE_BYTES];
	struct buf visible = buf_in(shown, sizeof shown), b = buf_in(room, QUOTED_BYTES);
	buf_visible(&visible, s, "", SIZE_MAX);
	buf_char(&b, '"');
	for (size_t i = 0; i < visible.len; i++)
		buf_format(&b, shown[i] == '"' || shown[i] == '\\' ? "\\%c" : "%c", shown[i]);
	buf_format(&b, "\"%c", '\0');
	return room;
}
