/* SPDX-License-Identifier: ISC */
/* root: all ways to open a name, openat2 and the walk, against each other and against a reference implementation. */
#if defined __linux__
#define _GNU_SOURCE /* O_PATH */
#endif

#include "tree.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/bounds.h"
#include "base/status.h"
#include "system/list.h"
#include "system/root.h"

/* The other implementation under other names, so that a program on Linux has both. */
#define root_open other_open
#define root_get other_get
#define root_get_again other_get_again
#define root_lacks other_lacks
#define root_unchanged other_unchanged
#define root_readlink other_link
#define root_readlinkat other_read_link
#define root_stat other_look
#define root_close other_close
#define root_stale other_stale
#define list_open other_list_open
#define list_next other_list_next
#define list_close other_list_close
#define list_each other_each
#ifdef PORTABLE
#define OPENAT2_WAY other_get
#undef PORTABLE
#include "system/list.c"
#include "system/root.c"
#define PORTABLE
#else
#define OPENAT2_WAY root_get
#define PORTABLE
#include "system/list.c"
#include "system/root.c"
#undef PORTABLE
#endif
#undef root_open
#undef root_get
#undef root_get_again
#undef root_lacks
#undef root_unchanged
#undef root_readlink
#undef root_readlinkat
#undef root_stat
#undef root_close
#undef root_stale
#undef list_open
#undef list_next
#undef list_close
#undef list_each

#if defined __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "system/syscalls.h"
#endif

typedef int getter(int root, const char *path, struct entry *out);

/* root_get and other_get look at the kind of a name before they open it. */
static getter *const ways[] = {root_get, other_get, root_get_again, other_get_again};

/* Makes "root", which is served, and "outside" beside it. Returns a descriptor of "root". */
static int served(const struct tree *tree)
{
	char path[1100];
	int root;
	tree_dir(tree->fd, "root");
	tree_dir(tree->fd, "outside");
	tree_file(tree->fd, "outside/secret", "secret");
	snprintf(path, sizeof path, "%s/root", tree->path);
	assert_int_equal(root_open(path, &root), 0);
	return root;
}

static bool same_file(int fd, const struct stat *want)
{
	struct stat got;
	assert_int_equal(fstat(fd, &got), 0);
	return got.st_dev == want->st_dev && got.st_ino == want->st_ino;
}

/*
 * The answer of one way, repeated while it is EAGAIN: openat2 gives that for a name with ".." while any process renames
 * any file of the system.
 */
static int get(getter *way, int root, const char *path, struct entry *entry)
{
	int error = EAGAIN;
	for (int i = 0; i < 1000 && error == EAGAIN; i++)
		error = way(root, path, entry);
	return error;
}

/* Fails unless all ways fail with that errno and leave no descriptor open. */
static void refuses(int root, const char *path, int error)
{
	for (size_t i = 0; i < ROWS(ways); i++) {
		struct entry entry = {.fd = 12345};
		int before = descriptors(), got = get(ways[i], root, path, &entry);
		if (got != error)
			fail_msg("%.60s: way %zu says %s, not %s", path, i, strerror(got), strerror(error));
		assert_int_equal(entry.fd, -1);
		root_close(&entry);
		assert_int_equal(descriptors(), before);
	}
}

static char chunk[NAMES_CHUNK]; /* names that are read */

static bool go_on(void *context, const char *name, enum list_kind kind)
{
	(void)context;
	(void)kind;
	return name[0] != '\0';
}

/* Fails unless all ways open the file that `real` names, a name without links, and open nothing else. */
static void opens(int root, const char *path, const char *real)
{
	for (size_t i = 0; i < ROWS(ways); i++) {
		struct entry entry;
		struct stat want;
		assert_int_equal(fstatat(root, real[0] ? real : ".", &want, AT_SYMLINK_NOFOLLOW), 0);
		int before = descriptors(), got = get(ways[i], root, path, &entry);
		if (got != 0)
			fail_msg("%.60s: way %zu says %s", path, i, strerror(got));
		if (!same_file(entry.fd, &want))
			fail_msg("%.60s: way %zu opened something other than %.60s", path, i, real);
		assert_int_equal(entry.directory, S_ISDIR(want.st_mode));
		if ((entry.directory ? list_each(entry.fd, chunk, sizeof chunk, go_on, NULL) : read(entry.fd, NULL, 0)) != 0)
			fail_msg("%.60s: way %zu opened it, but not for reading", path, i);
		assert_true(fcntl(entry.fd, F_GETFD) & FD_CLOEXEC);
		assert_int_equal(descriptors(), before + 1);
		root_close(&entry);
		assert_int_equal(descriptors(), before);
	}
}

static void test_root_open_opens_directories_only(void **state)
{
	const struct tree *tree = *state;
	struct stat want;
	char path[1100];
	int root = -2;
	assert_int_equal(stat(tree->path, &want), 0);
	assert_int_equal(root_open(tree->path, &root), 0);
	assert_true(same_file(root, &want));
	assert_true(fcntl(root, F_GETFD) & FD_CLOEXEC);
	close(root);
	tree_file(tree->fd, "file", "");
	tree_link(tree->fd, "link", ".");
	int before = descriptors();
	snprintf(path, sizeof path, "%s/file", tree->path);
	assert_int_equal(root_open(path, &root), ENOTDIR);
	snprintf(path, sizeof path, "%s/missing", tree->path);
	assert_int_equal(root_open(path, &root), ENOENT);
	assert_int_equal(root_open("", &root), ENOENT);
	assert_int_equal(descriptors(), before);
	snprintf(path, sizeof path, "%s/link", tree->path);
	assert_int_equal(root_open(path, &root), 0);
	assert_true(same_file(root, &want));
	close(root);
}

static void test_files_and_directories(void **state)
{
	int root = served(*state);
	tree_file(root, "file", "hello");
	tree_dir(root, "dir");
	tree_dir(root, "dir/sub");
	tree_file(root, "dir/sub/deep", "");
	tree_file(root, "dir/... ", "");
	opens(root, "file", "file");
	opens(root, "dir", "dir");
	opens(root, "dir/", "dir");
	opens(root, "dir/sub", "dir/sub");
	opens(root, "dir/sub/deep", "dir/sub/deep");
	opens(root, "dir/... ", "dir/... ");
	opens(root, "dir//sub///deep", "dir/sub/deep");
	opens(root, "./dir/././sub/.", "dir/sub");
	refuses(root, "missing", ENOENT);
	refuses(root, "dir/missing", ENOENT);
	refuses(root, "missing/file", ENOENT);
	refuses(root, "file/", ENOTDIR);
	refuses(root, "file/.", ENOTDIR);
	refuses(root, "file/..", ENOTDIR);
	refuses(root, "file/file", ENOTDIR);
	close(root);
}

static void test_no_name_is_the_root_itself(void **state)
{
	int root = served(*state);
	opens(root, "", "");
	opens(root, ".", "");
	opens(root, "./", "");
	close(root);
}

/* The root is the directory that was opened, even after it was renamed. */
static void test_a_renamed_root_stays_the_root(void **state)
{
	const struct tree *tree = *state;
	int root = served(tree);
	tree_file(root, "file", "");
	assert_int_equal(renameat(tree->fd, "root", tree->fd, "outside/root"), 0);
	opens(root, "file", "file");
	opens(root, "", "");
	refuses(root, "../secret", EXDEV);
	close(root);
}

