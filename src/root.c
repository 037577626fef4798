/* SPDX-License-Identifier: ISC */
#if defined __linux__
#define _GNU_SOURCE /* O_PATH, as there is no O_SEARCH; syscall, SYS_openat2 */
#elif defined __FreeBSD__ && !defined PORTABLE
#undef _POSIX_C_SOURCE /* it hides O_RESOLVE_BENEATH */
#endif

#include "root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bounds.h"
#include "status.h"

/* A directory that is only gone through need not be readable. */
#if defined O_SEARCH
enum { SEARCH = O_SEARCH };
#elif defined O_PATH
enum { SEARCH = O_PATH };
#else
enum { SEARCH = O_RDONLY };
#endif

enum {
	/* Neither may a FIFO that somebody left there hold us, nor a terminal become ours. */
	OPEN_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	THROUGH_FLAGS = SEARCH | O_DIRECTORY | O_CLOEXEC
};

int root_open(const char *path, int *root)
{
	*root = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *root < 0 ? errno : 0;
}

/* A name being walked: what is resolved already, and what is still to come. */
struct walk {
	char done[PATH_BYTES], rest[PATH_BYTES];
	unsigned links, steps;
	bool through; /* the directory it has come to was opened to be gone through, not to be read */
};

/* Puts a text before what is still to come, which is nothing or begins with a slash. */
static int walk_splice(struct walk *w, const char *text, size_t n)
{
	size_t rest = strlen(w->rest);
	if (n + rest >= sizeof w->rest)
		return ENAMETOOLONG;
	memmove(w->rest + n, w->rest, rest + 1);
	memcpy(w->rest, text, n);
	return 0;
}

/* Begins anew at the root with the resolved part before the rest; what it went through is looked at once more. */
static int walk_restart(struct walk *w)
{
	int error = walk_splice(w, w->done, strlen(w->done));
	w->done[0] = '\0';
	return error;
}

/* Takes the next name off the rest; false at the end. The last one may have a slash behind it, which stays. */
static bool walk_next(struct walk *w, char name[PATH_BYTES], bool *last)
{
	char *at = w->rest + strspn(w->rest, "/");
	size_t n = strcspn(at, "/");
	memcpy(name, at, n);
	name[n] = '\0';
	*last = at[n + strspn(at + n, "/")] == '\0';
	memmove(w->rest, at + n, strlen(at + n) + 1);
	return n > 0;
}

/* Goes up by one resolved name, which is a real directory's; above the root there is nothing. */
static int walk_up(struct walk *w)
{
	if (w->done[0] == '\0')
		return ENOENT;
	char *slash = strrchr(w->done, '/');
	*(slash != NULL ? slash : w->done) = '\0';
	return walk_restart(w);
}

/* Expands the link `name` in the directory `at`; an absolute one leaves the root. */
static int walk_link(struct walk *w, int at, const char *name, int why)
{
	char link[PATH_BYTES];
	ssize_t n = readlinkat(at, name, link, sizeof link);
	if (n < 0)
		return errno == EINVAL ? why : errno; /* no link: what openat said stands */
	if (n == 0 || link[0] == '/')
		return ENOENT;
	if (++w->links > SYMLINKS_MAX)
		return ELOOP;
	return walk_splice(w, link, (size_t)n);
}

/* Remembers a real name that was gone into. */
static int walk_enter(struct walk *w, const char *name)
{
	size_t done = strlen(w->done), n = strlen(name);
	if (done + n + 2 > sizeof w->done)
		return ENAMETOOLONG;
	if (done > 0)
		w->done[done++] = '/';
	memcpy(w->done + done, name, n + 1);
	return 0;
}

static int open_self(int directory)
{
	return openat(directory, ".", THROUGH_FLAGS);
}

/*
 * One name further from the directory *at, which it replaces by what it opened. No link is ever opened; "..", also
 * one out of a link, starts again from the root, so that a directory moved away meanwhile leads nowhere else.
 */
