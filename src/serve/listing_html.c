/* SPDX-License-Identifier: ISC */
#include "serve/listing_html.h"

#include "http/date.h"
#include "http/target.h"

enum {
	ENTRIES_MIN = 8192, /* bytes that are left for the heading and the first entries, however long the path is */
	HEADING_MAX = 1024  /* bytes of a path that stands in the heading */
};

/* Writes a size for people: a few digits and a unit. */
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

/*
 * Writes links to all directories above, and the name of this one. The links are absolute: some clients take a relative
 * link that leads up for an entry of the directory.
 */
static void put_breadcrumbs(struct buf *b, struct slice path)
{
	struct slice rest = path, name = slice_of("home");
	size_t above = 0; /* bytes of the path that name the directory of this link */
	buf_text(b, "<nav aria-label=\"Breadcrumb\"><ol>");
	while (above < path.len) {
		buf_text(b, "<li><a href=\"/");
		target_escape(b, (struct slice){path.at, above});
		buf_text(b, above > 0 ? "/\">" : "\">");
		buf_html(b, name);
		buf_text(b, "</a>");
		slice_split(&rest, '/', &name);
		above = (size_t)(name.at - path.at) + name.len;
	}
	buf_text(b, "<li><span aria-current=\"page\">");
	buf_html(b, name);
	buf_text(b, "</span></ol></nav>\n");
}

void listing_html_begin(struct buf *b, struct slice path)
{
	buf_text(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	            "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n"
	            "<title>Index of /"); /* so some clients know a listing, as GDAL does */
	buf_html(b, path);
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
	put_breadcrumbs(b, path);
	/* Without breadcrumbs where the path has very many names. */
	if (b->overflow || b->len > b->size - ENTRIES_MIN)
		*b = before;
	buf_text(b, "<main>\n<h1>Index of /");
	buf_html(b, path.len < HEADING_MAX ? path : (struct slice){path.at, 0});
	buf_text(b, "</h1>\n<table>\n<thead><tr><th scope=\"col\">Name<th scope=\"col\" class=\"n\">Size"
	            "<th scope=\"col\" class=\"n\">Changed (UTC)</thead>\n<tbody>\n");
}

void listing_html_entry(struct buf *b, const char *name, const struct entry *entry)
{
	const char *slash = entry->directory ? "/" : "";
	buf_text(b, "<tr><td><a href=\"");
	target_escape(b, slice_of(name));
	buf_format(b, "%s\">", slash);
	buf_html(b, slice_of(name));
	buf_format(b, "%s</a><td class=\"n\">", slash);
	if (!entry->directory)
		put_size(b, entry->size);
	buf_text(b, "<td class=\"n\"><time>");
	date_write(b, DATE_SHORT, entry->seconds);
	buf_text(b, "</time>\n");
}

void listing_html_end(struct buf *b)
{
	buf_text(b, "</tbody>\n</table>\n</main>\n</body>\n</html>\n");
}
