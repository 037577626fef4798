/* SPDX-License-Identifier: ISC */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

void address_write(struct buf *b, const unsigned char *bytes, size_t count)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char room[INET6_ADDRSTRLEN];
	if (count == 16 && memcmp(bytes, mapped, sizeof mapped) == 0) {
		bytes += sizeof mapped;
		count -= sizeof mapped;
	}
	if (count == 16) {
		buf_text(b, inet_ntop(AF_INET6, bytes, room, sizeof room));
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_char(b, '.');
		buf_number(b, bytes[i]);
	}
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
