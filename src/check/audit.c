/* SPDX-License-Identifier: ISC */
#include "check/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bounds.h"
#include "http/accept.h"
#include "http/host.h"
#include "http/mime.h"
#include "serve/policy.h"
#include "serve/clean.h"
#include "serve/link.h"
#include "system/root.h"

enum finding {
	FIND_MODE, FIND_DENIED, FIND_CLOSED, FIND_UNSEEN, FIND_HIDDEN, FIND_ABSOLUTE, FIND_OUTSIDE, FIND_DANGLING,
	FIND_CIRCLE, FIND_KIND, FIND_STALE, FIND_NEWER, FIND_ORPHAN, FIND_CLASH, FIND_INDEX, FIND_FALLBACK, FIND_STRAY,
	FIND_HOST, FIND_DEEP, FIND_LONG, FIND_ERROR, FINDINGS
};

/*
 * A line for each, in the order of enum finding: "!" if there is something to mend, what happens, why, and the cure.
 * Where the bar is there may be a name, in quotes unless a colon announces it. One text, as a table of pointers would
 * have to be relocated at every start, and one of arrays is mostly empty.
 */
static const char texts[] =
	"!403: not everyone may read it|: chmod o+r\n"
	"!403: its mode lets everyone read it, yet this account may not|: "
	"look at its group, its ACL (getfacl) and at SELinux or AppArmor\n"
	"!403 for all that is in it: this account may not enter the directory|: chmod o+rx\n"
	"!not looked into: this account may enter the directory but not read it|: "
	"what is in it is served to who knows the name; chmod o+r to have it checked\n"
	"404: a name that begins with a dot is hidden|: rename it if it is to be seen, else keep it elsewhere\n"
	"!404: a link to an absolute path is not followed, to|"
	": make it relative (ln -sr) and stay inside, or copy the file\n"
	"!404: the link leads out of the site, to|: make it relative (ln -sr) and stay inside, or copy the file\n"
	"!404: the link leads nowhere, to|: mend it or remove it\n"
	"!404: the link leads in a circle, to|: mend it or remove it\n"
	"!404: neither a file nor a directory:|: remove it\n"
	"!not sent: older than its original|: compress that anew, as with httpd-precompress\n"
	"sent for its original, yet newer than that: after a rollback it holds another version|: "
	"httpd-precompress --verify tells, and httpd-precompress mends it\n"
	"sent under this very name only: there is no original|: put that beside it, or remove this\n"
	"sent under this very name only, and not without .html: there is a file or a directory of that name|: rename one "
	"of them\n"
	"!404 for its front page: no index.html|: make one, or use --listing\n"
	"!404 instead of --fallback: there is no file for everyone to read named|: make it, or name another\n"
	"!404: with --vhosts there is one directory for each host here|: move it into one of them\n"
	"!404: no host has this name|: write it in small letters, without a port\n"
	"!not looked into: too many directories below ROOT|: check it by itself\n"
	"!404: the name is too long, with those of its directories|: shorten them\n"
	"!500: it cannot be opened:|: look at the file system\n";

static struct slice text_of(enum finding finding)
{
	struct slice line = {"", 0}, rest = slice_of(texts);
	for (unsigned i = 0; i <= finding; i++)
		slice_split(&rest, '\n', &line);
	return line;
}

struct audit {
	const struct site *site;
	audit_say *say;
	bool heard; /* somebody still listens */
	int root; /* what names are looked up beneath: ROOT, or with --vhosts the directory of one host */
	int at; /* the directory in which names are looked at */
	size_t skip; /* bytes of the path that lead there */
	unsigned levels;
	uint64_t files, directories, redirects, mend, know, found[FINDINGS]; /* know: those findings only worth knowing */
	size_t length;
	char path[PATH_BYTES]; /* of what is looked at, beneath ROOT */
};

static void say(struct audit *a, struct buf *line)
{
	buf_char(line, '\n');
	a->heard = a->heard && a->say(buf_slice(line));
}

static void put_reason(struct buf *b, enum finding finding, const char *name)
{
	struct slice why, rest = text_of(finding);
	rest = slice_from(rest, rest.at[0] == '!');
	slice_split(&rest, '|', &why);
	const char *quote = why.at[why.len - 1] == ':' ? "" : "'";
	buf_add(b, why);
	if (name != NULL) {
		buf_format(b, " %s", quote);
		buf_visible(b, slice_of(name), "\\", SIZE_MAX);
		buf_text(b, quote);
	}
	buf_add(b, rest);
}

