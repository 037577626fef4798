/* SPDX-License-Identifier: ISC */
/*
 * NetBSD 10. sys/sys/featuretest.h: what is NetBSD's own is shown where no standard is asked for, or with
 * _NETBSD_SOURCE beside it; what is of XSI with _XOPEN_SOURCE.
 */
#ifndef SHOWS_H
#define SHOWS_H

#if defined _NETBSD_SOURCE || !(defined _POSIX_C_SOURCE || defined _XOPEN_SOURCE || defined _ANSI_SOURCE)
#define OF_SYSTEM 1
#else
#define OF_SYSTEM 0
#endif
#ifdef _XOPEN_SOURCE
#define OF_XSI 1
#else
#define OF_XSI OF_SYSTEM
#endif

#define DEV_T uint64_t      /* sys/types.h */
#define MODE_T uint32_t     /* sys/ansi.h */
#define SUSECONDS_T int     /* sys/types.h */
#define SETGROUPS_COUNT int /* unistd.h */
#define ENOTSUP_IS 86       /* sys/errno.h; EILSEQ is 85 there */
#define AT_FDCWD_IS -100    /* sys/fcntl.h */

#define SHOWS_S_IF OF_XSI             /* sys/stat.h: _XOPEN_SOURCE || _NETBSD_SOURCE; S_IFSOCK for 600 and later */
#define SHOWS_ST_MTIM 1               /* sys/stat.h: _POSIX_C_SOURCE >= 200809L || _XOPEN_SOURCE >= 700 */
#define SHOWS_SIGXFSZ 1               /* sys/signal.h: without a condition */
#define SHOWS_SA_RESTART OF_XSI       /* sys/signal.h: _XOPEN_SOURCE_EXTENDED, _XOPEN_SOURCE >= 500, _NETBSD_SOURCE */
#define SHOWS_SETITIMER 1             /* sys/time.h: _POSIX_C_SOURCE >= 200112L */
#define SHOWS_O_NOFOLLOW 1            /* sys/fcntl.h: since NetBSD 10; before, _NETBSD_SOURCE */
#define SHOWS_O_SEARCH 1              /* sys/fcntl.h; the kernel ignores it (do_open of kern/vfs_syscalls.c) */
#define SHOWS_O_PATH 0
#define SHOWS_O_RESOLVE_BENEATH 0
#define SHOWS_ENOTCAPABLE 0
#define SHOWS_MAP_ANONYMOUS 1         /* sys/mman.h: without a condition */
#define SHOWS_CHROOT OF_SYSTEM        /* unistd.h: _NETBSD_SOURCE */
#define SHOWS_SETGROUPS OF_SYSTEM     /* unistd.h: _NETBSD_SOURCE */
#define SHOWS_PLEDGE 0

#endif
