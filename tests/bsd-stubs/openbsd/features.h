/* SPDX-License-Identifier: ISC */
/*
 * What OpenBSD shows beyond the standards: all of it to who names no standard, or says _BSD_SOURCE; _DEFAULT_SOURCE and
 * _GNU_SOURCE mean nothing there. The headers of musl, which stand in for its own, know this as _BSD_SOURCE.
 */
#ifndef STUB_FEATURES_H
#define STUB_FEATURES_H

#if defined _BSD_SOURCE || !(defined _ANSI_SOURCE || defined _POSIX_C_SOURCE || defined _XOPEN_SOURCE)
#define STUB_BSD_VISIBLE
#endif
#include "../visible.h"

#endif
