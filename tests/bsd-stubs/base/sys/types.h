/* SPDX-License-Identifier: ISC */
#ifndef BASE_SYS_TYPES_H
#define BASE_SYS_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include <shows.h>

typedef DEV_T dev_t;
typedef MODE_T mode_t;
typedef uint32_t gid_t, uid_t, id_t;
typedef int32_t pid_t;
typedef uint64_t ino_t;
typedef uint32_t nlink_t;
typedef int64_t blkcnt_t, off_t, time_t;
typedef int32_t blksize_t;
typedef long ssize_t;
typedef SUSECONDS_T suseconds_t;
typedef int clockid_t;

#endif
