/* SPDX-License-Identifier: ISC */
/* host: what Host and absolute-form carry. */
#include "contracts.h"
#include "libc.h"
#include "writers.h"

bool char_is_alphanumeric(char c)
{
	char l = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; /* proof: characters */
	return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
}

int char_hex(char c)
{
	bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); /* proof: characters */
	return hex ? 1 : -1;
}

char char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; /* proof: characters */
}

int slice_pct_decode(struct slice s)
{
	bool is = s.len > 2 && s.at[0] == '%' && char_hex(s.at[1]) >= 0 && char_hex(s.at[2]) >= 0;
	return is ? 1 : -1; /* proof: escape */
}

/* What a valid host may hold: visible ASCII, and nothing that ends a field, a quoted string or a host. */
#define CLEAN(c) ((c) > ' ' && (c) < 0x7f && (c) != '"' && (c) != '<' && (c) != '>' && (c) != '/' && (c) != '@')

/* That inet_pton takes no other text than digits of an address is the C library's word. */
bool address_read(struct slice text, unsigned char *bytes, size_t count)
{
	READABLE(text);
	__CPROVER_precondition(text.at != NULL && __CPROVER_w_ok(bytes, count), "there is a text, and room");
	bool is = text.len > 0 && text.len < 46 && nondet_bool();
	if (is && witness > 0 && witness - 1 < text.len) /* the text stands behind a bracket */
		ASSUME(text.at[witness - 1] == ':' || text.at[witness - 1] == '.' || char_hex(text.at[witness - 1]) >= 0);
	return is;
}

bool host_character_contract(char c)
{
	bool is = nondet_bool();
	ASSUME(host_character_holds(c, is));
	return is;
}

/* How many bytes of a directory's name were written. */
static size_t letters;

#include "http/host.c"

/*
 * proof: host_character host_character
 * shows: no space, control character, quote, slash, "@", "%", "<" or ">", nor a byte beyond ASCII
 * bound: every byte
 * unwind: 20
 * fault: http/host.c: s/"-._~!/"-.\/_~!/
 */
void prove_host_character(void)
{
	char c = nondet_char();
	bool is = host_character(c);
	PROMISE(host_character_holds(c, is));
	REACHED(is && c == '=');
	REACHED(!is && c < 0);
}

/*
 * proof: future is_ipvfuture
 * shows: reads nothing but the literal; true only where each byte of it is visible ASCII, but no quote, slash,
 *   "@", "<" or ">"
 * bound: 32768 bytes
 * replace: host_character:host_character_contract
 * invariant: http/host.c: s/while (dot < s.len .. char_hex.*$/&
 *   __CPROVER_assigns(dot) __CPROVER_loop_invariant(dot >= 1 \&\& (dot == 1 || dot <= s.len)
 *   \&\& (witness < 1 || witness >= dot || CLEAN(s.at[witness]))) __CPROVER_decreases(s.len + 1 - dot)/
 * invariant: http/host.c: s/for (i = dot + 1; .*i++)$/&
 *   __CPROVER_assigns(i) __CPROVER_loop_invariant(i >= dot + 1 \&\& (i == dot + 1 || i <= s.len)
 *   \&\& (witness <= dot || witness >= i || CLEAN(s.at[witness]))) __CPROVER_decreases(s.len + 2 - i)/
 * fault: http/host.c: s/ \&\& s.at.dot. == '.'//
 * fault: http/host.c: s/ \&\& i == s.len;/;/
 */
void prove_future(void)
{
	struct slice s = any_slice(HEAD_MAX);
	witness = nondet_size();
	bool valid = is_ipvfuture(s);
	PROMISE(!valid || witness >= s.len || CLEAN(s.at[witness]));
	REACHED(valid && s.len == HEAD_MAX);
	REACHED(!valid && s.len == 0);
}

bool future_contract(struct slice s)
{
	READABLE(s);
	bool valid = s.len > 0 && nondet_bool();
	ASSUME(!valid || witness < 1 || witness - 1 >= s.len || CLEAN(s.at[witness - 1])); /* it stands behind a bracket */
	return valid;
}

