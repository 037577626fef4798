/* SPDX-License-Identifier: ISC */
/* forwarded: the client's address out of a field. */
#include "contracts.h"
#include "libc.h"

bool char_is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); /* proof: characters */
}

/* What may be written of a name that is no address. */
#define PLAIN(c) \
	(((c) >= 'a' && (c) <= 'z') || ((c) >= 'A' && (c) <= 'Z') || ((c) >= '0' && (c) <= '9') || (c) == '.' || \
	 (c) == '_' || (c) == '-')

#include "http/address.h"

/* What stands in a function is read once, not once for each condition. */
static bool plain(char c)
{
	return PLAIN(c);
}

/* The text that was an address last, its bytes, and how many of them; 0 of them without one. */
static struct slice found;
static const unsigned char *found_bytes;
static size_t found_count;

/* How often an address was written, and the name that was written. */
static unsigned addresses, names;
static struct slice written;

/* How many parameters are named "for". */
static unsigned nodes;

/* Whether the list is one with quotes, and what was cut off last. */
static bool quoted_list;
static struct slice last_piece;

/* Of a list without quotes: no comma is in the piece (proof: split). */
bool comma_contract(struct slice *rest, char separator, struct slice *part)
{
	PROMISE(separator == ',' && !quoted_list);
	bool got = piece_contract(rest, separator, part);
	if (got)
		last_piece = *part;
	return got;
}

/* Of one with quotes (proof: split_unquoted). */
bool unquoted_contract(struct slice *rest, char separator, struct slice *part)
{
	PROMISE(separator == ',' && quoted_list);
	bool got = piece_contract(rest, separator, part);
	if (got)
		last_piece = *part;
	return got;
}

/* The last element is known where none is left; it is not read before. */
static bool rebase_last(struct slice *rest, struct slice *last)
{
	return rebase_rest(rest) && (rest->at != NULL || rebase(last));
}

/* proof: read */
bool address_read(struct slice text, unsigned char *bytes, size_t count)
{
	READABLE(text);
	PROMISE(count == 4 || count == 16);
	__CPROVER_precondition(__CPROVER_w_ok(bytes, count), "there is room");
	if (text.len == 0 || text.len > 45 || nondet_bool())
		return false;
	found = text;
	found_bytes = bytes;
	found_count = count;
	return true;
}

/* proofs: write_v6, write_address */
void address_write(struct buf *b, const unsigned char *bytes, size_t count)
{
	(void)b;
	__CPROVER_precondition(__CPROVER_r_ok(bytes, count), "an address can be read");
	PROMISE(count == found_count && bytes == found_bytes);
	addresses++;
}

/* proof: add; no more is written than fits. */
void buf_add(struct buf *b, struct slice s)
{
	READABLE(s);
	PROMISE(s.len <= b->size - b->len);
	written = s;
	names++;
}

#include "http/forwarded.c"

/*
 * proof: unquote unquote
 * shows: what is left lies in what was given, and holds a quote only behind a backslash of a quoted string
 * bound: 32768 bytes
 * without: unsigned-overflow
 * invariant: http/forwarded.c: /^static bool unquote/,/^}/s/while (end < s->len \(.*\))$/while (end < s->len \1)
 *   __CPROVER_assigns(end) __CPROVER_loop_invariant(end <= s->len + 1 \&\& (quoted || end <= s->len)
 *   \&\& (quoted || witness >= end || s->at[witness] != 34)) __CPROVER_decreases(s->len + 1 - end)/
 * fault: http/forwarded.c: s/if (end != s->len - quoted)/if (end < s->len - quoted)/
 */
void prove_unquote(void)
{
	struct slice s = any_slice(HEAD_MAX), before = s;
	witness = nondet_size();
	bool got = unquote(&s);
	PROMISE(within(s, before));
	if (got && before.len > 0 && before.at[0] == '"') {
		PROMISE(before.len >= 2 && s.len == before.len - 2);
	} else if (got) {
		PROMISE(s.len == before.len && (witness >= s.len || s.at[witness] != '"'));
	}
	REACHED(got && s.len == 7 && before.len == 9);
	REACHED(got && s.len == HEAD_MAX);
	REACHED(!got);
}

/*
 * proof: obfuscated is_obfuscated
 * shows: true only for an underscore and one byte or more, each of them a letter, a digit, ".", "_" or "-"
 * bound: 32768 bytes
 * invariant: http/forwarded.c: /^static bool is_obfuscated/,/^}/s/i++)$/i++) __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i >= 1 \&\& i <= s.len \&\& (witness >= i || PLAIN(s.at[witness])))
 *   __CPROVER_decreases(s.len - i)/
 * fault: http/forwarded.c: s/s.at.i. != '-')/s.at[i] != ' ')/
 * fault: http/forwarded.c: s/if (s.len < 2 ||/if (s.len < 1 ||/
 */
