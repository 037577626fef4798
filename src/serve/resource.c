/* SPDX-License-Identifier: ISC */
#include "serve/resource.h"

#include "system/root.h"

struct resource resource_none(void)
{
	return (struct resource){.file.fd = -1, .coding = CODING_IDENTITY, .path = ""};
}

/* Whether what was opened may be served, or what the errno of the failure means; on every refusal *entry is closed. */
static enum status admit(int error, enum resource_kinds kinds, struct entry *entry)
{
	enum status refusal = status_of_errno(error);
	if (refusal == STATUS_NONE && (kinds & (entry->directory ? RESOURCE_DIRECTORY : RESOURCE_FILE)) == 0)
		refusal = STATUS_NOT_FOUND;
	if (refusal == STATUS_NONE && !entry->directory && !entry->readable)
		refusal = STATUS_FORBIDDEN;
	if (refusal != STATUS_NONE)
		root_close(entry);
	return refusal;
}

enum status resource_open(int root, const char *path, enum resource_kinds kinds, struct entry *entry)
{
	return admit(root_get(root, path, entry), kinds, entry);
}

enum status resource_open_again(int root, const char *path, enum resource_kinds kinds, struct entry *kept,
                                struct entry *entry)
{
	*entry = *kept;
	kept->fd = -1;
	if (entry->fd >= 0 && root_unchanged(root, path, entry))
		return admit(0, kinds, entry);
	root_close(entry);
	return admit(root_get_again(root, path, entry), kinds, entry);
}
