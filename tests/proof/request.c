/* SPDX-License-Identifier: ISC */
/* request: the head of a request. */
#include "contracts.h"
#include "libc.h"

/* Where the line began that an earlier call left unfinished, and whether the request line had begun by then. */
static size_t from;
static bool ghost;

/* A field that is a witness, and on how many lines it stood. */
static unsigned watched, came;

/* The first line of that field is kept, and a second one is told of. */
#define TOLD(out)                                                                                                      \
	((came > 0) == ((out)->first[watched].at != NULL) && (came > 1) == (((out)->repeated >> watched & 1) != 0))

/* The numbers of Content-Length: how many came, and that of the witness. */
static size_t numbers;
static uint64_t told;

/* The codings of Transfer-Encoding: how many came, how many of them were chunked, and whether the last was. */
static unsigned elements, chunks;
static bool last_same;

/* What the checks of a head answered. */
static bool fields_fine, length_fine, host_fine;
static enum status line_status, transfer_status;

/* The value of the field that was read last, and of the last one that was asked for. */
static struct slice value_now, newest;

#include "http/request.c"

/* ---- one line ---- */

static bool line_holds(struct slice before, bool got, struct slice rest, struct slice line)
{
	if (!got)
		return true;
	if (before.len == 0 || line.at != before.at || line.len >= before.len || !within(rest, before))
		return false;
	return rest.len < before.len - line.len && rest.len + 2 >= before.len - line.len;
}

static bool line_clean(bool got, struct slice line)
{
	return !got || witness >= line.len || line.at[witness] == '\t' ||
	       ((unsigned char)line.at[witness] >= ' ' && line.at[witness] != 0x7f);
}

/*
 * proof: line next_line
 * shows: a line and what is behind it, both in the head; no NUL, CR or other control character in the line
 * bound: 32768 bytes
 * without: conversion
 * invariant: http/request.c: s/while (n < rest->len \(.*\))$/while (n < rest->len \1) __CPROVER_assigns(n)
 *   __CPROVER_loop_invariant(n <= rest->len \&\& (witness >= n || at[witness] == 9 ||
 *   ((unsigned char)at[witness] >= 32 \&\& at[witness] != 127))) __CPROVER_decreases(rest->len - n)/
 * fault: http/request.c: s/return n == line->len/return n <= line->len/
 * fault: http/request.c: s/if (line->len > 0 \&\& end.-1. == '.r')/if (end[-1] == 13)/
 */
void prove_line(void)
{
	struct slice s = any_slice(HEAD_MAX), rest = s, line = {NULL, 0};
	witness = nondet_size();
	bool got = next_line(&rest, &line);
	PROMISE(line_holds(s, got, rest, line));
	PROMISE(line_clean(got, line));
	PROMISE(within(line, s) && within(rest, s));
	REACHED(got && line.len == HEAD_MAX - 2);
	REACHED(got && line.len == 0 && rest.len == 7);
	REACHED(!got && s.len == 9);
}

static bool field_holds(struct slice line, bool got, struct slice name, struct slice value)
{
	return !got || (value.at != NULL && within(name, line) && within(value, line) && name.len > 0);
}

/*
 * proof: field split_field
 * shows: name and value lie in the line
 * bound: 32768 bytes
 * fault: http/request.c: /^static bool split_field/,/^}/s/value->at == NULL || //
 */
void prove_field(void)
{
	struct slice line = any_slice(HEAD_MAX), name, value;
	bool got = split_field(line, &name, &value);
	PROMISE(field_holds(line, got, name, value));
	REACHED(got && value.len == 5);
	REACHED(!got);
}

/* ---- the end of the head ---- */

/*
 * proof: may_begin may_begin
 * shows: reads no more than the line has, and takes nothing but a token's byte, a line end, or CR where no more
 *   has come
 * bound: 32768 bytes
 * fault: http/request.c: s/return line.len < 2 || line.at/return line.at/
 */
void prove_may_begin(void)
{
	struct slice line = any_slice(HEAD_MAX);
	bool begun;
	ASSUME(line.len > 0);
	bool may = may_begin(line, &begun);
	PROMISE(!may || begun || line.at[0] == '\n' || (line.at[0] == '\r' && (line.len == 1 || line.at[1] == '\n')));
	REACHED(may && !begun && line.len == 1);
	REACHED(!may && line.len == HEAD_MAX);
}

bool begin_contract(struct slice line, bool *begun)
{
	READABLE(line);
	__CPROVER_precondition(line.len > 0, "there is a byte");
	bool may = nondet_bool();
	*begun = nondet_bool();
	return may;
}

