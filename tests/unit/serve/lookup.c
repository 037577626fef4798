/* SPDX-License-Identifier: ISC */
/* lookup: which file a target gets, and in which coding; clean URLs, listings, the fallback, redirects by symlinks. */
#include "ask.h"

#include <signal.h>

#include "base/buf.h"
#include "serve/link.h"

/* Fails unless the target gets a file with that text and that type. */
static void gets(int root, const char *raw, const char *text, const char *type)
{
	struct resource found;
	int before = descriptors();
	enum status status = find(root, raw, &found);
	if (status != STATUS_NONE)
		fail_msg("%.60s: %d", raw, (int)status);
	assert_int_equal(descriptors(), before + 1);
	assert_string_equal(content(&found.file), text);
	assert_string_equal(found.type, type);
	assert_int_equal(found.file.size, strlen(text));
	assert_false(found.file.directory);
	assert_true(found.file.readable);
	root_close(&found.file);
	assert_int_equal(descriptors(), before);
}

/* Fails unless the target is refused with that status, and no descriptor stays open. */
static void refused(int root, const char *raw, enum status expected)
{
	struct resource found;
	int before = descriptors();
	enum status status = find(root, raw, &found);
	if (status != expected)
		fail_msg("%.60s: %d, not %d", raw, (int)status, (int)expected);
	assert_int_equal(found.file.fd, -1);
	assert_int_equal(descriptors(), before);
}

static const char text_plain[] = "text/plain; charset=utf-8";

static void test_files(void **state)
{
	const struct tree *tree = *state;
	int root = open_root(tree);
	tree_file(root, "a.txt", "a");
	tree_dir(root, "dir");
	tree_file(root, "dir/b.html", "b");
	tree_file(root, "dir/no extension", "c");
	gets(root, "/a.txt", "a", text_plain);
	gets(root, "/a.txt?query", "a", text_plain);
	gets(root, "/dir/b.html", "b", html);
	gets(root, "/dir/../a.txt", "a", text_plain);
	gets(root, "/dir/no%20extension", "c", "application/octet-stream");
	refused(root, "/missing", STATUS_NOT_FOUND);
	refused(root, "/dir/missing.txt", STATUS_NOT_FOUND);
	refused(root, "/missing/a.txt", STATUS_NOT_FOUND);
	refused(root, "/A.TXT", STATUS_NOT_FOUND);
	close(root);
}

static void test_a_directory_is_its_index(void **state)
{
	int root = open_root(*state);
	refused(root, "/", STATUS_NOT_FOUND);
	tree_file(root, "index.html", "top");
	tree_dir(root, "dir");
	tree_file(root, "dir/index.html", "inside");
	tree_dir(root, "dir/sub");
	tree_file(root, "dir/sub/index.htm", "wrong");
	tree_dir(root, "empty.html");
	gets(root, "/", "top", html);
	gets(root, "/index.html", "top", html);
	gets(root, "/dir/", "inside", html);
	gets(root, "/dir/index.html", "inside", html);
	gets(root, "/dir/sub/..", "inside", html);
	gets(root, "/dir/.", "inside", html);
	gets(root, "//dir//", "inside", html);
	refused(root, "/dir/sub/", STATUS_NOT_FOUND);
	refused(root, "/empty.html/", STATUS_NOT_FOUND);
	refused(root, "/missing/", STATUS_NOT_FOUND);
	close(root);
}

static void test_an_index_that_is_a_directory_is_none(void **state)
{
	int root = open_root(*state);
	tree_dir(root, "index.html");
	tree_file(root, "index.html/index.html", "deeper");
	refused(root, "/", STATUS_NOT_FOUND);
	refused(root, "/index.html", STATUS_MOVED_PERMANENTLY);
	gets(root, "/index.html/", "deeper", html);
	close(root);
}

static void test_a_directory_without_its_slash_is_moved(void **state)
{
	int root = open_root(*state);
	tree_dir(root, "dir");
	tree_dir(root, "dir/sub.txt");
	tree_file(root, "dir/index.html", "inside");
	tree_link(root, "link", "dir");
	refused(root, "/dir", STATUS_MOVED_PERMANENTLY);
	refused(root, "/dir?query", STATUS_MOVED_PERMANENTLY);
	refused(root, "/dir/sub.txt", STATUS_MOVED_PERMANENTLY); /* also without an index */
	refused(root, "/link", STATUS_MOVED_PERMANENTLY);
	gets(root, "/link/", "inside", html);
	close(root);
}

static void test_a_file_is_no_directory(void **state)
{
	int root = open_root(*state);
	tree_file(root, "file.txt", "x");
	tree_file(root, "index.html", "top");
	refused(root, "/file.txt/", STATUS_NOT_FOUND);
	refused(root, "/file.txt/index.html", STATUS_NOT_FOUND);
	refused(root, "/index.html/", STATUS_NOT_FOUND);
	close(root);
}

