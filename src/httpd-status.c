/* SPDX-License-Identifier: ISC */
/*
 * httpd-status: what the web server does, for its operator. No server process exists that could be asked, so this asks
 * those who know: systemd for the connections, over its bus, and the journal for the answers.
 */
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <inttypes.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
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

#include "report.h"
#include "since.h"

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
	"  --top=N          rows in a list (default 10)\n"
	"  --follow         again every second, until interrupted\n"
	"  --json           a line of JSON\n"
	"  --prometheus     Prometheus's text format\n"
	"  --state=FILE     count on from what FILE says, then keep it there\n"
	"  --help           this text\n"
	"  --version        the version\n"
	"\n"
	"man 8 httpd-status has it all.\n";

enum format { TABLE, JSON, PROMETHEUS };

static struct settings {
	const char *since, *directory, *state, *unit;
	char pattern[UNIT_BYTES]; /* of the instances */
	enum format format;
	bool follow, named;
	size_t top;
} settings = {.since = "1h", .top = 10};

/* Large, and there is one. */
static struct snapshot snapshot;

/* The thing, the reason, the cure. */
__attribute__((noreturn, format(printf, 2, 3))) static void fail(int status, const char *format, ...)
{
	va_list arguments;
	fputs("httpd-status: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(status);
}

/* A report that did not arrive is not one. */
static int finish_output(void)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		fail(EX_IOERR, "standard output: %s", strerror(errno));
	return EX_OK;
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
	int error;
	if (sd_booted() <= 0)
		fail(EX_UNAVAILABLE, "systemd does not run here (there is no /run/systemd/system), so nobody knows the "
			"connections; --directory=DIR reads a journal without it");
	if (geteuid() == 0 && sd_bus_new(&bus) >= 0 && sd_bus_set_address(bus, "unix:path=/run/systemd/private") >= 0 &&
	    sd_bus_start(bus) >= 0)
		return bus;
	sd_bus_unref(bus);
	error = sd_bus_open_system(&bus);
	if (error < 0)
		fail(EX_UNAVAILABLE, "systemd cannot be asked over the system bus: %s; is dbus installed and running? "
			"root does without it", strerror(-error));
	return bus;
}

/* What a call that failed says. */
__attribute__((noreturn)) static void fail_bus(int error, const sd_bus_error *reason, const char *what)
{
	const char *text = reason->message != NULL ? reason->message : strerror(-error);
	if (error == -EACCES || error == -EPERM)
		fail(EX_NOPERM, "systemd does not say about %s: %s; run httpd-status as root", what, text);
	fail(EX_UNAVAILABLE, "systemd does not say about %s: %s", what, text);
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
	if (error < 0)
		fail_bus(error, &reason, unit);
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
}

/* Keeps the oldest in order; systemd lists them in none. */
static void add_connection(const char *unit)
{
	const char *instance = strchr(unit, '@');
	struct connection c = {.number = instance != NULL ? strtoull(instance + 1, NULL, 10) : 0};
	size_t at = snapshot.live < CONNECTIONS_MAX ? snapshot.live : CONNECTIONS_MAX;
	snapshot.live++;
	for (; at > 0 && snapshot.connection[at - 1].number > c.number; at--)
		if (at < CONNECTIONS_MAX)
			snapshot.connection[at] = snapshot.connection[at - 1];
	if (at == CONNECTIONS_MAX)
		return;
	snprintf(c.unit, sizeof c.unit, "%s", unit);
	snapshot.connection[at] = c;
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
	if (error < 0)
		fail_bus(error, &reason, settings.pattern);
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
	if (error < 0)
		fail_bus(error, &reason, snapshot.service.name);
	sd_bus_message_unref(reply);
	return processes > 0 ? processes - 1 : 0;
}

