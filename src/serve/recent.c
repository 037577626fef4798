/* SPDX-License-Identifier: ISC */
#include "serve/recent.h"

#include <string.h>

void recent_begin(struct recent *recent)
{
	memset(recent, 0, sizeof *recent);
}

void recent_enter(struct recent *recent, int64_t second, uint64_t device, uint64_t inode)
{
	recent->second = second;
	recent->device = device;
	recent->inode = inode;
}

/* The only place where this path is remembered (its hash is FNV-1a). Another path of that place replaces it. */
static size_t place_of(const char *path)
{
	uint32_t hash = 2166136261u;
	for (; *path != '\0'; path++)
		hash = (hash ^ (unsigned char)*path) * 16777619u;
	return (hash ^ hash >> 16) % RECENT_FILES;
}

void recent_note(struct recent *recent, const char *path, struct recent_siblings siblings)
{
	size_t length = recent != NULL ? strlen(path) : RECENT_PATH;
	if (length >= RECENT_PATH)
		return;
	struct recent_file *file = &recent->file[place_of(path)];
	file->second = recent->second;
	file->device = recent->device;
	file->inode = recent->inode;
	file->siblings = siblings;
	memcpy(file->path, path, length + 1);
}

bool recent_knows(const struct recent *recent, const char *path, struct recent_siblings *siblings)
{
	if (siblings != NULL)
		*siblings = (struct recent_siblings){0, 0};
	if (recent == NULL)
		return false;
	const struct recent_file *file = &recent->file[place_of(path)];
	if (file->second != recent->second || file->device != recent->device || file->inode != recent->inode ||
	    strcmp(file->path, path) != 0)
		return false;
	if (siblings != NULL)
		*siblings = file->siblings;
	return true;
}
