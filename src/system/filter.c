/* SPDX-License-Identifier: ISC */
#if defined __linux__ && !defined PORTABLE
#define _GNU_SOURCE /* MAP_ANONYMOUS, the numbers of system calls */
#endif

#include "system/filter.h"

#ifdef FILTER_ARCHITECTURE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "system/syscalls.h"

/* From linux/filter.h and linux/seccomp.h. An argument has 8 bytes in the byte order of the machine. */
enum {
	LOAD = 0x20, EQUAL = 0x15, RETURN = 0x06,
	NUMBER = 0, ARCHITECTURE = 4, ARGUMENTS = 16,
	LOWER = FILTER_ORDER != 0 ? 0 : 4, /* the half of an argument in which a descriptor lies */
	ALLOW = 0x7fff0000, REFUSE = 0x00050000 /* beside the errno */
};

#define ARGUMENT(n) (ARGUMENTS + 8 * (n) + LOWER) /* where the lower half of argument n lies, from 0 on */

/* The rules about arguments: the places in the program that jumps lead to. A jump to NEXT skips nothing. */
enum {
	NEXT = 0, SENDTO = 1, FCNTL = 5, MMAP = 8, SETSOCKOPT = 12, PREAD = 17, SENDFILE = 22, WRITE = 27, INPUT = 30,
	OUTPUT = 32, REFUSED = 34, ALLOWED = 35, RULES
};

/*
 * The calls that serving makes, those of every request first, and the rule that each has to pass. None opens a socket,
 * starts, signals or traces a process. Some exist on some architectures only: those with 32 bits have a second call
 * where a size or a time did not fit into the first.
 */
static const struct {
	uint32_t number;
	uint8_t rule;
} calls[] = {
#ifdef SYS_clock_gettime /* musl calls the old one of 32 bits otherwise */
	{SYS_clock_gettime, ALLOWED},
#endif
#ifdef SYS_clock_gettime64
	{SYS_clock_gettime64, ALLOWED},
#endif
	{SYS_openat2, ALLOWED},
#ifdef SYS_fstat
	{SYS_fstat, ALLOWED},
#endif
#ifdef SYS_fstat64
	{SYS_fstat64, ALLOWED},
#endif
#ifdef SYS_newfstatat
	{SYS_newfstatat, ALLOWED},
#endif
#ifdef SYS_fstatat64
	{SYS_fstatat64, ALLOWED},
#endif
	{SYS_pread64, PREAD},
	{SYS_exit_group, ALLOWED},
	{SYS_close, ALLOWED},
#ifdef SYS_poll
	{SYS_poll, ALLOWED},
#endif
	{SYS_ppoll, ALLOWED},
#ifdef SYS_ppoll_time64
	{SYS_ppoll_time64, ALLOWED},
#endif
	{SYS_openat, ALLOWED},
	{SYS_readlinkat, ALLOWED},
	{SYS_getdents64, ALLOWED},
	{SYS_munmap, ALLOWED},
	{SYS_getpid, ALLOWED},
	{SYS_restart_syscall, ALLOWED},
	{SYS_rt_sigaction, ALLOWED},
	{SYS_rt_sigreturn, ALLOWED},
#ifdef SYS_sigreturn
	{SYS_sigreturn, ALLOWED},
#endif
	{SYS_setitimer, ALLOWED},
	{SYS_geteuid, ALLOWED},
	{SYS_getegid, ALLOWED},
#ifdef SYS_geteuid32
	{SYS_geteuid32, ALLOWED},
	{SYS_getegid32, ALLOWED},
#endif
#if !defined __LP64__ || defined __mips__ || defined __loongarch__
	{SYS_statx, ALLOWED}, /* for fstat of C libraries, where the kernel's own counts seconds in 32 bits */
#endif
	{SYS_recvfrom, INPUT},
#ifdef SYS_recv
	{SYS_recv, INPUT},
#endif
	{SYS_read, INPUT},
	{SYS_getsockopt, INPUT},
	{SYS_write, WRITE},
	{SYS_sendfile, SENDFILE},
#ifdef SYS_sendfile64
	{SYS_sendfile64, SENDFILE},
#endif
	{SYS_shutdown, OUTPUT}, /* a log may be a socket that other processes write to */
	{SYS_sendto, SENDTO},
#ifdef SYS_send
	{SYS_send, WRITE},
#endif
	{SYS_fcntl, FCNTL},
#ifdef SYS_fcntl64
	{SYS_fcntl64, FCNTL},
#endif
#if defined __s390x__
	{SYS_brk, ALLOWED}, /* memory.c takes it there, as the arguments of mmap lie in memory, where no filter looks */
#elif defined SYS_mmap2
	{SYS_mmap2, MMAP},
#else
	{SYS_mmap, MMAP},
#endif
	{SYS_setsockopt, SETSOCKOPT},
};

enum { CALLS = sizeof calls / sizeof calls[0], BEFORE = 5 };

