/* SPDX-License-Identifier: ISC */
/*
 * options: each option in each form, each mistake with its message. A new option is a row of `flags` or `valued`, its
 * mistakes are rows of `mistakes`; test_every_option_has_a_row() fails until they are there.
 */
#include "unit.h"

#include <sysexits.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "serve/options.h"

static struct site site;
static struct site_room room;
static const struct rules *const headers = &site.rules[RULES_HEADER];
static const struct rules *const agents = &site.rules[RULES_DENY_AGENT];
static const struct rules *const cache_rules = &site.rules[RULES_CACHE_CONTROL];
static const struct rules *const types = &site.rules[RULES_TYPE];
static char message_room[MESSAGE_MAX];

/* The message of the last parse, with a NUL behind. */
static char message[MESSAGE_MAX + 1];

static int parse(char *arguments[])
{
	struct buf b = buf_in(message_room, sizeof message_room);
	memset(&site, 0x55, sizeof site);
	memset(&room, 0x55, sizeof room);
	int error = options_parse(arguments, &site, &room, &b);
	memcpy(message, b.at, b.len);
	message[b.len] = '\0';
	if (b.overflow)
		fail_msg("'%s' is cut", message);
	assert_int_equal(b.len > 0, error != 0);
	return error;
}

/* The arguments after "httpd", with NULL at the end. */
static int parse_all(const char *const args[])
{
	char *arguments[REPEATED_MAX + 8];
	size_t count = 0;
	for (; args[count]; count++)
		arguments[count] = (char *)args[count];
	arguments[count] = NULL;
	return parse(arguments);
}

#define PARSE(...) parse_all((const char *const[]){__VA_ARGS__, NULL})

static bool is_help(void)
{
	return site.help;
}

static bool is_version(void)
{
	return site.version;
}

static bool is_check(void)
{
	return site.check;
}

static bool is_clean_urls(void)
{
	return site.clean_urls;
}

static bool is_listing(void)
{
	return site.listing;
}

static bool is_proxy(void)
{
	return site.proxy;
}

static bool is_vhosts(void)
{
	return site.vhosts;
}

static bool is_hundred_requests(void)
{
	return site.requests == REQUESTS_DEFAULT;
}

/* Options without a value, and the function that tells whether the option is set. */
static const struct {
	const char *name;
	bool (*is_set)(void);
	bool rootless; /* valid without ROOT */
	bool optional; /* a value is optional */
} flags[] = {
	{"--check", is_check, false, false},
	{"--clean-urls", is_clean_urls, false, false},
	{"--help", is_help, true, false},
	{"--keep-alive", is_hundred_requests, false, true},
	{"--listing", is_listing, false, false},
	{"--proxy-protocol", is_proxy, false, false},
	{"--version", is_version, true, false},
	{"--vhosts", is_vhosts, false, false},
};

static bool rule_is(size_t i, const char *glob, const char *value)
{
	struct rule rule = cache_rules->at[i];
	return (rule.glob.at == NULL) == (glob == NULL) && slice_equal(rule.glob, slice_of(glob)) &&
	       slice_equal(rule.value, slice_of(value));
}

static bool is_max_age(void)
{
	return cache_rules->count == 1 && rule_is(0, NULL, "max-age=60");
}

static bool is_glob(void)
{
	return cache_rules->count == 1 && rule_is(0, "*.css", "max-age=60, public");
}

/* An equals sign that belongs to the pattern. */
static bool is_glob_with_equals(void)
{
	return cache_rules->count == 1 && rule_is(0, "/[[=a=]][=]\\=*", "max-age=60");
}

static bool is_path_glob(void)
{
	return cache_rules->count == 1 && rule_is(0, "/a/*", "no-store");
}

static bool is_agent(void)
{
	return agents->count == 1 && slice_equal(agents->at[0].value, slice_of("bot=1"));
}

static bool is_fallback(void)
{
	return strcmp(site.fallback, "app/index.html") == 0;
}

static bool only_header(const char *line)
{
	return headers->count == 1 && slice_equal(headers->at[0].value, slice_of(line));
}

static bool is_header(void)
{
	return site.header_bytes == 16 && only_header("X-A: b=c, d: e");
}

static bool is_header_bare(void)
{
	return site.header_bytes == 6 && only_header("X-A:");
}

static bool is_header_obs_text(void)
{
	return site.header_bytes == 6 && only_header("x:\t\xff");
}

