/* SPDX-License-Identifier: ISC */
/* socket: what kind of socket a descriptor is. */
#ifndef SOCKET_H
#define SOCKET_H

#include <stdbool.h>

/* SOCK_STREAM or another type; -1 where it is no socket, or one that listens: that one is others' as well. */
int socket_type(int fd);

/* Whether the descriptor is a socket that listens rather than one that is connected. */
bool socket_listens(int fd);

/* Whether the descriptor is a connected socket: a client is on the line. */
bool socket_connected(int fd);

#endif
