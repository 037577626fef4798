/* SPDX-License-Identifier: ISC */
/* mime: the media type of a file, from its name. */
#ifndef MIME_H
#define MIME_H

#include "base/slice.h"

/*
 * The Content-Type for a name or a path: by the last extension, or by the whole name where it has none, case ignored.
 * Never NULL: where mime.types has neither, it is application/octet-stream. A dot-file such as ".html" has no
 * extension.
 */
const char *mime_type(struct slice path);

/* Whether a file of that name is compressed with gzip, as "x.svgz" is an SVG image with Content-Encoding: gzip. */
bool mime_gzipped(struct slice name);

#endif
