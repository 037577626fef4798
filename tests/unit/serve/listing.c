/* SPDX-License-Identifier: ISC */
/* listing: which names are listed, in which order, as which bytes; and more names than its memory holds. */
#include "tree.h"

#if defined __s390x__
#include <malloc.h>
#endif
#include <sys/socket.h>
#include <sys/un.h>

#include "base/buf.h"
#include "serve/listing.h"
#include "serve/listing_html.h"
#include "serve/listing_json.h"
#include "system/root.h"

static struct listing *listing;
static const char *query = ""; /* of the request */

/* All pieces of a listing, one behind the other, with a NUL behind the last. */
static struct {
	char text[8 << 20];
	size_t len, pieces;
} all;

/* Adds a piece of at most `size` bytes. Returns false at the end, and with *error where the listing breaks off. */
static bool add_piece(size_t size, int *error)
{
	listing->most = size;
	listing->room[LISTING_FRAME + size] = 'E';
	*error = listing_next(listing);
	struct slice piece = buf_slice(&listing->piece);
	assert_int_equal(listing->room[LISTING_FRAME + size], 'E');
	assert_false(listing->piece.overflow);
	if (*error != 0)
		return false;
	assert_true(all.len + piece.len < sizeof all.text);
	memcpy(all.text + all.len, piece.at, piece.len);
	all.len += piece.len;
	all.text[all.len] = '\0';
	all.pieces += piece.len > 0;
	return piece.len > 0;
}

/* The copies of the listing before are freed: qemu's user emulation of 32 bits runs out of addresses otherwise. */
static void begin(int root, int directory, const char *path, bool json)
{
	static struct slice path_copy, query_copy;
	listing_close(listing);
	guarded_free(path_copy);
	guarded_free(query_copy);
	path_copy = guarded(path);
	query_copy = guarded(query);
	assert_int_equal(listing_open(&listing, root, directory, path_copy, query_copy, json), 0);
	all.len = all.pieces = 0;
	all.text[0] = '\0';
}

/* Adds the remaining pieces, each of OUTPUT_MAX bytes. Returns the errno that broke the listing off, or 0. */
static int add_rest(void)
{
	int error;
	while (add_piece(OUTPUT_MAX, &error))
		;
	return error;
}

/* The whole listing of a directory beneath the tree's root. */
static const char *list(const struct tree *tree, const char *path, bool json)
{
	int before = descriptors();
	int directory = openat(tree->fd, path[0] != '\0' ? path : ".", O_RDONLY | O_DIRECTORY);
	assert_true(directory >= 0);
	begin(tree->fd, directory, path, json);
	for (int i = 0; i < 3; i++) { /* every call after the end gives the end again */
		size_t len = all.len;
		assert_int_equal(add_rest(), 0);
		assert_int_equal(listing->stage, LISTING_END);
		assert_true(i == 0 || all.len == len);
	}
	close(directory);
	assert_int_equal(descriptors(), before);
	return all.text;
}

/*
 * The length of the UTF-8 character at *s, by the code point that it decodes to; 0 for malformed ones (RFC 3629 section
 * 3).
 */
static size_t character(const unsigned char *s)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = s[0] < 0x80 ? 1 : (s[0] & 0xe0) == 0xc0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 : (s[0] & 0xf8) == 0xf0 ? 4 : 0;
	uint32_t code = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	return n > 0 && code >= least[n] && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? n : 0;
}

/* Takes a literal text off *s, or fails. */
static void take(const char **s, const char *text)
{
	if (strncmp(*s, text, strlen(text)) != 0)
		fail_msg("'%.80s' does not begin with '%s'", *s, text);
	*s += strlen(text);
}

/* Takes a JSON string off *s (RFC 8259 section 7) and writes its characters into `out`, with '?' for U+FFFD. */
static void take_string(const char **s, char out[4 * NAME_BYTES])
{
	size_t n = 0;
	unsigned code;
	take(s, "\"");
	while (**s != '"') {
		size_t len = character((const unsigned char *)*s);
		if (len == 0 || (unsigned char)**s < ' ')
			fail_msg("no JSON: '%.40s'", *s);
		if (strncmp(*s, "\\u", 2) == 0) {
			assert_true(strspn(*s + 2, "0123456789abcdef") >= 4);
			assert_int_equal(sscanf(*s + 2, "%4x", &code), 1);
			assert_true(code == 0xfffd || code < ' ');
			out[n++] = code == 0xfffd ? '?' : (char)code;
			*s += 6;
			continue;
		}
		if (**s == '\\') {
			++*s;
			assert_true(**s == '"' || **s == '\\');
		}
		memcpy(out + n, *s, len);
		n += len;
		*s += len;
		assert_true(n < 4 * NAME_BYTES - 4);
	}
	take(s, "\"");
	out[n] = '\0';
}

struct shown {
	char name[4 * NAME_BYTES], modified[4 * NAME_BYTES];
	bool directory;
	uint64_t size;
};

/*
 * Takes the next entry of a JSON listing off *s. Returns false at the end of the list, behind which nothing may follow.
 */
static bool take_entry(const char **s, bool first, struct shown *out)
{
	char type[4 * NAME_BYTES];
	if (strncmp(*s, "\n]", 2) == 0) {
		assert_string_equal(*s, "\n]\n");
		return false;
	}
	take(s, first ? "\n{\"name\":" : ",\n{\"name\":");
	take_string(s, out->name);
	take(s, ",\"type\":");
	take_string(s, type);
	out->directory = strcmp(type, "directory") == 0;
	out->size = 0;
	if (!out->directory) {
		assert_string_equal(type, "file");
		take(s, ",\"size\":");
		size_t digits = strspn(*s, "0123456789");
		assert_true(digits == 1 || (digits > 1 && **s != '0'));
		assert_true(slice_number((struct slice){*s, digits}, &out->size));
		*s += digits;
	}
	take(s, ",\"modified\":");
	take_string(s, out->modified);
	take(s, "}");
	return true;
}

