/* SPDX-License-Identifier: ISC */
/* address: a client's address as text. */
#include "proof.h"
#include "libc.h"
#include "writers.h"

#include <arpa/inet.h>

/* In place of inet_pton(3): it reads a string, and writes an address where it is one. */
static size_t string_length;

int read_string(int family, const char *text, void *bytes)
{
	size_t count = family == AF_INET ? 4 : 16;
	__CPROVER_precondition(family == AF_INET || family == AF_INET6, "a family that has addresses");
	__CPROVER_precondition(__CPROVER_r_ok(text, string_length + 1) && text[string_length] == '\0', "a string");
	__CPROVER_precondition(__CPROVER_w_ok(bytes, count), "there is room");
	bool is = nondet_bool();
	if (is)
		__CPROVER_havoc_slice(bytes, count);
	return is;
}

#define inet_pton read_string
/*
 * What write_groups has written so far: how many bytes, which groups, and where groups were left out. That %x writes a
 * group as one to four digits is not proved here; tests/unit/base/buf.c has the formats.
 */
static size_t length, groups, gap, gap_bytes;
static unsigned group_value[8];

static void write_group(struct buf *b, bool colon, unsigned value)
{
	(void)b;
	PROMISE(value <= 0xffff && groups < 8 && colon == (groups > 0 || gap_bytes > 0));
	group_value[groups++] = value;
	length += colon + (value > 0xfff ? 4 : value > 0xff ? 3 : value > 0xf ? 2 : 1);
}

static void write_colons(struct buf *b, const char *text)
{
	(void)b;
	PROMISE(text[0] == ':' && gap_bytes == 0 && (text[1] == '\0' || (text[1] == ':' && text[2] == '\0')));
	gap = groups;
	gap_bytes = text[1] == '\0' ? 1 : 2;
	length += gap_bytes;
}

static void write_digit(struct buf *b, unsigned value)
{
	write_char(b, (char)('0' + value));
}

static void write_byte(struct buf *b, unsigned value, bool dot)
{
	PROMISE(value <= 255);
	if (value >= 100)
		write_digit(b, value / 100);
	if (value >= 10)
		write_digit(b, value / 10 % 10);
	write_digit(b, value % 10);
	if (dot)
		write_char(b, '.');
}

#define buf_text write_colons

#include "http/address.c"

/*
 * proof: read address_read
 * shows: the C library is given a string of the text's length, and a text with a NUL or of more than 45 bytes is none
 * bound: 32768 bytes
 * fault: http/address.c: s/text.len >= sizeof room/text.len > sizeof room/
 * fault: http/address.c: s/ || memchr(.*) != NULL)/)/
 */
void prove_read(void)
{
	struct slice text = any_slice(HEAD_MAX);
	unsigned char bytes[16];
	size_t count = nondet_bool() ? 4 : 16;
	witness = nondet_size();
	string_length = text.len;
	bool is = address_read(text, bytes, count);
	PROMISE(!is || (text.len <= 45 && (witness >= text.len || text.at[witness] != '\0')));
	REACHED(is && text.len == 45);
	REACHED(!is && text.len == HEAD_MAX);
	REACHED(!is && text.len == 0);
}

/*
 * proof: write_v6 write_groups
 * shows: eight groups in at most 39 bytes, of which "::" stands for two zeros or more, once at most and as long a run
 *   as there is; a colon is between any two others
 * bound: every address of 16 bytes
 * unwind: 17
 * invariant: http/address.c: s/buf_format(b, i > 0 ? ":%x" : "%x", group.i.);/write_group(b, i > 0, group[i]);/
 * fault: http/address.c: s/end < GROUPS ? ":" : "::"/":"/
 * fault: http/address.c: s/size_t run = 0, most = 1/size_t run = 0, most = 0/
 * fault: http/address.c: s/if (run > most) {/if (run > most + 1) {/
 */
void prove_write_v6(void)
{
	unsigned char *bytes = (unsigned char *)any_block(16);
	struct buf b = {.at = NULL};
	length = groups = gap = gap_bytes = 0;
	write_groups(&b, bytes);
	size_t left_out = 8 - groups, run = 0, longest = 0;
	PROMISE(length >= 2 && length <= 39 && (left_out == 0 ? gap_bytes == 0 : left_out >= 2));
	PROMISE(left_out == 0 || gap_bytes == (groups > gap ? 1 : 2));
	for (size_t i = 0; i < 8; i++) {
		unsigned value = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
		bool before = left_out == 0 || i < gap;
		PROMISE(value == (before ? group_value[i] : i < gap + left_out ? 0 : group_value[i - left_out]));
		run = value == 0 ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	PROMISE(left_out == (longest > 1 ? longest : 0));
	REACHED(length == 39);
	REACHED(length == 2);
	REACHED(length == 3 && gap == 0);
}

static bool grouped;

void groups_contract(struct buf *b, const unsigned char *bytes)
{
	(void)b;
	__CPROVER_precondition(__CPROVER_r_ok(bytes, 16), "an address can be read");
	grouped = true;
}

/*
 * proof: write_address address_write
 * shows: of 4 bytes, or of 16 that are a mapped IPv4 address, four numbers with dots between, in at most 15 bytes; the
 *   other 16 are written as groups
 * bound: every address
 * without: conversion
 * unwind: 17
 * invariant: http/address.c: s/buf_format(b, "%u.%u.%u.%u", v4.0., v4.1., v4.2., v4.3.);/{ write_byte(b, v4[0], true);
 *   write_byte(b, v4[1], true); write_byte(b, v4[2], true); write_byte(b, v4[3], false); }/
 * invariant: http/address.c: s/buf_format(b, i > 0 ? ":%x" : "%x", group.i.);/write_group(b, i > 0, group[i]);/
 * replace: write_groups:groups_contract
 * fault: http/address.c: s/bytes + count - 4/bytes + 12/
 * fault: http/address.c: s/sizeof mapped) != 0/sizeof mapped) == 0/
 */
void prove_write_address(void)
{
	char room[15];
	size_t count = nondet_bool() ? 4 : 16;
	unsigned char *bytes = (unsigned char *)any_block(count);
	struct buf b = {.at = room, .size = sizeof room};
	witness = nondet_size();
	grouped = false;
	address_write(&b, bytes, count);
	PROMISE(!b.overflow && (grouped ? b.len == 0 && count == 16 : b.len >= 7));
	PROMISE(witness >= b.len || room[witness] == '.' || (room[witness] >= '0' && room[witness] <= '9'));
	PROMISE(grouped || count == 4 || (bytes[0] == 0 && bytes[9] == 0 && bytes[10] == 0xff && bytes[11] == 0xff));
	REACHED(!grouped && count == 16 && b.len == 15);
	REACHED(!grouped && count == 4 && b.len == 7);
	REACHED(grouped);
}
