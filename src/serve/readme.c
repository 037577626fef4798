/* SPDX-License-Identifier: ISC */
#include "serve/readme.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/path.h"
#include "serve/resource.h"
#include "system/root.h"

void readme_begin(struct readme *r)
{
	r->rank = 0;
	r->file.fd = -1;
	r->at = r->end = 0;
}

void readme_note(struct readme *r, const char *name)
{
	static const char names[][12] = {"README.md", "README.txt", "README"};
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		if (slice_equal_nocase(slice_of(name), slice_of(names[i])) && (r->rank == 0 || i + 1 < r->rank)) {
			r->rank = i + 1;
			memcpy(r->name, name, strlen(name) + 1); /* which is as long as one of the names */
		}
}

int readme_open(struct readme *r, int root, struct slice path)
{
	char room[PATH_BYTES];
	struct buf texts = buf_in(room, sizeof room);
	const char *file = r->rank > 0 ? path_join(&texts, path, r->name, "") : NULL;
	enum status refusal = file != NULL ? resource_open(root, file, RESOURCE_FILE, &r->file) : STATUS_NOT_FOUND;
	if (refusal != STATUS_NONE)
		r->rank = 0;
	else
		r->end = r->file.size < README_MAX ? r->file.size : README_MAX;
	return refusal == STATUS_SERVICE_UNAVAILABLE ? EMFILE : 0;
}

size_t readme_read(struct readme *r, char *room, size_t size)
{
	uint64_t left = r->end - r->at;
	ssize_t n;
	do
		n = pread(r->file.fd, room, left < size ? (size_t)left : size, (off_t)r->at);
	while (n < 0 && errno == EINTR);
	size_t got = n > 0 ? (size_t)n : 0;
	const char *nul = memchr(room, '\0', got);
	if (nul != NULL) {
		got = (size_t)(nul - room);
		r->end = r->at + got;
	}
	r->at += got;
	if (got == 0)
		root_close(&r->file);
	return got;
}
