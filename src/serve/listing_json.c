/* SPDX-License-Identifier: ISC */
#include "serve/listing_json.h"

#include "http/date.h"

void listing_json_begin(struct buf *b)
{
	buf_char(b, '[');
}

/* Writes a JSON string (RFC 8259 section 7). A byte that is no UTF-8 becomes U+FFFD, as JSON has no word for it. */
static void put_string(struct buf *b, struct slice s)
{
	buf_char(b, '"');
	while (s.len > 0) {
		unsigned char c = (unsigned char)s.at[0];
		size_t n = slice_utf8(s);
		if (c == '"' || c == '\\')
			buf_char(b, '\\');
		if (c < ' ')
			buf_format(b, "\\u%04x", c);
		else if (n == 0)
			buf_text(b, "\\ufffd");
		else
			buf_add(b, (struct slice){s.at, n});
		s = slice_from(s, n > 0 ? n : 1);
	}
	buf_char(b, '"');
}

void listing_json_entry(struct buf *b, const char *name, const struct entry *entry, bool first)
{
	buf_text(b, first ? "\n{\"name\":" : ",\n{\"name\":");
	put_string(b, slice_of(name));
	if (entry->directory)
		buf_text(b, ",\"type\":\"directory\",\"modified\":\"");
	else
		buf_format(b, ",\"type\":\"file\",\"size\":%ju,\"modified\":\"", entry->size);
	date_write(b, DATE_ISO, entry->seconds);
	buf_text(b, "\"}");
}

void listing_json_end(struct buf *b)
{
	buf_text(b, "\n]\n");
}