static void test_hidden_names_are_not_found(void **state)
{
	int root = open_root(*state);
	tree_file(root, ".htpasswd", "secret");
	tree_dir(root, ".git");
	tree_file(root, ".git/config", "secret");
	tree_file(root, ".git/index.html", "secret");
	tree_dir(root, "dir");
	tree_file(root, "dir/.env", "secret");
	tree_file(root, "dir/visible.", "seen");
	tree_dir(root, ".well-known");
	tree_file(root, ".well-known/security.txt", "known");
	tree_file(root, ".well-known/.hidden", "secret");
	tree_file(root, ".well-known/index.html", "index");
	tree_dir(root, ".well-knownx");
	tree_file(root, ".well-knownx/file", "secret");
	refused(root, "/.htpasswd", STATUS_NOT_FOUND);
	refused(root, "/%2ehtpasswd", STATUS_NOT_FOUND);
	refused(root, "/.git", STATUS_NOT_FOUND); /* a 301 would reveal that it exists */
	refused(root, "/.git/", STATUS_NOT_FOUND);
	refused(root, "/.git/config", STATUS_NOT_FOUND);
	refused(root, "/dir/.env", STATUS_NOT_FOUND);
	refused(root, "/dir/../.git/config", STATUS_NOT_FOUND);
	refused(root, "/.well-known/.hidden", STATUS_NOT_FOUND);
	refused(root, "/.well-knownx/file", STATUS_NOT_FOUND);
	gets(root, "/.well-known/security.txt", "known", text_plain);
	gets(root, "/.well-known/", "index", html);
	gets(root, "/dir/visible.", "seen", "application/octet-stream");
	refused(root, "/.well-known", STATUS_MOVED_PERMANENTLY);
	close(root);
}

static void test_what_others_may_not_read_is_forbidden(void **state)
{
	int root = open_root(*state);
	tree_file(root, "file.txt", "x");
	tree_file(root, "index.html", "y");
	tree_dir(root, "dir");
	assert_int_equal(fchmodat(root, "file.txt", 0640, 0), 0);
	assert_int_equal(fchmodat(root, "index.html", 0600, 0), 0);
	assert_int_equal(fchmodat(root, "dir", 0750, 0), 0);
	refused(root, "/file.txt", STATUS_FORBIDDEN);
	refused(root, "/index.html", STATUS_FORBIDDEN);
	refused(root, "/", STATUS_FORBIDDEN);
	refused(root, "/dir", STATUS_MOVED_PERMANENTLY); /* only reading a file takes o+r */
	assert_int_equal(fchmodat(root, "file.txt", 0604, 0), 0);
	gets(root, "/file.txt", "x", text_plain);
	assert_int_equal(fchmodat(root, "index.html", 0444, 0), 0);
	gets(root, "/", "y", html);
	close(root);
}

struct question {
	int root;
	const char *raw;
};

static int answer(const void *with)
{
	const struct question *q = with;
	struct resource found;
	enum status status = find(q->root, q->raw, &found);
	root_close(&found.file);
	return (int)status % 200; /* an exit status has 8 bits: 403 is 3, 404 is 4 */
}

static void test_what_we_may_not_read_is_forbidden(void **state)
{
	int root = open_root(*state);
	struct question file = {root, "/dir/file"}, index = {root, "/dir/"}, closed = {root, "/closed"};
	tree_dir(root, "dir");
	tree_file(root, "dir/file", "x");
	tree_file(root, "closed", "x");
	assert_int_equal(as_ordinary_user(answer, &file), 0);
	assert_int_equal(as_ordinary_user(answer, &index), STATUS_NOT_FOUND % 200);
	assert_int_equal(fchmodat(root, "dir", 0, 0), 0);
	assert_int_equal(fchmodat(root, "closed", 0, 0), 0);
	assert_int_equal(as_ordinary_user(answer, &file), STATUS_FORBIDDEN % 200);
	assert_int_equal(as_ordinary_user(answer, &index), STATUS_FORBIDDEN % 200);
	assert_int_equal(as_ordinary_user(answer, &closed), STATUS_FORBIDDEN % 200);
	close(root);
}

static void test_what_is_neither_file_nor_directory_is_not_found(void **state)
{
	int root = open_root(*state);
	assert_int_equal(mkfifoat(root, "fifo", 0644), 0);
	assert_int_equal(mkfifoat(root, "index.html", 0644), 0);
	tree_link(root, "out", "/etc/passwd");
	tree_link(root, "loop", "loop");
	tree_link(root, "dangling", "nowhere");
	alarm(60 * (unsigned)pace());
	refused(root, "/fifo", STATUS_NOT_FOUND);
	refused(root, "/fifo/", STATUS_NOT_FOUND);
	refused(root, "/", STATUS_NOT_FOUND);
	alarm(0);
	refused(root, "/out", STATUS_NOT_FOUND);
	refused(root, "/loop", STATUS_NOT_FOUND);
	refused(root, "/dangling", STATUS_NOT_FOUND);
	close(root);
}

