/* SPDX-License-Identifier: ISC */
/*
 * Measures the time to start a process and to make a connection. Prints three numbers: microseconds of a process,
 * microseconds of a connection, and PACE, how many times slower this machine is than a quick one, at least 1. They are
 * medians, so that one interruption does not count.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 41,
	QUICK_PROCESS = 1000,  /* microseconds in which a quick machine starts and reaps a dynamic program */
	QUICK_CONNECTION = 200 /* the same for opening and closing a connection on loopback */
};

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* Starts this program once more, which ends at once. Returns whether that succeeded. */
static int start_process(const char *self)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		execl(self, self, "end", (char *)NULL);
		_exit(1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* Connects to the listener, accepts, and closes both ends. Returns whether that succeeded. */
static int make_connection(int listener, const struct sockaddr_in *address)
{
	int client = socket(AF_INET, SOCK_STREAM, 0), server = -1;
	if (client >= 0 && connect(client, (const struct sockaddr *)address, sizeof *address) == 0)
		server = accept(listener, NULL, NULL);
	if (client >= 0)
		close(client);
	if (server >= 0)
		close(server);
	return server >= 0;
}

/* A listener on a port of the kernel's choice; -1 without a loopback. */
static int listen_somewhere(struct sockaddr_in *address)
{
	socklen_t size = sizeof *address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	*address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (listener < 0 || bind(listener, (struct sockaddr *)address, size) != 0 || listen(listener, 8) != 0 ||
	    getsockname(listener, (struct sockaddr *)address, &size) != 0)
		return -1;
	return listener;
}

int main(int argc, char **argv)
{
	double processes[ROUNDS], connections[ROUNDS] = {0};
	struct sockaddr_in address;
	if (argc > 1)
		return 0;
	int listener = listen_somewhere(&address);
	for (int i = 0; i < ROUNDS; i++) {
		double began = now();
		if (!start_process(argv[0]))
			return 1;
		processes[i] = now() - began;
		began = now();
		if (listener >= 0 && make_connection(listener, &address))
			connections[i] = now() - began;
	}
	qsort(processes, ROUNDS, sizeof processes[0], compare);
	qsort(connections, ROUNDS, sizeof connections[0], compare);
	double process = processes[ROUNDS / 2], connection = connections[ROUNDS / 2];
	double times = process / QUICK_PROCESS;
	if (connection / QUICK_CONNECTION > times)
		times = connection / QUICK_CONNECTION;
	printf("%.0f %.0f %d\n", process, connection, times > 1 ? (int)(times + 0.999) : 1);
	return 0;
}
