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

/* What follows the last dot of a name, unless the name begins with this very dot; no slice without one. */
static struct slice extension_of(struct slice name)
{
	size_t at = name.len;
	while (at > 0 && name.at[at - 1] != '.')
		at--;
	return at < 2 ? (struct slice){NULL, 0} : slice_from(name, at);
}

static uint32_t hash_on(uint32_t hash, char c)
{
	return (hash + (unsigned char)char_lower(c)) * MIME_FACTOR;
}

const char *mime_type(struct slice path)
{
	struct slice name = name_of(path), key = extension_of(name);
	bool whole = key.at == NULL; /* a name without an extension stands behind a slash in the table */
	uint32_t hash = whole ? hash_on(0, '/') : 0;
	if (whole)
		key = name;
	for (size_t i = 0; i < key.len; i++)
		hash = hash_on(hash, key.at[i]);
	uint32_t product = hash * mime_multipliers[hash % MIME_BUCKETS];
	/* The one slot where the extension can be; mime.awk has the same arithmetic. */
	const struct mime_slot *slot = &mime_slots[(product >> 16) % MIME_SLOTS];
	const char *text = mime_extensions + slot->extension;
	bool known = (text[0] == '/') == whole && slice_same(key, slice_of(text + whole));
	return mime_types + (known ? slot->type : 0); /* at 0 there is application/octet-stream */
}

bool mime_gzipped(struct slice name)
{
	return slice_same(extension_of(name_of(name)), slice_of("svgz"));
}
