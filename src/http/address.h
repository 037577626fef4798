/* SPDX-License-Identifier: ISC */
/* address: IP addresses as text. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "base/slice.h"

/* Writes 4 bytes in network order as dotted decimal, 16 bytes as IPv6, or as IPv4 where they hold a mapped one. */
void address_write(struct buf *b, const unsigned char *bytes, size_t count);

/* Reads the text of an address of 4 or 16 bytes; false when it is none. */
bool address_read(struct slice text, unsigned char *bytes, size_t count);

#endif
