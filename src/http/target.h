/* SPDX-License-Identifier: ISC */
/* target: the request-target, from bytes to a host and a path that cannot leave the root. Pure. */
#ifndef TARGET_H
#define TARGET_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

struct target {
	struct slice host; /* the authority of an absolute-form; no slice in origin-form */
	struct slice query; /* behind the "?", as it came; no slice without one */
	bool unresolvable; /* with 404: no file can have that name */
	bool asterisk; /* asterisk-form, "*": the server as a whole */
	bool directory; /* the path ended in a slash, or is the root */
	size_t length; /* of path */
	/*
	 * Decoded, relative, NUL-terminated: segments with single slashes between them, none of them empty, "." or "..",
	 * no NUL and no decoded slash inside; "" is the root itself.
	 */
	char *path;
};

/*
 * Parses origin-form, absolute-form with http or https, and "*" (RFC 9112 section 3.2); removes dot segments (RFC 3986
 * section 5.2.4), and empty ones before that, as a file system would. Returns STATUS_NONE; 414 beyond TARGET_MAX; 400
 * for a malformed target, bad escapes, an escaped NUL or an escaped dot segment; 404, with `unresolvable` set, for an
 * escaped slash, which no file's name can hold. *out is a valid target whatever is returned. The path is written into
 * `room`, which has TARGET_MAX bytes and one more; there it stays.
 */
enum status target_parse(struct slice raw, struct buf *room, struct target *out);

/*
 * Writes a path percent-encoded, beginning with a slash, ending in one where `directory` (RFC 3986 section 3.3), and
 * the query, where there is one, with all escaped that may not stand in it; good escapes stay (RFC 3986 section 3.4).
 */
void target_encode(struct buf *b, struct slice path, bool directory, struct slice query);

/*
 * Writes a path with everything escaped but letters, digits, slashes, dots, and "-" and "_" inside a segment: a
 * reference that all clients read alike, and that has no scheme.
 */
void target_escape(struct buf *b, struct slice path);

#endif
