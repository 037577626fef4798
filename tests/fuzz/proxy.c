/* SPDX-License-Identifier: ISC */
/* The PROXY header: the input is parsed at every length. */
#include "http/proxy.h"

#include <arpa/inet.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "fuzz.h"

enum { PREFIXES = 300 }; /* so many lengths are tried one by one; a header without TLVs is shorter */

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

/* Compares with the bytes of a binary header: the text is the shortest form, as the C library writes it, but in hex. */
static void check_bytes(struct slice address, const uint8_t *bytes, size_t count)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char expected[INET6_ADDRSTRLEN];
	if (count == 16 && memcmp(bytes, mapped, sizeof mapped) == 0) {
		bytes += sizeof mapped;
		count = 4;
	}
	hold(inet_ntop(count == 4 ? AF_INET : AF_INET6, bytes, expected, sizeof expected) != NULL, "it is an address");
	if (count == 16 && strchr(expected, '.') != NULL) { /* "::1.2.3.4" */
		unsigned high = (unsigned)bytes[12] << 8 | bytes[13], low = (unsigned)bytes[14] << 8 | bytes[15];
		snprintf(expected, sizeof expected, "::%x:%x", high, low);
	}
	hold(slice_equal(address, slice_of(expected)), "the address is the one of the header");
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
		if (address.len > 0 && input.at[0] == '\r') /* version 2 */
			check_bytes(buf_slice(&address), data + 16, data[13] == 0x11 ? 4 : 16);
		before = verdict;
		end = length;
		free((void *)input.at);
	}
	return 0;
}