/* Each age is a question to PID 1, who has better things to do: only for those that will be shown. */
static void ask_systemd(sd_bus *bus)
{
	size_t asked = settings.format == TABLE ? snapshot.rows : settings.format == JSON ? CONNECTIONS_MAX : 0;
	get_unit(bus, &snapshot.socket);
	if (settings.named && strcmp(snapshot.socket.load, "loaded") != 0)
		fail(EX_UNAVAILABLE, "%s is %s; `systemctl list-sockets --all` shows those there are", snapshot.socket.name,
			snapshot.socket.load);
	get(bus, snapshot.socket.name, SYSTEMD ".Socket", "NAccepted", 'u', &snapshot.accepted);
	get(bus, snapshot.socket.name, SYSTEMD ".Socket", "NRefused", 'u', &snapshot.refused);
	get(bus, snapshot.socket.name, SYSTEMD ".Socket", "NConnections", 'u', &snapshot.current);
	get_unit(bus, &snapshot.service);
	snapshot.served = strcmp(snapshot.service.active, "active") == 0 ? count_served(bus) : 0;
	list_connections(bus);
	for (size_t i = 0; i < asked && i < snapshot.live && i < CONNECTIONS_MAX; i++)
		get(bus, snapshot.connection[i].unit, SYSTEMD ".Unit", "InactiveExitTimestamp", 't',
			&snapshot.connection[i].began);
}

/* --- the journal --- */

