/* SPDX-License-Identifier: ISC */
/*
 * conn: the connection. The only file that moves bytes on it, and the only one that waits for the client.
 *
 * Sockets, pipes, terminals and plain files alike; every wait has an absolute deadline on the monotonic clock.
 * Functions return 0 or an errno; ETIMEDOUT is a deadline that passed.
 */
#ifndef CONN_H
#define CONN_H

#include <stdint.h>

#include "base/bounds.h"
#include "base/slice.h"

/* The reads and writes of a connection so far. CONN_EXCHANGED: a request in one read, and its answer in one write. */
enum conn_moved {
	CONN_NOTHING,
	CONN_RECEIVED, /* one read */
	CONN_EXCHANGED, /* one read, and then one write */
	CONN_MORE
};

struct conn {
	int in, out;
	bool in_plain, out_plain; /* no socket: set once a call has failed with ENOTSOCK */
	bool asked, listens, connected; /* asked: the other two are known since conn_begin */
	bool ended; /* the client sends nothing more */
	bool never_waits; /* a read of the input does not wait by itself, whatever SO_RCVTIMEO says */
	uint64_t read_seconds; /* SO_RCVTIMEO, which conn_read_next sets; 0: not set */
	enum conn_moved moved;
	uint64_t seconds; /* of conn_deadline */
	int64_t deadline; /* for reading, in ms on the monotonic clock; 0: nobody has waited yet */
	size_t start, end; /* of the input that is not consumed yet */
	char memory[MEMORY_MAX]; /* at most HEAD_MAX bytes of input, and behind it room to answer in */
};

/* The descriptors to read from and to write to; may be the same. */
void conn_begin(struct conn *c, int in, int out);

/*
 * Gives reading so many seconds from now, at most TIMEOUT_MAX. They are counted from the first wait on, which comes
 * at once if at all.
 */
void conn_deadline(struct conn *c, uint64_t seconds);

/* The bytes that have come and are not consumed yet. They stay where they are until the next conn_read. */
struct slice conn_input(const struct conn *c);

/*
 * The memory behind the input, free until the next conn_read or conn_finish. All texts made from a request stand there,
 * as a page of memory that is touched for the first time costs more than a system call.
 */
struct buf conn_room(struct conn *c);

/* The time, in seconds since 1970. */
int64_t conn_time(const struct conn *c);

/*
 * Waits for more bytes, until the deadline. At the client's end of sending sets c->ended and returns 0. ENOBUFS: the
 * buffer is full; ENOTCONN or EINVAL may mean that this is a listening socket.
 */
int conn_read(struct conn *c);

/*
 * The same between two requests, when most likely nothing has come yet: waits so many seconds, at most TIMEOUT_MAX,
 * with one system call instead of three where the kernel can.
 */
int conn_read_next(struct conn *c, uint64_t seconds);

/* Takes n bytes off the input. */
void conn_consume(struct conn *c, size_t n);

/* Writes all of it; `more` says that bytes follow at once, so that they may share a segment. */
int conn_write(struct conn *c, struct slice s, bool more);

/*
 * Sends `length` bytes of the file from `offset`; *sent counts those that left. EIO: the file ended early. Never ends
 * a transfer that moves, however slowly; ETIMEDOUT after PROGRESS_SECONDS without a byte.
 */
int conn_send(struct conn *c, int file, uint64_t offset, uint64_t length, uint64_t *sent);

/* Turns Nagle's algorithm off (TCP_NODELAY), for a connection that carries several answers. */
void conn_no_delay(struct conn *c);

/*
 * Ends sending, then reads and drops the bytes that the client still sends, within DRAIN_BYTES and DRAIN_SECONDS, so
 * that no reset overtakes the answer (RFC 9112 section 9.6). Without `expected`, only where something unread has come
 * already. After a single exchange that is not asked: it would be one system call more for each connection, and hardly
 * anything can come in the time of one read and one write.
 */
void conn_finish(struct conn *c, bool expected);

/*
 * Makes close(2) reset the connection, so that the client does not take an incomplete answer for a whole one. Only TCP
 * has resets: any other connection ends as usual, and so does one on OpenBSD.
 */
void conn_abort(struct conn *c);

/*
 * Whether the input is a listening socket, and whether the output is a connected one. Where pledge(2) forbids to ask
 * while serving, conn_begin has asked.
 */
bool conn_has_listener(const struct conn *c);
bool conn_has_client(const struct conn *c);

#endif
