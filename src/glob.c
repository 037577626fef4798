/* SPDX-License-Identifier: ISC */
/* Ours, as the C library's fnmatch brings tables of all the world's letters into the program. */
#include "glob.h"

/* Takes one character off a pattern that is not empty, and a backslash before it. */
static unsigned char take(struct slice *glob)
{
	struct slice rest = slice_from(*glob, glob->len > 1 && glob->at[0] == '\\');
	*glob = slice_from(rest, 1);
	return (unsigned char)rest.at[0];
}

/* Takes a bracket expression off the pattern; false, with the pattern as it was, when no bracket closes it. */
static bool take_bracket(struct slice *glob, unsigned char c, bool *matches)
{
	struct slice rest = slice_from(*glob, 1);
	bool negated = rest.len > 0 && rest.at[0] == '!', among = false;
	rest = slice_from(rest, negated);
	for (bool begun = false; rest.len > 0 && (!begun || rest.at[0] != ']'); begun = true) {
		unsigned char first = take(&rest), last = first;
		if (rest.len > 1 && rest.at[0] == '-' && rest.at[1] != ']') {
			rest = slice_from(rest, 1);
			last = take(&rest);
		}
		among = among || (first <= c && c <= last);
	}
	if (rest.len == 0)
		return false;
	*glob = slice_from(rest, 1);
	*matches = among != negated;
	return true;
}

/* Takes what stands for one character off a pattern that is not empty; whether it stands for this one. */
static bool take_one(struct slice *glob, unsigned char c)
{
	bool matches, any = glob->at[0] == '?';
	if (glob->at[0] == '[' && take_bracket(glob, c, &matches))
		return matches;
	return take(glob) == c || any;
}

bool glob_matches(struct slice glob, struct slice name)
{
	struct slice star = {NULL, 0}, from = name; /* behind the last asterisk, and where its text ends for now */
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
