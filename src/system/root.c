/* SPDX-License-Identifier: ISC */
#if defined __linux__
#define _GNU_SOURCE /* O_PATH; syscall */
#elif defined __FreeBSD__ && !defined PORTABLE
#undef _POSIX_C_SOURCE /* a standard hides O_PATH, O_RESOLVE_BENEATH and ENOTCAPABLE */
#undef _XOPEN_SOURCE
#elif defined __APPLE__
#define st_mtim st_mtimespec /* POSIX.1-2008 came later than these names */
#define st_ctim st_ctimespec
#endif

#include "system/root.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "system/walk.h"
#if defined __linux__ && !defined PORTABLE
#include "system/syscalls.h"
#endif

/* Systems that resolve a whole path beneath a directory, and have O_PATH. */
#if (defined __linux__ || defined __FreeBSD__) && !defined PORTABLE
#define KERNEL_RESOLVES
#endif

enum {
	/* For a file. A terminal in its place must not become the controlling one, and a FIFO must not block. */
	READ_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	/* For fstat alone, of anything. */
#if defined __linux__ || defined KERNEL_RESOLVES
	LOOK_FLAGS = O_PATH | O_CLOEXEC,
#else
	LOOK_FLAGS = READ_FLAGS,
#endif
	/*
	 * What root_get opens a name with at first. To open a FIFO wakes its writer, and to open a device may do anything,
	 * so a kernel that resolves a whole path is asked for the kind of file before the file is opened. The walk asks by
	 * itself.
	 */
#if defined KERNEL_RESOLVES
	FIRST_FLAGS = LOOK_FLAGS
#else
	FIRST_FLAGS = READ_FLAGS
#endif
};

int root_open(const char *path, int *root)
{
	/* Not open, which in musl asks for O_CLOEXEC by a second call. */
	*root = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *root < 0 ? errno : 0;
}

/* Opens a name beneath the root; a negated errno where that fails. */
#if defined __FreeBSD__ && defined KERNEL_RESOLVES
static int open_beneath(int root, const char *path, int flags)
{
	int fd = openat(root, path[0] != '\0' ? path : ".", flags | O_RESOLVE_BENEATH);
	return fd >= 0 ? fd : errno == ENOTCAPABLE ? -EXDEV : -errno;
}
#else
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
	for (int i = 0; i < OPENAT2_TRIES && got < 0 && (errno == EAGAIN || errno == EINTR); i++)
		got = syscall(SYS_openat2, root, path[0] != '\0' ? path : ".", &how, sizeof how);
	if (got >= 0)
		return (int)got;
	/* ENOSYS: Linux before 5.6; EPERM: an old container's seccomp profile. A lease on a file is EAGAIN as well. */
	bool renamed = errno == EAGAIN && flags != READ_FLAGS;
	if (errno != ENOSYS && errno != EPERM && !renamed)
		return -errno;
#endif
	return walk_open(root, path, flags);
}
#endif /* not FreeBSD */

static void fill_entry(struct entry *out, int fd, const struct stat *st)
{
	*out = (struct entry){
		.fd = fd,
		.directory = S_ISDIR(st->st_mode),
		.readable = (st->st_mode & S_IROTH) != 0,
		.size = (uint64_t)st->st_size,
		.seconds = st->st_mtim.tv_sec,
		.nanoseconds = (uint32_t)st->st_mtim.tv_nsec,
		.changed = {st->st_ctim.tv_sec, (uint32_t)st->st_ctim.tv_nsec},
		.device = (uint64_t)st->st_dev,
		.inode = st->st_ino,
	};
}

/* What fstat says of an open file or directory; 0 or an errno, ENOENT for anything else. */
static int describe_open(int fd, struct entry *out)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return errno;
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return ENOENT;
	fill_entry(out, fd, &st);
	/* A directory can be opened without the right to search it, which is only checked by a look at a name in it. */
	if (out->directory && (st.st_mode & S_IXOTH) == 0 && fstatat(fd, ".", &st, 0) != 0)
		return errno;
	return 0;
}

