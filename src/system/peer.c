/* SPDX-License-Identifier: ISC */
#include "system/peer.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "http/address.h"

enum { STUNNEL = 2 }; /* the index of stunnel's variable */

/* The client as the supervisor names it in the environment, in the variables from `first` on; NULL: in none of them. */
static const char *named_client(size_t first)
{
	static const char names[][12] = {"REMOTE_ADDR", "TCPREMOTEIP", "REMOTE_HOST"};
	for (size_t i = first; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && value[0] != '\0')
			return value;
	}
	return NULL;
}

/* Writes an IPv6 address in our own form, any other text as it is, as much of it as there is room for. */
static void put_text(struct buf *b, struct slice s)
{
	unsigned char bytes[16];
	if (address_read(s, bytes, sizeof bytes))
		address_write(b, bytes, sizeof bytes);
	else
		buf_add(b, (struct slice){s.at, s.len < b->size - b->len ? s.len : b->size - b->len});
}

bool peer_address(struct buf *b, int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a;
	socklen_t size = sizeof a;
	a.any.sa_family = AF_UNSPEC;
	if (getpeername(fd, &a.any, &size) != 0)
		a.any.sa_family = AF_UNSPEC;
	bool v4 = a.any.sa_family == AF_INET, v6 = a.any.sa_family == AF_INET6;
	const unsigned char *bytes = v4 ? (const unsigned char *)&a.v4.sin_addr : a.v6.sin6_addr.s6_addr;
	bool loopback = v4 ? bytes[0] == 127 : v6 && IN6_IS_ADDR_LOOPBACK(&a.v6.sin6_addr);
	const char *text = NULL;
	/* stunnel speaks to us over a TCP connection of its own, from the machine to itself, and names the client. */
	if (loopback || (!v4 && !v6))
		text = named_client(loopback ? STUNNEL : 0);
	if (text != NULL)
		put_text(b, slice_of(text));
	else if (v4 || v6)
		address_write(b, bytes, v4 ? 4 : 16);
	else
		buf_char(b, '-');
	return text != NULL || v4 || v6;
}
