/* SPDX-License-Identifier: ISC */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { GROUPS = 8 }; /* of 16 bits each in an IPv6 address */

/*
 * Where the longest run of zero groups begins and ends, the first one of several. A single one is no run (RFC 5952
 * section 4.2), and without any, *end is 0.
 */
static void longest_zeros(const unsigned char *bytes, size_t *first, size_t *end)
{
	*first = *end = 0;
	for (size_t i = 0, begun = 0; i < GROUPS; i++) {
		if (bytes[2 * i] != 0 || bytes[2 * i + 1] != 0)
			begun = i + 1;
		else if (i + 1 - begun > 1 && i + 1 - begun > *end - *first) {
			*first = begun;
			*end = i + 1;
		}
	}
}

static void write_groups(struct buf *b, const unsigned char *bytes)
{
	size_t first, end;
	longest_zeros(bytes, &first, &end);
	for (size_t i = 0; i < GROUPS; i++) {
		if (i == first && end > 0) {
			buf_text(b, "::");
			i = end - 1;
			continue;
		}
		if (i > 0 && i != end)
			buf_char(b, ':');
		buf_format(b, "%x", (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1]);
	}
}

void address_write(struct buf *b, const unsigned char *bytes, size_t count)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	if (count == 16 && memcmp(bytes, mapped, sizeof mapped) == 0) {
		bytes += sizeof mapped;
		count -= sizeof mapped;
	}
	if (count == 16)
		write_groups(b, bytes);
	else
		buf_format(b, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
}

bool address_read(struct slice text, unsigned char *bytes, size_t count)
{
	char room[INET6_ADDRSTRLEN];
	if (text.len >= sizeof room || memchr(text.at, '\0', text.len) != NULL)
		return false;
	memcpy(room, text.at, text.len);
	room[text.len] = '\0';
	return inet_pton(count == 4 ? AF_INET : AF_INET6, room, bytes) == 1;
}
