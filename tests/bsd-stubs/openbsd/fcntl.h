/* SPDX-License-Identifier: ISC */
/* OpenBSD has no way to open a directory only to go through it. */
#ifndef STUB_FCNTL_H
#define STUB_FCNTL_H

#include_next <fcntl.h>
#undef O_EXEC
#undef O_PATH
#undef O_SEARCH
#undef O_TMPFILE

#endif
