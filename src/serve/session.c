/* SPDX-License-Identifier: ISC */
#include "serve/session.h"

#include <errno.h>

#include "http/forwarded.h"
#include "http/proxy.h"
#include "http/request.h"
#include "http/target.h"
#include "serve/condition.h"
#include "serve/error_page.h"
#include "serve/link.h"
#include "serve/listing.h"
#include "serve/lookup.h"
#include "serve/policy.h"
#include "serve/resource.h"
#include "serve/response.h"
#include "serve/transfer.h"
#include "serve/vhost.h"
#include "system/root.h"

/* One request, and its answer while it is being made. */
struct exchange {
	struct request request;
	struct target target;
	struct entry host; /* with --vhosts: the directory of the site that was asked; fd -1 without */
	const char *link; /* NULL, or the URI that is in the place of that directory, or of ROOT: all goes there */
	struct resource resource; /* the result of the look-up, or the site's page about a refusal */
	struct answer answer;
	struct recent *recent; /* for the look-up; NULL: it remembers nothing */
	struct buf room; /* for the target's path, names, a link, our page and the head, one behind the other */
	char etag[ETAG_MAX];
	uint64_t sent; /* bytes of the content */
};

/*
 * Reads until a head is there: *length is its length. It stays 0 beside a refusal, and where nothing is to be answered
 * or logged: the client left without a word, or the first read failed with *error. In the middle of a head a deadline
 * is 408; an end and a reset are 400, which after a reset nobody reads, but which the log has.
 */
static enum status read_head(struct conn *conn, size_t *length, int *error)
{
	struct request_scan scan = {0, 0, false};
	for (;;) {
		enum status refusal = request_scan(&scan, conn_input(conn), length);
		if (refusal != STATUS_NONE || *length > 0)
			return refusal;
		*error = conn_read(conn);
		if (*error != 0 || conn->ended) {
			if (!scan.begun)
				return STATUS_NONE;
			return *error == ETIMEDOUT ? STATUS_REQUEST_TIMEOUT : STATUS_BAD_REQUEST;
		}
	}
}

/* Where the files of this request are: the root, or with --vhosts the directory of its host; -1: there are none. */
static int root_of(const struct session *s, const struct exchange *x)
{
	return s->site->vhosts ? x->host.fd : s->root;
}

static enum status choose_host(const struct session *s, struct exchange *x)
{
	struct slice host = x->target.host.at != NULL ? x->target.host : x->request.first[FIELD_HOST];
	char *link = NULL;
	if (!s->site->vhosts || x->link != NULL)
		return STATUS_NONE;
	enum status refusal = vhost_open(s->root, host, &x->room, &x->host, &link);
	x->link = link;
	return refusal;
}

/* Where a symlink with a URI is in the place of the site. The text is copied, as link_redirect writes over it. */
static enum status redirect_all(struct exchange *x)
{
	char *link = x->room.at + x->room.len;
	buf_format(&x->room, "%s%c", x->link, '\0');
	return x->target.unresolvable ? STATUS_NOT_FOUND : link_redirect(link, &x->target, 0, &x->resource);
}

/*
 * Checks the request, in the order in which refusals win, and looks the target up; STATUS_NONE: it is in x->resource.
 */
static enum status decide(const struct session *s, struct exchange *x, enum status target)
{
	const struct request *request = &x->request;
	if (x->target.unresolvable)
		target = STATUS_NONE; /* lookup_find says so, where there is no fallback */
	enum status host = target == STATUS_NONE ? choose_host(s, x) : STATUS_NONE; /* also for a refusal's page */
	enum status refusal = policy_method(request);
	if (refusal == STATUS_NONE)
		refusal = target;
	if (refusal == STATUS_NONE)
		refusal = policy_agent(s->site, request);
	if (refusal != STATUS_NONE)
		return refusal;
	if (request->length > DRAIN_BYTES)
		return STATUS_CONTENT_TOO_LARGE;
	if (request->method == METHOD_OPTIONS)
		return STATUS_NO_CONTENT;
	if (x->target.asterisk)
		return STATUS_BAD_REQUEST;
	if (host != STATUS_NONE)
		return host;
	if (x->link != NULL)
		return redirect_all(x);
	if (x->recent != NULL)
		recent_enter(x->recent, x->answer.now, x->host.device, x->host.inode);
	return lookup_find(root_of(s, x), x->recent, s->site, request, &x->target, &x->room, &x->resource);
}

/*
 * Opens the listing and makes its first piece before the head leaves, so that a failure has a status, and the length of
 * a small listing is known. Returns 200, 403 or 404 where the directory may not be read or is gone, else 503.
 */