enum status large_contract(struct slice input)
{
	READABLE(input);
	return nondet_bool() ? STATUS_URI_TOO_LONG : STATUS_FIELDS_TOO_LARGE;
}

/* As memchr of libc.h; but the witness, and the byte behind it, are places in the whole input, which is `base`. */
void *memchr_absolute(const void *s, int c, size_t n)
{
	size_t found = nondet_size(), skipped = (size_t)((const char *)s - base.at);
	__CPROVER_precondition(skipped <= base.len && n <= base.len - skipped, "memchr reads what is there");
	ASSUME(found <= n);
	ASSUME(found == n || base.at[skipped + found] == (char)c);
	ASSUME(witness < skipped || witness >= skipped + found || base.at[witness] != (char)c);
	ASSUME(witness + 1 < skipped || witness + 1 >= skipped + found || base.at[witness + 1] != (char)c);
	return found < n ? (void *)(base.at + skipped + found) : NULL;
}

/*
 * proof: scan request_scan
 * shows: the head that is found ends in an empty line, and no byte is looked at twice: what was searched in an
 *   earlier call
 *   stays so; once the request line has begun, no empty line in what is searched now is passed over
 * bound: 32768 bytes, in any pieces
 * replace: may_begin:begin_contract too_large:large_contract memchr:memchr_absolute
 * invariant: http/request.c: s/while (scan->seen < input.len) {/while (scan->seen < input.len)
 *   __CPROVER_assigns(scan->seen, scan->line, scan->begun, *length)
 *   __CPROVER_loop_invariant(*length == 0 \&\& scan->seen <= input.len \&\& scan->line <= scan->seen
 *   \&\& scan->seen >= began \&\& (scan->line == 0 || input.at[scan->line - 1] == 10)
 *   \&\& (!ghost || scan->begun) \&\& (scan->line == scan->seen || scan->line == from)
 *   \&\& (witness < scan->line || witness >= scan->seen || input.at[witness] != 10)
 *   \&\& (!ghost || witness < from || witness + 1 >= scan->line || input.at[witness] != 10 || input.at[witness +
 *   1] != 10))
 *   __CPROVER_decreases(input.len - scan->seen) {/
 * fault: http/request.c: s/scan->seen = end != NULL ? (size_t)(end - input.at) + 1/scan->seen = end != NULL ?
 *   (size_t)(end - input.at) + 2/
 * fault: http/request.c: s/(end == line.at || (end/((end/
 * fault: http/request.c: s/.length = scan->seen;/*length = scan->seen + 1;/
 */
void prove_scan(void)
{
	struct slice input = any_slice(HEAD_MAX);
	struct request_scan scan = {nondet_size(), nondet_size(), nondet_bool()};
	size_t length = nondet_size();
	ASSUME(scan.line <= scan.seen && scan.seen <= input.len);
	ASSUME(scan.line == 0 || input.at[scan.line - 1] == '\n');
	witness = nondet_size();
	ASSUME(witness <= HEAD_MAX);
	ASSUME(witness < scan.line || witness >= scan.seen || input.at[witness] != '\n'); /* nor was there one before */
	base = input;
	began = scan.seen;
	from = scan.line;
	ghost = scan.begun;
	enum status status = request_scan(&scan, input, &length);
	PROMISE(scan.line <= scan.seen && scan.seen <= input.len && scan.seen >= began);
	PROMISE(witness < scan.line || witness >= scan.seen || input.at[witness] != '\n');
	PROMISE(status == STATUS_NONE || length == 0);
	PROMISE(status != STATUS_NONE || length > 0 || (scan.seen == input.len && input.len < HEAD_MAX));
	if (length > 0) {
		PROMISE(length == scan.seen && input.at[length - 1] == '\n');
		PROMISE(length == 1 || input.at[length - 2] == '\n' || input.at[length - 2] == '\r');
		PROMISE(!ghost || witness < from || witness + 2 >= length || input.at[witness] != '\n' ||
		        input.at[witness + 1] != '\n');
	}
	REACHED(length == HEAD_MAX);
	REACHED(length > 0 && length < input.len && began == 5);
	REACHED(length == 0 && status == STATUS_NONE);
	REACHED(status == STATUS_BAD_REQUEST);
}

/* ---- the fields, and the framing ---- */

