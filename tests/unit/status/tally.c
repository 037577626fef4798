/* SPDX-License-Identifier: ISC */
/* tally: the counts are right, and keep within their bounds and their memory, whatever is counted. */
#include "unit.h"

#include "status/tally.h"

static const uint64_t second = 1000000;
static struct tally tally;

static void add(const char *address, const char *path, unsigned status, uint64_t bytes, uint64_t when)
{
	char line[1024];
	snprintf(line, sizeof line, "%s - - [x] \"GET %s HTTP/1.1\" %u %llu \"-\" \"-\"", address, path, status,
		(unsigned long long)bytes);
	tally_add(&tally, slice_of(line), when);
}

static struct slice key_of(const struct top *top, size_t i)
{
	return text_slice(&top->key[i].text);
}

static void counts(void **state)
{
	(void)state;
	tally_begin(&tally, 0, 60 * second);
	add("192.0.2.1", "/", 200, 100, second);
	add("192.0.2.1", "/?q", 206, 50, second);
	add("192.0.2.2", "/a", 304, 0, second);
	add("192.0.2.2", "/nope", 404, 7, second);
	add("192.0.2.2", "/nope", 403, 7, second);
	add("192.0.2.2", "/nope", 404, 7, second);
	tally_add(&tally, slice_of("httpd: one"), second);
	tally_add(&tally, slice_of("httpd: two"), second);
	assert_int_equal(tally.requests, 6);
	assert_int_equal(tally.bytes, 171);
	assert_int_equal(tally.status[404], 2);
	assert_int_equal(tally.classes[2], 2);
	assert_int_equal(tally.classes[3], 1);
	assert_int_equal(tally.classes[4], 3);
	assert_int_equal(tally.classes[5], 0);
	assert_int_equal(tally.other, 2);
	assert_slice(text_slice(&tally.message), "httpd: two");
	assert_int_equal(top_sort(&tally.paths, TOP_KEYS), 2);
	assert_slice(key_of(&tally.paths, 0), "/");
	assert_int_equal(tally.paths.key[0].count, 2);
	assert_slice(key_of(&tally.paths, 1), "/a");
	assert_int_equal(top_sort(&tally.refusals, TOP_KEYS), 2);
	assert_slice(key_of(&tally.refusals, 0), "404 /nope");
	assert_slice(key_of(&tally.refusals, 1), "403 /nope");
	assert_int_equal(top_sort(&tally.clients, 1), 1);
	assert_slice(key_of(&tally.clients, 0), "192.0.2.2");
	assert_int_equal(top_sort(&tally.clients, 0), 0);
}

/* Three frequent keys are found among many that occur once, and no count is too high by more than its `over`. */
static void finds_the_frequent_ones(void **state)
{
	static const char *const often[] = {"/often", "/also", "/third"};
	uint64_t truth[3] = {0}, sum = 0;
	char path[32];
	(void)state;
	tally_begin(&tally, 0, 60 * second);
	for (size_t n = 0; n < 100000; n++) {
		uint64_t which = random_below(20);
		snprintf(path, sizeof path, "/once/%zu", n);
		if (which < 3)
			truth[which]++;
		add("::1", which < 3 ? often[which] : path, 200, 0, 0);
	}
	for (size_t i = 0; i < tally.paths.n; i++)
		sum += tally.paths.key[i].count;
	assert_int_equal(tally.paths.n, TOP_KEYS);
	assert_int_equal(sum, 100000); /* each answer counts, if perhaps for another key */
	size_t n = top_sort(&tally.paths, 10);
	assert_true(n >= 3);
	for (size_t i = 0; i < 3; i++) {
		bool found = false;
		for (size_t j = 0; j < 3; j++) {
			const struct key *key = &tally.paths.key[j];
			if (!slice_equal(text_slice(&key->text), slice_of(often[i])))
				continue;
			found = true;
			assert_true(key->count >= truth[i] && key->count - key->over <= truth[i]);
		}
		assert_true(found);
	}
	for (size_t i = 1; i < n; i++)
		assert_true(tally.paths.key[i - 1].count >= tally.paths.key[i].count);
}

