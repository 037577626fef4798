/* SPDX-License-Identifier: ISC */
/* record_file: the file that records are appended to. */
#ifndef RECORD_FILE_H
#define RECORD_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Opens a file for appending, with `create` also one that does not exist. Never waits. Fills *fd, which the caller
 * closes, and *st with what fstat says of it, and returns 0; else an errno, and *fd is -1. EISCONN: the file is the
 * connection, whose descriptor is `connection` (-1: there is none). ENXIO: a FIFO without a reader. ELOOP: a symlink,
 * and this process is root.
 */
int record_file_open(const char *name, bool create, int connection, int *fd, struct stat *st);

/* The reason for an errno of record_file_open, as the middle of a sentence. */
const char *record_file_reason(int error);

/*
 * Whether a file is the connection, whose descriptor is `connection`, so that the client would read the records; *st is
 * what fstat says of the file. False for a terminal, which may show both.
 */
bool record_file_is_connection(const struct stat *st, int connection);

/*
 * Whether the file of this name ends in a part of a record; *st is what fstat says of it. A full disk and a limit of
 * the file's size cut a write at a multiple of 512 bytes: other sizes need no look. A write of another process, whose
 * first pages can be seen before the rest, looks the same for up to LOG_REST_MS.
 */
bool record_file_is_torn(const char *name, const struct stat *st);

#endif
