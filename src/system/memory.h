/* SPDX-License-Identifier: ISC */
/* memory: memory for structures that are too large for a small stack, in a way that the sandbox allows. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/* Allocates `size` bytes of zeros; a page costs when it is first touched. NULL with errno. One piece at a time. */
void *memory_allocate(size_t size);

/* Frees the memory that memory_allocate returned for `size`. */
void memory_free(void *memory, size_t size);

#endif
