/* SPDX-License-Identifier: ISC */
#include "serve/lookup.h"

#include <string.h>

#include "base/path.h"
#include "serve/clean.h"
#include "serve/link.h"
#include "serve/negotiate.h"
#include "serve/policy.h"
#include "system/root.h"

/* The arguments of a look-up, and its result so far. */
struct search {
	int root;
	struct recent *recent;
	const struct site *site;
	const struct request *request;
	const struct target *target;
	struct buf texts; /* the path of what was opened last, and behind it room for other names */
	struct resource *found;
};

static struct slice target_path(const struct search *s)
{
	return (struct slice){s->target->path, s->target->length};
}

/* The last name of the target's path. */
static const char *target_name(const struct search *s)
{
	const char *slash = strrchr(s->target->path, '/');
	return slash != NULL ? slash + 1 : s->target->path;
}

/* Opens directory/name+ending; its path takes the place of the one that was tried before. */
static enum status try_open(struct search *s, struct slice directory, const char *name, const char *ending,
                            enum resource_kinds kinds)
{
	s->texts.len = 0;
	const char *path = path_join(&s->texts, directory, name, ending);
	s->found->path = path != NULL ? path : "";
	s->found->type = policy_type(s->site, s->found->path);
	if (path == NULL)
		return STATUS_NOT_FOUND;
	struct recent_file *known = recent_find(s->recent, path);
	if (known == NULL)
		return resource_open(s->root, path, kinds, &s->found->file);
	return resource_open_again(s->root, path, kinds, &known->open[CODING_IDENTITY], &s->found->file);
}

static enum status moved_to(struct search *s, struct slice path, bool slash)
{
	s->found->moved = path;
	s->found->moved_slash = slash;
	return STATUS_MOVED_PERMANENTLY;
}

/* Sends to the clean address of the page path.html. */
static enum status moved_to_page(struct search *s, struct slice path)
{
	struct clean_url page = clean_url_of(path);
	return moved_to(s, page.path, page.slash);
}

/* The target's path without its ".html", where that is its clean address; else no slice. */
static struct slice clean_path(const struct search *s)
{
	struct slice path = target_path(s), ending = slice_of(".html"), none = {NULL, 0};
	if (strlen(target_name(s)) <= ending.len || !slice_equal(slice_from(path, path.len - ending.len), ending))
		return none;
	path.len -= ending.len;
	return clean_url_of(path).slash || clean_is_free(s->root, path, buf_rest(&s->texts)) ? path : none;
}

/* The page about.html for the address /about; the page of an index has the address of its directory. */
static enum status find_page(struct search *s)
{
	enum status refusal = try_open(s, target_path(s), "", ".html", RESOURCE_FILE);
	return refusal == STATUS_NONE && clean_url_of(target_path(s)).slash ? moved_to_page(s, target_path(s)) : refusal;
}

/* A file, or the directory whose address lacks its slash; with --clean-urls a page. */
static enum status find_named(struct search *s)
{
	bool clean = s->site->clean_urls;
	enum status refusal = try_open(s, target_path(s), "", "", RESOURCE_ANY);
	if (refusal == STATUS_NOT_FOUND && clean)
		return find_page(s);
	if (refusal != STATUS_NONE)
		return refusal;
	if (!s->found->file.directory) {
		struct slice page = clean ? clean_path(s) : (struct slice){NULL, 0};
		return page.at != NULL ? moved_to_page(s, page) : STATUS_NONE;
	}
	/* A page beside a directory that has no index of its own. */
	if (clean && clean_is_free(s->root, target_path(s), buf_rest(&s->texts))) {
		root_close(&s->found->file);
		refusal = find_page(s);
		if (refusal != STATUS_NOT_FOUND)
			return refusal;
	}
	return moved_to(s, target_path(s), true);
}

/* A directory without an index, where the site lists what is in it. */
static enum status find_listing(struct search *s)
{
	unsigned quality[CODING_COUNT];
	struct resource *found = s->found;
	enum status refusal = try_open(s, target_path(s), "", "", RESOURCE_DIRECTORY);
	if (refusal != STATUS_NONE || !found->file.readable)
		return refusal != STATUS_NONE ? refusal : STATUS_FORBIDDEN;
	accept_codings(s->request, quality);
	found->listing = found->varies_accept = true;
	found->json = accept_prefers(s->request, "application/json", "text/html");
	found->type = found->json ? "application/json" : "text/html; charset=utf-8";
	return quality[CODING_IDENTITY] > 0 ? STATUS_NONE : STATUS_NOT_ACCEPTABLE;
}

/* With --clean-urls: the page about.html, asked for as /about/. */
static enum status find_without_slash(struct search *s)
{
	struct slice path = target_path(s);
	if (path.len == 0 || !clean_is_free(s->root, path, buf_rest(&s->texts)) ||
	    try_open(s, path, "", ".html", RESOURCE_FILE) != STATUS_NONE)
		return STATUS_NOT_FOUND;
	return moved_to_page(s, path);
}

/* Looks up a path that ends in a slash. A path that is a file's has no index.html in it, which is 404 as well. */
static enum status find_in_directory(struct search *s)
{
	enum status refusal = try_open(s, target_path(s), "index.html", "", RESOURCE_FILE);
	if (refusal == STATUS_NOT_FOUND)
		refusal = link_find(s->root, s->target, s->found->path, &s->texts, s->found);
	if (refusal == STATUS_NOT_FOUND && s->site->listing)
		refusal = find_listing(s);
	if (refusal == STATUS_NOT_FOUND && s->site->clean_urls)
		refusal = find_without_slash(s);
	return refusal;
}

/* Looks the target up, without the fallback. Hidden names are never found. */
static enum status find_visible(struct search *s)
{
	const struct target *target = s->target;
	if (target->unresolvable || policy_visible_length(target_path(s)) < target->length)
		return STATUS_NOT_FOUND;
	enum status refusal = target->directory ? find_in_directory(s) : find_named(s);
	if (refusal == STATUS_NOT_FOUND && target->length > 0)
		refusal = link_search(s->root, target, &s->texts, s->found);
	return refusal;
}

/* Whether the path is below .well-known, where programs look for data, not for a page (RFC 8615). */
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
static enum status find_fallback(struct search *s)
{
	bool named;
	if (is_well_known(target_path(s)))
		return STATUS_NOT_FOUND;
	s->found->varies_accept = true;
	bool welcome = accept_type(s->request, "text/html", &named) > 0;
	if (!welcome || (!named && !s->target->directory && strchr(target_name(s), '.') != NULL))
		return STATUS_NOT_FOUND;
	return try_open(s, (struct slice){"", 0}, s->site->fallback, "", RESOURCE_FILE);
}

enum status lookup_find(int root, struct recent *recent, const struct site *site, const struct request *request,
                        const struct target *target, struct buf *room, struct resource *out)
{
	struct search s = {root, recent, site, request, target, buf_rest(room), out};
	*out = resource_none();
	enum status refusal = find_visible(&s);
	if (refusal == STATUS_NOT_FOUND && site->fallback != NULL)
		refusal = find_fallback(&s);
	if (refusal == STATUS_NONE && !out->listing)
		out->coding = policy_coding(site, out->path);
	/* A file that is coded itself has no siblings, and is sent whatever the client accepts. */
	if (refusal == STATUS_NONE && !out->listing && out->coding == CODING_IDENTITY)
		refusal = negotiate_coding(root, request, recent, buf_rest(&s.texts), out);
	if (refusal != STATUS_NONE)
		root_close(&out->file);
	room->len += s.texts.len;
	return refusal;
}
