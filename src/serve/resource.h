/* SPDX-License-Identifier: ISC */
/* resource: from a target to the opened file that represents it, and to the page that explains a refusal. */
#ifndef RESOURCE_H
#define RESOURCE_H

#include "base/slice.h"
#include "base/status.h"
#include "http/accept.h"
#include "http/request.h"
#include "http/target.h"
#include "serve/options.h"
#include "system/root.h"

struct resource {
	struct entry file; /* fd -1: there is none */
	const char *type; /* Content-Type */
	enum coding coding; /* of what was opened */
	bool listing; /* file is a directory, to be listed */
	bool json; /* as JSON */
	bool varies_coding, varies_accept; /* another Accept-Encoding, or Accept, might have got another answer */
	bool moved_slash; /* what is moved to is a directory */
	struct slice moved; /* with 301: the path to go to, beneath the root; part of the target's */
	const char *path; /* the name of the original beneath the root, whatever coding was opened */
	const char *link; /* with 301 or 302, where it is not NULL: the URI to go to instead */
	struct buf room; /* where path and link stand, and what is behind them is free */
};

/* Makes *out one that holds nothing, and has room for a path, a sibling's and a link. */
void resource_begin(struct resource *out, struct buf room);

/*
 * Opens what the target names, into an *out that holds nothing: a file, a precompressed sibling of it that the client
 * would rather have, index.html in a directory, the directory itself where the site lists them, the site's fallback.
 * STATUS_NONE: *out holds it, and the caller closes out->file. 301 or 302: it is elsewhere, see `moved` and `link`;
 * 403: others may not read it; 404; 406: not in a form the client accepts; else what the errno says. The path that was
 * tried is out->path.
 */
enum status resource_find(int root, const struct site *site, const struct request *request,
                          const struct target *target, struct resource *out);

/*
 * Whether the text of a symlink is an http or https URI with a host, of visible characters, fit for Location as it
 * stands: then a link that leads to no file is a redirect.
 */
bool resource_is_uri(const char *text);

/*
 * Whether the address of a path may be that of the page path.html, with clean URLs: neither is a file there, nor a
 * directory with an index. `room` is for names.
 */
bool resource_is_page(int root, struct slice path, struct buf room);

/*
 * Opens NNN.html for a status, from the directory of the target up to the root, at most ERROR_LEVELS deep. Where there
 * is none that others may read, out->file.fd is -1. What *out says of the answer's varying stays.
 */
void resource_explain(int root, const struct target *target, enum status status, struct resource *out);

/*
 * Opens the directory of a host's site beneath the root, "default" where that host has none; 404 where there is no
 * default either. The caller closes *out.
 */
enum status resource_host(int root, struct slice host, struct entry *out);

#endif
