/* SPDX-License-Identifier: ISC */
#include "serve/names.h"

#include <string.h>

#include "base/status.h"
#include "serve/policy.h"
#include "system/list.h"

enum { DIRECTORY = 'd', OTHER = 'f' }; /* the first letter of a key, in the order of the kinds */

void names_begin(struct names *n, int directory)
{
	n->directory = directory;
	n->whole = false;
	n->count = n->next = n->used = 0;
	n->last[0] = n->bound[0] = '\0';
}

static const char *key_at(const struct names *n, size_t i)
{
	return n->text + n->place[i];
}

/* As strcmp, of the key that a letter and a name make, and another key. */
static int compare(char letter, const char *name, const char *key)
{
	return letter != key[0] ? letter - key[0] : strcmp(name, key + 1);
}

/* Whether this pass keeps such a key. */
static bool is_wanted(const struct names *n, char letter, const char *name)
{
	return compare(letter, name, n->last) > 0 && (n->bound[0] == '\0' || compare(letter, name, n->bound) <= 0);
}

/* Merges two sorted runs of places, [from, middle) and [middle, end), into `spare`. */
static void merge(struct names *n, size_t from, size_t middle, size_t end)
{
	size_t left = from, right = middle;
	for (size_t i = from; i < end; i++) {
		bool first = right == end || (left < middle && strcmp(key_at(n, left), key_at(n, right)) <= 0);
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
	strcpy(n->bound, key_at(n, n->count / 2));
	size_t end = n->used;
	n->count = n->used = 0;
	for (size_t at = 0, size; at < end; at += size) {
		const char *key = n->text + at;
		size = strlen(key) + 1;
		if (strcmp(key, n->bound) > 0)
			continue;
		memmove(n->text + n->used, key, size);
		n->place[n->count++] = (uint32_t)n->used;
		n->used += size;
	}
}

static bool is_full(const struct names *n, size_t size)
{
	return n->count == NAMES_MAX || size > sizeof n->text - n->used;
}

static void keep(struct names *n, char letter, const char *name, size_t size)
{
	n->place[n->count++] = (uint32_t)n->used;
	n->text[n->used] = letter;
	strcpy(n->text + n->used + 1, name);
	n->used += size;
}

/* Keeps a name if it is among the first behind `last`. */
static bool collect(void *context, const char *name, enum list_kind kind)
{
	struct names *n = context;
	size_t size = strlen(name) + 2; /* of the key, NUL included */
	if (size > sizeof n->last || policy_visible_length(slice_of(name)) == 0)
		return true;
	bool asks = kind == LIST_UNKNOWN && (is_wanted(n, DIRECTORY, name) || is_wanted(n, OTHER, name));
	int error = asks ? list_kind_of(n->directory, name, &kind) : 0;
	if (error != 0) { /* the name is gone, or the system lacks memory */
		n->error = status_of_errno(error) == STATUS_SERVICE_UNAVAILABLE ? error : 0;
		return n->error == 0;
	}
	char letter = kind == LIST_DIRECTORY ? DIRECTORY : OTHER;
	if (is_wanted(n, letter, name) && is_full(n, size))
		halve(n);
	if (is_wanted(n, letter, name))
		keep(n, letter, name, size);
	return true;
}

/* One pass over the directory. */
static int fill(struct names *n)
{
	n->whole = true;
	n->count = n->next = n->used = 0;
	n->error = 0;
	n->bound[0] = '\0';
	int error = list_each(n->directory, collect, n);
	sort(n);
	return error != 0 ? error : n->error;
}

int names_next(struct names *n, const char **name)
{
	*name = NULL;
	if (n->next == n->count && !n->whole) {
		if (n->count > 0)
			strcpy(n->last, key_at(n, n->count - 1));
		int error = fill(n);
		if (error != 0)
			return error;
	}
	if (n->next < n->count)
		*name = key_at(n, n->next++) + 1;
	return 0;
}
