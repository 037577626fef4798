/* SPDX-License-Identifier: ISC */
/* response: the fields in front of a part of a file. */
#include "pieces.h"

#include "http/date.h"
#include "serve/policy.h"
#include "serve/response.h"

/* A byte of a field line (RFC 9110 section 5.5): no CR or LF, nor any other control character but a tab. */
static bool is_field(char c)
{
	return ((unsigned char)c >= ' ' && c != 0x7f) || c == '\t';
}

/* Where the head stands: it begins a line, is within one, behind a CR, behind that of the empty line, or at its end. */
static enum { BEGIN, WITHIN, RETURN, LAST_RETURN, ENDED } place;

static void put_literal(char c)
{
	PROMISE(place != ENDED);
	switch (c) {
	case '\r':
		PROMISE(place == BEGIN || place == WITHIN);
		place = place == BEGIN ? LAST_RETURN : RETURN;
		break;
	case '\n':
		PROMISE(place == RETURN || place == LAST_RETURN);
		place = place == LAST_RETURN ? ENDED : BEGIN;
		break;
	default:
		PROMISE((place == BEGIN || place == WITHIN) && is_field(c));
		place = WITHIN;
	}
}

/* Anything else stands within a line, or is a whole one. */
static void put_piece(struct slice s)
{
	READABLE(s);
	PROMISE(place == WITHIN || (place == BEGIN && s.len > 0));
	PROMISE(witness >= s.len || is_field(s.at[witness]));
	place = WITHIN;
}

/* Of a slice without bytes that end a line: of every place, so also of the neighbours of the witness. */
static struct slice clean(struct slice s)
{
	ASSUME(witness >= s.len || is_field(s.at[witness]));
	ASSUME(witness >= SIZE_MAX - 1 || witness + 1 >= s.len || is_field(s.at[witness + 1]));
	return s;
}

/* The same as a string of at most so many bytes. */
static const char *clean_text(size_t most)
{
	struct slice s = clean(any_slice(most));
	ASSUME(s.len > 0 && s.at[s.len - 1] == '\0');
	s.len--;
	return s.at;
}

void date_write(struct buf *b, enum date_form form, int64_t seconds)
{
	char date[29]; /* tests/unit/http/date.c has every day */
	(void)seconds;
	PROMISE(form == DATE_HTTP);
	ASSUME(witness >= sizeof date || is_field(date[witness]));
	put_piece((struct slice){date, sizeof date});
	count(b, sizeof date);
}

/* tests/unit/base/status.c has the texts. */
const char *status_reason(enum status status)
{
	(void)status;
	return clean_text(32);
}

const char *status_text(enum status status)
{
	(void)status;
	return clean_text(104);
}

const char *coding_name(enum coding coding)
{
	PROMISE(coding < CODING_IDENTITY);
	return coding == CODING_BROTLI ? "br" : coding == CODING_ZSTD ? "zstd" : "gzip";
}

/* No CR or LF is in it (proof: encode). */
void target_encode(struct buf *b, struct slice path, bool directory, struct slice query)
{
	(void)directory;
	READABLE(path);
	READABLE(query);
	PROMISE(place == WITHIN);
	count_up_to(b, 3 * (path.len + query.len) + 3);
}

/* site.c takes no value with a control character in it, and none that is longer: tests/unit/serve/options.c has it. */
struct slice policy_cache(const struct site *site, const char *path)
{
	(void)site;
	PROMISE(path != NULL);
	return nondet_bool() ? (struct slice){NULL, 0} : clean(any_slice(CACHE_MAX));
}

bool policy_header(const struct rule *header, const char *path)
{
	(void)header;
	(void)path;
	return nondet_bool();
}

#include "serve/response.c"

