/* SPDX-License-Identifier: ISC */
/* format: the writer of formats and of numbers. */
#include "proof.h"
#include "libc.h"
#include "writers.h"

#ifdef ANY_ARGUMENTS
/*
 * In place of the arguments of a format: any, whatever was handed over. A text is read through these, and its length is
 * that of its block.
 */
static const char *text_argument;
static size_t text_bytes;
#undef va_arg
#define va_arg(list, type)                                                                                             \
	_Generic((type)0, int: (int)text_bytes, const char *: text_argument, unsigned: nondet_unsigned(),                  \
	         uint64_t: nondet_u64())
#endif

/* Where a format stands, for the invariants. */
static const char *format_begin;
static size_t format_size;

#define FORMAT_AT(p) ((size_t)__CPROVER_POINTER_OFFSET(p))
#define IN_FORMAT(p) (__CPROVER_same_object(p, format_begin) && FORMAT_AT(p) < format_size)

/* In the condition of a loop: says which block the pointer is in, which cbmc has forgotten; it changes nothing. */
static bool rebase_format(const char **at)
{
	PROMISE(IN_FORMAT(*at) && *at == format_begin + FORMAT_AT(*at));
	*at = format_begin + FORMAT_AT(*at);
	return true;
}

/* How many bytes the conversion at this place has, if it is one of those that buf.h names; else 0. */
static size_t conversion_at(const char *p)
{
	size_t left = format_size - FORMAT_AT(p), n = 1;
	if (left < 5)
		return left > 2 && (p[1] == 'c' || p[1] == 's' || p[1] == '%' || p[1] == 'u' || p[1] == 'x') ? 2 : 0;
	if (p[1] == 'c' || p[1] == 's' || p[1] == '%')
		return 2;
	if (p[1] == '.')
		return p[2] == '*' && p[3] == 's' ? 4 : 0;
	if (p[1] == '0' && p[2] >= '1' && p[2] <= '9')
		n = 3;
	if (p[n] == 'j')
		n++;
	return n < left && (p[n] == 'u' || p[n] == 'x' || p[n] == 'X') ? n + 1 : 0;
}

/* What a caller promises of a format: behind each "%" that is looked at stands a conversion. */
static bool converts(const char *p)
{
	ASSUME(conversion_at(p) > 0 && conversion_at(p) < format_size - FORMAT_AT(p));
	return true;
}

/* For add_number: how great what is left of a number can be once so many digits were taken. */
static uint64_t left_of[21];

#define DIGIT(c) (((c) >= '0' && (c) <= '9') || ((c) >= 'a' && (c) <= 'f') || ((c) >= 'A' && (c) <= 'F'))

#include "base/slice.c"

#define strchr short_strchr
#include "base/buf.c"

/* What buf_add does to the counters of a buf (proof: add, message); bytes are not followed. */
void add_contract(struct buf *b, struct slice s)
{
	__CPROVER_precondition(s.len == 0 || __CPROVER_r_ok(s.at, s.len), "a slice can be read");
	__CPROVER_precondition(b->len <= b->size, "a buf has room");
	bool fits = s.len <= b->size - b->len;
	b->len = fits ? b->len + s.len : b->message && !b->overflow ? b->size : b->len;
	b->overflow = b->overflow || !fits;
}

#ifdef ANY_ARGUMENTS
void text_contract(struct buf *b, const char *text)
{
	add_contract(b, (struct slice){text, text_bytes});
}
#endif

void char_contract(struct buf *b, char c)
{
	add_contract(b, (struct slice){&c, 1});
}

/* proof: numeral */
void numeral_contract(struct buf *b, uint64_t number, char conversion, size_t width)
{
	char digits[20];
	size_t n = nondet_size();
	(void)number;
	__CPROVER_precondition(width <= 9 && (conversion == 'u' || conversion == 'x' || conversion == 'X'), "a conversion");
	ASSUME(n > 0 && n >= width && n <= sizeof digits);
	add_contract(b, (struct slice){digits, n});
}

