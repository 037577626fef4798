/* SPDX-License-Identifier: ISC */
/* status: each value of the enum, as read from status.h itself, and each errno that a file system may give. */
#include "unit.h"

#include <ctype.h>
#include <errno.h>

#include "base/status.h"

/* The reasons of the IANA registry, which is where RFC 9110 section 15.1 sends us. */
static const struct {
	int status;
	const char *reason;
} registered[] = {
	{100, "Continue"}, {101, "Switching Protocols"}, {200, "OK"}, {201, "Created"}, {202, "Accepted"},
	{203, "Non-Authoritative Information"}, {204, "No Content"}, {205, "Reset Content"}, {206, "Partial Content"},
	{300, "Multiple Choices"}, {301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"}, {304, "Not Modified"},
	{307, "Temporary Redirect"}, {308, "Permanent Redirect"}, {400, "Bad Request"}, {401, "Unauthorized"},
	{403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"}, {406, "Not Acceptable"},
	{408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"}, {411, "Length Required"}, {412, "Precondition Failed"},
	{413, "Content Too Large"}, {414, "URI Too Long"}, {415, "Unsupported Media Type"}, {416, "Range Not Satisfiable"},
	{417, "Expectation Failed"}, {421, "Misdirected Request"}, {422, "Unprocessable Content"},
	{426, "Upgrade Required"}, {428, "Precondition Required"}, {429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"}, {451, "Unavailable For Legal Reasons"}, {500, "Internal Server Error"},
	{501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"}, {504, "Gateway Timeout"},
	{505, "HTTP Version Not Supported"},
};

/* The values of the enum but STATUS_NONE. */
struct values {
	size_t count;
	int status[64];
};

static int values_read(void **state)
{
	const char *path = getenv("STATUS_H");
	FILE *file = fopen(path ? path : "src/base/status.h", "r");
	if (file == NULL)
		return -1;
	struct values *values = calloc(1, sizeof *values);
	assert_non_null(values);
	char line[256], name[64];
	int status;
	while (fgets(line, sizeof line, file))
		if (sscanf(line, " %63[A-Z_] = %d", name, &status) == 2 && status != 0) {
			assert_true(values->count < ROWS(values->status));
			values->status[values->count++] = status;
		}
	*state = values;
	return fclose(file);
}

static int values_free(void **state)
{
	free(*state);
	return 0;
}

static const char *reason_of(int status)
{
	return status_reason((enum status)status);
}

static const char *text_of(int status)
{
	return status_text((enum status)status);
}

static void test_the_enum_was_read(void **state)
{
	const struct values *values = *state;
	assert_true(values->count >= 20);
	assert_int_equal(values->status[0], STATUS_OK);
}

static void test_reasons_are_the_registered_ones_9110_15(void **state)
{
	const struct values *values = *state;
	for (size_t i = 0; i < values->count; i++) {
		size_t row = 0;
		while (row < ROWS(registered) && registered[row].status != values->status[i])
			row++;
		if (row == ROWS(registered))
			fail_msg("%d has no row in this test", values->status[i]);
		assert_string_equal(reason_of(values->status[i]), registered[row].reason);
	}
}

/* A status without a row would get the texts of 500, so no two may be equal. */
static void test_each_has_a_reason_and_a_text_of_its_own(void **state)
{
	const struct values *values = *state;
	for (size_t i = 0; i < values->count; i++)
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(reason_of(values->status[i]), reason_of(values->status[j]));
			assert_string_not_equal(text_of(values->status[i]), text_of(values->status[j]));
		}
}

static void test_texts_are_sentences(void **state)
{
	const struct values *values = *state;
	for (size_t i = 0; i < values->count; i++) {
		const char *text = text_of(values->status[i]);
		size_t len = strlen(text);
		assert_true(len > 5);
		assert_true(isupper((unsigned char)text[0]));
		if (text[len - 1] != '.' || text[len - 2] == '.')
			fail_msg("%d: '%s'", values->status[i], text);
		for (const char *c = text; *c; c++)
			assert_true(*c >= ' ' && *c < 0x7f && !strchr("<>&\"", *c));
	}
}

/* reason-phrase = 1*( HTAB / SP / VCHAR / obs-text ) */
static void test_reasons_are_clean_9112_4(void **state)
{
	const struct values *values = *state;
	for (size_t i = 0; i < values->count; i++) {
		const char *reason = reason_of(values->status[i]);
		assert_true(reason[0] > ' ' && reason[strlen(reason) - 1] > ' ');
		for (const char *c = reason; *c; c++)
			assert_true(*c == ' ' || isalpha((unsigned char)*c));
	}
}

static void test_others_are_never_null(void **state)
{
	static const int others[] = {-1, 0, 1, 99, 100, 199, 203, 207, 299, 299, 399, 418, 419, 499, 502, 506, 599, 600,
		200 + 65536, 404 + 65536, 0x7fffffff};
	(void)state;
	for (size_t i = 0; i < ROWS(others); i++) {
		assert_string_equal(reason_of(others[i]), "Internal Server Error");
		assert_string_equal(text_of(others[i]), text_of(500));
	}
}

static void test_errno(void **state)
{
	static const struct {
		int error;
		enum status status;
	} rows[] = {
		{0, STATUS_NONE},
		{ENOENT, STATUS_NOT_FOUND}, {EXDEV, STATUS_NOT_FOUND}, {ENOTDIR, STATUS_NOT_FOUND}, {ELOOP, STATUS_NOT_FOUND},
		{ENAMETOOLONG, STATUS_NOT_FOUND}, {EILSEQ, STATUS_NOT_FOUND}, {EINVAL, STATUS_NOT_FOUND},
		{EACCES, STATUS_FORBIDDEN}, {EPERM, STATUS_FORBIDDEN},
		{EMFILE, STATUS_SERVICE_UNAVAILABLE}, {ENFILE, STATUS_SERVICE_UNAVAILABLE},
		{ENOMEM, STATUS_SERVICE_UNAVAILABLE}, {EAGAIN, STATUS_SERVICE_UNAVAILABLE},
		{ETIMEDOUT, STATUS_SERVICE_UNAVAILABLE},
		{EIO, STATUS_INTERNAL_SERVER_ERROR}, {EBADF, STATUS_INTERNAL_SERVER_ERROR},
		{EFAULT, STATUS_INTERNAL_SERVER_ERROR}, {ENOSYS, STATUS_INTERNAL_SERVER_ERROR},
		{-1, STATUS_INTERNAL_SERVER_ERROR}, {1 << 20, STATUS_INTERNAL_SERVER_ERROR},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (status_of_errno(rows[i].error) != rows[i].status)
			fail_msg("%s is %d", strerror(rows[i].error), (int)status_of_errno(rows[i].error));
}

static void test_every_errno_is_an_error(void **state)
{
	(void)state;
	for (int error = 1; error < 200; error++)
		assert_true(status_of_errno(error) >= 400 && status_of_errno(error) < 600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_enum_was_read),
		cmocka_unit_test(test_reasons_are_the_registered_ones_9110_15),
		cmocka_unit_test(test_each_has_a_reason_and_a_text_of_its_own),
		cmocka_unit_test(test_texts_are_sentences),
		cmocka_unit_test(test_reasons_are_clean_9112_4),
		cmocka_unit_test(test_others_are_never_null),
		cmocka_unit_test(test_errno),
		cmocka_unit_test(test_every_errno_is_an_error),
	};
	return cmocka_run_group_tests(tests, values_read, values_free);
}
