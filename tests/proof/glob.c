/* SPDX-License-Identifier: ISC */
/* glob: the shell's patterns. The pattern is the operator's, but the name is the client's. */
#include "contracts.h"

/* The name that is matched; the pattern is `base`. */
static struct slice subject;

/* IS_END and rebase of proof.h, where there are two bases. */
#define IS_END_OF(s, whole) \
	((s).len <= (whole).len && ((whole).at == NULL ? (s).at == NULL : (s).at == (whole).at + ((whole).len - (s).len)))

static bool rebase_to(struct slice *s, struct slice whole)
{
	PROMISE(IS_END_OF(*s, whole));
	if (whole.at != NULL)
		s->at = whole.at + (whole.len - s->len);
	return true;
}

/* What take_range said last, and whether take_bracket refused one. */
static bool among_now, refused;

int char_hex(char c)
{
	char l = c >= 'A' && c <= 'F' ? (char)(c + 32) : c;
	return c >= '0' && c <= '9' ? c - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1; /* proof: characters */
}

/* rebase, and of a bool that is any byte the one that it stands for. */
static bool rebase_bracket(struct slice *rest, bool *among)
{
	*among = !!*among;
	return rebase(rest);
}

#include "http/glob.c"

/* At least so many bytes are taken off the beginning. */
static void take_some(struct slice *s, size_t least)
{
	size_t n = nondet_size();
	READABLE(*s);
	ASSUME(n >= least && n <= s->len);
	*s = (struct slice){s->at + n, s->len - n};
}

/* Whether what is left is an end of what was given, and at least so many bytes were taken. */
static bool took(struct slice before, struct slice after, size_t least)
{
	return IS_END_OF(after, before) && before.len - after.len >= least;
}

/*
 * proof: glob_take take
 * shows: one byte is taken, or a backslash and the byte behind it; the last of them is the character
 * bound: 32768 bytes
 * without: conversion
 * fault: http/glob.c: s/glob->len > 1 \&\& glob->at.0. == '..'/glob->at[0] == 92/
 * fault: http/glob.c: s/return (unsigned char)rest.at.0.;/return (unsigned char)rest.at[1];/
 */
void prove_glob_take(void)
{
	struct slice glob = any_slice(HEAD_MAX), before = glob;
	ASSUME(glob.len > 0);
	unsigned char c = take(&glob);
	size_t n = before.len - glob.len;
	PROMISE(took(before, glob, 1) && n <= 2 && c == (unsigned char)before.at[n - 1]);
	PROMISE((n == 2) == (before.at[0] == '\\' && before.len > 1));
	REACHED(n == 2 && glob.len == 0);
	REACHED(n == 1 && before.len == HEAD_MAX);
}

unsigned char take_contract(struct slice *glob)
{
	__CPROVER_precondition(glob->len > 0, "there is a byte");
	take_some(glob, 1);
	return nondet_byte();
}

bool bracket_contract(struct slice *glob, unsigned char c, bool *matches)
{
	(void)c;
	__CPROVER_precondition(glob->len > 0, "there is a bracket");
	bool got = nondet_bool();
	if (got)
		take_some(glob, 3);
	*matches = nondet_bool();
	refused = refused || !got;
	return got;
}

/*
 * proof: classes is_in_class
 * shows: the sets of XBD 7.3.1: alnum is alpha and digit, alpha is upper and lower, graph is alnum and punct, print is
 *   graph and the space, blank is of space, and cntrl, punct, upper, lower and digit have no byte in common
 * bound: every byte
 * without: conversion
 * fault: http/glob.c: s/return graph \&\& !lower \&\& !upper \&\& !digit;/return graph \&\& !lower \&\& !upper;/
 * fault: http/glob.c: s/c >= '.t' \&\& c <= '.r'/c > 9 \&\& c <= 13/
 * fault: http/glob.c: s/bool graph = c > ' ' \&\& c < 0x7f/bool graph = c > 32 \&\& c <= 0x7f/
 */
void prove_classes(void)
{
	unsigned char c = nondet_byte();
	bool in[CLASSES];
	for (unsigned class = 0; class < CLASSES; class++)
		in[class] = is_in_class((enum class)class, c);
	PROMISE(in[ALPHA] == (in[UPPER] || in[LOWER]) && in[ALNUM] == (in[ALPHA] || in[DIGIT]));
	PROMISE(in[GRAPH] == (in[ALNUM] || in[PUNCT]) && in[PRINT] == (in[GRAPH] || c == ' '));
	PROMISE(in[UPPER] + in[LOWER] + in[DIGIT] + in[PUNCT] + in[CNTRL] + (c == ' ') == (c < 0x80));
	PROMISE(in[BLANK] == (c == ' ' || c == '\t') && (in[SPACE] || !in[BLANK]) && !(in[SPACE] && in[GRAPH]));
	PROMISE(in[DIGIT] == (c >= '0' && c <= '9') && (in[XDIGIT] || !in[DIGIT]) && (in[ALNUM] || !in[XDIGIT]));
	REACHED(in[XDIGIT] && in[LOWER]);
	REACHED(in[PUNCT]);
	REACHED(in[SPACE] && !in[BLANK]);
}

