/* SPDX-License-Identifier: ISC */
/*
 * Plays the wire cases: sends the request (NAME.req) and compares the answer (NAME.res), over a file, pipes and
 * sockets. README has the format of a case. The server runs as under inetd, one process for each connection.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef PLAY_LIMIT
#define PLAY_LIMIT 60 /* seconds a run may take, times PACE */
#endif

#define MOST ((size_t)64 << 20) /* bytes of an answer, at most */
#define MAX_JOBS 64
#define MAX_ITEMS 64 /* arguments or variables of one case */
#define MAX_WAYS 6   /* ways to play a case, at most */
#define DATE_SLACK 60 /* seconds that a date of the server may differ from the clock */
#define HEAD_SECONDS 20 /* the server's default of --timeout */

struct bytes {
	char *at;
	size_t len, room;
};

/* One case. Its memory is never freed: the process that plays it ends with it. */
struct trial {
	const char *name; /* path without ".req" */
	struct bytes req, res, log;
	bool has_res, has_log;
	bool write; /* differences are written into the case */
	int exit_status;
	unsigned ways; /* bit i: the case is played in ways[i] */
	char *args[MAX_ITEMS + 4];
	char *env[MAX_ITEMS + 2];
};

struct way;

/* A complaint about a case, with the ways in which it occurred. */
struct complaint {
	char what[96];
	struct bytes detail; /* of the first of these ways */
	unsigned ways;
};

/* The complaints about one case, in order. Each way can have five. */
struct complaints {
	struct complaint list[5 * MAX_WAYS];
	size_t n;
};

/* One server process, and our ends of its descriptors; a closed one is -1. */
struct run {
	const struct way *way;
	const struct trial *trial;
	int in, out;    /* the server's descriptors 0 and 1 */
	int send, recv; /* our ends of these */
	int err;        /* our end of the server's descriptor 2 */
	int stored;     /* the file with its answer, in the way "file" */
	int gate;       /* a copy of its descriptor 0, which shows whether it has read the last piece */
	pid_t pid;
	size_t sent;
	unsigned pieces, waits;
	struct bytes answer, errors; /* .at is NULL while there is nothing */
	bool exited, hung, reset, flooded;
	int status;
	time_t began; /* before the start of the server */
	struct complaints *complaints;
};

struct way {
	const char *name;
	void (*plug)(struct run *);
	bool in_pieces;  /* otherwise all at once */
	bool half_close; /* ends the stream after the request (a pipe always does) */
	bool tcp;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "play: %s: %s\n", what, strerror(errno));
	fflush(NULL);
	_exit(2);
}

static int must(int result, const char *what)
{
	if (result < 0)
		die(what);
	return result;
}

static void *must_have(void *memory)
{
	if (memory == NULL)
		die("memory");
	return memory;
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int copy_of(int fd)
{
	return must(dup(fd), "dup");
}

static void bytes_add(struct bytes *b, const char *at, size_t len)
{
	if (b->room <= b->len + len) { /* a NUL is always behind the text, for strtok and others */
		b->room = 2 * (b->len + len) + 1;
		b->at = must_have(realloc(b->at, b->room));
	}
	if (len > 0)
		memcpy(b->at + b->len, at, len);
	b->len += len;
	b->at[b->len] = '\0';
}

static void bytes_text(struct bytes *b, const char *text)
{
	bytes_add(b, text, strlen(text));
}

static void bytes_number(struct bytes *b, size_t number)
{
	char digits[32];
	snprintf(digits, sizeof digits, "%zu", number);
	bytes_text(b, digits);
}

static bool bytes_equal(const struct bytes *a, const struct bytes *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->at, b->at, a->len) == 0);
}

/* The bytes up to the end of the stream. */
static struct bytes drained(int fd)
{
	struct bytes b = {NULL, 0, 0};
	char piece[65536];
	ssize_t n;
	bytes_add(&b, "", 0);
	while ((n = read(fd, piece, sizeof piece)) > 0)
		bytes_add(&b, piece, (size_t)n);
	must((int)n, "read");
	return b;
}

static char *path_of(const char *name, const char *suffix)
{
	struct bytes b = {NULL, 0, 0};
	bytes_text(&b, name);
	bytes_text(&b, suffix);
	return b.at;
}

/* False where the case has no such file. Any other error of reading it ends the program. */
static bool side_file(const char *name, const char *suffix, struct bytes *content)
{
	char *path = path_of(name, suffix);
	int fd = open(path, O_RDONLY);
	if (fd < 0 && errno != ENOENT)
		die(path);
	if (fd >= 0) {
		*content = drained(fd);
		close(fd);
	}
	free(path);
	return fd >= 0;
}

