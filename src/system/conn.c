/* SPDX-License-Identifier: ISC */
#if defined __linux__ && !defined PORTABLE
#define _GNU_SOURCE /* syscall */
#endif

#include "system/conn.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "system/socket.h"

#if defined __linux__ && !defined PORTABLE
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/time.h>
enum { NO_WAIT = MSG_DONTWAIT, MORE = MSG_MORE };
#else
enum { NO_WAIT = 0, MORE = 0 };
#endif

#if defined __linux__ && !defined PORTABLE && defined __LP64__
/*
 * For the first question a system call is cheaper than the vDSO, which would have to be found, searched and paged in:
 * two page faults more. A connection that has carried a request has most likely waited, and a wait uses the vDSO
 * already.
 */
int64_t conn_time(const struct conn *c)
{
	struct timespec t = {0, 0};
	if (c->moved > CONN_RECEIVED)
		clock_gettime(CLOCK_REALTIME, &t);
	else
		syscall(SYS_clock_gettime, CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec;
}
#else
int64_t conn_time(const struct conn *c)
{
	(void)c;
	return (int64_t)time(NULL);
}
#endif

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Sets O_NONBLOCK on a socket, which no other process holds. */
static void set_nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags >= 0 && (flags & O_NONBLOCK) == 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

bool conn_has_listener(const struct conn *c)
{
	return c->asked ? c->listens : socket_listens(c->in);
}

bool conn_has_client(const struct conn *c)
{
	return c->asked ? c->connected : socket_connected(c->out);
}

void conn_begin(struct conn *c, int in, int out)
{
	memset(c, 0, offsetof(struct conn, memory)); /* not the memory, whose pages would then be touched */
	c->in = in;
	c->out = out;
	if (NO_WAIT == 0) {
		c->asked = true;
		c->listens = socket_listens(in);
		c->connected = socket_connected(out);
	}
	/* In the portable build, and on other systems than Linux, no flag keeps a single call from waiting. */
	if (NO_WAIT == 0 && socket_type(in) >= 0)
		set_nonblock(in);
	if (NO_WAIT == 0 && in != out && socket_type(out) >= 0)
		set_nonblock(out);
}

void conn_deadline(struct conn *c, uint64_t seconds)
{
	c->seconds = seconds;
	c->deadline = 0;
}

struct slice conn_input(const struct conn *c)
{
	return (struct slice){c->memory + c->start, c->end - c->start};
}

struct buf conn_room(struct conn *c)
{
	return buf_in(c->memory + c->end, sizeof c->memory - c->end);
}

/*
 * Waits until the descriptor is ready for the events. *deadline, in ms, is set to `seconds` from now where it is 0.
 * Returns 0, ETIMEDOUT at the deadline, or an errno of poll(2).
 */
static int wait_ready(int fd, short events, uint64_t seconds, int64_t *deadline)
{
	if (*deadline == 0)
		*deadline = now_ms() + (int64_t)seconds * 1000;
	for (;;) {
		struct pollfd p = {.fd = fd, .events = events};
		int64_t left = *deadline - now_ms();
		int n = poll(&p, 1, left > 0 ? (int)left : 0);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return errno;
		if (now_ms() >= *deadline)
			return ETIMEDOUT;
	}
}

/* After a call that failed with `error`: 0 if it is to be made again, now that it need not wait; else an errno. */
static int wait_to_retry(int error, int fd, short events, uint64_t seconds, int64_t *deadline)
{
	if (error == EAGAIN || error == EWOULDBLOCK)
		return wait_ready(fd, events, seconds, deadline);
	return error == EINTR ? 0 : error;
}

/*
 * The same after a call that sends. A socket polls ready only when a good part of it is free, which may be long after a
 * slow client has taken something: so at the deadline the call is made once more, for the *last time.
 */
static int wait_to_resend(int fd, int64_t *deadline, bool *last)
{
	int error = wait_to_retry(errno, fd, POLLOUT, PROGRESS_SECONDS, deadline);
	if (error != ETIMEDOUT || *last)
		return error;
	*last = true;
	return 0;
}

#if defined __linux__ && !defined PORTABLE
/*
 * Sets SO_RCVTIMEO to `seconds`, unless it is that already. Returns whether a read without MSG_DONTWAIT then waits so
 * long by itself.
 */
static bool read_waits(struct conn *c, uint64_t seconds)
{
	struct timeval time = {.tv_sec = (time_t)seconds};
	if (c->in_plain || c->never_waits || seconds == 0) /* 0 would be for ever */
		return false;
	if (c->read_seconds == seconds)
		return true;
	c->never_waits = setsockopt(c->in, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) != 0;
	c->read_seconds = seconds;
	return !c->never_waits;
}

/* After a read that should have waited and brought nothing: whether it did, or the socket is one that never blocks. */
static bool has_waited(struct conn *c)
{
	int flags = fcntl(c->in, F_GETFL);
	c->never_waits = flags < 0 || (flags & O_NONBLOCK) != 0;
	return !c->never_waits;
}
#else
static bool read_waits(struct conn *c, uint64_t seconds)
{
	(void)c;
	(void)seconds;
	return false;
}

static bool has_waited(struct conn *c)
{
	(void)c;
	return false;
}
#endif

/*
 * One read of up to n bytes that waits no longer than the deadline. A socket is read first, and waited for only if it
 * has nothing: a request that came with its connection costs no wait. Anything else is waited for first. `waits`: the
 * read of a socket waits by itself (read_waits).
 */
static int read_some(struct conn *c, char *at, size_t n, bool waits, size_t *got)
{
	*got = 0;
	for (;;) {
		int error = c->in_plain ? wait_ready(c->in, POLLIN, c->seconds, &c->deadline) : 0;
		if (error != 0)
			return error;
		ssize_t r = c->in_plain ? read(c->in, at, n) : recv(c->in, at, n, waits ? 0 : NO_WAIT);
		if (r >= 0) {
			*got = (size_t)r;
			c->ended = r == 0;
			c->moved = c->moved == CONN_NOTHING ? CONN_RECEIVED : CONN_MORE;
			return 0;
		}
		error = errno;
		c->in_plain = c->in_plain || error == ENOTSOCK;
		if (waits && (error == EAGAIN || error == EWOULDBLOCK) && has_waited(c))
			return ETIMEDOUT;
		waits = false;
		error = error == ENOTSOCK ? 0 : wait_to_retry(error, c->in, POLLIN, c->seconds, &c->deadline);
		if (error != 0)
			return error;
	}
}

/* Reads to the end of what has come. */
static int read_more(struct conn *c, bool waits)
{
	size_t got;
	if (c->start > 0) {
		memmove(c->memory, c->memory + c->start, c->end - c->start);
		c->end -= c->start;
		c->start = 0;
	}
	if (c->end == HEAD_MAX)
		return ENOBUFS;
	int error = read_some(c, c->memory + c->end, HEAD_MAX - c->end, waits, &got);
	c->end += got;
	return error;
}

int conn_read(struct conn *c)
{
	return read_more(c, false);
}

int conn_read_next(struct conn *c, uint64_t seconds)
{
	conn_deadline(c, seconds);
	return read_more(c, read_waits(c, seconds));
}

void conn_consume(struct conn *c, size_t n)
{
	c->start += n;
}

/* One write of up to s.len bytes, waiting no longer than PROGRESS_SECONDS for the first of them to leave. */
static int write_some(struct conn *c, struct slice s, int flags, size_t *put)
{
	int64_t deadline = 0;
	*put = 0;
	for (bool last = false;;) {
		int error = c->out_plain ? wait_ready(c->out, POLLOUT, PROGRESS_SECONDS, &deadline) : 0;
		if (error != 0)
			return error;
		ssize_t w = c->out_plain ? write(c->out, s.at, s.len < PIPE_CHUNK ? s.len : PIPE_CHUNK)
		                         : send(c->out, s.at, s.len, flags | NO_WAIT | MSG_NOSIGNAL);
		if (w >= 0) {
			*put = (size_t)w;
			c->moved = c->moved == CONN_RECEIVED ? CONN_EXCHANGED : CONN_MORE;
			return 0;
		}
		if (errno == ENOTSOCK) {
			c->out_plain = true;
			signal(SIGPIPE, SIG_IGN); /* MSG_NOSIGNAL is for sockets */
		} else {
			error = wait_to_resend(c->out, &deadline, &last);
		}
		if (error != 0)
			return error;
	}
}

/* Writes all of s; *sent grows by the bytes that left. */
static int send_all(struct conn *c, struct slice s, int flags, uint64_t *sent)
{
	int error = 0;
	while (s.len > 0 && error == 0) {
		size_t put;
		error = write_some(c, s, flags, &put);
		*sent += put;
		s = slice_from(s, put);
	}
	return error;
}

int conn_write(struct conn *c, struct slice s, bool more)
{
	uint64_t sent = 0;
	return send_all(c, s, more ? MORE : 0, &sent);
}

/* Sends through the room behind the input, for files and connections that sendfile does not take. */
static int send_copying(struct conn *c, int file, uint64_t offset, uint64_t length, uint64_t *sent)
{
	struct buf room = conn_room(c);
	char *chunk = room.at;
	uint64_t most = room.size < COPY_CHUNK ? room.size : COPY_CHUNK;
	while (*sent < length) {
		uint64_t left = length - *sent, part = left < most ? left : most;
		ssize_t r = pread(file, chunk, (size_t)part, (off_t)(offset + *sent));
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r == 0 ? EIO : errno;
		int error = send_all(c, (struct slice){chunk, (size_t)r}, left > (uint64_t)r ? MORE : 0, sent);
		if (error != 0)
			return error;
	}
	return 0;
}

int conn_send(struct conn *c, int file, uint64_t offset, uint64_t length, uint64_t *sent)
{
	*sent = 0;
#if defined __linux__ && !defined PORTABLE
	off_t at = (off_t)offset;
	int64_t deadline = 0;
	if (!c->out_plain) {
		set_nonblock(c->out); /* sendfile has no flags like MSG_DONTWAIT and MSG_NOSIGNAL */
		signal(SIGPIPE, SIG_IGN);
		c->moved = CONN_MORE;
	}
	for (bool last = false; !c->out_plain && *sent < length;) {
		uint64_t left = length - *sent, most = 0x7ffff000; /* that Linux sends in one call */
		ssize_t n = sendfile(c->out, file, &at, (size_t)(left < most ? left : most));
		if (n < 0 && (errno == EINVAL || errno == ENOSYS))
			break;
		int error = n < 0 ? wait_to_resend(c->out, &deadline, &last) : n == 0 ? EIO : 0;
		if (error != 0)
			return error;
		if (n > 0) {
			*sent += (uint64_t)n;
			deadline = 0;
			last = false;
		}
	}
#endif
	return send_copying(c, file, offset, length, sent);
}

void conn_no_delay(struct conn *c)
{
	int on = 1;
	setsockopt(c->out, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* fails where there is no Nagle to turn off */
}

void conn_finish(struct conn *c, bool expected)
{
	size_t got, total = 0;
	if (!expected && (c->moved != CONN_MORE || c->in_plain || c->ended))
		return;
	if (!expected && recv(c->in, c->memory, HEAD_MAX, NO_WAIT) <= 0)
		return;
	if (c->out_plain)
		close(c->out);
	else
		shutdown(c->out, SHUT_WR);
	conn_deadline(c, DRAIN_SECONDS);
	while (!c->ended && total < DRAIN_BYTES && read_some(c, c->memory, HEAD_MAX, false, &got) == 0)
		total += got;
}

#if defined __OpenBSD__ && !defined PORTABLE
/* pledge(2) kills a process that sets the option, unless it may open sockets as well. */
void conn_abort(struct conn *c)
{
	(void)c;
}
#else
void conn_abort(struct conn *c)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	setsockopt(c->out, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}
#endif
