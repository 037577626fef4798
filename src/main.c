/* SPDX-License-Identifier: ISC */
/* main: the arguments, the descriptors, the root; then one session, and the exit status. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/buf.h"
#include "check/check.h"
#include "serve/link.h"
#include "serve/options.h"
#include "serve/session.h"
#include "system/account.h"
#include "system/activation.h"
#include "system/conn.h"
#include "system/log.h"
#include "system/peer.h"
#include "system/root.h"
#include "system/sandbox.h"

/* Opens /dev/null as each of 0, 1 and 2 that is closed, so that no file of ours is taken for the connection. */
static void fill_standard(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/*
 * Returns the log for a fault: the one that is open, else the chosen one, which is opened into *room. If the answer
 * goes to a pipe or a file, the message goes to standard error even where both are the same: a person reads them.
 */
static struct log *log_for_faults(const struct session *session, struct log *room)
{
	const char *choice = session->site->log;
	int out = session->conn->out;
	struct stat st;
	bool socket = fstat(out, &st) == 0 && S_ISSOCK(st.st_mode);
	bool beside = !socket && strcmp(choice, "stderr") == 0;
	if (session->log != NULL && !(beside && session->log->place == LOG_TO_SYSLOG))
		return session->log;
	if (session->log == NULL)
		fill_standard();
	log_open(room, choice, socket ? out : -1);
	return room;
}

/*
 * Writes a message about the operator's fault, and answers 503 where there is a client, which the log counts as an
 * answer. Returns the exit status.
 */
static int fail(const struct session *session, int status, struct slice text)
{
	char room[ADDRESS_MAX];
	struct buf address = buf_in(room, sizeof room);
	struct log log;
	struct session last = *session;
	last.root = -1; /* no error page of the site, as this process may still be root */
	last.log = log_for_faults(session, &log);
	log_message(last.log, text);
	if (!conn_has_client(last.conn))
		return status;
	if (last.address == NULL) { /* else the sandbox may refuse the question already */
		peer_address(&address, last.conn->in);
		last.address = &address;
	}
	session_unavailable(&last);
	return status;
}

/* "what 'name': reason; cure" */
static int fail_for(const struct session *session, int status, const char *what, const char *name, const char *reason,
                    const char *cure)
{
	char room[MESSAGE_MAX];
	struct buf text = buf_message(room, sizeof room);
	buf_format(&text, "%s ", what);
	buf_quoted(&text, slice_of(name), MESSAGE_MAX / 2);
	buf_format(&text, ": %s; %s", reason, cure);
	return fail(session, status, buf_slice(&text));
}

/* The message names the account: a supervisor's is seldom that of the operator. */
static int fail_root(const struct session *session, int error)
{
	char room[MESSAGE_MAX];
	struct buf cure = buf_in(room, sizeof room);
	buf_format(&cure, "name a directory that the account httpd runs as, UID %u, may read; 'namei -l' shows who may, "
	                  "all the way down%c", (unsigned)geteuid(), '\0');
	return fail_for(session, EX_NOINPUT, "ROOT", session->site->root, strerror(error), room);
}

/* --sandbox=require is not met: the build is at fault, or the kernel. */
static int fail_unconfined(const struct session *session)
{
	if (sandbox_supported() == 0)
		return fail_for(session, EX_OSERR, "--sandbox", "require", "this build has no sandbox",
		                "build httpd for Linux, FreeBSD or OpenBSD without PORTABLE=1, or use --sandbox=try");
	if ((sandbox_supported() & SANDBOX_CALLS) == 0)
		return fail_for(session, EX_OSERR, "--sandbox", "require",
		                "this build knows no filter of calls for its processor",
		                "use --sandbox=try, which confines the files");
	return fail_for(session, EX_OSERR, "--sandbox", "require", "this kernel lacks a part of the sandbox or forbids it",
	                "'httpd --check' names the part; allow it, or use --sandbox=try");
}

static int fail_account(const struct session *session)
{
	return fail_for(session, EX_OSERR, "--user", session->site->user,
	                "there is no such account in /etc/passwd, or it is root's",
	                "name another, or write UID or UID:GID as in --user=65534");
}

static int fail_listening(const struct session *session)
{
	return fail(session, EX_USAGE,
	            slice_of("standard input is a listening socket, and httpd serves accepted ones: set Accept=yes in the "
	                     "socket unit, or 'nowait' in inetd.conf"));
}

/* Warns where httpd was started by hand, or in a unit without a socket: it would wait, or end, in silence. */
static void warn_alone(struct log *log, int in)
{
	struct stat st;
	if (fstat(in, &st) == 0 && S_ISCHR(st.st_mode))
		log_message(log, slice_of("standard input is a terminal or /dev/null, and no connection: let systemd, inetd or "
		                          "tcpserver start httpd for each one, as man 8 httpd tells; or type a request, as "
		                          "'GET / HTTP/1.0' and an empty line"));
}

/* Reports a failure of sandbox_enter; `error` is the errno that it left. Returns the exit status. */
static int fail_sandbox(const struct session *session, enum sandbox_result result, int error)
{
	const char *user = session->site->user != NULL ? session->site->user : "65534"; /* NOBODY_ID */
	char room[64];
	struct buf shut = buf_in(room, sizeof room - 1);
	switch (result) {
	case SANDBOX_NO_ACCOUNT:
		return fail_account(session);
	case SANDBOX_NOT_ROOT:
		return fail_for(session, EX_USAGE, "--user", user, "httpd was not started as root, so it cannot become another "
		                "account", "start it as that account (in a systemd unit: User=), or drop the option");
	case SANDBOX_SHUT:
		buf_format(&shut, "account %u may not enter it", (unsigned)geteuid());
		room[shut.len] = '\0';
		return fail_for(session, EX_NOINPUT, "ROOT", session->site->root, room,
		                "chmod o+x, or name another account with --user");
	case SANDBOX_MISSING:
		return fail_unconfined(session);
	default:
		return fail_for(session, EX_OSERR, "--user", user, strerror(error),
		                "httpd, which has rights of root, cannot become this account: start it as that account (in a "
		                "systemd unit: User=), or leave it CAP_SETUID, CAP_SETGID and CAP_SYS_CHROOT");
	}
}

/* Opens the log, enters the sandbox and serves the connection. Returns the exit status. */
static int serve(struct session *session)
{
	char room[ADDRESS_MAX];
	struct buf address = buf_in(room, sizeof room);
	const struct site *site = session->site;
	struct log log;
	unsigned layers;
	int error = log_open(&log, site->log, session->conn->out);
	if (error != 0)
		log_complain(&log, error);
	session->log = &log;
	session->address = &address;
	if (log.place != LOG_TO_NOTHING && !peer_address(&address, session->conn->in))
		warn_alone(&log, session->conn->in);
	if (site->requests > 1)
		conn_no_delay(session->conn);
	int complaints = log.place == LOG_TO_NOTHING ? -1 : STDERR_FILENO;
	struct sandbox_fds fds = {session->root, session->conn->in, session->conn->out, log.fd, complaints};
	enum sandbox_result result = sandbox_enter(site->sandbox, site->user, &fds, &layers);
	if (result != SANDBOX_ENTERED)
		return fail_sandbox(session, result, errno);
	error = session_run(session);
	return (error == ENOTCONN || error == EINVAL) && conn_has_listener(session->conn) ? fail_listening(session) : 0;
}

/* Runs --check, unless there is no such account. */
static int check(const struct session *session)
{
	uid_t uid;
	gid_t gid;
	if (session->site->user != NULL && !account_find(session->site->user, &uid, &gid))
		return fail_account(session);
	return check_run(session->site, session->root, session->link, session->conn);
}

/* Sends the log to syslog where standard error is closed: it becomes /dev/null, which would swallow the records. */
static void spare_log(struct site *site, bool closed)
{
	if (strcmp(site->log, "stderr") == 0 && (closed || fcntl(STDERR_FILENO, F_GETFD) < 0))
		site->log = "syslog";
}

/*
 * ROOT cannot be opened, for the reason of an errno. A symlink that holds an address is no fault: all requests are sent
 * there; `link` is room for it. Returns the exit status.
 */
static int serve_without_root(struct session *session, struct site *site, int error, char link[LINK_BYTES])
{
	if (root_readlinkat(AT_FDCWD, site->root, link, LINK_BYTES) != 0 || !link_is_uri(link))
		return fail_root(session, error);
	spare_log(site, false);
	fill_standard();
	session->link = link;
	return site->check ? check(session) : serve(session);
}

/* Prints the text of --help or --version, made in the room of the connection. Returns the exit status. */
static int print_text(const struct site *site, struct conn *conn)
{
	struct buf text = conn_room(conn);
	if (site->help)
		options_help(&text);
	else
		buf_text(&text, options_version());
	return write(STDOUT_FILENO, text.at, text.len) == (ssize_t)text.len ? 0 : EX_OSERR;
}

int main(int argc, char *argv[])
{
	char room[MESSAGE_MAX];
	struct buf message = buf_message(room, sizeof room);
	struct site site;
	struct {
		struct conn conn;
		union { /* behind it, as few requests touch these */
			struct range ranges[RANGES_MAX];
			char link[LINK_BYTES]; /* a site that is a link sends no parts of files */
		};
		struct recent recent;
		struct site_room site;
	} room_for;
	struct conn *conn = &room_for.conn;
	struct session session = {.site = &site, .conn = conn, .ranges = room_for.ranges, .recent = &room_for.recent,
	                          .root = -1};
	int passed = activation_descriptor(), root;
	sandbox_close_inherited(passed >= 0 ? passed + 1 : STDERR_FILENO + 1);
	conn_begin(conn, passed >= 0 ? passed : STDIN_FILENO, passed >= 0 ? passed : STDOUT_FILENO);
	int error = options_parse(argv + (argc > 0), &site, &room_for.site, &message);
	if (error != 0)
		return fail(&session, error, buf_slice(&message));
	if (site.help || site.version)
		return print_text(&site, conn);
	error = root_open(site.root, &root);
	if (error != 0)
		return serve_without_root(&session, &site, error, room_for.link);
	if (root <= STDERR_FILENO) { /* one of 0, 1 and 2 was closed */
		int above = fcntl(root, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		spare_log(&site, root == STDERR_FILENO);
		close(root);
		fill_standard();
		root = above;
	}
	session.root = root;
	return site.check ? check(&session) : serve(&session);
}
