/* SPDX-License-Identifier: ISC */
/* condition: the status that preconditions and a Range give to a file of 1000 bytes and to a listing. */
#include "unit.h"

#include <stdio.h>

#include "base/buf.h"
#include "serve/condition.h"

#define NOW 1000000000
#define CHANGED "Sat, 08 Sep 2001 01:46:40 GMT" /* a day before NOW */

static struct {
	struct resource resource;
	struct answer answer;
	struct range parts[RANGES_MAX];
	char etag[ETAG_MAX];
} x;

/* The status for a request with that method and those field lines. */
static enum status ask(const char *method, const char *fields, bool listing)
{
	static char head[2048];
	struct request request;
	struct buf room = buf_in(x.etag, sizeof x.etag);
	memset(&x.answer, 0, sizeof x.answer);
	x.resource = resource_none();
	x.resource.listing = listing;
	x.resource.file.size = 1000;
	x.resource.file.seconds = NOW - 86400;
	x.resource.type = "text/plain";
	x.answer = (struct answer){.now = NOW, .resource = &x.resource, .part = x.parts};
	snprintf(head, sizeof head, "%s / HTTP/1.1\r\nHost: a\r\n%s\r\n", method, fields);
	assert_int_equal(request_parse(slice_of(head), &request), STATUS_NONE);
	return condition_apply(&request, &room, &x.answer);
}

static void test_a_file_without_conditions_is_sent_whole(void **state)
{
	(void)state;
	assert_int_equal(ask("GET", "", false), STATUS_OK);
	assert_true(x.answer.etag.len > 2 && x.answer.dated && x.answer.modified == NOW - 86400);
	assert_int_equal(ask("HEAD", "Range: bytes=0-1\r\n", false), STATUS_OK); /* RFC 9110 section 14.2 */
}

static void test_preconditions_9110_13_2_2(void **state)
{
	(void)state;
	assert_int_equal(ask("GET", "If-Modified-Since: " CHANGED "\r\n", false), STATUS_NOT_MODIFIED);
	assert_int_equal(ask("GET", "If-None-Match: *\r\n", false), STATUS_NOT_MODIFIED);
	assert_int_equal(ask("GET", "If-Match: \"other\"\r\n", false), STATUS_PRECONDITION_FAILED);
	/* A precondition that fails comes before the Range. */
	assert_int_equal(ask("GET", "If-None-Match: *\r\nRange: bytes=0-1\r\n", false), STATUS_NOT_MODIFIED);
}

static void test_ranges_9110_14_2(void **state)
{
	(void)state;
	assert_int_equal(ask("GET", "Range: bytes=10-19\r\n", false), STATUS_PARTIAL_CONTENT);
	assert_int_equal(x.answer.parts, 1);
	assert_true(x.parts[0].first == 10 && x.parts[0].length == 10);
	assert_int_equal(ask("GET", "Range: bytes=1000-\r\n", false), STATUS_RANGE_NOT_SATISFIABLE);
	assert_true(x.answer.range_size == 1000);
	assert_int_equal(ask("GET", "Range: lines=1\r\n", false), STATUS_OK);
	assert_int_equal(ask("GET", "Range: bytes=0-9\r\nIf-Range: \"other\"\r\n", false), STATUS_OK);
	assert_int_equal(ask("GET", "Range: bytes=0-9\r\nIf-Range: " CHANGED "\r\n", false), STATUS_PARTIAL_CONTENT);
	/* Two parts with their fields are shorter than the file; twenty are longer (section 15.3.7.2). */
	assert_int_equal(ask("GET", "Range: bytes=0-9,20-29\r\n", false), STATUS_PARTIAL_CONTENT);
	assert_int_equal(x.answer.parts, 2);
	assert_int_equal(ask("GET", "Range: bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18,20-20,22-22,24-24,"
	                            "26-26,28-28,30-30,32-32,34-34,36-36,38-38\r\n", false), STATUS_OK);
}

static void test_the_state_of_a_listing_has_no_name(void **state)
{
	(void)state;
	assert_int_equal(ask("GET", "Range: bytes=0-1\r\nIf-Modified-Since: " CHANGED "\r\n", true), STATUS_OK);
	assert_null(x.answer.etag.at);
	assert_false(x.answer.dated);
	assert_int_equal(ask("GET", "If-Match: \"other\"\r\n", true), STATUS_PRECONDITION_FAILED);
	assert_int_equal(ask("GET", "If-None-Match: *\r\n", true), STATUS_NOT_MODIFIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_file_without_conditions_is_sent_whole),
		cmocka_unit_test(test_preconditions_9110_13_2_2),
		cmocka_unit_test(test_ranges_9110_14_2),
		cmocka_unit_test(test_the_state_of_a_listing_has_no_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
