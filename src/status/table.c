/* SPDX-License-Identifier: ISC */
/* The report for people: tables, with bars and colours on a terminal. */
#include "status/figures.h"

#include <string.h>

#include "base/buf.h"

static void put_bytes(FILE *out, uint64_t bytes)
{
	static const char units[][4] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double value = (double)bytes;
	size_t i = 0;
	for (; value >= 1023.5; value /= 1024)
		i++;
	fprintf(out, "%.*f %s", i > 0 && value < 99.95 ? 1 : 0, value, units[i]);
}

static void put_age(FILE *out, uint64_t age)
{
	uint64_t s = age / SECOND;
	if (s < 60)
		fprintf(out, "%10ju s  ", s);
	else if (s < 3600)
		fprintf(out, "%3ju min %2ju s  ", s / 60, s % 60);
	else
		fprintf(out, "%3ju h %2ju min  ", s / 3600, s / 60 % 60);
}

static void put_heading(FILE *out, const struct style *style, const char *text)
{
	fprintf(out, style->terminal ? "\n\033[1m%s\033[m\n" : "\n%s\n", text);
}

/* The last thing in a line, behind `used` columns; only a terminal ends there, and has three dots for what is cut. */
static void put_last(FILE *out, const struct style *style, size_t used, struct slice s)
{
	char room[VISIBLE_BYTES];
	struct buf b = buf_in(room, sizeof room);
	size_t most = style->terminal ? style->width - used : sizeof room;
	if (!buf_visible(&b, s, "", most)) {
		b.len = 0;
		buf_visible(&b, s, "", most - 3);
		buf_text(&b, "...");
	}
	fprintf(out, "%.*s\n", SLICE(buf_slice(&b)));
}

/* A number, a text; between them on a terminal a bar, in eighths of a column where there are blocks. */
static void put_row(FILE *out, const struct style *style, uint64_t n, uint64_t most, bool doubt, struct slice text)
{
	static const char blocks[][4] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	static const char ascii[][4] = {" ", "#", "#", "#", "#", "#", "#", "#", "#"};
	size_t width = style->width / 4, eighths = (size_t)((double)n / (double)most * (double)width * 8 + 0.5);
	if (eighths == 0)
		eighths = 1;
	fprintf(out, "%9ju%c  ", n, doubt ? '~' : ' ');
	for (size_t i = 0; i < width && style->terminal; i++) {
		size_t level = eighths < 8 ? eighths : 8;
		fputs((style->blocks ? blocks : ascii)[level], out);
		eighths -= level;
	}
	fputs(style->terminal ? "  " : "", out);
	put_last(out, style, 14 + width, text);
}

static void put_top(FILE *out, const struct style *style, const char *heading, struct top *top, size_t rows)
{
	size_t n = top_sort(top, rows);
	if (n > 0)
		put_heading(out, style, heading);
	for (const struct key *key = top->key; key < top->key + n; key++)
		put_row(out, style, key->count, top->key->count, key->over > 0, text_slice(&key->text));
}

/* The times of the timeline's first and last character, each under its own, or both in front without room for that. */
static void put_scale(FILE *out, const struct snapshot *s, size_t slots)
{
	const double day = 86400, minutes = 600; /* in seconds: from then on a time has its date, and no seconds */
	char room[TIME_BYTES];
	double seconds = in_seconds(s->now > s->tally.begin ? s->now - s->tally.begin : 0);
	const char *format = seconds >= day ? "%m-%d %H:%M" : seconds >= minutes ? "%H:%M" : "%H:%M:%S";
	size_t len = (size_t)fprintf(out, "%12s%s", "", time_text(s->tally.begin, false, format, room)) - 12;
	size_t gap = slots > 2 * len ? slots - 2 * len : 0;
	if (gap > 0)
		fprintf(out, "%*s%s\n", (int)gap, "", time_text(s->now, false, format, room));
	else
		fprintf(out, " to %s\n", time_text(s->now, false, format, room));
}

/* The timeline: one character a slot, its height the share of the busiest one. */
static void put_timeline(FILE *out, const struct snapshot *s, const struct style *style)
{
	static const char blocks[][4] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char ascii[][4] = {" ", ".", ".", ":", ":", "|", "|", "#", "#"};
	uint64_t most = 0;
	size_t slots = slots_of(s);
	for (size_t i = 0; i < slots; i++)
		if (s->tally.slot[i] > most)
			most = s->tally.slot[i];
	double width = in_seconds(s->tally.width);
	fprintf(out, ", %.2f/s in the busiest %.*f s\n", (double)most / width, width < 10 ? 1 : 0, width);
	if (!style->terminal || style->width < SLOTS + 12)
		return;
	fprintf(out, "%12s", "");
	for (size_t i = 0; i < slots; i++)
		fputs((style->blocks ? blocks : ascii)[most > 0 ? (s->tally.slot[i] * 8 + most - 1) / most : 0], out);
	fputc('\n', out);
	put_scale(out, s, slots);
}

