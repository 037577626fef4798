/* SPDX-License-Identifier: ISC */
/* combined: one line of a log in the Combined Log Format, as httpd writes it, taken apart. Part of httpd-status. */
#ifndef COMBINED_H
#define COMBINED_H

#include "base/slice.h"

/* The parts as they stand in the line, escapes and all; they borrow its bytes. */
struct combined {
	struct slice address; /* of the client */
	struct slice time;    /* 29/Nov/2026:03:34:50 +0000 */
	struct slice path;    /* of the first line of the request, without the query; all of it where it is none */
	unsigned status;      /* 100 to 599 */
	uint64_t bytes;       /* of the body */
};

/* Takes the line apart; false when it is none, as a message to the operator. */
bool combined_parse(struct slice text, struct combined *parts);

#endif
