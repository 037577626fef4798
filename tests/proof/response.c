/* SPDX-License-Identifier: ISC */
/* response: the head of an answer, and the fields in front of a part of a file. */
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

/* The most bytes of the fields about the content, of those for caches, and of Server and X-Content-Type-Options. */
enum { CONTENT_FIELDS = 336, CACHE_FIELDS = CACHE_MAX + 229, OWN_FIELDS = 48 };

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
 * edit: base/buf.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
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

/*
 * proof: content put_content_fields
 * shows: whole field lines of at most 336 bytes, with neither a bare CR or LF nor another control character in them
 * bound: a tag of 80 bytes, a type of 128, a file of any size
 * without: conversion unsigned-overflow
 * unwind: 80
 * edit: base/buf.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
 * replace: buf_add:add_contract buf_text:text_contract add_number:numeral_contract
 * fault: serve/response.c: s/"Content-Length: %ju.r.n"/"Content-Length: %ju\\n"/
 * fault: base/bounds.h: s/TYPE_MAX = 128/TYPE_MAX = 129/
 */
void prove_content(void)
{
	witness = nondet_size();
	struct answer answer = any_answer();
	struct buf b = {.size = CONTENT_FIELDS};
	lost = false;
	place = BEGIN;
	put_content_fields(&b, &answer);
	PROMISE(!lost && !b.overflow && place == BEGIN);
	REACHED(b.len > 300);
	REACHED(b.len < 30);
}

/*
 * proof: cache put_cache_fields
 * shows: whole field lines of at most 1253 bytes, with neither a bare CR or LF nor another control character in them;
 *   an error that is not 404 has no-store
 * bound: a tag of 80 bytes, a Cache-Control of 1024
 * without: conversion
 * unwind: 80
 * edit: base/buf.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
 * replace: buf_add:add_contract buf_text:text_contract add_number:numeral_contract
 * fault: serve/response.c: s/"ETag: %..s.r.n"/"ETag: %.*s"/
 * fault: base/bounds.h: s/ETAG_MAX = 80/ETAG_MAX = 81/
 */
void prove_cache(void)
{
	static struct site site;
	witness = nondet_size();
	struct answer answer = any_answer();
	struct buf b = {.size = CACHE_FIELDS};
	lost = false;
	place = BEGIN;
	put_cache_fields(&b, &site, &answer);
	PROMISE(!lost && !b.overflow && place == BEGIN);
	PROMISE(answer.status < 400 || answer.status == 404 || b.len >= 25);
	REACHED(b.len == CACHE_FIELDS);
	REACHED(b.len == 0);
}

bool named_contract(const struct rule *header, const char *name)
{
	READABLE(header->value);
	PROMISE(name[0] != '\0');
	return nondet_bool();
}

bool set_contract(const struct site *site, const char *path, const char *name)
{
	(void)path;
	PROMISE(site->rules[RULES_HEADER].count > 0 && name[0] != '\0');
	return nondet_bool();
}

/*
 * proof: site put_site_fields
 * shows: whole field lines of at most 48 bytes more than --header has, with neither a bare CR or LF nor another control
 *   character in them
 * bound: 2 fields of --header, each of up to 16384 bytes
 * without: conversion
 * unwind: 40
 * edit: base/buf.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
 * replace: buf_add:add_contract buf_text:text_contract is_named:named_contract is_set:set_contract
 * fault: serve/response.c: s/buf_format(b, "%..s.r.n", SLICE(headers/buf_format(b, "%.*s\\n", SLICE(headers/
 * fault: serve/response.c: s/put_field(b, "Server", "httpd");/put_field(b, "Server", "httpd\\n");/
 */
void prove_site(void)
{
	enum { FIELDS = 2 };
	static struct site site;
	static struct rule rules[FIELDS];
	size_t bytes = 0, count = nondet_size();
	witness = nondet_size();
	ASSUME(count <= FIELDS);
	for (size_t i = 0; i < FIELDS; i++) {
		rules[i].value = clean(any_slice(HEADER_BYTES));
		ASSUME(rules[i].value.len > 0); /* a name and a colon: site.c */
		bytes += i < count ? rules[i].value.len + 2 : 0;
	}
	ASSUME(bytes <= HEADER_BYTES);
	site.rules[RULES_HEADER].at = rules;
	site.rules[RULES_HEADER].count = count;
	site.own_server = count > 0 && nondet_bool();
	site.own_nosniff = count > 0 && nondet_bool();
	site.own_coding = nondet_bool();
	struct slice tag = {"\"\"", 2}, none = {NULL, 0};
	resource = (struct resource){.path = ""};
	struct answer answer = {.status = STATUS_OK, .resource = &resource, .etag = nondet_bool() ? tag : none};
	struct buf b = {.size = HEADER_BYTES + OWN_FIELDS};
	lost = false;
	place = BEGIN;
	put_site_fields(&b, &site, &answer);
	PROMISE(!lost && !b.overflow && place == BEGIN && b.len <= bytes + OWN_FIELDS);
	REACHED(b.len == HEADER_BYTES + OWN_FIELDS && count == FIELDS);
	REACHED(b.len == 0);
}

/* Whole lines of at most so many bytes. */
static void put_lines(struct buf *b, size_t most)
{
	PROMISE(place == BEGIN);
	count_up_to(b, most);
}

