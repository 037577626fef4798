/* SPDX-License-Identifier: ISC */
/* conn: bytes and deadlines over sockets, pipes and files. Long waits are tried on a simulated clock. */
#include "tree.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "system/conn.h"
#include "system/socket.h"

enum kind { UNIX, TCP, PIPE, KINDS };

/* A connection of any kind: the descriptors of the server and those of the client. */
struct line {
	int in, out; /* the server's */
	int from, to; /* the client's */
};

static void tcp_pair(int ends[2])
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof a;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&a, size), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&a, &size), 0);
	ends[1] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(ends[1], (struct sockaddr *)&a, size), 0);
	ends[0] = accept(listener, NULL, NULL);
	assert_true(ends[0] >= 0);
	close(listener);
}

static struct line line_of(enum kind kind)
{
	int up[2], down[2];
	if (kind == PIPE) {
		assert_int_equal(pipe(up), 0);
		assert_int_equal(pipe(down), 0);
		return (struct line){up[0], down[1], down[0], up[1]};
	}
	if (kind == TCP)
		tcp_pair(up);
	else
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, up), 0);
	return (struct line){up[0], up[0], up[1], up[1]};
}

static void hang_up(int in, int out)
{
	close(in);
	if (out != in)
		close(out);
}

static void line_close(struct line l)
{
	hang_up(l.in, l.out);
	hang_up(l.from, l.to);
}

static struct conn *begin(struct line l)
{
	static struct conn c;
	memset(&c, 0x55, sizeof c);
	conn_begin(&c, l.in, l.out);
	conn_deadline(&c, 5);
	return &c;
}

static void say(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

/* The byte at this offset of the pattern that long transfers carry. No two parts of the pattern are equal. */
static char pattern(uint64_t i)
{
	return (char)((i ^ i >> 8 ^ i >> 16) * 167 + 13);
}

static char *patterned(size_t n)
{
	char *bytes = malloc(n + 1);
	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++)
		bytes[i] = pattern(i);
	return bytes;
}

/* Reads to the end. Returns the number of bytes; -1 on an error, or when a byte differs from the pattern. */
static int64_t count_pattern(int fd, uint64_t offset, unsigned pause)
{
	static char room[16384];
	int64_t total = 0;
	ssize_t n;
	while ((n = read(fd, room, sizeof room)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			if (room[i] != pattern(offset + (uint64_t)(total + i)))
				return -1;
		total += n;
		if (pause > 0)
			rest((long)pause);
	}
	return n < 0 ? -1 : total;
}

static int64_t count_any(int fd)
{
	static char room[65536];
	int64_t total = 0;
	for (ssize_t n; (n = read(fd, room, sizeof room)) > 0; total += n)
		;
	return total;
}

/* A child that reads so many bytes of the pattern and then the end. It exits with 0. */
static pid_t reader(struct line l, uint64_t offset, int64_t expected, unsigned pause)
{
	pid_t child = fork();
	if (child != 0)
		return child;
	hang_up(l.in, l.out);
	alarm(60 * (unsigned)pace());
	_exit(count_pattern(l.from, offset, pause) == expected ? 0 : 1);
}

static void test_begins_with_nothing(void **state)
{
	struct line l = line_of(UNIX);
	struct conn *c = begin(l);
	(void)state;
	assert_int_equal(conn_input(c).len, 0);
	assert_non_null(conn_input(c).at);
	assert_false(c->ended);
	line_close(l);
}

static void test_reads_what_is_there(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		say(l.to, "GET / HTTP/1.1");
		assert_int_equal(conn_read(c), 0);
		assert_slice(conn_input(c), "GET / HTTP/1.1");
		assert_false(c->ended);
		say(l.to, "\r\n");
		assert_int_equal(conn_read(c), 0);
		assert_slice(conn_input(c), "GET / HTTP/1.1\r\n");
		assert_int_equal(write(l.to, "\0", 1), 1);
		assert_int_equal(conn_read(c), 0);
		assert_int_equal(conn_input(c).len, 17);
		line_close(l);
	}
}

static void test_the_end_is_no_error(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		say(l.to, "abc");
		if (kind == PIPE)
			close(l.to);
		else
			shutdown(l.to, SHUT_WR);
		assert_int_equal(conn_read(c), 0);
		assert_false(c->ended);
		assert_int_equal(conn_read(c), 0);
		assert_true(c->ended);
		assert_slice(conn_input(c), "abc");
		if (kind == PIPE)
			l.to = l.from;
		line_close(l);
	}
}

static void test_reads_files(void **state)
{
	const struct tree *tree = *state;
	tree_file(tree->fd, "request", "GET /");
	int fd = openat(tree->fd, "request", O_RDONLY), null = open("/dev/null", O_RDONLY);
	struct conn *c = begin((struct line){.in = fd, .out = fd});
	assert_int_equal(conn_read(c), 0);
	assert_slice(conn_input(c), "GET /");
	assert_false(c->ended);
	assert_int_equal(conn_read(c), 0);
	assert_true(c->ended);
	c = begin((struct line){.in = null, .out = null});
	assert_int_equal(conn_read(c), 0);
	assert_true(c->ended);
	close(fd);
	close(null);
}

static void test_what_cannot_be_read_says_so(void **state)
{
	const struct tree *tree = *state;
	struct conn *c = begin((struct line){.in = tree->fd, .out = tree->fd});
	assert_int_equal(conn_read(c), EISDIR);
	c = begin((struct line){.in = -1, .out = -1});
	assert_int_equal(conn_read(c), EBADF);
	assert_int_equal(conn_input(c).len, 0);
}

