/* SPDX-License-Identifier: ISC */
/* activation: descriptor 3, where both variables announce it to this process. systemd.c compares with libsystemd. */
#include "tree.h"

#include "system/activation.h"

static int forget(void **state)
{
	(void)state;
	return unsetenv("LISTEN_PID") + unsetenv("LISTEN_FDS") + unsetenv("LISTEN_FDNAMES");
}

/* The descriptor that these variables announce; NULL: the variable is not set. */
static int announced(const char *pid, const char *count)
{
	forget(NULL);
	if (pid)
		setenv("LISTEN_PID", pid, 1);
	if (count)
		setenv("LISTEN_FDS", count, 1);
	return activation_descriptor();
}

/* A text with our own process id. Static. */
static const char *own(const char *before, const char *after)
{
	static char text[64];
	snprintf(text, sizeof text, "%.16s%ld%.16s", before, (long)getpid(), after);
	return text;
}

static void test_announced_to_us(void **state)
{
	(void)state;
	assert_int_equal(announced(own("", ""), "1"), 3);
	assert_int_equal(announced(own("", ""), "2"), 3);
	assert_int_equal(announced(own("", ""), "100"), 3);
	setenv("LISTEN_FDNAMES", "connection", 1);
	assert_int_equal(activation_descriptor(), 3);
	assert_int_equal(activation_descriptor(), 3);
}

static void test_nothing_announced(void **state)
{
	(void)state;
	assert_int_equal(announced(NULL, NULL), -1);
	assert_int_equal(announced(NULL, "1"), -1);
	assert_int_equal(announced(own("", ""), NULL), -1);
	assert_int_equal(announced(own("", ""), "0"), -1);
	assert_int_equal(announced(own("", ""), "00"), -1);
}

static void test_announced_to_somebody_else(void **state)
{
	char text[64];
	(void)state;
	assert_int_equal(announced("0", "1"), -1);
	assert_int_equal(announced("1", "1"), getpid() == 1 ? 3 : -1);
	snprintf(text, sizeof text, "%ld", (long)getppid());
	assert_int_equal(announced(text, "1"), -1);
	snprintf(text, sizeof text, "%ld", (long)getpid() + 1);
	assert_int_equal(announced(text, "1"), -1);
	assert_int_equal(announced(own("1", ""), "1"), -1);
	assert_int_equal(announced(own("", "0"), "1"), -1);
}

/* A child inherits the environment, but LISTEN_PID names its parent. */
static void test_not_announced_to_a_child(void **state)
{
	(void)state;
	assert_int_equal(announced(own("", ""), "1"), 3);
	pid_t child = fork();
	if (child == 0)
		_exit(activation_descriptor() == -1 ? 0 : 1);
	assert_int_equal(reap(child), 0);
}

static void test_a_malformed_pid(void **state)
{
	static const char around[][2][8] = {
		{" ", ""}, {"", " "}, {"+", ""}, {"-", ""}, {"", "x"}, {"x", ""}, {"", "\n"}, {"\t", ""}, {"", ".0"},
		{"", ","}, {"0x", ""}, {"", " 1"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(around); i++)
		if (announced(own(around[i][0], around[i][1]), "1") != -1)
			fail_msg("LISTEN_PID='%s%ld%s'", around[i][0], (long)getpid(), around[i][1]);
	assert_int_equal(announced("", "1"), -1);
	assert_int_equal(announced("self", "1"), -1);
}

static void test_a_malformed_count(void **state)
{
	static const char counts[][8] = {
		"", " ", " 1", "1 ", "+1", "-1", "-0", "1x", "x1", "x", "0x1", "1.0", "1,2", "one", "\n", "1\n", "1 2",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(counts); i++)
		if (announced(own("", ""), counts[i]) != -1)
			fail_msg("LISTEN_FDS='%s'", counts[i]);
}

/* Numbers that would be valid if their upper bits were lost. */
static void test_numbers_do_not_wrap_around(void **state)
{
	char text[64];
	(void)state;
	for (uint64_t high = UINT64_C(1) << 16; high != 0; high <<= 16) {
		snprintf(text, sizeof text, "%llu", (unsigned long long)(high + (uint64_t)getpid()));
		assert_int_equal(announced(text, "1"), -1);
	}
	/* 2 to the 64th is 18446744073709551616 */
	snprintf(text, sizeof text, "1844674407370%llu", 9551616ULL + (unsigned long long)getpid());
	assert_int_equal(announced(text, "1"), -1);
	assert_int_equal(announced(own("", ""), "18446744073709551617"), -1);
	assert_int_equal(announced(own("", ""), "184467440737095516170"), -1);
	assert_int_equal(announced(own("", ""), "99999999999999999999999999999999999999"), -1);
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, forget, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALONE(test_announced_to_us),
		ALONE(test_nothing_announced),
		ALONE(test_announced_to_somebody_else),
		ALONE(test_not_announced_to_a_child),
		ALONE(test_a_malformed_pid),
		ALONE(test_a_malformed_count),
		ALONE(test_numbers_do_not_wrap_around),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
