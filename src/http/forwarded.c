/* SPDX-License-Identifier: ISC */
#include "http/forwarded.h"

#include "http/address.h"

/* obfnode and obfport = "_" 1*( ALPHA / DIGIT / "." / "_" / "-" ) (RFC 7239 section 6) */
static bool is_obfuscated(struct slice s)
{
	if (s.len < 2 || s.at[0] != '_')
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (!char_is_alphanumeric(s.at[i]) && s.at[i] != '.' && s.at[i] != '_' && s.at[i] != '-')
			return false;
	return true;
}

/* node-port = 1*5DIGIT / obfport. No slice, as without a colon, is valid too. */
static bool port_valid(struct slice s)
{
	return s.at == NULL || (s.len >= 1 && s.len <= 5 && slice_is_digits(s)) || is_obfuscated(s);
}

/* IPv6address, or in brackets with an optional port; false for everything else. */
static bool read_v6(struct slice s, unsigned char bytes[16])
{
	struct slice inner, rest = slice_from(s, 1);
	if (s.len == 0 || s.at[0] != '[')
		return address_read(s, bytes, 16);
	slice_split(&rest, ']', &inner);
	if (rest.at == NULL || !address_read(inner, bytes, 16))
		return false;
	if (rest.len == 0)
		return true;
	return rest.at[0] == ':' && port_valid(slice_from(rest, 1));
}

/* Writes a node without its port, where it is an address, or an obfuscated name and these are allowed. */
static bool put_node(struct slice s, bool obfuscated, struct buf *address)
{
	unsigned char bytes[16];
	struct slice name, port = s;
	slice_split(&port, ':', &name);
	bool fits = name.len <= address->size - address->len;
	if (address_read(name, bytes, 4) && port_valid(port))
		address_write(address, bytes, 4);
	else if (read_v6(s, bytes))
		address_write(address, bytes, 16);
	else if (obfuscated && fits && is_obfuscated(name) && port_valid(port))
		buf_add(address, name);
	else
		return false;
	return true;
}

/*
 * Removes the quotes of a quoted-string (RFC 9110 section 5.6.4). Its escapes stay, so that no text with one is an
 * address. False for a quote that is not closed, or that stands anywhere else.
 */
static bool unquote(struct slice *s)
{
	size_t end = 0;
	bool quoted = s->len > 0 && s->at[0] == '"';
	if (quoted)
		*s = slice_from(*s, 1);
	while (end < s->len && s->at[end] != '"')
		end += quoted && s->at[end] == '\\' ? 2 : 1;
	if (end != s->len - quoted)
		return false;
	s->len = end;
	return true;
}

/*
 * The value of the parameter "for" of one forwarded-element = forwarded-pair *( ";" forwarded-pair ); no slice where
 * there is none, or where the element is not well-formed. A client that leaves a quoted string open, so that the comma
 * of our proxy seems to be a part of it, makes an element with a stray quote, which is not well-formed.
 */
static struct slice for_parameter(struct slice element)
{
	static const struct slice none = {NULL, 0};
	struct slice pair, name, node = none;
	while (slice_split_unquoted(&element, ';', &pair)) {
		slice_split(&pair, '=', &name);
		name = slice_trim(name);
		if (pair.at == NULL || !slice_is_token(name))
			return none;
		pair = slice_trim(pair);
		if (!unquote(&pair))
			return none;
		if (!slice_equal_nocase(name, slice_of("for")))
			continue;
		if (node.at != NULL)
			return none; /* "MUST NOT occur more than once" */
		node = pair;
	}
	return node;
}

/* The last element of a list, which the proxy in front of us wrote; no slice of none. A comma may be within quotes. */
static struct slice last_element(struct slice list, bool quotes)
{
	struct slice last = {NULL, 0};
	while (quotes ? slice_split_unquoted(&list, ',', &last) : slice_split(&list, ',', &last))
		;
	return last;
}

bool forwarded_address(struct slice name, struct slice value, struct buf *address)
{
	bool standard = slice_equal_nocase(name, slice_of("Forwarded"));
	struct slice node = slice_trim(last_element(value, standard));
	if (standard)
		node = for_parameter(node);
	return node.at != NULL && put_node(node, standard, address);
}
