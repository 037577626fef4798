/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* memfd_create */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "system/conn.h"

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __real_clock_gettime(clockid_t clock, struct timespec *t);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t);
ssize_t __real_recv(int fd, void *to, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *to, size_t size, int flags);
int64_t __wrap_conn_time(const struct conn *c);

enum { PIECES = 40 }; /* the pieces after which the rest is sent at once, to save time */

static struct client *here; /* the connected client */
static int64_t milliseconds; /* milliseconds since the session began */

static void must(bool truth, const char *what)
{
	if (truth)
		return;
	perror(what);
	_exit(1); /* a failure of the machine is no find, but ends the fuzzing */
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int64_t client_now(void)
{
	return CLIENT_NOW + milliseconds / 1000;
}

int64_t __wrap_conn_time(const struct conn *c)
{
	(void)c;
	return client_now();
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
	if (here == NULL) /* the fuzzer itself asks for the time */
		return __real_clock_gettime(clock, t);
	t->tv_sec = 1000 + milliseconds / 1000;
	t->tv_nsec = milliseconds % 1000 * 1000000;
	return 0;
}

/* Reads the bytes that are there, without waiting. */
static void take_answer(struct client *c)
{
	ssize_t n = 1;
	while (c->receive >= 0 && n > 0 && c->answer.len < c->answer.size) {
		n = read(c->receive, c->answer.at + c->answer.len, c->answer.size - c->answer.len);
		c->answer.len += n > 0 ? (size_t)n : 0;
	}
	hold(c->answer.len < c->answer.size, "an answer has an end");
}

/* Sends one more piece, or ends the stream. Returns false where the client waits. */
static bool send_more(struct client *c)
{
	size_t n = c->piece < c->rest.len && c->pieces++ < PIECES ? c->piece : c->rest.len;
	if (n == 0 && (c->lingers || c->send < 0))
		return false;
	if (n > 0) {
		ssize_t sent = write(c->send, c->rest.at, n);
		must(sent > 0 || errno == EAGAIN, "write");
		c->rest = slice_from(c->rest, sent > 0 ? (size_t)sent : 0);
		return true;
	}
	if (c->way == WAY_PIPE)
		shut(&c->send);
	else
		shutdown(c->send, SHUT_WR);
	c->lingers = true; /* nothing is left to do */
	return true;
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	if (here == NULL)
		return __real_poll(fds, count, timeout);
	hold(count == 1, "the session waits for its connection alone");
	int ready = __real_poll(fds, count, 0);
	if (ready == 0 && (fds->events & POLLIN) != 0 && send_more(here))
		ready = __real_poll(fds, count, 0);
	if (ready == 0 && (fds->events & POLLOUT) != 0 && here->way != WAY_DEAF) {
		take_answer(here);
		ready = __real_poll(fds, count, 0);
	}
	if (ready == 0) {
		milliseconds += timeout;
		here->wants = here->wants || (fds->events & POLLOUT) != 0;
	}
	return ready;
}

/* A blocking read, which waits as long as SO_RCVTIMEO allows. */
ssize_t __wrap_recv(int fd, void *to, size_t size, int flags)
{
	if (here == NULL || (flags & MSG_DONTWAIT) != 0)
		return __real_recv(fd, to, size, flags);
	struct timeval time = {0, 0};
	socklen_t length = sizeof time;
	getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, &length);
	struct pollfd input = {.fd = fd, .events = POLLIN};
	__wrap_poll(&input, 1, (int)time.tv_sec * 1000);
	return __real_recv(fd, to, size, MSG_DONTWAIT);
}

static void plug_file(struct client *c)
{
	c->in = memfd_create("request", MFD_CLOEXEC);
	c->out = memfd_create("answer", MFD_CLOEXEC);
	must(c->in >= 0 && c->out >= 0, "memfd_create");
	must(write(c->in, c->rest.at, c->rest.len) == (ssize_t)c->rest.len && lseek(c->in, 0, SEEK_SET) == 0, "write");
	c->rest.len = 0;
	c->receive = dup(c->out);
}

static void plug_pipes(struct client *c)
{
	int request[2], answer[2];
	must(pipe(request) == 0 && pipe(answer) == 0, "pipe");
	c->in = request[0];
	c->send = request[1];
	c->receive = answer[0];
	c->out = answer[1];
}

static void plug_socket(struct client *c)
{
	int pair[2], least = 1; /* the system takes its least size instead: the buffer is small, and writes wait often */
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
	c->in = pair[0];
	c->out = dup(pair[0]);
	c->send = pair[1];
	c->receive = dup(pair[1]);
}

void client_begin(struct client *c, enum way way, struct slice input, size_t piece, bool lingers, char *room,
                  size_t size)
{
	*c = (struct client){way, input, piece, 0, lingers, -1, -1, -1, -1, buf_in(room, size), false};
	milliseconds = 0;
	here = c;
	if (way == WAY_FILE)
		plug_file(c);
	else if (way == WAY_PIPE)
		plug_pipes(c);
	else
		plug_socket(c);
	if (c->send >= 0)
		fcntl(c->send, F_SETFL, O_NONBLOCK);
	if (c->way != WAY_FILE)
		fcntl(c->receive, F_SETFL, O_NONBLOCK);
}

void client_end(struct client *c)
{
	if (c->way == WAY_FILE)
		lseek(c->receive, 0, SEEK_SET);
	take_answer(c);
	shut(&c->in);
	shut(&c->out);
	shut(&c->send);
	shut(&c->receive);
	here = NULL;
}