/* The type follows from the name in the target, not from the file that a symlink leads to. */
static void test_the_type_of_a_symlink_is_its_own(void **state)
{
	int root = open_root(*state);
	tree_file(root, "data.bin", "x");
	tree_link(root, "page.html", "data.bin");
	gets(root, "/page.html", "x", html);
	gets(root, "/data.bin", "x", "application/octet-stream");
	close(root);
}

static void test_names_that_are_too_long_are_not_found(void **state)
{
	int root = open_root(*state);
	tree_file(root, "index.html", "x");
	for (size_t n = PATH_BYTES - 14; n <= PATH_BYTES + 2; n++) {
		refused(root, long_raw(n, false), STATUS_NOT_FOUND);
		refused(root, long_raw(n, true), STATUS_NOT_FOUND);
	}
	refused(root, long_raw(8000, true), STATUS_NOT_FOUND);
	close(root);
}

static void test_no_root_is_what_the_errno_says(void **state)
{
	struct resource found;
	(void)state;
	assert_int_equal(find(-1, "/file", &found), status_of_errno(EBADF));
	assert_int_equal(found.file.fd, -1);
}

/* Fails unless a request with that Accept-Encoding gets the text in that coding; "": a request without the field. */
static void gets_coded(int root, const char *accept, const char *text, enum coding coding)
{
	static const struct site site;
	struct resource found;
	char field[100] = "";
	int before = descriptors();
	if (accept[0])
		snprintf(field, sizeof field, "Accept-Encoding: %s\r\n", accept);
	assert_int_equal(ask(root, &site, field, "/a.txt", &found), STATUS_NONE);
	if (strcmp(content(&found.file), text) != 0)
		fail_msg("Accept-Encoding '%s' gets '%s'", accept, content(&found.file));
	assert_int_equal(found.coding, coding);
	assert_string_equal(found.type, text_plain);
	assert_string_equal(found.path, "a.txt");
	assert_int_equal(found.file.size, strlen(text));
	root_close(&found.file);
	assert_int_equal(descriptors(), before);
}

static void test_the_sibling_that_the_client_would_rather_have(void **state)
{
	int root = open_root(*state);
	tree_file(root, "a.txt", "plain");
	gets_coded(root, "gzip, br", "plain", CODING_IDENTITY);
	tree_file(root, "a.txt.gz", "gz");
	tree_file(root, "a.txt.br", "brotli");
	gets_coded(root, "", "plain", CODING_IDENTITY);
	gets_coded(root, "gzip", "gz", CODING_GZIP);
	gets_coded(root, "br", "brotli", CODING_BROTLI);
	gets_coded(root, "gzip, br", "brotli", CODING_BROTLI);
	gets_coded(root, "gzip;q=1, br;q=0.5", "gz", CODING_GZIP);
	gets_coded(root, "zstd", "plain", CODING_IDENTITY);
	gets_coded(root, "gzip;q=0", "plain", CODING_IDENTITY);
	gets_coded(root, "gzip;q=0.5, identity", "plain", CODING_IDENTITY);
	gets_coded(root, "identity;q=0, gzip;q=0.001", "gz", CODING_GZIP);
	gets(root, "/a.txt.gz", "gz", "application/gzip");
	close(root);
}

static void test_a_sibling_that_is_no_good_is_passed_over(void **state)
{
	/* A sibling of the same second counts as current: brotli and pigz copy the time without its fraction. */
	const struct timespec old[2] = {{1000, 0}, {999, 999999999}}, whole[2] = {{1000, 0}, {1000, 0}};
	const struct timespec same[2] = {{1000, 0}, {1000, 500}}, newer[2] = {{1000, 0}, {5000, 0}};
	int root = open_root(*state);
	tree_file(root, "a.txt", "plain");
	tree_file(root, "a.txt.gz", "gz");
	assert_int_equal(utimensat(root, "a.txt", same, 0), 0);
	assert_int_equal(utimensat(root, "a.txt.gz", old, 0), 0);
	gets_coded(root, "gzip", "plain", CODING_IDENTITY);
	assert_int_equal(utimensat(root, "a.txt.gz", whole, 0), 0);
	gets_coded(root, "gzip", "gz", CODING_GZIP);
	assert_int_equal(utimensat(root, "a.txt.gz", newer, 0), 0);
	gets_coded(root, "gzip", "gz", CODING_GZIP);
	assert_int_equal(utimensat(root, "a.txt.gz", same, 0), 0);
	gets_coded(root, "gzip", "gz", CODING_GZIP);
	assert_int_equal(fchmodat(root, "a.txt.gz", 0640, 0), 0);
	gets_coded(root, "gzip", "plain", CODING_IDENTITY);
	assert_int_equal(unlinkat(root, "a.txt.gz", 0), 0);
	tree_dir(root, "a.txt.gz");
	gets_coded(root, "gzip", "plain", CODING_IDENTITY);
	close(root);
}

