/* SPDX-License-Identifier: ISC */
/* O_SEARCH without O_PATH, as before FreeBSD 13.1, and O_RESOLVE_BENEATH, which came with 13.0. */
#ifndef STUB_FCNTL_H
#define STUB_FCNTL_H

#include_next <fcntl.h>
#undef O_EXEC
#undef O_PATH
#undef O_SEARCH
#undef O_TMPFILE
#define O_EXEC 0x00040000
#define O_SEARCH O_EXEC
#ifdef STUB_BSD_VISIBLE
#define O_RESOLVE_BENEATH 0x00800000
#endif

#endif
