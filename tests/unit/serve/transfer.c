/* SPDX-License-Identifier: ISC */
/*
 * transfer: the bytes that are sent, the number of calls, and the count of sent bytes; over a recorder and over
 * sockets.
 */
#include "tree.h"

#include <signal.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "serve/listing.h"
#include "serve/transfer.h"

#define HEAD "HTTP/1.1 200 OK\r\n\r\n"

/* Stands in for the connection: records the bytes, and fails at a chosen call. */
static struct {
	char bytes[1 << 20];
	size_t len;
	unsigned writes, sends, fails; /* the call, counted from 1, that fails; 0: none */
	unsigned aborts;
	bool more; /* `more` of the last write */
	struct conn *conn;
} line;

static bool broken(void)
{
	return line.fails != 0 && line.writes + line.sends >= line.fails;
}

static int recorded_write(struct conn *c, struct slice s, bool more)
{
	line.conn = c;
	line.writes++;
	line.more = more;
	if (broken())
		return EPIPE;
	assert_true(line.len + s.len <= sizeof line.bytes);
	if (s.len > 0)
		memcpy(line.bytes + line.len, s.at, s.len);
	line.len += s.len;
	return 0;
}

static void recorded_abort(struct conn *c)
{
	line.conn = c;
	line.aborts++;
}

/* A call that fails has sent half of its bytes. */
static int recorded_send(struct conn *c, int file, uint64_t offset, uint64_t length, uint64_t *sent)
{
	line.conn = c;
	line.sends++;
	uint64_t wanted = broken() ? length / 2 : length;
	assert_true(line.len + wanted <= sizeof line.bytes);
	ssize_t n = pread(file, line.bytes + line.len, (size_t)wanted, (off_t)offset);
	assert_true(n >= 0);
	*sent = (uint64_t)n;
	line.len += (size_t)n;
	return broken() ? EPIPE : (uint64_t)n < length ? EIO : 0;
}

int recorded_transfer(struct conn *conn, struct buf *head, const struct answer *answer, struct slice page,
                      uint64_t *sent);
#define conn_abort recorded_abort
#define conn_write recorded_write
#define conn_send recorded_send
#define transfer_send recorded_transfer
#include "serve/transfer.c"
#undef conn_abort
#undef conn_write
#undef conn_send
#undef transfer_send

/* An answer, and the buffer of its head. */
static struct {
	struct resource resource;
	struct answer answer;
	struct range parts[RANGES_MAX];
	char room[OUTPUT_MAX];
	struct buf head;
	uint64_t sent;
	struct conn conn;
	char *content; /* of the file's bytes */
} x;

static void begin(int fd, uint64_t size)
{
	line.len = line.writes = line.sends = line.fails = line.aborts = 0;
	line.more = true;
	memset(&x.answer, 0, sizeof x.answer);
	x.resource = resource_none();
	x.resource.file.fd = fd;
	x.resource.file.size = size;
	x.resource.type = "text/plain";
	x.resource.coding = CODING_IDENTITY;
	x.answer.resource = &x.resource;
	x.answer.part = x.parts;
	x.answer.etag = slice_of("\"a-b-c\"");
	x.head = buf_in(x.room, sizeof x.room);
	buf_text(&x.head, HEAD);
	x.sent = 4242;
}

/* Sets the kind of body that the other members call for. */
static void choose_body(void)
{
	x.answer.body = x.resource.file.fd >= 0 ? BODY_FILE : BODY_PAGE;
	if (x.answer.parts > 0)
		x.answer.body = BODY_PARTS;
	if (x.answer.listing != NULL)
		x.answer.body = BODY_LISTING;
}

static void measure(void)
{
	choose_body();
	response_measure(&x.answer);
}

static int transfer(const char *page)
{
	choose_body();
	int error = recorded_transfer(&x.conn, &x.head, &x.answer, slice_of(page), &x.sent);
	if (line.writes > 0)
		assert_ptr_equal(line.conn, &x.conn);
	return error;
}

