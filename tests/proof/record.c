/* SPDX-License-Identifier: ISC */
/* record: a record of the log as a whole, and a message. */
#define _DEFAULT_SOURCE
#include "pieces.h"

#include <sys/types.h>

static bool is_visible(char c)
{
	return c >= ' ' && c < 0x7f;
}

/* Whether the line has begun; how many lines were written, and whether a line end has to stand at their end. */
static bool begun, torn;
static unsigned lines_written;

static void put_literal(char c)
{
	PROMISE(is_visible(c));
	begun = true;
}

/* Behind a record that was torn, a line end stands before everything else. */
static void put_piece(struct slice s)
{
	READABLE(s);
	if (torn && !begun) {
		PROMISE(s.len == 1 && s.at[0] == '\n');
	} else {
		PROMISE(witness >= s.len || is_visible(s.at[witness]));
	}
	begun = true;
}

static void put_visible(struct buf *b, size_t n)
{
	struct slice s = {any_block(n), n};
	ASSUME(witness >= n || is_visible(s.at[witness]));
	put_piece(s);
	count(b, n);
}

#include "http/date.h"

/* tests/unit/http/date.c has every day. */
void date_write(struct buf *b, enum date_form form, int64_t seconds)
{
	(void)seconds;
	PROMISE(form == DATE_LOG);
	put_visible(b, sizeof "01/Jan/1970:00:00:00 +0000" - 1);
}

pid_t getpid(void)
{
	return (pid_t)nondet_int();
}

#include "system/log.c"

/* proof: log_quoted */
void quoted_contract(struct buf *b, struct slice s, size_t room)
{
	size_t n = nondet_size();
	READABLE(s);
	PROMISE(room == LOG_REQUEST || room == LOG_FIELD || room == SYSLOG_REQUEST || room == SYSLOG_FIELD);
	__CPROVER_precondition(b->len <= b->size && room + 2 <= b->size - b->len, "there is room");
	ASSUME(n >= 2 && n <= room + 2);
	put_visible(b, n);
}

/* proof: log_address */
void address_contract(struct buf *b, struct slice address)
{
	size_t n = nondet_size();
	READABLE(address);
	__CPROVER_precondition(b->len <= b->size && ADDRESS_MAX <= b->size - b->len, "there is room");
	ASSUME(n <= ADDRESS_MAX && n <= address.len);
	put_visible(b, n);
}

static struct log sink;
static size_t room_size;

/* A line that is written. How many bytes of it are, nobody knows; the line end behind a part is written likewise. */
ssize_t write_contract(const struct log *log, struct slice line)
{
	ssize_t n = nondet_bool() ? -1 : (ssize_t)nondet_size();
	PROMISE(log == &sink);
	READABLE(line);
	ASSUME(n >= -1 && (n < 0 || (size_t)n <= line.len));
	errno = nondet_int();
	if (lines_written++ == 0) {
		PROMISE(line.len > 0 && line.len <= room_size);
		if (sink.place == LOG_TO_DESCRIPTOR || sink.lines)
			PROMISE(line.at[line.len - 1] == '\n');
	} else {
		PROMISE(line.len == 1 && line.at[0] == '\n');
	}
	return n;
}

static void any_sink(void)
{
	sink = (struct log){
		.place = nondet_bool() ? LOG_TO_DESCRIPTOR : LOG_TO_SYSLOG, .fd = nondet_int(), .journal = nondet_bool(),
		.socket = nondet_bool(), .waits = nondet_bool(), .torn = nondet_bool(), .lines = nondet_bool(),
	};
	torn = sink.torn;
	begun = false;
	lost = false;
	lines_written = 0;
	witness = nondet_size();
}

/*
 * proof: record put_answer begin_line put_line
 * shows: visible ASCII and spaces, then a line end where the log has lines; only behind a record that was torn
 *   a line end stands at the beginning, too; nothing is left out, as the room holds the longest record
 * bound: 32768 bytes of each field into 4096 and more
 * without: conversion
 * unwind: 20
 * edit: base/buf.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
 * replace: buf_add:add_contract buf_text:text_contract add_number:numeral_contract put_quoted:quoted_contract
 *   put_address:address_contract write_in_time:write_contract
 * fault: system/log.c: s/buf_format(&b, " %u %ju ",/buf_format(\&b, " %u %ju\\n",/
 * fault: system/log.c: s/if (log->place == LOG_TO_DESCRIPTOR || log->lines)/if (log->place == LOG_TO_DESCRIPTOR)/
 * fault: system/log.c: s/brief ? SYSLOG_REQUEST : LOG_REQUEST/LOG_LINE/
 */
void prove_record(void)
{
	struct record record = {
		.address = any_slice(HEAD_MAX), .when = nondet_i64(), .line = any_or_none(HEAD_MAX),
		.referer = any_or_none(HEAD_MAX), .agent = any_or_none(HEAD_MAX), .status = (enum status)nondet_unsigned(),
		.bytes = nondet_u64(),
	};
	room_size = nondet_size();
	ASSUME(room_size >= LOG_LINE && room_size <= MEMORY_MAX && record.status <= 999);
	struct buf room = {.at = any_block(room_size), .size = room_size};
	any_sink();
	put_answer(&sink, &record, room);
	PROMISE(lines_written <= 2 && begun && !lost);
	PROMISE(sink.fd < 0 || lines_written > 0);
	REACHED(lines_written == 2 && !sink.torn);
	REACHED(lines_written == 1 && sink.torn);
	REACHED(sink.fd < 0);
}
