/* SPDX-License-Identifier: ISC */
/*
 * httpd-status: what the web server does, for its operator. No server process exists that could be asked, so this asks
 * those who know: systemd for the connections, over its bus, and the journal for the answers.
 */
#define _GNU_SOURCE /* strverscmp, GLOB_BRACE */
#include <err.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <inttypes.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

#include "status/report.h"
#include "status/since.h"
#include "status/tail.h"

#define SYSTEMD "org.freedesktop.systemd1"

static const char help[] =
	"Usage: httpd-status [options]\n"
	"\n"
	"What httpd, started by systemd, does and did: connections, answers, refusals.\n"
	"\n"
	"  --since=TIME     count from then on: 10min, -1d, today, 14:00,\n"
	"                   \"2026-11-21 14:00\" (default 1h)\n"
	"  --socket=NAME    the socket unit (default httpd.socket)\n"
	"  --unit=GLOB      take the log of the units of this name\n"
	"  --directory=DIR  read the journal's files in DIR, and do not ask systemd\n"
	"  --log=FILE       read this log, and do not ask the journal or systemd\n"
	"  --top=N          rows in a list (default 10)\n"
	"  --follow         again every second, until interrupted\n"
	"  --json           a line of JSON\n"
	"  --prometheus     Prometheus's text format\n"
	"  --state=FILE     count on from what FILE says, then keep it there\n"
	"  --help           this text\n"
	"  --version        the version\n"
	"\n"
	"man 8 httpd-status has it all.\n";

static const char json[] = "json", prometheus[] = "prometheus";

static struct settings {
	const char *since, *socket, *unit, *directory, *log, *top, *state;
	const char *follow, *format, *shown; /* format: json, prometheus or, for a table, NULL */
	char pattern[UNIT_BYTES]; /* of the instances */
	uint64_t rows; /* top, as a number */
} settings = {.since = "1h", .top = "10"};

/* Large, and there is one. */
static struct snapshot snapshot;

/* A report that did not arrive is not one. */
static void finish_output(void)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		err(EX_IOERR, "standard output");
}

static uint64_t now_usec(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec / 1000;
}

/* --- systemd --- */

/* Root speaks to PID 1 itself, which works without a bus daemon; others go over the bus. */
static sd_bus *open_bus(void)
{
	sd_bus *bus = NULL;
	if (sd_booted() <= 0)
		errx(EX_UNAVAILABLE, "systemd does not run here (there is no /run/systemd/system), so nobody knows the "
			"connections; --directory=DIR reads a journal without it");
	if (geteuid() == 0 && sd_bus_new(&bus) >= 0 && sd_bus_set_address(bus, "unix:path=/run/systemd/private") >= 0 &&
	    sd_bus_start(bus) >= 0)
		return bus;
	sd_bus_unref(bus);
	int error = sd_bus_open_system(&bus);
	if (error < 0)
		errx(EX_UNAVAILABLE, "systemd cannot be asked over the system bus: %s; is dbus installed and running? "
			"root does without it", strerror(-error));
	return bus;
}

/* A call that failed is the end. */
static void check(int error, const sd_bus_error *reason, const char *what)
{
	const char *text = reason->message != NULL ? reason->message : strerror(-error);
	if (error == -EACCES || error == -EPERM)
		errx(EX_NOPERM, "systemd does not say about %s: %s; run httpd-status as root", what, text);
	if (error < 0)
		errx(EX_UNAVAILABLE, "systemd does not say about %s: %s", what, text);
}

/* A property of a unit; of a fixed size into *value, of type 's' into STATE_BYTES of it. */
static void get(sd_bus *bus, const char *unit, const char *interface, const char *name, char type, void *value)
{
	sd_bus_error reason = SD_BUS_ERROR_NULL;
	char *path = NULL, *text = NULL;
	int error = sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &path);
	if (error >= 0 && type == 's')
		error = sd_bus_get_property_string(bus, SYSTEMD, path, interface, name, &reason, &text);
	else if (error >= 0)
		error = sd_bus_get_property_trivial(bus, SYSTEMD, path, interface, name, &reason, type, value);
	check(error, &reason, unit);
	if (text != NULL)
		snprintf(value, STATE_BYTES, "%s", text);
	free(text);
	free(path);
}

