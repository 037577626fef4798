/* SPDX-License-Identifier: ISC */
#include "serve/link.h"

#include <errno.h>
#include <string.h>

#include "base/bounds.h"
#include "system/root.h"

bool link_is_uri(const char *text)
{
	static const char schemes[2][9] = {"http://", "https://"}; /* in either case (RFC 3986 section 3.1) */
	struct slice whole = slice_of(text);
	size_t scheme = 0;
	for (size_t i = 0; i < 2; i++) {
		struct slice prefix = slice_of(schemes[i]);
		if (whole.len >= prefix.len && slice_equal_nocase((struct slice){text, prefix.len}, prefix))
			scheme = prefix.len;
	}
	if (scheme == 0 || strchr("/:?#", text[scheme]) != NULL) /* strchr finds the NUL as well: there is no host */
		return false;
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	return true;
}

enum status link_redirect(char *text, const struct target *target, size_t prefix, struct resource *out)
{
	struct slice rest = slice_from((struct slice){target->path, target->length}, prefix);
	enum status status = STATUS_FOUND;
	if (!link_is_uri(text))
		return STATUS_NOT_FOUND;
	char *mark = strrchr(text, '#'), *end = text + strlen(text) - 1;
	if (mark != NULL && strcmp(mark, "#301") == 0) {
		status = STATUS_MOVED_PERMANENTLY;
		*mark = '\0';
		end = mark - 1;
	}
	if (*end == '/' && text[strcspn(text, "?#")] == '\0') {
		*end = '\0'; /* the encoded rest begins with a slash */
		out->moved = slice_from(rest, prefix > 0 && rest.len > 0); /* without the slash between them */
		out->moved_slash = target->directory;
	} else if (rest.len > 0) {
		return STATUS_NOT_FOUND;
	}
	out->link = text;
	return status;
}

/* As link_find. *error is the errno of root_readlink. */
static enum status find_at(int root, const struct target *target, size_t prefix, const char *path, struct buf *room,
                           struct resource *out, int *error)
{
	struct buf rest = buf_rest(room);
	*error = root_readlink(root, path, rest.at, rest.size < LINK_BYTES ? rest.size : LINK_BYTES);
	if (*error != 0) { /* 404 only where there is no such link, not where it cannot be read just now */
		enum status failure = status_of_errno(*error);
		return failure >= STATUS_INTERNAL_SERVER_ERROR ? failure : STATUS_NOT_FOUND;
	}
	size_t length = strlen(rest.at) + 1;
	enum status status = link_redirect(rest.at, target, prefix, out);
	room->len += status != STATUS_NOT_FOUND ? length : 0;
	return status;
}

/* The same for the first `end` bytes of the target's path; a NUL stands behind them during the call. */
static enum status find_at_prefix(int root, const struct target *target, size_t end, struct buf *room,
                                  struct resource *out, int *error)
{
	char behind = target->path[end];
	target->path[end] = '\0';
	enum status status = find_at(root, target, end, target->path, room, out, error);
	target->path[end] = behind;
	return status;
}

enum status link_find(int root, const struct target *target, const char *path, struct buf *room, struct resource *out)
{
	int error;
	return find_at(root, target, target->length, path, room, out, &error);
}

/* The length of the path up to the end of the name that begins there. */
static size_t name_end(const char *path, size_t begin)
{
	return begin + strcspn(path + begin, "/");
}

/*
 * Looks at the first name of the path, and then at the whole path. Of most paths that do not exist the first name is
 * missing, and one look is enough. The names between are looked at only where the directory of the last one is missing.
 */
enum status link_search(int root, const struct target *target, struct buf *room, struct resource *out)
{
	size_t end = name_end(target->path, 0);
	int error;
	enum status status = find_at_prefix(root, target, end, room, out, &error);
	bool there = error == 0 || error == EINVAL;
	if (status != STATUS_NOT_FOUND || !there || end == target->length)
		return status;
	status = find_at(root, target, target->length, target->path, room, out, &error);
	there = error == ENOTDIR || error == ENAMETOOLONG;
	while (status == STATUS_NOT_FOUND && there && (end = name_end(target->path, end + 1)) < target->length) {
		status = find_at_prefix(root, target, end, room, out, &error);
		there = error == 0 || error == EINVAL;
	}
	return status;
}