static bool is_log_stderr(void)
{
	return strcmp(site.log, "stderr") == 0;
}

static bool is_log_file(void)
{
	return strcmp(site.log, "/var/log/a=b") == 0;
}

static bool is_client_address(void)
{
	return strcmp(site.client_address, "X-Real-IP") == 0;
}

static bool is_min_0(void)
{
	return site.min_agent == 0;
}

static bool is_min_most(void)
{
	return site.min_agent == UINT64_MAX;
}

static bool is_idle_1(void)
{
	return site.idle == 1 && site.timeout == HEAD_SECONDS;
}

static bool is_idle_day(void)
{
	return site.idle == 86400;
}

static bool is_type(void)
{
	return types->count == 1 && slice_equal(types->at[0].glob, slice_of("*.htm")) &&
	       strcmp(types->at[0].value.at, "text/html; charset=x") == 0;
}

static bool is_timeout_1(void)
{
	return site.timeout == 1;
}

static bool is_timeout_day(void)
{
	return site.timeout == 86400;
}

static bool is_sandbox_off(void)
{
	return site.sandbox == SANDBOX_OFF;
}

static bool is_sandbox_required(void)
{
	return site.sandbox == SANDBOX_REQUIRE;
}

static bool is_sandbox_tried(void)
{
	return site.sandbox == SANDBOX_TRY;
}

static bool is_user(void)
{
	return strcmp(site.user, "65534:0") == 0;
}

/* Options with a value, and what that value sets: the limits that are still allowed among them. */
static const struct {
	const char *name, *value;
	bool (*is_set)(void);
} valued[] = {
	{"--cache-control", "max-age=60", is_max_age},
	{"--cache-control", " max-age=60 ", is_max_age},
	{"--cache-control", "*.css=max-age=60, public", is_glob},
	{"--cache-control", "/a/*= no-store", is_path_glob},
	{"--cache-control", "/[[=a=]][=]\\=*=max-age=60", is_glob_with_equals},
	{"--client-address", "X-Real-IP", is_client_address},
	{"--deny-agent", "bot=1", is_agent},
	{"--fallback", "app/index.html", is_fallback},
	{"--fallback", "/app/index.html", is_fallback},
	{"--header", "X-A: b=c, d: e", is_header},
	{"--header", "X-A:", is_header_bare},
	{"--header", "x:\t\xff", is_header_obs_text},
	{"--idle", "1", is_idle_1},
	{"--idle", "86400", is_idle_day},
	{"--log", "stderr", is_log_stderr},
	{"--log", "/var/log/a=b", is_log_file},
	{"--min-agent", "0", is_min_0},
	{"--min-agent", "18446744073709551615", is_min_most},
	{"--sandbox", "off", is_sandbox_off},
	{"--sandbox", "require", is_sandbox_required},
	{"--sandbox", "try", is_sandbox_tried},
	{"--timeout", "1", is_timeout_1},
	{"--type", "*.htm=text/html; charset=x", is_type},
	{"--timeout", "86400", is_timeout_day},
	{"--user", "65534:0", is_user},
};

