/* SPDX-License-Identifier: ISC */
#include "serve/error_page.h"

#include "base/bounds.h"
#include "base/path.h"
#include "http/mime.h"
#include "serve/policy.h"

/* Sets the lengths of the paths of a target's directories, that of the root first. Returns their number. */
static size_t directories_of(const struct target *target, size_t end[ERROR_LEVELS + 1])
{
	struct slice path = {target->path, target->length};
	size_t count = 0, visible = policy_visible_length(path);
	bool whole = path.len > 0 && visible == path.len && target->directory;
	end[count++] = 0;
	for (size_t i = 0; i <= visible && count <= ERROR_LEVELS; i++)
		if (i < visible ? path.at[i] == '/' : whole)
			end[count++] = i;
	return count;
}

void error_page_find(int root, const struct target *target, enum status status, struct buf *room,
                     struct resource *out)
{
	char name[sizeof "404.html"];
	struct buf b = buf_in(name, sizeof name);
	size_t end[ERROR_LEVELS + 1], count = directories_of(target, end);
	buf_format(&b, "%u.html%c", (unsigned)status, '\0');
	out->file.fd = -1;
	out->place = NULL; /* a page of an error is not what the path of the target names */
	out->coding = CODING_IDENTITY;
	out->listing = false;
	out->path = "";
	while (count-- > 0) {
		struct buf texts = buf_rest(room);
		const char *path = path_join(&texts, (struct slice){target->path, end[count]}, name, "");
		if (path == NULL || resource_open(root, path, RESOURCE_FILE, &out->file) != STATUS_NONE)
			continue;
		out->path = path;
		out->type = mime_type(slice_of(path));
		room->len += texts.len;
		return;
	}
}