/* The names in a JSON listing, separated by spaces; a slash follows those of directories. */
static const char *names_of(const char *json)
{
	static char out[65536];
	size_t n = 0;
	struct shown shown;
	const char *s = json;
	out[0] = '\0';
	take(&s, "[");
	for (bool first = true; take_entry(&s, first, &shown); first = false)
		n += (size_t)snprintf(out + n, sizeof out - n, "%s%s%s", n ? " " : "", shown.name, shown.directory ? "/" : "");
	assert_true(n < sizeof out);
	return out;
}

/* Fails unless exactly these names are listed, both as HTML and as JSON. */
static void assert_lists(const struct tree *tree, const char *path, const char *names)
{
	char text[65536];
	assert_string_equal(names_of(list(tree, path, true)), names);
	size_t n = 0;
	text[0] = '\0';
	for (const char *at = strstr(list(tree, path, false), "<tbody>"); (at = strstr(at, "<td><a href")) != NULL;) {
		const char *end = strstr(at, "</a>");
		at = strstr(at, "\">") + 2;
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s", n ? " " : "", (int)(end - at), at);
	}
	assert_string_equal(text, names);
}

static void test_an_empty_directory(void **state)
{
	assert_string_equal(list(*state, "", true), "[\n]\n");
	const char *html = list(*state, "", false);
	assert_ptr_equal(strstr(html, "<!DOCTYPE html>\n<html lang=\"en\">"), html);
	assert_non_null(strstr(html, "<title>Index of /</title>"));
	assert_non_null(strstr(html, "<h1>Index of /</h1>"));
	assert_non_null(strstr(html, "<tbody>\n<tr><td colspan=\"3\">This directory is empty.\n</tbody>\n</table>\n"));
	assert_int_equal(all.pieces, 1);
}

static void test_directories_first_each_kind_by_name(void **state)
{
	static const char *const files[] = {"b", "a", "B", "a.b", "a-b", "10", "9", "\xc3\xa9", "ab", "Z", "zz", "z"};
	static const char *const directories[] = {"y", "m", "M", "yy", "0"};
	const struct tree *tree = *state;
	for (size_t i = 0; i < ROWS(files); i++)
		tree_file(tree->fd, files[i], "x");
	for (size_t i = 0; i < ROWS(directories); i++)
		tree_dir(tree->fd, directories[i]);
	tree_link(tree->fd, "n", "y");
	assert_lists(tree, "", "0/ M/ m/ n/ y/ yy/ 9 10 a a-b a.b ab B b Z z zz \xc3\xa9");
	assert_lists(tree, "y", "");
}

static void set_time(int at, const char *name, time_t seconds)
{
	assert_int_equal(utimensat(at, name, (struct timespec[2]){{seconds, 0}, {seconds, 999999999}}, 0), 0);
}

/* The query decides the order, of HTML and of JSON. Unknown parts of a query are ignored. */
static void test_the_order_that_is_asked_for(void **state)
{
	static const struct {
		const char *query, *names, *sorted; /* `sorted`: the heading that shows the order */
	} rows[] = {
		{"", "d2/ d10/ A a2 a10", " aria-sort=\"ascending\"><button name=\"sort\" value=\"-name\">Name<"},
		{"sort=-name", "d10/ d2/ a10 a2 A", " aria-sort=\"descending\"><button name=\"sort\" value=\"name\">Name<"},
		{"sort=size", "d2/ d10/ a10 A a2", " aria-sort=\"ascending\"><button name=\"sort\" value=\"-size\">Size<"},
		{"sort=-size", "d2/ d10/ a2 A a10", " aria-sort=\"descending\"><button name=\"sort\" value=\"size\">Size<"},
		{"sort=time", "d10/ d2/ a2 a10 A", " aria-sort=\"ascending\"><button name=\"sort\" value=\"-time\">Changed"},
		{"sort=-time", "d2/ d10/ A a10 a2", " aria-sort=\"descending\"><button name=\"sort\" value=\"time\">Changed"},
		{"sort=\"><b>", "d2/ d10/ A a2 a10", " aria-sort=\"ascending\"><button name=\"sort\" value=\"-name\">Name<"},
	};
	static const struct {
		const char *name, *text; /* no text: a directory */
	} made[] = {{"a2", "123"}, {"a10", "1"}, {"A", "12"}, {"d10", NULL}, {"d2", NULL}}; /* the oldest first */
	const struct tree *tree = *state;
	for (size_t i = 0; i < ROWS(made); i++) {
		if (made[i].text != NULL)
			tree_file(tree->fd, made[i].name, made[i].text);
		else
			tree_dir(tree->fd, made[i].name);
		set_time(tree->fd, made[i].name, (time_t)i + 1);
	}
	for (size_t i = 0; i < ROWS(rows); i++) {
		query = rows[i].query;
		assert_lists(tree, "", rows[i].names);
		if (strstr(all.text, rows[i].sorted) == NULL || strstr(all.text, "<b>") != NULL)
			fail_msg("'%s': no %s in %s", query, rows[i].sorted, strstr(all.text, "<thead"));
		assert_null(strstr(strstr(all.text, " aria-sort=\"") + 1, " aria-sort=\""));
		for (char *at = all.text; (at = strstr(at, "href=\"")) != NULL; at++) /* programs follow links, not buttons */
			assert_null(memchr(at, '?', strcspn(at, ">")));
	}
	query = "";
}

