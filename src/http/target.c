/* SPDX-License-Identifier: ISC */
#include "http/target.h"

#include <string.h>

#include "base/bounds.h"
#include "http/host.h"

/*
 * A target consists of visible characters, without a fragment. Bytes beyond ASCII should be escaped, but clients send
 * them as they are, and they have no other meaning.
 */
static bool characters_valid(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] <= ' ' || s.at[i] == 0x7f || s.at[i] == '#')
			return false;
	return true;
}

/* Appends one segment, decoded; 404 where it holds a slash. */
static enum status decode_segment(struct slice s, struct target *out)
{
	enum status verdict = STATUS_NONE;
	for (; s.len > 0; s = slice_from(s, s.at[0] == '%' ? 3 : 1)) {
		int c = s.at[0] == '%' ? slice_pct_decode(s) : s.at[0];
		if (s.at[0] == '%' && c <= 0)
			return STATUS_BAD_REQUEST;
		if (c == '/')
			verdict = STATUS_NOT_FOUND;
		out->path[out->length++] = (char)c;
	}
	return verdict;
}

/* Appends one segment that is a name to the path, or takes one away for "..". */
static enum status take_segment(struct slice raw, struct target *out)
{
	size_t before = out->length;
	if (before > 0)
		out->path[out->length++] = '/';
	size_t begin = out->length;
	enum status verdict = decode_segment(raw, out);
	struct slice decoded = {out->path + begin, out->length - begin};
	bool dots = slice_equal(decoded, slice_of("..")), dot = dots || slice_equal(decoded, slice_of("."));
	out->directory = decoded.len == 0 || dot || verdict != STATUS_NONE;
	if (out->directory) /* it is no name, or none that a file can have */
		out->length = before;
	while (dots && out->length > 0 && out->path[--out->length] != '/')
		;
	return dot && !slice_equal(decoded, raw) ? STATUS_BAD_REQUEST : verdict;
}

/* Parses the path behind its first slash; no slice is the root as well. */
static enum status parse_path(struct slice rest, struct target *out)
{
	struct slice segment;
	enum status worst = STATUS_NONE;
	while (worst != STATUS_BAD_REQUEST && slice_split(&rest, '/', &segment)) {
		enum status verdict = take_segment(segment, out);
		if (verdict != STATUS_NONE)
			worst = verdict;
	}
	out->path[out->length] = '\0';
	out->unresolvable = worst == STATUS_NOT_FOUND;
	return worst;
}

/*
 * Takes the first slash of the path off, and before it the "http://authority" of an absolute-form (RFC 9110 section
 * 4.2), if there is one; false where anything else stands before the path.
 */
static bool take_authority(struct slice *rest, struct slice *host)
{
	struct slice scheme, nothing;
	slice_split(rest, '/', &scheme);
	if (scheme.len == 0)
		return rest->at != NULL;
	if (!slice_equal_nocase(scheme, slice_of("http:")) && !slice_equal_nocase(scheme, slice_of("https:")))
		return false;
	if (!slice_split(rest, '/', &nothing) || nothing.len > 0 || !slice_split(rest, '/', host))
		return false;
	/* An http URI with an empty host is invalid (RFC 9110 section 4.2.1). */
	return host->len > 0 && host->at[0] != ':' && host_valid(*host);
}

/* Parses into *out, which is the target of the root, and stays so where the raw target is refused. */
static enum status parse(struct slice raw, struct target *out)
{
	if (raw.len > TARGET_MAX)
		return STATUS_URI_TOO_LONG;
	if (raw.len == 0 || !characters_valid(raw))
		return STATUS_BAD_REQUEST;
	out->asterisk = slice_equal(raw, slice_of("*"));
	if (out->asterisk)
		return STATUS_NONE;
	struct slice path;
	out->query = raw;
	slice_split(&out->query, '?', &path);
	return take_authority(&path, &out->host) ? parse_path(path, out) : STATUS_BAD_REQUEST;
}

enum status target_parse(struct slice raw, struct buf *room, struct target *out)
{
	*out = (struct target){.directory = true, .path = room->at + room->len};
	out->path[0] = '\0';
	enum status refusal = parse(raw, out);
	room->len += out->length + 1;
	return refusal;
}

/* Escapes all but pchar and slashes (RFC 3986 section 3.3), and in a query what else it may hold. */
static void encode(struct buf *b, struct slice s, bool query)
{
	for (; s.len > 0; s = slice_from(s, 1)) {
		char c = s.at[0];
		bool plain = host_character(c) || c == '/' || c == ':' || c == '@';
		if (plain || (query && (c == '?' || slice_pct_decode(s) >= 0)))
			buf_char(b, c);
		else
			buf_format(b, "%%%02X", (unsigned char)c);
	}
}

void target_encode(struct buf *b, struct slice path, bool directory, struct slice query)
{
	buf_char(b, '/');
	encode(b, path, false);
	if (directory && path.len > 0)
		buf_char(b, '/');
	if (query.at != NULL)
		buf_char(b, '?');
	encode(b, query, true);
}

void target_escape(struct buf *b, struct slice path)
{
	bool begins = true; /* a segment */
	for (size_t i = 0; i < path.len; i++) {
		char c = path.at[i];
		/* Some clients take a name for one only if it begins with a letter, a digit or an escape. */
		bool plain = char_is_alphanumeric(c) || c == '/' || c == '.' || (!begins && (c == '-' || c == '_'));
		if (plain)
			buf_char(b, c);
		else
			buf_format(b, "%%%02X", (unsigned char)c);
		begins = c == '/';
	}
}
