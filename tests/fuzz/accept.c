/* SPDX-License-Identifier: ISC */
/*
 * Accept-Encoding and Accept: the first byte chooses the media type that is asked about. Each line behind it is a field
 * value: of Accept where its first byte is odd, else of Accept-Encoding.
 */
#include "http/accept.h"

#include "base/buf.h"
#include "fuzz.h"

static const char types[][26] = {"text/html", "application/json", "text/html; charset=utf-8", "a/b"};

static char room[40000];

enum shape { AS_IT_IS, IN_CAPITALS, SPACED, JOINED };

/*
 * Writes the head with these lines: as they are, with its letters in upper case, with spaces around each value, or with
 * all lines of a field joined in one.
 */
static struct slice head_of(struct slice input, enum shape shape)
{
	struct buf b = buf_in(room, sizeof room);
	buf_text(&b, "GET / HTTP/1.0\r\n");
	for (unsigned field = 0; field < 2; field++) {
		struct slice line, rest = input;
		bool begun = false;
		while (slice_split(&rest, '\n', &line)) {
			if (line.len == 0 || (line.at[0] & 1u) != field)
				continue;
			buf_text(&b, shape == JOINED && begun ? "," : field ? "Accept:" : "Accept-Encoding:");
			buf_text(&b, shape == SPACED ? " \t" : "");
			for (size_t i = 1; i < line.len; i++)
				buf_char(&b, shape == IN_CAPITALS && line.at[i] >= 'a' && line.at[i] <= 'z' ? (char)(line.at[i] - 32)
				                                                                            : line.at[i]);
			buf_text(&b, shape == SPACED ? "\t " : "");
			buf_text(&b, shape == JOINED ? "" : "\r\n");
			begun = true;
		}
		buf_text(&b, shape == JOINED && begun ? "\r\n" : "");
	}
	buf_text(&b, "\r\n");
	hold(!b.overflow, "the head fits");
	return copy_of(room, b.len);
}

struct wish {
	unsigned coding[CODING_COUNT], type;
	bool named, understood; /* whether the head was well-formed */
};

static struct wish wish_of(struct slice input, enum shape shape, const char *type)
{
	struct request r;
	struct wish w = {.named = false};
	struct slice head = head_of(input, shape);
	w.understood = request_parse(head, &r) == STATUS_NONE;
	if (w.understood) {
		accept_codings(&r, w.coding);
		w.type = accept_type(&r, type, &w.named);
		hold(r.first[FIELD_ACCEPT].at != NULL || (w.type == 1000 && !w.named), "without Accept everything is welcome");
		for (unsigned c = 0; c < CODING_IDENTITY && r.first[FIELD_ACCEPT_ENCODING].at == NULL; c++)
			hold(w.coding[c] == 0, "without Accept-Encoding only identity is welcome");
	}
	free((void *)head.at);
	return w;
}

static void check_same(const struct wish *a, const struct wish *b, const char *what)
{
	hold(a->understood == b->understood && memcmp(a->coding, b->coding, sizeof a->coding) == 0 && a->type == b->type &&
	         a->named == b->named, what);
}

/*
 * The thousandths of a number such as "0.5": at most 1000, and at least 1 for a number that is not zero. A text that is
 * no number counts as 1000.
 */
static unsigned naive_quality(struct slice s)
{
	unsigned n = 0, places = 0;
	bool dot = false, digit = false, large = false, tiny = false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (c == '.' && !dot) {
			dot = true;
			continue;
		}
		if (c < '0' || c > '9')
			return 1000;
		digit = true;
		large = large || (!dot && c != '0');
		tiny = tiny || c != '0';
		if (dot && places < 3) {
			n = n * 10 + (unsigned)(c - '0');
			places++;
		}
	}
	while (places++ < 3)
		n *= 10;
	return !digit || large ? 1000 : n == 0 && tiny ? 1 : n;
}

/* One element without quotes: its name, and the last q among its parameters. */
static struct slice naive_element(struct slice element, unsigned *quality)
{
	struct slice name, parameter, key;
	*quality = 1000;
	slice_split(&element, ';', &name);
	while (slice_split(&element, ';', &parameter)) {
		slice_split(&parameter, '=', &key);
		key = slice_trim(key);
		if (key.len == 1 && char_lower(key.at[0]) == 'q' && parameter.at != NULL)
			*quality = naive_quality(slice_trim(parameter));
	}
	return slice_trim(name);
}

/*
 * The quality that one Accept-Encoding without quotes gives a coding. Reads it anew for each coding; identity comes
 * last.
 */
static unsigned naive_coding(struct slice list, const char *coding, const char *alias)
{
	struct slice element;
	unsigned quality, own = 0, others = 0;
	bool named = false, any = false, identity = strcmp(coding, "identity") == 0;
	while (slice_split(&list, ',', &element)) {
		struct slice name = naive_element(element, &quality);
		if (slice_equal_nocase(name, slice_of(coding)) || slice_equal_nocase(name, slice_of(alias))) {
			named = true;
			own = quality;
		} else if (name.len == 1 && name.at[0] == '*') {
			any = true;
			others = quality;
		}
	}
	if (named)
		return own;
	return identity ? (any && others == 0 ? 0 : 1) : others;
}

static void check_codings(struct slice list, const unsigned coding[CODING_COUNT])
{
	hold(coding[CODING_BROTLI] == naive_coding(list, "br", "br"), "br is as welcome as it says");
	hold(coding[CODING_ZSTD] == naive_coding(list, "zstd", "zstd"), "zstd is as welcome as it says");
	hold(coding[CODING_GZIP] == naive_coding(list, "gzip", "x-gzip"), "gzip is as welcome as it says");
	hold(coding[CODING_IDENTITY] == naive_coding(list, "identity", "identity"), "identity is as welcome as it says");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2 || size > 2000)
		return 0;
	const char *type = types[data[0] % 4];
	struct slice input = copy_of(data + 1, size - 1);
	struct wish wish = wish_of(input, AS_IT_IS, type), other = wish_of(input, IN_CAPITALS, type);
	check_same(&wish, &other, "case makes no difference");
	other = wish_of(input, SPACED, type);
	check_same(&wish, &other, "space around a value makes no difference");
	if (memchr(input.at, '"', input.len) == NULL && memchr(input.at, '\r', input.len) == NULL) {
		other = wish_of(input, JOINED, type);
		check_same(&wish, &other, "several lines are the same as one");
	}
	for (unsigned c = 0; c < CODING_COUNT && wish.understood; c++)
		hold(wish.coding[c] <= 1000, "a quality is at most 1000");
	hold(wish.type <= 1000, "a quality is at most 1000");
	/* A single line can be checked by the other parser. */
	bool one = input.len > 0 && (input.at[0] & 1) == 0 && memchr(input.at, '\n', input.len) == NULL;
	if (wish.understood && one && memchr(input.at, '"', input.len) == NULL)
		check_codings(slice_from(input, 1), wish.coding);
	bool refusable = slice_contains(input, slice_of("identity")) || memchr(input.at, '*', input.len) != NULL;
	hold(!wish.understood || wish.coding[CODING_IDENTITY] > 0 || refusable, "identity is welcome unless it is named");
	free((void *)input.at);
	return 0;
}
