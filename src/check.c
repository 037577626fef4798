/* SPDX-License-Identifier: ISC */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit.h"
#include "bounds.h"
#include "log.h"
#include "sandbox.h"

static bool print(struct slice line)
{
	while (line.len > 0) {
		ssize_t n = write(STDOUT_FILENO, line.at, line.len);
		if (n < 0 && errno != EINTR)
			return false;
		line = slice_from(line, n > 0 ? (size_t)n : 0);
	}
	return true;
}

/* "label:   text, text and text" in columns. The texts of argv may hold anything. */
static void tell(const char *label, struct slice a, const char *b, struct slice c)
{
	char room[HEADER_BYTES * 8];
	struct buf line = buf_in(room, sizeof room);
	buf_text(&line, label);
	buf_text(&line, ":");
	while (line.len < 18)
		buf_char(&line, ' ');
	buf_visible(&line, a);
	buf_text(&line, b);
	buf_visible(&line, c);
	buf_char(&line, '\n');
	print(buf_slice(&line));
}

static void tell_text(const char *label, const char *text)
{
	tell(label, slice_of(text), "", (struct slice){"", 0});
}

static void tell_number(const char *label, const char *before, uint64_t number, const char *behind)
{
	char room[MESSAGE_MAX];
	struct buf b = buf_in(room, sizeof room);
	buf_text(&b, before);
	buf_number(&b, number);
	tell(label, buf_slice(&b), behind, (struct slice){"", 0});
}

static void tell_settings(const struct site *site)
{
	if (site->requests == 1)
		tell_text("requests", "one on each connection; --keep-alive allows more");
	else
		tell_number("requests", "up to ", site->requests, " on each connection (--keep-alive)");
	tell_number("request head", "must come within ", site->timeout,
	            site->timeout == 1 ? " second (--timeout)" : " seconds (--timeout)");
	if (site->proxy)
		tell_text("PROXY header", "must come first on each connection (--proxy-protocol)");
	tell_text("hosts", site->vhosts ? "one directory for each (--vhosts)" : "all see the same files");
	tell_text("directories", site->listing ? "index.html, else a list (--listing)" : "index.html, else 404");
	if (site->clean_urls)
		tell_text("addresses", "without .html (--clean-urls)");
	if (site->fallback != NULL)
		tell("not found", slice_of(site->fallback), " for pages, else 404 (--fallback)", (struct slice){"", 0});
	if (site->min_agent > 0)
		tell_number("User-Agent", "403 below ", site->min_agent, " bytes (--min-agent)");
	struct slice text, glob, value;
	for (size_t at = 0; options_next(site, OPTION_DENY_AGENT, &at, &text);)
		tell("User-Agent", slice_of("403 with "), "", text);
	for (size_t at = 0; options_next(site, OPTION_HEADER, &at, &text);)
		tell("field", text, "", (struct slice){"", 0});
	for (size_t at = 0; options_next(site, OPTION_CACHE_CONTROL, &at, &text);)
		if (options_cache_rule(text, &glob, &value))
			tell("Cache-Control", value, " for ", glob.at != NULL ? glob : slice_of("all files"));
}

/* Tells what the connection is; false for one that cannot be served. */
static bool tell_connection(const struct conn *conn)
{
	struct stat st;
	if (fstat(conn->in, &st) != 0)
		st.st_mode = S_IFCHR;
	if (conn_listens(conn->in))
		tell_text("connection", "a listening socket, and httpd serves accepted ones: set Accept=yes in the "
		                        "socket unit, or 'nowait' in inetd.conf");
	else if (S_ISSOCK(st.st_mode) && !conn_connected(conn->in))
		tell_text("connection", "a socket without a stream: say ListenStream= in the socket unit, or 'stream tcp' in "
		                        "inetd.conf");
	else if (S_ISSOCK(st.st_mode))
		tell_text("connection", "a stream socket, as it should be");
	else
		tell_text("connection", S_ISCHR(st.st_mode) ? "none; a supervisor gives it" : "a file or pipe, for trying out");
	return conn_connected(conn->in) || !S_ISSOCK(st.st_mode);
}

