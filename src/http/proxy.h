/* SPDX-License-Identifier: ISC */
/* proxy: the header that a proxy puts before the request (PROXY protocol, versions 1 and 2, of haproxy). */
#ifndef PROXY_H
#define PROXY_H

#include "base/buf.h"
#include "base/slice.h"

enum proxy_verdict {
	PROXY_MORE, /* the beginning of a header; the rest has not come yet */
	PROXY_DONE, /* a whole header */
	PROXY_BAD   /* no header */
};

/*
 * Reads the header at the start of what has come so far. PROXY_DONE: *length bytes of it are the header, TLVs included,
 * and the client's address is written into *address; nothing is written when the header names none (LOCAL, UNKNOWN,
 * UNSPEC, AF_UNIX). A header of version 1 has up to 107 bytes, one of version 2 up to 65551: where the caller has no
 * room for so many, PROXY_MORE is final.
 */
enum proxy_verdict proxy_parse(struct slice input, size_t *length, struct buf *address);

#endif