static char *replaced(const char *text, const char *what, const char *with)
{
	struct bytes b = {NULL, 0, 0};
	const char *next;
	for (; (next = strstr(text, what)) != NULL; text = next + strlen(what)) {
		bytes_add(&b, text, (size_t)(next - text));
		bytes_text(&b, with);
	}
	bytes_text(&b, text);
	return b.at;
}

/* Whether the text begins with a date in this form, from the beginning of the run to a minute after it. */
static bool is_recent(const char *text, size_t len, const char *form, time_t began)
{
	time_t last = time(NULL) + DATE_SLACK;
	for (time_t then = began - DATE_SLACK; then <= last; then++) {
		struct tm tm;
		char wanted[64];
		if (gmtime_r(&then, &tm) == NULL)
			die("gmtime_r");
		size_t n = strftime(wanted, sizeof wanted, form, &tm);
		if (n <= len && memcmp(text, wanted, n) == 0)
			return true;
	}
	return false;
}

#define DATE_NAME "Date: "
#define DATE_FORM "Date: %a, %d %b %Y %H:%M:%S GMT\r\n"
#define DATE_LEN (sizeof "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" - 1)
#define DATE_MASK "Date: <DATE>\r\n"

static bool begins(const struct bytes *b, size_t at, const char *text)
{
	size_t n = strlen(text);
	return b->len - at >= n && memcmp(b->at + at, text, n) == 0;
}

/*
 * The answer with its valid dates masked. An invalid date stays, and so does not match; neither does a mask that the
 * server sent.
 */
static struct bytes masked_answer(const struct bytes *raw, time_t began)
{
	struct bytes b = {NULL, 0, 0};
	bytes_add(&b, "", 0);
	for (size_t i = 0, n; i < raw->len; i += n) {
		const char *end = memchr(raw->at + i, '\n', raw->len - i);
		n = end != NULL ? (size_t)(end - raw->at) + 1 - i : raw->len - i;
		if (n == DATE_LEN && begins(raw, i, DATE_NAME) && is_recent(raw->at + i, n, DATE_FORM, began))
			bytes_text(&b, DATE_MASK);
		else if (begins(raw, i, DATE_MASK))
			bytes_text(&b, "Date: <DATE> as such\r\n");
		else
			bytes_add(&b, raw->at + i, n);
	}
	return b;
}

#define STAMP_FORM "[%d/%b/%Y:%H:%M:%S +0000]"
#define STAMP_LEN (sizeof "[06/Nov/1994:08:49:37 +0000]" - 1)
#define STAMP_MASK "[DATE]"

/* The log line with its date masked, if the date is of this run. */
static struct bytes masked_log(const struct bytes *raw, time_t began)
{
	struct bytes b = {NULL, 0, 0};
	size_t i;
	for (i = 0; i < raw->len; i++)
		if (raw->at[i] == '[' && is_recent(raw->at + i, raw->len - i, STAMP_FORM, began))
			break;
	bytes_add(&b, raw->at, i);
	if (i < raw->len) { /* found */
		bytes_text(&b, STAMP_MASK);
		bytes_add(&b, raw->at + i + STAMP_LEN, raw->len - i - STAMP_LEN);
	}
	return b;
}

/* ---- how the server is plugged in ---- */

static void plug_file(struct run *r)
{
	char *path = path_of(r->trial->name, ".req");
	FILE *f = tmpfile();
	if (f == NULL)
		die("tmpfile");
	r->in = must(open(path, O_RDONLY), path);
	r->out = copy_of(fileno(f));
	r->stored = copy_of(fileno(f));
	fclose(f);
	free(path);
}

static void plug_pipe(struct run *r)
{
	int request[2], answer[2];
	must(pipe(request), "pipe");
	must(pipe(answer), "pipe");
	r->in = request[0];
	r->send = request[1];
	r->recv = answer[0];
	r->out = answer[1];
}

/* A socket is both ends. Each end has a descriptor of its own, which can be closed alone. */
static void plug_sockets(struct run *r, int client, int server)
{
	r->in = server;
	r->out = copy_of(server);
	r->send = client;
	r->recv = copy_of(client);
}

static void plug_unix(struct run *r)
{
	int pair[2];
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
	plug_sockets(r, pair[0], pair[1]);
}

static void plug_tcp(struct run *r)
{
	struct sockaddr_in here = {.sin_family = AF_INET};
	struct sockaddr *addr = (struct sockaddr *)&here;
	socklen_t size = sizeof here;
	int one = 1, listener = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(bind(listener, addr, size), "bind");
	must(listen(listener, 1), "listen");
	must(getsockname(listener, addr, &size), "getsockname");
	int client = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
	must(connect(client, addr, size), "connect");
	must(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one), "TCP_NODELAY");
	plug_sockets(r, client, must(accept(listener, NULL, NULL), "accept"));
	close(listener);
}

