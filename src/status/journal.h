/* SPDX-License-Identifier: ISC */
/* journal: the log of the units, from the journal into the tally. Part of httpd-status. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <systemd/sd-journal.h>

#include "status/report.h"
#include "status/settings.h"
#include "status/state.h"

/* A journal that is being read into the tally of a snapshot. */
struct reader {
	sd_journal *journal;
	const struct settings *settings;
	struct snapshot *snapshot;
	char cursor[CURSOR_BYTES]; /* with --state: of the last entry that was counted; empty: none was */
};

/*
 * Opens the journal, or that of --directory, and goes to the first entry that counts: the one at snapshot->begin, or
 * with --state the one behind the last that was counted. Begins the tally at the time `now` (µs since 1970). A journal
 * that cannot be read ends the program with the reason and the cure.
 */
struct reader journal_open(const struct settings *settings, struct snapshot *snapshot, uint64_t now);

/* Counts what has come since the last time. */
void journal_read(const struct reader *r);

/* Waits for entries, at most so many µs. */
void journal_wait(const struct reader *r, uint64_t usec);

/* With --state: keeps what was counted, and where to go on. */
void journal_keep(struct reader *r);

#endif
