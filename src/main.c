/* SPDX-License-Identifier: ISC */
/* main: the arguments, the descriptors, the root; then one session, and the exit status. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "account.h"
#include "activation.h"
#include "check.h"
#include "conn.h"
#include "log.h"
#include "options.h"
#include "peer.h"
#include "root.h"
#include "sandbox.h"
#include "session.h"

/* Opens /dev/null for whichever of 0, 1 and 2 is closed, so that no file of ours is taken for the connection. */
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
 * A fault of the operator's: one line for the log, a 503 for the client if there is one. Returns the exit status. A log
 * that is open is used: once the sandbox is entered, none could be opened any more.
 */
static int fail(const struct session *session, int status, struct slice text)
{
	struct log log;
	struct session last = *session;
	last.root = -1; /* no page of the site's: this may still be root */
	struct stat st;
	if (last.log == NULL) {
		fill_standard();
		/* In a pipe or a file, which a person looks at, the line may stand beside the answer. */
		int avoided = fstat(last.conn->out, &st) == 0 && S_ISSOCK(st.st_mode) ? last.conn->out : -1;
		if (log_open(&log, last.site->log, avoided) != 0)
			log_open(&log, "stderr", avoided);
		last.log = &log;
	}
	log_message(last.log, text);
	if (conn_connected(last.conn->out))
		session_sorry(&last);
	return status;
}

/* "what 'name': reason; cure" */
static int fail_for(const struct session *session, int status, const char *what, const char *name, const char *reason,
                    const char *cure)
{
	char room[MESSAGE_MAX];
	struct buf text = buf_in(room, sizeof room);
	buf_format(&text, "%s '", what);
	buf_visible(&text, slice_of(name), "", MESSAGE_MAX / 2);
	buf_format(&text, "': %s; %s", reason, cure);
	return fail(session, status, buf_slice(&text));
}

/* --sandbox=require is not met: the build is at fault, or the kernel. */
static int fail_unconfined(const struct session *session)
{
	if (sandbox_known() == 0)
		return fail_for(session, EX_OSERR, "--sandbox", "require", "this build has no sandbox",
		                "build httpd for x86-64 or arm64 without PORTABLE=1, or use --sandbox=try");
	return fail_for(session, EX_OSERR, "--sandbox", "require", "this kernel lacks a part of the sandbox or forbids it",
	                "'httpd --check' names the part; allow it, or use --sandbox=try");
}

static int fail_no_account(const struct session *session)
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

/* Somebody started httpd by hand, or in a unit without a socket: it would wait, or end, without a word. */
static void warn_alone(const struct log *log, int in)
{
	struct stat st;
	if (fstat(in, &st) == 0 && S_ISCHR(st.st_mode))
		log_message(log, slice_of("standard input is a terminal or /dev/null, and no connection: let systemd, inetd or "
		                          "tcpserver start httpd for each one, as man 8 httpd tells; or type a request, as "
		                          "'GET / HTTP/1.0' and an empty line"));
}

static int serve(struct session *session)
{
	char room[ADDRESS_MAX];
	struct buf address = buf_in(room, sizeof room - 1);
	const struct site *site = session->site;
	struct log log;
	unsigned layers;
	int error = log_open(&log, site->log, session->conn->out);
	if (error != 0)
		return fail_for(session, EX_CANTCREAT, "--log", site->log, strerror(error),
		                "name a file that the account httpd runs as may append to");
	session->log = &log;
	if (log.place != LOG_TO_NOTHING)
		peer_address(&address, session->conn->in);
	room[address.len] = '\0';
	session->address = room;
	if (address.len == 1) /* "-": it is no connection, or one over AF_UNIX */
		warn_alone(&log, session->conn->in);
	if (site->requests > 1)
		conn_interactive(session->conn);
	error = sandbox_enter(site, session->root, session->conn->out, &layers);
	if (error == ENOTSUP)
		return fail_unconfined(session);
	if (error == EINVAL && site->user != NULL)
		return fail_no_account(session);
	if (error != 0)
		return fail_for(session, EX_OSERR, "--user", site->user != NULL ? site->user : "65534", strerror(error),
		                "started as root, httpd cannot become this account: name another of /etc/passwd");
	error = session_run(session);
	return (error == ENOTCONN || error == EINVAL) && conn_listens(session->conn->in) ? fail_listening(session) : 0;
}

/* Nothing can be told of an account that does not exist. As another account than root, httpd ignores --user. */
static int check(const struct session *session)
{
	uid_t uid;
	gid_t gid;
	if (geteuid() == 0 && session->site->user != NULL && !account_find(session->site->user, &uid, &gid))
		return fail_no_account(session);
	return check_run(session->site, session->root, session->conn);
}

static int say(const char *text)
{
	struct slice s = slice_of(text);
	return write(STDOUT_FILENO, s.at, s.len) == (ssize_t)s.len ? 0 : EX_OSERR;
}

int main(int argc, char *argv[])
{
	char room[MESSAGE_MAX];
	struct buf message = buf_in(room, sizeof room);
	struct site site;
	struct {
		struct conn conn;
		struct range ranges[RANGES]; /* few requests touch it: so it stands in nobody's way */
	} room_for;
	struct conn *conn = &room_for.conn;
	struct session session = {.site = &site, .conn = conn, .ranges = room_for.ranges, .root = -1};
	int passed = activation_descriptor(), root;
	conn_begin(conn, passed >= 0 ? passed : STDIN_FILENO, passed >= 0 ? passed : STDOUT_FILENO);
	int error = options_parse(argv + (argc > 0), &site, &message);
	if (error != 0)
		return fail(&session, error, buf_slice(&message));
	if (site.help || site.version)
		return say(site.help ? options_help() : options_version());
	error = root_open(site.root, &root);
	if (error != 0)
		return fail_for(&session, EX_NOINPUT, "ROOT", site.root, strerror(error),
		                "name a directory that the account httpd runs as may read; 'namei -l' shows who may, all the "
		                "way down");
	if (root <= STDERR_FILENO) { /* one of 0, 1 and 2 was closed */
		int above = fcntl(root, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		bool wanted = strcmp(site.log, "stderr") == 0;
		if (wanted && (root == STDERR_FILENO || fcntl(STDERR_FILENO, F_GETFD) < 0))
			site.log = "syslog"; /* as the /dev/null that is put there now would swallow it */
		close(root);
		fill_standard();
		root = above;
	}
	session.root = root;
	return site.check ? check(&session) : serve(&session);
}