void prove_obfuscated(void)
{
	struct slice s = any_slice(HEAD_MAX);
	witness = nondet_size();
	bool is = is_obfuscated(s);
	PROMISE(!is || (s.len >= 2 && s.at[0] == '_' && (witness >= s.len || PLAIN(s.at[witness]))));
	REACHED(is && s.len == HEAD_MAX);
	REACHED(!is && s.len == 5);
	REACHED(!is && s.len == 0);
}

bool obfuscated_contract(struct slice s)
{
	READABLE(s);
	bool is = s.len >= 2 && nondet_bool();
	if (is && witness < s.len)
		ASSUME(plain(s.at[witness]));
	return is;
}

/*
 * proof: port port_valid
 * shows: true without a port, and for 1 to 5 digits, or letters, digits, ".", "_" and "-" alone
 * bound: 32768 bytes
 * replace: is_obfuscated:obfuscated_contract
 * fault: http/forwarded.c: s/s.len >= 1 \&\& s.len <= 5 \&\& slice_is_digits(s)/s.len <= 5/
 * fault: http/forwarded.c: s/s.len >= 1 \&\& s.len <= 5/s.len <= 5/
 */
void prove_port(void)
{
	struct slice s = any_or_none(HEAD_MAX);
	witness = nondet_size();
	bool valid = port_valid(s);
	PROMISE(!valid || s.at == NULL || s.len > 0);
	PROMISE(!valid || witness >= s.len || plain(s.at[witness]));
	REACHED(valid && s.len == 5);
	REACHED(valid && s.len == HEAD_MAX);
	REACHED(valid && s.at == NULL);
	REACHED(!valid && s.len == 0);
}

/* Where the port that was looked at lies, and what was said of it. */
static struct slice port_of;
static bool port_fine;

bool port_contract(struct slice s)
{
	READABLE(s);
	port_of = s;
	port_fine = s.at == NULL || (s.len > 0 && nondet_bool());
	return port_fine;
}

/*
 * proof: v6 read_v6
 * shows: true only where the C library took the whole text for an address of 16 bytes, or what is within brackets, and
 *   behind these is nothing, or a colon and a port
 * bound: 32768 bytes
 * without: conversion
 * replace: port_valid:port_contract
 * fault: http/forwarded.c: s/if (rest.at == NULL || !address_read/if (!address_read/
 * fault: http/forwarded.c: s/return rest.at.0. == ':' \&\& port_valid(slice_from(rest, 1));/return port_valid(rest);/
 * fault: http/forwarded.c: s/if (s.len == 0 || s.at.0. != '.')/if (s.at[0] != '[')/
 * fault: http/forwarded.c: s/!address_read(inner, bytes, 16))/!address_read(inner, bytes, 4))/
 */
void prove_v6(void)
{
	struct slice s = any_slice(HEAD_MAX);
	unsigned char bytes[16];
	port_of = (struct slice){NULL, 0};
	found_count = 0;
	witness = nondet_size();
	bool is = read_v6(s, bytes);
	if (is) {
		size_t end = found.len + 2;
		bool whole = found.at == s.at && found.len == s.len;
		PROMISE(found_count == 16 && found_bytes == bytes && s.len > 0);
		PROMISE(whole == (s.at[0] != '['));
		PROMISE(whole || (found.at == s.at + 1 && end <= s.len && s.at[end - 1] == ']'));
		PROMISE(whole || end == s.len || s.at[end] == ':');
		PROMISE(whole || end == s.len || (port_fine && port_of.at == s.at + end + 1 && port_of.len == s.len - end - 1));
		REACHED(whole && s.len == 45);
		REACHED(!whole && end == s.len);
		REACHED(!whole && s.len == HEAD_MAX);
	}
	REACHED(!is && s.len == 0);
}

bool v6_contract(struct slice s, unsigned char bytes[16])
{
	READABLE(s);
	__CPROVER_precondition(__CPROVER_w_ok(bytes, 16), "there is room");
	if (s.len == 0 || nondet_bool())
		return false;
	found = any_part(s);
	found_bytes = bytes;
	found_count = 16;
	return true;
}

