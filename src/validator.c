/* SPDX-License-Identifier: ISC */
#include "validator.h"

#include <string.h>

#include "date.h"

void validator_etag(struct buf *b, const struct entry *file, const char *coding)
{
	buf_format(b, "\"%jx-%jx-%x%s%s\"", file->size, (uint64_t)file->seconds, file->nanoseconds,
	           coding[0] != '\0' ? "-" : "", coding);
}

/*
 * Takes the next entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE off a list, quotes included; a backslash in it is nothing
 * special (RFC 9110 section 8.8.3). False at the end, and at the first thing that is no tag: what follows it is not
 * believed.
 */
static bool next_tag(struct slice *list, struct slice *tag, bool *weak)
{
	struct slice before;
	if (!slice_split(list, '"', &before) || !slice_split(list, '"', tag) || list->at == NULL)
		return false;
	while (before.len > 0 && before.at[0] != '\0' && strchr(" \t,", before.at[0]) != NULL)
		before = slice_from(before, 1);
	*tag = (struct slice){tag->at - 1, tag->len + 2};
	*weak = slice_equal(before, slice_of("W/"));
	return *weak || before.len == 0;
}

/* Whether a field names our tag, which is strong, as If-Match compares it, or weakly (RFC 9110 section 8.8.3.2). */
static bool names(const struct request *request, enum field field, struct slice etag)
{
	struct slice line = {NULL, 0}, tag;
	bool weak;
	while (request_next(request, field, &line)) {
		if (slice_equal(line, slice_of("*")))
			return true;
		for (struct slice list = line; next_tag(&list, &tag, &weak);)
			if (slice_equal(tag, etag) && !(weak && field == FIELD_IF_MATCH))
				return true;
	}
	return false;
}

/* A date that is there once, and is one; else the field is as good as absent (RFC 9110 sections 13.1.3 and 13.1.4). */
static bool field_date(const struct request *request, enum field field, int64_t now, int64_t *seconds)
{
	return date_parse(request_single(request, field), now, seconds);
}

enum status validator_check(const struct request *request, struct slice etag, const int64_t *modified, int64_t now)
{
	int64_t date;
	if (request->first[FIELD_IF_MATCH].at != NULL) {
		if (!names(request, FIELD_IF_MATCH, etag))
			return STATUS_PRECONDITION_FAILED;
	} else if (modified != NULL && field_date(request, FIELD_IF_UNMODIFIED_SINCE, now, &date) && *modified > date) {
		return STATUS_PRECONDITION_FAILED;
	}
	if (request->first[FIELD_IF_NONE_MATCH].at != NULL)
		return names(request, FIELD_IF_NONE_MATCH, etag) ? STATUS_NOT_MODIFIED : STATUS_NONE;
	if (modified != NULL && field_date(request, FIELD_IF_MODIFIED_SINCE, now, &date) && *modified <= date)
		return STATUS_NOT_MODIFIED;
	return STATUS_NONE;
}

bool validator_range(const struct request *request, struct slice etag, int64_t modified, int64_t now)
{
	struct slice value = request_single(request, FIELD_IF_RANGE);
	int64_t date;
	if (request->first[FIELD_IF_RANGE].at == NULL)
		return true;
	if (value.len > 0 && value.at[0] == '"')
		return slice_equal(value, etag);
	return date_parse(value, now, &date) && date == modified && modified < now - 1;
}
