/* SPDX-License-Identifier: ISC */
/*
 * The actions of an attacker who has taken over the parser. A child enters the sandbox and then tries one forbidden
 * action, or one that serving needs. Run as root, the tests also show that root is given up for good.
 */
#define _GNU_SOURCE
#include "system/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <signal.h>
#if defined __linux__
#include <sys/prctl.h>

#include "system/syscalls.h"
#endif
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "system/memory.h"
#include "system/root.h"
#include "unit.h"

static char tree[] = "/tmp/httpd-sandbox-XXXXXX";

/* The descriptors that serving has when it enters: the connection, and the log of the action. */
static int connection[2], log_fd;

/*
 * Further descriptors: a log that is a file, a log that is a socket, an inherited pipe, and a socket to send elsewhere.
 */
static int log_file, log_socket[2], inherited[2], datagram;
static struct sockaddr_un victim = {.sun_family = AF_UNIX};

static int deed_send_elsewhere(int root);

static bool open_all(void)
{
	char name[64];
	snprintf(name, sizeof name, "%s/file", tree);
	strcpy(victim.sun_path, "socket");
	if (chdir(tree) != 0) /* its name within the chroot */
		return false;
	log_file = log_fd = open(name, O_RDWR | O_APPEND);
	datagram = socket(AF_UNIX, SOCK_DGRAM, 0);
	int other = socket(AF_UNIX, SOCK_DGRAM, 0);
	return socketpair(AF_UNIX, SOCK_STREAM, 0, connection) == 0 &&
	       socketpair(AF_UNIX, SOCK_STREAM, 0, log_socket) == 0 && pipe(inherited) == 0 &&
	       write(inherited[1], "x", 1) == 1 && log_file >= 0 && datagram >= 0 &&
	       bind(other, (struct sockaddr *)&victim, sizeof victim) == 0 && chmod(victim.sun_path, 0666) == 0;
}

/*
 * Makes a fault visible: root has further groups, and the log of deed_send_elsewhere is a socket that can send
 * anywhere.
 */
static bool prepare(int (*deed)(int root), int *log)
{
	gid_t group = 1;
	*log = deed == deed_send_elsewhere ? datagram : log_fd;
	return geteuid() != 0 || setgroups(1, &group) == 0 || errno == EPERM;
}

/*
 * Runs the deed in a child inside the sandbox. Returns the deed's errno, 0 for success, 255 where the sandbox failed.
 */
static int inside_with(int (*deed)(int root), enum sandbox_mode mode, const char *user, enum sandbox_result expected)
{
	int status;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		unsigned achieved;
		int root, none = root_open(tree, &root);
		if (none != 0 || !open_all())
			_exit(255);
		int log;
		if (!prepare(deed, &log))
			_exit(255);
		struct sandbox_fds fds = {root, connection[0], connection[0], log, STDERR_FILENO};
		if (sandbox_enter(mode, user, &fds, &achieved) != expected)
			_exit(255);
		_exit(deed(root));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	char name[64];
	snprintf(name, sizeof name, "%s/socket", tree);
	unlink(name);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/*
 * The layers that this kernel has and this build knows, without asking the code under test. A kernel of Debian 11 has
 * no Landlock, an emulator has neither layer, and the filter of a container may refuse both.
 */
static unsigned offered(void)
{
	unsigned layers = sandbox_supported();
#if defined __linux__
	enum { WHICH_VERSION = 1, FILTER = 2 };
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, WHICH_VERSION) < 1)
		layers &= ~(unsigned)SANDBOX_FILES;
	/* With seccomp the kernel reads the program at NULL and fails with EFAULT; without it, with another errno. */
	if (prctl(PR_SET_SECCOMP, FILTER, NULL, 0, 0) == 0 || errno != EFAULT)
		layers &= ~(unsigned)SANDBOX_CALLS;
#endif
	return layers;
}

static int inside(int (*deed)(int root), enum sandbox_mode mode)
{
	return inside_with(deed, mode, NULL, SANDBOX_ENTERED);
}

static int verdict(long result)
{
	return result < 0 ? errno : 0;
}

