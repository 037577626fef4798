/* SPDX-License-Identifier: ISC */
/* The PROXY header: what comes, byte after byte. */
#include "proxy.h"

#include <arpa/inet.h>

#include "bounds.h"
#include "fuzz.h"

enum { PREFIXES = 300 }; /* lengths tried one after another; a header without TLVs is shorter */

static void check_address(struct slice address)
{
	char text[ADDRESS_MAX];
	unsigned char bytes[16];
	hold(address.len < sizeof text, "the address fits where it is kept");
	memcpy(text, address.at, address.len);
	text[address.len] = '\0';
	hold(address.len == 0 || inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1,
	     "the address is one");
	hold(memcmp(text, "::ffff:", 7) != 0 || strchr(text, '.') == NULL, "a mapped IPv4 address is written as IPv4");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum proxy_verdict before = PROXY_MORE;
	size_t end = 0;
	for (size_t n = 0; n <= size; n = n < PREFIXES || n == size ? n + 1 : size) {
		char room[ADDRESS_MAX - 1];
		struct buf address = buf_in(room, sizeof room);
		struct slice input = copy_of(data, n);
		size_t length;
		enum proxy_verdict verdict = proxy_parse(input, &length, &address);
		hold(before == PROXY_MORE || verdict == before, "a verdict stands, whatever comes after");
		hold(!address.overflow && (address.len == 0 || verdict == PROXY_DONE), "an address comes with a whole header");
		hold(verdict != PROXY_DONE || (length > 0 && length <= n), "a header has come before it is done");
		hold(verdict != PROXY_DONE || before != PROXY_DONE || length == end, "and has one length");
		hold(verdict != PROXY_DONE || before == PROXY_DONE || n > PREFIXES || length == n, "and is done when it is");
		check_address(buf_slice(&address));
		before = verdict;
		end = length;
		free((void *)input.at);
	}
	return 0;
}