/* Opens a new file of `size` random bytes, a copy of which is in x.content. */
static int random_file(const struct tree *tree, size_t size)
{
	free(x.content);
	x.content = malloc(size + 1);
	assert_non_null(x.content);
	for (size_t i = 0; i < size; i++)
		x.content[i] = (char)random_below(256);
	unlinkat(tree->fd, "file", 0);
	int fd = openat(tree->fd, "file", O_RDWR | O_CREAT | O_EXCL, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, x.content, size), size);
	return fd;
}

/* Fails unless exactly the head and these bytes were sent. */
static void assert_left(const char *bytes, size_t n)
{
	assert_int_equal(line.len, strlen(HEAD) + n);
	assert_memory_equal(line.bytes, HEAD, strlen(HEAD));
	assert_memory_equal(line.bytes + strlen(HEAD), bytes, n);
}

static void test_a_page_leaves_with_the_head_in_one_call(void **state)
{
	static const char *const pages[] = {NULL, "", "x", "<!DOCTYPE html>\n<p>404</p>\n"};
	(void)state;
	for (size_t i = 0; i < ROWS(pages); i++) {
		begin(-1, 0);
		assert_int_equal(transfer(pages[i]), 0);
		assert_int_equal(x.sent, slice_of(pages[i]).len);
		assert_int_equal(line.writes, 1);
		assert_int_equal(line.sends, 0);
		assert_false(line.more);
		assert_left(pages[i] ? pages[i] : "", slice_of(pages[i]).len);
	}
}

static void test_a_head_that_overflowed_is_emsgsize_and_nothing_leaves(void **state)
{
	const struct tree *tree = *state;
	int fd = random_file(tree, 100);
	for (int i = 0; i < 5; i++) {
		begin(i == 0 ? -1 : i == 3 ? tree->fd : fd, 100);
		x.resource.listing = i == 3;
		x.answer.parts = i == 2 ? 2 : i == 4 ? 1 : 0;
		x.answer.part[0] = x.answer.part[1] = (struct range){0, 1, 0};
		x.head.overflow = true;
		assert_int_equal(transfer("page"), EMSGSIZE);
		assert_int_equal(x.sent, 0);
		assert_int_equal(line.writes + line.sends, 0);
	}
	close(fd);
}

static void test_small_files_leave_with_the_head_in_one_call(void **state)
{
	static const size_t sizes[] = {0, 1, 100, SMALL_FILE - 1, SMALL_FILE, SMALL_FILE + 1, 100000};
	for (size_t i = 0; i < ROWS(sizes); i++) {
		int fd = random_file(*state, sizes[i]);
		begin(fd, sizes[i]);
		assert_int_equal(transfer(NULL), 0);
		assert_true(x.sent == sizes[i]);
		assert_left(x.content, sizes[i]);
		assert_int_equal(line.writes, 1);
		assert_int_equal(line.sends, sizes[i] > SMALL_FILE);
		assert_int_equal(line.more, sizes[i] > SMALL_FILE); /* the file shares a segment with the head */
		assert_int_equal(lseek(fd, 0, SEEK_CUR), sizes[i]); /* the offset of the file was not moved */
		close(fd);
	}
}

/* A file is sent in one call with the head where it fits behind it, and in a second one where it is a byte too long. */
static void test_without_room_behind_the_head_a_file_leaves_by_itself(void **state)
{
	int fd = random_file(*state, 1000);
	for (size_t missing = 0; missing < 2; missing++) {
		begin(fd, 1000);
		x.head.size = x.head.len + 1000 - missing;
		assert_int_equal(transfer(NULL), 0);
		assert_int_equal(x.sent, 1000);
		assert_left(x.content, 1000);
		assert_int_equal(line.sends, missing);
	}
	close(fd);
}

