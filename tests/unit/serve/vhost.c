/* SPDX-License-Identifier: ISC */
/* vhost: the directory of a host. */
#include "ask.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "serve/vhost.h"

/* Fails unless the host's site is the directory that contains this marker; NULL: unless the host has no site. */
static void is_site(int root, const char *host, const char *marker)
{
	struct entry entry;
	int before = descriptors();
	char texts[LINK_BYTES];
	struct buf room = buf_in(texts, sizeof texts);
	char *link;
	enum status status = vhost_open(root, slice_of(host), &room, &entry, &link);
	assert_null(link);
	if (status != (marker ? STATUS_NONE : STATUS_NOT_FOUND))
		fail_msg("%s: %d", host, (int)status);
	assert_int_equal(descriptors(), before + (marker != NULL));
	if (marker) {
		assert_true(entry.directory);
		assert_int_equal(faccessat(entry.fd, marker, F_OK, 0), 0);
	}
	root_close(&entry);
}

static void test_each_host_has_its_directory(void **state)
{
	char name[300], path[310];
	int root = open_root(*state);
	tree_dir(root, "example.com");
	tree_file(root, "example.com/example", "");
	tree_file(root, "file.example", "");
	is_site(root, "example.com", "example");
	is_site(root, "EXAMPLE.com:8080", "example");
	is_site(root, "file.example", NULL);
	is_site(root, "other.example", NULL);
	is_site(root, "", NULL);
	tree_file(root, "default", "");
	is_site(root, "other.example", NULL);
	assert_int_equal(unlinkat(root, "default", 0), 0);
	tree_dir(root, "default");
	tree_file(root, "default/any", "");
	is_site(root, "example.com", "example");
	is_site(root, "other.example", "any");
	is_site(root, "file.example", "any");
	is_site(root, "", "any");
	is_site(root, "..", "any");
	is_site(root, ".", "any");
	memset(name, 'n', sizeof name);
	for (size_t n = 253; n < 258; n++) {
		name[n] = '\0';
		is_site(root, name, "any");
		name[n] = 'n';
	}
	name[NAME_BYTES - 1] = '\0'; /* the longest name; a longer host is not cut to it */
	tree_dir(root, name);
	snprintf(path, sizeof path, "%s/long", name);
	tree_file(root, path, "");
	is_site(root, name, "long");
	name[NAME_BYTES - 1] = 'n';
	name[NAME_BYTES] = '\0';
	is_site(root, name, "any");
	close(root);
}

static int ask_host(const void *with)
{
	struct entry entry;
	char texts[LINK_BYTES];
	struct buf room = buf_in(texts, sizeof texts);
	char *link;
	enum status status = vhost_open(*(const int *)with, slice_of("closed.example"), &room, &entry, &link);
	root_close(&entry);
	return status == STATUS_NONE ? 0 : (int)status - 300;
}

/* A host's directory that cannot be opened is an error. The default site is for hosts without a directory. */
static void test_a_site_that_cannot_be_had_is_not_the_default_one(void **state)
{
	int root = open_root(*state);
	tree_dir(root, "closed.example");
	tree_dir(root, "default");
	assert_int_equal(fchmodat(root, "closed.example", 0, 0), 0);
	assert_int_equal(as_ordinary_user(ask_host, &root), STATUS_FORBIDDEN - 300);
	assert_int_equal(fchmodat(root, "closed.example", 0755, 0), 0);
	assert_int_equal(as_ordinary_user(ask_host, &root), 0);
	close(root);
}

/* Fails unless a symlink with this URI is in the place of the host's site; NULL: unless no link is. */
static void has_moved(int root, const char *host, const char *uri)
{
	char texts[LINK_BYTES];
	struct buf room = buf_in(texts, sizeof texts);
	struct entry entry;
	char *link;
	int before = descriptors();
	enum status status = vhost_open(root, slice_of(host), &room, &entry, &link);
	assert_int_equal(status, uri != NULL ? STATUS_NONE : STATUS_NOT_FOUND);
	assert_int_equal(entry.fd, -1);
	assert_int_equal(descriptors(), before);
	assert_int_equal(room.len, uri != NULL ? strlen(uri) + 1 : 0);
	if (uri == NULL)
		assert_null(link);
	else
		assert_string_equal(link, uri);
}

static void test_a_host_may_have_moved(void **state)
{
	int root = open_root(*state);
	assert_int_equal(symlinkat("https://www.example.com/", root, "example.com"), 0);
	assert_int_equal(symlinkat("nowhere", root, "other.example"), 0);
	has_moved(root, "Example.com:80", "https://www.example.com/");
	has_moved(root, "other.example", NULL);
	has_moved(root, "third.example", NULL);
	assert_int_equal(symlinkat("http://all.example/#301", root, "default"), 0);
	has_moved(root, "example.com", "https://www.example.com/");
	has_moved(root, "third.example", "http://all.example/#301");
	has_moved(root, "", "http://all.example/#301");
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_each_host_has_its_directory),
		IN_TREE(test_a_site_that_cannot_be_had_is_not_the_default_one),
		IN_TREE(test_a_host_may_have_moved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
