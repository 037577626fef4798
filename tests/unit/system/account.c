/* SPDX-License-Identifier: ISC */
/* account: numbers and names for --user, from this machine's accounts and from files of the test. */
#include "tree.h"

#include "base/bounds.h"
#include "system/account.h"

/* account.c once more, with an /etc/passwd in memory that is read in pieces of any size. */
static struct {
	struct slice text;
	size_t at, step; /* bytes read so far, and bytes of each read */
	int failure; /* errno of every read, or 0 */
	bool missing, interrupted; /* no such file; every second read is interrupted */
	int opened, reads;
} passwd;

static int passwd_open(const char *path, int flags)
{
	assert_string_equal(path, "/etc/passwd");
	passwd.opened++;
	passwd.at = 0;
	if (!passwd.missing)
		return open("/dev/null", flags);
	errno = ENOENT;
	return -1;
}

static ssize_t passwd_read(int fd, void *to, size_t n)
{
	assert_true(fd >= 0);
	size_t left = passwd.text.len - passwd.at;
	if (passwd.failure != 0 || (passwd.interrupted && ++passwd.reads % 2 == 1)) {
		errno = passwd.failure != 0 ? passwd.failure : EINTR;
		return -1;
	}
	if (n > passwd.step)
		n = passwd.step;
	if (n > left)
		n = left;
	if (n > 0)
		memcpy(to, passwd.text.at + passwd.at, n);
	passwd.at += n;
	return (ssize_t)n;
}

bool tried_find(const char *text, uid_t *uid, gid_t *gid);
#define account_find tried_find
#define open(path, flags) passwd_open(path, flags)
#define read(fd, at, n) passwd_read(fd, at, n)
#include "system/account.c"
#undef account_find
#undef open
#undef read

static void begin(const char *bytes, size_t len)
{
	memset(&passwd, 0, sizeof passwd);
	passwd.text = (struct slice){bytes, len};
	passwd.step = SIZE_MAX;
}

struct row {
	const char *text;
	bool found;
	uint64_t uid, gid;
};

static void assert_row(bool find(const char *, uid_t *, gid_t *), const struct row *row)
{
	uid_t uid = 4242;
	gid_t gid = 4343;
	int before = descriptors();
	bool found = find(guarded_again(row->text, strlen(row->text) + 1).at, &uid, &gid);
	if (found != row->found || (found && (uid != row->uid || gid != row->gid)))
		fail_msg("'%.60s': %d, %ju, %ju", row->text, found, (uintmax_t)uid, (uintmax_t)gid);
	assert_int_equal(descriptors(), before);
}

static void test_numbers(void **state)
{
	static const struct row rows[] = {
		{"1", true, 1, 1}, {"1000", true, 1000, 1000}, {"65534", true, 65534, 65534}, {"1:2", true, 1, 2},
		{"1000:33", true, 1000, 33}, {"4294967294", true, 4294967294, 4294967294}, {"007", true, 7, 7},
		{"4294967294:4294967294", true, 4294967294, 4294967294}, {"1:4294967294", true, 1, 4294967294},
	};
	(void)state;
	begin("1:x:5:5::\n", 10);
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_row(account_find, &rows[i]);
		assert_row(tried_find, &rows[i]);
	}
	assert_int_equal(passwd.opened, 0); /* a number is not looked up */
}

static void test_root_in_every_guise_is_refused(void **state)
{
	static const char *const rows[] = {
		"0", "00", "0:0", "0:1", "1:0", "1000:0", "1000:000", "root", "root:root", "root:1",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct row row = {rows[i], false, 0, 0};
		assert_row(account_find, &row);
	}
}

/* 4294967295 is (uid_t)-1, "do not change it" (setreuid(2)). A larger number could become any other when it is cut. */
static void test_ids_that_no_process_can_have_are_refused(void **state)
{
	static const char *const rows[] = {
		"4294967295", "4294967295:1", "1:4294967295", "4294967296", "4294967297", "1:4294967297",
		"18446744073709551615",
		"18446744073709551616", "18446744073709551617", "1:18446744073709551617", "99999999999999999999999999999999",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct row row = {rows[i], false, 0, 0};
		assert_row(account_find, &row);
	}
}

