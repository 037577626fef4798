/* SPDX-License-Identifier: ISC */
/*
 * DragonFly 6.4, by the headers of its repository in 2025. sys/sys/cdefs.h: as FreeBSD's, from which it comes. Much is
 * hidden by _POSIX_SOURCE alone, which is another macro, and which neither httpd nor cdefs.h defines.
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

#define DEV_T uint32_t         /* sys/types.h */
#define MODE_T uint16_t        /* sys/types.h */
#define SUSECONDS_T long       /* sys/types.h */
#define SETGROUPS_COUNT int    /* unistd.h */
#define ENOTSUP_IS EOPNOTSUPP  /* sys/errno.h */
#define AT_FDCWD_IS 0xFFFAFDCD /* sys/fcntl.h: an unsigned constant */

#define SHOWS_S_IF 1                  /* sys/stat.h: hidden by _POSIX_SOURCE alone */
#define SHOWS_ST_MTIM 1               /* sys/stat.h: the members of struct stat have these names */
#define SHOWS_SIGXFSZ OF_XSI          /* sys/signal.h: __XSI_VISIBLE */
#define SHOWS_SA_RESTART OF_XSI       /* sys/signal.h: __XSI_VISIBLE */
#define SHOWS_SETITIMER OF_XSI        /* sys/time.h: __XSI_VISIBLE */
#define SHOWS_O_NOFOLLOW 1            /* sys/fcntl.h: __POSIX_VISIBLE >= 200809 */
#define SHOWS_O_SEARCH 0              /* there is none */
#define SHOWS_O_PATH 0
#define SHOWS_O_RESOLVE_BENEATH 0
#define SHOWS_ENOTCAPABLE 0
#define SHOWS_MAP_ANONYMOUS 1         /* sys/mman.h: without a condition */
#define SHOWS_CHROOT OF_SYSTEM        /* unistd.h: __BSD_VISIBLE, or XSI of 500 and before */
#define SHOWS_SETGROUPS OF_SYSTEM     /* unistd.h: __BSD_VISIBLE */
#define SHOWS_PLEDGE 0

#endif
