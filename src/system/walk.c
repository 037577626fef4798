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

/*
 * Opens the next name in the directory *at, which the result replaces. No link is ever opened. After "..", also one of
 * a link, the walk starts again from the root, so that a directory that was moved meanwhile leads nowhere else.
 */
static int walk_step(struct walk *w, int root, int *at, int flags)
{
	char *name = walk_name(w), *end = name + strcspn(name, "/"), slash = *end;
	bool last = end[strspn(end, "/")] == '\0';
	*end = '\0';
	bool up = strcmp(name, "..") == 0, here = strcmp(name, ".") == 0;
	/* "." asks whether we may search the directory, as a kernel does before it goes up. */
	int next = last && !up ? walk_last(*at, name, flags | (slash != '\0' ? O_DIRECTORY : 0))
	                       : openat(*at, up ? "." : name, SEARCH_FLAGS | O_NOFOLLOW);
	if (next < 0) {
		char link[PATH_BYTES];
		/* NetBSD, OpenBSD and DragonFly refuse a socket before they look whether it is a directory. */
		int error = errno == EOPNOTSUPP && !last ? ENOTDIR : errno;
		ssize_t n = readlinkat(*at, name, link, sizeof link);
		*end = slash;
		if (n < 0)
			return errno == EINVAL ? error : errno; /* no link: what openat said stands */
		return walk_link(w, name, end, link, (size_t)n);
	}
	*end = slash;
	close(*at);
	*at = next;
	if (up && w->done == 0) /* above the root there is nothing */
		return EXDEV;
	if (up) /* ".." is removed, and the directory before it */
		for (name = w->path + w->done; name > w->path && name[-1] != '/'; name--)
			;
	if (up || here)
		memmove(name, end, strlen(end) + 1);
	else
		w->done = (size_t)(end - w->path);
	if (up) {
		close(*at);
		*at = walk_start(w, root);
	}
	return *at < 0 ? errno : 0;
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
