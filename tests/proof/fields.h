/* SPDX-License-Identifier: ISC */
/* fields: in place of the functions that hand out the lines of a field, what request.c promises of them. */
#ifndef PROOF_FIELDS_H
#define PROOF_FIELDS_H

#include "contracts.h"

#include "http/request.h"

/* The field lines of the request, and the field that is looked up. A harness sets them. */
static struct slice all_lines;
static enum field looked_up;

/* What is left of the lines only has a length: the places of the values are not told. */
#define LINES_LEFT(lines) ((lines).field == looked_up && (lines).rest.len <= all_lines.len)

struct field_lines request_lines(const struct request *request, enum field field)
{
	PROMISE(field == looked_up);
	return (struct field_lines){
		field, {NULL, 0}, request->first[field].at != NULL ? all_lines : (struct slice){NULL, 0}};
}

/* The value lies in the lines, and what is left of them is shorter: proof: next_value. */
bool request_next(struct field_lines *lines, struct slice *value)
{
	size_t left = nondet_size();
	PROMISE(lines->field == looked_up);
	if (lines->rest.len == 0 || nondet_bool())
		return false;
	ASSUME(left < lines->rest.len);
	lines->rest.len = left;
	*value = any_part(all_lines);
	return true;
}

struct slice request_single(const struct request *request, enum field field)
{
	bool once = (request->repeated & 1u << field) == 0;
	return once ? request->first[field] : (struct slice){NULL, 0}; /* as it is */
}

#endif
