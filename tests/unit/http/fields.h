/* SPDX-License-Identifier: ISC */
/* Requests that consist of a few field lines, for tests of what fields mean. */
#ifndef FIELDS_H
#define FIELDS_H

#include "unit.h"

#include "http/request.h"

/* A whole request with these field lines, followed by a page that must not be read. */
static inline struct request with_lines(const char *lines)
{
	static char head[4096];
	struct request r;
	int n = snprintf(head, sizeof head, "GET / HTTP/1.0\r\n%s\r\n", lines);
	assert_true(n > 0 && n < (int)sizeof head);
	assert_int_equal(request_parse(guarded_again(head, (size_t)n), &r), STATUS_NONE);
	return r;
}

/* A request with one field. A page that must not be read follows its value. A null slice: a request without it. */
static inline struct request with_field(enum field field, struct slice value)
{
	struct request r;
	memset(&r, 0, sizeof r);
	if (value.at != NULL)
		r.first[field] = guarded_again(value.at, value.len);
	return r;
}

#endif
