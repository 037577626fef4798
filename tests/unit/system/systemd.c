/* SPDX-License-Identifier: ISC */
/* The results of activation.c and socket.c against those of libsystemd. Links with -lsystemd. */
#include "tree.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>

#include "system/activation.h"
#include "system/conn.h"
#include "system/socket.h"

/* Sets a variable; "@" at the beginning stands for our process id; NULL unsets it. */
static void announce(const char *name, const char *value)
{
	char text[64];
	if (value == NULL) {
		unsetenv(name);
		return;
	}
	if (value[0] == '@')
		snprintf(text, sizeof text, "%ld%s", (long)getpid(), value + 1);
	else
		snprintf(text, sizeof text, "%s", value);
	setenv(name, text, 1);
}

/* Whether httpd and libsystemd agree that something is announced, in a child whose descriptors 3 and 4 are open. */
static bool both_say_the_same(const char *pid, const char *count)
{
	pid_t child = fork();
	if (child != 0)
		return reap(child) == 0;
	int null = open("/dev/null", O_RDWR);
	if (dup2(null, 3) != 3 || dup2(null, 4) != 4)
		_exit(1);
	announce("LISTEN_PID", pid);
	announce("LISTEN_FDS", count);
	int ours = activation_descriptor(), theirs = sd_listen_fds(0);
	_exit(ours == (theirs > 0 ? SD_LISTEN_FDS_START : -1) ? 0 : 1);
}

static void test_sd_listen_fds_agrees(void **state)
{
	static const char *const pids[] = {NULL, "", "@", "@0", "@x", "@ ", "0", "1", "x", "-1", "99999999999999999999"};
	static const char *const counts[] = {NULL, "", "0", "1", "2", "-1", "x", "1x", "1 ", "1.0",
	                                     "99999999999999999999", "18446744073709551617"};
	(void)state;
	for (size_t i = 0; i < ROWS(pids) * ROWS(counts); i++) {
		const char *pid = pids[i / ROWS(counts)], *count = counts[i % ROWS(counts)];
		if (!both_say_the_same(pid, count))
			fail_msg("LISTEN_PID=%s LISTEN_FDS=%s", pid ? pid : "(unset)", count ? count : "(unset)");
	}
}

/* More descriptors than a process can have: libsystemd refuses such a number. */
static void test_sd_listen_fds_agrees_on_too_many(void **state)
{
	static const char *const counts[] = {"2147483647", "2147483648", "4294967296", "4294967297"};
	(void)state;
	for (size_t i = 0; i < ROWS(counts); i++)
		if (!both_say_the_same("@", counts[i]))
			fail_msg("LISTEN_FDS=%s", counts[i]);
}

static void agree(int fd, const char *what)
{
	bool listens = sd_is_socket(fd, AF_UNSPEC, 0, 1) > 0, connected = sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 0) > 0;
	if (socket_listens(fd) != listens)
		fail_msg("socket_listens of %s is %d", what, !listens);
	if (socket_connected(fd) != connected)
		fail_msg("socket_connected of %s is %d", what, !connected);
}

static void test_sd_is_socket_agrees_on_what_is_no_stream(void **state)
{
	const struct tree *tree = *state;
	int ends[2], pair[2], udp = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	agree(ends[0], "a pipe");
	agree(ends[1], "a pipe");
	agree(tree->fd, "a directory");
	agree(pair[0], "a datagram socket");
	agree(udp, "a UDP socket");
	for (int i = 0; i < 2; i++) {
		close(ends[i]);
		close(pair[i]);
	}
	close(udp);
	agree(udp, "a closed descriptor");
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	agree(pair[0], "a socket of packets");
	close(pair[0]);
	close(pair[1]);
}

static void listen_and_connect(const struct sockaddr *bound, socklen_t size, const char *what)
{
	struct sockaddr_storage name;
	socklen_t named = sizeof name;
	int listener = socket(bound->sa_family, SOCK_STREAM, 0), client = socket(bound->sa_family, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, bound, size), 0);
	assert_int_equal(listen(listener, 1), 0);
	agree(listener, what);
	assert_true(socket_listens(listener));
	assert_int_equal(getsockname(listener, (struct sockaddr *)&name, &named), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&name, named), 0);
	int server = accept(listener, NULL, NULL);
	agree(client, what);
	agree(server, what);
	assert_true(socket_connected(server));
	shutdown(server, SHUT_WR);
	agree(server, what);
	close(listener);
	close(client);
	close(server);
}

static void test_sd_is_socket_agrees_on_streams(void **state)
{
	const struct tree *tree = *state;
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	int pair[2];
	assert_true(snprintf(local.sun_path, sizeof local.sun_path, "%s/s", tree->path) < (int)sizeof local.sun_path);
	listen_and_connect((struct sockaddr *)&v4, sizeof v4, "TCP");
	listen_and_connect((struct sockaddr *)&local, sizeof local, "a local socket");
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	agree(pair[0], "a pair");
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sd_listen_fds_agrees),
		cmocka_unit_test(test_sd_listen_fds_agrees_on_too_many),
		IN_TREE(test_sd_is_socket_agrees_on_what_is_no_stream),
		IN_TREE(test_sd_is_socket_agrees_on_streams),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
