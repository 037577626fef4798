/* SPDX-License-Identifier: ISC */
#include "base/path.h"

#include "base/bounds.h"

const char *path_join(struct buf *room, struct slice directory, const char *name, const char *ending)
{
	struct buf path = buf_rest(room);
	path.size = path.size < PATH_BYTES ? path.size : PATH_BYTES;
	buf_add(&path, directory);
	if (directory.len > 0 && name[0] != '\0')
		buf_char(&path, '/');
	buf_text(&path, name);
	buf_text(&path, ending);
	buf_char(&path, '\0');
	if (path.overflow)
		return NULL;
	room->len += path.len;
	return path.at;
}
