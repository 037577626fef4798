/* SPDX-License-Identifier: ISC */
/* mime: what kind of file a name says it is. */
#ifndef MIME_H
#define MIME_H

#include "slice.h"

/*
 * The Content-Type for a file of that name or path, by its last extension, case ignored. Never NULL: where there is no
 * extension, or none that mime.types has, it is application/octet-stream. A dot-file such as ".html" has no extension.
 */
const char *mime_type(struct slice name);

#endif