static const struct way ways[] = {
	{.name = "file", .plug = plug_file},
	{.name = "pipe", .plug = plug_pipe},
	{.name = "pipe-bytes", .plug = plug_pipe, .in_pieces = true},
	{.name = "unix", .plug = plug_unix, .half_close = true},
	{.name = "tcp", .plug = plug_tcp, .tcp = true},
	{.name = "tcp-bytes", .plug = plug_tcp, .tcp = true, .in_pieces = true},
};
#define N_WAYS (sizeof ways / sizeof ways[0])
_Static_assert(N_WAYS <= MAX_WAYS, "each way has its bit and its complaints");

/* ---- one run ---- */

/*
 * Starts the server, which inherits no other descriptor, no variable and no ignored signal. posix_spawn copies no
 * memory, as fork would: that takes longer than all that a server does.
 */
static pid_t start_server(const struct run *r, int err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t ignored;
	pid_t pid;
	for (int fd = 3; fd < 256; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC); /* most of them are not open */
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &ignored);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, r->in, 0);
	posix_spawn_file_actions_adddup2(&actions, r->out, 1);
	posix_spawn_file_actions_adddup2(&actions, err, 2);
	errno = posix_spawn(&pid, r->trial->args[0], &actions, &attributes, r->trial->args, r->trial->env);
	if (errno != 0)
		die(r->trial->args[0]);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return pid;
}

static void nonblocking(int fd)
{
	if (fd >= 0)
		must(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), "fcntl");
}

static void stop_sending(struct run *r)
{
	if (r->way->half_close && r->send >= 0)
		shutdown(r->send, SHUT_WR);
	shut(&r->send);
	shut(&r->gate);
}

static void start(struct run *r)
{
	int err[2];
	r->in = r->out = r->send = r->recv = r->stored = r->gate = -1;
	r->began = time(NULL);
	r->way->plug(r);
	must(pipe(err), "pipe");
	r->err = err[0];
	r->pid = start_server(r, err[1]);
	close(err[1]);
	if (r->way->in_pieces)
		r->gate = copy_of(r->in);
	shut(&r->in);
	shut(&r->out);
	nonblocking(r->send);
	nonblocking(r->recv);
	if (r->trial->req.len == 0)
		stop_sending(r);
}

/* The size of the next piece: a byte, or 1 to 97 bytes of a large request. */
static size_t piece_size(const struct run *r)
{
	size_t left = r->trial->req.len - r->sent, piece = left;
	if (r->way->in_pieces)
		piece = r->trial->req.len <= 4096 ? 1 : 1 + r->pieces * 31 % 97;
	return piece < left ? piece : left;
}

/*
 * A server may refuse early and end, so a failed write is no fault. But the kernel reports a reset only once, to the
 * reader or the writer. So where no reset may occur, the writer has to notice it, too.
 */
static void send_piece(struct run *r)
{
	ssize_t n = write(r->send, r->trial->req.at + r->sent, piece_size(r));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 && errno != EPIPE && errno != ECONNRESET)
		die("write to the server");
	r->waits = 0;
	r->pieces++;
	r->sent += n > 0 ? (size_t)n : 0;
	if (n < 0 && errno == ECONNRESET && r->way->tcp && !r->way->in_pieces)
		r->reset = true;
	if (n < 0 || r->sent == r->trial->req.len)
		stop_sending(r);
}

/* Reads once. Closes the descriptor at the end of the stream. */
static void receive(struct run *r, int *fd, struct bytes *to)
{
	char piece[65536];
	ssize_t n = read(*fd, piece, sizeof piece);
	if (n > 0)
		bytes_add(to, piece, (size_t)n);
	if (to->len > MOST)
		r->flooded = true;
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	if (n < 0 && errno != ECONNRESET)
		die("read from the server");
	/* A local socket reports a reset whenever bytes were left unread, but loses none. So that is no fault. */
	if (n < 0 && r->way->tcp)
		r->reset = true;
	shut(fd);
}

/*
 * The server must not read several pieces as one. So the next piece is sent when our copy of its descriptor has nothing
 * to read. This wait has a limit, as a server may leave input unread.
 */
static bool took_last_piece(struct run *r)
{
	struct pollfd p = {.fd = r->gate, .events = POLLIN};
	if (r->exited || r->waits > 3000)
		shut(&r->gate);
	return r->gate < 0 || poll(&p, 1, 0) == 0;
}

/* Milliseconds to wait for an event. */
static int patience(struct run *r, bool gated)
{
	if (gated && r->waits++ < 500) {
		sched_yield();
		return 0;
	}
	return gated || (r->recv < 0 && r->err < 0) ? 1 : 100;
}

