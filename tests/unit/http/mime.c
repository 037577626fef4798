/* SPDX-License-Identifier: ISC */
/* mime_type() against mime.types, which these tests parse by themselves. */
#include "unit.h"

#include "http/mime.h"

static const char unknown[] = "application/octet-stream";

/* What mime.types says, one row an extension, or a slash and a whole name. */
struct list {
	size_t count;
	struct {
		char extension[40], type[128];
	} rows[1024];
};

static void list_add(struct list *list, const char *extension, const char *type)
{
	assert_true(list->count < sizeof list->rows / sizeof list->rows[0]);
	assert_true(strlen(extension) < sizeof list->rows[0].extension);
	const char *charset = strncmp(type, "text/", 5) == 0 ? "; charset=utf-8" : "";
	int n = snprintf(list->rows[list->count].type, sizeof list->rows[0].type, "%s%s", type, charset);
	assert_true(n > 0 && (size_t)n < sizeof list->rows[0].type);
	strcpy(list->rows[list->count++].extension, extension);
}

static void list_add_line(struct list *list, char *line)
{
	char *rest = NULL;
	line[strcspn(line, "#\n")] = '\0';
	const char *type = strtok_r(line, " \t", &rest), *extension;
	while (type && (extension = strtok_r(NULL, " \t", &rest)) != NULL)
		list_add(list, extension, type);
}

static int list_read(void **state)
{
	const char *path = getenv("MIME_TYPES");
	FILE *file = fopen(path ? path : "src/http/mime.types", "r");
	if (file == NULL)
		return -1;
	struct list *list = calloc(1, sizeof *list);
	assert_non_null(list);
	char line[1024];
	while (fgets(line, sizeof line, file))
		list_add_line(list, line);
	*state = list;
	return fclose(file);
}

static int list_free(void **state)
{
	free(*state);
	return 0;
}

static const char *list_type(const struct list *list, const char *extension)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->rows[i].extension, extension) == 0)
			return list->rows[i].type;
	return unknown;
}

static const char *type_of(const char *name)
{
	return mime_type(slice_of(name));
}

/* The name of a file with that extension, or of that whole name. */
static const char *file_of(const char *extension)
{
	static char name[64];
	int n = snprintf(name, sizeof name, extension[0] == '/' ? "d.png%s" : "x.%s", extension);
	assert_true(n > 0 && (size_t)n < sizeof name);
	return name;
}

/* Fails unless the function and the list agree about an extension in lower case. */
static void agree(const struct list *list, const char *extension)
{
	const char *name = file_of(extension);
	if (strcmp(type_of(name), list_type(list, extension)) != 0)
		fail_msg("%s is %s, not %s", name, type_of(name), list_type(list, extension));
}

static void test_every_extension(void **state)
{
	const struct list *list = *state;
	for (size_t i = 0; i < list->count; i++)
		agree(list, list->rows[i].extension);
	assert_true(list->count >= 140);
}

/* These are written out here, as a wrong line of the list would be a wrong type. */
static void test_common_types(void **state)
{
	(void)state;
	assert_string_equal(type_of("index.html"), "text/html; charset=utf-8");
	assert_string_equal(type_of("a.css"), "text/css; charset=utf-8");
	assert_string_equal(type_of("a.js"), "text/javascript; charset=utf-8");
	assert_string_equal(type_of("a.mjs"), "text/javascript; charset=utf-8");
	assert_string_equal(type_of("a.txt"), "text/plain; charset=utf-8");
	assert_string_equal(type_of("a.c"), "text/plain; charset=utf-8");
	assert_string_equal(type_of("a.md"), "text/markdown; charset=utf-8");
	assert_string_equal(type_of("a.json"), "application/json");
	assert_string_equal(type_of("a.webmanifest"), "application/manifest+json");
	assert_string_equal(type_of("a.xml"), "application/xml");
	assert_string_equal(type_of("a.svg"), "image/svg+xml");
	assert_string_equal(type_of("a.png"), "image/png");
	assert_string_equal(type_of("a.jpg"), "image/jpeg");
	assert_string_equal(type_of("a.avif"), "image/avif");
	assert_string_equal(type_of("favicon.ico"), "image/vnd.microsoft.icon");
	assert_string_equal(type_of("a.woff2"), "font/woff2");
	assert_string_equal(type_of("a.wasm"), "application/wasm");
	assert_string_equal(type_of("a.mp3"), "audio/mpeg");
	assert_string_equal(type_of("a.mp4"), "video/mp4");
	assert_string_equal(type_of("a.pdf"), "application/pdf");
	assert_string_equal(type_of("a.7z"), "application/x-7z-compressed");
	assert_string_equal(type_of("a.key"), "application/pgp-keys");
	assert_string_equal(type_of("a.pgp"), "application/pgp-encrypted");
	assert_string_equal(type_of("a.bin"), unknown);
}