static void test_one_part_is_only_that_stretch(void **state)
{
	enum { SIZE = 50000 };
	static const struct range parts[] = {
		{0, 1, 0}, {SIZE - 1, 1, 0}, {0, SIZE, 0}, {1, SIZE - 1, 0}, {7, SMALL_FILE, 0}, {7, SMALL_FILE + 1, 0},
		{40000, 10000, 0},
		{12345, 678, 0},
	};
	int fd = random_file(*state, SIZE);
	for (size_t i = 0; i < ROWS(parts); i++) {
		begin(fd, SIZE);
		x.answer.parts = 1;
		x.answer.part[0] = parts[i];
		assert_int_equal(transfer(NULL), 0);
		assert_true(x.sent == parts[i].length);
		assert_left(x.content + parts[i].first, (size_t)parts[i].length);
		assert_int_equal(line.sends, parts[i].length > SMALL_FILE);
	}
	close(fd);
}

static void with_parts(size_t count, uint64_t size)
{
	x.answer.parts = count;
	for (size_t i = 0; i < count; i++) {
		uint64_t first = random_below(size);
		x.answer.part[i] = (struct range){first, 1 + random_below(size - first), 0};
	}
	measure();
}

/* The expected body: each part behind its fields, and the last boundary. */
static size_t multipart(char *out, size_t size)
{
	struct buf b = buf_in(out, size);
	for (size_t i = 0; i <= x.answer.parts; i++) {
		response_part(&b, &x.answer, i);
		if (i < x.answer.parts)
			buf_add(&b, (struct slice){x.content + x.answer.part[i].first, (size_t)x.answer.part[i].length});
	}
	assert_false(b.overflow);
	return b.len;
}

static char expected[1 << 20];

static void test_parts_are_as_long_as_announced_9110_14_6(void **state)
{
	enum { SIZE = 20000 };
	int fd = random_file(*state, SIZE);
	for (size_t count = 2; count <= 16; count++) {
		begin(fd, SIZE);
		x.resource.coding = count % 2 ? CODING_GZIP : CODING_IDENTITY;
		with_parts(count, SIZE);
		assert_int_equal(transfer(NULL), 0);
		size_t n = multipart(expected, sizeof expected);
		assert_left(expected, n);
		assert_true(x.answer.length == n); /* Content-Length */
		assert_true(x.sent == n);
		assert_false(line.more);
		assert_memory_equal(line.bytes + line.len - 4, "--\r\n", 4);
	}
	close(fd);
}

/* Many small parts are sent together, a call for each 50 KiB or so, not two calls for each part. */
static void test_many_small_parts_leave_together_9110_14_6(void **state)
{
	enum { SIZE = 200000 };
	static const uint64_t lengths[] = {1, 50, 500};
	int fd = random_file(*state, SIZE);
	for (size_t k = 0; k < ROWS(lengths); k++) {
		begin(fd, SIZE);
		x.answer.parts = 300;
		for (size_t i = 0; i < x.answer.parts; i++)
			x.answer.part[i] = (struct range){i * 600, lengths[k], 0};
		measure();
		assert_int_equal(transfer(NULL), 0);
		size_t n = multipart(expected, sizeof expected);
		assert_left(expected, n);
		assert_true(x.answer.length == n && x.sent == n);
		assert_int_equal(line.sends, 0);
		assert_true(line.writes <= 1 + n / (sizeof x.room - PART_MAX - SMALL_FILE - 500));
		assert_false(line.more);
	}
	begin(fd, SIZE); /* a larger one between them has a call of its own, in order */
	x.answer.parts = 3;
	x.answer.part[0] = (struct range){9, 1, 0};
	x.answer.part[1] = (struct range){0, SMALL_FILE + 1, 0};
	x.answer.part[2] = (struct range){7, 1, 0};
	measure();
	assert_int_equal(transfer(NULL), 0);
	assert_left(expected, multipart(expected, sizeof expected));
	assert_int_equal(line.sends, 1);
	assert_int_equal(line.writes, 2);
	close(fd);
}

