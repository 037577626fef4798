/* SPDX-License-Identifier: ISC */
/*
 * The part of cmocka that the unit tests use, for builds that cannot link Debian's libcmocka: those of 32 bits, and
 * those with MemorySanitizer, for which every object has to be compiled with it. All other builds use the real cmocka.
 */
#ifndef CMOCKA_H
#define CMOCKA_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef void (*CMUnitTestFunction)(void **state);
typedef int (*CMFixtureFunction)(void **state);

struct CMUnitTest {
	const char *name;
	CMUnitTestFunction test_func;
	CMFixtureFunction setup_func, teardown_func;
};

enum { STANDIN_FAILED = 1, STANDIN_SKIPPED };

static jmp_buf standin_end; /* of the running test */

static inline _Noreturn void standin_leave(const char *file, int line, int why)
{
	printf("%s:%d: %s\n", file, line, why == STANDIN_SKIPPED ? "skipped" : "failed");
	longjmp(standin_end, why);
}

static inline void standin_true(bool good, const char *what, const char *file, int line)
{
	if (good)
		return;
	printf("%s does not hold\n", what);
	standin_leave(file, line, STANDIN_FAILED);
}

static inline void standin_equal(uintmax_t a, uintmax_t b, bool wanted, const char *file, int line)
{
	if ((a == b) == wanted)
		return;
	printf("%#" PRIxMAX " %s %#" PRIxMAX "\n", a, wanted ? "is not" : "is", b);
	standin_leave(file, line, STANDIN_FAILED);
}

static inline void standin_text(const char *a, const char *b, bool wanted, const char *file, int line)
{
	if ((strcmp(a, b) == 0) == wanted)
		return;
	printf("'%s' %s '%s'\n", a, wanted ? "is not" : "is", b);
	standin_leave(file, line, STANDIN_FAILED);
}

#define assert_true(x) standin_true((x) ? true : false, #x, __FILE__, __LINE__)
#define assert_false(x) standin_true((x) ? false : true, "!(" #x ")", __FILE__, __LINE__)
#define assert_null(x) standin_true((x) == NULL, #x " == NULL", __FILE__, __LINE__)
#define assert_non_null(x) standin_true((x) != NULL, #x " != NULL", __FILE__, __LINE__)
#define assert_ptr_equal(a, b) standin_true((a) == (b), #a " == " #b, __FILE__, __LINE__)
#define assert_memory_equal(a, b, n) standin_true(memcmp(a, b, n) == 0, #a " is " #b, __FILE__, __LINE__)
#define assert_int_equal(a, b) standin_equal((uintmax_t)(a), (uintmax_t)(b), true, __FILE__, __LINE__)
#define assert_int_not_equal(a, b) standin_equal((uintmax_t)(a), (uintmax_t)(b), false, __FILE__, __LINE__)
#define assert_string_equal(a, b) standin_text(a, b, true, __FILE__, __LINE__)
#define assert_string_not_equal(a, b) standin_text(a, b, false, __FILE__, __LINE__)
#define assert_in_range(x, a, b) standin_true((x) >= (a) && (x) <= (b), #x " in its range", __FILE__, __LINE__)
#define fail_msg(...) (printf(__VA_ARGS__), putchar('\n'), standin_leave(__FILE__, __LINE__, STANDIN_FAILED))
#define skip() standin_leave(__FILE__, __LINE__, STANDIN_SKIPPED)
#define print_message printf

#define cmocka_unit_test(f) {#f, f, NULL, NULL}
#define cmocka_unit_test_setup_teardown(f, setup, teardown) {#f, f, setup, teardown}

/* Runs a test. Returns 0 if it passed. */
static inline int standin_run(const struct CMUnitTest *test, void *common)
{
	void *state = common; /* not changed between setjmp and longjmp but by the test, through its address */
	bool ready = test->setup_func == NULL || test->setup_func(&state) == 0;
	int why = ready ? setjmp(standin_end) : STANDIN_FAILED;
	if (why == 0)
		test->test_func(&state);
	if (test->teardown_func != NULL && test->teardown_func(&state) != 0)
		why = STANDIN_FAILED;
	if (why == STANDIN_FAILED)
		printf("not ok %s\n", test->name);
	fflush(stdout);
	return why;
}

static inline int standin_group(const struct CMUnitTest *tests, size_t n, CMFixtureFunction up, CMFixtureFunction down)
{
	void *common = NULL;
	size_t passed = 0, failed = 0;
	if (up != NULL && up(&common) != 0) {
		puts("the group's fixture could not be made");
		failed++;
	} else {
		for (size_t i = 0; i < n; i++) {
			int why = standin_run(tests + i, common);
			passed += why == 0;
			failed += why == STANDIN_FAILED;
		}
	}
	if (down != NULL && down(&common) != 0) {
		puts("the group's fixture could not be removed");
		failed++;
	}
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed != 0;
}

#define cmocka_run_group_tests(tests, up, down) standin_group(tests, sizeof(tests) / sizeof(tests)[0], up, down)

#endif
