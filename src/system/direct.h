/* SPDX-License-Identifier: ISC */
/*
 * direct: recv, send and other functions for sockets, each as a system call of its own. On i386, s390x and some others
 * glibc makes all of them by one system call, socketcall(2), as kernels before Linux 4.3 had no other. Its arguments
 * lie in memory, where the filter cannot look: it could only allow all of them or none. There these functions replace
 * glibc's.
 */
#ifndef DIRECT_H
#define DIRECT_H

#include <sys/socket.h>

#endif