/* The file is shorter than fstat said. The bytes that exist are sent, and exactly these are counted. */
static void test_a_file_that_has_shrunk_is_eio_and_counted_exactly(void **state)
{
	static const struct {
		size_t there, said;
	} rows[] = {
		{0, 1}, {99, 100}, {3000, 5000}, {0, SMALL_FILE}, {SMALL_FILE - 1, SMALL_FILE}, {SMALL_FILE, SMALL_FILE + 1},
		{0, 100000}, {30000, 100000},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		int fd = random_file(*state, rows[i].there);
		begin(fd, rows[i].said);
		assert_int_equal(transfer(NULL), EIO);
		assert_true(x.sent == rows[i].there);
		assert_left(x.content, rows[i].there);
		begin(fd, rows[i].said); /* the same with a part */
		x.answer.parts = 1;
		x.answer.part[0] = (struct range){rows[i].there / 2, rows[i].said - rows[i].there / 2, 0};
		assert_int_equal(transfer(NULL), EIO);
		assert_true(x.sent == rows[i].there - rows[i].there / 2);
		assert_left(x.content + rows[i].there / 2, (size_t)x.sent);
		close(fd);
	}
}

static void test_parts_of_a_file_that_has_shrunk_are_counted_exactly(void **state)
{
	int fd = random_file(*state, 500);
	begin(fd, 1000);
	x.answer.parts = 3;
	x.answer.part[0] = (struct range){0, 100, 0};
	x.answer.part[1] = (struct range){400, 200, 0};
	x.answer.part[2] = (struct range){700, 100, 0};
	assert_int_equal(transfer(NULL), EIO);
	struct buf b = buf_in(expected, sizeof expected);
	response_part(&b, &x.answer, 0);
	buf_add(&b, (struct slice){x.content, 100});
	response_part(&b, &x.answer, 1);
	buf_add(&b, (struct slice){x.content + 400, 100});
	assert_left(expected, b.len);
	assert_true(x.sent == b.len);
	close(fd);
}

/* Whichever call fails, its errno is returned, no further call is made, and the bytes behind the head are counted. */
static void test_a_broken_connection_is_counted_exactly(void **state)
{
	enum { SIZE = 20000 };
	int fd = random_file(*state, SIZE);
	for (unsigned kind = 0; kind < 4; kind++) {
		for (unsigned fails = 1;; fails++) {
			begin(kind == 0 ? -1 : fd, kind == 1 ? 100 : SIZE);
			if (kind == 3) {
				with_parts(3, SIZE);
				for (size_t i = 0; i < 3; i++)
					x.answer.part[i] = (struct range){i * 100, i == 1 ? SMALL_FILE + 1 : 50, 0};
			}
			line.fails = fails;
			int error = transfer(kind == 0 ? "page" : NULL);
			if (line.writes + line.sends < fails) {
				assert_int_equal(error, 0);
				assert_int_equal(fails - 1, kind == 3 ? 3 : kind == 2 ? 2 : 1);
				break;
			}
			assert_int_equal(error, EPIPE);
			assert_int_equal(line.writes + line.sends, fails);
			assert_true(x.sent == (line.len > strlen(HEAD) ? line.len - strlen(HEAD) : 0));
		}
	}
	close(fd);
}

