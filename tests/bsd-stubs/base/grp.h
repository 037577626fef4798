/* SPDX-License-Identifier: ISC */
#ifndef BASE_GRP_H
#define BASE_GRP_H

/* glibc and musl have setgroups here; all of these systems have it in unistd.h. */
#include <sys/types.h>

#endif
