/* SPDX-License-Identifier: ISC */
#include "resource.h"

#include <errno.h>
#include <string.h>

#include "bounds.h"
#include "host.h"
#include "mime.h"
#include "policy.h"

/* Writes the three one after another into the room; NULL when that is no name that a file can have. */
static const char *join(struct buf *room, struct slice a, const char *b, const char *c)
{
	struct buf path = buf_rest(room);
	path.size = path.size < PATH_BYTES ? path.size : PATH_BYTES;
	buf_format(&path, "%.*s%s%s%c", SLICE(a), b, c, '\0');
	room->len += path.overflow ? 0 : path.len;
	return path.overflow ? NULL : path.at;
}

/* Makes a name the resource's own, in the place of the one it had. */
static bool set_path(struct resource *out, struct slice a, const char *b, const char *c)
{
	out->room.len = 0;
	const char *path = join(&out->room, a, b, c);
	out->path = path != NULL ? path : "";
	return path != NULL;
}

/* Opens a name; others must be able to read it. *entry is closed on every refusal. */
static enum status open_readable(int root, const char *path, struct entry *entry)
{
	enum status refusal = status_of_errno(root_get(root, path, entry));
	if (refusal != STATUS_NONE || entry->directory || entry->readable)
		return refusal;
	root_close(entry);
	return STATUS_FORBIDDEN;
}

static enum status open_regular(int root, const char *path, struct entry *entry)
{
	enum status refusal = open_readable(root, path, entry);
	if (refusal != STATUS_NONE || !entry->directory)
		return refusal;
	root_close(entry);
	return STATUS_NOT_FOUND;
}

static enum status open_directory(int root, const char *path, struct entry *entry)
{
	enum status refusal = status_of_errno(root_get(root, path, entry));
	if (refusal != STATUS_NONE || entry->directory)
		return refusal;
	root_close(entry);
	return STATUS_NOT_FOUND;
}

/* Opens directory/name, with out->path set to that and the type that belongs to it. */
static enum status open_inside(int root, struct slice directory, const char *name, struct resource *out)
{
	if (!set_path(out, directory, directory.len > 0 ? "/" : "", name))
		return STATUS_NOT_FOUND;
	out->type = mime_type(slice_of(out->path));
	return open_regular(root, out->path, &out->file);
}

static struct slice path_of(const struct target *target)
{
	return (struct slice){target->path, target->length};
}

bool resource_is_uri(const char *text)
{
	size_t scheme = strncmp(text, "http://", 7) == 0 ? 7 : strncmp(text, "https://", 8) == 0 ? 8 : 0;
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
	bool named;
	if (!set_path(out, path_of(target), "", ""))
		return STATUS_NOT_FOUND;
	enum status refusal = open_directory(root, out->path, &out->file);
	if (refusal == STATUS_NONE && !out->file.readable) {
		root_close(&out->file);
		refusal = STATUS_FORBIDDEN;
	}
	if (refusal != STATUS_NONE)
		return refusal;
	accept_codings(request, quality);
	out->listing = out->varies_accept = true;
	out->json = accept_type(request, "application/json", &named) > accept_type(request, "text/html", &named);
	out->type = out->json ? "application/json" : "text/html; charset=utf-8";
	return quality[CODING_IDENTITY] > 0 ? STATUS_NONE : STATUS_NOT_ACCEPTABLE;
}

/* With clean URLs, the one address of x.html is x, and that of index.html its directory. */
static bool is_unclean(int root, const struct target *target, struct resource *out)
{
	struct slice path = path_of(target), ending = slice_of(".html"), index = slice_of("index");
	struct entry other;
	struct buf room = buf_rest(&out->room);
	if (path.len <= ending.len || !slice_equal(slice_from(path, path.len - ending.len), ending))
		return false;
	path.len -= ending.len;
	out->moved = path;
	out->moved_slash = path.len >= index.len && slice_equal(slice_from(path, path.len - index.len), index) &&
	                   (path.len == index.len || path.at[path.len - index.len - 1] == '/');
	if (out->moved_slash) {
		out->moved.len -= path.len > index.len ? index.len + 1 : index.len;
		return true;
	}
	/* Where x is a file or a directory itself, x.html keeps its own address. */
	const char *clean = path.at[path.len - 1] == '/' ? NULL : join(&room, path, "", "");
	if (clean == NULL)
		return false;
	bool free = root_get(root, clean, &other) == ENOENT;
	root_close(&other);
	return free;
}

static enum status find_named(int root, const struct site *site, const struct target *target, struct resource *out)
{
	if (!set_path(out, path_of(target), "", ""))
		return STATUS_NOT_FOUND;
	out->type = mime_type(slice_of(out->path));
	enum status refusal = open_readable(root, out->path, &out->file);
	bool found = refusal == STATUS_NONE;
	if (found && out->file.directory) {
		out->moved = path_of(target);
		out->moved_slash = true;
	}
	if (found && (out->file.directory || (site->clean_urls && is_unclean(root, target, out)))) {
		root_close(&out->file);
		return STATUS_MOVED_PERMANENTLY;
	}
	if (refusal == STATUS_NOT_FOUND && site->clean_urls && set_path(out, path_of(target), ".html", "")) {
		out->type = mime_type(slice_of(out->path));
		refusal = open_regular(root, out->path, &out->file);
	}
	return refusal;
}