static void step(struct run *r)
{
	bool gated = r->send >= 0 && !took_last_piece(r);
	struct pollfd p[] = {
		{.fd = r->recv, .events = POLLIN},
		{.fd = r->err, .events = POLLIN},
		{.fd = gated ? -1 : r->send, .events = POLLOUT},
	};
	if (poll(p, 3, patience(r, gated)) < 0 && errno != EINTR)
		die("poll");
	if (p[0].revents)
		receive(r, &r->recv, &r->answer);
	if (p[1].revents)
		receive(r, &r->err, &r->errors);
	if (p[2].revents)
		send_piece(r);
	if (r->recv < 0 && r->stored < 0)
		stop_sending(r); /* the answer has ended; now the client closes, which a lingering server waits for */
	if (!r->exited)
		r->exited = must(waitpid(r->pid, &r->status, WNOHANG), "waitpid") == r->pid;
}

static double seconds(void)
{
	struct timespec now;
	must(clock_gettime(CLOCK_MONOTONIC, &now), "clock_gettime");
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* How many times slower than a quick machine this one is: PACE of the environment, 1 without it. */
static int pace(void)
{
	const char *text = getenv("PACE");
	int n = text != NULL ? atoi(text) : 1;
	return n < 1 ? 1 : n > 1000 ? 1000 : n;
}

static void finish(struct run *r)
{
	double deadline = seconds() + PLAY_LIMIT * pace();
	while ((!r->exited || r->recv >= 0 || r->err >= 0) && !r->flooded && !r->hung) {
		step(r);
		r->hung = seconds() > deadline;
	}
	if (!r->exited) {
		kill(r->pid, SIGKILL);
		must(waitpid(r->pid, &r->status, 0), "waitpid");
	}
	shut(&r->recv);
	shut(&r->err);
	stop_sending(r);
	if (r->stored >= 0) {
		must((int)lseek(r->stored, 0, SEEK_SET), "lseek");
		r->answer = drained(r->stored);
		shut(&r->stored);
	}
}

/* ---- the verdict ---- */

static void add_byte(struct bytes *b, char byte)
{
	unsigned char c = (unsigned char)byte;
	char hex[8];
	if (c == '\r')
		bytes_text(b, "\\r");
	else if (c == '\n')
		bytes_text(b, "\\n");
	else if (c == '\\')
		bytes_text(b, "\\\\");
	else if (c < ' ' || c > '~') {
		snprintf(hex, sizeof hex, "\\x%02x", c);
		bytes_text(b, hex);
	} else
		bytes_add(b, &byte, 1);
}

/* The bytes from 40 before `here` to 40 after it, with a mark between them. */
static void add_around(struct bytes *to, const char *label, const struct bytes *b, size_t here)
{
	size_t i = here > 40 ? here - 40 : 0;
	bytes_text(to, label);
	for (; i < b->len && i < here + 40; i++) {
		if (i == here)
			bytes_text(to, " >>>");
		add_byte(to, b->at[i]);
	}
	bytes_text(to, b->len <= here ? " >>>(end)\n" : "\n");
}

/* The lines from byte i to byte `end`, each behind the label. Only the first few lines, and long ones are cut. */
static void add_lines_of(struct bytes *to, const char *label, const struct bytes *b, size_t i, size_t end)
{
	enum { MOST_LINES = 8, LONGEST = 160 };
	size_t column = 0;
	int lines = 0;
	for (; i < end; i++) {
		if (column == 0 && ++lines > MOST_LINES) {
			bytes_text(to, "    (and ");
			bytes_number(to, end - i);
			bytes_text(to, " bytes more)\n");
			return;
		}
		if (column == 0)
			bytes_text(to, label);
		if (column++ < LONGEST)
			add_byte(to, b->at[i]);
		else if (column == LONGEST + 2)
			bytes_text(to, "...");
		if (b->at[i] == '\n' || i + 1 == end) {
			bytes_text(to, "\n");
			column = 0;
		}
	}
}

/* The number of equal bytes at the beginning. */
static size_t common_start(const struct bytes *a, const struct bytes *b)
{
	size_t i = 0;
	while (i < a->len && i < b->len && a->at[i] == b->at[i])
		i++;
	return i;
}

/* The number of equal bytes at the end, in whole lines, and not before `start`. */
static size_t common_end(const struct bytes *a, const struct bytes *b, size_t start)
{
	size_t n = 0, whole = 0;
	while (n < a->len - start && n < b->len - start && a->at[a->len - 1 - n] == b->at[b->len - 1 - n]) {
		if (a->at[a->len - 1 - n] == '\n')
			whole = n; /* the bytes behind this line end are equal */
		n++;
	}
	return whole;
}

/* The place of the first difference, and the lines from there to where both are equal again. */
static void add_difference(struct bytes *to, const struct bytes *expected, const struct bytes *actual)
{
	size_t here = common_start(expected, actual), line = here;
	bytes_text(to, "  first difference at byte ");
	bytes_number(to, here);
	bytes_text(to, ", after >>>\n");
	add_around(to, "  expected: ", expected, here);
	add_around(to, "  actual:   ", actual, here);
	while (line > 0 && expected->at[line - 1] != '\n')
		line--;
	size_t same = common_end(expected, actual, line);
	bytes_text(to, "  the lines that differ, - expected, + actual:\n");
	add_lines_of(to, "    - ", expected, line, expected->len - same);
	add_lines_of(to, "    + ", actual, line, actual->len - same);
}

/* Takes ownership of the detail. A complaint that another way had already only gets one more way. */
static void complain(const struct run *r, const char *what, struct bytes detail)
{
	struct complaints *all = r->complaints;
	size_t i = 0;
	while (i < all->n && strcmp(all->list[i].what, what) != 0)
		i++;
	struct complaint *c = &all->list[i];
	if (i == all->n) {
		all->n++;
		snprintf(c->what, sizeof c->what, "%s", what);
		c->detail = detail;
	} else
		free(detail.at);
	c->ways |= 1u << (r->way - ways);
}

static void print_complaints(const struct trial *t, const struct complaints *all)
{
	for (size_t k = 0; k < all->n; k++) {
		const struct complaint *c = &all->list[k];
		const char *gap = "";
		printf("FAIL %s [", t->name);
		for (size_t i = 0; i < N_WAYS && c->ways != t->ways; i++)
			if (c->ways >> i & 1) {
				printf("%s%s", gap, ways[i].name);
				gap = " ";
			}
		printf("%s]: %s\n", c->ways == t->ways ? "in all its ways" : "", c->what);
		if (c->detail.at != NULL)
			fputs(c->detail.at, stdout);
	}
}

static const struct bytes nothing = {NULL, 0, 0};

static bool check_end(const struct run *r)
{
	char what[96];
	if (r->hung)
		snprintf(what, sizeof what, "hangs (killed after %d s)", PLAY_LIMIT * pace());
	else if (r->flooded)
		snprintf(what, sizeof what, "answers without end (killed after %zu bytes)", MOST);
	else if (WIFSIGNALED(r->status))
		snprintf(what, sizeof what, "killed by signal %d", WTERMSIG(r->status));
	else if (WEXITSTATUS(r->status) != r->trial->exit_status)
		snprintf(what, sizeof what, "exit status %d, not %d", WEXITSTATUS(r->status), r->trial->exit_status);
	else if (r->reset)
		snprintf(what, sizeof what, "the connection was reset");
	else
		return true;
	complain(r, what, nothing);
	return false;
}

/* There may be one line at most, and it has to be complete. A message about the setup may come before that line. */
static bool check_errors(const struct run *r)
{
	static const char message[] = "httpd: ";
	const struct bytes *b = &r->errors;
	const char *end = b->at + b->len, *line = b->at;
	const char *second = b->len > 0 ? memchr(line, '\n', b->len) : NULL;
	bool setup = r->trial->exit_status != 0 && b->len > strlen(message);
	if (setup && memcmp(line, message, strlen(message)) == 0 && second != NULL && second + 1 < end)
		line = second + 1;
	if (b->len == 0 || memchr(line, '\n', (size_t)(end - line)) == end - 1)
		return true;
	struct bytes detail = nothing;
	add_lines_of(&detail, "    + ", b, 0, b->len);
	complain(r, "stderr is not one line", detail);
	return false;
}

static const char *client_address(const struct run *r)
{
	return r->way->tcp ? "127.0.0.1" : "-";
}

/* ---- writing what is expected anew ---- */

/* The log line of this run in the form of a case's file. */
static struct bytes log_for_case(const struct run *r, const struct bytes *actual)
{
	struct bytes b = {NULL, 0, 0};
	const char *address = client_address(r);
	size_t n = strlen(address);
	if (strstr(r->trial->log.at, "%ADDR%") != NULL && begins(actual, 0, address) && actual->at[n] == ' ')
		bytes_text(&b, "%ADDR%");
	else
		n = 0;
	bytes_add(&b, actual->at + n, actual->len - n);
	return b;
}

/* Replaces the file. The other ways are compared with the new content. */
static void rewrite(const struct run *r, const char *suffix, struct bytes *expected, struct bytes now)
{
	char *path = path_of(r->trial->name, suffix);
	struct bytes detail = nothing;
	FILE *f = fopen(path, "w");
	if (f == NULL || fwrite(now.at, 1, now.len, f) != now.len || fclose(f) != 0)
		die(path);
	printf("wrote %s\n", path);
	add_difference(&detail, expected, &now);
	fputs(detail.at, stdout);
	free(detail.at);
	free(path);
	*expected = now;
}

/* Whether differences are written. Only the first way of a case writes; the others must agree with it. */
static bool may_write(const struct run *r, const struct trial *t)
{
	return t->write && r->complaints->n == 0 && (t->ways & ((1u << (r->way - ways)) - 1)) == 0;
}

static bool check_log(const struct run *r, struct trial *t)
{
	if (!t->has_log)
		return true;
	struct bytes actual = masked_log(&r->errors, r->began), expected = {NULL, 0, 0};
	expected.at = replaced(t->log.at, "%ADDR%", client_address(r));
	expected.len = strlen(expected.at);
	bool same = bytes_equal(&expected, &actual);
	if (!same && may_write(r, t)) {
		rewrite(r, ".log", &t->log, log_for_case(r, &actual));
		same = true;
	} else if (!same) {
		struct bytes detail = nothing;
		add_difference(&detail, &expected, &actual);
		complain(r, "log line differs", detail);
	}
	free(expected.at);
	free(actual.at);
	return same;
}

static bool check_answer(const struct run *r, struct trial *t)
{
	struct bytes answer = masked_answer(&r->answer, r->began), detail = nothing;
	bool same = t->has_res && bytes_equal(&t->res, &answer);
	if (!same && may_write(r, t)) {
		rewrite(r, ".res", &t->res, answer);
		return t->has_res = true;
	}
	if (!same) {
		add_difference(&detail, &t->res, &answer);
		complain(r, "response differs", detail);
	}
	free(answer.at);
	return same;
}

/* Reports everything that is wrong with the run, not only the first mistake. */
static bool judge(const struct run *r, struct trial *t)
{
	bool good = check_end(r);
	good = check_errors(r) && good;
	good = check_log(r, t) && good;
	return check_answer(r, t) && good;
}

static bool play_way(struct trial *t, const struct way *way, struct complaints *complaints)
{
	struct run r = {.way = way, .trial = t, .complaints = complaints};
	start(&r);
	finish(&r);
	bool good = judge(&r, t);
	free(r.answer.at);
	free(r.errors.at);
	return good;
}

/* ---- loading a case ---- */

static bool bad_case(const struct trial *t, const char *what)
{
	printf("FAIL %s: %s\n", t->name, what);
	return false;
}

/* Appends each line that is not empty. False where there are too many. */
static bool add_lines(char **items, char *text)
{
	size_t n = 0;
	while (items[n] != NULL)
		n++;
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		if (n == MAX_ITEMS)
			return false;
		items[n++] = line;
	}
	return true;
}