/* Milliseconds. Draining takes DRAIN_SECONDS while the client stays, so this is enough to tell that none happened. */
enum { AT_ONCE = DRAIN_SECONDS * 1000 / 2 };

/* Milliseconds. On the slowest machine, a wait that takes so much longer than its deadline has missed it. */
static int64_t late(void)
{
	return 10000 * pace();
}

/* A read that finds nothing ends at the deadline, not earlier and not much later. */
static void test_the_deadline_is_kept(void **state)
{
	static const int waits[] = {0, 1, 40, 120};
	(void)state;
	for (size_t i = 0; i < ROWS(waits) * KINDS; i++) {
		struct line l = line_of(i % KINDS);
		struct conn *c = begin(l);
		int64_t begun = milliseconds();
		c->deadline = begun + waits[i / KINDS];
		assert_int_equal(conn_read(c), ETIMEDOUT);
		int64_t took = milliseconds() - begun;
		assert_true(took >= waits[i / KINDS]);
		assert_true(took < waits[i / KINDS] + late());
		assert_false(c->ended);
		assert_int_equal(conn_input(c).len, 0);
		line_close(l);
	}
}

static void test_a_deadline_is_in_seconds_from_now(void **state)
{
	struct line l = line_of(UNIX);
	struct conn *c = begin(l);
	(void)state;
	int64_t begun = milliseconds();
	conn_deadline(c, 1);
	assert_int_equal(conn_read(c), ETIMEDOUT);
	int64_t took = milliseconds() - begun;
	assert_true(took >= 1000 && took < 1000 + late());
	conn_deadline(c, 0);
	assert_int_equal(conn_read(c), ETIMEDOUT);
	assert_true(milliseconds() - begun - took < late());
	conn_deadline(c, TIMEOUT_MAX);
	say(l.to, "x");
	assert_int_equal(conn_read(c), 0);
	line_close(l);
}

/* Bytes that have come are read, even after the deadline. */
static void test_what_is_there_is_read_after_the_deadline(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		say(l.to, "in time");
		c->deadline = milliseconds() - 1000;
		assert_int_equal(conn_read(c), 0);
		assert_slice(conn_input(c), "in time");
		line_close(l);
	}
}

static void test_waits_until_something_comes(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		int64_t begun = milliseconds();
		pid_t child = fork();
		if (child == 0) {
			rest(50);
			_exit(write(l.to, "late", 4) == 4 ? 0 : 1);
		}
		assert_int_equal(conn_read(c), 0);
		int64_t took = milliseconds() - begun;
		assert_slice(conn_input(c), "late");
		assert_true(took >= 40 && took < late());
		assert_int_equal(reap(child), 0);
		line_close(l);
	}
}

static void on_alarm(int signal_number)
{
	(void)signal_number;
}

static void test_signals_do_not_shorten_a_wait(void **state)
{
	struct sigaction action = {.sa_handler = on_alarm}, before;
	struct itimerval every = {{0, 5000}, {0, 5000}}, never = {{0, 0}, {0, 0}};
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		int64_t begun = milliseconds();
		c->deadline = begun + 60;
		sigaction(SIGALRM, &action, &before);
		setitimer(ITIMER_REAL, &every, NULL);
		int error = conn_read(c);
		setitimer(ITIMER_REAL, &never, NULL);
		sigaction(SIGALRM, &before, NULL);
		assert_int_equal(error, ETIMEDOUT);
		assert_true(milliseconds() - begun >= 60);
		line_close(l);
	}
}

/* The wait for the next request has the same limit on each kind of descriptor, blocking or not. */
static void test_the_next_request_is_waited_for(void **state)
{
	(void)state;
	for (int i = 0; i < 2 * KINDS; i++) {
		struct line l = line_of(i % KINDS);
		struct conn *c = begin(l);
		if (i >= KINDS)
			assert_int_equal(fcntl(l.in, F_SETFL, fcntl(l.in, F_GETFL) | O_NONBLOCK), 0);
		say(l.to, "first");
		assert_int_equal(conn_read_next(c, TIMEOUT_MAX), 0);
		assert_slice(conn_input(c), "first");
		conn_consume(c, 5);
		for (int round = 0; round < 2; round++) {
			int64_t begun = milliseconds();
			assert_int_equal(conn_read_next(c, 1), ETIMEDOUT);
			int64_t took = milliseconds() - begun;
			assert_true(took >= 990 && took < 1000 + late()); /* ticks of the kernel's clock */
		}
		/* The next read has a deadline of its own. */
		c->deadline = milliseconds();
		assert_int_equal(conn_read(c), ETIMEDOUT);
		assert_int_equal(conn_read_next(c, 0), ETIMEDOUT);
		say(l.to, "second");
		assert_int_equal(conn_read_next(c, 1), 0);
		assert_slice(conn_input(c), "second");
		hang_up(l.from, l.to);
		assert_int_equal(conn_read_next(c, 1), 0);
		assert_true(c->ended);
		hang_up(l.in, l.out);
	}
}

static void fill(struct conn *c, int to, size_t total)
{
	char *bytes = patterned(total);
	for (size_t done = 0; done < total;) {
		size_t part = total - done < 4096 ? total - done : 4096;
		assert_int_equal(write(to, bytes + done, part), part);
		assert_int_equal(conn_read(c), 0);
		done += part;
		assert_int_equal(conn_input(c).len, done);
	}
	assert_memory_equal(conn_input(c).at, bytes, total);
	free(bytes);
}

/* Input is read up to the end of the connection's memory, and not beyond. */
static void test_the_room_is_behind_the_input(void **state)
{
	(void)state;
	struct line l = line_of(0);
	struct conn *c = begin(l);
	for (size_t n = 0; n < 3; n++) {
		struct buf room = conn_room(c);
		assert_ptr_equal(room.at, c->memory + n);
		assert_ptr_equal(room.at + room.size, c->memory + sizeof c->memory);
		say(l.to, "x");
		assert_int_equal(conn_read(c), 0);
	}
	line_close(l);
}

