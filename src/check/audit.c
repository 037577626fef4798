/* SPDX-License-Identifier: ISC */
#include "check/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bounds.h"
#include "check/finding.h"
#include "check/line.h"
#include "http/accept.h"
#include "http/host.h"
#include "http/mime.h"
#include "serve/policy.h"
#include "serve/clean.h"
#include "serve/link.h"
#include "system/list.h"
#include "system/root.h"

/* A directory that is being read, and the values of struct audit that leave() restores at its end. */
struct level {
	struct list list;
	int root;
	size_t skip;
};

struct audit {
	const struct site *site;
	struct line line; /* what is printed */
	char *names; /* NAMES_CHUNK_MIN bytes for each level */
	char *text; /* PATH_BYTES, in which a symlink's text or another name is put */
	struct buf page; /* room for the names that clean URLs look at */
	int root; /* of the site: ROOT, or with --vhosts the directory of one host */
	int at; /* the innermost directory that is being read */
	size_t skip; /* bytes of the path that lead from ROOT to the site's root */
	unsigned levels;
	struct level level[AUDIT_LEVELS];
	uint64_t files, directories, redirects, mend, know, found[FINDINGS]; /* know: those findings only worth knowing */
	size_t length;
	char *path; /* of the file that is looked at, beneath ROOT, in PATH_BYTES */
};

static void report(struct audit *a, enum finding finding, const char *name)
{
	struct slice root = slice_of(a->site->root);
	*(finding_matters(finding) ? &a->mend : &a->know) += 1;
	if (++a->found[finding] > AUDIT_SHOWN)
		return;
	while (root.len > 0 && root.at[root.len - 1] == '/')
		root.len--;
	line_visible(&a->line, root);
	if (a->length > 0 || root.len == 0)
		line_text(&a->line, "/");
	line_visible(&a->line, (struct slice){a->path, a->length});
	line_text(&a->line, ": ");
	finding_put(&a->line, finding, name);
}

/* Appends a name to the path; false when it does not fit. */
static bool append_name(struct audit *a, const char *name)
{
	struct buf rest = buf_in(a->path + a->length, PATH_BYTES - a->length);
	buf_format(&rest, "%s%s%c", a->length > 0 ? "/" : "", name, '\0');
	a->length += rest.overflow ? 0 : rest.len - 1;
	return !rest.overflow;
}

static void truncate_path(struct audit *a, size_t length)
{
	a->length = length;
	a->path[length] = '\0';
}

/* Takes the last name off the path. */
static void drop_last_name(struct audit *a)
{
	const char *slash = strrchr(a->path, '/');
	truncate_path(a, slash != NULL ? (size_t)(slash - a->path) : 0);
}

/* The path beneath the site's root. */
static const char *path_in_site(const struct audit *a)
{
	return a->path + (a->skip < a->length ? a->skip : a->length);
}

/* Looks at a name in the directory of the path, as root_get does. Returns 0 or its errno; *out is not open. */
static int look_up(struct audit *a, const char *name, struct entry *out)
{
	size_t before = a->length;
	int error = append_name(a, name) ? root_get(a->root, path_in_site(a), out) : ENAMETOOLONG;
	if (error == 0)
		root_close(out);
	truncate_path(a, before);
	return error;
}

/* Whether the errno is a client's 404: no such name, or one that leads out of the root. */
static bool is_none(int error)
{
	return error == ENOENT || error == EXDEV;
}

/* Reports why root_get failed for a name that exists. */
static void look_refused(struct audit *a, const char *name, mode_t mode, int error)
{
	char *text = a->text;
	struct stat st;
	bool link = S_ISLNK(mode);
	a->files += S_ISREG(mode);
	a->directories += S_ISDIR(mode);
	if (link && root_readlink(a->root, path_in_site(a), text, PATH_BYTES) != 0)
		return; /* gone meanwhile */
	if (link)
		mode = fstatat(a->at, name, &st, 0) == 0 ? st.st_mode : 0;
	if (link && (is_none(error) || error == ENOTDIR) && strlen(text) < LINK_BYTES && link_is_uri(text))
		a->redirects++;
	else if (link && error == EXDEV)
		report(a, text[0] == '/' ? FIND_ABSOLUTE : FIND_OUTSIDE, text);
	else if (link && error == ELOOP)
		report(a, FIND_CIRCLE, text);
	else if (link && error == EACCES)
		report(a, FIND_DENIED, NULL);
	else if (mode == 0)
		report(a, FIND_DANGLING, text);
	else if (!S_ISREG(mode) && !S_ISDIR(mode))
		report(a, FIND_KIND, S_ISFIFO(mode) ? "FIFO" : S_ISSOCK(mode) ? "socket" : "device");
	else if (S_ISDIR(mode) && error == EACCES)
		report(a, FIND_CLOSED, NULL);
	else if (error == EACCES || error == EPERM)
		report(a, (mode & S_IROTH) == 0 ? FIND_MODE : FIND_DENIED, NULL);
	else if (error != ENOENT) /* gone meanwhile */
		report(a, FIND_ERROR, strerror(error));
}

