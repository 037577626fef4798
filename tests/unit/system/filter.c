/* SPDX-License-Identifier: ISC */
/*
 * Runs the filter of system calls in an interpreter of its instructions, so that every number and every argument can be
 * tried. Everything that `may` does not name must be refused.
 */
#if defined __linux__ && !defined PORTABLE
#define _GNU_SOURCE /* MAP_ANONYMOUS, the numbers of system calls */
#endif
#include "system/filter.h"

#include "unit.h"

#ifdef FILTER_ARCHITECTURE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include "system/syscalls.h"

/* struct seccomp_data of linux/seccomp.h: the input of the program. */
struct asked {
	uint32_t number, architecture;
	uint64_t place, argument[6];
};

enum { IN = 3, OUT = 4, LOG = 5, NUMBERS = 1024, ALLOW = 0x7fff0000, REFUSE = 0x00050000 | EPERM };

static struct filter_instruction code[FILTER_MAX];
static unsigned length;

/* The result of the program. Every jump leads forward, and the last instruction returns. */
static uint32_t answer(const struct asked *asked)
{
	uint32_t loaded = 0;
	for (unsigned at = 0; at < length; at++) {
		const struct filter_instruction *i = &code[at];
		switch (i->code) {
		case 0x20: /* BPF_LD | BPF_W | BPF_ABS */
			assert_true(i->k % 4 == 0 && i->k + 4 <= sizeof *asked);
			memcpy(&loaded, (const char *)asked + i->k, sizeof loaded);
			break;
		case 0x15: /* BPF_JMP | BPF_JEQ | BPF_K */
			at += loaded == i->k ? i->yes : i->no;
			break;
		case 0x06: /* BPF_RET | BPF_K */
			return i->k;
		default:
			fail_msg("instruction %u has the code %#x", at, (unsigned)i->code);
		}
	}
	fail_msg("the program has no end");
	return 0;
}

static bool is_input(uint64_t fd)
{
	return fd == IN || fd == OUT;
}

/* Files of the site; all others were open before. */
static bool is_file(uint64_t fd)
{
	return fd > STDERR_FILENO && fd != LOG;
}

static bool is_written(uint64_t fd)
{
	return fd == OUT || fd == LOG || fd == STDERR_FILENO;
}

static bool is_harmless(uint32_t number)
{
	static const uint32_t harmless[] = {
#ifdef SYS_clock_gettime
		SYS_clock_gettime,
#endif
#ifdef SYS_clock_gettime64
		SYS_clock_gettime64,
#endif
#ifdef SYS_fstat
		SYS_fstat,
#endif
#ifdef SYS_fstat64
		SYS_fstat64,
#endif
#ifdef SYS_newfstatat
		SYS_newfstatat,
#endif
#ifdef SYS_fstatat64
		SYS_fstatat64,
#endif
#ifdef SYS_poll
		SYS_poll,
#endif
#ifdef SYS_ppoll_time64
		SYS_ppoll_time64,
#endif
#ifdef SYS_sigreturn
		SYS_sigreturn,
#endif
#ifdef SYS_geteuid32
		SYS_geteuid32, SYS_getegid32,
#endif
#if !defined __LP64__ || defined __mips__ || defined __loongarch__
		SYS_statx,
#endif
#ifdef __s390x__
		SYS_brk,
#endif
		SYS_openat2, SYS_openat, SYS_exit_group, SYS_close, SYS_ppoll, SYS_readlinkat, SYS_getdents64,
		SYS_munmap, SYS_getpid, SYS_restart_syscall, SYS_rt_sigaction, SYS_rt_sigreturn, SYS_setitimer, SYS_geteuid,
		SYS_getegid,
	};
	for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
		if (harmless[i] == number)
			return true;
	return false;
}

