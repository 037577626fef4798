/* SPDX-License-Identifier: ISC */
/* error_page: the site's own pages about errors, such as 404.html. */
#ifndef ERROR_PAGE_H
#define ERROR_PAGE_H

#include "base/buf.h"
#include "base/status.h"
#include "http/target.h"
#include "serve/resource.h"

/*
 * Opens NNN.html for a status, from the directory of the target up to the root, at most ERROR_LEVELS deep, into an *out
 * that holds nothing open; its path is written into what `room` has left. Where there is no such page that others may
 * read, out->file.fd is -1. out->varies_coding and out->varies_accept stay as they are.
 */
void error_page_find(int root, const struct target *target, enum status status, struct buf *room,
                     struct resource *out);

#endif
