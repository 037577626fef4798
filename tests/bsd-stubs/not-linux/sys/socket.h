/* SPDX-License-Identifier: ISC */
/* Without what only Linux has. */
#ifndef STUB_SOCKET_H
#define STUB_SOCKET_H

#include_next <sys/socket.h>
#undef MSG_MORE
#undef MSG_ZEROCOPY

#endif
