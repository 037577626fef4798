/* SPDX-License-Identifier: ISC */
/*
 * mmap, munmap and their constants have no condition.
 */
#ifndef BASE_SYS_MMAN_H
#define BASE_SYS_MMAN_H

#include <sys/types.h>

#define PROT_READ 0x1
#define PROT_WRITE 0x2
#define MAP_SHARED 0x1
#define MAP_PRIVATE 0x2
#define MAP_FAILED ((void *)-1)
#if SHOWS_MAP_ANONYMOUS
#define MAP_ANONYMOUS 0x1000
#endif

void *mmap(void *, size_t, int, int, int, off_t);
int munmap(void *, size_t);

#endif
