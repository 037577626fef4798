/* SPDX-License-Identifier: ISC */
/* accept: which codings and media types a client takes. */
#include "contracts.h"
#include "fields.h"

/* The last weight that was read, or 1000. */
static unsigned weight;

/* How many elements were read, and what is told of each coding: one more than its last quality, or 0. */
static size_t elements;
static unsigned told[6];

#define AS_TOLD(named) \
	((named)[0] == told[0] && (named)[1] == told[1] && (named)[2] == told[2] && (named)[3] == told[3] && \
	 (named)[4] == told[4] && (named)[5] == told[5] && told[0] <= 1001 && told[1] <= 1001 && told[2] <= 1001 && \
	 told[3] <= 1001 && told[4] <= 1001 && told[5] <= 1001)

/* How closely an element matched at most, and the quality of the first of those that did. */
static unsigned closest, of_closest;

#include "http/accept.c"

/* slice_is_digits, of the first three bytes, too: what holds of one place holds of each (proof: digits). */
bool digits_contract(struct slice s)
{
	READABLE(s);
	bool digits = s.len == 0 || nondet_bool();
	for (size_t i = 0; i < 3; i++)
		ASSUME(!digits || i >= s.len || (s.at[i] >= '0' && s.at[i] <= '9'));
	return digits;
}

/*
 * proof: quality parse_quality
 * shows: 0 to 1000; 0 only where there is a byte, and each one is "0", but for one "."
 * bound: 32768 bytes
 * without: conversion
 * unwind: 4
 * replace: slice_is_digits:digits_contract
 * invariant: http/accept.c: s/for (size_t i = 0; i < whole.len; i++)$/& __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= whole.len \&\& (witness >= i || whole.at[witness] == 48))
 *   __CPROVER_decreases(whole.len - i)/
 * invariant: http/accept.c: s/for (size_t i = 0; i < s.len; i++)$/& __CPROVER_assigns(i, zero)
 *   __CPROVER_loop_invariant(i <= s.len \&\& (!zero || i == 0 || witness < __CPROVER_POINTER_OFFSET(s.at)
 *   || witness - __CPROVER_POINTER_OFFSET(s.at) >= i || base.at[witness] == 48))
 *   __CPROVER_decreases(s.len - i)/
 * fault: http/accept.c: s/return thousandths == 0 \&\& !zero ? 1 : thousandths;/return thousandths;/
 * fault: http/accept.c: s/(i < s.len ? (unsigned)(s.at.i. - '0') : 0)/(unsigned)(s.at[i] - '0')/
 * fault: http/accept.c: s/whole.len + s.len == 0 || !slice/!slice/
 */
void prove_quality(void)
{
	struct slice s = any_slice(HEAD_MAX);
	witness = nondet_size();
	base = s;
	unsigned quality = parse_quality(s);
	PROMISE(quality <= 1000);
	PROMISE(quality > 0 || (s.len > 0 && (witness >= s.len || s.at[witness] == '0' || s.at[witness] == '.')));
	REACHED(quality == 0 && s.len == HEAD_MAX);
	REACHED(quality == 999);
	REACHED(quality == 1000);
}

unsigned quality_contract(struct slice s)
{
	READABLE(s);
	PROMISE(s.at != NULL);
	weight = nondet_unsigned();
	ASSUME(weight <= 1000);
	return weight;
}

struct slice weight_text(const char *text)
{
	PROMISE(text[0] == 'q' && text[1] == '\0');
	return (struct slice){text, 1};
}

/*
 * proof: weight split_weight
 * shows: the name lies in the element; the quality is the last that was read, at most 1000, or 1000 without one
 * bound: 32768 bytes, any number of parameters
 * replace: parse_quality:quality_contract slice_split:piece_contract slice_split_unquoted:piece_contract
 *   slice_trim:inner_contract slice_of:weight_text
 * invariant: http/accept.c: s/while (slice_split_unquoted(&rest, ';', &parameter)) {/base = element;
 *   while (rebase_rest(\&rest) \&\& slice_split_unquoted(\&rest, 59, \&parameter))
 *   __CPROVER_assigns(rest, parameter, key, *quality, *plain, weight)
 *   __CPROVER_loop_invariant(IS_REST(rest) \&\& *quality == weight \&\& weight <= 1000)
 *   __CPROVER_decreases(rest.len, rest.at != NULL) {/
 * fault: http/accept.c: s/.quality = 1000;/*quality = 1001;/
 * fault: http/accept.c: s/parameter.at != NULL \&\& slice_equal_nocase(slice_trim(key), .*)$/slice_trim(key).at[0] ==
 *   113)/
 */
void prove_weight(void)
{
	struct slice element = any_slice(HEAD_MAX);
	unsigned quality;
	bool plain;
	weight = 1000;
	struct slice name = split_weight(element, &quality, &plain);
	PROMISE(within(name, element) && name.at != NULL);
	PROMISE(quality == weight && quality <= 1000);
	REACHED(name.len == 5 && quality == 0 && element.len == HEAD_MAX);
	REACHED(!plain && quality == 1000);
	REACHED(element.len == 0);
}