static void test_a_full_buffer_says_so(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		fill(c, l.to, HEAD_MAX - 1);
		say(l.to, "xyz");
		assert_int_equal(conn_read(c), 0);
		assert_int_equal(conn_input(c).len, HEAD_MAX);
		assert_int_equal(conn_read(c), ENOBUFS);
		assert_int_equal(conn_input(c).len, HEAD_MAX);
		assert_int_equal(conn_input(c).at[HEAD_MAX - 1], 'x');
		conn_consume(c, 1);
		assert_int_equal(conn_read(c), 0);
		assert_int_equal(conn_input(c).len, HEAD_MAX);
		assert_int_equal(conn_input(c).at[0], pattern(1));
		assert_int_equal(conn_input(c).at[HEAD_MAX - 1], 'y');
		assert_int_equal(conn_read(c), ENOBUFS);
		conn_consume(c, HEAD_MAX);
		assert_int_equal(conn_input(c).len, 0);
		assert_int_equal(conn_read(c), 0);
		assert_slice(conn_input(c), "z");
		line_close(l);
	}
}

/* Slices of the input stay valid while it is consumed. */
static void test_consuming_moves_nothing(void **state)
{
	struct line l = line_of(UNIX);
	struct conn *c = begin(l);
	(void)state;
	say(l.to, "one two three");
	assert_int_equal(conn_read(c), 0);
	const char *at = conn_input(c).at;
	conn_consume(c, 4);
	assert_ptr_equal(conn_input(c).at, at + 4);
	assert_slice(conn_input(c), "two three");
	conn_consume(c, 0);
	assert_int_equal(conn_write(c, slice_of("answer"), false), 0);
	assert_ptr_equal(conn_input(c).at, at + 4);
	assert_slice((struct slice){at, 13}, "one two three");
	say(l.to, " four");
	assert_int_equal(conn_read(c), 0);
	assert_slice(conn_input(c), "two three four");
	conn_consume(c, 14);
	assert_slice(conn_input(c), "");
	line_close(l);
}

/* Whatever part of the input is consumed after each read, no byte is lost or repeated. */
static void test_consumed_in_pieces_of_any_size(void **state)
{
	enum { TOTAL = 200000 };
	struct line l = line_of(UNIX);
	struct conn *c = begin(l);
	size_t seen = 0;
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		hang_up(l.in, l.out);
		char *bytes = patterned(TOTAL);
		for (size_t done = 0; done < TOTAL; done += 1000)
			if (write(l.to, bytes + done, 1000) != 1000)
				_exit(1);
		_exit(0);
	}
	hang_up(l.from, l.to);
	while (!c->ended) {
		assert_int_equal(conn_read(c), 0);
		struct slice s = conn_input(c);
		for (size_t i = 0; i < s.len; i++)
			if (s.at[i] != pattern(seen + i))
				fail_msg("byte %zu is wrong", seen + i);
		size_t n = c->ended ? s.len : (size_t)random_below(s.len + 1);
		if (s.len > HEAD_MAX / 2)
			n = s.len - 1;
		conn_consume(c, n);
		seen += n;
	}
	assert_int_equal(seen, TOTAL);
	assert_int_equal(reap(child), 0);
	hang_up(l.in, l.out);
}

static int listener_of(int family)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(family, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	if (family == AF_INET)
		assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

static void test_a_listening_socket_is_told_by_its_errno(void **state)
{
	const struct tree *tree = *state;
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int tcp = listener_of(AF_INET), local = listener_of(AF_UNIX);
	assert_true(snprintf(name.sun_path, sizeof name.sun_path, "%s/s", tree->path) < (int)sizeof name.sun_path);
	assert_int_equal(bind(local, (struct sockaddr *)&name, sizeof name), 0);
	assert_false(socket_listens(tcp));
	assert_false(socket_listens(local));
	assert_int_equal(listen(tcp, 1), 0);
	assert_int_equal(listen(local, 1), 0);
	for (int i = 0; i < 2; i++) {
		int fd = i ? local : tcp;
		struct conn *c = begin((struct line){.in = fd, .out = fd});
		int error = conn_read(c);
		assert_true(error == ENOTCONN || error == EINVAL);
		assert_false(c->ended);
		assert_true(socket_listens(fd));
		assert_false(socket_connected(fd));
	}
	close(tcp);
	close(local);
}

static void test_only_connected_sockets_are_connected(void **state)
{
	const struct tree *tree = *state;
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		int ends[4] = {l.in, l.out, l.from, l.to};
		for (size_t i = 0; i < ROWS(ends); i++) {
			assert_int_equal(socket_connected(ends[i]), kind != PIPE);
			assert_false(socket_listens(ends[i]));
		}
		line_close(l);
	}
	int datagrams = socket(AF_INET, SOCK_DGRAM, 0), null = open("/dev/null", O_RDWR);
	int others[] = {datagrams, null, tree->fd, -1, 100000};
	for (size_t i = 0; i < ROWS(others); i++) {
		assert_false(socket_connected(others[i]));
		assert_false(socket_listens(others[i]));
	}
	close(datagrams);
	close(null);
}

static void test_writes_all_of_it_to_a_slow_reader(void **state)
{
	enum { TOTAL = 1 << 20 };
	char *bytes = patterned(TOTAL);
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		int room = 4096;
		if (kind != PIPE)
			assert_int_equal(setsockopt(l.out, SOL_SOCKET, SO_SNDBUF, &room, sizeof room), 0);
		pid_t child = reader(l, 0, TOTAL, 1);
		hang_up(l.from, l.to);
		assert_int_equal(conn_write(c, (struct slice){bytes, TOTAL}, false), 0);
		hang_up(l.in, l.out);
		assert_int_equal(reap(child), 0);
	}
	free(bytes);
}

