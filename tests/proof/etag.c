/* SPDX-License-Identifier: ISC */
/* etag: the entity tag of a file. */
#include "pieces.h"

#include "http/validator.h"

/* Where the tag stands: before its first quote, between the two, or behind the second. */
static enum { BEFORE, WITHIN, BEHIND } place;

/* What an entity tag may hold between its quotes, of ASCII (RFC 9110 section 8.8.3). */
static bool is_tag(char c)
{
	return c > ' ' && c < 0x7f && c != '"';
}

static void put_literal(char c)
{
	if (c == '"') {
		PROMISE(place != BEHIND);
		place = place == BEFORE ? WITHIN : BEHIND;
	} else {
		PROMISE(place == WITHIN && is_tag(c));
	}
}

static void put_piece(struct slice s)
{
	READABLE(s);
	PROMISE(place == WITHIN && (witness >= s.len || is_tag(s.at[witness])));
}

#include "http/validator.c"

/*
 * proof: etag validator_etag
 * shows: a quote, visible ASCII without a quote, and a quote, in at most ETAG_MAX bytes
 * bound: every file, every coding
 * without: conversion
 * unwind: 40
 * edit: base/buf.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
 * replace: buf_add:add_contract buf_text:text_contract add_number:numeral_contract
 * fault: http/validator.c: s/"..%jx-%jx-%x%s%s..", file/"\\"%jx-%jx-%x%s%s", file/
 * fault: base/bounds.h: s/ETAG_MAX = 80/ETAG_MAX = 64/
 */
void prove_etag(void)
{
	struct entry file = {
		.size = nondet_u64(), .seconds = nondet_i64(), .nanoseconds = nondet_unsigned(), .inode = nondet_u64(),
		.changed = {.seconds = nondet_i64(), .nanoseconds = nondet_unsigned()},
	};
	struct buf b = {.size = ETAG_MAX};
	unsigned coding = nondet_unsigned();
	witness = nondet_size();
	lost = false;
	place = BEFORE;
	validator_etag(&b, &file, coding == 0 ? "br" : coding == 1 ? "zstd" : coding == 2 ? "gzip" : "");
	PROMISE(!lost && !b.overflow && place == BEHIND);
	REACHED(b.len > 70 && coding == 1);
	REACHED(b.len == 10);
}