static int walk_step(struct walk *w, int root, int *at, const char *name, int flags)
{
	int error = 0, next;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		next = open_self(*at); /* which asks whether we may search it, as a kernel does */
		if (next >= 0 && name[1] == '.') {
			close(next);
			error = walk_up(w);
			if (error != 0)
				return error;
			next = open_self(root);
		}
		if (next < 0)
			return errno;
		w->through = true;
	} else {
		int slash = w->rest[0] == '/' ? O_DIRECTORY : 0;
		next = openat(*at, name, O_NOFOLLOW | slash | flags);
		if (next < 0)
			return walk_link(w, *at, name, errno);
		w->through = flags == THROUGH_FLAGS;
		error = walk_enter(w, name);
	}
	close(*at);
	*at = next;
	return error;
}

/* The walk for systems without openat2; it gives the same answers. */
static int open_walking(int root, const char *path, int flags, int *fd)
{
	struct walk w = {.through = true};
	char name[PATH_BYTES];
	bool last;
	if (strlen(path) >= sizeof w.rest)
		return ENAMETOOLONG;
	strcpy(w.rest, path);
	int at = open_self(root), error = at < 0 ? errno : 0;
	while (error == 0 && walk_next(&w, name, &last))
		error = ++w.steps > WALK_STEPS ? ELOOP : walk_step(&w, root, &at, name, last ? flags : THROUGH_FLAGS);
	if (error == 0 && w.through && flags != THROUGH_FLAGS) { /* the root itself, or what "." or ".." names */
		int readable = openat(at, ".", flags | O_DIRECTORY);
		error = readable < 0 ? errno : 0;
		close(at);
		at = readable;
	}
	if (error != 0 && at >= 0)
		close(at);
	*fd = at;
	return error;
}

#if defined __linux__ && !defined PORTABLE
#include <sys/syscall.h>

/* From linux/openat2.h, which not every C library's headers come with. */
struct open_how {
	uint64_t flags, mode, resolve;
};
enum { RESOLVE_NO_MAGICLINKS = 0x02, RESOLVE_BENEATH = 0x08 };

