/* SPDX-License-Identifier: ISC */
#include "system/account.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/slice.h"

/* Reads an id that a process can change to: neither root's, nor -1, by which setuid(2) changes nothing. */
static bool read_id(struct slice s, uint64_t *id)
{
	return slice_number(s, id) && *id > 0 && *id < UINT32_MAX;
}

/* A line of passwd(5), "name:password:uid:gid:...", against the name that is wanted. */
static bool line_matches(struct slice line, struct slice wanted, uint64_t *uid, uint64_t *gid)
{
	struct slice name, password, user, group;
	return slice_split(&line, ':', &name) && slice_equal(name, wanted) && slice_split(&line, ':', &password) &&
	       slice_split(&line, ':', &user) && slice_split(&line, ':', &group) && read_id(user, uid) &&
	       read_id(group, gid);
}

/* Searches the file by pieces of ACCOUNT_LINE bytes; a longer line is skipped. */
static bool find_name(int file, struct slice wanted, uint64_t *uid, uint64_t *gid)
{
	char room[ACCOUNT_LINE];
	struct slice line, rest;
	size_t held = 0;
	bool overlong = false; /* the next bytes are the rest of a line that is skipped */
	for (;;) {
		ssize_t n = read(file, room + held, sizeof room - held);
		if (n < 0 && errno == EINTR)
			continue;
		rest = (struct slice){room, held + (n > 0 ? (size_t)n : 0)};
		while (rest.at != NULL && (n <= 0 || memchr(rest.at, '\n', rest.len) != NULL)) {
			if (slice_split(&rest, '\n', &line) && !overlong && line_matches(line, wanted, uid, gid))
				return true;
			overlong = false;
		}
		if (n <= 0)
			return false;
		overlong = overlong || rest.len == sizeof room;
		held = overlong ? 0 : rest.len;
		memmove(room, rest.at, held);
	}
}

bool account_find(const char *text, uid_t *uid, gid_t *gid)
{
	struct slice user, group = slice_of(text);
	uint64_t u, g;
	bool found = false;
	slice_split(&group, ':', &user);
	if (read_id(user, &u)) {
		g = u;
		found = group.at == NULL || read_id(group, &g);
	} else if (group.at == NULL && user.len > 0) {
		int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
		found = file >= 0 && find_name(file, user, &u, &g);
		if (file >= 0)
			close(file);
	}
	if (found) {
		*uid = (uid_t)u;
		*gid = (gid_t)g;
	}
	return found;
}
