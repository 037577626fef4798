/* SPDX-License-Identifier: ISC */
#include "serve/link.h"

#include <string.h>

#include "base/bounds.h"
#include "system/root.h"

bool link_is_uri(const char *text)
{
	static const char schemes[2][9] = {"http://", "https://"}; /* in either case (RFC 3986 section 3.1) */
	struct slice whole = slice_of(text);
	size_t scheme = 0;
	for (size_t i = 0; i < 2; i++) {
		struct slice prefix = slice_of(schemes[i]);
		if (whole.len >= prefix.len && slice_same((struct slice){text, prefix.len}, prefix))
			scheme = prefix.len;
	}
	if (scheme == 0 || strchr("/:?#", text[scheme]) != NULL) /* strchr finds the NUL as well: there is no host */
		return false;
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	return true;
}

enum status link_find(int root, const char *path, struct buf *room, const char **uri)
{
	struct buf rest = buf_rest(room);
	int error = root_link(root, path, rest.at, rest.size < LINK_BYTES ? rest.size : LINK_BYTES);
	enum status failure = status_of_errno(error);
	if (failure >= STATUS_INTERNAL_SERVER_ERROR) /* a link out of reach just now is no 404 */
		return failure;
	if (error != 0 || !link_is_uri(rest.at))
		return STATUS_NOT_FOUND;
	*uri = rest.at;
	room->len += strlen(rest.at) + 1;
	char *mark = strrchr(rest.at, '#');
	if (mark == NULL || strcmp(mark, "#301") != 0)
		return STATUS_FOUND;
	*mark = '\0';
	return STATUS_MOVED_PERMANENTLY;
}
