/* SPDX-License-Identifier: ISC */
#include "serve/site.h"

#include <string.h>

#include "http/accept.h"
#include "http/glob.h"

_Static_assert(REPEATED_MAX == 128 && TYPE_MAX == 128 && CACHE_MAX == 1024, "the messages below name these limits");

/*
 * Fields that only httpd may set: a second one would contradict the framing or the file. (Server and
 * X-Content-Type-Options may be set, and replace httpd's own.)
 */
static bool is_reserved(struct slice name)
{
	static const char reserved[][20] = {
		"Accept-Ranges", "Allow", "Connection", "Content-Encoding", "Content-Length", "Content-Range",
		"Content-Type", "Date", "ETag", "Keep-Alive", "Last-Modified", "Location", "Trailer", "Transfer-Encoding",
		"Upgrade",
	};
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (slice_equal_nocase(name, slice_of(reserved[i])))
			return true;
	return false;
}

/* Whether s is a field-value: a line end or another control character would make two fields of it (RFC 9110 5.5). */
static bool is_field_value(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\t') || s.at[i] == 0x7f)
			return false;
	return true;
}

/*
 * Whether the first of the comma-separated directives has at most one equals sign, as in cache-directive = token [ "="
 * ( token / quoted-string ) ] (RFC 9111 section 5.2).
 */
static bool begins_with_directive(struct slice value)
{
	struct slice directive, part;
	slice_split_unquoted(&value, ',', &directive);
	slice_split_unquoted(&directive, '=', &part);
	slice_split_unquoted(&directive, '=', &part);
	return directive.at == NULL;
}

static const char bad_glob[] =
	"a bracket in the pattern is not closed, or holds what is no character, range or class; write '[0-9]' or "
	"'[[:digit:]]', and '\\[' for the bracket itself";

/* Splits GLOB=VALUE at the first "=" that is no part of the pattern, or else at the first one of all. */
static struct rule split_glob(struct slice text)
{
	struct rule rule = {.value = text};
	size_t length = glob_length(text, '=');
	if (length == text.len)
		slice_split(&rule.value, '=', &rule.glob);
	else
		rule = (struct rule){.glob = {text.at, length}, .value = slice_from(text, length + 1)};
	return rule;
}

/* Splits [GLOB=]VALUE. A pattern begins with "/" or "*", which no directive of Cache-Control and no field does. */
static struct rule rule_of(struct slice text)
{
	bool glob = text.len > 0 && (text.at[0] == '/' || text.at[0] == '*');
	return glob ? split_glob(text) : (struct rule){.value = text};
}

/* Adds a value of an option that may be given more than once. Returns NULL, or what is wrong, and the cure. */
static const char *add_rule(struct rules *rules, struct rule rule)
{
	if (rules->count == REPEATED_MAX)
		return "that is one too many; leave some out, 128 of them are the limit";
	rules->at[rules->count++] = rule;
	return NULL;
}

static const char *add_cache_rule(struct site *site, struct slice text)
{
	struct rule rule = rule_of(text);
	rule.value = slice_trim(rule.value);
	if (rule.value.len == 0 || !is_field_value(rule.value))
		return "there is no value, or a control character in it; write VALUE, or GLOB=VALUE as in '*.css=max-age=3600'";
	if (rule.value.len > CACHE_MAX)
		return "that is more than 1 KiB; shorten it";
	if (rule.glob.at != NULL && !glob_valid(rule.glob))
		return bad_glob;
	if (!begins_with_directive(rule.value))
		return "a pattern begins with '/' or '*'; write that first";
	return add_rule(&site->rules[RULES_CACHE_CONTROL], rule);
}

static const char *add_deny_agent(struct site *site, struct slice text)
{
	if (text.len == 0)
		return "an empty text is part of every name; give one or more letters";
	return add_rule(&site->rules[RULES_DENY_AGENT], (struct rule){.value = text});
}