#ifdef ANY_ARGUMENTS
/*
 * proof: format buf_format_list
 * shows: reads nothing but the format and its arguments; all of it is written or nothing, and that is told; a message
 *   that does not fit fills its room
 * bound: a format of 32767 bytes with any number of conversions, each text of up to 32768 bytes, into 131072
 * define: ANY_ARGUMENTS
 * without: conversion
 * replace: buf_add:add_contract buf_text:text_contract buf_char:char_contract add_number:numeral_contract
 * invariant: base/buf.c: /^void buf_format_list/,/^}/{
 *   s/for (;;) {/for (; rebase_format(\&format);) __CPROVER_assigns(format, b->len, b->overflow)
 *   __CPROVER_loop_invariant(IN_FORMAT(format) \&\& b->len >= began \&\& b->len <= b->size \&\&
 *   (!b->message || !b->overflow || b->len == b->size)) __CPROVER_decreases(format_size - FORMAT_AT(format)) {/;
 *   s/while (.format != '%' .*)$/while (rebase_format(\&format) \&\& *format != 37 \&\& *format != 0)
 *   __CPROVER_assigns(format) __CPROVER_loop_invariant(IN_FORMAT(format) \&\& FORMAT_AT(format) >= FORMAT_AT(text))
 *   __CPROVER_decreases(format_size - FORMAT_AT(format))/;
 *   s/size_t width = /converts(format); &/}
 * fault: base/buf.c: s/^[[:blank:]]\{2\}b->len = before.len;/b->len = before.len + 1;/
 * fault: base/buf.c: s/format += width > 0 ? 2 : 0;/format += width > 0 ? 4 : 0;/
 * fault: base/buf.c: s/if (b->overflow \&\& !b->message)$/if (b->overflow)/
 */
void prove_format(void)
{
	struct buf b = any_buf(4 * HEAD_MAX);
	b.message = nondet_bool();
	ASSUME(!b.message || !b.overflow || b.len == b.size);
	struct buf before = b;
	va_list arguments;
	format_size = nondet_size();
	text_bytes = nondet_size();
	ASSUME(format_size > 0 && format_size <= HEAD_MAX && text_bytes <= HEAD_MAX);
	char *format = any_block(format_size);
	format_begin = format;
	text_argument = any_block(text_bytes);
	ASSUME(format[format_size - 1] == '\0');
	began = b.len;
	buf_format_list(&b, format, arguments);
	PROMISE(grown(&b, &before));
	PROMISE(b.message || !b.overflow || before.overflow || b.len == before.len);
	PROMISE(!b.message || !b.overflow || b.len == b.size);
	REACHED(!b.overflow && b.len == before.len + 1000 && text_bytes == 0);
	REACHED(b.overflow && !before.overflow && !b.message);
	REACHED(b.overflow && !before.overflow && b.message);
	REACHED(before.overflow && b.len > before.len);
}
#else

/* The numeral that was written. */
static struct slice numeral;

void keep_numeral(struct buf *b, struct slice s)
{
	(void)b;
	__CPROVER_precondition(s.len == 0 || __CPROVER_r_ok(s.at, s.len), "a slice can be read");
	PROMISE(s.len > 0 && s.len <= 20);
	PROMISE(witness < 20 - s.len || witness >= 20 || DIGIT(s.at[witness - (20 - s.len)]));
	numeral = s;
}

/*
 * proof: numeral add_number
 * shows: digits alone, as many as asked for, or as the number has at most: 3 up to 999, 10 up to 32 bits, 20
 * bound: every number of 64 bits, up to 9 digits asked for
 * replace: buf_add:keep_numeral
 * invariant: base/buf.c: s/^.do {$/do __CPROVER_assigns(at, number, __CPROVER_object_whole(digits))
 *   __CPROVER_loop_invariant(at > 0 \&\& at <= 20 \&\& number <= left_of[20 - at] \&\&
 *   (at == 20 || number > 0 || 20 - at < width) \&\& (witness < at || witness >= 20 || DIGIT(digits[witness])))
 *   __CPROVER_decreases(at) {/
 * fault: base/buf.c: s/char digits.20.;/char digits[19];/
 * fault: base/buf.c: s/unsigned base = conversion == 'u' ? 10 : 16/unsigned base = conversion == 'u' ? 10 : 17/
 */
