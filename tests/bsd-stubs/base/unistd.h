/* SPDX-License-Identifier: ISC */
/*
 * fchdir: FreeBSD and DragonFly __POSIX_VISIBLE >= 200809, OpenBSD __XPG_VISIBLE. pread: the same, NetBSD
 * _POSIX_C_SOURCE >= 200112L, OpenBSD __XPG_VISIBLE >= 500. faccessat and readlinkat: __POSIX_VISIBLE >= 200809, NetBSD
 * _POSIX_C_SOURCE >= 200809L, macOS __DARWIN_C_LEVEL >= 200809L. The others have no condition.
 */
#ifndef BASE_UNISTD_H
#define BASE_UNISTD_H

#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

int access(const char *, int);
int close(int);
int dup2(int, int);
void _exit(int) __attribute__((noreturn));
int faccessat(int, const char *, int, int);
int fchdir(int);
char *getcwd(char *, size_t);
gid_t getegid(void);
uid_t geteuid(void);
gid_t getgid(void);
pid_t getpid(void);
uid_t getuid(void);
off_t lseek(int, off_t, int);
ssize_t pread(int, void *, size_t, off_t);
ssize_t read(int, void *, size_t);
ssize_t readlinkat(int, const char *, char *, size_t);
int setgid(gid_t);
int setuid(uid_t);
ssize_t write(int, const void *, size_t);
#if SHOWS_CHROOT
int chroot(const char *);
#endif
#if SHOWS_SETGROUPS
int setgroups(SETGROUPS_COUNT, const gid_t *);
#endif
#if SHOWS_PLEDGE
int pledge(const char *, const char *);
int unveil(const char *, const char *);
#endif

#endif
