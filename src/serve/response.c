/* SPDX-License-Identifier: ISC */
#include "serve/response.h"

#include <string.h>

#include "http/date.h"
#include "serve/listing.h"
#include "serve/policy.h"

static void put_field(struct buf *b, const char *name, const char *value)
{
	buf_format(b, "%s: %s\r\n", name, value);
}

static void put_date_field(struct buf *b, const char *name, int64_t seconds)
{
	buf_format(b, "%s: ", name);
	date_write(b, DATE_HTTP, seconds);
	buf_text(b, "\r\n");
}

static bool is_redirect(enum status status)
{
	return status == STATUS_MOVED_PERMANENTLY || status == STATUS_FOUND;
}

/*
 * Writes where a redirect leads: the URI a link holds, or an absolute path without a host (RFC 9110 section 10.2.2), or
 * that path behind the URI. It is made from the normalised path and begins with one slash: it cannot name another site,
 * whatever the request looked like.
 */
static void put_location(struct buf *b, const struct answer *answer)
{
	const struct resource *to = answer->resource;
	if (to->link != NULL)
		buf_text(b, to->link);
	if (to->link == NULL || to->moved.at != NULL)
		target_encode(b, to->moved, to->moved_slash, answer->target->query);
}

static void put_location_field(struct buf *b, const struct answer *answer)
{
	buf_text(b, "Location: ");
	put_location(b, answer);
	buf_text(b, "\r\n");
}

/* RFC 9110 section 14.4. */
static void put_content_range(struct buf *b, const struct range *part, uint64_t size)
{
	buf_format(b, "Content-Range: bytes %ju-%ju/%ju\r\n", part->first, part->first + part->length - 1, size);
}

static void put_coding_field(struct buf *b, const struct resource *resource)
{
	if (resource->coding != CODING_IDENTITY)
		put_field(b, "Content-Encoding", coding_name(resource->coding));
}

/* A boundary made of the entity tag: no file holds its own size and time of change by chance. */
static struct slice boundary(const struct answer *answer)
{
	return (struct slice){answer->etag.at + 1, answer->etag.len - 2};
}

void response_part(struct buf *b, const struct answer *answer, size_t i)
{
	bool last = i == answer->parts;
	buf_format(b, "\r\n--part-%.*s%s\r\n", SLICE(boundary(answer)), last ? "--" : "");
	if (last)
		return;
	put_field(b, "Content-Type", answer->resource->type);
	put_coding_field(b, answer->resource); /* each part is coded, the multipart body is not */
	put_content_range(b, &answer->part[i], answer->resource->file.size);
	buf_text(b, "\r\n");
}

uint64_t response_parts_length(const struct answer *answer)
{
	char room[PART_MAX];
	uint64_t length = 0;
	for (size_t i = 0; i < answer->parts; i++)
		length += answer->part[i].length;
	for (size_t i = 0; answer->parts > 1 && i <= answer->parts; i++) {
		struct buf head = buf_in(room, sizeof room);
		response_part(&head, answer, i);
		length += head.len;
	}
	return length;
}

void response_measure(struct answer *answer)
{
	switch (answer->body) {
	case BODY_FILE:
		answer->length = answer->resource->file.size;
		break;
	case BODY_PARTS:
		answer->length = response_parts_length(answer);
		break;
	case BODY_LISTING:
		answer->length = answer->listing->piece.len;
		break;
	default:
		return;
	}
	answer->type = answer->resource->type;
}

/* Content-Type, Content-Encoding, Content-Range, and Content-Length or Transfer-Encoding. */
static void put_content_fields(struct buf *b, const struct answer *answer)
{
	size_t parts = answer->body == BODY_PARTS ? answer->parts : 0;
	if (parts > 1)
		buf_format(b, "Content-Type: multipart/byteranges; boundary=part-%.*s\r\n", SLICE(boundary(answer)));
	else
		put_field(b, "Content-Type", answer->type);
	if (parts == 1)
		put_content_range(b, &answer->part[0], answer->resource->file.size);
	if (answer->status == STATUS_RANGE_NOT_SATISFIABLE)
		buf_format(b, "Content-Range: bytes */%ju\r\n", answer->range_size);
	if (answer->framing == FRAMING_CHUNKS)
		put_field(b, "Transfer-Encoding", "chunked");
	else if (answer->framing == FRAMING_LENGTH)
		buf_format(b, "Content-Length: %ju\r\n", answer->length);
	if (parts < 2)
		put_coding_field(b, answer->resource);
}

/*
 * Whether a cache must not keep the answer. An error depends on the fields of one request, or on what the server lacks
 * just now; a cache whose key is the address would give it to every client. 404 depends on the address, and on Accept,
 * which Vary names.
 */
static bool is_for_one_request(enum status status)
{
	return status >= STATUS_BAD_REQUEST && status != STATUS_NOT_FOUND;
}

