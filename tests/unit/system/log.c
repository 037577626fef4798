/* SPDX-License-Identifier: ISC */
/* log: where lines go, and that no bytes from a client break the format of a line. */
#include "tree.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "system/log.h"

/* The simulated syslog, and the datagrams that it got. */
static struct {
	int lines, opened;
	char ident[32], line[8192];
	int from; /* the end at which datagrams arrive */
	int refused; /* the type of socket that is refused; 0: none */
	bool gone; /* /dev/log does not exist */
} sys;

#if defined __linux__ && !defined PORTABLE
/* Replaces connect() of the C library: /dev/log leads to a socket of the test. */
int connect(int fd, const struct sockaddr *to, socklen_t size)
{
	const struct sockaddr_un *name = (const struct sockaddr_un *)(const void *)to;
	int ends[2], type;
	socklen_t length = sizeof type;
	assert_true(size == sizeof *name && name->sun_family == AF_UNIX);
	assert_string_equal(name->sun_path, "/dev/log");
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length), 0);
	if (sys.gone || type == sys.refused) {
		errno = sys.gone ? ENOENT : EPROTOTYPE;
		return -1;
	}
	assert_int_equal(socketpair(AF_UNIX, type, 0, ends), 0);
	assert_int_equal(dup2(ends[1], fd), fd);
	close(ends[1]);
	sys.from = ends[0];
	sys.opened++;
	strcpy(sys.ident, "httpd");
	return 0;
}

/* Removes "<priority>httpd[pid]: " from each datagram: 27 is an error of a daemon, 29 a notice (RFC 3164). */
static void receive(void)
{
	char datagram[8192], tag[64];
	for (ssize_t n; sys.opened > 0 && (n = recv(sys.from, datagram, sizeof datagram - 1, MSG_DONTWAIT)) > 0;) {
		datagram[n] = '\0';
		const char *text = strchr(datagram, ' ') + 1;
		snprintf(tag, sizeof tag, "<%d>httpd[%d]: ", strstr(text, " - - [") != NULL ? 29 : 27, (int)getpid());
		assert_memory_equal(datagram, tag, strlen(tag));
		assert_null(strchr(text, '\n'));
		strcpy(sys.line, text);
		sys.lines++;
	}
}

static void forget(void)
{
	if (sys.opened > 0)
		close(sys.from);
	sys.lines = sys.opened = 0;
}
#else
/* Elsewhere the messages come as calls of syslog(). */
static void receive(void)
{
}

static void forget(void)
{
	memset(&sys, 0, sizeof sys);
}

void openlog(const char *ident, int options, int facility);
void syslog(int priority, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...);

void openlog(const char *ident, int options, int facility)
{
	(void)options;
	(void)facility;
	sys.opened++;
	snprintf(sys.ident, sizeof sys.ident, "%s", ident);
}

static void take_line(const char *format, va_list arguments)
{
	sys.lines++;
	vsnprintf(sys.line, sizeof sys.line, format, arguments);
}

void syslog(int priority, const char *format, ...)
{
	va_list arguments;
	(void)priority;
	va_start(arguments, format);
	take_line(format, arguments);
	va_end(arguments);
}

/* The name of syslog() under _FORTIFY_SOURCE. */
void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list arguments;
	(void)priority;
	(void)flag;
	va_start(arguments, format);
	take_line(format, arguments);
	va_end(arguments);
}
#endif

static char line_room[LOG_LINE];

/* The buffer for records, of the least size that log.h allows. */
static struct buf room = {.at = line_room, .size = sizeof line_room};

static struct record plain(void)
{
	return (struct record){
		.address = slice_of("192.0.2.1"),
		.when = 784111777,
		.line = slice_of("GET /a HTTP/1.1"),
		.referer = slice_of("http://example.com/"),
		.agent = slice_of("Test/1"),
		.status = STATUS_OK,
		.bytes = 1234,
	};
}

static const char plain_line[] = "192.0.2.1 - - [06/Nov/1994:08:49:37 +0000] \"GET /a HTTP/1.1\" 200 1234 "
				 "\"http://example.com/\" \"Test/1\"\n";

/* A log in which each write is a datagram of its own. *from is the end at which they arrive. */
static struct log datagrams(int *from)
{
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
	*from = ends[0];
	return (struct log){.place = LOG_TO_DESCRIPTOR, .fd = ends[1], .connection = -1};
}

/* The line of a record, which has to be one write. Static, with a NUL at the end. */
static const char *line_of(struct record record, bool journal)
{
	static char line[2 * LOG_LINE];
	int from;
	struct log log = datagrams(&from);
	log.journal = journal;
	log_answer(&log, &record, room);
	close(log.fd);
	ssize_t n = recv(from, line, sizeof line - 1, MSG_DONTWAIT);
	assert_true(n > 0);
	char more[1];
	assert_true(recv(from, more, 1, MSG_DONTWAIT) <= 0);
	close(from);
	line[n] = '\0';
	assert_int_equal(strlen(line), n);
	return line;
}

