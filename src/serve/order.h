/* SPDX-License-Identifier: ISC */
/* order: the order of the names in a listing, and how a client asks for another one. Pure. */
#ifndef ORDER_H
#define ORDER_H

#include "base/entry.h"
#include "base/slice.h"

enum order_by { ORDER_NAME, ORDER_SIZE, ORDER_TIME, ORDER_COUNT };

/* Directories come before files in each order. */
struct order {
	enum order_by by;
	bool descending;
};

/*
 * The order that the first "sort=" of a query asks for: by name, size or time, descending with a hyphen in front of the
 * word. A query that asks for none of these is given the order by name.
 */
struct order order_parse(struct slice query);

/* The word by which a query asks for an order, without the hyphen. */
const char *order_word(enum order_by by);

/*
 * A number that puts the entry of a name in its place among those of its kind: the lesser comes first. Entries with
 * the same number are in the order of their names, as all are in an order by name, where it is 0.
 */
uint64_t order_rank(struct order order, const struct entry *entry);

/*
 * Compares two names as people would: numbers in them by their value, so that "file2" comes before "file10", and
 * letters of ASCII without regard to case. All other bytes have their own value. Returns less than, equal to or greater
 * than 0; names that differ only by case or by zeros before a number are told apart by their bytes, so that 0 means the
 * same name.
 */
int order_names(const char *a, const char *b);

#endif
