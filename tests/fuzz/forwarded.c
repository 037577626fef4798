/* SPDX-License-Identifier: ISC */
/* The fields that name a client: the first byte chooses the grammar, the rest is the value. */
#include "http/forwarded.h"

#include <arpa/inet.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "fuzz.h"

/* Holds that it is an IP address or, in Forwarded, an obfuscated name. */
static void check_address(struct slice address, bool standard)
{
	char text[ADDRESS_MAX];
	unsigned char bytes[16];
	hold(address.len > 0 && address.len < sizeof text, "the address fits where it is kept");
	memcpy(text, address.at, address.len);
	text[address.len] = '\0';
	hold(inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1 ||
	         (standard && text[0] == '_' && strspn(text + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                                         "0123456789._-") == address.len - 1),
	     "the address is one");
}

/*
 * The address that a proxy appends is found, whatever the client sent before it. Only Forwarded may become unreadable.
 */
static void check_appended(struct slice name, struct slice value, bool standard)
{
	static const char *const texts[] = {", 192.0.2.1", ", for=192.0.2.1", ", for=\"192.0.2.1:80\";proto=https"};
	for (unsigned i = standard ? 1 : 0; i < (standard ? 3u : 1u); i++) {
		size_t more = strlen(texts[i]);
		char *room = room_for(value.len + more), text[ADDRESS_MAX];
		struct buf address = buf_in(text, ADDRESS_MAX - 1);
		if (value.len > 0)
			memcpy(room, value.at, value.len);
		memcpy(room + value.len, texts[i], more);
		bool found = forwarded_address(name, (struct slice){room, value.len + more}, &address);
		hold(found || standard, "no client hides the end of a list");
		hold(!found || slice_equal(buf_slice(&address), slice_of("192.0.2.1")), "what the proxy appended counts");
		free(room);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	bool standard = data[0] % 2 == 0; /* 'f' is even, 'y' is odd */
	struct slice name = slice_of(standard ? "Forwarded" : "X-Forwarded-For"), value = copy_of(data + 1, size - 1);
	char room[ADDRESS_MAX];
	struct buf address = buf_in(room, ADDRESS_MAX - 1);
	bool found = forwarded_address(name, value, &address);
	hold(!address.overflow && found == (address.len > 0), "an address is written where one is found");
	if (found)
		check_address(buf_slice(&address), standard);
	check_appended(name, value, standard);
	free((void *)value.at);
	return 0;
}
