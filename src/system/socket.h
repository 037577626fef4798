/* SPDX-License-Identifier: ISC */
/* socket: the kind of socket that a descriptor is. */
#ifndef SOCKET_H
#define SOCKET_H

#include <stdbool.h>

/*
 * Returns SOCK_STREAM or another type; -1 for what is no socket, and for one that listens, which other processes share.
 */
int socket_type(int fd);

/* Whether the descriptor is a socket that listens rather than one that is connected. */
bool socket_listens(int fd);

/* Whether the descriptor is a stream socket that does not listen, as that of an accepted connection. */
bool socket_connected(int fd);

#endif
