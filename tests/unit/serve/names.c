/* SPDX-License-Identifier: ISC */
/* names: the order, and many passes. There is room for a few names only, so every directory is too large. */
#include "tree.h"

#include <sys/stat.h>

#include "base/bounds.h"

#define NAMES_MAX 64
#define NAMES_TEXT (3 * (PATH_BYTES + 2))
#define names_stat few_stat
#define names_begin few_begin
#define names_next few_next
#include "serve/names.c"

enum { MOST = 400 };

/* The expected names. */
static struct expected {
	bool directory;
	uint64_t size; /* 0 for a directory */
	int64_t seconds;
	char name[1 + NAME_BYTES];
} expected[MOST];
static size_t count;

static struct order order; /* the order that is asked for */

static int compare_expected(const void *a, const void *b)
{
	const struct expected *left = a, *right = b;
	int by = order.descending ? -1 : 1;
	if (left->directory != right->directory)
		return left->directory ? -1 : 1;
	if (order.by == ORDER_NAME)
		return by * order_names(left->name, right->name);
	if (order.by == ORDER_SIZE && left->size != right->size)
		return left->size < right->size ? -by : by;
	if (order.by == ORDER_TIME && left->seconds != right->seconds)
		return left->seconds < right->seconds ? -by : by;
	return order_names(left->name, right->name);
}

static struct {
	struct names names;
	char behind[512];
} all;

/* Begins with the names of a directory, as if it were the root. */
static void begin(int directory)
{
	memset(&all, 0x55, sizeof all);
	names_begin(&all.names, directory, directory, (struct slice){"", 0}, order);
}

static void assert_order(int directory)
{
	const char *name;
	int before = descriptors();
	qsort(expected, count, sizeof expected[0], compare_expected);
	begin(directory);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(names_next(&all.names, &name), 0);
		assert_non_null(name);
		if (strcmp(name, expected[i].name) != 0)
			fail_msg("by %s, descending %d, of %zu number %zu is %s, not %s", order_word(order.by), order.descending,
				count, i, name, expected[i].name);
	}
	for (int i = 0; i < 3; i++) { /* every call after the end gives the end again */
		assert_int_equal(names_next(&all.names, &name), 0);
		assert_null(name);
	}
	for (size_t i = 0; i < sizeof all.behind; i++)
		assert_int_equal(all.behind[i], 0x55);
	assert_int_equal(descriptors(), before);
}

static void assert_names(int directory)
{
	for (unsigned by = 0; by < ORDER_COUNT; by++)
		for (int descending = 0; descending < 2; descending++) {
			order = (struct order){(enum order_by)by, descending};
			assert_order(directory);
		}
	order = (struct order){ORDER_NAME, false};
}

/* Expects a name, with the facts that fstatat gives. */
static void expect(int directory, const char *name)
{
	struct stat st;
	assert_true(count < MOST);
	assert_int_equal(fstatat(directory, name, &st, 0), 0);
	struct expected *one = &expected[count++];
	*one = (struct expected){.directory = S_ISDIR(st.st_mode), .seconds = st.st_mtime};
	one->size = one->directory ? 0 : (uint64_t)st.st_size;
	snprintf(one->name, sizeof one->name, "%s", name);
}

static void set_time(int at, const char *name, time_t seconds)
{
	assert_int_equal(utimensat(at, name, (struct timespec[2]){{seconds, 0}, {seconds, 0}}, 0), 0);
}

static void test_no_names(void **state)
{
	const struct tree *tree = *state;
	count = 0;
	tree_file(tree->fd, ".hidden", "");
	assert_names(tree->fd);
}

/*
 * A symlink is sorted as its target, a directory or a file. One that leads out of the root or to nothing is left out.
 */
