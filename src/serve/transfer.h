/* SPDX-License-Identifier: ISC */
/* transfer: sends the head and the content of an answer. */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "base/buf.h"
#include "base/slice.h"
#include "serve/response.h"
#include "system/conn.h"

/*
 * Sends the head that stands in *head and then the answer's body: the page, the resource's file or parts of it, or the
 * listing, whose first piece is written already. *sent counts the bytes of the body that left. Returns 0 or an errno,
 * EMSGSIZE for a head that overflowed; then the connection is of no further use. Writes into what room *head has left.
 */
int transfer_send(struct conn *conn, struct buf *head, const struct answer *answer, struct slice page, uint64_t *sent);

#endif
