/* SPDX-License-Identifier: ISC */
/*
 * launch: measures the cost of one connection. It is both supervisor and client. For each connection it accepts, starts
 * the handler with the connection as 0 and 1 (vfork, exec); the request is there already. It reads the answer to the
 * end, closes, and takes the cost from wait4. Handlers take turns in batches, so that a machine whose speed drifts is
 * equally unfair to all of them.
 *
 *    launch [-b BATCHES] [-n CONNECTIONS] [-q PERCENT] [-s] [NAME REQUEST COMMAND]...
 *
 * REQUEST is a file. COMMAND is one argument, split at spaces, or @PORT for a server that listens on loopback. Each
 * handler has a line of tab-separated values: name, wall and CPU microseconds (the median of the batches' means, or
 * their PERCENT percentile), page faults (mean), bytes of the answer. With -s it traces by ptrace instead, from execve
 * to exit: name, system calls (the fewest of several connections), KiB resident at the exit (mean). Errors go to
 * standard error.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "system/syscalls.h"

enum { HANDLERS = 32, BATCHES = 1001, WORDS = 96, REQUEST = 65536, TRACES = 9, ANSWER_SECONDS = 30, ALL_SECONDS = 900 };

struct handler {
	const char *name;
	char *argv[WORDS];
	char *request;
	size_t length;
	struct sockaddr_in elsewhere; /* port 0: launch itself starts the handler */
	double wall[BATCHES], cpu[BATCHES], faults;
	long bytes;
};

struct cost {
	double wall, cpu;
	long faults, bytes;
};

static struct sockaddr_in here;
static int listening;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "launch: %s: %s\n", what, strerror(errno));
	exit(71);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double micro(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
}

static void begin_listening(void)
{
	socklen_t size = sizeof here;
	here = loopback(0);
	listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listening < 0 || bind(listening, (struct sockaddr *)&here, sizeof here) != 0 || listen(listening, 16) != 0)
		die("listening on loopback");
	if (getsockname(listening, (struct sockaddr *)&here, &size) != 0)
		die("getsockname");
}

/* The client's end of a new connection, with the request sent. */
static int connected(const struct handler *h, const struct sockaddr_in *to)
{
	struct timeval patience = {ANSWER_SECONDS, 0};
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client < 0 || connect(client, (const struct sockaddr *)to, sizeof *to) != 0)
		die("connecting");
	setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (send(client, h->request, h->length, 0) != (ssize_t)h->length)
		die("sending the request");
	return client;
}

/* A connection on which the request has arrived: the client's end and the handler's end. */
static void connect_pair(const struct handler *h, int *client, int *server)
{
	*client = connected(h, &here);
	*server = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	if (*server < 0)
		die("accepting");
}

static pid_t start(char *const argv[], int server, int traced)
{
	pid_t pid = traced ? fork() : vfork();
	if (pid == 0) {
		dup2(server, 0);
		dup2(server, 1);
		if (traced && (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 || raise(SIGSTOP) != 0))
			_exit(71);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0)
		die("starting a process");
	close(server);
	return pid;
}

static long drain(int client)
{
	static char room[262144];
	long bytes = 0;
	ssize_t n;
	while ((n = recv(client, room, sizeof room, 0)) > 0)
		bytes += n;
	if (n < 0 && errno != ECONNRESET) /* such as that of a handler that reads nothing */
		die("reading the answer");
	close(client);
	return bytes;
}

static struct cost once(struct handler *h)
{
	int client, server, status;
	struct rusage usage;
	double began;
	if (h->elsewhere.sin_port != 0) {
		began = now();
		long bytes = drain(connected(h, &h->elsewhere));
		return (struct cost){now() - began, 0, 0, bytes};
	}
	connect_pair(h, &client, &server);
	began = now();
	pid_t pid = start(h->argv, server, 0);
	long bytes = drain(client);
	if (wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
		die(h->argv[0]);
	double wall = now() - began;
	return (struct cost){wall, micro(usage.ru_utime) + micro(usage.ru_stime), usage.ru_minflt + usage.ru_majflt, bytes};
}

static void batch(struct handler *h, int b, int connections)
{
	for (int i = 0; i < connections; i++) {
		struct cost c = once(h);
		h->wall[b] += c.wall / connections;
		h->cpu[b] += c.cpu / connections;
		h->faults += (double)c.faults / connections;
		h->bytes = c.bytes;
	}
}

/* The resident memory of a process, in KiB. */
static long resident(pid_t pid)
{
	char line[256];
	long kib = 0;
	snprintf(line, sizeof line, "/proc/%ld/smaps_rollup", (long)pid);
	FILE *file = fopen(line, "r");
	if (file == NULL)
		die(line);
	while (fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "Rss: %ld", &kib) == 1)
			break;
	fclose(file);
	return kib;
}

/*
 * Counts the system call at which a traced process stands. Not counted are calls before execve, and attempts of newer
 * versions of Landlock than this kernel has: so the number is the same on all kernels.
 */
