/* SPDX-License-Identifier: ISC */
#include "serve/order.h"

#include <string.h>

static const char words[ORDER_COUNT][5] = {[ORDER_NAME] = "name", [ORDER_SIZE] = "size", [ORDER_TIME] = "time"};

const char *order_word(enum order_by by)
{
	return words[by];
}

/* The value of the first parameter "sort" of a query; no slice without one. */
static struct slice find_sort(struct slice query)
{
	struct slice parameter, name;
	while (slice_split(&query, '&', &parameter))
		if (slice_split(&parameter, '=', &name) && slice_equal(name, slice_of("sort")))
			return parameter;
	return (struct slice){NULL, 0};
}

struct order order_parse(struct slice query)
{
	struct slice word = find_sort(query);
	bool descending = word.len > 0 && word.at[0] == '-';
	word = descending ? slice_from(word, 1) : word;
	for (unsigned by = 0; by < ORDER_COUNT; by++)
		if (slice_equal(word, slice_of(words[by])))
			return (struct order){(enum order_by)by, descending};
	return (struct order){ORDER_NAME, false};
}

uint64_t order_rank(struct order order, const struct entry *entry)
{
	uint64_t rank = 0;
	if (order.by == ORDER_SIZE && !entry->directory)
		rank = entry->size;
	if (order.by == ORDER_TIME)
		rank = (uint64_t)entry->seconds ^ UINT64_C(1) << 63; /* so that times before 1970 come first */
	return order.descending && order.by != ORDER_NAME ? ~rank : rank;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Moves *at over a number, and returns its digits without zeros in front. */
static struct slice take_number(const char **at)
{
	while (**at == '0')
		++*at;
	struct slice digits = {*at, 0};
	while (is_digit((*at)[0]))
		++*at;
	digits.len = (size_t)(*at - digits.at);
	return digits;
}

/* Compares the numbers at *a and *b, however long they are, and moves both behind them. */
static int compare_numbers(const char **a, const char **b)
{
	struct slice left = take_number(a), right = take_number(b);
	if (left.len != right.len)
		return left.len < right.len ? -1 : 1;
	return memcmp(left.at, right.at, left.len);
}

/* How many bytes at the beginning are the same in both, without the digits at their end: that number may go on. */
static size_t same_beginning(const char *a, const char *b)
{
	size_t same = 0;
	while (a[same] == b[same] && a[same] != '\0')
		same++;
	while (same > 0 && is_digit(a[same - 1]))
		same--;
	return same;
}

int order_names(const char *a, const char *b)
{
	size_t same = same_beginning(a, b);
	const char *left = a + same, *right = b + same;
	int order = 0;
	while (order == 0 && (*left != '\0' || *right != '\0')) {
		if (is_digit(*left) && is_digit(*right))
			order = compare_numbers(&left, &right);
		else
			order = (unsigned char)char_lower(*left++) - (unsigned char)char_lower(*right++);
	}
	return order != 0 ? order : strcmp(a, b);
}
