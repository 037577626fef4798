/* SPDX-License-Identifier: ISC */
/* target: the path that cannot leave the root. */
#include "contracts.h"
#include "libc.h"

int slice_pct_decode(struct slice s)
{
	int value = nondet_int();
	ASSUME(value >= -1 && value <= 255 && (value < 0 || (s.len > 2 && s.at[0] == '%'))); /* proof: escape */
	return value;
}

char char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; /* proof: characters */
}

bool char_is_alphanumeric(char c)
{
	char l = char_lower(c);
	return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
}

#define buf_char write_char
#define buf_format(b, format, byte) write_escape(b)
#include "writers.h"

bool host_character(char c)
{
	bool is = nondet_bool();
	ASSUME(host_character_holds(c, is));
	return is;
}

bool host_valid(struct slice s)
{
	READABLE(s);
	return nondet_bool();
}

/* In the loop that decodes: no NUL stands in what is decoded (proof: characters_valid). */
static bool no_nul(struct slice s)
{
	ASSUME(s.len == 0 || s.at[0] != '\0');
	return true;
}

/* The byte of the witness before a call. */
static char was;

/* These are macros, as the invariants may call nothing. */
#define IS_VERDICT(v) ((v) == STATUS_NONE || (v) == STATUS_NOT_FOUND || (v) == STATUS_BAD_REQUEST)

/* Of the byte at `at`, where one was decoded: no NUL, and no slash unless that is told. */
#define DECODED_HOLDS(out, before, verdict, at)                                                                        \
	((at) < (before) || (at) >= (out)->length ||                                                                       \
	 ((out)->path[at] != '\0' && ((verdict) != STATUS_NONE || (out)->path[at] != '/')))

/*
 * What the header says of a path, of the byte at `at`: no NUL; a slash has a byte before it, and one behind it that is
 * no slash; and no segment that begins here is "." or "..".
 */
#define SLASH_HOLDS(p, at, len) ((at) > 0 && (at) + 1 < (len) && (p)[(at) + 1] != '/')
#define BEGINS(p, at) ((at) == 0 || (p)[(at) - 1] == '/')
#define ENDS(p, at, len) ((at) >= (len) || (p)[at] == '/')
#define DOT_HOLDS(p, at, len)                                                                                          \
	(!BEGINS(p, at) || (!ENDS(p, (at) + 1, len) && ((p)[(at) + 1] != '.' || !ENDS(p, (at) + 2, len))))
#define PATH_HOLDS(out, at)                                                                                            \
	((at) >= (out)->length ||                                                                                          \
	 ((out)->path[at] != '\0' && ((out)->path[at] != '/' || SLASH_HOLDS((out)->path, at, (out)->length)) &&            \
	  ((out)->path[at] != '.' || DOT_HOLDS((out)->path, at, (out)->length))))

#include "http/target.c"

/*
 * proof: characters_valid characters_valid
 * shows: true only where no byte is a space, a control character, DEL or "#"
 * bound: 32768 bytes
 * without: conversion
 * invariant: http/target.c: /^static bool characters_valid/,/^}/s/i++)$/i++) __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= s.len \&\& (witness >= i || ((unsigned char)s.at[witness] > 32
 *   \&\& s.at[witness] != 127 \&\& s.at[witness] != 35))) __CPROVER_decreases(s.len - i)/
 * fault: http/target.c: s/(unsigned char)s.at.i. <= ' '/(unsigned char)s.at[i] < 32/
 */
void prove_characters_valid(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	witness = nondet_size();
	bool valid = characters_valid(s);
	PROMISE(!valid || witness >= s.len || ((unsigned char)s.at[witness] > ' ' && s.at[witness] != '#'));
	REACHED(valid && s.len == HEAD_MAX);
	REACHED(!valid);
}

/* ---- writing ---- */

/*
 * proof: encode encode
 * shows: what is written holds no CR, LF, space, quote or other byte that ends a field or an attribute
 * bound: 32768 bytes into 32768
 * without: conversion
 * invariant: http/target.c: /^static void encode/,/^}/s/for (; s.len > 0; \(.*\)) {$/base = s;
 *   for (; rebase(\&s) \&\& s.len > 0; \1)
 *   __CPROVER_assigns(s, b->len, b->overflow, __CPROVER_object_whole(b->at))
 *   __CPROVER_loop_invariant(IS_END(s) \&\& b->len <= b->size \&\& b->len >= began
 *   \&\& (witness < began || witness >= b->len || (b->at[witness] > 32 \&\& b->at[witness] < 127
 *   \&\& b->at[witness] != 34)))
 *   __CPROVER_decreases(s.len) {/
 * fault: http/target.c: s/|| c == '@';/|| c == 10;/
 * fault: http/target.c: s/(query \&\& (c == '?'/(query \&\& (c != 0/
 */
