/* SPDX-License-Identifier: ISC */
#include "transfer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "listing.h"

/*
 * Reads a small part of the file behind the head, so that both leave in one call. A file that has shrunk meanwhile
 * leaves short of its Content-Length, and the client can tell.
 */
static int send_together(struct conn *conn, struct buf *head, int file, struct range part, uint64_t *sent)
{
	int error = 0;
	while (*sent < part.length && error == 0) {
		size_t left = (size_t)(part.length - *sent);
		ssize_t n = pread(file, head->at + head->len, left, (off_t)(part.first + *sent));
		if (n > 0) {
			head->len += (size_t)n;
			*sent += (uint64_t)n;
		} else if (n == 0 || errno != EINTR) {
			error = n == 0 ? EIO : errno;
		}
	}
	int broken = conn_write(conn, buf_slice(head), false);
	if (broken != 0)
		*sent = 0;
	return broken != 0 ? broken : error;
}

/* One stretch of the file behind the head. */
static int send_stretch(struct conn *conn, struct buf *head, int file, struct range part, uint64_t *sent)
{
	if (part.length <= SMALL_FILE && part.length <= head->size - head->len)
		return send_together(conn, head, file, part, sent);
	int error = conn_write(conn, buf_slice(head), true);
	return error != 0 ? error : conn_send(conn, file, part.first, part.length, sent);
}

/* Several parts, each behind its own fields, and the last boundary. */
static int send_parts(struct conn *conn, struct buf *head, const struct answer *answer, uint64_t *sent)
{
	int error = conn_write(conn, buf_slice(head), true);
	for (size_t i = 0; i <= answer->parts && error == 0; i++) {
		char room[PART_MAX];
		struct buf between = buf_in(room, sizeof room);
		uint64_t part = 0;
		response_part(&between, answer, i);
		error = conn_write(conn, buf_slice(&between), i < answer->parts);
		if (error == 0)
			*sent += between.len;
		if (error == 0 && i < answer->parts)
			error = conn_send(conn, answer->resource->file.fd, answer->part[i].first, answer->part[i].length, &part);
		*sent += part;
	}
	return error;
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
 * A listing that breaks off lacks its last chunk. An HTTP/1.0 client takes the end of the connection for that of the
 * content: then the connection is not ended but reset.
 */
static int send_listing(struct conn *conn, struct buf *head, const struct answer *answer, uint64_t *sent)
{
	struct listing *listing = answer->listing;
	int error = conn_write(conn, buf_slice(head), true);
	for (bool last = false; error == 0 && !last;) {
		last = listing->stage == LISTING_END;
		error = send_piece(conn, listing, answer->chunked, last);
		if (error == 0) {
			*sent += listing->piece.len;
			error = last ? 0 : listing_next(listing);
		}
	}
	if (error != 0 && !answer->chunked)
		conn_abort(conn);
	return error;
}

int transfer_send(struct conn *conn, struct buf *head, const struct answer *answer, struct slice page, uint64_t *sent)
{
	const struct entry *file = &answer->resource->file;
	struct range whole = {0, file->size};
	*sent = 0;
	if (head->overflow)
		return EMSGSIZE;
	if (answer->listing != NULL)
		return send_listing(conn, head, answer, sent);
	if (answer->parts > 1)
		return send_parts(conn, head, answer, sent);
	if (file->fd >= 0)
		return send_stretch(conn, head, file->fd, answer->parts == 1 ? answer->part[0] : whole, sent);
	buf_add(head, page);
	int error = conn_write(conn, buf_slice(head), false);
	*sent = error == 0 ? page.len : 0;
	return error;
}