static void in_upper_case(char *out, const char *text, size_t every)
{
	for (size_t i = 0; i <= strlen(text); i++) {
		bool letter = text[i] >= 'a' && text[i] <= 'z';
		out[i] = letter && i % every == 0 ? (char)(text[i] - 'a' + 'A') : text[i];
	}
}

static void test_case_is_ignored(void **state)
{
	const struct list *list = *state;
	for (size_t i = 0; i < list->count; i++)
		for (size_t every = 1; every < 4; every++) {
			char extension[40];
			in_upper_case(extension, list->rows[i].extension, every);
			assert_string_equal(type_of(file_of(extension)), list->rows[i].type);
		}
}

static void test_no_extension(void **state)
{
	static const char names[][24] = {
		"", ".", "..", "...", "/", "/.", "./", "html", "nothing", "x.", "readme/", "readme/x",
		"css", "readme.", ".readme", "x.readme", "readmes", "//", "/css", "svg", "reads/me",
		"x.html.", "x..", ".html", "a/.html",
		"/.html", "a.html/.html", "a.html/b", "a.html/", "a.b/c", "a.html/x.", "html.", "a.b/html",
	};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(type_of(names[i]), unknown) != 0)
			fail_msg("'%s' is %s", names[i], type_of(names[i]));
	assert_string_equal(mime_type((struct slice){NULL, 0}), unknown);
}

static void test_names_without_an_extension(void **state)
{
	static const char names[][32] = {
		"README", "readme", "Readme", "/README", "a/README", "a.png/LICENSE", "COPYING", "Makefile", "SHA256SUMS",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(names); i++)
		if (strcmp(type_of(names[i]), "text/plain; charset=utf-8") != 0)
			fail_msg("'%s' is %s", names[i], type_of(names[i]));
	assert_string_equal(type_of(".well-known/apple-app-site-association"), "application/json");
	assert_string_equal(type_of("README.html"), "text/html; charset=utf-8");
}

static void test_svgz_alone_is_gzip_of_its_type(void **state)
{
	static const char others[][12] = {"x.svg", "x.gz", "x.svg.gz", "svgz", ".svgz", "x.svgz/a", "x.svgz.br", ""};
	(void)state;
	assert_true(mime_gzipped(slice_of("a/x.svgz")) && mime_gzipped(slice_of("X.SVGZ")));
	assert_string_equal(type_of("x.svgz"), "image/svg+xml");
	for (size_t i = 0; i < ROWS(others); i++)
		assert_false(mime_gzipped(slice_of(others[i])));
}

static void test_the_last_extension_counts(void **state)
{
	(void)state;
	assert_string_equal(type_of("x.tar.gz"), "application/gzip");
	assert_string_equal(type_of("x.html.png"), "image/png");
	assert_string_equal(type_of("x..png"), "image/png");
	assert_string_equal(type_of(".x.png"), "image/png");
	assert_string_equal(type_of("/a.css/b.d/c.png"), "image/png");
	assert_string_equal(type_of(".well.known/c.png"), "image/png");
	assert_string_equal(type_of("../c.png"), "image/png");
	assert_string_equal(type_of("x.png.html~"), unknown);
}

