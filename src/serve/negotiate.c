/* SPDX-License-Identifier: ISC */
#include "serve/negotiate.h"

#include "base/path.h"
#include "http/accept.h"
#include "http/mime.h"
#include "system/root.h"

/* Opens the sibling in a coding, unless it is older than the original. `room` is this call's own. */
static bool open_sibling(int root, const char *original, const struct entry *file, enum coding coding,
                         struct buf room, struct entry *sibling)
{
	const char *path = path_join(&room, slice_of(original), "", coding_suffix(coding));
	if (path == NULL || resource_open(root, path, RESOURCE_FILE, sibling) != STATUS_NONE)
		return false;
	if (root_stale(sibling, file)) {
		root_close(sibling);
		return false;
	}
	return true;
}

enum status negotiate_coding(int root, const struct request *request, struct buf room, struct resource *found)
{
	unsigned quality[CODING_COUNT];
	if (mime_gzipped(slice_of(found->path))) { /* there is no other form, whatever the client accepts */
		found->coding = CODING_GZIP;
		return STATUS_NONE;
	}
	accept_codings(request, quality);
	unsigned best = quality[CODING_IDENTITY];
	const struct entry original = found->file; /* its times are compared even once it is closed */
	for (unsigned c = 0; c < CODING_IDENTITY; c++) {
		struct entry sibling;
		if (!open_sibling(root, found->path, &original, c, room, &sibling))
			continue;
		found->varies_coding = true;
		/* Between two that the client likes equally well, the first coding wins, and any wins over none. */
		if (quality[c] > best || (quality[c] > 0 && quality[c] == best && found->coding == CODING_IDENTITY)) {
			root_close(&found->file);
			found->file = sibling;
			found->coding = c;
			best = quality[c];
		} else {
			root_close(&sibling);
		}
	}
	return best > 0 ? STATUS_NONE : STATUS_NOT_ACCEPTABLE;
}
