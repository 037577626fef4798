/* SPDX-License-Identifier: ISC */
/*
 * A log line holds texts of clients. httpd has escaped them, but this file does not rely on that: it writes visible
 * ASCII only, so that no client controls a terminal or ends a quoted string.
 */
#include "status/report.h"

#include <string.h>
#include <time.h>

/* Room for the longest text as buf_visible writes it, and for that in quotes, or in {unit=...}. */
enum { VISIBLE_BYTES = 4 * UNIT_BYTES, QUOTED_BYTES = 2 * VISIBLE_BYTES + 12 };

/* A string of JSON, or of Prometheus; good until the next one is made. */
static const char *quoted(struct slice s)
{
	static char text[QUOTED_BYTES];
	char room[VISIBLE_BYTES];
	struct buf visible = buf_in(room, sizeof room), b = buf_in(text, sizeof text);
	buf_visible(&visible, s, "", SIZE_MAX);
	buf_char(&b, '"');
	for (size_t i = 0; i < visible.len; i++)
		buf_format(&b, room[i] == '"' || room[i] == '\\' ? "\\%c" : "%c", room[i]);
	buf_format(&b, "\"%c", '\0');
	return text;
}

/*
 * The instance "N-192.0.2.1:80-198.51.100.7:51822" has the peer 198.51.100.7:51822, and "N-::1:80-::1:51822" has
 * [::1]:51822; "N-PID-UID", of a local socket, has none. Good until the next one is made.
 */
static struct slice peer_of(const char *unit)
{
	static char room[UNIT_BYTES];
	const char *address = strrchr(unit, '-'), *port = address != NULL ? strrchr(address, ':') : NULL;
	if (port == NULL)
		return slice_of("a local process");
	int len = (int)(port - ++address);
	bool bare = memchr(address, ':', (size_t)len) != NULL;
	snprintf(room, UNIT_BYTES, bare ? "[%.*s]%.*s" : "%.*s%.*s", len, address, (int)strcspn(port, "."), port);
	return slice_of(room);
}

static uint64_t age_of(const struct snapshot *s, const struct connection *c)
{
	return c->began > 0 && c->began < s->now ? s->now - c->began : 0;
}

static double in_seconds(uint64_t microseconds)
{
	return (double)microseconds / (double)SECOND;
}

/* The time that the snapshot covers, at least one second. */
static double seconds_of(const struct snapshot *s)
{
	double seconds = s->now > s->begin ? in_seconds(s->now - s->begin) : 0;
	return seconds < 1 ? 1 : seconds;
}

/* Slots of the timeline that have begun. */
static size_t slots_of(const struct snapshot *s)
{
	uint64_t used = s->now > s->tally.begin ? (s->now - s->tally.begin) / s->tally.width + 1 : 1;
	return used < SLOTS ? (size_t)used : SLOTS;
}

/* Good until the next one is made. */
static const char *time_text(uint64_t when, bool utc, const char *format)
{
	static char text[64];
	time_t t = (time_t)(when / SECOND);
	struct tm room, *tm = utc ? gmtime_r(&t, &room) : localtime_r(&t, &room);
	return tm != NULL && strftime(text, sizeof text, format, tm) > 0 ? text : "";
}

/* --- for people --- */

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
	double seconds = in_seconds(s->now > s->tally.begin ? s->now - s->tally.begin : 0);
	const char *format = seconds >= day ? "%m-%d %H:%M" : seconds >= minutes ? "%H:%M" : "%H:%M:%S";
	size_t len = (size_t)fprintf(out, "%12s%s", "", time_text(s->tally.begin, false, format)) - 12;
	size_t room = slots > 2 * len ? slots - 2 * len : 0;
	if (room > 0)
		fprintf(out, "%*s%s\n", (int)room, "", time_text(s->now, false, format));
	else
		fprintf(out, " to %s\n", time_text(s->now, false, format));
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
static const char *since_text(const struct unit *unit)
{
	return unit->since > 0 ? time_text(unit->since, false, " since %Y-%m-%d %H:%M:%S") : "";
}

