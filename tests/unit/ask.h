/* SPDX-License-Identifier: ISC */
/* Requests for targets beneath a root, for the tests of look-ups and of error pages. */
#ifndef ASK_H
#define ASK_H

#include "tree.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "serve/lookup.h"
#include "system/root.h"

static const char html[] = "text/html; charset=utf-8";

static inline int open_root(const struct tree *tree)
{
	int root;
	assert_int_equal(root_open(tree->path, &root), 0);
	return root;
}

/* A buffer of the size that a session has for one request. */
static inline struct buf room_for_one(void)
{
	static char memory[MEMORY_MAX];
	return buf_in(memory, sizeof memory);
}

static inline struct buf room_behind(const struct target *target)
{
	struct buf room = room_for_one();
	room.len = target->length + 1;
	return buf_rest(&room);
}

static inline void parse(const char *raw, struct target *target)
{
	struct buf room = room_for_one();
	if (target_parse(slice_of(raw), &room, target) != STATUS_NONE)
		fail_msg("%.60s is no target", raw);
}

static struct target asked; /* by the last ask */

/* Looks up the target for a request with those field lines. The caller closes the file. */
static inline enum status ask_again(int root, struct recent *recent, const struct site *site, const char *fields,
                                    const char *raw, struct resource *out)
{
	static char head[4096];
	struct request request;
	snprintf(head, sizeof head, "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", fields);
	assert_int_equal(request_parse(slice_of(head), &request), STATUS_NONE);
	parse(raw, &asked);
	struct buf room = room_behind(&asked);
	return lookup_find(root, recent, site, &request, &asked, &room, out);
}

/* The same, on a connection that remembers nothing. */
static inline enum status ask(int root, const struct site *site, const char *fields, const char *raw,
                              struct resource *out)
{
	return ask_again(root, NULL, site, fields, raw, out);
}

/* The same without options and fields. */
static inline enum status find(int root, const char *raw, struct resource *out)
{
	static const struct site site;
	return ask(root, &site, "", raw, out);
}

/* The first bytes of the opened file. Static. */
static inline const char *content(const struct entry *file)
{
	static char text[200];
	ssize_t n = pread(file->fd, text, sizeof text - 1, 0);
	assert_true(n >= 0);
	text[n] = '\0';
	return text;
}

/* A target of n bytes: "/name" in several segments, and a slash at the end where asked for. Static. */
static inline const char *long_raw(size_t n, bool slash)
{
	static char raw[TARGET_MAX + 1];
	for (size_t i = 0; i < n + 1; i++)
		raw[i] = i % 200 == 0 ? '/' : 'n';
	raw[n] = 'n';
	strcpy(raw + n + 1, slash ? "/" : "");
	return raw;
}

#endif
