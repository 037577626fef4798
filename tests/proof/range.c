/* SPDX-License-Identifier: ISC */
/* range: the parts of a file that a client asks for. */
#include "contracts.h"
#include "libc.h"

#include "http/range.c"

/*
 * proof: part parse_part
 * shows: the part lies within the file
 * bound: 32768 bytes, a file of any size
 * without: conversion unsigned-overflow
 * fault: http/range.c: s/b >= size - 1 ? size - a/b > size ? size - a/
 */
void prove_part(void)
{
	struct slice s = any_slice(HEAD_MAX);
	uint64_t size = nondet_u64();
	struct range part;
	ASSUME(size > 0);
	bool got = parse_part(s, size, &part);
	PROMISE(!got || (part.length <= size && (part.length == 0 || part.first <= size - part.length)));
	REACHED(got && part.length == UINT64_MAX);
	REACHED(got && part.length == 0);
	REACHED(got && part.first == 5 && part.length == 1 && size == 7);
	REACHED(!got);
}