/* The validators, Cache-Control and Vary. */
static void put_cache_fields(struct buf *b, const struct site *site, const struct answer *answer)
{
	const struct resource *r = answer->resource;
	if (answer->etag.at != NULL) {
		struct slice control = policy_cache(site, r->path);
		if (answer->body != BODY_NONE)
			put_field(b, "Accept-Ranges", "bytes");
		if (answer->dated) /* never later than Date (RFC 9110 section 8.8.2.1) */
			put_date_field(b, "Last-Modified", answer->modified < answer->now ? answer->modified : answer->now);
		buf_format(b, "ETag: %.*s\r\n", SLICE(answer->etag));
		if (control.at != NULL)
			buf_format(b, "Cache-Control: %.*s\r\n", SLICE(control));
	}
	if (is_for_one_request(answer->status))
		put_field(b, "Cache-Control", "no-store");
	if (r->varies_coding || r->varies_accept)
		put_field(b, "Vary", r->varies_coding && r->varies_accept ? "Accept, Accept-Encoding"
		                     : r->varies_coding                    ? "Accept-Encoding"
		                                                           : "Accept");
}

static bool is_named(const struct rule *header, const char *name)
{
	struct slice found, line = header->value;
	slice_split(&line, ':', &found);
	return slice_equal_nocase(found, slice_of(name));
}

/* Whether a --header sets a field of that name in the answer. */
static bool is_set(const struct site *site, const char *path, const char *name)
{
	const struct rules *headers = &site->rules[RULES_HEADER];
	for (size_t i = 0; i < headers->count; i++)
		if (is_named(&headers->at[i], name) && policy_header(&headers->at[i], path))
			return true;
	return false;
}

/* The path of the file that the answer is about, which may be the site's page of an error; NULL: it is about none. */
static const char *path_of(const struct answer *answer)
{
	return answer->etag.at != NULL || answer->body == BODY_FILE ? answer->resource->path : NULL;
}

/*
 * The fields of --header, which replace httpd's Server and X-Content-Type-Options; Content-Encoding is written already.
 */
static void put_site_fields(struct buf *b, const struct site *site, const struct answer *answer)
{
	const char *path = path_of(answer);
	const struct rules *headers = &site->rules[RULES_HEADER];
	if (!site->own_server || !is_set(site, path, "Server"))
		put_field(b, "Server", "httpd");
	if (!site->own_nosniff || !is_set(site, path, "X-Content-Type-Options"))
		put_field(b, "X-Content-Type-Options", "nosniff");
	for (size_t i = 0; i < headers->count; i++)
		if (policy_header(&headers->at[i], path) &&
		    !(site->own_coding && is_named(&headers->at[i], "Content-Encoding")))
			buf_format(b, "%.*s\r\n", SLICE(headers->at[i].value));
}

void response_head(struct buf *b, const struct site *site, const struct answer *answer)
{
	enum status status = answer->status;
	buf_format(b, "HTTP/1.1 %u %s\r\n", (unsigned)status, status_reason(status));
	put_date_field(b, "Date", answer->now);
	put_field(b, "Connection", answer->persist ? "keep-alive" : "close");
	if (status == STATUS_METHOD_NOT_ALLOWED || status == STATUS_NO_CONTENT)
		put_field(b, "Allow", "GET, HEAD, OPTIONS");
	if (is_redirect(status))
		put_location_field(b, answer);
	if (answer->body != BODY_NONE)
		put_content_fields(b, answer);
	put_cache_fields(b, site, answer);
	put_site_fields(b, site, answer);
	buf_text(b, "\r\n");
}

/* A link to the new address, for people whose client does not follow Location; none where that is very long. */
static void put_link(struct buf *b, const struct answer *answer)
{
	enum { ESCAPED = 5 }; /* the most bytes that buf_html makes of one */
	struct buf with_link = *b;
	buf_text(&with_link, "<p><a href=\"");
	struct buf plain = buf_rest(&with_link);
	plain.size = plain.size / ESCAPED < PAGE_ADDRESS ? plain.size / ESCAPED : PAGE_ADDRESS;
	put_location(&plain, answer);
	/* The address is moved back so far that its escaped form, written over it from the start, never overtakes it. */
	char *far = plain.at + (ESCAPED - 1) * plain.len;
	memmove(far, plain.at, plain.len);
	buf_html(&with_link, (struct slice){far, plain.len});
	buf_text(&with_link, "\">The new address</a></p>\n");
	if (!plain.overflow)
		*b = with_link;
}

void response_page(struct buf *b, struct answer *answer)
{
	size_t before = b->len;
	unsigned code = (unsigned)answer->status;
	const char *reason = status_reason(answer->status);
	/* An empty icon: without one browsers request /favicon.ico. */
	buf_format(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	              "<meta name=\"color-scheme\" content=\"light dark\">\n"
	              "<link rel=\"icon\" href=\"data:,\">\n<title>%u %s</title>\n<style>\n"
	              "body { max-width: 34rem; margin: 16vh auto; padding: 0 1.5rem;"
	              " font: 1.1rem/1.6 system-ui, sans-serif }\n"
	              "h1 { margin: 0; font-size: 2rem; line-height: 1.2 }\n"
	              "h1 span { display: block; font-size: 1rem; font-weight: normal; letter-spacing: .1em }\n"
	              "</style>\n</head>\n<body>\n<main>\n<h1><span>%u</span> %s</h1>\n<p>%s</p>\n", code, reason, code,
	           reason, status_text(answer->status));
	if (is_redirect(answer->status))
		put_link(b, answer);
	else if (answer->status >= STATUS_BAD_REQUEST && answer->target->length > 0)
		buf_text(b, "<p><a href=\"/\">To the front page</a></p>\n");
	buf_text(b, "</main>\n</body>\n</html>\n");
	answer->type = "text/html; charset=utf-8";
	answer->length = b->len - before;
}