/* media-type = type "/" subtype, with any parameters behind a semicolon (RFC 9110 section 8.3.1). */
static bool is_media_type(struct slice s)
{
	struct slice essence, type, rest = s;
	slice_split(&rest, ';', &essence);
	slice_split(&essence, '/', &type);
	bool spaced = essence.len > 0 && (essence.at[0] == ' ' || essence.at[0] == '\t');
	return !spaced && slice_is_token(type) && slice_is_token(slice_trim(essence)) && is_field_value(s) &&
	       slice_trim(s).len == s.len;
}

/* GLOB=TYPE. The pattern is required, and may begin with any character. */
static const char *add_type(struct site *site, struct slice text)
{
	struct rule rule = split_glob(text);
	if (rule.glob.len == 0 || rule.value.at == NULL)
		return "there is no pattern, or no type; write GLOB=TYPE as in '*.htm=text/html; charset=iso-8859-1'";
	if (!glob_valid(rule.glob))
		return bad_glob;
	if (!is_media_type(rule.value))
		return "behind the pattern stands no media type; write one as in '*.htm=text/html; charset=iso-8859-1'";
	if (rule.value.len > TYPE_MAX)
		return "that is more than 128 bytes; shorten it";
	return add_rule(&site->rules[RULES_TYPE], rule);
}

/* Returns what is wrong with a field, and the cure; NULL: nothing. */
static const char *check_field(const struct rule *rule, struct slice name, struct slice value)
{
	if (!is_field_value(value))
		return "the value holds a line end or another control character; leave it out, and give a second field a "
		       "--header of its own";
	if (slice_equal_nocase(name, slice_of("Cache-Control")))
		return "httpd sets this field itself, by --cache-control; leave it out";
	if (slice_equal_nocase(name, slice_of("Content-Type")))
		return "httpd sets this field itself, from the file's name; leave it out, or use --type";
	bool coding = slice_equal_nocase(name, slice_of("Content-Encoding"));
	if (coding && rule->glob.at == NULL)
		return "it needs a pattern, as not all files are in that coding; leave it out, or write "
		       "'*.js.br=Content-Encoding: br'";
	if (coding && coding_of_name(slice_trim(value)) == CODING_IDENTITY)
		return "httpd knows the codings br, zstd and gzip; write one of them";
	if (!coding && is_reserved(name))
		return "httpd sets this field itself, from the file; leave it out";
	return NULL;
}

/* [GLOB=]NAME: VALUE. From the colon on, messages name the field by *text alone. */
static const char *add_header(struct site *site, struct slice *text)
{
	struct rule rule = rule_of(*text);
	struct slice line = rule.value, name, value = line;
	if (line.at == NULL)
		return "behind the pattern there is no field; write '*.pdf=Name: value'";
	slice_split(&value, ':', &name);
	if (value.at == NULL)
		return "there is no colon; write 'Name: value'";
	if (!slice_is_token(name))
		return "its name is not letters, digits and hyphens up to the colon; write 'Name: value', or "
		       "'*.pdf=Name: value' with a pattern that begins with '/' or '*'";
	if (rule.glob.at != NULL && !glob_valid(rule.glob))
		return bad_glob;
	*text = name;
	const char *why = check_field(&rule, name, value);
	if (why != NULL)
		return why;
	site->header_bytes += line.len + 2; /* with the line end */
	if (site->header_bytes > HEADER_BYTES)
		return "that is one too many; leave some out, 16 KiB in all are the limit";
	site->own_server = site->own_server || slice_equal_nocase(name, slice_of("Server"));
	site->own_nosniff = site->own_nosniff || slice_equal_nocase(name, slice_of("X-Content-Type-Options"));
	site->own_coding = site->own_coding || slice_equal_nocase(name, slice_of("Content-Encoding"));
	return add_rule(&site->rules[RULES_HEADER], rule);
}

