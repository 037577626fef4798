/* SPDX-License-Identifier: ISC */
/*
 * figures: what more than one format of the report has, worked out from the snapshot or written as text. Part of
 * httpd-status.
 *
 * A function with `room` writes its text there if it needs to, NUL included; what it returns lives as long as the room.
 */
#ifndef FIGURES_H
#define FIGURES_H

#include "status/report.h"

enum {
	VISIBLE_BYTES = 4 * UNIT_BYTES,       /* the longest text as buf_visible writes it */
	QUOTED_BYTES = 2 * VISIBLE_BYTES + 3, /* that in quotes */
	TIME_BYTES = 64                       /* a time in any of the formats used here */
};
_Static_assert((int)KEY_BYTES <= UNIT_BYTES, "a key of the tally is no longer than the longest text");

/* So many µs in seconds. */
double in_seconds(uint64_t microseconds);

/* The time in seconds that the snapshot covers, at least one. */
double seconds_of(const struct snapshot *s);

/* How many slots of the timeline have begun. */
size_t slots_of(const struct snapshot *s);

/* For how long the connection has lasted, in µs; 0 where that is not known. */
uint64_t age_of(const struct snapshot *s, const struct connection *c);

/*
 * The client of a connection, by the name of its unit: "N-192.0.2.1:80-198.51.100.7:51822" has the peer
 * 198.51.100.7:51822, and "N-::1:80-::1:51822" has [::1]:51822; for "N-PID-UID", of a local socket, it is "a local
 * process".
 */
const char *peer_text(const char *unit, char room[UNIT_BYTES]);

/* A time, in µs since 1970, in UTC or in local time, as `format` says (strftime(3)); "" if it cannot be written. */
const char *time_text(uint64_t when, bool utc, const char *format, char room[TIME_BYTES]);

/* A text of less than UNIT_BYTES as a string of JSON or of Prometheus, with its quotes. */
const char *quoted_text(struct slice s, char room[QUOTED_BYTES]);

#endif