static void test_combined_log_format(void **state)
{
	struct record record = plain();
	(void)state;
	assert_string_equal(line_of(record, false), plain_line);
	record = (struct record){.address = slice_of("2001:db8::1"), .status = STATUS_NOT_FOUND, .bytes = UINT64_MAX};
	assert_string_equal(line_of(record, false),
	                    "2001:db8::1 - - [01/Jan/1970:00:00:00 +0000] \"-\" 404 18446744073709551615 \"-\" \"-\"\n");
	record = (struct record){.address = slice_of("-"), .status = STATUS_BAD_REQUEST};
	record.line = record.referer = record.agent = slice_of("");
	assert_string_equal(line_of(record, false),
	                    "- - - [01/Jan/1970:00:00:00 +0000] \"\" 400 0 \"\" \"\"\n");
}

static void test_journald_gets_a_priority(void **state)
{
	(void)state;
	const char *line = line_of(plain(), true);
	assert_true(line[0] == '<' && line[1] >= '0' && line[1] <= '7' && line[2] == '>');
	assert_string_equal(line + 3, plain_line);
}

/* The form that a byte from a client has in a line. */
static void escaped(char *out, unsigned byte)
{
	if (byte < ' ' || byte >= 0x7f || byte == '"' || byte == '\\')
		sprintf(out, "\\x%02x", byte);
	else
		sprintf(out, "%c", (char)byte);
}

static void test_every_byte_is_plain_text_or_escaped(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		char text[3] = {'a', (char)byte, 'z'}, shown[8], expected[200];
		struct record record = plain();
		record.line = record.referer = record.agent = guarded_again(text, 3);
		escaped(shown, byte);
		snprintf(expected, sizeof expected, "192.0.2.1 - - [06/Nov/1994:08:49:37 +0000] \"a%sz\" 200 1234 "
		         "\"a%sz\" \"a%sz\"\n", shown, shown, shown);
		assert_string_equal(line_of(record, false), expected);
		assert_string_equal(line_of(record, true) + 3, expected);
	}
}

static void test_a_forged_line_stays_one_line(void **state)
{
	struct record record = plain();
	(void)state;
	record.agent = slice_of("x\"\n192.0.2.9 - - [06/Nov/1994:08:49:37 +0000] \"GET / HTTP/1.1\" 200 1\n\033[2J");
	const char *line = line_of(record, false), *end = strchr(line, '\n');
	assert_ptr_equal(end, line + strlen(line) - 1);
	assert_null(strchr(line, '\033'));
	assert_non_null(strstr(line, "\"x\\x22\\x0a192.0.2.9"));
}

/* An address may come from the environment. */
static void test_an_address_is_no_way_to_forge_either(void **state)
{
	struct record record = plain();
	(void)state;
	record.address = slice_of("fe80::1%eth0");
	assert_memory_equal(line_of(record, false), "fe80::1%eth0 - - [", 18);
	record.address = slice_of("a-b_c.example");
	assert_memory_equal(line_of(record, false), "a-b_c.example - - [", 19);
	record.address = slice_of("a b\"c\nd\\e[f\x7fg\xffh");
	assert_memory_equal(line_of(record, false), "a?b?c?d?e?f?g?h - - [", 21);
	char address[ADDRESS_MAX + 2];
	memset(address, 'a', sizeof address);
	address[ADDRESS_MAX] = '\0';
	record.address = slice_of(address);
	assert_int_equal(strcspn(line_of(record, false), " "), ADDRESS_MAX);
	record.address = (struct slice){address, sizeof address};
	assert_int_equal(strcspn(line_of(record, false), " "), ADDRESS_MAX);
}

/*
 * Takes a quoted string of plain characters and whole escapes. Returns its length without quotes; *bytes is that of its
 * value.
 */
static size_t take_quoted(const char **at)
{
	assert_int_equal(*(*at)++, '"');
	const char *begun = *at;
	while (**at != '"') {
		assert_true(**at >= ' ' && **at < 0x7f);
		if (**at == '\\') {
			assert_true((*at)[1] == 'x' && char_hex((*at)[2]) >= 0 && char_hex((*at)[3]) >= 0);
			*at += 3;
		}
		(*at)++;
	}
	return (size_t)((*at)++ - begun);
}

/* Parses a line by its documented format. Returns the lengths of its three quoted strings. */
static void take_apart(const char *line, size_t lengths[3])
{
	int read = 0;
	assert_true(strlen(line) < LOG_LINE);
	assert_int_equal(sscanf(line, "192.0.2.1 - - [06/Nov/1994:08:49:37 +0000] %n", &read), 0);
	assert_true(read > 0);
	line += read;
	lengths[0] = take_quoted(&line);
	assert_memory_equal(line, " 200 1234 ", 10);
	line += 10;
	lengths[1] = take_quoted(&line);
	assert_int_equal(*line++, ' ');
	lengths[2] = take_quoted(&line);
	assert_string_equal(line, "\n");
}

static void test_whatever_is_long_is_cut(void **state)
{
	static char bytes[HEAD_MAX];
	size_t lengths[3];
	(void)state;
	for (unsigned byte = 0; byte < 256; byte += 15) {
		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = (char)(i % 3 == 0 || byte % 2 == 0 ? byte : i % 256);
		struct record record = plain();
		record.line = record.referer = record.agent = guarded_again(bytes, sizeof bytes);
		take_apart(line_of(record, false), lengths);
		take_apart(line_of(record, true) + 3, lengths);
		assert_true(lengths[0] >= LOG_REQUEST - 4 && lengths[0] <= LOG_REQUEST + strlen("..."));
		assert_true(lengths[1] >= LOG_FIELD - 4 && lengths[1] <= LOG_FIELD + strlen("..."));
		assert_true(lengths[2] >= LOG_FIELD - 4 && lengths[2] <= LOG_FIELD + strlen("..."));
	}
}

