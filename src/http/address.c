/* SPDX-License-Identifier: ISC */
#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { GROUPS = 8 }; /* of 16 bits each in an IPv6 address */

/*
 * The longest run of zero groups, the first one of several, is left out between two colons; a single one is no run (RFC
 * 5952 section 4.2). The colon before a group is its own.
 */
static void write_groups(struct buf *b, const unsigned char *bytes)
{
	unsigned group[GROUPS];
	size_t run = 0, most = 1, end = 0;
	for (size_t i = 0; i < GROUPS; i++) {
		group[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
		run = group[i] == 0 ? run + 1 : 0;
		if (run > most) {
			most = run;
			end = i + 1;
		}
	}
	for (size_t i = 0; i < GROUPS; i++) {
		if (i + most == end) {
			buf_text(b, end < GROUPS ? ":" : "::");
			i = end - 1;
		} else {
			buf_format(b, i > 0 ? ":%x" : "%x", group[i]);
		}
	}
}

void address_write(struct buf *b, const unsigned char *bytes, size_t count)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	const unsigned char *v4 = bytes + count - 4;
	if (count == 16 && memcmp(bytes, mapped, sizeof mapped) != 0)
		write_groups(b, bytes);
	else
		buf_format(b, "%u.%u.%u.%u", v4[0], v4[1], v4[2], v4[3]);
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
