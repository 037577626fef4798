/* SPDX-License-Identifier: ISC */
#include "http/mime.h"

#include "mime-table.h"

/* The last component of a path. */
static struct slice name_of(struct slice path)
{
	size_t at = path.len;
	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return slice_from(path, at);
}

/* The text behind the last dot of a name; no slice without a dot, or where it is the first byte. */
static struct slice extension_of(struct slice name)
{
	size_t at = name.len;
	while (at > 0 && name.at[at - 1] != '.')
		at--;
	return at < 2 ? (struct slice){NULL, 0} : slice_from(name, at);
}

/* As strcmp, of the key in lower case and a text. */
static int compare(struct slice key, const char *text)
{
	for (size_t i = 0; i < key.len; i++) {
		int difference = (unsigned char)char_lower(key.at[i]) - (unsigned char)text[i];
		if (difference != 0 || text[i] == '\0')
			return difference != 0 ? difference : 1;
	}
	return text[key.len] == '\0' ? 0 : -1;
}

/* The type of a key among the rows [from, end), by binary search. */
static const char *type_among(size_t from, size_t end, struct slice key)
{
	while (from < end) {
		size_t middle = from + (end - from) / 2;
		int order = compare(key, mime_keys + mime_rows[middle].key);
		if (order == 0)
			return mime_types + mime_rows[middle].type;
		if (order < 0)
			end = middle;
		else
			from = middle + 1;
	}
	return mime_types; /* which begin with application/octet-stream */
}

const char *mime_type(struct slice path)
{
	struct slice name = name_of(path), extension = extension_of(name);
	return extension.at != NULL ? type_among(MIME_NAMES, MIME_ROWS, extension) : type_among(0, MIME_NAMES, name);
}

bool mime_gzipped(struct slice name)
{
	return slice_equal_nocase(extension_of(name_of(name)), slice_of("svgz"));
}
