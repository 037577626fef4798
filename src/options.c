/* SPDX-License-Identifier: ISC */
#include "options.h"

#include <string.h>
#include <sysexits.h>

enum id {
	CACHE_CONTROL, CLEAN_URLS, DENY_AGENT, FALLBACK, HEADER, HELP, KEEP_ALIVE, LISTING, LOG, MIN_AGENT,
	PROXY_PROTOCOL, SANDBOX, TIMEOUT, USER, VERSION, VHOSTS
};

enum argument { NONE, OPTIONAL, REQUIRED };

/* Sorted as --help shows them; a row begins with what the option is to this file. */
struct option {
	unsigned char id, argument;
	char name[16];
};

static const struct option options[] = {
	{CACHE_CONTROL, REQUIRED, "cache-control"},
	{CLEAN_URLS, NONE, "clean-urls"},
	{DENY_AGENT, REQUIRED, "deny-agent"},
	{FALLBACK, REQUIRED, "fallback"},
	{HEADER, REQUIRED, "header"},
	{HELP, NONE, "help"},
	{KEEP_ALIVE, OPTIONAL, "keep-alive"},
	{LISTING, NONE, "listing"},
	{LOG, REQUIRED, "log"},
	{MIN_AGENT, REQUIRED, "min-agent"},
	{PROXY_PROTOCOL, NONE, "proxy-protocol"},
	{SANDBOX, REQUIRED, "sandbox"},
	{TIMEOUT, REQUIRED, "timeout"},
	{USER, REQUIRED, "user"},
	{VERSION, NONE, "version"},
	{VHOSTS, NONE, "vhosts"},
};

const char *options_help(void)
{
	return "usage: httpd [options] ROOT\n"
	       "Reads one HTTP request from standard input and answers it on standard output with a file\n"
	       "beneath the directory ROOT. systemd, inetd, tcpserver or the like accepts the connections.\n"
	       "\n"
	       "  --cache-control='[GLOB=]VALUE'  Cache-Control, of the paths that match; repeatable\n"
	       "  --clean-urls           /about is about.html, and /about.html moves there\n"
	       "  --deny-agent=TEXT      403 for User-Agents that contain TEXT; repeatable\n"
	       "  --fallback=FILE        for pages that are not found, with 200\n"
	       "  --header='NAME: VALUE' add this field to every response; repeatable\n"
	       "  --help                 this text\n"
	       "  --keep-alive[=N]       up to N requests on the connection (100)\n"
	       "  --listing              directories without index.html are listed\n"
	       "  --log=WHERE            stderr, syslog, none or a file to append to\n"
	       "  --min-agent=BYTES      403 for User-Agents shorter than this\n"
	       "  --proxy-protocol       the connection begins with a PROXY header, version 1 or 2\n"
	       "  --sandbox=WISH         require, try (the default) or off\n"
	       "  --timeout=SECONDS      how long the head of a request may take (20)\n"
	       "  --user=NAME|UID[:GID]  who serves when started as root (65534)\n"
	       "  --version              the version\n"
	       "  --vhosts               ROOT holds a directory for each host, and 'default'\n"
	       "\n"
	       "Try it: printf 'GET / HTTP/1.0\\r\\n\\r\\n' | httpd /var/www    More: man 8 httpd\n";
}

const char *options_version(void)
{
	return "httpd " VERSION_TEXT "\n";
}

/* Writes "what 'text': why" as the message; EX_USAGE. */
static int mistake(struct buf *message, const char *what, struct slice text, const char *why)
{
	buf_text(message, what);
	buf_text(message, " '");
	for (size_t i = 0; i < text.len && i < 100; i++)
		buf_char(message, (unsigned char)text.at[i] < ' ' || text.at[i] == 0x7f ? '?' : text.at[i]);
	buf_text(message, "': ");
	buf_text(message, why);
	return EX_USAGE;
}

/*
 * Fields that are ours alone: a second one would contradict the framing or the file. Server and
 * X-Content-Type-Options give way instead, see options_sets.
 */
static bool is_ours(struct slice name)
{
	static const char ours[][20] = {
		"Accept-Ranges", "Allow", "Cache-Control", "Connection", "Content-Encoding", "Content-Length", "Content-Range",
		"Content-Type", "Date", "ETag", "Keep-Alive", "Last-Modified", "Location", "Trailer", "Transfer-Encoding",
		"Upgrade",
	};
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		if (slice_same(name, slice_of(ours[i])))
			return true;
	return false;
}