bool line_contract(struct slice *rest, struct slice *line)
{
	size_t n = nondet_size(), skip = nondet_size();
	bool clean = nondet_bool();
	READABLE(*rest);
	if (rest->len == 0 || (!clean && nondet_bool()))
		return false;
	ASSUME(n < rest->len && skip > n && skip <= n + 2 && skip <= rest->len);
	*line = (struct slice){rest->at, n};
	*rest = (struct slice){rest->at + skip, rest->len - skip};
	return clean;
}

bool field_contract(struct slice line, struct slice *name, struct slice *value)
{
	READABLE(line);
	*name = any_part(line);
	*value = any_part(line);
	return name->len > 0 && value->at != NULL && nondet_bool();
}

enum field name_contract(struct slice name)
{
	unsigned field = nondet_unsigned();
	READABLE(name);
	ASSUME(field <= FIELD_COUNT);
	came += field == watched;
	return (enum field)field;
}

/*
 * proof: fields parse_fields
 * shows: in a head that is taken, of each field that is known the first line is kept, and a second one is told of;
 *   so no
 *   Content-Length, Transfer-Encoding or Host is passed over
 * bound: 32768 bytes, any number of lines
 * without: conversion
 * replace: next_line:line_contract split_field:field_contract field_of:name_contract
 * invariant: http/request.c: /^static bool parse_fields/,/^}/s/while (next_line.*$/base = rest;
 *   while (rebase(\&rest) \&\& next_line(\&rest, \&line))
 *   __CPROVER_assigns(rest, line, name, value, came, out->repeated, __CPROVER_object_whole(out->first))
 *   __CPROVER_loop_invariant(IS_END(rest) \&\& came <= base.len - rest.len \&\& TOLD(out))
 *   __CPROVER_decreases(rest.len) {/
 * fault: http/request.c: s/out->repeated |= 1u << field;/out->repeated = 1u << field;/
 * fault: http/request.c: /^static bool parse_fields/,/^}/s/if (out->first.field..at != NULL)/if (field == FIELD_RANGE)/
 */
void prove_fields(void)
{
	struct request out = {.minor = 0};
	struct slice head = any_slice(HEAD_MAX);
	came = 0;
	watched = nondet_unsigned();
	ASSUME(watched < FIELD_COUNT);
	bool got = parse_fields(head, &out);
	PROMISE(!got || TOLD(&out));
	REACHED(got && came == 0);
	REACHED(got && came == 1);
	REACHED(got && came == 300 && watched == FIELD_CONTENT_LENGTH);
	REACHED(!got);
}

bool next_contract(struct field_lines *lines, struct slice *value)
{
	(void)lines;
	*value = (struct slice){NULL, 0};
	return nondet_bool();
}

bool number_contract(struct slice s, uint64_t *number)
{
	uint64_t n = nondet_u64();
	(void)s;
	if (numbers == HEAD_MAX || nondet_bool())
		return false;
	if (numbers++ == witness)
		told = n;
	*number = n;
	return true;
}

/*
 * proof: length parse_length
 * shows: true only where each line is a number, and all of them are the same; that is the length, or 0 without a line
 * bound: any number of lines
 * replace: request_next:next_contract slice_number:number_contract
 * invariant: http/request.c: s/for (bool first = true; request_next(&lines, &value); first = false) {/for (bool
 *   first = true;
 *   request_next(\&lines, \&value); first = false)
 *   __CPROVER_assigns(first, value, length, out->length, numbers, told)
 *   __CPROVER_loop_invariant(numbers <= HEAD_MAX \&\& first == (numbers == 0) \&\& (numbers > 0 || out->length == 0)
 *   \&\& (witness >= numbers || told == out->length))
 *   __CPROVER_decreases(HEAD_MAX - numbers) {/
 * fault: http/request.c: s/|| (!first \&\& length != out->length)/|| (first \&\& length != out->length)/
 */
void prove_length(void)
{
	struct request out = {.minor = 0};
	witness = nondet_size();
	numbers = 0;
	bool fine = parse_length(&out);
	PROMISE(!fine || (numbers == 0 && out.length == 0) || witness >= numbers || told == out.length);
	REACHED(fine && numbers == 3 && out.length == 5);
	REACHED(fine && numbers == 0);
	REACHED(!fine);
}

bool element_contract(struct slice *list, struct slice *element)
{
	(void)list;
	*element = (struct slice){NULL, 0};
	if (elements == HEAD_MAX || nondet_bool())
		return false;
	elements++;
	return true;
}

struct slice text_contract(const char *text)
{
	(void)text;
	return (struct slice){NULL, 0};
}

bool chunked_contract(struct slice a, struct slice b)
{
	(void)a;
	(void)b;
	last_same = nondet_bool();
	chunks += last_same;
	return last_same;
}

