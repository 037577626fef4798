/* SPDX-License-Identifier: ISC */
#include "check/way.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "system/root.h"

/* Makes "text/names" the rest of the way. `names` may be a part of the rest so far. */
static void set_rest(struct way *way, const char *text, struct slice names)
{
	struct buf b = buf_in(way->text, PATH_BYTES);
	char *before = way->rest;
	buf_format(&b, "%s/", text);
	buf_add(&b, names);
	buf_char(&b, '\0');
	way->failed = way->failed || b.overflow;
	way->rest = way->text;
	way->text = before;
}

void way_begin(struct way *way, const char *path, char (*room)[PATH_BYTES])
{
	*way = (struct way){.at = room[0], .rest = room[1], .text = room[2], .link = room[3], .directory = room[4]};
	way->at[0] = way->link[0] = '\0';
	way->failed = path[0] != '/' && getcwd(way->link, PATH_BYTES) == NULL;
	set_rest(way, way->link, slice_of(path));
}

/* Goes up to the directory above. */
static void go_up(struct way *way)
{
	while (way->length > 0 && way->at[--way->length] != '/')
		;
	way->at[way->length] = '\0';
}

/* Goes down to a name, and up again where that is a link: the rest of the way is what it holds. */
static void go_down(struct way *way, struct slice name, struct slice names)
{
	struct buf at = buf_in(way->at + way->length, PATH_BYTES - way->length);
	buf_format(&at, "/%.*s%c", SLICE(name), '\0');
	if (at.overflow) {
		way->failed = true;
		return;
	}
	way->length += at.len - 1;
	int error = root_readlinkat(AT_FDCWD, way->at, way->link, PATH_BYTES);
	bool link = error == 0 && ++way->links <= SYMLINKS_MAX;
	way->failed = way->failed || (!link && error != EINVAL); /* that is: it is no link */
	if (link)
		go_up(way);
	if (link && way->link[0] == '/')
		way->at[way->length = 0] = '\0';
	set_rest(way, link ? way->link : "", names);
}

bool way_next(struct way *way)
{
	struct slice name, names = slice_of(way->rest);
	struct buf directory = buf_in(way->directory, PATH_BYTES);
	do {
		if (way->failed || !slice_split(&names, '/', &name))
			return false;
	} while (name.len == 0 || slice_equal(name, slice_of(".")));
	buf_format(&directory, "%s%c", way->length > 0 ? way->at : "/", '\0');
	if (slice_equal(name, slice_of(".."))) {
		go_up(way);
		set_rest(way, "", names);
	} else {
		go_down(way, name, names);
	}
	return true;
}
