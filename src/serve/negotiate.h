/* SPDX-License-Identifier: ISC */
/* negotiate: which form of a file the client gets. */
#ifndef NEGOTIATE_H
#define NEGOTIATE_H

#include "base/slice.h"
#include "base/status.h"
#include "http/request.h"
#include "serve/recent.h"
#include "serve/resource.h"

/*
 * Puts a precompressed sibling of the file, such as x.css.br, in its place, if there is one that is not older and the
 * client likes its coding best (RFC 9110 section 12.5.3). 406: there is no form that the client accepts. A sibling is
 * not looked at where it could change neither the choice nor Vary, nor where `recent` knows that there is none. There
 * the file is remembered, and what is found of its siblings; NULL remembers nothing. found->place is where what was
 * chosen may stay open. `room` is for names.
 */
enum status negotiate_coding(int root, const struct request *request, struct recent *recent, struct buf room,
                             struct resource *found);

#endif
