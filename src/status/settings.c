/* SPDX-License-Identifier: ISC */
#include "status/settings.h"

#include <err.h>
#include <string.h>
#include <sysexits.h>

static const char help[] =
	"Usage: httpd-status [options]\n"
	"\n"
	"What httpd, started by systemd, does and did: connections, answers, refusals.\n"
	"\n"
	"  --since=TIME     count from then on: 10min, -1d, today, 14:00,\n"
	"                   \"2026-11-21 14:00\", start: of the unit (default 1h)\n"
	"  --socket=NAME    the socket unit (default httpd.socket)\n"
	"  --unit=GLOB      take the log of the units of this name\n"
	"  --directory=DIR  read the journal's files in DIR, and do not ask systemd\n"
	"  --log=FILE       read this log, and do not ask the journal or systemd\n"
	"  --top=N          rows in a list (default 10)\n"
	"  -f, --follow     again every second, until interrupted\n"
	"  --json           a line of JSON\n"
	"  --prometheus     Prometheus's text format\n"
	"  --state=FILE     count on from what FILE says, then keep it there\n"
	"  --help           this text\n"
	"  --version        the version\n"
	"\n"
	"man 8 httpd-status has it all.\n";

static const char json[] = "json", prometheus[] = "prometheus";

/* The texts that the options set, as they were given. */
struct given {
	const char *since, *socket, *unit, *directory, *log, *top, *state, *follow, *format, *shown;
};

/* Sets the names of the units that belong to a socket unit. */
static void set_socket(struct settings *out, const char *name)
{
	static const char ending[] = ".socket", longest[] = "-tcpserver.service"; /* of the names made of it */
	size_t len = strlen(name), end = strlen(ending);
	size_t valid = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\");
	if (len > end && strcmp(name + len - end, ending) == 0)
		len -= end;
	if (len == 0 || len + sizeof longest > UNIT_BYTES || name[valid] != '\0')
		errx(EX_USAGE, "--socket: '%s' is not the name of a socket unit; `systemctl list-sockets` shows them", name);
	snprintf(out->socket, UNIT_BYTES, "%.*s.socket", (int)len, name);
	snprintf(out->service, UNIT_BYTES, "%.*s-tcpserver.service", (int)len, name);
	snprintf(out->pattern, UNIT_BYTES, "%.*s@*.service", (int)len, name);
}

/* An option sets a text: its own, or its value, which stands behind an equals sign or is the next argument. */
static void read_arguments(char **argv, struct given *given)
{
	const struct {
		const char *name, **text, *own;
	} options[] = {
		{"--since", &given->since, NULL}, {"--socket", &given->socket, NULL}, {"--unit", &given->unit, NULL},
		{"--directory", &given->directory, NULL}, {"--log", &given->log, NULL},
		{"--top", &given->top, NULL}, {"--state", &given->state, NULL},
		{"--follow", &given->follow, "yes"}, {"-f", &given->follow, "yes"}, {"--json", &given->format, json},
		{"--prometheus", &given->format, prometheus}, {"--help", &given->shown, help},
		{"--version", &given->shown, "httpd-status " VERSION_TEXT "\n"},
	};
	while (given->shown == NULL && *++argv != NULL) {
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
		if (options[i].text == &given->format && given->format != NULL && given->format != value)
			errx(EX_USAGE, "--json and --prometheus do not go together: give one of them");
		*options[i].text = value;
	}
}

/* Ends the program where two options contradict each other. */
static void check_options(const struct given *given)
{
	bool in_prometheus = given->format == prometheus;
	bool start = given->since != NULL && strcmp(given->since, "start") == 0;
	const struct {
		bool one, other;
		const char *pair, *why;
	} contradictions[] = {
		{given->follow != NULL, in_prometheus, "--follow and --prometheus", "node_exporter wants a file that ends"},
		{given->top != NULL, in_prometheus, "--top and --prometheus", "there are no lists in it"},
		{given->log != NULL, given->directory != NULL, "--log and --directory", "answers are counted from one place"},
		{given->log != NULL, given->unit != NULL, "--log and --unit", "a log file does not name units"},
		{given->log != NULL, given->socket != NULL, "--log and --socket", "with a log file systemd is not asked"},
		{given->log != NULL, given->state != NULL, "--log and --state", "it keeps a place in the journal"},
		{given->log != NULL, start, "--log and --since=start", "with a log file systemd is not asked"},
		{given->directory != NULL, start, "--directory and --since=start", "systemd is not asked"},
		{given->state != NULL, start, "--state and --since=start", "counters must not fall"},
		{given->directory != NULL && given->socket != NULL, given->unit != NULL, "--socket and --unit",
			"with --directory each names the units of the journal"},
	};
	for (size_t i = 0; i < sizeof contradictions / sizeof contradictions[0]; i++)
		if (contradictions[i].one && contradictions[i].other)
			errx(EX_USAGE, "%s do not go together: %s; drop one of them", contradictions[i].pair,
				contradictions[i].why);
	if (!in_prometheus && given->state != NULL)
		errx(EX_USAGE, "--state is for --prometheus, whose counters must not fall; give both, or drop --state");
}

void settings_parse(char **argv, struct settings *out)
{
	struct given given = {0};
	read_arguments(argv, &given);
	if (given.shown == NULL)
		check_options(&given);
	const char *since = given.since != NULL ? given.since : "1h", *top = given.top != NULL ? given.top : "10";
	*out = (struct settings){
		.shown = given.shown, .since = since, .unit = given.unit, .directory = given.directory,
		.log = given.log, .state = given.state, .socket_named = given.socket != NULL, .follow = given.follow != NULL,
		.since_start = strcmp(since, "start") == 0,
	};
	if (out->shown != NULL)
		return;
	if (given.format != NULL)
		out->format = given.format == json ? FORMAT_JSON : FORMAT_PROMETHEUS;
	set_socket(out, given.socket != NULL ? given.socket : "httpd.socket");
	if (!slice_number(slice_of(top), &out->rows) || out->rows < 1 || out->rows > TOP_MOST)
		errx(EX_USAGE, "--top: '%s' is not a number from 1 to %d; give one, as in --top=20", top, TOP_MOST);
}
