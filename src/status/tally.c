/* SPDX-License-Identifier: ISC */
#include "status/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct slice text_slice(const struct text *text)
{
	return (struct slice){text->at, text->len};
}

static struct text keep(struct slice s)
{
	struct text text = {.len = s.len <= KEY_BYTES ? s.len : KEY_BYTES};
	memcpy(text.at, s.at, text.len);
	if (text.len < s.len)
		memcpy(text.at + KEY_BYTES - 3, "...", 3);
	return text;
}

static void top_add(struct top *top, struct slice s)
{
	struct text text = keep(s);
	struct key *at = top->key; /* the rarest so far */
	for (struct key *key = top->key; key < top->key + top->n; key++) {
		if (slice_equal(text_slice(&key->text), text_slice(&text))) {
			key->count++;
			return;
		}
		if (key->count < at->count)
			at = key;
	}
	if (top->n < TOP_KEYS)
		at = &top->key[top->n++]; /* its count is 0 */
	*at = (struct key){text, at->count + 1, at->count};
}

/* The count of a key, or 0 where most of it is others', as that of many rare ones. */
static uint64_t sure_count(const struct key *key)
{
	return key->over > key->count / 2 ? 0 : key->count;
}

/* By count, then by text, so that two runs show the same. */
static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	if (sure_count(x) != sure_count(y))
		return sure_count(x) > sure_count(y) ? -1 : 1;
	return memcmp(x->text.at, y->text.at, KEY_BYTES); /* behind a shorter one are zeros */
}

size_t top_sort(struct top *top, size_t most)
{
	size_t n = 0;
	qsort(top->key, top->n, sizeof top->key[0], compare_keys);
	while (n < most && n < top->n && sure_count(&top->key[n]) > 0)
		n++;
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
		t->message = keep(text);
		return;
	}
	t->requests++;
	t->bytes += c.bytes < UINT64_MAX - t->bytes ? c.bytes : UINT64_MAX - t->bytes;
	t->status[c.status]++;
	t->classes[c.status / 100]++;
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
