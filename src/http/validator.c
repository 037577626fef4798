/* SPDX-License-Identifier: ISC */
#include "http/validator.h"

#include "http/date.h"

/* Times that tools give to every file of an image or an archive, so that it is the same whenever it is made. */
static const int64_t constant_times[] = {
	0, 1,                 /* OSTree; Nix, Guix, Jib */
	315532800, 315532801, /* 1980-01-01, the first that zip knows; a second later, Cloud Native Buildpacks */
	318211200,            /* 1980-02-01: Gradle */
	499162500,            /* 1985-10-26 08:15: npm pack */
	946684800             /* 2000-01-01: Bazel's packages */
};

bool validator_dated(const struct entry *file)
{
	for (size_t i = 0; i < sizeof constant_times / sizeof constant_times[0]; i++)
		if (file->seconds == constant_times[i] && file->nanoseconds == 0)
			return false;
	return true;
}

void validator_etag(struct buf *b, const struct entry *file, const char *coding)
{
	const char *dash = coding[0] != '\0' ? "-" : "";
	if (validator_dated(file))
		buf_format(b, "\"%jx-%jx-%x%s%s\"", file->size, (uint64_t)file->seconds, file->nanoseconds, dash, coding);
	else
		buf_format(b, "\"%jx-%jx-%x-%jx%s%s\"", file->size, (uint64_t)file->changed.seconds, file->changed.nanoseconds,
		           file->inode, dash, coding);
}

/*
 * How many bytes of s are an entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE (RFC 9110 section 8.8.3); 0: it begins with
 * none.
 */
static size_t tag_length(struct slice s, bool *weak)
{
	*weak = s.len > 2 && s.at[0] == 'W' && s.at[1] == '/';
	size_t i = *weak ? 2 : 0;
	if (i >= s.len || s.at[i] != '"')
		return 0;
	for (i++; i < s.len && (unsigned char)s.at[i] > ' ' && s.at[i] != '"' && s.at[i] != 0x7f; i++)
		;
	return i < s.len && s.at[i] == '"' ? i + 1 : 0;
}

/*
 * Takes an element, which may be empty, and the comma behind it off a list; false where it is malformed. *found is set
 * where it is our tag.
 */
static bool take_tag(struct slice *list, struct slice etag, bool weakly, bool *found)
{
	bool weak;
	*list = slice_trim(*list);
	size_t n = tag_length(*list, &weak);
	if (n > 0) {
		struct slice tag = {list->at + (weak ? 2 : 0), n - (weak ? 2 : 0)};
		*found = *found || (slice_equal(tag, etag) && (weakly || !weak));
		*list = slice_trim(slice_from(*list, n));
	}
	if (list->len > 0 && list->at[0] != ',') /* where a comma should be, or a tag */
		return false;
	*list = slice_from(*list, 1);
	return true;
}

/* Reads #entity-tag, a line of a list; false where it is malformed. *found is set where our tag is in it. */
static bool read_tags(struct slice list, struct slice etag, bool weakly, bool *found)
{
	while (list.len > 0)
		if (!take_tag(&list, etag, weakly, found))
			return false;
	return true;
}

/*
 * Whether a field names our tag, which is strong. If-Match compares strongly, other fields weakly (RFC 9110 section
 * 8.8.3.2). A list that is malformed anywhere names nothing, as nobody knows what was meant.
 */
static bool has_tag(const struct request *request, enum field field, struct slice etag)
{
	struct field_lines lines = request_lines(request, field);
	struct slice list;
	bool found = false;
	if (slice_equal(request_single(request, field), slice_of("*")))
		return true;
	while (request_next(&lines, &list))
		if (!read_tags(list, etag, field != FIELD_IF_MATCH, &found))
			return false;
	return found;
}

/*
 * Reads the date of a field. False where the field is missing, repeated or no date: then it is ignored (RFC 9110
 * sections 13.1.3 and 13.1.4).
 */
static bool field_date(const struct request *request, enum field field, int64_t now, int64_t *seconds)
{
	return date_parse(request_single(request, field), now, seconds);
}

enum status validator_check(const struct request *request, struct slice etag, const int64_t *modified, int64_t now)
{
	int64_t date;
	if (request->first[FIELD_IF_MATCH].at != NULL) {
		if (!has_tag(request, FIELD_IF_MATCH, etag))
			return STATUS_PRECONDITION_FAILED;
	} else if (modified != NULL && field_date(request, FIELD_IF_UNMODIFIED_SINCE, now, &date) && *modified > date) {
		return STATUS_PRECONDITION_FAILED;
	}
	if (request->first[FIELD_IF_NONE_MATCH].at != NULL)
		return has_tag(request, FIELD_IF_NONE_MATCH, etag) ? STATUS_NOT_MODIFIED : STATUS_NONE;
	if (modified != NULL && field_date(request, FIELD_IF_MODIFIED_SINCE, now, &date) && *modified <= date)
		return STATUS_NOT_MODIFIED;
	return STATUS_NONE;
}

bool validator_if_range(const struct request *request, struct slice etag, const int64_t *modified, int64_t now)
{
	struct slice value = request_single(request, FIELD_IF_RANGE);
	int64_t date;
	if (request->first[FIELD_IF_RANGE].at == NULL)
		return true;
	if (value.len > 0 && value.at[0] == '"')
		return slice_equal(value, etag);
	return modified != NULL && date_parse(value, now, &date) && date == *modified && date < now - 1;
}