void prove_encode(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	struct buf b = any_buf(HEAD_MAX);
	ASSUME(!b.overflow);
	struct buf before = b;
	began = b.len;
	witness = nondet_size();
	encode(&b, s, nondet_bool());
	PROMISE(grown(&b, &before));
	if (witness >= began && witness < b.len)
		PROMISE(b.at[witness] > ' ' && b.at[witness] < 0x7f && b.at[witness] != '"');
	REACHED(b.len == HEAD_MAX && began == 0);
}

/*
 * proof: escape_path target_escape
 * shows: what is written holds no CR, LF, space, quote or other byte that ends a field or an attribute
 * bound: 32768 bytes into 32768
 * without: conversion
 * invariant: http/target.c: /^void target_escape/,/^}/s/i++) {$/i++)
 *   __CPROVER_assigns(i, begins, b->len, b->overflow, __CPROVER_object_whole(b->at))
 *   __CPROVER_loop_invariant(i <= path.len \&\& b->len <= b->size \&\& b->len >= began
 *   \&\& (witness < began || witness >= b->len || (b->at[witness] > 32 \&\& b->at[witness] < 127
 *   \&\& b->at[witness] != 34)))
 *   __CPROVER_decreases(path.len - i) {/
 * fault: http/target.c: s/c == '.' || (!begins/c == '"' || (!begins/
 */
void prove_escape_path(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	struct buf b = any_buf(HEAD_MAX);
	ASSUME(!b.overflow);
	struct buf before = b;
	began = b.len;
	witness = nondet_size();
	target_escape(&b, s);
	PROMISE(grown(&b, &before));
	if (witness >= began && witness < b.len)
		PROMISE(b.at[witness] > ' ' && b.at[witness] < 0x7f && b.at[witness] != '"');
	REACHED(b.len == HEAD_MAX && began == 0);
}

/* ---- the path ---- */

/* What an error or a status is: any but those that have a meaning here. */
static enum status any_verdict(void)
{
	switch (nondet_unsigned() % 3) {
	case 0:
		return STATUS_NONE;
	case 1:
		return STATUS_NOT_FOUND;
	default:
		return STATUS_BAD_REQUEST;
	}
}

/* A target that is being written, in a block for so long a path, NUL included. */
static struct target any_target(size_t length, size_t most)
{
	ASSUME(length <= most);
	return (struct target){.path = any_room(most), .length = length, .directory = nondet_bool()};
}

/*
 * proof: decode decode_segment
 * shows: writes at most as many bytes as the segment has, no NUL, and a slash only where it answers 404
 * bound: 8192 bytes into 8193
 * without: conversion
 * invariant: http/target.c: /^static enum status decode_segment/,/^}/s/for (; s.len > 0; \(.*\)) {$/base = s;
 *   for (; rebase(\&s) \&\& no_nul(s) \&\& s.len > 0; \1)
 *   __CPROVER_assigns(s, verdict, out->length, __CPROVER_object_whole(out->path))
 *   __CPROVER_loop_invariant(IS_END(s) \&\& out->length >= began \&\& out->length - began <= base.len - s.len
 *   \&\& (verdict == STATUS_NONE || verdict == STATUS_NOT_FOUND)
 *   \&\& (witness >= began || out->path[witness] == was) \&\& DECODED_HOLDS(out, began, verdict, witness))
 *   __CPROVER_decreases(s.len) {/
 * fault: http/target.c: s/c <= 0)$/c < 0)/
 * fault: http/target.c: s/verdict = STATUS_NOT_FOUND;/verdict = verdict;/
 */
void prove_decode(void)
{
	struct slice s = any_or_none(TARGET_MAX);
	struct target out = any_target(nondet_size(), TARGET_MAX + 1);
	ASSUME(s.len < TARGET_MAX + 1 - out.length);
	began = out.length;
	witness = nondet_size();
	ASSUME(witness <= TARGET_MAX);
	was = out.path[witness];
	enum status verdict = decode_segment(s, &out);
	PROMISE(IS_VERDICT(verdict) && out.length >= began && out.length - began <= s.len);
	PROMISE(verdict == STATUS_BAD_REQUEST || DECODED_HOLDS(&out, began, verdict, witness));
	PROMISE(witness >= began || out.path[witness] == was);
	REACHED(verdict == STATUS_NONE && began == 0 && out.length == TARGET_MAX);
	REACHED(verdict == STATUS_NOT_FOUND && out.length == began + 1);
	REACHED(verdict == STATUS_BAD_REQUEST);
}

