/* SPDX-License-Identifier: ISC */
/*
 * OpenBSD 7.6. sys/sys/cdefs.h: a program that asks for POSIX alone gets XSI with it (__XPG_VISIBLE is 700 by default);
 * what is OpenBSD's own is shown where no standard is asked for, or with _BSD_SOURCE beside it. _DEFAULT_SOURCE and
 * _GNU_SOURCE mean nothing there.
 */
#ifndef SHOWS_H
#define SHOWS_H

#if defined _BSD_SOURCE || !(defined _POSIX_C_SOURCE || defined _XOPEN_SOURCE || defined _ANSI_SOURCE)
#define OF_SYSTEM 1
#else
#define OF_SYSTEM 0
#endif
#define OF_XSI 1

#define DEV_T int32_t       /* sys/_types.h */
#define MODE_T uint32_t     /* sys/_types.h */
#define SUSECONDS_T long    /* sys/_types.h */
#define SETGROUPS_COUNT int /* unistd.h */
#define ENOTSUP_IS 91       /* sys/errno.h */
#define AT_FDCWD_IS -100    /* sys/fcntl.h */

#define SHOWS_S_IF OF_XSI           /* sys/stat.h: __XPG_VISIBLE || __BSD_VISIBLE */
#define SHOWS_ST_MTIM 1             /* sys/stat.h: __POSIX_VISIBLE >= 200809 || __BSD_VISIBLE */
#define SHOWS_SIGXFSZ 1             /* sys/signal.h: hidden by _POSIX_SOURCE alone, which is another macro */
#define SHOWS_SA_RESTART 1          /* sys/signal.h: the same */
#define SHOWS_SETITIMER OF_XSI      /* sys/time.h: __XPG_VISIBLE */
#define SHOWS_O_NOFOLLOW 1          /* sys/fcntl.h: __POSIX_VISIBLE >= 200809 */
#define SHOWS_O_SEARCH 0            /* there is none */
#define SHOWS_O_PATH 0
#define SHOWS_O_RESOLVE_BENEATH 0
#define SHOWS_ENOTCAPABLE 0
#define SHOWS_MAP_ANONYMOUS 1       /* sys/mman.h: without a condition */
#define SHOWS_CHROOT OF_SYSTEM      /* unistd.h: __BSD_VISIBLE */
#define SHOWS_SETGROUPS OF_SYSTEM   /* unistd.h: __BSD_VISIBLE */
#define SHOWS_PLEDGE OF_SYSTEM      /* unistd.h: __BSD_VISIBLE, and unveil */

#endif