/* Whether the log could be written, without making it: it would belong to who checks, and not to who serves. */
static int try_log(const char *name)
{
	char directory[PATH_BYTES];
	struct stat st;
	const char *slash = strrchr(name, '/');
	size_t n = slash != NULL ? (size_t)(slash - name) + 1 : 0;
	if (n + 2 > sizeof directory)
		return ENAMETOOLONG;
	memcpy(directory, name, n);
	memcpy(directory + n, ".", 2);
	bool there = fstatat(AT_FDCWD, name, &st, 0) == 0;
	if (there && S_ISDIR(st.st_mode))
		return EISDIR;
	return access(there ? name : directory, there ? W_OK : W_OK | X_OK) == 0 ? 0 : errno;
}

static bool tell_log(const struct site *site, const struct conn *conn)
{
	struct log log;
	struct slice name = slice_of(site->log);
	bool file = site->log != NULL && !slice_equal(name, slice_of("stderr")) && !slice_equal(name, slice_of("syslog")) &&
	            !slice_equal(name, slice_of("none"));
	int error = file ? try_log(site->log) : log_open(&log, site->log, conn->out);
	char room[MESSAGE_MAX];
	struct buf why = buf_in(room, sizeof room);
	buf_text(&why, error != 0 ? strerror(error) : "");
	buf_text(&why, "; name a file that the account httpd runs as may append to");
	if (error != 0)
		tell("log", name, ": ", buf_slice(&why));
	else if (file)
		tell_text("log", site->log);
	else
		tell_text("log", log.place == LOG_TO_NOTHING ? "none"
		                 : log.place == LOG_TO_SYSLOG ? "syslog" : log.journal ? "the journal" : "standard error");
	return error == 0;
}

static const char *layer_text(unsigned achieved, enum sandbox_layer layer)
{
	if ((achieved & layer) != 0)
		return "yes";
	return (sandbox_known() & layer) != 0 ? "no: this kernel has it not, or does not allow it"
	                                      : "no: this build knows no way to it";
}

/* Gives up what serving gives up, and tells who is left; false where something is missing that was not renounced. */
static bool tell_sandbox(const struct site *site, int root)
{
	struct site asked = *site;
	unsigned achieved, wanted = SANDBOX_FILES | SANDBOX_CALLS;
	asked.sandbox = SANDBOX_TRY; /* what there is to be had, whatever will be asked for */
	int error = sandbox_enter(&asked, root, &achieved);
	char room[MESSAGE_MAX];
	struct buf b = buf_in(room, sizeof room);
	buf_text(&b, "uid ");
	buf_number(&b, (uint64_t)geteuid());
	buf_text(&b, ", gid ");
	buf_number(&b, (uint64_t)getegid());
	tell("served by", buf_slice(&b), (achieved & SANDBOX_ROOT) != 0 ? ", root and its groups given up" : "",
	     (struct slice){"", 0});
	if (error != 0)
		tell_text("root given up", strerror(error));
	tell_text("files confined", layer_text(achieved, SANDBOX_FILES));
	tell_text("calls confined", layer_text(achieved, SANDBOX_CALLS));
	if (site->sandbox == SANDBOX_OFF)
		tell_text("sandbox", "neither is used (--sandbox=off)");
	return error == 0 && (site->sandbox == SANDBOX_OFF || (achieved & wanted) == wanted);
}

int check_run(const struct site *site, int root, const struct conn *conn)
{
	tell_text("directory", site->root);
	bool log = tell_log(site, conn), connection = tell_connection(conn); /* before the sandbox closes the way */
	tell_settings(site);
	bool sandbox = tell_sandbox(site, root);
	uint64_t findings = audit_run(site, root, print);
	return log && connection && sandbox && findings == 0 ? 0 : 1;
}
