/* SPDX-License-Identifier: ISC */
/* peer: the client's address: from the socket, and where that has none, from the environment. */
#include "tree.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "system/peer.h"

/* The same with a client at 192.0.2.1, another machine. */
static int far_away(int fd, struct sockaddr *address, socklen_t *size)
{
	struct sockaddr_in far = {.sin_family = AF_INET, .sin_addr = {htonl(0xc0000201)}};
	(void)fd;
	memcpy(address, &far, sizeof far);
	*size = sizeof far;
	return 0;
}
#define getpeername far_away
#define peer_address peer_address_far
#include "system/peer.c"
#undef peer_address
#undef getpeername

static const char *const variables[] = {"REMOTE_ADDR", "TCPREMOTEIP", "REMOTE_HOST"};

static int forget(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(variables); i++)
		unsetenv(variables[i]);
	return 0;
}

/* Fails unless the text is appended to the text that was there; "-" stands for no address. */
static void writes(int fd, const char *text)
{
	char room[300];
	struct buf b = buf_in(room, sizeof room);
	buf_text(&b, "from ");
	bool known = peer_address(&b, fd);
	assert_int_equal(known, strcmp(text, "-") != 0);
	assert_false(b.overflow);
	assert_slice(slice_from(buf_slice(&b), 5), text);
	assert_slice((struct slice){room, 5}, "from ");
}

/*
 * A listening socket of that family on loopback, and its port in both addresses. False where there is no such family.
 */
static bool listen_on(int family, struct sockaddr_in *v4, struct sockaddr_in6 *v6, int *listener)
{
	int off = 0;
	socklen_t size = family == AF_INET ? sizeof *v4 : sizeof *v6;
	struct sockaddr *address = family == AF_INET ? (struct sockaddr *)v4 : (struct sockaddr *)v6;
	*listener = socket(family, SOCK_STREAM, 0);
	if (*listener < 0)
		return false;
	if (family == AF_INET6)
		setsockopt(*listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	if (bind(*listener, address, size) != 0 || listen(*listener, 1) != 0) {
		close(*listener);
		return false;
	}
	assert_int_equal(getsockname(*listener, address, &size), 0);
	v4->sin_port = v6->sin6_port = family == AF_INET ? v4->sin_port : v6->sin6_port;
	return true;
}

/* A client's socket, bound to `source` where the system has that address. */
static int connect_v4(struct sockaddr_in to, uint32_t source)
{
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = {htonl(source)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fd, (struct sockaddr *)&from, sizeof from) != 0)
		print_message("left out: a client at 127.1.2.3 (this system has 127.0.0.1 alone)\n");
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static void address_of(int fd, char text[20])
{
	struct sockaddr_in a;
	socklen_t size = sizeof a;
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &size), 0);
	const unsigned char *bytes = (const unsigned char *)&a.sin_addr;
	snprintf(text, 20, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
}

static void test_ipv4(void **state)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct sockaddr_in6 v6;
	int listener;
	char text[20];
	(void)state;
	setenv("REMOTE_ADDR", "192.0.2.9", 1); /* not used, as the socket has an address */
	assert_true(listen_on(AF_INET, &v4, &v6, &listener));
	int client = connect_v4(v4, 0x7f010203), server = accept(listener, NULL, NULL);
	address_of(client, text);
	writes(server, text); /* the client's address, not the server's */
	writes(client, "127.0.0.1");
	close(client);
	writes(server, text);
	close(server);
	close(listener);
}

static void test_ipv6(void **state)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int listener;
	(void)state;
	if (!listen_on(AF_INET6, &v4, &v6, &listener))
		leave_out("clients over IPv6 (this system has no IPv6)");
	setenv("REMOTE_ADDR", "192.0.2.9", 1);
	int client = socket(AF_INET6, SOCK_STREAM, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&v6, sizeof v6), 0);
	int server = accept(listener, NULL, NULL);
	writes(server, "::1");
	close(client);
	close(server);
	close(listener);
}

