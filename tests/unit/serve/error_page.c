/* SPDX-License-Identifier: ISC */
/* error_page: which page of the site comes with an error. */
#include "ask.h"

#include "base/buf.h"
#include "serve/error_page.h"

/* Fails unless the page for this status and target holds the text; NULL: unless there is no page. */
static void explains(int root, const char *raw, enum status status, const char *text)
{
	static struct target target;
	struct resource page;
	int before = descriptors();
	parse(raw, &target);
	struct buf room = room_behind(&target);
	page = resource_none();
	page.file.fd = 12345;
	error_page_find(root, &target, status, &room, &page);
	bool found = page.file.fd >= 0;
	if (found != (text != NULL))
		fail_msg("%.60s: %s page", raw, found ? "a" : "no");
	assert_int_equal(descriptors(), before + found);
	if (!found) {
		assert_int_equal(page.file.fd, -1);
		return;
	}
	if (strcmp(content(&page.file), text) != 0)
		fail_msg("%.60s: the page '%s', not '%s'", raw, content(&page.file), text);
	assert_string_equal(page.type, html);
	root_close(&page.file);
}

static void test_the_nearest_page_explains(void **state)
{
	int root = open_root(*state);
	explains(root, "/a/b/c", STATUS_NOT_FOUND, NULL);
	tree_file(root, "404.html", "top");
	tree_dir(root, "a");
	tree_dir(root, "a/b");
	tree_file(root, "a/b/404.html", "deep");
	tree_dir(root, "a/b/c");
	tree_dir(root, "ab");
	explains(root, "/", STATUS_NOT_FOUND, "top");
	explains(root, "/missing", STATUS_NOT_FOUND, "top");
	explains(root, "/a", STATUS_NOT_FOUND, "top");
	explains(root, "/a/", STATUS_NOT_FOUND, "top");
	explains(root, "/a/b", STATUS_NOT_FOUND, "top"); /* "b" is looked up in a, so the page of a/b is not tried */
	explains(root, "/a/b/", STATUS_NOT_FOUND, "deep");
	explains(root, "/a/b/missing", STATUS_NOT_FOUND, "deep");
	explains(root, "/a/b/c/missing", STATUS_NOT_FOUND, "deep");
	explains(root, "/a/b/no/such/dir/", STATUS_NOT_FOUND, "deep");
	explains(root, "/ab/missing", STATUS_NOT_FOUND, "top");
	explains(root, "/no/such/dir", STATUS_NOT_FOUND, "top");
	tree_file(root, "a/404.html", "middle");
	explains(root, "/a/missing", STATUS_NOT_FOUND, "middle");
	explains(root, "/a/x/missing", STATUS_NOT_FOUND, "middle");
	explains(root, "/a/b/missing", STATUS_NOT_FOUND, "deep");
	explains(root, "/ab/missing", STATUS_NOT_FOUND, "top");
	close(root);
}

static void test_each_status_has_its_page(void **state)
{
	int root = open_root(*state);
	tree_file(root, "403.html", "forbidden");
	tree_file(root, "503.html", "busy");
	explains(root, "/x", STATUS_FORBIDDEN, "forbidden");
	explains(root, "/x", STATUS_SERVICE_UNAVAILABLE, "busy");
	explains(root, "/x", STATUS_NOT_FOUND, NULL);
	close(root);
}

static void test_a_page_that_others_may_not_read_is_passed_over(void **state)
{
	int root = open_root(*state);
	tree_dir(root, "dir");
	tree_file(root, "404.html", "top");
	tree_file(root, "dir/404.html", "closed");
	assert_int_equal(fchmodat(root, "dir/404.html", 0640, 0), 0);
	explains(root, "/dir/x", STATUS_NOT_FOUND, "top");
	assert_int_equal(fchmodat(root, "404.html", 0600, 0), 0);
	explains(root, "/dir/x", STATUS_NOT_FOUND, NULL);
	assert_int_equal(fchmodat(root, "dir/404.html", 0644, 0), 0);
	explains(root, "/dir/x", STATUS_NOT_FOUND, "closed");
	close(root);
}

static void test_a_page_that_is_no_file_is_passed_over(void **state)
{
	int root = open_root(*state);
	tree_dir(root, "dir");
	tree_dir(root, "dir/404.html");
	tree_dir(root, "fifo");
	assert_int_equal(mkfifoat(root, "fifo/404.html", 0644), 0);
	tree_dir(root, "link");
	tree_link(root, "link/404.html", "/etc/passwd");
	explains(root, "/dir/x", STATUS_NOT_FOUND, NULL);
	tree_file(root, "404.html", "top");
	explains(root, "/dir/x", STATUS_NOT_FOUND, "top");
	explains(root, "/fifo/x", STATUS_NOT_FOUND, "top");
	explains(root, "/link/x", STATUS_NOT_FOUND, "top");
	close(root);
}