/*
 * proof: transfer check_transfer
 * shows: a Transfer-Encoding is taken only where it is one coding, chunked, in HTTP/1.1, and without a Content-Length
 * bound: any number of lines and codings
 * without: conversion
 * replace: request_next:next_contract slice_element:element_contract slice_equal_nocase:chunked_contract
 *   slice_of:text_contract
 * invariant: http/request.c: /^static enum status check_transfer/,/^}/s/while (request_next(&lines, &list))$/while
 *   (elements < HEAD_MAX
 *   \&\& request_next(\&lines, \&list))
 *   __CPROVER_assigns(list, coding, last, codings, chunked, elements, chunks, last_same)
 *   __CPROVER_loop_invariant(elements <= HEAD_MAX \&\& codings == elements \&\& chunked == chunks \&\& chunks <=
 *   elements
 *   \&\& last == last_same \&\& (!last_same || chunks > 0))/
 * invariant: http/request.c: /^static enum status check_transfer/,/^}/s/for (; slice_element(&list, &coding);
 *   codings++) {/for (;
 *   slice_element(\&list, \&coding); codings++)
 *   __CPROVER_assigns(coding, last, codings, chunked, elements, chunks, last_same)
 *   __CPROVER_loop_invariant(elements <= HEAD_MAX \&\& codings == elements \&\& chunked == chunks \&\& chunks <=
 *   elements
 *   \&\& last == last_same \&\& (!last_same || chunks > 0)) __CPROVER_decreases(HEAD_MAX - elements) {/
 * fault: http/request.c: s/out->first.FIELD_CONTENT_LENGTH..at != NULL || out->minor/out->minor/
 * fault: http/request.c: s/|| out->minor == 0 || !last || chunked > 1)/|| out->minor == 0 || chunked > 1)/
 * fault: http/request.c: s/return codings == 1 ?/return codings > 0 ?/
 */
void prove_transfer(void)
{
	struct request out = {.minor = nondet_unsigned()};
	char byte;
	elements = chunks = 0;
	last_same = false;
	if (nondet_bool())
		out.first[FIELD_TRANSFER_ENCODING] = (struct slice){&byte, 1};
	if (nondet_bool())
		out.first[FIELD_CONTENT_LENGTH] = (struct slice){&byte, 1};
	bool coded = out.first[FIELD_TRANSFER_ENCODING].at != NULL;
	enum status status = check_transfer(&out);
	PROMISE(status == STATUS_NONE || status == STATUS_BAD_REQUEST || status == STATUS_NOT_IMPLEMENTED);
	PROMISE(status != STATUS_NONE || !coded || (elements == 1 && chunks == 1 && last_same && out.minor > 0));
	PROMISE(status != STATUS_NONE || !coded || out.first[FIELD_CONTENT_LENGTH].at == NULL);
	REACHED(status == STATUS_NONE && coded);
	REACHED(status == STATUS_NONE && !coded);
	REACHED(status == STATUS_NOT_IMPLEMENTED && elements == 2);
	REACHED(status == STATUS_BAD_REQUEST && chunks == 2);
}

/*
 * proof: first_line take_request_line
 * shows: a line and what is behind it, both in the head
 * bound: 32768 bytes, any number of empty lines
 * replace: next_line:line_contract
 * invariant: http/request.c: /^static bool take_request_line/,/^}/s/while (next_line(head, line))$/base = *head;
 *   while (rebase(head) \&\& next_line(head, line))
 *   __CPROVER_assigns(*head, *line) __CPROVER_loop_invariant(IS_END(*head)) __CPROVER_decreases(head->len)/
 * fault: http/request.c: /^static bool take_request_line/,/^}/s/head->len == 0)/head->len != 1)/
 */
void prove_first_line(void)
{
	struct slice head = any_slice(HEAD_MAX), rest = head, line = {NULL, 0};
	bool clean = take_request_line(&rest, &line);
	PROMISE(!clean || (within(line, head) && within(rest, head) && (line.len > 0 || rest.len == 0)));
	PROMISE(!clean || line.len != 1 || rest.len < head.len);
	REACHED(clean && line.len == 5 && rest.len == 7 && head.len == 100);
	REACHED(clean && line.len == 0);
	REACHED(!clean && head.len > 0);
}