/* In its place. What is proved of the witness holds of every byte, so also of its neighbours. */
enum status decode_contract(struct slice s, struct target *out)
{
	size_t before = out->length, n = nondet_size();
	enum status verdict = any_verdict();
	READABLE(s);
	__CPROVER_precondition(s.len <= TARGET_MAX && before <= TARGET_MAX - s.len, "the path has room for the segment");
	ASSUME(n <= s.len);
	char kept[4];
	for (size_t i = 0; i < 4; i++) /* from the byte before the witness on */
		kept[i] = witness + i > 0 && witness + i - 1 < before ? out->path[witness + i - 1] : 0;
	__CPROVER_havoc_object(out->path);
	for (size_t i = 0; i < 4; i++)
		ASSUME(witness + i == 0 || witness + i - 1 >= before || out->path[witness + i - 1] == kept[i]);
	out->length += n;
	for (size_t i = 0; i < 4; i++)
		ASSUME(witness + i == 0 || verdict == STATUS_BAD_REQUEST ||
		       DECODED_HOLDS(out, before, verdict, witness + i - 1));
	return verdict;
}

/*
 * proof: segment take_segment
 * shows: where the path held no NUL and no empty or dot segment, it holds none afterwards, whatever the segment is; it
 *   grows by a slash and the segment at most
 * bound: 8192 bytes into 8193
 * replace: decode_segment:decode_contract slice_equal:equal_short
 * unwind: 9
 * invariant: http/target.c: s/while (dots \&\& .*$/&
 *   __CPROVER_assigns(out->length) __CPROVER_loop_invariant(dots ? out->length <= __CPROVER_loop_entry(out->length)
 *   : out->length == __CPROVER_loop_entry(out->length))
 *   __CPROVER_decreases(out->length)/
 * fault: http/target.c: s/decoded.len == 0 || dot ||/decoded.len == 0 || dots ||/
 * fault: http/target.c: s/out->directory = decoded.len == 0 ||/out->directory =/
 * fault: http/target.c: s/out->path.--out->length. != '.'/out->path[out->length--] != 47/
 */
void prove_segment(void)
{
	struct slice s = any_slice(TARGET_MAX);
	struct target out = any_target(nondet_size(), TARGET_MAX + 1);
	size_t before = out.length;
	ASSUME(before + (before > 0) + s.len <= TARGET_MAX);
	witness = nondet_size();
	ASSUME(witness <= TARGET_MAX && PATH_HOLDS(&out, witness));
	enum status verdict = take_segment(s, &out);
	PROMISE(IS_VERDICT(verdict) && out.length <= before + (before > 0) + s.len);
	PROMISE(PATH_HOLDS(&out, witness));
	REACHED(verdict == STATUS_NONE && out.length == TARGET_MAX);
	REACHED(verdict == STATUS_NONE && out.length == 5 && before == 100);
	REACHED(verdict == STATUS_BAD_REQUEST);
	REACHED(verdict == STATUS_NOT_FOUND && out.length == before);
}

enum status segment_contract(struct slice s, struct target *out)
{
	enum status verdict = any_verdict();
	size_t before = out->length;
	READABLE(s);
	__CPROVER_precondition(before + (before > 0) + s.len <= TARGET_MAX, "the path has room for the segment");
	__CPROVER_precondition(PATH_HOLDS(out, witness), "the path is one");
	__CPROVER_havoc_object(out->path);
	out->length = nondet_size();
	out->directory = nondet_bool();
	ASSUME(out->length <= before + (before > 0) + s.len && PATH_HOLDS(out, witness));
	return verdict;
}

