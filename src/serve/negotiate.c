/* SPDX-License-Identifier: ISC */
#include "serve/negotiate.h"

#include "base/path.h"
#include "http/accept.h"
#include "http/mime.h"
#include "system/root.h"

/*
 * Opens the sibling in a coding, and learns whether there is one; not where it is known that there is none, nor where
 * it is older than the original. `room` is this call's own.
 */
static bool open_sibling(int root, const char *original, const struct entry *file, enum coding coding,
                         struct recent_siblings *known, struct buf room, struct entry *sibling)
{
	unsigned bit = 1u << coding;
	bool regular = (known->regular & bit) != 0;
	if ((known->absent & bit) != 0)
		return false;
	const char *path = path_join(&room, slice_of(original), "", coding_suffix(coding));
	bool opened = path != NULL && (regular ? resource_open_again(root, path, RESOURCE_FILE, sibling) == STATUS_NONE
	                                       : !root_lacks(root, path) &&
	                                         resource_open(root, path, RESOURCE_FILE, sibling) == STATUS_NONE);
	known->regular |= opened ? bit : 0;
	known->absent |= opened ? 0 : bit;
	if (opened && root_stale(sibling, file)) {
		root_close(sibling);
		return false;
	}
	return opened;
}

static enum status choose(int root, const struct request *request, struct recent_siblings *known, struct buf room,
                          struct resource *found)
{
	unsigned quality[CODING_COUNT];
	accept_codings(request, quality);
	unsigned best = quality[CODING_IDENTITY];
	const struct entry original = found->file; /* its times are compared even once it is closed */
	for (unsigned c = 0; c < CODING_IDENTITY; c++) {
		struct entry sibling;
		/* Between two that the client likes equally well, the first coding wins, and any wins over none. */
		bool wins = quality[c] > best ||
		            (quality[c] > 0 && quality[c] == best && found->coding == CODING_IDENTITY);
		if ((found->varies_coding && !wins) ||
		    !open_sibling(root, found->path, &original, c, known, room, &sibling))
			continue;
		found->varies_coding = true;
		if (wins) {
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

enum status negotiate_coding(int root, const struct request *request, struct recent *recent, struct buf room,
                             struct resource *found)
{
	struct recent_siblings known;
	enum status refusal = STATUS_NONE;
	recent_knows(recent, found->path, &known);
	if (mime_gzipped(slice_of(found->path))) /* there is no other form, whatever the client accepts */
		found->coding = CODING_GZIP;
	else
		refusal = choose(root, request, &known, room, found);
	recent_note(recent, found->path, known);
	return refusal;
}