static void find(struct audit *a, enum finding finding, const char *name)
{
	char room[OUTPUT_MAX];
	struct buf b = buf_in(room, sizeof room);
	struct slice root = slice_of(a->site->root);
	*(text_of(finding).at[0] == '!' ? &a->mend : &a->know) += 1;
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
	struct buf rest = buf_in(a->path + a->length, sizeof a->path - a->length);
	buf_format(&rest, "%s%s%c", a->length > 0 ? "/" : "", name, '\0');
	a->length += rest.overflow ? 0 : rest.len - 1;
	return !rest.overflow;
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

/* What root says of a name in the directory that the path names. */
static int look_up(struct audit *a, const char *name, struct entry *out)
{
	size_t before = a->length;
	int error = go_in(a, name) ? root_get(a->root, inner(a), out) : ENAMETOOLONG;
	if (error == 0)
		root_close(out);
	go_back(a, before);
	return error;
}

/* Whether root found nothing there that it may open. */
static bool is_none(int error)
{
	return error == ENOENT || error == EXDEV;
}

/* Why root did not open what is there. */
static void look_refused(struct audit *a, const char *name, mode_t mode, int error)
{
	char text[PATH_BYTES];
	struct stat st;
	bool link = S_ISLNK(mode);
	a->files += S_ISREG(mode);
	a->directories += S_ISDIR(mode);
	if (link && root_link(a->root, inner(a), text, sizeof text) != 0)
		return; /* gone meanwhile */
	if (link)
		mode = fstatat(a->at, name, &st, 0) == 0 ? st.st_mode : 0;
	if (link && (is_none(error) || error == ENOTDIR) && strlen(text) < LINK_BYTES && link_is_uri(text))
		a->redirects++;
	else if (link && error == EXDEV)
		find(a, text[0] == '/' ? FIND_ABSOLUTE : FIND_OUTSIDE, text);
	else if (link && error == ELOOP)
		find(a, FIND_CIRCLE, text);
	else if (link && error == EACCES)
		find(a, FIND_DENIED, NULL);
	else if (mode == 0)
		find(a, FIND_DANGLING, text);
	else if (!S_ISREG(mode) && !S_ISDIR(mode))
		find(a, FIND_KIND, S_ISFIFO(mode) ? "FIFO" : S_ISSOCK(mode) ? "socket" : "device");
	else if (S_ISDIR(mode) && error == EACCES)
		find(a, FIND_CLOSED, NULL);
	else if (error == EACCES || error == EPERM)
		find(a, (mode & S_IROTH) == 0 ? FIND_MODE : FIND_DENIED, NULL);
	else if (error != ENOENT) /* gone meanwhile */
		find(a, FIND_ERROR, strerror(error));
}

/* A page whose clean URL leads elsewhere. That of an index is its directory. */
static void look_page(struct audit *a)
{
	char room[2 * PATH_BYTES];
	struct slice path = slice_of(inner(a)), ending = slice_of(".html");
	const char *slash = strrchr(path.at, '/');
	if (path.len <= ending.len || !slice_equal(slice_from(path, path.len - ending.len), ending) ||
	    strcmp(slash != NULL ? slash + 1 : path.at, "index.html") == 0)
		return;
	path.len -= ending.len;
	if (!clean_is_free(a->root, path, buf_in(room, sizeof room)))
		find(a, FIND_CLASH, NULL);
}

/* A file that is there: whether it is sent, and for its original if by its name it is in a coding. */
static void look_file(struct audit *a, const struct entry *file)
{
	char original[PATH_BYTES];
	struct buf b = buf_in(original, sizeof original);
	struct entry other;
	if (!file->readable)
		find(a, FIND_MODE, NULL);
	if (file->readable && a->site->clean_urls)
		look_page(a);
	for (unsigned c = 0; file->readable && c < CODING_IDENTITY; c++) {
		const char *path = inner(a), *suffix = coding_suffix(c);
		size_t n = strlen(path), end = strlen(suffix);
		if (n <= end || strcmp(path + n - end, suffix) != 0 || path[n - end - 1] == '/')
			continue;
		buf_format(&b, "%.*s%c", (int)(n - end), path, '\0');
		int error = root_get(a->root, original, &other);
		/* An archive is on its own by right; of a text it is more likely that it was forgotten. */
		if (is_none(error) && strncmp(mime_type(slice_of(original)), "text/", 5) == 0)
			find(a, FIND_ORPHAN, original);
		if (error == 0 && !other.directory && root_stale(file, &other))
			find(a, FIND_STALE, NULL);
		if (error == 0 && !other.directory && root_stale(&other, file))
			find(a, FIND_NEWER, NULL);
		root_close(&other);
	}
}

static bool look(void *context, const char *name, enum root_kind kind);

static void look_directory(struct audit *a, const struct entry *entry)
{
	struct stat st;
	struct entry index;
	int above = a->at;
	a->directories++;
	if (a->levels == AUDIT_LEVELS) {
		find(a, FIND_DEEP, NULL);
	} else if (fstatat(entry->fd, ".", &st, 0) != 0) {
		find(a, FIND_CLOSED, NULL);
	} else {
		if (a->site->listing && !entry->readable && is_none(look_up(a, "index.html", &index)))
			find(a, FIND_MODE, NULL);
		a->levels++;
		a->at = entry->fd;
		int error = root_each(entry->fd, look, a);
		a->at = above;
		a->levels--;
		if (error == EACCES)
			find(a, FIND_UNSEEN, NULL);
		else if (error != 0)
			find(a, FIND_ERROR, strerror(error));
	}
}

/* ROOT, or with --vhosts what it has for one host: names are looked up beneath that. */
static void look_site(struct audit *a, const struct entry *entry)
{
	char text[LINK_BYTES];
	struct entry file;
	const char *fallback = a->site->fallback;
	int above = a->root;
	a->root = entry->fd;
	a->skip = a->length > 0 ? a->length + 1 : 0;
	int error = look_up(a, "index.html", &file);
	bool none = is_none(error) || (error == 0 && file.directory);
	if (none && root_link(a->root, "index.html", text, sizeof text) != 0 && !a->site->listing && fallback == NULL)
		find(a, FIND_INDEX, NULL);
	if (fallback != NULL && (look_up(a, fallback, &file) != 0 || file.directory || !file.readable))
		find(a, FIND_FALLBACK, fallback);
	look_directory(a, entry);
	a->root = above;
	a->skip = 0;
}

/* Whether requests for a host look into a directory of that name. */
static bool is_host(struct slice name)
{
	char room[NAME_BYTES];
	struct buf b = buf_in(room, sizeof room);
	if (host_valid(name))
		host_directory(&b, name);
	return slice_equal(buf_slice(&b), name);
}

static void look_named(struct audit *a, const char *name)
{
	struct stat st;
	struct entry entry;
	bool host = a->site->vhosts && a->skip == 0;
	if (fstatat(a->at, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return; /* gone meanwhile */
	int error = root_get(a->root, inner(a), &entry);
	if (error != 0)
		look_refused(a, name, st.st_mode, error);
	else if (host && !entry.directory)
		find(a, FIND_STRAY, NULL);
	else if (host && !is_host(slice_of(name)))
		find(a, FIND_HOST, NULL);
	else if (entry.directory && S_ISLNK(st.st_mode))
		; /* it is looked at where it stands; one in ROOT gives a host another name */
	else if (entry.directory && host)
		look_site(a, &entry);
	else if (entry.directory)
		look_directory(a, &entry);
	else
		look_file(a, &entry);
	a->files += error == 0 && !host && S_ISREG(st.st_mode);
	root_close(&entry);
}

static bool look(void *context, const char *name, enum root_kind kind)
{
	struct audit *a = context;
	size_t before = a->length;
	(void)kind;
	if (!go_in(a, name))
		find(a, FIND_LONG, name);
	else if (policy_visible(slice_of(name)) == 0)
		find(a, FIND_HIDDEN, NULL);
	else
		look_named(a, name);
	go_back(a, before);
	return a->heard;
}

/* What was found and not shown, and how much there was in all. */
static uint64_t sum_up(struct audit *a)
{
	char room[MESSAGE_MAX];
	struct buf b;
	for (unsigned i = 0; i < FINDINGS; i++) {
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
	           a->redirects == 1 ? "redirect" : "redirects", a->mend, a->know);
	say(a, &b);
	return a->heard ? a->mend : a->mend + 1;
}

uint64_t audit_run(const struct site *site, int root, audit_say *say_line)
{
	struct audit a = {.site = site, .say = say_line, .heard = true, .root = root, .at = root};
	struct entry top;
	int error = root_get(root, "", &top);
	if (error != 0)
		look_refused(&a, ".", S_IFDIR, error);
	else if (site->vhosts)
		look_directory(&a, &top);
	else
		look_site(&a, &top);
	root_close(&top);
	return sum_up(&a);
}
