/* SPDX-License-Identifier: ISC */
/* The report for Prometheus, in its text format. */
#include "status/figures.h"

#include <string.h>

/* What stands above the values of a metric. */
static void describe(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A metric of one value; `labels` are in braces, or "". */
static void metric(FILE *out, const char *name, const char *type, const char *help, const char *labels, uint64_t n)
{
	describe(out, name, type, help);
	fprintf(out, "%s%s %ju\n", name, labels, n);
}

/* What systemd said of the socket. */
static void put_socket(FILE *out, const struct snapshot *s)
{
	char quoted[QUOTED_BYTES], unit[QUOTED_BYTES + sizeof "{unit=}"];
	/* The name may hold a backslash. */
	snprintf(unit, sizeof unit, "{unit=%s}", quoted_text(slice_of(s->socket.name), quoted));
	metric(out, "httpd_socket_up", "gauge", "Whether the socket unit is active.", unit,
		strcmp(s->socket.active, "active") == 0);
	metric(out, "httpd_accepted_total", "counter", "Connections accepted.", unit, s->accepted);
	metric(out, "httpd_refused_total", "counter", "Connections refused for a limit.", unit, s->refused);
	metric(out, "httpd_connections", "gauge", "Connections now.", unit, s->current);
}

/* What the log said. What is counted from a moving point in time on may fall, and has other names and another type. */
static void put_answers(FILE *out, const struct tally *t, bool totals)
{
	const char *type = totals ? "counter" : "gauge";
	const char *answers = totals ? "httpd_answers_total" : "httpd_window_answers";
	const char *bytes = totals ? "httpd_sent_bytes_total" : "httpd_window_sent_bytes";
	const char *other = totals ? "httpd_messages_total" : "httpd_window_messages";
	describe(out, answers, type, "Answers, by their status.");
	for (unsigned i = 0; i < STATUS_END; i++)
		if (t->status[i] > 0 || i == 200) /* a series that begins with 0 shows its first increase */
			fprintf(out, "%s{code=\"%u\"} %ju\n", answers, i, t->status[i]);
	metric(out, bytes, type, "Bytes of the bodies of the answers.", "", t->bytes);
	metric(out, other, type, "Lines in the log that are not of an answer.", "", t->other);
}

void report_prometheus(FILE *out, struct snapshot *s)
{
	if (s->asked)
		put_socket(out, s);
	put_answers(out, &s->tally, s->totals);
	if (!s->totals) {
		describe(out, "httpd_window_seconds", "gauge", "Length of the time that the window metrics are of.");
		fprintf(out, "httpd_window_seconds %.3f\n", seconds_of(s));
	}
}
