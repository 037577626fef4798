/* SPDX-License-Identifier: ISC */
/*
 * No condition hides an error of POSIX from a program that asks for POSIX.1-2008; those of no standard are not here.
 */
#ifndef BASE_ERRNO_H
#define BASE_ERRNO_H

#include <shows.h>

extern int stub_errno;
#define errno stub_errno

#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define EIO 5
#define ENXIO 6
#define E2BIG 7
#define EBADF 9
#define EDEADLK 11
#define ENOMEM 12
#define EACCES 13
#define EEXIST 17
#define EXDEV 18
#define ENODEV 19
#define ENOTDIR 20
#define EISDIR 21
#define EINVAL 22
#define ENFILE 23
#define EMFILE 24
#define ENOTTY 25
#define EFBIG 27
#define ENOSPC 28
#define ESPIPE 29
#define EROFS 30
#define EMLINK 31
#define EPIPE 32
#define ERANGE 34
#define EAGAIN 35
#define EWOULDBLOCK EAGAIN
#define EINPROGRESS 36
#define ENOTSOCK 38
#define EMSGSIZE 40
#define EPROTOTYPE 41
#define EOPNOTSUPP 102
#define ENOTSUP ENOTSUP_IS
#define EAFNOSUPPORT 47
#define EADDRINUSE 48
#define ENETUNREACH 51
#define ECONNABORTED 53
#define ECONNRESET 54
#define ENOBUFS 55
#define EISCONN 56
#define ENOTCONN 57
#define ETIMEDOUT 60
#define ECONNREFUSED 61
#define ELOOP 62
#define ENAMETOOLONG 63
#define EHOSTUNREACH 65
#define EDQUOT 69
#define ESTALE 70
#define ENOLCK 77
#define ENOSYS 78
#define EOVERFLOW 184
#define ECANCELED 187
#define EILSEQ 186
#if SHOWS_ENOTCAPABLE
#define ENOTCAPABLE 93
#endif

#endif
