/* SPDX-License-Identifier: ISC */
#include "serve/listing_html.h"

#include "base/bounds.h"
#include "http/date.h"
#include "http/target.h"

enum {
	ENTRIES_MIN = 8192, /* bytes that are left for the heading and the first entries, however long the path is */
	HEADING_MAX = 1024  /* bytes of a path that stands in the heading */
};

/* The style of the page, sent with each listing. The icons are shapes, as an operator's policy may forbid images. */
static const char style[] =
	"html{scroll-padding:3rem 0}"
	"body{max-width:64rem;margin:1.5rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}\n"
	"h1{margin:.8rem 0;font-size:1.4rem;overflow-wrap:anywhere}\n"
	"ol{margin:0;padding:0;list-style:none}li{display:inline}li+li::before{content:\" / \"}\n"
	"table{width:100%;border-spacing:0}\n"
	"th,td{padding:.1rem .5rem;text-align:left;overflow-wrap:anywhere}\n"
	"th+th,td+td{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\n"
	"thead,tfoot{position:sticky;z-index:1;top:0;bottom:0;background:Canvas}\n"
	"thead th{border-bottom:1px solid #888}tfoot td{border-top:1px solid #888}\n"
	"tbody tr:nth-child(2n){background:#8881}tbody tr:hover{background:#8884}\n"
	"td a{display:block;position:relative;padding-left:1.4rem;text-decoration:none}"
	"td a:hover{text-decoration:underline}\n"
	"td a::before{content:\"\";position:absolute;left:.1rem;top:.22rem;width:.75rem;height:1rem;background:#888;"
	"clip-path:polygon(0 0,60% 0,100% 30%,100% 100%,0 100%)}\n"
	"td a[href$=\"/\"]{font-weight:600}td a[href$=\"/\"]::before{left:0;width:1rem;background:#d90;"
	"clip-path:polygon(0 5%,40% 5%,50% 22%,100% 22%,100% 95%,0 95%)}\n"
	"button{padding:.2rem 0;border:0;background:none;color:inherit;font:inherit;cursor:pointer}"
	"button:hover{text-decoration:underline}\n"
	"[aria-sort] button::after{content:\" \\2191\"}[aria-sort=descending] button::after{content:\" \\2193\"}\n"
	"@media(max-width:36rem){tr{display:grid;grid-template-columns:1fr auto}"
	"thead tr{grid-template-columns:1fr auto auto}td{padding-top:.3rem}"
	"td+td+td{grid-column:1/3;padding:0 .5rem .3rem 1.9rem;text-align:left;font-size:.85rem}"
	"tfoot td+td+td{display:none}}\n"
	"h2{margin:1.5rem 0 .5rem;font-size:1.1rem}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}\n";

/* Writes whole + rest / 1024, which is less than 1000, with one digit behind the point below 10, else without. */
static void put_number(struct buf *b, uint64_t whole, uint64_t rest)
{
	uint64_t tenths = (whole * 10240 + rest * 10 + 512) / 1024;
	if (tenths < 100)
		buf_format(b, "%ju.%ju", tenths / 10, tenths % 10);
	else
		buf_format(b, "%ju", whole + (rest >= 512));
}

/* Writes a cell with a size in a unit that suits it; the exact number of bytes is its title. */
static void put_size(struct buf *b, uint64_t bytes)
{
	static const char units[][4] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	unsigned unit = 0;
	uint64_t whole = bytes, rest = 0;
	for (; whole >= 1000 || (whole == 999 && rest >= 512); whole /= 1024, unit++)
		rest = whole % 1024;
	if (unit == 0) {
		buf_format(b, "<td>%ju B", bytes);
		return;
	}
	buf_format(b, "<td title=\"%ju bytes\">", bytes);
	put_number(b, whole, rest);
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

/* Writes the heading of a column. Its button reverses the order, or else asks for the largest or the newest first. */
static void put_heading(struct buf *b, struct order order, enum order_by by, const char *text)
{
	bool sorted = order.by == by, descends = sorted ? !order.descending : by != ORDER_NAME;
	buf_text(b, "<th scope=\"col\"");
	if (sorted)
		buf_format(b, " aria-sort=\"%s\"", order.descending ? "descending" : "ascending");
	buf_format(b, "><button name=\"sort\" value=\"%s%s\">%s</button>", descends ? "-" : "", order_word(by), text);
}

void listing_html_begin(struct buf *b, struct slice path, struct order order)
{
	buf_text(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	            "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n"
	            "<title>Index of /"); /* by these words some clients, such as GDAL, recognize a listing */
	buf_html(b, path);
	buf_format(b, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", style);
	struct buf before = *b;
	put_breadcrumbs(b, path);
	/* Without breadcrumbs where the path has very many names. */
	if (b->overflow || b->len > b->size - ENTRIES_MIN)
		*b = before;
	buf_text(b, "<main>\n<h1>Index of /");
	buf_html(b, path.len < HEADING_MAX ? path : (struct slice){path.at, 0});
	buf_text(b, "</h1>\n<form>\n<table>\n<thead><tr>");
	put_heading(b, order, ORDER_NAME, "Name");
	put_heading(b, order, ORDER_SIZE, "Size");
	put_heading(b, order, ORDER_TIME, "Changed (UTC)");
	buf_text(b, "</thead>\n<tbody>\n");
}

void listing_html_entry(struct buf *b, const char *name, const struct entry *entry)
{
	char room[24];
	struct buf time = buf_in(room, sizeof room);
	const char *slash = entry->directory ? "/" : "";
	date_write(&time, DATE_ISO, entry->seconds);
	buf_text(b, "<tr><td><a href=\"");
	target_escape(b, slice_of(name));
	buf_format(b, "%s\">", slash);
	buf_html(b, slice_of(name));
	buf_format(b, "%s</a>", slash);
	if (entry->directory)
		buf_text(b, "<td>");
	else
		put_size(b, entry->size);
	buf_format(b, "<td><time datetime=\"%.*s\" title=\"%.*s\">", SLICE(buf_slice(&time)), SLICE(buf_slice(&time)));
	date_write(b, DATE_SHORT, entry->seconds);
	buf_text(b, "</time>\n");
}

/* Writes how many there are of something; nothing where there are none. */
static void put_count(struct buf *b, uint64_t count, const char *one, const char *many)
{
	if (count > 0)
		buf_format(b, "%ju %s", count, count == 1 ? one : many);
}

void listing_html_sums(struct buf *b, const struct listing_sums *sums)
{
	if (sums->directories + sums->files == 0) {
		buf_text(b, "<tr><td colspan=\"3\">This directory is empty.\n</tbody>\n");
	} else {
		buf_text(b, "</tbody>\n<tfoot><tr><td>");
		put_count(b, sums->directories, "directory", "directories");
		buf_text(b, sums->directories > 0 && sums->files > 0 ? ", " : "");
		put_count(b, sums->files, "file", "files");
		put_size(b, sums->bytes);
		buf_text(b, "<td></tfoot>\n");
	}
	buf_text(b, "</table>\n</form>\n");
}

void listing_html_text(struct buf *b, const char *file, uint64_t size)
{
	buf_text(b, "<h2>");
	buf_html(b, slice_of(file));
	if (size > README_MAX)
		buf_format(b, " (the first %u of %ju KiB)", (unsigned)README_MAX / 1024, size / 1024);
	buf_text(b, "</h2>\n<pre>\n"); /* this line end is no part of the text */
}

void listing_html_end(struct buf *b, bool text)
{
	buf_format(b, "%s</main>\n</body>\n</html>\n", text ? "</pre>\n" : "");
}
