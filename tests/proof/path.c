/* SPDX-License-Identifier: ISC */
/* path: a path put together in the room of a request. */
#include "proof.h"
#include "writers.h"

void buf_add(struct buf *b, struct slice s)
{
	__CPROVER_precondition(s.len == 0 || __CPROVER_r_ok(s.at, s.len), "a slice can be read");
	write_any(b, s.len);
}

/* A text of any length. */
void buf_text(struct buf *b, const char *text)
{
	(void)text;
	write_any(b, nondet_size());
}

void buf_char(struct buf *b, char c)
{
	write_char(b, c);
}

struct buf buf_rest(const struct buf *b)
{
	return (struct buf){b->at + b->len, 0, b->size - b->len, false, false}; /* as it is */
}

#include "base/path.c"

/*
 * proof: join path_join
 * shows: a path behind what is in the room, at most PATH_BYTES with the NUL that ends it; or none, and the room is as
 *   it was
 * bound: 32768 bytes of each into 65536
 * fault: base/path.c: s/path.size < PATH_BYTES ? path.size : PATH_BYTES/PATH_BYTES/
 * fault: base/path.c: s/buf_char(&path, '.0');/;/
 * fault: base/path.c: s/if (path.overflow)/if (false)/
 */
void prove_join(void)
{
	struct buf room = any_buf(65536), before;
	struct slice directory = any_slice(HEAD_MAX);
	char name[2] = {nondet_char(), '\0'};
	before = room;
	const char *path = path_join(&room, directory, name, "");
	PROMISE(grown(&room, &before) && room.overflow == before.overflow && room.len - before.len <= PATH_BYTES);
	PROMISE(path == NULL ? room.len == before.len : path == room.at + before.len && room.len > before.len);
	PROMISE(path == NULL || room.at[room.len - 1] == '\0');
	REACHED(path != NULL && room.len - before.len == PATH_BYTES && directory.len == 7);
	REACHED(path == NULL && directory.len == 5);
}
