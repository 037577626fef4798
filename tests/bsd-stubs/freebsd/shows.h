/* SPDX-License-Identifier: ISC */
/*
 * FreeBSD 14. sys/sys/cdefs.h: a program that asks for a standard gets that and nothing of FreeBSD's own, and no macro
 * asks for both; _XOPEN_SOURCE implies POSIX. The names behind the symbols are the headers below sys/sys and include.
 */
#ifndef SHOWS_H
#define SHOWS_H

#if defined _POSIX_C_SOURCE || defined _XOPEN_SOURCE || defined _ANSI_SOURCE || defined _C99_SOURCE || \
	defined _C11_SOURCE
#define OF_SYSTEM 0
#else
#define OF_SYSTEM 1
#endif
#ifdef _XOPEN_SOURCE
#define OF_XSI 1
#else
#define OF_XSI OF_SYSTEM
#endif

#define DEV_T uint64_t      /* sys/_types.h */
#define MODE_T uint16_t     /* sys/_types.h */
#define SUSECONDS_T long    /* sys/_types.h */
#define SETGROUPS_COUNT int /* unistd.h */
#define ENOTSUP_IS EOPNOTSUPP /* sys/errno.h */
#define AT_FDCWD_IS -100    /* sys/fcntl.h */

#define SHOWS_S_IF OF_XSI                 /* sys/stat.h: __XSI_VISIBLE */
#define SHOWS_ST_MTIM 1                   /* sys/stat.h: the members of struct stat have these names */
#define SHOWS_SIGXFSZ OF_XSI              /* sys/signal.h: __XSI_VISIBLE */
#define SHOWS_SA_RESTART OF_XSI           /* sys/signal.h: __XSI_VISIBLE */
#define SHOWS_SETITIMER 1                 /* sys/time.h: without a condition */
#define SHOWS_O_NOFOLLOW 1                /* sys/fcntl.h: __POSIX_VISIBLE >= 200809 */
#define SHOWS_O_SEARCH 1                  /* sys/fcntl.h: __POSIX_VISIBLE >= 200809; the same as O_EXEC */
#define SHOWS_O_PATH OF_SYSTEM            /* sys/fcntl.h: __BSD_VISIBLE; since 13.1 */
#define SHOWS_O_RESOLVE_BENEATH OF_SYSTEM /* sys/fcntl.h: __BSD_VISIBLE; since 13.0 */
#define SHOWS_ENOTCAPABLE OF_SYSTEM       /* sys/errno.h: !_POSIX_SOURCE, as __BSD_VISIBLE in 14 */
#define SHOWS_MAP_ANONYMOUS OF_SYSTEM     /* sys/mman.h: __BSD_VISIBLE */
#define SHOWS_CHROOT OF_SYSTEM            /* unistd.h: __BSD_VISIBLE; XSI has had none since 1997 */
#define SHOWS_SETGROUPS OF_SYSTEM         /* unistd.h: __BSD_VISIBLE */
#define SHOWS_PLEDGE 0

#endif
