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

#include "system/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/bounds.h"
#include "system/account.h"
#include "system/filter.h"
#include "system/root.h"

#if defined __linux__ && !defined PORTABLE
#include <sys/auxv.h>
#include <sys/prctl.h>

#include "system/syscalls.h"
#elif defined __FreeBSD__ && !defined PORTABLE
#include <sys/capsicum.h>
#endif

#if defined __linux__ && !defined PORTABLE
/*
 * The auxiliary vector has the ids from the start of the process: two system calls fewer, of the 21 of a small request.
 * A process whose real id is 0 can become root again.
 */
bool sandbox_is_root(void)
{
	return getauxval(AT_EUID) == 0 || getauxval(AT_UID) == 0;
}
#else
bool sandbox_is_root(void)
{
	return geteuid() == 0 || getuid() == 0;
}
#endif

#if defined __linux__ && !defined PORTABLE && defined SYS_close_range
static bool close_from(int first)
{
	return syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0;
}
#else
static bool close_from(int first)
{
	(void)first;
	return false;
}
#endif

void sandbox_close_inherited(int first)
{
	if (close_from(first))
		return;
	for (int fd = first; fd < INHERITED_MAX; fd++)
		close(fd);
}

/* Changes the process's root directory to the site's root. False with errno. */
#if defined __linux__ && !defined PORTABLE
static bool chroot_into(int root)
{
	return fchdir(root) == 0 && chroot(".") == 0;
}
#else
/* In a jail, FreeBSD and DragonFly refuse a chroot while any directory is open: so the root is opened again. */
static bool chroot_into(int root)
{
	int fd;
	if (fchdir(root) != 0)
		return false;
	close(root); /* also where it fails, the descriptor is free */
	if (chroot(".") != 0)
		return false;
	errno = root_open(".", &fd);
	return errno == 0 && fd == root; /* the lowest free descriptor, as all below it are in use */
}
#endif

/* Gives up root's rights: changes the root directory, if there is one, the groups and the ids. */
static enum sandbox_result give_up_root(int root, uid_t uid, gid_t gid)
{
	if (root >= 0 && !chroot_into(root))
		return SANDBOX_STILL_ROOT;
	if (setgroups(0, NULL) != 0 || setgid(gid) != 0 || setuid(uid) != 0)
		return SANDBOX_STILL_ROOT;
	if (setuid(0) == 0) { /* the rights were not given up for good */
		errno = EPERM;
		return SANDBOX_STILL_ROOT;
	}
	return root < 0 || access(".", X_OK) == 0 ? SANDBOX_ENTERED : SANDBOX_SHUT;
}

#if defined __linux__ && !defined PORTABLE
/*
 * Gives up the capabilities that an account other than root was started with, such as ambient ones, which would open
 * files that their modes close. capget(2) is asked first, as units may refuse capset(2). False with errno.
 */
static bool give_up_capabilities(void)
{
	struct {
		uint32_t version;
		int process;
	} header = {0x20080522, 0};
	struct {
		uint32_t effective, permitted, inheritable;
	} held[2] = {{0, 0, 0}, {0, 0, 0}}, none[2] = {{0, 0, 0}, {0, 0, 0}};
	if (syscall(SYS_capget, &header, held) != 0)
		return true; /* a kernel without them */
	return (held[0].permitted | held[1].permitted) == 0 || syscall(SYS_capset, &header, none) == 0;
}
#else
static bool give_up_capabilities(void)
{
	return true;
}
#endif

/* Changes to the account that serves, or checks that the process has that account already. */
static enum sandbox_result change_account(const char *user, int root, unsigned *achieved)
{
	uid_t uid = NOBODY_ID;
	gid_t gid = NOBODY_ID;
	bool is_root = sandbox_is_root();
	if (user != NULL && !account_find(user, &uid, &gid))
		return SANDBOX_NO_ACCOUNT;
	if (user != NULL && !is_root && (uid != geteuid() || gid != getegid()))
		return SANDBOX_NOT_ROOT;
	enum sandbox_result result = is_root ? give_up_root(root, uid, gid) : SANDBOX_ENTERED;
	if (result == SANDBOX_ENTERED && !give_up_capabilities())
		return SANDBOX_STILL_ROOT;
	if (result == SANDBOX_ENTERED && is_root)
		*achieved = SANDBOX_ROOT;
	return result;
}