/* field-value without the line ends and controls that would make it two (RFC 9110 section 5.5). */
static bool value_valid(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\t') || s.at[i] == 0x7f)
			return false;
	return true;
}

static int take_header(struct site *out, struct slice line, struct buf *message)
{
	struct slice name, value = line;
	size_t bytes = line.len;
	slice_split(&value, ':', &name);
	if (value.at == NULL)
		return mistake(message, "--header", line, "there is no colon; write 'Name: value'");
	if (!slice_is_token(name))
		return mistake(message, "--header", line, "the name must be letters, digits and hyphens, up to the colon");
	if (!value_valid(value))
		return mistake(message, "--header", name, "the value holds a line end or another control character");
	if (is_ours(name))
		return mistake(message, "--header", name, "httpd sets this field itself, from the file; leave it out");
	for (size_t i = 0; i < out->headers; i++)
		bytes += out->header[i].len;
	if (out->headers == HEADERS || bytes > HEADER_BYTES)
		return mistake(message, "--header", name, "that is one too many; 64 and 16 KiB in all are the limit");
	out->header[out->headers++] = line;
	return 0;
}

static int take_agent(struct site *out, struct slice text, struct buf *message)
{
	if (text.len == 0)
		return mistake(message, "--deny-agent", text, "an empty text is part of every name; give one or more letters");
	if (out->agents == AGENTS)
		return mistake(message, "--deny-agent", text, "that is one too many; 64 are the limit");
	out->agent[out->agents++] = text;
	return 0;
}

/* A pattern begins with "/" or "*", which no directive of Cache-Control does. */
static int take_cache(struct site *out, struct slice text, struct buf *message)
{
	struct slice glob = {NULL, 0}, value = text;
	if (text.len > 0 && (text.at[0] == '/' || text.at[0] == '*'))
		slice_split(&value, '=', &glob);
	if (value.at == NULL || slice_trim(value).len == 0 || !value_valid(value))
		return mistake(message, "--cache-control", text, "write VALUE, or GLOB=VALUE as in '*.css=max-age=3600'");
	if (out->cache_rules == CACHE_RULES)
		return mistake(message, "--cache-control", text, "that is one too many; 64 are the limit");
	out->cache[out->cache_rules++] = (struct cache_rule){glob, slice_trim(value)};
	return 0;
}

static int take_fallback(struct site *out, const char *name, struct buf *message)
{
	while (name[0] == '/')
		name++;
	out->fallback = name;
	return name[0] != '\0' ? 0 : mistake(message, "--fallback", slice_of(name), "name a file beneath ROOT");
}

static int take_keep_alive(struct site *out, struct slice text, struct buf *message)
{
	out->requests = REQUESTS;
	if (text.at == NULL || (slice_number(text, &out->requests) && out->requests > 0))
		return 0;
	return mistake(message, "--keep-alive", text, "give a whole number of requests, 1 or more");
}

static int take_sandbox(struct site *out, struct slice text, struct buf *message)
{
	static const char names[][8] = {"try", "require", "off"}; /* in the order of enum sandbox_wish */
	for (unsigned i = 0; i < 3; i++) {
		if (slice_equal(text, slice_of(names[i]))) {
			out->sandbox = (enum sandbox_wish)i;
			return 0;
		}
	}
	return mistake(message, "--sandbox", text, "say require, try or off");
}

static int take_timeout(struct site *out, struct slice text, struct buf *message)
{
	uint64_t seconds;
	if (!slice_number(text, &seconds) || seconds < 1 || seconds > 86400)
		return mistake(message, "--timeout", text, "give a whole number of seconds from 1 to 86400");
	out->timeout = (unsigned)seconds;
	return 0;
}