/* Since when a unit is active: its connections are counted from about then on, and the answers from --since on. */
static const char *since_text(const struct unit *unit, char room[TIME_BYTES])
{
	return unit->since > 0 ? time_text(unit->since, false, " since %Y-%m-%d %H:%M:%S", room) : "";
}

static void put_units(FILE *out, const struct snapshot *s, const struct style *style)
{
	char since[TIME_BYTES];
	put_heading(out, style, s->socket.name);
	if (strcmp(s->socket.load, "loaded") != 0)
		fprintf(out, "%12sis %s; for a socket of another name, --socket=NAME\n", "", s->socket.load);
	else
		fprintf(out, "%12s%s (%s)%s\n%9u   accepted\n%9u   refused\n%9u   connected\n", "",
			s->socket.active, s->socket.sub, since_text(&s->socket, since), s->accepted, s->refused, s->current);
	if (strcmp(s->service.active, "active") == 0) {
		put_heading(out, style, s->service.name);
		fprintf(out, "%12sactive (%s)%s\n%9ju   connected\n", "", s->service.sub, since_text(&s->service, since),
			s->served);
	}
}

static void put_connections(FILE *out, const struct snapshot *s, const struct style *style)
{
	char peer[UNIT_BYTES];
	size_t rows = s->live < s->rows ? s->live : s->rows;
	if (rows > 0)
		put_heading(out, style, "Connected, the longest first");
	for (const struct connection *c = s->connection; c < s->connection + rows; c++) {
		put_age(out, age_of(s, c));
		put_last(out, style, 14, slice_of(peer_text(c->unit, peer)));
	}
	if (s->live > rows)
		fprintf(out, "%12sand %zu more\n", "", s->live - rows);
}

/*
 * The messages of httpd for its operator. They come first: they have the reason of each 503 for a fault of the setup.
 */
static void put_messages(FILE *out, const struct snapshot *s, const struct style *style)
{
	const struct tally *t = &s->tally;
	if (t->other == 0)
		return;
	put_heading(out, style, "Messages");
	fprintf(out, "%s%9ju   from httpd; a fault of the setup is a 503 for its client. The last:%s\n",
		style->terminal ? "\033[1m" : "", t->other, style->terminal ? "\033[m" : "");
	fprintf(out, "%12s", "");
	put_last(out, style, 12, text_slice(&t->message));
}

/* There are no answers: none were given, or they are logged elsewhere. */
static void put_none(FILE *out, const struct snapshot *s)
{
	bool connected = s->asked && s->tally.other == 0 && (s->accepted > 0 || s->served > 0);
	if (connected && s->accepted > 0 && s->socket.since >= s->begin)
		fprintf(out, "%12snone in the journal, though there were connections: if httpd logs to a file, --log=FILE\n",
			"");
	else if (connected) /* perhaps before that time */
		fprintf(out, "%12snone in that time; try --since=yesterday, or --log=FILE if httpd logs to a file\n", "");
	else
		fprintf(out, "%12snone in that time; try --since=yesterday\n", "");
}

/* How many answers there are, their bytes and their rate, with the timeline. */
static void put_answers(FILE *out, const struct snapshot *s, const struct style *style)
{
	const struct tally *t = &s->tally;
	put_heading(out, style, "Answers");
	if (t->requests == 0) {
		put_none(out, s);
		return;
	}
	fprintf(out, "%9ju   ", t->requests);
	put_bytes(out, t->bytes);
	fprintf(out, ", %.2f/s", (double)t->requests / seconds_of(s));
	put_timeline(out, s, style);
}

/* A row for each class of status that there are answers of, with its share. */
static void put_classes(FILE *out, const struct tally *t, const struct style *style)
{
	char share[16];
	for (unsigned i = 1; i <= 5; i++) {
		if (t->classes[i] == 0)
			continue;
		snprintf(share, sizeof share, "%uxx %5.1f %%", i, 100 * (double)t->classes[i] / (double)t->requests);
		put_row(out, style, t->classes[i], t->requests, false, slice_of(share));
	}
}

void report_table(FILE *out, struct snapshot *s, const struct style *style)
{
	char room[TIME_BYTES];
	fputs(time_text(s->begin, false, "%Y-%m-%d %H:%M:%S to ", room), out);
	fputs(time_text(s->now, false, "%Y-%m-%d %H:%M:%S %Z\n", room), out);
	if (s->asked)
		put_units(out, s, style);
	put_messages(out, s, style);
	put_answers(out, s, style);
	put_classes(out, &s->tally, style);
	put_top(out, style, "Paths", &s->tally.paths, s->rows);
	put_top(out, style, "Refusals", &s->tally.refusals, s->rows);
	put_top(out, style, "Clients", &s->tally.clients, s->rows);
	put_connections(out, s, style);
}