/* That nothing was opened means that there is nothing, or that this account may not read it. */
static void check_readable(sd_journal *journal)
{
	glob_t files = {0};
	bool denied = false;
	uint64_t bytes; /* libsystemd's own words for it, sd_journal_has_..._files, know only of those in /run and /var */
	if (sd_journal_get_usage(journal, &bytes) >= 0 && bytes > 0)
		return;
	if (settings.directory != NULL)
		fail(EX_NOINPUT, "%s: no journal that can be read is in there; --directory wants the folder with the "
			"*.journal files", settings.directory);
	glob("/run/log/journal/*/system.journal", 0, NULL, &files);
	glob("/var/log/journal/*/system.journal", GLOB_APPEND, NULL, &files);
	for (size_t i = 0; i < files.gl_pathc; i++)
		denied |= access(files.gl_pathv[i], R_OK) != 0 && errno == EACCES;
	globfree(&files);
	if (denied)
		fail(EX_NOPERM, "the journal cannot be read: this account is not in the group systemd-journal; add it "
			"(usermod -aG systemd-journal NAME) and log in again, or run httpd-status as root");
	fail(EX_NOINPUT, "there is no journal: neither /run/log/journal nor /var/log/journal has one; is "
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
		fail(error == -EACCES ? EX_NOPERM : EX_NOINPUT, "%s: %s",
			settings.directory != NULL ? settings.directory : "the journal", strerror(-error));
	check_readable(journal);
	error = sd_journal_add_match(journal, "SYSLOG_IDENTIFIER=httpd", 0);
	if (error < 0)
		fail(EX_OSERR, "the journal: %s", strerror(-error));
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
	if (message.at != NULL && (snapshot.totals || when >= snapshot.begin))
		tally_add(&snapshot.tally, message, when);
}

/* Reads what has come since the last time. */
static void read_entries(sd_journal *journal)
{
	int error;
	while ((error = sd_journal_next(journal)) > 0)
		take_entry(journal);
	if (error < 0)
		fail(EX_IOERR, "the journal cannot be read on: %s; `journalctl --verify` tells more", strerror(-error));
}

/* --- the state, which makes counters of what the journal forgets in time --- */

static char cursor[512]; /* of the last entry that was counted; empty: none was */

/* "cursor C", "bytes N", "messages N" or "status 200 N". */
static bool load_line(struct slice line)
{
	struct tally *t = &snapshot.tally;
	struct slice name, code;
	uint64_t status;
	slice_split(&line, ' ', &name);
	if (slice_equal(name, slice_of("cursor")) && line.len > 0 && line.len < sizeof cursor) {
		snprintf(cursor, sizeof cursor, "%.*s", SLICE(line));
		return true;
	}
	if (slice_equal(name, slice_of("bytes")))
		return slice_number(line, &t->bytes);
	if (slice_equal(name, slice_of("messages")))
		return slice_number(line, &t->other);
	return slice_equal(name, slice_of("status")) && slice_split(&line, ' ', &code) && slice_number(code, &status) &&
		status < STATUS_END && slice_number(line, &t->status[status]);
}

/* Of a file that is not there nothing was counted yet. */
static void read_state(void)
{
	char line[sizeof cursor + 16];
	FILE *file = fopen(settings.state, "re");
	if (file == NULL && errno == ENOENT)
		return;
	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (!load_line((struct slice){line, strcspn(line, "\n")}))
			fail(EX_DATAERR, "%s is not a state of httpd-status; remove it to count from nothing", settings.state);
	if (file == NULL || ferror(file))
		fail(EX_NOINPUT, "%s cannot be read: %s; --state wants a file of this account", settings.state,
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
		fail(EX_DATAERR, "%s holds no cursor of a journal; remove it to count from nothing", settings.state);
	else if (sd_journal_next(journal) > 0 && sd_journal_test_cursor(journal, cursor) <= 0)
		take_entry(journal); /* the journal has forgotten that one: this is the next */
}

static bool write_state(int fd)
{
	const struct tally *t = &snapshot.tally;
	FILE *file = fdopen(fd, "w");
	if (file == NULL)
		return false;
	if (cursor[0] != '\0')
		fprintf(file, "cursor %s\n", cursor);
	fprintf(file, "bytes %" PRIu64 "\nmessages %" PRIu64 "\n", t->bytes, t->other);
	for (unsigned i = 0; i < STATUS_END; i++)
		if (t->status[i] > 0)
			fprintf(file, "status %u %" PRIu64 "\n", i, t->status[i]);
	bool good = ferror(file) == 0;
	return fclose(file) == 0 && good;
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
	fail(EX_CANTCREAT, "%s cannot be written: %s; its folder has to be writable and have room", settings.state,
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
		fail(EX_USAGE, "--socket: '%s' is not the name of a socket unit; `systemctl list-sockets` shows them", name);
	snprintf(snapshot.socket.name, UNIT_BYTES, "%.*s.socket", (int)len, name);
	snprintf(snapshot.service.name, UNIT_BYTES, "%.*s-tcpserver.service", (int)len, name);
	snprintf(settings.pattern, UNIT_BYTES, "%.*s@*.service", (int)len, name);
}

static void set_top(const char *value)
{
	uint64_t number;
	if (!slice_number(slice_of(value), &number) || number < 1 || number > TOP_MOST)
		fail(EX_USAGE, "--top: '%s' is not a number from 1 to %d", value, TOP_MOST);
	settings.top = (size_t)number;
}

static void set_option(char option, const char *value)
{
	switch (option) {
	case 'd': settings.directory = value; break;
	case 'f': settings.follow = true; break;
	case 'j': settings.format = JSON; break;
	case 'n': settings.since = value; break;
	case 'p': settings.format = PROMETHEUS; break;
	case 's': set_socket(value); settings.named = true; break;
	case 't': set_top(value); break;
	case 'u': settings.unit = value; break;
	case 'w': settings.state = value; break;
	case 'V': puts("httpd-status " VERSION_TEXT); exit(finish_output());
	default: fputs(help, stdout); exit(finish_output());
	}
}

/* A value stands behind an equals sign or is the next argument. */
static void parse_options(char **argv)
{
	static const struct {
		char letter, name[14];
		bool valued;
	} options[] = {{'n', "--since", true}, {'s', "--socket", true}, {'u', "--unit", true}, {'d', "--directory", true},
		{'t', "--top", true}, {'w', "--state", true}, {'f', "--follow", false}, {'j', "--json", false},
		{'p', "--prometheus", false}, {'h', "--help", false}, {'V', "--version", false}};
	set_socket("httpd.socket");
	while (*++argv != NULL) {
		size_t len = strcspn(*argv, "="), i = 0, count = sizeof options / sizeof options[0];
		while (i < count && !slice_equal((struct slice){*argv, len}, slice_of(options[i].name)))
			i++;
		const char *value = (*argv)[len] == '=' ? *argv + len + 1 : NULL;
		if (i == count)
			fail(EX_USAGE, "there is no option '%s'; see --help", *argv);
		if (!options[i].valued && value != NULL)
			fail(EX_USAGE, "%s takes no value; see --help", options[i].name);
		if (options[i].valued && value == NULL && (value = *++argv) == NULL)
			fail(EX_USAGE, "%s wants a value; see --help", options[i].name);
		set_option(options[i].letter, value);
	}
	if (settings.format == PROMETHEUS && settings.follow)
		fail(EX_USAGE, "--follow and --prometheus do not go together: node_exporter wants a file that ends");
	if (settings.format != PROMETHEUS && settings.state != NULL)
		fail(EX_USAGE, "--state is for --prometheus, whose counters must not fall");
}

/* --- all of it --- */

static void set_begin(void)
{
	int64_t begin, now = (int64_t)(now_usec(CLOCK_REALTIME) / SECOND);
	if (!since_parse(settings.since, now, &begin))
		fail(EX_USAGE, "--since: '%s' is not a time that can be read; 10min, -1d, today, 14:00 and "
			"\"2026-11-21 14:00\" can", settings.since);
	if (begin > now || begin < 0)
		fail(EX_USAGE, "--since: '%s' is not in the past", settings.since);
	snapshot.begin = (uint64_t)begin * SECOND;
}

/* A journal that does not go back so far must not make the rate look lower. */
static void begin_tally(sd_journal *journal)
{
	uint64_t oldest, now = now_usec(CLOCK_REALTIME);
	bool known = sd_journal_get_cutoff_realtime_usec(journal, &oldest, NULL) > 0;
	if (known && oldest > snapshot.begin && oldest < now)
		snapshot.begin = oldest;
	tally_begin(&snapshot.tally, snapshot.begin, now);
}

/* As wide as the terminal; with --follow, as high as well. */
static struct style look(void)
{
	struct winsize size = {0};
	const char *term = getenv("TERM");
	struct style style = {0};
	style.terminal = isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
	style.blocks = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	snapshot.rows = settings.top;
	if (!style.terminal)
		return style;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		size = (struct winsize){.ws_row = 24, .ws_col = 80};
	style.width = size.ws_col < 40 ? 40 : size.ws_col > 200 ? 200 : size.ws_col;
	size_t rows = size.ws_row > 32 ? (size.ws_row - 20U) / 4 : 3;
	if (settings.follow && rows < snapshot.rows)
		snapshot.rows = rows;
	return style;
}

static void draw(sd_bus *bus)
{
	struct style style = look();
	snapshot.now = now_usec(CLOCK_REALTIME);
	if (bus != NULL)
		ask_systemd(bus);
	if (settings.format == JSON)
		report_json(stdout, &snapshot);
	else if (settings.format == PROMETHEUS)
		report_prometheus(stdout, &snapshot);
	else {
		fputs(settings.follow && style.terminal ? "\033[H\033[J" : "", stdout);
		report_table(stdout, &snapshot, &style);
		fputs(settings.follow && !style.terminal ? "\n" : "", stdout);
	}
	finish_output();
}

int main(int argc, char **argv)
{
	static char room[1 << 18]; /* a whole picture leaves at once, and does not flicker */
	sd_bus *bus = NULL;
	(void)argc;
	setlocale(LC_CTYPE, "");
	setvbuf(stdout, room, _IOFBF, sizeof room);
	parse_options(argv);
	set_begin();
	snapshot.asked = settings.directory == NULL;
	snapshot.totals = settings.state != NULL;
	if (snapshot.asked)
		bus = open_bus();
	sd_journal *journal = open_journal();
	begin_tally(journal);
	load_state(journal);
	read_entries(journal);
	if (settings.state != NULL)
		save_state(journal);
	draw(bus);
	while (settings.follow) {
		uint64_t until = now_usec(CLOCK_MONOTONIC) + SECOND, now;
		while ((now = now_usec(CLOCK_MONOTONIC)) < until) {
			sd_journal_wait(journal, until - now);
			read_entries(journal);
		}
		draw(bus);
	}
	sd_journal_close(journal);
	sd_bus_flush_close_unref(bus);
	return EX_OK;
}
