/* SPDX-License-Identifier: ISC */
#include "serve/resource.h"

#include <errno.h>
#include <string.h>

#include "base/bounds.h"
#include "http/host.h"
#include "http/mime.h"
#include "serve/policy.h"

/* Writes the three one after another into the room; NULL when that is no name that a file can have. */
static const char *join(struct buf *room, struct slice a, const char *b, const char *c)
{
	struct buf path = buf_rest(room);
	path.size = path.size < PATH_BYTES ? path.size : PATH_BYTES;
	buf_format(&path, "%.*s%s%s%c", SLICE(a), b, c, '\0');
	room->len += path.overflow ? 0 : path.len;
	return path.overflow ? NULL : path.at;
}

/* What a name may be the name of. */
enum { FILES = 1, DIRECTORIES = 2 };

/* Opens a name of one of these kinds; others must be able to read a file. *entry is closed on every refusal. */
static enum status open_kind(int root, const char *path, unsigned kinds, struct entry *entry)
{
	enum status refusal = status_of_errno(root_get(root, path, entry));
	if (refusal == STATUS_NONE && (kinds & (entry->directory ? DIRECTORIES : FILES)) == 0)
		refusal = STATUS_NOT_FOUND;
	if (refusal == STATUS_NONE && !entry->directory && !entry->readable)
		refusal = STATUS_FORBIDDEN;
	if (refusal != STATUS_NONE)
		root_close(entry);
	return refusal;
}

/* The same for the resource's own path, which the three become in the place of the one it had. */
static enum status open_own(int root, struct slice a, const char *b, const char *c, unsigned kinds,
                            struct resource *out)
{
	out->room.len = 0;
	const char *path = join(&out->room, a, b, c);
	out->path = path != NULL ? path : "";
	out->type = mime_type(slice_of(out->path));
	return path != NULL ? open_kind(root, path, kinds, &out->file) : STATUS_NOT_FOUND;
}

static enum status open_inside(int root, struct slice directory, const char *name, struct resource *out)
{
	return open_own(root, directory, directory.len > 0 ? "/" : "", name, FILES, out);
}

static struct slice path_of(const struct target *target)
{
	return (struct slice){target->path, target->length};
}

bool resource_is_uri(const char *text)
{
	static const char schemes[2][9] = {"http://", "https://"}; /* in either case (RFC 3986 section 3.1) */
	struct slice whole = slice_of(text);
	size_t scheme = 0;
	for (size_t i = 0; i < 2; i++) {
		struct slice prefix = slice_of(schemes[i]);
		if (whole.len >= prefix.len && slice_same((struct slice){text, prefix.len}, prefix))
			scheme = prefix.len;
	}
	if (scheme == 0 || strchr("/:?#", text[scheme]) != NULL) /* which finds the end, too */
		return false;
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	return true;
}

/* A symlink whose text is a URI sends there, for good when it ends in "#301"; one out of reach just now is no 404. */
static enum status find_link(int root, const char *path, struct resource *out)
{
	char *link = out->room.at + out->room.len;
	size_t size = out->room.size - out->room.len;
	int error = root_link(root, path, link, size < LINK_BYTES ? size : LINK_BYTES);
	if (error != 0 || !resource_is_uri(link))
		return status_of_errno(error) >= STATUS_INTERNAL_SERVER_ERROR ? status_of_errno(error) : STATUS_NOT_FOUND;
	out->link = link;
	out->room.len += strlen(link) + 1;
	char *mark = strrchr(link, '#');
	if (mark == NULL || strcmp(mark, "#301") != 0)
		return STATUS_FOUND;
	*mark = '\0';
	return STATUS_MOVED_PERMANENTLY;
}

/* A directory without an index, where the site shows what is in it. */
static enum status find_listing(int root, const struct request *request, const struct target *target,
                                struct resource *out)
{
	unsigned quality[CODING_COUNT];
	enum status refusal = open_own(root, path_of(target), "", "", DIRECTORIES, out);
	if (refusal != STATUS_NONE || !out->file.readable)
		return refusal != STATUS_NONE ? refusal : STATUS_FORBIDDEN;
	accept_codings(request, quality);
	out->listing = out->varies_accept = true;
	out->json = accept_prefers(request, "application/json", "text/html");
	out->type = out->json ? "application/json" : "text/html; charset=utf-8";
	return quality[CODING_IDENTITY] > 0 ? STATUS_NONE : STATUS_NOT_ACCEPTABLE;
}

static const char *name_of(const struct target *target)
{
	const char *slash = strrchr(target->path, '/');
	return slash != NULL ? slash + 1 : target->path;
}