static void test_links(void **state)
{
	const struct tree *tree = *state;
	count = 0;
	tree_dir(tree->fd, "b");
	tree_file(tree->fd, "f", "");
	tree_link(tree->fd, "to-b", "b");
	tree_link(tree->fd, "a-to-f", "f");
	expect(tree->fd, "b");
	expect(tree->fd, "f");
	expect(tree->fd, "to-b");
	expect(tree->fd, "a-to-f");
	tree_link(tree->fd, "out", "/etc");
	tree_link(tree->fd, "dangling", "nothing");
	assert_names(tree->fd);
}

static void test_few_and_many_names(void **state)
{
	static const size_t counts[] = {1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 129, 250};
	const struct tree *tree = *state;
	for (size_t i = 0; i < ROWS(counts); i++) {
		char path[32];
		snprintf(path, sizeof path, "%zu", counts[i]);
		tree_dir(tree->fd, path);
		int at = openat(tree->fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		char name[MOST][32] = {"size"};
		count = 0;
		tree_file(at, "size", "12345");
		for (size_t k = 1; k < counts[i]; k++) {
			uint64_t kind = random_below(3);
			snprintf(name[k], sizeof name[k], "%c%zu", (int)(random_below(4) == 0 ? 0xc3 : 'A' + random_below(58)), k);
			if (kind == 0)
				tree_dir(at, name[k]);
			else if (kind == 1)
				tree_link(at, name[k], random_below(2) ? "." : "size");
			else
				tree_file(at, name[k], &"123456789"[random_below(10)]);
			if (kind != 1)
				set_time(at, name[k], (time_t)random_below(20));
		}
		tree_file(at, ".hidden", "");
		for (size_t k = 0; k < counts[i]; k++) /* last, as the time of the directory changes with each name */
			expect(at, name[k]);
		assert_names(at);
		close(at);
	}
}

/* The room for bytes is full before the room for names is. */
static void test_long_names(void **state)
{
	const struct tree *tree = *state;
	count = 0;
	for (unsigned i = 0; i < 120; i++) {
		char name[NAME_BYTES];
		snprintf(name, sizeof name, "%03u%0*u", i * 77 % 120, (int)(i % 2 ? 252 : 1 + random_below(252)), i);
		tree_file(tree->fd, name, "");
		expect(tree->fd, name);
	}
	assert_names(tree->fd);
}

/* Names so long that the room for their bytes is full first. */
static void test_the_room_for_bytes_is_full_first(void **state)
{
	const struct tree *tree = *state;
	for (size_t length = 200; length < NAME_BYTES; length += 11) {
		char name[NAME_BYTES] = "";
		snprintf(name, sizeof name, "%zu", length);
		tree_dir(tree->fd, name);
		int at = openat(tree->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		count = 0;
		memset(name, 'n', length);
		for (unsigned k = 0; k < 150; k++) {
			snprintf(name + length - 3, 4, "%03u", k);
			tree_file(at, name, "");
			expect(at, name);
		}
		assert_names(at);
		close(at);
	}
}

static void test_a_pass_that_fails(void **state)
{
	const char *name;
	(void)state;
	begin(-1);
	assert_int_equal(names_next(&all.names, &name), EBADF);
	assert_null(name);
}

/* Files are made and removed between the passes. Each file that stays is handed out once. */
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
	begin(tree->fd);
	while (names_next(&all.names, &name) == 0 && name != NULL && seen < 1000) {
		seen++;
		stayed += strstr(name, "stays") != NULL;
		snprintf(text, sizeof text, "m%03u-goes", (unsigned)random_below(100) * 2);
		unlinkat(tree->fd, text, 0);
		snprintf(text, sizeof text, "a-new-%u", seen); /* sorts first: too late for this pass */
		tree_file(tree->fd, text, "");
	}
	assert_int_equal(stayed, 100);
	assert_true(seen <= 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_no_names),
		IN_TREE(test_links),
		IN_TREE(test_few_and_many_names),
		IN_TREE(test_long_names),
		IN_TREE(test_the_room_for_bytes_is_full_first),
		cmocka_unit_test(test_a_pass_that_fails),
		IN_TREE(test_names_that_change_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