/* Makes a directory with `files` names, all of one file, and writes its listing into `expected`. */
static size_t with_listing(const struct tree *tree, unsigned files, bool json, bool chunked)
{
	struct listing *listing;
	char name[NAME_BYTES], first[NAME_BYTES];
	for (unsigned i = files; i-- > 0;) {
		snprintf(name, sizeof name, "%0200u", i);
		if (i + 1 == files && faccessat(tree->fd, name, F_OK, 0) == 0)
			break;
		if (i + 1 == files)
			tree_file(tree->fd, strcpy(first, name), "");
		else if (linkat(tree->fd, first, tree->fd, name, 0) != 0)
			assert_int_equal(errno, EEXIST);
	}
	int fd = openat(tree->fd, ".", O_RDONLY | O_DIRECTORY);
	begin(fd, 4096);
	x.resource.listing = x.resource.file.directory = true;
	x.resource.json = json;
	x.answer.framing = chunked ? FRAMING_CHUNKS : FRAMING_CLOSE;
	size_t n = 0;
	assert_int_equal(listing_open(&listing, tree->fd, fd, slice_of(""), slice_of(""), json), 0);
	do {
		assert_int_equal(listing_next(listing), 0);
		memcpy(expected + n, listing->piece.at, listing->piece.len);
		n += listing->piece.len;
	} while (listing->stage != LISTING_END);
	listing_close(listing);
	assert_int_equal(listing_open(&x.answer.listing, tree->fd, fd, slice_of(""), slice_of(""), json), 0);
	assert_int_equal(listing_next(x.answer.listing), 0);
	return n;
}

static void end_listing(void)
{
	listing_close(x.answer.listing);
	close(x.resource.file.fd);
}

/* Decodes the chunks of the recorded body. Fails where they are malformed. */
static size_t unchunk(char *out)
{
	const char *s = line.bytes + strlen(HEAD), *end = line.bytes + line.len;
	size_t n = 0, size = 1;
	while (size > 0) {
		size_t digits = 0;
		size = 0;
		for (; s < end && char_hex(*s) >= 0; s++, digits++)
			size = size * 16 + (size_t)char_hex(*s);
		assert_true(digits > 0 && digits <= 16);
		assert_true(end - s >= 2 && memcmp(s, "\r\n", 2) == 0);
		s += 2;
		assert_true((size_t)(end - s) >= size + 2);
		memcpy(out + n, s, size);
		n += size;
		s += size;
		assert_memory_equal(s, "\r\n", 2);
		s += 2;
	}
	assert_ptr_equal(s, end); /* nothing behind the last chunk */
	return n;
}

static void test_listings_leave_in_chunks_9112_7_1(void **state)
{
	static const unsigned files[] = {0, 1, 10, 400, 1500};
	static char out[1 << 20];
	const struct tree *tree = *state;
	for (size_t i = 0; i < 2 * ROWS(files); i++) {
		bool json = i % 2 == 1;
		size_t n = with_listing(tree, files[i / 2], json, true);
		assert_int_equal(transfer(NULL), 0);
		assert_memory_equal(line.bytes, HEAD, strlen(HEAD));
		assert_int_equal(unchunk(out), n);
		assert_memory_equal(out, expected, n);
		assert_true(x.sent == n);
		assert_false(line.more);
		if (files[i / 2] == 1500)
			assert_true(line.writes > 4);
		end_listing();
	}
}

/* HTTP/1.0 has no chunks: the end of the connection is the end of the listing. */
static void test_listings_without_chunks_leave_as_they_are_9112_6_3(void **state)
{
	static const unsigned files[] = {0, 1, 400, 1000};
	const struct tree *tree = *state;
	for (size_t i = 0; i < 2 * ROWS(files); i++) {
		size_t n = with_listing(tree, files[i / 2], i % 2 == 1, false);
		assert_int_equal(transfer(NULL), 0);
		assert_left(expected, n);
		assert_true(x.sent == n);
		end_listing();
	}
}

/* "*sent counts the bytes of the content that left". The bytes of a piece that failed are not among them. */
static void test_a_listing_that_breaks_off_is_counted_exactly(void **state)
{
	const struct tree *tree = *state;
	for (unsigned fails = 1; fails < 5; fails++) {
		with_listing(tree, 800, true, false);
		line.fails = fails;
		assert_int_equal(transfer(NULL), EPIPE);
		assert_int_equal(line.writes, fails);
		assert_int_equal(line.aborts, 1); /* else it looks complete to an HTTP/1.0 client */
		size_t left = line.len > strlen(HEAD) ? line.len - strlen(HEAD) : 0;
		if (x.sent != left)
			fail_msg("call %u failed: %ju counted, %zu left", fails, (uintmax_t)x.sent, left);
		end_listing();
	}
}