static void numeral_of(uint64_t number, uint64_t greatest, size_t digits)
{
	struct buf b = {.at = NULL};
	size_t width = nondet_size();
	ASSUME(number <= greatest && width <= 9);
	for (size_t i = 0; i < 21; i++, greatest /= 10)
		left_of[i] = greatest;
	switch (nondet_unsigned() % 3) {
	case 0:
		add_number(&b, number, 'u', width);
		break;
	case 1:
		add_number(&b, number, 'x', width);
		break;
	default:
		add_number(&b, number, 'X', width);
	}
	PROMISE(numeral.len >= width && (numeral.len == width || numeral.len <= digits));
	REACHED(numeral.len == digits);
	REACHED(numeral.len == 9 && number == 0);
	REACHED(numeral.len == 1);
}

void prove_numeral(void)
{
	uint64_t number = nondet_u64();
	witness = nondet_size();
	if (number <= 999)
		numeral_of(number, 999, 3);
	else if (number <= UINT32_MAX)
		numeral_of(number, UINT32_MAX, 10);
	else
		numeral_of(number, UINT64_MAX, 20);
}

#define UPPER_HEX(c) (((c) >= '0' && (c) <= '9') || ((c) >= 'A' && (c) <= 'F'))
#define LOWER_HEX(c) (((c) >= '0' && (c) <= '9') || ((c) >= 'a' && (c) <= 'f'))
#define VALUE(c) ((unsigned)((c) <= '9' ? (c) - '0' : ((c) | 32) - 'a' + 10))

static struct buf escape_of(char *room, const char *format, unsigned value)
{
	struct buf b = {.at = room, .size = 6};
	buf_format(&b, format, value);
	PROMISE(!b.overflow);
	return b;
}

/*
 * proof: escapes buf_format add_number
 * shows: a byte as %HH, \xHH, \u00HH or &#NN; is 3, 4, 6 or 5 bytes, with two digits that have its value
 * bound: every byte; of a character reference, the five that HTML needs
 * unwind: 8
 * fault: base/buf.c: s/digit.number % base./digit[(number + 1) % base]/
 * fault: base/buf.c: s/sizeof digits - at < width/sizeof digits - at < 1/
 */
void prove_escapes(void)
{
	static const char html[] = "&<>\"'";
	char room[6];
	unsigned char c = nondet_byte();
	PROMISE(escape_of(room, "%%%02X", c).len == 3 && room[0] == '%' && UPPER_HEX(room[1]) && UPPER_HEX(room[2]));
	PROMISE(VALUE(room[1]) * 16 + VALUE(room[2]) == c);
	PROMISE(escape_of(room, "\\x%02x", c).len == 4 && room[0] == '\\' && room[1] == 'x' && LOWER_HEX(room[2]) &&
	        LOWER_HEX(room[3]) && VALUE(room[2]) * 16 + VALUE(room[3]) == c);
	PROMISE(escape_of(room, "\\u%04x", c).len == 6 && room[0] == '\\' && room[1] == 'u' && room[2] == '0' &&
	        room[3] == '0' && LOWER_HEX(room[4]) && LOWER_HEX(room[5]) && VALUE(room[4]) * 16 + VALUE(room[5]) == c);
	for (size_t i = 0; i < 5; i++) {
		PROMISE(escape_of(room, "&#%u;", (unsigned)html[i]).len == 5 && room[0] == '&' && room[1] == '#');
		PROMISE(room[4] == ';' && VALUE(room[2]) * 10 + VALUE(room[3]) == (unsigned)html[i]);
	}
	REACHED(c == 0xff);
}
#endif