/* That of digits is a digit: proof: digits. They end where the host does, so the witness is counted from there. */
static size_t whole_length;

bool digits_contract(struct slice s)
{
	READABLE(s);
	bool digits = s.len == 0 || nondet_bool();
	size_t before = whole_length - s.len;
	ASSUME(!digits || witness < before || witness >= whole_length ||
	       (s.at[witness - before] >= '0' && s.at[witness - before] <= '9'));
	return digits;
}

/*
 * proof: whole_host host_valid name_length
 * shows: in a host that is valid, port and brackets included, each byte is visible ASCII, but no quote, slash,
 *   "@", "<" or ">"
 * bound: 32768 bytes
 * replace: host_character:host_character_contract is_ipvfuture:future_contract slice_is_digits:digits_contract
 * invariant: http/host.c: s/while (name.len > 0 .. (slice_pct_decode.*$/base = name; while (rebase(\&name) \&\&
 *   name.len > 0 \&\&
 *   (slice_pct_decode(name) >= 0 || host_character(name.at[0])))
 *   __CPROVER_assigns(name) __CPROVER_loop_invariant(IS_END(name)
 *   \&\& (witness >= base.len - name.len || CLEAN(base.at[witness]))) __CPROVER_decreases(name.len)/
 * fault: http/host.c: s/port.at.0. != ':' || //
 * fault: http/host.c: s/name.at.0. == '%' ? 3 : 1/name.at[0] == 37 ? 4 : 1/
 * fault: http/host.c: s/return name.at.name.len - 1. == '.' .. /return /
 */
void prove_whole_host(void)
{
	struct slice s = any_slice(HEAD_MAX);
	witness = nondet_size();
	whole_length = s.len;
	bool valid = host_valid(s);
	PROMISE(!valid || witness >= s.len || CLEAN(s.at[witness]));
	REACHED(valid && s.len == HEAD_MAX && s.at[0] == 'a');
	REACHED(valid && s.len == 20 && s.at[0] == '[');
	REACHED(valid && s.len == 0);
	REACHED(!valid);
}

void put_letter(struct buf *b, char c)
{
	(void)b;
	PROMISE(!(c >= 'A' && c <= 'Z') && (letters > 0 || c != '.'));
	PROMISE(letters != witness || (CLEAN(c) && c != '%'));
	letters++;
}

/*
 * proof: directory host_directory
 * shows: of a host that is valid, nothing or a name that begins with no dot, and has no slash, "%", NUL, space or
 *   uppercase letter; it is no longer than the host
 * bound: 32768 bytes
 * replace: buf_char:put_letter
 * invariant: http/host.c: /^void host_directory/,/^}/s/while (host.len > 0 .*)$/& __CPROVER_assigns(host.len)
 *   __CPROVER_loop_invariant(host.len <= __CPROVER_loop_entry(host.len)) __CPROVER_decreases(host.len)/
 * invariant: http/host.c: /^void host_directory/,/^}/s/for (size_t i = 0; .*i++)$/& __CPROVER_assigns(i, letters)
 *   __CPROVER_loop_invariant(i <= host.len \&\& letters == i) __CPROVER_decreases(host.len - i)/
 * fault: http/host.c: s/ || host.at.0. == '.' || / || /
 * fault: http/host.c: s/ || memchr(host.at, '%', host.len) != NULL)/)/
 * fault: http/host.c: s/buf_char(b, char_lower(host.at.i.));/buf_char(b, host.at[i]);/
 */
void prove_directory(void)
{
	struct slice host = any_slice(HEAD_MAX);
	struct buf b = {.at = NULL};
	witness = nondet_size();
	letters = 0;
	ASSUME(witness >= host.len || CLEAN(host.at[witness])); /* proof: whole_host */
	host_directory(&b, host);
	PROMISE(letters <= host.len);
	REACHED(letters == HEAD_MAX);
	REACHED(letters == 0 && host.len > 0);
}
