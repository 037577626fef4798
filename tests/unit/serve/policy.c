/* SPDX-License-Identifier: ISC */
/* policy: methods, User-Agents, hidden names and Cache-Control rules, each rule from both sides. */
#include "unit.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "serve/options.h"
#include "serve/policy.h"

/* A site whose options are the rules that are tested. */
static const struct site *site_of(char *arguments[])
{
	static struct site site;
	static struct site_room rules;
	char room[MESSAGE_MAX];
	struct buf message = buf_in(room, sizeof room);
	assert_int_equal(options_parse(arguments, &site, &rules, &message), 0);
	return &site;
}

#define SITE(...) site_of((char *[]){"/root", __VA_ARGS__, NULL})

static const struct request *request_of(const char *line, const char *fields)
{
	static struct request request;
	char head[1024];
	int n = snprintf(head, sizeof head, "%s\r\nHost: a\r\n%s\r\n", line, fields);
	assert_true(n > 0 && (size_t)n < sizeof head);
	assert_int_equal(request_parse(guarded_again(head, (size_t)n), &request), STATUS_NONE);
	return &request;
}

static const struct request *agents(const char *fields)
{
	return request_of("GET / HTTP/1.1", fields);
}

static void test_method_9110_9_1(void **state)
{
	static const struct {
		const char *line;
		enum status status;
	} rows[] = {
		{"GET / HTTP/1.1", STATUS_NONE}, {"HEAD / HTTP/1.1", STATUS_NONE}, {"OPTIONS * HTTP/1.1", STATUS_NONE},
		{"POST / HTTP/1.1", STATUS_METHOD_NOT_ALLOWED}, {"PUT / HTTP/1.1", STATUS_METHOD_NOT_ALLOWED},
		{"DELETE / HTTP/1.1", STATUS_METHOD_NOT_ALLOWED}, {"TRACE / HTTP/1.1", STATUS_METHOD_NOT_ALLOWED},
		{"CONNECT a:1 HTTP/1.1", STATUS_METHOD_NOT_ALLOWED}, {"PATCH / HTTP/1.1", STATUS_METHOD_NOT_ALLOWED},
		{"PROPFIND / HTTP/1.1", STATUS_METHOD_NOT_ALLOWED}, {"get / HTTP/1.1", STATUS_NOT_IMPLEMENTED},
		{"BREW / HTTP/1.1", STATUS_NOT_IMPLEMENTED}, {"GETT / HTTP/1.1", STATUS_NOT_IMPLEMENTED},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(policy_method(request_of(rows[i].line, "")), rows[i].status);
}

static void test_every_agent_is_welcome_without_options(void **state)
{
	(void)state;
	const struct site *site = SITE("--listing");
	assert_int_equal(policy_agent(site, agents("")), STATUS_NONE);
	assert_int_equal(policy_agent(site, agents("User-Agent:\r\n")), STATUS_NONE);
	assert_int_equal(policy_agent(site, agents("User-Agent: x\r\nUser-Agent:\r\n")), STATUS_NONE);
}

static void test_denied_agent(void **state)
{
	static const struct {
		const char *fields;
		enum status status;
	} rows[] = {
		{"", STATUS_NONE}, {"User-Agent:\r\n", STATUS_NONE}, {"User-Agent: Mozilla/5.0\r\n", STATUS_NONE},
		{"User-Agent: Evil\r\n", STATUS_FORBIDDEN}, {"User-Agent: xEVILx\r\n", STATUS_FORBIDDEN},
		{"User-Agent: evi\r\n", STATUS_NONE}, {"User-Agent: ev il\r\n", STATUS_NONE},
		{"User-Agent: a b c\r\n", STATUS_FORBIDDEN}, {"User-Agent: a  b\r\n", STATUS_NONE},
		{"User-Agent: x\r\nUser-Agent: evil\r\n", STATUS_FORBIDDEN}, {"Referer: evil\r\n", STATUS_NONE},
		{"User-Agent: evil\r\nUser-Agent: x\r\n", STATUS_FORBIDDEN},
		{"User-Agent: e\r\nUser-Agent: vil\r\n", STATUS_NONE},
	};
	(void)state;
	const struct site *site = SITE("--deny-agent=evil", "--deny-agent=A B");
	for (size_t i = 0; i < ROWS(rows); i++)
		if (policy_agent(site, agents(rows[i].fields)) != rows[i].status)
			fail_msg("'%s' is not %d", rows[i].fields, (int)rows[i].status);
}

static void test_shortest_agent(void **state)
{
	(void)state;
	for (size_t least = 0; least < 6; least++)
		for (size_t len = 0; len < 8; len++) {
			char option[32], fields[64];
			snprintf(option, sizeof option, "--min-agent=%zu", least);
			snprintf(fields, sizeof fields, "User-Agent: %.*s \r\n", (int)len, "abcdefgh");
			const struct site *site = SITE(option);
			assert_int_equal(policy_agent(site, agents(fields)), len < least ? STATUS_FORBIDDEN : STATUS_NONE);
		}
	const struct site *site = SITE("--min-agent=3");
	assert_int_equal(policy_agent(site, agents("User-Agent: abc\r\nUser-Agent: ab\r\n")), STATUS_FORBIDDEN);
	assert_int_equal(policy_agent(site, agents("User-Agent: abc\r\nUser-Agent: abcd\r\n")), STATUS_NONE);
	site = SITE("--min-agent=18446744073709551615");
	assert_int_equal(policy_agent(site, agents("User-Agent: abc\r\n")), STATUS_FORBIDDEN);
}

static void test_missing_agent_has_no_bytes(void **state)
{
	(void)state;
	assert_int_equal(policy_agent(SITE("--min-agent=0"), agents("")), STATUS_NONE);
	assert_int_equal(policy_agent(SITE("--min-agent=1"), agents("")), STATUS_FORBIDDEN);
	assert_int_equal(policy_agent(SITE("--deny-agent=x"), agents("")), STATUS_NONE);
}

static void test_hidden_names(void **state)
{
	static const struct {
		const char *path;
		size_t visible;
	} rows[] = {
		{"", 0}, {"a", 1}, {"a/b", 3}, {"a.b", 3}, {"a.", 2}, {"a./b.", 5}, {".a", 0}, {".a/b", 0}, {"a/.b", 2},
		{"a/.b/.c", 2}, {"a/b/.git/config", 4}, {".git", 0}, {".htaccess", 0}, {"..a", 0}, {"...", 0},
		{".well-known", 11}, {".well-known/a", 13}, {"a/.well-known/b", 15}, {".well-known/.a", 12},
		{".well-known/acme-challenge/x", 28}, {".well-knownx", 0}, {".well-know", 0}, {".Well-Known", 0},
		{".well-known.", 0}, {"a/.well-known2/b", 2},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (policy_visible_length(guarded(rows[i].path)) != rows[i].visible)
			fail_msg("'%s': %zu", rows[i].path, policy_visible_length(guarded(rows[i].path)));
}

static void assert_cache(const struct site *site, const char *path, const char *value)
{
	struct slice s = policy_cache(site, guarded_bytes(path, strlen(path) + 1).at);
	if ((s.at == NULL) != (value == NULL) || !slice_equal(s, slice_of(value)))
		fail_msg("'%s' has '%.*s', not '%s'", path, (int)s.len, s.at ? s.at : "", value ? value : "(none)");
}

static void test_no_cache_rule(void **state)
{
	(void)state;
	assert_cache(SITE("--listing"), "a.css", NULL);
	assert_cache(SITE("--cache-control=*.css=x"), "", NULL);
}

static void test_cache_rule_for_every_path(void **state)
{
	static const char paths[][16] = {"", "a", "a/b", ".well-known/a", "a.css"};
	(void)state;
	const struct site *site = SITE("--cache-control", " max-age=60, public\t");
	for (size_t i = 0; i < ROWS(paths); i++)
		assert_cache(site, paths[i], "max-age=60, public");
}

static void test_cache_first_match_counts(void **state)
{
	(void)state;
	const struct site *site = SITE("--cache-control=*.css=a", "--cache-control=/x/*=b", "--cache-control=c",
		"--cache-control=*.js=d");
	assert_cache(site, "y.css", "a");
	assert_cache(site, "x/y.css", "a");
	assert_cache(site, "x/y.html", "b");
	assert_cache(site, "y.html", "c");
	assert_cache(site, "y.js", "c");
}

static void test_cache_pattern_matches_the_last_name_or_the_whole_path(void **state)
{
	static const struct {
		const char *option, *path;
		bool matches;
	} rows[] = {
		{"--cache-control=*.css=v", "a.css", true}, {"--cache-control=*.css=v", "a/b.css", true},
		{"--cache-control=*.css=v", "a.css/b", false}, {"--cache-control=*.css=v", ".css", true},
		{"--cache-control=*.css=v", "a.CSS", false}, {"--cache-control=*.css=v", "a.cssx", false},
		{"--cache-control=*a*=v", "a/b", false}, {"--cache-control=*?=v", "a/", false},
		{"--cache-control=/a=v", "a", true}, {"--cache-control=/a=v", "b/a", false},
		{"--cache-control=/a=v", "a/b", false}, {"--cache-control=/a/*=v", "a/b", true},
		{"--cache-control=/a/*=v", "a/b/c", true}, {"--cache-control=/*.css=v", "a/b.css", true},
		{"--cache-control=/a/*=v", "b/a/c", false}, {"--cache-control=/=v", "", true},
		{"--cache-control=/=v", "a", false}, {"--cache-control=/?=v", "a", true},
		{"--cache-control=/[ab]=v", "b", true}, {"--cache-control=/[ab]=v", "c", false},
		{"--cache-control=/\\*=v", "*", true}, {"--cache-control=/\\*=v", "a", false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_cache(SITE((char *)rows[i].option), rows[i].path, rows[i].matches ? "v" : NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_method_9110_9_1),
		cmocka_unit_test(test_every_agent_is_welcome_without_options),
		cmocka_unit_test(test_denied_agent),
		cmocka_unit_test(test_shortest_agent),
		cmocka_unit_test(test_missing_agent_has_no_bytes),
		cmocka_unit_test(test_hidden_names),
		cmocka_unit_test(test_no_cache_rule),
		cmocka_unit_test(test_cache_rule_for_every_path),
		cmocka_unit_test(test_cache_first_match_counts),
		cmocka_unit_test(test_cache_pattern_matches_the_last_name_or_the_whole_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
