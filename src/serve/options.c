/* SPDX-License-Identifier: ISC */
#include "serve/options.h"

#include <stddef.h>
#include <string.h>
#include <sysexits.h>

#include "base/bounds.h"
#include "http/glob.h"

/* Beside those of enum repeatable. */
enum id { FLAG, CLIENT_ADDRESS, FALLBACK, IDLE, KEEP_ALIVE, LOG, MIN_AGENT, SANDBOX, TIMEOUT, USER };

/* Sorted as --help shows them. */
struct option {
	unsigned char id;
	unsigned short flag; /* FLAG: where in struct site it is */
	char name[16];
};

static const struct option options[] = {
	{OPTION_CACHE_CONTROL, 0, "cache-control"},
	{FLAG, offsetof(struct site, check), "check"},
	{FLAG, offsetof(struct site, clean_urls), "clean-urls"},
	{CLIENT_ADDRESS, 0, "client-address"},
	{OPTION_DENY_AGENT, 0, "deny-agent"},
	{FALLBACK, 0, "fallback"},
	{OPTION_HEADER, 0, "header"},
	{FLAG, offsetof(struct site, help), "help"},
	{IDLE, 0, "idle"},
	{KEEP_ALIVE, 0, "keep-alive"},
	{FLAG, offsetof(struct site, listing), "listing"},
	{LOG, 0, "log"},
	{MIN_AGENT, 0, "min-agent"},
	{FLAG, offsetof(struct site, proxy), "proxy-protocol"},
	{SANDBOX, 0, "sandbox"},
	{TIMEOUT, 0, "timeout"},
	{USER, 0, "user"},
	{FLAG, offsetof(struct site, version), "version"},
	{FLAG, offsetof(struct site, vhosts), "vhosts"},
};

const char *options_help(void)
{
	return "usage: httpd [options] ROOT\n"
	       "Answers the HTTP request on standard input with a file beneath ROOT. systemd,\n"
	       "inetd, tcpserver or the like accepts connections and starts httpd for each.\n"
	       "\n"
	       "  --cache-control='[GLOB=]VALUE'  Cache-Control of files that match; repeatable\n"
	       "  --check                tell how it would serve, and what in ROOT it would not\n"
	       "  --clean-urls           /about is about.html, and /about.html moves there\n"
	       "  --client-address=FIELD a proxy names the client in FIELD: X-Forwarded-For, ...\n"
	       "  --deny-agent=TEXT      403 for User-Agents that contain TEXT; repeatable\n"
	       "  --fallback=FILE        sent, with 200, for pages that are not found\n"
	       "  --header='NAME: VALUE' one more field in every response; repeatable\n"
	       "  --help                 this text\n"
	       "  --idle=SECONDS         how long the next request may be awaited (default 15)\n"
	       "  --keep-alive[=N]       up to N requests on the connection (default 100)\n"
	       "  --listing              directories without index.html are listed\n"
	       "  --log=WHERE            stderr, syslog, none or a file (default stderr)\n"
	       "  --min-agent=BYTES      403 for User-Agents shorter than this (default 0)\n"
	       "  --proxy-protocol       the connection begins with a PROXY header, v1 or v2\n"
	       "  --sandbox=WISH         require, try or off (default try)\n"
	       "  --timeout=SECONDS      how long the head of a request may take (default 20)\n"
	       "  --user=ACCOUNT         who serves for root: name, UID, UID:GID (default 65534)\n"
	       "  --version              the version\n"
	       "  --vhosts               ROOT has a directory for each host, and 'default'\n"
	       "Try it: printf 'GET / HTTP/1.0\\r\\n\\r\\n' | httpd /var/www   More: man 8 httpd\n";
}

const char *options_version(void)
{
	return "httpd " VERSION_TEXT "\n";
}

/* Writes "what 'text': why". Whoever called knows by the message that there was a mistake. */
static void mistake(struct buf *message, const char *what, struct slice text, const char *why)
{
	buf_format(message, "%s '", what);
	buf_visible(message, (struct slice){text.at, text.len < 100 ? text.len : 100}, "", MESSAGE_MAX / 2);
	buf_format(message, "': %s", why);
}

/*
 * Fields that are ours alone: a second one would contradict the framing or the file. Server and
 * X-Content-Type-Options give way instead.
 */
