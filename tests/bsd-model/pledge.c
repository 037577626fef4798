/* SPDX-License-Identifier: ISC */
/*
 * OpenBSD's pledge(2) and unveil(2), after sys/kern/kern_pledge.c: the table pledge_syscalls, pledge_namei and
 * pledge_sockopt. A call that is not promised ends the process with a SIGABRT that cannot be caught (pledge_fail).
 */
#define _GNU_SOURCE
#include "model.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { STDIO = 1, RPATH = 2, WPATH = 4, CPATH = 8, INET = 16, ID = 32, ALWAYS = 64, NEVER = 0 };

static const struct {
	const char *name;
	unsigned promise;
} promises[] = {{"stdio", STDIO}, {"rpath", RPATH}, {"wpath", WPATH}, {"cpath", CPATH}, {"inet", INET}, {"id", ID}};

/* The promise that each call takes, by its name in C: closedir is close, readdir is getdents, and so on. */
static const struct {
	const char *name;
	unsigned promise;
} calls[] = {
	{"access", RPATH}, /* SYS_access wants stdio, its name rpath (pledge_namei) */
	{"chroot", NEVER}, {"clock_gettime", STDIO}, {"close", STDIO}, {"closedir", STDIO}, {"fchdir", STDIO},
	{"fcntl", STDIO}, {"fdopendir", STDIO}, {"fstat", STDIO}, {"fstatat", RPATH}, {"getcwd", RPATH}, {"getegid", STDIO},
	{"geteuid", STDIO}, {"getpeername", INET}, {"getpid", STDIO}, {"getsockopt", STDIO}, {"getuid", STDIO},
	{"mmap", STDIO}, {"munmap", STDIO}, {"openat", RPATH}, {"openlog", ALWAYS}, /* it makes no call */
	{"pledge", ALWAYS}, {"poll", STDIO}, {"pread", STDIO}, {"read", STDIO}, {"readdir", RPATH}, {"readlinkat", RPATH},
	{"recv", STDIO}, {"send", STDIO}, /* sendto without an address */
	{"setgid", ID}, {"setgroups", ID}, {"setitimer", STDIO}, {"setsockopt", STDIO}, {"setuid", ID}, {"shutdown", STDIO},
	{"sigaction", STDIO}, {"signal", STDIO}, {"sigprocmask", STDIO}, {"syslog", ALWAYS}, /* SYS_sendsyslog */
	{"time", STDIO}, {"unveil", NEVER}, {"write", STDIO},
};

static bool pledged, veiled;
static unsigned promised;

static void want(unsigned promise, const char *what)
{
	if (!pledged || (promise & (promised | ALWAYS)) != 0)
		return;
	fprintf(stderr, "model: pledge does not allow %s\n", what);
	signal(SIGABRT, SIG_DFL);
	abort();
}

void pledge_enters(const char *call)
{
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		if (strcmp(calls[i].name, call) == 0) {
			want(calls[i].promise, call);
			return;
		}
	}
	fprintf(stderr, "model: what pledge says of %s is not known; look it up and add it to pledge.c\n", call);
	abort();
}

void pledge_opens(int flags)
{
	int mode = flags & O_ACCMODE;
	if (mode != O_WRONLY)
		want(RPATH, "an open for reading");
	if (mode != O_RDONLY)
		want(WPATH, "an open for writing");
	if ((flags & O_CREAT) != 0)
		want(CPATH, "an open that creates");
}

/* OpenBSD 7.7 allows TCP_NODELAY. The model follows the older, stricter versions. */
void pledge_option(int level, int option)
{
	if (level != SOL_SOCKET || (option != SO_RCVBUF && option != SO_ERROR))
		want(INET, "an option of a socket");
}

int pledge(const char *text, const char *exec);
int unveil(const char *path, const char *permissions);

int pledge(const char *text, const char *exec)
{
	unsigned given = 0;
	(void)exec;
	model_says("pledge", text);
	for (const char *at = text; *at != '\0'; at += strspn(at, " ")) {
		size_t n = strcspn(at, " "), i = 0;
		while (i < sizeof promises / sizeof promises[0] &&
		       (strlen(promises[i].name) != n || strncmp(promises[i].name, at, n) != 0))
			i++;
		if (i == sizeof promises / sizeof promises[0])
			return model_fails(EINVAL);
		given |= promises[i].promise;
		at += n;
	}
	if (pledged && (given & ~promised) != 0)
		return model_fails(EPERM);
	promised = given;
	pledged = true;
	return 0;
}

/*
 * httpd unveils only the working directory, for reading. Everything that it opens later is beneath it, as each name is
 * looked up in a directory that is open already.
 */
int unveil(const char *path, const char *permissions)
{
	pledge_enters("unveil");
	model_says("unveil", path != NULL ? permissions : "no more");
	if (path != NULL && (strcmp(path, ".") != 0 || strcmp(permissions, "r") != 0))
		return model_fails(ENOSYS); /* the model has no other directory */
	veiled = path == NULL;
	return 0;
}

bool unveil_hides(int at, const char *path)
{
	return veiled && (at == AT_FDCWD || path[0] == '/');
}

bool unveil_on(void)
{
	return veiled;
}