static void get_unit(sd_bus *bus, struct unit *unit)
{
	get(bus, unit->name, SYSTEMD ".Unit", "LoadState", 's', unit->load);
	get(bus, unit->name, SYSTEMD ".Unit", "ActiveState", 's', unit->active);
	get(bus, unit->name, SYSTEMD ".Unit", "SubState", 's', unit->sub);
	get(bus, unit->name, SYSTEMD ".Unit", "ActiveEnterTimestamp", 't', &unit->since);
}

/* Keeps the oldest in order; systemd lists them in none. The place behind the last is for the one that falls out. */
static void add_connection(const char *unit)
{
	size_t at = snapshot.live < CONNECTIONS_MAX ? snapshot.live : CONNECTIONS_MAX;
	for (; at > 0 && strverscmp(snapshot.connection[at - 1].unit, unit) > 0; at--)
		snapshot.connection[at] = snapshot.connection[at - 1];
	snapshot.connection[at].began = 0;
	snprintf(snapshot.connection[at].unit, UNIT_BYTES, "%s", unit);
	snapshot.live++;
}

static void list_connections(sd_bus *bus)
{
	sd_bus_error reason = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	const char *unit;
	int error = sd_bus_call_method(bus, SYSTEMD, "/org/freedesktop/systemd1", SYSTEMD ".Manager",
		"ListUnitsByPatterns", &reason, &reply, "asas", 3, "active", "activating", "deactivating", 1, settings.pattern);
	if (error >= 0)
		error = sd_bus_message_enter_container(reply, 'a', "(ssssssouso)");
	snapshot.live = 0;
	while (error >= 0 && (error = sd_bus_message_read(reply, "(ssssssouso)", &unit, NULL, NULL, NULL, NULL, NULL, NULL,
			NULL, NULL, NULL)) > 0)
		add_connection(unit);
	check(error, &reason, settings.pattern);
	sd_bus_message_unref(reply);
}

/* The processes of the service, of which one is tcpserver itself. */
static uint64_t count_served(sd_bus *bus)
{
	sd_bus_error reason = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	uint64_t processes = 0;
	int error = sd_bus_call_method(bus, SYSTEMD, "/org/freedesktop/systemd1", SYSTEMD ".Manager", "GetUnitProcesses",
		&reason, &reply, "s", snapshot.service.name);
	if (error >= 0)
		error = sd_bus_message_enter_container(reply, 'a', "(sus)");
	while (error >= 0 && (error = sd_bus_message_read(reply, "(sus)", NULL, NULL, NULL)) > 0)
		processes++;
	check(error, &reason, snapshot.service.name);
	sd_bus_message_unref(reply);
	return processes > 0 ? processes - 1 : 0;
}

static void ask_systemd(sd_bus *bus)
{
	/* Each age is a question to PID 1, who has better things to do: only for those that will be shown. */
	size_t ages = settings.format == NULL ? snapshot.rows : settings.format == json ? CONNECTIONS_MAX : 0;
	get_unit(bus, &snapshot.socket);
	if (settings.socket != NULL && strcmp(snapshot.socket.load, "loaded") != 0)
		errx(EX_UNAVAILABLE, "%s is %s; `systemctl list-sockets --all` shows those there are", snapshot.socket.name,
			snapshot.socket.load);
	get(bus, snapshot.socket.name, SYSTEMD ".Socket", "NAccepted", 'u', &snapshot.accepted);
	get(bus, snapshot.socket.name, SYSTEMD ".Socket", "NRefused", 'u', &snapshot.refused);
	get(bus, snapshot.socket.name, SYSTEMD ".Socket", "NConnections", 'u', &snapshot.current);
	get_unit(bus, &snapshot.service);
	snapshot.served = strcmp(snapshot.service.active, "active") == 0 ? count_served(bus) : 0;
	list_connections(bus);
	for (size_t i = 0; i < ages && i < snapshot.live; i++)
		get(bus, snapshot.connection[i].unit, SYSTEMD ".Unit", "InactiveExitTimestamp", 't',
			&snapshot.connection[i].began);
}

