/* SPDX-License-Identifier: ISC */
/* peer: the address of the client, as text. */
#ifndef PEER_H
#define PEER_H

#include "base/buf.h"

/*
 * Writes the address of the client connected to fd, without its port; an IPv4 address inside IPv6 is written as IPv4.
 * Where the descriptor is no IP socket, writes the address that the supervisor put into the environment: REMOTE_ADDR
 * (systemd), TCPREMOTEIP (UCSPI) or REMOTE_HOST (stunnel), the first that is not empty. REMOTE_HOST also counts where
 * the connection comes from this machine. Returns false, and writes "-", where neither names a client.
 */
bool peer_address(struct buf *b, int fd);

#endif
