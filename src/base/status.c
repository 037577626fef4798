/* SPDX-License-Identifier: ISC */
#include "base/status.h"

#include <errno.h>
#include <stddef.h>

/* The texts stand in the rows: a static PIE would have to relocate pointers to them at every start. */
struct row {
	unsigned short code;
	char reason[32]; /* the reason phrase */
	char text[104]; /* a sentence for the person who reads the page */
};

static const struct row rows[] = {
	{STATUS_OK, "OK", "Here it is."},
	{STATUS_NO_CONTENT, "No Content", "There is nothing to show."},
	{STATUS_PARTIAL_CONTENT, "Partial Content", "Here is the part that was asked for."},
	{STATUS_MOVED_PERMANENTLY, "Moved Permanently", "This page has moved."},
	{STATUS_FOUND, "Found", "This page is elsewhere for now."},
	{STATUS_NOT_MODIFIED, "Not Modified", "The copy at hand is still good."},
	{STATUS_BAD_REQUEST, "Bad Request",
	 "The server could not make sense of this request: a line is malformed, or Host or the end is missing."},
	{STATUS_FORBIDDEN, "Forbidden", "This is not for everyone to see."},
	{STATUS_NOT_FOUND, "Not Found", "There is no page at this address."},
	{STATUS_METHOD_NOT_ALLOWED, "Method Not Allowed", "Files can be read here, and nothing else."},
	{STATUS_NOT_ACCEPTABLE, "Not Acceptable", "The file is not there in any form that the request accepts."},
	{STATUS_REQUEST_TIMEOUT, "Request Timeout", "The request took too long to arrive."},
	{STATUS_PRECONDITION_FAILED, "Precondition Failed", "The file is not in the state that the request asked for."},
	{STATUS_CONTENT_TOO_LARGE, "Content Too Large", "The request carries more than the server will read."},
	{STATUS_URI_TOO_LONG, "URI Too Long", "The address is longer than the server will read."},
	{STATUS_RANGE_NOT_SATISFIABLE, "Range Not Satisfiable", "The file has no such part."},
	{STATUS_FIELDS_TOO_LARGE, "Request Header Fields Too Large",
	 "The request has more header than the server will read."},
	{STATUS_INTERNAL_SERVER_ERROR, "Internal Server Error", "The server could not build an answer."},
	{STATUS_NOT_IMPLEMENTED, "Not Implemented", "The server does not know how to do this."},
	{STATUS_SERVICE_UNAVAILABLE, "Service Unavailable", "The server cannot answer just now. Please try again later."},
	{STATUS_VERSION_NOT_SUPPORTED, "HTTP Version Not Supported", "The server speaks HTTP/1.0 and HTTP/1.1."},
};

/* The row of a code; of a code that has none, the row of 500. */
static const struct row *row_of(enum status status)
{
	const struct row *unknown = rows;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].code == (unsigned)status)
			return &rows[i];
		if (rows[i].code == STATUS_INTERNAL_SERVER_ERROR)
			unknown = &rows[i];
	}
	return unknown;
}

const char *status_reason(enum status status)
{
	return row_of(status)->reason;
}

const char *status_text(enum status status)
{
	return row_of(status)->text;
}

enum status status_of_errno(int error)
{
	switch (error) {
	case 0:
		return STATUS_NONE;
	case EACCES:
	case EPERM:
		return STATUS_FORBIDDEN;
	case ENOENT: /* from root also: neither a regular file nor a directory */
	case EXDEV: /* the path leaves the root */
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case EINVAL: /* a name that this file system cannot hold */
	case EILSEQ:
		return STATUS_NOT_FOUND;
	case EAGAIN:
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case ETIMEDOUT:
		return STATUS_SERVICE_UNAVAILABLE;
	default:
		return STATUS_INTERNAL_SERVER_ERROR;
	}
}
