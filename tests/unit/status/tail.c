/* SPDX-License-Identifier: ISC */
/* tail: a log that grows, is renamed or emptied, or holds malformed lines. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "status/tail.h"

static char directory[] = "/tmp/tail.XXXXXX", name[64], old[64];
static struct tail tail;

static void append(const char *file, const char *text)
{
	FILE *f = fopen(file, "a");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* Fails unless this is the next line; NULL: unless there is none. */
static void next(const char *expected)
{
	struct slice line;
	bool found = tail_line(&tail, &line);
	assert_int_equal(found, expected != NULL);
	if (found && !slice_equal(line, slice_of(expected)))
		fail_msg("'%.*s', not '%s'", SLICE(line), expected);
}

static int begin(void **state)
{
	(void)state;
	unlink(name);
	unlink(old);
	return 0;
}

static int end(void **state)
{
	begin(state);
	if (tail.fd > 0)
		close(tail.fd);
	tail.fd = 0;
	return 0;
}

static void a_log_that_grows(void **state)
{
	(void)state;
	append(name, "one\n\ntwo\nhal");
	assert_int_equal(tail_open(&tail, name, 0), 0);
	next("one");
	next("");
	next("two");
	next(NULL);
	append(name, "f\nthree\n");
	next("half");
	next("three");
	next(NULL);
}

static void a_log_that_is_renamed(void **state)
{
	(void)state;
	append(name, "one\n");
	assert_int_equal(tail_open(&tail, name, 0), 0);
	next("one");
	assert_int_equal(rename(name, old), 0);
	append(old, "late\n");
	next("late");
	next(NULL);
	append(name, "new\n");
	append(old, "later\n");
	next("later");
	next("new");
	next(NULL);
}

static void a_log_that_is_emptied(void **state)
{
	(void)state;
	append(name, "one\ntwo\n");
	assert_int_equal(tail_open(&tail, name, 0), 0);
	next("one");
	next("two");
	assert_int_equal(truncate(name, 0), 0);
	next(NULL);
	append(name, "new\n");
	next("new");
	next(NULL);
}

static void the_log_before_it(void **state)
{
	(void)state;
	int64_t now = (int64_t)time(NULL);
	append(old, "old\n");
	append(name, "one\n");
	assert_int_equal(tail_open(&tail, name, now - 3600), 0);
	next("old");
	next("one");
	next(NULL);
	close(tail.fd);
	assert_int_equal(tail_open(&tail, name, now + 3600), 0);
	next("one");
	next(NULL);
}

static void a_line_without_end(void **state)
{
	static char text[3 * TAIL_LINE];
	(void)state;
	static const size_t lengths[] = {TAIL_LINE - 2, TAIL_LINE - 1, TAIL_LINE, TAIL_LINE + 1, 2 * TAIL_LINE - 1,
		2 * TAIL_LINE, 2 * TAIL_LINE + 1};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		size_t length = lengths[i];
		begin(NULL);
		memset(text, 'x', length);
		memcpy(text + length, "\nnext\n", 7);
		append(name, text);
		assert_int_equal(tail_open(&tail, name, 0), 0);
		text[length] = '\0';
		if (length < TAIL_LINE)
			next(text);
		next("next");
		next(NULL);
		close(tail.fd);
	}
	tail.fd = 0;
}

static void what_is_no_log(void **state)
{
	(void)state;
	assert_int_equal(tail_open(&tail, name, 0), ENOENT);
	assert_int_equal(tail_open(&tail, directory, 0), EINVAL);
	assert_int_equal(mkfifo(name, 0600), 0);
	assert_int_equal(tail_open(&tail, name, 0), EINVAL);
	tail.fd = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_log_that_grows, begin, end),
		cmocka_unit_test_setup_teardown(a_log_that_is_renamed, begin, end),
		cmocka_unit_test_setup_teardown(a_log_that_is_emptied, begin, end),
		cmocka_unit_test_setup_teardown(the_log_before_it, begin, end),
		cmocka_unit_test_setup_teardown(a_line_without_end, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_log, begin, end),
	};
	if (mkdtemp(directory) == NULL)
		return 1;
	snprintf(name, sizeof name, "%s/log", directory);
	snprintf(old, sizeof old, "%s/log.1", directory);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(directory);
	return failed;
}