static void test_writes_of_every_small_size(void **state)
{
	static const size_t sizes[] = {0, 1, 2, PIPE_CHUNK - 1, PIPE_CHUNK, PIPE_CHUNK + 1, 3 * PIPE_CHUNK + 1};
	char *bytes = patterned(4 * PIPE_CHUNK), room[4 * PIPE_CHUNK];
	(void)state;
	for (size_t i = 0; i < ROWS(sizes) * KINDS; i++) {
		struct line l = line_of(i % KINDS);
		struct conn *c = begin(l);
		size_t n = sizes[i / KINDS], got = 0;
		assert_int_equal(conn_write(c, (struct slice){bytes, n}, i % 2 == 0), 0);
		assert_int_equal(conn_write(c, (struct slice){NULL, 0}, false), 0);
		hang_up(l.in, l.out);
		for (ssize_t r; (r = read(l.from, room + got, sizeof room - got)) > 0;)
			got += (size_t)r;
		assert_int_equal(got, n);
		assert_memory_equal(room, bytes, n);
		hang_up(l.from, l.to);
	}
	free(bytes);
}

static void test_writes_files(void **state)
{
	const struct tree *tree = *state;
	int out = openat(tree->fd, "out", O_RDWR | O_CREAT, 0600);
	struct conn *c = begin((struct line){.in = tree->fd, .out = out});
	char *bytes = patterned(100000);
	assert_int_equal(conn_write(c, (struct slice){bytes, 100000}, true), 0);
	assert_int_equal(lseek(out, 0, SEEK_SET), 0);
	assert_int_equal(count_pattern(out, 0, 0), 100000);
	free(bytes);
	close(out);
}

#if defined __linux__ && !defined PORTABLE
/* With `more` the first part waits for the second, and both arrive in one segment. */
static void test_more_holds_a_segment_back(void **state)
{
	struct line l = line_of(TCP);
	struct conn *c = begin(l);
	char room[16];
	(void)state;
	assert_int_equal(conn_write(c, slice_of("head"), true), 0);
	assert_int_equal(recv(l.from, room, sizeof room, MSG_DONTWAIT), -1);
	assert_int_equal(conn_write(c, slice_of("body"), false), 0);
	assert_int_equal(recv(l.from, room, sizeof room, 0), 8);
	assert_memory_equal(room, "headbody", 8);
	line_close(l);
}
#endif

static void test_without_more_it_leaves_at_once(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		struct pollfd p = {.fd = l.from, .events = POLLIN};
		assert_int_equal(conn_write(c, slice_of("x"), false), 0);
		assert_int_equal(poll(&p, 1, 150), 1); /* a segment that waits for more takes 200 ms */
		line_close(l);
	}
}

/* Writes until a write fails. Returns its errno. */
static int write_on(struct conn *c)
{
	static const char bytes[65536];
	for (int i = 0; i < 1000; i++) {
		int error = conn_write(c, (struct slice){bytes, sizeof bytes}, false);
		if (error != 0)
			return error;
	}
	return 0;
}

static void test_a_client_that_left_is_an_errno_and_no_signal(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		hang_up(l.from, l.to);
		int error = write_on(c);
		assert_true(error == EPIPE || (kind == TCP && error == ECONNRESET));
		assert_int_equal(write_on(c), EPIPE);
		hang_up(l.in, l.out);
	}
	struct conn *c = begin((struct line){.in = -1, .out = -1});
	assert_int_equal(conn_write(c, slice_of("x"), false), EBADF);
}

/* A write to a socket raises no SIGPIPE, even where the signal is not ignored. */
static void test_writing_to_a_socket_raises_no_sigpipe(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < PIPE; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		hang_up(l.from, l.to);
		signal(SIGPIPE, SIG_DFL);
		int error = write_on(c);
		signal(SIGPIPE, SIG_IGN);
		assert_true(error == EPIPE || error == ECONNRESET);
		hang_up(l.in, l.out);
	}
}

