/* SPDX-License-Identifier: ISC */
/*
 * macOS 15.1. sys/cdefs.h: what is Apple's own is shown where POSIX is not asked for, or with _DARWIN_C_SOURCE beside
 * it. _XOPEN_SOURCE hides nothing and shows little.
 */
#ifndef SHOWS_H
#define SHOWS_H

#if defined _DARWIN_C_SOURCE || !(defined _POSIX_C_SOURCE || defined _ANSI_SOURCE)
#define OF_SYSTEM 1
#else
#define OF_SYSTEM 0
#endif

#define DEV_T int32_t       /* sys/_types.h */
#define MODE_T uint16_t     /* sys/_types.h */
#define SUSECONDS_T int     /* sys/_types.h */
#define SETGROUPS_COUNT int /* unistd.h */
#define ENOTSUP_IS 45       /* sys/errno.h; EOPNOTSUPP is 102 there */
#define AT_FDCWD_IS -2      /* sys/fcntl.h */

#define SHOWS_S_IF 1                  /* sys/_types/_s_ifmt.h: without a condition */
#define SHOWS_ST_MTIM 0               /* sys/stat.h: st_mtimespec, or st_mtime and st_mtimensec */
#define SHOWS_SIGXFSZ 1               /* sys/signal.h: without a condition that holds here */
#define SHOWS_SA_RESTART 1            /* sys/signal.h: the same */
#define SHOWS_SETITIMER 1             /* sys/time.h: without a condition */
#define SHOWS_O_NOFOLLOW OF_SYSTEM    /* sys/fcntl.h: !_POSIX_C_SOURCE || _DARWIN_C_SOURCE */
#define SHOWS_O_SEARCH 1              /* sys/fcntl.h: __DARWIN_C_LEVEL >= 200809L */
#define SHOWS_O_PATH 0
#define SHOWS_O_RESOLVE_BENEATH 1     /* sys/fcntl.h of 15.4: without a condition; an escape is EACCES */
#define SHOWS_ENOTCAPABLE 0           /* there is none, whatever O_RESOLVE_BENEATH */
#define SHOWS_MAP_ANONYMOUS OF_SYSTEM /* sys/mman.h: !_POSIX_C_SOURCE || _DARWIN_C_SOURCE */
#ifdef _POSIX_C_SOURCE
#define SHOWS_CHROOT 0                /* unistd.h: !_POSIX_C_SOURCE || _POSIX_C_SOURCE < 200112L, whatever else */
#else
#define SHOWS_CHROOT 1
#endif
#define SHOWS_SETGROUPS OF_SYSTEM     /* unistd.h: !_POSIX_C_SOURCE || _DARWIN_C_SOURCE */
#define SHOWS_PLEDGE 0

#endif
