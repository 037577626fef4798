/* SPDX-License-Identifier: ISC */
#include "tally.h"

#include <string.h>

/* FNV-1a. Equal hashes are compared byte by byte, so whoever makes them collide gains nothing. */
static uint64_t hash_of(struct slice s)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

struct slice top_key(const struct top *top, size_t i)
{
	return (struct slice){top->text[i], top->len[i]};
}

/* Copies as much as fits; a text that was cut ends in three dots. */
static size_t keep(char room[KEY_BYTES], struct slice s)
{
	size_t len = s.len <= KEY_BYTES ? s.len : KEY_BYTES;
	memcpy(room, s.at, len);
	if (len < s.len)
		memcpy(room + len - 3, "...", 3);
	return len;
}

static void top_add(struct top *top, struct slice key)
{
	char room[KEY_BYTES];
	key = (struct slice){room, keep(room, key)};
	uint64_t hash = hash_of(key);
	size_t at = 0; /* of the rarest so far */
	for (size_t i = 0; i < top->n; i++) {
		if (top->hash[i] == hash && slice_equal(top_key(top, i), key)) {
			top->count[i]++;
			return;
		}
		if (top->count[i] < top->count[at])
			at = i;
	}
	if (top->n < TOP_KEYS) {
		at = top->n++;
		top->count[at] = 0;
	}
	top->over[at] = top->count[at]++;
	top->hash[at] = hash;
	top->len[at] = keep(top->text[at], key);
}

/* Whether a stands before b: by count, then by text, so that two runs show the same. */
static bool comes_first(const struct top *top, size_t a, size_t b)
{
	if (top->count[a] != top->count[b])
		return top->count[a] > top->count[b];
	struct slice x = top_key(top, a), y = top_key(top, b);
	int difference = memcmp(x.at, y.at, x.len < y.len ? x.len : y.len);
	return difference != 0 ? difference < 0 : x.len < y.len;
}

size_t top_order(const struct top *top, size_t most, size_t order[])
{
	size_t n = 0;
	for (size_t i = 0; i < top->n && most > 0; i++) {
		size_t at = n;
		if (top->over[i] > top->count[i] / 2)
			continue; /* one of many rare ones: most of its count is others' */
		if (n < most)
			n++;
		else if (comes_first(top, order[n - 1], i))
			continue;
		else
			at = n - 1;
		for (; at > 0 && comes_first(top, i, order[at - 1]); at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	return n;
}

void tally_begin(struct tally *t, uint64_t begin, uint64_t end)
{
	memset(t, 0, sizeof *t);
	t->begin = begin;
	t->width = (end > begin ? end - begin : 0) / SLOTS + 1;
	if (t->width < SECOND)
		t->width = SECOND; /* what came in a tenth of one makes no rate */
}

/* A time behind the end of the timeline makes each slot twice as wide, until it fits. */
static void count_slot(struct tally *t, uint64_t when)
{
	uint64_t offset = when > t->begin ? when - t->begin : 0;
	for (; offset / t->width >= SLOTS; t->width *= 2)
		for (size_t i = 0; i < SLOTS; i++)
			t->slot[i] = i < SLOTS / 2 ? t->slot[2 * i] + t->slot[2 * i + 1] : 0;
	t->slot[offset / t->width]++;
}

void tally_add(struct tally *t, struct slice text, uint64_t when)
{
	struct combined c;
	char room[4 + KEY_BYTES];
	if (!combined_parse(text, &c)) {
		t->other++;
		t->message_len = keep(t->message, text);
		return;
	}
	t->requests++;
	t->bytes += c.bytes < UINT64_MAX - t->bytes ? c.bytes : UINT64_MAX - t->bytes;
	t->status[c.status]++;
	count_slot(t, when);
	top_add(&t->clients, c.address);
	if (c.status < 400) {
		top_add(&t->paths, c.path);
		return;
	}
	struct buf key = buf_in(room, sizeof room);
	if (c.path.len > KEY_BYTES)
		c.path.len = KEY_BYTES; /* one that was cut here is cut, and marked, again in top_add */
	buf_format(&key, "%u %.*s", c.status, SLICE(c.path));
	top_add(&t->refusals, buf_slice(&key));
}

uint64_t tally_class(const struct tally *t, unsigned hundred)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < 100; i++)
		sum += t->status[hundred * 100 + i];
	return sum;
}
