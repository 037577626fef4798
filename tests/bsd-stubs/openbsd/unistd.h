/* SPDX-License-Identifier: ISC */
/* pledge(2) and unveil(2). */
#ifndef STUB_UNISTD_H
#define STUB_UNISTD_H

#include_next <unistd.h>
#ifdef STUB_BSD_VISIBLE
int pledge(const char *, const char *);
int unveil(const char *, const char *);
#endif

#endif