static void test_svgz_is_sent_as_gzip_to_everybody(void **state)
{
	int root = open_root(*state);
	static const char *const fields[] = {
		"", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n", "Accept-Encoding: *;q=0\r\n",
	};
	static const struct site site;
	struct resource found;
	tree_file(root, "a.svgz", "gzip");
	tree_file(root, "a.svgz.br", "br");
	for (size_t i = 0; i < ROWS(fields); i++) {
		assert_int_equal(ask(root, &site, fields[i], "/a.svgz", &found), STATUS_NONE);
		assert_string_equal(content(&found.file), "gzip");
		assert_string_equal(found.type, "image/svg+xml");
		assert_int_equal(found.coding, CODING_GZIP);
		assert_false(found.varies_coding);
		root_close(&found.file);
	}
	close(root);
}

static void test_no_acceptable_form_is_406(void **state)
{
	static const struct site site;
	struct resource found;
	int root = open_root(*state), before = descriptors();
	tree_file(root, "a.txt", "plain");
	assert_int_equal(ask(root, &site, "Accept-Encoding: identity;q=0\r\n", "/a.txt", &found), STATUS_NOT_ACCEPTABLE);
	assert_int_equal(found.file.fd, -1);
	assert_int_equal(descriptors(), before);
	assert_int_equal(ask(root, &site, "Accept-Encoding: identity;q=0\r\n", "/b.txt", &found), STATUS_NOT_FOUND);
	close(root);
}

static void test_a_directory_moves_to_its_slash(void **state)
{
	struct resource found;
	int root = open_root(*state);
	tree_dir(root, "dir");
	tree_dir(root, "dir/sub");
	assert_int_equal(find(root, "/dir/sub?query", &found), STATUS_MOVED_PERMANENTLY);
	assert_slice(found.moved, "dir/sub");
	assert_true(found.moved_slash);
	assert_null(found.link);
	close(root);
}

static void test_listings(void **state)
{
	static const struct site site = {.listing = true};
	struct resource found;
	int root = open_root(*state), before = descriptors();
	tree_dir(root, "dir");
	tree_dir(root, "full");
	tree_file(root, "full/index.html", "index");
	refused(root, "/dir/", STATUS_NOT_FOUND); /* without --listing */
	assert_int_equal(ask(root, &site, "", "/dir/", &found), STATUS_NONE);
	assert_true(found.listing && found.file.directory && !found.json);
	assert_string_equal(found.type, html);
	assert_string_equal(found.path, "dir");
	root_close(&found.file);
	assert_int_equal(ask(root, &site, "Accept: application/json\r\n", "/", &found), STATUS_NONE);
	assert_true(found.listing && found.json && found.varies_accept);
	assert_string_equal(found.type, "application/json");
	root_close(&found.file);
	assert_int_equal(ask(root, &site, "", "/full/", &found), STATUS_NONE);
	assert_false(found.listing);
	assert_string_equal(content(&found.file), "index");
	root_close(&found.file);
	assert_int_equal(fchmodat(root, "dir", 0751, 0), 0);
	assert_int_equal(ask(root, &site, "", "/dir/", &found), STATUS_FORBIDDEN);
	assert_int_equal(found.file.fd, -1);
	assert_int_equal(ask(root, &site, "", "/missing/", &found), STATUS_NOT_FOUND);
	assert_int_equal(ask(root, &site, "", "/full/index.html/", &found), STATUS_NOT_FOUND);
	assert_int_equal(found.file.fd, -1);
	assert_int_equal(descriptors(), before);
	close(root);
}

static void test_the_fallback(void **state)
{
	static const struct site site = {.fallback = "app.html"};
	struct resource found;
	int root = open_root(*state);
	assert_int_equal(ask(root, &site, "", "/missing", &found), STATUS_NOT_FOUND);
	tree_file(root, "app.html", "app");
	tree_file(root, "a.txt", "a");
	static const char *const pages[] = {"/missing", "/no/such/dir/", "/"};
	for (size_t i = 0; i < ROWS(pages); i++) {
		assert_int_equal(ask(root, &site, "", pages[i], &found), STATUS_NONE);
		assert_string_equal(content(&found.file), "app");
		assert_string_equal(found.type, html);
		root_close(&found.file);
	}
	assert_int_equal(ask(root, &site, "", "/a.txt", &found), STATUS_NONE);
	assert_string_equal(content(&found.file), "a");
	root_close(&found.file);
	assert_int_equal(ask(root, &site, "", "/missing.png", &found), STATUS_NOT_FOUND);
	static const char *const well_known[] = {"/.well-known", "/.well-known/", "/.well-known/x", "/a/.well-known/x/"};
	for (size_t i = 0; i < ROWS(well_known); i++)
		assert_int_equal(ask(root, &site, "Accept: text/html\r\n", well_known[i], &found), STATUS_NOT_FOUND);
	assert_int_equal(ask(root, &site, "Accept: image/png\r\n", "/missing", &found), STATUS_NOT_FOUND);
	assert_int_equal(found.file.fd, -1);
	close(root);
}

/* With --fallback and --listing, a missing directory is answered by the fallback's file, not by a listing. */
static void test_the_fallback_is_no_listing(void **state)
{
	static const struct site site = {.fallback = "app.html", .listing = true};
	struct resource found;
	int root = open_root(*state);
	tree_file(root, "app.html", "app");
	assert_int_equal(ask(root, &site, "", "/missing/", &found), STATUS_NONE);
	assert_false(found.file.directory);
	assert_false(found.listing);
	root_close(&found.file);
	close(root);
}

