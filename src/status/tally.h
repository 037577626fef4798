/* SPDX-License-Identifier: ISC */
/* tally: what many log lines come to, in the same memory however many they are. Part of httpd-status. */
#ifndef TALLY_H
#define TALLY_H

#include "status/combined.h"

enum {
	SECOND = 1000000, /* in µs, as all times are */
	TOP_KEYS = 256,   /* counted at a time by one list */
	KEY_BYTES = 160,  /* of a key, the rest is cut */
	SLOTS = 60,       /* of the timeline */
	STATUS_END = 600
};

/* The beginning of a text; of one that is longer, the last three bytes are dots. */
struct text {
	size_t len;
	char at[KEY_BYTES];
};

struct key {
	struct text text;
	uint64_t count, over;
};

/*
 * The most frequent keys (Metwally's Space-Saving): with the table full, a new key takes the place and the count of the
 * rarest one. A count is too high by `over` at most, which no more than 1/TOP_KEYS of the whole is.
 */
struct top {
	size_t n;
	struct key key[TOP_KEYS];
};

struct tally {
	uint64_t requests, bytes, other; /* other: lines that are not of an answer */
	uint64_t status[STATUS_END], classes[STATUS_END / 100]; /* classes[4]: of 400 to 499 */
	struct top paths, clients, refusals; /* paths are of answers below 400; refusals, "404 /path", of the others */
	struct text message; /* the last of the other lines */
	uint64_t begin, width; /* µs since 1970 of the first slot's begin, and of each slot */
	uint64_t slot[SLOTS];
};

/* Starts a tally with a timeline from begin to end, which grows by itself later. No slot is shorter than a second. */
void tally_begin(struct tally *t, uint64_t begin, uint64_t end);

/* Counts one line of the log, written at `when`. */
void tally_add(struct tally *t, struct slice text, uint64_t when);

/*
 * Sorts the keys, the most frequent first, and returns how many to show: `most` or fewer, without those whose count is
 * mostly in doubt. Every key of more than 2/TOP_KEYS of the whole is among them.
 */
size_t top_sort(struct top *top, size_t most);

/* The bytes of a text; they live as long as *text. */
struct slice text_slice(const struct text *text);

#endif
