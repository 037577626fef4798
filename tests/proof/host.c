/* SPDX-License-Identifier: ISC */
/* host: what Host and absolute-form carry. */
#include "contracts.h"
#include "libc.h"
#include "writers.h"

bool char_is_alphanumeric(char c)
{
	char l = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; /* proof: characters */
	return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9');
}

#include "http/host.c"

/*
 * proof: host_character host_character
 * shows: no space, control character, quote, slash, "@", "<" or ">", nor a byte beyond ASCII
 * bound: every byte
 * unwind: 20
 * fault: http/host.c: s/"-._~!/"-.\/_~!/
 */
void prove_host_character(void)
{
	char c = nondet_char();
	bool is = host_character(c);
	PROMISE(host_character_holds(c, is));
	REACHED(is && c == '=');
	REACHED(!is && c < 0);
}
