/* SPDX-License-Identifier: ISC */
/*
 * client: makes many connections, each with one request for a random file, and compares every answer with that file
 * byte for byte. So it notices an answer that is lost, cut short, or that belongs to another request.
 *
 *    client [-a ADDRESS] [-s SOURCES] [-p PORT] [-c AT_ONCE] [-n CONNECTIONS] [-t SECONDS] [-T PATIENCE] [-w PAUSE_MS]
 *           DIR FILE...
 *
 * It connects to 127.0.0.1, from SOURCES addresses beginning with ADDRESS. It stops after CONNECTIONS or after SECONDS,
 * whichever comes first, and gives up a connection after PATIENCE seconds (60). Each of the AT_ONCE clients pauses
 * between two connections. It prints a line of tab-separated values:
 *
 *    connections, right, refused (no byte came), cut (ended early), late (given up), wrong (other bytes),
 *    bytes of bodies, seconds, and milliseconds of right answers: median, 99th percentile, maximum
 *
 * Mistakes and the progress go to standard error. The exit status is 1 unless all answers were right.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 64, SLOTS = 4096, HEAD = 2048, TOLD = 10, TELL_SECONDS = 30, BUCKETS = 600 * 1000 };

enum outcome { RIGHT, REFUSED, CUT, LATE, WRONG, OUTCOMES };
static const char *const outcome_name[OUTCOMES] = {"right", "refused", "cut", "late", "wrong"};

struct file {
	const char *name;
	char *bytes;
	size_t size;
};

/* A connection, or the pause before the next one. */
struct slot {
	int fd; /* -1: there is no connection */
	int asked;
	const struct file *file;
	double began;
	size_t head; /* bytes of the head that have come */
	size_t body; /* bytes of the body that have come */
	int whole;   /* whether the head is complete */
	char text[HEAD];
};

static struct file files[FILES];
static struct slot slots[SLOTS];
static int count_of_files, poller, port = 80, sources = 1;
static uint32_t first = 0x7f000001;
static long begun, outcomes[OUTCOMES], took[BUCKETS + 1]; /* right answers by their milliseconds */
static double patience = 60;
static unsigned long long bytes;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(71);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static unsigned draw(void)
{
	static uint64_t state = 88172645463325252U;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33);
}

static void load(const char *dir, const char *name)
{
	char path[4096];
	struct file *f = &files[count_of_files++];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *file = fopen(path, "rb");
	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		die(path);
	f->name = name;
	f->size = (size_t)ftell(file);
	f->bytes = malloc(f->size + 1);
	rewind(file);
	if (f->bytes == NULL || fread(f->bytes, 1, f->size, file) != f->size)
		die(path);
	fclose(file);
}

static void end(struct slot *s, enum outcome outcome, const char *why)
{
	static int told;
	double seconds = now() - s->began;
	if (outcome == RIGHT) {
		int bucket = (int)(seconds * 1e3);
		took[bucket < BUCKETS ? bucket : BUCKETS]++;
		bytes += s->file->size;
	} else if (told++ < TOLD) {
		fprintf(stderr, "# %s: %s, %s, %zu bytes of the head, %zu of the body, after %.2f s\n", outcome_name[outcome],
		        s->file->name, why, s->head, s->body, seconds);
	}
	outcomes[outcome]++;
	close(s->fd);
	s->fd = -1;
	s->began = now();
}

static void begin(struct slot *s)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct sockaddr_in from = {.sin_family = AF_INET};
	struct epoll_event event = {.events = EPOLLOUT, .data.ptr = s};
	int on = 1;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	from.sin_addr.s_addr = htonl(first + (uint32_t)(begun++ % sources));
	s->asked = s->whole = 0;
	s->head = s->body = 0;
	s->file = &files[draw() % (unsigned)count_of_files];
	s->began = now();
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* The port is chosen by connect(), which may use a port twice for different addresses. */
	if (s->fd < 0 || setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0 ||
	    bind(s->fd, (struct sockaddr *)&from, sizeof from) != 0)
		die("a socket");
	if (connect(s->fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS)
		end(s, REFUSED, strerror(errno));
	else if (epoll_ctl(poller, EPOLL_CTL_ADD, s->fd, &event) != 0)
		die("epoll_ctl");
}

static void ask(struct slot *s)
{
	char request[512];
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
	int n = snprintf(request, sizeof request,
	                 "GET /%s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load\r\nConnection: close\r\n\r\n",
	                 s->file->name);
	if (send(s->fd, request, (size_t)n, MSG_NOSIGNAL) != n)
		end(s, REFUSED, strerror(errno));
	else if (epoll_ctl(poller, EPOLL_CTL_MOD, s->fd, &event) != 0)
		die("epoll_ctl");
	s->asked = 1;
}

/* Compares the head with the file. */
static const char *judge_head(const struct slot *s)
{
	char length[64];
	snprintf(length, sizeof length, "\r\nContent-Length: %zu\r\n", s->file->size);
	if (strncmp(s->text, "HTTP/1.1 200 OK\r\n", 17) != 0)
		return "another status";
	return strstr(s->text, length) == NULL ? "another Content-Length" : NULL;
}

