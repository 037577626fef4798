/* SPDX-License-Identifier: ISC */
#include "http/request.h"

#include <string.h>

#include "base/bounds.h"
#include "http/host.h"

/*
 * Names in lower case, in the order of enum field, each behind its length: strlen would take 7,000 instructions more,
 * of the 45,000 of a request.
 */
static const struct {
	unsigned char len;
	char name[20];
} fields[FIELD_COUNT] = {
	{6, "accept"}, {15, "accept-encoding"}, {10, "connection"}, {14, "content-length"}, {4, "host"}, {8, "if-match"},
	{17, "if-modified-since"}, {13, "if-none-match"}, {8, "if-range"}, {19, "if-unmodified-since"}, {5, "range"},
	{7, "referer"}, {17, "transfer-encoding"}, {10, "user-agent"},
};

/* In the order of enum method; from METHOD_NOT_ALLOWED on, methods of RFC 9110, RFC 5789 and RFC 4918: 405. */
static const char methods[][10] = {
	"", "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "CONNECT", "TRACE", "PATCH",
	"PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK",
};

static enum method method_of(struct slice name)
{
	for (unsigned i = METHOD_GET; i < sizeof methods / sizeof methods[0]; i++)
		if (slice_equal(name, slice_of(methods[i])))
			return i < METHOD_NOT_ALLOWED ? (enum method)i : METHOD_NOT_ALLOWED;
	return METHOD_UNKNOWN;
}

/*
 * The input without the empty lines at its beginning. A CR without its LF ends no line: the head is refused there, and
 * what stands behind it may not have come yet.
 */
static struct slice skip_empty(struct slice input)
{
	struct slice line, rest = input;
	while (slice_split(&rest, '\n', &line) && rest.at != NULL && (line.len == 0 || slice_equal(line, slice_of("\r"))))
		input = rest;
	return input;
}

/*
 * The status for a full buffer without the end of a head: 414 where the request line is too long for a target of
 * TARGET_MAX bytes with a method and a version, else 431.
 */
static enum status too_large(struct slice input)
{
	input = skip_empty(input);
	const char *end = memchr(input.at, '\n', input.len);
	enum { METHOD_AND_VERSION = 64 };
	bool long_line = end == NULL || end - input.at > TARGET_MAX + METHOD_AND_VERSION;
	return long_line ? STATUS_URI_TOO_LONG : STATUS_FIELDS_TOO_LARGE;
}

/* Whether a request line, or an empty line before one, can begin like this; *begun: it is the request line. */
static bool may_begin(struct slice line, bool *begun)
{
	*begun = slice_is_token((struct slice){line.at, 1});
	if (line.at[0] == '\r')
		return line.len < 2 || line.at[1] == '\n';
	return *begun || line.at[0] == '\n';
}

enum status request_scan(struct request_scan *scan, struct slice input, size_t *length)
{
	*length = 0;
	while (scan->seen < input.len) {
		struct slice line = slice_from(input, scan->line);
		if (!scan->begun && !may_begin(line, &scan->begun))
			return STATUS_BAD_REQUEST;
		const char *end = memchr(input.at + scan->seen, '\n', input.len - scan->seen);
		scan->seen = end != NULL ? (size_t)(end - input.at) + 1 : input.len;
		if (end == NULL)
			break;
		scan->line = scan->seen;
		if (scan->begun && (end == line.at || (end == line.at + 1 && line.at[0] == '\r'))) {
			*length = scan->seen;
			return STATUS_NONE;
		}
	}
	return input.len >= HEAD_MAX ? too_large(input) : STATUS_NONE;
}

/*
 * Takes a line and its end, CRLF or LF, off *rest (RFC 9112 section 2.2). False when a NUL, a bare CR or another
 * control character stands in it, or when it has no end. Every byte of a head comes by here, once.
 */
