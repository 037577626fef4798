/* SPDX-License-Identifier: ISC */
#include "serve/transfer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "serve/listing.h"

/* Reads a part of the file to the end of b, which has room for it. Returns 0 or an errno; EIO: the file has shrunk. */
static int read_part(struct buf *b, int file, struct range part)
{
	size_t end = b->len + (size_t)part.length;
	while (b->len < end) {
		size_t left = end - b->len;
		ssize_t n = pread(file, b->at + b->len, left, (off_t)(part.first + part.length - left));
		if (n > 0)
			b->len += (size_t)n;
		else if (n == 0 || errno != EINTR)
			return n == 0 ? EIO : errno;
	}
	return 0;
}

/*
 * Reads a small part of the file behind the head, so that both leave in one call. Of a file that has shrunk meanwhile
 * the client gets less than Content-Length, which it notices.
 */
static int send_together(struct conn *conn, struct buf *head, int file, struct range part, uint64_t *sent)
{
	size_t before = head->len;
	int error = read_part(head, file, part);
	int broken = conn_write(conn, buf_slice(head), false);
	if (broken == 0)
		*sent = head->len - before;
	return broken != 0 ? broken : error;
}

/* Sends the head, and one part of the file behind it. */
static int send_stretch(struct conn *conn, struct buf *head, int file, struct range part, uint64_t *sent)
{
	if (part.length <= SMALL_FILE && part.length <= head->size - head->len)
		return send_together(conn, head, file, part, sent);
	int error = conn_write(conn, buf_slice(head), true);
	return error != 0 ? error : conn_send(conn, file, part.first, part.length, sent);
}

/* Sends *out and empties it. Its first *head bytes are no content; *sent counts the others. Returns 0 or an errno. */
static int flush(struct conn *conn, struct buf *out, size_t *head, bool more, uint64_t *sent)
{
	int error = out->overflow ? EMSGSIZE : conn_write(conn, buf_slice(out), more);
	*sent += error == 0 ? out->len - *head : 0;
	out->len = *head = 0;
	return error;
}

/* Adds the fields of part i to *out, which has room for them, and the part if it is small; else sends both at once. */
static int send_part(struct conn *conn, struct buf *out, size_t *head, const struct answer *answer, size_t i,
                     uint64_t *sent)
{
	struct range part = answer->part[i];
	int file = answer->resource->file.fd, error;
	uint64_t moved = 0;
	response_part(out, answer, i);
	if (part.length <= SMALL_FILE && part.length <= out->size - out->len) {
		error = read_part(out, file, part);
		int broken = error != 0 ? flush(conn, out, head, false, sent) : 0;
		return broken != 0 ? broken : error;
	}
	error = flush(conn, out, head, true, sent);
	if (error == 0)
		error = conn_send(conn, file, part.first, part.length, &moved);
	*sent += moved;
	return error;
}

/*
 * Several parts, each behind its own fields, and the last boundary. Many small ones leave in one call, with the head.
 */
static int send_parts(struct conn *conn, const struct buf *head, const struct answer *answer, uint64_t *sent)
{
	struct buf out = *head;
	size_t before = out.len;
	int error = 0;
	for (size_t i = 0; i < answer->parts && error == 0; i++) {
		if (out.size - out.len < PART_MAX + SMALL_FILE)
			error = flush(conn, &out, &before, true, sent);
		if (error == 0)
			error = send_part(conn, &out, &before, answer, i, sent);
	}
	if (error == 0 && out.size - out.len < PART_MAX)
		error = flush(conn, &out, &before, true, sent);
	if (error != 0)
		return error;
	response_part(&out, answer, answer->parts);
	return flush(conn, &out, &before, false, sent);
}

/* Sends a piece of a listing, as it is or as a chunk = chunk-size CRLF chunk-data CRLF (RFC 9112 section 7.1). */
static int send_piece(struct conn *conn, struct listing *listing, bool chunked, bool last)
{
	struct slice piece = buf_slice(&listing->piece);
	char room[LISTING_FRAME];
	struct buf size = buf_in(room, sizeof room), behind = buf_in(listing->piece.at + piece.len, LISTING_FRAME);
	if (chunked) {
		buf_format(&size, "%x\r\n", (unsigned)piece.len);
		memcpy(listing->piece.at - size.len, room, size.len);
		buf_text(&behind, last ? "\r\n0\r\n\r\n" : "\r\n");
	}
	return conn_write(conn, (struct slice){piece.at - size.len, size.len + piece.len + behind.len}, !last);
}

/*
 * A listing that fails lacks its last chunk. For an HTTP/1.0 client the content ends with the connection, which is
 * therefore reset, not closed.
 */
static int send_listing(struct conn *conn, struct buf *head, const struct answer *answer, uint64_t *sent)
{
	struct listing *listing = answer->listing;
	int error = conn_write(conn, buf_slice(head), true);
	for (bool last = false; error == 0 && !last;) {
		last = listing->stage == LISTING_END;
		error = send_piece(conn, listing, answer->framing == FRAMING_CHUNKS, last);
		if (error == 0) {
			*sent += listing->piece.len;
			error = last ? 0 : listing_next(listing);
		}
	}
	if (error != 0 && answer->framing != FRAMING_CHUNKS)
		conn_abort(conn);
	return error;
}

static int send_page(struct conn *conn, struct buf *head, struct slice page, uint64_t *sent)
{
	buf_add(head, page);
	int error = conn_write(conn, buf_slice(head), false);
	*sent = error == 0 ? page.len : 0;
	return error;
}

int transfer_send(struct conn *conn, struct buf *head, const struct answer *answer, struct slice page, uint64_t *sent)
{
	const struct entry *file = &answer->resource->file;
	*sent = 0;
	if (head->overflow)
		return EMSGSIZE;
	switch (answer->body) {
	case BODY_LISTING:
		return send_listing(conn, head, answer, sent);
	case BODY_PARTS:
		if (answer->parts > 1)
			return send_parts(conn, head, answer, sent);
		return send_stretch(conn, head, file->fd, answer->part[0], sent);
	case BODY_FILE:
		return send_stretch(conn, head, file->fd, (struct range){.length = file->size}, sent);
	default:
		return send_page(conn, head, page, sent);
	}
}
