/* SPDX-License-Identifier: ISC */
#if defined __linux__
#define _GNU_SOURCE /* O_PATH, as there is no O_SEARCH; syscall */
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
#include "slice.h"
#include "status.h"
#if defined __linux__ && !defined PORTABLE
#include "syscalls.h"
#endif

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
	/* Not open, which in musl asks for O_CLOEXEC by a second call. */
	*root = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *root < 0 ? errno : 0;
}

/*
 * A name being walked. Up to `done` it is made of real directories, which were gone into; what is behind is still to
 * come, and a link in it gives way to its text.
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

/* Opens the root: to be gone through, unless it is what the path names. */
static int walk_start(struct walk *w, int root, int flags)
{
	w->done = 0;
	return openat(root, ".", *walk_name(w) != '\0' ? THROUGH_FLAGS : flags | O_DIRECTORY);
}

/* Puts the text of a link in its place; an absolute one leaves the root. */
static int walk_link(struct walk *w, char *name, const char *end, const char *text, size_t n)
{
	size_t rest = strlen(end) + 1;
	if (n == 0 || text[0] == '/')
		return n == 0 ? ENOENT : EXDEV;
	if (++w->links > SYMLINKS_MAX)
		return ELOOP;
	if (n + rest > sizeof w->path - (size_t)(name - w->path))
		return ENAMETOOLONG;
	memmove(name + n, end, rest);
	memcpy(name, text, n);
	return 0;
}

/*
 * One name further from the directory *at, which it replaces by what it opened. No link is ever opened; "..", also
 * one out of a link, starts again from the root, so that a directory moved away meanwhile leads nowhere else.
 */
