/* SPDX-License-Identifier: ISC */
/* log: one record per answer, to the place chosen once at the start; never to the connection. */
#ifndef LOG_H
#define LOG_H

#include "slice.h"
#include "status.h"

enum log_place { LOG_TO_NOTHING, LOG_TO_DESCRIPTOR, LOG_TO_SYSLOG };

struct log {
	enum log_place place;
	int fd; /* of LOG_TO_DESCRIPTOR */
	bool journal; /* journald reads it: begin with a priority (sd-daemon(3)) */
	bool waits; /* a write may wait for who reads it */
};

/* What the Combined Log Format says of an answer. Slices that are none are logged as "-". */
struct record {
	const char *address; /* of the client */
	int64_t when; /* seconds since 1970 */
	struct slice line, referer, agent; /* as they came */
	enum status status;
	uint64_t bytes; /* of the body, as many as left */
};

/*
 * Chooses the place: "none", "syslog", a file to append to, or "stderr", which is syslog where standard error is closed
 * or leads to the client, as the descriptor `connection` does. Returns 0 or the errno of opening the file.
 */
int log_open(struct log *log, const char *choice, int connection);

/*
 * Writes one line in the Combined Log Format in one call, within LOG_MS or not at all, every byte of the client's that
 * is not plain text escaped. It is put together in `room`, of LOG_LINE bytes.
 */
void log_answer(const struct log *log, const struct record *record, char *room);

/* Writes "httpd: text" for the operator. */
void log_message(const struct log *log, struct slice text);

#endif
