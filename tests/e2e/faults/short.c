/* SPDX-License-Identifier: ISC */
/*
 * A library for LD_PRELOAD. With SHORT_BYTES, reads and writes move fewer bytes than asked for, or fail with EINTR;
 * with SHORT_CLOCK, the time of day jumps at each reading. The number of changes is an unsigned long in the file that
 * is descriptor SHORT_REPORT at the start. It is mapped, as httpd closes the descriptors that it inherits, and can
 * write to no other file.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static unsigned long state, unreported, *meddled = &unreported;
static int bytes, jumps;

__attribute__((constructor)) static void begin(void)
{
	const char *seed = getenv("SHORT_SEED");
	state = seed != NULL ? strtoul(seed, NULL, 10) : 1;
	bytes = getenv("SHORT_BYTES") != NULL;
	jumps = getenv("SHORT_CLOCK") != NULL;
	const char *report = getenv("SHORT_REPORT");
	if (report == NULL)
		return;
	void *at = mmap(NULL, sizeof *meddled, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(report), 0);
	if (at != MAP_FAILED)
		meddled = at;
}

static unsigned long below(unsigned long limit)
{
	state = state * 6364136223846793005UL + 1442695040888963407UL;
	return (state >> 33) % limit;
}

/* How many of n bytes to move; 0: fail with EINTR. */
static size_t some(size_t n)
{
	static const size_t most[] = {1, 1, 2, 7, 100, 4000, 30000};
	if (!bytes || n == 0)
		return n;
	if (below(8) == 0) {
		++*meddled;
		errno = EINTR;
		return 0;
	}
	size_t limit = most[below(sizeof most / sizeof most[0])];
	if (limit < n)
		++*meddled;
	return limit < n ? 1 + below(limit) : n;
}

#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, name))
#define SHORTENED(n) \
	size_t asked = (n); \
	if ((n) > 0 && ((n) = some(n)) == 0) \
		return (void)asked, -1

ssize_t read(int fd, void *at, size_t n)
{
	SHORTENED(n);
	return NEXT(ssize_t (*)(int, void *, size_t), "read")(fd, at, n);
}

ssize_t recv(int fd, void *at, size_t n, int flags)
{
	SHORTENED(n);
	return NEXT(ssize_t (*)(int, void *, size_t, int), "recv")(fd, at, n, flags);
}

ssize_t send(int fd, const void *at, size_t n, int flags)
{
	SHORTENED(n);
	return NEXT(ssize_t (*)(int, const void *, size_t, int), "send")(fd, at, n, flags);
}

/* Only the connection is shortened: httpd writes a log's line with one call. */
ssize_t write(int fd, const void *at, size_t n)
{
	if (fd == STDOUT_FILENO) {
		SHORTENED(n);
	}
	return NEXT(ssize_t (*)(int, const void *, size_t), "write")(fd, at, n);
}

ssize_t pread64(int fd, void *at, size_t n, off64_t from)
{
	SHORTENED(n);
	return NEXT(ssize_t (*)(int, void *, size_t, off64_t), "pread64")(fd, at, n, from);
}

ssize_t sendfile64(int out, int in, off64_t *from, size_t n)
{
	SHORTENED(n);
	return NEXT(ssize_t (*)(int, int, off64_t *, size_t), "sendfile64")(out, in, from, n);
}

static time_t jumped(time_t now)
{
	static const time_t leaps[] = {
		0, 1, -1, 3600, -3600, 86400, 315360000, -315360000, 3155760000, -1800000000, -70000000000, 300000000000,
	};
	++*meddled;
	return now + leaps[below(sizeof leaps / sizeof leaps[0])];
}

time_t time(time_t *out)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	if (out != NULL)
		*out = t.tv_sec;
	return t.tv_sec;
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
	int error = NEXT(int (*)(clockid_t, struct timespec *), "clock_gettime")(clock, t);
	if (jumps && clock == CLOCK_REALTIME)
		t->tv_sec = jumped(t->tv_sec);
	return error;
}

/* The calls by which httpd reads the clock and opens files. */
long syscall(long number, ...)
{
	long a[6];
	va_list arguments;
	va_start(arguments, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(arguments, long);
	va_end(arguments);
	long result = NEXT(long (*)(long, ...), "syscall")(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	struct timespec *t = (struct timespec *)a[1];
	if (number == SYS_clock_gettime && jumps && a[0] == CLOCK_REALTIME)
		t->tv_sec = jumped(t->tv_sec);
	return result;
}