/*
 * proof: path parse_path
 * shows: a path without NUL and without an empty or dot segment, that ends in a NUL, whatever is answered
 * bound: 8191 bytes behind the first slash, any number of segments
 * replace: take_segment:segment_contract
 * invariant: http/target.c: /^static enum status parse_path/,/^}/s/while (worst .*$/base = rest; while
 *   (rebase_rest(\&rest) \&\&
 *   worst != STATUS_BAD_REQUEST \&\& slice_split(\&rest, 47, \&segment))
 *   __CPROVER_assigns(rest, segment, worst, pieces, out->length, out->directory, __CPROVER_object_whole(out->path))
 *   __CPROVER_loop_invariant(IS_REST(rest) \&\& IS_VERDICT(worst) \&\& out->length <= TARGET_MAX \&\&
 *   PATH_HOLDS(out, witness) \&\& out->length + (rest.at != NULL \&\& out->length > 0) + rest.len <= TARGET_MAX)
 *   __CPROVER_decreases(rest.len, rest.at != NULL) {/
 * fault: http/target.c: s/out->path.out->length. = '.0'/out->path[out->length + 1] = 0/
 * fault: http/target.c: s/while (worst != STATUS_BAD_REQUEST \&\& slice_split(&rest, '.', &segment)) {/out->length
 *   = 1; &/
 */
void prove_path(void)
{
	struct slice s = any_or_none(TARGET_MAX - 1);
	struct target out = any_target(0, TARGET_MAX + 1);
	witness = nondet_size();
	ASSUME(witness <= TARGET_MAX);
	enum status verdict = parse_path(s, &out);
	PROMISE(IS_VERDICT(verdict) && out.length <= TARGET_MAX && out.path[out.length] == '\0');
	PROMISE(PATH_HOLDS(&out, witness) && out.unresolvable == (verdict == STATUS_NOT_FOUND));
	REACHED(verdict == STATUS_NONE && out.length == TARGET_MAX - 1);
	REACHED(verdict == STATUS_NONE && s.at == NULL);
	REACHED(verdict == STATUS_BAD_REQUEST);
}

enum status path_contract(struct slice rest, struct target *out)
{
	enum status verdict = any_verdict();
	READABLE(rest);
	__CPROVER_precondition(rest.len < TARGET_MAX && out->length == 0 && __CPROVER_w_ok(out->path, TARGET_MAX + 1),
	                       "the path has room for all of it");
	__CPROVER_havoc_object(out->path);
	out->length = nondet_size();
	out->directory = nondet_bool();
	out->unresolvable = verdict == STATUS_NOT_FOUND;
	ASSUME(out->length <= TARGET_MAX && out->path[out->length] == '\0' && PATH_HOLDS(out, witness));
	return verdict;
}

bool characters_contract(struct slice s)
{
	READABLE(s);
	return nondet_bool();
}

/*
 * proof: parse_target target_parse take_authority parse
 * shows: host and query lie in the target; the path has no NUL and no empty or dot segment, ends in a NUL and lies
 *   in the
 *   room, whatever is answered
 * bound: 32768 bytes into 8193 and more
 * replace: parse_path:path_contract characters_valid:characters_contract slice_equal:equal_short
 * unwind: 9
 * fault: http/target.c: s/if (raw.len > TARGET_MAX)/if (raw.len > TARGET_MAX + 2)/
 * fault: http/target.c: s/.path = room->at + room->len}/.path = room->at + room->len + 1}/
 * fault: http/target.c: s/return host->len > 0 \&\& /return /
 */
void prove_parse_target(void)
{
	struct slice raw = any_slice(HEAD_MAX);
	struct buf room = any_buf(2 * TARGET_MAX), before = room;
	struct target out;
	ASSUME(room.size - room.len > TARGET_MAX);
	witness = nondet_size();
	ASSUME(witness <= TARGET_MAX);
	enum status verdict = target_parse(raw, &room, &out);
	PROMISE(verdict == STATUS_URI_TOO_LONG || IS_VERDICT(verdict));
	PROMISE(grown(&room, &before) && out.path == room.at + before.len && room.len == before.len + out.length + 1);
	PROMISE(out.path[out.length] == '\0' && PATH_HOLDS(&out, witness));
	PROMISE(within(out.host, raw) && within(out.query, raw));
	PROMISE(verdict != STATUS_NONE || !out.asterisk || (raw.len == 1 && out.length == 0));
	PROMISE(verdict != STATUS_NONE || raw.at[0] == '/' || raw.at[0] == '*' || out.host.len > 0);
	REACHED(verdict == STATUS_NONE && out.asterisk);
	REACHED(verdict == STATUS_NONE && out.length == TARGET_MAX - 1 && raw.len == TARGET_MAX);
	REACHED(verdict == STATUS_NONE && out.host.len == 5 && out.query.at != NULL && out.length == 3);
	REACHED(verdict == STATUS_URI_TOO_LONG);
}
