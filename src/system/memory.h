/* SPDX-License-Identifier: ISC */
/* memory: memory for structures that are too large for a small stack, in a way that the sandbox allows. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/*
 * Allocates `size` bytes of zeros; a page takes memory once it is touched. Returns NULL, with errno, where there are
 * none. No second piece may be allocated before the first is freed.
 */
void *memory_allocate(size_t size);

/* Frees the memory that memory_allocate returned for `size`. */
void memory_free(void *memory, size_t size);

#endif
