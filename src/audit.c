/* SPDX-License-Identifier: ISC */
#include "audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "accept.h"
#include "bounds.h"
#include "host.h"
#include "mime.h"
#include "policy.h"
#include "resource.h"
#include "root.h"

enum finding {
	FIND_MODE, FIND_DENIED, FIND_CLOSED, FIND_UNSEEN, FIND_HIDDEN, FIND_OUTSIDE, FIND_DANGLING, FIND_CIRCLE, FIND_KIND,
	FIND_STALE, FIND_ORPHAN, FIND_INDEX, FIND_FALLBACK, FIND_STRAY, FIND_HOST, FIND_DEEP, FIND_LONG, FIND_ERROR,
	FINDINGS
};

/*
 * A line for each, in the order of enum finding: "!" if there is something to mend, what happens, why, the cure. Behind
 * the reason there may be a name, in quotes unless a colon announces it. One text, as a table of pointers would have to
 * be relocated at every start, and one of arrays is mostly empty.
 */
static const char texts[] =
	"!403|not everyone may read it|chmod o+r\n"
	"!403|its mode lets everyone read it, yet this account may not|"
	"look at its group, its ACL (getfacl) and at SELinux or AppArmor\n"
	"!403 for all that is in it|this account may not enter the directory|chmod o+rx\n"
	"!not looked into|this account may enter the directory but not read it|"
	"what is in it is served to who knows the name; chmod o+r to have it checked\n"
	"404|a name that begins with a dot is hidden|rename it if it is to be seen, else keep it elsewhere\n"
	"!404|the link leads out of the site, to|make it relative (ln -sr) and stay inside, or copy the file\n"
	"!404|the link leads nowhere, to|mend it or remove it\n"
	"!404|the link leads in a circle, to|mend it or remove it\n"
	"!404|neither a file nor a directory:|remove it\n"
	"!not sent|older than its original|compress that anew, as with gzip -kf\n"
	"sent under this very name only|there is no original|put that beside it, or remove this\n"
	"!404 for its front page|no index.html|make one, or use --listing\n"
	"!404 instead of --fallback|there is no file for everyone to read named|make it, or name another\n"
	"!404|with --vhosts there is one directory for each host here|move it into one of them\n"
	"!404|no host has this name|write it in small letters, without a port\n"
	"!not looked into|too many directories below ROOT|check it by itself\n"
	"!404|the name is too long, with those of its directories|shorten them\n"
	"!500|it cannot be opened:|look at the file system\n";

struct row {
	bool mend;
	struct slice what, why, cure;
};

static struct row row_of(enum finding finding)
{
	struct slice line = {"", 0}, rest = slice_of(texts);
	struct row row;
	for (unsigned i = 0; i <= finding; i++)
		slice_split(&rest, '\n', &line);
	row.mend = line.at[0] == '!';
	row.cure = slice_from(line, row.mend);
	slice_split(&row.cure, '|', &row.what);
	slice_split(&row.cure, '|', &row.why);
	return row;
}

struct audit {
	const struct site *site;
	audit_say *say;
	bool heard; /* somebody still listens */
	int root; /* what names are looked up beneath: ROOT, or with --vhosts the directory of one host */
	size_t skip; /* bytes of the path in front of the names beneath it */
	unsigned levels;
	uint64_t files, directories, redirects, found[FINDINGS];
	size_t length;
	char path[PATH_BYTES]; /* of what is looked at, beneath ROOT */
};

/* A directory in which names are looked at. */
struct place {
	struct audit *audit;
	int fd;
};

static void say(struct audit *a, struct buf *line)
{
	buf_char(line, '\n');
	a->heard = a->heard && a->say(buf_slice(line));
}

static void put_reason(struct buf *b, enum finding finding, const char *name)
{
	struct row row = row_of(finding);
	const char *quote = row.why.at[row.why.len - 1] == ':' ? "" : "'";
	buf_format(b, "%.*s: %.*s", SLICE(row.what), SLICE(row.why));
	if (name != NULL) {
		buf_format(b, " %s", quote);
		buf_visible(b, slice_of(name), "\\", SIZE_MAX);
		buf_text(b, quote);
	}
	buf_format(b, ": %.*s", SLICE(row.cure));
}

static void find(struct audit *a, enum finding finding, const char *name)
{
	char room[OUTPUT_MAX];
	struct buf b = buf_in(room, sizeof room);
	struct slice root = slice_of(a->site->root);
	if (++a->found[finding] > AUDIT_SHOWN)
		return;
	while (root.len > 0 && root.at[root.len - 1] == '/')
		root.len--;
	buf_visible(&b, root, "\\", SIZE_MAX);
	if (a->length > 0 || root.len == 0)
		buf_char(&b, '/');
	buf_visible(&b, (struct slice){a->path, a->length}, "\\", SIZE_MAX);
	buf_text(&b, ": ");
	put_reason(&b, finding, name);
	say(a, &b);
}

