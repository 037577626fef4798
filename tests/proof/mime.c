/* SPDX-License-Identifier: ISC */
/* mime: the type of a file, from its name. */
#include "contracts.h"
#include "libc.h"

/* How many bytes the block of a text has. */
static size_t text_size;

char char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; /* proof: characters */
}

#include "http/mime.c"

/*
 * proof: last_name name_of
 * shows: the end of the path behind its last slash
 * bound: 32768 bytes
 * invariant: http/mime.c: /^static struct slice name_of/,/^}/s/while (.*$/& __CPROVER_assigns(at)
 *   __CPROVER_loop_invariant(at <= path.len \&\& (witness < at || witness >= path.len || path.at[witness] != 47))
 *   __CPROVER_decreases(at)/
 * fault: http/mime.c: /^static struct slice name_of/,/^}/s/at > 0 \&\& //
 * fault: http/mime.c: /^static struct slice name_of/,/^}/s/slice_from(path, at)/slice_from(path, at - 1)/
 */
void prove_last_name(void)
{
	struct slice path = any_or_none(HEAD_MAX);
	witness = nondet_size();
	struct slice name = name_of(path);
	size_t at = path.len - name.len;
	PROMISE(within(name, path) && (at == 0 || path.at[at - 1] == '/'));
	PROMISE(witness < at || witness >= path.len || path.at[witness] != '/');
	REACHED(name.len == 5 && path.len == HEAD_MAX);
	REACHED(name.len == HEAD_MAX);
	REACHED(name.len == 0 && path.len == 9);
}

/*
 * proof: extension extension_of
 * shows: the end of the name behind its last dot, or no slice; never the whole of a name that begins with its only dot
 * bound: 32768 bytes
 * invariant: http/mime.c: /^static struct slice extension_of/,/^}/s/while (.*$/& __CPROVER_assigns(at)
 *   __CPROVER_loop_invariant(at <= name.len \&\& (witness < at || witness >= name.len || name.at[witness] != 46))
 *   __CPROVER_decreases(at)/
 * fault: http/mime.c: s/return at < 2 ?/return at < 1 ?/
 * fault: http/mime.c: /^static struct slice extension_of/,/^}/s/at > 0 \&\& //
 */
void prove_extension(void)
{
	struct slice name = any_or_none(HEAD_MAX);
	witness = nondet_size();
	struct slice extension = extension_of(name);
	size_t at = name.len - extension.len;
	PROMISE(within(extension, name));
	if (extension.at != NULL) {
		PROMISE(at >= 2 && name.at[at - 1] == '.');
		PROMISE(witness < at || witness >= name.len || name.at[witness] != '.');
	} else {
		PROMISE(witness < 1 || witness >= name.len || name.at[witness] != '.');
	}
	REACHED(extension.len == 3 && name.len == HEAD_MAX);
	REACHED(extension.at != NULL && extension.len == 0);
	REACHED(extension.at == NULL && name.len == 9 && name.at[0] == '.');
}

/*
 * proof: compare compare
 * shows: reads nothing behind the NUL of the text; 0 only for the same bytes but for their case
 * bound: 32768 bytes, a text of 32767
 * without: conversion
 * invariant: http/mime.c: /^static int compare/,/^}/s/i++) {$/i++) __CPROVER_assigns(i)
 *   __CPROVER_loop_invariant(i <= key.len \&\& i < text_size \&\& (witness >= i || (text[witness] != 0 \&\&
 *   text[witness] == (key.at[witness] >= 65 \&\& key.at[witness] <= 90 ? key.at[witness] + 32 : key.at[witness]))))
 *   __CPROVER_decreases(key.len - i) {/
 * fault: http/mime.c: s/difference != 0 || text.i. == '.0'/difference != 0/
 * fault: http/mime.c: s/return text.key.len. == '.0' ? 0 : -1/return text[key.len] == 0 ? 0 : text[key.len + 1]/
 */
void prove_compare(void)
{
	struct slice key = any_slice(HEAD_MAX);
	text_size = nondet_size();
	ASSUME(text_size > 0 && text_size <= HEAD_MAX);
	char *text = any_block(text_size);
	ASSUME(text[text_size - 1] == '\0');
	witness = nondet_size();
	int order = compare(key, text);
	if (order == 0) {
		PROMISE(key.len < text_size && text[key.len] == '\0');
		PROMISE(witness >= key.len || text[witness] == char_lower(key.at[witness]));
	}
	REACHED(order == 0 && key.len == HEAD_MAX - 1);
	REACHED(order == 0 && key.len == 0);
	REACHED(order < 0);
	REACHED(order > 0);
}

int compare_contract(struct slice key, const char *text)
{
	READABLE(key);
	__CPROVER_precondition(__CPROVER_same_object(text, mime_keys) && __CPROVER_r_ok(text, 1), "a key of the table");
	return nondet_int();
}

struct slice name_contract(struct slice path)
{
	READABLE(path);
	size_t skip = nondet_size();
	ASSUME(skip <= path.len);
	return path.len > 0 ? (struct slice){path.at + skip, path.len - skip} : path;
}

struct slice extension_contract(struct slice name)
{
	return name.len < 2 || nondet_bool() ? (struct slice){NULL, 0} : name_contract(name);
}

/*
 * proof: type mime_type type_among
 * shows: a text of the table of types, whatever order the comparisons tell; both tables end in a NUL
 * bound: 32768 bytes, the table as it is
 * replace: compare:compare_contract name_of:name_contract extension_of:extension_contract
 * invariant: http/mime.c: /^static const char .type_among/,/^}/s/while (from < end) {/while (from < end)
 *   __CPROVER_assigns(from, end) __CPROVER_loop_invariant(from <= end \&\& end <= MIME_ROWS)
 *   __CPROVER_decreases(end - from) {/
 * fault: http/mime.c: s/type_among(MIME_NAMES, MIME_ROWS, extension)/type_among(MIME_NAMES, MIME_ROWS + 1, extension)/
 * fault: http/mime.c: s/from = middle + 1/from = middle/
 */
void prove_type(void)
{
	struct slice path = any_slice(HEAD_MAX);
	const char *type = mime_type(path);
	PROMISE(__CPROVER_same_object(type, mime_types) && __CPROVER_r_ok(type, 1));
	PROMISE(mime_types[sizeof mime_types - 1] == '\0' && mime_keys[sizeof mime_keys - 1] == '\0');
	REACHED(type == mime_types);
	REACHED(type != mime_types);
}
