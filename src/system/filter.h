/* SPDX-License-Identifier: ISC */
/*
 * filter: the program by which the kernel of Linux (seccomp) refuses every system call but those that serving makes. It
 * is built here and given to the kernel by sandbox.c.
 *
 * The filter depends on two properties of an architecture: the number by which the kernel names it, and the byte order,
 * as a program reads an argument of 64 bits in halves. The numbers of the calls come from the C library's headers.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stdint.h>

#if defined __linux__ && !defined PORTABLE
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FILTER_ORDER 0x40000000
#else
#define FILTER_ORDER 0
#endif
#define FILTER_WIDE 0x80000000 /* a kernel whose long has 64 bits */

/*
 * AUDIT_ARCH_ of linux/audit.h: the machine of ELF with these two flags. Where it is not defined the build has no
 * filter: the ILP32 of arm64, the N32 of MIPS, and what has not been tried.
 */
#if defined __x86_64__ /* x32 too: bit 30 of its calls is in the numbers of its headers */
#define FILTER_ARCHITECTURE (0x3e | FILTER_WIDE | FILTER_ORDER)
#elif defined __i386__
#define FILTER_ARCHITECTURE (0x03 | FILTER_ORDER)
#elif defined __aarch64__ && !defined __ILP32__
#define FILTER_ARCHITECTURE (0xb7 | FILTER_WIDE | FILTER_ORDER)
#elif defined __arm__ && defined __ARM_EABI__
#define FILTER_ARCHITECTURE (0x28 | FILTER_ORDER)
#elif defined __riscv && defined __LP64__
#define FILTER_ARCHITECTURE (0xf3 | FILTER_WIDE | FILTER_ORDER)
#elif defined __s390x__
#define FILTER_ARCHITECTURE (0x16 | FILTER_WIDE | FILTER_ORDER)
#elif defined __powerpc64__
#define FILTER_ARCHITECTURE (0x15 | FILTER_WIDE | FILTER_ORDER)
#elif defined __loongarch__ && defined __LP64__
#define FILTER_ARCHITECTURE (0x102 | FILTER_WIDE | FILTER_ORDER)
#elif defined __mips__ && defined __LP64__
#define FILTER_ARCHITECTURE (0x08 | FILTER_WIDE | FILTER_ORDER)
#endif
#endif

#ifdef FILTER_ARCHITECTURE
/* An instruction of classic BPF, and a program of them, as the kernel takes them (linux/filter.h). */
struct filter_instruction {
	uint16_t code;
	uint8_t yes, no; /* how many instructions to skip */
	uint32_t k;
};
struct filter_program {
	unsigned short length;
	const struct filter_instruction *code;
};

enum { FILTER_MAX = 96 };

/*
 * Writes the program to `code` and returns the number of its instructions. It allows reads from the descriptor `in` and
 * from files that are opened later, and writes to `out`, `log` and `error` only; -1 stands for no descriptor.
 */
unsigned filter_build(struct filter_instruction code[FILTER_MAX], int in, int out, int log, int error);
#endif

#endif
