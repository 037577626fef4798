/* SPDX-License-Identifier: ISC */
#include "base/buf.h"

#include <string.h>

struct buf buf_in(char *room, size_t size)
{
	return (struct buf){room, 0, size, false, false};
}

struct buf buf_message(char *room, size_t size)
{
	return (struct buf){room, 0, size, false, true};
}

struct slice buf_slice(const struct buf *b)
{
	return (struct slice){b->at, b->len};
}

struct buf buf_rest(const struct buf *b)
{
	return buf_in(b->at + b->len, b->size - b->len);
}

/* Fills the room of a message with the beginning of s, and marks that it is cut. */
static void cut_message(struct buf *b, struct slice s)
{
	static const char mark[3] = {'.', '.', '.'};
	memcpy(b->at + b->len, s.at, b->size - b->len);
	b->len = b->size;
	if (b->size >= sizeof mark)
		memcpy(b->at + b->size - sizeof mark, mark, sizeof mark);
}

void buf_add(struct buf *b, struct slice s)
{
	if (s.len > b->size - b->len) {
		if (b->message && !b->overflow)
			cut_message(b, s);
		b->overflow = true;
		return;
	}
	if (s.len > 0)
		memcpy(b->at + b->len, s.at, s.len);
	b->len += s.len;
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, (struct slice){&c, 1});
}

void buf_text(struct buf *b, const char *text)
{
	buf_add(b, slice_of(text));
}

static void add_number(struct buf *b, uint64_t number, char conversion, size_t width)
{
	const char *digit = conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned base = conversion == 'u' ? 10 : 16;
	char digits[20]; /* UINT64_MAX has 20 in base 10 */
	size_t at = sizeof digits;
	do {
		digits[--at] = digit[number % base];
		number /= base;
	} while (number > 0 || sizeof digits - at < width);
	buf_add(b, (struct slice){digits + at, sizeof digits - at});
}

void buf_format_list(struct buf *b, const char *format, va_list arguments)
{
	struct buf before = *b;
	b->overflow = before.overflow && before.message;
	for (;;) {
		const char *text = format;
		while (*format != '%' && *format != '\0')
			format++;
		buf_add(b, (struct slice){text, (size_t)(format - text)});
		if (*format == '\0')
			break;
		size_t width = *++format == '0' ? (size_t)(format[1] - '0') : 0;
		format += width > 0 ? 2 : 0;
		bool wide = *format == 'j';
		format += wide;
		if (*format == '.') { /* with *s behind it */
			int n = va_arg(arguments, int);
			buf_add(b, (struct slice){va_arg(arguments, const char *), (size_t)n});
			format += 2;
		} else if (*format == 's') {
			buf_text(b, va_arg(arguments, const char *));
		} else if (*format == 'c' || *format == '%') {
			buf_char(b, *format == 'c' ? (char)va_arg(arguments, int) : '%');
		} else {
			add_number(b, wide ? va_arg(arguments, uint64_t) : va_arg(arguments, unsigned), *format, width);
		}
		format++;
	}
	if (b->overflow && !b->message)
		b->len = before.len;
	b->overflow = b->overflow || before.overflow;
}

void buf_format(struct buf *b, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	buf_format_list(b, format, arguments);
	va_end(arguments);
}

bool buf_visible(struct buf *b, struct slice s, const char *special, size_t most)
{
	struct buf part = buf_rest(b);
	if (part.size > most)
		part.size = most;
	for (size_t i = 0; i < s.len && !part.overflow; i++) {
		char c = s.at[i];
		if (c >= ' ' && c < 0x7f && strchr(special, c) == NULL)
			buf_char(&part, c);
		else
			buf_format(&part, "\\x%02x", (unsigned char)c);
	}
	b->len += part.len;
	return !part.overflow;
}

void buf_quoted(struct buf *b, struct slice s, size_t most)
{
	buf_char(b, '\'');
	bool whole = buf_visible(b, s, "", most);
	buf_text(b, whole ? "'" : "...'");
}

void buf_html(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (c != '\0' && strchr("&<>\"'", c) != NULL)
			buf_format(b, "&#%u;", (unsigned)c);
		else
			buf_char(b, c);
	}
}
