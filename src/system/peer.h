/* SPDX-License-Identifier: ISC */
/* peer: who is on the line, as text. */
#ifndef PEER_H
#define PEER_H

#include "base/slice.h"

/*
 * Writes the address of the client connected to fd, without its port; an IPv4 address inside IPv6 is written as IPv4.
 * Where the descriptor is no IP socket, what the supervisor put into the environment: REMOTE_ADDR (systemd),
 * TCPREMOTEIP (UCSPI), REMOTE_HOST (stunnel); else "-". Where the connection comes from this machine, REMOTE_HOST, if
 * it is there.
 */
void peer_address(struct buf *b, int fd);

#endif
