/* SPDX-License-Identifier: ISC */
/* link: symlinks that hold a URI, which are redirects. */
#ifndef LINK_H
#define LINK_H

#include "base/slice.h"
#include "base/status.h"

/*
 * Whether the text of a symlink is an http or https URI with a host, of visible characters, fit for Location as it
 * stands (RFC 3986 section 3).
 */
bool link_is_uri(const char *text);

/*
 * Reads the symlink at a path beneath the root. Where its text is a URI, *uri is that text, written into what `room`
 * has left and without a "#301" at its end, and the result is 301 where that mark was there, else 302. 404: there is no
 * such link. 500 or 503: what the errno of the failure means.
 */
enum status link_find(int root, const char *path, struct buf *room, const char **uri);

#endif