/* With each part at its greatest length, a record still fits LOG_LINE. */
static void test_the_longest_line_is_whole(void **state)
{
	static char bytes[HEAD_MAX], address[ADDRESS_MAX + 1];
	struct record record = {.address = {address, ADDRESS_MAX}, .when = INT64_MAX, .status = STATUS_OK,
	                        .bytes = UINT64_MAX};
	(void)state;
	memset(bytes, 0xff, sizeof bytes);
	memset(address, 'a', ADDRESS_MAX);
	record.line = record.referer = record.agent = (struct slice){bytes, sizeof bytes};
	const char *line = line_of(record, true);
	size_t n = strlen(line);
	assert_true(n < LOG_LINE);
	assert_string_equal(line + n - 2, "\"\n");
	assert_non_null(strstr(line, " 200 18446744073709551615 \""));
}

/* Up to the limit the text is whole; a longer one is cut, with three dots at its end. */
static void check_limit(struct record *record, struct slice *field, size_t limit, size_t width, char byte)
{
	static char bytes[4096];
	memset(bytes, byte, sizeof bytes);
	for (size_t n = 1; n <= limit / width + 4; n++) {
		char shown[4 * 4096 + 3] = "\"";
		*field = (struct slice){bytes, n};
		for (size_t i = 0; i < n; i++)
			escaped(shown + strlen(shown), (unsigned char)byte);
		strcat(shown, "\"");
		const char *line = line_of(*record, false);
		bool whole = strstr(line, shown) != NULL, dots = strstr(line, "...\"") != NULL;
		assert_int_equal(whole, !dots);
		if (n * width <= limit - 3)
			assert_true(whole);
		if (n * width > limit)
			assert_true(dots);
	}
	*field = slice_of("x");
}

static void test_both_sides_of_each_limit(void **state)
{
	struct record record = plain();
	(void)state;
	check_limit(&record, &record.line, LOG_REQUEST, 1, 'a');
	check_limit(&record, &record.line, LOG_REQUEST, 4, '\n');
	check_limit(&record, &record.referer, LOG_FIELD, 1, 'a');
	check_limit(&record, &record.referer, LOG_FIELD, 4, '\n');
	check_limit(&record, &record.agent, LOG_FIELD, 1, 'a');
	check_limit(&record, &record.agent, LOG_FIELD, 4, '\n');
}

/* The content of the file behind a descriptor. Static. */
static const char *content(const struct tree *tree, const char *name)
{
	static char text[65536];
	int fd = openat(tree->fd, name, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	assert_true(n >= 0);
	text[n] = '\0';
	return text;
}

/* Makes the descriptor standard error (-1: closes it) until put_back. Returns the old one. */
static int put_aside(int error_output)
{
	int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 100);
	assert_true(saved >= 0);
	if (error_output >= 0)
		dup2(error_output, STDERR_FILENO);
	else
		close(STDERR_FILENO);
	return saved;
}

static void put_back(int saved)
{
	dup2(saved, STDERR_FILENO);
	close(saved);
}

/*
 * Opens a log while standard error is that descriptor (-1: closed), and writes a message and a record. Returns the
 * result of log_open.
 */
static int use(struct log *log, const char *choice, int connection, int error_output)
{
	struct record record = plain();
	int saved = put_aside(error_output);
	forget();
	int error = log_open(log, choice, connection);
	if (error == 0) {
		log_message(log, slice_of("hello"));
		log_answer(log, &record, room);
	}
	receive();
	put_back(saved);
	return error;
}

static const char *both_lines(bool journal)
{
	static char text[512];
	snprintf(text, sizeof text, "%shttpd: hello\n%s%s", journal ? "<3>" : "", journal ? "<5>" : "", plain_line);
	return text;
}

static int open_in(const struct tree *tree, const char *name)
{
	int fd = openat(tree->fd, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	return fd;
}

static void in_syslog(const struct log *log)
{
	char line[sizeof plain_line];
	assert_int_equal(log->place, LOG_TO_SYSLOG);
	assert_int_equal(sys.opened, 1);
	assert_string_equal(sys.ident, "httpd"); /* the prefix of each line */
	assert_int_equal(sys.lines, 2);
	strcpy(line, plain_line);
	line[strlen(line) - 1] = '\0';
	assert_string_equal(sys.line, line);
}

static void test_none_is_nowhere(void **state)
{
	const struct tree *tree = *state;
	struct log log;
	int error = open_in(tree, "error"), before = descriptors();
	assert_int_equal(use(&log, "none", tree->fd, error), 0);
	assert_int_equal(log.place, LOG_TO_NOTHING);
	assert_int_equal(descriptors(), before);
	assert_int_equal(sys.lines, 0);
	assert_string_equal(content(tree, "error"), "");
	assert_int_not_equal(access("none", F_OK), 0);
	close(error);
}

static void test_syslog(void **state)
{
	const struct tree *tree = *state;
	struct log log;
	int error = open_in(tree, "error");
	assert_int_equal(use(&log, "syslog", tree->fd, error), 0);
	in_syslog(&log);
	assert_string_equal(content(tree, "error"), "");
	assert_false(log.journal);
	log_message(&log, slice_of("100%s %n"));
	receive();
	assert_string_equal(sys.line, "100%s %n");
	close(error);
}

static void test_a_file_is_appended_to(void **state)
{
	const struct tree *tree = *state;
	struct log log;
	char path[1100], expected[1100];
	int error = open_in(tree, "error");
	snprintf(path, sizeof path, "%s/access.log", tree->path);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(use(&log, path, tree->fd, error), 0);
		assert_int_equal(log.place, LOG_TO_DESCRIPTOR);
		assert_true(fcntl(log.fd, F_GETFD) & FD_CLOEXEC);
		assert_true(fcntl(log.fd, F_GETFL) & O_APPEND);
		close(log.fd);
	}
	snprintf(expected, sizeof expected, "%s%s", both_lines(false), both_lines(false));
	assert_string_equal(content(tree, "access.log"), expected);
	assert_string_equal(content(tree, "error"), "");
	assert_int_equal(sys.lines, 0);
	close(error);
}

