/* SPDX-License-Identifier: ISC */
/* Helpers for tests with files, besides unit.h: a directory for each test, files in it, and another account. */
#ifndef TREE_H
#define TREE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>

#include "unit.h"

struct tree {
	int fd;
	char path[1024];
};

/* For cmocka_unit_test_setup_teardown: *state is an empty directory for this one test. */
static inline int tree_make(void **state)
{
	const char *where = getenv("TMPDIR");
	struct tree *tree = calloc(1, sizeof *tree);
	if (tree == NULL)
		return -1;
	snprintf(tree->path, sizeof tree->path, "%s/httpd-unit-XXXXXX", where && where[0] ? where : "/tmp");
	*state = tree;
	if (mkdtemp(tree->path) == NULL)
		return -1;
	tree->fd = open(tree->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return tree->fd < 0 ? -1 : fchmod(tree->fd, 0755);
}

/* Removes a name with everything in it. */
static inline void tree_clear(int at, const char *name)
{
	if (unlinkat(at, name, 0) == 0)
		return;
	fchmodat(at, name, 0700, 0);
	DIR *dir = fdopendir(openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	const struct dirent *entry;
	while (dir && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			tree_clear(dirfd(dir), entry->d_name);
	if (dir)
		closedir(dir);
	unlinkat(at, name, AT_REMOVEDIR);
}

static inline int tree_free(void **state)
{
	struct tree *tree = *state;
	close(tree->fd);
	tree_clear(AT_FDCWD, tree->path);
	int gone = access(tree->path, F_OK) != 0;
	free(tree);
	return gone ? 0 : -1;
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_free)

/* A new file that everybody may read. */
static inline void tree_file(int at, const char *name, const char *text)
{
	int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, 0644), 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static inline void tree_dir(int at, const char *name)
{
	assert_int_equal(mkdirat(at, name, 0755), 0);
	assert_int_equal(fchmodat(at, name, 0755, 0), 0);
}

static inline void tree_link(int at, const char *name, const char *text)
{
	if (symlinkat(text, at, name) != 0)
		fail_msg("no symlink %s to %.60s: %s", name, text, strerror(errno));
}

/* How many of the first descriptors are open. A new one is always the lowest that is free. */
static inline int descriptors(void)
{
	int n = 0;
	for (int fd = 0; fd < 64; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Sets how many descriptors there may be; returns how many there might before. */
static inline rlim_t limit_descriptors(rlim_t to)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	rlim_t before = limit.rlim_cur;
	limit.rlim_cur = to;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return before;
}

/* Makes every further open fail. The result is for limit_descriptors(), which undoes it. */
static inline rlim_t no_more_descriptors(void)
{
	int next = dup(0);
	assert_true(next > 0);
	close(next);
	return limit_descriptors((rlim_t)next);
}

static inline int64_t milliseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static inline void rest(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* The exit status of a child; -1 where a signal ended it. */
static inline int reap(pid_t child)
{
	int status;
	pid_t got;
	do
		got = waitpid(child, &status, 0);
	while (got < 0 && errno == EINTR);
	return got == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The result of the function, 0 to 254, called as an account to which permissions apply. */
static inline int as_ordinary_user(int (*function)(const void *), const void *with)
{
	if (geteuid() != 0)
		return function(with);
	pid_t child = fork();
	if (child == 0) {
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(255);
		_exit(function(with));
	}
	return reap(child);
}

#endif