static void test_unknown(void **state)
{
	(void)state;
	assert_string_equal(type_of("x.unheard"), unknown);
	assert_string_equal(type_of("x.htmlhtmlhtml"), unknown);
	assert_string_equal(type_of("x.webmanifests"), unknown);
	assert_string_equal(type_of("x. html"), unknown);
	assert_string_equal(type_of("x.html "), unknown);
	assert_string_equal(type_of("x.\xff\xfe"), unknown);
	char name[8192];
	memset(name, 'a', sizeof name);
	name[1] = '.';
	assert_string_equal(mime_type((struct slice){name, sizeof name}), unknown);
}

static void test_nul_is_a_byte_like_any(void **state)
{
	(void)state;
	assert_string_equal(mime_type((struct slice){"x.\0", 3}), unknown);
	assert_string_equal(mime_type((struct slice){"x.html\0", 7}), unknown);
	assert_string_equal(mime_type((struct slice){"x.h\0c", 5}), unknown);
	assert_string_equal(mime_type((struct slice){"x\0.png", 6}), "image/png");
}

/* There are far more extensions than slots, so every slot is compared with many wrong ones. */
static void test_every_short_extension(void **state)
{
	static const char bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789+_-";
	for (const char *a = bytes; *a; a++) {
		agree(*state, (char[]){*a, '\0'});
		for (const char *b = bytes; *b; b++) {
			agree(*state, (char[]){*a, *b, '\0'});
			for (const char *c = bytes; *c; c++)
				agree(*state, (char[]){*a, *b, *c, '\0'});
		}
	}
}

static void test_random_extensions(void **state)
{
	uint32_t seed = 1;
	for (int i = 0; i < 50000; i++) {
		char extension[16] = "";
		for (size_t len = 0; len < 1 + (size_t)i % 14; len++) {
			seed = seed * 1664525 + 1013904223;
			extension[len] = (char)('a' + (seed >> 16) % 26);
		}
		agree(*state, extension);
	}
}

/* Each name one byte shorter, one byte longer, and with each byte changed. */
static void test_near_misses(void **state)
{
	const struct list *list = *state;
	for (size_t i = 0; i < list->count; i++) {
		char extension[48] = "";
		strcpy(extension, list->rows[i].extension);
		size_t len = strlen(extension);
		agree(list, extension + 1);
		for (char c = 'a'; c <= 'z'; c++) {
			extension[len] = c;
			agree(list, extension);
		}
		extension[len] = '\0';
		for (size_t at = len; at-- > 0; extension[at] = list->rows[i].extension[at])
			for (extension[at] = 'a'; extension[at] <= 'z'; extension[at]++)
				agree(list, extension);
		extension[len - 1] = '\0';
		agree(list, extension);
	}
}

static void test_stays_in_bounds(void **state)
{
	const struct list *list = *state;
	for (size_t i = 0; i < list->count; i++) {
		assert_string_equal(mime_type(guarded(file_of(list->rows[i].extension))), list->rows[i].type);
	}
	assert_string_equal(mime_type(guarded("")), unknown);
	assert_string_equal(mime_type(guarded(".")), unknown);
	assert_string_equal(mime_type(guarded("/")), unknown);
	assert_string_equal(mime_type(guarded("x.")), unknown);
	assert_string_equal(mime_type(guarded(".html")), unknown);
	assert_string_equal(mime_type(guarded("x.htm~")), unknown);
	assert_string_equal(mime_type(guarded("x.unheard-of-anywhere")), unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_extension),
		cmocka_unit_test(test_common_types),
		cmocka_unit_test(test_case_is_ignored),
		cmocka_unit_test(test_no_extension),
		cmocka_unit_test(test_names_without_an_extension),
		cmocka_unit_test(test_svgz_alone_is_gzip_of_its_type),
		cmocka_unit_test(test_the_last_extension_counts),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_nul_is_a_byte_like_any),
		cmocka_unit_test(test_every_short_extension),
		cmocka_unit_test(test_random_extensions),
		cmocka_unit_test(test_near_misses),
		cmocka_unit_test(test_stays_in_bounds),
	};
	return cmocka_run_group_tests(tests, list_read, list_free);
}