/* One mistake each: what the message must name, and a word of the cure. */
static const struct {
	const char *args[4], *names, *cure;
} mistakes[] = {
	{{NULL}, "ROOT", "name the directory"},
	{{"--"}, "ROOT", "name the directory"},
	{{"--timeout=5"}, "ROOT", "name the directory"},
	{{""}, "ROOT", "name the directory"},
	{{"/a", "/b"}, "/b", "only one"},
	{{"/a", ""}, "ROOT", "only one"},
	{{"/a", "--", "--listing"}, "--listing", "only one"},
	{{"--bogus", "/a"}, "--bogus", "--help"},
	{{"--bogus=1", "/a"}, "--bogus=1", "--help"},
	{{"--=x", "/a"}, "--=x", "--help"},
	{{"---", "/a"}, "---", "--help"},
	{{"--LOG=x", "/a"}, "--LOG", "--help"},
	{{"--lo=x", "/a"}, "--lo", "--help"},
	{{"--logs=x", "/a"}, "--logs", "--help"},
	{{"--help2"}, "--help2", "--help"},
	{{"--lisitng", "/a"}, "--lisitng", "perhaps --listing;"},
	{{"--proxy-protocols1", "/a"}, "--proxy-protocols1", "perhaps --proxy-protocol;"}, /* as long as it gets */
	{{"--proxy-protocoll", "/a"}, "--proxy-protocoll", "perhaps --proxy-protocol;"},
	{{"--proxy-protoco", "/a"}, "--proxy-protoco", "perhaps --proxy-protocol;"},
	{{"--cache-contorl=a", "/a"}, "--cache-contorl", "perhaps --cache-control; see httpd --help"},
	{{"--cl", "/a"}, "--cl", "name; see"}, /* two letters fit too many options */
	{{"--x", "/a"}, "--x", "name; see"},
	{{"--port=80", "/a"}, "--port=80", "set in what starts it; see httpd --help"},
	{{"-h"}, "-h", "two hyphens"},
	{{"-listing", "/a"}, "-listing", "two hyphens"},
	{{"-v", "/a"}, "-v", "two hyphens"},
	{{"--help=1"}, "--help=1", "no value"},
	{{"--help="}, "--help=", "no value"},
	{{"--version=1"}, "--version=1", "no value"},
	{{"--check=1", "/a"}, "--check=1", "no value"},
	{{"--clean-urls=1", "/a"}, "--clean-urls=1", "no value"},
	{{"--listing=yes", "/a"}, "--listing=yes", "no value"},
	{{"--proxy-protocol=2", "/a"}, "--proxy-protocol=2", "no value"},
	{{"--vhosts=a", "/a"}, "--vhosts=a", "no value"},
	{{"--cache-control=", "/a"}, "--cache-control", "VALUE"},
	{{"--cache-control= ", "/a"}, "--cache-control", "VALUE"},
	{{"--cache-control=*.css", "/a"}, "*.css", "VALUE"},
	{{"--cache-control=/a=", "/a"}, "/a=", "VALUE"},
	{{"--cache-control=a\x01", "/a"}, "--cache-control", "VALUE"},
	{{"--cache-control=*[a=x", "/a"}, "*[a=x", "[[:digit:]]"},
	{{"--cache-control=*[[:digits:]]=x", "/a"}, "digits", "[[:digit:]]"},
	{{"--cache-control=/[[=ab=]]=x", "/a"}, "/[[=ab=]]", "[[:digit:]]"},
	{{"--cache-control=*=a\x7f", "/a"}, "--cache-control", "VALUE"},
	{{"--client-address=", "/a"}, "--client-address", "without a colon"},
	{{"--client-address=X-Real-IP:", "/a"}, "X-Real-IP:", "without a colon"},
	{{"--client-address=X Real", "/a"}, "X Real", "without a colon"},
	{{"--deny-agent=", "/a"}, "--deny-agent", "give one or more letters"},
	{{"--fallback=", "/a"}, "--fallback", "beneath ROOT"},
	{{"--fallback=/", "/a"}, "--fallback", "beneath ROOT"},
	{{"--header=X-A", "/a"}, "X-A", "Name: value"},
	{{"--header=", "/a"}, "--header", "Name: value"},
	{{"--header=: b", "/a"}, "--header", "letters"},
	{{"--header=X A: b", "/a"}, "X A", "letters"},
	{{"--header= X: b", "/a"}, " X", "letters"},
	{{"--header=X : b", "/a"}, "X :", "letters"},
	{{"--header=X\x80: b", "/a"}, "--header", "letters"},
	{{"--header=X-A: b\r", "/a"}, "X-A", "control character"},
	{{"--header=X-A: b\nX-B: c", "/a"}, "X-A", "control character"},
	{{"--header=X-A: \x1f", "/a"}, "X-A", "control character"},
	{{"--header=X-A: \x7f", "/a"}, "X-A", "control character"},
	{{"--idle=", "/a"}, "--idle", "1 to 86400"},
	{{"--idle=0", "/a"}, "--idle '0'", "1 to 86400"},
	{{"--idle=86401", "/a"}, "86401", "1 to 86400"},
	{{"--idle=5s", "/a"}, "5s", "1 to 86400"},
	{{"--keep-alive=", "/a"}, "--keep-alive", "whole number"},
	{{"--keep-alive=0", "/a"}, "--keep-alive", "1 or more"},
	{{"--keep-alive=-1", "/a"}, "-1", "whole number"},
	{{"--keep-alive=18446744073709551616", "/a"}, "--keep-alive", "whole number"},
	{{"--log=", "/a"}, "--log", "stderr"},
	{{"--min-agent=", "/a"}, "--min-agent", "whole number"},
	{{"--min-agent=a", "/a"}, "--min-agent", "whole number"},
	{{"--min-agent=-1", "/a"}, "-1", "whole number"},
	{{"--min-agent=18446744073709551616", "/a"}, "18446744073709551616", "whole number"},
	{{"--sandbox=", "/a"}, "--sandbox", "require, try or off"},
	{{"--sandbox=on", "/a"}, "on", "require, try or off"},
	{{"--sandbox=Off", "/a"}, "Off", "require, try or off"},
	{{"--sandbox=offf", "/a"}, "offf", "require, try or off"},
	{{"--timeout=", "/a"}, "--timeout", "1 to 86400"},
	{{"--type=text/html", "/a"}, "--type 'text/html'", "GLOB=TYPE"},
	{{"--type=*=html", "/a"}, "--type '*=html'", "no media type"},
	{{"--timeout=0", "/a"}, "--timeout '0'", "1 to 86400"},
	{{"--timeout=86401", "/a"}, "86401", "1 to 86400"},
	{{"--timeout=18446744073709551617", "/a"}, "--timeout", "1 to 86400"},
	{{"--timeout=4294967297", "/a"}, "4294967297", "1 to 86400"},
	{{"--timeout=1s", "/a"}, "1s", "1 to 86400"},
	{{"--timeout=1.5", "/a"}, "1.5", "1 to 86400"},
	{{"--timeout=+1", "/a"}, "+1", "1 to 86400"},
	{{"--timeout", "/a"}, "/a", "1 to 86400"},
	{{"--user=", "/a"}, "--user", "name an account"},
};

