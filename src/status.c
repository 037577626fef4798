/* SPDX-License-Identifier: ISC */
#include "status.h"

#include <errno.h>
#include <stddef.h>

/* Arrays rather than pointers: a table of pointers would have to be relocated at every start. */
struct row {
	unsigned short status;
	char reason[32], text[64];
};

static const struct row rows[] = {
	{200, "OK", "Here it is."},
	{204, "No Content", "There is nothing to show."},
	{206, "Partial Content", "Here is the part that was asked for."},
	{301, "Moved Permanently", "This page has moved."},
	{302, "Found", "This page is elsewhere for now."},
	{304, "Not Modified", "The copy at hand is still good."},
	{400, "Bad Request", "The server could not make sense of this request."},
	{403, "Forbidden", "This is not for everyone to see."},
	{404, "Not Found", "There is no page at this address."},
	{405, "Method Not Allowed", "Files can be read here, and nothing else."},
	{406, "Not Acceptable", "The file is not there in any form that the request accepts."},
	{408, "Request Timeout", "The request took too long to arrive."},
	{412, "Precondition Failed", "The file is not in the state that the request asked for."},
	{413, "Content Too Large", "The request carries more than the server will read."},
	{414, "URI Too Long", "The address is longer than the server will read."},
	{416, "Range Not Satisfiable", "The file has no such part."},
	{431, "Request Header Fields Too Large", "The request has more header than the server will read."},
	{500, "Internal Server Error", "The server could not build an answer."},
	{501, "Not Implemented", "The server does not know how to do this."},
	{503, "Service Unavailable", "The server cannot answer just now. Please try again later."},
	{505, "HTTP Version Not Supported", "The server speaks HTTP/1.0 and HTTP/1.1."},
};

static const struct row *row_of(enum status status)
{
	size_t last = sizeof rows / sizeof rows[0] - 1, i = 0;
	while (i < last && rows[i].status != (unsigned)status)
		i++;
	if (rows[i].status != (unsigned)status)
		return row_of(STATUS_INTERNAL_SERVER_ERROR);
	return &rows[i];
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
	case ENOENT: /* no such name; root also says so of anything that is neither file nor directory */
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case ENXIO:  /* a socket, or a FIFO opened for reading by nobody */
	case ENODEV:
	case EINVAL: /* a name this file system cannot hold */
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
