/* SPDX-License-Identifier: ISC */
#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage room;
};

/* The text of an IP address, or NULL for any other family. */
static const char *address_text(const union address *a, char room[INET6_ADDRSTRLEN])
{
	if (a->any.sa_family == AF_INET)
		return inet_ntop(AF_INET, &a->v4.sin_addr, room, INET6_ADDRSTRLEN);
	if (a->any.sa_family != AF_INET6)
		return NULL;
	if (IN6_IS_ADDR_V4MAPPED(&a->v6.sin6_addr))
		return inet_ntop(AF_INET, &a->v6.sin6_addr.s6_addr[12], room, INET6_ADDRSTRLEN);
	return inet_ntop(AF_INET6, &a->v6.sin6_addr, room, INET6_ADDRSTRLEN);
}

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

void peer_address(struct buf *b, int fd)
{
	union address a;
	char room[INET6_ADDRSTRLEN];
	socklen_t size = sizeof a;
	const char *text = NULL;
	if (getpeername(fd, &a.any, &size) == 0)
		text = address_text(&a, room);
	buf_text(b, text != NULL ? text : environment_text());
}
