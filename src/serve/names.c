/* SPDX-License-Identifier: ISC */
#include "serve/names.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/path.h"
#include "base/status.h"
#include "serve/policy.h"
#include "system/list.h"
#include "system/root.h"

enum { DIRECTORY = 'd', OTHER = 'f' }; /* the first letter of a key, in the order of the kinds */

/* A key, taken apart. */
struct key {
	char letter;
	uint64_t rank;
	const char *name;
};

void names_begin(struct names *n, int root, int directory, struct slice path, struct order order)
{
	n->root = root;
	n->directory = directory;
	n->path = path;
	n->order = order;
	n->whole = false;
	n->count = n->next = n->used = 0;
	n->last[0] = n->bound[0] = '\0';
}

int names_stat(struct names *n, const char *name, struct entry *entry)
{
	struct buf texts = buf_in(n->looked_at, sizeof n->looked_at);
	const char *path = path_join(&texts, n->path, name, "");
	int error = path == NULL ? ENAMETOOLONG : root_stat(n->root, path, n->directory, entry);
	if (error != 0)
		entry->readable = false;
	return status_of_errno(error) == STATUS_SERVICE_UNAVAILABLE ? error : 0;
}

static struct key read_key(const char *at)
{
	struct key key = {at[0], 0, at + NAMES_NAME};
	memcpy(&key.rank, at + NAMES_RANK, sizeof key.rank);
	return key;
}

/* Writes a key, and returns how many bytes it has. */
static size_t write_key(char *at, struct key key)
{
	at[0] = key.letter;
	memcpy(at + NAMES_RANK, &key.rank, sizeof key.rank);
	strcpy(at + NAMES_NAME, key.name);
	return NAMES_NAME + strlen(key.name) + 1;
}

/* As strcmp, of two keys. */
static int compare(const struct names *n, struct key a, struct key b)
{
	if (a.letter != b.letter)
		return a.letter - b.letter;
	if (a.rank != b.rank)
		return a.rank < b.rank ? -1 : 1;
	bool backwards = n->order.by == ORDER_NAME && n->order.descending;
	return backwards ? order_names(b.name, a.name) : order_names(a.name, b.name);
}

/* Whether this pass keeps such a key. */
static bool is_wanted(const struct names *n, struct key key)
{
	return (n->last[0] == '\0' || compare(n, key, read_key(n->last)) > 0) &&
	       (n->bound[0] == '\0' || compare(n, key, read_key(n->bound)) <= 0);
}

static struct key key_at(const struct names *n, size_t i)
{
	return read_key(n->text + n->place[i]);
}

/* Merges two sorted runs of places, [from, middle) and [middle, end), into `spare`. */
static void merge(struct names *n, size_t from, size_t middle, size_t end)
{
	size_t left = from, right = middle;
	for (size_t i = from; i < end; i++) {
		bool first = right == end || (left < middle && compare(n, key_at(n, left), key_at(n, right)) <= 0);
		n->spare[i] = n->place[first ? left++ : right++];
	}
}

/* Sorts the keys: by merge sort, whose time depends on their number alone. */
static void sort(struct names *n)
{
	for (size_t run = 1; run < n->count; run *= 2) {
		for (size_t from = 0; from < n->count; from += 2 * run) {
			size_t middle = from + run < n->count ? from + run : n->count;
			merge(n, from, middle, middle + run < n->count ? middle + run : n->count);
		}
		memcpy(n->place, n->spare, n->count * sizeof n->place[0]);
	}
}

/* Makes room: drops the latter half of the keys, and from now on keeps none behind the last that stays. */
static void halve(struct names *n)
{
	n->whole = false;
	sort(n);
	write_key(n->bound, key_at(n, n->count / 2));
	struct key bound = read_key(n->bound);
	size_t end = n->used;
	n->count = n->used = 0;
	for (size_t at = 0, size; at < end; at += size) {
		struct key key = read_key(n->text + at);
		size = NAMES_NAME + strlen(key.name) + 1;
		if (compare(n, key, bound) > 0)
			continue;
		memmove(n->text + n->used, n->text + at, size);
		n->place[n->count++] = (uint32_t)n->used;
		n->used += size;
	}
}

static bool is_full(const struct names *n, size_t size)
{
	return n->count == NAMES_MAX || size > sizeof n->text - n->used;
}

/* Whether the key of a name is unknown until names_stat has looked at its file. */
static bool asks(const struct names *n, const char *name, enum list_kind kind)
{
	if (n->order.by != ORDER_NAME)
		return true;
	struct key directory = {DIRECTORY, 0, name}, other = {OTHER, 0, name};
	return (kind == LIST_UNKNOWN || kind == LIST_LINK) && (is_wanted(n, directory) || is_wanted(n, other));
}

/* Keeps a name if this pass wants it: if it is among the first ones behind `last` that there is room for. */
static bool collect(void *context, const char *name, enum list_kind kind)
{
	struct names *n = context;
	size_t size = NAMES_NAME + strlen(name) + 1;
	struct entry entry = {.directory = kind == LIST_DIRECTORY, .readable = true};
	if (size > sizeof n->last || policy_visible_length(slice_of(name)) == 0)
		return true;
	n->error = asks(n, name, kind) ? names_stat(n, name, &entry) : 0;
	if (n->error != 0 || !entry.readable)
		return n->error == 0;
	struct key key = {entry.directory ? DIRECTORY : OTHER, order_rank(n->order, &entry), name};
	if (is_wanted(n, key) && is_full(n, size))
		halve(n);
	if (is_wanted(n, key)) {
		n->place[n->count++] = (uint32_t)n->used;
		n->used += write_key(n->text + n->used, key);
	}
	return true;
}

/* One pass over the directory. */
static int fill(struct names *n)
{
	n->whole = true;
	n->count = n->next = n->used = 0;
	n->error = 0;
	n->bound[0] = '\0';
	int error = list_each(n->directory, n->chunk, sizeof n->chunk, collect, n);
	sort(n);
	return error != 0 ? error : n->error;
}

int names_next(struct names *n, const char **name)
{
	*name = NULL;
	if (n->next == n->count && !n->whole) {
		if (n->count > 0)
			write_key(n->last, key_at(n, n->count - 1));
		int error = fill(n);
		if (error != 0)
			return error;
	}
	if (n->next < n->count)
		*name = key_at(n, n->next++).name;
	return 0;
}