/* The calls that the process may make. */
static bool may(const struct asked *asked)
{
	const uint64_t *a = asked->argument;
	switch (asked->number) {
	case SYS_read:
	case SYS_recvfrom:
	case SYS_getsockopt:
#ifdef SYS_recv
	case SYS_recv:
#endif
		return is_input(a[0]);
	case SYS_write:
#ifdef SYS_send
	case SYS_send:
#endif
		return is_written(a[0]);
	case SYS_sendto:
		return is_written(a[0]) && a[4] == 0;
	case SYS_pread64:
		return is_file(a[0]);
	case SYS_sendfile:
#ifdef SYS_sendfile64
	case SYS_sendfile64:
#endif
		return a[0] == OUT && is_file(a[1]);
	case SYS_shutdown:
		return a[0] == OUT;
	case SYS_fcntl:
#ifdef SYS_fcntl64
	case SYS_fcntl64:
#endif
		return (a[0] == OUT && a[1] == F_SETFL) || (is_input(a[0]) && a[1] == F_GETFL);
#ifdef SYS_mmap2
	case SYS_mmap2:
		return a[2] == (PROT_READ | PROT_WRITE) && a[3] == (MAP_PRIVATE | MAP_ANONYMOUS);
#elif !defined __s390x__
	case SYS_mmap:
		return a[2] == (PROT_READ | PROT_WRITE) && a[3] == (MAP_PRIVATE | MAP_ANONYMOUS);
#endif
	case SYS_setsockopt:
		return a[1] == SOL_SOCKET &&
		       ((a[0] == OUT && a[2] == SO_LINGER) || (is_input(a[0]) && a[2] == SO_RCVTIMEO));
	default:
		return is_harmless(asked->number);
	}
}

static void check(const struct asked *asked)
{
	uint32_t expected = may(asked) ? ALLOW : REFUSE;
	if (answer(asked) == expected)
		return;
	for (unsigned i = 0; i < 6; i++)
		print_message("argument %u: %#llx\n", i, (unsigned long long)asked->argument[i]);
	fail_msg("call %u is %s", asked->number, expected == ALLOW ? "refused" : "allowed");
}

static void build(int log, int error)
{
	length = filter_build(code, IN, OUT, log, error);
	assert_true(length > 0 && length <= FILTER_MAX);
}

/* Each number, with arguments that rules mention and with others. */
static void test_every_call(void **state)
{
	static const uint64_t some[][6] = {
		{OUT, 0, 0, 0, 0, 0}, {IN, 0, 0, 0, 0, 0}, {LOG, 0, 0, 0, 0, 0}, {STDERR_FILENO, 0, 0, 0, 0, 0},
		{0, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, UINT32_MAX, 0}, {OUT, F_SETFL, 0, 0, 0, 0},
		{OUT, SOL_SOCKET, SO_LINGER, 0, 0, 0}, {IN, SOL_SOCKET, SO_RCVTIMEO, 0, 0, 0},
		{LOG, SOL_SOCKET, SO_RCVTIMEO, 0, 0, 0}, {9, 0, 0, 0, 0, 0},
	};
	(void)state;
	build(LOG, STDERR_FILENO);
	for (uint32_t n = 0; n < NUMBERS; n++)
		for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
			struct asked asked = {.number = SYSCALL_BASE + n, .architecture = FILTER_ARCHITECTURE};
			memcpy(asked.argument, some[i], sizeof some[i]);
			check(&asked);
		}
}

/* Tries pairs of values for two arguments of a call. The other arguments have values that are allowed. */
static void check_pairs(uint32_t number, unsigned first, unsigned second, const uint64_t *values, size_t count)
{
	static const uint64_t usual[][6] = {
		{OUT, F_GETFL, 0, 0, 0, 0}, {OUT, SOL_SOCKET, SO_LINGER, 0, 0, 0},
		{0, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0, 0},
	};
	for (size_t u = 0; u < sizeof usual / sizeof usual[0]; u++)
		for (size_t i = 0; i < count * count; i++) {
			struct asked asked = {.number = number, .architecture = FILTER_ARCHITECTURE};
			memcpy(asked.argument, usual[u], sizeof usual[u]);
			asked.argument[first] = values[i / count];
			asked.argument[second] = values[i % count];
			check(&asked);
		}
}