static void assert_usage(const char *const args[], const char *names, const char *cure)
{
	const char *what = args[0] ? args[0] : "";
	if (parse_all(args) != EX_USAGE)
		fail_msg("'%s' is fine", what);
	if (!strstr(message, names) || !strstr(message, cure) || !strstr(message, ": "))
		fail_msg("'%s': \"%s\" does not say '%s' and '%s'", what, message, names, cure);
	for (const char *c = message; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			fail_msg("'%s': a control character in the message", what);
}

static void test_ex_usage_is_64(void **state)
{
	(void)state;
	assert_int_equal(EX_USAGE, 64);
}

static void test_without_options(void **state)
{
	(void)state;
	assert_int_equal(PARSE("/srv/www"), 0);
	assert_string_equal(site.root, "/srv/www");
	assert_string_equal(site.log, "stderr");
	assert_null(site.fallback);
	assert_null(site.user);
	assert_false(site.help || site.version || site.clean_urls || site.listing || site.vhosts || site.proxy);
	assert_int_equal(site.timeout, HEAD_SECONDS);
	assert_int_equal(site.idle, IDLE_SECONDS);
	assert_null(site.client_address);
	assert_int_equal(site.min_agent, 0);
	assert_int_equal(site.requests, 1);
	assert_int_equal(site.sandbox, SANDBOX_TRY);
	assert_int_equal(site.header_bytes, 0);
	assert_int_equal(headers->count + agents->count + cache_rules->count + types->count, 0);
}

static void test_flags(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(flags); i++) {
		assert_int_equal(PARSE(flags[i].name, "/a"), 0);
		if (!flags[i].is_set())
			fail_msg("%s before ROOT", flags[i].name);
		assert_int_equal(PARSE("/a", flags[i].name), 0);
		if (!flags[i].is_set())
			fail_msg("%s behind ROOT", flags[i].name);
		assert_string_equal(site.root, "/a");
		assert_int_equal(PARSE(flags[i].name, flags[i].name, "/a"), 0);
		assert_int_equal(PARSE(flags[i].name), flags[i].rootless ? 0 : EX_USAGE);
		assert_int_equal(PARSE("/a", "--timeout=5"), 0);
		if (flags[i].is_set())
			fail_msg("%s is set without being named", flags[i].name);
	}
}

static void test_values_in_both_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(valued); i++) {
		char joined[128];
		snprintf(joined, sizeof joined, "%s=%s", valued[i].name, valued[i].value);
		assert_int_equal(PARSE(joined, "/a"), 0);
		if (!valued[i].is_set() || strcmp(site.root, "/a") != 0)
			fail_msg("'%s'", joined);
		assert_int_equal(PARSE(valued[i].name, valued[i].value, "/a"), 0);
		if (!valued[i].is_set() || strcmp(site.root, "/a") != 0)
			fail_msg("'%s' '%s'", valued[i].name, valued[i].value);
		assert_int_equal(PARSE("/a", valued[i].name, valued[i].value), 0);
		assert_true(valued[i].is_set());
	}
}