static const char *set_sandbox(struct site *site, struct slice text)
{
	static const char modes[][8] = {[SANDBOX_TRY] = "try", [SANDBOX_REQUIRE] = "require", [SANDBOX_OFF] = "off"};
	for (site->sandbox = SANDBOX_TRY; site->sandbox <= SANDBOX_OFF; site->sandbox++)
		if (slice_equal(text, slice_of(modes[site->sandbox])))
			return NULL;
	return "there is no such mode; say require, try or off";
}

/* Sets a text, which must not be empty. */
static const char *set_text(const char **setting, struct slice text, const char *cure)
{
	*setting = text.at;
	return text.len > 0 ? NULL : cure;
}

/* Sets a number between the two, which are included. */
static const char *set_number(uint64_t *setting, struct slice text, uint64_t least, uint64_t most, const char *cure)
{
	return slice_number(text, setting) && *setting >= least && *setting <= most ? NULL : cure;
}

static const char *set_seconds(uint64_t *setting, struct slice text)
{
	return set_number(setting, text, 1, TIMEOUT_MAX,
	                  "that is no whole number of seconds from 1 to 86400; write it without a unit, as in 20");
}

void site_begin(struct site *site, struct site_room *room)
{
	*site = (struct site){
		.log = "stderr",
		.sandbox = SANDBOX_TRY,
		.requests = 1,
		.timeout = HEAD_SECONDS,
		.idle = IDLE_SECONDS,
	};
	for (size_t i = 0; i < RULES_COUNT; i++)
		site->rules[i].at = room->rules[i];
}

/* Where the setting of an option without a value is; NULL for any other option. */
static bool *flag_of(struct site *site, enum option option)
{
	switch (option) {
	case OPTION_CHECK:
		return &site->check;
	case OPTION_CLEAN_URLS:
		return &site->clean_urls;
	case OPTION_HELP:
		return &site->help;
	case OPTION_LISTING:
		return &site->listing;
	case OPTION_PROXY_PROTOCOL:
		return &site->proxy;
	case OPTION_VERSION:
		return &site->version;
	case OPTION_VHOSTS:
		return &site->vhosts;
	default:
		return NULL;
	}
}

const char *site_set(struct site *site, enum option option, struct slice *value)
{
	bool *flag = flag_of(site, option);
	if (flag != NULL)
		*flag = true;
	switch (option) {
	case OPTION_CACHE_CONTROL:
		return add_cache_rule(site, *value);
	case OPTION_CLIENT_ADDRESS:
		site->client_address = value->at;
		return slice_is_token(*value)
		       ? NULL : "that is no name of a field, of letters, digits and hyphens; write it without a colon, as in "
		                "--client-address=X-Forwarded-For";
	case OPTION_DENY_AGENT:
		return add_deny_agent(site, *value);
	case OPTION_FALLBACK:
		*value = slice_from(*value, strspn(value->at, "/"));
		return set_text(&site->fallback, *value, "it is empty; name a file beneath ROOT");
	case OPTION_HEADER:
		return add_header(site, value);
	case OPTION_IDLE:
		return set_seconds(&site->idle, *value);
	case OPTION_KEEP_ALIVE:
		site->requests = REQUESTS_DEFAULT;
		if (value->at == NULL)
			return NULL;
		return set_number(&site->requests, *value, 1, UINT64_MAX,
		                  "that is no whole number, 1 or more; write --keep-alive=100, or no number");
	case OPTION_LOG:
		return set_text(&site->log, *value, "it is empty; name stderr, syslog, none or a file");
	case OPTION_MIN_AGENT:
		return set_number(&site->min_agent, *value, 0, UINT64_MAX,
		                  "that is no whole number of bytes; write it without a unit, as in --min-agent=8");
	case OPTION_SANDBOX:
		return set_sandbox(site, *value);
	case OPTION_TIMEOUT:
		return set_seconds(&site->timeout, *value);
	case OPTION_TYPE:
		return add_type(site, *value);
	case OPTION_USER:
		return set_text(&site->user, *value, "it is empty; name an account, or its UID or UID:GID");
	default:
		return NULL;
	}
}
