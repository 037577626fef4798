/* SPDX-License-Identifier: ISC */
/* The request-target: what is parsed is a path that cannot leave the root, and what is encoded parses to the same. */
#include "http/target.h"

#include "base/bounds.h"
#include "base/buf.h"
#include "fuzz.h"
#include "http/host.h"
#include "serve/policy.h"

static char room[3 * TARGET_MAX + 4], other[3 * TARGET_MAX + 4];

/* Parses into memory that has no room for a longer path, so that the sanitizer notices one. */
static enum status parse(struct slice raw, struct target *t, char **memory)
{
	size_t size = (raw.len < TARGET_MAX ? raw.len : TARGET_MAX) + 1;
	*memory = malloc(size);
	hold(*memory != NULL, "there is memory");
	struct buf path = buf_in(*memory, size);
	return target_parse(raw, &path, t);
}

static void check_path(const struct target *t)
{
	struct slice name, rest = {t->path, t->length};
	hold(t->length <= TARGET_MAX && t->path[t->length] == '\0', "the path ends in NUL");
	hold(memchr(t->path, '\0', t->length) == NULL, "there is no NUL in the path");
	hold(policy_visible_length(rest) <= t->length, "what is visible is part of the path");
	while (t->length > 0 && slice_split(&rest, '/', &name)) {
		hold(name.len > 0, "no segment is empty");
		hold(!slice_equal(name, slice_of(".")) && !slice_equal(name, slice_of("..")), "there is no dot segment");
	}
	hold(t->length > 0 || t->directory, "the root is a directory");
}

/* Compares with the Location that is made of the path. */
static void check_encoded(const struct target *t)
{
	static struct target again;
	char *memory;
	struct buf b = buf_in(room, sizeof room);
	target_encode(&b, (struct slice){t->path, t->length}, t->directory, (struct slice){NULL, 0});
	hold(!b.overflow && b.len > 0 && b.at[0] == '/' && (b.len == 1 || b.at[1] != '/'), "it begins with one slash");
	for (size_t i = 0; i < b.len; i++)
		hold(char_is_alphanumeric(b.at[i]) || strchr("/%-._~!$&'()*+,;=:@", b.at[i]) != NULL, "it is escaped");
	if (b.len > TARGET_MAX)
		return;
	hold(parse(buf_slice(&b), &again, &memory) == STATUS_NONE, "it is a target");
	hold(again.length == t->length && memcmp(again.path, t->path, t->length) == 0, "it is the same path");
	hold(again.directory == t->directory && again.query.at == NULL && again.host.at == NULL, "it is nothing else");
	free(memory);
}

static void check_query(struct slice query)
{
	struct buf once = buf_in(room, sizeof room), twice = buf_in(other, sizeof other);
	target_encode(&once, slice_of(""), true, query);
	for (size_t i = 0; i < once.len; i++)
		hold(once.at[i] > ' ' && once.at[i] < 0x7f && strchr("\"<>\\^`{|}#", once.at[i]) == NULL, "a query is escaped");
	if (once.overflow || once.len * 3 > sizeof other)
		return;
	struct slice again = query.at != NULL ? slice_from(buf_slice(&once), 2) : query; /* offset behind "/?" */
	target_encode(&twice, slice_of(""), true, again);
	hold(slice_equal(buf_slice(&once), buf_slice(&twice)), "what is escaped stays as it is");
}

/* Holds that the host becomes the name of a directory beneath the root, or none. */
static void check_host(struct slice host)
{
	struct buf b = buf_in(other, sizeof other);
	hold(host_valid(host) && host.len > 0, "the host is valid");
	host_directory(&b, host);
	for (size_t i = 0; i < b.len; i++)
		hold(b.at[i] > ' ' && strchr("/%\\", b.at[i]) == NULL && char_lower(b.at[i]) == b.at[i], "it is one name");
	hold(b.len == 0 || (b.at[0] != '.' && b.at[b.len - 1] != '.'), "it is no dot segment and not hidden");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct target t;
	char *memory;
	struct slice raw = written_out(data, size);
	enum status status = parse(raw, &t, &memory);
	hold(status == STATUS_NONE || status == STATUS_BAD_REQUEST || status == STATUS_NOT_FOUND ||
	         status == STATUS_URI_TOO_LONG, "the status is one promised");
	hold((status == STATUS_URI_TOO_LONG) == (raw.len > TARGET_MAX), "what is too long is refused for that");
	hold(t.unresolvable == (status == STATUS_NOT_FOUND), "what is unresolvable is not found");
	hold(lies_in(t.host, raw) && lies_in(t.query, raw), "host and query lie in the target");
	check_path(&t);
	check_encoded(&t);
	if (t.query.at != NULL)
		check_query(t.query);
	if (status == STATUS_NONE && t.host.at != NULL)
		check_host(t.host);
	hold(!t.asterisk || (status == STATUS_NONE && raw.len == 1), "the server is an asterisk");
	free(memory);
	free((void *)raw.at);
	return 0;
}