/* Transfers in a child, over a socket or a pipe. The bytes that arrive take the place of the recorded ones. */
static int transfer_really(bool pipes)
{
	int ends[2];
	uint64_t *sent = mmap(NULL, sizeof *sent, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(sent != MAP_FAILED);
	choose_body();
	assert_int_equal(pipes ? pipe(ends) : socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	pid_t child = fork();
	if (child == 0) {
		alarm(60 * (unsigned)pace());
		close(ends[0]);
		conn_begin(&x.conn, ends[1], ends[1]);
		_exit(transfer_send(&x.conn, &x.head, &x.answer, slice_of(NULL), sent));
	}
	close(ends[1]);
	for (ssize_t n; (n = read(ends[0], line.bytes + line.len, sizeof line.bytes - line.len)) > 0;)
		line.len += (size_t)n;
	close(ends[0]);
	int error = reap(child);
	x.sent = *sent;
	munmap(sent, sizeof *sent);
	return error;
}

static void test_over_sockets_and_pipes(void **state)
{
	static const size_t sizes[] = {0, SMALL_FILE, SMALL_FILE + 1, 200000};
	const struct tree *tree = *state;
	for (size_t i = 0; i < 2 * ROWS(sizes); i++) {
		size_t size = sizes[i / 2];
		int fd = random_file(tree, size);
		begin(fd, size);
		assert_int_equal(transfer_really(i % 2), 0);
		assert_true(x.sent == size);
		assert_left(x.content, size);
		begin(fd, size + 1);
		assert_int_equal(transfer_really(i % 2), EIO);
		assert_true(x.sent == size);
		assert_left(x.content, size);
		if (size > 0) {
			begin(fd, size);
			with_parts(3, size);
			assert_int_equal(transfer_really(i % 2), 0);
			size_t n = multipart(expected, sizeof expected);
			assert_left(expected, n);
			assert_true(x.sent == n && x.answer.length == n);
		}
		close(fd);
	}
}

static void test_listings_over_sockets_and_pipes(void **state)
{
	static char out[1 << 20];
	const struct tree *tree = *state;
	for (int i = 0; i < 4; i++) {
		size_t n = with_listing(tree, 500, i / 2, true);
		assert_int_equal(transfer_really(i % 2), 0);
		assert_int_equal(unchunk(out), n);
		assert_memory_equal(out, expected, n);
		assert_true(x.sent == n);
		end_listing();
	}
}

static int free_content(void **state)
{
	(void)state;
	free(x.content);
	x.content = NULL;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_page_leaves_with_the_head_in_one_call),
		IN_TREE(test_a_head_that_overflowed_is_emsgsize_and_nothing_leaves),
		IN_TREE(test_small_files_leave_with_the_head_in_one_call),
		IN_TREE(test_without_room_behind_the_head_a_file_leaves_by_itself),
		IN_TREE(test_one_part_is_only_that_stretch),
		IN_TREE(test_many_small_parts_leave_together_9110_14_6),
		IN_TREE(test_parts_are_as_long_as_announced_9110_14_6),
		IN_TREE(test_a_file_that_has_shrunk_is_eio_and_counted_exactly),
		IN_TREE(test_parts_of_a_file_that_has_shrunk_are_counted_exactly),
		IN_TREE(test_a_broken_connection_is_counted_exactly),
		IN_TREE(test_listings_leave_in_chunks_9112_7_1),
		IN_TREE(test_listings_without_chunks_leave_as_they_are_9112_6_3),
		IN_TREE(test_a_listing_that_breaks_off_is_counted_exactly),
		IN_TREE(test_over_sockets_and_pipes),
		IN_TREE(test_listings_over_sockets_and_pipes),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, free_content);
}
