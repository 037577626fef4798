/* SPDX-License-Identifier: ISC */
/* reply: one response, read by somebody who forgives nothing. */
#ifndef REPLY_H
#define REPLY_H

#include "fuzz.h"

struct reply {
	unsigned status;
	bool persists, chunked;
	struct slice head, body; /* of the bytes read; the body with its chunks' framing */
};

/*
 * Takes one response off *rest, and holds that it is well-formed. `to_head`: it answers a HEAD. `now` is when it ended,
 * in seconds since 1970.
 */
void reply_read(struct reply *reply, struct slice *rest, bool to_head, int64_t now);

#endif
