/* SPDX-License-Identifier: ISC */
/* range: the Range field, from its text to the parts of a file. Pure. */
#ifndef RANGE_H
#define RANGE_H

#include "base/bounds.h"
#include "base/slice.h"

struct range {
	uint64_t first, length; /* bytes */
	unsigned place; /* in the list of the request, from 0 */
};

enum range_verdict {
	RANGE_WHOLE, /* another unit, bad syntax, or more than RANGES_MAX parts: as without a Range */
	RANGE_PARTS,
	RANGE_UNSATISFIABLE
};

/*
 * Reads a Range value against a file of `size` bytes (RFC 9110 sections 14.1.2 and 14.2). RANGE_PARTS: *count parts, 1
 * to RANGES_MAX (else 0), in the order of the request. Parts that overlap or touch are coalesced into one, in the place
 * of the last of them, so that all parts together are never longer than the file. More than RANGES_MAX parts are more
 * than a head can name without overlap: RANGE_WHOLE (section 14.2). Takes n log n time for n bytes.
 */
enum range_verdict range_parse(struct slice value, uint64_t size, struct range parts[RANGES_MAX], size_t *count);

#endif
