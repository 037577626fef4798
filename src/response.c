/* SPDX-License-Identifier: ISC */
#include "response.h"

#include "date.h"

static void field(struct buf *b, const char *name, const char *value)
{
	buf_text(b, name);
	buf_text(b, ": ");
	buf_text(b, value);
	buf_text(b, "\r\n");
}

static void field_date(struct buf *b, const char *name, int64_t seconds)
{
	buf_text(b, name);
	buf_text(b, ": ");
	date_http(b, seconds);
	buf_text(b, "\r\n");
}

/*
 * Location as an absolute path without a host (RFC 9110 section 10.2.2), from the normalised path: it cannot name
 * another site, whatever the request looked like.
 */
static void field_location(struct buf *b, const struct target *target)
{
	buf_text(b, "Location: ");
	target_encode(b, (struct slice){target->path, target->length}, true);
	if (target->query.at != NULL) {
		buf_char(b, '?');
		buf_add(b, target->query);
	}
	buf_text(b, "\r\n");
}

static void field_length(struct buf *b, uint64_t length)
{
	buf_text(b, "Content-Length: ");
	buf_number(b, length);
	buf_text(b, "\r\n");
}

/* The operator's fields; each of two of ours gives way to one of the same name. */
static void site_fields(struct buf *b, const struct site *site)
{
	if (!options_sets(site, "Server"))
		field(b, "Server", "httpd");
	if (!options_sets(site, "X-Content-Type-Options"))
		field(b, "X-Content-Type-Options", "nosniff");
	for (size_t i = 0; i < site->headers; i++) {
		buf_add(b, site->header[i]);
		buf_text(b, "\r\n");
	}
}

void response_head(struct buf *b, const struct site *site, const struct answer *answer)
{
	buf_text(b, "HTTP/1.1 ");
	buf_number(b, (uint64_t)answer->status);
	buf_char(b, ' ');
	buf_text(b, status_reason(answer->status));
	buf_text(b, "\r\n");
	field_date(b, "Date", answer->now);
	field(b, "Connection", answer->persist ? "keep-alive" : "close");
	if (answer->status == STATUS_METHOD_NOT_ALLOWED || answer->status == STATUS_NO_CONTENT)
		field(b, "Allow", "GET, HEAD, OPTIONS");
	if (answer->moved != NULL)
		field_location(b, answer->moved);
	if (answer->type != NULL) {
		field(b, "Content-Type", answer->type);
		field_length(b, answer->length);
	}
	if (answer->modified != NULL)
		field_date(b, "Last-Modified", *answer->modified);
	site_fields(b, site);
	buf_text(b, "\r\n");
}

void response_page(struct buf *b, enum status status)
{
	buf_text(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	            "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	buf_number(b, (uint64_t)status);
	buf_char(b, ' ');
	buf_text(b, status_reason(status));
	buf_text(b, "</title>\n<style>\n"
	            "body { max-width: 34rem; margin: 16vh auto; padding: 0 1.5rem; font: 1.1rem/1.6 system-ui, sans-serif }\n"
	            "h1 { margin: 0; font-size: 2rem; line-height: 1.2 }\n"
	            "h1 span { display: block; font-size: 1rem; font-weight: normal; letter-spacing: .1em }\n"
	            "</style>\n</head>\n<body>\n<main>\n<h1><span>");
	buf_number(b, (uint64_t)status);
	buf_text(b, "</span> ");
	buf_text(b, status_reason(status));
	buf_text(b, "</h1>\n<p>");
	buf_text(b, status_text(status));
	buf_text(b, "</p>\n</main>\n</body>\n</html>\n");
}