/* Appends a name to the path; false when it does not fit. */
static bool go_in(struct audit *a, const char *name)
{
	size_t n = strlen(name), slash = a->length > 0;
	if (a->length + slash + n >= sizeof a->path)
		return false;
	if (slash > 0)
		a->path[a->length++] = '/';
	memcpy(a->path + a->length, name, n + 1);
	a->length += n;
	return true;
}

static void go_back(struct audit *a, size_t length)
{
	a->length = length;
	a->path[length] = '\0';
}

/* The path as root wants it. */
static const char *inner(const struct audit *a)
{
	return a->path + (a->skip < a->length ? a->skip : a->length);
}

/* Whether the text of the link, read from the directory it is in, goes above the site by its names alone. */
static bool leaves(const struct audit *a, const char *text)
{
	struct slice name, rest = slice_of(inner(a));
	int depth = -1; /* the link's own name is no directory */
	while (slice_split(&rest, '/', &name))
		depth++;
	for (rest = slice_of(text); depth >= 0 && slice_split(&rest, '/', &name);) {
		if (slice_equal(name, slice_of("..")))
			depth--;
		else if (name.len > 0 && !slice_equal(name, slice_of(".")))
			depth++;
	}
	return text[0] == '/' || depth < 0;
}

static const char *kind_name(mode_t mode)
{
	return S_ISFIFO(mode) ? "FIFO" : S_ISSOCK(mode) ? "socket" : "device";
}

static void look_link(struct audit *a, int directory, const char *name, int error)
{
	char text[PATH_BYTES];
	struct stat st;
	if (root_link(a->root, inner(a), text, sizeof text) != 0)
		return; /* gone meanwhile */
	bool there = fstatat(directory, name, &st, 0) == 0;
	if ((error == ENOENT || error == ENOTDIR) && strlen(text) < LINK_BYTES && resource_is_uri(text))
		a->redirects++;
	else if (error == EACCES)
		find(a, FIND_DENIED, NULL);
	else if (error == ELOOP)
		find(a, FIND_CIRCLE, text);
	else if (leaves(a, text) || (there && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))))
		find(a, FIND_OUTSIDE, text);
	else if (there)
		find(a, FIND_KIND, kind_name(st.st_mode));
	else
		find(a, FIND_DANGLING, text);
}

/* Why root did not open what is there. */
static void look_refused(struct audit *a, int directory, const char *name, mode_t mode, int error)
{
	a->files += S_ISREG(mode);
	a->directories += S_ISDIR(mode);
	if (S_ISLNK(mode))
		look_link(a, directory, name, error);
	else if (S_ISDIR(mode) && error == EACCES)
		find(a, FIND_CLOSED, NULL);
	else if (!S_ISREG(mode) && !S_ISDIR(mode))
		find(a, FIND_KIND, kind_name(mode));
	else if (error == EACCES || error == EPERM)
		find(a, (mode & S_IROTH) == 0 ? FIND_MODE : FIND_DENIED, NULL);
	else if (error != ENOENT) /* gone meanwhile */
		find(a, FIND_ERROR, strerror(error));
}

/* A file in a coding, by its name: whether it is sent for its original. */
static void look_sibling(struct audit *a, const struct entry *file)
{
	char original[PATH_BYTES];
	struct slice path = slice_of(inner(a));
	struct entry other;
	for (unsigned c = 0; c < CODING_IDENTITY; c++) {
		struct slice suffix = slice_of(coding_suffix(c)), end = slice_from(path, path.len - suffix.len);
		if (path.len <= suffix.len || !slice_equal(end, suffix) || path.at[path.len - suffix.len - 1] == '/')
			continue;
		memcpy(original, path.at, path.len - suffix.len);
		original[path.len - suffix.len] = '\0';
		int error = root_get(a->root, original, &other);
		/* An archive is on its own by right; of a text it is more likely that it was forgotten. */
		if (error == ENOENT && strncmp(mime_type(slice_of(original)), "text/", 5) == 0)
			find(a, FIND_ORPHAN, original);
		if (error == 0 && !other.directory && root_stale(file, &other))
			find(a, FIND_STALE, NULL);
		root_close(&other);
	}
}

static bool look(void *context, const char *name, bool directory);

