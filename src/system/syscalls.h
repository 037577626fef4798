/* SPDX-License-Identifier: ISC */
/*
 * syscalls: the numbers of the newer system calls of Linux, for a C library whose headers are older than the call.
 * Since Linux 5.1 a new call has the same number on every architecture, above the base that some of them have.
 */
#ifndef SYSCALLS_H
#define SYSCALLS_H

#include <sys/syscall.h>

#if defined __alpha__
enum { SYSCALL_BASE = 110 };
#elif defined __ia64__
enum { SYSCALL_BASE = 1024 };
#elif defined __mips__ && _MIPS_SIM == _ABIO32
enum { SYSCALL_BASE = 4000 };
#elif defined __mips__ && _MIPS_SIM == _ABI64
enum { SYSCALL_BASE = 5000 };
#elif defined __mips__
enum { SYSCALL_BASE = 6000 };
#elif defined __x86_64__ && defined __ILP32__
enum { SYSCALL_BASE = 0x40000000 };
#else
enum { SYSCALL_BASE = 0 };
#endif

#ifndef SYS_close_range
#define SYS_close_range (SYSCALL_BASE + 436) /* Linux 5.9 */
#endif
#ifndef SYS_openat2
#define SYS_openat2 (SYSCALL_BASE + 437) /* Linux 5.6 */
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset (SYSCALL_BASE + 444) /* Linux 5.13, these three */
#endif
#ifndef SYS_landlock_add_rule
#define SYS_landlock_add_rule (SYSCALL_BASE + 445)
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self (SYSCALL_BASE + 446)
#endif

#endif
