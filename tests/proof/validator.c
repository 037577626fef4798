/* SPDX-License-Identifier: ISC */
/* validator: entity tags that a client sends back. */
#include "contracts.h"
#include "fields.h"
#include "libc.h"

/* The file's tag. */
static struct slice own;

/* How many lines were read, whether one of them was malformed, and whether a tag of them was the file's. */
static size_t came;
static bool malformed, named;

#include "http/validator.c"

/*
 * proof: tag tag_length
 * shows: as many bytes as there are at most, and a quote is the first, behind W/, and the last of them
 * bound: 32768 bytes
 * without: conversion
 * invariant: http/validator.c: s/for (i++; i < s.len \(.*\); i++)$/for (i++; i < s.len \1; i++) __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= s.len \&\& i >= (*weak ? 3 : 1)) __CPROVER_decreases(s.len - i)/
 * fault: http/validator.c: s/return i < s.len \&\& s.at/return s.at/
 * fault: http/validator.c: s/.weak = s.len > 2/*weak = s.len > 1/; s/if (i >= s.len || /if (/
 */
void prove_tag(void)
{
	struct slice s = any_slice(HEAD_MAX);
	bool weak;
	size_t n = tag_length(s, &weak);
	PROMISE(n <= s.len);
	if (n > 0)
		PROMISE(n >= (weak ? 4 : 2) && s.at[weak ? 2 : 0] == '"' && s.at[n - 1] == '"');
	REACHED(n == HEAD_MAX && weak);
	REACHED(n == 2);
	REACHED(n == 0 && s.len == 9);
}

/* ---- the lines of a field ---- */

bool tags_contract(struct slice list, struct slice etag, bool weakly, bool *found)
{
	READABLE(list);
	PROMISE(etag.at == own.at && etag.len == own.len);
	PROMISE(weakly == (looked_up != FIELD_IF_MATCH));
	PROMISE(!malformed);
	bool same = nondet_bool();
	malformed = nondet_bool();
	named = named || same;
	*found = *found || same;
	came++;
	return !malformed;
}

/*
 * proof: has_tag has_tag
 * shows: true only for "*" alone, or where no line of the field is malformed and a tag of one is the file's; weak tags
 *   count for If-None-Match only
 * bound: 32768 bytes, any number of lines
 * replace: read_tags:tags_contract slice_equal:equal_short
 * unwind: 9
 * invariant: http/validator.c: /^static bool has_tag/,/^}/s/while (request_next(&lines, &list))$/&
 *   __CPROVER_assigns(lines.rest.len, list, found, came, malformed, named)
 *   __CPROVER_loop_invariant(LINES_LEFT(lines) \&\& !malformed \&\& !found == !named
 *   \&\& came <= all_lines.len - lines.rest.len \&\& (!named || came > 0))
 *   __CPROVER_decreases(lines.rest.len)/
 * fault: http/validator.c: /^static bool has_tag/,/^}/s/return false;/return found;/
 * fault: http/validator.c: /^static bool has_tag/,/^}/s/field != FIELD_IF_MATCH/true/
 * fault: http/validator.c: /^static bool has_tag/,/^}/s/request_single(request, field)/request->first[field]/
 */
void prove_has_tag(void)
{
	struct request request = {.repeated = nondet_unsigned()};
	looked_up = nondet_bool() ? FIELD_IF_MATCH : FIELD_IF_NONE_MATCH;
	request.first[looked_up] = any_slice(HEAD_MAX);
	all_lines = any_slice(HEAD_MAX);
	own = any_or_none(ETAG_MAX);
	came = 0;
	malformed = named = false;
	bool has = has_tag(&request, looked_up, own);
	struct slice first = request.first[looked_up];
	bool star = first.len == 1 && first.at[0] == '*' && (request.repeated >> looked_up & 1) == 0;
	PROMISE(!has == !(star || (named && !malformed)));
	REACHED(has && star);
	REACHED(has && came == 300);
	REACHED(!has && named);
	REACHED(!has && came == 0);
}

/* ---- the preconditions of a request ---- */

/* What each field says, where it counts. */
static bool has[2], dates[FIELD_COUNT];
static int64_t date_of[FIELD_COUNT], current;

bool has_contract(const struct request *request, enum field field, struct slice etag)
{
	PROMISE(etag.at == own.at && (field == FIELD_IF_MATCH || field == FIELD_IF_NONE_MATCH));
	PROMISE(request->first[field].at != NULL);
	return has[field == FIELD_IF_NONE_MATCH];
}

/* proofs of dates: tests/unit/http/date.c. The field is known by the place of its value. */
bool date_parse(struct slice text, int64_t now, int64_t *seconds)
{
	PROMISE(now == current);
	if (text.at == NULL)
		return false;
	enum field field = FIELD_IF_MODIFIED_SINCE;
	if (text.at == all_lines.at + FIELD_IF_UNMODIFIED_SINCE)
		field = FIELD_IF_UNMODIFIED_SINCE;
	else if (text.at == all_lines.at + FIELD_IF_RANGE)
		field = FIELD_IF_RANGE;
	else
		PROMISE(text.at == all_lines.at + FIELD_IF_MODIFIED_SINCE);
	if (dates[field])
		*seconds = date_of[field];
	return dates[field];
}