static bool next_line(struct slice *rest, struct slice *line)
{
	const char *at = rest->at;
	size_t n = 0;
	while (n < rest->len && ((unsigned char)at[n] >= ' ' ? at[n] != 0x7f : at[n] == '\t'))
		n++;
	const char *end = memchr(at + n, '\n', rest->len - n); /* a line with such a character goes into the log whole */
	if (end == NULL)
		return false;
	*line = (struct slice){at, (size_t)(end - at)};
	*rest = slice_from(*rest, line->len + 1);
	if (line->len > 0 && end[-1] == '\r')
		line->len--;
	return n == line->len;
}

/* HTTP-version = "HTTP/" DIGIT "." DIGIT, its letters in that case (RFC 9112 section 2.3). */
static enum status parse_version(struct slice s, unsigned *minor)
{
	if (s.len != 8 || memcmp(s.at, "HTTP/", 5) != 0 || s.at[6] != '.' ||
	    !slice_is_digits((struct slice){s.at + 5, 1}) || !slice_is_digits((struct slice){s.at + 7, 1}))
		return STATUS_BAD_REQUEST;
	*minor = (unsigned)(s.at[7] - '0');
	return s.at[5] == '1' ? STATUS_NONE : STATUS_VERSION_NOT_SUPPORTED;
}

/* request-line = method SP request-target SP HTTP-version, with single spaces (RFC 9112 section 3). */
static enum status parse_request_line(struct slice rest, struct request *out)
{
	struct slice method, version;
	slice_split(&rest, ' ', &method);
	if (!slice_is_token(method) || rest.at == NULL)
		return STATUS_BAD_REQUEST;
	slice_split(&rest, ' ', &out->target);
	if (out->target.len > TARGET_MAX)
		return STATUS_URI_TOO_LONG;
	if (out->target.len == 0 || !slice_split(&rest, ' ', &version) || rest.at != NULL)
		return STATUS_BAD_REQUEST;
	return parse_version(version, &out->minor);
}

/* field-line = field-name ":" OWS field-value OWS, no space before the colon (RFC 9112 section 5). */
static bool split_field(struct slice line, struct slice *name, struct slice *value)
{
	*value = line;
	slice_split(value, ':', name);
	if (value->at == NULL || !slice_is_token(*name))
		return false; /* obs-fold too: a line that begins with a space has no token for a name */
	*value = slice_trim(*value);
	return true;
}

static enum field field_of(struct slice name)
{
	unsigned i = 0;
	while (i < FIELD_COUNT && !slice_equal_nocase(name, (struct slice){fields[i].name, fields[i].len}))
		i++;
	return (enum field)i;
}

static bool parse_fields(struct slice rest, struct request *out)
{
	struct slice line, name, value;
	while (next_line(&rest, &line)) {
		if (line.len == 0)
			return rest.len == 0;
		if (!split_field(line, &name, &value))
			return false;
		enum field field = field_of(name);
		if (field == FIELD_COUNT)
			continue;
		if (out->first[field].at != NULL)
			out->repeated |= 1u << field;
		else
			out->first[field] = value;
	}
	return false;
}

/* Content-Length = 1*DIGIT; several lines must agree (RFC 9110 section 8.6). */
static bool parse_length(struct request *out)
{
	struct field_lines lines = request_lines(out, FIELD_CONTENT_LENGTH);
	struct slice value;
	uint64_t length;
	for (bool first = true; request_next(&lines, &value); first = false) {
		if (!slice_number(value, &length) || (!first && length != out->length))
			return false;
		out->length = length;
	}
	return true;
}

/*
 * Transfer-Encoding (RFC 9112 sections 6.1 and 6.3): never with Content-Length, never in HTTP/1.0, and chunked must
 * come last and once. A coding besides it is one we do not know.
 */