void content_contract(struct buf *b, const struct answer *answer)
{
	PROMISE(answer->body != BODY_NONE);
	put_lines(b, CONTENT_FIELDS);
}

void cache_contract(struct buf *b, const struct site *site, const struct answer *answer)
{
	(void)site;
	(void)answer;
	put_lines(b, CACHE_FIELDS);
}

void site_contract(struct buf *b, const struct site *site, const struct answer *answer)
{
	(void)site;
	(void)answer;
	put_lines(b, HEADER_BYTES + OWN_FIELDS);
}

/*
 * proof: head response_head put_location_field put_location
 * shows: a status line, whole field lines and one empty line, at the end; no bare CR or LF, nor another control
 *   character; never more than HEAD_OUT_MAX and the text of a link
 * bound: a target of 8191 bytes, a link of 4095, 16384 of --header, a Cache-Control of 1024, a type of 128, a tag of 80
 * without: conversion
 * unwind: 80
 * edit: base/buf.c: s/buf_add(b, (struct slice){text, .*);/add_source(b, text, (size_t)(format - text));/
 * replace: buf_add:add_contract buf_text:text_contract add_number:numeral_contract put_content_fields:content_contract
 *   put_cache_fields:cache_contract put_site_fields:site_contract
 * fault: serve/response.c: s/put_field(b, "Connection", .*;/buf_text(b, "Connection: close");/
 * fault: serve/response.c: /^static void put_location_field/,/^}/s/buf_text(b, ".r.n");/;/
 * fault: serve/response.c: /^void response_head/,/^}/s/buf_text(b, ".r.n");/;/
 * fault: base/bounds.h: s/= 3 . TARGET_MAX + HEADER_BYTES/= 2 * TARGET_MAX + HEADER_BYTES/
 */
void prove_head(void)
{
	static struct site site;
	witness = nondet_size();
	struct answer answer = any_answer();
	struct buf b = {.size = HEAD_OUT_MAX + (resource.link != NULL ? LINK_BYTES : 0)};
	lost = false;
	place = BEGIN;
	response_head(&b, &site, &answer);
	PROMISE(!lost && !b.overflow && place == ENDED);
	REACHED(b.len > HEAD_OUT_MAX && answer.status == STATUS_FOUND);
	REACHED(b.len < 100);
}

/* ---- our pages ---- */

/* The address as it was written, where it was moved to, and whether it did not fit. */
static struct slice address, moved;
static bool too_long;

/* An address of any bytes, as many as fit. */
void location_contract(struct buf *b, const struct answer *answer)
{
	(void)answer;
	__CPROVER_precondition(b->size == 0 || __CPROVER_w_ok(b->at, b->size), "a buf has room");
	PROMISE(b->len == 0 && !b->overflow);
	count_up_to(b, SIZE_MAX);
	address = buf_slice(b);
	too_long = b->overflow;
}

/* The bytes themselves do not matter. */
void *memmove(void *to, const void *from, size_t n)
{
	__CPROVER_precondition(__CPROVER_r_ok(from, n), "memmove reads what is there");
	__CPROVER_precondition(__CPROVER_w_ok(to, n), "memmove writes where there is room");
	PROMISE((const char *)from == address.at && n == address.len);
	moved = (struct slice){to, n};
	return to;
}

/* Five bytes of each one at most (proof: escapes): so what is written never overtakes what is read. */
void html_contract(struct buf *b, struct slice s)
{
	READABLE(s);
	PROMISE(s.at == moved.at && s.len == moved.len);
	PROMISE(s.at == b->at + b->len + 4 * s.len && 5 * s.len <= b->size - b->len);
	count_up_to(b, 5 * s.len);
}

/* A text of the page, which is not looked at. */
void page_contract(struct buf *b, const char *text)
{
	count(b, whole_text(text).len);
}

/*
 * proof: page_link put_link
 * shows: the address stays in the room while it is moved, all of it, and its escaped form never overtakes it; one that
 *   does not fit leaves the page as it was; 10304 bytes are always enough
 * bound: an address of any length, any room up to PAGE_MAX
 * replace: put_location:location_contract buf_html:html_contract put_source:page_contract
 * fault: serve/response.c: s/plain.size . ESCAPED < PAGE_ADDRESS ? plain.size . ESCAPED : PAGE_ADDRESS/PAGE_ADDRESS/
 * fault: serve/response.c: s/(ESCAPED - 1) . plain.len/(ESCAPED - 2) * plain.len/
 * fault: serve/response.c: s/memmove(far, plain.at, plain.len)/memmove(far, plain.at, plain.size)/
 * fault: serve/response.c: s/if (!plain.overflow)$/if (true)/
 */
void prove_page_link(void)
{
	struct answer answer = {.status = STATUS_FOUND};
	struct buf b = any_buf(PAGE_MAX);
	b.overflow = false;
	struct buf before = b;
	put_link(&b, &answer);
	PROMISE(b.at == before.at && b.size == before.size && b.len <= b.size && b.len >= before.len);
	PROMISE(!too_long || (b.len == before.len && !b.overflow));
	PROMISE(!b.overflow || before.size - before.len < 5 * PAGE_ADDRESS + 64);
	REACHED(too_long && before.size == PAGE_MAX && before.len == 0);
	REACHED(b.len > before.len + 10000);
	REACHED(b.len > before.len && b.len < before.len + 100);
}