/*
 * proof: request_line parse_request_line parse_version
 * shows: in a line that is taken, the target is 1 to 8192 bytes of the line, and the version is 1.0 to 1.9
 * bound: 32768 bytes
 * without: conversion
 * unwind: 9
 * fault: http/request.c: s/if (out->target.len == 0 || /if (/
 * fault: http/request.c: s/if (s.len != 8 || memcmp/if (s.len < 6 || memcmp/
 * fault: http/request.c: s/return s.at.5. == '1' ?/return s.at[5] <= 50 ?/
 */
void prove_request_line(void)
{
	struct slice line = any_slice(HEAD_MAX);
	struct request out = {.minor = 0};
	enum status status = parse_request_line(line, &out);
	PROMISE(status == STATUS_NONE || status == STATUS_BAD_REQUEST || status == STATUS_URI_TOO_LONG ||
	        status == STATUS_VERSION_NOT_SUPPORTED);
	PROMISE(within(out.target, line));
	if (status == STATUS_NONE) {
		PROMISE(out.target.len > 0 && out.target.len <= TARGET_MAX);
		PROMISE(line.len > 8 && line.at[line.len - 3] == '1' && line.at[line.len - 9] == ' ');
	}
	REACHED(status == STATUS_NONE && out.target.len == TARGET_MAX);
	REACHED(status == STATUS_VERSION_NOT_SUPPORTED);
}

/* ---- all of it ---- */

bool host_valid(struct slice s)
{
	(void)s;
	host_fine = nondet_bool();
	return host_fine;
}

bool first_line_contract(struct slice *head, struct slice *line)
{
	struct slice before = *head;
	bool clean = nondet_bool();
	READABLE(before);
	*head = any_part(before);
	*line = any_part(before);
	return clean;
}

enum status request_line_contract(struct slice line, struct request *out)
{
	READABLE(line);
	line_status = nondet_bool() ? STATUS_NONE : STATUS_BAD_REQUEST;
	out->target = any_part(line);
	out->minor = nondet_unsigned();
	return line_status;
}

bool fields_contract(struct slice head, struct request *out)
{
	READABLE(head);
	fields_fine = nondet_bool();
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (nondet_bool())
			out->first[i] = any_part(head);
	out->repeated = nondet_unsigned();
	return fields_fine;
}

bool length_contract(struct request *out)
{
	out->length = nondet_u64();
	length_fine = nondet_bool();
	return length_fine;
}

enum status transfer_contract(const struct request *out)
{
	(void)out;
	transfer_status = nondet_bool() ? STATUS_NONE : STATUS_BAD_REQUEST;
	return transfer_status;
}

enum method method_contract(struct slice name)
{
	READABLE(name);
	return METHOD_GET;
}

struct slice empty_contract(struct slice input)
{
	READABLE(input);
	return any_part(input);
}

/*
 * proof: whole_head request_parse check_host request_single
 * shows: a head is taken only where the request line, every field line, Content-Length and Transfer-Encoding are,
 *   and where
 *   Host is valid and stands on one line, or in HTTP/1.0 on none
 * bound: 32768 bytes
 * replace: take_request_line:first_line_contract parse_request_line:request_line_contract parse_fields:fields_contract
 *   parse_length:length_contract check_transfer:transfer_contract method_of:method_contract skip_empty:empty_contract
 * unwind: 15
 * fault: http/request.c: s/if (!parse_fields(head, out) || !check_host(out) || /if (!parse_fields(head, out) || /
 * fault: http/request.c: s/return once ? request->first.field. :/return true ? request->first[field] :/
 * fault: http/request.c: s/return host.at != NULL .. host_valid(host);/return host_valid(host), true;/
 */
void prove_whole_head(void)
{
	struct slice head = any_slice(HEAD_MAX);
	struct request out;
	enum status status = request_parse(head, &out);
	PROMISE(within(out.line, head) && within(out.target, head) && within(out.fields, head));
	if (status == STATUS_NONE) {
		PROMISE(line_status == STATUS_NONE && fields_fine && length_fine && transfer_status == STATUS_NONE);
		PROMISE(out.first[FIELD_HOST].at != NULL ? host_fine && !(out.repeated >> FIELD_HOST & 1) : out.minor == 0);
	}
	REACHED(status == STATUS_NONE && out.first[FIELD_HOST].at != NULL);
	REACHED(status == STATUS_NONE && out.first[FIELD_HOST].at == NULL);
	REACHED(status == STATUS_BAD_REQUEST && length_fine);
}

/* ---- names, and what stands before and between the lines ---- */

