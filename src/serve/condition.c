/* SPDX-License-Identifier: ISC */
#include "serve/condition.h"

#include "http/range.h"
#include "http/validator.h"

/* The time of change as the validators take it. */
static const int64_t *time_of(const struct answer *answer)
{
	return answer->dated ? &answer->modified : NULL;
}

/*
 * Picks the parts that a Range asks for: of a GET only, and after the preconditions (RFC 9110 section 14.2). Where
 * several of them, each with its own fields, would take more bytes than the file, the file is sent whole (section
 * 15.3.7.2).
 */
static enum status pick_parts(const struct request *request, struct answer *answer)
{
	uint64_t size = answer->resource->file.size;
	struct slice range = request_single(request, FIELD_RANGE);
	if (range.at == NULL || request->method != METHOD_GET ||
	    !validator_if_range(request, answer->etag, time_of(answer), answer->now))
		return STATUS_OK;
	switch (range_parse(range, size, answer->part, &answer->parts)) {
	case RANGE_PARTS:
		return response_parts_length(answer) <= size ? STATUS_PARTIAL_CONTENT : STATUS_OK;
	case RANGE_UNSATISFIABLE:
		answer->range_size = size;
		return STATUS_RANGE_NOT_SATISFIABLE;
	default:
		return STATUS_OK;
	}
}

enum status condition_apply(const struct request *request, struct buf *room, struct answer *answer)
{
	const struct resource *found = answer->resource;
	if (!found->listing) {
		validator_etag(room, &found->file, found->coding != CODING_IDENTITY ? coding_name(found->coding) : "");
		answer->etag = buf_slice(room);
		answer->dated = validator_dated(&found->file);
		answer->modified = found->file.seconds;
	}
	enum status status = validator_check(request, answer->etag, time_of(answer), answer->now);
	if (status != STATUS_NONE)
		return status;
	return found->listing ? STATUS_OK : pick_parts(request, answer);
}