static int pattern_file(const struct tree *tree, const char *name, size_t n)
{
	char *bytes = patterned(n);
	int fd = openat(tree->fd, name, O_RDWR | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	free(bytes);
	return fd;
}

/* Sends a part of the pattern file over a new connection. With `begun`, the byte before it is written first. */
static void send_part(enum kind kind, int file, uint64_t offset, uint64_t length, bool begun)
{
	struct line l = line_of(kind);
	struct conn *c = begin(l);
	uint64_t sent = 12345, before = begun && offset > 0 ? 1 : 0;
	pid_t child = reader(l, offset - before, (int64_t)(length + before), 0);
	hang_up(l.from, l.to);
	char last = pattern(offset - 1);
	assert_int_equal(conn_write(c, (struct slice){&last, (size_t)before}, true), 0);
	assert_int_equal(conn_send(c, file, offset, length, &sent), 0);
	assert_true(sent == length);
	hang_up(l.in, l.out);
	assert_int_equal(reap(child), 0);
}

static void test_sends_files_of_any_size(void **state)
{
	enum { SIZE = 5 << 20 };
	static const uint64_t parts[][2] = {
		{0, 0}, {0, 1}, {0, SIZE}, {1, SIZE - 1}, {SIZE - 1, 1}, {SIZE, 0}, {3, COPY_CHUNK}, {3, COPY_CHUNK + 1},
		{4097, COPY_CHUNK - 1}, {1 << 20, 3 << 20},
	};
	int file = pattern_file(*state, "file", SIZE);
	for (size_t i = 0; i < ROWS(parts) * KINDS; i++) {
		send_part(i % KINDS, file, parts[i / KINDS][0], parts[i / KINDS][1], false);
		send_part(i % KINDS, file, parts[i / KINDS][0], parts[i / KINDS][1], true);
	}
	close(file);
}

static void test_sends_to_files(void **state)
{
	static const int flags[] = {0, O_APPEND};
	const struct tree *tree = *state;
	int file = pattern_file(tree, "file", 300000);
	for (size_t i = 0; i < ROWS(flags); i++) {
		uint64_t sent = 0;
		int out = openat(tree->fd, i ? "b" : "a", O_RDWR | O_CREAT | flags[i], 0600);
		struct conn *c = begin((struct line){.in = tree->fd, .out = out});
		assert_int_equal(conn_send(c, file, 10, 299990, &sent), 0);
		assert_true(sent == 299990);
		assert_int_equal(lseek(out, 0, SEEK_SET), 0);
		assert_int_equal(count_pattern(out, 10, 0), 299990);
		close(out);
	}
	close(file);
}

static void test_offsets_of_more_than_32_bits(void **state)
{
	const struct tree *tree = *state;
	const uint64_t far = (UINT64_C(1) << 32) + 7;
	int file = openat(tree->fd, "file", O_RDWR | O_CREAT, 0600);
	assert_int_equal(pwrite(file, "wrong", 5, 7), 5);
	assert_int_equal(pwrite(file, "right", 5, (off_t)far), 5);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		uint64_t sent = 0;
		char room[8];
		assert_int_equal(conn_send(c, file, far, 5, &sent), 0);
		assert_true(sent == 5);
		assert_int_equal(read(l.from, room, sizeof room), 5);
		assert_memory_equal(room, "right", 5);
		assert_int_equal(conn_send(c, file, far, UINT64_C(1) << 33, &sent), EIO);
		assert_true(sent == 5);
		line_close(l);
	}
	close(file);
}

static void test_a_file_that_ends_early_is_eio(void **state)
{
	static const struct {
		uint64_t offset, length, sent;
	} cases[] = {
		{0, 300001, 300000}, {299999, 2, 1}, {300000, 1, 0}, {300001, 1, 0}, {0, UINT64_C(1) << 40, 300000},
		{0, 300000, 300000}, {1000, 5000000, 299000},
	};
	int file = pattern_file(*state, "file", 300000);
	for (size_t i = 0; i < ROWS(cases) * KINDS * 2; i++) {
		struct line l = line_of(i % KINDS);
		struct conn *c = begin(l);
		size_t n = i / KINDS / 2, before = i / KINDS % 2; /* whether a byte is written before it */
		uint64_t sent = 12345, offset = cases[n].offset, expected = cases[n].sent;
		char last = pattern(offset - 1);
		pid_t child = reader(l, offset - before, (int64_t)(expected + before), 0);
		hang_up(l.from, l.to);
		assert_int_equal(conn_write(c, (struct slice){&last, before}, true), 0);
		int error = conn_send(c, file, offset, cases[n].length, &sent);
		hang_up(l.in, l.out);
		assert_int_equal(error, cases[n].length == expected ? 0 : EIO);
		assert_true(sent == expected);
		assert_int_equal(reap(child), 0);
	}
	close(file);
}

static void test_sending_to_nobody_or_from_nothing_is_an_errno(void **state)
{
	int file = pattern_file(*state, "file", 3 << 20);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		uint64_t sent = 12345;
		assert_int_equal(conn_send(c, -1, 0, 1, &sent), EBADF);
		assert_true(sent == 0);
		hang_up(l.from, l.to);
		int error = conn_send(c, file, 0, 3 << 20, &sent);
		assert_true(error == EPIPE || (kind == TCP && error == ECONNRESET));
		assert_true(sent < 3 << 20);
		hang_up(l.in, l.out);
	}
	close(file);
}

/* `sent` is the number of bytes that the reader gets, also where the transfer fails. */
static void test_sent_is_exact_when_the_file_shrinks_meanwhile(void **state)
{
	const struct tree *tree = *state;
	enum { SIZE = 4 << 20 };
	int file = pattern_file(tree, "file", SIZE);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		uint64_t sent = 0;
		int told[2];
		int64_t got = 0;
		assert_int_equal(pipe(told), 0);
		pid_t child = fork();
		if (child == 0) {
			hang_up(l.in, l.out);
			alarm(60 * (unsigned)pace());
			rest(30);
			if (ftruncate(file, 1 << 20) != 0)
				_exit(1);
			got = count_any(l.from); /* pages that sendfile had queued may read as zeros now */
			_exit(write(told[1], &got, sizeof got) == sizeof got ? 0 : 1);
		}
		hang_up(l.from, l.to);
		int error = conn_send(c, file, 0, SIZE, &sent);
		assert_int_equal(error, kind == TCP && sent == SIZE ? 0 : EIO); /* TCP's buffers may hold all of it */
		hang_up(l.in, l.out);
		assert_int_equal(reap(child), 0);
		assert_int_equal(read(told[0], &got, sizeof got), sizeof got);
		assert_true((uint64_t)got == sent);
		hang_up(told[0], told[1]);
		close(file);
		unlinkat(tree->fd, "file", 0);
		file = pattern_file(tree, "file", SIZE);
	}
	close(file);
}