static void count_stop(pid_t pid, long *calls)
{
	static unsigned long long last;
	struct __ptrace_syscall_info info;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof info, &info) <= 0)
		die("PTRACE_GET_SYSCALL_INFO");
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		last = info.entry.nr;
		*calls += *calls > 0 || last == SYS_execve;
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && last == SYS_landlock_create_ruleset && info.exit.is_error) {
		*calls -= info.exit.rval == -EINVAL || info.exit.rval == -E2BIG;
	}
}

static long trace(struct handler *h, long *kib)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL;
	int client, server, status;
	long calls = 0;
	connect_pair(h, &client, &server);
	pid_t reader = fork(); /* reads the answer during the trace */
	if (reader == 0) {
		close(server);
		drain(client);
		_exit(0);
	}
	pid_t pid = start(h->argv, server, 1);
	close(client);
	if (reader < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		die("tracing");
	ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)options);
	while (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0 && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			count_stop(pid, &calls);
		else if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))
			*kib += resident(pid);
	}
	waitpid(reader, &status, 0);
	return calls;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double quantile(double *v, int n, int percent)
{
	qsort(v, (size_t)n, sizeof *v, ascending);
	return v[n * percent / 100];
}

static void parse(struct handler *h, char *const argument[3])
{
	int n = 0;
	FILE *file = fopen(argument[1], "rb");
	h->name = argument[0];
	h->request = malloc(REQUEST);
	if (file == NULL || h->request == NULL)
		die(argument[1]);
	h->length = fread(h->request, 1, REQUEST, file);
	fclose(file);
	if (argument[2][0] == '@')
		h->elsewhere = loopback(atoi(argument[2] + 1));
	for (char *word = strtok(argument[2], " "); word != NULL && n < WORDS - 1; word = strtok(NULL, " "))
		h->argv[n++] = word;
	if (n == 0)
		die("an empty command");
}

/*
 * A handler leaves caches and deferred work of the kernel to the next one. In random order each follows each other one
 * as often.
 */
static void shuffle(int *order, int n)
{
	for (int i = n - 1; i > 0; i--) {
		int other = rand() % (i + 1), held = order[i];
		order[i] = order[other];
		order[other] = held;
	}
}

static void measure(struct handler *h, int handlers, int batches, int connections, int percent)
{
	double began = now(), told = began;
	int order[HANDLERS];
	for (int i = 0; i < handlers; i++)
		order[i] = i;
	for (int b = -1; b < batches; b++) { /* the first batch warms up */
		shuffle(order, handlers);
		for (int i = 0; i < handlers; i++) {
			struct handler *one = &h[order[i]];
			batch(one, b < 0 ? 0 : b, connections);
			if (b < 0)
				one->wall[0] = one->cpu[0] = one->faults = 0;
		}
		if (now() - told > 5e6) {
			told = now();
			fprintf(stderr, "# batch %d of %d, %.0f s left\n", b + 1, batches,
			        (told - began) / 1e6 / (b + 2) * (batches - b - 1));
		}
	}
	for (int i = 0; i < handlers; i++)
		printf("%s\t%.1f\t%.1f\t%.1f\t%ld\n", h[i].name, quantile(h[i].wall, batches, percent),
		       quantile(h[i].cpu, batches, percent), h[i].faults / batches, h[i].bytes);
}

static void count(struct handler *h)
{
	long fewest = 0, kib = 0;
	for (int i = 0; i < TRACES; i++) {
		long calls = trace(h, &kib);
		if (i == 0 || calls < fewest)
			fewest = calls;
	}
	printf("%s\t%ld\t%.1f\n", h->name, fewest, (double)kib / TRACES);
}

int main(int argc, char **argv)
{
	static struct handler handlers[HANDLERS];
	int batches = 15, connections = 60, percent = 50, option, tracing = 0;
	while ((option = getopt(argc, argv, "b:n:q:s")) != -1) {
		if (option == 'b')
			batches = atoi(optarg);
		else if (option == 'n')
			connections = atoi(optarg);
		else if (option == 'q')
			percent = atoi(optarg);
		else if (option == 's')
			tracing = 1;
		else
			return 64;
	}
	int given = (argc - optind) / 3;
	if (given < 1 || given > HANDLERS || batches < 1 || batches > BATCHES || connections < 1 || percent < 0 ||
	    percent > 99) {
		fprintf(stderr, "usage: launch [-b BATCHES] [-n CONNECTIONS] [-q PERCENT] [-s] [NAME REQUEST COMMAND]...\n");
		return 64;
	}
	alarm(ALL_SECONDS);
	begin_listening();
	for (int i = 0; i < given; i++)
		parse(&handlers[i], argv + optind + 3 * i);
	if (!tracing)
		measure(handlers, given, batches, connections, percent);
	for (int i = 0; tracing && i < given; i++)
		count(&handlers[i]);
	return 0;
}
