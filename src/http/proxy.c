/* SPDX-License-Identifier: ISC */
#include "http/proxy.h"

#include <string.h>

#include "http/address.h"

enum {
	V1_MAX = 107, /* the longest header of version 1, its line end included */
	V2_FIXED = 16
};

/* Whether as much as has come is the beginning of this. */
static bool begins(struct slice input, const char *text, size_t n)
{
	return input.len == 0 || memcmp(input.at, text, input.len < n ? input.len : n) == 0;
}

static bool is_port(struct slice s)
{
	uint64_t n;
	return s.len <= 5 && slice_number(s, &n) && n <= 65535 && (s.at[0] != '0' || s.len == 1);
}

/* "PROXY TCP4 source destination port port", or "PROXY UNKNOWN" and whatever follows it; its first word is known. */
static enum proxy_verdict parse_v1(struct slice input, size_t *length, struct buf *address)
{
	struct slice word[6], line, rest = {input.at, input.len < V1_MAX ? input.len : V1_MAX};
	unsigned char from[16], to[16];
	size_t n = 0;
	slice_split(&rest, '\n', &line);
	if (rest.at == NULL)
		return line.len < V1_MAX ? PROXY_MORE : PROXY_BAD;
	*length = line.len + 1;
	if (line.at[--line.len] != '\r')
		return PROXY_BAD;
	while (n < 6 && slice_split(&line, ' ', &word[n]))
		n++;
	if (slice_equal(word[1], slice_of("UNKNOWN")))
		return PROXY_DONE;
	bool v4 = slice_equal(word[1], slice_of("TCP4")), v6 = slice_equal(word[1], slice_of("TCP6"));
	size_t count = v4 ? 4 : 16;
	if (n != 6 || line.at != NULL || (!v4 && !v6) || !address_read(word[2], from, count) ||
	    !address_read(word[3], to, count) || !is_port(word[4]) || !is_port(word[5]))
		return PROXY_BAD;
	address_write(address, from, count);
	return PROXY_DONE;
}

static enum proxy_verdict parse_v2(struct slice input, size_t *length, struct buf *address)
{
	const unsigned char *head = (const unsigned char *)input.at;
	if (input.len < V2_FIXED)
		return PROXY_MORE;
	unsigned command = head[12], family = head[13];
	size_t room = (size_t)head[14] << 8 | head[15];
	/* Version 2; LOCAL, or PROXY of a family and protocol that are defined: the others are to be refused. */
	if (command != 0x20 && (command != 0x21 || family >> 4 > 3 || (family & 15) > 2))
		return PROXY_BAD;
	if (input.len < V2_FIXED + room)
		return PROXY_MORE;
	*length = V2_FIXED + room;
	size_t count = family == 0x11 ? 4 : family == 0x21 ? 16 : 0; /* TCP over IPv4 or IPv6 */
	if (command == 0x20 || count == 0)
		return PROXY_DONE;
	if (room < 2 * count + 4) /* two addresses, two ports */
		return PROXY_BAD;
	address_write(address, head + V2_FIXED, count);
	return PROXY_DONE;
}

enum proxy_verdict proxy_parse(struct slice input, size_t *length, struct buf *address)
{
	*length = 0;
	if (begins(input, "\r\n\r\n\0\r\nQUIT\n", 12))
		return parse_v2(input, length, address);
	if (begins(input, "PROXY ", 6))
		return parse_v1(input, length, address);
	return PROXY_BAD;
}