static void moves(int root, const char *raw, const char *to, bool slash)
{
	static const struct site site = {.clean_urls = true};
	struct resource found;
	int before = descriptors();
	enum status status = ask(root, &site, "", raw, &found);
	if (status != STATUS_MOVED_PERMANENTLY)
		fail_msg("%s: %d", raw, (int)status);
	assert_slice(found.moved, to);
	assert_int_equal(found.moved_slash, slash);
	assert_int_equal(found.file.fd, -1);
	assert_int_equal(descriptors(), before);
}

static void test_clean_urls(void **state)
{
	static const struct site site = {.clean_urls = true};
	struct resource found;
	int root = open_root(*state);
	tree_file(root, "about.html", "about");
	tree_file(root, "index.html", "top");
	tree_dir(root, "dir");
	tree_file(root, "dir/index.html", "inside");
	tree_file(root, "dir/myindex.html", "mine");
	tree_file(root, "both", "x");
	tree_file(root, "both.html", "y");
	refused(root, "/about", STATUS_NOT_FOUND); /* without --clean-urls */
	assert_int_equal(ask(root, &site, "", "/about", &found), STATUS_NONE);
	assert_string_equal(content(&found.file), "about");
	assert_string_equal(found.type, html);
	root_close(&found.file);
	assert_int_equal(ask(root, &site, "", "/both.html", &found), STATUS_NONE); /* no redirect to another file */
	assert_string_equal(content(&found.file), "y");
	root_close(&found.file);
	/* For a directory without an index, the page beside it is sent, as sites made by Next.js need it. */
	tree_file(root, "blog.html", "blog");
	tree_dir(root, "blog");
	tree_file(root, "blog/first.html", "first");
	assert_int_equal(ask(root, &site, "", "/blog", &found), STATUS_NONE);
	assert_string_equal(content(&found.file), "blog");
	root_close(&found.file);
	moves(root, "/blog/", "blog", false);
	moves(root, "/blog.html", "blog", false);
	moves(root, "/blog/first/", "blog/first", false);
	tree_dir(root, "blog/index.html"); /* a directory is no index */
	moves(root, "/blog/", "blog", false);
	assert_int_equal(unlinkat(root, "blog/index.html", AT_REMOVEDIR), 0);
	tree_file(root, "blog/index.html", "posts");
	moves(root, "/blog", "blog", true);
	assert_int_equal(ask(root, &site, "", "/blog/", &found), STATUS_NONE);
	assert_string_equal(content(&found.file), "posts");
	root_close(&found.file);
	assert_int_equal(ask(root, &site, "", "/blog.html", &found), STATUS_NONE);
	root_close(&found.file);
	tree_dir(root, "empty"); /* without a page beside it */
	moves(root, "/empty", "empty", true);
	assert_int_equal(ask(root, &site, "", "/empty/", &found), STATUS_NOT_FOUND);
	moves(root, "/about/", "about", false);
	assert_int_equal(ask(root, &site, "", "/both/", &found), STATUS_NOT_FOUND); /* "both" is a file */
	moves(root, "/index", "", true);
	moves(root, "/index/", "", true);
	moves(root, "/dir/index", "dir", true);
	moves(root, "/dir/myindex/", "dir/myindex", false);
	moves(root, "/about.html", "about", false);
	moves(root, "/index.html", "", true);
	moves(root, "/dir/index.html", "dir", true);
	moves(root, "/dir/myindex.html", "dir/myindex", false);
	moves(root, "/dir", "dir", true);
	assert_int_equal(ask(root, &site, "", "/missing", &found), STATUS_NOT_FOUND);
	assert_int_equal(ask(root, &site, "", "/missing.html", &found), STATUS_NOT_FOUND);
	close(root);
}

/* Writes the address that a symlink redirects to, as the response does: the link, and the rest of the path. */
static void put_sent(struct buf *b, const struct resource *found)
{
	if (found->link != NULL)
		buf_text(b, found->link);
	if (found->link != NULL && found->moved.at != NULL)
		target_encode(b, found->moved, found->moved_slash, asked.query);
	buf_char(b, '\0');
}

static void sends_to(int root, const char *raw, enum status status, const char *address)
{
	char room[2 * LINK_BYTES];
	struct buf b = buf_in(room, sizeof room);
	struct resource found;
	int before = descriptors();
	assert_int_equal(find(root, raw, &found), status);
	put_sent(&b, &found);
	assert_false(b.overflow);
	assert_string_equal(room, address);
	assert_int_equal(found.file.fd, -1);
	assert_int_equal(descriptors(), before);
}