static enum status any_status(void)
{
	static const enum status all[] = {
		STATUS_OK, STATUS_NO_CONTENT, STATUS_PARTIAL_CONTENT, STATUS_MOVED_PERMANENTLY, STATUS_FOUND,
		STATUS_NOT_MODIFIED, STATUS_BAD_REQUEST, STATUS_FORBIDDEN, STATUS_NOT_FOUND, STATUS_METHOD_NOT_ALLOWED,
		STATUS_NOT_ACCEPTABLE, STATUS_REQUEST_TIMEOUT, STATUS_PRECONDITION_FAILED, STATUS_CONTENT_TOO_LARGE,
		STATUS_URI_TOO_LONG, STATUS_RANGE_NOT_SATISFIABLE, STATUS_FIELDS_TOO_LARGE, STATUS_INTERNAL_SERVER_ERROR,
		STATUS_NOT_IMPLEMENTED, STATUS_SERVICE_UNAVAILABLE, STATUS_VERSION_NOT_SUPPORTED,
	};
	size_t i = nondet_size();
	ASSUME(i < sizeof all / sizeof all[0]);
	return all[i];
}

/* An entity tag has its quotes: tests/unit/http/validator.c has it. */
static struct slice any_etag(void)
{
	struct slice etag = clean(any_slice(ETAG_MAX));
	ASSUME(etag.len >= 2);
	return etag;
}

static struct target target;
static struct resource resource;
static struct range range;

/* An answer of which nothing is known but what its parts are proved to be. */
static struct answer any_answer(void)
{
	size_t moved = nondet_size(), query = nondet_size();
	ASSUME(moved < TARGET_MAX && query < TARGET_MAX && moved + query < TARGET_MAX);
	target = (struct target){.query = {NULL, 0}};
	if (nondet_bool())
		target.query = (struct slice){any_block(query), query};
	resource = (struct resource){
		.path = "", .type = clean_text(TYPE_MAX + 1), .coding = (enum coding)(nondet_unsigned() % CODING_COUNT),
		.varies_coding = nondet_bool(), .varies_accept = nondet_bool(), .moved_slash = nondet_bool(),
		.moved = nondet_bool() ? (struct slice){NULL, 0} : (struct slice){any_block(moved), moved},
		.link = nondet_bool() ? NULL : clean_text(LINK_BYTES),
	};
	resource.file.size = nondet_u64();
	range = (struct range){.first = nondet_u64(), .length = nondet_u64()};
	struct answer answer = {
		.status = any_status(), .now = nondet_i64(), .persist = nondet_bool(), .type = resource.type,
		.body = (enum body)(nondet_unsigned() % (BODY_LISTING + 1)),
		.framing = (enum framing)(nondet_unsigned() % (FRAMING_CLOSE + 1)), .length = nondet_u64(), .target = &target,
		.resource = &resource, .dated = nondet_bool(), .modified = nondet_i64(), .range_size = nondet_u64(),
		.parts = nondet_size(), .part = &range,
	};
	if (answer.body == BODY_PARTS || nondet_bool())
		answer.etag = any_etag();
	ASSUME(answer.parts <= RANGES_MAX);
	return answer;
}

/*
 * proof: multipart response_part
 * shows: in front of each part field lines and an empty one; a part's head is at most PART_MAX bytes
 * bound: a tag of 80 bytes, a type of 128, a file of any size
 * without: conversion unsigned-overflow
 * unwind: 80
 * edit: base/slice.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
 * replace: buf_add:add_contract buf_text:text_contract add_number:numeral_contract
 * fault: serve/response.c: s/"Content-Range: bytes %ju-%ju.%ju.r.n"/"Content-Range: bytes %ju-%ju\/%ju\\r"/
 * fault: base/bounds.h: s/PART_MAX = 512/PART_MAX = 310/
 */
void prove_multipart(void)
{
	witness = nondet_size();
	struct answer answer = any_answer();
	struct buf b = {.size = PART_MAX};
	bool last = nondet_bool();
	answer.etag = any_etag();
	ASSUME(answer.parts > 0);
	lost = false;
	place = WITHIN; /* what comes before */
	response_part(&b, &answer, last ? answer.parts : 0);
	PROMISE(!lost && !b.overflow && b.len <= PART_MAX);
	PROMISE(place == (last ? BEGIN : ENDED));
	REACHED(last);
	REACHED(!last && b.len > 300);
}
