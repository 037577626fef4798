/* SPDX-License-Identifier: ISC */
/* settings: the command line of httpd-status. Part of httpd-status. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "status/report.h"

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_PROMETHEUS };

/* The operator's settings, or the defaults. A text that was not given is NULL. */
struct settings {
	const char *shown; /* print this and leave: the text of --help or --version */
	const char *since, *unit, *directory, *log, *state;
	bool socket_named; /* --socket was given */
	bool since_start; /* --since=start: since when the unit is active, which systemd knows */
	bool follow;
	enum format format;
	uint64_t rows; /* of a list, 1 to TOP_MOST */
	char socket[UNIT_BYTES], service[UNIT_BYTES]; /* the units that are asked about */
	char pattern[UNIT_BYTES]; /* of the names of the instances, for fnmatch(3) */
};

/*
 * Reads the arguments, those of main with the program's name in front, into *out; stops at --help and --version. A
 * mistake ends the program with EX_USAGE (64) and a sentence that names the cure.
 */
void settings_parse(char **argv, struct settings *out);

#endif