static void test_nothing_above_the_root(void **state)
{
	int root = served(*state);
	tree_dir(root, "dir");
	tree_file(root, "file", "");
	opens(root, "dir/..", "");
	opens(root, "dir/../file", "file");
	refuses(root, "..", EXDEV);
	refuses(root, "../", EXDEV);
	refuses(root, "./..", EXDEV);
	refuses(root, "dir/../..", EXDEV);
	refuses(root, "../outside/secret", EXDEV);
	refuses(root, "dir/../../outside/secret", EXDEV);
	refuses(root, "../root/file", EXDEV);
	refuses(root, "dir/../../root/dir", EXDEV);
	close(root);
}

static void links_tree(int root)
{
	static const char links[][2][24] = {
		{"file", "../file"},         {"dir", "../dir"},           {"inner", "../dir/inner"},
		{"again", "file"},           {"dot", "./../././file"},    {"back", "../dir/../file"},
		{"slashes", "..///dir//inner"}, {"dir-slash", "../dir/"}, {"file-slash", "../file/"},
		{"file-slash-2", "file/"},   {"here", "."},               {"top", ".."},
		{"dots", "../dir/sub/../.."}, {"sub", "../dir/sub"},      {"through-file", "../file/x"},
		{"file-dot", "../file/."},   {"dangling", "nowhere"},     {"past", "dangling/x"},
		{"above", "../.."},          {"out", "../../outside"},    {"secret", "../../outside/secret"},
		{"return", "../../root/file"}, {"return-dir", "../../root/dir"}, {"far", "../../../../.."},
		{"loop", "loop"},            {"ping", "pong"},            {"pong", "ping"},
		{"loop-up", "../l/loop-up"}, {"loop-in", "loop-in/x"},
	};
	tree_file(root, "file", "");
	tree_dir(root, "dir");
	tree_file(root, "dir/inner", "");
	tree_dir(root, "dir/sub");
	tree_file(root, "dir/sub/deep", "");
	tree_dir(root, "l");
	for (size_t i = 0; i < ROWS(links); i++) {
		char name[64];
		snprintf(name, sizeof name, "l/%.23s", links[i][0]);
		tree_link(root, name, links[i][1]);
	}
}

static void test_symlinks_that_stay_are_followed(void **state)
{
	static const char cases[][2][32] = {
		{"l/file", "file"},         {"l/dir", "dir"},           {"l/inner", "dir/inner"},
		{"l/again", "file"},        {"l/dot", "file"},          {"l/back", "file"},
		{"l/slashes", "dir/inner"}, {"l/dir-slash", "dir"},     {"l/here", "l"},
		{"l/top", ""},              {"l/dots", ""},             {"l/dir/inner", "dir/inner"},
		{"l/dir/sub/deep", "dir/sub/deep"}, {"l/dir/", "dir"},  {"l/dir-slash/inner", "dir/inner"},
		{"l/top/dir/inner", "dir/inner"}, {"l/top/l/top/file", "file"}, {"l/here/here/file", "file"},
		{"l/sub/..", "dir"},        {"l/sub/../inner", "dir/inner"}, {"l/dir/../file", "file"},
		{"l/../l/file", "file"},    {"l/dots/file", "file"},    {"l/dir/.", "dir"},
		{"l//dir//sub/", "dir/sub"},
	};
	int root = served(*state);
	links_tree(root);
	for (size_t i = 0; i < ROWS(cases); i++)
		opens(root, cases[i][0], cases[i][1]);
	close(root);
}

static void test_symlinks_that_leave_are_not_there(void **state)
{
	const struct tree *tree = *state;
	static const char absolute[][24] = {"/outside/secret", "/root/file", "/root", "/root/", ""};
	static const char cases[][24] = {
		"l/above", "l/out", "l/out/secret", "l/secret", "l/return", "l/return-dir", "l/return-dir/inner", "l/far",
		"l/above/root", "l/top/..", "l/dots/..", "l/sub/../../..", "l/top/l/secret",
	};
	int root = served(tree);
	links_tree(root);
	tree_link(root, "slash", "/");
	for (size_t i = 0; i < ROWS(cases); i++)
		refuses(root, cases[i], EXDEV);
	for (size_t i = 0; i < ROWS(absolute); i++) {
		char name[16], text[1100];
		snprintf(text, sizeof text, "%.1023s%.23s", tree->path, absolute[i]);
		snprintf(name, sizeof name, "absolute%zu", i);
		tree_link(root, name, text);
		refuses(root, name, EXDEV);
		snprintf(name, sizeof name, "to%zu", i);
		snprintf(text, sizeof text, "absolute%zu", i);
		tree_link(root, name, text);
		refuses(root, name, EXDEV);
	}
	refuses(root, "slash", EXDEV);
	refuses(root, "slash/", EXDEV);
	close(root);
}

static void test_symlinks_to_nothing(void **state)
{
	int root = served(*state);
	links_tree(root);
	refuses(root, "l/dangling", ENOENT);
	refuses(root, "l/dangling/x", ENOENT);
	refuses(root, "l/dangling/..", ENOENT);
	refuses(root, "l/past", ENOENT);
	refuses(root, "l/through-file", ENOTDIR);
	refuses(root, "l/file/", ENOTDIR);
	refuses(root, "l/file/x", ENOTDIR);
	refuses(root, "l/file-dot", ENOTDIR);
	refuses(root, "l/loop", ELOOP);
	refuses(root, "l/loop/x", ELOOP);
	refuses(root, "l/ping", ELOOP);
	refuses(root, "l/pong/file", ELOOP);
	refuses(root, "l/loop-up", ELOOP);
	refuses(root, "l/loop-in", ELOOP);
	close(root);
}

static void test_a_slash_in_a_link_asks_for_a_directory(void **state)
{
	int root = served(*state);
	links_tree(root);
	refuses(root, "l/file-slash", ENOTDIR);
	refuses(root, "l/file-slash-2", ENOTDIR);
	refuses(root, "l/file-slash/", ENOTDIR);
	opens(root, "l/dir-slash", "dir");
	close(root);
}

static void test_forty_symlinks_but_not_one_more(void **state)
{
	int root = served(*state);
	tree_file(root, "0", "");
	tree_dir(root, "dir");
	tree_file(root, "dir/file", "");
	for (int i = 1; i <= SYMLINKS_MAX + 1; i++) {
		char name[16], text[16];
		snprintf(name, sizeof name, "%d", i);
		snprintf(text, sizeof text, "%d", i - 1);
		tree_link(root, name, text);
	}
	tree_link(root, "self", "."); /* the name may follow any number of links */
	opens(root, "39", "0");
	opens(root, "40", "0");
	refuses(root, "41", ELOOP);
	opens(root, "self/39", "0");
	refuses(root, "self/40", ELOOP);
	char path[8 * SYMLINKS_MAX] = "";
	for (int i = 0; i < SYMLINKS_MAX; i++)
		strcat(path, "self/");
	size_t n = strlen(path);
	strcpy(path + n, "dir/file");
	opens(root, path, "dir/file");
	strcpy(path + n, "self/dir/file");
	refuses(root, path, ELOOP);
	strcpy(path + n - strlen("self/"), "dir/../dir/../self/self/0"); /* ".." does not reset the number of links */
	refuses(root, path, ELOOP);
	strcpy(path + n - strlen("self/"), "self/dir/../dir/../0"); /* a link that was followed is not counted again */
	opens(root, path, "0");
	close(root);
}