/*
 * proof: method method_of
 * shows: GET, HEAD and OPTIONS exactly for these words in that case; 405 is for no word beyond 9 bytes
 * bound: 32768 bytes
 * replace: slice_equal:equal_name
 * unwind: 21
 * fault: http/request.c: s/i = METHOD_GET; i < sizeof/i = METHOD_HEAD; i < sizeof/
 * fault: http/request.c: /^static enum method method_of/,/^}/s/; i < sizeof methods/; i <= sizeof methods/
 */
void prove_method(void)
{
	struct slice s = any_slice(HEAD_MAX);
	enum method method = method_of(s);
	PROMISE((method == METHOD_GET) == equal_name(s, (struct slice){"GET", 3}));
	PROMISE((method == METHOD_HEAD) == equal_name(s, (struct slice){"HEAD", 4}));
	PROMISE((method == METHOD_OPTIONS) == equal_name(s, (struct slice){"OPTIONS", 7}));
	PROMISE(method <= METHOD_NOT_ALLOWED);
	PROMISE(method != METHOD_NOT_ALLOWED || (s.len >= 3 && s.len <= 9));
	REACHED(method == METHOD_NOT_ALLOWED && s.len == 9);
	REACHED(method == METHOD_UNKNOWN && s.len == HEAD_MAX);
	REACHED(method == METHOD_UNKNOWN && s.len == 0);
}

/*
 * proof: field_name field_of
 * shows: each of the 14 fields exactly for its name, in any case; FIELD_COUNT for all else
 * bound: 32768 bytes
 * replace: slice_equal_nocase:equal_name_nocase
 * unwind: 21
 * fault: http/request.c: s/{4, "host"}/{5, "host"}/
 * fault: http/request.c: s/{8, "if-range"}/{8, "if-rangf"}/
 */
void prove_field_name(void)
{
	static const struct slice name[FIELD_COUNT] = {
		[FIELD_ACCEPT] = {"Accept", 6}, [FIELD_ACCEPT_ENCODING] = {"Accept-Encoding", 15},
		[FIELD_CONNECTION] = {"Connection", 10}, [FIELD_CONTENT_LENGTH] = {"Content-Length", 14},
		[FIELD_HOST] = {"Host", 4}, [FIELD_IF_MATCH] = {"If-Match", 8},
		[FIELD_IF_MODIFIED_SINCE] = {"If-Modified-Since", 17}, [FIELD_IF_NONE_MATCH] = {"If-None-Match", 13},
		[FIELD_IF_RANGE] = {"If-Range", 8}, [FIELD_IF_UNMODIFIED_SINCE] = {"If-Unmodified-Since", 19},
		[FIELD_RANGE] = {"Range", 5}, [FIELD_REFERER] = {"Referer", 7},
		[FIELD_TRANSFER_ENCODING] = {"Transfer-Encoding", 17}, [FIELD_USER_AGENT] = {"User-Agent", 10},
	};
	struct slice s = any_slice(HEAD_MAX);
	enum field field = field_of(s);
	PROMISE(field <= FIELD_COUNT);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		PROMISE((field == (enum field)i) == equal_name_nocase(s, name[i]));
	REACHED(field == FIELD_ACCEPT && s.at[0] == 'a');
	REACHED(field == FIELD_USER_AGENT);
	REACHED(field == FIELD_COUNT && s.len == HEAD_MAX);
}

/* A text of one byte, and slice_equal as it is, against one: without the loops that invariants would be wanted for. */
struct slice text_of_byte(const char *text)
{
	PROMISE(text[0] != '\0' && text[1] == '\0');
	return (struct slice){text, 1};
}

bool equal_byte(struct slice a, struct slice b)
{
	READABLE(a);
	PROMISE(b.len == 1);
	return a.len == 1 && a.at[0] == b.at[0];
}

/*
 * proof: empty_lines skip_empty
 * shows: an end of the input, and nothing but CR and LF is passed over
 * bound: 32768 bytes, any number of empty lines
 * replace: slice_equal:equal_byte slice_of:text_of_byte
 * invariant: http/request.c: /^static struct slice skip_empty/,/^}/s/while (\(slice_split.*\))$/base = input; while
 *   (rebase(\&input) \&\& rebase_rest(\&rest) \&\& \1)
 *   __CPROVER_assigns(input, rest, line, pieces) __CPROVER_loop_invariant(IS_END(input) \&\& rest.at == input.at
 *   \&\& rest.len == input.len \&\&
 *   (witness >= base.len - input.len || base.at[witness] == 10 || base.at[witness] == 13))
 *   __CPROVER_decreases(input.len)/
 * fault: http/request.c: /^static struct slice skip_empty/,/^}/s/slice_of(".r")/slice_of("x")/
 * fault: http/request.c: /^static struct slice skip_empty/,/^}/s/line.len == 0/line.len < 2/
 */
