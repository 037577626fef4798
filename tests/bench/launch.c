/* SPDX-License-Identifier: ISC */
/*
 * launch: what one connection costs. It is the supervisor and the client at once: for each connection it accepts,
 * starts the handler with the connection on 0 and 1 (vfork, exec), lets the request that already waits be answered,
 * reads to the end, closes, and asks wait4 what it cost. Handlers take turns in batches, so that a machine whose speed
 * drifts is equally unfair to all of them.
 *
 *   launch [-b BATCHES] [-n CONNECTIONS] [-s] REQUEST NAME COMMAND [NAME COMMAND]...
 *
 * REQUEST is a file; COMMAND is one argument, split at spaces. Prints a line of tab-separated values a handler:
 * name, wall and CPU microseconds (medians of the batches' means), page faults, bytes answered. With -s it counts
 * system calls instead, by ptrace, from execve to exit: name, calls.
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

enum { HANDLERS = 32, BATCHES = 101, WORDS = 96, REQUEST = 65536 };

struct handler {
	const char *name;
	char *argv[WORDS];
	double wall[BATCHES], cpu[BATCHES], faults;
	long bytes;
};

struct cost {
	double wall, cpu;
	long faults, bytes;
};

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

static int listener(struct sockaddr_in *a)
{
	socklen_t size = sizeof *a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*a = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (fd < 0 || bind(fd, (struct sockaddr *)a, sizeof *a) != 0 || listen(fd, 16) != 0)
		die("listening on loopback");
	if (getsockname(fd, (struct sockaddr *)a, &size) != 0)
		die("getsockname");
	return fd;
}

/* A connection on which the request has arrived: the client's end, and the handler's. */
static void connect_pair(int listening, const struct sockaddr_in *a, const char *request, size_t n, int *client,
                         int *server)
{
	*client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*client < 0 || connect(*client, (const struct sockaddr *)a, sizeof *a) != 0)
		die("connecting");
	if (send(*client, request, n, 0) != (ssize_t)n)
		die("sending the request");
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
	char room[65536];
	long bytes = 0;
	ssize_t n;
	while ((n = recv(client, room, sizeof room, 0)) > 0)
		bytes += n;
	if (n < 0 && errno != ECONNRESET) /* as after a handler that reads nothing */
		die("reading the answer");
	close(client);
	return bytes;
}

static struct cost once(struct handler *h, int listening, const struct sockaddr_in *a, const char *request, size_t n)
{
	int client, server, status;
	struct rusage usage;
	connect_pair(listening, a, request, n, &client, &server);
	double began = now();
	pid_t pid = start(h->argv, server, 0);
	long bytes = drain(client);
	if (wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
		die(h->argv[0]);
	double wall = now() - began;
	return (struct cost){wall, micro(usage.ru_utime) + micro(usage.ru_stime), usage.ru_minflt + usage.ru_majflt, bytes};
}

static void batch(struct handler *h, int b, int connections, int listening, const struct sockaddr_in *a,
                  const char *request, size_t n)
{
	for (int i = 0; i < connections; i++) {
		struct cost c = once(h, listening, a, request, n);
		h->wall[b] += c.wall / connections;
		h->cpu[b] += c.cpu / connections;
		h->faults = (double)c.faults;
		h->bytes = c.bytes;
	}
}

/* System calls from execve, which is one, to the exit, which is one. */
static long count_calls(struct handler *h, int listening, const struct sockaddr_in *a, const char *request, size_t n)
{
	int client, server, status;
	long stops = 0;
	connect_pair(listening, a, request, n, &client, &server);
	shutdown(client, SHUT_WR); /* a traced handler is waited for before its answer is read */
	pid_t pid = start(h->argv, server, 1);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		die("tracing");
	ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)(long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	while (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0 && waitpid(pid, &status, 0) == pid && !WIFEXITED(status))
		stops += WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80);
	h->bytes = drain(client);
	return (stops + 1) / 2; /* each call stops twice, the exit once */
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, ascending);
	return v[n / 2];
}

static void split(struct handler *h, const char *name, char *command)
{
	int n = 0;
	h->name = name;
	for (char *word = strtok(command, " "); word != NULL && n < WORDS - 1; word = strtok(NULL, " "))
		h->argv[n++] = word;
	if (n == 0)
		die("an empty command");
}

static void measure(struct handler *h, int handlers, int batches, int connections, const char *request, size_t n)
{
	struct sockaddr_in a;
	int listening = listener(&a);
	for (int b = -1; b < batches; b++) { /* the first warms up */
		for (int i = 0; i < handlers; i++) {
			int at = b < 0 ? 0 : b;
			batch(&h[i], at, connections, listening, &a, request, n);
			if (b < 0)
				h[i].wall[0] = h[i].cpu[0] = 0;
		}
	}
	for (int i = 0; i < handlers; i++)
		printf("%s\t%.1f\t%.1f\t%.0f\t%ld\n", h[i].name, median(h[i].wall, batches), median(h[i].cpu, batches),
		       h[i].faults, h[i].bytes);
}

static void count(struct handler *h, int handlers, const char *request, size_t n)
{
	struct sockaddr_in a;
	int listening = listener(&a);
	for (int i = 0; i < handlers; i++)
		printf("%s\t%ld\n", h[i].name, count_calls(&h[i], listening, &a, request, n));
}

int main(int argc, char **argv)
{
	static struct handler handlers[HANDLERS];
	static char request[REQUEST];
	int batches = 15, connections = 60, option, calls = 0;
	while ((option = getopt(argc, argv, "b:n:s")) != -1) {
		if (option == 'b')
			batches = atoi(optarg);
		else if (option == 'n')
			connections = atoi(optarg);
		else if (option == 's')
			calls = 1;
		else
			return 64;
	}
	int given = (argc - optind - 1) / 2;
	if (given < 1 || given > HANDLERS || batches < 1 || batches > BATCHES || connections < 1) {
		fprintf(stderr, "usage: launch [-b BATCHES] [-n CONNECTIONS] [-s] REQUEST NAME COMMAND [NAME COMMAND]...\n");
		return 64;
	}
	FILE *file = fopen(argv[optind], "rb");
	if (file == NULL)
		die(argv[optind]);
	size_t n = fread(request, 1, sizeof request, file);
	fclose(file);
	for (int i = 0; i < given; i++)
		split(&handlers[i], argv[optind + 1 + 2 * i], argv[optind + 2 + 2 * i]);
	if (calls)
		count(handlers, given, request, n);
	else
		measure(handlers, given, batches, connections, request, n);
	return 0;
}