_Static_assert(BEFORE + CALLS + RULES <= FILTER_MAX, "FILTER_MAX instructions are enough");

/* Makes the targets of jumps, which are places in the program, the numbers of instructions to skip. */
static void link_jumps(struct filter_instruction *code, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		code[i].yes = (uint8_t)(code[i].yes != NEXT ? code[i].yes - i - 1 : 0);
		code[i].no = (uint8_t)(code[i].no != NEXT ? code[i].no - i - 1 : 0);
	}
}

/* Writes the rules: first the refusal of every call that is not in the table, then those about arguments. */
static void put_rules(struct filter_instruction *code, int in, int out, int log, int error)
{
	const struct filter_instruction rules[RULES] = {
		{RETURN, 0, 0, REFUSE | EPERM},
		[SENDTO] = {LOAD, 0, 0, ARGUMENTS + 4 * 8}, /* the address has to be NULL, in both halves */
		{EQUAL, NEXT, REFUSED, 0},
		{LOAD, 0, 0, ARGUMENTS + 4 * 8 + 4},
		{EQUAL, WRITE, REFUSED, 0},
		[FCNTL] = {LOAD, 0, 0, ARGUMENT(1)}, /* others would let a descriptor send signals */
		{EQUAL, INPUT, NEXT, F_GETFL},
		{EQUAL, OUTPUT, REFUSED, F_SETFL},
		[MMAP] = {LOAD, 0, 0, ARGUMENT(2)}, /* memory without a file that is never executed */
		{EQUAL, NEXT, REFUSED, PROT_READ | PROT_WRITE},
		{LOAD, 0, 0, ARGUMENT(3)},
		{EQUAL, ALLOWED, REFUSED, MAP_PRIVATE | MAP_ANONYMOUS},
		[SETSOCKOPT] = {LOAD, 0, 0, ARGUMENT(1)}, /* a reset of the connection, and how long it is read */
		{EQUAL, NEXT, REFUSED, SOL_SOCKET},
		{LOAD, 0, 0, ARGUMENT(2)},
		{EQUAL, OUTPUT, NEXT, SO_LINGER},
		{EQUAL, INPUT, REFUSED, SO_RCVTIMEO},
		[PREAD] = {LOAD, 0, 0, ARGUMENT(0)}, /* the log and what was inherited may be open for reading as well */
		{EQUAL, REFUSED, NEXT, STDIN_FILENO},
		{EQUAL, REFUSED, NEXT, STDOUT_FILENO},
		{EQUAL, REFUSED, NEXT, STDERR_FILENO},
		{EQUAL, REFUSED, ALLOWED, (uint32_t)log},
		[SENDFILE] = {LOAD, 0, 0, ARGUMENT(1)},
		{EQUAL, REFUSED, NEXT, STDIN_FILENO},
		{EQUAL, REFUSED, NEXT, STDOUT_FILENO},
		{EQUAL, REFUSED, NEXT, STDERR_FILENO},
		{EQUAL, REFUSED, OUTPUT, (uint32_t)log},
		[WRITE] = {LOAD, 0, 0, ARGUMENT(0)},
		{EQUAL, ALLOWED, NEXT, (uint32_t)log},
		{EQUAL, ALLOWED, OUTPUT, (uint32_t)error}, /* where log.c complains of a log that fails */
		[INPUT] = {LOAD, 0, 0, ARGUMENT(0)},
		{EQUAL, ALLOWED, NEXT, (uint32_t)in},
		[OUTPUT] = {LOAD, 0, 0, ARGUMENT(0)},
		{EQUAL, ALLOWED, NEXT, (uint32_t)out},
		[REFUSED] = {RETURN, 0, 0, REFUSE | EPERM},
		[ALLOWED] = {RETURN, 0, 0, ALLOW},
	};
	memcpy(code, rules, sizeof rules);
	link_jumps(code, RULES);
}

/*
 * One instruction for each call, which allows it or jumps to its rule. The argument that the program loads first is
 * never used: for a call that is decided without any argument the kernel would compute the verdict in advance, once for
 * each of its five hundred calls, and that costs more than all the calls of a request.
 */
unsigned filter_build(struct filter_instruction code[FILTER_MAX], int in, int out, int log, int error)
{
	const struct filter_instruction before[BEFORE] = {
		{LOAD, 0, 0, ARGUMENT(0)},
		{LOAD, 0, 0, ARCHITECTURE},
		{EQUAL, 1, 0, FILTER_ARCHITECTURE},
		{RETURN, 0, 0, REFUSE | EPERM},
		{LOAD, 0, 0, NUMBER},
	};
	memcpy(code, before, sizeof before);
	for (unsigned i = 0; i < CALLS; i++)
		code[BEFORE + i] = (struct filter_instruction){EQUAL, .yes = (uint8_t)(CALLS - i - 1 + calls[i].rule),
		                                               .k = calls[i].number};
	put_rules(code + BEFORE + CALLS, in, out, log, error);
	return BEFORE + CALLS + RULES;
}
#endif
