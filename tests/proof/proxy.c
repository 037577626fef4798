/* SPDX-License-Identifier: ISC */
/* proxy: the header that a proxy puts before the request. */
#include "contracts.h"
#include "libc.h"

/* How many bytes of an address were written, and from where. */
static const unsigned char *written;
static size_t written_count;

void address_write(struct buf *b, const unsigned char *bytes, size_t count)
{
	(void)b;
	__CPROVER_precondition(__CPROVER_r_ok(bytes, count) && (count == 4 || count == 16), "an address can be read");
	written = bytes;
	written_count = count;
}

bool address_read(struct slice text, unsigned char *bytes, size_t count)
{
	READABLE(text);
	__CPROVER_precondition(text.at != NULL && __CPROVER_w_ok(bytes, count), "there is a text, and room");
	return nondet_bool();
}

#include "http/proxy.c"

/*
 * proof: version2 parse_v2
 * shows: the header lies in what has come; the address that is written, in the header; only of TCP, and not for LOCAL
 * bound: 131072 bytes
 * without: conversion
 * fault: http/proxy.c: s/if (rest < 2 . count + PORTS)/if (rest < count - 1)/
 * fault: http/proxy.c: s/if (input.len < V2_FIXED + rest)/if (input.len < rest)/
 * fault: http/proxy.c: s/if (command == LOCAL || count == 0)/if (count == 0)/
 */
void prove_version2(void)
{
	struct slice input = any_slice(131072);
	struct buf address;
	size_t length = 0;
	written = NULL;
	enum proxy_verdict verdict = parse_v2(input, &length, &address);
	PROMISE(length <= input.len && (verdict != PROXY_DONE || length >= 16));
	if (written != NULL) {
		PROMISE(verdict == PROXY_DONE && input.at[12] == 0x21 && (input.at[13] & 15) == 1);
		PROMISE(written == (const unsigned char *)input.at + 16 && written_count + 16 < length);
	}
	REACHED(written != NULL && written_count == 16 && length == 131072 / 2);
	REACHED(written != NULL && written_count == 4);
	REACHED(verdict == PROXY_DONE && written == NULL);
	REACHED(verdict == PROXY_MORE && input.len == 300);
	REACHED(verdict == PROXY_BAD);
}

/*
 * proof: version1 parse_v1 is_port
 * shows: the header lies in what has come, is 107 bytes at most and ends in CRLF; more is asked for only below that;
 *   the address that is written was read from the line
 * bound: 32768 bytes
 * replace: slice_equal:equal_short
 * unwind: 9
 * fault: http/proxy.c: s/return line.len < V1_MAX ? PROXY_MORE/return line.len <= V1_MAX ? PROXY_MORE/
 * fault: http/proxy.c: s/if (n != V1_WORDS || line.at != NULL || /if (/
 * fault: http/proxy.c: s/--line.len. != '.r'/--line.len] == 10/
 */
void prove_version1(void)
{
	static const char word[] = "PROXY ";
	struct slice input = any_slice(HEAD_MAX);
	struct buf address;
	size_t length = 0;
	written = NULL;
	for (size_t i = 0; i < 6; i++)
		ASSUME(i >= input.len || input.at[i] == word[i]);
	witness = 5; /* the space behind the first word */
	enum proxy_verdict verdict = parse_v1(input, &length, &address);
	PROMISE(length <= input.len && length <= 107);
	if (verdict == PROXY_DONE)
		PROMISE(length >= 8 && input.at[length - 1] == '\n' && input.at[length - 2] == '\r');
	PROMISE(verdict != PROXY_MORE || input.len < 107);
	PROMISE(written == NULL || (verdict == PROXY_DONE && written_count <= 16));
	REACHED(written != NULL && written_count == 16 && length == 107);
	REACHED(written != NULL && written_count == 4);
	REACHED(verdict == PROXY_DONE && written == NULL && length == 15);
	REACHED(verdict == PROXY_MORE && input.len == 106);
	REACHED(verdict == PROXY_BAD && input.len == HEAD_MAX);
}

static bool read_1, read_2;

enum proxy_verdict version1_contract(struct slice input, size_t *length, struct buf *address)
{
	(void)address;
	PROMISE(input.len > 0);
	PROMISE(witness >= input.len || witness >= 6 || input.at[witness] == "PROXY "[witness]);
	read_1 = true;
	*length = nondet_size();
	ASSUME(*length <= input.len);
	return (enum proxy_verdict)(nondet_byte() % 3);
}

enum proxy_verdict version2_contract(struct slice input, size_t *length, struct buf *address)
{
	static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";
	(void)address;
	PROMISE(witness >= input.len || witness >= 12 || input.at[witness] == signature[witness]);
	read_2 = true;
	*length = nondet_size();
	ASSUME(*length <= input.len);
	return (enum proxy_verdict)(nondet_byte() % 3);
}

/*
 * proof: proxy_header proxy_parse may_begin
 * shows: a version is read only where its first bytes have come, as far as any have; the header lies in what has come
 * bound: 32768 bytes
 * replace: parse_v1:version1_contract parse_v2:version2_contract
 * unwind: 13
 * fault: http/proxy.c: s/QUIT.n", 12)/QUIT\\n", 11)/
 * fault: http/proxy.c: s/input.len < n ? input.len : n) == 0/n) == 0/
 */
void prove_proxy_header(void)
{
	struct slice input = any_slice(HEAD_MAX);
	struct buf address;
	size_t length;
	witness = nondet_size();
	read_1 = read_2 = false;
	enum proxy_verdict verdict = proxy_parse(input, &length, &address);
	PROMISE(length <= input.len && (read_1 || read_2 || (verdict == PROXY_BAD && length == 0)));
	REACHED(read_1 && input.len == HEAD_MAX);
	REACHED(read_2 && input.len == 5);
	REACHED(!read_1 && !read_2);
}
