/* SPDX-License-Identifier: ISC */
/* log: what a client sent, as it stands in a record. */
#define _DEFAULT_SOURCE
#include "contracts.h"
#include "libc.h"
#include "writers.h"

/* What a record holds within its line: visible ASCII or a space. */
#define VISIBLE(c) ((c) >= ' ' && (c) < 0x7f)

bool char_is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); /* proof: characters */
}

/* At most so many bytes, without a quote (proof: visible). */
static size_t visible_most, visible_bytes;

bool buf_visible(struct buf *b, struct slice s, const char *special, size_t most)
{
	READABLE(s);
	PROMISE(s.at != NULL && special[0] == '"' && special[1] == '\\' && special[2] == '\0');
	size_t n = nondet_size(), before = b->len;
	ASSUME(n <= most && n <= b->size - b->len);
	write_any(b, n);
	if (witness >= before && witness < b->len)
		ASSUME(VISIBLE(b->at[witness]) && b->at[witness] != '"');
	visible_most = most;
	visible_bytes = n;
	return nondet_bool();
}

static void write_text(struct buf *b, const char *text)
{
	size_t n = strlen(text);
	PROMISE(n > 0 && n <= 4);
	for (size_t i = 0; i < n; i++)
		write_char(b, text[i]);
}

/* As strchr does in the text that put_address has: it takes the place of the loop. */
static bool among(char c)
{
	return c == '.' || c == ':' || c == '-' || c == '_' || c == '%';
}

#define buf_text write_text
#define buf_char write_char
#define strchr short_strchr
#include "system/log.c"

/*
 * proof: log_quoted put_quoted
 * shows: a quote at each end and none between, visible ASCII, and two bytes more than allowed at most: no CR, LF or
 *   escape sequence of a client
 * bound: 32768 bytes into 4096
 * unwind: 6
 * fault: system/log.c: s/all ? "."" : /all ? "" : /
 * fault: system/log.c: s/room - strlen("...")/room/
 * fault: system/log.c: s/s.at != NULL ? s : slice_of("-")/s/
 */
void prove_log_quoted(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	struct buf b = {.at = any_room(LOG_LINE), .len = nondet_size(), .size = LOG_LINE};
	size_t most = nondet_bool() ? LOG_REQUEST : nondet_bool() ? LOG_FIELD : SYSLOG_FIELD;
	ASSUME(b.len <= LOG_LINE - most - 2);
	struct buf before = b;
	witness = nondet_size();
	put_quoted(&b, s, most);
	PROMISE(grown(&b, &before) && !b.overflow && b.len >= before.len + 2 && b.len - before.len <= most + 2);
	PROMISE(b.at[before.len] == '"' && b.at[b.len - 1] == '"');
	if (witness > before.len && witness < b.len - 1)
		PROMISE(VISIBLE(b.at[witness]) && b.at[witness] != '"');
	REACHED(b.len == before.len + 2);
	REACHED(b.len == before.len + LOG_REQUEST + 2);
	REACHED(s.at == NULL);
}

/*
 * proof: log_address put_address
 * shows: at most 64 bytes, each a letter, a digit, or one of ".:-_%?"
 * bound: 32768 bytes into 4096
 * invariant: system/log.c: s/strchr(".:-_%", c) != NULL/among(c)/
 * invariant: system/log.c: /^static void put_address/,/^}/s/i++) {$/i++)
 *   __CPROVER_assigns(i, b->len, b->overflow, __CPROVER_object_whole(b->at))
 *   __CPROVER_loop_invariant(i <= ADDRESS_MAX \&\& i <= address.len \&\& b->len == began + i \&\& !b->overflow \&\&
 *   (witness < began || witness >= b->len || (VISIBLE(b->at[witness]) \&\& b->at[witness] != 32 \&\&
 *   b->at[witness] != 34))) __CPROVER_decreases(address.len - i) {/
 * fault: system/log.c: s/i < ADDRESS_MAX \&\& i < address.len/i < ADDRESS_MAX/
 * fault: system/log.c: s/? c : '?')/? c : c)/
 */
void prove_log_address(void)
{
	struct slice s = any_slice(HEAD_MAX);
	struct buf b = {.at = any_room(LOG_LINE), .len = nondet_size(), .size = LOG_LINE};
	ASSUME(b.len <= LOG_LINE - ADDRESS_MAX);
	struct buf before = b;
	began = b.len;
	witness = nondet_size();
	put_address(&b, s);
	PROMISE(grown(&b, &before) && b.len - before.len <= ADDRESS_MAX);
	if (witness >= began && witness < b.len)
		PROMISE(VISIBLE(b.at[witness]) && b.at[witness] != ' ' && b.at[witness] != '"');
	REACHED(b.len == before.len + ADDRESS_MAX);
	REACHED(s.len == 0);
}
