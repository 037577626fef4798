/* SPDX-License-Identifier: ISC */
/* forwarded: the client's address in the field in which a proxy names it. */
#ifndef FORWARDED_H
#define FORWARDED_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Writes the address that the proxy added last to a field: the one behind the last comma of `value`, without its port.
 * `value` is the last line of the field `name`. With the name "Forwarded" it is read by the grammar of RFC 7239 section
 * 4, and the parameter "for" may also be an obfuscated name ("_gateway", section 6.3), which is written as it came.
 * With every other name it is a list of addresses, as in X-Forwarded-For and X-Real-IP. An IPv4 address inside IPv6 is
 * written as IPv4.
 *
 * *address has room for an address in full; a longer obfuscated name counts as none. Returns false, with nothing
 * written, where no address stands behind the last comma. The addresses before it are never used, as a client can send
 * them.
 */
bool forwarded_address(struct slice name, struct slice value, struct buf *address);

#endif
