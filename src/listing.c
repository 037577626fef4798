/* SPDX-License-Identifier: ISC */
#include "listing.h"

#include <errno.h>
#include <string.h>

#include "date.h"
#include "policy.h"
#include "root.h"
#include "status.h"
#include "target.h"

void listing_begin(struct listing *out, int root, int directory, struct slice path, bool json)
{
	out->root = root;
	out->directory = directory;
	out->path = path;
	out->json = json;
	out->stage = LISTING_HEAD;
	out->begun = out->broken = false;
	out->count = out->next = 0;
	out->last[0] = '\0';
}

/* Where in the window a name belongs. */
static size_t place_of(const struct listing *l, const char *name)
{
	size_t low = 0, high = l->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (strcmp(l->name[l->order[middle]], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Keeps the name if it is among the smallest behind `last`; a full window gives up its greatest for it. */
static bool collect(void *context, const char *name, bool directory)
{
	struct listing *l = context;
	if (directory != (l->stage == LISTING_DIRECTORIES) || strlen(name) >= NAME_BYTES)
		return true;
	if (policy_visible(slice_of(name)) == 0 || strcmp(name, l->last) <= 0)
		return true;
	size_t at = place_of(l, name);
	if (at == LISTING_WINDOW)
		return true;
	bool full = l->count == LISTING_WINDOW;
	unsigned short slot = full ? l->order[LISTING_WINDOW - 1] : (unsigned short)l->count;
	if (!full)
		l->count++;
	memmove(l->order + at + 1, l->order + at, (l->count - at - 1) * sizeof l->order[0]);
	l->order[at] = slot;
	strcpy(l->name[slot], name);
	return true;
}

/* The next name in order, or NULL at the end of this kind. */
static const char *next_name(struct listing *l)
{
	if (l->next == l->count) {
		if (l->count > 0 && l->count < LISTING_WINDOW)
			return NULL; /* that was all */
		if (l->count > 0)
			strcpy(l->last, l->name[l->order[l->count - 1]]);
		l->count = l->next = 0;
		l->broken = root_each(l->directory, collect, l) != 0;
		if (l->broken)
			return NULL;
	}
	return l->next < l->count ? l->name[l->order[l->next]] : NULL;
}

/* How many bytes the UTF-8 character at the start of s has; 0 when it is none (RFC 3629 section 4). */
static size_t utf8_length(struct slice s)
{
	unsigned char c = (unsigned char)s.at[0];
	size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
	if (n > s.len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s.at[i] & 0xc0) != 0x80)
			return 0;
	if (n < 3)
		return n;
	unsigned char second = (unsigned char)s.at[1];
	bool overlong = (c == 0xe0 && second < 0xa0) || (c == 0xf0 && second < 0x90);
	bool beyond = (c == 0xed && second >= 0xa0) || (c == 0xf4 && second >= 0x90);
	return overlong || beyond ? 0 : n;
}

/* A name as a JSON string (RFC 8259 section 7); bytes that are no UTF-8 become U+FFFD, as nothing else can say them. */
static void put_json(struct buf *b, struct slice s)
{
	buf_char(b, '"');
	while (s.len > 0) {
		unsigned char c = (unsigned char)s.at[0];
		size_t n = utf8_length(s);
		if (c == '"' || c == '\\')
			buf_char(b, '\\');
		if (c < ' ')
			buf_format(b, "\\u%04x", c);
		else if (n == 0)
			buf_text(b, "\\ufffd");
		else
			buf_add(b, (struct slice){s.at, n});
		s = slice_from(s, n > 0 ? n : 1);
	}
	buf_char(b, '"');
}

/*
 * A reference to the name from within its directory; "./" keeps a colon in it from being a scheme, and "&" is still
 * HTML's.
 */
static void put_reference(struct buf *b, const char *name, bool directory)
{
	char room[3 * NAME_BYTES];
	struct buf reference = buf_in(room, sizeof room);
	target_encode(&reference, slice_of(name), directory);
	buf_char(b, '.');
	buf_html(b, buf_slice(&reference));
}

/* A size people can read: a few digits and a unit. */
static void put_size(struct buf *b, uint64_t bytes)
{
	static const char units[][4] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	unsigned unit = 0;
	uint64_t rest = 0;
	for (; bytes >= 1024; bytes /= 1024, unit++)
		rest = bytes % 1024;
	buf_format(b, "%ju", bytes);
	if (unit > 0 && bytes < 10)
		buf_format(b, ".%ju", rest * 10 / 1024);
	buf_format(b, " %s", units[unit]);
}

static void put_html_entry(struct buf *b, const char *name, const struct entry *entry)
{
	buf_text(b, "<tr><td><a href=\"");
	put_reference(b, name, entry->directory);
	buf_text(b, "\">");
	buf_html(b, slice_of(name));
	buf_text(b, entry->directory ? "/</a><td class=\"n\">" : "</a><td class=\"n\">");
	if (!entry->directory)
		put_size(b, entry->size);
	buf_text(b, "<td class=\"n\"><time>");
	date_short(b, entry->seconds);
	buf_text(b, "</time>\n");
}

static void put_json_entry(struct buf *b, bool first, const char *name, const struct entry *entry)
{
	buf_text(b, first ? "\n{\"name\":" : ",\n{\"name\":");
	put_json(b, slice_of(name));
	if (entry->directory)
		buf_text(b, ",\"type\":\"directory\",\"modified\":\"");
	else
		buf_format(b, ",\"type\":\"file\",\"size\":%ju,\"modified\":\"", entry->size);
	date_http(b, entry->seconds);
	buf_text(b, "\"}");
}

/*
 * One entry, left out when it cannot be had: unreadable, gone, a FIFO, a link that leaves; where it is we who are short
 * of something, the listing is broken off. False: no room for it.
 */
static bool put_entry(struct listing *l, struct buf *b, const char *name)
{
	char room[PATH_BYTES];
	struct buf path = buf_in(room, sizeof room);
	struct entry entry;
	struct buf before = *b;
	buf_format(&path, "%.*s%s%s%c", SLICE(l->path), l->path.len > 0 ? "/" : "", name, '\0');
	int error = path.overflow ? ENAMETOOLONG : root_get(l->root, room, &entry);
	l->broken = status_of_errno(error) == STATUS_SERVICE_UNAVAILABLE;
	if (error != 0)
		return true;
	if (entry.readable && l->json)
		put_json_entry(b, !l->begun, name, &entry);
	else if (entry.readable)
		put_html_entry(b, name, &entry);
	root_close(&entry);
	bool fits = !b->overflow;
	if (!fits)
		*b = before;
	else if (b->len > before.len)
		l->begun = true;
	return fits;
}

/* Links to every directory above this one, by how far up it is. */
static void put_breadcrumbs(struct buf *b, struct slice path)
{
	struct slice name, rest = path;
	size_t depth = path.len > 0 ? 1 : 0;
	for (size_t i = 0; i < path.len; i++)
		depth += path.at[i] == '/';
	buf_text(b, "<nav aria-label=\"Breadcrumb\"><ol>");
	for (size_t level = 0; level <= depth; level++) {
		buf_text(b, level == depth ? "<li><span aria-current=\"page\">" : "<li><a href=\"./");
		for (size_t up = level; up < depth; up++)
			buf_text(b, "../");
		buf_text(b, level == depth ? "" : "\">");
		if (level == 0)
			buf_text(b, "home");
		else if (slice_split(&rest, '/', &name))
			buf_html(b, name);
		buf_text(b, level == depth ? "</span>" : "</a>");
	}
	buf_text(b, "</ol></nav>\n");
}

static void put_head(struct listing *l, struct buf *b)
{
	if (l->json) {
		buf_char(b, '[');
		return;
	}
	buf_text(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	            "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n"
	            "<title>Files in /");
	buf_html(b, l->path);
	buf_text(b, "</title>\n<style>\n"
	            "body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif }\n"
	            "h1 { font-size: 1.4rem; overflow-wrap: anywhere }\nol { margin: 0; padding: 0; list-style: none }\n"
	            "li { display: inline }\nli + li::before { content: \" / \" }\n"
	            "table { width: 100%; border-collapse: collapse }\n"
	            "th, td { padding: .3rem .5rem; text-align: left; overflow-wrap: anywhere;"
	            " border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent) }\n"
	            ".n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }\n"
	            "a { display: inline-block; min-height: 1.5rem }\n"
	            "@media (max-width: 36rem) { .n + .n { display: none } }\n"
	            "</style>\n</head>\n<body>\n");
	struct buf before = *b;
	put_breadcrumbs(b, l->path);
	if (b->overflow || b->len > b->size - 8192) /* a path of very many names: do without, the heading needs room too */
		*b = before;
	buf_text(b, "<main>\n<h1>Files in /");
	buf_html(b, l->path.len < 1024 ? l->path : (struct slice){l->path.at, 0});
	buf_text(b, "</h1>\n<table>\n<thead><tr><th scope=\"col\">Name<th scope=\"col\" class=\"n\">Size"
	            "<th scope=\"col\" class=\"n\">Changed (UTC)</thead>\n<tbody>\n");
}

/* Entries of one kind until the piece is full; false when that kind has no more. */
static bool put_entries(struct listing *l, struct buf *b)
{
	const char *name;
	while ((name = next_name(l)) != NULL) {
		if (!put_entry(l, b, name) || l->broken)
			return true;
		l->next++;
	}
	if (l->broken)
		return true;
	l->count = l->next = 0;
	l->last[0] = '\0';
	return false;
}

bool listing_next(struct listing *l, struct buf *b)
{
	size_t before = b->len;
	if (l->broken)
		return false;
	if (l->stage == LISTING_HEAD) {
		put_head(l, b);
		l->stage = LISTING_DIRECTORIES;
	}
	if (l->stage == LISTING_DIRECTORIES && !put_entries(l, b))
		l->stage = LISTING_FILES;
	if (l->stage == LISTING_FILES && !put_entries(l, b))
		l->stage = LISTING_TAIL;
	if (l->stage == LISTING_TAIL && b->size - b->len >= 128) {
		buf_text(b, l->json ? "\n]\n" : "</tbody>\n</table>\n</main>\n</body>\n</html>\n");
		l->stage = LISTING_END;
	}
	if (l->broken)
		b->len = before;
	return b->len > before;
}