static void test_arguments(void **state)
{
	static const uint64_t descriptors[] = {0, 1, STDERR_FILENO, IN, OUT, LOG, 6, 255, 256 + OUT, UINT32_MAX};
	static const uint64_t addresses[] = {0, OUT, 1, 0x7fff00000000, UINT64_MAX, UINT32_MAX};
	static const uint64_t commands[] = {F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC, F_SETOWN, F_SETSIG, F_SETFD,
	                                    F_GETFD, F_SETLK, F_SETLEASE, F_NOTIFY, OUT, IN};
	static const uint64_t memory[] = {PROT_READ, PROT_WRITE, PROT_EXEC, PROT_READ | PROT_WRITE,
	                                  PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE, MAP_SHARED, MAP_ANONYMOUS,
	                                  MAP_PRIVATE | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS,
	                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED};
	static const uint64_t options[] = {SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP, SO_LINGER, SO_RCVTIMEO,
	                                   SO_SNDTIMEO, SO_RCVBUF, SO_BROADCAST, 0};
	static const uint32_t of_descriptors[] = {SYS_read, SYS_write, SYS_recvfrom, SYS_getsockopt, SYS_sendfile,
	                                          SYS_shutdown, SYS_sendto, SYS_fcntl, SYS_setsockopt};
	(void)state;
	build(LOG, STDERR_FILENO);
	for (size_t i = 0; i < sizeof of_descriptors / sizeof of_descriptors[0]; i++)
		check_pairs(of_descriptors[i], 0, 5, descriptors, sizeof descriptors / sizeof descriptors[0]);
	check_pairs(SYS_pread64, 0, 1, descriptors, sizeof descriptors / sizeof descriptors[0]);
	check_pairs(SYS_sendfile, 0, 1, descriptors, sizeof descriptors / sizeof descriptors[0]);
	check_pairs(SYS_sendto, 4, 0, addresses, sizeof addresses / sizeof addresses[0]);
	check_pairs(SYS_fcntl, 1, 0, commands, sizeof commands / sizeof commands[0]);
	check_pairs(SYS_setsockopt, 1, 2, options, sizeof options / sizeof options[0]);
#ifdef SYS_mmap2
	check_pairs(SYS_mmap2, 2, 3, memory, sizeof memory / sizeof memory[0]);
#endif
#ifdef SYS_mmap
	check_pairs(SYS_mmap, 2, 3, memory, sizeof memory / sizeof memory[0]);
#endif
}

/* In another architecture the same numbers mean other calls. A processor may have two architectures. */
static void test_other_architectures(void **state)
{
	static const uint32_t others[] = {0, UINT32_MAX, FILTER_ARCHITECTURE ^ FILTER_WIDE,
	                                  FILTER_ARCHITECTURE ^ 0x40000000, FILTER_ARCHITECTURE ^ 1};
	(void)state;
	build(LOG, STDERR_FILENO);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		for (uint32_t n = 0; n < NUMBERS; n++) {
			struct asked asked = {.number = SYSCALL_BASE + n, .architecture = others[i], .argument = {OUT}};
			assert_int_equal(answer(&asked), REFUSE);
		}
	for (uint32_t n = 0; n < NUMBERS; n++) { /* the numbers of x32 on amd64, and the reverse */
		struct asked asked = {.number = (SYSCALL_BASE ^ 0x40000000) + n, .architecture = FILTER_ARCHITECTURE,
		                      .argument = {OUT}};
		assert_int_equal(answer(&asked), REFUSE);
	}
}

/* Without a log no descriptor stands for it, and nothing is written to standard error. */
static void test_without_a_log(void **state)
{
	(void)state;
	build(-1, -1);
	struct asked asked = {.number = SYS_write, .architecture = FILTER_ARCHITECTURE, .argument = {LOG}};
	assert_int_equal(answer(&asked), REFUSE);
	asked.argument[0] = STDERR_FILENO;
	assert_int_equal(answer(&asked), REFUSE);
	asked.argument[0] = OUT;
	assert_int_equal(answer(&asked), ALLOW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_call),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_other_architectures),
		cmocka_unit_test(test_without_a_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
static void test_no_filter(void **state)
{
	(void)state;
	leave_out("the filter of calls (this build has none)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_filter)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