static enum status start_listing(const struct session *s, struct exchange *x)
{
	struct answer *a = &x->answer;
	const struct resource *r = &x->resource;
	int error = listing_open(&a->listing, root_of(s, x), r->file.fd, slice_of(r->path), x->target.query,
	                         r->json);
	if (error == 0)
		error = listing_next(a->listing);
	if (error != 0) {
		listing_close(a->listing);
		a->listing = NULL;
		unsigned status = status_of_errno(error);
		return status < STATUS_INTERNAL_SERVER_ERROR ? status : STATUS_SERVICE_UNAVAILABLE;
	}
	if (a->listing->stage != LISTING_END)
		a->framing = x->request.minor > 0 ? FRAMING_CHUNKS : FRAMING_CLOSE;
	return STATUS_OK;
}

/* Replaces the resource by the site's page about a refusal, if it has one. */
static void find_error_page(const struct session *s, struct exchange *x)
{
	int root = root_of(s, x);
	root_close(&x->resource.file);
	x->answer.etag = (struct slice){NULL, 0};
	if (root >= 0)
		error_page_find(root, &x->target, x->answer.status, &x->room, &x->resource);
	if (x->resource.file.fd >= 0) {
		x->resource.type = policy_type(s->site, x->resource.path);
		x->resource.coding = policy_coding(s->site, x->resource.path);
	}
}

/* Sets the kind of the answer's body. Needs the final status. */
static void choose_body(const struct session *s, struct exchange *x)
{
	struct answer *a = &x->answer;
	if (a->status >= STATUS_BAD_REQUEST)
		find_error_page(s, x);
	if (a->status == STATUS_NO_CONTENT || a->status == STATUS_NOT_MODIFIED)
		a->body = BODY_NONE;
	else if (a->status == STATUS_PARTIAL_CONTENT)
		a->body = BODY_PARTS;
	else if (a->listing != NULL)
		a->body = BODY_LISTING;
	else
		a->body = x->resource.file.fd >= 0 ? BODY_FILE : BODY_PAGE;
}

/* Writes the head, and the page where one of ours is the body, and sends them with the body. Returns 0 or an errno. */
static int respond(const struct session *s, struct exchange *x)
{
	struct answer *a = &x->answer;
	struct buf page = buf_rest(&x->room);
	if (a->body == BODY_PAGE)
		response_page(&page, a);
	else
		response_measure(a);
	struct buf head = buf_rest(&page);
	response_head(&head, s->site, a);
	if (a->body == BODY_NONE || x->request.method == METHOD_HEAD)
		return head.overflow ? EMSGSIZE : conn_write(s->conn, buf_slice(&head), false);
	return transfer_send(s->conn, &head, a, buf_slice(&page), &x->sent);
}

/*
 * Writes the address that the proxy named in this request; false where it named none, or the head is too broken to have
 * fields.
 */
static bool client_named(const struct session *s, const struct request *request, struct buf *address)
{
	struct slice name = slice_of(s->site->client_address);
	if (name.at == NULL || s->log->place == LOG_TO_NOTHING)
		return false;
	return forwarded_address(name, request_last(request, name), address);
}

static void log_exchange(const struct session *s, const struct exchange *x)
{
	char room[ADDRESS_MAX];
	struct buf named = buf_in(room, sizeof room);
	struct slice line = x->request.line;
	struct record record = {
		.address = buf_slice(client_named(s, &x->request, &named) ? &named : s->address),
		.when = x->answer.now,
		.line = line.len > 0 ? line : (struct slice){NULL, 0},
		.referer = x->request.first[FIELD_REFERER],
		.agent = x->request.first[FIELD_USER_AGENT],
		.status = x->answer.status,
		.bytes = x->sent,
	};
	log_answer(s->log, &record, conn_room(s->conn));
}

/* Prepares an exchange of which nothing is known yet. Its texts will stand in the room of the connection. */
static void begin_exchange(const struct session *s, struct exchange *x)
{
	x->room = conn_room(s->conn);
	x->recent = NULL;
	x->sent = 0;
	x->host = (struct entry){.fd = -1};
	x->link = s->link;
	x->resource = resource_none();
	x->answer = (struct answer){.now = conn_time(s->conn), .target = &x->target, .resource = &x->resource,
	                            .part = s->ranges};
}

/* Finds and opens the content of the answer to a well-formed request, and returns its status. */
static enum status find_answer(const struct session *s, struct exchange *x, enum status target)
{
	struct buf etag = buf_in(x->etag, sizeof x->etag);
	enum status status = decide(s, x, target);
	if (status == STATUS_NONE)
		status = condition_apply(&x->request, &etag, &x->answer);
	return status == STATUS_OK && x->resource.listing ? start_listing(s, x) : status;
}

