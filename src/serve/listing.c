/* SPDX-License-Identifier: ISC */
#include "serve/listing.h"

#include <errno.h>

#include "base/path.h"
#include "base/status.h"
#include "serve/listing_html.h"
#include "serve/listing_json.h"
#include "system/memory.h"
#include "system/root.h"

int listing_open(struct listing **out, int root, int directory, struct slice path, bool json)
{
	struct listing *l = memory_allocate(sizeof *l);
	*out = NULL;
	if (l == NULL)
		return errno;
	l->root = root;
	l->directory = directory;
	l->path = path;
	l->json = json;
	l->stage = LISTING_HEAD;
	l->most = OUTPUT_MAX;
	names_begin(&l->names, directory);
	*out = l;
	return 0;
}

void listing_close(struct listing *l)
{
	if (l != NULL)
		memory_free(l, sizeof *l);
}

/* Writes the entry of a name that a request would get; false where there is no room for it. */
static bool put_entry(struct listing *l, const struct entry *entry)
{
	struct buf before = l->piece;
	if (l->json)
		listing_json_entry(&l->piece, l->name, entry, !l->begun);
	else
		listing_html_entry(&l->piece, l->name, entry);
	if (l->piece.overflow) {
		l->piece = before;
		return false;
	}
	l->begun = true;
	return true;
}

/* Sets *entry to what a request for the name would get. A name that fails, as it is gone meanwhile, is not readable. */
static int look_at(const struct listing *l, struct entry *entry)
{
	char room[PATH_BYTES];
	struct buf texts = buf_in(room, sizeof room);
	const char *path = path_join(&texts, l->path, l->name, "");
	int error = path == NULL ? ENAMETOOLONG : root_stat(l->root, path, l->directory, entry);
	if (error != 0)
		entry->readable = false;
	/* The system lacks memory or descriptors: a later request may well get this name. */
	return status_of_errno(error) == STATUS_SERVICE_UNAVAILABLE ? error : 0;
}

/* Writes entries until the piece is full, or there are no more. */
static int put_entries(struct listing *l)
{
	struct entry entry;
	for (int error;; l->name = NULL) {
		error = l->name == NULL ? names_next(&l->names, &l->name) : 0;
		if (error == 0 && l->name == NULL)
			l->stage = LISTING_TAIL;
		else if (error == 0)
			error = look_at(l, &entry);
		if (error != 0 || l->stage == LISTING_TAIL)
			return error;
		if (entry.readable && !put_entry(l, &entry))
			return 0;
	}
}

static void put_head(struct listing *l)
{
	if (l->json)
		listing_json_begin(&l->piece);
	else
		listing_html_begin(&l->piece, l->path);
	l->stage = LISTING_ENTRIES;
}

/* Writes the end of the page, if there is room for it in this piece. */
static void put_tail(struct listing *l)
{
	struct buf before = l->piece;
	if (l->json)
		listing_json_end(&l->piece);
	else
		listing_html_end(&l->piece);
	if (l->piece.overflow)
		l->piece = before;
	else
		l->stage = LISTING_END;
}

int listing_next(struct listing *l)
{
	int error = 0;
	l->piece = buf_in(l->room + LISTING_FRAME, l->most);
	if (l->stage == LISTING_HEAD)
		put_head(l);
	if (l->stage == LISTING_ENTRIES)
		error = put_entries(l);
	if (l->stage == LISTING_TAIL)
		put_tail(l);
	return error;
}
