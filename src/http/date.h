/* SPDX-License-Identifier: ISC */
/* date: HTTP dates both ways, by arithmetic alone: no locale, no time zone, no libc. Pure. */
#ifndef DATE_H
#define DATE_H

#include "base/buf.h"
#include "base/slice.h"

/* The years that four digits can name, in seconds since 1970-01-01T00:00:00Z; what lies outside is clamped. */
#define DATE_FIRST INT64_C(-62167219200)
#define DATE_LAST INT64_C(253402300799)

/* The first three are an HTTP-date (RFC 9110 section 5.6.7), which date_parse reads. */
enum date_form {
	DATE_HTTP, /* IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT" */
	DATE_RFC850, /* "Sunday, 06-Nov-94 08:49:37 GMT" */
	DATE_ASCTIME, /* "Sun Nov  6 08:49:37 1994" */
	DATE_LOG, /* of the Combined Log Format, in UTC: "06/Nov/1994:08:49:37 +0000" */
	DATE_ISO, /* ISO 8601, in UTC: "1994-11-06T08:49:37Z" */
	DATE_SHORT /* for people, in UTC: "1994-11-06 08:49" */
};

/* Writes a time, in seconds since 1970, in one of these forms. */
void date_write(struct buf *b, enum date_form form, int64_t seconds);

/*
 * Reads an HTTP-date into seconds since 1970. `now` settles the century of a two-digit year: one that would lie more
 * than 50 years ahead belongs to the past. False for anything else, a date that no calendar has or a wrong name of the
 * day included.
 */
bool date_parse(struct slice s, int64_t now, int64_t *seconds);

#endif
