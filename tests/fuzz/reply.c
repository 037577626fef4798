/* SPDX-License-Identifier: ISC */
#include "reply.h"

#include "base/buf.h"
#include "client.h"
#include "http/date.h"

/* Takes the first n bytes off *rest. */
static struct slice take(struct slice *rest, uint64_t n)
{
	hold(n <= rest->len, "a body is as long as it was announced");
	struct slice part = {rest->at, (size_t)n};
	*rest = slice_from(*rest, (size_t)n);
	return part;
}

/* Takes a line off *rest, without its CRLF. Holds that it ends in CRLF. */
static struct slice take_line(struct slice *rest)
{
	const char *end = rest->len > 0 ? memchr(rest->at, '\n', rest->len) : NULL;
	hold(end != NULL && end > rest->at && end[-1] == '\r', "a line ends in CRLF");
	struct slice line = take(rest, (uint64_t)(end - rest->at) + 1);
	line.len -= 2;
	hold(is_clean(line), "a line holds no control characters");
	return line;
}

/* The value of the field of that name, which may occur once; a null slice without it. */
static struct slice value_of(struct slice fields, const char *wanted)
{
	struct slice found = {NULL, 0}, name;
	while (fields.len > 0) {
		struct slice value = take_line(&fields);
		slice_split(&value, ':', &name);
		if (!slice_equal_nocase(name, slice_of(wanted)))
			continue;
		hold(found.at == NULL, "a field stands once");
		found = slice_trim(value);
	}
	return found;
}

static bool has(struct slice fields, const char *name)
{
	return value_of(fields, name).at != NULL;
}

/* Takes field lines and the empty line behind them off *rest. Returns them without the empty line. */
static struct slice take_fields(struct slice *rest)
{
	struct slice fields = *rest, name, line;
	for (line = take_line(rest); line.len > 0; line = take_line(rest)) {
		struct slice value = line;
		slice_split(&value, ':', &name);
		hold(slice_is_token(name) && value.len > 1 && value.at[0] == ' ', "a field has a name and a value");
		hold(slice_trim(value).len == value.len - 1, "there is one space before a value and none behind");
	}
	fields.len = (size_t)(rest->at - fields.at) - 2;
	return fields;
}

static bool take_digits(struct slice *s, uint64_t *n)
{
	size_t digits = 0;
	while (digits < s->len && s->at[digits] >= '0' && s->at[digits] <= '9')
		digits++;
	bool good = slice_number((struct slice){s->at, digits}, n);
	*s = slice_from(*s, digits);
	return good;
}

static bool take_text(struct slice *s, const char *text)
{
	size_t n = strlen(text);
	bool good = s->len >= n && memcmp(s->at, text, n) == 0;
	*s = slice_from(*s, good ? n : 0);
	return good;
}

/* The number of bytes that Content-Range announces. */
static uint64_t check_range(struct slice s)
{
	uint64_t first = 0, last = 0, size = 0;
	hold(take_text(&s, "bytes ") && take_digits(&s, &first) && take_text(&s, "-") && take_digits(&s, &last) &&
	         take_text(&s, "/") && take_digits(&s, &size) && s.len == 0, "Content-Range is well-formed");
	hold(first <= last && last < size, "a range is inside the file");
	return last - first + 1;
}

/* multipart/byteranges to its last byte (RFC 9110 section 14.6). */
static void check_parts(struct slice type, struct slice body)
{
	char room[128];
	struct buf mark = buf_in(room, sizeof room);
	hold(take_text(&type, "multipart/byteranges; boundary=") && type.len > 0, "several parts have a boundary");
	buf_text(&mark, "\r\n--");
	buf_add(&mark, type);
	buf_char(&mark, '\0');
	hold(!mark.overflow, "a boundary is short");
	unsigned parts = 0;
	while (take_text(&body, room) && !take_text(&body, "--\r\n")) {
		hold(take_line(&body).len == 0, "a boundary is a line");
		struct slice fields = take_fields(&body);
		hold(has(fields, "content-type"), "a part has a type");
		take(&body, check_range(value_of(fields, "content-range")));
		parts++;
	}
	hold(body.len == 0 && parts > 1, "the parts end where the body ends");
}

static struct slice take_chunks(struct slice *rest)
{
	struct slice body = *rest;
	for (bool last = false; !last;) {
		struct slice line = take_line(rest);
		uint64_t n = 0;
		hold(line.len > 0 && line.len <= 8, "a chunk has a length");
		for (size_t i = 0; i < line.len; i++) {
			hold(char_hex(line.at[i]) >= 0, "in hexadecimal digits");
			n = n * 16 + (uint64_t)char_hex(line.at[i]);
		}
		take(rest, n);
		hold(take_line(rest).len == 0, "a chunk ends in an empty line");
		last = n == 0;
	}
	body.len = (size_t)(rest->at - body.at);
	return body;
}