static int deed_exec(int root)
{
	char *argv[] = {"true", NULL};
	(void)root;
	return verdict(execve("/bin/true", argv, argv + 1));
}

static int deed_fork(int root)
{
	(void)root;
	return verdict(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static int deed_socket(int root)
{
	(void)root;
	return verdict(socket(AF_INET, SOCK_STREAM, 0));
}

static int deed_unix_socket(int root)
{
	(void)root;
	return verdict(socket(AF_UNIX, SOCK_DGRAM, 0));
}

static int deed_write_beneath(int root)
{
	return verdict(openat(root, "file", O_WRONLY));
}

static int deed_create_beneath(int root)
{
	return verdict(openat(root, "new", O_WRONLY | O_CREAT, 0600));
}

static int deed_create_tmp(int root)
{
	(void)root;
	return verdict(open("/tmp/httpd-sandbox-escaped", O_WRONLY | O_CREAT, 0600));
}

static int deed_read_outside(int root)
{
	(void)root;
	return verdict(open("/etc/passwd", O_RDONLY));
}

static int deed_unlink(int root)
{
	return verdict(unlinkat(root, "file", 0));
}

static int deed_chmod(int root)
{
	return verdict(fchmodat(root, "file", 0777, 0));
}

static int deed_kill(int root)
{
	(void)root;
	return verdict(kill(getppid(), 0));
}

static int deed_ptrace(int root)
{
	(void)root;
	return verdict(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int deed_mprotect(int root)
{
	(void)root;
	return verdict(mprotect((void *)((uintptr_t)tree & ~(uintptr_t)4095), 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
}

/* Executable memory, anonymous and of a file. */
static int deed_map_code(int root)
{
	(void)root;
	return verdict((long)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int deed_map_file(int root)
{
	return verdict((long)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, openat(root, "file", O_RDONLY), 0));
}

static int deed_become_root(int root)
{
	(void)root;
	return verdict(setuid(0));
}

/* F_SETOWN and F_SETSIG can send any signal to any process when the descriptor becomes ready. */
static int deed_own(int root)
{
	(void)root;
	return verdict(fcntl(connection[0], F_SETOWN, getppid()));
}

static int deed_signal(int root)
{
	(void)root;
	return verdict(fcntl(connection[0], F_SETSIG, SIGKILL));
}

static int deed_duplicate(int root)
{
	(void)root;
	return verdict(fcntl(connection[0], F_DUPFD, 0));
}

/* A log without O_APPEND could be overwritten. */
static int deed_not_append(int root)
{
	(void)root;
	return verdict(fcntl(log_file, F_SETFL, 0));
}

/* Moving the log's offset away from its end. */
static int deed_seek_in_log(int root)
{
	(void)root;
	return verdict(lseek(log_file, 0, SEEK_SET));
}

static int deed_seek_in_stderr(int root)
{
	(void)root;
	return verdict(lseek(STDERR_FILENO, 0, SEEK_CUR));
}

static int deed_truncate_log(int root)
{
	(void)root;
	return verdict(ftruncate(log_file, 0));
}

static int deed_overwrite_log(int root)
{
	(void)root;
	return verdict(pwrite(log_file, "x", 1, 0));
}

static int deed_send_file_to_log(int root)
{
	(void)root;
	return verdict(syscall(SYS_sendfile, log_file, inherited[0], NULL, 1));
}

/* A log may be open for reading as well. What visitors did is no business of a process that was taken over. */
static int deed_read_log_file(int root)
{
	char byte;
	(void)root;
	return verdict(pread(log_file, &byte, 1, 0));
}

static int deed_send_log_to_client(int root)
{
	(void)root;
	return verdict(syscall(SYS_sendfile, connection[0], log_file, NULL, 1));
}

static int deed_read_stderr(int root)
{
	char byte;
	(void)root;
	return verdict(pread(STDERR_FILENO, &byte, 1, 0));
}

static int deed_send_stderr_to_client(int root)
{
	(void)root;
	return verdict(syscall(SYS_sendfile, connection[0], STDERR_FILENO, NULL, 1));
}

/* A log that is a socket may be shared with the handlers of other connections. */
static int deed_shut_log(int root)
{
	(void)root;
	return verdict(shutdown(log_socket[0], SHUT_RDWR));
}

static int deed_read_log_socket(int root)
{
	char byte;
	(void)root;
	return verdict(recv(log_socket[0], &byte, 1, MSG_DONTWAIT));
}

/* The peer of a socket is information. */
static int deed_ask_log_socket(int root)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	(void)root;
	return verdict(getsockopt(log_socket[0], SOL_SOCKET, SO_PEERCRED, &peer, &size));
}

static int deed_write_inherited(int root)
{
	(void)root;
	return verdict(write(inherited[1], "x", 1));
}

static int deed_read_inherited(int root)
{
	char byte;
	(void)root;
	return verdict(read(inherited[0], &byte, 1));
}

static int deed_send_inherited(int root)
{
	(void)root;
	return verdict(send(log_socket[1], "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
}

static int deed_send_elsewhere(int root)
{
	(void)root;
	return verdict(sendto(datagram, "x", 1, 0, (struct sockaddr *)&victim, sizeof victim));
}

static int deed_socket_option(int root)
{
	int size = 1 << 20;
	(void)root;
	return verdict(setsockopt(connection[0], SOL_SOCKET, SO_RCVBUF, &size, sizeof size));
}

static int deed_other_level(int root)
{
	struct linger linger = {1, 0};
	(void)root;
	return verdict(setsockopt(connection[0], IPPROTO_TCP, SO_LINGER, &linger, sizeof linger));
}

/* Without a limit, a client that never reads would hold the process for ever. */
static int deed_send_time(int root)
{
	struct timeval never = {0, 0};
	(void)root;
	return verdict(setsockopt(connection[0], SOL_SOCKET, SO_SNDTIMEO, &never, sizeof never));
}

static int deed_read_time_elsewhere(int root)
{
	struct timeval long_time = {1000, 0};
	(void)root;
	return verdict(setsockopt(datagram, SOL_SOCKET, SO_RCVTIMEO, &long_time, sizeof long_time));
}

static int deed_other_socket_option(int root)
{
	struct linger linger = {1, 0};
	(void)root;
	return verdict(setsockopt(datagram, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
}

/* A listing needs memory, and a reset where it breaks off. */
static int deed_list(int root)
{
	struct linger linger = {1, 0};
	(void)root;
	char *memory = memory_allocate(1 << 20);
	if (memory == NULL)
		return errno;
	memory[4096] = 'x';
	memory_free(memory, 1 << 20);
	return verdict(setsockopt(connection[0], SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
}

static int deed_send(int root)
{
	(void)root;
	int flags = fcntl(connection[0], F_GETFL);
	if (flags < 0 || fcntl(connection[0], F_SETFL, flags | O_NONBLOCK) != 0)
		return errno;
	return verdict(send(connection[0], "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
}

static int deed_wait(int root)
{
	struct timeval time = {15, 0};
	(void)root;
	return verdict(setsockopt(connection[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
}

/* Serving has two outputs: the answer and the log. */
static int deed_write(int root)
{
	(void)root;
	if (write(connection[0], "x", 1) != 1)
		return errno;
	return verdict(write(log_fd, "x", 1)) != 0 ? errno : verdict(shutdown(connection[0], SHUT_WR));
}

static int deed_read(int root)
{
	struct entry entry;
	char byte;
	int error = root_get(root, "file", &entry);
	return error != 0 ? error : verdict(pread(entry.fd, &byte, 1, 0));
}

static int deed_ids(int root)
{
	(void)root;
	uid_t user[3];
	gid_t group[3];
	if (getresuid(&user[0], &user[1], &user[2]) != 0 || getresgid(&group[0], &group[1], &group[2]) != 0)
		return 1;
	for (int i = 0; i < 3; i++) /* real, effective and saved ids */
		if (user[i] == 0 || group[i] == 0)
			return 1;
	return getgroups(0, NULL) != 0 || access("/etc", F_OK) == 0;
}

/* The actions that are refused, and the layers each of which refuses the action alone. */
static const struct {
	const char *name;
	int (*deed)(int root);
	unsigned layers;
} deeds[] = {
	{"execve", deed_exec, SANDBOX_FILES | SANDBOX_CALLS},
	{"fork", deed_fork, SANDBOX_CALLS},
	{"an IP socket", deed_socket, SANDBOX_CALLS},
	{"a local socket", deed_unix_socket, SANDBOX_CALLS},
	{"opening a file beneath the root to write", deed_write_beneath, SANDBOX_FILES},
	{"creating a file beneath the root", deed_create_beneath, SANDBOX_FILES},
	{"creating one elsewhere", deed_create_tmp, SANDBOX_FILES},
	{"reading outside the root", deed_read_outside, SANDBOX_FILES},
	{"unlink", deed_unlink, SANDBOX_FILES | SANDBOX_CALLS},
	{"chmod", deed_chmod, SANDBOX_CALLS},
	{"kill", deed_kill, SANDBOX_CALLS},
	{"ptrace", deed_ptrace, SANDBOX_CALLS},
	{"writable code", deed_mprotect, SANDBOX_CALLS},
	{"setuid", deed_become_root, SANDBOX_CALLS},
	{"F_SETOWN", deed_own, SANDBOX_CALLS},
	{"F_SETSIG", deed_signal, SANDBOX_CALLS},
	{"F_DUPFD", deed_duplicate, SANDBOX_CALLS},
	{"no O_APPEND on the log", deed_not_append, SANDBOX_CALLS},
	{"a datagram to whom one likes", deed_send_elsewhere, SANDBOX_CALLS},
	{"mapped code", deed_map_code, SANDBOX_CALLS},
	{"a mapped file", deed_map_file, SANDBOX_CALLS},
	{"setsockopt", deed_socket_option, SANDBOX_CALLS},
	{"setsockopt of the time to send", deed_send_time, SANDBOX_CALLS},
	{"setsockopt of another socket's time", deed_read_time_elsewhere, SANDBOX_CALLS},
	{"setsockopt of another level", deed_other_level, SANDBOX_CALLS},
	{"setsockopt of another socket", deed_other_socket_option, SANDBOX_CALLS},
	{"lseek on the log", deed_seek_in_log, SANDBOX_CALLS},
	{"lseek on standard error", deed_seek_in_stderr, SANDBOX_CALLS},
	{"ftruncate on the log", deed_truncate_log, SANDBOX_CALLS},
	{"pwrite on the log", deed_overwrite_log, SANDBOX_CALLS},
	{"sendfile to the log", deed_send_file_to_log, SANDBOX_CALLS},
	{"reading the log", deed_read_log_file, SANDBOX_CALLS},
	{"sendfile from the log", deed_send_log_to_client, SANDBOX_CALLS},
	{"reading standard error", deed_read_stderr, SANDBOX_CALLS},
	{"sendfile from standard error", deed_send_stderr_to_client, SANDBOX_CALLS},
	{"shutdown of the log", deed_shut_log, SANDBOX_CALLS},
	{"recv from the log", deed_read_log_socket, SANDBOX_CALLS},
	{"getsockopt on the log", deed_ask_log_socket, SANDBOX_CALLS},
	{"writing to an inherited descriptor", deed_write_inherited, SANDBOX_CALLS},
	{"reading an inherited descriptor", deed_read_inherited, SANDBOX_CALLS},
	{"sending on an inherited socket", deed_send_inherited, SANDBOX_CALLS},
};

/* Tries every action that the layer has to refuse, alone or together with the other layer. */
static void layer_refuses(enum sandbox_layer layer, const char *left_out)
{
	if (sandbox_supported() == 0)
		leave_out("the sandbox's forbidden deeds (this build has no sandbox)");
	if ((offered() & layer) == 0)
		leave_out(left_out);
	for (size_t i = 0; i < ROWS(deeds); i++) {
		if ((deeds[i].layers & layer) == 0)
			continue;
		int error = inside(deeds[i].deed, offered() == sandbox_supported() ? SANDBOX_REQUIRE : SANDBOX_TRY);
		if (error == 255)
			fail_msg("the sandbox could not be entered");
		if (error != EPERM && error != EACCES && error != ENOENT)
			fail_msg("%s: %d (%s)", deeds[i].name, error, error > 0 ? strerror(error) : "signal or success");
	}
}

static void test_files_are_confined(void **state)
{
	(void)state;
	layer_refuses(SANDBOX_FILES, "the sandbox's files (this kernel has no Landlock; Linux 5.13 has it)");
}

static void test_calls_are_confined(void **state)
{
	(void)state;
	layer_refuses(SANDBOX_CALLS, "the sandbox's calls (this kernel has no seccomp)");
}

static void test_what_serving_needs(void **state)
{
	(void)state;
	assert_int_equal(inside(deed_read, SANDBOX_TRY), 0);
	assert_int_equal(inside(deed_read, SANDBOX_OFF), 0);
	assert_int_equal(inside(deed_send, SANDBOX_TRY), 0);
	/* qemu 7's user emulation of 32 bits has no SO_RCVTIMEO with 64-bit times. */
	int wait = inside(deed_wait, SANDBOX_OFF);
	assert_true(wait == 0 || wait == ENOPROTOOPT);
	assert_int_equal(inside(deed_wait, SANDBOX_TRY), wait);
	assert_int_equal(inside(deed_list, SANDBOX_TRY), 0);
	assert_int_equal(inside(deed_write, SANDBOX_TRY), 0);
}

static void test_root_is_given_up_even_without_a_sandbox(void **state)
{
	(void)state;
	if (geteuid() != 0)
		leave_out("giving up root (the tests do not run as root)");
	assert_int_equal(inside(deed_ids, SANDBOX_OFF), 0);
}

static int deed_nothing(int root)
{
	(void)root;
	return 0;
}

/* The account of --user has to exist, and becomes the account of the process. */
static void test_the_account_is_the_one_that_was_named(void **state)
{
	char own[64];
	(void)state;
	assert_int_equal(inside_with(deed_nothing, SANDBOX_OFF, "no-such-account", SANDBOX_NO_ACCOUNT), 0);
	if (geteuid() == 0) {
		assert_int_equal(inside_with(deed_ids, SANDBOX_OFF, "1234:1", SANDBOX_ENTERED), 0);
		return;
	}
	assert_int_equal(inside_with(deed_nothing, SANDBOX_OFF, "1234:1", SANDBOX_NOT_ROOT), 0);
	snprintf(own, sizeof own, "%u:%u", (unsigned)geteuid(), (unsigned)getegid());
	assert_int_equal(inside_with(deed_nothing, SANDBOX_OFF, own, SANDBOX_ENTERED), 0);
}

/* Without search permission for ROOT, each answer would be 403. So entering fails. */
static void test_a_root_that_is_shut_is_told_apart(void **state)
{
	(void)state;
	if (geteuid() != 0)
		leave_out("a root directory that is shut (the tests do not run as root)");
	assert_int_equal(chmod(tree, 0700), 0);
	int error = inside_with(deed_nothing, SANDBOX_OFF, NULL, SANDBOX_SHUT);
	assert_int_equal(chmod(tree, 0755), 0);
	assert_int_equal(error, 0);
}

/* Inherited descriptors are closed from the given number on; lower ones stay open. */
static void test_inherited_descriptors_are_closed(void **state)
{
	(void)state;
	pid_t pid = fork();
	if (pid == 0) {
		int low = fcntl(0, F_DUPFD, 50), first = fcntl(0, F_DUPFD, low + 1), high = fcntl(0, F_DUPFD, 200);
		sandbox_close_inherited(first);
		_exit(low < 0 || first < 0 || high < 0 || fcntl(low, F_GETFD) < 0 || fcntl(first, F_GETFD) >= 0 ||
		      fcntl(high, F_GETFD) >= 0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* A process without a root opens no file, not even those of the site. */
static void test_without_a_root_nothing_opens(void **state)
{
	(void)state;
	int status;
	unsigned wanted = offered() & SANDBOX_FILES;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		unsigned achieved;
		struct sandbox_fds fds = {-1, STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, STDERR_FILENO};
		if (sandbox_enter(SANDBOX_TRY, NULL, &fds, &achieved) != SANDBOX_ENTERED)
			_exit(255);
		bool open = openat(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY) >= 0;
		_exit((achieved & SANDBOX_FILES) != wanted || open == (wanted != 0));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_require_is_met_or_refused(void **state)
{
	(void)state;
	int error = inside(deed_read, SANDBOX_REQUIRE);
	assert_int_equal(error, sandbox_supported() != 0 && offered() == sandbox_supported() ? 0 : 255);
}

#if defined __linux__
/* Makes the kernel lack that call, for this process. */
static bool forget_call(uint32_t number)
{
	const struct {
		uint16_t code;
		uint8_t yes, no;
		uint32_t k;
	} code[] = {{0x20, 0, 0, 0}, {0x15, 0, 1, number}, {0x06, 0, 0, 0x00050000 | ENOSYS}, {0x06, 0, 0, 0x7fff0000}};
	struct {
		unsigned short length;
		const void *code;
	} program = {sizeof code / sizeof code[0], code};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, 2, &program, 0, 0) == 0;
}

/* Enters the sandbox in that mode without that call: the result, plus 16 times the layers that hold. */
static int enters_without(uint32_t number, enum sandbox_mode mode)
{
	int status, root;
	assert_int_equal(root_open(tree, &root), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		unsigned achieved = 0;
		struct sandbox_fds fds = {root, STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, STDERR_FILENO};
		if (!forget_call(number))
			_exit(255);
		int result = (int)sandbox_enter(mode, NULL, &fds, &achieved);
		_exit(result + 16 * (int)(achieved & (SANDBOX_FILES | SANDBOX_CALLS)));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(root);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --sandbox=require fails if either layer is missing. */
static void test_half_a_sandbox_is_not_enough(void **state)
{
	static const struct {
		uint32_t lacking;
		int layers;
	} rows[] = {{SYS_landlock_create_ruleset, SANDBOX_CALLS}, {SYS_seccomp, SANDBOX_FILES}};
	(void)state;
	if (sandbox_supported() == 0 || offered() != sandbox_supported())
		leave_out("half a sandbox (this kernel or this build has not both halves)");
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_int_equal(enters_without(rows[i].lacking, SANDBOX_TRY), SANDBOX_ENTERED + 16 * rows[i].layers);
		assert_int_equal(enters_without(rows[i].lacking, SANDBOX_REQUIRE), SANDBOX_MISSING + 16 * rows[i].layers);
	}
}
#endif

static int setup(void **state)
{
	(void)state;
	char name[64];
	if (mkdtemp(tree) == NULL || chmod(tree, 0755) != 0)
		return -1;
	snprintf(name, sizeof name, "%s/file", tree);
	FILE *file = fopen(name, "w");
	return file == NULL || fputs("content", file) < 0 || fclose(file) != 0 || chmod(name, 0666) != 0;
}

static int teardown(void **state)
{
	(void)state;
	char name[64];
	snprintf(name, sizeof name, "%s/file", tree);
	unlink(name);
	return rmdir(tree);
}

int main(void)
{
#if defined SANITIZED
	print_message("left out: the sandbox in a sanitized build (it refuses the sanitizer's own calls)\n");
	const struct CMUnitTest alone[] = {cmocka_unit_test(test_root_is_given_up_even_without_a_sandbox)};
	return cmocka_run_group_tests(alone, setup, teardown);
#endif
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_are_confined),
		cmocka_unit_test(test_calls_are_confined),
		cmocka_unit_test(test_what_serving_needs),
		cmocka_unit_test(test_root_is_given_up_even_without_a_sandbox),
		cmocka_unit_test(test_the_account_is_the_one_that_was_named),
		cmocka_unit_test(test_a_root_that_is_shut_is_told_apart),
		cmocka_unit_test(test_inherited_descriptors_are_closed),
		cmocka_unit_test(test_without_a_root_nothing_opens),
		cmocka_unit_test(test_require_is_met_or_refused),
#if defined __linux__
		cmocka_unit_test(test_half_a_sandbox_is_not_enough),
#endif
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
