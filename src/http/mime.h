/* SPDX-License-Identifier: ISC */
/* mime: what kind of file a name says it is. */
#ifndef MIME_H
#define MIME_H

#include "base/slice.h"

/*
 * The Content-Type for a file of that name or path, by its last extension, or by its name where it has none, case
 * ignored. Never NULL: where mime.types has neither, it is application/octet-stream. A dot-file such as ".html" has no
 * extension.
 */
const char *mime_type(struct slice path);

/* Whether a file of that name is its type in gzip, to be sent with Content-Encoding: so is "x.svgz", an SVG image. */
bool mime_gzipped(struct slice name);

#endif
