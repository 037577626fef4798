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
#include "base/buf.h"
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
 * Sets the deadline of the reads that follow to `seconds` from now, at most TIMEOUT_MAX. The time is counted from the
 * first wait on: a read that waits is made at once, and a connection that never waits never asks for the time.
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
 * Waits for more bytes, until the deadline. Where the client has ended sending, sets c->ended and returns 0. Errors:
 * ETIMEDOUT; ENOBUFS: HEAD_MAX bytes are held already; ENOTCONN or EINVAL, which may mean that this is a listening
 * socket; any other errno of recv(2) or read(2).
 */
int conn_read(struct conn *c);

/*
 * Sets the deadline to `seconds`, at most TIMEOUT_MAX, and reads as conn_read does. For the wait between two requests,
 * when most likely nothing has come yet: on Linux it takes one system call, where conn_deadline and conn_read take
 * three.
 */
int conn_read_next(struct conn *c, uint64_t seconds);

/* Takes n bytes off the input. */
void conn_consume(struct conn *c, size_t n);

/*
 * Writes all of s; `more` says that bytes follow at once, so that they may share a segment. ETIMEDOUT where no byte
 * leaves for PROGRESS_SECONDS; EPIPE or ECONNRESET where the client is gone.
 */
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
 * that no reset overtakes the answer (RFC 9112 section 9.6). Without `expected`, does so only if unread bytes have come
 * already. After one read and one write (CONN_EXCHANGED) it does not even look for such bytes: hardly any can come in
 * that time, and the look would cost each connection a system call.
 */
void conn_finish(struct conn *c, bool expected);

/*
 * Makes close(2) reset the connection, so that the client does not take an incomplete answer for a whole one. Only TCP
 * has resets: any other connection ends as usual, and so does one on OpenBSD.
 */
void conn_abort(struct conn *c);

/*
 * Whether the input is a listening socket, and whether the output is a stream socket that does not listen, as that of a
 * client. Where a process may not ask this while it serves (pledge(2)), conn_begin has asked.
 */
bool conn_has_listener(const struct conn *c);
bool conn_has_client(const struct conn *c);

#endif