static void test_hidden_names_are_left_out(void **state)
{
	static const char *const files[] = {".a", "..b", "...", "c.d", "e.", "-", "~"};
	const struct tree *tree = *state;
	for (size_t i = 0; i < ROWS(files); i++)
		tree_file(tree->fd, files[i], "x");
	tree_dir(tree->fd, ".d");
	tree_link(tree->fd, ".l", "c.d");
	assert_lists(tree, "", "- c.d e. ~");
}

static void test_what_a_request_would_not_get_is_left_out(void **state)
{
	static const struct {
		const char *name, *to;
	} links[] = {
		{"leaves", "../secret"}, {"leaves-directory", "../outside"}, {"leaves-up", ".."},
		{"absolute", "/etc/passwd"}, {"absolute-directory", "/"}, {"dangling", "nothing"}, {"loop", "loop"},
		{"link", "good"}, {"link-closed", "closed"}, {"link-open", "open"}, {"link-fifo", "fifo"},
		{"link-unreadable", "unreadable"},
	};
	const struct tree *tree = *state;
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int local = socket(AF_UNIX, SOCK_STREAM, 0);
	tree_dir(tree->fd, "root");
	int at = openat(tree->fd, "root", O_RDONLY | O_DIRECTORY);
	tree_file(tree->fd, "secret", "x");
	tree_dir(tree->fd, "outside");
	tree_file(at, "good", "x");
	tree_file(at, "unreadable", "x");
	assert_int_equal(fchmodat(at, "unreadable", 0660, 0), 0);
	tree_file(at, "others-only", "x");
	assert_int_equal(fchmodat(at, "others-only", 0444, 0), 0);
	tree_dir(at, "closed");
	assert_int_equal(fchmodat(at, "closed", 0751, 0), 0);
	tree_dir(at, "open");
	assert_int_equal(mkfifoat(at, "fifo", 0666), 0);
	for (size_t i = 0; i < ROWS(links); i++)
		tree_link(at, links[i].name, links[i].to);
	int n = snprintf(name.sun_path, sizeof name.sun_path, "%s/root/socket", tree->path);
	assert_true(n < (int)sizeof name.sun_path);
	assert_int_equal(bind(local, (struct sockaddr *)&name, sizeof name), 0);
	struct tree beneath = {.fd = at};
	assert_lists(&beneath, "", "link-open/ open/ good link others-only");
	close(local);
	close(at);
}

/* Names are looked up beneath the root, not in the current directory. Links may lead upwards while they stay inside. */
static void test_a_directory_deeper_down(void **state)
{
	const struct tree *tree = *state;
	tree_dir(tree->fd, "a b");
	tree_dir(tree->fd, "a b/c");
	tree_file(tree->fd, "top", "12345");
	tree_file(tree->fd, "a b/c/file", "1");
	tree_link(tree->fd, "a b/c/up", "../../top");
	tree_link(tree->fd, "a b/c/parent", "..");
	tree_link(tree->fd, "a b/c/out", "../../../etc");
	assert_lists(tree, "a b/c", "parent/ file up");
	assert_lists(tree, "a b", "c/");
	assert_non_null(strstr(list(tree, "a b/c", true), "\"up\",\"type\":\"file\",\"size\":5,"));
}

static void test_the_bytes_of_the_entries(void **state)
{
	const struct tree *tree = *state;
	tree_file(tree->fd, "file.txt", "1234567");
	tree_dir(tree->fd, "dir");
	set_time(tree->fd, "file.txt", 784111777);
	set_time(tree->fd, "dir", 0);
	assert_string_equal(list(tree, "", true),
		"[\n{\"name\":\"dir\",\"type\":\"directory\",\"modified\":\"1970-01-01T00:00:00Z\"},\n"
		"{\"name\":\"file.txt\",\"type\":\"file\",\"size\":7,\"modified\":\"1994-11-06T08:49:37Z\"}\n]\n");
	assert_non_null(strstr(list(tree, "", false),
		"<tbody>\n<tr><td><a href=\"dir/\">dir/</a><td><td><time datetime=\"1970-01-01T00:00:00Z\""
		" title=\"1970-01-01T00:00:00Z\">1970-01-01 00:00</time>\n"
		"<tr><td><a href=\"file.txt\">file.txt</a><td>7 B<td><time datetime=\"1994-11-06T08:49:37Z\""
		" title=\"1994-11-06T08:49:37Z\">1994-11-06 08:49</time>\n</tbody>\n"
		"<tfoot><tr><td>1 directory, 1 file<td>7 B<td></tfoot>\n</table>\n</form>\n</main>\n</body>\n</html>\n"));
}

