/* SPDX-License-Identifier: ISC */
/* memory: pages for what is too large for a small stack, taken in a way that the sandbox allows. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/* `size` bytes of zeros, of which a page costs when it is used; NULL with errno. One piece at a time. */
void *memory_allocate(size_t size);

/* Gives back what memory_allocate returned for `size`. */
void memory_free(void *memory, size_t size);

#endif
