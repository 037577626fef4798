/* SPDX-License-Identifier: ISC */
/* recent: which paths are remembered, for how long, and which files stay open. */
#include "ask.h"

#include "serve/recent.h"
#include "system/root.h"

static const struct recent_siblings none = {0, 0}, some = {1, 6};

static bool knows(struct recent *recent, const char *path, struct recent_siblings wanted)
{
	const struct recent_file *file = recent_find(recent, path);
	if (file == NULL)
		return false;
	assert_int_equal(file->siblings.absent, wanted.absent);
	assert_int_equal(file->siblings.regular, wanted.regular);
	return true;
}

static void note(struct recent *recent, const char *path, struct recent_siblings siblings)
{
	struct recent_file *file = recent_note(recent, path);
	assert_non_null(file);
	file->siblings = siblings;
}

static void test_nothing_is_known_at_first(void **state)
{
	static struct recent recent;
	(void)state;
	memset(&recent, 0x55, sizeof recent);
	recent_begin(&recent);
	assert_false(knows(&recent, "a", none));
	recent_enter(&recent, 1, 2, 3);
	assert_false(knows(&recent, "a", none));
	assert_false(knows(&recent, "", none));
	assert_null(recent_note(&recent, ""));
	assert_null(recent_note(NULL, "a"));
	assert_false(knows(NULL, "a", none));
}

static void test_a_path_is_known_within_its_second_and_its_site(void **state)
{
	static struct recent recent;
	(void)state;
	recent_begin(&recent);
	recent_enter(&recent, 1, 2, 3);
	note(&recent, "dir/a", some);
	assert_true(knows(&recent, "dir/a", some));
	assert_false(knows(&recent, "dir/b", none));
	assert_false(knows(&recent, "dir/", none));
	static const struct {
		int64_t second;
		uint64_t device, inode;
	} others[] = {{2, 2, 3}, {0, 2, 3}, {1, 1, 3}, {1, 2, 4}, {1, 3, 2}};
	for (size_t i = 0; i < ROWS(others); i++) {
		recent_enter(&recent, others[i].second, others[i].device, others[i].inode);
		assert_false(knows(&recent, "dir/a", none));
	}
	recent_enter(&recent, 1, 2, 3);
	assert_true(knows(&recent, "dir/a", some));
	assert_int_equal(recent_note(&recent, "dir/a")->siblings.regular, some.regular);
	recent_enter(&recent, 2, 2, 3);
	assert_int_equal(recent_note(&recent, "dir/a")->siblings.regular, 0);
	assert_true(knows(&recent, "dir/a", none));
}

/* The last path is always found, and no path is taken for another, however many there are. */
static void test_more_paths_than_places(void **state)
{
	static struct recent recent;
	char path[RECENT_PATH];
	unsigned known = 0, count = 10 * RECENT_FILES;
	(void)state;
	recent_begin(&recent);
	recent_enter(&recent, 1, 0, 0);
	for (unsigned i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%u", i);
		assert_false(knows(&recent, path, none));
		note(&recent, path, (struct recent_siblings){i, i + 1});
		assert_true(knows(&recent, path, (struct recent_siblings){i, i + 1}));
	}
	for (unsigned i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%u", i);
		known += knows(&recent, path, (struct recent_siblings){i, i + 1});
	}
	assert_true(known > RECENT_FILES / 2 && known <= RECENT_FILES); /* the hash spreads them */
}

static void test_long_paths_are_not_remembered(void **state)
{
	static struct recent recent;
	char path[RECENT_PATH + 1];
	(void)state;
	recent_begin(&recent);
	recent_enter(&recent, 1, 0, 0);
	memset(path, 'x', sizeof path);
	path[RECENT_PATH] = '\0';
	assert_null(recent_note(&recent, path));
	assert_false(knows(&recent, path, none));
	path[RECENT_PATH - 1] = '\0';
	assert_false(knows(&recent, path, none));
	note(&recent, path, some);
	assert_true(knows(&recent, path, some));
}

static struct entry opened(int root, const char *path)
{
	struct entry entry;
	assert_int_equal(root_get(root, path, &entry), 0);
	return entry;
}

/* Each place holds one open file. When its path is forgotten, the file is closed. */
static void test_what_stays_open(void **state)
{
	static struct recent recent;
	const struct tree *tree = *state;
	int root = open_root(tree), before = descriptors();
	tree_file(root, "a", "text");
	recent_begin(&recent);
	recent_enter(&recent, 1, 0, 0);
	struct recent_file *file = recent_note(&recent, "a");
	for (size_t c = 0; c < CODING_COUNT; c++)
		assert_int_equal(file->open[c].fd, -1);
	for (int i = 0; i < 3; i++) {
		struct entry entry = opened(root, "a");
		recent_keep(&file->open[CODING_GZIP], &entry);
		assert_int_equal(entry.fd, -1);
		assert_int_equal(file->open[CODING_GZIP].size, 4);
		assert_int_equal(descriptors(), before + 1);
	}
	/* The file is found again for the same path in a later second, but not for the path of another site. */
	recent_enter(&recent, 2, 0, 0);
	assert_true(recent_note(&recent, "a")->open[CODING_GZIP].fd >= 0);
	recent_enter(&recent, 2, 1, 1);
	assert_int_equal(recent_note(&recent, "a")->open[CODING_GZIP].fd, -1);
	assert_int_equal(descriptors(), before);
	/* An entry without a file is not kept, and a file without a place is closed. */
	struct entry entry = {.fd = -1};
	recent_keep(&file->open[CODING_GZIP], &entry);
	recent_keep(NULL, &entry);
	entry = opened(root, "a");
	recent_keep(NULL, &entry);
	assert_int_equal(descriptors(), before);
	close(root);
}

static void test_large_files_are_closed(void **state)
{
	static struct recent recent;
	const struct tree *tree = *state;
	int root = open_root(tree), before = descriptors();
	tree_file(root, "a", "");
	recent_begin(&recent);
	recent_enter(&recent, 1, 0, 0);
	struct recent_file *file = recent_note(&recent, "a");
	for (int more = 0; more < 2; more++) {
		struct entry entry = opened(root, "a");
		entry.size = (uint64_t)SMALL_FILE + (uint64_t)more;
		recent_keep(&file->open[CODING_IDENTITY], &entry);
		assert_int_equal(entry.fd, -1);
		assert_int_equal(descriptors(), before + 1 - more);
		root_close(&file->open[CODING_IDENTITY]);
	}
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_known_at_first),
		cmocka_unit_test(test_a_path_is_known_within_its_second_and_its_site),
		cmocka_unit_test(test_more_paths_than_places),
		cmocka_unit_test(test_long_paths_are_not_remembered),
		IN_TREE(test_what_stays_open),
		IN_TREE(test_large_files_are_closed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
