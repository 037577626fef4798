/* SPDX-License-Identifier: ISC */
/* Makes the headers of musl show what STUB_BSD_VISIBLE says, whatever else was asked for. */
#ifndef VISIBLE_H
#define VISIBLE_H

#undef _ALL_SOURCE
#undef _BSD_SOURCE
#undef _DEFAULT_SOURCE
#undef _GNU_SOURCE
#ifdef STUB_BSD_VISIBLE
#define _BSD_SOURCE 1
#else
#ifndef __STRICT_ANSI__
#define __STRICT_ANSI__ 1
#endif
#endif
#include_next <features.h>

#endif