static void test_facts_are_those_of_the_file(void **state)
{
	static const struct {
		mode_t mode;
		bool readable;
	} modes[] = {{0644, true}, {0640, false}, {0604, true}, {0400, false}, {0404, true}, {0773, false}, {0777, true}};
	int root = served(*state);
	tree_file(root, "file", "twelve bytes");
	tree_dir(root, "dir");
	for (size_t i = 0; i < ROWS(modes) * ROWS(ways) * 2; i++) {
		struct entry entry;
		size_t m = i / 2 / ROWS(ways);
		const char *name = i % 2 ? "file" : "dir";
		struct timespec times[2] = {{1, 1}, {(time_t)1234567890 + (time_t)i, 987654321 - (long)i}};
		assert_int_equal(fchmodat(root, name, modes[m].mode, 0), 0);
		assert_int_equal(utimensat(root, name, times, 0), 0);
		int error = ways[i / 2 % ROWS(ways)](root, name, &entry);
		/* Root may open a directory of any mode, another account only one with permission to search. */
		if (i % 2 == 0 && faccessat(root, name, X_OK, 0) != 0) {
			assert_int_equal(error, EACCES);
			continue;
		}
		assert_int_equal(error, 0);
		assert_int_equal(entry.readable, modes[m].readable);
		assert_int_equal(entry.directory, i % 2 == 0);
		assert_int_equal(entry.seconds, 1234567890 + i);
		assert_int_equal(entry.nanoseconds, 987654321 - i);
		struct stat st;
		assert_int_equal(fstatat(root, name, &st, 0), 0);
		assert_true(entry.inode == st.st_ino && entry.changed.seconds == st.st_ctim.tv_sec);
		assert_true(entry.changed.nanoseconds == st.st_ctim.tv_nsec);
		if (i % 2)
			assert_int_equal(entry.size, 12);
		root_close(&entry);
	}
	close(root);
}

/* Sizes and times of more than 32 bits. */
static void test_facts_are_not_cut(void **state)
{
	int root = served(*state);
	struct timespec times[2] = {{0, 0}, {(time_t)-1000, 1}};
	tree_file(root, "file", "");
	tree_file(root, "empty", "");
	int fd = openat(root, "file", O_WRONLY | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, (off_t)5 << 32 | 7), 0);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
	for (size_t i = 0; i < ROWS(ways); i++) {
		struct entry entry;
		assert_int_equal(ways[i](root, "file", &entry), 0);
		assert_true(entry.size == (UINT64_C(5) << 32 | 7));
		assert_true(entry.seconds == -1000);
		assert_int_equal(entry.nanoseconds, 1);
		root_close(&entry);
		assert_int_equal(ways[i](root, "empty", &entry), 0);
		assert_true(entry.size == 0);
		root_close(&entry);
	}
	close(root);
}

static void test_what_is_opened_is_for_reading_and_not_inherited(void **state)
{
	int root = served(*state);
	tree_file(root, "file", "hello");
	tree_dir(root, "dir");
	for (size_t i = 0; i < ROWS(ways); i++) {
		struct entry entry;
		char room[8];
		assert_int_equal(ways[i](root, "dir", &entry), 0);
		assert_true(fcntl(entry.fd, F_GETFD) & FD_CLOEXEC);
		root_close(&entry);
		assert_int_equal(ways[i](root, "file", &entry), 0);
		assert_true(fcntl(entry.fd, F_GETFD) & FD_CLOEXEC);
		assert_int_equal(fcntl(entry.fd, F_GETFL) & O_ACCMODE, O_RDONLY);
		assert_int_equal(read(entry.fd, room, sizeof room), 5);
		assert_memory_equal(room, "hello", 5);
		root_close(&entry);
	}
	close(root);
}

/* Nobody writes to the FIFO: an open() without O_NONBLOCK would wait for a writer. */
static void test_fifos_are_not_there_and_hold_nobody_up(void **state)
{
	int root = served(*state);
	assert_int_equal(mkfifoat(root, "fifo", 0644), 0);
	tree_link(root, "link", "fifo");
	alarm(60 * (unsigned)pace());
	int64_t begun = milliseconds();
	refuses(root, "fifo", ENOENT);
	refuses(root, "link", ENOENT);
	refuses(root, "fifo/", ENOTDIR);
	assert_true(milliseconds() - begun < 1000);
	alarm(0);
	close(root);
}

