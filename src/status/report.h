/* SPDX-License-Identifier: ISC */
/*
 * report: what httpd-status found out, for people (table.c), for programs (json.c) and for Prometheus (prometheus.c).
 * Part of httpd-status.
 *
 * A log line holds texts of clients. httpd has escaped them, but no format relies on that: each writes visible ASCII
 * only, so that no client controls a terminal or ends a quoted string.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "status/tally.h"

enum {
	UNIT_BYTES = 256,     /* the name of a unit, NUL included (systemd.unit(5)) */
	STATE_BYTES = 32,     /* of the names that systemd has for a unit's state */
	CONNECTIONS_MAX = 1024, /* told one by one; more are only counted */
	TOP_MOST = 100        /* rows in a list, of connections too */
};

/* A unit, as systemd describes it. */
struct unit {
	char name[UNIT_BYTES], load[STATE_BYTES], active[STATE_BYTES], sub[STATE_BYTES];
	uint64_t since; /* µs since 1970: when it became active the last time; 0 if it never did */
};

struct connection {
	char unit[UNIT_BYTES];
	uint64_t began; /* µs since 1970, or 0 where nobody asked */
};

/* Everything, as it was at the time `now`, since `begin` (µs since 1970). */
struct snapshot {
	uint64_t begin, now;
	bool asked; /* whether systemd was: not with --directory */
	struct unit socket, service; /* the service: one for all connections, as httpd-tcpserver.service */
	uint32_t accepted, refused, current;
	uint64_t served; /* connections of the service */
	size_t live; /* instances that run; the first CONNECTIONS_MAX of them stand in connection[], oldest first */
	struct connection connection[CONNECTIONS_MAX + 1];
	bool totals; /* the tally goes back further than begin: a counter that never falls */
	size_t rows; /* in a list */
	struct tally tally;
};

/* How a table may look. */
struct style {
	bool terminal, blocks; /* blocks: the locale is UTF-8 */
	size_t width; /* of the terminal, 40 to 200 columns */
};

/* Writes tables for people. Like the other two it may sort the lists of the tally. */
void report_table(FILE *out, struct snapshot *s, const struct style *style);

/* Writes one line of JSON. */
void report_json(FILE *out, struct snapshot *s);

/* Writes Prometheus's text format, version 0.0.4. */
void report_prometheus(FILE *out, struct snapshot *s);

#endif
