/* SPDX-License-Identifier: ISC */
#include "serve/recent.h"

#include <string.h>

#include "system/root.h"

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
static struct recent_file *place_of(struct recent *recent, const char *path)
{
	uint32_t hash = 2166136261u;
	for (; *path != '\0'; path++)
		hash = (hash ^ (unsigned char)*path) * 16777619u;
	return &recent->file[(hash ^ hash >> 16) % RECENT_FILES];
}

/* Whether that is what is remembered of the path in the site that is asked, in whatever second it was found. */
static bool is_of(const struct recent_file *file, const struct recent *recent, const char *path)
{
	return file->device == recent->device && file->inode == recent->inode && strcmp(file->path, path) == 0;
}

/* Makes the place one of a path of which nothing is known. */
static void begin_file(struct recent_file *file, const struct recent *recent, const char *path, size_t length)
{
	for (size_t c = 0; c < CODING_COUNT; c++) {
		if (file->path[0] != '\0')
			root_close(&file->open[c]);
		file->open[c].fd = -1;
	}
	file->device = recent->device;
	file->inode = recent->inode;
	memcpy(file->path, path, length + 1);
}

struct recent_file *recent_note(struct recent *recent, const char *path)
{
	size_t length = recent != NULL ? strlen(path) : RECENT_PATH;
	if (length >= RECENT_PATH || length == 0)
		return NULL;
	struct recent_file *file = place_of(recent, path);
	bool known = file->path[0] != '\0' && is_of(file, recent, path);
	if (!known)
		begin_file(file, recent, path, length);
	if (!known || file->second != recent->second)
		file->siblings = (struct recent_siblings){0, 0};
	file->second = recent->second;
	return file;
}

struct recent_file *recent_find(struct recent *recent, const char *path)
{
	struct recent_file *file = recent != NULL && path[0] != '\0' ? place_of(recent, path) : NULL;
	return file != NULL && file->second == recent->second && is_of(file, recent, path)
	               ? file
	               : NULL;
}

void recent_keep(struct entry *place, struct entry *entry)
{
	if (place == NULL || entry->size > SMALL_FILE) {
		root_close(entry);
		return;
	}
	root_close(place);
	*place = *entry;
	entry->fd = -1;
}