static void put_units(FILE *out, const struct snapshot *s, const struct style *style)
{
	put_heading(out, style, s->socket.name);
	if (strcmp(s->socket.load, "loaded") != 0)
		fprintf(out, "%12sis %s; for a socket of another name, --socket=NAME\n", "", s->socket.load);
	else
		fprintf(out, "%12s%s (%s)%s\n%9u   accepted\n%9u   refused\n%9u   connected\n", "",
			s->socket.active, s->socket.sub, since_text(&s->socket), s->accepted, s->refused, s->current);
	if (strcmp(s->service.active, "active") == 0) {
		put_heading(out, style, s->service.name);
		fprintf(out, "%12sactive (%s)%s\n%9ju   connected\n", "", s->service.sub, since_text(&s->service), s->served);
	}
}

static void put_connections(FILE *out, const struct snapshot *s, const struct style *style)
{
	size_t rows = s->live < s->rows ? s->live : s->rows;
	if (rows > 0)
		put_heading(out, style, "Connected, the longest first");
	for (const struct connection *c = s->connection; c < s->connection + rows; c++) {
		put_age(out, age_of(s, c));
		put_last(out, style, 14, peer_of(c->unit));
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

void report_table(FILE *out, struct snapshot *s, const struct style *style)
{
	struct tally *t = &s->tally;
	char share[16];
	fputs(time_text(s->begin, false, "%Y-%m-%d %H:%M:%S to "), out);
	fputs(time_text(s->now, false, "%Y-%m-%d %H:%M:%S %Z\n"), out);
	if (s->asked)
		put_units(out, s, style);
	put_messages(out, s, style);
	put_heading(out, style, "Answers");
	if (t->requests == 0)
		put_none(out, s);
	else {
		fprintf(out, "%9ju   ", t->requests);
		put_bytes(out, t->bytes);
		fprintf(out, ", %.2f/s", (double)t->requests / seconds_of(s));
		put_timeline(out, s, style);
	}
	for (unsigned i = 1; i <= 5; i++) {
		snprintf(share, sizeof share, "%uxx %5.1f %%", i, 100 * (double)t->classes[i] / (double)t->requests);
		if (t->classes[i] > 0)
			put_row(out, style, t->classes[i], t->requests, false, slice_of(share));
	}
	put_top(out, style, "Paths", &t->paths, s->rows);
	put_top(out, style, "Refusals", &t->refusals, s->rows);
	put_top(out, style, "Clients", &t->clients, s->rows);
	put_connections(out, s, style);
}

/* --- for programs --- */

static void json_top(FILE *out, const char *name, struct top *top, size_t rows)
{
	size_t n = top_sort(top, rows);
	fprintf(out, ",\"%s\":[", name);
	for (const struct key *key = top->key; key < top->key + n; key++)
		fprintf(out, "%s{\"key\":%s,\"count\":%ju,\"over\":%ju}", key > top->key ? "," : "",
			quoted(text_slice(&key->text)), key->count, key->over);
	fputs("]", out);
}

static void json_unit(FILE *out, const char *name, const struct unit *unit)
{
	fprintf(out, ",\"%s\":{\"unit\":%s,\"load\":\"%s\",\"active\":\"%s\",\"sub\":\"%s\"", name,
		quoted(slice_of(unit->name)), unit->load, unit->active, unit->sub);
}

static void json_units(FILE *out, const struct snapshot *s)
{
	json_unit(out, "socket", &s->socket);
	fprintf(out, ",\"accepted\":%u,\"refused\":%u,\"connected\":%u}", s->accepted, s->refused, s->current);
	json_unit(out, "service", &s->service);
	fprintf(out, ",\"connected\":%ju},\"live\":%zu,\"connections\":[", s->served, s->live);
	for (size_t i = 0; i < s->live && i < CONNECTIONS_MAX; i++) {
		const struct connection *c = &s->connection[i];
		fprintf(out, "%s{\"unit\":%s", i > 0 ? "," : "", quoted(slice_of(c->unit)));
		fprintf(out, ",\"peer\":%s,\"seconds\":%.3f}", quoted(peer_of(c->unit)), in_seconds(age_of(s, c)));
	}
	fputs("]", out);
}

void report_json(FILE *out, struct snapshot *s)
{
	struct tally *t = &s->tally;
	const char *comma = "";
	const char *second = "%Y-%m-%dT%H:%M:%S";
	fprintf(out, "{\"since\":\"%s.%06uZ\"", time_text(s->begin, true, second), (unsigned)(s->begin % SECOND));
	fprintf(out, ",\"until\":\"%s.%06uZ\"", time_text(s->now, true, second), (unsigned)(s->now % SECOND));
	if (s->asked)
		json_units(out, s);
	fprintf(out, ",\"answers\":%ju,\"per_second\":%.6f,\"bytes\":%ju,\"classes\":{", t->requests,
		(double)t->requests / seconds_of(s), t->bytes);
	for (unsigned i = 1; i <= 5; i++)
		fprintf(out, "%s\"%uxx\":%ju", i > 1 ? "," : "", i, t->classes[i]);
	fputs("},\"statuses\":{", out);
	for (unsigned i = 0; i < STATUS_END; i++) {
		if (t->status[i] == 0)
			continue;
		fprintf(out, "%s\"%u\":%ju", comma, i, t->status[i]);
		comma = ",";
	}
	fprintf(out, "},\"timeline\":{\"seconds\":%.6f,\"answers\":[", in_seconds(t->width));
	for (size_t i = 0; i < slots_of(s); i++)
		fprintf(out, "%s%ju", i > 0 ? "," : "", t->slot[i]);
	fputs("]}", out);
	json_top(out, "paths", &t->paths, s->rows);
	json_top(out, "refusals", &t->refusals, s->rows);
	json_top(out, "clients", &t->clients, s->rows);
	fprintf(out, ",\"other_messages\":%ju,\"last_message\":%s}\n", t->other, quoted(text_slice(&t->message)));
}

/* --- for Prometheus --- */

static void describe(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void metric(FILE *out, const char *name, const char *type, const char *help, const char *labels, uint64_t n)
{
	describe(out, name, type, help);
	fprintf(out, "%s%s %ju\n", name, labels, n);
}

void report_prometheus(FILE *out, struct snapshot *s)
{
	const struct tally *t = &s->tally;
	const char *type = s->totals ? "counter" : "gauge"; /* what is counted from a moving point in time on may fall */
	const char *answers = s->totals ? "httpd_answers_total" : "httpd_window_answers";
	const char *bytes = s->totals ? "httpd_sent_bytes_total" : "httpd_window_sent_bytes";
	const char *other = s->totals ? "httpd_messages_total" : "httpd_window_messages";
	if (s->asked) {
		char unit[QUOTED_BYTES];
		snprintf(unit, sizeof unit, "{unit=%s}", quoted(slice_of(s->socket.name))); /* it may hold a backslash */
		metric(out, "httpd_socket_up", "gauge", "Whether the socket unit is active.", unit,
			strcmp(s->socket.active, "active") == 0);
		metric(out, "httpd_accepted_total", "counter", "Connections accepted.", unit, s->accepted);
		metric(out, "httpd_refused_total", "counter", "Connections refused for a limit.", unit, s->refused);
		metric(out, "httpd_connections", "gauge", "Connections now.", unit, s->current);
	}
	describe(out, answers, type, "Answers, by their status.");
	for (unsigned i = 0; i < STATUS_END; i++)
		if (t->status[i] > 0 || i == 200) /* a series that begins with 0 shows its first increase */
			fprintf(out, "%s{code=\"%u\"} %ju\n", answers, i, t->status[i]);
	metric(out, bytes, type, "Bytes of the bodies of the answers.", "", t->bytes);
	metric(out, other, type, "Lines in the log that are not of an answer.", "", t->other);
	if (!s->totals) {
		describe(out, "httpd_window_seconds", "gauge", "Length of the time that the window metrics are of.");
		fprintf(out, "httpd_window_seconds %.3f\n", seconds_of(s));
	}
}
