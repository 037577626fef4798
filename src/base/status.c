/* SPDX-License-Identifier: ISC */
#include "base/status.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const unsigned short codes[] = {
	200, 204, 206, 301, 302, 304, 400, 403, 404, 405, 406, 408, 412, 413, 414, 416, 431, 500, 501, 503, 505,
};

/*
 * Of each code, in the same order, the reason phrase and the sentence. One text: a table of pointers would have to be
 * relocated at every start.
 */
static const char texts[] =
	"OK\0" "Here it is.\0"
	"No Content\0" "There is nothing to show.\0"
	"Partial Content\0" "Here is the part that was asked for.\0"
	"Moved Permanently\0" "This page has moved.\0"
	"Found\0" "This page is elsewhere for now.\0"
	"Not Modified\0" "The copy at hand is still good.\0"
	"Bad Request\0"
	"The server could not make sense of this request: a line is malformed, or Host or the end is missing.\0"
	"Forbidden\0" "This is not for everyone to see.\0"
	"Not Found\0" "There is no page at this address.\0"
	"Method Not Allowed\0" "Files can be read here, and nothing else.\0"
	"Not Acceptable\0" "The file is not there in any form that the request accepts.\0"
	"Request Timeout\0" "The request took too long to arrive.\0"
	"Precondition Failed\0" "The file is not in the state that the request asked for.\0"
	"Content Too Large\0" "The request carries more than the server will read.\0"
	"URI Too Long\0" "The address is longer than the server will read.\0"
	"Range Not Satisfiable\0" "The file has no such part.\0"
	"Request Header Fields Too Large\0" "The request has more header than the server will read.\0"
	"Internal Server Error\0" "The server could not build an answer.\0"
	"Not Implemented\0" "The server does not know how to do this.\0"
	"Service Unavailable\0" "The server cannot answer just now. Please try again later.\0"
	"HTTP Version Not Supported\0" "The server speaks HTTP/1.0 and HTTP/1.1.\0";

/* The reason phrase, or the sentence behind it, of a code; of a code that is not there, those of 500. */
static const char *text_of(enum status status, unsigned which)
{
	size_t i = 0;
	const char *text = texts;
	while (i < sizeof codes / sizeof codes[0] && codes[i] != (unsigned)status)
		i++;
	if (i == sizeof codes / sizeof codes[0])
		return text_of(STATUS_INTERNAL_SERVER_ERROR, which);
	for (size_t skip = 2 * i + which; skip > 0; skip--)
		text += strlen(text) + 1;
	return text;
}

const char *status_reason(enum status status)
{
	return text_of(status, 0);
}

const char *status_text(enum status status)
{
	return text_of(status, 1);
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
	case EXDEV: /* so root says of what leads out */
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
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
