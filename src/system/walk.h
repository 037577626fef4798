/* SPDX-License-Identifier: ISC */
/*
 * walk: opens a name beneath a directory one component after the other, for systems whose kernel does not resolve a
 * whole path beneath a directory. The answers are those of openat2 with RESOLVE_BENEATH. Part of root.
 */
#ifndef WALK_H
#define WALK_H

#include <fcntl.h>

/*
 * A directory in which names are only looked up need not be readable, except where no flag of openat says so: NetBSD
 * has O_SEARCH and ignores it. O_SEARCH of FreeBSD is O_EXEC: with Capsicum it takes the right to execute what is
 * opened (CAP_FEXECVE), O_PATH does not.
 */
#if defined __linux__ || (defined __FreeBSD__ && !defined PORTABLE)
enum { SEARCH = O_PATH };
#elif defined __OpenBSD__ || defined __NetBSD__ || defined __DragonFly__
enum { SEARCH = O_RDONLY };
#else
enum { SEARCH = O_SEARCH };
#endif

/* The flags of openat for a directory in which names are looked up. The file that includes this asks for O_PATH. */
enum { SEARCH_FLAGS = SEARCH | O_DIRECTORY | O_CLOEXEC };

/*
 * Opens the path beneath the root: a directory with SEARCH_FLAGS, a regular file with the flags, and nothing else.
 * Returns a descriptor, or a negated errno: EXDEV for a path that leaves the root.
 */
int walk_open(int root, const char *path, int flags);

#endif