static void test_a_symlink_that_is_a_uri_sends_there(void **state)
{
	char text[LINK_BYTES];
	int root = open_root(*state);
	tree_link(root, "plain", "http://example.com/");
	tree_link(root, "good", "https://example.com/x?y#301");
	tree_link(root, "part", "https://example.com/x#302");
	tree_link(root, "file", "ftp://example.com/");
	tree_link(root, "space", "https://example.com/ x");
	tree_link(root, "line", "https://example.com/\r\nSet-Cookie:x");
	tree_link(root, "eight", "https://example.com/\xff");
	tree_link(root, "delete", "https://example.com/\x7f");
	tree_link(root, ".hidden", "https://example.com/");
	tree_link(root, "upper", "HTTPS://EXAMPLE.COM/X");
	tree_link(root, "mixed", "hTTp://example.com/#301");
	tree_link(root, "no-host", "HTTP://");
	tree_link(root, "one-slash", "HTTPS:/example.com/");
	sends_to(root, "/plain", STATUS_FOUND, "http://example.com/");
	sends_to(root, "/good", STATUS_MOVED_PERMANENTLY, "https://example.com/x?y");
	sends_to(root, "/part", STATUS_FOUND, "https://example.com/x#302");
	sends_to(root, "/file", STATUS_NOT_FOUND, "");
	sends_to(root, "/space", STATUS_NOT_FOUND, "");
	sends_to(root, "/line", STATUS_NOT_FOUND, "");
	sends_to(root, "/eight", STATUS_NOT_FOUND, "");
	sends_to(root, "/delete", STATUS_NOT_FOUND, "");
	sends_to(root, "/.hidden", STATUS_NOT_FOUND, "");
	sends_to(root, "/upper", STATUS_FOUND, "HTTPS://EXAMPLE.COM/X"); /* RFC 3986 section 3.1 */
	sends_to(root, "/mixed", STATUS_MOVED_PERMANENTLY, "hTTp://example.com/");
	sends_to(root, "/no-host", STATUS_NOT_FOUND, "");
	sends_to(root, "/one-slash", STATUS_NOT_FOUND, "");
	memset(text, 'x', sizeof text);
	memcpy(text, "http://", 7);
	text[LINK_BYTES - 1] = '\0';
	if (symlinkat(text, root, "longest") == 0) /* some file systems hold shorter links only */
		sends_to(root, "/longest", STATUS_FOUND, text);
	text[2048] = '\0';
	if (symlinkat(text, root, "long") == 0)
		sends_to(root, "/long", STATUS_FOUND, text);
	close(root);
}

/* An address that ends in a slash is followed by the rest of the path. The rest never becomes a host name. */
static void test_a_link_with_a_slash_takes_the_rest_along(void **state)
{
	char far[4096] = "/old", sent[4200] = "https://example.com/new";
	int root = open_root(*state);
	tree_dir(root, "dir");
	tree_dir(root, "dir/sub");
	tree_file(root, "file", "x");
	tree_link(root, "old", "https://example.com/new/");
	tree_link(root, "dir/old", "https://example.com/#301");
	tree_link(root, "dir/sub/old", "http://example.com/");
	tree_link(root, "dir/index.html", "https://example.com/front/");
	tree_link(root, "exact", "https://example.com/new");
	tree_link(root, "query", "https://example.com/?to=/");
	tree_link(root, "part", "https://example.com/#/");
	tree_link(root, "through", "dir");
	tree_link(root, "out", "..");
	sends_to(root, "/old", STATUS_FOUND, "https://example.com/new/");
	sends_to(root, "/old/", STATUS_FOUND, "https://example.com/new/");
	sends_to(root, "/old?a=b", STATUS_FOUND, "https://example.com/new/?a=b");
	sends_to(root, "/old/a/b?c", STATUS_FOUND, "https://example.com/new/a/b?c");
	sends_to(root, "/old/a/b/?", STATUS_FOUND, "https://example.com/new/a/b/?");
	sends_to(root, "/dir/old/a", STATUS_MOVED_PERMANENTLY, "https://example.com/a");
	sends_to(root, "/dir/sub/old/a/b/c/", STATUS_FOUND, "http://example.com/a/b/c/");
	sends_to(root, "/through/sub/old/a/b", STATUS_FOUND, "http://example.com/a/b");
	sends_to(root, "/dir/?q", STATUS_FOUND, "https://example.com/front/?q");
	sends_to(root, "/dir/other", STATUS_NOT_FOUND, ""); /* the link applies to its own directory only */
	sends_to(root, "/dir/sub/other/a", STATUS_NOT_FOUND, "");
	sends_to(root, "/exact?a", STATUS_FOUND, "https://example.com/new");
	sends_to(root, "/exact/a", STATUS_NOT_FOUND, "");
	sends_to(root, "/query/a", STATUS_NOT_FOUND, "");
	sends_to(root, "/query?a", STATUS_FOUND, "https://example.com/?to=/");
	sends_to(root, "/part/a", STATUS_NOT_FOUND, "");
	sends_to(root, "/part?a", STATUS_FOUND, "https://example.com/#/");
	sends_to(root, "/out/old/a", STATUS_NOT_FOUND, "");
	sends_to(root, "/file/a", STATUS_NOT_FOUND, "");
	sends_to(root, "/older/a", STATUS_NOT_FOUND, "");
	sends_to(root, "/old/.git/a", STATUS_NOT_FOUND, "");
	sends_to(root, "/old/.well-known/a", STATUS_FOUND, "https://example.com/new/.well-known/a");
	sends_to(root, "/dir/old//evil.example/", STATUS_MOVED_PERMANENTLY, "https://example.com/evil.example/");
	sends_to(root, "/dir/old/../../old/x//../a", STATUS_FOUND, "https://example.com/new/a");
	sends_to(root, "/dir/old/@evil.example:80/", STATUS_MOVED_PERMANENTLY, "https://example.com/@evil.example:80/");
	sends_to(root, "/dir/old/%0d%0aA:%20b", STATUS_MOVED_PERMANENTLY, "https://example.com/%0D%0AA:%20b");
	memset(far + 4, '/', 4000);
	for (size_t i = 5; i < 4004; i += 2)
		far[i] = 'a';
	strcat(sent, far + 4);
	sent[strlen(sent) - 1] = '\0';
	far[4003] = '\0';
	sends_to(root, far, STATUS_FOUND, sent);
	close(root);
}