static void test_interactive_turns_nagle_off(void **state)
{
	int on = 0;
	socklen_t size = sizeof on;
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		conn_no_delay(c);
		if (kind == TCP) {
			assert_int_equal(getsockopt(l.out, IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
			assert_true(on != 0);
		}
		assert_int_equal(conn_write(c, slice_of("x"), false), 0);
		line_close(l);
	}
}

/* Whether the other side reads the end of the stream. */
static bool told_the_end(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char c;
	return poll(&p, 1, 0) == 1 && read(fd, &c, 1) == 0;
}

/* Fails unless the client reads a reset, not an end. */
static void test_abort_ends_in_a_reset(void **state)
{
	(void)state;
	for (int aborted = 0; aborted < 2; aborted++) {
		struct line l = line_of(TCP);
		struct conn *c = begin(l);
		char byte;
		if (aborted)
			conn_abort(c);
		close(l.in);
		ssize_t n = read(l.from, &byte, 1);
		assert_int_equal(n, aborted ? -1 : 0);
		assert_true(!aborted || errno == ECONNRESET);
		close(l.from);
	}
}

static void test_finish_with_nothing_unread_returns_at_once(void **state)
{
	(void)state;
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct line l = line_of(kind);
		struct conn *c = begin(l);
		say(l.to, "GET");
		assert_int_equal(conn_read(c), 0);
		int64_t begun = milliseconds();
		conn_finish(c, false);
		assert_true(milliseconds() - begun < AT_ONCE);
		assert_false(told_the_end(l.from));
		line_close(l);
	}
}

static void test_finish_after_the_end_returns_at_once(void **state)
{
	(void)state;
	for (int expected = 0; expected < 2; expected++) {
		struct line l = line_of(TCP);
		struct conn *c = begin(l);
		shutdown(l.to, SHUT_WR);
		assert_int_equal(conn_read(c), 0);
		assert_true(c->ended);
		int64_t begun = milliseconds();
		conn_finish(c, expected);
		assert_true(milliseconds() - begun < AT_ONCE);
		line_close(l);
	}
}

/*
 * The client waits for the end of the answer, and the server for the end of the client. The half-close ends both waits.
 */
static void test_finish_says_that_nothing_more_comes(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * KINDS; i++) {
		struct line l = line_of(i % KINDS);
		struct conn *c = begin(l);
		bool expected = i < KINDS;
		pid_t child = fork();
		if (child == 0) {
			hang_up(l.in, l.out);
			alarm(60 * (unsigned)pace());
			_exit(count_any(l.from) == 6 ? 0 : 1);
		}
		say(l.to, "GET");
		assert_int_equal(conn_read(c), 0);
		say(l.to, "unread"); /* bytes have come already */
		hang_up(l.from, l.to);
		assert_int_equal(conn_write(c, slice_of("ans"), false), 0);
		assert_int_equal(conn_write(c, slice_of("wer"), false), 0);
		int64_t begun = milliseconds();
		conn_finish(c, expected || i % KINDS == PIPE); /* a pipe is not asked for further input */
		assert_true(milliseconds() - begun < AT_ONCE);
		assert_int_equal(reap(child), 0);
		close(l.in);
	}
}

/* After one read and one write nothing further can have come, so the input is not looked at. */
static void test_finish_asks_nothing_after_one_read_and_one_write(void **state)
{
	(void)state;
	for (int more = 0; more < 2; more++) {
		struct line l = line_of(TCP);
		struct conn *c = begin(l);
		say(l.to, "GET");
		assert_int_equal(conn_read(c), 0);
		assert_int_equal(conn_write(c, slice_of("answer"), false), 0);
		if (more)
			assert_int_equal(conn_write(c, slice_of("more"), false), 0);
		say(l.to, "unread");
		shutdown(l.to, SHUT_WR);
		rest(20);
		conn_finish(c, false);
		char answer[16];
		assert_true(recv(l.from, answer, sizeof answer, 0) >= 6);
		assert_int_equal(told_the_end(l.from), more);
		line_close(l);
	}
}

static void write_all(int fd, size_t n)
{
	static const char bytes[65536];
	while (n > 0) {
		ssize_t w = write(fd, bytes, n < sizeof bytes ? n : sizeof bytes);
		if (w <= 0)
			_exit(2);
		n -= (size_t)w;
	}
}

/* A client that sends a request and 1 MiB of further bytes, then reads its answer. */
static void talkative(struct line l, size_t answer)
{
	hang_up(l.in, l.out);
	alarm(60 * (unsigned)pace());
	if (write(l.to, "GET", 3) != 3)
		_exit(1);
	write_all(l.to, 1 << 20);
	_exit(count_pattern(l.from, 0, 0) == (int64_t)answer ? 0 : 3);
}

static void test_finish_lets_the_answer_arrive(void **state)
{
	enum { ANSWER = 300000 };
	char *bytes = patterned(ANSWER);
	(void)state;
	for (int i = 0; i < 50; i++) {
		struct line l = line_of(TCP);
		struct conn *c = begin(l);
		pid_t child = fork();
		if (child == 0)
			talkative(l, ANSWER);
		hang_up(l.from, l.to);
		assert_int_equal(conn_read(c), 0);
		conn_consume(c, 3);
		assert_int_equal(conn_write(c, (struct slice){bytes, ANSWER}, false), 0);
		conn_finish(c, true);
		hang_up(l.in, l.out);
		assert_int_equal(reap(child), 0);
	}
	free(bytes);
}

/* conn.c once more, on a simulated clock that moves only while conn.c would wait. */
static struct {
	int64_t now;
	int64_t next, every; /* time of the client's next action, and the interval after it; 0: none */
	int reads, writes; /* the descriptor of that action, -1: none */
	size_t bytes; /* bytes of each action */
	uint64_t endless; /* so many bytes can be read although nobody has sent them */
	uint64_t taken; /* how many of them were read */
} world;