/* On a slow machine a client that sends byte by byte is slow as well, so the server's deadline is longer. */
static char *longer_timeout(void)
{
	char text[48];
	snprintf(text, sizeof text, "--timeout=%d", HEAD_SECONDS * pace());
	return path_of(text, "");
}

/* The command: HTTPD, the options and the root. A line "root=SUBDIR" changes the root. */
static bool load_args(struct trial *t, char *httpd, const char *root)
{
	struct bytes text = {NULL, 0, 0};
	const char *below = NULL;
	size_t n = 1;
	t->args[0] = httpd;
	if (side_file(t->name, ".args", &text) && !add_lines(t->args, replaced(text.at, "%ROOT%", root)))
		return bad_case(t, "too many lines in .args");
	for (size_t i = 1; t->args[i] != NULL; i++) {
		if (strncmp(t->args[i], "root=", 5) == 0)
			below = t->args[i] + 5;
		else
			t->args[n++] = t->args[i];
	}
	if (pace() > 1) {
		memmove(t->args + 2, t->args + 1, (n - 1) * sizeof t->args[0]);
		t->args[1] = longer_timeout();
		n++;
	}
	char *slash = path_of(root, "/");
	t->args[n++] = below != NULL ? path_of(slash, below) : path_of(root, "");
	t->args[n] = NULL;
	return true;
}