/*
 * proof: node put_node
 * shows: true where one thing is written: an address that was read from the text, or where it is allowed a name of
 *   letters, digits, ".", "_" and "-" that begins the text and fits into the room; else nothing is written
 * bound: 32768 bytes
 * replace: is_obfuscated:obfuscated_contract port_valid:port_contract read_v6:v6_contract
 * fault: http/forwarded.c: s/obfuscated \&\& fits \&\& /obfuscated \&\& /
 * fault: http/forwarded.c: s/obfuscated \&\& fits \&\& /fits \&\& /
 * fault: http/forwarded.c: s/address_write(address, bytes, 16)/address_write(address, bytes, 4)/
 * fault: http/forwarded.c: s/buf_add(address, name)/buf_add(address, s)/
 */
void prove_node(void)
{
	struct slice s = any_slice(HEAD_MAX);
	struct buf room = {.size = nondet_size(), .len = nondet_size()};
	bool obfuscated = nondet_bool();
	ASSUME(room.size <= ADDRESS_MAX && room.len <= room.size);
	witness = nondet_size();
	addresses = names = 0;
	bool put = put_node(s, obfuscated, &room);
	PROMISE(addresses + names == put);
	PROMISE(addresses == 0 || within(found, s));
	if (names == 1) {
		PROMISE(obfuscated && written.at == s.at && written.len <= s.len && written.len >= 2);
		PROMISE(written.len == s.len || s.at[written.len] == ':');
		PROMISE(witness >= written.len || plain(s.at[witness]));
		PROMISE(port_fine);
	}
	REACHED(names == 1 && written.len == ADDRESS_MAX);
	REACHED(addresses == 1 && found_count == 4);
	REACHED(addresses == 1 && found_count == 16);
	REACHED(!put && s.len == HEAD_MAX);
}

bool unquote_contract(struct slice *s)
{
	*s = inner_contract(*s);
	return nondet_bool();
}

struct slice for_text(const char *text)
{
	PROMISE(text[0] == 'f' && text[3] == '\0');
	return (struct slice){text, 3};
}

bool for_contract(struct slice a, struct slice b)
{
	READABLE(a);
	PROMISE(b.len == 3 && b.at[0] == 'f');
	bool same = a.len == 3 && nondet_bool();
	if (same && nodes < 2)
		nodes++;
	return same;
}

/*
 * proof: parameter for_parameter
 * shows: the value lies in the element; there is one only where one parameter, and no more, is named "for"
 * bound: 32768 bytes, any number of parameters
 * edit: http/forwarded.c: s/static const struct slice none/const struct slice none/
 * replace: unquote:unquote_contract slice_equal_nocase:for_contract slice_split:piece_contract
 *   slice_split_unquoted:piece_contract slice_trim:inner_contract slice_of:for_text
 * invariant: http/forwarded.c: s/while (slice_split_unquoted(&element, ';', &pair)) {/base = element;
 *   while (rebase_rest(\&element) \&\& rebase_part(\&node) \&\& slice_split_unquoted(\&element, 59, \&pair))
 *   __CPROVER_assigns(element, pair, name, node, nodes)
 *   __CPROVER_loop_invariant(IS_REST(element) \&\& IS_PART(node) \&\& nodes == (node.at != NULL))
 *   __CPROVER_decreases(element.len, element.at != NULL) {/
 * fault: http/forwarded.c: s/if (node.at != NULL)$/if (false)/
 * fault: http/forwarded.c: s/if (pair.at == NULL || !slice_is_token(name))/if (!slice_is_token(name))/
 */
void prove_parameter(void)
{
	struct slice element = any_slice(HEAD_MAX);
	nodes = 0;
	struct slice node = for_parameter(element);
	PROMISE(node.at == NULL || (within(node, element) && nodes == 1));
	REACHED(node.len == 5 && element.len == HEAD_MAX);
	REACHED(node.at != NULL && node.len == 0);
	REACHED(node.at == NULL && nodes == 2);
	REACHED(node.at == NULL && nodes == 0);
}

/* ---- the last element ---- */

/*
 * proof: last_element last_element
 * shows: the last piece that was cut off, so without a comma, but for one within quotes where these are told of; it is
 *   an end of the list, and no slice only of none
 * bound: 32768 bytes, any number of elements
 * replace: slice_split:comma_contract slice_split_unquoted:unquoted_contract
 * invariant: http/forwarded.c: s/while (\(.*quotes ? .*\))$/base = list;
 *   while (rebase_last(\&list, \&last) \&\& (\1)) __CPROVER_assigns(list, last, last_piece)
 *   __CPROVER_loop_invariant(IS_REST(list)
 *   \&\& (list.at != NULL || (IS_END(last) \&\& last_piece.at == last.at \&\& last_piece.len == last.len)))
 *   __CPROVER_decreases(list.len, list.at != NULL)/
 * fault: http/forwarded.c: s/while (\(quotes ? .*\))$/while (last.at == NULL \&\& (\1))/
 * fault: http/forwarded.c: s/while (quotes ? /while (!quotes ? /
 * fault: http/forwarded.c: /^static struct slice last_element/,/^}/s/return last;/return list;/
 */