/* ROOT itself is a link with an address, and every path is appended to it. */
static void test_a_site_that_is_a_link(void **state)
{
	static const struct {
		const char *raw, *link, *address;
		enum status status;
	} rows[] = {
		{"/", "https://example.com/", "https://example.com/", STATUS_FOUND},
		{"/a/b/?c", "https://example.com/", "https://example.com/a/b/?c", STATUS_FOUND},
		{"//evil.example/%5c", "https://example.com/x/#301", "https://example.com/x/evil.example/%5C",
		 STATUS_MOVED_PERMANENTLY},
		{"/", "https://example.com/x", "https://example.com/x", STATUS_FOUND},
		{"/a", "https://example.com/x", "", STATUS_NOT_FOUND},
		{"/a", "elsewhere/", "", STATUS_NOT_FOUND},
		{"/a", "https:///a/", "", STATUS_NOT_FOUND},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char link[64], room[128];
		struct buf b = buf_in(room, sizeof room);
		struct resource found = resource_none();
		strcpy(link, rows[i].link);
		parse(rows[i].raw, &asked);
		assert_int_equal(link_redirect(link, &asked, 0, &found), rows[i].status);
		put_sent(&b, &found);
		assert_string_equal(room, rows[i].address);
	}
}

/* The memory of a connection saves look-ups. It lasts for one second at most. */
static void test_what_is_remembered(void **state)
{
	static const struct site site;
	static const char both[] = "Accept-Encoding: gzip, br\r\n";
	static struct recent recent;
	const struct tree *tree = *state;
	struct resource found;
	int root = open_root(tree);
	tree_file(root, "a.txt", "text");
	tree_file(root, "a.txt.gz", "gzip");
	recent_begin(&recent);
	recent_enter(&recent, 1, 0, 0);
	assert_int_equal(ask_again(root, &recent, &site, both, "/a.txt", &found), STATUS_NONE);
	assert_int_equal(found.coding, CODING_GZIP);
	root_close(&found.file);
	assert_non_null(recent_find(&recent, "a.txt"));
	struct recent_siblings siblings = recent_find(&recent, "a.txt")->siblings;
	assert_int_equal(siblings.absent, 1 << CODING_BROTLI | 1 << CODING_ZSTD);
	assert_int_equal(siblings.regular, 1 << CODING_GZIP);
	/* A new sibling is found in the next second. Until then the other codings are sent. */
	tree_file(root, "a.txt.br", "brotli");
	for (int second = 1; second <= 2; second++) {
		recent_enter(&recent, second, 0, 0);
		assert_int_equal(ask_again(root, &recent, &site, both, "/a.txt", &found), STATUS_NONE);
		assert_int_equal(found.coding, second == 1 ? CODING_GZIP : CODING_BROTLI);
		assert_true(found.varies_coding);
		root_close(&found.file);
	}
	/* A removed file is noticed at once, and so is a new file of that name. */
	assert_int_equal(unlinkat(root, "a.txt.br", 0), 0);
	assert_int_equal(unlinkat(root, "a.txt.gz", 0), 0);
	assert_int_equal(unlinkat(root, "a.txt", 0), 0);
	tree_file(root, "a.txt", "other");
	assert_int_equal(ask_again(root, &recent, &site, both, "/a.txt", &found), STATUS_NONE);
	assert_int_equal(found.coding, CODING_IDENTITY);
	assert_string_equal(content(&found.file), "other");
	root_close(&found.file);
	assert_int_equal(unlinkat(root, "a.txt", 0), 0);
	assert_int_equal(ask_again(root, &recent, &site, "", "/a.txt", &found), STATUS_NOT_FOUND);
	/* A directory of that name is noticed, too. */
	tree_dir(root, "a.txt");
	assert_int_equal(ask_again(root, &recent, &site, "", "/a.txt", &found), STATUS_MOVED_PERMANENTLY);
	assert_int_equal(found.file.fd, -1);
	close(root);
}

