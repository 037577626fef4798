/* SPDX-License-Identifier: ISC */
/*
 * httpd-status: what the web server does, for its operator. There is no server process to ask: systemd knows the
 * connections (bus), and the journal (journal) or a log file (log_file) has the answers.
 */
#define _GNU_SOURCE /* nl_langinfo, TIOCGWINSZ */
#include <err.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "status/bus.h"
#include "status/journal.h"
#include "status/log_file.h"
#include "status/report.h"
#include "status/settings.h"
#include "status/since.h"

/* Ends the program with a message if the report could not be written whole. */
static void finish_output(void)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		errx(EX_IOERR, "standard output cannot be written: %s; make room where it leads, or write elsewhere",
			strerror(errno));
}

static uint64_t now_usec(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec / 1000;
}

/* Sets since when is counted, unless systemd has to be asked. */
static void set_begin(const struct settings *settings, struct snapshot *snapshot)
{
	if (settings->since_start)
		return;
	int64_t begin, now = (int64_t)(now_usec(CLOCK_REALTIME) / SECOND);
	if (!since_parse(settings->since, now, &begin))
		errx(EX_USAGE, "--since: '%s' is not a time that can be read; 10min, -1d, today, 14:00 and "
			"\"2026-11-21 14:00\" can", settings->since);
	if (begin > now || begin < 0)
		errx(EX_USAGE, "--since: '%s' is not in the past; give an earlier time, such as 10min or yesterday",
			settings->since);
	snapshot->begin = (uint64_t)begin * SECOND;
}

/* How a table is to look, as wide as the terminal; with --follow it gets so many rows that it is as high as well. */
static struct style fit_terminal(const struct settings *settings, struct snapshot *snapshot)
{
	struct winsize size = {0};
	const char *term = getenv("TERM");
	struct style style = {.blocks = strcmp(nl_langinfo(CODESET), "UTF-8") == 0};
	style.terminal = isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
	snapshot->rows = (size_t)settings->rows;
	if (!style.terminal)
		return style;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		size = (struct winsize){.ws_row = 24, .ws_col = 80};
	style.width = size.ws_col < 40 ? 40 : size.ws_col > 200 ? 200 : size.ws_col;
	size_t rows = size.ws_row > 32 ? (size.ws_row - 21U) / 4 : 3;
	if (settings->follow && rows < snapshot->rows)
		snapshot->rows = rows;
	return style;
}

/* With --since=start: since when the socket, or else the service, is active, so that answers and connections agree. */
static void set_start(sd_bus *bus, const struct settings *settings, struct snapshot *snapshot)
{
	bus_ask(bus, settings, snapshot);
	bool listens = strcmp(snapshot->socket.active, "active") == 0;
	const struct unit *unit = listens ? &snapshot->socket : &snapshot->service;
	if (strcmp(unit->active, "active") != 0 || unit->since == 0)
		errx(EX_UNAVAILABLE, "--since=start: neither %s nor %s is active; start one, or give a time",
			snapshot->socket.name, snapshot->service.name);
	snapshot->begin = unit->since;
}

/* Asks systemd, unless `bus` is NULL, and prints the report. */
static void draw(const struct settings *settings, struct snapshot *snapshot, sd_bus *bus)
{
	struct style style = fit_terminal(settings, snapshot);
	snapshot->now = now_usec(CLOCK_REALTIME);
	snapshot->asked = bus != NULL;
	snapshot->totals = settings->state != NULL;
	if (snapshot->asked)
		bus_ask(bus, settings, snapshot);
	if (settings->format == FORMAT_JSON)
		report_json(stdout, snapshot);
	else if (settings->format == FORMAT_PROMETHEUS)
		report_prometheus(stdout, snapshot);
	else {
		fputs(settings->follow && style.terminal ? "\033[H\033[J" : "", stdout);
		report_table(stdout, snapshot, &style);
		fputs(settings->follow && !style.terminal ? "\n" : "", stdout);
	}
	finish_output();
}

/* Reports what a log file says: once, or with --follow every second. */
static void tell_log(const struct settings *settings, struct snapshot *snapshot)
{
	struct log_file log = log_file_open(settings->log, snapshot->begin);
	tally_begin(&snapshot->tally, snapshot->begin, now_usec(CLOCK_REALTIME));
	do {
		log_file_read(&log, snapshot);
		draw(settings, snapshot, NULL);
	} while (settings->follow && sleep(1) == 0);
}

/* Reports what the journal says: once, or with --follow every second. */
static void tell_journal(const struct settings *settings, struct snapshot *snapshot)
{
	sd_bus *bus = settings->directory == NULL ? bus_open() : NULL;
	if (settings->since_start)
		set_start(bus, settings, snapshot);
	struct reader reader = journal_open(settings, snapshot, now_usec(CLOCK_REALTIME));
	journal_read(&reader);
	if (settings->state != NULL)
		journal_keep(&reader);
	draw(settings, snapshot, bus);
	while (settings->follow) {
		uint64_t until = now_usec(CLOCK_MONOTONIC) + SECOND, now;
		while ((now = now_usec(CLOCK_MONOTONIC)) < until) {
			journal_wait(&reader, until - now);
			journal_read(&reader);
		}
		draw(settings, snapshot, bus);
	}
}

int main(int argc, char **argv)
{
	static char room[1 << 18]; /* a whole picture leaves at once, and does not flicker */
	static struct snapshot snapshot; /* too large for the stack */
	struct settings settings;
	(void)argc;
	setlocale(LC_CTYPE, "");
	setvbuf(stdout, room, _IOFBF, sizeof room);
	settings_parse(argv, &settings);
	if (settings.shown != NULL) {
		fputs(settings.shown, stdout);
		finish_output();
		return EX_OK;
	}
	memcpy(snapshot.socket.name, settings.socket, UNIT_BYTES);
	memcpy(snapshot.service.name, settings.service, UNIT_BYTES);
	set_begin(&settings, &snapshot);
	if (settings.log != NULL)
		tell_log(&settings, &snapshot);
	else
		tell_journal(&settings, &snapshot);
	return EX_OK;
}