static bool is_ours(struct slice name)
{
	static const char ours[][20] = {
		"Accept-Ranges", "Allow", "Connection", "Content-Encoding", "Content-Length", "Content-Range",
		"Content-Type", "Date", "ETag", "Keep-Alive", "Last-Modified", "Location", "Trailer", "Transfer-Encoding",
		"Upgrade",
	};
	for (size_t i = 0; i < sizeof ours / sizeof ours[0] && name.len < sizeof ours[0]; i++)
		if (ours[i][name.len] == '\0' && slice_same(name, (struct slice){ours[i], name.len}))
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

/* A pattern begins with "/" or "*", which no directive of Cache-Control does. */
bool options_cache_rule(struct slice text, struct slice *glob, struct slice *value)
{
	*glob = (struct slice){NULL, 0};
	*value = text;
	if (text.len > 0 && (text.at[0] == '/' || text.at[0] == '*'))
		slice_split(value, '=', glob);
	*value = slice_trim(*value);
	return value->len > 0;
}

/* Each of these returns NULL, or what is wrong with the value and the cure. */
static const char *check_cache(struct slice text)
{
	struct slice glob, value, directive, part;
	if (!options_cache_rule(text, &glob, &value) || !value_valid(value))
		return "there is no value, or a control character in it; write VALUE, or GLOB=VALUE as in '*.css=max-age=3600'";
	if (value.len > CACHE_MAX)
		return "that is more than 1 KiB; shorten it";
	if (glob.at != NULL && !glob_valid(glob))
		return "a bracket in the pattern is not closed, or holds what is no character, range or class; write '[0-9]' "
		       "or '[[:digit:]]', and '\\[' for the bracket itself";
	/*
	 * cache-directive = token [ "=" ( token / quoted-string ) ] (RFC 9111 section 5.2): with two equals signs the first
	 * was to end a pattern.
	 */
	slice_split_unquoted(&value, ',', &directive);
	slice_split_unquoted(&directive, '=', &part);
	slice_split_unquoted(&directive, '=', &part);
	return directive.at == NULL ? NULL : "a pattern begins with '/' or '*'; write that first";
}

/* *text is the line, and then its name, as what may still be wrong is said of that. */
static const char *take_header(struct site *out, struct slice *text)
{
	struct slice name, value = *text;
	out->header_bytes += text->len + 2; /* with the line end */
	slice_split(&value, ':', &name);
	if (value.at == NULL)
		return "there is no colon; write 'Name: value'";
	if (!slice_is_token(name))
		return "its name is not letters, digits and hyphens up to the colon; write 'Name: value'";
	*text = name;
	if (!value_valid(value))
		return "the value holds a line end or another control character; leave it out, and give a second field a "
		       "--header of its own";
	if (slice_same(name, slice_of("Cache-Control")))
		return "httpd sets this field itself, by --cache-control; leave it out";
	if (is_ours(name))
		return "httpd sets this field itself, from the file; leave it out";
	out->own_server = out->own_server || slice_same(name, slice_of("Server"));
	out->own_sniffing = out->own_sniffing || slice_same(name, slice_of("X-Content-Type-Options"));
	if (out->header_bytes > HEADER_BYTES)
		return "that is one too many; leave some out, 16 KiB in all are the limit";
	return NULL;
}

static const char *take_seconds(struct slice text, uint64_t *seconds)
{
	return slice_number(text, seconds) && *seconds > 0 && *seconds <= TIMEOUT_MAX
	       ? NULL : "that is no whole number of seconds from 1 to 86400; write it without a unit, as in 20";
}

static const char *take_sandbox(struct site *out, struct slice text)
{
	static const char names[][8] = {"try", "require", "off"}; /* in the order of enum sandbox_wish */
	for (out->sandbox = SANDBOX_TRY; out->sandbox <= SANDBOX_OFF; out->sandbox++)
		if (slice_equal(text, slice_of(names[out->sandbox])))
			return NULL;
	return "there is no such wish; say require, try or off";
}

static const char *take(const struct option *option, struct site *out, struct slice *text)
{
	const char *argument = text->at;
	switch (option->id) {
	case OPTION_CACHE_CONTROL:
		return check_cache(*text);
	case CLIENT_ADDRESS:
		out->client_address = argument;
		return slice_is_token(*text)
		       ? NULL : "that is no name of a field, of letters, digits and hyphens; write it without a colon, as in "
		                "--client-address=X-Forwarded-For";
	case OPTION_DENY_AGENT:
		return text->len > 0 ? NULL : "an empty text is part of every name; give one or more letters";
	case FALLBACK:
		out->fallback = argument + strspn(argument, "/");
		*text = slice_of(out->fallback);
		return text->len > 0 ? NULL : "it is empty; name a file beneath ROOT";
	case OPTION_HEADER:
		return take_header(out, text);
	case IDLE:
		return take_seconds(*text, &out->idle);
	case KEEP_ALIVE:
		out->requests = REQUESTS;
		return argument == NULL || (slice_number(*text, &out->requests) && out->requests > 0)
		       ? NULL : "that is no whole number, 1 or more; write --keep-alive=100, or no number";
	case LOG:
		out->log = argument;
		return text->len > 0 ? NULL : "it is empty; name stderr, syslog, none or a file";
	case MIN_AGENT:
		return slice_number(*text, &out->min_agent)
		       ? NULL : "that is no whole number of bytes; write it without a unit, as in --min-agent=8";
	case SANDBOX:
		return take_sandbox(out, *text);
	case TIMEOUT:
		return take_seconds(*text, &out->timeout);
	case USER:
		out->user = argument;
		return text->len > 0 ? NULL : "it is empty; name an account, or its UID or UID:GID";
	default:
		*((bool *)((char *)out + option->flag)) = true;
		return NULL;
	}
}

static const struct option *find(struct slice name)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0] && name.len < sizeof options[0].name; i++)
		if (options[i].name[name.len] == '\0' && memcmp(options[i].name, name.at, name.len) == 0)
			return &options[i];
	return NULL;
}

