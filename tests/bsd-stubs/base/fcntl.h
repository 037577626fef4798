/* SPDX-License-Identifier: ISC */
/*
 * openat, AT_*, O_CLOEXEC, O_DIRECTORY and F_DUPFD_CLOEXEC: FreeBSD, OpenBSD and DragonFly __POSIX_VISIBLE >= 200809;
 * NetBSD _POSIX_C_SOURCE >= 200809L, O_CLOEXEC and O_DIRECTORY without a condition; macOS __DARWIN_C_LEVEL >= 200809L.
 * The others, up to F_SETFL, have no condition.
 */
#ifndef BASE_FCNTL_H
#define BASE_FCNTL_H

#include <sys/types.h>

#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_ACCMODE 3
#define O_NONBLOCK 0x4
#define O_APPEND 0x8
#define O_CREAT 0x200
#define O_TRUNC 0x400
#define O_EXCL 0x800
#define O_NOCTTY 0x8000
#define O_DIRECTORY 0x20000
#define O_CLOEXEC 0x100000
#if SHOWS_O_NOFOLLOW
#define O_NOFOLLOW 0x100
#endif
#if SHOWS_O_SEARCH
#define O_SEARCH 0x40000
#endif
#if SHOWS_O_PATH
#define O_PATH 0x400000
#endif
#if SHOWS_O_RESOLVE_BENEATH
#define O_RESOLVE_BENEATH 0x800000
#endif
#define AT_FDCWD AT_FDCWD_IS
#define AT_EACCESS 0x100
#define AT_SYMLINK_NOFOLLOW 0x200
#define F_DUPFD 0
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define F_DUPFD_CLOEXEC 17
#define FD_CLOEXEC 1

int fcntl(int, int, ...);
int open(const char *, int, ...);
int openat(int, const char *, int, ...);

#endif
