/* SPDX-License-Identifier: ISC */
/* What every unit test includes: cmocka, and input that ends where a page that must not be read begins. */
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

#include "slice.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

/* A writable copy of the bytes, flush against a PROT_NONE page: one byte read too far is a SIGSEGV. Lives for good. */
static inline struct slice guarded_bytes(const char *bytes, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (len / page + 1) * page;
	char *at = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(at != MAP_FAILED);
	assert_int_equal(mprotect(at + room, page, PROT_NONE), 0);
	memcpy(at + room - len, bytes, len);
	return (struct slice){at + room - len, len};
}

static inline struct slice guarded(const char *text)
{
	return guarded_bytes(text, strlen(text));
}

/* Fails unless s holds exactly the text. */
static inline void assert_slice(struct slice s, const char *text)
{
	if (!slice_equal(s, slice_of(text)))
		fail_msg("'%.*s' is not '%s'", (int)s.len, s.at ? s.at : "", text);
}

#endif
