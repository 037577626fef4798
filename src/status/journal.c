/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* GLOB_BRACE */
#include "status/journal.h"

#include <err.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Ends the program where no file of the journal is open: there is none, or this account may not read it. */
static void check_readable(sd_journal *journal, const char *directory)
{
	glob_t files = {0};
	uint64_t bytes; /* libsystemd's own words for it, sd_journal_has_..._files, know only of those in /run and /var */
	if (sd_journal_get_usage(journal, &bytes) >= 0 && bytes > 0)
		return;
	if (directory != NULL)
		errx(EX_NOINPUT, "%s: no journal that can be read is in there; --directory wants the folder with the "
			"*.journal files", directory);
	if (glob("/{run,var}/log/journal/*/system.journal", GLOB_BRACE, NULL, &files) == 0 &&
	    access(files.gl_pathv[0], R_OK) != 0 && errno == EACCES)
		errx(EX_NOPERM, "the journal cannot be read: this account is not in the group systemd-journal; add it "
			"(usermod -aG systemd-journal NAME) and log in again, or run httpd-status as root");
	errx(EX_NOINPUT, "there is no journal: neither /run/log/journal nor /var/log/journal has one; is "
		"systemd-journald running, and Storage=none not in journald.conf?");
}

/*
 * The journal is searched by SYSLOG_IDENTIFIER, which has an index but which any process can set. The unit of an entry
 * is then checked by _SYSTEMD_UNIT, which only journald sets. (_SYSTEMD_SLICE and _COMM are missing where the process
 * has ended before journald looks.)
 */
static sd_journal *open_journal(const char *directory)
{
	sd_journal *journal = NULL;
	int error = directory != NULL
		? sd_journal_open_directory(&journal, directory, 0)
		: sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
	if (error < 0)
		errx(error == -EACCES ? EX_NOPERM : EX_NOINPUT, "%s cannot be opened: %s; %s",
			directory != NULL ? directory : "the journal", strerror(-error), directory != NULL
			? "--directory wants a folder with *.journal files that this account may read"
			: "run httpd-status as root; `journalctl` tells more");
	check_readable(journal, directory);
	error = sd_journal_add_match(journal, "SYSLOG_IDENTIFIER=httpd", 0);
	if (error < 0)
		errx(EX_OSERR, "the journal cannot be searched: %s; try again once there is more memory", strerror(-error));
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

/* Whether an entry is of the units that were asked for. */
static bool is_of_units(const struct settings *settings, struct slice unit)
{
	char name[UNIT_BYTES];
	if (unit.at == NULL || unit.len >= sizeof name)
		return false;
	snprintf(name, sizeof name, "%.*s", SLICE(unit));
	if (settings->unit != NULL)
		return fnmatch(settings->unit, name, FNM_NOESCAPE) == 0;
	return fnmatch(settings->pattern, name, FNM_NOESCAPE) == 0 || strcmp(settings->service, name) == 0;
}

/* Counts the entry that the journal stands at. */
static void count_entry(const struct reader *r)
{
	uint64_t when;
	if (!is_of_units(r->settings, field(r->journal, "_SYSTEMD_UNIT")) ||
	    sd_journal_get_realtime_usec(r->journal, &when) < 0)
		return;
	struct slice message = field(r->journal, "MESSAGE");
	if (message.at != NULL && (r->settings->state != NULL || when >= r->snapshot->begin))
		tally_add(&r->snapshot->tally, message, when);
}

void journal_read(const struct reader *r)
{
	int error;
	while ((error = sd_journal_next(r->journal)) > 0)
		count_entry(r);
	if (error < 0)
		errx(EX_IOERR, "the journal cannot be read on: %s; `journalctl --verify` tells more", strerror(-error));
}

/* A journal that does not go back so far must not make the rate look lower. */
static void begin_tally(const struct reader *r, uint64_t now)
{
	uint64_t oldest = 0;
	sd_journal_get_cutoff_realtime_usec(r->journal, &oldest, NULL);
	if (oldest > r->snapshot->begin && oldest < now)
		r->snapshot->begin = oldest;
	tally_begin(&r->snapshot->tally, r->snapshot->begin, now);
}

/* Goes to the entry behind the last one counted; the first time, and without a state, to --since. */
static void seek(struct reader *r)
{
	const char *state = r->settings->state;
	if (state != NULL)
		state_read(state, &r->snapshot->tally, r->cursor);
	if (r->cursor[0] == '\0')
		sd_journal_seek_realtime_usec(r->journal, r->snapshot->begin);
	else if (sd_journal_seek_cursor(r->journal, r->cursor) < 0)
		errx(EX_DATAERR, "%s holds no cursor of a journal; remove it to count from nothing", state);
	else if (sd_journal_next(r->journal) > 0 && sd_journal_test_cursor(r->journal, r->cursor) <= 0)
		count_entry(r); /* the journal has forgotten that one: this is the next */
}

struct reader journal_open(const struct settings *settings, struct snapshot *snapshot, uint64_t now)
{
	struct reader r = {open_journal(settings->directory), settings, snapshot, ""};
	begin_tally(&r, now);
	seek(&r);
	return r;
}

void journal_wait(const struct reader *r, uint64_t usec)
{
	sd_journal_wait(r->journal, usec);
}

void journal_keep(struct reader *r)
{
	char *at = NULL;
	if (sd_journal_get_cursor(r->journal, &at) >= 0) /* without a new entry the old place stays */
		snprintf(r->cursor, sizeof r->cursor, "%s", at);
	free(at);
	state_write(r->settings->state, &r->snapshot->tally, r->cursor);
}