static enum status check_transfer(const struct request *out)
{
	struct field_lines lines = request_lines(out, FIELD_TRANSFER_ENCODING);
	struct slice list, coding;
	unsigned codings = 0, chunked = 0;
	bool last = false;
	if (out->first[FIELD_TRANSFER_ENCODING].at == NULL)
		return STATUS_NONE;
	while (request_next(&lines, &list))
		for (; slice_element(&list, &coding); codings++) {
			last = slice_equal_nocase(coding, slice_of("chunked"));
			chunked += last;
		}
	if (out->first[FIELD_CONTENT_LENGTH].at != NULL || out->minor == 0 || !last || chunked > 1)
		return STATUS_BAD_REQUEST;
	return codings == 1 ? STATUS_NONE : STATUS_NOT_IMPLEMENTED;
}

/* Exactly one valid Host in HTTP/1.1, at most one in HTTP/1.0 (RFC 9112 section 3.2). */
static bool check_host(const struct request *out)
{
	if (out->first[FIELD_HOST].at == NULL)
		return out->minor == 0;
	struct slice host = request_single(out, FIELD_HOST);
	return host.at != NULL && host_valid(host);
}

/* Takes the request line, and the empty lines before it, off *head; false where one of them is not clean. */
static bool take_request_line(struct slice *head, struct slice *line)
{
	while (next_line(head, line))
		if (line->len > 0 || head->len == 0)
			return true;
	return false;
}

enum status request_parse(struct slice head, struct request *out)
{
	struct slice word, rest = skip_empty(head);
	memset(out, 0, sizeof *out);
	slice_split(&rest, ' ', &word);
	out->method = method_of(word); /* also for a refusal: the answer to HEAD has no content */
	if (!take_request_line(&head, &out->line))
		return STATUS_BAD_REQUEST;
	enum status refusal = parse_request_line(out->line, out);
	if (refusal != STATUS_NONE)
		return refusal;
	out->fields = head;
	if (!parse_fields(head, out) || !check_host(out) || !parse_length(out))
		return STATUS_BAD_REQUEST;
	return check_transfer(out);
}

struct field_lines request_lines(const struct request *request, enum field field)
{
	bool repeated = (request->repeated & 1u << field) != 0;
	return (struct field_lines){
		.field = field,
		.only = repeated ? (struct slice){NULL, 0} : request->first[field],
		.rest = repeated ? request->fields : (struct slice){NULL, 0},
	};
}

bool request_next(struct field_lines *lines, struct slice *value)
{
	struct slice line, name;
	if (lines->only.at != NULL) {
		*value = lines->only;
		lines->only = (struct slice){NULL, 0};
		return true;
	}
	while (lines->rest.len > 0 && next_line(&lines->rest, &line) && line.len > 0)
		if (split_field(line, &name, value) && field_of(name) == lines->field)
			return true;
	return false;
}

struct slice request_single(const struct request *request, enum field field)
{
	bool once = (request->repeated & 1u << field) == 0;
	return once ? request->first[field] : (struct slice){NULL, 0};
}

struct slice request_last(const struct request *request, struct slice name)
{
	static const struct slice none = {NULL, 0};
	struct slice rest = request->fields, line, found, value, last = none;
	while (rest.len > 0 && next_line(&rest, &line) && (line.len == 0 || split_field(line, &found, &value))) {
		if (line.len == 0)
			return rest.len == 0 ? last : none;
		if (slice_equal_nocase(found, name))
			last = value;
	}
	return none;
}

bool request_has_body(const struct request *request)
{
	return request->first[FIELD_TRANSFER_ENCODING].at != NULL || request->length > 0;
}

static bool connection_has(const struct request *request, const char *option)
{
	struct field_lines lines = request_lines(request, FIELD_CONNECTION);
	struct slice list, element;
	while (request_next(&lines, &list))
		while (slice_element(&list, &element))
			if (slice_equal_nocase(element, slice_of(option)))
				return true;
	return false;
}

bool request_persists(const struct request *request)
{
	return !request_has_body(request) && !connection_has(request, "close") &&
	       (request->minor >= 1 || connection_has(request, "keep-alive"));
}
