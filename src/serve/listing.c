/* SPDX-License-Identifier: ISC */
#include "serve/listing.h"

#include <errno.h>

#include "serve/listing_json.h"
#include "system/memory.h"
#include "system/root.h"

int listing_open(struct listing **out, int root, int directory, struct slice path, struct slice query, bool json)
{
	struct listing *l = memory_allocate(sizeof *l);
	*out = NULL;
	if (l == NULL)
		return errno;
	l->json = json;
	l->stage = LISTING_HEAD;
	l->most = OUTPUT_MAX;
	readme_begin(&l->readme);
	names_begin(&l->names, root, directory, path, order_parse(query));
	*out = l;
	return 0;
}

void listing_close(struct listing *l)
{
	if (l == NULL)
		return;
	root_close(&l->readme.file);
	memory_free(l, sizeof *l);
}

static bool is_first(const struct listing *l)
{
	return l->sums.directories + l->sums.files == 0;
}

/* Adds an entry to the sums. The sum of the sizes stays at UINT64_MAX once it is there: sparse files can reach it. */
static void count(struct listing_sums *sums, const struct entry *entry)
{
	if (entry->directory) {
		sums->directories++;
		return;
	}
	sums->files++;
	sums->bytes = entry->size < UINT64_MAX - sums->bytes ? sums->bytes + entry->size : UINT64_MAX;
}

/* Writes the entry of a name that a request would get; false where there is no room for it. */
static bool put_entry(struct listing *l, const struct entry *entry)
{
	struct buf before = l->piece;
	if (l->json)
		listing_json_entry(&l->piece, l->name, entry, is_first(l));
	else
		listing_html_entry(&l->piece, l->name, entry);
	if (l->piece.overflow) {
		l->piece = before;
		return false;
	}
	count(&l->sums, entry);
	if (!entry->directory && !l->json)
		readme_note(&l->readme, l->name);
	return true;
}

/* Writes entries until the piece is full, or there are no more. */
static int put_entries(struct listing *l)
{
	struct entry entry;
	for (int error;; l->name = NULL) {
		error = l->name == NULL ? names_next(&l->names, &l->name) : 0;
		if (error == 0 && l->name == NULL)
			l->stage = LISTING_SUMS;
		else if (error == 0)
			error = names_stat(&l->names, l->name, &entry);
		if (error != 0 || l->stage == LISTING_SUMS)
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
		listing_html_begin(&l->piece, l->names.path, l->names.order);
	l->stage = LISTING_ENTRIES;
}

/*
 * Writes the end of the table, and opens the README whose text stands below it. Returns 0 or an errno of readme_open.
 */
static int put_sums(struct listing *l)
{
	struct buf before = l->piece;
	int error = l->readme.file.fd < 0 ? readme_open(&l->readme, l->names.root, l->names.path) : 0;
	bool text = l->readme.rank > 0;
	if (!l->json)
		listing_html_sums(&l->piece, &l->sums);
	if (text)
		listing_html_text(&l->piece, l->readme.name, l->readme.file.size);
	if (l->piece.overflow)
		l->piece = before;
	else
		l->stage = text ? LISTING_README : LISTING_TAIL;
	return error;
}

/* Writes the text of the README until the piece is full, or there is no more of it. */
static void put_readme(struct listing *l)
{
	enum { ESCAPED = 5 }; /* the most bytes that buf_html makes of one */
	char chunk[README_CHUNK];
	for (size_t size; (size = (l->piece.size - l->piece.len) / ESCAPED) > 0;) {
		size_t got = readme_read(&l->readme, chunk, size < sizeof chunk ? size : sizeof chunk);
		if (got == 0) {
			l->stage = LISTING_TAIL;
			return;
		}
		buf_html(&l->piece, (struct slice){chunk, got});
	}
}

/* Writes the end, if there is room for it in this piece. */
static void put_tail(struct listing *l)
{
	struct buf before = l->piece;
	if (l->json)
		listing_json_end(&l->piece);
	else
		listing_html_end(&l->piece, l->readme.rank > 0);
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
	if (error == 0 && l->stage == LISTING_SUMS)
		error = put_sums(l);
	if (error == 0 && l->stage == LISTING_README)
		put_readme(l);
	if (l->stage == LISTING_TAIL)
		put_tail(l);
	return error;
}