/* Reports a page whose clean URL names something else. The clean URL of an index is that of its directory. */
static void look_page(struct audit *a)
{
	struct slice path = slice_of(path_in_site(a)), ending = slice_of(".html");
	const char *slash = strrchr(path.at, '/');
	if (path.len <= ending.len || !slice_equal(slice_from(path, path.len - ending.len), ending) ||
	    strcmp(slash != NULL ? slash + 1 : path.at, "index.html") == 0)
		return;
	path.len -= ending.len;
	if (!clean_is_free(a->root, path, a->page))
		report(a, FIND_CLASH, NULL);
}

/* Reports a file that is not sent, or that has the suffix of a coding and is not sent for its original. */
static void look_file(struct audit *a, const struct entry *file)
{
	char *original = a->text;
	struct buf b = buf_in(original, PATH_BYTES);
	struct entry other;
	if (!file->readable)
		report(a, FIND_MODE, NULL);
	if (file->readable && a->site->clean_urls)
		look_page(a);
	for (unsigned c = 0; file->readable && c < CODING_IDENTITY; c++) {
		const char *path = path_in_site(a), *suffix = coding_suffix(c);
		size_t n = strlen(path), end = strlen(suffix);
		if (n <= end || strcmp(path + n - end, suffix) != 0 || path[n - end - 1] == '/')
			continue;
		buf_format(&b, "%.*s%c", (int)(n - end), path, '\0');
		int error = root_get(a->root, original, &other);
		/* An archive needs no original; that of a text is missing by mistake. */
		if (is_none(error) && strncmp(mime_type(slice_of(original)), "text/", 5) == 0)
			report(a, FIND_ORPHAN, original);
		if (error == 0 && !other.directory && root_stale(file, &other))
			report(a, FIND_STALE, NULL);
		if (error == 0 && !other.directory && root_stale(&other, file))
			report(a, FIND_NEWER, NULL);
		root_close(&other);
	}
}

/* Begins to read a directory, which becomes the innermost; false where that fails, with a finding. */
static bool enter(struct audit *a, const struct entry *directory)
{
	struct level *level = &a->level[a->levels];
	int error = list_open(&level->list, directory->fd, a->names + (size_t)a->levels * NAMES_CHUNK_MIN, NAMES_CHUNK_MIN);
	if (error != 0) {
		report(a, error == EACCES ? FIND_UNSEEN : FIND_ERROR, error == EACCES ? NULL : strerror(error));
		return false;
	}
	level->root = a->root;
	level->skip = a->skip;
	a->at = level->list.fd;
	a->levels++;
	return true;
}

/* Ends the reading of the innermost directory, for the reason of an errno or 0, and returns to the one around it. */
static void leave(struct audit *a, int error)
{
	struct level *level = &a->level[--a->levels];
	if (error != 0)
		report(a, FIND_ERROR, strerror(error));
	list_close(&level->list);
	a->root = level->root;
	a->skip = level->skip;
	a->at = a->levels > 0 ? a->level[a->levels - 1].list.fd : a->root;
	drop_last_name(a);
}

/* Looks at a directory and enters it, where its files can be served. Returns whether it was entered. */
static bool look_directory(struct audit *a, const struct entry *entry)
{
	struct stat st;
	struct entry index;
	a->directories++;
	if (a->levels == AUDIT_LEVELS) {
		report(a, FIND_DEEP, NULL);
		return false;
	}
	if (fstatat(entry->fd, ".", &st, 0) != 0) {
		report(a, FIND_CLOSED, NULL);
		return false;
	}
	if (a->site->listing && !entry->readable && is_none(look_up(a, "index.html", &index)))
		report(a, FIND_MODE, NULL);
	return enter(a, entry);
}