static void test_sizes_that_people_can_read(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{0, "0 B"}, {1, "1 B"}, {999, "999 B"}, {1000, "1.0 KiB"}, {1023, "1.0 KiB"}, {1024, "1.0 KiB"},
		{1075, "1.0 KiB"}, {1076, "1.1 KiB"}, {1536, "1.5 KiB"}, {10188, "9.9 KiB"}, {10189, "10 KiB"},
		{10240, "10 KiB"}, {10751, "10 KiB"}, {10752, "11 KiB"}, {1023487, "999 KiB"}, {1023488, "1.0 MiB"},
		{1048575, "1.0 MiB"}, {1048576, "1.0 MiB"}, {5767168, "5.5 MiB"}, {UINT64_C(1) << 30, "1.0 GiB"},
		{UINT64_C(1) << 40, "1.0 TiB"},
	};
	const struct tree *tree = *state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char expected[64];
		int fd = openat(tree->fd, "file", O_RDWR | O_CREAT, 0644);
		assert_int_equal(fchmod(fd, 0644), 0);
		bool made = ftruncate(fd, (off_t)rows[i].bytes) == 0;
		close(fd);
		if (!made) {
			assert_true(rows[i].bytes > INT32_MAX); /* the file system allows no such size */
			continue;
		}
		if (rows[i].bytes < 1000)
			snprintf(expected, sizeof expected, "</a><td>%s<td>", rows[i].text);
		else
			snprintf(expected, sizeof expected, "</a><td title=\"%ju bytes\">%s<td>", (uintmax_t)rows[i].bytes,
				rows[i].text);
		if (strstr(list(tree, "", false), expected) == NULL)
			fail_msg("%ju is not %s", (uintmax_t)rows[i].bytes, rows[i].text);
		snprintf(expected, sizeof expected, "\"size\":%ju,", (uintmax_t)rows[i].bytes);
		assert_non_null(strstr(list(tree, "", true), expected));
	}
}

/* The encoded forms of a name: in a link (RFC 3986 sections 3.3 and 4.2), in HTML, and in JSON (RFC 8259 section 7). */
static void test_names_are_escaped(void **state)
{
	static const struct {
		const char *name, *reference, *html, *json;
	} rows[] = {
		{"a b", "a%20b", "a b", "a b"}, {"<&>\"'", "%3C%26%3E%22%27", "&#60;&#38;&#62;&#34;&#39;", "<&>\\\"'"},
		{"a:b", "a%3Ab", "a:b", "a:b"},
		{"javascript:alert(1)", "javascript%3Aalert%281%29", "javascript:alert(1)", "javascript:alert(1)"},
		{"-r!$*+,;=@~_-.", "%2Dr%21%24%2A%2B%2C%3B%3D%40%7E_-.", "-r!$*+,;=@~_-.", "-r!$*+,;=@~_-."},
		{"__init__.py", "%5F_init__.py", "__init__.py", "__init__.py"},
		{"%41", "%2541", "%41", "%41"}, {"?q", "%3Fq", "?q", "?q"}, {"#f", "%23f", "#f", "#f"},
		{"a\\b", "a%5Cb", "a\\b", "a\\\\b"}, {"\n", "%0A", "\n", "\\u000a"},
		{"\x01\x1f", "%01%1F", "\x01\x1f", "\\u0001\\u001f"},
		{"\x7f", "%7F", "\x7f", "\x7f"}, {"\xc3\xa9", "%C3%A9", "\xc3\xa9", "\xc3\xa9"},
		{"\xf0\x9f\x98\x80", "%F0%9F%98%80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
		{"\xff", "%FF", "\xff", "\\ufffd"},
		{"a\xc3", "a%C3", "a\xc3", "a\\ufffd"}, {"\xc3\"", "%C3%22", "\xc3&#34;", "\\ufffd\\\""},
		{"\xed\xa0\x80", "%ED%A0%80", "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd"},
		{"\xc0\xaf", "%C0%AF", "\xc0\xaf", "\\ufffd\\ufffd"},
	};
	const struct tree *tree = *state;
	for (size_t i = 0; i < 2 * ROWS(rows); i++) {
		char expected[256];
		size_t k = i / 2;
		bool directory = i % 2 == 1;
		const char *slash = directory ? "/" : "", *name = rows[k].name;
		if (directory)
			tree_dir(tree->fd, name);
		else
			tree_file(tree->fd, name, "");
		snprintf(expected, sizeof expected, "<a href=\"%s%s\">%s%s</a>", rows[k].reference, slash, rows[k].html,
			slash);
		if (strstr(list(tree, "", false), expected) == NULL)
			fail_msg("no %s", expected);
		snprintf(expected, sizeof expected, "{\"name\":\"%s\",\"type\":", rows[k].json);
		if (strstr(list(tree, "", true), expected) == NULL)
			fail_msg("no %s", expected);
		unlinkat(tree->fd, name, directory ? AT_REMOVEDIR : 0);
	}
}

/* For names of random bytes, the listing is valid JSON, and each byte that is no part of a character is one U+FFFD. */
static void test_names_of_random_bytes_are_json(void **state)
{
	static const unsigned char odd[] = {
		0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xe0, 0xa0, 0x9f, 0xed, 0xef, 0xf0, 0x90, 0x8f, 0xf4, 0xf5, 0xff, '"', '\\', 1,
		'a',
	};
	const struct tree *tree = *state;
	for (int round = 0; round < 700; round++) {
		char name[20] = "", expected[20];
		struct shown shown;
		size_t n = 1 + (size_t)random_below(12), len, m = 0;
		for (size_t i = 0; i < n; i++)
			name[i] = (char)(random_below(8) ? odd[random_below(sizeof odd)] : 1 + random_below(255));
		if (name[0] == '.' || memchr(name, '/', n) != NULL)
			continue;
		for (size_t i = 0; i < n; i += len > 0 ? len : 1) {
			len = character((const unsigned char *)name + i);
			for (size_t k = 0; k < (len > 0 ? len : 1); k++)
				expected[m++] = (char)(len > 0 ? name[i + k] : '?');
		}
		expected[m] = '\0';
		tree_file(tree->fd, name, "");
		const char *s = list(tree, "", true);
		take(&s, "[");
		assert_true(take_entry(&s, true, &shown));
		assert_string_equal(shown.name, expected);
		assert_false(take_entry(&s, false, &shown));
		unlinkat(tree->fd, name, 0);
	}
}

static void test_the_longest_names(void **state)
{
	static const char letters[] = "a\"&\xff\x01";
	const struct tree *tree = *state;
	char name[NAME_BYTES];
	for (size_t i = 0; letters[i] != '\0'; i++) {
		memset(name, letters[i], NAME_BYTES - 1);
		name[NAME_BYTES - 1] = '\0';
		tree_dir(tree->fd, name);
		tree_file(tree->fd, name + 1, "");
	}
	const char *s = list(tree, "", true);
	struct shown shown;
	size_t n = 0, bytes[2] = {0, 0};
	take(&s, "[");
	for (; take_entry(&s, n == 0, &shown); n++)
		bytes[shown.directory] += strlen(shown.name);
	assert_int_equal(n, 2 * (sizeof letters - 1));
	assert_int_equal(bytes[1], (sizeof letters - 1) * (NAME_BYTES - 1));
	assert_int_equal(bytes[0], (sizeof letters - 1) * (NAME_BYTES - 2));
	list(tree, "", false);
	memset(name, '"', NAME_BYTES - 1);
	char expected[4 * NAME_BYTES + 32];
	n = (size_t)snprintf(expected, sizeof expected, "<a href=\"");
	for (size_t i = 0; i < NAME_BYTES - 1; i++)
		n += (size_t)snprintf(expected + n, sizeof expected - n, "%%22");
	snprintf(expected + n, sizeof expected - n, "/\">");
	assert_non_null(strstr(all.text, expected));
}

static void test_breadcrumbs(void **state)
{
	static const struct {
		const char *path, *links;
	} rows[] = {
		{"", "<li><span aria-current=\"page\">home</span></ol>"},
		{"a", "<li><a href=\"/\">home</a><li><span aria-current=\"page\">a</span></ol>"},
		{"a/b",
		 "<li><a href=\"/\">home</a><li><a href=\"/a/\">a</a><li><span aria-current=\"page\">b</span></ol>"},
		{"a b/<&/c",
		 "<li><a href=\"/\">home</a><li><a href=\"/a%20b/\">a b</a><li><a href=\"/a%20b/%3C%26/\">&#60;&#38;</a>"
		 "<li><span aria-current=\"page\">c</span></ol>"},
		{"<b>", "<li><a href=\"/\">home</a><li><span aria-current=\"page\">&#60;b&#62;</span></ol>"},
	};
	const struct tree *tree = *state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char expected[1024];
		begin(tree->fd, tree->fd, rows[i].path, false);
		assert_int_equal(add_rest(), 0);
		snprintf(expected, sizeof expected, "<nav aria-label=\"Breadcrumb\"><ol>%s</nav>\n<main>", rows[i].links);
		if (strstr(all.text, expected) == NULL)
			fail_msg("'%s': no %s", rows[i].path, expected);
		assert_null(strstr(all.text, "<b>")); /* neither the title nor the heading has it */
		begin(tree->fd, tree->fd, rows[i].path, true); /* JSON has no heading */
		assert_int_equal(add_rest(), 0);
		assert_string_equal(all.text, "[\n]\n");
	}
}