/* Closes and frees all that the answer was made of. The end of the process would do that as well. */
static void end_exchange(struct exchange *x)
{
	listing_close(x->answer.listing);
	recent_keep(x->resource.place, &x->resource.file);
	root_close(&x->host);
}

/*
 * Answers the head that has come, or says why it is none, and logs it. Returns whether the connection can go on. The
 * target of a head that was refused is parsed as well: the page about the refusal is looked for where it pointed. It is
 * request number `served` of the connection, from 1.
 */
static bool answer_head(const struct session *s, struct slice head, enum status refusal, uint64_t served)
{
	struct exchange x;
	struct answer *a = &x.answer;
	begin_exchange(s, &x);
	enum status malformed = request_parse(head, &x.request);
	enum status target = target_parse(x.request.target, &x.room, &x.target);
	if (refusal == STATUS_NONE)
		refusal = malformed;
	x.recent = served > 1 ? s->recent : NULL;
	bool well_formed = refusal == STATUS_NONE;
	a->status = well_formed ? find_answer(s, &x, target) : refusal;
	choose_body(s, &x);
	a->persist = well_formed && served < s->site->requests && request_persists(&x.request) &&
	             a->framing != FRAMING_CLOSE;
	int error = respond(s, &x);
	log_exchange(s, &x);
	if (a->persist)
		end_exchange(&x);
	/* A client that did not ask for "close" may be sending its next request already: that is drained. */
	if (!a->persist && error == 0)
		conn_finish(s->conn, !well_formed || request_has_body(&x.request) || request_persists(&x.request) ||
		                         conn_input(s->conn).len > head.len);
	return a->persist && error == 0;
}

/* Reports a connection without a PROXY header; its address should have been that of the proxy. */
static void report_no_header(const struct session *s)
{
	char room[MESSAGE_MAX];
	struct buf b = buf_message(room, sizeof room);
	buf_text(&b, "closed a connection from ");
	buf_visible(&b, buf_slice(s->address), "", (size_t)4 * ADDRESS_MAX);
	buf_text(&b, " that did not begin with a whole PROXY header, which --proxy-protocol requires: let the proxy send "
	             "one (haproxy: send-proxy-v2), or drop the option");
	log_message(s->log, buf_slice(&b));
}

/*
 * Takes the PROXY header off the input, and the client's address from it; false when there is none, which is worth a
 * line unless nothing came at all: a proxy that only looks whether we are there sends nothing. *error is then the errno
 * of the read, or 0.
 */
static bool read_proxy(const struct session *s, int *error)
{
	struct buf address = buf_in(s->address->at, s->address->size);
	enum proxy_verdict verdict;
	size_t length;
	*error = 0;
	do
		verdict = proxy_parse(conn_input(s->conn), &length, &address);
	while (verdict == PROXY_MORE && (*error = conn_read(s->conn)) == 0 && !s->conn->ended);
	if (verdict != PROXY_DONE && conn_input(s->conn).len > 0)
		report_no_header(s);
	if (verdict != PROXY_DONE)
		return false;
	if (address.len > 0)
		*s->address = address;
	conn_consume(s->conn, length);
	return true;
}

/* Waits so many seconds for the next request on a connection that is used again; false when none begins in time. */
static bool await_next(struct conn *conn, uint64_t seconds)
{
	return conn_input(conn).len > 0 || (conn_read_next(conn, seconds) == 0 && !conn->ended);
}

int session_run(const struct session *s)
{
	bool more = true;
	int error;
	conn_deadline(s->conn, s->site->timeout);
	if (s->site->proxy && !read_proxy(s, &error))
		return error;
	for (uint64_t served = 1; more; served++) {
		size_t length;
		enum status refusal = read_head(s->conn, &length, &error);
		if (length == 0 && refusal == STATUS_NONE) /* there is no request */
			return served == 1 ? error : 0;
		struct slice head = conn_input(s->conn);
		if (refusal == STATUS_NONE)
			head.len = length;
		if (served == 2 && s->recent != NULL)
			recent_begin(s->recent);
		more = answer_head(s, head, refusal, served);
		conn_consume(s->conn, head.len);
		more = more && await_next(s->conn, s->site->idle);
		conn_deadline(s->conn, s->site->timeout);
	}
	return 0;
}

void session_unavailable(const struct session *s)
{
	struct exchange x = {0};
	begin_exchange(s, &x);
	request_parse((struct slice){"", 0}, &x.request); /* which leaves all of it empty */
	x.answer.status = STATUS_SERVICE_UNAVAILABLE;
	x.answer.body = BODY_PAGE;
	respond(s, &x);
	log_exchange(s, &x);
	conn_finish(s->conn, true);
}
