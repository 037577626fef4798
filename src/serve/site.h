/* SPDX-License-Identifier: ISC */
/* site: the operator's settings, constant once the arguments are read. Pure. */
#ifndef SITE_H
#define SITE_H

#include "base/bounds.h"
#include "base/slice.h"
#include "system/sandbox.h"

/* A value of an option that may be given more than once. */
struct rule {
	struct slice glob; /* the files that it is for; no slice: every file */
	struct slice value;
};

/* The values of such an option, in the order of the command line. */
struct rules {
	size_t count;
	struct rule *at;
};

/* The options that may be given more than once. */
enum repeated {
	RULES_CACHE_CONTROL, /* the value of Cache-Control; the first rule that matches counts */
	RULES_DENY_AGENT, /* a User-Agent that contains one of these values is refused; no globs */
	RULES_HEADER, /* a field line without its line end; with no glob it is for each response */
	RULES_TYPE, /* Content-Type, with a NUL behind it; the first rule that matches counts */
	RULES_COUNT
};

/* The settings, each with its default where no option says otherwise. The texts are argv's or constant. */
struct site {
	const char *root; /* the directory to serve */
	const char *log; /* "stderr", "syslog", "none" or the name of a file */
	bool help, version, check; /* print this and exit; --check needs a root */
	bool clean_urls; /* /about is about.html */
	bool listing; /* a directory without an index is listed */
	bool vhosts; /* the root holds one directory for each host */
	bool proxy; /* a PROXY header comes before the first request */
	bool own_server, own_nosniff, own_coding; /* a --header sets Server, X-Content-Type-Options, Content-Encoding */
	enum sandbox_mode sandbox; /* what to do where a layer of the sandbox is missing */
	const char *client_address; /* the field in which a proxy names the client; NULL: no field is looked at */
	const char *user; /* the account that serves if httpd is started as root; NULL: NOBODY_ID */
	const char *fallback; /* the file beneath the root that is served for pages that do not exist; NULL: 404 */
	uint64_t requests; /* answered on one connection at most */
	uint64_t timeout; /* seconds for a whole head */
	uint64_t idle; /* seconds until the next request begins */
	uint64_t min_agent; /* bytes a User-Agent must have */
	size_t header_bytes; /* of all --header options, line ends included */
	struct rules rules[RULES_COUNT]; /* the options that may be given more than once */
};

/*
 * Room for the values of options that may be given more than once. It is no part of struct site because nearly every
 * start leaves it untouched: 16 KiB in the middle of what is used cost one page fault more for each connection.
 */
struct site_room {
	struct rule rules[RULES_COUNT][REPEATED_MAX];
};

/* Every option has a constant here, a row in the table of options.c, and a case in site_set. */
enum option {
	OPTION_CACHE_CONTROL,
	OPTION_CHECK,
	OPTION_CLEAN_URLS,
	OPTION_CLIENT_ADDRESS,
	OPTION_DENY_AGENT,
	OPTION_FALLBACK,
	OPTION_HEADER,
	OPTION_HELP,
	OPTION_IDLE,
	OPTION_KEEP_ALIVE,
	OPTION_LISTING,
	OPTION_LOG,
	OPTION_MIN_AGENT,
	OPTION_PROXY_PROTOCOL,
	OPTION_SANDBOX,
	OPTION_TIMEOUT,
	OPTION_TYPE,
	OPTION_USER,
	OPTION_VERSION,
	OPTION_VHOSTS
};

/*
 * Sets *site to the defaults, which have no ROOT. Values of repeated options will stand in *room, which lives as long.
 */
void site_begin(struct site *site, struct site_room *room);

/*
 * Sets what an option asks for. *value is the option's value, with a NUL behind it, or no slice. Returns NULL, or what
 * is wrong with the value and the cure; *value is then the part of it to be named in the message.
 */
const char *site_set(struct site *site, enum option option, struct slice *value);

#endif
