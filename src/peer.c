/* SPDX-License-Identifier: ISC */
#include "peer.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "address.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage room;
};

static const char *environment_text(void)
{
	static const char names[][12] = {"REMOTE_ADDR", "TCPREMOTEIP", "REMOTE_HOST"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && value[0] != '\0')
			return value;
	}
	return "-";
}

/*
 * stunnel speaks to us over a TCP connection of its own, from the machine to itself, and names the client. NULL where
 * nobody does.
 */
static const char *behind_loopback(const union address *a)
{
	const char *told = getenv("REMOTE_HOST");
	bool v4 = a->any.sa_family == AF_INET && ((const unsigned char *)&a->v4.sin_addr)[0] == 127;
	bool v6 = a->any.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
	return (v4 || v6) && told != NULL && told[0] != '\0' ? told : NULL;
}

/* An IPv6 address as we write them; of a name, as much as there is room for. */
static void put_text(struct buf *b, struct slice s)
{
	unsigned char bytes[16];
	size_t room = b->size - b->len;
	if (address_read(s, bytes, sizeof bytes))
		address_write(b, bytes, sizeof bytes);
	else
		buf_add(b, (struct slice){s.at, s.len < room ? s.len : room});
}

void peer_address(struct buf *b, int fd)
{
	union address a;
	socklen_t size = sizeof a;
	a.any.sa_family = AF_UNSPEC;
	if (getpeername(fd, &a.any, &size) != 0)
		a.any.sa_family = AF_UNSPEC;
	const char *told = behind_loopback(&a);
	if (told != NULL)
		put_text(b, slice_of(told));
	else if (a.any.sa_family == AF_INET)
		address_write(b, (const unsigned char *)&a.v4.sin_addr, 4);
	else if (a.any.sa_family == AF_INET6)
		address_write(b, a.v6.sin6_addr.s6_addr, 16);
	else
		put_text(b, slice_of(environment_text()));
}
