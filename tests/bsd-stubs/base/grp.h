/* SPDX-License-Identifier: ISC */
#ifndef BASE_GRP_H
#define BASE_GRP_H

#include <sys/types.h>

#if SHOWS_SETGROUPS
int setgroups(SETGROUPS_COUNT, const gid_t *);
#endif

#endif