void prove_last_element(void)
{
	struct slice list = any_or_none(HEAD_MAX);
	quoted_list = nondet_bool();
	last_piece = (struct slice){NULL, 0};
	struct slice last = last_element(list, quoted_list);
	PROMISE((last.at == NULL) == (list.at == NULL) && within(last, list));
	PROMISE(list.at == NULL || last.at + last.len == list.at + list.len);
	PROMISE(last.at == last_piece.at && last.len == last_piece.len);
	REACHED(last.len == 7 && list.len == HEAD_MAX && quoted_list);
	REACHED(last.len == HEAD_MAX && !quoted_list);
	REACHED(last.at != NULL && last.len == 0);
	REACHED(last.at == NULL);
}

/* The field, whether it is that of RFC 7239, its last element, and the same without blanks. */
static struct slice whole_field, element_text, trimmed;
static bool standard_field;

/* What for_parameter said. */
static struct slice its_node;

struct slice last_contract(struct slice list, bool quotes)
{
	READABLE(list);
	PROMISE(list.at == whole_field.at && list.len == whole_field.len && quotes == standard_field);
	size_t len = nondet_size();
	ASSUME(len <= list.len);
	element_text = list.at == NULL ? list : (struct slice){list.at + (list.len - len), len};
	return element_text;
}

/* proof: trim */
struct slice trimmed_contract(struct slice s)
{
	PROMISE(s.at == element_text.at && s.len == element_text.len);
	trimmed = inner_contract(s);
	return trimmed;
}

/* proof: parameter */
struct slice parameter_contract(struct slice element)
{
	READABLE(element);
	PROMISE(standard_field && element.at == trimmed.at && element.len == trimmed.len);
	its_node = element.at == NULL || nondet_bool() ? (struct slice){NULL, 0} : any_part(element);
	return its_node;
}

/* proof: node */
bool node_contract(struct slice s, bool obfuscated, struct buf *address)
{
	READABLE(s);
	PROMISE(s.at != NULL && obfuscated == standard_field && names == 0 && address->size == ADDRESS_MAX);
	struct slice wanted = standard_field ? its_node : trimmed;
	PROMISE(s.at == wanted.at && s.len == wanted.len);
	written = s;
	names += nondet_bool();
	return names > 0;
}

struct slice forwarded_text(const char *text)
{
	PROMISE(text[0] == 'F' && text[9] == '\0');
	return (struct slice){text, 9};
}

bool standard_contract(struct slice a, struct slice b)
{
	READABLE(a);
	PROMISE(b.len == 9 && b.at[0] == 'F');
	return standard_field;
}

/*
 * proof: client_address forwarded_address
 * shows: true where one thing is written, which lies in the last element of the field: of Forwarded, with its quotes,
 *   the value of "for", of any other field all of the element but the blanks around it; only of Forwarded may it be a
 *   name
 * bound: 32768 bytes
 * replace: last_element:last_contract slice_trim:trimmed_contract for_parameter:parameter_contract
 *   put_node:node_contract slice_equal_nocase:standard_contract slice_of:forwarded_text
 * fault: http/forwarded.c: s/return node.at != NULL \&\& put_node/return put_node/
 * fault: http/forwarded.c: s/slice_trim(last_element(value, standard))/slice_trim(value)/
 * fault: http/forwarded.c: s/last_element(value, standard)/last_element(value, false)/
 * fault: http/forwarded.c: s/put_node(node, standard, address)/put_node(node, true, address)/
 * fault: http/forwarded.c: /^bool forwarded_address/,/^}/s/if (standard)/if (!standard)/
 */
void prove_client_address(void)
{
	struct slice name = any_slice(HEAD_MAX);
	struct buf room = {.size = ADDRESS_MAX};
	whole_field = any_or_none(HEAD_MAX);
	standard_field = nondet_bool();
	names = 0;
	bool got = forwarded_address(name, whole_field, &room);
	PROMISE(got == (names == 1));
	PROMISE(!got || (within(written, element_text) && within(element_text, whole_field)));
	PROMISE(!got || element_text.at + element_text.len == whole_field.at + whole_field.len);
	REACHED(got && standard_field && written.len == 7 && element_text.len == 20 && whole_field.len == HEAD_MAX);
	REACHED(got && !standard_field && written.len == HEAD_MAX);
	REACHED(!got && standard_field && trimmed.len == 7);
	REACHED(!got && whole_field.at == NULL);
}
