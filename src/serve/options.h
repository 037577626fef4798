/* SPDX-License-Identifier: ISC */
/* options: from argv to the settings of the site, constant afterwards. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "base/slice.h"
#include "system/sandbox.h"

/* What the operator asked for, and else a default. Its texts are argv's or constant. */
struct site {
	const char *root; /* the directory served */
	const char *log; /* "stderr", "syslog", "none" or a file's name */
	bool help, version, check; /* print that and leave; --check needs a root */
	bool clean_urls; /* /about is about.html */
	bool listing; /* a directory without an index is listed */
	bool vhosts; /* the root holds one directory for each host */
	bool proxy; /* a PROXY header comes before the first request */
	const char *client_address; /* the field in which a proxy names the client; NULL: none is looked at */
	enum sandbox_wish sandbox; /* what to do about layers that are not to be had */
	const char *user; /* who serves instead of root; NULL: NOBODY */
	const char *fallback; /* what is served instead of nothing, beneath the root; NULL: 404 */
	uint64_t requests; /* at most so many on one connection */
	uint64_t timeout; /* seconds for a whole head */
	uint64_t idle; /* seconds until the next request begins */
	uint64_t min_agent; /* bytes a User-Agent must have */
	size_t header_bytes; /* of all --header options */
	bool own_server, own_sniffing; /* one of these sets Server, X-Content-Type-Options */
	char **arguments; /* for options_next: the first `kept` of them are what may come more than once */
	size_t kept;
};

/* The options that may be given more than once, each the letter that its name begins with. */
enum repeatable {
	OPTION_CACHE_CONTROL = 'c', /* "[GLOB=]VALUE"; see options_cache_rule */
	OPTION_DENY_AGENT = 'd', /* a part of User-Agents that are not welcome */
	OPTION_HEADER = 'h' /* a field line to add to each response, without its line end */
};

/*
 * Reads the arguments, those of main behind the first, with NULL at their end. Returns 0, or EX_USAGE (64) with one
 * sentence about the first mistake and its cure in *message, without a line end. Stops at --help and --version. Writes
 * over the array, which has to live as long as *out.
 */
int options_parse(char *arguments[], struct site *out, struct buf *message);

/*
 * The value of the next option of that name, from the first one on: *at begins as 0 and is moved on. False after the
 * last.
 */
bool options_next(const struct site *site, enum repeatable option, size_t *at, struct slice *value);

/*
 * Splits the value of a --cache-control into the pattern, no slice for every path, and the field's value; false where
 * there is no value.
 */
bool options_cache_rule(struct slice text, struct slice *glob, struct slice *value);

/* What --help prints, and what --version prints. */
const char *options_help(void);
const char *options_version(void);

#endif
