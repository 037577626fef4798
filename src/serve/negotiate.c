/* SPDX-License-Identifier: ISC */
#include "serve/negotiate.h"

#include "base/path.h"
#include "http/accept.h"
#include "http/mime.h"
#include "system/root.h"

/* The forms of one file, among which one is chosen. */
struct forms {
	int root;
	const char *path; /* of the original */
	struct entry original; /* its times are compared even once it is closed */
	struct recent_siblings *known;
	struct entry *open; /* by coding: what stayed open since an earlier request, or may stay so; NULL: nothing may */
	struct buf room; /* for a name */
};

static struct entry *place_of(const struct forms *forms, enum coding coding)
{
	return forms->open != NULL ? &forms->open[coding] : NULL;
}

/*
 * Opens the sibling in a coding, unless forms->known says that there is none, or it is older than the original.
 * forms->known learns whether there is one.
 */
static bool open_sibling(const struct forms *forms, enum coding coding, struct entry *sibling)
{
	unsigned bit = 1u << coding;
	struct buf room = forms->room;
	struct recent_siblings *known = forms->known;
	bool regular = (known->regular & bit) != 0;
	if ((known->absent & bit) != 0)
		return false;
	const char *path = path_join(&room, slice_of(forms->path), "", coding_suffix(coding));
	enum status refusal = STATUS_NOT_FOUND;
	if (path != NULL && regular)
		refusal = resource_open_again(forms->root, path, RESOURCE_FILE, place_of(forms, coding), sibling);
	else if (path != NULL && !root_lacks(forms->root, path))
		refusal = resource_open(forms->root, path, RESOURCE_FILE, sibling);
	bool opened = refusal == STATUS_NONE;
	known->regular |= opened ? bit : 0;
	known->absent |= opened ? 0 : bit;
	if (opened && root_stale(sibling, &forms->original)) {
		root_close(sibling);
		return false;
	}
	return opened;
}

static enum status choose(const struct forms *forms, const struct request *request, struct resource *found)
{
	unsigned quality[CODING_COUNT];
	accept_codings(request, quality);
	unsigned best = quality[CODING_IDENTITY];
	for (unsigned c = 0; c < CODING_IDENTITY; c++) {
		struct entry sibling;
		/* Of two codings of the same quality the first wins, and any coding wins over identity. */
		bool wins = quality[c] > best ||
		            (quality[c] > 0 && quality[c] == best && found->coding == CODING_IDENTITY);
		if ((found->varies_coding && !wins) || !open_sibling(forms, c, &sibling))
			continue;
		found->varies_coding = true;
		if (wins) {
			recent_keep(found->place, &found->file);
			found->file = sibling;
			found->place = place_of(forms, c);
			found->coding = c;
			best = quality[c];
		} else {
			recent_keep(place_of(forms, c), &sibling);
		}
	}
	return best > 0 ? STATUS_NONE : STATUS_NOT_ACCEPTABLE;
}

enum status negotiate_coding(int root, const struct request *request, struct recent *recent, struct buf room,
                             struct resource *found)
{
	struct recent_siblings nothing = {0, 0};
	struct recent_file *file = recent_note(recent, found->path);
	struct forms forms = {.root = root, .path = found->path, .original = found->file, .room = room,
	                      .known = file != NULL ? &file->siblings : &nothing,
	                      .open = file != NULL ? file->open : NULL};
	found->place = place_of(&forms, CODING_IDENTITY);
	if (!mime_gzipped(slice_of(found->path)))
		return choose(&forms, request, found);
	found->coding = CODING_GZIP; /* there is no other form, whatever the client accepts */
	return STATUS_NONE;
}
