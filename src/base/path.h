/* SPDX-License-Identifier: ISC */
/* path: how names become a path. Pure. */
#ifndef PATH_H
#define PATH_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Writes a path of a directory and a name in it, with an ending, as a NUL-terminated string into what `room` has left,
 * and moves room->len behind the NUL. A slash stands between the two where neither is empty. Returns the string; NULL,
 * and *room is as before, where it does not fit or has more than PATH_BYTES bytes.
 */
const char *path_join(struct buf *room, struct slice directory, const char *name, const char *ending);

#endif