static void world_begin(void)
{
	memset(&world, 0, sizeof world);
	world.now = 1000000;
	world.reads = world.writes = -1;
}

static void world_acts(void)
{
	static char room[1 << 18];
	if (world.reads >= 0)
		assert_true(recv(world.reads, room, world.bytes, MSG_DONTWAIT) > 0);
	if (world.writes >= 0)
		assert_int_equal(write(world.writes, room, world.bytes), world.bytes);
	world.next += world.every;
}

static int world_clock(clockid_t clock, struct timespec *t)
{
	(void)clock;
	t->tv_sec = (time_t)(world.now / 1000);
	t->tv_nsec = (long)(world.now % 1000) * 1000000;
	return 0;
}

static int world_poll(struct pollfd *p, nfds_t n, int timeout)
{
	int ready = poll(p, n, 0);
	assert_true(timeout >= 0);
	if (ready != 0)
		return ready;
	if (world.every == 0 || world.now + timeout < world.next) {
		world.now += timeout;
		return 0;
	}
	world.now = world.next;
	world_acts();
	return poll(p, n, 0);
}

static ssize_t world_recv(int fd, void *at, size_t n, int flags)
{
	if (world.endless == 0)
		return recv(fd, at, n, flags);
	if (n > world.endless)
		n = (size_t)world.endless;
	world.endless -= n;
	world.taken += n;
	return (ssize_t)n;
}

#define conn_begin timed_begin
#define conn_deadline timed_deadline
#define conn_input timed_input
#define conn_room timed_room
#define conn_time timed_time
#define conn_read timed_read
#define conn_read_next timed_read_next
#define conn_consume timed_consume
#define conn_write timed_write
#define conn_send timed_send
#define conn_no_delay timed_interactive
#define conn_abort timed_abort
#define conn_finish timed_finish
#define conn_has_listener timed_has_listener
#define conn_has_client timed_has_client
bool timed_has_listener(const struct conn *c);
bool timed_has_client(const struct conn *c);
#define clock_gettime(clock, t) world_clock(clock, t)
#define poll(p, n, timeout) world_poll(p, n, timeout)
#define recv(fd, at, n, flags) world_recv(fd, at, n, flags)
#include "system/conn.c"
#undef clock_gettime
#undef poll
#undef recv

static struct conn *begin_timed(struct line l)
{
	static struct conn c;
	world_begin();
	timed_begin(&c, l.in, l.out);
	return &c;
}

static void test_the_longest_deadline_is_waited_for(void **state)
{
	struct line l = line_of(UNIX);
	struct conn *c = begin_timed(l);
	(void)state;
	timed_deadline(c, TIMEOUT_MAX);
	assert_int_equal(timed_read(c), ETIMEDOUT);
	assert_true(world.now == 1000000 + TIMEOUT_MAX * 1000);
	line_close(l);
}

/* Whether the bytes up to the end are the beginning of the pattern, and behind it its first `sent` bytes again. */
static bool is_pattern_twice(int fd, uint64_t sent)
{
	static char room[16 << 20];
	size_t total = 0;
	ssize_t n;
	while ((n = read(fd, room + total, sizeof room - total)) > 0)
		total += (size_t)n;
	bool same = n == 0 && total >= sent;
	for (size_t i = 0; same && i < total; i++)
		same = room[i] == pattern(i < total - sent ? i : i - (total - sent));
	return same;
}

/*
 * A client that reads nothing ends the transfer after PROGRESS_SECONDS, and the bytes that are counted as sent have
 * left. Before Linux 6.5, sendfile takes some pages once although send finds a local socket full.
 */
static void test_no_progress_is_a_timeout(void **state)
{
	const int64_t limit = PROGRESS_SECONDS * 1000;
	int file = pattern_file(*state, "file", 8 << 20);
	char *bytes = patterned(8 << 20);
	for (size_t i = 0; i < 2 * KINDS; i++) {
		struct line l = line_of(i % KINDS);
		struct conn *c = begin_timed(l);
		uint64_t sent = 0;
		int error = i < KINDS ? timed_send(c, file, 0, 8 << 20, &sent)
		                      : timed_write(c, (struct slice){bytes, 8 << 20}, false);
		assert_int_equal(error, ETIMEDOUT);
		assert_true(world.now >= 1000000 + limit && world.now <= 1000000 + limit + 1);
		if (i >= KINDS) { /* twice more; the last time not one byte leaves */
			uint64_t none;
			assert_int_equal(timed_send(c, file, 0, 8 << 20, &sent), ETIMEDOUT);
			assert_true(world.now >= 1000000 + 2 * limit && world.now <= 1000000 + 2 * limit + 2);
			assert_int_equal(timed_send(c, file, 0, 8 << 20, &none), ETIMEDOUT);
			assert_true(world.now >= 1000000 + 3 * limit && world.now <= 1000000 + 3 * limit + 3);
			assert_true(none == 0);
		}
		hang_up(l.in, l.out);
		if (i < KINDS)
			assert_int_equal(count_pattern(l.from, 0, 0), sent);
		else
			assert_true(is_pattern_twice(l.from, sent));
		hang_up(l.from, l.to);
	}
	free(bytes);
	close(file);
}

/* Sends 1 MiB to a client that takes `bytes` every `every` milliseconds. */
static int send_slowly(enum kind kind, int file, size_t bytes, int64_t every)
{
	struct line l = line_of(kind);
	struct conn *c = begin_timed(l);
	uint64_t sent;
	world.reads = l.from;
	world.bytes = bytes;
	world.every = every;
	world.next = world.now + every;
	int error = timed_send(c, file, 0, 1 << 20, &sent);
	assert_true(error != 0 || sent == 1 << 20);
	line_close(l);
	return error;
}

