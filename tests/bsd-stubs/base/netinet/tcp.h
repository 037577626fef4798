/* SPDX-License-Identifier: ISC */
#ifndef BASE_NETINET_TCP_H
#define BASE_NETINET_TCP_H

#define TCP_NODELAY 1

#endif
