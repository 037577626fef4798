/* SPDX-License-Identifier: ISC */
/* condition: the preconditions and the Range of a request, applied to the resource that was found. Pure. */
#ifndef CONDITION_H
#define CONDITION_H

#include "base/buf.h"
#include "base/status.h"
#include "http/request.h"
#include "serve/response.h"

/*
 * The status for the resource of an answer to a GET or HEAD: 200, or 206 and the answer's parts are set, or 304, 412 or
 * 416 (RFC 9110 sections 13.2 and 14.2). Sets the answer's etag, whose text is written into `room` (ETAG_MAX bytes),
 * and its time of change; a listing has neither.
 */
enum status condition_apply(const struct request *request, struct buf *room, struct answer *answer);

#endif
