/* SPDX-License-Identifier: ISC */
/* lookup: from a target to the file, directory or redirect that it names. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include "base/buf.h"
#include "base/status.h"
#include "http/request.h"
#include "http/target.h"
#include "serve/options.h"
#include "serve/recent.h"
#include "serve/resource.h"

/*
 * Finds what the target names: a file, in the coding that the client prefers; index.html in a directory; the directory
 * itself where the site lists them; a redirect; the site's fallback. Texts of *out are written into what `room` has
 * left, and room->len is moved behind them. `recent` spares look-ups, and remembers what is found; NULL does neither.
 *
 * STATUS_NONE: out->file is open, and the caller closes it with root_close. Else nothing is open: 301 or 302, and
 * out->link or out->moved say where it is; 403: others may not read it; 404; 406: there is no form of it that the
 * client accepts; 500 or 503: what the errno of a failure means. The fields of *out about the answer's varying hold in
 * any case.
 */
enum status lookup_find(int root, struct recent *recent, const struct site *site, const struct request *request,
                        const struct target *target, struct buf *room, struct resource *out);

#endif
