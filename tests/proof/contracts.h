/* SPDX-License-Identifier: ISC */
/*
 * contracts: what the functions of slice.h promise, and in their place functions that promise just this.
 *
 * NAME_holds says what is true after a call. The harness in slice.c proves it of the real function. Here it is all that
 * a caller is told: the function of that name returns any result for which it holds. So a caller is proved without the
 * loops of what it calls. What a function asks of its callers is a precondition, which is proved with each caller.
 */
#ifndef CONTRACTS_H
#define CONTRACTS_H

#include "proof.h"

#include <string.h>

/* ---- what holds ---- */

static bool split_holds(struct slice before, bool got, struct slice rest, struct slice part)
{
	if (!got)
		return before.at == NULL && rest.at == NULL;
	if (before.at == NULL || part.at != before.at || part.len > before.len)
		return false;
	if (part.len == before.len)
		return rest.at == NULL && rest.len == 0;
	return rest.at == before.at + part.len + 1 && rest.len == before.len - part.len - 1;
}

static bool trim_holds(struct slice before, struct slice after)
{
	return within(after, before) && (before.at == NULL) == (after.at == NULL) &&
	       (after.len == 0 || (after.at[0] != ' ' && after.at[0] != '\t' && after.at[after.len - 1] != ' ' &&
	                           after.at[after.len - 1] != '\t'));
}

/* Of a place that is a witness. */
static bool digits_hold(struct slice s, bool digits)
{
	return !digits || witness >= s.len || (s.at[witness] >= '0' && s.at[witness] <= '9');
}

/* An element of a list, and what is left: an end of the list, in which there was room for both. */
static bool element_holds(struct slice before, bool got, struct slice rest, struct slice element)
{
	if (!got)
		return rest.at == NULL && rest.len == 0;
	if (before.at == NULL || element.at == NULL || element.len == 0 || !within(element, before))
		return false;
	if (rest.at == NULL)
		return rest.len == 0;
	return rest.len < before.len && element.len < before.len - rest.len &&
	       rest.at == before.at + (before.len - rest.len);
}

/* ---- in place of the functions ---- */

/* A slice that a caller hands over can be read, all of it. */
#define READABLE(s) __CPROVER_precondition((s).len == 0 || __CPROVER_r_ok((s).at, (s).len), "a slice can be read")

/*
 * How many pieces more a text is cut into: it bounds the loops of the callers, whatever the length of the pieces is.
 * A harness sets it.
 */
static unsigned pieces = 1000000;

static bool cut_anywhere(struct slice *rest, struct slice *part, char separator)
{
	struct slice before = *rest;
	READABLE(before);
	if (before.at == NULL)
		return false;
	size_t n = nondet_size();
	ASSUME(n <= before.len && (n == before.len || before.at[n] == separator));
	*part = (struct slice){before.at, n};
	*rest = n < before.len ? (struct slice){before.at + n + 1, before.len - n - 1} : (struct slice){NULL, 0};
	ASSUME(split_holds(before, true, *rest, *part));
	ASSUME(pieces > 0);
	pieces--;
	return true;
}

bool split_unquoted_contract(struct slice *rest, char separator, struct slice *part)
{
	return cut_anywhere(rest, part, separator);
}

static struct slice any_part(struct slice s)
{
	size_t skip = nondet_size(), len = nondet_size();
	ASSUME(skip <= s.len && len <= s.len - skip);
	return s.at == NULL ? s : (struct slice){s.at + skip, len};
}

struct slice trim_contract(struct slice s)
{
	READABLE(s);
	struct slice after = any_part(s);
	ASSUME(trim_holds(s, after));
	return after;
}

/* The two without what they say of the bytes, where only places are asked for: a proof needs less time. */
bool piece_contract(struct slice *rest, char separator, struct slice *part)
{
	struct slice before = *rest;
	size_t n = nondet_size();
	(void)separator;
	READABLE(before);
	if (before.at == NULL)
		return false;
	ASSUME(n <= before.len);
	*part = (struct slice){before.at, n};
	*rest = n < before.len ? (struct slice){before.at + n + 1, before.len - n - 1} : (struct slice){NULL, 0};
	return true;
}

struct slice inner_contract(struct slice s)
{
	READABLE(s);
	return any_part(s);
}

#ifndef CONTRACTS_ONLY

struct slice slice_of(const char *text)
{
	return (struct slice){text, text ? strlen(text) : 0};
}

struct slice slice_from(struct slice s, size_t skip)
{
	if (skip > s.len)
		skip = s.len;
	return s.len > 0 ? (struct slice){s.at + skip, s.len - skip} : s;
}

bool slice_split(struct slice *rest, char separator, struct slice *part)
{
	bool got = cut_anywhere(rest, part, separator);
	ASSUME(!got || witness >= part->len || part->at[witness] != separator);
	return got;
}

bool slice_split_unquoted(struct slice *rest, char separator, struct slice *part)
{
	return cut_anywhere(rest, part, separator);
}

struct slice slice_trim(struct slice s)
{
	return trim_contract(s);
}

bool slice_element(struct slice *list, struct slice *element)
{
	struct slice before = *list;
	READABLE(before);
	bool got = before.at != NULL && before.len > 0 && nondet_bool();
	*element = got ? any_part(before) : (struct slice){NULL, 0};
	*list = (struct slice){NULL, 0};
	if (got && nondet_bool()) {
		size_t len = nondet_size();
		ASSUME(len < before.len);
		*list = (struct slice){before.at + (before.len - len), len};
	}
	ASSUME(element_holds(before, got, *list, *element));
	return got;
}

bool slice_equal(struct slice a, struct slice b)
{
	READABLE(a);
	READABLE(b);
	return a.len == b.len && (a.len == 0 || nondet_bool());
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; /* proof: characters */
}

/*
 * slice_equal and slice_equal_nocase as they are, against a text of so many bytes at most. A harness that needs them
 * puts one of those below in their place.
 */
static bool equal_text(struct slice a, struct slice b, size_t most, bool nocase)
{
	READABLE(a);
	READABLE(b);
	bool equal = a.len == b.len;
	PROMISE(!equal || b.len <= most);
	for (size_t i = 0; i < most; i++)
		equal = equal && (i >= b.len || a.at[i] == b.at[i] || (nocase && lower(a.at[i]) == lower(b.at[i])));
	return equal;
}

bool equal_short(struct slice a, struct slice b)
{
	return equal_text(a, b, 8, false);
}

bool equal_name(struct slice a, struct slice b)
{
	return equal_text(a, b, 20, false);
}

bool equal_name_nocase(struct slice a, struct slice b)
{
	return equal_text(a, b, 20, true);
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	READABLE(a);
	READABLE(b);
	return a.len == b.len && (a.len == 0 || nondet_bool());
}

bool slice_is_digits(struct slice s)
{
	READABLE(s);
	bool digits = s.len == 0 || nondet_bool();
	ASSUME(digits_hold(s, digits));
	return digits;
}

/* Without success the number stays as it was. */
bool slice_number(struct slice s, uint64_t *number)
{
	READABLE(s);
	bool got = s.len > 0 && nondet_bool();
	if (got)
		*number = nondet_u64();
	return got;
}

bool slice_is_token(struct slice s)
{
	READABLE(s);
	return s.len > 0 && nondet_bool();
}

#endif
#endif
