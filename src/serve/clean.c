/* SPDX-License-Identifier: ISC */
#include "serve/clean.h"

#include <errno.h>

#include "base/path.h"
#include "system/root.h"

struct clean_url clean_url_of(struct slice path)
{
	size_t above = path.len; /* bytes before the last name */
	while (above > 0 && path.at[above - 1] != '/')
		above--;
	if (!slice_equal(slice_from(path, above), slice_of("index")))
		return (struct clean_url){path, false};
	return (struct clean_url){{path.at, above > 0 ? above - 1 : 0}, true};
}

/* The result of a look at a path; UNKNOWN: it failed. */
enum standing { NOTHING, FILE_THERE, DIRECTORY_THERE, UNKNOWN };

static enum standing look(int root, struct slice directory, const char *name, struct buf room)
{
	struct entry entry;
	const char *path = path_join(&room, directory, name, "");
	int error = path != NULL ? root_get(root, path, &entry) : ENAMETOOLONG;
	if (error != 0)
		return error == ENOENT || error == EXDEV ? NOTHING : UNKNOWN;
	root_close(&entry);
	return entry.directory ? DIRECTORY_THERE : FILE_THERE;
}

bool clean_is_free(int root, struct slice path, struct buf room)
{
	enum standing there = look(root, path, "", room);
	if (there != DIRECTORY_THERE)
		return there == NOTHING;
	enum standing index = look(root, path, "index.html", room);
	return index == NOTHING || index == DIRECTORY_THERE;
}
