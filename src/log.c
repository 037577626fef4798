/* SPDX-License-Identifier: ISC */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "bounds.h"
#include "date.h"

/* Whether the variable names this file as "device:inode" (systemd.exec(5), JOURNAL_STREAM). */
static bool is_journal(const char *stream, const struct stat *st)
{
	struct slice device, inode = slice_of(stream);
	uint64_t d, i;
	if (!slice_split(&inode, ':', &device) || !slice_number(device, &d) || !slice_number(inode, &i))
		return false;
	return d == (uint64_t)st->st_dev && i == (uint64_t)st->st_ino;
}

/* Whether what is written to descriptor 2 would be read by the client. A terminal is for people: they may see both. */
static bool is_connection(const struct stat *st, int connection)
{
	struct stat other;
	if (S_ISCHR(st->st_mode) || fstat(connection, &other) != 0)
		return false;
	return st->st_dev == other.st_dev && st->st_ino == other.st_ino;
}

/* stderr, or syslog where stderr is the connection or not there. */
static void take_stderr(struct log *log, int connection)
{
	struct stat st;
	log->place = LOG_TO_SYSLOG;
	if (fstat(STDERR_FILENO, &st) != 0)
		return;
	log->journal = is_journal(getenv("JOURNAL_STREAM"), &st);
	if (!log->journal && is_connection(&st, connection))
		return;
	log->place = LOG_TO_DESCRIPTOR;
	log->fd = STDERR_FILENO;
	log->waits = !S_ISREG(st.st_mode);
}

#if defined __linux__ && !defined PORTABLE
/*
 * Straight to the socket, as the C library's syslog brings printf and time zones into the program. The daemon sets the
 * time of a record that comes without one. Where none listens, records are lost, as syslog(3) loses them.
 */
static void open_syslog(struct log *log)
{
	static const struct sockaddr_un daemon = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	log->waits = true;
	log->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (log->fd >= 0 && connect(log->fd, (const struct sockaddr *)&daemon, sizeof daemon) != 0) {
		close(log->fd);
		log->fd = -1;
	}
}
#else
static void open_syslog(struct log *log)
{
	log->fd = -1;
	openlog("httpd", LOG_PID | LOG_NDELAY, LOG_DAEMON);
}
#endif

int log_open(struct log *log, const char *choice, int connection)
{
	*log = (struct log){LOG_TO_NOTHING, -1, false, false};
	if (strcmp(choice, "none") == 0)
		return 0;
	if (strcmp(choice, "stderr") == 0)
		take_stderr(log, connection);
	else if (strcmp(choice, "syslog") == 0)
		log->place = LOG_TO_SYSLOG;
	else {
		log->place = LOG_TO_DESCRIPTOR;
		/* Without waiting: a FIFO may have no reader. */
		log->fd = openat(AT_FDCWD, choice, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0640);
		if (log->fd < 0)
			return errno;
	}
	if (log->place == LOG_TO_SYSLOG)
		open_syslog(log);
	signal(SIGPIPE, SIG_IGN); /* whoever reads the log may leave */
#ifdef SIGXFSZ
	if (!log->waits)
		signal(SIGXFSZ, SIG_IGN); /* a file may not be allowed to grow: EFBIG will do */
#endif
	return 0;
}

/*
 * What tells journald and syslog how much it matters; a file has no such thing. To the syslog socket it is
 * "<priority>program[pid]: " (RFC 3164 section 4.1, without the timestamp).
 */
static void put_severity(const struct log *log, struct buf *b, int severity)
{
	if (log->place == LOG_TO_SYSLOG && log->fd >= 0)
		buf_format(b, "<%u>httpd[%u]: ", (unsigned)(LOG_DAEMON | severity), (unsigned)getpid());
	if (log->journal)
		buf_format(b, "<%u>", (unsigned)severity);
}

/* Writes the line in one call. A record that cannot be written is lost: the client goes first. */
static void put_line(const struct log *log, struct buf *line, int severity)
{
	struct pollfd p = {.fd = log->fd, .events = POLLOUT};
	if (log->place == LOG_TO_DESCRIPTOR)
		buf_char(line, '\n');
#if !defined __linux__ || defined PORTABLE
	if (log->place == LOG_TO_SYSLOG)
		syslog(severity, "%.*s", (int)line->len, line->at);
#else
	(void)severity; /* it stands in the line */
#endif
	if (log->fd < 0 || (log->waits && poll(&p, 1, LOG_MS) <= 0))
		return;
	while (write(log->fd, line->at, line->len) < 0 && errno == EINTR)
		;
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

/* One out of the environment is trusted no more than the client: only what a host name or an address may hold. */
static void put_address(struct buf *b, const char *address)
{
	for (size_t i = 0; i < ADDRESS_MAX && address[i] != '\0'; i++)
		buf_char(b, char_is_alphanumeric(address[i]) || strchr(".:-_%", address[i]) != NULL ? address[i] : '?');
}

void log_answer(const struct log *log, const struct record *record, char *room)
{
	struct buf b = buf_in(room, LOG_LINE);
	bool brief = log->place == LOG_TO_SYSLOG;
	if (log->place == LOG_TO_NOTHING)
		return;
	put_severity(log, &b, LOG_NOTICE);
	put_address(&b, record->address);
	buf_text(&b, " - - [");
	date_write(&b, DATE_LOG, record->when);
	buf_text(&b, "] ");
	put_quoted(&b, record->line, brief ? SYSLOG_REQUEST : LOG_REQUEST);
	buf_format(&b, " %u %ju ", (unsigned)record->status, record->bytes);
	put_quoted(&b, record->referer, brief ? SYSLOG_FIELD : LOG_FIELD);
	buf_char(&b, ' ');
	put_quoted(&b, record->agent, brief ? SYSLOG_FIELD : LOG_FIELD);
	put_line(log, &b, LOG_NOTICE);
}

void log_message(const struct log *log, struct slice text)
{
	char room[MESSAGE_MAX + 64];
	struct buf b = buf_in(room, sizeof room);
	put_severity(log, &b, LOG_ERR);
	buf_format(&b, "%s%.*s", log->place != LOG_TO_SYSLOG ? "httpd: " : "", SLICE(text));
	put_line(log, &b, LOG_ERR);
}
