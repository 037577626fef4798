/* SPDX-License-Identifier: ISC */
/* O_SEARCH without O_PATH. */
#ifndef STUB_FCNTL_H
#define STUB_FCNTL_H

#include_next <fcntl.h>
#undef O_EXEC
#undef O_PATH
#undef O_SEARCH
#undef O_TMPFILE
#define O_SEARCH 0x00800000

#endif