static struct slice take_body(struct reply *r, struct slice fields, struct slice *rest)
{
	struct slice length = value_of(fields, "content-length");
	uint64_t n = 0;
	if (r->chunked)
		return take_chunks(rest);
	if (length.at == NULL) {
		hold(!r->persists, "a body without a length ends with the connection");
		return take(rest, rest->len);
	}
	hold(slice_number(length, &n), "Content-Length is a number");
	return take(rest, n);
}

/* Takes the scheme and the slashes behind it off *s, in upper or lower case (RFC 3986 section 3.1). */
static bool take_scheme(struct slice *s, const char *text)
{
	struct slice scheme = slice_of(text);
	bool begins = s->len >= scheme.len && slice_equal_nocase((struct slice){s->at, scheme.len}, scheme);
	if (begins)
		*s = slice_from(*s, scheme.len);
	return begins;
}

/* The fields that each status requires. */
static void check_status(const struct reply *r, struct slice f)
{
	bool content = r->status != 204 && r->status != 304;
	struct slice to = value_of(f, "location"), range = value_of(f, "content-range");
	hold(has(f, "content-type") == content, "where there is content there is its type");
	hold(content || (!has(f, "content-length") && !r->chunked), "where there is none there is no length");
	hold((to.at != NULL) == (r->status == 301 || r->status == 302), "a redirect has a Location");
	if (to.at != NULL) {
		bool elsewhere = take_scheme(&to, "http://") || take_scheme(&to, "https://");
		hold(to.len > 0 && (elsewhere || to.at[0] == '/'), "a Location is a path, or what a link holds");
		hold(elsewhere || to.len == 1 || (to.at[1] != '/' && to.at[1] != '\\'), "a path does not name another site");
		for (size_t i = 0; i < to.len; i++)
			hold(to.at[i] > ' ' && to.at[i] < 0x7f && strchr("\"<>\\^`{|}", to.at[i]) == NULL, "a Location is a URI");
	}
	bool validated = r->status == 200 || r->status == 206 || r->status == 304;
	hold(!has(f, "etag") || validated, "a tag is said of a file");
	hold(!has(f, "last-modified") || has(f, "etag"), "where there is a date there is a tag");
	hold(r->status < 400 || r->status == 404 || slice_equal(value_of(f, "cache-control"), slice_of("no-store")),
	     "no cache keeps an error but 404");
	hold(r->status != 405 || has(f, "allow"), "405 says what is allowed");
	hold(range.at == NULL || r->status == 206 || r->status == 416, "Content-Range is said of a range");
	hold(r->status != 416 || take_text(&range, "bytes */"), "416 says how long the file is");
}

void reply_read(struct reply *r, struct slice *rest, bool to_head, int64_t now)
{
	struct slice line = take_line(rest);
	uint64_t status = 0, length = 0;
	int64_t date = 0;
	hold(take_text(&line, "HTTP/1.1 ") && take_digits(&line, &status) && take_text(&line, " ") && line.len > 0,
	     "a status line is well-formed");
	hold(status >= 200 && status < 506, "the status is one we know");
	r->status = (unsigned)status;
	struct slice f = r->head = take_fields(rest), connection = value_of(f, "connection");
	r->persists = slice_equal(connection, slice_of("keep-alive"));
	hold(r->persists || slice_equal(connection, slice_of("close")), "Connection is said once");
	r->chunked = slice_equal(value_of(f, "transfer-encoding"), slice_of("chunked"));
	hold(r->chunked == has(f, "transfer-encoding") && !(r->chunked && has(f, "content-length")), "one framing");
	hold(date_parse(value_of(f, "date"), now, &date) && date >= CLIENT_NOW && date <= now, "Date is now");
	check_status(r, f);
	r->body = (struct slice){NULL, 0};
	struct slice range = value_of(f, "content-range"), type = value_of(f, "content-type");
	if (status == 206 && range.at != NULL)
		hold(slice_number(value_of(f, "content-length"), &length) && check_range(range) == length,
		     "Content-Range is as long as the content");
	if (!to_head && status != 204 && status != 304)
		r->body = take_body(r, f, rest);
	if (!to_head && status == 206 && range.at == NULL)
		check_parts(type, r->body);
}
