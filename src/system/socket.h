/* SPDX-License-Identifier: ISC */
/* socket: the kind of socket that a descriptor is. */
#ifndef SOCKET_H
#define SOCKET_H

#include <stdbool.h>

/* SOCK_STREAM or another type; -1 where it is no socket, or one that listens, which other processes share. */
int socket_type(int fd);

/* Whether the descriptor is a socket that listens rather than one that is connected. */
bool socket_listens(int fd);

/* Whether the descriptor is a connected socket: a client is on the line. */
bool socket_connected(int fd);

#endif
