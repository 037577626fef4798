/* SPDX-License-Identifier: ISC */
/*
 * What FreeBSD shows beyond the standards: all of it to who names no standard, and nothing to who does; there is no
 * macro that asks for both. The headers of musl, which stand in for its own, know this as _BSD_SOURCE.
 */
#ifndef STUB_FEATURES_H
#define STUB_FEATURES_H

#if !(defined _ANSI_SOURCE || defined _C11_SOURCE || defined _POSIX_C_SOURCE || defined _XOPEN_SOURCE)
#define STUB_BSD_VISIBLE
#endif
#include "../visible.h"

#endif