static void test_what_is_neither_form_is_refused(void **state)
{
	static const char *const rows[] = {
		"", ":", "::", "1:", ":1", "1:2:", "1:2:3", "1::2", "-1", "+1", " 1", "1 ", "1:-2", "1: 2", "0x10", "1.5",
		"1e3", "1:nobody", "nobody:1", "nobody:nogroup", "nobody:", ":nobody", "daemon:daemon", "1,2", "1/2", "1\n",
		"\n", "x\n", "no-such-account-here", "nobody ", " nobody", "nobod", "nobodyy", "NOBODY",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct row row = {rows[i], false, 0, 0};
		assert_row(account_find, &row);
	}
}

static void test_overlong_texts_are_refused(void **state)
{
	static char text[40000];
	(void)state;
	for (size_t n = ACCOUNT_LINE - 2; n < sizeof text; n += n < ACCOUNT_LINE + 2 ? 1 : 9973) {
		struct row row = {text, false, 0, 0};
		memset(text, 'a', n);
		text[n] = '\0';
		assert_row(account_find, &row);
		memset(text, '1', n);
		assert_row(account_find, &row);
		text[0] = ':';
		assert_row(account_find, &row);
	}
}

/* Every account of this machine, as /etc/passwd has it. */
static void test_the_accounts_of_this_machine(void **state)
{
	FILE *file = fopen("/etc/passwd", "r");
	char line[ACCOUNT_LINE], name[64];
	uintmax_t uid, gid;
	static char seen[32768] = "\n";
	(void)state;
	if (file == NULL)
		leave_out("the accounts of this machine (there is no /etc/passwd)");
	while (fgets(line, sizeof line, file) != NULL) {
		int fields = sscanf(line, "%63[^:\n]:%*[^:]:%ju:%ju", name, &uid, &gid);
		if (fields != 3 || strspn(name, "0123456789") == strlen(name))
			continue;
		char mark[70];
		snprintf(mark, sizeof mark, "\n%s\n", name);
		if (strstr(seen, mark) != NULL || strlen(seen) + strlen(mark) >= sizeof seen)
			continue;
		strcat(seen, mark + 1);
		struct row row = {name, uid > 0 && gid > 0, uid, gid};
		assert_row(account_find, &row);
	}
	fclose(file);
}

static void assert_passwd(const char *text, const struct row *rows, size_t count)
{
	static const size_t steps[] = {SIZE_MAX, 1, 2, 7, ACCOUNT_LINE - 1, ACCOUNT_LINE};
	for (size_t i = 0; i < count * ROWS(steps); i++) {
		begin(text, strlen(text));
		passwd.step = steps[i / count];
		passwd.interrupted = i % 2 == 1;
		assert_row(tried_find, &rows[i % count]);
	}
}

static void test_names_with_their_group(void **state)
{
	static const char text[] =
		"root:x:0:0:root:/root:/bin/sh\ntoor:x:0:5::/:\nwheel:x:5:0::/:\n\n# a:x:1:1\n"
		"web:x:33:44:Web:/var/www:/bin/false\n"
		"web:x:55:66::/:\nwebs:x:77:88::/:\nw:x:41:42::/:\n:x:9:9::/:\n"
		"short:x:12\nbare:x:12:13\nnone\nletters:x:a:b::/:\n"
		"minus:x:-1:5::/:\nlarge:x:4294967295:5::/:\nhuge:x:4294967294:4294967294::/:\nother:x:5:4294967295::/:\n"
		"+::::::\n+nis:x:5:5::/:\nspace :x:21:22::/:\n123abc:x:23:24::/:\nempty::25:26::/:\nlast:x:31:32::/:/bin/sh";
	static const struct row rows[] = {
		{"root", false, 0, 0}, {"toor", false, 0, 0}, {"wheel", false, 0, 0}, {"web", true, 33, 44},
		{"w", true, 41, 42},
		{"webs", true, 77, 88}, {"we", false, 0, 0}, {"eb", false, 0, 0}, {"Web", false, 0, 0}, {"short", false, 0, 0},
		{"bare", true, 12, 13}, {"none", false, 0, 0}, {"letters", false, 0, 0}, {"minus", false, 0, 0},
		{"large", false, 0, 0}, {"huge", true, 4294967294, 4294967294}, {"other", false, 0, 0}, {"# a", true, 1, 1},
		{"space ", true, 21, 22}, {"space", false, 0, 0}, {"123abc", true, 23, 24}, {"empty", true, 25, 26},
		{"last", true, 31, 32}, {"las", false, 0, 0}, {"", false, 0, 0}, {"x", false, 0, 0}, {"web\n", false, 0, 0},
	};
	(void)state;
	assert_passwd(text, rows, ROWS(rows));
}

