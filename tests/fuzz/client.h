/* SPDX-License-Identifier: ISC */
/*
 * client: who is on the other end of a session, and the world around it. The session waits in poll() and asks for the
 * time; both come here (the linker's --wrap), so that the client acts just when it is waited for, and waiting takes no
 * time.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include "fuzz.h"

enum way { WAY_FILE, WAY_PIPE, WAY_SOCKET, WAY_DEAF }; /* deaf: a socket from which nothing is read */

struct client {
	enum way way;
	struct slice rest; /* what is still to be sent */
	size_t piece; /* so many bytes at a time */
	unsigned pieces; /* sent */
	bool lingers; /* does not close when all is sent, but waits */
	int in, out; /* the session's descriptors, that it may close */
	int send, receive; /* ours; -1: closed, or there is none */
	struct buf answer; /* what came back */
	bool wants; /* the session gave up sending for nobody read */
};

/* What time() says when a session begins. */
#define CLIENT_NOW INT64_C(1795219200) /* Sat, 21 Nov 2026 00:00:00 GMT */

/* Plugs in a client that sends `input`. It stays in the world until client_end. */
void client_begin(struct client *c, enum way way, struct slice input, size_t piece, bool lingers, char *room,
                  size_t size);

/* Reads what is left of the answer and takes everything down. */
void client_end(struct client *c);

/* What time() says now. */
int64_t client_now(void);

#endif