/* --- the journal --- */

/* That nothing was opened means that there is nothing, or that this account may not read it. */
static void check_readable(sd_journal *journal)
{
	glob_t files = {0};
	uint64_t bytes; /* libsystemd's own words for it, sd_journal_has_..._files, know only of those in /run and /var */
	if (sd_journal_get_usage(journal, &bytes) >= 0 && bytes > 0)
		return;
	if (settings.directory != NULL)
		errx(EX_NOINPUT, "%s: no journal that can be read is in there; --directory wants the folder with the "
			"*.journal files", settings.directory);
	if (glob("/{run,var}/log/journal/*/system.journal", GLOB_BRACE, NULL, &files) == 0 &&
	    access(files.gl_pathv[0], R_OK) != 0 && errno == EACCES)
		errx(EX_NOPERM, "the journal cannot be read: this account is not in the group systemd-journal; add it "
			"(usermod -aG systemd-journal NAME) and log in again, or run httpd-status as root");
	errx(EX_NOINPUT, "there is no journal: neither /run/log/journal nor /var/log/journal has one; is "
		"systemd-journald running, and Storage=none not in journald.conf?");
}

/*
 * The index is used for what can be named exactly. Who wrote an entry is then told by _SYSTEMD_UNIT, which journald
 * sets and nobody else can. (It knows _SYSTEMD_SLICE and _COMM only of a process that still lives when it looks.)
 */
static sd_journal *open_journal(void)
{
	sd_journal *journal = NULL;
	int error = settings.directory != NULL
		? sd_journal_open_directory(&journal, settings.directory, 0)
		: sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
	if (error < 0)
		errx(error == -EACCES ? EX_NOPERM : EX_NOINPUT, "%s: %s",
			settings.directory != NULL ? settings.directory : "the journal", strerror(-error));
	check_readable(journal);
	error = sd_journal_add_match(journal, "SYSLOG_IDENTIFIER=httpd", 0);
	if (error < 0)
		errx(EX_OSERR, "the journal: %s", strerror(-error));
	return journal;
}

/* The value of a field of the entry, or no slice. */
static struct slice field(sd_journal *journal, const char *name)
{
	const void *data;
	size_t len, skip = strlen(name) + 1;
	if (sd_journal_get_data(journal, name, &data, &len) < 0 || len < skip)
		return (struct slice){NULL, 0};
	return (struct slice){(const char *)data + skip, len - skip};
}

static bool is_ours(struct slice unit)
{
	char name[UNIT_BYTES];
	if (unit.at == NULL || unit.len >= sizeof name)
		return false;
	snprintf(name, sizeof name, "%.*s", SLICE(unit));
	if (settings.unit != NULL)
		return fnmatch(settings.unit, name, FNM_NOESCAPE) == 0;
	return fnmatch(settings.pattern, name, FNM_NOESCAPE) == 0 || strcmp(snapshot.service.name, name) == 0;
}

static void take_entry(sd_journal *journal)
{
	uint64_t when;
	if (!is_ours(field(journal, "_SYSTEMD_UNIT")) || sd_journal_get_realtime_usec(journal, &when) < 0)
		return;
	struct slice message = field(journal, "MESSAGE");
	if (message.at != NULL && (settings.state != NULL || when >= snapshot.begin))
		tally_add(&snapshot.tally, message, when);
}

/* Reads what has come since the last time. */
static void read_entries(sd_journal *journal)
{
	int error;
	while ((error = sd_journal_next(journal)) > 0)
		take_entry(journal);
	if (error < 0)
		errx(EX_IOERR, "the journal cannot be read on: %s; `journalctl --verify` tells more", strerror(-error));
}

/* --- the state, which makes counters of what the journal forgets in time --- */

static char cursor[512]; /* of the last entry that was counted; empty: none was */

