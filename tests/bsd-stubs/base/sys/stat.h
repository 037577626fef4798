/* SPDX-License-Identifier: ISC */
/*
 * fstatat: FreeBSD, OpenBSD and DragonFly __POSIX_VISIBLE >= 200809; NetBSD _POSIX_C_SOURCE >= 200809L; macOS
 * __DARWIN_C_LEVEL >= 200809L. S_ISLNK, S_ISSOCK and lstat are hidden by versions of POSIX before 2001, on DragonFly by
 * _POSIX_SOURCE. The others have no condition.
 */
#ifndef BASE_SYS_STAT_H
#define BASE_SYS_STAT_H

#include <sys/types.h>
#include <time.h>

struct stat {
	dev_t st_dev, st_rdev;
	ino_t st_ino;
	mode_t st_mode;
	nlink_t st_nlink;
	uid_t st_uid;
	gid_t st_gid;
#if SHOWS_ST_MTIM
	struct timespec st_atim, st_mtim, st_ctim;
#else
	struct timespec st_atimespec, st_mtimespec, st_ctimespec;
#endif
	off_t st_size;
	blkcnt_t st_blocks;
	blksize_t st_blksize;
};

#if SHOWS_S_IF
#define S_IFMT 0170000
#define S_IFIFO 0010000
#define S_IFCHR 0020000
#define S_IFDIR 0040000
#define S_IFBLK 0060000
#define S_IFREG 0100000
#define S_IFLNK 0120000
#define S_IFSOCK 0140000
#endif
#define S_ISFIFO(mode) (((mode) & 0170000) == 0010000)
#define S_ISCHR(mode) (((mode) & 0170000) == 0020000)
#define S_ISDIR(mode) (((mode) & 0170000) == 0040000)
#define S_ISBLK(mode) (((mode) & 0170000) == 0060000)
#define S_ISREG(mode) (((mode) & 0170000) == 0100000)
#define S_ISLNK(mode) (((mode) & 0170000) == 0120000)
#define S_ISSOCK(mode) (((mode) & 0170000) == 0140000)
#define S_IRUSR 0000400
#define S_IWUSR 0000200
#define S_IXUSR 0000100
#define S_IRGRP 0000040
#define S_IWGRP 0000020
#define S_IXGRP 0000010
#define S_IROTH 0000004
#define S_IWOTH 0000002
#define S_IXOTH 0000001

int fstat(int, struct stat *);
int fstatat(int, const char *, struct stat *, int);
int lstat(const char *, struct stat *);
int stat(const char *, struct stat *);
mode_t umask(mode_t);

#endif