static bool load_env(struct trial *t)
{
	struct bytes text = {NULL, 0, 0};
	const char *path = getenv("PATH");
	t->env[0] = path_of("PATH=", path != NULL ? path : "/usr/bin:/bin");
	if (side_file(t->name, ".env", &text) && !add_lines(t->env, text.at))
		return bad_case(t, "too many lines in .env");
	for (size_t i = 0; t->env[i] != NULL; i++)
		if (strchr(t->env[i], '=') == NULL)
			return bad_case(t, "a line in .env is not VAR=value");
	return true;
}

static bool load_ways(struct trial *t)
{
	struct bytes text = {NULL, 0, 0};
	t->ways = (1u << N_WAYS) - 1;
	if (!side_file(t->name, ".ways", &text))
		return true;
	t->ways = 0;
	for (char *word = strtok(text.at, " \t\n"); word != NULL; word = strtok(NULL, " \t\n")) {
		size_t i = 0;
		while (i < N_WAYS && strcmp(ways[i].name, word) != 0)
			i++;
		if (i == N_WAYS)
			return bad_case(t, "no such way in .ways");
		t->ways |= 1u << i;
	}
	return t->ways != 0 || bad_case(t, "no way in .ways");
}

static bool load_exit(struct trial *t)
{
	struct bytes text = {NULL, 0, 0};
	if (!side_file(t->name, ".exit", &text))
		return true;
	char *end;
	long n = strtol(text.at, &end, 10);
	if (end == text.at || end[strspn(end, " \n")] != '\0' || n < 0 || n > 255)
		return bad_case(t, "no exit status in .exit");
	t->exit_status = (int)n;
	return true;
}