/*
 * proof: coding named_coding coding_of_name
 * shows: a coding of the table, or that of none
 * bound: 32768 bytes
 * unwind: 10
 * fault: http/accept.c: s/while (c < UNKNOWN \&\& /while (/
 * fault: http/accept.c: s/while (coding < CODING_IDENTITY \&\& /while (/
 */
void prove_coding(void)
{
	struct slice name = any_or_none(HEAD_MAX);
	unsigned coding = named_coding(name);
	enum coding asked = coding_of_name(name);
	PROMISE(coding <= UNKNOWN && asked <= CODING_IDENTITY);
	REACHED(coding == UNKNOWN && name.len == HEAD_MAX);
	REACHED(coding == STAR);
	REACHED(asked == CODING_BROTLI);
}

bool element_contract(struct slice *list, struct slice *element)
{
	(void)list;
	*element = (struct slice){NULL, 0};
	if (elements == HEAD_MAX || nondet_bool())
		return false;
	elements++;
	return true;
}

struct slice weight_contract(struct slice element, unsigned *quality, bool *plain)
{
	weight = nondet_unsigned();
	ASSUME(weight <= 1000);
	*quality = weight;
	*plain = nondet_bool();
	return element;
}

unsigned coding_contract(struct slice name)
{
	unsigned coding = nondet_unsigned();
	(void)name;
	ASSUME(coding <= UNKNOWN);
	told[coding] = weight + 1;
	return coding;
}

/*
 * proof: codings accept_codings
 * shows: the quality of a coding is the last that was told of it, or without one that of "*", or 0; identity without
 *   either has 1, and 0 only for "*;q=0"; none is beyond 1000
 * bound: any number of lines and elements
 * unwind: 14
 * replace: slice_element:element_contract split_weight:weight_contract named_coding:coding_contract
 * invariant: http/accept.c: /^void accept_codings/,/^}/s/while (request_next(&lines, &list)) {/while
 *   (request_next(\&lines, \&list))
 *   __CPROVER_assigns(lines.rest.len, list, element, q, plain, weight, elements, __CPROVER_object_whole(named),
 *   __CPROVER_object_whole(told))
 *   __CPROVER_loop_invariant(LINES_LEFT(lines) \&\& elements <= HEAD_MAX \&\& AS_TOLD(named))
 *   __CPROVER_decreases(lines.rest.len) {/
 * invariant: http/accept.c: /^void accept_codings/,/^}/s/while (slice_element(&list, &element)) {/while
 *   (slice_element(\&list, \&element))
 *   __CPROVER_assigns(element, q, plain, weight, elements, __CPROVER_object_whole(named), __CPROVER_object_whole(told))
 *   __CPROVER_loop_invariant(elements <= HEAD_MAX \&\& AS_TOLD(named)) __CPROVER_decreases(HEAD_MAX - elements) {/
 * fault: http/accept.c: s/named.STAR. > 0 ? named.STAR. - 1 : 0/named[STAR] - 1/
 * fault: http/accept.c: s/named.CODING_IDENTITY. == 0/named[CODING_IDENTITY] < 2/
 * fault: http/accept.c: s/unsigned named.UNKNOWN + 1./unsigned named[UNKNOWN]/
 */
void prove_codings(void)
{
	struct request request = {.repeated = 0};
	unsigned quality[CODING_COUNT];
	all_lines = any_slice(HEAD_MAX);
	looked_up = FIELD_ACCEPT_ENCODING;
	if (nondet_bool())
		request.first[looked_up] = all_lines;
	elements = 0;
	for (unsigned i = 0; i < 6; i++)
		told[i] = 0;
	accept_codings(&request, quality);
	unsigned star = told[STAR] > 0 ? told[STAR] - 1 : 0, c = nondet_unsigned();
	ASSUME(c < CODING_COUNT);
	PROMISE(quality[c] <= 1000);
	if (c != CODING_IDENTITY || told[c] > 0)
		PROMISE(quality[c] == (told[c] > 0 ? told[c] - 1 : star));
	else
		PROMISE(quality[c] == (told[STAR] == 1 ? 0 : 1));
	REACHED(quality[CODING_GZIP] == 1000 && elements == 300);
	REACHED(quality[CODING_IDENTITY] == 0 && told[CODING_IDENTITY] == 0);
	REACHED(quality[CODING_BROTLI] == 0 && request.first[looked_up].at == NULL);
}

/*
 * proof: specificity specificity
 * shows: 0 to 4, and 4 only without a parameter; reads nothing but the range and the type with its NUL
 * bound: 32768 bytes, a type of 32767
 * unwind: 4
 * fault: http/accept.c: s/if (range.len == slash + 1 \&\& range/if (range/
 * fault: http/accept.c: s/size_t slash = major.len + 1/size_t slash = major.len + 2/
 * fault: http/accept.c: s/return plain ? 4 : 3;/return 4;/
 */
