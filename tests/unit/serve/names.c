/* SPDX-License-Identifier: ISC */
/* names: the order, and passes without end: with room for a few names only, so that every directory is too large. */
#include "tree.h"

#include "base/bounds.h"

#define NAMES_MAX 64
#define NAMES_TEXT (3 * (PATH_BYTES + 2))
#define names_begin few_begin
#define names_next few_next
#include "serve/names.c"

enum { MOST = 400 };

/* What the names must be, each behind the letter of its kind. */
static struct {
	char key[MOST][2 + NAME_BYTES];
	size_t count;
} expected;

static int compare_keys(const void *a, const void *b)
{
	return strcmp(a, b);
}

static struct {
	struct names names;
	char behind[512];
} all;

static void assert_names(int directory)
{
	const char *name;
	int before = descriptors();
	qsort(expected.key, expected.count, sizeof expected.key[0], compare_keys);
	memset(&all, 0x55, sizeof all);
	names_begin(&all.names, directory);
	for (size_t i = 0; i < expected.count; i++) {
		assert_int_equal(names_next(&all.names, &name), 0);
		assert_non_null(name);
		assert_string_equal(name, expected.key[i] + 1);
	}
	for (int i = 0; i < 3; i++) { /* and an end it stays */
		assert_int_equal(names_next(&all.names, &name), 0);
		assert_null(name);
	}
	for (size_t i = 0; i < sizeof all.behind; i++)
		assert_int_equal(all.behind[i], 0x55);
	assert_int_equal(descriptors(), before);
}

static void expect(char kind, const char *name)
{
	assert_true(expected.count < MOST);
	snprintf(expected.key[expected.count++], sizeof expected.key[0], "%c%s", kind, name);
}

static void test_few_and_many_names(void **state)
{
	static const size_t counts[] = {0, 1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 129, 250};
	const struct tree *tree = *state;
	for (size_t i = 0; i < ROWS(counts); i++) {
		char path[32];
		snprintf(path, sizeof path, "%zu", counts[i]);
		tree_dir(tree->fd, path);
		int at = openat(tree->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		expected.count = 0;
		for (size_t k = 0; k < counts[i]; k++) {
			char name[64];
			uint64_t kind = random_below(3);
			snprintf(name, sizeof name, "%c%zu", (int)(random_below(4) == 0 ? 0xc3 : 'a' + random_below(26)), k);
			expect(kind == 0 ? 'd' : 'f', name);
			if (kind == 0)
				tree_dir(at, name);
			else if (kind == 1)
				tree_link(at, name, "..");
			else
				tree_file(at, name, "");
		}
		tree_file(at, ".hidden", "");
		assert_names(at);
		close(at);
	}
}

/* The bytes run out before the places do. */
static void test_long_names(void **state)
{
	const struct tree *tree = *state;
	expected.count = 0;
	for (unsigned i = 0; i < 120; i++) {
		char name[NAME_BYTES];
		snprintf(name, sizeof name, "%03u%0*u", i * 77 % 120, (int)(i % 2 ? 252 : 1 + random_below(252)), i);
		tree_file(tree->fd, name, "");
		expect('f', name);
	}
	assert_names(tree->fd);
}

/* So long that the room for their bytes is full before that for their number. */
static void test_the_room_for_bytes_is_full_first(void **state)
{
	const struct tree *tree = *state;
	for (size_t length = 200; length < NAME_BYTES; length += 11) {
		char name[NAME_BYTES] = "";
		snprintf(name, sizeof name, "%zu", length);
		tree_dir(tree->fd, name);
		int at = openat(tree->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		expected.count = 0;
		memset(name, 'n', length);
		for (unsigned k = 0; k < 150; k++) {
			snprintf(name + length - 3, 4, "%03u", k);
			expect('f', name);
			tree_file(at, name, "");
		}
		assert_names(at);
		close(at);
	}
}

static void test_a_pass_that_fails(void **state)
{
	const char *name;
	(void)state;
	names_begin(&all.names, -1);
	assert_int_equal(names_next(&all.names, &name), EBADF);
	assert_null(name);
}

/* Names come and go between the passes: those that stay are handed out once. */
static void test_names_that_change_meanwhile(void **state)
{
	const struct tree *tree = *state;
	const char *name;
	char text[32];
	unsigned stayed = 0, seen = 0;
	for (unsigned i = 0; i < 200; i++) {
		snprintf(text, sizeof text, "m%03u-%s", i, i % 2 ? "stays" : "goes");
		tree_file(tree->fd, text, "");
	}
	names_begin(&all.names, tree->fd);
	while (names_next(&all.names, &name) == 0 && name != NULL && seen < 1000) {
		seen++;
		stayed += strstr(name, "stays") != NULL;
		snprintf(text, sizeof text, "m%03u-goes", (unsigned)random_below(100) * 2);
		unlinkat(tree->fd, text, 0);
		snprintf(text, sizeof text, "a-new-%u", seen); /* before all others: it comes too late */
		tree_file(tree->fd, text, "");
	}
	assert_int_equal(stayed, 100);
	assert_true(seen <= 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_few_and_many_names),
		IN_TREE(test_long_names),
		IN_TREE(test_the_room_for_bytes_is_full_first),
		cmocka_unit_test(test_a_pass_that_fails),
		IN_TREE(test_names_that_change_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
