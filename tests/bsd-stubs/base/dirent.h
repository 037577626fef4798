/* SPDX-License-Identifier: ISC */
/*
 * fdopendir: shown for POSIX.1-2008; on DragonFly without a condition. The others have none.
 */
#ifndef BASE_DIRENT_H
#define BASE_DIRENT_H

#include <sys/types.h>

typedef struct stub_dir DIR;
struct dirent {
	ino_t d_ino;
	char d_name[256];
};

int closedir(DIR *);
DIR *fdopendir(int);
DIR *opendir(const char *);
struct dirent *readdir(DIR *);
void rewinddir(DIR *);

#endif
