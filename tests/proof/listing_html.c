/* SPDX-License-Identifier: ISC */
/* listing_html: a name in the HTML page of a directory. */
#include "pieces.h"

#include "http/date.h"
#include "serve/listing_html.h"

/* Where the page stands: in its text, in a tag, or in the quotes of an attribute. */
static enum { TEXT, TAG, ATTRIBUTE } place;

static void put_literal(char c)
{
	PROMISE(c != '\0');
	if (place == ATTRIBUTE) {
		PROMISE(c != '<' && c != '>');
		place = c == '"' ? TAG : ATTRIBUTE;
	} else if (place == TAG) {
		PROMISE(c != '<');
		place = c == '"' ? ATTRIBUTE : c == '>' ? TEXT : TAG;
	} else {
		PROMISE(c != '>');
		place = c == '<' ? TAG : TEXT;
	}
}

static bool is_markup(char c)
{
	return c == '<' || c == '>' || c == '"' || c == '\'' || c == '&';
}

/* Any other text is no markup, and is in no tag but within quotes. */
static void put_piece(struct slice s)
{
	READABLE(s);
	PROMISE(place != TAG);
	PROMISE(witness >= s.len || !is_markup(s.at[witness]));
}

/* A unit of a size, which ends in a NUL. */
static void put_unit(struct buf *b, const char *unit)
{
	__CPROVER_precondition(__CPROVER_r_ok(unit, 4), "there is a unit");
	PROMISE(place == TEXT && unit[0] >= 'A' && unit[0] <= 'Z' && (unit[1] == '\0' || unit[3] == '\0'));
	count(b, unit[1] == '\0' ? 2 : 4);
}

/* No markup and no quote are written (proof: html), but it may be a scheme: so it is no reference. */
void html_contract(struct buf *b, struct slice s)
{
	READABLE(s);
	PROMISE(place == TEXT);
	count_up_to(b, 5 * s.len);
}

/* No quote is written (proof: escape_path), and no colon: a reference. */
void target_escape(struct buf *b, struct slice path)
{
	READABLE(path);
	PROMISE(place == ATTRIBUTE);
	count_up_to(b, 3 * path.len);
}

/* tests/unit/http/date.c has every day. */
void date_write(struct buf *b, enum date_form form, int64_t seconds)
{
	char date[20];
	size_t n = form == DATE_ISO ? 20 : 16;
	(void)seconds;
	PROMISE(form == DATE_ISO || form == DATE_SHORT);
	ASSUME(witness >= sizeof date || !is_markup(date[witness]));
	if (b->at != NULL) { /* a room that is read again */
		__CPROVER_precondition(b->size >= n && b->len == 0 && __CPROVER_w_ok(b->at, b->size), "there is room");
		memcpy(b->at, date, sizeof date);
		b->len = n;
		return;
	}
	put_piece((struct slice){date, n});
	count(b, n);
}

/* The most bytes of an entry whose name has 255. */
enum { ENTRY_BYTES = 2240 };

#include "serve/listing_html.c"

/*
 * proof: html_entry listing_html_entry put_size put_number
 * shows: the name stands as a reference between quotes, and as text, and nowhere in a tag; tags and quotes are closed;
 *   at most 2240 bytes for a name of 255, so each entry fits into a piece
 * bound: a name of 255 bytes, any size and time
 * without: conversion unsigned-overflow
 * unwind: 80
 * edit: base/buf.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
 * edit: serve/listing_html.c: s/buf_format(b, " %s", units.unit.);/put_unit(b, units[unit]);/
 * replace: buf_add:add_contract buf_text:text_contract add_number:numeral_contract buf_html:html_contract
 *   slice_of:whole_text
 * fault: serve/listing_html.c: /^void listing_html_entry/,/^}/s/buf_html(b, slice_of(name));/buf_text(b, name);/
 * fault: serve/listing_html.c: /^void listing_html_entry/,/^}/s/target_escape(b, /buf_html(b, /
 * fault: serve/listing_html.c: s/buf_format(b, "%s.">", slash)/buf_format(b, "%s\\">", name)/
 * fault: serve/listing_html.c: s/, "EiB"};/};/
 */
void prove_html_entry(void)
{
	struct slice name = any_slice(NAME_BYTES);
	struct entry entry = {.directory = nondet_bool(), .size = nondet_u64(), .seconds = nondet_i64()};
	struct buf b = {.size = ENTRY_BYTES};
	witness = nondet_size();
	ASSUME(name.len > 0 && name.at[name.len - 1] == '\0');
	lost = false;
	place = TEXT;
	listing_html_entry(&b, name.at, &entry);
	PROMISE(!lost && !b.overflow && place == TEXT);
	REACHED(b.len > 2100 && !entry.directory);
	REACHED(b.len < 140 && entry.directory);
}
