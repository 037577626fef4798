/* SPDX-License-Identifier: ISC */
/*
 * state: the file of --state, which makes counters of what the journal forgets in time. Part of httpd-status.
 */
#ifndef STATE_H
#define STATE_H

#include "status/tally.h"

enum { CURSOR_BYTES = 512 }; /* of the journal's name for an entry, NUL included */

/*
 * Reads what was counted, and the cursor of the last entry that was; "" where nothing was counted yet, as without the
 * file. A file that cannot be read or is none of this program's ends the program with a message.
 */
void state_read(const char *path, struct tally *t, char cursor[CURSOR_BYTES]);

/*
 * Writes all of it or nothing: a new file, with a name of its own for each run, takes the place of the old one. A
 * failure ends the program with EX_CANTCREAT (73).
 */
void state_write(const char *path, const struct tally *t, const char *cursor);

#endif
