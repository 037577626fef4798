/* SPDX-License-Identifier: ISC */
#include "status/log_file.h"

#include <err.h>
#include <errno.h>
#include <string.h>
#include <sysexits.h>

#include "status/combined.h"
#include "status/since.h"

struct log_file log_file_open(const char *path, uint64_t begin)
{
	struct log_file log = {.time = begin};
	int error = tail_open(&log.tail, path, (int64_t)(begin / SECOND));
	if (error != 0)
		errx(error == EACCES ? EX_NOPERM : EX_NOINPUT, "%s: %s; %s", path,
			error == EINVAL ? "it is no file" : strerror(error), error == EACCES
			? "run httpd-status as root, or in the group of the file"
			: "--log wants the file that httpd --log=FILE writes");
	return log;
}

void log_file_read(struct log_file *log, struct snapshot *snapshot)
{
	struct slice line;
	struct combined parts;
	int64_t when;
	while (tail_line(&log->tail, &line)) {
		if (combined_parse(line, &parts) && since_log_time(parts.time, &when) && when >= 0)
			log->time = (uint64_t)when * SECOND;
		if (log->time >= snapshot->begin)
			tally_add(&snapshot->tally, line, log->time);
	}
}
