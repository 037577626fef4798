/* SPDX-License-Identifier: ISC */
#include "system/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "base/bounds.h"
#include "http/date.h"
#include "system/record_file.h"

/* Bytes that stand around a message at most: a line end, "<27>httpd[4294967295]: " or "<3>httpd: ", and a line end. */
enum { LINE_START = 64 };

/* Address, time, status (3 digits), bytes (20 digits), three pairs of quotes, and what stands between these. */
_Static_assert(LINE_START + ADDRESS_MAX + sizeof " - - [01/Jan/1970:00:00:00 +0000] " + LOG_REQUEST +
               (size_t)2 * LOG_FIELD + 6 + 28 <= LOG_LINE, "LOG_LINE holds the longest record");

/* The line is made where the answer was, behind the head of the request. */
_Static_assert(HEAD_MAX + LOG_LINE <= MEMORY_MAX, "MEMORY_MAX has room for a record behind every head");

#if defined __linux__ && !defined PORTABLE
enum { NO_WAIT = MSG_DONTWAIT };
#else
enum { NO_WAIT = 0 };
#endif

/* Whether the variable names this file as "device:inode" (systemd.exec(5), JOURNAL_STREAM). */
static bool is_journal(const char *stream, const struct stat *st)
{
	struct slice device, inode = slice_of(stream);
	uint64_t d, i;
	if (!slice_split(&inode, ':', &device) || !slice_number(device, &d) || !slice_number(inode, &i))
		return false;
	return d == (uint64_t)st->st_dev && i == (uint64_t)st->st_ino;
}

/* The handler of SIGALRM. It is set without SA_RESTART, so that the signal interrupts a write. */
static void interrupt(int number)
{
	(void)number;
}

/* Lets SIGALRM end a wait, also where the program that started this one has blocked the signal. */
static void heed_ticks(void)
{
	struct sigaction action = {.sa_handler = interrupt};
	sigset_t alarm;
	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alarm, NULL);
}

/* Makes the descriptor the place of the records; *st is what fstat says of it. */
static void use_descriptor(struct log *log, int fd, const struct stat *st)
{
	log->place = LOG_TO_DESCRIPTOR;
	log->fd = fd;
	log->socket = S_ISSOCK(st->st_mode);
	log->waits = !S_ISREG(st->st_mode) && (NO_WAIT == 0 || !log->socket);
	if (log->waits)
		heed_ticks();
	if (!S_ISREG(st->st_mode) && !log->socket)
		signal(SIGPIPE, SIG_IGN); /* the reader may close the pipe */
	if (S_ISREG(st->st_mode))
		signal(SIGXFSZ, SIG_IGN); /* a write beyond RLIMIT_FSIZE then fails with EFBIG */
}

/* Lets no process write over the records of another one. Of a regular file's flags no other matters. */
static void append_to_stderr(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		fcntl(STDERR_FILENO, F_SETFL, O_APPEND);
}

/* Makes standard error the place of the records; false where it is closed or leads to the client. */
static bool use_stderr(struct log *log)
{
	struct stat st;
	if (fstat(STDERR_FILENO, &st) != 0)
		return false;
	bool journal = is_journal(getenv("JOURNAL_STREAM"), &st);
	if (!journal && record_file_is_connection(&st, log->connection))
		return false;
	use_descriptor(log, STDERR_FILENO, &st);
	log->journal = journal;
	log->torn = record_file_is_torn("/dev/stderr", &st);
	append_to_stderr(&st);
	return true;
}

/* Makes a file the place of the records, and creates it if need be. Returns 0 or an errno. */
static int use_file(struct log *log, const char *name)
{
	struct stat st;
	int fd, error = record_file_open(name, true, log->connection, &fd, &st);
	if (error != 0)
		return error;
	use_descriptor(log, fd, &st);
	log->torn = record_file_is_torn(name, &st);
	return 0;
}

#if defined __linux__ && !defined PORTABLE
/*
 * Connects to the daemon's socket: the C library's syslog(3) would bring printf and time zones into the program. The
 * daemon sets the time of a record without one. Some daemons read a stream. Returns 0 or an errno.
 */
