/* SPDX-License-Identifier: ISC */
#include "serve/options.h"

#include <string.h>
#include <sysexits.h>

struct row {
	char name[16];
	char value[16]; /* as --help shows it behind the name: begins with "=", or with "[" if it may be left out */
	char help[60];
};

/* Sorted as --help shows them, which is the order of enum option. */
static const struct row options[] = {
	[OPTION_CACHE_CONTROL] = {"cache-control", "='[GLOB=]VALUE'", "Cache-Control of files that match; repeatable"},
	[OPTION_CHECK] = {"check", "", "tell how it would serve, and what in ROOT it would not"},
	[OPTION_CLEAN_URLS] = {"clean-urls", "", "/about is about.html, and /about.html moves there"},
	[OPTION_CLIENT_ADDRESS] = {"client-address", "=FIELD", "a proxy names the client in FIELD: X-Forwarded-For, ..."},
	[OPTION_DENY_AGENT] = {"deny-agent", "=TEXT", "403 for User-Agents that contain TEXT; repeatable"},
	[OPTION_FALLBACK] = {"fallback", "=FILE", "sent, with 200, for pages that are not found"},
	[OPTION_HEADER] = {"header", "='[GLOB=]FIELD'", "a field, 'Name: value', in every response; repeatable"},
	[OPTION_HELP] = {"help", "", "this text"},
	[OPTION_IDLE] = {"idle", "=SECONDS", "how long the next request may be awaited (default 15)"},
	[OPTION_KEEP_ALIVE] = {"keep-alive", "[=N]", "up to N requests on the connection (default 100)"},
	[OPTION_LISTING] = {"listing", "", "directories without index.html are listed"},
	[OPTION_LOG] = {"log", "=WHERE", "stderr, syslog, none or a file (default stderr)"},
	[OPTION_MIN_AGENT] = {"min-agent", "=BYTES", "403 for User-Agents shorter than this (default 0)"},
	[OPTION_PROXY_PROTOCOL] = {"proxy-protocol", "", "the connection begins with a PROXY header, v1 or v2"},
	[OPTION_SANDBOX] = {"sandbox", "=MODE", "require, try or off (default try)"},
	[OPTION_TIMEOUT] = {"timeout", "=SECONDS", "how long the head of a request may take (default 20)"},
	[OPTION_TYPE] = {"type", "='GLOB=TYPE'", "Content-Type of files that match; repeatable"},
	[OPTION_USER] = {"user", "=ACCOUNT", "who serves for root: name, UID, UID:GID (default 65534)"},
	[OPTION_VERSION] = {"version", "", "the version"},
	[OPTION_VHOSTS] = {"vhosts", "", "ROOT has a directory for each host, and 'default'"},
};

enum { OPTIONS = sizeof options / sizeof options[0] };

/* "  --name=VALUE", and what it does in a column of its own, or behind it where it is long. */
static void help_option(struct buf *b, const struct row *option)
{
	enum { COLUMN = 25 };
	size_t start = b->len;
	buf_format(b, "  --%s%s", option->name, option->value);
	if (b->len - start >= COLUMN)
		buf_text(b, "  ");
	while (b->len - start < COLUMN)
		buf_char(b, ' ');
	buf_format(b, "%s\n", option->help);
}

void options_help(struct buf *b)
{
	buf_text(b, "usage: httpd [options] ROOT\n"
	            "Answers the HTTP request on standard input with a file beneath ROOT. systemd,\n"
	            "inetd, tcpserver or the like accepts connections and starts httpd for each.\n");
	for (size_t i = 0; i < OPTIONS; i++)
		help_option(b, &options[i]);
	buf_text(b, "Try it: printf 'GET / HTTP/1.0\\r\\n\\r\\n' | httpd /var/www   More: man 8 httpd\n");
}

const char *options_version(void)
{
	return "httpd " VERSION_TEXT "\n";
}

enum { MESSAGE_ARGUMENT = 100 }; /* bytes of an argument that a message repeats */

/* Writes "what 'text': why". A message that is not empty stands for a mistake in all that follows. */
static void mistake(struct buf *message, const char *what, struct slice text, const char *why)
{
	buf_format(message, "%s ", what);
	buf_quoted(message, text, MESSAGE_ARGUMENT);
	buf_format(message, ": %s", why);
}

