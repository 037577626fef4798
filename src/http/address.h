/* SPDX-License-Identifier: ISC */
/* address: IP addresses as text. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Writes an address of 4 bytes in network order as dotted decimal, one of 16 bytes in the form of RFC 5952 section 4,
 * or as IPv4 where it is an IPv4-mapped one (RFC 4291 section 2.5.5.2).
 */
void address_write(struct buf *b, const unsigned char *bytes, size_t count);

/* Reads the text of an IPv4 address (`count` is 4) or an IPv6 one (16) into as many bytes; false when it is none. */
bool address_read(struct slice text, unsigned char *bytes, size_t count);

#endif
