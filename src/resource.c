/* SPDX-License-Identifier: ISC */
#include "resource.h"

#include <errno.h>

#include "mime.h"
#include "policy.h"

/* Opens directory/name, or the name itself where the directory is the root; with *out closed on every refusal. */
static enum status open_file(int root, struct slice directory, const char *name, struct resource *out)
{
	char room[PATH_BYTES];
	struct buf path = buf_in(room, sizeof room);
	buf_add(&path, directory);
	if (directory.len > 0 && name[0] != '\0')
		buf_char(&path, '/');
	buf_text(&path, name);
	buf_char(&path, '\0');
	enum status refusal = status_of_errno(path.overflow ? ENAMETOOLONG : root_get(root, room, &out->file));
	if (refusal != STATUS_NONE)
		return refusal;
	out->type = mime_type((struct slice){room, path.len - 1});
	if (!out->file.directory && !out->file.readable) {
		root_close(&out->file);
		return STATUS_FORBIDDEN;
	}
	return STATUS_NONE;
}

/* The same for what must not be a directory. */
static enum status open_regular(int root, struct slice directory, const char *name, struct resource *out)
{
	enum status refusal = open_file(root, directory, name, out);
	if (refusal == STATUS_NONE && out->file.directory) {
		root_close(&out->file);
		return STATUS_NOT_FOUND;
	}
	return refusal;
}

enum status resource_find(int root, const struct target *target, struct resource *out)
{
	struct slice path = {target->path, target->length};
	out->file.fd = -1;
	if (policy_visible(path) < path.len)
		return STATUS_NOT_FOUND;
	if (target->directory) /* one opening suffices: where it is a file, it has nothing inside */
		return open_regular(root, path, "index.html", out);
	enum status refusal = open_file(root, path, "", out);
	if (refusal != STATUS_NONE || !out->file.directory)
		return refusal;
	root_close(&out->file);
	return STATUS_MOVED_PERMANENTLY;
}

/* The path without its last name, or of it only the ERROR_LEVELS names nearest to the root. */
static struct slice directory_of(const struct target *target)
{
	struct slice path = {target->path, policy_visible((struct slice){target->path, target->length})};
	bool whole = path.len == target->length && target->directory;
	size_t names = 0, end = 0;
	for (size_t i = 0; i <= path.len && names < ERROR_LEVELS; i++) {
		if (i == path.len ? whole && i > 0 : path.at[i] == '/') {
			end = i;
			names++;
		}
	}
	return (struct slice){path.at, end};
}

bool resource_explain(int root, const struct target *target, enum status status, struct resource *out)
{
	char room[16];
	struct buf name = buf_in(room, sizeof room);
	buf_number(&name, (uint64_t)status);
	buf_text(&name, ".html");
	buf_char(&name, '\0');
	struct slice directory = directory_of(target);
	out->file.fd = -1;
	for (;;) {
		if (open_regular(root, directory, room, out) == STATUS_NONE)
			return true;
		if (directory.len == 0)
			return false;
		while (directory.len > 0 && directory.at[--directory.len] != '/')
			;
	}
}
