/* SPDX-License-Identifier: ISC */
/*
 * clock_gettime and CLOCK_MONOTONIC: DragonFly __POSIX_VISIBLE >= 199309 (sys/_clock_id.h); others for POSIX of 1993 as
 * well. time has no condition.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <sys/types.h>

struct timespec {
	time_t tv_sec;
	long tv_nsec;
};

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 4

int clock_gettime(clockid_t, struct timespec *);
int nanosleep(const struct timespec *, struct timespec *);
time_t time(time_t *);

#endif