/* The path without ".req"; NULL where it has another ending. */
static char *name_of(const char *path)
{
	size_t len = strlen(path);
	if (len <= 4 || strcmp(path + len - 4, ".req") != 0)
		return NULL;
	char *name = path_of(path, "");
	name[len - 4] = '\0';
	return name;
}

static bool load(struct trial *t, char *httpd, const char *root, const char *path, bool write)
{
	t->name = name_of(path);
	if (t->name == NULL) {
		t->name = path;
		return bad_case(t, "a case is a file NAME.req");
	}
	t->has_log = side_file(t->name, ".log", &t->log);
	if (!side_file(t->name, ".req", &t->req))
		return bad_case(t, "there is no .req");
	t->has_res = side_file(t->name, ".res", &t->res);
	if (!t->has_res && !write)
		return bad_case(t, "there is no .res");
	t->write = write;
	return load_args(t, httpd, root) && load_env(t) && load_ways(t) && load_exit(t);
}

/* ---- several cases at a time ---- */

struct tally {
	unsigned passed, failed;
};

struct plan {
	char *httpd;
	const char *root;
	bool write;
	bool once;
	size_t at_a_time;
	size_t turn; /* number of earlier cases */
	struct tally tally;
};

/* A process that plays a case. Its report is a file, so that the reports of cases do not mix. */
struct player {
	pid_t pid;
	FILE *report;
	const char *path;
};

/* With --once, the way of the case whose turn it is. */
static unsigned ways_due(const struct plan *plan, unsigned all)
{
	unsigned n = 0, due = 0;
	for (size_t i = 0; i < N_WAYS; i++)
		n += all >> i & 1;
	size_t turn = plan->turn % n;
	for (size_t i = 0; i < N_WAYS && due == 0; i++)
		if ((all >> i & 1) != 0 && turn-- == 0)
			due = 1u << i;
	return due;
}

static struct tally play_case(const struct plan *plan, const char *path)
{
	struct trial t = {.name = path};
	struct complaints complaints = {.n = 0};
	struct tally tally = {0, 0};
	if (!load(&t, plan->httpd, plan->root, path, plan->write))
		return (struct tally){0, 1};
	if (plan->once)
		t.ways = ways_due(plan, t.ways);
	for (size_t i = 0; i < N_WAYS; i++) {
		if (!(t.ways & 1u << i))
			continue;
		if (play_way(&t, &ways[i], &complaints))
			tally.passed++;
		else
			tally.failed++;
	}
	print_complaints(&t, &complaints);
	return tally;
}

/* The exit status has both counts. The mark tells it from the status of a process that failed. */
#define MARK 64u

static _Noreturn void be_player(const struct plan *plan, const struct player *p)
{
	struct rlimit most = {MOST, MOST};
	setrlimit(RLIMIT_FSIZE, &most); /* too long an answer into a file ends the server by SIGXFSZ */
	must(dup2(fileno(p->report), 1), "dup2");
	struct tally tally = play_case(plan, p->path);
	fflush(stdout);
	_exit((int)(MARK | tally.failed << 3 | tally.passed));
}

static void start_player(struct plan *plan, struct player *p, const char *path)
{
	p->path = path;
	p->report = tmpfile();
	if (p->report == NULL)
		die("tmpfile");
	fflush(stdout);
	p->pid = must(fork(), "fork");
	if (p->pid == 0)
		be_player(plan, p);
	plan->turn++;
}

static void print_report(FILE *report)
{
	char piece[4096];
	size_t n;
	rewind(report);
	while ((n = fread(piece, 1, sizeof piece, report)) > 0)
		fwrite(piece, 1, n, stdout);
	fclose(report);
}

/* Waits for one of the players, and frees its place. */
static void end_player(struct plan *plan, struct player *players)
{
	int status;
	pid_t pid = must(waitpid(-1, &status, 0), "waitpid");
	struct player *p = players;
	while (p->pid != pid)
		p++;
	p->pid = 0;
	print_report(p->report);
	unsigned code = WIFEXITED(status) ? (unsigned)WEXITSTATUS(status) : 0;
	if (code & MARK) {
		plan->tally.passed += code & 7;
		plan->tally.failed += code >> 3 & 7;
	} else {
		printf("FAIL %s: the player itself broke down\n", p->path);
		plan->tally.failed++;
	}
}

