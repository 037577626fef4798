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
	memset(out, 0, offsetof(struct listing, order)); /* not the window: each page of it that is touched costs */
	out->root = root;
	out->directory = directory;
	out->path = path;
	out->json = json;
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
static bool collect(void *context, const char *text, bool directory)
{
	struct listing *l = context;
	char name[1 + NAME_BYTES];
	if (strlen(text) >= NAME_BYTES || policy_visible(slice_of(text)) == 0)
		return true;
	name[0] = directory ? 'd' : 'f';
	strcpy(name + 1, text);
	size_t at = strcmp(name, l->last) > 0 ? place_of(l, name) : LISTING_WINDOW;
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

/* The next name in order, or NULL at the end. */
static const char *next_name(struct listing *l)
{
	if (l->next == l->count && (l->count == 0 || l->count == LISTING_WINDOW)) { /* else that was all */
		l->count = l->next = 0;
		l->broken = root_each(l->directory, collect, l) != 0;
	}
	return l->next < l->count && !l->broken ? l->name[l->order[l->next]] : NULL;
}

/* How many bytes the UTF-8 character at the start of s has; 0 when it is none (RFC 3629 section 3). */
static size_t utf8_length(struct slice s)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = (unsigned char)s.at[0];
	size_t n = c < 0x80 ? 1 : c < 0xc0 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf8 ? 4 : 0;
	uint32_t code = n > 1 ? c & 0x7fu >> n : c;
	for (size_t i = 1; i < n; i++) {
		if (i == s.len || ((unsigned char)s.at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)s.at[i] & 0x3f);
	}
	return code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : n;
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

/* "./" keeps a colon in the name from being a scheme, and "&" in a reference is still HTML's. */
static void put_html_entry(struct buf *b, const char *name, const struct entry *entry)
{
	char room[3 * NAME_BYTES];
	struct buf reference = buf_in(room, sizeof room);
	target_encode(&reference, slice_of(name), entry->directory, (struct slice){NULL, 0});
	buf_text(b, "<tr><td><a href=\".");
	buf_html(b, buf_slice(&reference));
	buf_text(b, "\">");
	buf_html(b, slice_of(name));
	buf_text(b, entry->directory ? "/</a><td class=\"n\">" : "</a><td class=\"n\">");
	if (!entry->directory)
		put_size(b, entry->size);
	buf_text(b, "<td class=\"n\"><time>");
	date_write(b, DATE_SHORT, entry->seconds);
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
	date_write(b, DATE_HTTP, entry->seconds);
	buf_text(b, "\"}");
}

/*
 * One entry, left out when it cannot be had: unreadable, gone, a FIFO, a link that leaves; where it is we who are short
 * of something, the listing is broken off. False: no room for it.
 */
static bool put_entry(struct listing *l, struct buf *b, const char *name)
{
	char room[PATH_BYTES];
	struct buf path = buf_in(room, sizeof room), before = *b;
	struct entry entry;
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
	if (b->overflow) {
		*b = before;
		return false;
	}
	l->begun = l->begun || entry.readable;
	return true;
}

/* Links to every directory above this one, by how far up it is. */
static void put_breadcrumbs(struct buf *b, struct slice path)
{
	struct slice name = slice_of("home"), rest = path;
	size_t up = path.len > 0 ? 2 : 1;
	for (size_t i = 0; i < path.len; i++)
		up += path.at[i] == '/';
	buf_text(b, "<nav aria-label=\"Breadcrumb\"><ol>");
	for (; up-- > 0; slice_split(&rest, '/', &name)) {
		buf_text(b, up == 0 ? "<li><span aria-current=\"page\">" : "<li><a href=\"./");
		for (size_t i = 0; i < up; i++)
			buf_text(b, "../");
		buf_text(b, up == 0 ? "" : "\">");
		buf_html(b, name);
		buf_text(b, up == 0 ? "</span>" : "</a>");
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

/* Entries until the piece is full, or there are no more. */
static void put_entries(struct listing *l, struct buf *b)
{
	for (const char *name; (name = next_name(l)) != NULL; l->next++) {
		if (!put_entry(l, b, name + 1) || l->broken)
			return;
		strcpy(l->last, name);
	}
	l->stage = LISTING_TAIL;
}

bool listing_next(struct listing *l, struct buf *b)
{
	size_t before = b->len;
	if (l->stage == LISTING_HEAD) {
		put_head(l, b);
		l->stage = LISTING_ENTRIES;
	}
	if (l->stage == LISTING_ENTRIES)
		put_entries(l, b);
	if (l->stage == LISTING_TAIL && b->size - b->len >= 128) {
		buf_text(b, l->json ? "\n]\n" : "</tbody>\n</table>\n</main>\n</body>\n</html>\n");
		l->stage = LISTING_END;
	}
	if (l->broken)
		b->len = before;
	return b->len > before;
}
