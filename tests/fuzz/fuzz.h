/* SPDX-License-Identifier: ISC */
/*
 * Included by every target. A target is LLVMFuzzerTestOneInput: it takes one input, and ends the process with SIGABRT
 * where a promise is broken. libFuzzer calls it with inputs of its own, replay.c with those of a corpus.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void hold(bool truth, const char *what)
{
	if (truth)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static inline void *room_for(size_t size)
{
	void *room = malloc(size > 0 ? size : 1);
	if (room == NULL)
		exit(1);
	return room;
}

/* A copy in a block of exactly that size, so that the sanitizer notices each read beyond it. Free it by its `at`. */
static inline struct slice copy_of(const void *bytes, size_t len)
{
	char *at = room_for(len);
	if (len > 0)
		memcpy(at, bytes, len);
	return (struct slice){at, len};
}

/*
 * Expands the repetitions of an input, so that a corpus for heads of 32 KiB stays small. A byte 1 and a byte n repeat
 * the byte before them n * 128 times more; where n is 0 they are a byte 1.
 */
static inline struct slice written_out(const uint8_t *data, size_t size)
{
	enum { MOST = 80000 };
	static char room[MOST];
	size_t len = 0;
	for (size_t i = 0; i < size; i++) {
		bool repeats = data[i] == 1 && i + 1 < size;
		char c = repeats && data[i + 1] > 0 && len > 0 ? room[len - 1] : (char)data[i];
		size_t times = repeats && data[i + 1] > 0 ? data[i + 1] * (size_t)128 : 1, left = MOST - len;
		memset(room + len, c, times < left ? times : left);
		len += times < left ? times : left;
		i += repeats;
	}
	return copy_of(room, len);
}

/* Whether `part` lies within `whole`; it may be empty, at the end. A null slice lies in every slice. */
static inline bool lies_in(struct slice part, struct slice whole)
{
	uintptr_t from = (uintptr_t)part.at, begin = (uintptr_t)whole.at;
	return part.at == NULL ? part.len == 0 : from >= begin && from + part.len <= begin + whole.len;
}

/* Whether the bytes may occur in a line: no controls but tabs. */
static inline bool is_clean(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\t') || s.at[i] == 0x7f)
			return false;
	return true;
}

#endif
