/* SPDX-License-Identifier: ISC */
#include "serve/vhost.h"

#include <string.h>

#include "base/bounds.h"
#include "http/host.h"
#include "serve/link.h"
#include "serve/resource.h"
#include "system/root.h"

/* Opens the directory of this name, or reads the symlink in its place, as vhost_open. 404: there is neither. */
static enum status open_or_read(int root, const char *name, struct buf *room, struct entry *out, char **link)
{
	enum status refusal = resource_open(root, name, RESOURCE_DIRECTORY, out);
	if (refusal != STATUS_NOT_FOUND)
		return refusal;
	struct buf text = buf_rest(room);
	size_t size = text.size < LINK_BYTES ? text.size : LINK_BYTES;
	enum status failure = status_of_errno(root_readlink(root, name, text.at, size));
	if (failure >= STATUS_INTERNAL_SERVER_ERROR) /* whether there is a link is not known */
		return failure;
	if (failure != STATUS_NONE || !link_is_uri(text.at))
		return STATUS_NOT_FOUND;
	room->len += strlen(text.at) + 1;
	*link = text.at;
	return STATUS_NONE;
}

enum status vhost_open(int root, struct slice host, struct buf *room, struct entry *out, char **link)
{
	char letters[NAME_BYTES];
	struct buf name = buf_in(letters, sizeof letters - 1);
	enum status refusal = STATUS_NOT_FOUND;
	out->fd = -1;
	*link = NULL;
	host_directory(&name, host);
	letters[name.len] = '\0';
	if (name.len > 0 && !name.overflow)
		refusal = open_or_read(root, letters, room, out, link);
	return refusal == STATUS_NOT_FOUND ? open_or_read(root, "default", room, out, link) : refusal;
}
