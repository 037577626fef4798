/* SPDX-License-Identifier: ISC */
#include "target.h"

#include <string.h>

#include "bounds.h"
#include "host.h"

/*
 * A target is visible characters without a fragment. Bytes beyond ASCII should have been escaped, but people type
 * them, and they mean nothing but themselves.
 */
static bool characters_valid(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] <= ' ' || s.at[i] == 0x7f || s.at[i] == '#')
			return false;
	return true;
}

/* pct-encoded = "%" HEXDIG HEXDIG (RFC 3986 section 2.1). */
static bool is_escape(struct slice s)
{
	return s.len >= 3 && s.at[0] == '%' && char_hex(s.at[1]) >= 0 && char_hex(s.at[2]) >= 0;
}

/* Decodes one segment behind out->path; *escaped tells whether it held a percent-encoded byte. */
static enum status decode_segment(struct slice s, struct target *out, bool *escaped)
{
	enum status verdict = STATUS_NONE;
	*escaped = false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (c == '%') {
			if (!is_escape(slice_from(s, i)))
				return STATUS_BAD_REQUEST;
			c = (char)(char_hex(s.at[i + 1]) * 16 + char_hex(s.at[i + 2]));
			i += 2;
			*escaped = true;
			if (c == '\0')
				return STATUS_BAD_REQUEST;
			if (c == '/')
				verdict = STATUS_NOT_FOUND;
		}
		out->path[out->length++] = c;
	}
	return verdict;
}

static size_t parent_length(const struct target *t)
{
	size_t n = t->length;
	while (n > 0 && t->path[n - 1] != '/')
		n--;
	return n > 0 ? n - 1 : 0;
}

/* Appends one segment to the path, or takes one away for "..". */
static enum status take_segment(struct slice raw, struct target *out)
{
	size_t before = out->length, start;
	bool escaped;
	if (before > 0)
		out->path[out->length++] = '/';
	start = out->length;
	enum status verdict = decode_segment(raw, out, &escaped);
	struct slice decoded = {out->path + start, out->length - start};
	bool dot = slice_equal(decoded, slice_of(".")), dots = slice_equal(decoded, slice_of(".."));
	out->directory = decoded.len == 0 || dot || dots || verdict != STATUS_NONE;
	if (out->directory)
		out->length = before;
	if (dots)
		out->length = parent_length(out);
	return (dot || dots) && escaped ? STATUS_BAD_REQUEST : verdict;
}

static enum status parse_path(struct slice raw, struct target *out)
{
	struct slice segment, rest = slice_from(raw, 1); /* behind the first slash */
	enum status worst = STATUS_NONE;
	while (worst != STATUS_BAD_REQUEST && slice_split(&rest, '/', &segment)) {
		enum status verdict = take_segment(segment, out);
		if (verdict != STATUS_NONE)
			worst = verdict;
	}
	out->path[out->length] = '\0';
	out->nowhere = worst == STATUS_NOT_FOUND;
	return worst;
}

/* Takes "http://authority" off an absolute-form (RFC 9110 section 4.2); false for anything that is not one. */
static bool take_authority(struct slice *raw, struct slice *host)
{
	struct slice scheme = {raw->at, 0};
	while (scheme.len < raw->len && raw->at[scheme.len] != ':')
		scheme.len++;
	if (!slice_same(scheme, slice_of("http")) && !slice_same(scheme, slice_of("https")))
		return false;
	*raw = slice_from(*raw, scheme.len);
	if (raw->len < 3 || memcmp(raw->at, "://", 3) != 0)
		return false;
	*raw = slice_from(*raw, 3);
	*host = (struct slice){raw->at, 0};
	while (host->len < raw->len && raw->at[host->len] != '/')
		host->len++;
	*raw = slice_from(*raw, host->len);
	/* An http URI with an empty host is invalid (RFC 9110 section 4.2.1). */
	return host->len > 0 && host->at[0] != ':' && host_valid(*host);
}

/* Of an *out that is a target already, the one for the root. */
static enum status parse(struct slice raw, struct target *out)
{
	if (raw.len > TARGET_MAX)
		return STATUS_URI_TOO_LONG;
	if (raw.len == 0 || !characters_valid(raw))
		return STATUS_BAD_REQUEST;
	if (slice_equal(raw, slice_of("*"))) {
		out->server = true;
		return STATUS_NONE;
	}
	struct slice path;
	out->query = raw;
	slice_split(&out->query, '?', &path);
	if (path.len == 0 || path.at[0] != '/') {
		if (!take_authority(&path, &out->host))
			return STATUS_BAD_REQUEST;
		if (path.len == 0)
			path = slice_of("/");
	}
	return parse_path(path, out);
}

enum status target_parse(struct slice raw, struct buf *room, struct target *out)
{
	out->host = out->query = (struct slice){NULL, 0};
	out->server = out->nowhere = false;
	out->directory = true;
	out->length = 0;
	out->path = room->at + room->len;
	out->path[0] = '\0';
	enum status refusal = parse(raw, out);
	room->len += out->length + 1;
	return refusal;
}

/* pchar without its percent-encoded form (RFC 3986 section 3.3). */
static bool is_pchar(char c)
{
	return char_is_alphanumeric(c) || (c != '\0' && strchr("-._~!$&'()*+,;=:@", c) != NULL);
}

void target_encode(struct buf *b, struct slice path, bool directory)
{
	buf_char(b, '/');
	for (size_t i = 0; i < path.len; i++) {
		char c = path.at[i];
		if (is_pchar(c) || c == '/')
			buf_char(b, c);
		else
			buf_format(b, "%%%02X", (unsigned char)c);
	}
	if (directory && path.len > 0)
		buf_char(b, '/');
}

void target_encode_query(struct buf *b, struct slice query)
{
	for (size_t i = 0; i < query.len; i++) {
		char c = query.at[i];
		struct slice rest = slice_from(query, i);
		if (is_pchar(c) || c == '/' || c == '?' || is_escape(rest))
			buf_char(b, c);
		else
			buf_format(b, "%%%02X", (unsigned char)c);
	}
}