static int open_beneath(int root, const char *path, int flags, int *fd)
{
	struct open_how how = {.flags = (unsigned)flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	long got = -1;
	errno = EAGAIN;
	/* EAGAIN: somebody renamed something meanwhile, and the kernel could not tell whether it was beneath. */
	for (int i = 0; i < RETRIES && got < 0 && (errno == EAGAIN || errno == EINTR); i++)
		got = syscall(SYS_openat2, root, path[0] != '\0' ? path : ".", &how, sizeof how);
	if (got < 0 && (errno == ENOSYS || errno == EPERM)) /* Linux before 5.6; an old container's seccomp profile */
		return open_walking(root, path, flags, fd);
	*fd = (int)got;
	if (got >= 0)
		return 0;
	return errno == EXDEV ? ENOENT : errno;
}
#elif defined O_RESOLVE_BENEATH && !defined PORTABLE
static int open_beneath(int root, const char *path, int flags, int *fd)
{
	*fd = openat(root, path[0] != '\0' ? path : ".", flags | O_RESOLVE_BENEATH);
	if (*fd < 0 && errno == EINVAL) /* a kernel older than the headers */
		return open_walking(root, path, flags, fd);
	if (*fd >= 0)
		return 0;
	return errno == ENOTCAPABLE ? ENOENT : errno;
}
#else
static int open_beneath(int root, const char *path, int flags, int *fd)
{
	return open_walking(root, path, flags, fd);
}
#endif

int root_get(int root, const char *path, struct entry *out)
{
	struct stat st;
	out->fd = -1;
	int fd, error = open_beneath(root, path, OPEN_FLAGS, &fd);
	bool through = error == EACCES && open_beneath(root, path, THROUGH_FLAGS, &fd) == 0;
	if (through && fstatat(fd, ".", &st, 0) == 0)
		error = 0;
	else if (through)
		close(fd);
	if (error == ENXIO || error == ENODEV) /* a socket, or a device without a driver */
		return ENOENT;
	if (error != 0)
		return error;
	if (fstat(fd, &st) != 0)
		error = errno;
	else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		error = ENOENT;
	if (error != 0) {
		close(fd);
		return error;
	}
	*out = (struct entry){
		.fd = fd,
		.directory = S_ISDIR(st.st_mode),
		.readable = (st.st_mode & S_IROTH) != 0 && !through,
		.through = through,
		.size = (uint64_t)st.st_size,
		.seconds = st.st_mtim.tv_sec,
		.nanoseconds = (uint32_t)st.st_mtim.tv_nsec,
	};
	return 0;
}

int root_link(int root, const char *path, char *text, size_t size)
{
	char parent[PATH_BYTES];
	const char *slash = strrchr(path, '/');
	size_t n = slash != NULL ? (size_t)(slash - path) : 0;
	int fd;
	if (n >= sizeof parent)
		return ENAMETOOLONG;
	memcpy(parent, path, n);
	parent[n] = '\0';
	int error = open_beneath(root, parent, THROUGH_FLAGS, &fd);
	if (error != 0)
		return error;
	ssize_t got = readlinkat(fd, slash != NULL ? slash + 1 : path, text, size);
	error = got < 0 ? errno : (size_t)got >= size ? ENAMETOOLONG : 0;
	if (error == 0)
		text[got] = '\0';
	close(fd);
	return error;
}

/* Whether the name leads to a directory; false too where that cannot be told, with an errno. */
static bool is_directory(int directory, const char *name, int *error)
{
	struct stat st;
	*error = fstatat(directory, name, &st, 0) == 0 ? 0 : errno;
	return *error == 0 && S_ISDIR(st.st_mode);
}

/* Whether somebody who asks again may well get another answer. */
static bool is_shortage(int error)
{
	return status_of_errno(error) == STATUS_SERVICE_UNAVAILABLE;
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

#if defined __linux__ && !defined PORTABLE
/* Straight from the kernel: opendir would allocate. */
int root_each(int directory, bool (*each)(void *context, const char *name, bool directory), void *context)
{
	_Alignas(struct dirent) char room[COPY_CHUNK];
	if (lseek(directory, 0, SEEK_SET) < 0)
		return errno;
	for (;;) {
		long n = syscall(SYS_getdents64, directory, room, sizeof room);
		if (n <= 0)
			return n < 0 && errno != ENOENT ? errno : 0; /* ENOENT: somebody has removed the directory */
		for (long at = 0; at < n;) {
			const struct dirent *d = (const struct dirent *)(const void *)(room + at);
			bool unsure = d->d_type == DT_LNK || d->d_type == DT_UNKNOWN;
			int error = 0;
			bool is = d->d_type == DT_DIR || (unsure && is_directory(directory, d->d_name, &error));
			if (is_shortage(error))
				return error;
			if (!is_dots(d->d_name) && !each(context, d->d_name, is))
				return 0;
			at += d->d_reclen;
		}
	}
}
#else
int root_each(int directory, bool (*each)(void *context, const char *name, bool directory), void *context)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	int error = dir == NULL ? errno : 0;
	if (dir == NULL && fd >= 0)
		close(fd);
	for (bool more = dir != NULL; more;) {
		int unsure = 0;
		errno = 0; /* by which readdir tells an error from the end */
		const struct dirent *d = readdir(dir);
		bool is = d != NULL && is_directory(directory, d->d_name, &unsure);
		if (d == NULL || is_shortage(unsure))
			error = d == NULL ? errno : unsure;
		more = d != NULL && error == 0 && (is_dots(d->d_name) || each(context, d->d_name, is));
	}
	if (dir != NULL)
		closedir(dir);
	return error;
}
#endif

bool root_stale(const struct entry *made, const struct entry *original)
{
	if (made->seconds != original->seconds)
		return made->seconds < original->seconds;
	return made->nanoseconds < original->nanoseconds;
}

void root_close(struct entry *entry)
{
	if (entry->fd >= 0)
		close(entry->fd);
	entry->fd = -1;
}
