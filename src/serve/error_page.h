/* SPDX-License-Identifier: ISC */
/* error_page: the site's own pages for refusals, such as 404.html. */
#ifndef ERROR_PAGE_H
#define ERROR_PAGE_H

#include "base/slice.h"
#include "base/status.h"
#include "http/target.h"
#include "serve/resource.h"

/*
 * Opens NNN.html for a status, from the directory of the target up to the root, at most ERROR_LEVELS deep, into an *out
 * that holds nothing open; its path is written into what `room` has left. Where there is no such page that others may
 * read, out->file.fd is -1. What *out says of the answer's varying stays.
 */
void error_page_find(int root, const struct target *target, enum status status, struct buf *room,
                     struct resource *out);

#endif
