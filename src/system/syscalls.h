/* SPDX-License-Identifier: ISC */
/*
 * syscalls: the numbers of the newer system calls of Linux, for a C library whose headers are older than the call.
 * Since Linux 5.1 a new call has the same number on every architecture, except on those that add a base of their own;
 * there the call is not used unless the headers name it.
 */
#ifndef SYSCALLS_H
#define SYSCALLS_H

#include <sys/syscall.h>

#if !defined __alpha__ && !defined __ia64__ && !defined __mips__ && !(defined __x86_64__ && defined __ILP32__)
#ifndef SYS_close_range
#define SYS_close_range 436 /* Linux 5.9 */
#endif
#ifndef SYS_openat2
#define SYS_openat2 437 /* Linux 5.6 */
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* Linux 5.13, these three */
#endif
#ifndef SYS_landlock_add_rule
#define SYS_landlock_add_rule 445
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif
#endif

#endif