/* Adds bytes that came. Returns what is wrong with them, or NULL. */
static const char *take(struct slot *s, const char *at, size_t n)
{
	if (!s->whole) {
		size_t before = s->head, part = n < HEAD - 1 - before ? n : HEAD - 1 - before;
		memcpy(s->text + before, at, part);
		s->text[before + part] = '\0';
		const char *last = strstr(s->text, "\r\n\r\n");
		if (last == NULL) {
			s->head += part;
			return part < n ? "a head without end" : NULL;
		}
		s->head = (size_t)(last - s->text) + 4;
		s->text[s->head] = '\0';
		s->whole = 1;
		const char *why = judge_head(s);
		if (why != NULL)
			return why;
		at += s->head - before;
		n -= s->head - before;
	}
	if (n > s->file->size - s->body)
		return "more bytes than the file has";
	if (memcmp(s->file->bytes + s->body, at, n) != 0)
		return "other bytes than the file's";
	s->body += n;
	return NULL;
}

static void receive(struct slot *s)
{
	static char room[262144];
	ssize_t n = recv(s->fd, room, sizeof room, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0) {
		const char *why = take(s, room, (size_t)n);
		if (why != NULL)
			end(s, WRONG, why);
	} else if (s->head == 0) {
		end(s, REFUSED, n == 0 ? "closed" : strerror(errno));
	} else if (n == 0 && s->whole && s->body == s->file->size) {
		end(s, RIGHT, NULL);
	} else {
		end(s, CUT, n == 0 ? "closed" : strerror(errno));
	}
}

static void give_up_late(int at_once)
{
	for (int i = 0; i < at_once; i++)
		if (slots[i].fd >= 0 && now() - slots[i].began > patience)
			end(&slots[i], LATE, "given up");
}

static void tell(double began, long connections, double seconds)
{
	static double told;
	double passed = now() - began, rate = (double)outcomes[RIGHT] / (passed > 0 ? passed : 1);
	if (passed - told < TELL_SECONDS)
		return;
	told = passed;
	double left = rate > 0 ? (double)(connections - outcomes[RIGHT]) / rate : seconds;
	fprintf(stderr, "# %ld right, %.0f/s, at most %.0f s left\n", outcomes[RIGHT], rate,
	        left < seconds - passed ? left : seconds - passed > 0 ? seconds - passed : 0);
}

static void run(int at_once, long connections, double seconds, double pause)
{
	double began = now(), looked = began;
	for (int busy = 1; busy > 0;) {
		struct epoll_event events[256];
		double moment = now();
		int more = begun < connections && moment - began < seconds;
		busy = 0;
		for (int i = 0; i < at_once; i++) {
			if (slots[i].fd < 0 && more && begun < connections && moment - slots[i].began >= pause)
				begin(&slots[i]);
			busy += slots[i].fd >= 0 || (more && begun < connections);
		}
		int n = epoll_wait(poller, events, 256, pause > 0 ? 10 : 200);
		for (int i = 0; i < n; i++) {
			struct slot *s = events[i].data.ptr;
			if (s->asked)
				receive(s);
			else
				ask(s);
		}
		if (moment - looked > 1) {
			looked = moment;
			give_up_late(at_once);
			tell(began, connections, seconds);
		}
	}
}

/* The time in milliseconds, rounded up, within which so many per cent of the answers came. */
static int hundredth(int hundred)
{
	long below = 0;
	for (int i = 0; i <= BUCKETS; i++) {
		below += took[i];
		if (below > 0 && below * 100 >= outcomes[RIGHT] * hundred)
			return i + 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long connections = 1000, at_once = 8;
	double seconds = 3600, pause = 0;
	int option;
	while ((option = getopt(argc, argv, "a:s:p:c:n:t:T:w:")) != -1) {
		switch (option) {
		case 'a': first = ntohl(inet_addr(optarg)); break;
		case 's': sources = (int)strtol(optarg, NULL, 10); break;
		case 'p': port = (int)strtol(optarg, NULL, 10); break;
		case 'c': at_once = strtol(optarg, NULL, 10); break;
		case 'n': connections = strtol(optarg, NULL, 10); break;
		case 't': seconds = strtod(optarg, NULL); break;
		case 'T': patience = strtod(optarg, NULL); break;
		case 'w': pause = strtod(optarg, NULL) / 1e3; break;
		default: return 64;
		}
	}
	if (argc - optind < 2 || argc - optind > FILES || at_once < 1 || at_once > SLOTS || sources < 1) {
		fprintf(stderr, "usage: client [-a ADDRESS] [-s SOURCES] [-p PORT] [-c AT_ONCE] [-n CONNECTIONS] [-t SECONDS] "
		                "[-T PATIENCE] [-w PAUSE_MS] DIR FILE...\n");
		return 64;
	}
	for (int i = optind + 1; i < argc; i++)
		load(argv[optind], argv[i]);
	for (long i = 0; i < at_once; i++)
		slots[i].fd = -1;
	poller = epoll_create1(EPOLL_CLOEXEC);
	if (poller < 0)
		die("epoll");
	double began = now();
	run((int)at_once, connections, seconds, pause);
	printf("%ld", begun);
	for (int i = 0; i < OUTCOMES; i++)
		printf("\t%ld", outcomes[i]);
	printf("\t%llu\t%.1f\t%d\t%d\t%d\n", bytes, now() - began, hundredth(50), hundredth(99), hundredth(100));
	return outcomes[RIGHT] == begun ? 0 : 1;
}