static void test_no_file_no_account(void **state)
{
	static const struct row row = {"web", false, 0, 0}, there = {"web", true, 33, 44};
	static const char text[] = "web:x:33:44::/:\n";
	(void)state;
	begin(text, strlen(text));
	assert_row(tried_find, &there);
	begin(text, strlen(text));
	passwd.missing = true;
	assert_row(tried_find, &row);
	begin(text, strlen(text));
	passwd.failure = EIO;
	assert_row(tried_find, &row);
	begin("", 0);
	assert_row(tried_find, &row);
	begin("\n\n\n", 3);
	assert_row(tried_find, &row);
	begin("web:x:33:44\0::/:\n", 17);
	assert_row(tried_find, &row);
}

/* Writes an account's line of `len` bytes, its line end included, with another line before and behind it. */
static size_t around(char *text, const char *name, size_t len)
{
	size_t n = (size_t)sprintf(text, "first:x:5:6::/:\n");
	size_t begun = n;
	n += (size_t)sprintf(text + n, "%s:x:7:8:", name);
	memset(text + n, 'g', len - 1 - (n - begun));
	n = begun + len - 1;
	n += (size_t)sprintf(text + n, "\nlast:x:9:10::/:\n");
	return n;
}

/* A line that fits the buffer is an account, a longer one is not. Neither changes the lines beside it. */
static void test_lines_up_to_the_limit(void **state)
{
	static const size_t steps[] = {SIZE_MAX, 1000, 1};
	static char text[4 * ACCOUNT_LINE];
	(void)state;
	for (size_t len = 20; len <= 3 * ACCOUNT_LINE; len += len > ACCOUNT_LINE - 60 && len < ACCOUNT_LINE + 40 ? 1 : 53) {
		const struct row rows[] = {
			{"first", true, 5, 6}, {"me", len <= ACCOUNT_LINE, 7, 8}, {"last", true, 9, 10}, {"g", false, 0, 0},
		};
		size_t n = around(text, "me", len);
		for (size_t i = 0; i < ROWS(rows) * ROWS(steps); i++) {
			begin(text, n);
			passwd.step = steps[i / ROWS(rows)];
			assert_row(tried_find, &rows[i % ROWS(rows)]);
		}
	}
}

/* "A line longer than the buffer is no account of ours". Neither is a text in the middle of it. */
static void test_the_rest_of_a_long_line_is_no_line(void **state)
{
	static const struct row row = {"evil", false, 0, 0};
	static char text[4 * ACCOUNT_LINE];
	(void)state;
	for (size_t before = 1; before < 3 * ACCOUNT_LINE; before++) {
		memset(text, 'g', before);
		size_t n = before + (size_t)sprintf(text + before, "evil:x:7:8::/:\nlast:x:9:10::/:\n");
		begin(text, n);
		assert_row(tried_find, &row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_root_in_every_guise_is_refused),
		cmocka_unit_test(test_ids_that_no_process_can_have_are_refused),
		cmocka_unit_test(test_what_is_neither_form_is_refused),
		cmocka_unit_test(test_overlong_texts_are_refused),
		cmocka_unit_test(test_the_accounts_of_this_machine),
		cmocka_unit_test(test_names_with_their_group),
		cmocka_unit_test(test_no_file_no_account),
		cmocka_unit_test(test_lines_up_to_the_limit),
		cmocka_unit_test(test_the_rest_of_a_long_line_is_no_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
