/* SPDX-License-Identifier: ISC */
#include "accept.h"

static const char names[CODING_COUNT][9] = {"br", "zstd", "gzip", "identity"};
static const char suffixes[CODING_COUNT][5] = {".br", ".zst", ".gz", ""};

const char *coding_name(enum coding coding)
{
	return names[coding];
}

const char *coding_suffix(enum coding coding)
{
	return suffixes[coding];
}

/* qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ), in thousandths; anything else is 0. */
static unsigned parse_quality(struct slice s)
{
	struct slice whole;
	unsigned n = 0;
	slice_split(&s, '.', &whole);
	if (slice_equal(whole, slice_of("1")))
		n = 1000;
	else if (!slice_equal(whole, slice_of("0")))
		return 0;
	for (size_t i = 0, worth = 100; s.at != NULL && i < s.len; i++, worth /= 10) {
		if (s.at[i] < '0' || s.at[i] > '9' || i == 3)
			return 0;
		n += (unsigned)(s.at[i] - '0') * (unsigned)worth;
	}
	return n <= 1000 ? n : 0;
}

/* Splits "name;a=b;q=0.5" into its name and its quality, 1000 without one; *plain: with no other parameter. */
static struct slice split_weight(struct slice element, unsigned *quality, bool *plain)
{
	struct slice name, parameter, key, rest = element;
	*quality = 1000;
	*plain = true;
	slice_split(&rest, ';', &name);
	while (slice_split_unquoted(&rest, ';', &parameter)) {
		slice_split(&parameter, '=', &key);
		if (parameter.at != NULL && slice_same(slice_trim(key), slice_of("q")))
			*quality = parse_quality(slice_trim(parameter));
		else if (slice_trim(key).len > 0)
			*plain = false;
	}
	return slice_trim(name);
}

static enum coding coding_of(struct slice name)
{
	unsigned c = 0;
	while (c < CODING_COUNT && !slice_same(name, slice_of(names[c])))
		c++;
	if (c == CODING_COUNT && slice_same(name, slice_of("x-gzip"))) /* RFC 9110 section 8.4.1.3 */
		c = CODING_GZIP;
	return (enum coding)c;
}

void accept_codings(const struct request *request, unsigned quality[CODING_COUNT])
{
	struct slice line = {NULL, 0}, element;
	bool named[CODING_COUNT] = {false}, any = false, plain;
	unsigned others = 0, q;
	for (unsigned c = 0; c < CODING_COUNT; c++)
		quality[c] = 0;
	while (request_next(request, FIELD_ACCEPT_ENCODING, &line)) {
		for (struct slice list = line; slice_element(&list, &element);) {
			struct slice name = split_weight(element, &q, &plain);
			enum coding coding = coding_of(name);
			if (slice_equal(name, slice_of("*"))) {
				any = true;
				others = q;
			} else if (coding < CODING_COUNT) {
				named[coding] = true;
				quality[coding] = q;
			}
		}
	}
	for (unsigned c = 0; c < CODING_IDENTITY; c++)
		if (!named[c])
			quality[c] = others;
	if (!named[CODING_IDENTITY])
		quality[CODING_IDENTITY] = any && others == 0 ? 0 : 1;
}

/*
 * How closely a media range matches the type: 4 as itself, 3 with parameters that ours does not have, 2 as "type/\*",
 * 1 as "*\/\*", 0 not at all.
 */
static unsigned closeness(struct slice range, bool plain, struct slice type)
{
	struct slice major, rest = type;
	if (slice_same(range, type))
		return plain ? 4 : 3;
	slice_split(&rest, '/', &major);
	if (range.len == major.len + 2 && slice_same((struct slice){range.at, major.len}, major) &&
	    slice_equal(slice_from(range, major.len), slice_of("/*")))
		return 2;
	return slice_equal(range, slice_of("*/*")) ? 1 : 0;
}

unsigned accept_type(const struct request *request, const char *type, bool *named)
{
	struct slice line = {NULL, 0}, element;
	unsigned best = 0, quality = 0, q;
	bool plain;
	*named = false;
	if (request->first[FIELD_ACCEPT].at == NULL)
		return 1000;
	while (request_next(request, FIELD_ACCEPT, &line)) {
		for (struct slice list = line; slice_element(&list, &element);) {
			struct slice range = split_weight(element, &q, &plain);
			unsigned close = closeness(range, plain, slice_of(type));
			if (close > best) {
				best = close;
				quality = q;
			}
		}
	}
	*named = best >= 3;
	return quality;
}
