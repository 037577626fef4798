/* SPDX-License-Identifier: ISC */
/*
 * A whole session. The first byte chooses the options, the second one the root, the kind of connection and the
 * behaviour of the client; the rest is sent by the client. The answers are parsed strictly.
 */
#define _GNU_SOURCE /* memfd_create */
#include "serve/session.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "client.h"
#include "http/date.h"
#include "fuzz.h"
#include "http/proxy.h"
#include "reply.h"
#include "http/request.h"
#include "system/root.h"

enum { ANSWERS = 4 << 20, LOG_ROOM = 1 << 20 };

/* The options of each bit of the first byte; its two lowest bits are the number of requests. */
static char *const choices[][6] = {
	{"--listing"}, {"--clean-urls"}, {"--fallback=app.html"}, {"--vhosts"}, {"--proxy-protocol"},
	{"--header=X-Test: a", "--cache-control=*.css=max-age=9", "--deny-agent=badbot", "--min-agent=2",
	 "--client-address=X-Forwarded-For"},
};

static const char roots[][8] = {".", "vhosts", "v", "v/app"};

static int log_file = -1, root_fd[4];

static void begin(void)
{
	const char *site = getenv("FUZZ_ROOT");
	log_file = memfd_create("log", MFD_CLOEXEC);
	int top = open(site != NULL ? site : "build/fuzz/root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (unsigned i = 0; i < 4; i++)
		root_fd[i] = openat(top, roots[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top < 0 || log_file < 0 || root_fd[3] < 0) {
		fprintf(stderr, "there is no site in $FUZZ_ROOT: tests/fuzz/make-root build/fuzz/root makes one\n");
		_exit(1);
	}
	fcntl(log_file, F_SETFL, O_APPEND);
}

static void choose(struct site *site, uint8_t bits)
{
	static char *const numbers[] = {"--keep-alive=1", "--keep-alive=2", "--keep-alive", "--keep-alive=7"};
	static struct site_room rules; /* a directory beside the root, to which links of the site lead */
	char *arguments[16];
	char room[MESSAGE_MAX];
	struct buf message = buf_in(room, sizeof room);
	size_t count = 0;
	arguments[count++] = numbers[bits & 3];
	for (unsigned i = 0; i < sizeof choices / sizeof choices[0]; i++)
		for (unsigned k = 0; (bits & 4u << i) != 0 && choices[i][k] != NULL; k++)
			arguments[count++] = choices[i][k];
	arguments[count++] = "/";
	arguments[count] = NULL;
	hold(options_parse(arguments, site, &rules, &message) == 0, "the options are good");
}

/* Holds that each answer has a line of visible characters. */
static void check_log(unsigned replies, bool proxied)
{
	static char room[LOG_ROOM];
	ssize_t n = pread(log_file, room, sizeof room, 0);
	hold(n >= 0 && n < LOG_ROOM, "the log has an end");
	struct slice line, rest = {room, (size_t)n};
	unsigned lines = 0;
	while (slice_split(&rest, '\n', &line) && rest.at != NULL) {
		hold(line.len > 0 && line.len < LOG_LINE, "a line of the log is no longer than one may be");
		for (size_t i = 0; i < line.len; i++)
			hold(line.at[i] >= ' ' && line.at[i] < 0x7f, "a line of the log is visible ASCII");
		lines++;
	}
	hold(line.len == 0, "the log ends with a line's end");
	hold(lines == replies + !proxied, "there is one line for each answer");
}

/* The open descriptors, a bit for each. */
static uint64_t open_descriptors(void)
{
	uint64_t open = 0;
	for (int fd = 0; fd < 64; fd++)
		open |= (uint64_t)(fcntl(fd, F_GETFD) >= 0) << fd;
	return open;
}

/* The number of files that the session keeps open between requests. */
static unsigned count_kept(const struct recent *recent)
{
	unsigned count = 0;
	for (size_t i = 0; i < RECENT_FILES; i++)
		for (size_t c = 0; c < CODING_COUNT && recent->file[i].path[0] != '\0'; c++)
			count += recent->file[i].open[c].fd >= 0;
	return count;
}

/*
 * Closes the descriptors that the end of a process would close: those of kept files, and of the last request a file and
 * a host's directory.
 */
static void close_left(uint64_t before, unsigned kept)
{
	uint64_t left = open_descriptors() & ~before;
	unsigned count = 0;
	for (int fd = 0; fd < 50; fd++)
		if ((left >> fd & 1) != 0 && close(fd) == 0)
			count++;
	hold(count <= 2 + kept, "one request leaves no more open than it uses");
}

/* Plays one session. c->answer has the answers. */
static void play(const struct site *site, struct client *c, unsigned root)
{
	static struct conn conn;
	static struct log log = {.place = LOG_TO_DESCRIPTOR, .fd = -1, .connection = -1};
	static struct range ranges[RANGES_MAX];
	static struct recent recent;
	char room[ADDRESS_MAX];
	struct buf address = buf_in(room, sizeof room);
	struct session session = {.site = site, .log = &log, .address = &address, .conn = &conn, .ranges = ranges,
	                          .recent = &recent, .root = root_fd[root]};
	log.fd = log_file;
	buf_char(&address, '-');
	hold(ftruncate(log_file, 0) == 0, "ftruncate");
	uint64_t before = open_descriptors();
	conn_begin(&conn, c->in, c->out);
	recent_begin(&recent); /* as session_run does before the second request */
	session_run(&session);
	close_left(before, count_kept(&recent));
	client_end(c);
}

/* Takes a PROXY header off the input. False where there is no complete one. */
static bool take_proxy(struct slice *input)
{
	char room[ADDRESS_MAX];
	struct buf address = buf_in(room, sizeof room);
	size_t length;
	struct slice begin = {input->at, input->len < HEAD_MAX ? input->len : HEAD_MAX};
	if (proxy_parse(begin, &length, &address) != PROXY_DONE)
		return false;
	*input = slice_from(*input, length);
	return true;
}

/* Takes the next head off the input, by its end. Whether there is a complete one. */
static bool take_head(struct slice *input, struct request *request, enum status *refusal)
{
	struct request_scan scan = {0, 0, false};
	struct slice head = {input->at, input->len < HEAD_MAX ? input->len : HEAD_MAX};
	size_t length;
	*refusal = request_scan(&scan, head, &length);
	head.len = length > 0 ? length : head.len;
	enum status malformed = request_parse(head, request);
	*refusal = *refusal != STATUS_NONE ? *refusal : malformed;
	*input = slice_from(*input, head.len);
	return length > 0;
}

/* Whether the input has only empty lines, which begin no request (RFC 9112 section 2.2). */
static bool asks_nothing(struct slice input)
{
	struct request_scan scan = {0, 0, false};
	size_t length;
	return request_scan(&scan, input, &length) == STATUS_NONE && !scan.begun;
}

/* Parses each reply as the answer to its request. Returns their number. */
static unsigned check_replies(const struct site *site, struct slice input, struct slice answer)
{
	unsigned count = 0;
	bool more = true;
	while (answer.len > 0) {
		struct request request;
		struct reply reply;
		enum status refusal;
		hold(more, "nothing comes after Connection: close");
		hold(input.len > 0, "nothing is answered that nobody asked");
		hold(++count <= site->requests, "there are no more answers than the site allows");
		bool whole = take_head(&input, &request, &refusal);
		reply_read(&reply, &answer, request.method == METHOD_HEAD, client_now());
		more = reply.persists;
		hold(refusal == STATUS_NONE || (reply.status >= 400 && !more), "a refusal is one, and ends the connection");
		hold(whole || !more, "half a request ends the connection");
		hold(!more || request_persists(&request), "a connection goes on where the request lets it");
		hold(!reply.chunked || request.minor > 0, "who does not know chunks gets none");
		hold(reply.status != 206 || request.first[FIELD_RANGE].at != NULL, "a part is sent to who asks for one");
		hold(reply.status != 304 || request.first[FIELD_IF_NONE_MATCH].at != NULL ||
		         request.first[FIELD_IF_MODIFIED_SINCE].at != NULL, "304 is an answer to a condition");
	}
	hold(!more || asks_nothing(input) || count == 0, "all is answered");
	return count;
}

/*
 * No content of hidden, private or outside files was sent. Their texts end in line feeds, so no name in a page looks
 * like them.
 */
static void check_secrets(struct slice answer)
{
	static const char secrets[][10] = {"outside\n", "private\n", "hidden\n", "secret\n", "[core]\n"};
	for (unsigned i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
		hold(memmem(answer.at, answer.len, secrets[i], strlen(secrets[i])) == NULL, "what is hidden stays hidden");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t pieces[] = {SIZE_MAX, 1, 2, 7, 64, 500, 4000, 33000};
	static char room[ANSWERS], other[ANSWERS];
	static struct site site;
	struct client c;
	if (size < 2)
		return 0;
	if (log_file < 0)
		begin();
	uint64_t before = open_descriptors();
	struct slice input = written_out(data + 2, size - 2), asked = input;
	unsigned root = data[1] & 3;
	enum way way = (enum way)(data[1] >> 2 & 3);
	bool lingers = (data[1] & 128) != 0;
	choose(&site, data[0]);
	client_begin(&c, way, input, pieces[data[1] >> 4 & 7], lingers, room, sizeof room);
	play(&site, &c, root);
	check_secrets(buf_slice(&c.answer));
	if (!c.wants) { /* the client has read everything */
		bool proxied = !site.proxy || take_proxy(&asked);
		hold(proxied || c.answer.len == 0, "without a PROXY header there is no answer");
		unsigned replies = proxied ? check_replies(&site, asked, buf_slice(&c.answer)) : 0;
		check_log(replies, proxied || input.len == 0);
	}
	if (!c.wants && !lingers && way != WAY_FILE) {
		struct client whole;
		client_begin(&whole, WAY_FILE, input, SIZE_MAX, false, other, sizeof other);
		play(&site, &whole, root);
		hold(slice_equal(buf_slice(&c.answer), buf_slice(&whole.answer)), "how it comes makes no difference");
	}
	hold(open_descriptors() == before, "every descriptor is closed");
	free((void *)input.at);
	return 0;
}
