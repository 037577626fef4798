/* SPDX-License-Identifier: ISC */
/* since: a point of time in the past, as people write it. Part of httpd-status. */
#ifndef SINCE_H
#define SINCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * Reads 10min, -1h, "1h 30min ago", now, today, yesterday, 14:00, 2026-11-21, "2026-11-21 14:00:30", 2026-11-21T14:00Z
 * or @1795269600; in local time, but for the last two. `now` and *when are seconds since 1970. False for anything
 * else.
 */
bool since_parse(const char *text, int64_t now, int64_t *when);

/*
 * Reads the time of a line in the Combined Log Format, 29/Nov/2026:03:34:50 +0000, into seconds since 1970; false if it
 * is none.
 */
bool since_log_time(struct slice text, int64_t *when);

#endif
