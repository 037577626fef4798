/* SPDX-License-Identifier: ISC */
/* vhost: with --vhosts, the directory beneath the root for the site of a host. */
#ifndef VHOST_H
#define VHOST_H

#include "base/buf.h"
#include "base/entry.h"
#include "base/slice.h"
#include "base/status.h"

/*
 * Opens the directory of a host's site beneath the root, "default" where that host has none; 404 where there is no
 * default either. The caller closes *out with root_close. Where a symlink that holds a URI (link_is_uri) stands in the
 * place of the directory, *link is its text, NUL-terminated in what `room` has left, and out->fd is -1; else *link is
 * NULL.
 */
enum status vhost_open(int root, struct slice host, struct buf *room, struct entry *out, char **link);

#endif