/* Opens the path with the flags and describes what was opened. On every error out->fd is -1. */
static int open_and_describe(int root, const char *path, int flags, struct entry *out)
{
	int fd = open_beneath(root, path, flags), error = fd < 0 ? -fd : describe_open(fd, out);
	if (error != 0 && fd >= 0)
		close(fd);
	if (error != 0)
		out->fd = -1;
	/* A socket that has taken a file's place cannot be opened: ENXIO, and EOPNOTSUPP on the BSDs and macOS. */
	return error == ENXIO || error == EOPNOTSUPP ? ENOENT : error;
}

/*
 * What stands in the root itself is looked at by its name: with O_PATH that takes two system calls more, 4 of the 113
 * microseconds of a connection. A deeper path is not, as a symlink in it may lead out of the root.
 */
int root_get(int root, const char *path, struct entry *out)
{
	struct stat st;
	if (FIRST_FLAGS != READ_FLAGS && path[0] != '\0' && strchr(path, '/') == NULL) {
		int missing = fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) != 0 ? errno : 0;
		if (missing == ENOENT) {
			out->fd = -1;
			return ENOENT;
		}
		if (missing == 0 && S_ISREG(st.st_mode))
			return open_and_describe(root, path, READ_FLAGS, out);
	}
	int error = open_and_describe(root, path, FIRST_FLAGS, out);
	if (error != 0 || out->directory || FIRST_FLAGS == READ_FLAGS)
		return error;
	close(out->fd);
	return open_and_describe(root, path, READ_FLAGS, out);
}

int root_get_again(int root, const char *path, struct entry *out)
{
	int error = open_and_describe(root, path, READ_FLAGS, out);
	if (error == 0 && !out->directory)
		return 0;
	if (error == 0)
		close(out->fd);
	return root_get(root, path, out);
}

/*
 * While a file is open its inode is nobody else's, so the same one is the same file. Rights to it may have changed with
 * its mode, which changes st_ctim; rights to the directories are asked for by the look itself. A directory may have
 * become a symlink that leads out of the root, to another name of the same file, and the look would follow it.
 */
bool root_unchanged(int root, const char *path, struct entry *entry)
{
	struct stat st;
	if (strchr(path, '/') != NULL || fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	bool same = (uint64_t)st.st_dev == entry->device && st.st_ino == entry->inode && S_ISREG(st.st_mode) &&
	            st.st_ctim.tv_sec == entry->changed.seconds &&
	            (uint32_t)st.st_ctim.tv_nsec == entry->changed.nanoseconds;
	if (same)
		fill_entry(entry, entry->fd, &st);
	return same;
}

bool root_lacks(int root, const char *path)
{
	struct stat st;
	return fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
}

int root_stat(int root, const char *path, int directory, struct entry *out)
{
	struct stat st;
	const char *slash = strrchr(path, '/');
	if (fstatat(directory, slash != NULL ? slash + 1 : path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno;
	if (S_ISLNK(st.st_mode)) {
		int fd = open_beneath(root, path, LOOK_FLAGS);
		if (fd < 0)
			return -fd;
		int error = fstat(fd, &st) == 0 ? 0 : errno;
		close(fd);
		if (error != 0)
			return error;
	}
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return ENOENT;
	fill_entry(out, -1, &st);
	return 0;
}

int root_readlinkat(int directory, const char *name, char *text, size_t size)
{
	ssize_t got = readlinkat(directory, name, text, size);
	if (got < 0 || (size_t)got >= size)
		return got < 0 ? errno : ENAMETOOLONG;
	text[got] = '\0';
	return 0;
}

int root_readlink(int root, const char *path, char *text, size_t size)
{
	char parent[PATH_BYTES];
	struct buf b = buf_in(parent, sizeof parent);
	const char *slash = strrchr(path, '/');
	if (slash == NULL)
		return root_readlinkat(root, path, text, size);
	buf_format(&b, "%.*s%c", (int)(slash - path), path, '\0');
	if (b.overflow)
		return ENAMETOOLONG;
	int fd = open_beneath(root, parent, SEARCH_FLAGS);
	if (fd < 0)
		return fd == -ENOENT ? ENOTDIR : -fd;
	int error = root_readlinkat(fd, slash + 1, text, size);
	close(fd);
	return error;
}

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