/*
 * proof: class take_class
 * shows: a class only where a name of five letters or six and ":]" are taken; what is left is an end of the pattern
 * bound: 32768 bytes
 * unwind: 14
 * invariant: http/glob.c: s/while (name.len < glob->len .*'z')$/& __CPROVER_assigns(name.len)
 *   __CPROVER_loop_invariant(name.len <= glob->len \&\& (witness >= name.len || (name.at[witness] >= 97
 *   \&\& name.at[witness] <= 122))) __CPROVER_decreases(glob->len - name.len)/
 * fault: http/glob.c: s/if (rest.len < 2 || rest.at.0. != ':'/if (rest.at[0] != 58/
 * fault: http/glob.c: s/rest.at.0. != ':' || //
 * fault: http/glob.c: s/while (class < CLASSES \&\& /while (/
 */
void prove_class(void)
{
	struct slice glob = any_slice(HEAD_MAX), before = glob;
	witness = nondet_size();
	enum class class = take_class(&glob);
	size_t n = before.len - glob.len;
	PROMISE(took(before, glob, 0) && class <= CLASSES);
	if (class != CLASSES) {
		PROMISE((n == 7 || n == 8) && before.at[n - 2] == ':' && before.at[n - 1] == ']');
		PROMISE(witness >= n - 2 || (before.at[witness] >= 'a' && before.at[witness] <= 'z'));
	}
	REACHED(class == XDIGIT && n == 8 && glob.len == 0);
	REACHED(class == ALNUM && before.len == HEAD_MAX);
	REACHED(class == CLASSES && n == 0);
}

enum class class_contract(struct slice *glob)
{
	unsigned class = nondet_unsigned();
	READABLE(*glob);
	ASSUME(class <= CLASSES && (class == CLASSES || glob->len >= 7));
	take_some(glob, class == CLASSES ? 0 : 7);
	return (enum class)class;
}

/*
 * proof: glob_element take_element
 * shows: a byte or more is taken where it is well-formed; the character of [.x.] and [=x=] is the byte between; what is
 *   left is an end of the pattern
 * bound: 32768 bytes
 * without: conversion
 * replace: take:take_contract take_class:class_contract
 * fault: http/glob.c: s/if (glob->len < 3 || glob->at.1. != kind/if (glob->at[1] != kind/
 * fault: http/glob.c: s/if (glob->len < 2 || at.0. != '.' || /if (at[0] != 91 || /
 * fault: http/glob.c: s/.character = (unsigned char)glob->at.0.;/*character = (unsigned char)glob->at[1];/
 */
void prove_glob_element(void)
{
	struct slice glob = any_slice(HEAD_MAX), before = glob;
	ASSUME(glob.len > 0);
	unsigned char character = nondet_byte();
	enum class class;
	bool fine = take_element(&glob, &character, &class);
	PROMISE(took(before, glob, fine ? 1 : 0) && class <= CLASSES);
	if (fine && class == CLASSES && before.len >= 2 && before.at[0] == '[' &&
	    (before.at[1] == '.' || before.at[1] == '=')) {
		PROMISE(before.len - glob.len == 5 && before.at[3] == before.at[1] && before.at[4] == ']');
		PROMISE(character == (unsigned char)before.at[2]);
		REACHED(character == ']');
	}
	REACHED(fine && class == DIGIT && before.len == HEAD_MAX);
	REACHED(fine && class == CLASSES && before.len == 1);
	REACHED(!fine && before.len == 5);
}

/* The elements of a range, as take_element tells them. */
static unsigned elements;
static unsigned char characters[2];
static enum class kinds[2];

bool element_contract(struct slice *glob, unsigned char *character, enum class *class)
{
	__CPROVER_precondition(glob->len > 0, "there is an element");
	READABLE(*glob);
	unsigned told = nondet_unsigned();
	bool fine = nondet_bool();
	ASSUME(told <= CLASSES && elements < 2);
	take_some(glob, fine ? 1 : 0);
	*class = kinds[elements] = (enum class)told;
	characters[elements++] = *character = nondet_byte();
	return fine;
}

