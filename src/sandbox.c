/* SPDX-License-Identifier: ISC */
#if defined __linux__ && !defined PORTABLE
#define _GNU_SOURCE /* syscall */
#else
#undef _POSIX_C_SOURCE /* a standard hides what the BSDs and macOS have beyond it: chroot, setgroups, pledge, ... */
#undef _XOPEN_SOURCE
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif
#endif

#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "bounds.h"

#if defined __linux__ && !defined PORTABLE
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "syscalls.h"
#elif defined __FreeBSD__ && !defined PORTABLE
#include <sys/capsicum.h>
#endif

#if defined __linux__ && !defined PORTABLE
/* The kernel told at the start who we are. Whose real id is root's can take the rest back. */
static bool is_root(void)
{
	return getauxval(AT_EUID) == 0 || getauxval(AT_UID) == 0;
}
#else
static bool is_root(void)
{
	return geteuid() == 0 || getuid() == 0;
}
#endif

/* Root's rights end here: the root directory becomes everything there is, and the ids those of --user. */
static int give_up_root(const struct site *site, int root)
{
	uid_t uid = NOBODY;
	gid_t gid = NOBODY;
	if (site->user != NULL && !account_find(site->user, &uid, &gid))
		return EINVAL;
	if (fchdir(root) != 0 || chroot(".") != 0 || setgroups(0, NULL) != 0 || setgid(gid) != 0 || setuid(uid) != 0)
		return errno;
	return setuid(0) == 0 ? EPERM : 0; /* what can be taken back was not given up */
}

/*
 * Not for x32 and the ILP32 of arm64, whose numbers of calls and layout of arguments the filter does not know (x32 adds
 * bit 30 to every number), nor for big-endian arm64: a build for those has no sandbox, and says so.
 */
#if defined __linux__ && !defined PORTABLE && !defined __ILP32__ && (defined __x86_64__ || defined __AARCH64EL__)
/*
 * Landlock, from linux/landlock.h, which not every C library's headers come with: all rights to files there are by
 * version, so that what is handled and not granted is refused.
 */
struct ruleset {
	uint64_t files, net, scoped;
};
struct beneath {
	uint64_t allowed;
	int32_t directory;
} __attribute__((packed));

enum { READ_FILE = 1 << 2, READ_DIR = 1 << 3, RULE_PATH_BENEATH = 1 };

static int create_ruleset(void)
{
	/* Newest first: a kernel that does not know a right, or the last words, says so. */
	static const struct {
		struct ruleset ruleset;
		size_t size;
	} versions[] = {
		{{0xffff, 3, 3}, 24}, /* 6: signals and abstract sockets stay inside */
		{{0xffff, 3, 0}, 16}, /* 5: device ioctls */
		{{0x7fff, 3, 0}, 16}, /* 4: TCP */
		{{0x7fff, 0, 0}, 8},  /* 3: truncate */
		{{0x3fff, 0, 0}, 8},  /* 2: moves between directories */
		{{0x1fff, 0, 0}, 8},  /* 1 */
	};
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		long fd = syscall(SYS_landlock_create_ruleset, &versions[i].ruleset, versions[i].size, 0);
		if (fd >= 0 || (errno != EINVAL && errno != E2BIG))
			return (int)fd;
	}
	return -1;
}

/*
 * The kernel takes both layers only from who can gain no privileges by an exec. The units have seen to that; it is done
 * here where nobody has.
 */
