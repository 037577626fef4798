/* SPDX-License-Identifier: ISC */
/* list: the names in a directory that root has opened. */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

/* The kind of file that a name in a directory stands for; LIST_UNKNOWN: the file system does not say. */
enum list_kind { LIST_DIRECTORY, LIST_LINK, LIST_OTHER, LIST_UNKNOWN };

/* A directory whose names are being read. */
struct list {
	int fd; /* the directory, for reading */
	void *stream; /* of readdir(3), where getdents64(2) is not called */
	char *room; /* where the kernel writes several names at a time */
	size_t size, next, end;
};

/*
 * Begins to read the names of an open directory, into room for NAMES_CHUNK_MIN bytes or more, which has to live as long
 * as *list. Returns 0 or an errno: EACCES for a directory that we may not read. The caller ends it with list_close,
 * except where this failed.
 */
int list_open(struct list *list, int directory, char *room, size_t size);

/*
 * The next name but "." and "..", in no order, which is good until the next call; NULL when there is no other. Returns
 * 0 or an errno.
 */
int list_next(struct list *list, const char **name, enum list_kind *kind);

/* Ends the reading that list_open began. The directory that was given to list_open stays open. */
void list_close(struct list *list);

/* Is called with a name of a directory; false ends the calls. */
typedef bool list_visitor(void *context, const char *name, enum list_kind kind);

/*
 * Calls each(context, name, kind) for every name but "." and "..", from the beginning, with room as for list_open.
 * Returns 0 or an errno.
 */
int list_each(int directory, char *room, size_t size, list_visitor *each, void *context);

#endif
