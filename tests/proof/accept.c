/* SPDX-License-Identifier: ISC */
/* accept: which codings and media types a client takes. */
#include "contracts.h"

#include "http/accept.c"

/* What Accept says of the type, and of the usual one. */
static unsigned quality_of[2];
static bool named_of[2];
static const char *texts[2];

unsigned type_contract(const struct request *request, const char *type, bool *named)
{
	bool usual = type == texts[1];
	(void)request;
	PROMISE(usual || type == texts[0]);
	*named = named_of[usual];
	return quality_of[usual];
}

/*
 * proof: prefers accept_prefers
 * shows: a type that is preferred is taken by the client, with no lower quality than the usual one, and of the same
 *   only where it alone is named; the usual one is then not preferred to it
 * bound: every quality
 * replace: accept_type:type_contract
 * fault: http/accept.c: s/return quality > 0 \&\& type_named/return type_named/
 * fault: http/accept.c: s/return quality > usual_quality;/return quality < usual_quality;/
 */
void prove_prefers(void)
{
	struct request request = {.repeated = 0};
	char one, two;
	texts[0] = &one;
	texts[1] = &two;
	for (size_t i = 0; i < 2; i++) {
		quality_of[i] = nondet_unsigned();
		named_of[i] = nondet_bool();
	}
	bool prefers = accept_prefers(&request, texts[0], texts[1]);
	PROMISE(!prefers || (quality_of[0] > 0 && quality_of[0] >= quality_of[1]));
	PROMISE(!prefers || quality_of[0] > quality_of[1] || (named_of[0] && !named_of[1]));
	PROMISE(prefers || quality_of[0] <= quality_of[1]);
	PROMISE(!prefers || !accept_prefers(&request, texts[1], texts[0]));
	REACHED(prefers && quality_of[0] == quality_of[1]);
	REACHED(!prefers && quality_of[0] == 5);
}
