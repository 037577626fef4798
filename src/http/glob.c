/* SPDX-License-Identifier: ISC */
/* Not fnmatch(3), which brings the C library's tables of all locales into the program. */
#include "http/glob.h"

/* Takes one character off a pattern that is not empty, and a backslash before it. */
static unsigned char take(struct slice *glob)
{
	struct slice rest = slice_from(*glob, glob->len > 1 && glob->at[0] == '\\');
	*glob = slice_from(rest, 1);
	return (unsigned char)rest.at[0];
}

/* The twelve classes of XBD 7.3.1, sorted. */
enum class { ALNUM, ALPHA, BLANK, CNTRL, DIGIT, GRAPH, LOWER, PRINT, PUNCT, SPACE, UPPER, XDIGIT, CLASSES };

static const char class_names[CLASSES][7] = {
	"alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit",
};

/* Whether a byte belongs to a class in the POSIX locale. */
static bool is_in_class(enum class class, unsigned char c)
{
	bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
	bool graph = c > ' ' && c < 0x7f;
	switch (class) {
	case ALNUM:
		return lower || upper || digit;
	case ALPHA:
		return lower || upper;
	case BLANK:
		return c == ' ' || c == '\t';
	case CNTRL:
		return c < ' ' || c == 0x7f;
	case DIGIT:
		return digit;
	case GRAPH:
		return graph;
	case LOWER:
		return lower;
	case PRINT:
		return graph || c == ' ';
	case PUNCT:
		return graph && !lower && !upper && !digit;
	case SPACE:
		return c == ' ' || (c >= '\t' && c <= '\r');
	case UPPER:
		return upper;
	default:
		return char_hex((char)c) >= 0;
	}
}

/* Takes the name of a class and ":]" off the pattern; CLASSES where there is none of that name. */
static enum class take_class(struct slice *glob)
{
	struct slice name = {glob->at, 0};
	while (name.len < glob->len && name.at[name.len] >= 'a' && name.at[name.len] <= 'z')
		name.len++;
	struct slice rest = slice_from(*glob, name.len);
	unsigned class = 0;
	while (class < CLASSES && !slice_equal(name, slice_of(class_names[class])))
		class++;
	if (rest.len < 2 || rest.at[0] != ':' || rest.at[1] != ']')
		return CLASSES;
	*glob = slice_from(rest, 2);
	return (enum class)class;
}

/*
 * Takes an element of a bracket expression, which is not empty: a character, also as [.x.] or [=x=], or a class; *class
 * is CLASSES where it is none. False where it is malformed.
 */
static bool take_element(struct slice *glob, unsigned char *character, enum class *class)
{
	const char *at = glob->at;
	*class = CLASSES;
	if (glob->len < 2 || at[0] != '[' || (at[1] != ':' && at[1] != '.' && at[1] != '=')) {
		*character = take(glob);
		return true;
	}
	char kind = at[1];
	*glob = slice_from(*glob, 2);
	if (kind == ':') {
		*class = take_class(glob);
		return *class != CLASSES;
	}
	if (glob->len < 3 || glob->at[1] != kind || glob->at[2] != ']')
		return false;
	*character = (unsigned char)glob->at[0];
	*glob = slice_from(*glob, 3);
	return true;
}

/* Takes an element, or a range of characters, off a bracket expression; false where it is malformed. */
static bool take_range(struct slice *glob, unsigned char c, bool *among)
{
	unsigned char first, last;
	enum class class;
	if (!take_element(glob, &first, &class))
		return false;
	if (class != CLASSES) {
		*among = *among || is_in_class(class, c);
		return true;
	}
	last = first;
	if (glob->len > 1 && glob->at[0] == '-' && glob->at[1] != ']') {
		*glob = slice_from(*glob, 1);
		if (!take_element(glob, &last, &class) || class != CLASSES)
			return false;
	}
	*among = *among || (first <= c && c <= last);
	return true;
}

/* Takes a bracket expression off the pattern; false where it is malformed, or no bracket closes it. */
static bool take_bracket(struct slice *glob, unsigned char c, bool *matches)
{
	struct slice rest = slice_from(*glob, 1);
	bool negated = rest.len > 0 && (rest.at[0] == '!' || rest.at[0] == '^'), among = false;
	rest = slice_from(rest, negated);
	for (bool begun = false; rest.len > 0 && (!begun || rest.at[0] != ']'); begun = true)
		if (!take_range(&rest, c, &among))
			return false;
	if (rest.len == 0)
		return false;
	*glob = slice_from(rest, 1);
	*matches = among != negated;
	return true;
}

/* Takes the part that stands for one character off a pattern that is not empty. Returns whether it stands for c. */
static bool take_one(struct slice *glob, unsigned char c)
{
	bool matches, any = glob->at[0] == '?';
	if (glob->at[0] == '[')
		return take_bracket(glob, c, &matches) && matches;
	return take(glob) == c || any;
}

bool glob_valid(struct slice glob)
{
	bool matches, valid = true;
	while (glob.len > 0 && valid)
		if (glob.at[0] == '[')
			valid = take_bracket(&glob, 'x', &matches);
		else
			take(&glob);
	return valid;
}

size_t glob_length(struct slice text, char end)
{
	struct slice rest = text;
	bool matches;
	while (rest.len > 0 && rest.at[0] != end)
		if (rest.at[0] != '[')
			take(&rest);
		else if (!take_bracket(&rest, 'x', &matches))
			return text.len;
	return text.len - rest.len;
}

bool glob_matches(struct slice glob, struct slice name)
{
	/* The pattern behind the last asterisk, and the end of the text that it stands for so far. */
	struct slice star = {NULL, 0}, from = name;
	while (glob.len > 0 || name.len > 0) {
		struct slice rest = glob;
		if (glob.len > 0 && glob.at[0] == '*') {
			star = glob = slice_from(glob, 1);
			from = name;
		} else if (name.len > 0 && rest.len > 0 && take_one(&rest, (unsigned char)name.at[0])) {
			glob = rest;
			name = slice_from(name, 1);
		} else if (star.at != NULL && from.len > 0) {
			name = from = slice_from(from, 1);
			glob = star;
		} else {
			return false;
		}
	}
	return true;
}
