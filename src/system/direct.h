/* SPDX-License-Identifier: ISC */
/*
 * direct: the calls for sockets where the C library has one system call for all of them, socketcall(2), whose arguments
 * lie in memory, so that the sandbox could only allow all of it or nothing. glibc does that on i386, s390x and some
 * others, as their kernels had no other way before Linux 4.3. There these functions take the place of the library's.
 */
#ifndef DIRECT_H
#define DIRECT_H

#include <sys/socket.h>

#endif