/* A path of `depth` names of `len` bytes each, all of which have to be escaped. */
static const char *deep_path(size_t depth, size_t len)
{
	static char path[PATH_BYTES];
	size_t n = 0;
	for (size_t i = 0; i < depth && n + len + 2 < sizeof path; i++) {
		if (i > 0)
			path[n++] = '/';
		memset(path + n, '&', len);
		n += len;
	}
	path[n] = '\0';
	return path;
}

/* From one tried depth to the next. FULL=1 tries every depth, or with ASan, which takes longer, every seventh. */
static size_t depths(void)
{
	bool full = getenv("FULL") != NULL;
#ifdef SANITIZED
	return full ? 7 : 19;
#else
	return full ? 1 : 5;
#endif
}

/* For a path of any length the page is well-formed. A part that does not fit may be missing. */
static void test_the_page_of_any_path_is_whole(void **state)
{
	static const size_t lengths[] = {1, 2, 3, 4, 5, 7, 10, 40, 255};
	const struct tree *tree = *state;
	size_t step = depths();
	for (size_t i = 0; i < ROWS(lengths); i++) {
		for (size_t depth = 1; depth < 300 && depth * (lengths[i] + 1) < PATH_BYTES; depth += step) {
			const char *path = deep_path(depth, lengths[i]);
			begin(tree->fd, tree->fd, path, false);
			while (listing->stage != LISTING_END) {
				assert_int_equal(listing_next(listing), 0);
				struct buf b = listing->piece;
				struct slice s = buf_slice(&b);
				if (b.overflow || !slice_contains(s, slice_of("</h1>\n<form>\n<table>\n<thead><tr><th ")) ||
				    !slice_contains(s, slice_of(" empty.\n</tbody>\n</table>\n</form>\n</main>\n</body>\n</html>\n")))
					fail_msg("%zu names of %zu bytes: %zu bytes, overflow %d", depth, lengths[i], b.len, b.overflow);
			}
		}
	}
}

/* Names that take more than one pass over the directory. */
enum { TOO_MANY = NAMES_TEXT / 200 + 1 };