/* An option that does not exist; the one that begins alike is named, and who looks for a port is told whose it is. */
static void mistake_name(struct buf *message, struct slice whole)
{
	struct slice name, value = slice_from(whole, 2);
	size_t most = 2; /* letters: fewer than three alike are chance */
	const char *meant = "";
	slice_split(&value, '=', &name);
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		size_t n = 0;
		while (n < name.len && char_lower(name.at[n]) == options[i].name[n])
			n++;
		if (n > most) {
			most = n;
			meant = options[i].name;
		}
	}
	mistake(message, "option", whole, "there is none of that name");
	if (slice_contains(name, slice_of("port")) || slice_contains(name, slice_of("listen")))
		buf_text(message, ", as httpd does not listen: the port is set in what starts it");
	else if (meant[0] != '\0')
		buf_format(message, ", perhaps --%s", meant);
	buf_text(message, "; see httpd --help");
}

/* By its letter, which is above all of enum id. */
static bool is_repeatable(const struct option *option)
{
	return option->id >= OPTION_CACHE_CONTROL;
}

static bool needs_value(const struct option *option)
{
	return option->id != FLAG && option->id != KEEP_ALIVE;
}

/*
 * One argument that begins with two hyphens; *i moves on where the value is the next one. An option that may come again
 * is kept at the front of the array, over arguments that are done with.
 */
static void take_option(char *arguments[], size_t *i, struct site *out, struct buf *message)
{
	struct slice name, value, whole = slice_of(arguments[*i]);
	size_t first = *i;
	value = slice_from(whole, 2);
	slice_split(&value, '=', &name);
	const struct option *option = find(name);
	if (option != NULL && needs_value(option) && value.at == NULL && arguments[*i + 1] != NULL)
		value = slice_of(arguments[++*i]);
	const char *why = NULL;
	if (option == NULL)
		mistake_name(message, whole);
	else if (option->id == FLAG && value.at != NULL)
		mistake(message, "option", whole, "it takes no value; leave out the equals sign and what is behind it");
	else if (needs_value(option) && value.at == NULL)
		mistake(message, "option", whole, "its value is missing; see httpd --help");
	else
		why = take(option, out, &value);
	if (why != NULL) {
		buf_text(message, "--");
		mistake(message, option->name, value, why);
	}
	for (; option != NULL && is_repeatable(option) && first <= *i; first++)
		arguments[out->kept++] = arguments[first];
}

/* How long "--" and the name are, of one that may come again. */
static size_t length_of(char letter)
{
	if (letter == OPTION_CACHE_CONTROL)
		return sizeof "--cache-control" - 1;
	return letter == OPTION_HEADER ? sizeof "--header" - 1 : sizeof "--deny-agent" - 1;
}

bool options_next(const struct site *site, enum repeatable wanted, size_t *at, struct slice *value)
{
	while (*at < site->kept) {
		const char *argument = site->arguments[(*at)++], *end = argument + length_of(argument[2]);
		const char *text = *end == '=' ? end + 1 : site->arguments[(*at)++];
		if (argument[2] == (char)wanted) {
			*value = slice_of(text);
			return true;
		}
	}
	return false;
}

int options_parse(char *arguments[], struct site *out, struct buf *message)
{
	bool more = true; /* options may still come: no "--" yet */
	*out = (struct site){.log = "stderr", .sandbox = SANDBOX_TRY, .requests = 1, .timeout = HEAD_SECONDS,
	                     .idle = IDLE_SECONDS};
	out->arguments = arguments;
	for (size_t i = 0; message->len == 0 && arguments[i] != NULL && !out->help && !out->version; i++) {
		const char *argument = arguments[i];
		struct slice text = slice_of(argument);
		if (more && strcmp(argument, "--") == 0) {
			more = false;
		} else if (more && strncmp(argument, "--", 2) == 0) {
			take_option(arguments, &i, out, message);
		} else if (more && argument[0] == '-' && text.len > 1) {
			mistake(message, "option", text, "options begin with two hyphens; see httpd --help");
		} else if (out->root != NULL) {
			mistake(message, "argument", text, "there is one ROOT already, '");
			buf_visible(message, slice_of(out->root), "", 50);
			buf_text(message, "'; give only one directory, options their values by '=', and "
			                  "values with spaces in quotes");
		} else if (text.len == 0) {
			mistake(message, "ROOT", text, "it is empty; name the directory to serve");
		} else {
			out->root = argument;
		}
	}
	if (message->len > 0) { /* fields behind the mistake were not looked at: the 503 comes without any */
		out->own_server = out->own_sniffing = false;
		out->kept = 0;
	} else if (out->root == NULL && !out->help && !out->version) {
		buf_text(message, "ROOT is missing: name the directory to serve, as in 'httpd /var/www'");
	}
	return message->len > 0 ? EX_USAGE : 0;
}
