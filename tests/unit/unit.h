/* SPDX-License-Identifier: ISC */
/* Included by every unit test: cmocka, and input that is followed by a page that must not be read. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/slice.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

/* A writable copy of the bytes, followed by a PROT_NONE page: a read beyond its end is a SIGSEGV. */
static inline struct slice guarded_bytes(const char *bytes, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (len / page + 1) * page;
	char *at = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(at != MAP_FAILED);
	assert_int_equal(mprotect(at + room, page, PROT_NONE), 0);
	memcpy(at + room - len, bytes, len);
	return (struct slice){at + room - len, len};
}

/* Frees what guarded or guarded_bytes returned, or nothing if it is no slice. Few copies need to be freed. */
static inline void guarded_free(struct slice copy)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (copy.len / page + 1) * page;
	if (copy.at != NULL)
		assert_int_equal(munmap((void *)(copy.at + copy.len - room), room + page), 0);
}

static inline struct slice guarded(const char *text)
{
	return guarded_bytes(text, strlen(text));
}

/* Like guarded_bytes, but each call reuses the memory of the one before, for the inputs of a loop. */
static inline struct slice guarded_again(const char *bytes, size_t len)
{
	static const char zeros[65536];
	static char *end;
	if (end == NULL)
		end = (char *)guarded_bytes(zeros, sizeof zeros).at + sizeof zeros;
	assert_true(len <= sizeof zeros);
	memmove(end - len, bytes, len);
	return (struct slice){end - len, len};
}

/* A random number below a limit. Each run has the same numbers unless SEED is in the environment. */
static inline uint64_t random_below(uint64_t limit)
{
	static uint64_t state;
	static bool seeded;
	if (!seeded) {
		const char *seed = getenv("SEED");
		state = strtoull(seed ? seed : "1", NULL, 0);
		seeded = true;
		print_message("SEED=%llu\n", (unsigned long long)state);
	}
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % limit;
}

/* Ends a test that this machine cannot run, with the reason. It counts neither as passed nor as failed. */
static inline void leave_out(const char *what_and_why)
{
	print_message("left out: %s\n", what_and_why);
	skip();
}

/* How many times slower than a quick machine this one may be. Bounds against a hang are multiplied by it. */
static inline long pace(void)
{
	const char *text = getenv("PACE");
	long n = text != NULL ? atol(text) : 1;
	return n > 0 ? n : 1;
}

/* How many rows a table has. */
#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* A slice of a literal that may contain NULs, for tables. */
#define BYTES(literal) {"" literal, sizeof(literal) - 1}

/* Fails unless s holds exactly the text. */
static inline void assert_slice(struct slice s, const char *text)
{
	if (!slice_equal(s, slice_of(text)))
		fail_msg("'%.*s' is not '%s'", (int)s.len, s.at ? s.at : "", text);
}

#endif