void prove_empty_lines(void)
{
	struct slice s = any_slice(HEAD_MAX);
	witness = nondet_size();
	struct slice after = skip_empty(s);
	PROMISE(within(after, s) && after.at == s.at + (s.len - after.len));
	PROMISE(witness >= s.len - after.len || s.at[witness] == '\n' || s.at[witness] == '\r');
	REACHED(after.len == 5 && s.len == HEAD_MAX);
	REACHED(after.len == 7 && s.len == 7);
	REACHED(after.len == 0 && s.len == 2);
}

struct slice skip_contract(struct slice input)
{
	size_t skip = nondet_size();
	READABLE(input);
	ASSUME(skip <= input.len);
	base = (struct slice){input.at + skip, input.len - skip};
	return base;
}

/*
 * proof: too_large too_large
 * shows: 414 or 431, and 414 only where the first 8257 bytes behind the empty lines hold no LF
 * bound: 32768 bytes
 * replace: skip_empty:skip_contract
 * fault: http/request.c: s/end == NULL || end - input.at/end - input.at/
 * fault: http/request.c: s/METHOD_AND_VERSION = 64/METHOD_AND_VERSION = 63/
 */
void prove_too_large(void)
{
	struct slice s = any_slice(HEAD_MAX);
	witness = nondet_size();
	ASSUME(s.len > 0);
	enum status status = too_large(s);
	PROMISE(status == STATUS_URI_TOO_LONG || status == STATUS_FIELDS_TOO_LARGE);
	if (status == STATUS_URI_TOO_LONG)
		PROMISE(witness >= base.len || witness > TARGET_MAX + 64 || base.at[witness] != '\n');
	PROMISE(base.len > 0 || status == STATUS_URI_TOO_LONG);
	REACHED(status == STATUS_URI_TOO_LONG && base.len == HEAD_MAX);
	REACHED(status == STATUS_FIELDS_TOO_LARGE && base.len == 100);
}

/*
 * proof: next_value request_next
 * shows: the value lies in the fields, or is the only one; of several lines each one of that field is handed out, none
 *   is passed over; what is left is an end of the fields, and shorter
 * bound: 32768 bytes, any number of lines
 * without: conversion
 * replace: next_line:line_contract split_field:field_contract field_of:name_contract
 * invariant: http/request.c: /^bool request_next/,/^}/s/while (lines->rest.len > 0 .*$/base = lines->rest; while
 *   (rebase(\&lines->rest) \&\& lines->rest.len > 0 \&\& next_line(\&lines->rest, \&line) \&\& line.len > 0)
 *   __CPROVER_assigns(lines->rest, line, name, *value, came)
 *   __CPROVER_loop_invariant(IS_END(lines->rest) \&\& came == 0) __CPROVER_decreases(lines->rest.len)/
 * fault: http/request.c: /^bool request_next/,/^}/s/lines->only = (struct slice){NULL, 0};/;/
 * fault: http/request.c: /^bool request_next/,/^}/s/field_of(name) == lines/field_of(name) != lines/
 */
void prove_next_value(void)
{
	struct slice head = any_slice(HEAD_MAX), only = nondet_bool() ? any_slice(HEAD_MAX) : (struct slice){NULL, 0};
	struct slice value = {NULL, 0};
	watched = nondet_unsigned();
	ASSUME(watched < FIELD_COUNT);
	struct field_lines lines = {.field = (enum field)watched, .only = only, .rest = head};
	came = 0;
	bool got = request_next(&lines, &value);
	PROMISE(within(lines.rest, head) && lines.only.at == NULL);
	if (only.at != NULL) {
		PROMISE(got && value.at == only.at && value.len == only.len && lines.rest.len == head.len);
	} else {
		PROMISE(got == (came == 1) && came <= 1);
		PROMISE(!got || (within(value, head) && lines.rest.len < head.len));
	}
	REACHED(got && only.at == NULL && lines.rest.len == 7 && head.len == HEAD_MAX);
	REACHED(!got && head.len == HEAD_MAX);
	REACHED(got && only.at != NULL);
}

/* ---- what is asked of a request ---- */

bool value_contract(struct slice line, struct slice *name, struct slice *value)
{
	bool got = field_contract(line, name, value);
	value_now = *value;
	return got;
}

bool wanted_contract(struct slice a, struct slice b)
{
	READABLE(a);
	READABLE(b);
	if (nondet_bool())
		return false;
	newest = value_now;
	return true;
}