/* Looks at the root of a site: ROOT, or with --vhosts the directory of one host. Returns whether it was entered. */
static bool look_site(struct audit *a, const struct entry *entry)
{
	struct entry file;
	const char *fallback = a->site->fallback;
	const int root = a->root;
	const size_t skip = a->skip;
	a->root = entry->fd;
	a->skip = a->length > 0 ? a->length + 1 : 0;
	int error = look_up(a, "index.html", &file);
	bool none = is_none(error) || (error == 0 && file.directory);
	if (none && root_readlink(a->root, "index.html", a->text, LINK_BYTES) != 0 && !a->site->listing && fallback == NULL)
		report(a, FIND_INDEX, NULL);
	if (fallback != NULL && (look_up(a, fallback, &file) != 0 || file.directory || !file.readable))
		report(a, FIND_FALLBACK, fallback);
	bool entered = look_directory(a, entry);
	a->root = entered ? a->at : root; /* the same directory as the entry, which will be closed */
	if (!entered) {
		a->skip = skip;
		return false;
	}
	a->level[a->levels - 1].root = root;
	a->level[a->levels - 1].skip = skip;
	return true;
}

/* Whether a directory of this name is that of a host. */
static bool is_host(struct slice name)
{
	char room[NAME_BYTES];
	struct buf b = buf_in(room, sizeof room);
	if (host_valid(name))
		host_directory(&b, name);
	return slice_equal(buf_slice(&b), name);
}

/* Looks at a name of the innermost directory, the last of the path. Returns whether it was entered. */
static bool look_named(struct audit *a, const char *name)
{
	struct stat st;
	struct entry entry;
	bool host = a->site->vhosts && a->skip == 0;
	if (fstatat(a->at, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false; /* gone meanwhile */
	bool entered = false;
	int error = root_get(a->root, path_in_site(a), &entry);
	if (error != 0)
		look_refused(a, name, st.st_mode, error);
	else if (host && !entry.directory)
		report(a, FIND_STRAY, NULL);
	else if (host && !is_host(slice_of(name)))
		report(a, FIND_HOST, NULL);
	else if (entry.directory && S_ISLNK(st.st_mode))
		; /* the directory is looked at under its own name; with --vhosts the link is an alias of a host */
	else if (entry.directory && host)
		entered = look_site(a, &entry);
	else if (entry.directory)
		entered = look_directory(a, &entry);
	else
		look_file(a, &entry);
	a->files += error == 0 && !host && S_ISREG(st.st_mode);
	root_close(&entry);
	return entered;
}

static void look(struct audit *a, const char *name)
{
	if (!append_name(a, name)) {
		report(a, FIND_LONG, name);
		return;
	}
	bool visible = policy_visible_length(slice_of(name)) > 0;
	if (!visible)
		report(a, FIND_HIDDEN, NULL);
	if (!visible || !look_named(a, name))
		drop_last_name(a);
}

/* Reads all directories. Without recursion, as the stack may be small: a->level has those that are open. */
static void walk(struct audit *a)
{
	const char *name;
	enum list_kind kind;
	while (a->levels > 0) {
		int error = list_next(&a->level[a->levels - 1].list, &name, &kind);
		if (error == 0 && name != NULL && !a->line.failed)
			look(a, name);
		else
			leave(a, error);
	}
}

/* Prints the numbers of findings that were not shown, and the sums. Returns the result of audit_run. */
static uint64_t sum_up(struct audit *a)
{
	for (unsigned i = 0; i < FINDINGS; i++) {
		if (a->found[i] <= AUDIT_SHOWN)
			continue;
		line_format(&a->line, "and %ju more: ", a->found[i] - AUDIT_SHOWN);
		finding_put(&a->line, (enum finding)i, NULL);
	}
	line_format(&a->line, "files:            %ju in %ju %s and %ju %s: %ju to mend, %ju to know", a->files,
	            a->directories, a->directories == 1 ? "directory" : "directories", a->redirects,
	            a->redirects == 1 ? "redirect" : "redirects", a->mend, a->know);
	line_end(&a->line);
	return a->line.failed ? a->mend + 1 : a->mend;
}

/* Takes `size` bytes off the room, which has as many left. */
static char *take(struct buf *room, size_t size)
{
	char *taken = room->at + room->len;
	room->len += size;
	return taken;
}

uint64_t audit_run(const struct site *site, int root, struct buf room)
{
	struct audit a = {.site = site, .root = root, .at = root};
	a.names = take(&room, (size_t)AUDIT_LEVELS * NAMES_CHUNK_MIN);
	a.path = take(&room, PATH_BYTES);
	a.path[0] = '\0';
	a.text = take(&room, PATH_BYTES);
	a.page = buf_rest(&room);
	struct entry top;
	int error = root_get(root, "", &top);
	if (error != 0)
		look_refused(&a, ".", S_IFDIR, error);
	else if (site->vhosts)
		look_directory(&a, &top);
	else
		look_site(&a, &top);
	root_close(&top);
	walk(&a);
	return sum_up(&a);
}
