/* SPDX-License-Identifier: ISC */
#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "check/audit.h"
#include "check/line.h"
#include "check/way.h"
#include "system/account.h"
#include "system/log.h"
#include "system/record_file.h"
#include "system/sandbox.h"
#include "system/socket.h"

/* Begins "label:   ", in columns. */
static struct line begin(const char *label)
{
	struct line line = {.failed = false};
	line_format(&line, "%s:", label);
	while (line.length < 18)
		line_text(&line, " ");
	return line;
}

/* Prints a text of the operator's, of any bytes and any length, between two texts of ours. */
static void tell_given(const char *label, const char *before, struct slice text, const char *after)
{
	struct line line = begin(label);
	line_text(&line, before);
	line_visible(&line, text);
	line_text(&line, after);
	line_end(&line);
}

/* Prints a text of ours, of at most MESSAGE_MAX bytes. */
PRINTF_LIKE static void tell(const char *label, const char *format, ...)
{
	char room[MESSAGE_MAX];
	struct buf text = buf_in(room, sizeof room);
	va_list arguments;
	va_start(arguments, format);
	buf_format_list(&text, format, arguments);
	va_end(arguments);
	tell_given(label, "", buf_slice(&text), "");
}

/*
 * Prints each value of an option that may be given more than once, behind a text of ours, and the files that it is for;
 * `always` stands behind one that has no glob.
 */
static void tell_rules(const char *label, const char *before, const struct rules *rules, const char *always)
{
	for (size_t i = 0; i < rules->count; i++) {
		struct line line = begin(label);
		line_text(&line, before);
		line_visible(&line, rules->at[i].value);
		line_text(&line, rules->at[i].glob.at != NULL ? " for " : always);
		line_visible(&line, rules->at[i].glob);
		line_end(&line);
	}
}

static void tell_settings(const struct site *site)
{
	if (site->requests == 1)
		tell("requests", "one on each connection; --keep-alive allows more");
	else
		tell("requests", "up to %ju on each connection (--keep-alive)", site->requests);
	if (site->requests > 1)
		tell("next request", "must begin within %ju second%s (--idle)", site->idle, site->idle == 1 ? "" : "s");
	tell("request head", "must come within %ju second%s (--timeout)", site->timeout, site->timeout == 1 ? "" : "s");
	if (site->proxy)
		tell("PROXY header", "must come first on each connection (--proxy-protocol)");
	if (site->client_address != NULL)
		tell_given("client address", "the last one in ", slice_of(site->client_address),
		           "; only the proxy may connect (--client-address)");
	tell("hosts", site->vhosts ? "one directory for each (--vhosts)" : "all see the same files");
	tell("directories", site->listing ? "index.html, else a list (--listing)" : "index.html, else 404");
	if (site->clean_urls)
		tell("addresses", "without .html (--clean-urls)");
	if (site->fallback != NULL)
		tell_given("not found", "", slice_of(site->fallback), " for pages, else 404 (--fallback)");
	if (site->min_agent > 0)
		tell("User-Agent", "403 below %ju bytes (--min-agent)", site->min_agent);
	tell_rules("User-Agent", "403 with ", &site->rules[RULES_DENY_AGENT], "");
	tell_rules("field", "", &site->rules[RULES_HEADER], "");
	tell_rules("Content-Type", "", &site->rules[RULES_TYPE], "");
	tell_rules("Cache-Control", "", &site->rules[RULES_CACHE_CONTROL], " for all files");
}

/* Prints what the connection is; false for one that cannot be served. */
static bool tell_connection(const struct conn *conn)
{
	struct stat st;
	bool known = fstat(conn->in, &st) == 0, socket = known && S_ISSOCK(st.st_mode);
	bool good = !socket || socket_connected(conn->in);
	const char *text = !known || S_ISCHR(st.st_mode) ? "none; a supervisor gives it" : "a file or pipe, for trying out";
	if (socket_listens(conn->in))
		text = "a listening socket, and httpd serves accepted ones: set Accept=yes in the socket unit, or 'nowait' in "
		       "inetd.conf";
	else if (socket)
		text = good ? "a stream socket, as it should be"
		            : "a socket without a stream: say ListenStream= in the socket unit, or 'stream tcp' in inetd.conf";
	tell("connection", "%s", text);
	return good;
}

/*
 * Tries whether the log could be written, but does not create it: its owner would be the account that runs --check. The
 * path of its directory is made in `room`. Returns 0 or an errno, as record_file_open.
 */
