/* SPDX-License-Identifier: ISC */
#include "session.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "policy.h"
#include "request.h"
#include "resource.h"
#include "response.h"
#include "target.h"

/* One request and what becomes of it. */
struct exchange {
	struct request request;
	struct target target;
	struct resource resource; /* what is sent; file.fd -1: a page of our own, or nothing */
	enum status status;
	int64_t now;
	uint64_t sent; /* bytes of the body */
	bool broken; /* the answer did not leave as a whole */
};

/*
 * Reads until a head is there: *length is its length. It stays 0 when the client came and left without a word, and
 * beside a refusal. A deadline that passes is 408, an end in the middle is 400.
 */
static enum status read_head(struct conn *conn, size_t *length, int *error)
{
	struct request_scan scan = {0, 0, false};
	*length = 0;
	for (;;) {
		struct slice input = conn_input(conn);
		enum status refusal = request_scan(&scan, input, length);
		if (refusal != STATUS_NONE || *length > 0)
			return refusal;
		*error = conn->ended ? 0 : conn_read(conn);
		if (*error != 0 || conn->ended) {
			if (conn_input(conn).len == 0 || (*error != 0 && *error != ETIMEDOUT))
				return STATUS_NONE;
			return *error == ETIMEDOUT ? STATUS_REQUEST_TIMEOUT : STATUS_BAD_REQUEST;
		}
	}
}

/* What the request deserves, in the order in which a refusal wins; STATUS_NONE: the file in x->resource. */
static enum status decide(const struct session *s, struct exchange *x, enum status refusal)
{
	const struct request *request = &x->request;
	/* Also for a request refused already: the page that says so is looked for where it pointed. */
	enum status target = target_parse(request->target, &x->target);
	if (refusal == STATUS_NONE)
		refusal = policy_method(request);
	if (refusal == STATUS_NONE)
		refusal = target;
	if (refusal == STATUS_NONE)
		refusal = policy_agent(s->site, request);
	if (refusal == STATUS_NONE && request->length > DRAIN_BYTES)
		refusal = STATUS_CONTENT_TOO_LARGE;
	if (refusal == STATUS_NONE && request->method == METHOD_OPTIONS)
		refusal = STATUS_NO_CONTENT;
	if (refusal == STATUS_NONE && x->target.server)
		refusal = STATUS_BAD_REQUEST;
	if (refusal == STATUS_NONE)
		refusal = resource_find(s->root, &x->target, &x->resource);
	return refusal;
}

/* Reads a small file behind the head, so that both leave in one call. What it holds now is what is sent. */
static void append_file(struct buf *out, struct exchange *x)
{
	uint64_t size = x->resource.file.size;
	while (x->sent < size) {
		ssize_t n = pread(x->resource.file.fd, out->at + out->len, (size_t)(size - x->sent), (off_t)x->sent);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			x->broken = true; /* it shrank: the client sees fewer bytes than announced */
			return;
		}
		out->len += (size_t)n;
		x->sent += (uint64_t)n;
	}
}

/* Writes head and content. */
static void transmit(const struct session *s, struct exchange *x, struct buf *out, struct slice page, bool content)
{
	const struct entry *file = &x->resource.file;
	bool small = file->size <= SMALL_FILE && file->size <= out->size - out->len;
	if (content && file->fd >= 0 && small)
		append_file(out, x);
	if (content && file->fd < 0) {
		buf_add(out, page);
		x->sent = page.len;
	}
	bool more = content && file->fd >= 0 && !small;
	int error = out->overflow ? EMSGSIZE : conn_write(s->conn, buf_slice(out), more);
	if (error == 0 && more)
		error = conn_send(s->conn, file->fd, 0, file->size, &x->sent);
	if (error != 0)
		x->broken = true;
}

/* Says what was decided: serialises the head and sends it with its content. */
static void respond(const struct session *s, struct exchange *x)
{
	char room[OUTPUT_MAX], words[PAGE_MAX];
	struct buf out = buf_in(room, sizeof room), page = buf_in(words, sizeof words);
	const struct entry *file = &x->resource.file;
	struct answer answer = {.status = x->status, .now = x->now};
	if (x->status >= STATUS_BAD_REQUEST && s->root >= 0)
		resource_explain(s->root, &x->target, x->status, &x->resource);
	if (file->fd >= 0) {
		answer.type = x->resource.type;
		answer.length = file->size;
	} else if (x->status != STATUS_NO_CONTENT) {
		response_page(&page, x->status);
		answer.type = "text/html; charset=utf-8";
		answer.length = page.len;
	}
	if (x->status == STATUS_OK)
		answer.modified = &file->seconds;
	if (x->status == STATUS_MOVED_PERMANENTLY)
		answer.moved = &x->target;
	response_head(&out, s->site, &answer);
	transmit(s, x, &out, buf_slice(&page), answer.type != NULL && x->request.method != METHOD_HEAD);
	root_close(&x->resource.file);
}

static void log_exchange(const struct session *s, const struct exchange *x)
{
	struct slice line = x->request.line;
	struct record record = {
		.address = s->address,
		.when = x->now,
		.line = line.len > 0 ? line : (struct slice){NULL, 0},
		.referer = x->request.first[FIELD_REFERER],
		.agent = x->request.first[FIELD_USER_AGENT],
		.status = x->status,
		.bytes = x->sent,
	};
	log_answer(s->log, &record);
}

int session_run(const struct session *s)
{
	struct exchange x;
	size_t length;
	int error = 0;
	conn_deadline(s->conn, s->site->timeout);
	enum status refusal = read_head(s->conn, &length, &error);
	if (length == 0 && refusal == STATUS_NONE) /* nobody asked anything */
		return error;
	struct slice head = conn_input(s->conn);
	if (refusal == STATUS_NONE)
		head.len = length;
	x.now = (int64_t)time(NULL);
	x.sent = 0;
	x.broken = false;
	x.resource.file.fd = -1;
	x.status = request_parse(head, &x.request);
	conn_consume(s->conn, head.len);
	x.status = decide(s, &x, refusal != STATUS_NONE ? refusal : x.status);
	if (x.status == STATUS_NONE)
		x.status = STATUS_OK;
	respond(s, &x);
	log_exchange(s, &x);
	conn_finish(s->conn, refusal != STATUS_NONE || request_has_body(&x.request) || conn_input(s->conn).len > 0);
	return 0;
}

void session_sorry(const struct session *s)
{
	struct exchange x = {.status = STATUS_SERVICE_UNAVAILABLE, .now = (int64_t)time(NULL)};
	x.resource.file.fd = -1;
	respond(s, &x);
	conn_finish(s->conn, true);
}