static void test_ipv4_inside_ipv6_is_ipv4(void **state)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
	int listener;
	char text[20];
	(void)state;
	if (!listen_on(AF_INET6, &v4, &v6, &listener))
		leave_out("clients over IPv4 on an IPv6 socket (this system has no IPv6)");
	int client = connect_v4(v4, 0x7f010203), server = accept(listener, NULL, NULL);
	address_of(client, text);
	writes(server, text);
	close(client);
	close(server);
	close(listener);
}

/* Tries each kind of descriptor that has no address of its own. */
static void each_without_address(const char *text)
{
	int pair[2], ends[2], null = open("/dev/null", O_RDWR);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(pipe(ends), 0);
	int fds[] = {pair[0], pair[1], ends[0], ends[1], null, -1, 100000};
	for (size_t i = 0; i < ROWS(fds); i++)
		writes(fds[i], text);
	for (size_t i = 0; i < 5; i++)
		close(fds[i]);
}

static void test_without_an_address_it_is_a_dash(void **state)
{
	(void)state;
	each_without_address("-");
}

static void test_the_environment_in_its_order(void **state)
{
	(void)state;
	setenv("REMOTE_HOST", "from.stunnel", 1);
	each_without_address("from.stunnel");
	setenv("TCPREMOTEIP", "192.0.2.2", 1);
	each_without_address("192.0.2.2");
	setenv("REMOTE_ADDR", "2001:db8::1", 1);
	each_without_address("2001:db8::1");
	unsetenv("TCPREMOTEIP");
	each_without_address("2001:db8::1");
	unsetenv("REMOTE_ADDR");
	each_without_address("from.stunnel");
}

static void test_each_variable_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(variables); i++) {
		setenv(variables[i], "192.0.2.3", 1);
		each_without_address("192.0.2.3");
		unsetenv(variables[i]);
		each_without_address("-");
	}
}

static void test_an_empty_variable_says_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(variables); i++)
		setenv(variables[i], "", 1);
	each_without_address("-");
	setenv("REMOTE_HOST", "192.0.2.4", 1);
	each_without_address("192.0.2.4");
}

static void test_other_variables_do_not_count(void **state)
{
	static const char others[][16] = {"REMOTE_PORT", "TCPREMOTEHOST", "TCPLOCALIP", "remote_addr", "HTTP_HOST"};
	(void)state;
	for (size_t i = 0; i < ROWS(others); i++)
		setenv(others[i], "192.0.2.5", 1);
	each_without_address("-");
	for (size_t i = 0; i < ROWS(others); i++)
		unsetenv(others[i]);
}

static void test_a_name_is_cut_where_the_room_ends(void **state)
{
	char room[4];
	struct buf b = buf_in(room, sizeof room);
	(void)state;
	setenv("REMOTE_ADDR", "192.0.2.6", 1);
	assert_true(peer_address(&b, -1));
	assert_false(b.overflow);
	assert_slice(buf_slice(&b), "192.");
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, forget, forget)

/* A client on another machine has the address of its connection, whatever the environment says. */
static void test_the_environment_names_nobody_who_is_elsewhere(void **state)
{
	char room[64];
	(void)state;
	for (size_t i = 0; i < ROWS(variables); i++) {
		struct buf b = buf_in(room, sizeof room);
		setenv(variables[i], "198.51.100.7", 1);
		peer_address_far(&b, 0);
		assert_slice(buf_slice(&b), "192.0.2.1");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALONE(test_ipv4),
		ALONE(test_ipv6),
		ALONE(test_ipv4_inside_ipv6_is_ipv4),
		ALONE(test_without_an_address_it_is_a_dash),
		ALONE(test_the_environment_in_its_order),
		ALONE(test_the_environment_names_nobody_who_is_elsewhere),
		ALONE(test_each_variable_alone),
		ALONE(test_an_empty_variable_says_nothing),
		ALONE(test_other_variables_do_not_count),
		ALONE(test_a_name_is_cut_where_the_room_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
