/* SPDX-License-Identifier: ISC */
/* link: symlinks that hold a URI, which are redirects. */
#ifndef LINK_H
#define LINK_H

#include "base/buf.h"
#include "base/status.h"
#include "http/target.h"
#include "serve/resource.h"

/*
 * Whether the text of a symlink is an http or https URI with a host, of visible characters, fit for Location as it
 * stands (RFC 3986 section 3).
 */
bool link_is_uri(const char *text);

/*
 * Makes a redirect of the text of a symlink, and changes the text in place. The path of the symlink is the first
 * `prefix` bytes of the target's path. 301 for a URI with "#301" at its end, 302 for any other one. To a URI that ends
 * in a slash and has neither query nor fragment, the rest of the path and the query are appended: out->link is the URI
 * without that slash, and out->moved the rest. Else out->link is the whole address, and there must be no rest. 404 for
 * any other text.
 */
enum status link_redirect(char *text, const struct target *target, size_t prefix, struct resource *out);

/*
 * The same for the symlink at a path beneath the root that stands for the whole target. Its text is written into what
 * `room` has left. 404: there is no such link. 500 or 503: what the errno of the failure means.
 */
enum status link_find(int root, const struct target *target, const char *path, struct buf *room, struct resource *out);

/*
 * The same for the target, whose path is not empty, or a directory above it, the uppermost first: the first one that is
 * such a symlink counts.
 */
enum status link_search(int root, const struct target *target, struct buf *room, struct resource *out);

#endif
