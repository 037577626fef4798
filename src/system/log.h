/* SPDX-License-Identifier: ISC */
/* log: one record per answer, to the place chosen once at the start; never to the connection. */
#ifndef LOG_H
#define LOG_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

enum log_place { LOG_TO_NOTHING, LOG_TO_DESCRIPTOR, LOG_TO_SYSLOG };

struct log {
	enum log_place place;
	int fd; /* what is written to; -1: nothing, or the C library's syslog */
	bool journal; /* journald reads it: begin with a priority (sd-daemon(3)) */
	bool socket; /* send(2) with MSG_DONTWAIT does not wait */
	bool waits; /* a write may wait for the reader: a timer has to end that */
	bool stuck; /* nobody took the last record in time */
	bool torn; /* the log ends in a part of a record: the next record begins with a line end */
	bool lines; /* the syslog daemon reads a stream, in which each record needs a line end */
	int connection; /* the descriptor of the connection, to which no record may go */
	const char *choice; /* of log_open */
};

/* An answer, as the Combined Log Format has it. A value that is no slice is logged as "-". */
struct record {
	struct slice address; /* of the client */
	int64_t when; /* seconds since 1970 */
	struct slice line, referer, agent; /* as they came */
	enum status status;
	uint64_t bytes; /* of the body that were sent */
};

/*
 * Chooses the place: "none", "syslog", a file to append to, or "stderr", which is syslog where standard error is closed
 * or leads to the client, as the descriptor `connection` does. `choice` has to live as long as *log. Returns 0, or the
 * errno for which the place cannot be used, EISCONN where the file leads to the client. In that case the records go to
 * standard error or to syslog, and the caller calls log_complain.
 */
int log_open(struct log *log, const char *choice, int connection);

/* Tells the operator that the log could not be opened, with the errno of log_open, and where records go instead. */
void log_complain(struct log *log, int error);

/*
 * Writes one line in the Combined Log Format, whole or not at all, within LOG_MS. Every byte of the client's that is
 * not plain text is escaped. A line that finds no reader in that time is lost; so are the next ones, without a wait,
 * until the reader reads again. Where the log fails, as on a full disk, this line and the following ones go to standard
 * error, behind a complaint; where that leads to the client, they are lost. The line is made in `room`, which holds
 * LOG_LINE bytes or more.
 */
void log_answer(struct log *log, const struct record *record, struct buf room);

/*
 * Writes "httpd: text" for the operator, in the same way. A text of more than MESSAGE_MAX bytes may be cut, and then
 * ends in "...".
 */
void log_message(struct log *log, struct slice text);

#endif
