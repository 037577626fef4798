/* SPDX-License-Identifier: ISC */
/*
 * status: the one table of the status codes this server sends (RFC 9110 section 15).
 *
 * The pure code returns an enum status: the HTTP status is the error, STATUS_NONE is no error.
 */
#ifndef STATUS_H
#define STATUS_H

enum status {
	STATUS_NONE = 0,
	STATUS_OK = 200,
	STATUS_NO_CONTENT = 204,
	STATUS_PARTIAL_CONTENT = 206,
	STATUS_MOVED_PERMANENTLY = 301,
	STATUS_FOUND = 302,
	STATUS_NOT_MODIFIED = 304,
	STATUS_BAD_REQUEST = 400,
	STATUS_FORBIDDEN = 403,
	STATUS_NOT_FOUND = 404,
	STATUS_METHOD_NOT_ALLOWED = 405,
	STATUS_NOT_ACCEPTABLE = 406,
	STATUS_REQUEST_TIMEOUT = 408,
	STATUS_PRECONDITION_FAILED = 412,
	STATUS_CONTENT_TOO_LARGE = 413,
	STATUS_URI_TOO_LONG = 414,
	STATUS_RANGE_NOT_SATISFIABLE = 416,
	STATUS_FIELDS_TOO_LARGE = 431,
	STATUS_INTERNAL_SERVER_ERROR = 500,
	STATUS_NOT_IMPLEMENTED = 501,
	STATUS_SERVICE_UNAVAILABLE = 503,
	STATUS_VERSION_NOT_SUPPORTED = 505
};

/* The reason phrase, never NULL. */
const char *status_reason(enum status status);

/* One sentence for the person who reads the page, never NULL. */
const char *status_text(enum status status);

/* The status for an errno of opening or reading a file: 404 for ENOENT and its like, 403, 503, else 500. */
enum status status_of_errno(int error);

#endif