static void test_a_file_that_cannot_be_opened_is_an_errno(void **state)
{
	const struct tree *tree = *state;
	struct log log;
	char path[1100];
	int error = open_in(tree, "error"), before = descriptors();
	assert_int_equal(use(&log, tree->path, tree->fd, error), EISDIR);
	snprintf(path, sizeof path, "%s/missing/log", tree->path);
	assert_int_equal(use(&log, path, tree->fd, error), ENOENT);
	snprintf(path, sizeof path, "%s/error/log", tree->path);
	assert_int_equal(use(&log, path, tree->fd, error), ENOTDIR);
	assert_int_equal(use(&log, "", tree->fd, error), ENOENT);
	assert_int_equal(descriptors(), before);
	close(error);
}

static int open_log(const void *path)
{
	struct log log;
	return log_open(&log, path, 0);
}

static void test_a_file_of_somebody_elses_is_an_errno(void **state)
{
	const struct tree *tree = *state;
	char path[1100];
	close(open_in(tree, "log"));
	assert_int_equal(fchmodat(tree->fd, "log", 0, 0), 0);
	snprintf(path, sizeof path, "%s/log", tree->path);
	assert_int_equal(as_ordinary_user(open_log, path), EACCES);
}

static void test_stderr_is_used_where_it_is_not_the_connection(void **state)
{
	const struct tree *tree = *state;
	int connection[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, connection), 0);
	struct log log;
	int error = open_in(tree, "error");
	assert_int_equal(use(&log, "stderr", connection[0], error), 0);
	assert_int_equal(log.place, LOG_TO_DESCRIPTOR);
	assert_int_equal(log.fd, STDERR_FILENO);
	assert_false(log.journal);
	assert_string_equal(content(tree, "error"), both_lines(false));
	assert_int_equal(sys.lines, 0);
	close(error);
	unlinkat(tree->fd, "error", 0);
	error = open_in(tree, "error");
	assert_int_equal(use(&log, "stderr", -1, error), 0); /* there is no connection that it could be */
	assert_int_equal(log.place, LOG_TO_DESCRIPTOR);
	close(error);
	close(connection[0]);
	close(connection[1]);
}

/* Whether nothing can be read from the descriptor. */
static bool silent(int fd)
{
	char byte;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return read(fd, &byte, 1) < 0 && errno == EAGAIN;
}

/* inetd gives the connection as 0, 1 and 2. */
static void test_stderr_is_avoided_where_it_is_the_connection(void **state)
{
	const struct tree *tree = *state;
	for (size_t i = 0; i < 2; i++) {
		struct log log;
		int ends[2];
		if (i % 2)
			assert_int_equal(pipe(ends), 0);
		else
			assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
		int other = dup(ends[1]);
		assert_int_equal(use(&log, "stderr", ends[1], other), 0);
		in_syslog(&log);
		assert_int_equal(use(&log, "stderr", ends[1], ends[1]), 0);
		in_syslog(&log);
		assert_int_equal(use(&log, "stderr", STDERR_FILENO, ends[1]), 0);
		in_syslog(&log);
		assert_true(silent(ends[0]));
		close(ends[0]);
		close(ends[1]);
		close(other);
		int file = open_in(tree, "file"), again = open_in(tree, "file");
		assert_int_equal(use(&log, "stderr", file, again), 0);
		in_syslog(&log);
		assert_string_equal(content(tree, "file"), "");
		close(file);
		close(again);
	}
}

/* A socket is the connection if its other end is the client. Another socket may take the log. */
static void test_another_socket_is_not_the_connection(void **state)
{
	int one[2], two[2];
	struct log log;
	char text[512];
	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, one), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, two), 0);
	assert_int_equal(use(&log, "stderr", one[0], two[0]), 0);
	assert_int_equal(log.place, LOG_TO_DESCRIPTOR);
	ssize_t n = read(two[1], text, sizeof text - 1);
	assert_true(n > 0);
	text[n] = '\0';
	assert_string_equal(text, both_lines(false));
	assert_true(silent(one[1]));
	for (int i = 0; i < 2; i++) {
		close(one[i]);
		close(two[i]);
	}
}

