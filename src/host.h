/* SPDX-License-Identifier: ISC */
/* host: the one grammar of a host with an optional port, as Host and absolute-form carry it. */
#ifndef HOST_H
#define HOST_H

#include "slice.h"

/*
 * Whether s is uri-host [ ":" port ] (RFC 9110 section 7.2, RFC 3986 section 3.2.2); an empty one is, user
 * information is not.
 */
bool host_valid(struct slice s);

#endif
