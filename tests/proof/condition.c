/* SPDX-License-Identifier: ISC */
/* condition: what the preconditions and the Range of a request make of an answer. */
#include "contracts.h"

#include "serve/condition.c"

/* What the functions that have proofs or tests of their own answered. */
static enum status checked;
static enum range_verdict ranged;
static bool range_counts, listed;
static const int64_t *told_time;

struct slice request_single(const struct request *request, enum field field)
{
	bool once = (request->repeated & 1u << field) == 0;
	return once ? request->first[field] : (struct slice){NULL, 0}; /* as it is */
}

struct slice buf_slice(const struct buf *b)
{
	return (struct slice){b->at, b->len};
}

const char *coding_name(enum coding coding)
{
	PROMISE(coding < CODING_IDENTITY);
	return "br";
}

void validator_etag(struct buf *b, const struct entry *file, const char *coding)
{
	PROMISE(!listed && file != NULL && coding != NULL);
	b->len = nondet_size();
	ASSUME(b->len <= b->size);
}

bool validator_dated(const struct entry *file)
{
	(void)file;
	return nondet_bool();
}

enum status validator_check(const struct request *request, struct slice etag, const int64_t *modified, int64_t now)
{
	(void)request;
	(void)now;
	PROMISE(listed ? etag.at == NULL : etag.at != NULL);
	told_time = modified;
	return checked;
}

bool validator_if_range(const struct request *request, struct slice etag, const int64_t *modified, int64_t now)
{
	(void)request;
	(void)etag;
	(void)now;
	PROMISE(modified == told_time);
	return range_counts;
}

enum range_verdict range_parse(struct slice value, uint64_t size, struct range *part, size_t *parts)
{
	(void)size;
	READABLE(value);
	PROMISE(value.at != NULL && part != NULL);
	*parts = nondet_size();
	return ranged;
}

uint64_t response_parts_length(const struct answer *answer)
{
	(void)answer;
	return nondet_u64();
}

/*
 * proof: condition condition_apply pick_parts time_of
 * shows: a precondition that fails decides alone; a Range counts only where it stands on one line of a GET, If-Range
 *   holds, and a file is sent; 416 tells the file's size; a time is compared only where the file has one
 * bound: 32768 bytes, a file of any size
 * fault: serve/condition.c: s/ || request->method != METHOD_GET ||/ ||/
 * fault: serve/condition.c: s/return found->listing ? STATUS_OK : pick_parts/return pick_parts/
 * fault: serve/condition.c: s/if (status != STATUS_NONE)/if (status == STATUS_NOT_MODIFIED)/
 * fault: serve/condition.c: s/answer->range_size = size;//
 */
void prove_condition(void)
{
	struct request request = {.method = (enum method)(nondet_unsigned() % 5), .repeated = nondet_unsigned()};
	struct resource resource = {.listing = nondet_bool(), .coding = (enum coding)(nondet_unsigned() % CODING_COUNT)};
	struct range part[1];
	struct answer answer = {.resource = &resource, .part = part};
	struct buf room = {.at = any_block(ETAG_MAX), .size = ETAG_MAX};
	request.first[FIELD_RANGE] = any_or_none(HEAD_MAX);
	resource.file.size = nondet_u64();
	listed = resource.listing;
	range_counts = nondet_bool();
	checked = nondet_bool() ? STATUS_NONE : nondet_bool() ? STATUS_NOT_MODIFIED : STATUS_PRECONDITION_FAILED;
	ranged = nondet_bool() ? RANGE_PARTS : nondet_bool() ? RANGE_UNSATISFIABLE : RANGE_WHOLE;
	enum status status = condition_apply(&request, &room, &answer);
	bool once = (request.repeated >> FIELD_RANGE & 1) == 0 && request.first[FIELD_RANGE].at != NULL;
	bool may = once && request.method == METHOD_GET && range_counts && !listed;
	PROMISE(checked == STATUS_NONE || status == checked);
	PROMISE(checked != STATUS_NONE || status == STATUS_OK || may);
	PROMISE(status != STATUS_PARTIAL_CONTENT || ranged == RANGE_PARTS);
	PROMISE(status != STATUS_RANGE_NOT_SATISFIABLE || answer.range_size == resource.file.size);
	PROMISE((told_time != NULL) == answer.dated);
	REACHED(status == STATUS_PARTIAL_CONTENT);
	REACHED(status == STATUS_RANGE_NOT_SATISFIABLE);
	REACHED(status == STATUS_OK && listed);
	REACHED(status == STATUS_NOT_MODIFIED);
}