/* "cursor C", "bytes N", "messages N" or "status 200 N". */
static bool load_line(struct slice line)
{
	struct tally *t = &snapshot.tally;
	struct slice name, value = line;
	uint64_t status = 0;
	slice_split(&value, ' ', &name);
	if (slice_equal(name, slice_of("cursor"))) {
		snprintf(cursor, sizeof cursor, "%.*s", SLICE(value));
		return value.len > 0 && value.len < sizeof cursor;
	}
	if (slice_equal(name, slice_of("bytes")))
		return slice_number(value, &t->bytes);
	if (slice_equal(name, slice_of("messages")))
		return slice_number(value, &t->other);
	return slice_equal(name, slice_of("status")) && slice_split(&value, ' ', &name) && slice_number(name, &status) &&
		status < STATUS_END && slice_number(value, &t->status[status]);
}

/* Without the file nothing was counted yet. */
static void read_state(void)
{
	char line[sizeof cursor + 16];
	FILE *file = fopen(settings.state, "re");
	if (file == NULL && errno == ENOENT)
		return;
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (!load_line((struct slice){line, strcspn(line, "\n")}))
			errx(EX_DATAERR, "%s is not a state of httpd-status; remove it to count from nothing", settings.state);
	if (file == NULL || ferror(file))
		errx(EX_NOINPUT, "%s cannot be read: %s; --state wants a file of this account", settings.state,
			strerror(errno));
	fclose(file);
}

/* Goes to the entry behind the last one counted; the first time, and without a state, to --since. */
static void load_state(sd_journal *journal)
{
	if (settings.state != NULL)
		read_state();
	if (cursor[0] == '\0')
		sd_journal_seek_realtime_usec(journal, snapshot.begin);
	else if (sd_journal_seek_cursor(journal, cursor) < 0)
		errx(EX_DATAERR, "%s holds no cursor of a journal; remove it to count from nothing", settings.state);
	else if (sd_journal_next(journal) > 0 && sd_journal_test_cursor(journal, cursor) <= 0)
		take_entry(journal); /* the journal has forgotten that one: this is the next */
}

static bool write_state(int fd)
{
	const struct tally *t = &snapshot.tally;
	bool good = cursor[0] == '\0' || dprintf(fd, "cursor %s\n", cursor) > 0;
	good &= dprintf(fd, "bytes %" PRIu64 "\nmessages %" PRIu64 "\n", t->bytes, t->other) > 0;
	for (unsigned i = 0; i < STATUS_END; i++)
		good &= t->status[i] == 0 || dprintf(fd, "status %u %" PRIu64 "\n", i, t->status[i]) > 0;
	return close(fd) == 0 && good;
}

/* All of it or nothing: a new file, with a name of its own for each run, takes the place of the old one. */
static void save_state(sd_journal *journal)
{
	char name[PATH_MAX + sizeof ".XXXXXX"], *at = NULL; /* read_state could have opened no longer one */
	mode_t mask = umask(0);
	umask(mask);
	if (sd_journal_get_cursor(journal, &at) >= 0)
		snprintf(cursor, sizeof cursor, "%s", at);
	free(at);
	snprintf(name, sizeof name, "%s.XXXXXX", settings.state);
	int fd = mkstemp(name);
	if (fd >= 0 && fchmod(fd, 0666 & ~mask) == 0 && write_state(fd) && rename(name, settings.state) == 0)
		return;
	int error = errno;
	if (fd >= 0)
		unlink(name);
	errx(EX_CANTCREAT, "%s cannot be written: %s; its folder has to be writable and have room", settings.state,
		strerror(error));
}

/* --- the command line --- */