/* Fails unless the target gets that content, and the connection keeps the file open for this coding. */
static void gets_kept(int root, struct recent *recent, const char *fields, const char *text, enum coding coding)
{
	static const struct site site;
	struct resource found;
	recent_enter(recent, 1, 0, 0);
	assert_int_equal(ask_again(root, recent, &site, fields, "/a.txt", &found), STATUS_NONE);
	assert_string_equal(content(&found.file), text);
	assert_int_equal(found.file.size, strlen(text));
	assert_int_equal(found.coding, coding);
	assert_ptr_equal(found.place, &recent_find(recent, "a.txt")->open[coding]);
	recent_keep(found.place, &found.file);
}

/* A file that stayed open is sent again only while its path still names it and it has not changed. */
static void test_what_stayed_open(void **state)
{
	static const struct site site;
	static const char gzip[] = "Accept-Encoding: gzip\r\n";
	static struct recent recent;
	struct resource found;
	int root = open_root(*state), before = descriptors();
	tree_file(root, "a.txt", "text");
	recent_begin(&recent);
	gets_kept(root, &recent, "", "text", CODING_IDENTITY);
	assert_int_equal(descriptors(), before + 1);
	int fd = recent_find(&recent, "a.txt")->open[CODING_IDENTITY].fd;
	gets_kept(root, &recent, "", "text", CODING_IDENTITY);
	assert_int_equal(recent_find(&recent, "a.txt")->open[CODING_IDENTITY].fd, fd);
	/* New content in the same file, then another file of that name. */
	rest(50);
	int written = openat(root, "a.txt", O_WRONLY | O_TRUNC);
	assert_int_equal(write(written, "longer text", 11), 11);
	close(written);
	gets_kept(root, &recent, "", "longer text", CODING_IDENTITY);
	tree_file(root, "new", "new");
	assert_int_equal(renameat(root, "new", root, "a.txt"), 0);
	gets_kept(root, &recent, "", "new", CODING_IDENTITY);
	/* The compressed sibling stays open as well. */
	tree_file(root, "a.txt.gz", "gzip");
	recent_find(&recent, "a.txt")->siblings = (struct recent_siblings){0, 0};
	for (int i = 0; i < 3; i++) {
		gets_kept(root, &recent, gzip, "gzip", CODING_GZIP);
		gets_kept(root, &recent, "", "new", CODING_IDENTITY);
		assert_int_equal(descriptors(), before + 2);
	}
	tree_file(root, "new", "packed");
	assert_int_equal(renameat(root, "new", root, "a.txt.gz"), 0);
	gets_kept(root, &recent, gzip, "packed", CODING_GZIP);
	/* The file loses o+r and gets it back; then it is removed. */
	assert_int_equal(fchmodat(root, "a.txt", 0640, 0), 0);
	assert_int_equal(ask_again(root, &recent, &site, "", "/a.txt", &found), STATUS_FORBIDDEN);
	assert_int_equal(fchmodat(root, "a.txt", 0644, 0), 0);
	gets_kept(root, &recent, "", "new", CODING_IDENTITY);
	assert_int_equal(unlinkat(root, "a.txt", 0), 0);
	assert_int_equal(ask_again(root, &recent, &site, "", "/a.txt", &found), STATUS_NOT_FOUND);
	recent_enter(&recent, 2, 5, 5);
	recent_note(&recent, "a.txt"); /* of another host's site */
	assert_int_equal(descriptors(), before);
	close(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_files),
		IN_TREE(test_a_directory_is_its_index),
		IN_TREE(test_an_index_that_is_a_directory_is_none),
		IN_TREE(test_a_directory_without_its_slash_is_moved),
		IN_TREE(test_a_file_is_no_directory),
		IN_TREE(test_hidden_names_are_not_found),
		IN_TREE(test_what_others_may_not_read_is_forbidden),
		IN_TREE(test_what_we_may_not_read_is_forbidden),
		IN_TREE(test_what_is_neither_file_nor_directory_is_not_found),
		IN_TREE(test_the_type_of_a_symlink_is_its_own),
		IN_TREE(test_names_that_are_too_long_are_not_found),
		cmocka_unit_test(test_no_root_is_what_the_errno_says),
		IN_TREE(test_the_sibling_that_the_client_would_rather_have),
		IN_TREE(test_a_sibling_that_is_no_good_is_passed_over),
		IN_TREE(test_svgz_is_sent_as_gzip_to_everybody),
		IN_TREE(test_no_acceptable_form_is_406),
		IN_TREE(test_a_directory_moves_to_its_slash),
		IN_TREE(test_listings),
		IN_TREE(test_the_fallback),
		IN_TREE(test_the_fallback_is_no_listing),
		IN_TREE(test_clean_urls),
		IN_TREE(test_a_symlink_that_is_a_uri_sends_there),
		IN_TREE(test_a_link_with_a_slash_takes_the_rest_along),
		IN_TREE(test_a_site_that_is_a_link),
		IN_TREE(test_what_is_remembered),
		IN_TREE(test_what_stayed_open),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
