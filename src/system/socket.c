/* SPDX-License-Identifier: ISC */
#include "system/socket.h"

#include <sys/socket.h>

static bool option(int fd, int name, int *value)
{
	socklen_t size = sizeof *value;
	return getsockopt(fd, SOL_SOCKET, name, value, &size) == 0;
}

bool socket_listens(int fd)
{
	int listens;
	return option(fd, SO_ACCEPTCONN, &listens) && listens != 0;
}

int socket_type(int fd)
{
	int type;
	return option(fd, SO_TYPE, &type) && !socket_listens(fd) ? type : -1;
}

bool socket_connected(int fd)
{
	return socket_type(fd) == SOCK_STREAM;
}