/* The name of file number i. The names are long, and their order is not the order of creation. */
static void many_name(char name[NAME_BYTES], unsigned i, bool directory)
{
	snprintf(name, NAME_BYTES, "%06u-%s-%0190u", (unsigned)((uint64_t)i * 7919 % 100003), directory ? "d" : "f", i);
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* All files are hard links to one, which takes a tenth of the time. */
static void make_many(int at, unsigned from, unsigned to, bool directory)
{
	char name[NAME_BYTES], first[NAME_BYTES];
	many_name(first, 0, false);
	for (unsigned i = from; i < to; i++) {
		many_name(name, i, directory);
		if (directory)
			tree_dir(at, name);
		else if (i == 0)
			tree_file(at, name, "");
		else
			assert_int_equal(linkat(at, first, at, name, 0), 0);
	}
}

/* Fails unless the text is a JSON listing of exactly the first so many directories and files that make_many makes. */
static void assert_many(const char *json, unsigned directories, unsigned files)
{
	static char names[TOO_MANY + 10][NAME_BYTES];
	struct shown shown;
	assert_true(directories + files <= ROWS(names));
	for (unsigned i = 0; i < directories + files; i++)
		many_name(names[i], i < directories ? i : i - directories, i < directories);
	qsort(names, directories, NAME_BYTES, compare);
	qsort(names + directories, files, NAME_BYTES, compare);
	take(&json, "[");
	for (unsigned i = 0; i < directories + files; i++) {
		assert_true(take_entry(&json, i == 0, &shown));
		if (strcmp(shown.name, names[i]) != 0 || shown.directory != (i < directories))
			fail_msg("of %u and %u, number %u is %s, not %s", directories, files, i, shown.name, names[i]);
	}
	assert_false(take_entry(&json, false, &shown));
}

static void test_more_names_than_a_pass_keeps(void **state)
{
	static const unsigned counts[] = {1, 1000, TOO_MANY};
	const struct tree *tree = *state;
	for (size_t i = 0; i < ROWS(counts); i++) {
		make_many(tree->fd, i > 0 ? counts[i - 1] : 0, counts[i], false);
		assert_many(list(tree, "", true), 0, counts[i]);
	}
	assert_true(all.pieces > 10);
}

static void test_more_directories_than_a_pass_keeps(void **state)
{
	const struct tree *tree = *state;
	make_many(tree->fd, 0, TOO_MANY, true);
	make_many(tree->fd, 0, 10, false);
	assert_many(list(tree, "", true), TOO_MANY, 10);
}

/* A pass may keep only names that are not listed. Further passes still follow. */
static void test_what_is_left_out_ends_nothing(void **state)
{
	const struct tree *tree = *state;
	char name[NAME_BYTES];
	tree_file(tree->fd, "a", "");
	assert_int_equal(fchmodat(tree->fd, "a", 0600, 0), 0);
	for (unsigned i = 0; i < TOO_MANY; i++) {
		snprintf(name, sizeof name, "a%0200u", i);
		assert_int_equal(linkat(tree->fd, "a", tree->fd, name, 0), 0);
	}
	tree_file(tree->fd, "z", "");
	assert_string_equal(names_of(list(tree, "", true)), "z");
}

/* The size of the pieces does not change the bytes of the whole. */
static void test_pieces_of_any_size_make_the_same_listing(void **state)
{
	static char expected[1 << 20];
	const struct tree *tree = *state;
	make_many(tree->fd, 0, 300, false);
	make_many(tree->fd, 0, 100, true);
	for (int json = 0; json < 2; json++) {
		size_t n = strlen(list(tree, "", json));
		assert_true(n < sizeof expected);
		strcpy(expected, all.text);
		for (int round = 0, error; round < 10; round++) {
			begin(tree->fd, tree->fd, "", json);
			for (size_t size = 4096; add_piece(size, &error);)
				size = 600 + (size_t)random_below(round < 5 ? 300 : 10000);
			assert_int_equal(error, 0);
			assert_int_equal(all.len, n);
			assert_memory_equal(all.text, expected, n);
		}
	}
}

/* A file that is removed between two pieces is left out, and no other name with it. */
static void test_a_file_that_goes_away_meanwhile(void **state)
{
	const struct tree *tree = *state;
	char name[NAME_BYTES];
	struct shown shown;
	unsigned seen = 0;
	int error;
	make_many(tree->fd, 0, 1500, false);
	begin(tree->fd, tree->fd, "", true);
	assert_true(add_piece(OUTPUT_MAX, &error));
	for (unsigned i = 0; i < 1500; i += 2) {
		many_name(name, i, false);
		assert_int_equal(unlinkat(tree->fd, name, 0), 0);
	}
	size_t first = all.len;
	assert_int_equal(add_rest(), 0);
	const char *s = all.text;
	take(&s, "[");
	while (take_entry(&s, seen == 0, &shown)) {
		seen++;
		if (s - all.text > (ptrdiff_t)first)
			assert_int_equal(faccessat(tree->fd, shown.name, F_OK, 0), 0);
	}
	assert_true(seen >= 750 && seen < 1500);
}

/* Without a descriptor the listing would lack files that a request could get. So it breaks off. */
static void test_a_shortage_breaks_the_listing_off(void **state)
{
	const struct tree *tree = *state;
	tree_file(tree->fd, "a", "");
	tree_dir(tree->fd, "b");
	for (int json = 0; json < 2; json++) {
		begin(tree->fd, tree->fd, "", json);
		rlim_t before = no_more_descriptors();
		int error = add_rest();
		limit_descriptors(before);
		assert_int_equal(error, EMFILE);
		assert_int_equal(all.len, 0);
		list(tree, "", json);
	}
}

/* The first piece has been written here. A symlink takes a descriptor to follow. */
static void test_a_shortage_in_the_middle_breaks_the_listing_off(void **state)
{
	const struct tree *tree = *state;
	int error;
	make_many(tree->fd, 0, 500, false);
	tree_file(tree->fd, "y", "");
	tree_link(tree->fd, "z", "y");
	begin(tree->fd, tree->fd, "", false);
	assert_true(add_piece(OUTPUT_MAX, &error));
	rlim_t before = no_more_descriptors();
	error = add_rest();
	limit_descriptors(before);
	assert_int_equal(error, EMFILE);
	assert_null(strstr(all.text, "</html>"));
}

/* A descriptor that is not a directory breaks the listing off. */
static void test_what_is_no_directory_breaks_off(void **state)
{
	const struct tree *tree = *state;
	tree_file(tree->fd, "file", "");
	int fd = openat(tree->fd, "file", O_RDONLY);
	begin(tree->fd, fd, "", true);
	assert_int_equal(add_rest(), ENOTDIR);
	assert_int_equal(all.len, 0);
	close(fd);
}

static void test_a_directory_that_was_removed_is_empty(void **state)
{
	const struct tree *tree = *state;
	tree_dir(tree->fd, "dir");
	int fd = openat(tree->fd, "dir", O_RDONLY | O_DIRECTORY);
	assert_int_equal(unlinkat(tree->fd, "dir", AT_REMOVEDIR), 0);
	begin(tree->fd, fd, "dir", true);
	assert_int_equal(add_rest(), 0);
	assert_string_equal(all.text, "[\n]\n");
	close(fd);
}

static void test_sizes_and_times_at_their_limits(void **state)
{
	static const struct {
		struct entry entry;
		const char *html, *json;
	} rows[] = {
		{{.size = UINT64_MAX, .seconds = INT64_MAX},
		 ">16 EiB<td><time datetime=\"9999-12-31T23:59:59Z\" title=\"9999-12-31T23:59:59Z\">9999-12-31 23:59</time>",
		 ",\"size\":18446744073709551615,\"modified\":\"9999-12-31T23:59:59Z\"}"},
		{{.size = UINT64_C(1) << 63, .seconds = INT64_MIN},
		 ">8.0 EiB<td><time datetime=\"0000-01-01T00:00:00Z\" title=\"0000-01-01T00:00:00Z\">0000-01-01 00:00</time>",
		 ",\"size\":9223372036854775808,\"modified\":\"0000-01-01T00:00:00Z\"}"},
		{{.seconds = -1},
		 ">0 B<td><time datetime=\"1969-12-31T23:59:59Z\" title=\"1969-12-31T23:59:59Z\">1969-12-31 23:59</time>",
		 ",\"size\":0,\"modified\":\"1969-12-31T23:59:59Z\"}"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char room[512], text[512];
		struct buf b = buf_in(room, sizeof room - 1);
		listing_html_entry(&b, "name", &rows[i].entry);
		listing_json_entry(&b, "name", &rows[i].entry, true);
		room[b.len] = '\0';
		snprintf(text, sizeof text, "%s\n\n{\"name\":\"name\",\"type\":\"file\"%s", rows[i].html, rows[i].json);
		if (strstr(room, text) == NULL)
			fail_msg("%s has no %s", room, text);
	}
}

static void test_sums(void **state)
{
	static const struct {
		struct listing_sums sums;
		const char *html;
	} rows[] = {
		{{0, 1, 0}, "<tr><td>1 file<td>0 B<td>"}, {{1, 0, 0}, "<tr><td>1 directory<td>0 B<td>"},
		{{2, 3, 1000}, "<tr><td>2 directories, 3 files<td title=\"1000 bytes\">1.0 KiB<td>"},
		{{UINT64_MAX / 2, UINT64_MAX / 2, UINT64_MAX}, "<td title=\"18446744073709551615 bytes\">16 EiB<td>"},
		{{0, 0, 0}, "<tr><td colspan=\"3\">This directory is empty.\n"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char room[512];
		struct buf b = buf_in(room, sizeof room - 1);
		listing_html_sums(&b, &rows[i].sums);
		room[b.len] = '\0';
		if (strstr(room, rows[i].html) == NULL)
			fail_msg("%s has no %s", room, rows[i].html);
	}
}

/* Files with holes can have any size. */
static void test_a_sum_does_not_wrap(void **state)
{
	const struct tree *tree = *state;
	off_t size = sizeof(off_t) > 4 ? INT64_MAX : INT32_MAX;
	int made = 0;
	for (char name[2] = "a"; name[0] <= 'c'; name[0]++) {
		int fd = openat(tree->fd, name, O_RDWR | O_CREAT, 0644);
		made += ftruncate(fd, size) == 0;
		close(fd);
	}
	list(tree, "", false);
	if (made == 3) /* the file system allows files of that size */
		assert_non_null(strstr(all.text, "<td>3 files<td title=\"18446744073709551615 bytes\">16 EiB<td>"));
}

/* Fails unless the listing has this text of a README below it; NULL: unless it has no README. */
static void assert_readme(const struct tree *tree, const char *name, const char *text)
{
	char expected[4096];
	list(tree, "", true);
	assert_null(strstr(all.text, "<pre>"));
	list(tree, "", false);
	snprintf(expected, sizeof expected, "</form>\n<h2>%s</h2>\n<pre>\n%s</pre>\n</main>\n</body>\n</html>\n", name,
		text != NULL ? text : "");
	if (text != NULL ? strstr(all.text, expected) == NULL : strstr(all.text, "<h2") != NULL)
		fail_msg("%s is not '%s': %s", name, text, strstr(all.text, "</form>"));
}

static void test_a_readme_stands_below(void **state)
{
	const struct tree *tree = *state;
	tree_dir(tree->fd, "README.md"); /* neither this directory nor the following files are taken for a README */
	tree_file(tree->fd, "README.html", "no");
	tree_file(tree->fd, "xREADME", "no");
	tree_file(tree->fd, ".README", "no");
	tree_link(tree->fd, "README.TXT", "/etc/passwd");
	assert_readme(tree, "", NULL);
	tree_file(tree->fd, "Readme", "<b>a & b</b>\n\"\xff'");
	assert_readme(tree, "Readme", "&#60;b&#62;a &#38; b&#60;/b&#62;\n&#34;\xff&#39;");
	tree_file(tree->fd, "README.txt", "before a NUL");
	assert_readme(tree, "README.txt", "before a NUL");
	tree_link(tree->fd, "readme.MD", "README.txt");
	assert_readme(tree, "readme.MD", "before a NUL");
	assert_int_equal(fchmodat(tree->fd, "README.txt", 0600, 0), 0);
	assert_readme(tree, "Readme", "&#60;b&#62;a &#38; b&#60;/b&#62;\n&#34;\xff&#39;");
	query = "sort=-name";
	assert_readme(tree, "Readme", "&#60;b&#62;a &#38; b&#60;/b&#62;\n&#34;\xff&#39;");
	query = "";
}

static void test_a_readme_with_a_nul_ends_there(void **state)
{
	const struct tree *tree = *state;
	int fd = openat(tree->fd, "README", O_WRONLY | O_CREAT, 0644);
	assert_int_equal(write(fd, "text\0binary", 11), 11);
	assert_int_equal(fchmod(fd, 0644), 0);
	close(fd);
	assert_readme(tree, "README", "text");
}

/* The README comes in pieces of any size, and stops after README_MAX bytes. */
static void test_a_long_readme(void **state)
{
	static char text[README_MAX + 2000];
	static const size_t sizes[] = {1, README_CHUNK, README_MAX - 1, README_MAX, README_MAX + 1, README_MAX + 1999};
	const struct tree *tree = *state;
	for (size_t i = 0; i < ROWS(sizes); i++) {
		int error;
		memset(text, '&', sizes[i]);
		text[sizes[i]] = '\0';
		unlinkat(tree->fd, "README", 0);
		tree_file(tree->fd, "README", text);
		size_t len = strlen(list(tree, "", false)), shown = sizes[i] < README_MAX ? sizes[i] : README_MAX, n = 0;
		/* Not by strstr, which reads to the end each time under ASan. */
		for (const char *at = strstr(all.text, "<pre>"); *at != '\0'; at++)
			n += strncmp(at, "&#38;", 5) == 0;
		assert_int_equal(n, shown);
		assert_int_equal(strstr(all.text, "</h2>") != strstr(all.text, "README</h2>") + 6, sizes[i] > README_MAX);
		begin(tree->fd, tree->fd, "", false);
		for (size_t size = 6000; add_piece(size, &error);)
			size = 600 + (size_t)random_below(3000);
		assert_int_equal(error, 0);
		assert_int_equal(all.len, len);
	}
}

static int free_listing(void **state)
{
	(void)state;
	listing_close(listing);
	return 0;
}

/*
 * On s390x a listing is the last part of the data segment (system/memory). In httpd nothing else makes that grow, but
 * here glibc's malloc(3) would, from where it ended before the listing, and so take the listing's memory away.
 */
static void keep_malloc_off_the_data_segment(void)
{
#if defined __s390x__ && defined __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 4096);
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TREE(test_an_empty_directory),
		IN_TREE(test_directories_first_each_kind_by_name),
		IN_TREE(test_the_order_that_is_asked_for),
		IN_TREE(test_hidden_names_are_left_out),
		IN_TREE(test_what_a_request_would_not_get_is_left_out),
		IN_TREE(test_a_directory_deeper_down),
		IN_TREE(test_the_bytes_of_the_entries),
		IN_TREE(test_sizes_that_people_can_read),
		IN_TREE(test_names_are_escaped),
		IN_TREE(test_names_of_random_bytes_are_json),
		IN_TREE(test_the_longest_names),
		IN_TREE(test_breadcrumbs),
		IN_TREE(test_the_page_of_any_path_is_whole),
		IN_TREE(test_more_names_than_a_pass_keeps),
		IN_TREE(test_more_directories_than_a_pass_keeps),
		IN_TREE(test_what_is_left_out_ends_nothing),
		IN_TREE(test_pieces_of_any_size_make_the_same_listing),
		IN_TREE(test_a_file_that_goes_away_meanwhile),
		IN_TREE(test_a_shortage_breaks_the_listing_off),
		IN_TREE(test_a_shortage_in_the_middle_breaks_the_listing_off),
		IN_TREE(test_what_is_no_directory_breaks_off),
		IN_TREE(test_a_directory_that_was_removed_is_empty),
		cmocka_unit_test(test_sizes_and_times_at_their_limits),
		cmocka_unit_test(test_sums),
		IN_TREE(test_a_sum_does_not_wrap),
		IN_TREE(test_a_readme_stands_below),
		IN_TREE(test_a_readme_with_a_nul_ends_there),
		IN_TREE(test_a_long_readme),
	};
	keep_malloc_off_the_data_segment();
	return cmocka_run_group_tests(tests, NULL, free_listing);
}