/*
 * proof: last_value request_last
 * shows: no slice, or the value of the last line of that name, which lies in the fields
 * bound: 32768 bytes, any number of lines
 * edit: http/request.c: /^struct slice request_last/,/^}/s/static const struct slice none/const struct slice none/
 * replace: next_line:line_contract split_field:value_contract slice_equal_nocase:wanted_contract
 * invariant: http/request.c: /^struct slice request_last/,/^}/s/while (rest.len > 0 \(.*\) {$/base = rest;
 *   while (rebase(\&rest) \&\& rebase_part(\&last) \&\& rest.len > 0 \1
 *   __CPROVER_assigns(rest, line, found, value, last, value_now, newest)
 *   __CPROVER_loop_invariant(IS_END(rest) \&\& IS_PART(last) \&\& last.at == newest.at \&\& last.len == newest.len)
 *   __CPROVER_decreases(rest.len) {/
 * fault: http/request.c: /^struct slice request_last/,/^}/s/last = value;/last = found;/
 * fault: http/request.c: /^struct slice request_last/,/^}/s/last = value;/if (last.at == NULL) last = value;/
 */
void prove_last_value(void)
{
	struct request request = {.fields = any_slice(HEAD_MAX)};
	struct slice name = any_slice(20);
	newest = (struct slice){NULL, 0};
	struct slice value = request_last(&request, name);
	PROMISE(value.at == NULL || (value.at == newest.at && value.len == newest.len && within(value, request.fields)));
	REACHED(value.at != NULL && value.len == 5 && request.fields.len == HEAD_MAX);
	REACHED(value.at == NULL && newest.at != NULL);
	REACHED(value.at == NULL && request.fields.len == 0);
}

/*
 * proof: option connection_has
 * shows: true exactly where an element of a line of Connection is the option
 * bound: any number of lines and elements
 * replace: request_next:next_contract slice_element:element_contract slice_equal_nocase:chunked_contract
 *   slice_of:text_contract
 * invariant: http/request.c: /^static bool connection_has/,/^}/s/while (request_next(&lines, &list))$/while
 *   (elements < HEAD_MAX \&\& request_next(\&lines, \&list))
 *   __CPROVER_assigns(list, element, elements, chunks, last_same)
 *   __CPROVER_loop_invariant(elements <= HEAD_MAX \&\& chunks == 0)/
 * invariant: http/request.c: /^static bool connection_has/,/^}/s/while (slice_element(&list, &element))$/&
 *   __CPROVER_assigns(element, elements, chunks, last_same)
 *   __CPROVER_loop_invariant(elements <= HEAD_MAX \&\& chunks == 0) __CPROVER_decreases(HEAD_MAX - elements)/
 * fault: http/request.c: /^static bool connection_has/,/^}/s/if (slice_equal/if (!slice_equal/
 * fault: http/request.c: /^static bool connection_has/,/^}/s/return true;/return false;/
 */
void prove_option(void)
{
	struct request request = {.minor = 1};
	elements = chunks = 0;
	last_same = false;
	bool has = connection_has(&request, "close");
	PROMISE(!has == (chunks == 0));
	REACHED(has && elements == 300);
	REACHED(!has && elements == 300);
	REACHED(!has && elements == 0);
}

/* Whether Connection has "close", and "keep-alive". */
static bool closes, keeps;

bool option_contract(const struct request *request, const char *option)
{
	(void)request;
	PROMISE(option[0] == 'c' || option[0] == 'k');
	return option[0] == 'c' ? closes : keeps;
}

/*
 * proof: persists request_persists request_has_body
 * shows: the connection goes on only without a body, without "close", and in HTTP/1.0 with "keep-alive"
 * bound: every combination
 * replace: connection_has:option_contract
 * fault: http/request.c: s/return !request_has_body(request) \&\& !connection/return !connection/
 * fault: http/request.c: s/(request->minor >= 1 ||/(request->minor >= 0 ||/
 */
void prove_persists(void)
{
	struct request request = {.minor = nondet_unsigned(), .length = nondet_u64()};
	char byte;
	closes = nondet_bool();
	keeps = nondet_bool();
	if (nondet_bool())
		request.first[FIELD_TRANSFER_ENCODING] = (struct slice){&byte, 1};
	bool body = request.first[FIELD_TRANSFER_ENCODING].at != NULL || request.length > 0;
	PROMISE(request_persists(&request) == (!body && !closes && (request.minor > 0 || keeps)));
	REACHED(request.minor == 0 && keeps && !closes && !body);
	REACHED(body);
}