static void set_socket(const char *name)
{
	size_t len = strlen(name);
	if (len > 7 && strcmp(name + len - 7, ".socket") == 0)
		len -= 7;
	/* The longest that is made of it is NAME-tcpserver.service. */
	if (len == 0 || len + 19 > UNIT_BYTES || name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789:-_.\\")] != '\0')
		errx(EX_USAGE, "--socket: '%s' is not the name of a socket unit; `systemctl list-sockets` shows them", name);
	snprintf(snapshot.socket.name, UNIT_BYTES, "%.*s.socket", (int)len, name);
	snprintf(snapshot.service.name, UNIT_BYTES, "%.*s-tcpserver.service", (int)len, name);
	snprintf(settings.pattern, UNIT_BYTES, "%.*s@*.service", (int)len, name);
}

/* An option sets a text: its own, or its value, which stands behind an equals sign or is the next argument. */
static void parse_options(char **argv)
{
	static const struct {
		const char *name, **setting, *own;
	} options[] = {
		{"--since", &settings.since, NULL}, {"--socket", &settings.socket, NULL}, {"--unit", &settings.unit, NULL},
		{"--directory", &settings.directory, NULL}, {"--log", &settings.log, NULL},
		{"--top", &settings.top, NULL}, {"--state", &settings.state, NULL},
		{"--follow", &settings.follow, "yes"}, {"--json", &settings.format, json},
		{"--prometheus", &settings.format, prometheus}, {"--help", &settings.shown, help},
		{"--version", &settings.shown, "httpd-status " VERSION_TEXT "\n"},
	};
	while (*++argv != NULL) {
		size_t len = strcspn(*argv, "="), i = 0, count = sizeof options / sizeof options[0];
		while (i < count && !slice_equal((struct slice){*argv, len}, slice_of(options[i].name)))
			i++;
		const char *value = (*argv)[len] == '=' ? *argv + len + 1 : NULL;
		if (i == count)
			errx(EX_USAGE, "there is no option '%s'; see --help", *argv);
		if (options[i].own != NULL && value != NULL)
			errx(EX_USAGE, "%s takes no value; see --help", options[i].name);
		if (options[i].own == NULL && value == NULL && (value = *++argv) == NULL)
			errx(EX_USAGE, "%s wants a value; see --help", options[i].name);
		value = options[i].own != NULL ? options[i].own : value;
		if (options[i].setting == &settings.format && settings.format != NULL && settings.format != value)
			errx(EX_USAGE, "--json and --prometheus do not go together: give one of them");
		*options[i].setting = value;
		if (settings.shown != NULL) {
			fputs(settings.shown, stdout);
			finish_output();
			exit(EX_OK);
		}
	}
	set_socket(settings.socket != NULL ? settings.socket : "httpd.socket");
	if (!slice_number(slice_of(settings.top), &settings.rows) || settings.rows < 1 || settings.rows > TOP_MOST)
		errx(EX_USAGE, "--top: '%s' is not a number from 1 to %d", settings.top, TOP_MOST);
	if (settings.format == prometheus && settings.follow != NULL)
		errx(EX_USAGE, "--follow and --prometheus do not go together: node_exporter wants a file that ends");
	if (settings.log != NULL && (settings.directory != NULL || settings.unit != NULL || settings.socket != NULL ||
			settings.state != NULL))
		errx(EX_USAGE, "--log does not go together with --directory, --unit, --socket and --state, which are of the "
			"journal and of systemd");
	if (settings.directory != NULL && settings.socket != NULL && settings.unit != NULL)
		errx(EX_USAGE, "--directory asks no systemd, so of --socket and --unit only one names the units; drop "
			"the other");
	if (settings.format != prometheus && settings.state != NULL)
		errx(EX_USAGE, "--state is for --prometheus, whose counters must not fall");
}

/* --- a log file, instead of the journal --- */

static struct tail log_file;
static uint64_t log_time; /* of the last line that had one, in µs; a message to the operator in a file has none */

static void open_log(void)
{
	int error = tail_open(&log_file, settings.log, (int64_t)(snapshot.begin / SECOND));
	if (error != 0)
		errx(error == EACCES ? EX_NOPERM : EX_NOINPUT, "%s: %s; --log wants the file that httpd --log=FILE writes",
			settings.log, error == EINVAL ? "it is no file" : strerror(error));
	log_time = snapshot.begin;
}

static void read_log(void)
{
	struct slice line;
	struct combined parts;
	int64_t when;
	while (tail_line(&log_file, &line)) {
		if (combined_parse(line, &parts) && since_log_time(parts.time, &when) && when >= 0)
			log_time = (uint64_t)when * SECOND;
		if (log_time >= snapshot.begin)
			tally_add(&snapshot.tally, line, log_time);
	}
}

/* --- all of it --- */

static void set_begin(void)
{
	int64_t begin, now = (int64_t)(now_usec(CLOCK_REALTIME) / SECOND);
	if (!since_parse(settings.since, now, &begin))
		errx(EX_USAGE, "--since: '%s' is not a time that can be read; 10min, -1d, today, 14:00 and "
			"\"2026-11-21 14:00\" can", settings.since);
	if (begin > now || begin < 0)
		errx(EX_USAGE, "--since: '%s' is not in the past", settings.since);
	snapshot.begin = (uint64_t)begin * SECOND;
}

/* A journal that does not go back so far must not make the rate look lower. */
static void begin_tally(sd_journal *journal)
{
	uint64_t oldest = 0, now = now_usec(CLOCK_REALTIME);
	sd_journal_get_cutoff_realtime_usec(journal, &oldest, NULL);
	if (oldest > snapshot.begin && oldest < now)
		snapshot.begin = oldest;
	tally_begin(&snapshot.tally, snapshot.begin, now);
}

/* How a table is to look, as wide as the terminal; with --follow it gets so many rows that it is as high as well. */
static struct style fit_terminal(void)
{
	struct winsize size = {0};
	const char *term = getenv("TERM");
	struct style style = {.blocks = strcmp(nl_langinfo(CODESET), "UTF-8") == 0};
	style.terminal = isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
	snapshot.rows = (size_t)settings.rows;
	if (!style.terminal)
		return style;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		size = (struct winsize){.ws_row = 24, .ws_col = 80};
	style.width = size.ws_col < 40 ? 40 : size.ws_col > 200 ? 200 : size.ws_col;
	size_t rows = size.ws_row > 32 ? (size.ws_row - 20U) / 4 : 3;
	if (settings.follow != NULL && rows < snapshot.rows)
		snapshot.rows = rows;
	return style;
}

static void draw(sd_bus *bus)
{
	struct style style = fit_terminal();
	snapshot.now = now_usec(CLOCK_REALTIME);
	snapshot.asked = bus != NULL;
	snapshot.totals = settings.state != NULL;
	if (snapshot.asked)
		ask_systemd(bus);
	if (settings.format == json)
		report_json(stdout, &snapshot);
	else if (settings.format == prometheus)
		report_prometheus(stdout, &snapshot);
	else {
		fputs(settings.follow != NULL && style.terminal ? "\033[H\033[J" : "", stdout);
		report_table(stdout, &snapshot, &style);
		fputs(settings.follow != NULL && !style.terminal ? "\n" : "", stdout);
	}
	finish_output();
}

/* Once, or with --follow every second. */
static void tell_log(void)
{
	open_log();
	tally_begin(&snapshot.tally, snapshot.begin, now_usec(CLOCK_REALTIME));
	do {
		read_log();
		draw(NULL);
	} while (settings.follow != NULL && sleep(1) == 0);
}

static void tell_journal(void)
{
	sd_bus *bus = settings.directory == NULL ? open_bus() : NULL;
	sd_journal *journal = open_journal();
	begin_tally(journal);
	load_state(journal);
	read_entries(journal);
	if (settings.state != NULL)
		save_state(journal);
	draw(bus);
	while (settings.follow != NULL) {
		uint64_t until = now_usec(CLOCK_MONOTONIC) + SECOND, now;
		while ((now = now_usec(CLOCK_MONOTONIC)) < until) {
			sd_journal_wait(journal, until - now);
			read_entries(journal);
		}
		draw(bus);
	}
}

int main(int argc, char **argv)
{
	static char room[1 << 18]; /* a whole picture leaves at once, and does not flicker */
	(void)argc;
	setlocale(LC_CTYPE, "");
	setvbuf(stdout, room, _IOFBF, sizeof room);
	parse_options(argv);
	set_begin();
	if (settings.log != NULL)
		tell_log();
	else
		tell_journal();
	return EX_OK;
}