static void test_without_stderr_it_is_syslog(void **state)
{
	const struct tree *tree = *state;
	struct log log;
	assert_int_equal(use(&log, "stderr", tree->fd, -1), 0);
	in_syslog(&log);
}

/* Opens the log with that JOURNAL_STREAM. Returns whether standard error was taken for the journal. */
static bool takes_for_journal(const struct tree *tree, const char *stream)
{
	struct log log;
	unlinkat(tree->fd, "error", 0);
	int fd = open_in(tree, "other"), error = open_in(tree, "error");
	struct stat st;
	char own[64];
	assert_int_equal(fstat(error, &st), 0);
	snprintf(own, sizeof own, stream, (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", own, 1);
	assert_int_equal(use(&log, "stderr", fd, error), 0);
	assert_int_equal(log.place, LOG_TO_DESCRIPTOR);
	assert_string_equal(content(tree, "error"), both_lines(log.journal));
	unsetenv("JOURNAL_STREAM");
	close(error);
	close(fd);
	return log.journal;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-extra-args"
static void test_journal_stream(void **state)
{
	static const char others[][24] = {
		"", ":", "%llu", "%llu:", ":%llu", "%llu:1%llu", "1%llu:%llu", "%llu:%llu:", "%llu:%llu:1", "%llu:%llux",
		"%llu:-%llu", "+%llu:%llu", " %llu:%llu", "%llu:%llu ", "%llu.%llu", "0:0", "1:2", "x:y", "%llx:%llxg",
		"%llu:%llu\n",
	};
	assert_true(takes_for_journal(*state, "%llu:%llu"));
	for (size_t i = 0; i < ROWS(others); i++)
		if (takes_for_journal(*state, others[i]))
			fail_msg("JOURNAL_STREAM=%s", others[i]);
}
#pragma GCC diagnostic pop

/* Two processes append to one file, and neither overwrites the lines of the other. */
static void append(const char *path, char letter)
{
	static char bytes[600];
	struct record record = plain();
	struct log log;
	memset(bytes, letter, sizeof bytes);
	record.line = record.referer = record.agent = (struct slice){bytes, 590};
	if (log_open(&log, path, 0) != 0)
		_exit(1);
	for (int i = 0; i < 200; i++)
		log_answer(&log, &record, room);
	_exit(0);
}

static void test_lines_of_several_processes_stay_whole(void **state)
{
	const struct tree *tree = *state;
	char path[1100], line[4096];
	int lines[2] = {0, 0};
	pid_t children[2];
	snprintf(path, sizeof path, "%s/log", tree->path);
	for (int i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0)
			append(path, (char)('a' + i));
	}
	for (int i = 0; i < 2; i++)
		assert_int_equal(reap(children[i]), 0);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		size_t lengths[3];
		take_apart(line, lengths);
		assert_int_equal(lengths[0] + lengths[1] + lengths[2], 3 * 590);
		const char *quoted = strchr(line, '"') + 1;
		assert_int_equal(strspn(quoted, (char[]){quoted[0], '\0'}), 590);
		lines[quoted[0] - 'a']++;
	}
	fclose(file);
	assert_int_equal(lines[0], 200);
	assert_int_equal(lines[1], 200);
}

/* A log that fails does not stop the site: later records go to standard error, behind a message with the reason. */
static void test_what_fails_gives_way_to_standard_error(void **state)
{
	const struct tree *tree = *state;
	static const char *const reasons[] = {"Broken pipe", "No space left on device"};
	struct record record = plain();
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	int fds[] = {ends[1], open("/dev/full", O_WRONLY)};
	for (size_t i = 0; i < ROWS(fds); i++) {
		struct log log = {.place = LOG_TO_DESCRIPTOR, .fd = fds[i], .connection = -1, .choice = "a\nlog"};
		char expected[1024];
		int error = open_in(tree, "error"), saved = put_aside(error);
		log_answer(&log, &record, room);
		log_message(&log, slice_of("hello"));
		put_back(saved);
		snprintf(expected, sizeof expected, "httpd: --log 'a\\x0alog': %s; make room, or mend what takes the records; "
		         "until then records stand here\n%shttpd: hello\n", reasons[i], plain_line);
		assert_string_equal(content(tree, "error"), expected);
		close(error);
		unlinkat(tree->fd, "error", 0);
	}
	close(fds[0]);
	close(fds[1]);
}

/* Where standard error is closed or the connection, a record that cannot be written is lost. */
static void test_what_fails_is_lost_rather_than_sent_to_the_client(void **state)
{
	const struct tree *tree = *state;
	struct record record = plain();
	int full = open("/dev/full", O_WRONLY), error = open_in(tree, "error");
	for (int closed = 0; closed < 2; closed++) {
		struct log log = {.place = LOG_TO_DESCRIPTOR, .fd = full, .connection = error, .choice = "log"};
		int saved = put_aside(closed ? -1 : error);
		log_answer(&log, &record, room);
		log_message(&log, slice_of("hello"));
		put_back(saved);
		assert_string_equal(content(tree, "error"), "");
	}
	struct log none = {.place = LOG_TO_DESCRIPTOR, .fd = -1, .connection = -1};
	log_answer(&none, &record, room);
	close(full);
	close(error);
}

/* The same where the log cannot be opened: log_open chooses standard error and writes the message. */
static void test_what_cannot_be_opened_gives_way_too(void **state)
{
	const struct tree *tree = *state;
	struct record record = plain();
	struct log log;
	char expected[1024];
	int error = open_in(tree, "error"), saved = put_aside(error);
	int seen = log_open(&log, "/nonexistent/log", -1);
	log_complain(&log, seen);
	log_answer(&log, &record, room);
	put_back(saved);
	assert_int_equal(seen, ENOENT);
	snprintf(expected, sizeof expected, "httpd: --log '/nonexistent/log': %s; name a file that the account httpd runs "
	         "as may append to; until then records stand here\n%s", strerror(ENOENT), plain_line);
	assert_string_equal(content(tree, "error"), expected);
	close(error);
}

/* A log must not be the connection, whatever path names it. */
static void test_a_file_that_leads_to_the_client_is_refused(void **state)
{
	const struct tree *tree = *state;
	struct log log;
	int ends[2], error = open_in(tree, "error");
	char name[1100];
	assert_int_equal(mkfifoat(tree->fd, "fifo", 0600), 0);
	snprintf(name, sizeof name, "%s/fifo", tree->path);
	ends[0] = open(name, O_RDONLY | O_NONBLOCK);
	ends[1] = open(name, O_WRONLY);
	assert_true(ends[0] >= 0 && ends[1] >= 0);
	assert_int_equal(use(&log, name, ends[1], error), EISCONN);
	assert_int_equal(use(&log, name, error, error), 0);
	close(ends[0]);
	close(ends[1]);
	close(error);
}

/* In a directory of another account, a symlink could make root append to any file. */
static void test_root_follows_no_link_to_its_log(void **state)
{
	const struct tree *tree = *state;
	struct log log;
	char path[1100];
	int error = open_in(tree, "error");
	close(open_in(tree, "log"));
	tree_link(tree->fd, "link", "log");
	snprintf(path, sizeof path, "%s/link", tree->path);
	assert_int_equal(use(&log, path, -1, error), geteuid() == 0 ? ELOOP : 0);
	assert_string_equal(content(tree, "log"), geteuid() == 0 ? "" : both_lines(false));
	close(error);
}

#if defined __linux__ && !defined PORTABLE
/* Some daemons listen on a stream, where a line end ends a record. */
static void test_syslog_over_a_stream(void **state)
{
	const struct tree *tree = *state;
	struct record record = plain();
	struct log log;
	char got[1024], expected[1024];
	int error = open_in(tree, "error");
	sys.refused = SOCK_DGRAM;
	forget();
	assert_int_equal(log_open(&log, "syslog", -1), 0);
	sys.refused = 0;
	assert_int_equal(log.place, LOG_TO_SYSLOG);
	log_message(&log, slice_of("hello"));
	log_answer(&log, &record, room);
	ssize_t n = recv(sys.from, got, sizeof got - 1, MSG_DONTWAIT);
	assert_true(n > 0);
	got[n] = '\0';
	snprintf(expected, sizeof expected, "<27>httpd[%d]: hello\n<29>httpd[%d]: %s", (int)getpid(), (int)getpid(),
	         plain_line);
	assert_string_equal(got, expected);
	close(error);
}

/* The operator has to hear that there is no syslog. */
static void test_syslog_that_is_not_there_gives_way(void **state)
{
	const struct tree *tree = *state;
	struct log log;
	forget();
	int error = open_in(tree, "error"), before = descriptors();
	sys.gone = true;
	assert_int_equal(use(&log, "syslog", -1, error), ENOENT);
	assert_int_equal(log.fd, STDERR_FILENO);
	assert_int_equal(use(&log, "stderr", error, error), 0); /* nowhere is left to write it */
	assert_string_equal(content(tree, "error"), "");
	assert_int_equal(use(&log, "syslog", error, error), ENOENT);
	assert_int_equal(log.fd, -1);
	assert_int_equal(descriptors(), before);
	sys.gone = false;
	close(error);
}
#endif

/* Blocks SIGALRM, as the program that starts httpd may have done. */
static void block_alarm(void)
{
	sigset_t alarm;
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarm, NULL);
}

