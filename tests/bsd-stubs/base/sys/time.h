/* SPDX-License-Identifier: ISC */
#ifndef BASE_SYS_TIME_H
#define BASE_SYS_TIME_H

#include <sys/types.h>

struct timeval {
	time_t tv_sec;
	suseconds_t tv_usec;
};

#if SHOWS_SETITIMER
#define ITIMER_REAL 0
struct itimerval {
	struct timeval it_interval, it_value;
};
int setitimer(int, const struct itimerval *, struct itimerval *);
#endif

#endif
