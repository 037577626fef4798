/* SPDX-License-Identifier: ISC */
/* reply: a strict parser of one response. */
#ifndef REPLY_H
#define REPLY_H

#include "fuzz.h"

struct reply {
	unsigned status;
	bool persists, chunked;
	struct slice head, body; /* slices of the input; the body includes the framing of chunks */
};

/*
 * Takes one response off *rest, and holds that it is well-formed. `to_head`: it answers a HEAD. `now`: seconds since
 * 1970 at its end.
 */
void reply_read(struct reply *reply, struct slice *rest, bool to_head, int64_t now);

#endif