bool resource_is_page(int root, struct slice path, struct buf room)
{
	struct entry entry;
	const char *name = join(&room, path, "", "");
	int error = name != NULL ? root_get(root, name, &entry) : ENAMETOOLONG;
	if (error != 0)
		return error == ENOENT || error == EXDEV;
	bool directory = entry.directory;
	root_close(&entry);
	if (!directory)
		return false;
	name = join(&room, path, path.len > 0 ? "/" : "", "index.html");
	error = name != NULL ? root_get(root, name, &entry) : ENAMETOOLONG;
	bool index = error == 0 ? !entry.directory : error != ENOENT && error != EXDEV;
	if (error == 0)
		root_close(&entry);
	return !index;
}

/*
 * Sets where the page of a clean URL has its address: the path of the target without its last `ending` bytes, or the
 * directory where that is "index" (`moved_slash`).
 */
static void move_to_page(const struct target *target, size_t ending, struct resource *out)
{
	struct slice page = {target->path, target->length - ending};
	size_t above = page.len;
	while (above > 0 && page.at[above - 1] != '/')
		above--;
	out->moved_slash = slice_equal(slice_from(page, above), slice_of("index"));
	out->moved = out->moved_slash ? (struct slice){page.at, above > 0 ? above - 1 : 0} : page;
}

/*
 * Whether what was opened has another address: a directory ends in a slash. With clean URLs, the one address of x.html
 * is x, and that of index.html its directory.
 */
static bool is_moved(int root, const struct site *site, const struct target *target, struct resource *out)
{
	struct slice ending = slice_of(".html"), page = path_of(target);
	size_t name = strlen(name_of(target));
	out->moved = page;
	out->moved_slash = out->file.directory;
	if (out->file.directory)
		return true;
	if (!site->clean_urls || name <= ending.len || !slice_equal(slice_from(page, page.len - ending.len), ending))
		return false;
	move_to_page(target, ending.len, out);
	page.len -= ending.len;
	return out->moved_slash || resource_is_page(root, page, buf_rest(&out->room));
}

/* Opens the page of a clean URL; that of an index has its address elsewhere. */
static enum status find_page(int root, const struct target *target, struct resource *out)
{
	enum status refusal = open_own(root, path_of(target), ".html", "", FILES, out);
	move_to_page(target, 0, out);
	return refusal == STATUS_NONE && out->moved_slash ? STATUS_MOVED_PERMANENTLY : refusal;
}

static enum status find_named(int root, const struct site *site, const struct target *target, struct resource *out)
{
	enum status refusal = open_own(root, path_of(target), "", "", FILES | DIRECTORIES, out);
	if (refusal == STATUS_NOT_FOUND && site->clean_urls)
		return find_page(root, target, out);
	if (refusal == STATUS_NONE && out->file.directory && site->clean_urls &&
	    resource_is_page(root, path_of(target), buf_rest(&out->room))) {
		root_close(&out->file);
		refusal = find_page(root, target, out);
		if (refusal != STATUS_NOT_FOUND)
			return refusal;
		refusal = open_own(root, path_of(target), "", "", DIRECTORIES, out);
	}
	return refusal == STATUS_NONE && is_moved(root, site, target, out) ? STATUS_MOVED_PERMANENTLY : refusal;
}

/* With clean URLs: a page whose address was asked for with a slash at its end. */
static enum status find_without_slash(int root, const struct target *target, struct resource *out)
{
	if (target->length == 0 || !resource_is_page(root, path_of(target), buf_rest(&out->room)) ||
	    open_own(root, path_of(target), ".html", "", FILES, out) != STATUS_NONE)
		return STATUS_NOT_FOUND;
	move_to_page(target, 0, out);
	return STATUS_MOVED_PERMANENTLY;
}

/* Whether the path leads to what programs look for at a well-known place (RFC 8615), and not to a page. */
static bool is_well_known(struct slice path)
{
	struct slice name;
	while (slice_split(&path, '/', &name))
		if (slice_equal(name, slice_of(".well-known")))
			return true;
	return false;
}

/*
 * The page of a single-page application, for clients that ask for a page: they name HTML, or take anything and ask for
 * no other kind of file. Never below .well-known: a program would take the page for the answer it looks for.
 */