static void play_all(struct plan *plan, char **paths)
{
	struct player players[MAX_JOBS] = {{0, NULL, NULL}};
	size_t busy = 0;
	for (; *paths != NULL || busy > 0; busy--) {
		for (; *paths != NULL && busy < plan->at_a_time; busy++) {
			struct player *p = players;
			while (p->pid != 0)
				p++;
			start_player(plan, p, *paths++);
		}
		end_player(plan, players);
	}
}

/* ---- files without a case ---- */

static bool is_orphan(const char *path)
{
	static const char *const suffixes[] = {".res", ".args", ".log", ".ways", ".exit", ".env"};
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		if (strcmp(dot, suffixes[i]) != 0)
			continue;
		char *req = path_of(path, "    ");
		memcpy(req + (dot - path), ".req", sizeof ".req");
		bool alone = access(req, F_OK) != 0;
		free(req);
		return alone;
	}
	return false;
}

/* Finds files whose .req was renamed or forgotten, as their case would not be played. */
static unsigned orphans_in(const char *dir)
{
	unsigned n = 0;
	struct dirent *entry;
	DIR *d = opendir(*dir != '\0' ? dir : ".");
	if (d == NULL)
		die(dir);
	while ((entry = readdir(d)) != NULL) {
		char *path = path_of(dir, entry->d_name);
		if (strchr(entry->d_name, '.') != NULL && is_orphan(path)) {
			printf("FAIL %s: there is no .req for it\n", path);
			n++;
		}
		free(path);
	}
	closedir(d);
	return n;
}

/* The length of the directory's name, with the last slash. */
static size_t dir_length(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

static bool seen_before(char **paths, size_t i)
{
	size_t n = dir_length(paths[i]);
	for (size_t k = 0; k < i; k++)
		if (dir_length(paths[k]) == n && memcmp(paths[k], paths[i], n) == 0)
			return true;
	return false;
}

static unsigned orphans(char **paths)
{
	unsigned n = 0;
	for (size_t i = 0; paths[i] != NULL; i++) {
		if (seen_before(paths, i))
			continue;
		char *dir = path_of(paths[i], "");
		dir[dir_length(dir)] = '\0';
		n += orphans_in(dir);
		free(dir);
	}
	return n;
}

/* ---- the command ---- */

static const char help[] =
	"usage: play [--write] [--once] [-j N] HTTPD ROOT CASE.req...\n"
	"Plays each case in each of its ways; a case that fails is shown once, with the ways in which it does.\n"
	"  --write  take what the server says for right: shows each difference and writes it into NAME.res and NAME.log;\n"
	"           all ways of a case have to agree. Play without it first, and read the differences.\n"
	"  --once   each case in one of its ways, taken in turn from case to case\n"
	"  -j N     so many cases at a time (4)\n"
	"The file README beside the cases says what one may hold. PACE=N in the environment allows N times as long.\n";

static _Noreturn void usage(void)
{
	fputs(help, stderr);
	exit(2);
}

/* Takes the options before HTTPD. Returns the number of words. */
static int take_options(struct plan *plan, char **argv)
{
	int i;
	for (i = 1; argv[i] != NULL && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(help, stdout);
			exit(0);
		}
		if (strcmp(argv[i], "--write") == 0) {
			plan->write = true;
			continue;
		}
		if (strcmp(argv[i], "--once") == 0) {
			plan->once = true;
			continue;
		}
		if (strcmp(argv[i], "-j") != 0 || argv[++i] == NULL)
			usage();
		int n = atoi(argv[i]);
		if (n < 1)
			usage();
		plan->at_a_time = n < MAX_JOBS ? (size_t)n : MAX_JOBS;
	}
	return i;
}

/* Our own files must not become descriptors 0, 1 or 2, which are prepared for the server. */
static void fill_standard_descriptors(void)
{
	int fd;
	do
		fd = must(open("/dev/null", O_RDWR), "/dev/null");
	while (fd <= 2);
	close(fd);
}

int main(int argc, char **argv)
{
	struct plan plan = {.at_a_time = 4};
	int taken = take_options(&plan, argv);
	if (argc - taken < 3)
		usage();
	fill_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	plan.httpd = argv[taken];
	plan.root = argv[taken + 1];
	plan.tally.failed = orphans(argv + taken + 2);
	play_all(&plan, argv + taken + 2);
	printf("%u passed, %u failed\n", plan.tally.passed, plan.tally.failed);
	return plan.tally.failed == 0 && plan.tally.passed > 0 && fflush(stdout) == 0 ? 0 : 1;
}