static int try_log(const char *name, int connection, struct buf room)
{
	struct stat st;
	const char *slash = strrchr(name, '/');
	int fd, error = record_file_open(name, false, connection, &fd, &st);
	if (error == 0)
		close(fd);
	if (error != ENOENT || fstatat(AT_FDCWD, name, &st, AT_SYMLINK_NOFOLLOW) == 0) /* a link that leads nowhere */
		return error;
	buf_format(&room, "%.*s.%c", slash != NULL ? (int)(slash - name) + 1 : 0, name, '\0');
	if (room.overflow)
		return ENAMETOOLONG;
	return access(room.at, W_OK | X_OK) == 0 ? 0 : errno;
}

static bool tell_log(const struct site *site, struct conn *conn)
{
	struct log log;
	char room[MESSAGE_MAX] = "";
	struct buf why = buf_in(room, sizeof room);
	const char *name = site->log;
	bool file = strcmp(name, "stderr") != 0 && strcmp(name, "syslog") != 0 && strcmp(name, "none") != 0;
	int error = file ? try_log(name, conn->out, conn_room(conn)) : log_open(&log, name, conn->out);
	const char *cure = "start a daemon that reads /dev/log, and in a unit let RestrictAddressFamilies= have AF_UNIX";
	if (file)
		cure = "name a file that the account httpd runs as may append to";
	if (error != 0)
		buf_format(&why, ": %s; %s%c", file ? record_file_reason(error) : strerror(error), cure, '\0');
	if (error != 0 || file)
		tell_given("log", "", slice_of(name), room);
	else
		tell("log", log.place == LOG_TO_NOTHING ? "none"
		                 : log.place == LOG_TO_SYSLOG ? "syslog" : log.journal ? "the journal" : "standard error");
	return error == 0;
}

/* Whether the mode of a directory gives a right ("rwx" is 7) to an account that has no other group than this one. */
static bool may(const struct stat *directory, uid_t uid, gid_t gid, mode_t right)
{
	unsigned shift = directory->st_uid == uid ? 6 : directory->st_gid == gid ? 3 : 0;
	return (directory->st_mode >> shift & right) != 0;
}

/*
 * Prints a directory that an account cannot enter (`right` is S_IXOTH) or read (S_IROTH), who has that right, what
 * follows from it, and the cure.
 */
static void tell_shut(const char *label, const char *directory, const struct stat *st, mode_t right)
{
	char room[MESSAGE_MAX];
	struct buf b = buf_in(room, sizeof room);
	bool read = right == S_IROTH;
	buf_format(&b, ": only its owner%s may %s; a unit with User= will answer 503: chmod o+%c%c",
	           (st->st_mode & right << 3) != 0 ? " and group" : "", read ? "read it" : "enter", read ? 'r' : 'x', '\0');
	tell_given(label, "", slice_of(directory), room);
}

/* At most so many directories are named as shut. */
enum { SHUT_MAX = 16 };

struct shut {
	size_t count;
	struct {
		dev_t device;
		ino_t inode;
	} at[SHUT_MAX];
};

/* Whether the directory has not been named yet; from now on it counts as named. There is room for one more. */
static bool is_new(struct shut *shut, const struct stat *directory)
{
	for (size_t i = 0; i < shut->count; i++)
		if (shut->at[i].device == directory->st_dev && shut->at[i].inode == directory->st_ino)
			return false;
	shut->at[shut->count].device = directory->st_dev;
	shut->at[shut->count++].inode = directory->st_ino;
	return true;
}

/*
 * Prints each directory on the way to ROOT that the account of a unit with User= cannot enter, and ROOT if it cannot
 * read that: systemd starts httpd as that account, which then cannot open ROOT, while root, which runs --check, can.
 * Returns false if there is one. The account is that of --user, else one that owns nothing. `room` is for the way.
 */
static bool tell_way(const struct site *site, int root, struct buf room)
{
	struct way way;
	struct stat st;
	struct shut shut = {.count = 0}; /* a link may lead through a directory again */
	uid_t uid = UINT32_MAX;
	gid_t gid = UINT32_MAX;
	if (geteuid() != 0 || root < 0)
		return true;
	if (site->user != NULL)
		account_find(site->user, &uid, &gid);
	way_begin(&way, site->root, (char(*)[PATH_BYTES])room.at);
	while (shut.count < SHUT_MAX && way_next(&way))
		if (fstatat(AT_FDCWD, way.directory, &st, 0) == 0 && !may(&st, uid, gid, S_IXOTH) && is_new(&shut, &st))
			tell_shut("above it", way.directory, &st, S_IXOTH);
	if (shut.count == SHUT_MAX)
		tell("above it", "there may be more; run --check again when these can be entered");
	bool readable = fstat(root, &st) != 0 || may(&st, uid, gid, S_IROTH);
	if (!readable)
		tell_shut("itself", site->root, &st, S_IROTH);
	return readable && shut.count == 0;
}