static enum status find_fallback(int root, const struct site *site, const struct request *request,
                                 const struct target *target, struct resource *out)
{
	bool named;
	if (is_well_known(path_of(target)))
		return STATUS_NOT_FOUND;
	out->varies_accept = true;
	bool welcome = accept_type(request, "text/html", &named) > 0;
	if (!welcome || (!named && !target->directory && strchr(name_of(target), '.') != NULL))
		return STATUS_NOT_FOUND;
	return open_inside(root, (struct slice){"", 0}, site->fallback, out);
}

/*
 * Replaces the file by a sibling in the coding that the client likes best, if there is one that is not older
 * (RFC 9110 section 12.5.3).
 */
static enum status choose_coding(int root, const struct request *request, struct resource *out)
{
	unsigned quality[CODING_COUNT], best;
	struct entry original = out->file, sibling;
	if (mime_gzipped(slice_of(out->path))) { /* there is no other form, whatever the client accepts */
		out->coding = CODING_GZIP;
		return STATUS_NONE;
	}
	accept_codings(request, quality);
	best = quality[CODING_IDENTITY];
	for (unsigned c = 0; c < CODING_IDENTITY; c++) {
		struct buf room = buf_rest(&out->room);
		const char *path = join(&room, slice_of(out->path), coding_suffix(c), "");
		if (path == NULL || open_kind(root, path, FILES, &sibling) != STATUS_NONE)
			continue;
		bool fresh = !root_stale(&sibling, &original);
		bool better = quality[c] > best || (quality[c] == best && out->coding == CODING_IDENTITY);
		out->varies_coding = out->varies_coding || fresh;
		if (fresh && better && quality[c] > 0) {
			struct entry worse = out->file;
			out->file = sibling;
			sibling = worse;
			out->coding = c;
			best = quality[c];
		}
		root_close(&sibling);
	}
	return best > 0 ? STATUS_NONE : STATUS_NOT_ACCEPTABLE;
}

void resource_begin(struct resource *out, struct buf room)
{
	*out = (struct resource){.file.fd = -1, .coding = CODING_IDENTITY, .path = "", .room = room};
}

enum status resource_find(int root, const struct site *site, const struct request *request,
                          const struct target *target, struct resource *out)
{
	enum status refusal = STATUS_NOT_FOUND;
	bool visible = !target->nowhere && policy_visible(path_of(target)) == target->length;
	if (visible && !target->directory) {
		refusal = find_named(root, site, target, out);
	} else if (visible) {
		/* One opening suffices: where the path is a file's, there is nothing inside. */
		refusal = open_inside(root, path_of(target), "index.html", out);
		if (refusal == STATUS_NOT_FOUND)
			refusal = find_link(root, out->path, out);
		if (refusal == STATUS_NOT_FOUND && site->listing)
			refusal = find_listing(root, request, target, out);
		if (refusal == STATUS_NOT_FOUND && site->clean_urls)
			refusal = find_without_slash(root, target, out);
	}
	if (refusal == STATUS_NOT_FOUND && visible && target->length > 0)
		refusal = find_link(root, target->path, out);
	if (refusal == STATUS_NOT_FOUND && site->fallback != NULL)
		refusal = find_fallback(root, site, request, target, out);
	if (refusal == STATUS_NONE && !out->listing)
		refusal = choose_coding(root, request, out);
	if (refusal != STATUS_NONE)
		root_close(&out->file);
	return refusal;
}

void resource_explain(int root, const struct target *target, enum status status, struct resource *out)
{
	char room[16];
	struct buf name = buf_in(room, sizeof room);
	struct slice path = {target->path, policy_visible(path_of(target))};
	bool whole = path.len > 0 && path.len == target->length && target->directory;
	size_t end[ERROR_LEVELS + 1] = {0}, level = 0; /* where the paths of the directories end, that of the root first */
	for (size_t i = 0; i <= path.len && level < ERROR_LEVELS; i++)
		if (i < path.len ? path.at[i] == '/' : whole)
			end[++level] = i;
	out->coding = CODING_IDENTITY;
	out->listing = false;
	buf_format(&name, "%u.html%c", (unsigned)status, '\0');
	while (open_inside(root, (struct slice){path.at, end[level]}, room, out) != STATUS_NONE && level-- > 0)
		;
}

enum status resource_host(int root, struct slice host, struct entry *out)
{
	char room[NAME_BYTES];
	struct buf name = buf_in(room, sizeof room - 1);
	host_directory(&name, host);
	room[name.len] = '\0';
	enum status refusal = name.len > 0 && !name.overflow ? open_kind(root, room, DIRECTORIES, out) : STATUS_NOT_FOUND;
	return refusal == STATUS_NOT_FOUND ? open_kind(root, "default", DIRECTORIES, out) : refusal;
}
