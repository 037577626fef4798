/* SPDX-License-Identifier: ISC */
/* host: the one grammar of a host with an optional port, as Host and absolute-form carry it. */
#ifndef HOST_H
#define HOST_H

#include "base/buf.h"
#include "base/slice.h"

/* Whether a host may hold the character unescaped: unreserved / sub-delims (RFC 3986 sections 2.2 and 2.3). */
bool host_character(char c);

/*
 * Whether s is uri-host [ ":" port ] (RFC 9110 section 7.2, RFC 3986 section 3.2.2); an empty one is, user
 * information is not.
 */
bool host_valid(struct slice s);

/*
 * Writes the name of the directory that holds the site of a valid host: in lower case, without the port and without a
 * dot at the end; an IPv6 literal keeps its brackets. Writes nothing for a host that names no directory: an empty one,
 * one that begins with a dot, or one with escapes.
 */
void host_directory(struct buf *b, struct slice host);

#endif
