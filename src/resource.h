/* SPDX-License-Identifier: ISC */
/* resource: from a target to the opened file that represents it, and to the page that explains a refusal. */
#ifndef RESOURCE_H
#define RESOURCE_H

#include "root.h"
#include "slice.h"
#include "status.h"
#include "target.h"

struct resource {
	struct entry file; /* fd -1: there is none */
	const char *type; /* Content-Type */
};

/*
 * Opens what the target names: a file, or index.html in a directory. STATUS_NONE: *out holds it, and the caller closes
 * out->file; 301: a directory named without its slash; 403: others may not read it; 404; else what the errno says.
 */
enum status resource_find(int root, const struct target *target, struct resource *out);

/*
 * Opens NNN.html for a status, from the directory of the target up to the root, at most ERROR_LEVELS deep. False when
 * there is none that others may read; then out->file.fd is -1.
 */
bool resource_explain(int root, const struct target *target, enum status status, struct resource *out);

#endif