static int walk_step(struct walk *w, int root, int *at, int flags)
{
	char *name = walk_name(w), *end = name + strcspn(name, "/"), slash = *end;
	bool last = end[strspn(end, "/")] == '\0';
	*end = '\0';
	bool up = strcmp(name, "..") == 0, here = strcmp(name, ".") == 0;
	/* "." asks whether we may search the directory, as a kernel does before it goes up. */
	int how = O_NOFOLLOW | (slash != '\0' ? O_DIRECTORY : 0) | (last && !up ? flags : THROUGH_FLAGS);
	int next = openat(*at, up ? "." : name, how);
	if (next < 0) {
		char link[PATH_BYTES];
		int error = errno;
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
	if (up) /* it goes, and the real name before it */
		for (name = w->path + w->done; name > w->path && name[-1] != '/'; name--)
			;
	if (up || here)
		memmove(name, end, strlen(end) + 1);
	else
		w->done = (size_t)(end - w->path);
	if (up) {
		close(*at);
		*at = walk_start(w, root, flags);
	}
	return *at < 0 ? errno : 0;
}

/* open_beneath for systems without openat2; it gives the same answers. */
static int open_walking(int root, const char *path, int flags)
{
	struct walk w;
	if (strlen(path) >= PATH_BYTES)
		return -ENAMETOOLONG;
	strcpy(w.path, path);
	w.links = 0;
	int at = walk_start(&w, root, flags), error = at < 0 ? errno : 0;
	for (unsigned steps = 0; error == 0 && *walk_name(&w) != '\0'; steps++)
		error = steps < WALK_STEPS ? walk_step(&w, root, &at, flags) : ELOOP;
	if (error != 0 && at >= 0)
		close(at);
	return error != 0 ? -error : at;
}

#if defined SYS_openat2 && !defined PORTABLE
/*
 * struct open_how and the RESOLVE_ constants of linux/openat2.h, under names of our own: some C libraries do not come
 * with that header, and others (glibc 2.43) declare the same names in fcntl.h.
 */
struct how_to_open {
	uint64_t flags, mode, resolve;
};
enum { NO_MAGICLINKS = 0x02, BENEATH = 0x08 };
#endif

/* Opens a name beneath the root; a negated errno where that fails. */
static int open_beneath(int root, const char *path, int flags)
{
#if defined SYS_openat2 && !defined PORTABLE
	/* On a 32-bit kernel a file of 2 GiB or more opens only with O_LARGEFILE, which openat2 refuses beside O_PATH. */
	int large = (flags & O_PATH) != 0 ? 0 : O_LARGEFILE;
	struct how_to_open how = {.flags = (unsigned)(flags | large), .resolve = BENEATH | NO_MAGICLINKS};
	long got = -1;
	errno = EAGAIN;
	/* EAGAIN: somebody renamed something meanwhile, and the kernel could not tell whether it was beneath. */
	for (int i = 0; i < RETRIES && got < 0 && (errno == EAGAIN || errno == EINTR); i++)
		got = syscall(SYS_openat2, root, path[0] != '\0' ? path : ".", &how, sizeof how);
	if (got >= 0 || (errno != ENOSYS && errno != EPERM)) /* Linux before 5.6; an old container's seccomp profile */
		return got >= 0 ? (int)got : -errno;
#elif defined O_RESOLVE_BENEATH && !defined PORTABLE
	int fd = openat(root, path[0] != '\0' ? path : ".", flags | O_RESOLVE_BENEATH);
	if (fd >= 0 || errno != EINVAL) /* a kernel older than the headers */
		return fd >= 0 ? fd : errno == ENOTCAPABLE ? -EXDEV : -errno;
#endif
	return open_walking(root, path, flags);
}

int root_get(int root, const char *path, struct entry *out)
{
	struct stat st;
	out->fd = -1;
	int fd = open_beneath(root, path, OPEN_FLAGS), error = fd < 0 ? -fd : 0;
	bool through = error == EACCES;
	if (through)
		fd = open_beneath(root, path, THROUGH_FLAGS);
	if (fd >= 0)
		/* "." asks whether we may search it, which opening it for that does not. */
		error = (through ? fstatat(fd, ".", &st, 0) : fstat(fd, &st)) == 0 ? 0 : errno;
	if (fd >= 0 && error == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		error = ENOENT;
	if (fd < 0 || error != 0) {
		if (fd >= 0)
			close(fd);
		/* a socket, or a device without a driver */
		return error == ENXIO || error == ENODEV ? ENOENT : error;
	}
	*out = (struct entry){
		.fd = fd,
		.directory = S_ISDIR(st.st_mode),
		.readable = (st.st_mode & S_IROTH) != 0 && !through,
		.through = through,
		.size = (uint64_t)st.st_size,
		.seconds = st.st_mtim.tv_sec,
		.nanoseconds = (uint32_t)st.st_mtim.tv_nsec,
		.changed = {st.st_ctim.tv_sec, (uint32_t)st.st_ctim.tv_nsec},
		.inode = st.st_ino,
	};
	return 0;
}

int root_link(int root, const char *path, char *text, size_t size)
{
	char parent[PATH_BYTES];
	struct buf b = buf_in(parent, sizeof parent);
	const char *slash = strrchr(path, '/');
	buf_format(&b, "%.*s%c", slash != NULL ? (int)(slash - path) : 0, path, '\0');
	if (b.overflow)
		return ENAMETOOLONG;
	int fd = open_beneath(root, parent, THROUGH_FLAGS);
	if (fd < 0)
		return -fd;
	ssize_t got = readlinkat(fd, slash != NULL ? slash + 1 : path, text, size);
	int error = got < 0 ? errno : (size_t)got >= size ? ENAMETOOLONG : 0;
	if (error == 0)
		text[got] = '\0';
	close(fd);
	return error;
}

/*
 * Hands a name on, having asked where it leads unless that is known. False when there is to be no other; so it is with
 * *error set, where the system was short of something just now.
 */
static bool hand_on(int at, const char *name, bool known, bool directory, root_taker *each, void *context, int *error)
{
	struct stat st;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return true;
	if (!known) {
		*error = fstatat(at, name, &st, 0) == 0 ? 0 : errno;
		if (status_of_errno(*error) == STATUS_SERVICE_UNAVAILABLE)
			return false;
		directory = *error == 0 && S_ISDIR(st.st_mode);
		*error = 0;
	}
	return each(context, name, directory);
}

#if defined __linux__ && !defined PORTABLE
/* Straight from the kernel: opendir would allocate. */
int root_each(int directory, root_taker *each, void *context)
{
	_Alignas(struct dirent) char room[COPY_CHUNK];
	int error = 0;
	if (lseek(directory, 0, SEEK_SET) < 0)
		return errno;
	for (;;) {
		long n = syscall(SYS_getdents64, directory, room, sizeof room);
		if (n <= 0)
			return n < 0 && errno != ENOENT ? errno : 0; /* ENOENT: somebody has removed the directory */
		for (long at = 0; at < n;) {
			const struct dirent *d = (const struct dirent *)(const void *)(room + at);
			bool known = d->d_type != DT_LNK && d->d_type != DT_UNKNOWN;
			if (!hand_on(directory, d->d_name, known, d->d_type == DT_DIR, each, context, &error))
				return error;
			at += d->d_reclen;
		}
	}
}
#else
int root_each(int directory, root_taker *each, void *context)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *d;
	int error = errno;
	if (dir == NULL && fd >= 0)
		close(fd);
	if (dir == NULL)
		return error;
	do {
		errno = 0; /* by which readdir tells an error from the end */
		d = readdir(dir);
		error = d == NULL ? errno : 0;
	} while (d != NULL && hand_on(directory, d->d_name, false, false, each, context, &error));
	closedir(dir);
	return error;
}
#endif

bool root_stale(const struct entry *made, const struct entry *original)
{
	return made->seconds < original->seconds;
}

void root_close(struct entry *entry)
{
	if (entry->fd >= 0)
		close(entry->fd);
	entry->fd = -1;
}
