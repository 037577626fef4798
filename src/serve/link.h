/* SPDX-License-Identifier: ISC */
/* link: symlinks that hold a URI, which are redirects. */
#ifndef LINK_H
#define LINK_H

#include "base/slice.h"
#include "base/status.h"
#include "http/target.h"
#include "serve/resource.h"

/*
 * Whether the text of a symlink is an http or https URI with a host, of visible characters, fit for Location as it
 * stands (RFC 3986 section 3).
 */
bool link_is_uri(const char *text);

/*
 * Takes the text of a symlink that stands in the place of the first `done` bytes of the target's path, and writes over
 * it. A URI sends there: 301 where "#301" was at its end, else 302. One that ends in a slash and has neither query nor
 * fragment takes the rest of the path and the query along: out->link is the URI without that slash, and out->moved what
 * follows. Another one is out->link alone. 404 for any other text, and where a rest would be lost.
 */
enum status link_redirect(char *text, const struct target *target, size_t done, struct resource *out);

/*
 * The same for the symlink at a path beneath the root that stands for the whole target. Its text is written into what
 * `room` has left. 404: there is no such link. 500 or 503: what the errno of the failure means.
 */
enum status link_find(int root, const struct target *target, const char *path, struct buf *room, struct resource *out);

/* The same for the symlink in the place of the target, whose path has a name, or of a directory above it. */
enum status link_search(int root, const struct target *target, struct buf *room, struct resource *out);

#endif