static void test_missing_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(valued); i++)
		assert_usage((const char *const[]){"/a", valued[i].name, NULL}, valued[i].name, "value is missing");
}

static void test_keep_alive_takes_a_number_or_none(void **state)
{
	(void)state;
	assert_int_equal(PARSE("--keep-alive=1", "/a"), 0);
	assert_int_equal(site.requests, 1);
	assert_int_equal(PARSE("--keep-alive=18446744073709551615", "/a"), 0);
	assert_true(site.requests == UINT64_MAX);
	assert_int_equal(PARSE("--keep-alive", "5"), 0);
	assert_int_equal(site.requests, REQUESTS_DEFAULT);
	assert_string_equal(site.root, "5");
}

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(mistakes); i++)
		assert_usage(mistakes[i].args, mistakes[i].names, mistakes[i].cure);
}

/* The value of "--timeout=0" may also be the next argument; the message is the same. */
static void test_mistakes_in_the_other_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(mistakes); i++) {
		char name[64] = "", first[MESSAGE_MAX + 1];
		const char *arg = mistakes[i].args[0], *equals = arg ? strchr(arg, '=') : NULL;
		if (equals == NULL || strstr(mistakes[i].cure, "no value") || strstr(mistakes[i].cure, "--help"))
			continue;
		memcpy(name, arg, (size_t)(equals - arg));
		if (strcmp(name, "--keep-alive") == 0 || strstr(mistakes[i].names, "ROOT"))
			continue;
		assert_int_equal(parse_all(mistakes[i].args), EX_USAGE);
		strcpy(first, message);
		assert_usage((const char *const[]){name, equals + 1, "/a", NULL}, mistakes[i].names, mistakes[i].cure);
		assert_string_equal(message, first);
	}
}

/* The message is one line, whatever bytes an argument has, as it may go to a log. */
static void test_message_is_one_line(void **state)
{
	(void)state;
	assert_usage((const char *const[]){"--bo\ngus", NULL}, "gus", "--help");
	assert_usage((const char *const[]){"-\nb", NULL}, "b", "two hyphens");
	assert_usage((const char *const[]){"--\x7f\x1b[2J", NULL}, "[2J", "--help");
	assert_usage((const char *const[]){"/a", "/b\nc", NULL}, "c", "only one");
	assert_usage((const char *const[]){"--timeout=\r\n1", "/a", NULL}, "1", "1 to 86400");
	assert_usage((const char *const[]){"--header=X\nY", "/a", NULL}, "X", "Name: value");
}

static void test_long_arguments_fit_in_the_message(void **state)
{
	static const char *const beginnings[] = {
		"--", "-", "--help=", "--cache-control=*", "--fallback=/", "--header=", "--header=X-:", "--header=Date:",
		"--log=", "--min-agent=", "--timeout=", "--keep-alive=", "--deny-agent=", "--bogus=", "",
	};
	static char text[20000];
	(void)state;
	for (size_t i = 0; i < ROWS(beginnings); i++)
		for (size_t len = 1; len < sizeof text; len += len < 600 ? 1 : 4999) {
			size_t n = (size_t)snprintf(text, sizeof text, "%s", beginnings[i]);
			memset(text + n, 'a', len > n ? len - n : 0);
			text[len > n ? len : n] = '\0';
			if (PARSE("/a", text) != 0)
				assert_true(strlen(message) < MESSAGE_MAX);
		}
}

static void test_fields_of_our_own_are_refused(void **state)
{
	static const char rows[][40] = {
		"Accept-Ranges: none", "Allow: GET", "Cache-Control: no-store", "Connection: close", "Content-Encoding: gzip",
		"Content-Length: 5", "Content-Range: bytes 0-1/2", "Content-Type: text/html", "Date: now", "ETag: \"a\"",
		"Keep-Alive: timeout=5", "Last-Modified: now", "Location: /", "Trailer: x", "Transfer-Encoding: chunked",
		"Upgrade: h2c", "content-length:5", "DATE:", "tRANSFER-eNCODING: x",
	};
	static const char fine[][48] = {
		"Server: x", "X-Content-Type-Options: y", "Strict-Transport-Security: max-age=1", "Dates: x", "Dat: x",
		"Vary: x", "Content-Security-Policy: default-src 'self'", "Access-Control-Allow-Origin: *",
		"Link: </a>; rel=preload",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char name[40] = "";
		memcpy(name, rows[i], strcspn(rows[i], ":"));
		assert_usage((const char *const[]){"--header", rows[i], "/a", NULL}, name, "leave it out");
	}
	for (size_t i = 0; i < ROWS(fine); i++)
		assert_int_equal(PARSE("--header", fine[i], "/a"), 0);
}