/*
 * proof: glob_range take_range
 * shows: a byte or more is taken where it is well-formed; the byte is among them where it was, is of the class, is the
 *   character, or is from the first to the last; what is left is an end of the pattern
 * bound: 32768 bytes
 * without: conversion
 * replace: take_element:element_contract
 * fault: http/glob.c: s/if (glob->len > 1 \&\& glob->at.0. == '-'/if (glob->at[0] == '-'/
 * fault: http/glob.c: s/first <= c \&\& c <= last/first <= c \&\& c < last/
 * fault: http/glob.c: s/.among = .among || is_in_class(class, c);/*among = is_in_class(class, c);/
 * fault: http/glob.c: s/ || class != CLASSES)$/)/
 */
void prove_glob_range(void)
{
	struct slice glob = any_slice(HEAD_MAX), before = glob;
	unsigned char c = nondet_byte();
	ASSUME(glob.len > 0);
	bool was = nondet_bool(), among = was;
	elements = 0;
	bool fine = take_range(&glob, c, &among);
	PROMISE(took(before, glob, fine ? 1 : 0));
	if (fine) {
		unsigned char last = characters[elements - 1];
		bool is = kinds[0] != CLASSES ? is_in_class(kinds[0], c) : c >= characters[0] && c <= last;
		PROMISE(!among == !(was || is));
		PROMISE(elements == 1 || (kinds[0] == CLASSES && kinds[1] == CLASSES));
	}
	REACHED(fine && elements == 2 && among && !was);
	REACHED(fine && elements == 1 && kinds[0] == PUNCT && !among && before.len == HEAD_MAX);
	REACHED(!fine && elements == 2);
}

bool range_contract(struct slice *glob, unsigned char c, bool *among)
{
	(void)c;
	__CPROVER_precondition(glob->len > 0, "there is an element");
	READABLE(*glob);
	PROMISE(!*among == !among_now);
	bool fine = nondet_bool();
	take_some(glob, fine ? 1 : 0);
	among_now = among_now || nondet_bool();
	*among = among_now;
	return fine;
}

/*
 * proof: bracket take_bracket
 * shows: false leaves the pattern as it is; else three bytes or more are taken, the last of them "]", and the answer is
 *   that of the elements, or the opposite behind "!" or "^"
 * bound: 32768 bytes, any number of elements
 * without: conversion
 * replace: take_range:range_contract
 * invariant: http/glob.c: /^static bool take_bracket/,/^}/s/for (bool begun = false; \(.*\); begun = true)$/base =
 *   *glob; for (bool begun = false; rebase_bracket(\&rest, \&among) \&\& \1; begun = true)
 *   __CPROVER_assigns(begun, rest, among, among_now)
 *   __CPROVER_loop_invariant(IS_END(rest) \&\& rest.len + negated < base.len \&\& (!begun || rest.len + negated + 1 <
 *   base.len)
 *   \&\& !among == !among_now) __CPROVER_decreases(rest.len)/
 * fault: http/glob.c: /^static bool take_bracket/,/^}/s/!begun || //
 * fault: http/glob.c: /^static bool take_bracket/,/^}/s/if (rest.len == 0)/if (rest.len == 1)/
 * fault: http/glob.c: s/.matches = among != negated;/*matches = among;/
 */
void prove_bracket(void)
{
	struct slice glob = any_slice(HEAD_MAX), before = glob;
	bool matches = nondet_bool();
	ASSUME(glob.len > 0);
	among_now = false;
	bool got = take_bracket(&glob, nondet_byte(), &matches);
	size_t n = before.len - glob.len;
	PROMISE(took(before, glob, got ? 3 : 0) && (got || n == 0));
	PROMISE(!got || before.at[n - 1] == ']');
	PROMISE(!got || !matches == (!among_now == (before.at[1] != '!' && before.at[1] != '^')));
	REACHED(got && n == 3 && matches && glob.len == 0);
	REACHED(got && n == HEAD_MAX && before.at[1] == '!' && matches);
	REACHED(!got && before.len == HEAD_MAX);
}

/*
 * proof: glob_one take_one
 * shows: what is left is an end of the pattern, shorter where the character matches
 * bound: 32768 bytes
 * replace: take:take_contract take_bracket:bracket_contract
 * fault: http/glob.c: s/return take_bracket(glob, c, &matches) \&\& matches;/take_bracket(glob, c, \&matches); return
 *   matches;/
 */
void prove_glob_one(void)
{
	struct slice glob = any_slice(HEAD_MAX), before = glob;
	ASSUME(glob.len > 0);
	bool is = take_one(&glob, nondet_byte());
	PROMISE(took(before, glob, is ? 1 : 0));
	REACHED(is && before.at[0] == '[' && glob.len == 0);
	REACHED(is && before.at[0] == '?');
	REACHED(!is);
}

bool one_contract(struct slice *glob, unsigned char c)
{
	(void)c;
	__CPROVER_precondition(glob->len > 0, "there is a byte");
	bool is = nondet_bool();
	take_some(glob, is ? 1 : 0);
	return is;
}

