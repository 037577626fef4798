/* SPDX-License-Identifier: ISC */
/* What O_RESOLVE_BENEATH and Capsicum answer, where more than POSIX was asked for. */
#ifndef STUB_ERRNO_H
#define STUB_ERRNO_H

#include_next <errno.h>

#define ENOTCAPABLE 93

#endif
