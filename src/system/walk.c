/* SPDX-License-Identifier: ISC */
#if defined __linux__
#define _GNU_SOURCE /* O_PATH */
#elif defined __FreeBSD__ && !defined PORTABLE
#undef _POSIX_C_SOURCE /* a standard hides O_PATH */
#undef _XOPEN_SOURCE
#endif

#include "system/walk.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounds.h"

/*
 * A path being walked. The first `done` bytes name directories that have been opened, without links. The rest is still
 * to be opened; a link in it is replaced by its text.
 */
struct walk {
	char path[2 * PATH_BYTES];
	size_t done;
	unsigned links;
};

/* The next name; empty at the end. */
static char *walk_name(struct walk *w)
{
	return w->path + w->done + strspn(w->path + w->done, "/");
}

static int walk_start(struct walk *w, int root)
{
	w->done = 0;
	return openat(root, ".", SEARCH_FLAGS);
}

/* Replaces a link by its text; an absolute one leaves the root. */
static int walk_link(struct walk *w, char *name, const char *end, const char *text, size_t n)
{
	size_t rest = strlen(end) + 1;
	if (n == 0)
		return ENOENT;
	if (text[0] == '/')
		return EXDEV;
	if (++w->links > SYMLINKS_MAX)
		return ELOOP;
	if (n + rest > sizeof w->path - (size_t)(name - w->path))
		return ENAMETOOLONG;
	memmove(name + n, end, rest);
	memcpy(name, text, n);
	return 0;
}

/*
 * Opens the last name of a path: a directory to search it, a file with the flags, and nothing else. With O_DIRECTORY in
 * the flags, only a directory.
 */
static int walk_last(int at, const char *name, int flags)
{
	struct stat st;
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	bool directory = S_ISDIR(st.st_mode), link = S_ISLNK(st.st_mode), file = S_ISREG(st.st_mode);
	if (directory || file)
		return openat(at, name, (directory ? SEARCH_FLAGS : flags) | O_NOFOLLOW);
	errno = link ? ELOOP : (flags & O_DIRECTORY) != 0 ? ENOTDIR : ENOENT;
	return -1;
}

/* The next name of a path. While it is opened, a NUL stands at its end in the place of `behind`. */
struct name {
	char *at, *end, behind;
	bool up, last; /* it is ".."; no name follows it */
};

/* Opens a name in a directory, but no link. Returns a descriptor, or -1 and errno. */
static int open_name(int directory, const struct name *name, int flags)
{
	if (name->last && !name->up)
		return walk_last(directory, name->at, flags | (name->behind != '\0' ? O_DIRECTORY : 0));
	/* "." asks whether we may search the directory, as a kernel does before it goes up. */
	return openat(directory, name->up ? "." : name->at, SEARCH_FLAGS | O_NOFOLLOW);
}

/* If a name that could not be opened is a link, replaces it by its text. Else returns the errno of that failure. */
static int follow(struct walk *w, int directory, const struct name *name, int error)
{
	char link[PATH_BYTES];
	/* NetBSD, OpenBSD and DragonFly refuse a socket before they look whether it is a directory. */
	int refusal = error == EOPNOTSUPP && !name->last ? ENOTDIR : error;
	ssize_t n = readlinkat(directory, name->at, link, sizeof link);
	*name->end = name->behind;
	if (n < 0)
		return errno == EINVAL ? refusal : errno; /* EINVAL: it is no link */
	return walk_link(w, name->at, name->end, link, (size_t)n);
}

/*
 * Removes ".." from the path, and the directory before it. The walk starts again from the root, so that a directory
 * that was moved meanwhile leads nowhere else. `end` is the end of the "..". Returns 0 or an errno.
 */
static int go_up(struct walk *w, int root, int *at, const char *end)
{
	char *name = w->path + w->done;
	if (w->done == 0) /* above the root there is nothing */
		return EXDEV;
	while (name > w->path && name[-1] != '/')
		name--;
	memmove(name, end, strlen(end) + 1);
	close(*at);
	*at = walk_start(w, root);
	return *at < 0 ? errno : 0;
}

/* Opens the next name in the directory *at, which the result replaces. Returns 0 or an errno. */
static int walk_step(struct walk *w, int root, int *at, int flags)
{
	char *begin = walk_name(w), *end = begin + strcspn(begin, "/");
	struct name name = {.at = begin, .end = end, .behind = *end, .last = end[strspn(end, "/")] == '\0'};
	*end = '\0';
	name.up = strcmp(begin, "..") == 0;
	bool here = strcmp(begin, ".") == 0;
	int next = open_name(*at, &name, flags);
	if (next < 0)
		return follow(w, *at, &name, errno);
	*end = name.behind;
	close(*at);
	*at = next;
	if (name.up)
		return go_up(w, root, at, end);
	if (here)
		memmove(begin, end, strlen(end) + 1);
	else
		w->done = (size_t)(end - w->path);
	return 0;
}

int walk_open(int root, const char *path, int flags)
{
	struct walk w;
	if (strlen(path) >= PATH_BYTES)
		return -ENAMETOOLONG;
	strcpy(w.path, path);
	w.links = 0;
	int at = walk_start(&w, root), error = at < 0 ? errno : 0;
	for (unsigned steps = 0; error == 0 && *walk_name(&w) != '\0'; steps++)
		error = steps < WALK_STEPS ? walk_step(&w, root, &at, flags) : ELOOP;
	if (error != 0 && at >= 0)
		close(at);
	return error != 0 ? -error : at;
}