static int take(enum id id, struct site *out, const char *argument, struct buf *message)
{
	switch (id) {
	case CACHE_CONTROL:
		return take_cache(out, slice_of(argument), message);
	case CLEAN_URLS:
		out->clean_urls = true;
		return 0;
	case DENY_AGENT:
		return take_agent(out, slice_of(argument), message);
	case FALLBACK:
		return take_fallback(out, argument, message);
	case HEADER:
		return take_header(out, slice_of(argument), message);
	case HELP:
		out->help = true;
		return 0;
	case KEEP_ALIVE:
		return take_keep_alive(out, slice_of(argument), message);
	case LISTING:
		out->listing = true;
		return 0;
	case LOG:
		out->log = argument;
		if (argument[0] != '\0')
			return 0;
		return mistake(message, "--log", slice_of(argument), "name stderr, syslog, none or a file");
	case MIN_AGENT:
		if (slice_number(slice_of(argument), &out->min_agent))
			return 0;
		return mistake(message, "--min-agent", slice_of(argument), "give a whole number of bytes");
	case PROXY_PROTOCOL:
		out->proxy = true;
		return 0;
	case SANDBOX:
		return take_sandbox(out, slice_of(argument), message);
	case TIMEOUT:
		return take_timeout(out, slice_of(argument), message);
	case USER:
		out->user = argument;
		if (argument[0] != '\0')
			return 0;
		return mistake(message, "--user", slice_of(argument), "name an account, or its UID or UID:GID");
	case VERSION:
		out->version = true;
		return 0;
	case VHOSTS:
		out->vhosts = true;
		return 0;
	}
	return EX_SOFTWARE;
}

static const struct option *find(struct slice name)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (slice_equal(name, slice_of(options[i].name)))
			return &options[i];
	return NULL;
}

/* One argument that begins with two hyphens, and the next one where that is its value; *i moves past what was used. */
static int take_option(int argc, char *const argv[], int *i, struct site *out, struct buf *message)
{
	struct slice name, value = slice_of(argv[*i] + 2), whole = slice_of(argv[*i]);
	slice_split(&value, '=', &name);
	const struct option *option = find(name);
	if (option == NULL)
		return mistake(message, "option", whole, "there is none of that name; see httpd --help");
	if (option->argument == NONE && value.at != NULL)
		return mistake(message, "option", whole, "it takes no value");
	if (option->argument == REQUIRED && value.at == NULL && *i + 1 < argc)
		value = slice_of(argv[++*i]);
	if (option->argument == REQUIRED && value.at == NULL)
		return mistake(message, "option", whole, "its value is missing; see httpd --help");
	return take((enum id)option->id, out, value.at, message);
}

static int take_root(struct site *out, const char *argument, struct buf *message)
{
	if (out->root != NULL)
		return mistake(message, "argument", slice_of(argument), "there is one ROOT already; give only one directory");
	if (argument[0] == '\0')
		return mistake(message, "ROOT", slice_of(argument), "it is empty; name the directory to serve");
	out->root = argument;
	return 0;
}

int options_parse(int argc, char *const argv[], struct site *out, struct buf *message)
{
	bool more = true; /* options may still come: no "--" yet */
	out->root = out->log = NULL;
	out->fallback = out->user = NULL;
	out->sandbox = SANDBOX_TRY;
	out->help = out->version = out->clean_urls = out->listing = out->vhosts = out->proxy = false;
	out->requests = 1;
	out->cache_rules = 0;
	out->timeout = HEAD_SECONDS;
	out->min_agent = 0;
	out->headers = out->agents = 0;
	for (int i = 1; i < argc && !out->help && !out->version; i++) {
		int error = 0;
		if (more && strcmp(argv[i], "--") == 0)
			more = false;
		else if (more && strncmp(argv[i], "--", 2) == 0)
			error = take_option(argc, argv, &i, out, message);
		else if (more && argv[i][0] == '-' && argv[i][1] != '\0')
			error = mistake(message, "option", slice_of(argv[i]), "options begin with two hyphens; see httpd --help");
		else
			error = take_root(out, argv[i], message);
		if (error != 0)
			return error;
	}
	if (out->root != NULL || out->help || out->version)
		return 0;
	buf_text(message, "ROOT is missing: name the directory to serve, as in 'httpd /var/www'");
	return EX_USAGE;
}

bool options_sets(const struct site *site, const char *field)
{
	struct slice name, rest;
	for (size_t i = 0; i < site->headers; i++) {
		rest = site->header[i];
		slice_split(&rest, ':', &name);
		if (slice_same(name, slice_of(field)))
			return true;
	}
	return false;
}
