/* SPDX-License-Identifier: ISC */
#ifndef BASE_POLL_H
#define BASE_POLL_H

#define POLLIN 0x1
#define POLLOUT 0x4
#define POLLERR 0x8
#define POLLHUP 0x10
#define POLLNVAL 0x20

typedef unsigned nfds_t;
struct pollfd {
	int fd;
	short events, revents;
};

int poll(struct pollfd *, nfds_t, int);

#endif
