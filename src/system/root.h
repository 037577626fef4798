/* SPDX-License-Identifier: ISC */
/*
 * root: the only opener of what is served. Nothing above the root is reached: not by "..", not by a symlink, not by a
 * rename meanwhile. A symlink that stays beneath the root is followed; one that leaves it is EXDEV.
 */
#ifndef ROOT_H
#define ROOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/entry.h"

/* Opens the directory for root_get; returns 0 or an errno. */
int root_open(const char *path, int *root);

/*
 * Opens a regular file beneath the root for reading, or a directory for looking up names in it; what *out says is of
 * that very descriptor. `path` is relative, "" being the root itself. Returns 0 and fills *out, whose fd the caller
 * closes with root_close; else an errno, and out->fd is -1. FIFOs, sockets and devices are ENOENT and are not opened; a
 * directory that we may not search is EACCES. Never blocks. The kind of a name is looked at before the file is opened:
 * a FIFO or a device that takes the place of a file between the two is opened without waiting, and closed.
 */
int root_get(int root, const char *path, struct entry *out);

/*
 * The same for a path at which root_get found a regular file a moment ago: what is there now is opened without a look
 * at its kind first. A FIFO or a device in its place is opened without waiting, closed, and ENOENT.
 */
int root_get_again(int root, const char *path, struct entry *out);

/*
 * Whether the path is still the name of the regular file that is open in *entry, and st_ctim is what it was when
 * root_get opened it; *entry then says what is true of it now. Nothing is opened: 0.6 microseconds, where
 * root_get_again and root_close took 2.0. False for a symlink, and for a path of more than one name: a directory on the
 * way may be a symlink by now.
 */
bool root_unchanged(int root, const char *path, struct entry *entry);

/*
 * Whether no file has this path, not even a symlink; false where that is unknown. Only for a path in a directory in
 * which root_get has just opened a file, so that the directory is beneath the root. Nothing is opened, which is cheaper
 * than root_get where most often there is no such file.
 */
bool root_lacks(int root, const char *path);

/*
 * Fills *out as root_get would, but opens nothing: out->fd is -1, and whether this process may read the file is not
 * known. `directory` is the open directory that the last name of the path stands in. Returns 0 or an errno, as
 * root_get.
 */
int root_stat(int root, const char *path, int directory, struct entry *out);

/*
 * Reads the text of the symlink at a path beneath the root, whose last name is not followed, into `text` as a
 * NUL-terminated string. Returns 0 or an errno: EINVAL when it is no link, ENOENT when there is nothing of that name,
 * ENOTDIR when there is no directory that it could be in, ENAMETOOLONG when the text does not fit.
 */
int root_readlink(int root, const char *path, char *text, size_t size);

/* The same for a name in an open directory, or with AT_FDCWD for any path. */
int root_readlinkat(int directory, const char *name, char *text, size_t size);

/*
 * Whether a file that is made from another is of an earlier second than that other: tools copy the time, some of them
 * without its fraction.
 */
bool root_stale(const struct entry *made, const struct entry *original);

/* Closes the descriptor that root_get opened, if it did. */
void root_close(struct entry *entry);

#endif
