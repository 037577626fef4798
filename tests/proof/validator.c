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

/* The list that is read. Here it begins where its block does, and `witness` is a place in it. */
static struct slice line;

/* Whether the byte there is one of s, which is a part of the line. */
static bool has_witness(struct slice s)
{
	size_t begin = s.len > 0 ? __CPROVER_POINTER_OFFSET(s.at) : 0;
	return witness >= begin && witness - begin < s.len;
}

/* Whether that byte was taken off as a blank, or as one of a tag; and how many tags were read. */
static bool was_blank, was_tag;
static unsigned tags;

/* How many elements of the line were taken off, and how many bytes are left. */
static size_t elements, left;

/* The tag that was read last, without W/, whether it is a weak one, and whether it is the same as ours. */
static struct slice last_tag;
static bool last_weak, last_same;

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

/* ---- a line of tags ---- */

/* What is taken off is blank (proof: blanks). */
struct slice blanks_contract(struct slice s)
{
	struct slice after = inner_contract(s);
	was_blank = was_blank || (has_witness(s) && !has_witness(after));
	return after;
}

/* proof: tag */
size_t length_contract(struct slice s, bool *weak)
{
	READABLE(s);
	*weak = s.len > 2 && nondet_bool();
	size_t n = nondet_size(), begin = *weak ? 2 : 0;
	if (nondet_bool())
		return 0;
	ASSUME(n <= s.len && n >= begin + 2);
	last_weak = *weak;
	last_tag = (struct slice){s.at + begin, n - begin};
	was_tag = has_witness((struct slice){s.at, n});
	tags++;
	return n;
}

bool same_contract(struct slice a, struct slice b)
{
	READABLE(a);
	PROMISE(tags == 1 && a.at == last_tag.at && a.len == last_tag.len && b.at == own.at && b.len == own.len);
	last_same = nondet_bool();
	return last_same;
}

/*
 * proof: take_tag take_tag
 * shows: what is left is a part of the list, and shorter where the element is well-formed; then what was taken off is
 *   blanks, one tag at most, and one comma behind it, without which nothing is left; our tag is found where that tag is
 *   the same and counts, and only there
 * bound: 32768 bytes
 * replace: tag_length:length_contract slice_equal:same_contract slice_trim:blanks_contract
 * fault: http/validator.c: s/if (list->len > 0 \&\& list->at.0. != ',')/if (n == 0 \&\& list->len > 0
 *   \&\& list->at[0] != 44)/
 * fault: http/validator.c: s/if (list->len > 0 \&\& list->at.0. != ',')/if (list->at[0] != 44)/
 * fault: http/validator.c: s/\&\& (weakly || !weak));/);/
 * fault: http/validator.c: s/slice_trim(slice_from(.list, n))/slice_trim(slice_from(*list, n + 1))/
 * fault: http/validator.c: s/struct slice tag = {list->at + (weak ? 2 : 0), n/struct slice tag = {list->at, n/
 * fault: http/validator.c: s/.list = slice_from(.list, 1);/*list = slice_from(*list, 2);/
 */
void prove_take_tag(void)
{
	bool weakly = nondet_bool(), before = nondet_bool(), found = before;
	size_t skip = nondet_size();
	line = any_slice(HEAD_MAX);
	ASSUME(skip < line.len);
	struct slice list = {line.at + skip, line.len - skip}, given = list;
	own = any_or_none(ETAG_MAX);
	witness = nondet_size();
	was_blank = was_tag = last_same = false;
	tags = 0;
	bool fine = take_tag(&list, own, weakly, &found), taken = has_witness(given) && !has_witness(list);
	PROMISE(within(list, given));
	PROMISE(tags <= 1 && !found == !(before || (last_same && (weakly || !last_weak))));
	if (fine) {
		PROMISE(list.len < given.len);
		PROMISE(!taken || was_blank || was_tag || (line.at[witness] == ',' && list.at == line.at + witness + 1));
		PROMISE(list.len == 0 || list.at[-1] == ',');
	}
	REACHED(fine && found && !before && given.len == HEAD_MAX && list.len == 7);
	REACHED(fine && !found && tags == 1 && list.len == 0);
	REACHED(fine && tags == 0 && list.len == 7);
	REACHED(!fine && tags == 1);
	REACHED(!fine && tags == 0);
}

/* proof: take_tag */
bool take_contract(struct slice *list, struct slice etag, bool weakly, bool *found)
{
	READABLE(*list);
	PROMISE(list->len > 0 && !malformed && etag.at == own.at && etag.len == own.len);
	PROMISE(weakly == (looked_up != FIELD_IF_MATCH));
	PROMISE(IS_PART(*list));
	bool same = nondet_bool();
	size_t len = list->len;
	malformed = nondet_bool();
	named = named || same;
	*found = *found || same;
	*list = any_part(*list);
	ASSUME(malformed || list->len < len);
	elements++;
	left = list->len;
	return !malformed;
}

/*
 * proof: tags read_tags
 * shows: true only where each element of the line is well-formed, up to the end of the line; our tag is found where one
 *   of them is ours and counts, and only there
 * bound: 32768 bytes, any number of tags
 * replace: take_tag:take_contract
 * invariant: http/validator.c: /^static bool read_tags/,/^}/s/while (\(list.len > .\))$/base = list;
 *   while (rebase_part(\&list) \&\& \1) __CPROVER_assigns(list, *found, malformed, named, elements, left)
 *   __CPROVER_loop_invariant(IS_PART(list) \&\& !malformed \&\& !*found == !named
 *   \&\& left == list.len \&\& elements <= base.len - list.len \&\& (elements > 0 || list.len == base.len))
 *   __CPROVER_decreases(list.len)/
 * fault: http/validator.c: /^static bool read_tags/,/^}/s/return false;/return true;/
 * fault: http/validator.c: /^static bool read_tags/,/^}/s/while (list.len > 0)/while (list.len > 1)/
 * fault: http/validator.c: /^static bool read_tags/,/^}/s/etag, weakly, found/etag, true, found/
 */
void prove_tags(void)
{
	looked_up = nondet_bool() ? FIELD_IF_MATCH : FIELD_IF_NONE_MATCH;
	line = any_slice(HEAD_MAX);
	own = any_or_none(ETAG_MAX);
	bool found = nondet_bool();
	named = found;
	malformed = false;
	elements = 0;
	left = line.len;
	bool fine = read_tags(line, own, looked_up != FIELD_IF_MATCH, &found);
	PROMISE(fine == !malformed && !found == !named && (!fine || left == 0));
	REACHED(fine && found && elements == 300 && line.len == HEAD_MAX);
	REACHED(fine && line.len == 0);
	REACHED(!fine && found);
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