static bool give_up(long call, long a, long b, const void *c)
{
	long result = syscall(call, a, b, c);
	if (result < 0 && (errno == EPERM || errno == EACCES) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		result = syscall(call, a, b, c);
	return result == 0;
}

/* The ruleset stays open, which harms nothing: the process neither execs nor lives long. */
static bool confine_files(int root)
{
	struct beneath rule = {READ_FILE | READ_DIR, root};
	int ruleset = create_ruleset();
	return ruleset >= 0 && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0 &&
	       give_up(SYS_landlock_restrict_self, ruleset, 0, NULL);
}

/* Classic BPF and seccomp, from linux/filter.h, linux/seccomp.h and linux/audit.h. */
struct instruction {
	uint16_t code;
	uint8_t yes, no; /* how many instructions to skip */
	uint32_t k;
};
struct program {
	unsigned short length;
	const struct instruction *code;
};

enum {
	LOAD = 0x20, EQUAL = 0x15, RETURN = 0x06,
	DATA_NUMBER = 0, DATA_ARCH = 4, DATA_ARGUMENTS = 16, /* of 8 bytes each, the lower four first */
#if defined __x86_64__
	ARCH = 0x3e,
#else
	ARCH = 0xb7,
#endif
	ARCH_FLAGS = 0xc0, /* 64 bits, little-endian */
	ALLOW = 0x7fff0000, REFUSE = 0x00050000, /* beside the errno */
	SET_MODE_FILTER = 1
};

/* The calls that serving makes, those of every request first. None opens a socket, starts, signals or traces. */
static const uint16_t calls[] = {
	SYS_recvfrom, SYS_clock_gettime, SYS_openat2, SYS_fstat, SYS_newfstatat, SYS_pread64, SYS_write, SYS_exit_group,
	SYS_close,
#ifdef SYS_poll
	SYS_poll,
#endif
	SYS_ppoll, SYS_read, SYS_sendfile, SYS_shutdown, SYS_getsockopt, SYS_openat, SYS_readlinkat, SYS_getdents64,
	SYS_munmap, SYS_getpid, SYS_restart_syscall, SYS_rt_sigaction, SYS_geteuid, SYS_getegid,
};

enum { CALLS = sizeof calls / sizeof calls[0], BEFORE = 5, AFTER = 25 };

/*
 * One instruction for each call, which jumps to the last of the program, that allows it. What the program loads first,
 * an argument, is never used: what is answered without a look at one the kernel works out in advance, for each of its
 * five hundred calls, and that would cost more than all the calls we make.
 */
static bool confine_calls(int connection)
{
	const struct instruction before[BEFORE] = {
		{LOAD, 0, 0, DATA_ARGUMENTS},
		{LOAD, 0, 0, DATA_ARCH},
		{EQUAL, 1, 0, (uint32_t)ARCH | (uint32_t)ARCH_FLAGS << 24},
		{RETURN, 0, 0, REFUSE | EPERM},
		{LOAD, 0, 0, DATA_NUMBER},
	};
	/*
	 * fcntl could make a descriptor signal others, or let the log be written over; sendto could name an address. mmap
	 * is for memory without a file that is never executed, setsockopt for a reset of the connection.
	 */
	const struct instruction after[AFTER] = {
		{EQUAL, 3, 0, SYS_fcntl},
		{EQUAL, 7, 0, SYS_sendto},
		{EQUAL, 10, 0, SYS_mmap},
		{EQUAL, 13, 19, SYS_setsockopt},
		{LOAD, 0, 0, DATA_ARGUMENTS}, /* fcntl */
		{EQUAL, 0, 17, (uint32_t)connection},
		{LOAD, 0, 0, DATA_ARGUMENTS + 8},
		{EQUAL, 16, 0, F_GETFL},
		{EQUAL, 15, 14, F_SETFL},
		{LOAD, 0, 0, DATA_ARGUMENTS + 4 * 8}, /* sendto: where the address is, both halves of NULL */
		{EQUAL, 0, 12, 0},
		{LOAD, 0, 0, DATA_ARGUMENTS + 4 * 8 + 4},
		{EQUAL, 11, 10, 0},
		{LOAD, 0, 0, DATA_ARGUMENTS + 2 * 8}, /* mmap */
		{EQUAL, 0, 8, PROT_READ | PROT_WRITE},
		{LOAD, 0, 0, DATA_ARGUMENTS + 3 * 8},
		{EQUAL, 7, 6, MAP_PRIVATE | MAP_ANONYMOUS},
		{LOAD, 0, 0, DATA_ARGUMENTS}, /* setsockopt */
		{EQUAL, 0, 4, (uint32_t)connection},
		{LOAD, 0, 0, DATA_ARGUMENTS + 8},
		{EQUAL, 0, 2, SOL_SOCKET},
		{LOAD, 0, 0, DATA_ARGUMENTS + 2 * 8},
		{EQUAL, 1, 0, SO_LINGER},
		{RETURN, 0, 0, REFUSE | EPERM},
		{RETURN, 0, 0, ALLOW},
	};
	struct instruction code[BEFORE + CALLS + AFTER];
	memcpy(code, before, sizeof before);
	for (unsigned i = 0; i < CALLS; i++)
		code[BEFORE + i] = (struct instruction){EQUAL, (uint8_t)(CALLS - i + AFTER - 2), 0, calls[i]};
	memcpy(code + BEFORE + CALLS, after, sizeof after);
	struct program program = {BEFORE + CALLS + AFTER, code};
	return give_up(SYS_seccomp, SET_MODE_FILTER, 0, &program);
}

enum { KNOWN = SANDBOX_FILES | SANDBOX_CALLS };

static unsigned confine(int root, int connection)
{
	return (confine_files(root) ? SANDBOX_FILES : 0u) | (confine_calls(connection) ? SANDBOX_CALLS : 0u);
}
#elif defined __OpenBSD__ && !defined PORTABLE
enum { KNOWN = SANDBOX_FILES | SANDBOX_CALLS };

static unsigned confine(int root, int connection)
{
	(void)connection;
	bool files = fchdir(root) == 0 && unveil(".", "r") == 0 && unveil(NULL, NULL) == 0;
	bool calls = pledge("stdio rpath inet", NULL) == 0;
	return (files ? SANDBOX_FILES : 0u) | (calls ? SANDBOX_CALLS : 0u);
}
#elif defined __FreeBSD__ && !defined PORTABLE
enum { KNOWN = SANDBOX_FILES | SANDBOX_CALLS };

static unsigned confine(int root, int connection)
{
	(void)connection;
	cap_rights_t rights;
	cap_rights_init(&rights, CAP_READ, CAP_PREAD, CAP_LOOKUP, CAP_FSTAT, CAP_FSTATAT, CAP_FSTATFS, CAP_SEEK, CAP_FCNTL);
	return cap_rights_limit(root, &rights) == 0 && cap_enter() == 0 ? KNOWN : 0;
}
#else
enum { KNOWN = 0 };

static unsigned confine(int root, int connection)
{
	(void)connection;
	(void)root;
	return 0;
}
#endif

unsigned sandbox_known(void)
{
	return KNOWN;
}

int sandbox_enter(const struct site *site, int root, int connection, unsigned *achieved)
{
	*achieved = 0;
	if (is_root()) {
		int error = give_up_root(site, root);
		if (error != 0)
			return error;
		*achieved = SANDBOX_ROOT;
	}
	if (site->sandbox == SANDBOX_OFF)
		return 0;
	*achieved |= confine(root, connection);
	bool missing = KNOWN == 0 || (KNOWN & ~*achieved) != 0;
	return site->sandbox == SANDBOX_REQUIRE && missing ? ENOTSUP : 0;
}
