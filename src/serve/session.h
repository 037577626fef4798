/* SPDX-License-Identifier: ISC */
/* session: the requests of a connection, each from its head to its record in the log. */
#ifndef SESSION_H
#define SESSION_H

#include "base/buf.h"
#include "http/range.h"
#include "serve/options.h"
#include "serve/recent.h"
#include "system/conn.h"
#include "system/log.h"

struct session {
	const struct site *site;
	struct log *log;
	struct buf *address; /* of the connection, for the log; in ADDRESS_MAX bytes, as a PROXY header may name another */
	struct conn *conn;
	struct range *ranges; /* room for RANGES_MAX of them, which few requests touch */
	const char *link; /* NULL, or the text of the symlink that ROOT is: all requests are sent there, and root is -1 */
	struct recent *recent; /* is touched from the second request on; NULL: nothing is remembered */
	int root; /* from root_open; -1: it could not be opened */
};

/*
 * Reads a request, answers it and logs it, and with --keep-alive the next ones. Returns 0 whatever the client does; the
 * errno of the first read where that failed, in which case nothing was answered: ENOTCONN or EINVAL may mean a
 * listening socket.
 */
int session_run(const struct session *session);

/* Answers 503 without reading a request, and logs that: the operator has something to mend, and the log says what. */
void session_unavailable(const struct session *session);

#endif
