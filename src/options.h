/* SPDX-License-Identifier: ISC */
/* options: from argv to the settings of the site, constant afterwards. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "bounds.h"
#include "slice.h"

enum sandbox_wish { SANDBOX_TRY, SANDBOX_REQUIRE, SANDBOX_OFF };

/* Cache-Control for the paths that a shell pattern matches; no slice for a pattern: for every path. */
struct cache_rule {
	struct slice glob, value;
};

/* What the operator asked for. The texts are those of argv. */
struct site {
	const char *root; /* the directory served */
	const char *log; /* "stderr", "syslog", "none" or a file's name; NULL: choose */
	bool help, version, check; /* print that and leave; --check needs a root */
	bool clean_urls; /* /about is about.html */
	bool listing; /* a directory without an index is listed */
	bool vhosts; /* the root holds one directory for each host */
	bool proxy; /* a PROXY header comes before the first request */
	enum sandbox_wish sandbox; /* what to do about layers that are not to be had */
	const char *user; /* who serves instead of root; NULL: nobody */
	const char *fallback; /* what is served instead of nothing, beneath the root; NULL: 404 */
	uint64_t requests; /* at most so many on one connection */
	uint64_t timeout; /* seconds for a whole head */
	uint64_t min_agent; /* bytes a User-Agent must have */
	size_t headers, agents; /* how many of each are set */
	size_t cache_rules;
	struct cache_rule cache[CACHE_RULES]; /* the first match counts */
	struct slice header[HEADERS]; /* field lines to add to each response, without their line ends */
	struct slice agent[AGENTS]; /* parts of User-Agents that are not welcome */
};

/*
 * Reads the arguments behind argv[0]. Returns 0, or EX_USAGE (64) with one sentence about the first mistake and its
 * cure in *message, without a line end. Nothing is read twice: --help and --version win where they stand first.
 */
int options_parse(int argc, char *const argv[], struct site *out, struct buf *message);

/* Whether one of the --header options sets this field. */
bool options_sets(const struct site *site, const char *field);

/* What --help prints, and what --version prints. */
const char *options_help(void);
const char *options_version(void);

#endif
