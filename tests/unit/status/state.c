/* SPDX-License-Identifier: ISC */
/* state: the counts come back from the file, and a malformed file is refused. */
#include "tree.h"

#include <signal.h>
#include <sysexits.h>

#include "status/state.h"

static const char *path_in(const struct tree *tree)
{
	static char path[sizeof tree->path + sizeof "/state"];
	snprintf(path, sizeof path, "%s/state", tree->path);
	return path;
}

static void test_what_was_counted_comes_back(void **state)
{
	static struct tally written, read;
	const char *path = path_in(*state);
	char cursor[CURSOR_BYTES] = "before";
	memset(&read, 0, sizeof read);
	written.bytes = UINT64_MAX;
	written.other = 7;
	written.status[200] = 12345;
	written.status[STATUS_END - 1] = 1;
	state_write(path, &written, "s=abc;i=1");
	state_read(path, &read, cursor);
	assert_string_equal(cursor, "s=abc;i=1");
	assert_true(read.bytes == written.bytes && read.other == written.other);
	assert_memory_equal(read.status, written.status, sizeof read.status);
}

static void test_without_a_cursor_or_a_file_nothing_was_counted(void **state)
{
	static struct tally tally;
	char cursor[CURSOR_BYTES] = "before";
	state_read(path_in(*state), &tally, cursor);
	assert_string_equal(cursor, "");
	state_write(path_in(*state), &tally, "");
	memcpy(cursor, "before", sizeof "before");
	state_read(path_in(*state), &tally, cursor);
	assert_string_equal(cursor, "");
	assert_true(tally.bytes == 0 && tally.other == 0);
}

/* Reads a file with this text. The exit status of the refusal; 0 where the file is accepted. */
static int reading(const struct tree *tree, const char *text)
{
	static struct tally tally;
	char cursor[CURSOR_BYTES];
	tree_file(tree->fd, "state", text);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		fclose(stderr);
		state_read(path_in(tree), &tally, cursor);
		_exit(0);
	}
	int status = reap(child);
	unlinkat(tree->fd, "state", 0);
	return status;
}

static void test_what_is_no_state_is_refused(void **state)
{
	static const char *const wrong[] = {
		"x\n",         "bytes\n",        "bytes -1\n",     "bytes 18446744073709551616\n",
		"status 200\n", "status 9999 1\n", "status 600 1\n", "cursor\n",
		"messages 1 2\n",
	};
	assert_int_equal(reading(*state, "bytes 1\nmessages 2\nstatus 404 3\n"), 0);
	for (size_t i = 0; i < ROWS(wrong); i++)
		if (reading(*state, wrong[i]) != EX_DATAERR)
			fail_msg("taken: %s", wrong[i]);
}

/* A write that fails leaves the old file unchanged, and no file beside it. */
static void test_a_state_that_cannot_be_written_changes_nothing(void **state)
{
	static struct tally old, new, read;
	const struct tree *tree = *state;
	char cursor[CURSOR_BYTES];
	old.bytes = 5;
	state_write(path_in(tree), &old, "old");
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit none = {0, 0};
		fclose(stderr);
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &none);
		state_write(path_in(tree), &new, "");
		_exit(0);
	}
	assert_int_equal(reap(child), EX_CANTCREAT);
	state_read(path_in(tree), &read, cursor);
	assert_string_equal(cursor, "old");
	assert_true(read.bytes == 5);
	int entries = 0;
	DIR *dir = opendir(tree->path);
	for (const struct dirent *d; (d = readdir(dir)) != NULL;)
		entries += d->d_name[0] != '.';
	closedir(dir);
	assert_int_equal(entries, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_what_was_counted_comes_back),
		IN_TREE(test_without_a_cursor_or_a_file_nothing_was_counted),
		IN_TREE(test_what_is_no_state_is_refused),
		IN_TREE(test_a_state_that_cannot_be_written_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