/* A request in which the value of field n begins at byte n of all_lines. */
static struct request any_conditions(void)
{
	struct request request = {.repeated = nondet_unsigned()};
	all_lines = any_slice(HEAD_MAX);
	ASSUME(all_lines.len > 2 * FIELD_COUNT);
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		size_t len = nondet_size();
		ASSUME(len <= all_lines.len - i);
		if (nondet_bool())
			request.first[i] = (struct slice){all_lines.at + i, len};
		dates[i] = nondet_bool();
		date_of[i] = nondet_i64();
	}
	has[0] = nondet_bool();
	has[1] = nondet_bool();
	current = nondet_i64();
	ASSUME(current > 0);
	own = any_or_none(ETAG_MAX);
	return request;
}

/* Whether the field stands on one line, and holds a date. */
static bool dated_by(const struct request *request, enum field field)
{
	return request->first[field].at != NULL && (request->repeated >> field & 1) == 0 && dates[field];
}

/*
 * proof: preconditions validator_check field_date
 * shows: the answer of the order of RFC 9110 section 13.2.2: If-Match, or without it If-Unmodified-Since, refuses with
 *   412; then If-None-Match, or without it If-Modified-Since, answers 304; a time counts only where the file has one,
 *   and the field is one date on one line
 * bound: every combination of the fields, of what is said of them, and of the times
 * replace: has_tag:has_contract
 * unwind: 15
 * fault: http/validator.c: s/} else if (modified != NULL/} if (modified != NULL/
 * fault: http/validator.c: s/.modified <= date)/*modified < date)/
 * fault: http/validator.c: s/? STATUS_NOT_MODIFIED : STATUS_NONE;/? STATUS_NOT_MODIFIED : STATUS_PRECONDITION_FAILED;/
 * fault: http/validator.c: /^static bool field_date/,/^}/s/request_single(request, field)/request->first[field]/
 */
void prove_preconditions(void)
{
	struct request request = any_conditions();
	int64_t time = nondet_i64();
	const int64_t *modified = nondet_bool() ? &time : NULL;
	enum status status = validator_check(&request, own, modified, current);
	bool match = request.first[FIELD_IF_MATCH].at != NULL, none_match = request.first[FIELD_IF_NONE_MATCH].at != NULL;
	bool unmodified = modified == NULL || !dated_by(&request, FIELD_IF_UNMODIFIED_SINCE) ||
	                  time <= date_of[FIELD_IF_UNMODIFIED_SINCE];
	bool newer = modified == NULL || !dated_by(&request, FIELD_IF_MODIFIED_SINCE) ||
	             time > date_of[FIELD_IF_MODIFIED_SINCE];
	bool refused = match ? !has[0] : !unmodified, known = none_match ? has[1] : !newer;
	PROMISE(status == (refused ? STATUS_PRECONDITION_FAILED : known ? STATUS_NOT_MODIFIED : STATUS_NONE));
	REACHED(status == STATUS_PRECONDITION_FAILED && !match);
	REACHED(status == STATUS_NOT_MODIFIED && match && !none_match && time == -5);
	REACHED(status == STATUS_NONE && match && none_match && modified != NULL);
}

bool compare_range(struct slice a, struct slice b)
{
	PROMISE(within(a, all_lines) && a.len > 0 && a.at[0] == '"' && b.at == own.at && b.len == own.len);
	return has[0];
}

/*
 * proof: if_range validator_if_range
 * shows: a Range counts without If-Range; else only where it stands on one line and is the file's strong tag, or its
 *   very time, more than a second ago
 * bound: every combination of the fields, of what is said of them, and of the times
 * replace: slice_equal:compare_range
 * unwind: 15
 * fault: http/validator.c: s/date < now - 1;/date < now + 1;/
 * fault: http/validator.c: s/if (value.len > 0 \&\& value.at.0. == '"')/if (value.len > 0)/
 * fault: http/validator.c: s/if (value.len > 0 \&\& value/if (value/
 */
void prove_if_range(void)
{
	struct request request = any_conditions();
	int64_t time = nondet_i64();
	const int64_t *modified = nondet_bool() ? &time : NULL;
	bool counts = validator_if_range(&request, own, modified, current);
	struct slice value = request.first[FIELD_IF_RANGE];
	bool once = (request.repeated >> FIELD_IF_RANGE & 1) == 0, tag = value.len > 0 && value.at[0] == '"';
	bool same_time = modified != NULL && dates[FIELD_IF_RANGE] && time == date_of[FIELD_IF_RANGE] && time < current - 1;
	PROMISE(counts == (value.at == NULL || (once && (tag ? has[0] : same_time))));
	REACHED(counts && tag);
	REACHED(counts && same_time && value.at != NULL);
	REACHED(!counts && !once);
}

/*
 * proof: dated validator_dated
 * shows: false exactly for the seven times that tools give to all files, without a fraction
 * bound: every time
 * unwind: 8
 * fault: http/validator.c: s/ \&\& file->nanoseconds == 0//
 * fault: http/validator.c: /^bool validator_dated/,/^}/s/size_t i = 0/size_t i = 1/
 */
void prove_dated(void)
{
	struct entry file = {.seconds = nondet_i64(), .nanoseconds = nondet_unsigned()};
	int64_t t = file.seconds;
	bool constant = t == 0 || t == 1 || t == 315532800 || t == 315532801 || t == 318211200 || t == 499162500 ||
	                t == 946684800;
	PROMISE(validator_dated(&file) == (!constant || file.nanoseconds != 0));
	REACHED(constant && file.nanoseconds == 5);
	REACHED(!constant);
}
