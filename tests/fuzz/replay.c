/* SPDX-License-Identifier: ISC */
/*
 * Gives the inputs of corpora to a target, one after another, without libFuzzer: replay DIRECTORY... They are given by
 * a child. If an input ends it or takes too long, the next child goes on with the next input. The last line counts the
 * inputs that passed.
 */
#include <dirent.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

enum { SECONDS = 20, LARGEST = 1 << 20, PATH = 4096 };

/* The progress of the child: how many inputs it has begun, and the name of the last one. */
struct progress {
	unsigned begun;
	char path[PATH];
};

static void give(const char *path)
{
	static uint8_t room[LARGEST];
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		abort();
	size_t n = fread(room, 1, sizeof room, f);
	fclose(f);
	struct slice input = copy_of(room, n);
	alarm(SECONDS);
	LLVMFuzzerTestOneInput((const uint8_t *)input.at, n);
	alarm(0);
	free((void *)input.at);
}

/* Gives all inputs but the first `skip`. Their order is the same each time. */
static void give_all(char *directories[], unsigned skip, struct progress *progress)
{
	const struct dirent *d;
	unsigned n = 0;
	for (; *directories != NULL; directories++) {
		DIR *dir = opendir(*directories);
		if (dir == NULL)
			abort();
		while ((d = readdir(dir)) != NULL) {
			if (d->d_name[0] == '.' || n++ < skip)
				continue;
			snprintf(progress->path, sizeof progress->path, "%s/%s", *directories, d->d_name);
			progress->begun = n;
			give(progress->path);
		}
		closedir(dir);
	}
}

int main(int argc, char *argv[])
{
	struct progress *progress = mmap(NULL, sizeof *progress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned failed = 0;
	int status = 1;
	(void)argc;
	if (progress == MAP_FAILED)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	while (status != 0) {
		unsigned before = progress->begun;
		pid_t pid = fork();
		if (pid == 0) {
			give_all(argv + 1, before, progress);
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 1;
		if (status == 0)
			break;
		printf("FAIL %s: %s %d\n", progress->path, WIFSIGNALED(status) ? "signal" : "exit status",
		       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		failed++;
		if (progress->begun == before) /* this child began no input, so the next one would not either */
			break;
	}
	if (progress->begun == 0 && failed == 0) {
		puts("FAIL: no input");
		failed++;
	}
	unsigned begun = progress->begun > failed ? progress->begun : failed;
	printf("%u passed, %u failed\n", begun - failed, failed);
	return failed > 0;
}