void prove_specificity(void)
{
	struct slice range = any_or_none(HEAD_MAX), type = any_slice(HEAD_MAX);
	bool plain = nondet_bool();
	ASSUME(type.len > 0 && type.at[type.len - 1] == '\0');
	type.len--;
	unsigned close = specificity(range, plain, type);
	PROMISE(close <= 4 && (close != 4 || plain));
	REACHED(close == 4 && range.len == HEAD_MAX - 1);
	REACHED(close == 2 && range.len == 7);
	REACHED(close == 1 && range.len == 1);
	REACHED(close == 0 && range.len == HEAD_MAX);
}

unsigned specificity_contract(struct slice range, bool plain, struct slice type)
{
	unsigned close = nondet_unsigned();
	(void)range;
	(void)type;
	ASSUME(close <= 4 && (close != 4 || plain));
	if (close > closest) {
		closest = close;
		of_closest = weight;
	}
	return close;
}

struct slice no_text(const char *text)
{
	(void)text;
	return (struct slice){NULL, 0};
}

/*
 * proof: type_quality accept_type
 * shows: without Accept 1000; else the quality of the first of the ranges that match closest, or 0 where none does; the
 *   type is named only where one is the type itself
 * bound: any number of lines and elements
 * replace: slice_element:element_contract split_weight:weight_contract specificity:specificity_contract
 *   slice_of:no_text
 * invariant: http/accept.c: /^unsigned accept_type/,/^}/s/while (request_next(&lines, &list)) {/while
 *   (request_next(\&lines, \&list))
 *   __CPROVER_assigns(lines.rest.len, list, element, best, quality, q, plain, weight, elements, closest, of_closest)
 *   __CPROVER_loop_invariant(LINES_LEFT(lines) \&\& elements <= HEAD_MAX \&\& best == closest \&\& best <= 4
 *   \&\& quality == of_closest \&\& quality <= 1000) __CPROVER_decreases(lines.rest.len) {/
 * invariant: http/accept.c: /^unsigned accept_type/,/^}/s/while (slice_element(&list, &element)) {/while
 *   (slice_element(\&list, \&element))
 *   __CPROVER_assigns(element, best, quality, q, plain, weight, elements, closest, of_closest)
 *   __CPROVER_loop_invariant(elements <= HEAD_MAX \&\& best == closest \&\& best <= 4 \&\& quality == of_closest
 *   \&\& quality <= 1000) __CPROVER_decreases(HEAD_MAX - elements) {/
 * fault: http/accept.c: s/if (close > best)/if (close >= best)/
 * fault: http/accept.c: s/.named = best >= 3;/*named = best > 1;/
 */
void prove_type_quality(void)
{
	struct request request = {.repeated = 0};
	bool named;
	all_lines = any_slice(HEAD_MAX);
	looked_up = FIELD_ACCEPT;
	bool asked = nondet_bool();
	if (asked)
		request.first[looked_up] = all_lines;
	elements = 0;
	closest = of_closest = 0;
	unsigned quality = accept_type(&request, "", &named);
	PROMISE(quality == (asked ? of_closest : 1000) && quality <= 1000);
	PROMISE(!named == !(asked && closest >= 3));
	REACHED(named && quality == 0 && elements == 300);
	REACHED(!named && quality == 500);
	REACHED(!asked);
}

/* ---- one type before another ---- */

/* What Accept says of the type, and of the usual one. */
static unsigned quality_of[2];
static bool named_of[2];
static const char *texts[2];

unsigned type_contract(const struct request *request, const char *type, bool *named)
{
	bool usual = type == texts[1];
	(void)request;
	PROMISE(usual || type == texts[0]);
	*named = named_of[usual];
	return quality_of[usual];
}

/*
 * proof: prefers accept_prefers
 * shows: a type that is preferred is taken by the client, with no lower quality than the usual one, and of the same
 *   only where it alone is named; the usual one is then not preferred to it
 * bound: every quality
 * replace: accept_type:type_contract
 * fault: http/accept.c: s/return quality > 0 \&\& type_named/return type_named/
 * fault: http/accept.c: s/return quality > usual_quality;/return quality < usual_quality;/
 */
void prove_prefers(void)
{
	struct request request = {.repeated = 0};
	char one, two;
	texts[0] = &one;
	texts[1] = &two;
	for (size_t i = 0; i < 2; i++) {
		quality_of[i] = nondet_unsigned();
		named_of[i] = nondet_bool();
	}
	bool prefers = accept_prefers(&request, texts[0], texts[1]);
	PROMISE(!prefers || (quality_of[0] > 0 && quality_of[0] >= quality_of[1]));
	PROMISE(!prefers || quality_of[0] > quality_of[1] || (named_of[0] && !named_of[1]));
	PROMISE(prefers || quality_of[0] <= quality_of[1]);
	PROMISE(!prefers || !accept_prefers(&request, texts[1], texts[0]));
	REACHED(prefers && quality_of[0] == quality_of[1]);
	REACHED(!prefers && quality_of[0] == 5);
}
