/* SPDX-License-Identifier: ISC */
/* The head of a request: the first byte is the size of the pieces, the rest is the input. */
#include "http/request.h"

#include "base/bounds.h"
#include "fuzz.h"
#include "http/host.h"

/*
 * Scans for the end of the head in pieces. *come is the number of bytes that were given until the end or the refusal.
 */
static enum status scan_in(struct slice input, size_t piece, size_t *length, size_t *come)
{
	struct request_scan scan = {0, 0, false};
	enum status refusal = STATUS_NONE;
	*length = 0;
	for (*come = 0; *come < input.len && *length == 0 && refusal == STATUS_NONE;) {
		*come += piece < input.len - *come ? piece : input.len - *come;
		struct slice part = copy_of(input.at, *come); /* the address changes each time, as after a memmove */
		refusal = request_scan(&scan, part, length);
		hold(*length <= *come, "the head ends in what has come");
		hold(refusal == STATUS_NONE || *length == 0, "a refused head has no length");
		free((void *)part.at);
	}
	return refusal;
}

static bool is_trimmed(struct slice s)
{
	struct slice t = slice_trim(s);
	return t.len == s.len;
}

/* Walks over all lines of a field with request_next, and checks them. */
static void check_field(const struct request *r, enum field field, struct slice head)
{
	struct field_lines walk = request_lines(r, field);
	struct slice value, before = {NULL, 0};
	unsigned lines = 0;
	while (request_next(&walk, &value)) {
		hold(value.at != NULL && lies_in(value, head), "a value lies in the head");
		hold(is_trimmed(value) && is_clean(value), "a value is clean, and trimmed");
		hold(before.at == NULL || value.at > before.at + before.len, "the lines come in their order");
		hold(++lines <= HEAD_MAX, "the lines have an end");
		before = value;
	}
	bool repeated = (r->repeated & 1u << field) != 0;
	hold(repeated ? lines > 1 : lines == (r->first[field].at != NULL), "repeated is what stands on several lines");
	hold((request_single(r, field).at != NULL) == (lines == 1), "single is what stands on one");
}

/* The number of lines of the head that begin with this name, counted independently. */
static unsigned count_lines(struct slice head, const char *name)
{
	unsigned count = 0;
	size_t n = strlen(name);
	struct slice line;
	while (slice_split(&head, '\n', &line))
		count += line.len > n && line.at[n] == ':' && slice_equal_nocase((struct slice){line.at, n}, slice_of(name));
	return count;
}

static void check_accepted(const struct request *r, struct slice head)
{
	hold(head.len >= 2 && head.at[head.len - 1] == '\n', "a head ends in a line end");
	hold(is_clean(r->line) && r->line.len > 0, "the request line is clean");
	hold(r->target.len > 0 && r->target.len <= TARGET_MAX && lies_in(r->target, r->line), "the target is in the line");
	hold(memchr(r->target.at, ' ', r->target.len) == NULL, "there is no space in the target");
	hold(r->minor <= 9, "the version is one digit");
	unsigned hosts = count_lines(r->fields, "host"), lengths = count_lines(r->fields, "content-length");
	unsigned codings = count_lines(r->fields, "transfer-encoding");
	hold(hosts == 1 || (hosts == 0 && r->minor == 0), "there is one Host");
	hold(hosts == 0 || host_valid(r->first[FIELD_HOST]), "Host is valid");
	hold(codings == 0 || (lengths == 0 && r->minor > 0 && request_has_body(r)), "one framing");
	hold((lengths == 0) == (r->first[FIELD_CONTENT_LENGTH].at == NULL), "no length is overlooked");
	hold(request_has_body(r) == (codings > 0 || r->length > 0), "what has a body says so");
	struct field_lines walk = request_lines(r, FIELD_CONTENT_LENGTH);
	struct slice value;
	while (request_next(&walk, &value)) {
		uint64_t length;
		hold(slice_number(value, &length) && length == r->length, "all lengths agree");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct slice all = written_out(data + 1, size - 1), input = {all.at, all.len < HEAD_MAX ? all.len : HEAD_MAX};
	struct request r;
	size_t length, come, length_in_pieces;
	enum status refusal = scan_in(input, HEAD_MAX, &length, &come);
	size_t piece = data[0] % 4 == 0 ? 1 : data[0];
	if (all.len < 500 || piece > 100) /* each piece is a copy */
		hold(scan_in(input, piece, &length_in_pieces, &come) == refusal && length_in_pieces == length,
		     "pieces make no difference");
	struct slice head = copy_of(input.at, length > 0 ? length : input.len);
	enum status status = request_parse(head, &r);
	hold(status == STATUS_NONE || status == STATUS_BAD_REQUEST || status == STATUS_URI_TOO_LONG ||
	         status == STATUS_NOT_IMPLEMENTED || status == STATUS_VERSION_NOT_SUPPORTED, "the status is one promised");
	hold(status != STATUS_NONE || length > 0, "only a whole head is well-formed");
	hold(lies_in(r.line, head) && lies_in(r.target, head) && lies_in(r.fields, head), "the parts lie in the head");
	for (unsigned f = 0; f < FIELD_COUNT; f++)
		check_field(&r, (enum field)f, head);
	hold(!request_persists(&r) || !request_has_body(&r), "a connection does not outlive a body");
	if (status == STATUS_NONE)
		check_accepted(&r, head);
	free((void *)head.at);
	free((void *)all.at);
	return 0;
}