static int use_syslog(struct log *log)
{
	static const struct sockaddr_un daemon = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	static const struct stat a_socket = {.st_mode = S_IFSOCK};
	static const int types[] = {SOCK_DGRAM, SOCK_STREAM};
	int error = EPROTOTYPE;
	for (size_t i = 0; i < sizeof types / sizeof types[0] && error == EPROTOTYPE; i++) {
		int fd = socket(AF_UNIX, types[i] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		error = fd < 0 || connect(fd, (const struct sockaddr *)&daemon, sizeof daemon) != 0 ? errno : 0;
		if (error == 0) {
			use_descriptor(log, fd, &a_socket);
			log->lines = types[i] == SOCK_STREAM;
		} else if (fd >= 0) {
			close(fd);
		}
	}
	log->place = LOG_TO_SYSLOG;
	return error;
}
#else
static int use_syslog(struct log *log)
{
	static const struct stat a_socket = {.st_mode = S_IFSOCK};
	use_descriptor(log, -1, &a_socket);
	log->place = LOG_TO_SYSLOG;
	openlog("httpd", LOG_PID | LOG_NDELAY, LOG_DAEMON);
	return 0;
}
#endif

int log_open(struct log *log, const char *choice, int connection)
{
	*log = (struct log){.place = LOG_TO_NOTHING, .fd = -1, .connection = connection, .choice = choice};
	if (strcmp(choice, "none") == 0)
		return 0;
	if (strcmp(choice, "stderr") == 0) {
		if (!use_stderr(log))
			use_syslog(log); /* where no daemon listens, records are lost, as syslog(3) loses them */
		return 0;
	}
	bool syslog = strcmp(choice, "syslog") == 0;
	int error = syslog ? use_syslog(log) : use_file(log, choice);
	struct stat st;
	if (error != 0 && !use_stderr(log) && !syslog)
		use_syslog(log);
	/* It may take the records later, when the sandbox does not let its flags be set any more. */
	if (error == 0 && fstat(STDERR_FILENO, &st) == 0)
		append_to_stderr(&st);
	return error;
}

/*
 * Begins a line in the room, of which a byte is kept for the line end. For journald and syslog it begins with the
 * priority.
 */
static struct buf begin_line(const struct log *log, struct buf room, int severity)
{
	struct buf b = buf_message(room.at, room.size - 1);
	if (log->torn)
		buf_char(&b, '\n');
	/* "<priority>program[pid]: " (RFC 3164 section 4.1, without the timestamp) */
	if (log->place == LOG_TO_SYSLOG && log->fd >= 0)
		buf_format(&b, "<%u>httpd[%u]: ", (unsigned)(LOG_DAEMON | severity), (unsigned)getpid());
	if (log->journal)
		buf_format(&b, "<%u>", (unsigned)severity);
	return b;
}

/* Starts or stops the timer that interrupts a call LOG_TICKS times within LOG_MS. */
static void set_ticks(bool on)
{
	struct itimerval every = {.it_interval.tv_usec = on ? LOG_MS / LOG_TICKS * 1000 : 0};
	every.it_value = every.it_interval;
	setitimer(ITIMER_REAL, &every, NULL);
}

static ssize_t write_once(const struct log *log, struct slice line)
{
	return log->socket ? send(log->fd, line.at, line.len, NO_WAIT | MSG_NOSIGNAL) : write(log->fd, line.at, line.len);
}

/*
 * One write that waits no longer than LOG_MS. A write to a pipe may wait although the pipe polls ready, as other
 * processes write to it as well; O_NONBLOCK is no cure, as they share it. So a timer ends the wait. On a socket
 * MSG_DONTWAIT does. After a line that nobody took, the next ones do not wait until the log polls ready, so that a kept
 * connection is not held for each of its requests. Returns as write does.
 */
static ssize_t write_in_time(struct log *log, struct slice line)
{
	struct pollfd p = {.fd = log->fd, .events = POLLOUT};
	ssize_t n = -1;
	if (log->stuck && poll(&p, 1, 0) == 0) {
		errno = EAGAIN;
		return n;
	}
	if (log->waits)
		set_ticks(true);
	for (unsigned i = 0; i < LOG_TICKS; i++) {
		n = write_once(log, line);
		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			break;
		if (errno == EAGAIN)
			poll(&p, 1, LOG_MS / LOG_TICKS);
	}
	int error = errno;
	if (log->waits)
		set_ticks(false);
	log->stuck = n < 0 && (error == EINTR || error == EAGAIN);
	errno = error;
	return n;
}

/*
 * Ends the line and writes it. Returns 0, also for a line that is lost because no reader takes it, or the errno with
 * which the log failed.
 */
static int put_line(struct log *log, struct buf *line, int severity)
{
	if (log->place == LOG_TO_DESCRIPTOR || log->lines)
		line->at[line->len++] = '\n'; /* begin_line has kept its byte */
#if !defined __linux__ || defined PORTABLE
	if (log->place == LOG_TO_SYSLOG) {
		set_ticks(true);
		syslog(severity, "%.*s", (int)line->len, line->at);
		set_ticks(false);
	}
#else
	(void)severity; /* it stands in the line */
#endif
	if (log->fd < 0)
		return 0;
	ssize_t n = write_in_time(log, buf_slice(line));
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : errno;
	log->torn = (size_t)n < line->len;
	if (!log->torn)
		return 0;
	/* The rest is lost. A line end keeps the next record from being taken for it. */
	log->torn = write_in_time(log, slice_of("\n")) != 1;
	return log->torn ? errno : ENOSPC;
}

static int put_message(struct log *log, struct slice text)
{
	char room[MESSAGE_MAX + LINE_START];
	struct buf b = begin_line(log, buf_in(room, sizeof room), LOG_ERR);
	buf_format(&b, "%s%.*s", log->place != LOG_TO_SYSLOG ? "httpd: " : "", SLICE(text));
	return put_line(log, &b, LOG_ERR);
}

/* Writes a message about the chosen place, to the place that takes the records instead. */
static void report_failure(struct log *log, int error, const char *cure)
{
	char room[MESSAGE_MAX];
	struct buf b = buf_message(room, sizeof room);
	buf_text(&b, "--log ");
	buf_quoted(&b, slice_of(log->choice), MESSAGE_MAX / 4);
	buf_format(&b, ": %s; %s; until then records stand here", record_file_reason(error), cure);
	put_message(log, buf_slice(&b));
}

void log_complain(struct log *log, int error)
{
	const char *cure = "name a file that the account httpd runs as may append to";
	if (strcmp(log->choice, "syslog") == 0)
		cure = "start a daemon that reads /dev/log, and in a unit let RestrictAddressFamilies= have AF_UNIX";
	report_failure(log, error, cure);
}

/* After a failure: makes standard error the place of the records, where that is another place, and reports why. */
static bool fall_back(struct log *log, int error)
{
	if (error == 0 || log->fd == STDERR_FILENO || !use_stderr(log))
		return false;
	report_failure(log, error, "make room, or mend what takes the records");
	return true;
}

/*
 * Writes s in quotes, of its escaped form at most `room` bytes. What is not visible ASCII, a quote or a backslash
 * becomes \xHH, so that no client can forge a line or drive a terminal.
 */
static void put_quoted(struct buf *b, struct slice s, size_t room)
{
	buf_char(b, '"');
	bool all = buf_visible(b, s.at != NULL ? s : slice_of("-"), "\"\\", room - strlen("..."));
	buf_text(b, all ? "\"" : "...\"");
}

/* Writes an address. One from the environment is not trusted: bytes that no host name or address has become "?". */
static void put_address(struct buf *b, struct slice address)
{
	for (size_t i = 0; i < ADDRESS_MAX && i < address.len; i++) {
		char c = address.at[i];
		buf_char(b, char_is_alphanumeric(c) || (c != '\0' && strchr(".:-_%", c) != NULL) ? c : '?');
	}
}

static int put_answer(struct log *log, const struct record *record, struct buf room)
{
	struct buf b = begin_line(log, room, LOG_NOTICE);
	bool brief = log->place == LOG_TO_SYSLOG;
	put_address(&b, record->address);
	buf_text(&b, " - - [");
	date_write(&b, DATE_LOG, record->when);
	buf_text(&b, "] ");
	put_quoted(&b, record->line, brief ? SYSLOG_REQUEST : LOG_REQUEST);
	buf_format(&b, " %u %ju ", (unsigned)record->status, record->bytes);
	put_quoted(&b, record->referer, brief ? SYSLOG_FIELD : LOG_FIELD);
	buf_char(&b, ' ');
	put_quoted(&b, record->agent, brief ? SYSLOG_FIELD : LOG_FIELD);
	return put_line(log, &b, LOG_NOTICE);
}

void log_answer(struct log *log, const struct record *record, struct buf room)
{
	if (log->place != LOG_TO_NOTHING && fall_back(log, put_answer(log, record, room)))
		put_answer(log, record, room);
}

void log_message(struct log *log, struct slice text)
{
	if (fall_back(log, put_message(log, text)))
		put_message(log, text);
}
