/* SPDX-License-Identifier: ISC */
/* answers: the calls that the model answers by itself, in the place of those of the same name (model.c). */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <dirent.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Bits of openat's flags that Linux does not use, and errors that Linux does not have. */
enum { MODEL_SEARCH = 0x08000000, MODEL_PATH = 0x10000000, MODEL_BENEATH = 0x20000000 };
enum { MODEL_ENOTCAPABLE = 193, MODEL_ECAPMODE = 194, MODEL_EFTYPE = 195 };

/* Called by each function of the model. Ends the process if the sandbox of the system refuses the call. */
void model_enters(const char *call);

int model_access(const char *path, int mode);
int model_chroot(const char *path);
int model_close(int fd);
int model_fchdir(int fd);
int model_fcntl(int fd, int command, int argument);
DIR *model_fdopendir(int fd);
int model_fstat(int fd, struct stat *st);
int model_fstatat(int at, const char *path, struct stat *st, int flags);
int model_getsockopt(int fd, int level, int option, void *value, socklen_t *size);
int model_openat(int at, const char *path, int flags, mode_t mode);
ssize_t model_pread(int fd, void *at, size_t n, off_t offset);
ssize_t model_readlinkat(int at, const char *path, char *text, size_t size);
int model_setsockopt(int fd, int level, int option, const void *value, socklen_t size);

#endif
