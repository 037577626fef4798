/* SPDX-License-Identifier: ISC */
#include "mime.h"

#include "mime-table.h"

/* What follows the last dot of the last component, unless that begins with this very dot. */
static struct slice extension_of(struct slice name)
{
	size_t at = name.len;
	while (at > 0 && name.at[at - 1] != '.' && name.at[at - 1] != '/')
		at--;
	if (at < 2 || name.at[at - 1] == '/' || name.at[at - 2] == '/')
		return (struct slice){NULL, 0};
	return slice_from(name, at);
}

const char *mime_type(struct slice name)
{
	struct slice extension = extension_of(name);
	uint32_t hash = 0;
	for (size_t i = 0; i < extension.len; i++)
		hash = (hash + (unsigned char)char_lower(extension.at[i])) * MIME_FACTOR;
	uint32_t product = hash * mime_multipliers[hash % MIME_BUCKETS];
	/* The one slot where the extension can be; mime.awk has the same arithmetic. */
	const struct mime_slot *slot = &mime_slots[(product >> 16) % MIME_SLOTS];
	bool known = slice_same(extension, slice_of(mime_extensions + slot->extension));
	return mime_types + (known ? slot->type : 0); /* at 0 there is application/octet-stream */
}