/* Each option as often as it is allowed, and once more. */
static void test_repeated_up_to_the_limit(void **state)
{
	static const char *const options[] = {"--header=X: y", "--deny-agent=x", "--cache-control=x", "--type=x=a/b"};
	(void)state;
	for (size_t k = 0; k < ROWS(options); k++) {
		const char *args[REPEATED_MAX + 3] = {"/a"};
		for (size_t i = 1; i <= REPEATED_MAX; i++)
			args[i] = options[k];
		assert_int_equal(parse_all(args), 0);
		assert_int_equal(headers->count, k == 0 ? REPEATED_MAX : 0);
		assert_int_equal(agents->count, k == 1 ? REPEATED_MAX : 0);
		assert_int_equal(cache_rules->count, k == 2 ? REPEATED_MAX : 0);
		assert_int_equal(types->count, k == 3 ? REPEATED_MAX : 0);
		for (size_t i = 0; i < RULES_COUNT; i++)
			assert_true(site.rules[i].count == 0 || site.rules[i].at[REPEATED_MAX - 1].value.len > 0);
		args[REPEATED_MAX + 1] = options[k];
		assert_usage(args, "--", "one too many; leave some out, 128");
		assert_int_equal(headers->count, 0);
	}
	assert_int_equal(REPEATED_MAX, 128); /* the message has this number */
}

static void refuses(const char *option, const char *why)
{
	const char *args[] = {option, "/a", NULL};
	assert_usage(args, "--", why);
}

static void test_fields_and_types_of_files_that_match(void **state)
{
	char type[32 + TYPE_MAX] = "--type=*=text/";
	(void)state;
	assert_int_equal(PARSE("--header=*.js.br=content-encoding:  BR ", "--header=/a/*=X: y=z",
	                       "--type=a=text/html; charset=x", "--type", "/b/*=a/b", "/a"), 0);
	assert_int_equal(headers->count, 2);
	assert_slice(headers->at[0].glob, "*.js.br");
	assert_slice(headers->at[0].value, "content-encoding:  BR ");
	assert_slice(headers->at[1].glob, "/a/*");
	assert_slice(headers->at[1].value, "X: y=z");
	assert_true(site.own_coding);
	assert_int_equal(types->count, 2);
	assert_slice(types->at[0].glob, "a");
	assert_string_equal(types->at[0].value.at, "text/html; charset=x");
	assert_slice(types->at[1].glob, "/b/*");
	refuses("--type=", "GLOB=TYPE");
	refuses("--type=x", "GLOB=TYPE");
	refuses("--type==text/html", "GLOB=TYPE");
	refuses("--type=*=", "media type");
	refuses("--type=*=text", "media type");
	refuses("--type=*=/html", "media type");
	refuses("--type=*=text/", "media type");
	refuses("--type=*=text/ html", "media type");
	refuses("--type=*= text/html", "media type");
	refuses("--type=*=text/html ", "media type");
	refuses("--type=*=text/html;\r\nX: y", "media type");
	refuses("--type=*=text/html/x", "media type");
	refuses("--type=[=text/html", "bracket");
	refuses("--header=*=Content-Encoding: deflate", "br, zstd and gzip");
	refuses("--header=*=Content-Encoding: gzip, br", "br, zstd and gzip");
	refuses("--header=Content-Encoding: gzip", "a pattern");
	refuses("--header=*=Content-Type: a/b", "--type");
	refuses("--header=*=Cache-Control: x", "--cache-control");
	refuses("--header=*=ETag: x", "sets this field itself");
	refuses("--header=*", "no field");
	refuses("--header=*=X", "colon");
	refuses("--header=*=X: y\nZ: y", "line end");
	refuses("--header=/[=X: y", "bracket");
	memset(type + strlen(type), 'x', TYPE_MAX - 5);
	assert_int_equal(PARSE(type, "/a"), 0);
	type[strlen(type)] = 'x';
	refuses(type, "128 bytes");
}