static const struct row *option_of(struct slice name)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (slice_equal(name, slice_of(options[i].name)))
			return &options[i];
	return NULL;
}

/* The name of the option that shares the most first letters with `name`; "" where it is fewer than three. */
static const char *similar_name(struct slice name)
{
	size_t most = 2; /* two letters alike are chance */
	const char *similar = "";
	for (size_t i = 0; i < OPTIONS; i++) {
		size_t n = 0;
		while (n < name.len && char_lower(name.at[n]) == options[i].name[n])
			n++;
		if (n > most) {
			most = n;
			similar = options[i].name;
		}
	}
	return similar;
}

/* There is no such option: the message names a similar one, or says where the port is set. */
static void mistake_name(struct buf *message, struct slice argument, struct slice name)
{
	const char *similar = similar_name(name);
	mistake(message, "option", argument, "there is none of that name");
	if (slice_contains(name, slice_of("port")) || slice_contains(name, slice_of("listen")))
		buf_text(message, ", as httpd does not listen: the port is set in what starts it");
	else if (similar[0] != '\0')
		buf_format(message, ", perhaps --%s", similar);
	buf_text(message, "; see httpd --help");
}

/*
 * Reads one option: an argument that begins with two hyphens, and `next`, the argument behind it (or NULL), where that
 * is its value. Returns how many of the two were used.
 */
static size_t parse_option(struct slice argument, const char *next, struct site *out, struct buf *message)
{
	size_t used = 1;
	struct slice name, value = slice_from(argument, 2);
	slice_split(&value, '=', &name);
	const struct row *option = option_of(name);
	if (option == NULL) {
		mistake_name(message, argument, name);
		return used;
	}
	if (option->value[0] == '=' && value.at == NULL && next != NULL) {
		value = slice_of(next);
		used = 2;
	}
	if (option->value[0] == '\0' && value.at != NULL) {
		mistake(message, "option", argument, "it takes no value; leave out the equals sign and what is behind it");
	} else if (option->value[0] == '=' && value.at == NULL) {
		mistake(message, "option", argument, "its value is missing; see httpd --help");
	} else {
		const char *why = site_set(out, (enum option)(option - options), &value);
		if (why != NULL) {
			buf_text(message, "--");
			mistake(message, option->name, value, why);
		}
	}
	return used;
}

/* Takes an argument that is no option: the directory. */
static void set_root(struct slice argument, struct site *out, struct buf *message)
{
	if (out->root != NULL) {
		mistake(message, "argument", argument, "there is one ROOT already, ");
		buf_quoted(message, slice_of(out->root), MESSAGE_ARGUMENT / 2);
		buf_text(message, "; give only one directory, options their values by '=', and values with spaces in quotes");
	} else if (argument.len == 0) {
		mistake(message, "ROOT", argument, "it is empty; name the directory to serve");
	} else {
		out->root = argument.at;
	}
}

int options_parse(char *const arguments[], struct site *out, struct site_room *room, struct buf *message)
{
	bool only_root = false; /* "--" was there: no options behind it */
	site_begin(out, room);
	while (message->len == 0 && *arguments != NULL && !out->help && !out->version) {
		struct slice argument = slice_of(*arguments);
		size_t used = 1;
		if (only_root || argument.at[0] != '-' || argument.len == 1)
			set_root(argument, out, message);
		else if (argument.at[1] != '-')
			mistake(message, "option", argument, "options begin with two hyphens; see httpd --help");
		else if (argument.len == 2)
			only_root = true;
		else
			used = parse_option(argument, arguments[1], out, message);
		arguments += used;
	}
	if (message->len > 0) { /* the options behind the mistake were not read: the 503 is sent without any --header */
		out->own_server = out->own_nosniff = false;
		out->rules[RULES_HEADER].count = 0;
	} else if (out->root == NULL && !out->help && !out->version) {
		buf_text(message, "ROOT is missing: name the directory to serve, as in 'httpd /var/www'");
	}
	return message->len > 0 ? EX_USAGE : 0;
}
