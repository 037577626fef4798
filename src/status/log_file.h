/* SPDX-License-Identifier: ISC */
/* log_file: the log of httpd --log=FILE, from the file into the tally. Part of httpd-status. */
#ifndef LOG_FILE_H
#define LOG_FILE_H

#include "status/report.h"
#include "status/tail.h"

struct log_file {
	struct tail tail;
	uint64_t time; /* of the last line that had one, in µs since 1970; a message to the operator has none */
};

/*
 * Opens the file for reading what was logged since `begin` (µs since 1970). A file that cannot be read ends the program
 * with EX_NOINPUT (66) or EX_NOPERM (77) and the reason.
 */
struct log_file log_file_open(const char *path, uint64_t begin);

/* Counts the lines that have come since the last time, and are not older than snapshot->begin. */
void log_file_read(struct log_file *log, struct snapshot *snapshot);

#endif