static void test_a_hidden_directory_explains_nothing(void **state)
{
	int root = open_root(*state);
	tree_dir(root, "dir");
	tree_dir(root, "dir/.git");
	tree_file(root, "dir/.git/404.html", "hidden");
	tree_dir(root, "dir/.git/sub");
	tree_file(root, "dir/.git/sub/404.html", "hidden");
	tree_dir(root, ".well-known");
	tree_file(root, ".well-known/404.html", "known");
	explains(root, "/dir/.git/", STATUS_NOT_FOUND, NULL);
	tree_file(root, "404.html", "top");
	explains(root, "/dir/.git/x", STATUS_NOT_FOUND, "top");
	tree_file(root, "dir/404.html", "dir");
	explains(root, "/dir/.git", STATUS_NOT_FOUND, "dir");
	explains(root, "/dir/.git/", STATUS_NOT_FOUND, "dir");
	explains(root, "/dir/.git/sub/x", STATUS_NOT_FOUND, "dir");
	explains(root, "/.git/x", STATUS_NOT_FOUND, "top");
	explains(root, "/.git", STATUS_NOT_FOUND, "top");
	explains(root, "/.well-known/x", STATUS_NOT_FOUND, "known");
	close(root);
}

/* The text of each directory's page is its depth. Pages deeper than ERROR_LEVELS are not looked for. */
static void test_no_more_levels_than_the_limit(void **state)
{
	char path[128] = "", raw[256], page[160], number[16];
	int root = open_root(*state);
	for (int depth = 1; depth <= ERROR_LEVELS + 2; depth++) {
		snprintf(path + strlen(path), sizeof path - strlen(path), depth > 1 ? "/d%d" : "d%d", depth);
		tree_dir(root, path);
		snprintf(page, sizeof page, "%s/404.html", path);
		snprintf(number, sizeof number, "%d", depth);
		tree_file(root, page, number);
		snprintf(number, sizeof number, "%d", depth < ERROR_LEVELS ? depth : ERROR_LEVELS);
		snprintf(raw, sizeof raw, "/%s/x", path);
		explains(root, raw, STATUS_NOT_FOUND, number);
		snprintf(raw, sizeof raw, "/%s/", path);
		explains(root, raw, STATUS_NOT_FOUND, number);
		snprintf(raw, sizeof raw, "/%s/no/such/x/", path);
		explains(root, raw, STATUS_NOT_FOUND, number);
	}
	close(root);
}

static void test_long_and_strange_targets_are_explained_too(void **state)
{
	struct target none;
	struct resource page;
	int root = open_root(*state);
	tree_file(root, "404.html", "top");
	tree_file(root, "400.html", "bad");
	for (size_t n = PATH_BYTES - 14; n <= PATH_BYTES + 2; n++) {
		explains(root, long_raw(n, false), STATUS_NOT_FOUND, "top");
		explains(root, long_raw(n, true), STATUS_NOT_FOUND, "top");
	}
	explains(root, "*", STATUS_NOT_FOUND, "top");
	struct buf room = room_for_one();
	assert_int_equal(target_parse(slice_of("no target"), &room, &none), STATUS_BAD_REQUEST);
	page = resource_none();
	error_page_find(root, &none, STATUS_BAD_REQUEST, &room, &page);
	assert_string_equal(content(&page.file), "bad");
	root_close(&page.file);
	close(root);
}

static void test_a_page_does_not_change_what_varies(void **state)
{
	struct target target;
	struct resource page;
	int root = open_root(*state);
	tree_file(root, "404.html", "top");
	parse("/x", &target);
	for (int i = 0; i < 4; i++) {
		struct buf room = room_behind(&target);
		page = resource_none();
		assert_int_equal(page.file.fd, -1);
		page.varies_coding = i & 1;
		page.varies_accept = i & 2;
		error_page_find(root, &target, STATUS_NOT_FOUND, &room, &page);
		assert_int_equal(page.varies_coding, (i & 1) != 0);
		assert_int_equal(page.varies_accept, (i & 2) != 0);
		assert_int_equal(page.coding, CODING_IDENTITY);
		root_close(&page.file);
	}
	close(root);
}

/* The page of an error must not stay open at the place of the file that was found before. */
static void test_a_page_is_not_kept_at_the_place_of_the_target(void **state)
{
	struct target target;
	struct entry place = {.fd = -1};
	int root = open_root(*state);
	tree_file(root, "412.html", "changed");
	parse("/x", &target);
	const enum status statuses[] = {STATUS_PRECONDITION_FAILED, STATUS_RANGE_NOT_SATISFIABLE};
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
		struct buf room = room_behind(&target);
		struct resource page = resource_none();
		page.place = &place;
		error_page_find(root, &target, statuses[i], &room, &page);
		assert_int_equal(page.file.fd >= 0, statuses[i] == STATUS_PRECONDITION_FAILED);
		assert_null(page.place);
		root_close(&page.file);
	}
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_the_nearest_page_explains),
		IN_TREE(test_each_status_has_its_page),
		IN_TREE(test_a_page_that_others_may_not_read_is_passed_over),
		IN_TREE(test_a_page_that_is_no_file_is_passed_over),
		IN_TREE(test_a_hidden_directory_explains_nothing),
		IN_TREE(test_no_more_levels_than_the_limit),
		IN_TREE(test_long_and_strange_targets_are_explained_too),
		IN_TREE(test_a_page_does_not_change_what_varies),
		IN_TREE(test_a_page_is_not_kept_at_the_place_of_the_target),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