/*
 * A child logs to standard error while a reader who takes nothing keeps it full. poll() may say that it is ready, but
 * no write finds room. Each record is given up, and the process goes on.
 */
static void check_full(int fd, const char *what)
{
	pid_t child = fork();
	if (child == 0) {
		struct record record = plain();
		struct log log;
		put_aside(fd);
		block_alarm();
		if (log_open(&log, "stderr", -1) != 0)
			_exit(1);
		log_answer(&log, &record, room);
		log_message(&log, slice_of("hello"));
		struct itimerval timer;
		getitimer(ITIMER_REAL, &timer);
		_exit(timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0 ? 0 : 2); /* no other call is interrupted */
	}
	/* Not alarm(2): it is the timer that log.c uses. */
	int status;
	pid_t got;
	for (long i = 0; (got = waitpid(child, &status, WNOHANG)) == 0 && i < 600 * pace(); i++)
		rest(100);
	if (got == 0) {
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
	}
	if (got == 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("%s: %s", what, got == 0 ? "waits without end" : "a wrong end");
}

static void fill(int fd)
{
	char bytes[512];
	memset(bytes, 'x', sizeof bytes);
	int flags = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	for (size_t n = sizeof bytes; n > 0; n /= 2)
		while (write(fd, bytes, n) > 0)
			;
	fcntl(fd, F_SETFL, flags);
}

static void test_a_full_log_holds_nobody(void **state)
{
	int ends[2];
	(void)state;
	assert_int_equal(pipe(ends), 0);
	fill(ends[1]);
	check_full(ends[1], "a pipe");
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	check_full(ends[1], "a pipe that never blocks");
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	fill(ends[1]);
	check_full(ends[1], "a socket");
	close(ends[0]);
	close(ends[1]);
}

/* Only the first record waits for a reader that takes none. Once it reads again, records are written again. */
static void test_a_full_log_is_waited_for_once(void **state)
{
	struct record record = plain();
	struct log log;
	char text[512];
	int ends[2];
	(void)state;
	assert_int_equal(pipe(ends), 0);
	fill(ends[1]);
	int aside = put_aside(ends[1]);
	assert_int_equal(log_open(&log, "stderr", -1), 0);
	int64_t before = milliseconds();
	log_answer(&log, &record, room);
	int64_t first = milliseconds() - before;
	for (int i = 0; i < 5; i++)
		log_answer(&log, &record, room);
	int64_t others = milliseconds() - before - first;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	while (read(ends[0], text, sizeof text) > 0)
		;
	log_answer(&log, &record, room);
	ssize_t got = read(ends[0], text, sizeof text);
	put_back(aside);
	assert_true(first >= LOG_MS * 7 / 8);
	assert_true(others < first);
	assert_true(got > 0 && text[got - 1] == '\n');
	close(ends[0]);
	close(ends[1]);
}

/* Logs a record to the file, with a limit for the size of files. Standard error is the other descriptor. */
static void log_below(rlim_t size, const char *path, int error)
{
	pid_t child = fork();
	if (child == 0) {
		struct record record = plain();
		struct rlimit limit = {size, size};
		struct log log;
		put_aside(error);
		if (log_open(&log, path, -1) != 0 || setrlimit(RLIMIT_FSIZE, &limit) != 0)
			_exit(1);
		for (int i = 0; i < 8; i++)
			log_answer(&log, &record, room);
		_exit(0);
	}
	assert_int_equal(reap(child), 0);
}

/*
 * A full disk, or a limit, cuts a record. Its beginning stays as a line of its own, so that no later record, of this
 * process or another, looks like its rest.
 */
static void test_a_record_that_was_cut_takes_no_other_with_it(void **state)
{
	const struct tree *tree = *state;
	char path[1100];
	size_t whole = strlen(plain_line), cut = 512 % whole;
	int ends[2];
	snprintf(path, sizeof path, "%s/log", tree->path);
	assert_int_equal(pipe(ends), 0);
	log_below(512, path, ends[1]); /* the records that do not fit go to standard error */
	assert_int_equal(strlen(content(tree, "log")), 512);
	char said[4096];
	ssize_t n = read(ends[0], said, sizeof said - 1);
	assert_true(n > 0);
	said[n] = '\0';
	const char *complaint = "': File too large; make room, or mend what takes the records; until then records stand "
	                        "here\n";
	const char *end = strstr(said, complaint);
	assert_non_null(end);
	size_t lines = 0;
	for (end += strlen(complaint); strncmp(end, plain_line, whole) == 0; end += whole)
		lines++;
	assert_string_equal(end, "");
	assert_int_equal(lines + 512 / whole, 8); /* each record is whole in one of the two files */
	log_below(1024, path, -1); /* without standard error it is lost */
	log_below(4096, path, -1);
	const char *text = content(tree, "log");
	size_t torn = 0, good = 0;
	for (const char *at = text; *at != '\0'; at = strchr(at, '\n') + 1) {
		assert_non_null(strchr(at, '\n'));
		if (strncmp(at, plain_line, whole) == 0)
			good++;
		else
			torn++;
	}
	assert_memory_equal(text + 512 - cut, plain_line, cut);
	assert_memory_equal(text + 512, "\n192.", 5);
	assert_int_equal(torn, 2);
	assert_true(good >= 8 + 512 / whole);
	close(ends[0]);
	close(ends[1]);
}

/* Both write to the same file from its beginning, as with StandardError=file: of systemd. */
static void test_standard_error_is_appended_to(void **state)
{
	const struct tree *tree = *state;
	struct record record = plain();
	struct log log[2];
	char expected[1024] = "";
	int error[2] = {open_in(tree, "error"), open_in(tree, "error")};
	for (int i = 0; i < 4; i++) {
		int saved = put_aside(error[i % 2]);
		if (i < 2)
			assert_int_equal(log_open(&log[i % 2], "stderr", -1), 0);
		log_answer(&log[i % 2], &record, room);
		put_back(saved);
		strcat(expected, plain_line);
	}
	assert_string_equal(content(tree, "error"), expected);
	close(error[0]);
	close(error[1]);
}

/* It may take the records of a log that fails later: inside the sandbox nobody can set its flags. */
static void test_standard_error_is_appended_to_behind_another_log(void **state)
{
	const struct tree *tree = *state;
	const char *choices[] = {"syslog", NULL};
	char path[1100];
	snprintf(path, sizeof path, "%s/log", tree->path);
	choices[1] = path;
	for (size_t i = 0; i < ROWS(choices); i++) {
		struct log log;
		int error = open_in(tree, "error");
		assert_int_equal(fcntl(error, F_GETFL) & O_APPEND, 0);
		assert_int_equal(use(&log, choices[i], -1, error), 0);
		assert_int_equal(fcntl(error, F_GETFL) & O_APPEND, O_APPEND);
		close(error);
	}
}

static void test_messages_are_whole_up_to_their_limit(void **state)
{
	char text[MESSAGE_MAX], expected[MESSAGE_MAX + 16], got[MESSAGE_MAX + 100];
	(void)state;
	memset(text, 'm', sizeof text);
	for (size_t n = 0; n <= MESSAGE_MAX; n += n < 3 || n > MESSAGE_MAX - 4 ? 1 : MESSAGE_MAX - 6)
		for (int journal = 0; journal < 2; journal++) {
			int from;
			struct log log = datagrams(&from);
			log.journal = journal != 0;
			log_message(&log, guarded_again(text, n));
			snprintf(expected, sizeof expected, "%shttpd: %.*s\n", journal ? "<3>" : "", (int)n, text);
			ssize_t length = recv(from, got, sizeof got, MSG_DONTWAIT);
			assert_int_equal(length, strlen(expected));
			assert_memory_equal(got, expected, strlen(expected));
			assert_true(recv(from, got, sizeof got, MSG_DONTWAIT) < 0);
			close(from);
			close(log.fd);
		}
}

/* A message that is too long is cut, marked as cut, and still one line. */
static void test_a_message_beyond_its_limit_is_cut(void **state)
{
	char text[2 * MESSAGE_MAX], got[3 * MESSAGE_MAX];
	int from;
	(void)state;
	memset(text, 'm', sizeof text);
	struct log log = datagrams(&from);
	log_message(&log, (struct slice){text, sizeof text});
	ssize_t length = recv(from, got, sizeof got, MSG_DONTWAIT);
	assert_true(length > MESSAGE_MAX && (size_t)length < sizeof text);
	assert_memory_equal(got, "httpd: mmm", 10);
	assert_memory_equal(got + length - 5, "m...\n", 5);
	close(from);
	close(log.fd);
}

/* The reader of the pipe is gone. The write fails, and no signal ends the process. */
static void test_a_reader_that_has_left_ends_nobody(void **state)
{
	int ends[2], status;
	(void)state;
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct log log;
		signal(SIGPIPE, SIG_DFL);
		dup2(ends[1], STDERR_FILENO);
		close(ends[1]);
		log_open(&log, "stderr", -1);
		log_message(&log, slice_of("nobody reads this"));
		_exit(log.place == LOG_TO_DESCRIPTOR ? 0 : 1);
	}
	close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_reader_that_has_left_ends_nobody),
		cmocka_unit_test(test_combined_log_format),
		cmocka_unit_test(test_journald_gets_a_priority),
		cmocka_unit_test(test_every_byte_is_plain_text_or_escaped),
		cmocka_unit_test(test_a_forged_line_stays_one_line),
		cmocka_unit_test(test_an_address_is_no_way_to_forge_either),
		cmocka_unit_test(test_whatever_is_long_is_cut),
		cmocka_unit_test(test_the_longest_line_is_whole),
		cmocka_unit_test(test_both_sides_of_each_limit),
		IN_TREE(test_none_is_nowhere),
		IN_TREE(test_syslog),
		IN_TREE(test_a_file_is_appended_to),
		IN_TREE(test_a_file_that_cannot_be_opened_is_an_errno),
		IN_TREE(test_a_file_of_somebody_elses_is_an_errno),
		IN_TREE(test_stderr_is_used_where_it_is_not_the_connection),
		IN_TREE(test_stderr_is_avoided_where_it_is_the_connection),
		cmocka_unit_test(test_another_socket_is_not_the_connection),
		IN_TREE(test_without_stderr_it_is_syslog),
		IN_TREE(test_journal_stream),
		IN_TREE(test_lines_of_several_processes_stay_whole),
		IN_TREE(test_what_fails_gives_way_to_standard_error),
		IN_TREE(test_what_fails_is_lost_rather_than_sent_to_the_client),
		IN_TREE(test_what_cannot_be_opened_gives_way_too),
		IN_TREE(test_a_file_that_leads_to_the_client_is_refused),
		IN_TREE(test_root_follows_no_link_to_its_log),
#if defined __linux__ && !defined PORTABLE
		IN_TREE(test_syslog_over_a_stream),
		IN_TREE(test_syslog_that_is_not_there_gives_way),
#endif
		cmocka_unit_test(test_a_full_log_holds_nobody),
		cmocka_unit_test(test_a_full_log_is_waited_for_once),
		IN_TREE(test_a_record_that_was_cut_takes_no_other_with_it),
		IN_TREE(test_standard_error_is_appended_to),
		IN_TREE(test_standard_error_is_appended_to_behind_another_log),
		cmocka_unit_test(test_messages_are_whole_up_to_their_limit),
		cmocka_unit_test(test_a_message_beyond_its_limit_is_cut),
	};
	unsetenv("JOURNAL_STREAM");
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