/* What stands where a value is expected is a value, and behind "--" there are none but ROOT. */
static void test_what_only_looks_like_an_option_is_none(void **state)
{
	(void)state;
	assert_int_equal(PARSE("--log", "--header=A: 1", "--deny-agent", "--header", "--", "--header=B: 2"), 0);
	assert_int_equal(headers->count, 0);
	assert_int_equal(agents->count, 1);
	assert_slice(agents->at[0].value, "--header");
	assert_string_equal(site.root, "--header=B: 2");
}

static void test_repeated_ones_are_kept_in_order(void **state)
{
	(void)state;
	assert_int_equal(PARSE("--header=A: 1", "--deny-agent", "x", "/a", "--header", "B: 2", "--deny-agent=y",
		"--header=A: 3"), 0);
	assert_int_equal(headers->count, 3);
	assert_slice(headers->at[0].value, "A: 1");
	assert_slice(headers->at[1].value, "B: 2");
	assert_slice(headers->at[2].value, "A: 3");
	assert_int_equal(agents->count, 2);
	assert_slice(agents->at[0].value, "x");
	assert_slice(agents->at[1].value, "y");
	assert_int_equal(PARSE("--cache-control=*.a=1", "--cache-control", "/b=2", "--cache-control=3", "/a"), 0);
	assert_int_equal(cache_rules->count, 3);
	assert_true(rule_is(0, "*.a", "1") && rule_is(1, "/b", "2") && rule_is(2, NULL, "3"));
}

static void test_the_last_of_the_others_counts(void **state)
{
	(void)state;
	assert_int_equal(PARSE("--timeout=1", "--log=a", "--min-agent=1", "/a", "--timeout=2", "--log=b",
		"--min-agent=2"), 0);
	assert_int_equal(site.timeout, 2);
	assert_string_equal(site.log, "b");
	assert_int_equal(site.min_agent, 2);
}

/* All lines with their line ends have HEADER_BYTES at most, however many lines they are. */
static void test_header_bytes_limit(void **state)
{
	static char whole[HEADER_BYTES + 64], half[HEADER_BYTES + 64];
	(void)state;
	for (size_t len = HEADER_BYTES - 3; len <= HEADER_BYTES - 1; len++) {
		int expected = len + 2 <= HEADER_BYTES ? 0 : EX_USAGE;
		int n = snprintf(whole, sizeof whole, "X: %0*d", (int)len - 3, 0);
		assert_int_equal(n, len);
		assert_int_equal(PARSE("/a", "--header", whole), expected);
		snprintf(half, sizeof half, "X: %0*d", (int)len - 1002 - 3, 0);
		whole[1000] = '\0';
		assert_int_equal(PARSE("/a", "--header", half, "--header", whole), expected);
	}
}

static void test_two_hyphens_end_the_options(void **state)
{
	static const char roots[][16] = {"--help", "-x", "--", "--timeout=0", "/a", "-"};
	(void)state;
	for (size_t i = 0; i < ROWS(roots); i++) {
		assert_int_equal(PARSE("--listing", "--", roots[i]), 0);
		assert_string_equal(site.root, roots[i]);
		assert_true(site.listing);
		assert_false(site.help);
	}
	assert_int_equal(PARSE("/a", "--"), 0);
	assert_int_equal(PARSE("-"), 0);
	assert_string_equal(site.root, "-");
	assert_int_equal(PARSE("--log", "--", "/a"), 0);
	assert_string_equal(site.log, "--");
}

static void test_help_and_version_win_where_they_stand_first(void **state)
{
	(void)state;
	assert_int_equal(PARSE("--help", "--bogus", "/a", "/b"), 0);
	assert_true(site.help);
	assert_int_equal(PARSE("--version", "-x"), 0);
	assert_true(site.version);
	assert_int_equal(PARSE("--version", "--help"), 0);
	assert_true(site.version && !site.help);
	assert_int_equal(PARSE("--help", "--version"), 0);
	assert_true(site.help && !site.version);
	assert_int_equal(PARSE("--bogus", "--help"), EX_USAGE);
	assert_int_equal(PARSE("/a", "/b", "--version"), EX_USAGE);
	assert_int_equal(PARSE("--log", "--help", "/a"), 0);
	assert_false(site.help);
}

static void test_no_arguments_at_all(void **state)
{
	(void)state;
	assert_int_equal(parse((char *[]){NULL}), EX_USAGE);
	assert_non_null(strstr(message, "ROOT"));
}

