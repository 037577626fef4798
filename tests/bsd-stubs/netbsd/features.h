/* SPDX-License-Identifier: ISC */
/*
 * What NetBSD shows beyond the standards: all of it to who names no standard, or says _NETBSD_SOURCE. The headers of
 * musl, which stand in for its own, know this as _BSD_SOURCE.
 */
#ifndef STUB_FEATURES_H
#define STUB_FEATURES_H

#if defined _NETBSD_SOURCE || !(defined _ANSI_SOURCE || defined _POSIX_C_SOURCE || defined _XOPEN_SOURCE)
#define STUB_BSD_VISIBLE
#endif
#include "../visible.h"

#endif
