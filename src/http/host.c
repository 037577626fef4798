/* SPDX-License-Identifier: ISC */
#include "http/host.h"

#include <string.h>

#include "http/address.h"

bool host_character(char c)
{
	return char_is_alphanumeric(c) || (c != '\0' && strchr("-._~!$&'()*+,;=", c) != NULL);
}

/* How long the host without its port is: up to the colon, or an IP-literal with its brackets. */
static size_t name_length(struct slice s)
{
	char last = s.len > 0 && s.at[0] == '[' ? ']' : ':';
	const char *end = s.len > 0 ? memchr(s.at, last, s.len) : NULL;
	return end != NULL ? (size_t)(end - s.at) + (last == ']') : s.len;
}

/* IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
static bool is_ipvfuture(struct slice s)
{
	size_t dot = 1, i;
	while (dot < s.len && char_hex(s.at[dot]) >= 0)
		dot++;
	for (i = dot + 1; i < s.len && (s.at[i] == ':' || host_character(s.at[i])); i++)
		;
	return s.len > dot + 1 && dot > 1 && char_lower(s.at[0]) == 'v' && s.at[dot] == '.' && i == s.len;
}

bool host_valid(struct slice s)
{
	struct slice name = {s.at, name_length(s)}, port = slice_from(s, name.len);
	if (port.len > 0 && (port.at[0] != ':' || !slice_is_digits(slice_from(port, 1))))
		return false;
	/* IP-literal = "[" ( IPv6address / IPvFuture ) "]" */
	if (name.len > 1 && name.at[0] == '[') {
		unsigned char bytes[16];
		struct slice inner = {name.at + 1, name.len - 2};
		return name.at[name.len - 1] == ']' && (address_read(inner, bytes, sizeof bytes) || is_ipvfuture(inner));
	}
	while (name.len > 0 && (slice_pct_decode(name) >= 0 || host_character(name.at[0])))
		name = slice_from(name, name.at[0] == '%' ? 3 : 1);
	return name.len == 0;
}

void host_directory(struct buf *b, struct slice host)
{
	host.len = name_length(host);
	while (host.len > 0 && host.at[host.len - 1] == '.')
		host.len--;
	if (host.len == 0 || host.at[0] == '.' || memchr(host.at, '%', host.len) != NULL)
		return;
	for (size_t i = 0; i < host.len; i++)
		buf_char(b, char_lower(host.at[i]));
}
