/* SPDX-License-Identifier: ISC */
#include "combined.h"

/* Takes this byte off the front of *rest. */
static bool take(struct slice *rest, char c)
{
	bool there = rest->len > 0 && rest->at[0] == c;
	*rest = slice_from(*rest, there);
	return there;
}

/* Takes everything before the next `end`, at least one byte, and the end. */
static bool take_until(struct slice *rest, char end, struct slice *part)
{
	return slice_split(rest, end, part) && part->len > 0 && rest->at != NULL;
}

static bool take_number(struct slice *rest, char end, uint64_t *number)
{
	struct slice digits;
	return take_until(rest, end, &digits) && slice_number(digits, number);
}

/* What stands in quotes. httpd writes a quote as \x22; other writers as \", so a backslash hides what follows it. */
static bool take_quoted(struct slice *rest, struct slice *part)
{
	size_t i = 0;
	if (!take(rest, '"'))
		return false;
	while (i < rest->len && rest->at[i] != '"')
		i += rest->at[i] == '\\' ? 2 : 1;
	if (i >= rest->len)
		return false;
	*part = (struct slice){rest->at, i};
	*rest = slice_from(*rest, i + 1);
	return true;
}

/* GET /a?b HTTP/1.1 has the path /a. httpd cuts a long line, so the version may be missing. */
static struct slice path_of(struct slice line)
{
	struct slice rest = line, method, target, path;
	if (!slice_split(&rest, ' ', &method) || !slice_is_token(method) || !slice_split(&rest, ' ', &target) ||
	    target.len == 0)
		return line;
	return slice_split(&target, '?', &path) ? path : line;
}

bool combined_parse(struct slice text, struct combined *parts)
{
	struct slice skipped;
	uint64_t status;
	struct combined c;
	if (!take_until(&text, ' ', &c.address) || !take_until(&text, ' ', &skipped) || /* identity */
	    !take_until(&text, ' ', &skipped) || !take(&text, '[') || /* user */
	    !take_until(&text, ']', &skipped) || !take(&text, ' ')) /* time */
		return false;
	if (!take_quoted(&text, &c.line) || !take(&text, ' ') || !take_number(&text, ' ', &status) ||
	    !take_number(&text, ' ', &c.bytes) || status < 100 || status > 599)
		return false;
	if (!take_quoted(&text, &skipped) || !take(&text, ' ') || /* Referer */
	    !take_quoted(&text, &skipped) || text.len > 0) /* User-Agent */
		return false;
	c.status = (unsigned)status;
	c.path = path_of(c.line);
	*parts = c;
	return true;
}