static void test_a_transfer_that_moves_goes_on_for_hours(void **state)
{
	const int64_t limit = PROGRESS_SECONDS * 1000;
	int file = pattern_file(*state, "file", 1 << 20);
	assert_int_equal(send_slowly(UNIX, file, 1 << 18, limit - 1), 0);
	assert_true(world.now > 1000000 + 2 * limit);
	assert_int_equal(send_slowly(UNIX, file, 1 << 18, limit + 1), ETIMEDOUT);
	close(file);
}

/*
 * A client that reads a page of memory a second, usually 4 KiB. The buffer never has the room that poll() waits for,
 * but a write would succeed. A Unix socket frees its room in pieces of several pages: 4 KiB a second is too slow for
 * PROGRESS_SECONDS where a page has 16 KiB.
 */
static void test_a_slow_transfer_moves_although_poll_does_not_say_so(void **state)
{
	int file = pattern_file(*state, "file", 1 << 20);
	assert_int_equal(send_slowly(UNIX, file, (size_t)sysconf(_SC_PAGESIZE), 1000), 0);
	close(file);
}

static void test_finish_waits_no_longer_than_its_limit(void **state)
{
	const int64_t limit = DRAIN_SECONDS * 1000;
	(void)state;
	for (size_t i = 0; i < 2 * KINDS; i++) {
		struct line l = line_of(i % KINDS);
		struct conn *c = begin_timed(l);
		assert_int_equal(timed_write(c, slice_of("answer"), false), 0);
		if (i >= KINDS) { /* a client that goes on sending does not prolong it */
			world.writes = l.to;
			world.bytes = 100;
			world.every = 900;
			world.next = world.now + world.every;
		}
		timed_finish(c, true);
		assert_true(world.now >= 1000000 + limit && world.now <= 1000000 + limit + 1);
		if (i % KINDS == PIPE)
			l.out = l.in; /* it was closed */
		line_close(l);
	}
}

static void test_finish_reads_no_more_than_its_limit(void **state)
{
	(void)state;
	for (int more = 0; more < 2; more++) {
		struct line l = line_of(TCP);
		struct conn *c = begin_timed(l);
		world.endless = (uint64_t)DRAIN_BYTES + (more ? 10 << 20 : -1);
		world.taken = 0;
		shutdown(l.to, SHUT_WR); /* the end that is read when those bytes are used up */
		timed_finish(c, true);
		if (more)
			assert_true(world.taken >= DRAIN_BYTES && world.taken < DRAIN_BYTES + HEAD_MAX);
		else
			assert_true(world.taken == DRAIN_BYTES - 1 && c->ended);
		line_close(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_begins_with_nothing),
		cmocka_unit_test(test_reads_what_is_there),
		cmocka_unit_test(test_the_end_is_no_error),
		IN_TREE(test_reads_files),
		IN_TREE(test_what_cannot_be_read_says_so),
		cmocka_unit_test(test_the_deadline_is_kept),
		cmocka_unit_test(test_a_deadline_is_in_seconds_from_now),
		cmocka_unit_test(test_what_is_there_is_read_after_the_deadline),
		cmocka_unit_test(test_waits_until_something_comes),
		cmocka_unit_test(test_signals_do_not_shorten_a_wait),
		cmocka_unit_test(test_the_next_request_is_waited_for),
		cmocka_unit_test(test_the_room_is_behind_the_input),
		cmocka_unit_test(test_a_full_buffer_says_so),
		cmocka_unit_test(test_consuming_moves_nothing),
		cmocka_unit_test(test_consumed_in_pieces_of_any_size),
		IN_TREE(test_a_listening_socket_is_told_by_its_errno),
		IN_TREE(test_only_connected_sockets_are_connected),
		cmocka_unit_test(test_writes_all_of_it_to_a_slow_reader),
		cmocka_unit_test(test_writes_of_every_small_size),
		IN_TREE(test_writes_files),
#if defined __linux__ && !defined PORTABLE
		cmocka_unit_test(test_more_holds_a_segment_back),
#endif
		cmocka_unit_test(test_without_more_it_leaves_at_once),
		cmocka_unit_test(test_a_client_that_left_is_an_errno_and_no_signal),
		cmocka_unit_test(test_writing_to_a_socket_raises_no_sigpipe),
		IN_TREE(test_sends_files_of_any_size),
		IN_TREE(test_sends_to_files),
		IN_TREE(test_offsets_of_more_than_32_bits),
		IN_TREE(test_a_file_that_ends_early_is_eio),
		IN_TREE(test_sending_to_nobody_or_from_nothing_is_an_errno),
		IN_TREE(test_sent_is_exact_when_the_file_shrinks_meanwhile),
		cmocka_unit_test(test_interactive_turns_nagle_off),
		cmocka_unit_test(test_abort_ends_in_a_reset),
		cmocka_unit_test(test_finish_with_nothing_unread_returns_at_once),
		cmocka_unit_test(test_finish_after_the_end_returns_at_once),
		cmocka_unit_test(test_finish_says_that_nothing_more_comes),
		cmocka_unit_test(test_finish_asks_nothing_after_one_read_and_one_write),
		cmocka_unit_test(test_finish_lets_the_answer_arrive),
		cmocka_unit_test(test_the_longest_deadline_is_waited_for),
		IN_TREE(test_no_progress_is_a_timeout),
		IN_TREE(test_a_transfer_that_moves_goes_on_for_hours),
		IN_TREE(test_a_slow_transfer_moves_although_poll_does_not_say_so),
		cmocka_unit_test(test_finish_waits_no_longer_than_its_limit),
		cmocka_unit_test(test_finish_reads_no_more_than_its_limit),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