/* Says whether a layer of the sandbox holds; where it does not, why, and the cure. */
static const char *layer_text(unsigned achieved, enum sandbox_layer layer)
{
	bool files = layer == SANDBOX_FILES;
	if ((achieved & layer) != 0)
		return "yes";
	if (sandbox_supported() == 0)
		return "no: this build has no sandbox: build httpd for Linux, FreeBSD or OpenBSD without PORTABLE=1";
	if ((sandbox_supported() & layer) == 0)
		return "no: this build knows no filter of calls for its processor: use --sandbox=try, which confines the "
		       "files";
	return files ? "no: this kernel lacks it or forbids it: on Linux use 5.13 or later, boot with 'landlock' among the "
	               "names of lsm= (/sys/kernel/security/lsm has them), and let the unit or container allow its calls"
	             : "no: this kernel lacks it or forbids it: on Linux use one with CONFIG_SECCOMP_FILTER, and let the "
	               "unit or container allow the calls prctl and seccomp";
}

/*
 * Enters the sandbox as serving does and prints the account and the layers; false where one is missing that was wanted.
 */
static bool tell_sandbox(const struct site *site, int root, const struct conn *conn)
{
	struct sandbox_fds fds = {root, conn->in, conn->out, STDOUT_FILENO, -1}; /* what is told is written there */
	unsigned achieved, wanted = SANDBOX_FILES | SANDBOX_CALLS;
	/* Each layer is tried, whatever --sandbox says, to tell what this system has. */
	enum sandbox_result result = sandbox_enter(SANDBOX_TRY, site->user, &fds, &achieved);
	const char *reason = result == SANDBOX_STILL_ROOT ? strerror(errno) : NULL, *cure = "";
	if (result == SANDBOX_STILL_ROOT)
		cure = "; start httpd as the account that serves (in a unit: User=), or leave it CAP_SETUID, CAP_SETGID and "
		       "CAP_SYS_CHROOT";
	if (result == SANDBOX_NO_ACCOUNT)
		reason = "there is no such account in /etc/passwd, or it is root's; name another, or write UID or UID:GID";
	if (result == SANDBOX_NOT_ROOT)
		reason = "httpd was not started as root, so it cannot become this account; start it as that account, or drop "
		         "--user";
	if (result == SANDBOX_SHUT)
		reason = "the account may not enter the directory; chmod o+x, or name another account with --user";
	tell("served by", "uid %u, gid %u%s", (unsigned)geteuid(), (unsigned)getegid(),
	     (achieved & SANDBOX_ROOT) != 0 ? ", root and its groups given up" : "");
	if (reason != NULL)
		tell("account", "%s%s", reason, cure);
	tell("files confined", "%s", layer_text(achieved, SANDBOX_FILES));
	tell("calls confined", "%s", layer_text(achieved, SANDBOX_CALLS));
	if (site->sandbox == SANDBOX_OFF)
		tell("sandbox", "neither is used (--sandbox=off)");
	return reason == NULL && (site->sandbox == SANDBOX_OFF || (achieved & wanted) == wanted);
}

int check_run(const struct site *site, int root, const char *link, struct conn *conn)
{
	_Static_assert((size_t)AUDIT_ROOM <= (size_t)MEMORY_MAX, "a connection's memory is large enough for the audit");
	_Static_assert((size_t)WAY_TEXTS * PATH_BYTES <= (size_t)MEMORY_MAX, "and for the way to ROOT");
	tell_given("directory", "", slice_of(site->root), "");
	if (link != NULL)
		tell_given("redirect", "all requests, to ", slice_of(link), "");
	bool log = tell_log(site, conn), connection = tell_connection(conn); /* before the sandbox closes the way */
	tell_settings(site);
	bool way = tell_way(site, root, conn_room(conn));
	bool sandbox = tell_sandbox(site, root, conn);
	uint64_t findings = link == NULL ? audit_run(site, root, conn_room(conn)) : 0;
	return log && connection && way && sandbox && findings == 0 ? 0 : 1;
}
