/* SPDX-License-Identifier: ISC */
#include "check/line.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void flush(struct line *line)
{
	struct slice rest = {line->room, line->held};
	while (rest.len > 0 && !line->failed) {
		ssize_t n = write(STDOUT_FILENO, rest.at, rest.len);
		line->failed = n < 0 && errno != EINTR;
		rest = slice_from(rest, n > 0 ? (size_t)n : 0);
	}
	line->held = 0;
}

void line_add(struct line *line, struct slice text)
{
	line->length += text.len;
	while (text.len > 0) {
		size_t left = sizeof line->room - line->held, n = text.len < left ? text.len : left;
		memcpy(line->room + line->held, text.at, n);
		line->held += n;
		text = slice_from(text, n);
		if (line->held == sizeof line->room)
			flush(line);
	}
}

void line_text(struct line *line, const char *text)
{
	line_add(line, slice_of(text));
}

void line_format(struct line *line, const char *format, ...)
{
	char room[MESSAGE_MAX];
	struct buf b = buf_in(room, sizeof room);
	va_list arguments;
	va_start(arguments, format);
	buf_format_list(&b, format, arguments);
	va_end(arguments);
	line_add(line, buf_slice(&b));
}

void line_visible(struct line *line, struct slice text)
{
	char room[MESSAGE_MAX];
	size_t most = sizeof room / strlen("\\xHH");
	while (text.len > 0) {
		struct buf b = buf_in(room, sizeof room);
		buf_visible(&b, (struct slice){text.at, text.len < most ? text.len : most}, "\\", sizeof room);
		line_add(line, buf_slice(&b));
		text = slice_from(text, most);
	}
}

void line_end(struct line *line)
{
	line_text(line, "\n");
	flush(line);
	line->length = 0;
}
