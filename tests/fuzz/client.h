/* SPDX-License-Identifier: ISC */
/*
 * client: the other end of a session, and its clock. The session waits in poll() and asks for the time; the linker's
 * --wrap leads both calls here. So the client acts when the session waits for it, and waiting takes no time.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "base/buf.h"
#include "fuzz.h"

enum way { WAY_FILE, WAY_PIPE, WAY_SOCKET, WAY_DEAF }; /* DEAF: a socket whose client never reads */

struct client {
	enum way way;
	struct slice rest; /* the bytes still to be sent */
	size_t piece; /* bytes of each piece */
	unsigned pieces; /* pieces that were sent */
	bool lingers; /* waits after the last byte instead of closing */
	int in, out; /* the session's descriptors, which it may close */
	int send, receive; /* the client's; -1: closed or absent */
	struct buf answer; /* the bytes that were received */
	bool wants; /* the session gave up, as the client did not read */
};

/* The result of time() when a session begins. */
#define CLIENT_NOW INT64_C(1795219200) /* Sat, 21 Nov 2026 00:00:00 GMT */

/* Connects a client that sends `input`. It stays until client_end. */
void client_begin(struct client *c, enum way way, struct slice input, size_t piece, bool lingers, char *room,
                  size_t size);

/* Reads the rest of the answer and closes everything. */
void client_end(struct client *c);

/* The result of time() at this moment. */
int64_t client_now(void);

#endif
