/* SPDX-License-Identifier: ISC */
#include "serve/vhost.h"

#include "base/bounds.h"
#include "http/host.h"
#include "serve/resource.h"

enum status vhost_open(int root, struct slice host, struct entry *out)
{
	char room[NAME_BYTES];
	struct buf name = buf_in(room, sizeof room - 1);
	enum status refusal = STATUS_NOT_FOUND;
	out->fd = -1;
	host_directory(&name, host);
	room[name.len] = '\0';
	if (name.len > 0 && !name.overflow)
		refusal = resource_open(root, room, RESOURCE_DIRECTORY, out);
	return refusal == STATUS_NOT_FOUND ? resource_open(root, "default", RESOURCE_DIRECTORY, out) : refusal;
}
