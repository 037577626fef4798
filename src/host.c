/* SPDX-License-Identifier: ISC */
#include "host.h"

#include <string.h>

#include "address.h"

/* port = *DIGIT, behind its colon; the colon's absence is fine too. */
static bool port_valid(struct slice s)
{
	return s.len == 0 || (s.at[0] == ':' && slice_is_digits(slice_from(s, 1)));
}

/* unreserved / sub-delims (RFC 3986 sections 2.2 and 2.3) */
static bool is_name_character(char c)
{
	return char_is_alphanumeric(c) || (c != '\0' && strchr("-._~!$&'()*+,;=", c) != NULL);
}

/* IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
static bool future_valid(struct slice s)
{
	struct slice version, rest = s;
	slice_split(&rest, '.', &version);
	if (version.len < 2 || char_lower(version.at[0]) != 'v' || rest.at == NULL)
		return false;
	for (size_t i = 1; i < version.len; i++)
		if (char_hex(version.at[i]) < 0)
			return false;
	for (size_t i = 0; i < rest.len; i++)
		if (rest.at[i] != ':' && !is_name_character(rest.at[i]))
			return false;
	return rest.len > 0;
}

/* IP-literal = "[" ( IPv6address / IPvFuture ) "]" */
static bool literal_valid(struct slice s)
{
	unsigned char bytes[16];
	const char *end = memchr(s.at, ']', s.len);
	if (end == NULL)
		return false;
	size_t n = (size_t)(end - s.at);
	struct slice inner = {s.at + 1, n - 1};
	return (address_read(inner, bytes, sizeof bytes) || future_valid(inner)) && port_valid(slice_from(s, n + 1));
}

/* How long the character of a reg-name at the start of s is: 1, 3 when it is percent-encoded, 0 when it is none. */
static size_t name_character(struct slice s)
{
	if (s.at[0] == '%')
		return s.len >= 3 && char_hex(s.at[1]) >= 0 && char_hex(s.at[2]) >= 0 ? 3 : 0;
	return is_name_character(s.at[0]) ? 1 : 0;
}

bool host_valid(struct slice s)
{
	if (s.len > 0 && s.at[0] == '[')
		return literal_valid(s);
	while (s.len > 0 && s.at[0] != ':') {
		size_t n = name_character(s);
		if (n == 0)
			return false;
		s = slice_from(s, n);
	}
	return port_valid(s);
}

void host_directory(struct buf *b, struct slice host)
{
	size_t n = 0;
	bool literal = host.len > 0 && host.at[0] == '[';
	while (n < host.len && host.at[n] != (literal ? ']' : ':'))
		n++;
	host.len = literal && n < host.len ? n + 1 : n;
	while (host.len > 0 && host.at[host.len - 1] == '.')
		host.len--;
	if (host.len == 0 || host.at[0] == '.' || memchr(host.at, '%', host.len) != NULL)
		return;
	for (size_t i = 0; i < host.len; i++)
		buf_char(b, char_lower(host.at[i]));
}
