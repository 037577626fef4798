/* SPDX-License-Identifier: ISC */
/* negotiate: the choice among the codings of a file (RFC 9110 section 12). */
#ifndef NEGOTIATE_H
#define NEGOTIATE_H

#include "base/buf.h"
#include "base/status.h"
#include "http/request.h"
#include "serve/recent.h"
#include "serve/resource.h"

/*
 * Replaces the file by a precompressed sibling of it, such as x.css.br, if one is not older and the client prefers its
 * coding (RFC 9110 section 12.5.3). 406: the client accepts no form of the file. A sibling is not looked at where it
 * could change neither the choice nor Vary, nor where `recent` knows that there is none. The file and what is found of
 * its siblings are remembered in `recent`, unless that is NULL; found->place is then the place in it where the chosen
 * file may stay open. `room` is for names.
 */
enum status negotiate_coding(int root, const struct request *request, struct recent *recent, struct buf room,
                             struct resource *found);

#endif
