/* SPDX-License-Identifier: ISC */
/*
 * root: the only opener of what is served. Nothing above the root is reached: not by "..", not by a symlink, not by
 * a rename while we look. A symlink that stays beneath the root is followed; one that leaves it is EXDEV.
 */
#ifndef ROOT_H
#define ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An open file or directory, and what fstat said of that very descriptor. */
struct entry {
	int fd; /* -1: none */
	bool directory;
	bool readable; /* by others: mode has o+r */
	bool through; /* a directory that may be searched and not read: what is in it can be opened, not listed */
	uint64_t size; /* bytes */
	int64_t seconds; /* of the last change of its content, since 1970 */
	uint32_t nanoseconds;
	struct {
		int64_t seconds;
		uint32_t nanoseconds;
	} changed; /* the last change of anything about it; no program can set that */
	uint64_t inode;
};

/* Opens the directory for root_get; returns 0 or an errno. */
int root_open(const char *path, int *root);

/*
 * Opens a regular file or a directory beneath the root. `path` is relative, "" being the root itself. Returns 0 and
 * fills *out, whose fd the caller closes with root_close; else an errno, ENOENT for FIFOs, sockets and devices, and
 * out->fd is -1. Never blocks.
 */
int root_get(int root, const char *path, struct entry *out);

/*
 * Reads the text of the symlink at a path beneath the root, whose last name is not followed, into `text` as a
 * NUL-terminated string. Returns 0 or an errno: EINVAL when it is no link, ENAMETOOLONG when the text does not fit.
 */
int root_link(int root, const char *path, char *text, size_t size);

/* Takes a name of a directory; false: no more of them. */
typedef bool root_taker(void *context, const char *name, bool directory);

/*
 * Calls each(context, name, directory) for every name in an open directory but "." and "..", anew at each call, in no
 * order; `directory` also for a symlink that leads to one. Returns 0 or an errno.
 */
int root_each(int directory, root_taker *each, void *context);

/*
 * Whether a file that is made from another is of an earlier second than that other: tools copy the time, some of them
 * without its fraction.
 */
bool root_stale(const struct entry *made, const struct entry *original);

/* Closes what root_get opened; nothing where that failed. */
void root_close(struct entry *entry);

#endif