static void test_nobody_who_waits_at_a_fifo_is_woken(void **state)
{
	static int (*const looks[])(int, const char *, int, struct entry *) = {root_stat, other_look};
	struct entry entry;
	int root = served(*state);
	assert_int_equal(mkfifoat(root, "fifo", 0644), 0);
	tree_link(root, "link", "fifo");
	pid_t writer = fork();
	if (writer == 0) {
		signal(SIGPIPE, SIG_IGN);
		alarm(60 * (unsigned)pace());
		int fd = openat(root, "fifo", O_WRONLY | O_CLOEXEC);
		_exit(write(fd, "x", 1) == 1 ? 0 : errno);
	}
	rest(50 * pace()); /* until the writer waits in open(); too short a time would only weaken the test */
	for (size_t i = 0; i < ROWS(looks); i++) {
		assert_int_equal(ways[i](root, "fifo", &entry), ENOENT);
		assert_int_equal(ways[i](root, "link", &entry), ENOENT);
		assert_int_equal(looks[i](root, "fifo", root, &entry), ENOENT);
		assert_int_equal(looks[i](root, "link", root, &entry), ENOENT);
	}
	rest(50 * pace()); /* if it was woken, it writes now */
	int fd = openat(root, "fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_int_equal(reap(writer), 0); /* EPIPE if it was woken */
	close(fd);
	close(root);
}

#if defined F_SETLEASE
static void test_a_look_breaks_no_lease(void **state)
{
	static int (*const looks[])(int, const char *, int, struct entry *) = {root_stat, other_look};
	struct entry entry;
	int root = served(*state);
	tree_file(root, "file", "12345");
	tree_link(root, "link", "file");
	int fd = openat(root, "file", O_RDWR | O_CLOEXEC);
	signal(SIGIO, SIG_IGN); /* the signal by which the kernel asks the lease back */
	if (fcntl(fd, F_SETLEASE, F_WRLCK) != 0)
		leave_out("leases (this file system has none)");
	for (size_t i = 0; i < 2 * ROWS(looks); i++) {
		assert_int_equal(looks[i / 2](root, i % 2 ? "link" : "file", root, &entry), 0);
		assert_true(entry.size == 5 && entry.readable && !entry.directory && entry.fd == -1);
		assert_int_equal(fcntl(fd, F_GETLEASE), F_WRLCK);
	}
	assert_int_equal(root_get(root, "file", &entry), EAGAIN); /* opening breaks the lease, looking does not */
	close(fd);
	close(root);
}
#endif

/* Looking gives the same result as root_get, which opens the file, for every name. */
static void test_a_look_sees_what_get_opens(void **state)
{
	static int (*const looks[])(int, const char *, int, struct entry *) = {root_stat, other_look};
	static const char names[][24] = {
		"file", "dir", "inner", "again", "back", "file-slash", "here", "top", "dangling", "above", "out", "secret",
		"return", "loop", "ping", "loop-in", "missing",
	};
	int root = served(*state), at;
	links_tree(root);
	assert_int_equal(fchmodat(root, "dir/inner", 0640, 0), 0);
	at = openat(root, "l", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < ROWS(names) * ROWS(looks); i++) {
		struct entry looked = {.fd = 1}, got;
		char path[64];
		snprintf(path, sizeof path, "l/%.23s", names[i / ROWS(looks)]);
		int before = descriptors(), error = looks[i % ROWS(looks)](root, path, at, &looked);
		assert_int_equal(descriptors(), before);
		int wanted = get(root_get, root, path, &got);
		root_close(&got);
		if (error != wanted)
			fail_msg("%s: %s, not %s", path, strerror(error), strerror(wanted));
		if (error != 0)
			continue;
		assert_int_equal(looked.fd, -1);
		assert_int_equal(looked.directory, got.directory);
		assert_int_equal(looked.readable, got.readable);
		assert_true(looked.size == got.size && looked.seconds == got.seconds);
		assert_int_equal(looked.nanoseconds, got.nanoseconds);
	}
	close(at);
	close(root);
}

static void test_lacks_is_said_of_nothing_that_is_there(void **state)
{
	static bool (*const lacks[])(int, const char *) = {root_lacks, other_lacks};
	int root = served(*state);
	tree_dir(root, "dir");
	tree_file(root, "dir/file", "");
	tree_link(root, "dir/dangling", "nowhere");
	for (size_t i = 0; i < ROWS(lacks); i++) {
		int before = descriptors();
		assert_true(lacks[i](root, "dir/missing"));
		assert_false(lacks[i](root, "dir/file"));
		assert_false(lacks[i](root, "dir/dangling"));
		assert_false(lacks[i](root, "dir/file/below")); /* root_get finds the ENOTDIR */
		assert_int_equal(descriptors(), before);
	}
	close(root);
}

static bool (*const unchanged[])(int, const char *, struct entry *) = {root_unchanged, other_unchanged};

/* Whether both ways find the file of *entry unchanged. Fails where one that finds a change writes to *entry. */
static bool still(int root, const char *path, const struct entry *entry)
{
	bool same = false;
	for (size_t i = 0; i < ROWS(unchanged); i++) {
		struct entry now = *entry;
		bool answer = unchanged[i](root, path, &now);
		assert_true(i == 0 || answer == same);
		assert_int_equal(now.fd, entry->fd);
		assert_true(answer || (now.size == entry->size && now.inode == entry->inode &&
		                       now.changed.seconds == entry->changed.seconds));
		same = answer;
	}
	return same;
}

static void test_unchanged_is_said_of_the_same_file_only(void **state)
{
	int root = served(*state);
	struct entry entry;
	tree_dir(root, "dir");
	tree_file(root, "file", "text");
	tree_file(root, "other", "text");
	tree_link(root, "link", "file");
	assert_int_equal(root_get(root, "file", &entry), 0);
	int before = descriptors();
	assert_true(still(root, "file", &entry));
	assert_false(still(root, "link", &entry));
	assert_false(still(root, "other", &entry));
	assert_false(still(root, "dir", &entry));
	assert_false(still(root, "", &entry));
	assert_false(still(root, "missing", &entry));
	assert_false(still(root, "file/x", &entry));
	assert_int_equal(renameat(root, "other", root, "file"), 0);
	assert_false(still(root, "file", &entry));
	assert_int_equal(unlinkat(root, "file", 0), 0);
	assert_false(still(root, "file", &entry));
	assert_int_equal(descriptors(), before);
	root_close(&entry);
	close(root);
}

/* A directory moves out of the root, and a symlink to it takes its place: the same file has the same path. */
static void test_unchanged_follows_no_directory_out_of_the_root(void **state)
{
	int root = served(*state), moved = openat(root, "..", O_RDONLY | O_DIRECTORY);
	struct entry entry;
	tree_dir(root, "dir");
	tree_file(root, "dir/file", "text");
	assert_int_equal(root_get(root, "dir/file", &entry), 0);
	assert_int_equal(renameat(root, "dir", moved, "moved"), 0);
	tree_link(root, "dir", "../moved");
	assert_false(still(root, "dir/file", &entry));
	root_close(&entry);
	close(moved);
	close(root);
}

/* A change of a file moves its st_ctim, but two changes within one tick of the kernel's clock have the same. */
static void test_unchanged_sees_a_new_mode_and_new_content(void **state)
{
	int root = served(*state);
	struct entry entry;
	tree_file(root, "file", "text");
	rest(50);
	assert_int_equal(root_get(root, "file", &entry), 0);
	assert_true(still(root, "file", &entry));
	assert_int_equal(fchmodat(root, "file", 0600, 0), 0);
	assert_false(still(root, "file", &entry));
	root_close(&entry);
	assert_int_equal(root_get(root, "file", &entry), 0);
	int fd = openat(root, "file", O_WRONLY | O_APPEND);
	rest(50);
	assert_int_equal(write(fd, "more", 4), 4);
	assert_false(still(root, "file", &entry));
	/* With the same time, the new size is noticed. */
	struct entry now = entry;
	assert_int_equal(root_get(root, "file", &now), 0);
	root_close(&now);
	entry.changed.seconds = now.changed.seconds;
	entry.changed.nanoseconds = now.changed.nanoseconds;
	assert_int_equal(entry.size, 4);
	assert_true(root_unchanged(root, "file", &entry));
	assert_int_equal(entry.size, 8);
	close(fd);
	root_close(&entry);
	close(root);
}

static void test_sockets_are_not_there(void **state)
{
	const struct tree *tree = *state;
	int root = served(tree), fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	if (snprintf(name.sun_path, sizeof name.sun_path, "%s/socket", tree->path) >= (int)sizeof name.sun_path)
		leave_out("a socket beneath the root (TMPDIR is too long for the name of a socket)");
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
	assert_int_equal(renameat(tree->fd, "socket", root, "socket"), 0);
	refuses(root, "socket", ENOENT);
	close(fd);
	close(root);
}

static void test_devices_are_not_there(void **state)
{
	int dev, root = served(*state);
	struct stat null;
	assert_int_equal(root_open("/dev", &dev), 0);
	refuses(dev, "null", ENOENT);
	refuses(dev, "zero", ENOENT);
	close(dev);
	assert_int_equal(stat("/dev/null", &null), 0);
	if (mknodat(root, "null", S_IFCHR | 0666, null.st_rdev) == 0)
		refuses(root, "null", ENOENT);
	else
		print_message("left out: a device beneath the root (mknod: %s; as root it works)\n", strerror(errno));
	close(root);
}

/* Magic links of /proc, which lead to a file without a path. */
static void test_magic_links_lead_nowhere(void **state)
{
	struct entry entry;
	int proc;
	(void)state;
	if (access("/proc/self/exe", F_OK) != 0 || root_open("/proc/self", &proc) != 0)
		leave_out("magic links (there is no /proc here)");
	for (size_t i = 0; i < ROWS(ways); i++) {
		assert_int_equal(status_of_errno(ways[i](proc, "exe", &entry)), STATUS_NOT_FOUND);
		assert_int_equal(status_of_errno(ways[i](proc, "root", &entry)), STATUS_NOT_FOUND);
		assert_int_equal(status_of_errno(ways[i](proc, "cwd/.", &entry)), STATUS_NOT_FOUND);
		assert_int_equal(status_of_errno(ways[i](proc, "fd/0", &entry)), STATUS_NOT_FOUND);
	}
	close(proc);
}

struct attempt {
	getter *get;
	int root;
	const char *path;
};

static int attempt(const void *with)
{
	const struct attempt *a = with;
	struct entry entry;
	int before = descriptors(), error = a->get(a->root, a->path, &entry);
	root_close(&entry);
	return descriptors() == before ? error : 254;
}

/* 0 if it is a directory that can be searched but not listed; 253 if not, or an errno. */
static int attempt_search_only(const void *with)
{
	const struct attempt *a = with;
	struct entry entry;
	int before = descriptors(), error = a->get(a->root, a->path, &entry);
	if (error != 0)
		return error;
	bool search_only = entry.directory && !entry.readable &&
	                   list_each(entry.fd, chunk, sizeof chunk, go_on, NULL) == EACCES;
	root_close(&entry);
	return descriptors() != before ? 254 : search_only ? 0 : 253;
}

static void test_permissions_count(void **state)
{
	int root = served(*state);
	tree_file(root, "closed", "");
	tree_dir(root, "dir");
	tree_file(root, "dir/file", "");
	tree_dir(root, "dir/sub");
	tree_link(root, "link", "dir/file");
	assert_int_equal(fchmodat(root, "closed", 0, 0), 0);
	assert_int_equal(fchmodat(root, "dir", 0, 0), 0);
	static const char refused[][16] = {"closed", "dir", "dir/file", "dir/sub", "dir/missing", "link"};
	for (size_t i = 0; i < ROWS(refused) * ROWS(ways); i++) {
		struct attempt a = {ways[i % ROWS(ways)], root, refused[i / ROWS(ways)]};
		int got = as_ordinary_user(attempt, &a);
		if (got != EACCES)
			fail_msg("%s: way %zu says %s (%d)", a.path, i % ROWS(ways), strerror(got), got);
	}
	struct attempt missing = {root_get, root, "missing"};
	assert_int_equal(as_ordinary_user(attempt, &missing), ENOENT);
	close(root);
}

/* The ways that need only search permission for the directories of a path. */
static getter *const searching[] = {
#if defined O_PATH || defined O_SEARCH
	root_get, other_get,
#elif defined __linux__
	OPENAT2_WAY,
#else
	NULL,
#endif
};

static void test_search_permission_suffices_to_go_through(void **state)
{
	int root = served(*state);
	tree_dir(root, "dir");
	tree_file(root, "dir/file", "");
	tree_dir(root, "dir/sub");
	tree_link(root, "link", "dir/sub/../file");
	assert_int_equal(fchmodat(root, "dir", 0111, 0), 0);
	for (size_t i = 0; i < ROWS(searching) && searching[i]; i++) {
		struct attempt file = {searching[i], root, "dir/file"}, link = {searching[i], root, "link"};
		struct attempt sub = {searching[i], root, "dir/sub"}, up = {searching[i], root, "dir/sub/../.."};
		struct attempt dir = {searching[i], root, "dir"}, back = {searching[i], root, "dir/sub/.."};
		assert_int_equal(as_ordinary_user(attempt, &file), 0);
		assert_int_equal(as_ordinary_user(attempt, &link), 0);
		assert_int_equal(as_ordinary_user(attempt, &sub), 0);
		assert_int_equal(as_ordinary_user(attempt, &up), 0);
		assert_int_equal(as_ordinary_user(attempt_search_only, &dir), 0);
		assert_int_equal(as_ordinary_user(attempt_search_only, &back), 0);
		assert_int_equal(as_ordinary_user(attempt_search_only, &sub), 253);
	}
	close(root);
}

/* Looking up "." or ".." takes search permission for the directory. */
static void test_dots_take_search_permission(void **state)
{
	int root = served(*state);
	tree_dir(root, "shut");
	tree_file(root, "file", "");
	tree_link(root, "up", "shut/../file");
	tree_link(root, "here", "shut/.");
	tree_link(root, "slash", "shut/");
	assert_int_equal(fchmodat(root, "shut", 0444, 0), 0);
	static const struct {
		const char *path;
		int error;
	} rows[] = {
		{"up", EACCES}, {"here", EACCES}, {"shut/..", EACCES}, {"shut/./", EACCES}, {"shut/../missing", EACCES},
		{"shut/../..", EACCES}, {"shut", EACCES}, {"slash", EACCES}, {"shut/", EACCES}, {"shut//", EACCES},
	};
	for (size_t i = 0; i < ROWS(rows) * ROWS(ways); i++) {
		struct attempt a = {ways[i % ROWS(ways)], root, rows[i / ROWS(ways)].path};
		int got = as_ordinary_user(attempt, &a);
		if (got != rows[i / ROWS(ways)].error)
			fail_msg("%s: way %zu says %s (%d)", a.path, i % ROWS(ways), strerror(got), got);
	}
	close(root);
}

static void test_the_longest_name(void **state)
{
	char name[257];
	int root = served(*state);
	memset(name, 'n', sizeof name);
	name[255] = '\0';
	tree_file(root, name, "");
	opens(root, name, name);
	name[255] = 'n';
	name[256] = '\0';
	refuses(root, name, ENAMETOOLONG);
	name[255] = '/';
	refuses(root, name, ENOTDIR);
	close(root);
}

/* Sixteen names of 255 bytes, and fifteen slashes. */
static void test_the_longest_path(void **state)
{
	char path[PATH_BYTES + 1] = "";
	int root = served(*state), at = dup(root);
	for (size_t level = 0; level < 16; level++) {
		char *name = path + level * 256;
		memset(name, 'a' + (int)level, 255);
		name[255] = '\0';
		if (level == 15) {
			tree_file(at, name, "");
		} else {
			tree_dir(at, name);
			int next = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
			close(at);
			at = next;
			name[255] = '/';
		}
	}
	close(at);
	assert_int_equal(strlen(path), PATH_BYTES - 1);
	opens(root, path, path);
	path[PATH_BYTES - 2] = '\0';
	refuses(root, path, ENOENT);
	path[PATH_BYTES - 2] = 'p';
	memmove(path + 257, path + 256, PATH_BYTES - 256); /* a doubled slash makes it one byte too long */
	path[256] = '/';
	assert_int_equal(strlen(path), PATH_BYTES);
	refuses(root, path, ENAMETOOLONG);
	close(root);
}

/*
 * As many directories down as up. The walk begins at the root anew for each "..", so there are more steps than names.
 */
static void test_a_walk_has_an_end(void **state)
{
	enum { DEEP = 160 };
	char path[5 * DEEP + 2];
	int root = served(*state);
	tree_file(root, "f", "");
	for (size_t i = 0; i < DEEP; i++) {
		strcpy(path + 2 * i, "d/");
		tree_dir(root, path);
	}
	for (size_t depth = DEEP / 2; depth <= DEEP; depth += DEEP / 2) {
		path[0] = '\0';
		for (size_t i = 0; i < 2 * depth; i++)
			strcat(path, i < depth ? "d/" : "../");
		strcat(path, "f");
		int fd = walk_open(root, path, O_RDONLY);
		if (depth == DEEP)
			assert_int_equal(fd, -ELOOP);
		else
			assert_true(fd >= 0 && close(fd) == 0);
	}
	close(root);
}

/* A path and a link in it may each have the greatest length. A link in that link no longer fits. */
static void test_links_that_do_not_fit_the_walk(void **state)
{
	char text[PATH_BYTES], path[PATH_BYTES];
	int root = served(*state);
	for (size_t i = 0; i < PATH_BYTES; i++)
		text[i] = path[i] = "./"[i % 2];
	text[PATH_BYTES - 2] = '\0';
	tree_link(root, "last", text);
	memcpy(text, "last/", 5);
	memcpy(path, "first/", 6);
	tree_link(root, "first", text);
	memcpy(path + PATH_BYTES - 2, "f", 2);
	tree_file(root, "f", "");
	assert_int_equal(walk_open(root, path, O_RDONLY), -ENAMETOOLONG);
	memcpy(path, "././././", 8);
	int fd = walk_open(root, path, O_RDONLY);
	assert_true(fd >= 0);
	close(fd);
	close(root);
}

static void test_a_long_path_of_dots(void **state)
{
	char path[PATH_BYTES + 1];
	int root = served(*state);
	tree_dir(root, "d");
	tree_file(root, "f", "");
	for (size_t i = 0; i < PATH_BYTES; i++)
		path[i] = "d/.././/"[i % 8];
	path[PATH_BYTES - 2] = '/';
	path[PATH_BYTES - 1] = 'f';
	path[PATH_BYTES] = '\0';
	refuses(root, path, ENAMETOOLONG);
	assert_int_equal(strlen(path + 8), PATH_BYTES - 8);
	opens(root, path + 8, "f");
	close(root);
}

static void test_root_close_after_a_refusal_closes_nothing(void **state)
{
	int root = served(*state);
	for (size_t i = 0; i < ROWS(ways); i++) {
		struct entry entry;
		int before = descriptors();
		assert_int_equal(ways[i](root, "missing", &entry), ENOENT);
		root_close(&entry);
		assert_int_equal(descriptors(), before);
		assert_int_equal(ways[i](root, "", &entry), 0);
		int fd = entry.fd;
		root_close(&entry);
		assert_int_equal(fcntl(fd, F_GETFD), -1);
	}
	close(root);
}

typedef int linker(int root, const char *path, char *text, size_t size);

static linker *const linkers[] = {root_readlink, other_link};

static void link_says(int root, const char *path, const char *text)
{
	for (size_t i = 0; i < ROWS(linkers); i++) {
		char room[64];
		int before = descriptors(), error = linkers[i](root, path, room, sizeof room);
		if (error != 0)
			fail_msg("%s: way %zu says %s", path, i, strerror(error));
		assert_string_equal(room, text);
		assert_int_equal(descriptors(), before);
	}
}

static void link_refuses(int root, const char *path, int error)
{
	for (size_t i = 0; i < ROWS(linkers); i++) {
		char room[64];
		int before = descriptors(), got = linkers[i](root, path, room, sizeof room);
		if (got != error)
			fail_msg("%s: way %zu says %s, not %s", path, i, strerror(got), strerror(error));
		assert_int_equal(descriptors(), before);
	}
}

static void test_the_text_of_a_symlink(void **state)
{
	const struct tree *tree = *state;
	int root = served(tree);
	links_tree(root);
	tree_link(root, "uri", "https://example.com/#301");
	tree_link(root, "secret", "../outside/secret");
	tree_link(root, "outside", "../outside");
	tree_link(tree->fd, "outside/uri", "https://example.com/");
	link_says(root, "uri", "https://example.com/#301");
	link_says(root, "secret", "../outside/secret");
	link_says(root, "l/again", "file"); /* the first link, not the one that it leads to */
	link_says(root, "l/loop", "loop");
	link_says(root, "l/top/l/top", "..");
	link_says(root, "l//here", ".");
	link_refuses(root, "file", EINVAL);
	link_refuses(root, "dir", EINVAL);
	link_refuses(root, "dir/inner", EINVAL);
	link_refuses(root, "missing", ENOENT);
	link_refuses(root, "missing/x", ENOTDIR);
	link_refuses(root, "uri/x", ENOTDIR);
	link_refuses(root, "uri/x/y", ENOTDIR);
	link_refuses(root, "file/x", ENOTDIR);
	link_refuses(root, "l/loop/x", ELOOP);
	link_refuses(root, "outside/uri", EXDEV);
	link_refuses(root, "../outside/uri", EXDEV);
	close(root);
}

/* The text of a link in the place of ROOT. Other kinds of files have no text. */
static void test_the_text_of_a_root(void **state)
{
	const struct tree *tree = *state;
	char path[PATH_BYTES], text[32];
	tree_link(tree->fd, "address", "https://example.com/");
	snprintf(path, sizeof path, "%s/address", tree->path);
	assert_int_equal(root_readlinkat(AT_FDCWD, path, text, sizeof text), 0);
	assert_string_equal(text, "https://example.com/");
	assert_int_equal(root_readlinkat(AT_FDCWD, path, text, strlen(text)), ENAMETOOLONG);
	assert_int_equal(root_readlinkat(AT_FDCWD, tree->path, text, sizeof text), EINVAL);
	snprintf(path, sizeof path, "%s/nothing", tree->path);
	assert_int_equal(root_readlinkat(AT_FDCWD, path, text, sizeof text), ENOENT);
}

struct reading {
	linker *link;
	int root;
};

static int read_link(const void *with)
{
	const struct reading *r = with;
	char room[64];
	return r->link(r->root, "dir/link", room, sizeof room);
}

static void test_search_permission_suffices_to_read_a_link(void **state)
{
	int root = served(*state);
	tree_dir(root, "dir");
	tree_link(root, "dir/link", "https://example.com/");
	for (size_t i = 0; i < ROWS(linkers); i++) {
		struct reading reading = {linkers[i], root};
#if defined O_PATH || defined O_SEARCH
		int suffices = 0;
#else
		int suffices = EACCES;
#endif
		assert_int_equal(fchmodat(root, "dir", 0111, 0), 0);
		assert_int_equal(as_ordinary_user(read_link, &reading), suffices);
		assert_int_equal(fchmodat(root, "dir", 0444, 0), 0);
		assert_int_equal(as_ordinary_user(read_link, &reading), EACCES);
	}
	close(root);
}

static void test_the_text_of_a_symlink_fits_or_not(void **state)
{
	int root = served(*state);
	tree_link(root, "link", "twelve bytes");
	for (size_t i = 0; i < ROWS(linkers) * 20; i++) {
		char *room = malloc(i / 2 + 1); /* the address sanitizer guards its end */
		int error = linkers[i % 2](root, "link", room, i / 2 + 1);
		assert_int_equal(error, i / 2 + 1 >= sizeof "twelve bytes" ? 0 : ENAMETOOLONG);
		if (error == 0)
			assert_string_equal(room, "twelve bytes");
		free(room);
	}
	close(root);
}

typedef int lister(int directory, char *room, size_t size, list_visitor *each, void *context);

static lister *const listers[] = {list_each, other_each};

/* The names that a listing gave: a letter for each, upper case for directories. */
struct listed {
	int directory;
	size_t count, limit;
	char letters[64];
};

static bool note(void *context, const char *name, enum list_kind kind)
{
	struct listed *listed = context;
	assert_string_not_equal(name, ".");
	assert_string_not_equal(name, "..");
	struct stat st;
	assert_int_equal(fstatat(listed->directory, name, &st, AT_SYMLINK_NOFOLLOW), 0);
	enum list_kind found = S_ISDIR(st.st_mode) ? LIST_DIRECTORY : S_ISLNK(st.st_mode) ? LIST_LINK : LIST_OTHER;
	assert_true(kind == LIST_UNKNOWN || kind == found);
	if (name[1] == '\0')
		listed->letters[name[0] - 'a'] = (char)(name[0] - (found == LIST_DIRECTORY ? 'a' - 'A' : 0));
	return ++listed->count < listed->limit;
}

static void test_each_name_of_a_directory(void **state)
{
	int root = served(*state);
	tree_file(root, "a", "");
	tree_dir(root, "b");
	tree_link(root, "c", "a");
	tree_link(root, "d", "b");
	tree_link(root, "e", "nowhere");
	assert_int_equal(mkfifoat(root, "f", 0644), 0);
	tree_file(root, "...", "");
	tree_file(root, ".hidden", "");
	for (size_t i = 0; i < ROWS(listers); i++) {
		int before = descriptors();
		for (int again = 0; again < 2; again++) {
			struct listed listed = {.directory = root, .limit = 1000};
			assert_int_equal(listers[i](root, chunk, sizeof chunk, note, &listed), 0);
			assert_int_equal(listed.count, 8);
			assert_string_equal(listed.letters, "aBcdef");
		}
		struct listed first = {.directory = root, .limit = 3};
		assert_int_equal(listers[i](root, chunk, sizeof chunk, note, &first), 0);
		assert_int_equal(first.count, 3);
		struct listed all = {.directory = root, .limit = 1000};
		assert_int_equal(listers[i](root, chunk, sizeof chunk, note, &all), 0);
		assert_int_equal(all.count, 8);
		assert_int_equal(descriptors(), before);
	}
	close(root);
}

static void test_an_empty_directory_and_a_large_one(void **state)
{
	int root = served(*state);
	for (size_t i = 0; i < ROWS(listers); i++) {
		struct listed none = {.directory = root, .limit = 1000};
		assert_int_equal(listers[i](root, chunk, sizeof chunk, note, &none), 0);
		assert_int_equal(none.count, 0);
	}
	for (int n = 0; n < 600; n++) { /* more than one buffer of getdents */
		char name[200];
		memset(name, 'n', sizeof name);
		snprintf(name + 190, 10, "%04d", n);
		tree_file(root, name, "");
	}
	for (size_t i = 0; i < ROWS(listers); i++) {
		struct listed many = {.directory = root, .limit = 1000};
		assert_int_equal(listers[i](root, chunk, sizeof chunk, note, &many), 0);
		assert_int_equal(many.count, 600);
	}
	close(root);
}

static void test_only_a_directory_has_names(void **state)
{
	int root = served(*state);
	tree_file(root, "file", "x");
	int file = openat(root, "file", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < ROWS(listers); i++) {
		struct listed listed = {.limit = 1000};
		int before = descriptors();
		assert_int_equal(listers[i](file, chunk, sizeof chunk, note, &listed), ENOTDIR);
		assert_int_equal(listers[i](-1, chunk, sizeof chunk, note, &listed), EBADF);
		assert_int_equal(listed.count, 0);
		assert_int_equal(descriptors(), before);
	}
	close(file);
	close(root);
}

#if defined __linux__ && !defined PORTABLE
/* Makes openat2 fail with that errno in this process from now on. */
static bool without_openat2(unsigned error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {ROWS(code), code};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* The errno of a lookup in a child where openat2 fails with `error`; 255 where that cannot be arranged. */
static int lookup_without_openat2(unsigned error, int root, const char *path)
{
	pid_t child = fork();
	if (child == 0) {
		struct attempt a = {root_get, root, path};
		alarm(60 * (unsigned)pace());
		_exit(without_openat2(error) ? attempt(&a) : 255);
	}
	return reap(child);
}

static void test_a_kernel_without_openat2_walks(void **state)
{
	int root = served(*state);
	links_tree(root);
	int got = lookup_without_openat2(ENOSYS, root, "l/dir/sub/deep");
	if (got == 255)
		leave_out("a kernel without openat2 (this one has no seccomp to take it away)");
	assert_int_equal(got, 0);
	assert_int_equal(lookup_without_openat2(ENOSYS, root, ""), 0);
	assert_int_equal(lookup_without_openat2(ENOSYS, root, "l/secret"), EXDEV);
	assert_int_equal(lookup_without_openat2(ENOSYS, root, "l/loop"), ELOOP);
	assert_int_equal(lookup_without_openat2(ENOSYS, root, "file/"), ENOTDIR);
	assert_int_equal(lookup_without_openat2(EAGAIN, root, "file"), EAGAIN); /* the number of attempts is limited */
	assert_int_equal(lookup_without_openat2(EXDEV, root, "file"), EXDEV);
	close(root);
}
#endif

/* The reference resolves each name with lstat. It is right as long as no file is renamed. */
struct reference {
	const char *base;
	char done[8192]; /* "" for the root, else with a slash at its beginning */
	unsigned links;
};

static int reference_stat(const struct reference *r, struct stat *st)
{
	char path[10000];
	snprintf(path, sizeof path, "%s%s", r->base, r->done);
	return lstat(path, st) == 0 ? 0 : errno;
}

static int reference_resolve(struct reference *r, const char *text);

static int reference_name(struct reference *r, const char *name)
{
	char link[4097], path[10000];
	struct stat st;
	size_t before = strlen(r->done);
	if (strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0) {
		if (before == 0)
			return EXDEV;
		*strrchr(r->done, '/') = '\0';
		return 0;
	}
	snprintf(r->done + before, sizeof r->done - before, "/%s", name);
	int error = reference_stat(r, &st);
	if (error != 0 || !S_ISLNK(st.st_mode))
		return error;
	snprintf(path, sizeof path, "%s%s", r->base, r->done);
	r->done[before] = '\0';
	ssize_t n = readlink(path, link, sizeof link - 1);
	assert_true(n > 0);
	link[n] = '\0';
	if (++r->links > SYMLINKS_MAX)
		return ELOOP;
	return link[0] == '/' ? EXDEV : reference_resolve(r, link);
}

static int reference_resolve(struct reference *r, const char *text)
{
	while (*text) {
		char name[300];
		struct stat st;
		size_t n = strcspn(text, "/");
		snprintf(name, sizeof name, "%.*s", (int)n, text);
		int error = reference_name(r, name);
		if (error != 0)
			return error;
		if (text[n] == '/' && ((error = reference_stat(r, &st)) != 0 || !S_ISDIR(st.st_mode)))
			return error != 0 ? error : ENOTDIR;
		text += n + strspn(text + n, "/");
	}
	return 0;
}

/* A random path of one to six names, among them "..", "." and empty ones. It does not begin with a slash. */
static void random_path(char *out)
{
	static const char parts[][4] = {"a", "b", "c", "d", "a", "b", "c", "d", "a", "b", "..", "..", ".", ""};
	unsigned n = 1 + (unsigned)random_below(6);
	out[0] = '\0';
	for (unsigned i = 0; i < n; i++) {
		const char *part = parts[random_below(ROWS(parts))];
		if (out[0] != '\0')
			strcat(out, "/");
		strcat(out, part);
	}
}

static void random_link(const struct tree *tree, int root, const char *name)
{
	char text[1200], path[64];
	random_path(path);
	if (random_below(16) == 0)
		snprintf(text, sizeof text, "%s/%s/%s", tree->path, random_below(2) ? "root" : "outside", path);
	else if (random_below(12) == 0)
		snprintf(text, sizeof text, "../outside/%s", random_below(2) ? "secret" : path);
	else
		snprintf(text, sizeof text, "%s", path[0] ? path : ".");
	if (symlinkat(text, root, name) != 0)
		assert_int_equal(errno, EEXIST);
}

/* Random directories, files and many links below the root. Existing files stay. */
static void random_tree(const struct tree *tree, int root)
{
	char dirs[32][80] = {""};
	unsigned count = 1;
	for (unsigned i = 0; i < 48; i++) {
		char name[80];
		const char *dir = dirs[random_below(count)];
		snprintf(name, sizeof name, "%.60s%s%c", dir, dir[0] ? "/" : "", (int)('a' + random_below(4)));
		unsigned kind = (unsigned)random_below(20);
		if (kind < 7 && count < 32 && strlen(name) < 10 && mkdirat(root, name, 0755) == 0)
			strcpy(dirs[count++], name);
		else if (kind < 11)
			close(openat(root, name, O_RDONLY | O_CREAT | O_CLOEXEC, 0644));
		else
			random_link(tree, root, name);
	}
}

/* Compares all ways with the reference for one path. Returns whether the path exists. */
static bool compare(const char *base, int root, const char *path, unsigned number)
{
	struct reference r = {.base = base};
	struct stat want;
	int error = reference_resolve(&r, path);
	if (error == 0)
		error = reference_stat(&r, &want);
	for (size_t i = 0; i < ROWS(ways); i++) {
		struct entry entry;
		int got = get(ways[i], root, path, &entry);
		if (status_of_errno(got) != status_of_errno(error))
			fail_msg("tree %u, '%s': way %zu says %s, the reference %s", number, path, i, strerror(got),
			         strerror(error));
		if (got == 0 && !same_file(entry.fd, &want))
			fail_msg("tree %u, '%s': way %zu opened another file", number, path, i);
		root_close(&entry);
	}
	return error == 0;
}

static void test_all_ways_agree_on_random_trees(void **state)
{
	const struct tree *tree = *state;
	unsigned found = 0, trees = 40, paths = 400;
	int before = descriptors();
	for (unsigned number = 0; number < trees; number++) {
		char base[1100];
		int root = served(tree);
		snprintf(base, sizeof base, "%s/root", tree->path);
		tree_file(tree->fd, "outside/a", "");
		random_tree(tree, root);
		for (unsigned i = 0; i < paths; i++) {
			char path[64];
			random_path(path);
			found += compare(base, root, path, number);
		}
		close(root);
		tree_clear(tree->fd, "root");
		tree_clear(tree->fd, "outside");
	}
	assert_int_equal(descriptors(), before);
	assert_true(found > trees * paths / 20); /* else nearly all paths were refused */
}

/* Runs in a child until it is killed: moves root/a out and back, and swaps root/a/b with a link to the outside. */
static void disturb(int at)
{
	int64_t until = milliseconds() + 10000;
	while (milliseconds() < until) {
		renameat(at, "root/a", at, "outside/a");
		renameat(at, "outside/a", at, "root/a");
		renameat(at, "root/a/b", at, "root/a/real");
		symlinkat("../../outside", at, "root/a/b");
		unlinkat(at, "root/a/b", 0);
		renameat(at, "root/a/link", at, "root/a/b");
		renameat(at, "root/a/b", at, "root/a/link");
		renameat(at, "root/a/real", at, "root/a/b");
	}
	_exit(0);
}

struct tally {
	unsigned opened, refused;
	char complaint[200];
};

/* Looks the path up. Notes any result but the file inside, an errno that means 404, and EAGAIN. */
static void look(getter *way, int root, const char *path, const struct stat inside[2], struct tally *tally)
{
	struct entry entry;
	int error = way(root, path, &entry);
	if (error != 0) {
		tally->refused++;
		if (status_of_errno(error) != STATUS_NOT_FOUND && error != EAGAIN)
			snprintf(tally->complaint, sizeof tally->complaint, "%s: %s", path, strerror(error));
		return;
	}
	tally->opened++;
	if (!same_file(entry.fd, &inside[0]) && !same_file(entry.fd, &inside[1]))
		snprintf(tally->complaint, sizeof tally->complaint, "%s opened a file outside", path);
	root_close(&entry);
}

static void race(getter *way, const struct tree *tree, int root)
{
	static const char paths[][24] = {
		"a/b/secret", "a/b/../../secret", "a/b/../b/secret", "in/secret", "a/b/up/secret", "a/b/../../a/b/secret",
	};
	struct stat inside[2];
	struct tally tally = {.complaint = ""};
	assert_int_equal(fstatat(root, "a/b/secret", &inside[0], 0), 0);
	assert_int_equal(fstatat(root, "secret", &inside[1], 0), 0);
	int before = descriptors();
	pid_t child = fork();
	if (child == 0)
		disturb(tree->fd);
	int64_t begun = milliseconds(), now = begun;
	while (now < begun + 5000 && !tally.complaint[0]) {
		if (now > begun + 500 && tally.opened > 0 && tally.refused > 0)
			break;
		for (size_t i = 0; i < ROWS(paths); i++)
			look(way, root, paths[i], inside, &tally);
		now = milliseconds();
	}
	kill(child, SIGKILL);
	reap(child);
	assert_string_equal(tally.complaint, "");
	assert_true(tally.opened > 0);
	assert_true(tally.refused > 0);
	assert_int_equal(descriptors(), before);
}

static void race_tree(int root)
{
	tree_dir(root, "a");
	tree_dir(root, "a/b");
	tree_file(root, "a/b/secret", "inside");
	tree_link(root, "a/b/up", "../..");
	tree_link(root, "a/link", "../../outside");
	tree_file(root, "secret", "inside");
	tree_link(root, "in", "a/b/../b");
}

static void test_no_rename_leads_outside(void **state)
{
	int root = served(*state);
	race_tree(root);
	race(root_get, *state, root);
	close(root);
}

static void test_no_rename_leads_outside_the_other_way(void **state)
{
	int root = served(*state);
	race_tree(root);
	race(other_get, *state, root);
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_root_open_opens_directories_only),
		IN_TREE(test_files_and_directories),
		IN_TREE(test_no_name_is_the_root_itself),
		IN_TREE(test_a_renamed_root_stays_the_root),
		IN_TREE(test_nothing_above_the_root),
		IN_TREE(test_symlinks_that_stay_are_followed),
		IN_TREE(test_symlinks_that_leave_are_not_there),
		IN_TREE(test_symlinks_to_nothing),
		IN_TREE(test_a_slash_in_a_link_asks_for_a_directory),
		IN_TREE(test_forty_symlinks_but_not_one_more),
		IN_TREE(test_facts_are_those_of_the_file),
		IN_TREE(test_facts_are_not_cut),
		IN_TREE(test_what_is_opened_is_for_reading_and_not_inherited),
		IN_TREE(test_fifos_are_not_there_and_hold_nobody_up),
		IN_TREE(test_nobody_who_waits_at_a_fifo_is_woken),
#if defined F_SETLEASE
		IN_TREE(test_a_look_breaks_no_lease),
#endif
		IN_TREE(test_a_look_sees_what_get_opens),
		IN_TREE(test_lacks_is_said_of_nothing_that_is_there),
		IN_TREE(test_unchanged_is_said_of_the_same_file_only),
		IN_TREE(test_unchanged_follows_no_directory_out_of_the_root),
		IN_TREE(test_unchanged_sees_a_new_mode_and_new_content),
		IN_TREE(test_sockets_are_not_there),
		IN_TREE(test_devices_are_not_there),
		cmocka_unit_test(test_magic_links_lead_nowhere),
		IN_TREE(test_permissions_count),
		IN_TREE(test_search_permission_suffices_to_go_through),
		IN_TREE(test_search_permission_suffices_to_read_a_link),
		IN_TREE(test_dots_take_search_permission),
		IN_TREE(test_the_longest_name),
		IN_TREE(test_the_longest_path),
		IN_TREE(test_a_walk_has_an_end),
		IN_TREE(test_links_that_do_not_fit_the_walk),
		IN_TREE(test_a_long_path_of_dots),
		IN_TREE(test_root_close_after_a_refusal_closes_nothing),
		IN_TREE(test_the_text_of_a_symlink),
		IN_TREE(test_the_text_of_a_root),
		IN_TREE(test_the_text_of_a_symlink_fits_or_not),
		IN_TREE(test_each_name_of_a_directory),
		IN_TREE(test_an_empty_directory_and_a_large_one),
		IN_TREE(test_only_a_directory_has_names),
#if defined __linux__ && !defined PORTABLE
		IN_TREE(test_a_kernel_without_openat2_walks),
#endif
		IN_TREE(test_all_ways_agree_on_random_trees),
		IN_TREE(test_no_rename_leads_outside),
		IN_TREE(test_no_rename_leads_outside_the_other_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
