/* SPDX-License-Identifier: ISC */
/* The calls that the model answers by itself; README names the source of each rule. */
#define _GNU_SOURCE
#include "model.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "answers.h"


const struct rules rules = {
#if defined MODEL_FREEBSD
	.link_error = EMLINK, .search = true, .jails = true, .tells_listener = true,
#elif defined MODEL_DRAGONFLY
	.link_error = EMLINK, .socket_first = true, .jails = true, .tells_listener = true,
#elif defined MODEL_NETBSD
	.link_error = MODEL_EFTYPE, .socket_first = true, .unnumbered = true, .tells_listener = true,
#elif defined MODEL_OPENBSD
	.link_error = ELOOP, .socket_first = true, .unnumbered = true, .tells_listener = true,
#elif defined MODEL_MACOS
	.link_error = ELOOP, .directory_first = true, .search = true,
#endif
};

bool model_has(const char *word)
{
	const char *words = getenv("MODEL");
	return words != NULL && strstr(words, word) != NULL;
}

void model_says(const char *what, const char *more)
{
	char line[256];
	int n = snprintf(line, sizeof line, "%s %s\n", what, more);
	if (n > 0 && write(REPORT, line, (size_t)n) != n)
		return; /* there is no report */
}

int model_fails(int error)
{
	errno = error;
	return -1;
}

/* The report is opened before main, as httpd may later have another account and another root directory. */
static void __attribute__((constructor)) open_report(void)
{
	const char *name = getenv("MODEL_SAYS");
	int fd = name != NULL ? open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666) : -1;
	if (fd >= 0) {
		dup2(fd, REPORT);
		close(fd);
	}
}

/* ---- opening ---- */

enum { TRIES = 1000 };

/*
 * Linux's openat, for a name that may have to be looked up beneath the descriptor. A rename anywhere in the system
 * while it looks up ".." beneath a descriptor is EAGAIN, which no other system knows.
 */
static int open_linux(int at, const char *path, int flags, mode_t mode, bool beneath)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned)(flags & ~(MODEL_SEARCH | MODEL_PATH | MODEL_BENEATH)),
		.mode = (flags & O_CREAT) != 0 ? mode : 0,
		.resolve = beneath ? RESOLVE_BENEATH : 0,
	};
	int fd = -1;
	errno = EAGAIN;
	for (int i = 0; i < TRIES && fd < 0 && errno == EAGAIN; i++)
		fd = (int)syscall(SYS_openat2, at, path, &how, sizeof how);
	if (fd < 0 && errno == EXDEV && beneath)
		errno = unveil_on() ? ENOENT : MODEL_ENOTCAPABLE;
	return fd;
}

/*
 * The errno of the system for a file before it is opened, or 0, in the order of that kernel (README). FreeBSD
 * opens a symlink itself with O_PATH.
 */
static int judge(int look, int flags)
{
	struct stat st;
	if (fstat(look, &st) != 0)
		return errno;
	bool other = (flags & O_DIRECTORY) != 0 && !S_ISDIR(st.st_mode);
	bool socket = (flags & MODEL_PATH) == 0 && S_ISSOCK(st.st_mode);
	if (rules.directory_first && other)
		return ENOTDIR;
	if (S_ISLNK(st.st_mode) && (flags & MODEL_PATH) == 0)
		return rules.link_error;
	if (rules.socket_first && socket)
		return EOPNOTSUPP;
	if (other)
		return ENOTDIR;
	if (socket)
		return EOPNOTSUPP;
	if ((flags & MODEL_SEARCH) != 0 && rules.search && faccessat(look, ".", X_OK, AT_EACCESS) != 0)
		return errno;
	return 0;
}

int model_openat(int at, const char *path, int flags, mode_t mode)
{
	bool beneath = (flags & MODEL_BENEATH) != 0 || capsicum_strict(at) || (unveil_on() && at != AT_FDCWD);
	model_enters("openat");
	pledge_opens(flags);
	if (unveil_hides(at, path))
		return model_fails(ENOENT);
	if (!capsicum_lets_open(at, flags))
		return -1;
	int fd = -1, look = open_linux(at, path, O_PATH | O_CLOEXEC | (flags & O_NOFOLLOW), 0, beneath);
	int error = look >= 0 ? judge(look, flags) : errno;
	/* A new file has nothing to judge. */
	bool made = look < 0 && error == ENOENT && (flags & O_CREAT) != 0;
	bool looked = (flags & MODEL_PATH) != 0 || ((flags & MODEL_SEARCH) != 0 && rules.search);
	if (error == 0 && looked) {
		fd = look;
		look = -1;
	} else if (error == 0 || made) {
		fd = open_linux(at, path, flags, mode, beneath);
		error = errno;
	}
	/* `look` has the lowest free descriptor, so the result takes its place. */
	if (fd >= 0 && look >= 0 && dup3(fd, look, (flags & O_CLOEXEC) != 0 ? O_CLOEXEC : 0) == look) {
		int higher = fd;
		fd = look;
		look = higher;
	}
	if (look >= 0)
		close(look);
	if (fd < 0)
		return model_fails(error);
	capsicum_inherits(fd, at);
	return fd;
}

