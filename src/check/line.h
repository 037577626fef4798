/* SPDX-License-Identifier: ISC */
/* line: a line that --check prints on standard output, of any length, as it leaves in pieces. */
#ifndef LINE_H
#define LINE_H

#include "base/bounds.h"
#include "base/buf.h"
#include "base/slice.h"

/* Begins as {.failed = false} and may be used for one line after the other. */
struct line {
	bool failed; /* a write failed: no more is written */
	size_t length; /* bytes of the line so far */
	size_t held; /* of these, how many have not left yet */
	char room[MESSAGE_MAX];
};

/* Adds text of ours as it is. */
void line_add(struct line *line, struct slice text);
void line_text(struct line *line, const char *text);

/* Adds text as buf_format does, at most MESSAGE_MAX bytes. */
PRINTF_LIKE void line_format(struct line *line, const char *format, ...);

/* Adds text that may hold anything: \xHH for what is not visible ASCII or a space, and for a backslash. */
void line_visible(struct line *line, struct slice text);

/* Ends the line and writes what is left of it. */
void line_end(struct line *line);

#endif
