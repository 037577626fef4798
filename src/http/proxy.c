/* SPDX-License-Identifier: ISC */
#include "http/proxy.h"

#include <string.h>

#include "http/address.h"

enum {
	V1_MAX = 107, /* bytes of the longest header of version 1, its line end included */
	V1_WORDS = 6,
	PORT_MAX = 65535
};

/* Version 2: where the fields stand, and what they may hold. */
enum {
	V2_COMMAND = 12, /* the version, which is 2, and the command; before it stands the signature */
	V2_FAMILY = 13,  /* the address family and, in the lower half, the transport protocol */
	V2_LENGTH = 14,  /* two bytes: of the addresses and everything else that follows */
	V2_FIXED = 16,   /* bytes of all these */
	LOCAL = 0x20,
	PROXY = 0x21,
	FAMILY_UNIX = 3, /* the last that is defined */
	PROTOCOL_DGRAM = 2, /* likewise */
	TCP_OVER_IPV4 = 0x11,
	TCP_OVER_IPV6 = 0x21,
	PORTS = 4 /* bytes of the two behind the two addresses */
};

/* Whether the input is the beginning of the text, as far as it has come, or begins with it. */
static bool may_begin(struct slice input, const char *text, size_t n)
{
	return input.len == 0 || memcmp(input.at, text, input.len < n ? input.len : n) == 0;
}

static bool is_port(struct slice s)
{
	uint64_t n;
	return s.len <= 5 && slice_number(s, &n) && n <= PORT_MAX && (s.at[0] != '0' || s.len == 1);
}

/* "PROXY TCP4 source destination port port", or "PROXY UNKNOWN" and anything; the first word has been recognized. */
static enum proxy_verdict parse_v1(struct slice input, size_t *length, struct buf *address)
{
	struct slice word[V1_WORDS], line, rest = {input.at, input.len < V1_MAX ? input.len : V1_MAX};
	unsigned char from[16], to[16];
	size_t n = 0;
	slice_split(&rest, '\n', &line);
	if (rest.at == NULL)
		return line.len < V1_MAX ? PROXY_MORE : PROXY_BAD;
	*length = line.len + 1;
	if (line.at[--line.len] != '\r')
		return PROXY_BAD;
	while (n < V1_WORDS && slice_split(&line, ' ', &word[n]))
		n++;
	if (slice_equal(word[1], slice_of("UNKNOWN")))
		return PROXY_DONE;
	bool v4 = slice_equal(word[1], slice_of("TCP4")), v6 = slice_equal(word[1], slice_of("TCP6"));
	size_t count = v4 ? 4 : 16;
	if (n != V1_WORDS || line.at != NULL || (!v4 && !v6) || !address_read(word[2], from, count) ||
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
	unsigned command = head[V2_COMMAND], family = head[V2_FAMILY];
	size_t rest = (size_t)head[V2_LENGTH] << 8 | head[V2_LENGTH + 1];
	bool defined = family >> 4 <= FAMILY_UNIX && (family & 15) <= PROTOCOL_DGRAM;
	if (command != LOCAL && (command != PROXY || !defined))
		return PROXY_BAD;
	if (input.len < V2_FIXED + rest)
		return PROXY_MORE;
	*length = V2_FIXED + rest;
	size_t count = family == TCP_OVER_IPV4 ? 4 : family == TCP_OVER_IPV6 ? 16 : 0; /* bytes of an address */
	if (command == LOCAL || count == 0)
		return PROXY_DONE;
	if (rest < 2 * count + PORTS)
		return PROXY_BAD;
	address_write(address, head + V2_FIXED, count);
	return PROXY_DONE;
}

enum proxy_verdict proxy_parse(struct slice input, size_t *length, struct buf *address)
{
	*length = 0;
	if (may_begin(input, "\r\n\r\n\0\r\nQUIT\n", 12))
		return parse_v2(input, length, address);
	if (may_begin(input, "PROXY ", 6))
		return parse_v1(input, length, address);
	return PROXY_BAD;
}