static void look_directory(struct audit *a, const struct entry *entry)
{
	struct place place = {a, entry->fd};
	struct stat st;
	struct entry index;
	a->directories++;
	if (a->levels == AUDIT_LEVELS) {
		find(a, FIND_DEEP, NULL);
		return;
	}
	if (fstatat(entry->fd, ".", &st, 0) != 0) {
		find(a, FIND_CLOSED, NULL);
		return;
	}
	if (entry->through) {
		find(a, FIND_UNSEEN, NULL);
		return;
	}
	size_t length = a->length;
	if (a->site->listing && !entry->readable && go_in(a, "index.html")) {
		bool listed = root_get(a->root, inner(a), &index) == ENOENT;
		root_close(&index);
		go_back(a, length);
		if (listed)
			find(a, FIND_MODE, NULL);
	}
	a->levels++;
	int error = root_each(entry->fd, look, &place);
	a->levels--;
	if (error != 0)
		find(a, FIND_ERROR, strerror(error));
}

static void look_site(struct audit *a, const struct entry *entry)
{
	char text[LINK_BYTES];
	struct entry file;
	const char *fallback = a->site->fallback;
	int error = root_get(a->root, "index.html", &file);
	bool none = error == ENOENT || (error == 0 && file.directory);
	root_close(&file);
	if (none && root_link(a->root, "index.html", text, sizeof text) != 0 && !a->site->listing && fallback == NULL)
		find(a, FIND_INDEX, NULL);
	if (fallback != NULL && (root_get(a->root, fallback, &file) != 0 || file.directory || !file.readable))
		find(a, FIND_FALLBACK, fallback);
	if (fallback != NULL)
		root_close(&file);
	look_directory(a, entry);
}

/* With --vhosts: a name in ROOT itself. A link to a directory gives a site another name. */
static void look_host(struct audit *a, const struct entry *entry, const char *name, bool link)
{
	char room[NAME_BYTES];
	struct buf b = buf_in(room, sizeof room);
	int root = a->root;
	if (host_valid(slice_of(name)))
		host_directory(&b, slice_of(name));
	if (!entry->directory)
		find(a, FIND_STRAY, NULL);
	else if (!slice_equal(buf_slice(&b), slice_of(name)))
		find(a, FIND_HOST, NULL);
	else if (!link) {
		a->root = entry->fd;
		a->skip = a->length + 1;
		look_site(a, entry);
		a->root = root;
		a->skip = 0;
	}
}

static void look_named(struct audit *a, int directory, const char *name)
{
	struct stat st;
	struct entry entry;
	bool host = a->site->vhosts && a->skip == 0;
	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return; /* gone meanwhile */
	int error = root_get(a->root, inner(a), &entry);
	if (error != 0) {
		look_refused(a, directory, name, st.st_mode, error);
	} else if (host) {
		look_host(a, &entry, name, S_ISLNK(st.st_mode));
	} else if (entry.directory) {
		if (!S_ISLNK(st.st_mode)) /* it is looked at where it stands */
			look_directory(a, &entry);
	} else {
		a->files += S_ISREG(st.st_mode);
		if (entry.readable)
			look_sibling(a, &entry);
		else
			find(a, FIND_MODE, NULL);
	}
	root_close(&entry);
}

static bool look(void *context, const char *name, bool directory)
{
	const struct place *place = context;
	struct audit *a = place->audit;
	size_t before = a->length;
	(void)directory;
	if (!go_in(a, name))
		find(a, FIND_LONG, name);
	else if (policy_visible(slice_of(name)) == 0)
		find(a, FIND_HIDDEN, NULL);
	else
		look_named(a, place->fd, name);
	go_back(a, before);
	return a->heard;
}

/* What was found and not shown, and how much there was in all. */
static uint64_t sum_up(struct audit *a)
{
	char room[MESSAGE_MAX];
	struct buf b;
	uint64_t mend = 0, know = 0;
	for (unsigned i = 0; i < FINDINGS; i++) {
		*(row_of((enum finding)i).mend ? &mend : &know) += a->found[i];
		if (a->found[i] <= AUDIT_SHOWN)
			continue;
		b = buf_in(room, sizeof room);
		buf_format(&b, "and %ju more: ", a->found[i] - AUDIT_SHOWN);
		put_reason(&b, (enum finding)i, NULL);
		say(a, &b);
	}
	b = buf_in(room, sizeof room);
	buf_format(&b, "files:            %ju in %ju %s and %ju %s: %ju to mend, %ju to know", a->files, a->directories,
	           a->directories == 1 ? "directory" : "directories", a->redirects,
	           a->redirects == 1 ? "redirect" : "redirects", mend, know);
	say(a, &b);
	return a->heard ? mend : mend + 1;
}

uint64_t audit_run(const struct site *site, int root, audit_say *say_line)
{
	struct audit a = {.site = site, .say = say_line, .heard = true, .root = root};
	struct entry top;
	int error = root_get(root, "", &top);
	if (error != 0)
		look_refused(&a, root, ".", S_IFDIR, error);
	else if (site->vhosts)
		look_directory(&a, &top);
	else
		look_site(&a, &top);
	root_close(&top);
	return sum_up(&a);
}