/* ---- stat ---- */

/* "swap" in MODEL: a socket takes the place of a file between stat and open. */
static void swap(struct stat *st)
{
	if (S_ISSOCK(st->st_mode) && model_has("swap"))
		st->st_mode = S_IFREG | 0644;
}

int model_fstatat(int at, const char *path, struct stat *st, int flags)
{
	model_enters("fstatat");
	if (unveil_hides(at, path))
		return model_fails(ENOENT);
	if (!capsicum_lets(at, capsicum_stat_at()) || fstatat(at, path, st, flags) != 0)
		return -1;
	swap(st);
	return 0;
}

/* Whether it is a pipe of pipe(2), not a FIFO of a file system. */
static bool is_pipe(int fd)
{
	struct statfs fs;
	return fstatfs(fd, &fs) == 0 && fs.f_type == 0x50495045; /* PIPEFS_MAGIC of linux/magic.h */
}

static bool is_tcp(int fd)
{
	int domain = AF_UNIX;
	socklen_t size = sizeof domain;
	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain != AF_UNIX;
}

int model_fstat(int fd, struct stat *st)
{
	model_enters("fstat");
	if (!capsicum_lets(fd, capsicum_stat()) || fstat(fd, st) != 0)
		return -1;
	if (rules.unnumbered && (S_ISFIFO(st->st_mode) ? is_pipe(fd) : S_ISSOCK(st->st_mode) && is_tcp(fd)))
		st->st_dev = 0, st->st_ino = 0;
	if (S_ISSOCK(st->st_mode) && (fcntl(fd, F_GETFL) & O_PATH) != 0)
		swap(st);
	return 0;
}

ssize_t model_readlinkat(int at, const char *path, char *text, size_t size)
{
	model_enters("readlinkat");
	if (unveil_hides(at, path))
		return model_fails(ENOENT);
	return capsicum_lets(at, capsicum_lookup()) ? readlinkat(at, path, text, size) : -1;
}

ssize_t model_pread(int fd, void *at, size_t n, off_t offset)
{
	model_enters("pread");
	return capsicum_lets(fd, capsicum_pread()) ? pread(fd, at, n, offset) : -1;
}

DIR *model_fdopendir(int fd)
{
	model_enters("fdopendir");
	return capsicum_lets(fd, capsicum_directory()) ? fdopendir(fd) : NULL;
}

/* ---- other calls ---- */

int model_access(const char *path, int mode)
{
	model_enters("access");
	return access(path, mode);
}

/* pwd_chroot of FreeBSD, kern_chroot of DragonFly: chroot in a jail fails while a directory is open. */
int model_chroot(const char *path)
{
	struct stat st;
	model_enters("chroot");
	model_says("chroot", path);
	for (int fd = 0; rules.jails && model_has("jail") && fd < DESCRIPTORS; fd++)
		if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
			return model_fails(EPERM);
	return chroot(path);
}

int model_close(int fd)
{
	model_enters("close");
	if (fd == REPORT)
		return model_fails(EBADF);
	capsicum_forgets(fd);
	return close(fd);
}

int model_fchdir(int fd)
{
	model_enters("fchdir");
	return fchdir(fd);
}

int model_fcntl(int fd, int command, int argument)
{
	model_enters("fcntl");
	return capsicum_lets(fd, capsicum_fcntl()) ? fcntl(fd, command, argument) : -1;
}

int model_getsockopt(int fd, int level, int option, void *value, socklen_t *size)
{
	model_enters("getsockopt");
	pledge_option(level, option);
	if (!rules.tells_listener && level == SOL_SOCKET && option == SO_ACCEPTCONN)
		return model_fails(ENOPROTOOPT);
	return getsockopt(fd, level, option, value, size);
}

int model_setsockopt(int fd, int level, int option, const void *value, socklen_t size)
{
	model_enters("setsockopt");
	pledge_option(level, option);
	return setsockopt(fd, level, option, value, size);
}
