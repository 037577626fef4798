/* SPDX-License-Identifier: ISC */
#include "response.h"

#include "date.h"
#include "policy.h"

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
 * Location: the URI a link holds, or an absolute path without a host (RFC 9110 section 10.2.2), made from the
 * normalised path: it cannot name another site, whatever the request looked like.
 */
static void field_location(struct buf *b, const struct answer *answer)
{
	const struct resource *to = answer->resource;
	buf_text(b, "Location: ");
	if (to->link != NULL) {
		buf_text(b, to->link);
	} else {
		target_encode(b, to->moved, to->moved_slash);
		if (answer->target->query.at != NULL) {
			buf_char(b, '?');
			target_encode_query(b, answer->target->query);
		}
	}
	buf_text(b, "\r\n");
}

/* "bytes first-last/size" (RFC 9110 section 14.4). */
static void put_content_range(struct buf *b, const struct range *part, uint64_t size)
{
	buf_text(b, "Content-Range: bytes ");
	if (part != NULL) {
		buf_number(b, part->first);
		buf_char(b, '-');
		buf_number(b, part->first + part->length - 1);
	} else {
		buf_char(b, '*');
	}
	buf_char(b, '/');
	buf_number(b, size);
	buf_text(b, "\r\n");
}

static void field_coding(struct buf *b, const struct resource *resource)
{
	if (resource->coding != CODING_IDENTITY)
		field(b, "Content-Encoding", coding_name(resource->coding));
}

/* A boundary made of the entity tag: no file holds by chance what names its own size and time of change. */
static void put_boundary(struct buf *b, const struct answer *answer)
{
	buf_text(b, "part-");
	buf_add(b, (struct slice){answer->etag.at + 1, answer->etag.len - 2});
}

void response_part(struct buf *b, const struct answer *answer, size_t i)
{
	buf_text(b, "\r\n--");
	put_boundary(b, answer);
	if (i == answer->parts) {
		buf_text(b, "--\r\n");
		return;
	}
	buf_text(b, "\r\n");
	field(b, "Content-Type", answer->resource->type);
	field_coding(b, answer->resource); /* the parts are pieces of something coded; what holds them is not coded */
	put_content_range(b, &answer->part[i], answer->resource->file.size);
	buf_text(b, "\r\n");
}

void response_measure(struct answer *answer)
{
	char room[PART_MAX];
	answer->type = answer->resource->type;
	answer->length = answer->resource->file.size;
	if (answer->parts == 0)
		return;
	answer->length = 0;
	for (size_t i = 0; i < answer->parts; i++)
		answer->length += answer->part[i].length;
	for (size_t i = 0; answer->parts > 1 && i <= answer->parts; i++) {
		struct buf head = buf_in(room, sizeof room);
		response_part(&head, answer, i);
		answer->length += head.len;
	}
}

/* What the content is and how its end is known. */
static void content_fields(struct buf *b, const struct answer *answer)
{
	if (answer->parts > 1) {
		buf_text(b, "Content-Type: multipart/byteranges; boundary=");
		put_boundary(b, answer);
		buf_text(b, "\r\n");
	} else {
		field(b, "Content-Type", answer->type);
	}
	if (answer->parts == 1)
		put_content_range(b, &answer->part[0], answer->resource->file.size);
	if (answer->status == STATUS_RANGE_NOT_SATISFIABLE)
		put_content_range(b, NULL, answer->range_size);
	if (answer->chunked) {
		field(b, "Transfer-Encoding", "chunked");
	} else if (!answer->resource->listing) {
		buf_text(b, "Content-Length: ");
		buf_number(b, answer->length);
		buf_text(b, "\r\n");
	}
	if (answer->parts < 2)
		field_coding(b, answer->resource);
}

/* What a cache must know, of the file and of what else the answer hung on. */
static void cache_fields(struct buf *b, const struct site *site, const struct answer *answer)
{
	const struct resource *r = answer->resource;
	if (answer->etag.at != NULL) {
		struct slice control = policy_cache(site, r->path);
		/* Never later than Date (RFC 9110 section 8.8.2.1). */
		field_date(b, "Last-Modified", answer->modified < answer->now ? answer->modified : answer->now);
		buf_text(b, "ETag: ");
		buf_add(b, answer->etag);
		buf_text(b, "\r\n");
		if (control.at != NULL) {
			buf_text(b, "Cache-Control: ");
			buf_add(b, control);
			buf_text(b, "\r\n");
		}
	}
	if (r->varies_coding || r->varies_accept)
		field(b, "Vary", r->varies_coding && r->varies_accept ? "Accept, Accept-Encoding"
		                 : r->varies_coding                    ? "Accept-Encoding"
		                                                       : "Accept");
}

/* The operator's fields; each of two of ours gives way to one of the same name. */
static void site_fields(struct buf *b, const struct site *site)
{
	if (!site->own_server)
		field(b, "Server", "httpd");
	if (!site->own_sniffing)
		field(b, "X-Content-Type-Options", "nosniff");
	struct slice line;
	for (size_t at = 0; site->header_bytes > 0 && options_next(site, OPTION_HEADER, &at, &line);) {
		buf_add(b, line);
		buf_text(b, "\r\n");
	}
}

void response_head(struct buf *b, const struct site *site, const struct answer *answer)
{
	enum status status = answer->status;
	buf_text(b, "HTTP/1.1 ");
	buf_number(b, (uint64_t)status);
	buf_char(b, ' ');
	buf_text(b, status_reason(status));
	buf_text(b, "\r\n");
	field_date(b, "Date", answer->now);
	field(b, "Connection", answer->persist ? "keep-alive" : "close");
	if (status == STATUS_METHOD_NOT_ALLOWED || status == STATUS_NO_CONTENT)
		field(b, "Allow", "GET, HEAD, OPTIONS");
	if (status == STATUS_MOVED_PERMANENTLY || status == STATUS_FOUND)
		field_location(b, answer);
	if (answer->type != NULL)
		content_fields(b, answer);
	if (answer->etag.at != NULL && answer->type != NULL)
		field(b, "Accept-Ranges", "bytes");
	cache_fields(b, site, answer);
	site_fields(b, site);
	buf_text(b, "\r\n");
}

void response_page(struct buf *b, enum status status)
{
	buf_text(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	            "<meta name=\"color-scheme\" content=\"light dark\">\n"
	            "<link rel=\"icon\" href=\"data:,\">\n<title>"); /* or browsers ask for /favicon.ico */
	buf_number(b, (uint64_t)status);
	buf_char(b, ' ');
	buf_text(b, status_reason(status));
	buf_text(b, "</title>\n<style>\n"
	            "body { max-width: 34rem; margin: 16vh auto; padding: 0 1.5rem;"
	            " font: 1.1rem/1.6 system-ui, sans-serif }\n"
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