/*
 * The page of a single-page application, for who asks for a page: names HTML, or takes anything and asks for no other
 * kind of file.
 */
static enum status find_fallback(int root, const struct site *site, const struct request *request,
                                 const struct target *target, struct resource *out)
{
	bool named;
	out->varies_accept = true;
	if (accept_type(request, "text/html", &named) == 0)
		return STATUS_NOT_FOUND;
	const char *name = strrchr(target->path, '/');
	if (!named && !target->directory && strchr(name != NULL ? name : target->path, '.') != NULL)
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
	struct entry original = out->file;
	accept_codings(request, quality);
	best = quality[CODING_IDENTITY];
	for (unsigned c = 0; c < CODING_IDENTITY; c++) {
		struct entry sibling;
		struct buf room = buf_rest(&out->room);
		const char *path = join(&room, slice_of(out->path), coding_suffix(c), "");
		if (path == NULL || open_regular(root, path, &sibling) != STATUS_NONE)
			continue;
		bool stale = root_stale(&sibling, &original);
		out->varies_coding = out->varies_coding || !stale;
		bool better = out->coding == CODING_IDENTITY ? quality[c] >= best : quality[c] > best;
		if (!stale && quality[c] > 0 && better) {
			root_close(&out->file);
			out->file = sibling;
			out->coding = c;
			best = quality[c];
		} else {
			root_close(&sibling);
		}
	}
	if (best > 0)
		return STATUS_NONE;
	root_close(&out->file);
	return STATUS_NOT_ACCEPTABLE;
}

/* What lies at the target itself. */
static enum status find(int root, const struct site *site, const struct request *request,
                        const struct target *target, struct resource *out)
{
	if (!target->directory)
		return find_named(root, site, target, out);
	/* One opening suffices: where the path is a file's, there is nothing inside. */
	enum status refusal = open_inside(root, path_of(target), "index.html", out);
	if (refusal == STATUS_NOT_FOUND)
		refusal = find_link(root, out->path, out);
	if (refusal == STATUS_NOT_FOUND && site->listing)
		refusal = find_listing(root, request, target, out);
	return refusal;
}

void resource_begin(struct resource *out, struct buf room)
{
	out->file.fd = -1;
	out->coding = CODING_IDENTITY;
	out->listing = out->json = out->varies_coding = out->varies_accept = out->moved_slash = false;
	out->moved = (struct slice){NULL, 0};
	out->path = "";
	out->link = NULL;
	out->room = room;
}

enum status resource_find(int root, const struct site *site, const struct request *request,
                          const struct target *target, struct resource *out)
{
	enum status refusal = STATUS_NOT_FOUND;
	if (!target->nowhere && policy_visible(path_of(target)) == target->length) {
		refusal = find(root, site, request, target, out);
		if (refusal == STATUS_NOT_FOUND && target->length > 0)
			refusal = find_link(root, target->path, out);
	}
	if (refusal == STATUS_NOT_FOUND && site->fallback != NULL)
		refusal = find_fallback(root, site, request, target, out);
	if (refusal == STATUS_NONE && !out->listing)
		refusal = choose_coding(root, request, out);
	return refusal;
}

/* The path without its last name, or of it only the ERROR_LEVELS names nearest to the root. */
static struct slice directory_of(const struct target *target)
{
	struct slice path = {target->path, policy_visible(path_of(target))};
	bool whole = path.len == target->length && target->directory;
	size_t names = 0, end = 0;
	for (size_t i = 0; i <= path.len && names < ERROR_LEVELS; i++) {
		if (i == path.len ? whole && i > 0 : path.at[i] == '/') {
			end = i;
			names++;
		}
	}
	return (struct slice){path.at, end};
}

bool resource_explain(int root, const struct target *target, enum status status, struct resource *out)
{
	char room[16];
	struct buf name = buf_in(room, sizeof room);
	struct slice directory = directory_of(target);
	out->coding = CODING_IDENTITY;
	out->listing = false;
	buf_format(&name, "%u.html%c", (unsigned)status, '\0');
	for (;;) {
		if (open_inside(root, directory, room, out) == STATUS_NONE)
			return true;
		if (directory.len == 0)
			return false;
		while (directory.len > 0 && directory.at[--directory.len] != '/')
			;
	}
}

enum status resource_host(int root, struct slice host, struct entry *out)
{
	char room[NAME_BYTES];
	struct buf name = buf_in(room, sizeof room - 1);
	host_directory(&name, host);
	room[name.len] = '\0';
	enum status refusal = name.len > 0 && !name.overflow ? open_directory(root, room, out) : STATUS_NOT_FOUND;
	return refusal == STATUS_NOT_FOUND ? open_directory(root, "default", out) : refusal;
}