#if defined __linux__ && !defined PORTABLE
/*
 * Structures and constants of Landlock, from linux/landlock.h, which some C libraries do not come with. A ruleset names
 * all rights that a version of Landlock handles. Those that no rule grants are refused.
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
	/*
	 * The newest first: a kernel that does not know a right fails with EINVAL, or with E2BIG if the size is too large.
	 */
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
 * Makes a call of Landlock or seccomp. Both need no_new_privs, which the units set. Where nobody has set it the kernel
 * refuses the call with EPERM or EACCES; then it is set here, and the call made again.
 */
static bool give_up(long call, long a, long b, const void *c)
{
	long result = syscall(call, a, b, c);
	if (result < 0 && (errno == EPERM || errno == EACCES) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		result = syscall(call, a, b, c);
	return result == 0;
}

/* The ruleset stays open, which spares a call: the process never execs. */
static bool confine_files(int root)
{
	struct beneath rule = {READ_FILE | READ_DIR, root};
	int ruleset = create_ruleset();
	if (ruleset < 0 ||
	    (root >= 0 && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0))
		return false;
	return give_up(SYS_landlock_restrict_self, ruleset, 0, NULL);
}

#ifdef FILTER_ARCHITECTURE
static bool confine_calls(const struct sandbox_fds *fds)
{
	enum { SET_MODE_FILTER = 1 }; /* linux/seccomp.h */
	struct filter_instruction code[FILTER_MAX];
	struct filter_program program = {
		(unsigned short)filter_build(code, fds->in, fds->out, fds->log, fds->error), code};
	return give_up(SYS_seccomp, SET_MODE_FILTER, 0, &program);
}

enum { KNOWN_CALLS = SANDBOX_CALLS };
#else
static bool confine_calls(const struct sandbox_fds *fds)
{
	(void)fds;
	return false;
}

enum { KNOWN_CALLS = 0 };
#endif

static unsigned confine(const struct sandbox_fds *fds)
{
	return (confine_files(fds->root) ? SANDBOX_FILES : 0u) | (confine_calls(fds) ? SANDBOX_CALLS : 0u);
}

enum { KNOWN = SANDBOX_FILES | KNOWN_CALLS };
#elif defined __OpenBSD__ && !defined PORTABLE
enum { KNOWN = SANDBOX_FILES | SANDBOX_CALLS };

static unsigned confine(const struct sandbox_fds *fds)
{
	bool one = fds->root >= 0 ? fchdir(fds->root) == 0 && unveil(".", "r") == 0 : unveil("/", "") == 0;
	bool files = one && unveil(NULL, NULL) == 0;
	bool calls = pledge("stdio rpath", NULL) == 0;
	return (files ? SANDBOX_FILES : 0u) | (calls ? SANDBOX_CALLS : 0u);
}
#elif defined __FreeBSD__ && !defined PORTABLE
enum { KNOWN = SANDBOX_FILES | SANDBOX_CALLS };

static unsigned confine(const struct sandbox_fds *fds)
{
	cap_rights_t rights;
	cap_rights_init(&rights, CAP_READ, CAP_PREAD, CAP_LOOKUP, CAP_FSTAT, CAP_FSTATAT, CAP_FSTATFS, CAP_SEEK, CAP_FCNTL);
	bool limited = fds->root < 0 || cap_rights_limit(fds->root, &rights) == 0;
	return limited && cap_enter() == 0 ? KNOWN : 0;
}
#else
enum { KNOWN = 0 };

static unsigned confine(const struct sandbox_fds *fds)
{
	(void)fds;
	return 0;
}
#endif

unsigned sandbox_supported(void)
{
	return KNOWN;
}

enum sandbox_result sandbox_enter(enum sandbox_mode mode, const char *user, const struct sandbox_fds *fds,
	unsigned *achieved)
{
	*achieved = 0;
	enum sandbox_result result = change_account(user, fds->root, achieved);
	if (result != SANDBOX_ENTERED || mode == SANDBOX_OFF)
		return result;
	*achieved |= confine(fds);
	bool missing = (~*achieved & (SANDBOX_FILES | SANDBOX_CALLS)) != 0;
	return mode == SANDBOX_REQUIRE && missing ? SANDBOX_MISSING : SANDBOX_ENTERED;
}