/* All that the loop keeps, put back into the blocks that it is of. */
static bool rebase_match(struct slice *glob, struct slice *name, struct slice *star, struct slice *from)
{
	if (star->at != NULL)
		rebase_to(star, base);
	return rebase_to(glob, base) && rebase_to(name, subject) && rebase_to(from, subject);
}

/*
 * proof: matches glob_matches
 * shows: reads nothing but pattern and name; with each step the end of what the asterisk stands for moves on in the
 *   name, or it stays and the pattern gets shorter: no more steps than the product of the two lengths, each one longer
 * bound: a pattern of 32768 bytes, a name of 32768
 * without: conversion
 * replace: take_one:one_contract
 * invariant: http/glob.c: s/while (glob.len > 0 || name.len > 0) {/while (rebase_match(\&glob, \&name, \&star, \&from)
 *   \&\& (glob.len > 0 || name.len > 0))
 *   __CPROVER_assigns(glob, name, star, from)
 *   __CPROVER_loop_invariant(IS_END_OF(glob, base) \&\& IS_END_OF(name, subject) \&\& IS_END_OF(from, subject)
 *   \&\& (star.at == NULL || IS_END_OF(star, base)) \&\& name.len <= from.len)
 *   __CPROVER_decreases(from.len, glob.len) {/
 * fault: http/glob.c: s/if (name.len > 0 \&\& rest.len > 0 \&\&/if (rest.len > 0 \&\&/
 * fault: http/glob.c: s/name = from = slice_from(from, 1);/name = slice_from(from, 1);/
 * fault: http/glob.c: s/star = glob = slice_from(glob, 1);/star = glob;/
 * fault: http/glob.c: s/star.at != NULL \&\& from.len > 0/star.at != NULL/
 */
void prove_matches(void)
{
	struct slice glob = any_or_none(HEAD_MAX), name = any_or_none(HEAD_MAX);
	base = glob;
	subject = name;
	bool is = glob_matches(glob, name);
	PROMISE(!is || glob.len > 0 || name.len == 0);
	PROMISE(is || glob.len > 0 || name.len > 0);
	REACHED(is && glob.len == HEAD_MAX && name.len == 7);
	REACHED(is && name.len == HEAD_MAX && glob.len == 1);
	REACHED(is && name.len == 0 && glob.len == 0);
	REACHED(!is && glob.len == HEAD_MAX && name.len == HEAD_MAX);
}

/*
 * proof: valid glob_valid
 * shows: false exactly where a bracket expression is malformed; reads nothing but the pattern
 * bound: 32768 bytes
 * without: conversion
 * replace: take:take_contract take_bracket:bracket_contract
 * invariant: http/glob.c: /^bool glob_valid/,/^}/s/while (\(glob.len > 0.*\))$/base = glob;
 *   while (rebase(\&glob) \&\& \1) __CPROVER_assigns(glob, valid, matches, refused)
 *   __CPROVER_loop_invariant(IS_END(glob) \&\& !valid == !!refused) __CPROVER_decreases(glob.len, !!valid)/
 * fault: http/glob.c: /^bool glob_valid/,/^}/s/while (glob.len > 0 \&\& valid)/while (glob.len > 0)/
 * fault: http/glob.c: /^bool glob_valid/,/^}/s/take(\&glob);/;/
 */
void prove_valid(void)
{
	struct slice glob = any_or_none(HEAD_MAX);
	refused = false;
	bool valid = glob_valid(glob);
	PROMISE(!valid == !!refused);
	REACHED(valid && glob.len == HEAD_MAX);
	REACHED(valid && glob.len == 0);
	REACHED(!valid);
}

/*
 * proof: pattern_length glob_length
 * shows: all of the text, or its beginning before a byte that ends the pattern
 * bound: 32768 bytes
 * without: conversion
 * replace: take:take_contract take_bracket:bracket_contract
 * invariant: http/glob.c: s/while (\(.*rest.at.0. != end\))$/base = text;
 *   while (rebase(\&rest) \&\& \1) __CPROVER_assigns(rest, matches, refused)
 *   __CPROVER_loop_invariant(IS_END(rest) \&\& !refused) __CPROVER_decreases(rest.len)/
 * fault: http/glob.c: s/while (rest.len > 0 \&\& rest.at.0. != end)/while (rest.at[0] != end)/
 * fault: http/glob.c: /^size_t glob_length/,/^}/s/return text.len;/return rest.len;/
 */
void prove_pattern_length(void)
{
	struct slice text = any_slice(HEAD_MAX);
	char end = nondet_char();
	refused = false;
	size_t n = glob_length(text, end);
	PROMISE(n <= text.len && (n == text.len || text.at[n] == end));
	PROMISE(n == text.len || !refused);
	REACHED(n == 5 && text.len == HEAD_MAX);
	REACHED(n == HEAD_MAX && refused);
	REACHED(n == 0 && text.len > 0);
}