static void test_two_fields_of_ours_may_be_set(void **state)
{
	static const struct {
		const char *line;
		bool server, sniffing;
	} rows[] = {
		{"Server: x", true, false}, {"SERVER:x", true, false}, {"server:", true, false}, {"Serve: x", false, false},
		{"Servers: x", false, false}, {"X: Server", false, false}, {"X-Content-Type-Options: x", false, true},
		{"x-content-type-options: x", false, true}, {"X-Content-Type-Option: x", false, false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_int_equal(PARSE("--header", rows[i].line, "--header=X: y", "/a"), 0);
		assert_int_equal(site.own_server, rows[i].server);
		assert_int_equal(site.own_nosniff, rows[i].sniffing);
	}
	assert_int_equal(PARSE("/a"), 0);
	assert_false(site.own_server || site.own_nosniff);
}

static bool has_row(const char *name)
{
	for (size_t i = 0; i < ROWS(flags); i++)
		if (strcmp(name, flags[i].name) == 0)
			return true;
	for (size_t i = 0; i < ROWS(valued); i++)
		if (strcmp(name, valued[i].name) == 0)
			return true;
	return false;
}

static bool has_mistake(const char *name)
{
	for (size_t i = 0; i < ROWS(mistakes); i++)
		if (mistakes[i].args[0] && strncmp(mistakes[i].args[0], name, strlen(name)) == 0)
			return true;
	return false;
}

static const char *help_text(void)
{
	static char text[PAGE_MAX];
	struct buf b = buf_in(text, sizeof text - 1);
	options_help(&b);
	assert_false(b.overflow);
	text[b.len] = '\0';
	return text;
}

/* The options of --help, each at the start of an indented line. */
static void test_every_option_has_a_row(void **state)
{
	size_t count = 0;
	(void)state;
	for (const char *line = help_text(); line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		char name[32] = "";
		if (sscanf(line, "%31[-a-z]", name) == 1 || sscanf(line, " %31[-a-z]", name) != 1 || strncmp(name, "--",
			2) != 0)
			continue;
		count++;
		if (!has_row(name) || !has_mistake(name))
			fail_msg("%s has no row, or no row of mistakes, in this test", name);
	}
	assert_true(count >= 14);
}

static void test_help_names_every_option(void **state)
{
	const char *help = help_text();
	char line[64];
	(void)state;
	for (size_t i = 0; i < ROWS(flags); i++) {
		snprintf(line, sizeof line, "\n  %s%s", flags[i].name, flags[i].optional ? "[=" : " ");
		assert_non_null(strstr(help, line));
	}
	for (size_t i = 0; i < ROWS(valued); i++) {
		snprintf(line, sizeof line, "\n  %s=", valued[i].name);
		assert_non_null(strstr(help, line));
	}
	assert_true(strncmp(help, "usage: httpd ", 13) == 0);
	assert_int_equal(help[strlen(help) - 1], '\n');
	for (const char *rest = help; *rest; rest += strcspn(rest, "\n") + 1)
		assert_true(strcspn(rest, "\n") <= 100);
}

static void test_version(void **state)
{
	(void)state;
	assert_string_equal(options_version(), "httpd " VERSION_TEXT "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ex_usage_is_64),
		cmocka_unit_test(test_without_options),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_values_in_both_forms),
		cmocka_unit_test(test_missing_value),
		cmocka_unit_test(test_keep_alive_takes_a_number_or_none),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_mistakes_in_the_other_form),
		cmocka_unit_test(test_message_is_one_line),
		cmocka_unit_test(test_long_arguments_fit_in_the_message),
		cmocka_unit_test(test_fields_of_our_own_are_refused),
		cmocka_unit_test(test_repeated_up_to_the_limit),
		cmocka_unit_test(test_fields_and_types_of_files_that_match),
		cmocka_unit_test(test_what_only_looks_like_an_option_is_none),
		cmocka_unit_test(test_repeated_ones_are_kept_in_order),
		cmocka_unit_test(test_the_last_of_the_others_counts),
		cmocka_unit_test(test_header_bytes_limit),
		cmocka_unit_test(test_two_hyphens_end_the_options),
		cmocka_unit_test(test_help_and_version_win_where_they_stand_first),
		cmocka_unit_test(test_no_arguments_at_all),
		cmocka_unit_test(test_two_fields_of_ours_may_be_set),
		cmocka_unit_test(test_every_option_has_a_row),
		cmocka_unit_test(test_help_names_every_option),
		cmocka_unit_test(test_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
