/* SPDX-License-Identifier: ISC */
#include "http/accept.h"

enum { STAR = CODING_COUNT, UNKNOWN }; /* "*" in Accept-Encoding, and a coding that httpd does not know */

static const char names[][9] = {[CODING_BROTLI] = "br", "zstd", "gzip", "identity", [STAR] = "*"};
static const char suffixes[CODING_COUNT][5] = {".br", ".zst", ".gz", ""};

const char *coding_name(enum coding coding)
{
	return names[coding];
}

enum coding coding_of_name(struct slice name)
{
	enum coding coding = CODING_BROTLI;
	while (coding < CODING_IDENTITY && !slice_equal_nocase(name, slice_of(names[coding])))
		coding++;
	return coding;
}

const char *coding_suffix(enum coding coding)
{
	return suffixes[coding];
}

/*
 * qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ), in thousandths (RFC 9110 section 12.4.2). Only zero
 * refuses. Clients send other weights as well: a number such as ".5" or "0.12345" counts as 1 to 1000, and any other
 * text as no weight.
 */
static unsigned parse_quality(struct slice s)
{
	struct slice whole;
	unsigned thousandths = 0;
	bool zero = true;
	slice_split(&s, '.', &whole);
	if (whole.len + s.len == 0 || !slice_is_digits(whole) || !slice_is_digits(s))
		return 1000;
	for (size_t i = 0; i < whole.len; i++)
		if (whole.at[i] != '0')
			return 1000;
	for (size_t i = 0; i < s.len; i++)
		zero = zero && s.at[i] == '0';
	for (size_t i = 0; i < 3; i++)
		thousandths = thousandths * 10 + (i < s.len ? (unsigned)(s.at[i] - '0') : 0);
	return thousandths == 0 && !zero ? 1 : thousandths;
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
		if (parameter.at != NULL && slice_equal_nocase(slice_trim(key), slice_of("q")))
			*quality = parse_quality(slice_trim(parameter));
		else if (slice_trim(key).len > 0)
			*plain = false;
	}
	return slice_trim(name);
}

static unsigned named_coding(struct slice name)
{
	unsigned c = 0;
	if (slice_equal_nocase(name, slice_of("x-gzip"))) /* RFC 9110 section 8.4.1.3 */
		return CODING_GZIP;
	while (c < UNKNOWN && !slice_equal_nocase(name, slice_of(names[c])))
		c++;
	return c;
}

void accept_codings(const struct request *request, unsigned quality[CODING_COUNT])
{
	struct field_lines lines = request_lines(request, FIELD_ACCEPT_ENCODING);
	struct slice list, element;
	unsigned named[UNKNOWN + 1] = {0}, q; /* one more than the quality; 0: it is not named */
	bool plain;
	while (request_next(&lines, &list)) {
		while (slice_element(&list, &element)) {
			struct slice name = split_weight(element, &q, &plain);
			named[named_coding(name)] = q + 1;
		}
	}
	unsigned others = named[STAR] > 0 ? named[STAR] - 1 : 0;
	for (unsigned c = 0; c < CODING_COUNT; c++)
		quality[c] = named[c] > 0 ? named[c] - 1 : others;
	if (named[CODING_IDENTITY] == 0)
		quality[CODING_IDENTITY] = named[STAR] != 1; /* 1: "*;q=0" */
}

/*
 * How closely a media range matches the type: 4 as itself, 3 with parameters that ours does not have, 2 with a star for
 * the subtype, 1 with two stars, or with one alone, as Java sends it; 0 not at all.
 */
static unsigned specificity(struct slice range, bool plain, struct slice type)
{
	struct slice major, minor = type;
	if (slice_equal_nocase(range, type))
		return plain ? 4 : 3;
	slice_split(&minor, '/', &major);
	size_t slash = major.len + 1; /* what "type" and its slash take */
	if (range.len == slash + 1 && range.at[slash] == '*' &&
	    slice_equal_nocase((struct slice){range.at, slash}, (struct slice){type.at, slash}))
		return 2;
	return slice_equal(range, slice_of("*/*")) || slice_equal(range, slice_of("*")) ? 1 : 0;
}

unsigned accept_type(const struct request *request, const char *type, bool *named)
{
	struct field_lines lines = request_lines(request, FIELD_ACCEPT);
	struct slice list, element;
	unsigned best = 0, quality = 0, q;
	bool plain;
	*named = false;
	if (request->first[FIELD_ACCEPT].at == NULL)
		return 1000;
	while (request_next(&lines, &list)) {
		while (slice_element(&list, &element)) {
			struct slice range = split_weight(element, &q, &plain);
			unsigned close = specificity(range, plain, slice_of(type));
			if (close > best) {
				best = close;
				quality = q;
			}
		}
	}
	*named = best >= 3;
	return quality;
}

bool accept_prefers(const struct request *request, const char *type, const char *usual)
{
	bool type_named, usual_named;
	unsigned quality = accept_type(request, type, &type_named);
	unsigned usual_quality = accept_type(request, usual, &usual_named);
	if (quality != usual_quality)
		return quality > usual_quality;
	return quality > 0 && type_named && !usual_named;
}