/* The count of a late key has its possible error beside it. Keys that may have occurred once only are left out. */
static void leaves_out_what_is_in_doubt(void **state)
{
	char path[32];
	(void)state;
	tally_begin(&tally, 0, 60 * second);
	for (size_t n = 0; n < 1000; n++) {
		snprintf(path, sizeof path, "/once/%zu", n);
		add("::1", path, 200, 0, 0);
	}
	for (size_t n = 0; n < 20; n++)
		add("::1", "/late", 200, 0, 0);
	assert_int_equal(top_sort(&tally.paths, 10), 1);
	assert_slice(key_of(&tally.paths, 0), "/late");
	assert_int_equal(tally.paths.key[0].over, 1000 / TOP_KEYS);
	assert_int_equal(tally.paths.key[0].count, 1000 / TOP_KEYS + 20);
}

static void cuts_what_is_long(void **state)
{
	char path[1000];
	(void)state;
	memset(path, 'a', sizeof path - 1);
	path[0] = '/';
	for (size_t len = KEY_BYTES - 6; len < KEY_BYTES + 6; len++) {
		path[len] = '\0';
		tally_begin(&tally, 0, second);
		add("::1", path, 200, 0, 0);
		add("::1", path, 404, 0, 0);
		assert_int_equal(top_sort(&tally.paths, 1), 1);
		struct slice key = key_of(&tally.paths, 0), refusal = key_of(&tally.refusals, 0);
		assert_int_equal(key.len, len < KEY_BYTES ? len : KEY_BYTES);
		assert_int_equal(memcmp(key.at + key.len - 3, len > KEY_BYTES ? "..." : "aaa", 3), 0);
		assert_int_equal(refusal.len, len + 4 < KEY_BYTES ? len + 4 : KEY_BYTES);
		assert_int_equal(memcmp(refusal.at + refusal.len - 3, len + 4 > KEY_BYTES ? "..." : "aaa", 3), 0);
		path[len] = 'a';
	}
}

/* A line that httpd did not write can have such numbers. */
static void no_sum_wraps(void **state)
{
	(void)state;
	tally_begin(&tally, 0, 60 * second);
	add("::1", "/", 200, UINT64_MAX - 5, 0);
	add("::1", "/", 200, 5, 0);
	assert_true(tally.bytes == UINT64_MAX);
	add("::1", "/", 200, 5, 0);
	assert_true(tally.bytes == UINT64_MAX);
	add("::1", "/", 200, UINT64_MAX, 0);
	assert_true(tally.bytes == UINT64_MAX);
}

static void the_timeline_grows(void **state)
{
	uint64_t sum = 0;
	(void)state;
	tally_begin(&tally, 1000 * second, 1060 * second);
	for (uint64_t i = 0; i < 600; i++)
		add("::1", "/", 200, 0, (1000 + i) * second);
	for (size_t i = 0; i < SLOTS; i++)
		sum += tally.slot[i];
	assert_int_equal(sum, 600);
	assert_true(tally.width >= 10 * second && tally.width < 20 * second);
	add("::1", "/", 200, 0, 5); /* before the beginning, as the clock was set back */
	assert_true(tally.slot[0] > 0);
	add("::1", "/", 200, 0, UINT64_MAX); /* far after the end */
	assert_int_equal(tally.requests, 602);
	tally_begin(&tally, 5, 5);
	add("::1", "/", 200, 0, 5);
	tally_begin(&tally, 6, 5);
	add("::1", "/", 200, 0, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(finds_the_frequent_ones),
		cmocka_unit_test(leaves_out_what_is_in_doubt),
		cmocka_unit_test(cuts_what_is_long),
		cmocka_unit_test(no_sum_wraps),
		cmocka_unit_test(the_timeline_grows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
