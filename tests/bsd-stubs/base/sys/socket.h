/* SPDX-License-Identifier: ISC */
/*
 * MSG_NOSIGNAL: FreeBSD __POSIX_VISIBLE >= 200809, macOS __DARWIN_C_LEVEL >= 200809L; NetBSD, OpenBSD and DragonFly
 * without a condition. The others have none.
 */
#ifndef BASE_SYS_SOCKET_H
#define BASE_SYS_SOCKET_H

#include <sys/types.h>

typedef uint32_t socklen_t;
typedef uint8_t sa_family_t;
struct sockaddr {
	uint8_t sa_len;
	sa_family_t sa_family;
	char sa_data[14];
};
struct linger {
	int l_onoff, l_linger;
};

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 28
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOL_SOCKET 0xffff
#define SO_ACCEPTCONN 0x0002
#define SO_LINGER 0x0080
#define SO_ERROR 0x1007
#define SO_TYPE 0x1008
#define MSG_PEEK 0x2
#define MSG_NOSIGNAL 0x20000
#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

int connect(int, const struct sockaddr *, socklen_t);
int getpeername(int, struct sockaddr *, socklen_t *);
int getsockname(int, struct sockaddr *, socklen_t *);
int getsockopt(int, int, int, void *, socklen_t *);
ssize_t recv(int, void *, size_t, int);
ssize_t send(int, const void *, size_t, int);
int setsockopt(int, int, int, const void *, socklen_t);
int shutdown(int, int);
int socket(int, int, int);

#endif
