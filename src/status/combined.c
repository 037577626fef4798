/* SPDX-License-Identifier: ISC */
#include "status/combined.h"

#include <string.h>

/* The path of GET /a?b HTTP/1.1 is /a. httpd cuts a long line, so the version may be missing. */
static struct slice path_of(struct slice line)
{
	struct slice rest = line, method, target, path = line;
	if (slice_split(&rest, ' ', &method) && slice_is_token(method) && slice_split(&rest, ' ', &target) &&
	    target.len > 0)
		slice_split(&target, '?', &path);
	return path;
}

bool combined_parse(struct slice text, struct combined *parts)
{
	enum { ADDRESS, IDENTITY, USER, TIME, LINE, STATUS, BYTES, REFERER, AGENT, FIELDS };
	/* The text behind each field; its first byte ends the field. */
	static const char behind[FIELDS][4] = {" ", " ", " [", "] \"", "\" ", " ", " \"", "\" \"", "\""};
	struct slice field[FIELDS];
	uint64_t status;
	for (size_t i = 0; i < FIELDS; i++) {
		size_t len = 0, skip = strlen(behind[i]);
		/* httpd writes a quote as \x22; other writers as \", so a backslash in quotes hides what follows it. */
		while (len < text.len && text.at[len] != behind[i][0])
			len += behind[i][0] == '"' && text.at[len] == '\\' ? 2 : 1;
		field[i] = (struct slice){text.at, len};
		text = slice_from(text, len);
		if (text.len < skip || memcmp(text.at, behind[i], skip) != 0 || (len == 0 && behind[i][0] != '"'))
			return false;
		text = slice_from(text, skip);
	}
	if (text.len > 0 || !slice_number(field[STATUS], &status) || status < 100 || status > 599 ||
	    !slice_number(field[BYTES], &parts->bytes))
		return false;
	parts->address = field[ADDRESS];
	parts->time = field[TIME];
	parts->path = path_of(field[LINE]);
	parts->status = (unsigned)status;
	return true;
}
