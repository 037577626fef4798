/* SPDX-License-Identifier: ISC */
/* The report for programs: one line of JSON. */
#include "status/figures.h"

/* A time in UTC, as a member without a comma in front. */
static void put_time(FILE *out, const char *name, uint64_t when)
{
	char room[TIME_BYTES];
	fprintf(out, "\"%s\":\"%s.%06uZ\"", name, time_text(when, true, "%Y-%m-%dT%H:%M:%S", room),
		(unsigned)(when % SECOND));
}

/* The members that the socket and the service both have; the object stays open for more. */
static void put_unit(FILE *out, const char *name, const struct unit *unit)
{
	char quoted[QUOTED_BYTES];
	fprintf(out, ",\"%s\":{\"unit\":%s,\"load\":\"%s\",\"active\":\"%s\",\"sub\":\"%s\"", name,
		quoted_text(slice_of(unit->name), quoted), unit->load, unit->active, unit->sub);
}

static void put_connection(FILE *out, const struct snapshot *s, const struct connection *c)
{
	char peer[UNIT_BYTES], quoted[QUOTED_BYTES];
	fprintf(out, "{\"unit\":%s", quoted_text(slice_of(c->unit), quoted));
	fprintf(out, ",\"peer\":%s", quoted_text(slice_of(peer_text(c->unit, peer)), quoted));
	fprintf(out, ",\"seconds\":%.3f}", in_seconds(age_of(s, c)));
}

/* What systemd said. */
static void put_units(FILE *out, const struct snapshot *s)
{
	put_unit(out, "socket", &s->socket);
	fprintf(out, ",\"accepted\":%u,\"refused\":%u,\"connected\":%u}", s->accepted, s->refused, s->current);
	put_unit(out, "service", &s->service);
	fprintf(out, ",\"connected\":%ju},\"live\":%zu,\"connections\":[", s->served, s->live);
	for (size_t i = 0; i < s->live && i < CONNECTIONS_MAX; i++) {
		fputs(i > 0 ? "," : "", out);
		put_connection(out, s, &s->connection[i]);
	}
	fputs("]", out);
}

/* The answers: all, by the classes of their statuses, and by their statuses. */
static void put_answers(FILE *out, const struct snapshot *s)
{
	const struct tally *t = &s->tally;
	const char *comma = "";
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
	fputs("}", out);
}

static void put_timeline(FILE *out, const struct snapshot *s)
{
	fprintf(out, ",\"timeline\":{\"seconds\":%.6f,\"answers\":[", in_seconds(s->tally.width));
	for (size_t i = 0; i < slots_of(s); i++)
		fprintf(out, "%s%ju", i > 0 ? "," : "", s->tally.slot[i]);
	fputs("]}", out);
}

static void put_top(FILE *out, const char *name, struct top *top, size_t rows)
{
	char quoted[QUOTED_BYTES];
	size_t n = top_sort(top, rows);
	fprintf(out, ",\"%s\":[", name);
	for (const struct key *key = top->key; key < top->key + n; key++)
		fprintf(out, "%s{\"key\":%s,\"count\":%ju,\"over\":%ju}", key > top->key ? "," : "",
			quoted_text(text_slice(&key->text), quoted), key->count, key->over);
	fputs("]", out);
}

void report_json(FILE *out, struct snapshot *s)
{
	struct tally *t = &s->tally;
	char quoted[QUOTED_BYTES];
	fputs("{", out);
	put_time(out, "since", s->begin);
	fputs(",", out);
	put_time(out, "until", s->now);
	if (s->asked)
		put_units(out, s);
	put_answers(out, s);
	put_timeline(out, s);
	put_top(out, "paths", &t->paths, s->rows);
	put_top(out, "refusals", &t->refusals, s->rows);
	put_top(out, "clients", &t->clients, s->rows);
	fprintf(out, ",\"other_messages\":%ju,\"last_message\":%s}\n", t->other,
		quoted_text(text_slice(&t->message), quoted));
}
