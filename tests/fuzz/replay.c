/* SPDX-License-Identifier: ISC */
/*
 * Gives a target the inputs of a corpus, each in a process of its own: replay DIRECTORY... Needs no libFuzzer. The last
 * line counts those that went well.
 */
#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

enum { SECONDS = 20, LARGEST = 1 << 20 };

static unsigned passed, failed;

static bool goes_well(const char *path)
{
	static uint8_t room[LARGEST];
	int status = 0;
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return false;
	size_t n = fread(room, 1, sizeof room, f);
	fclose(f);
	pid_t pid = fork();
	if (pid == 0) {
		alarm(SECONDS);
		struct slice input = copy_of(room, n);
		LLVMFuzzerTestOneInput((const uint8_t *)input.at, n);
		_exit(0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static void replay(const char *directory)
{
	const struct dirent *d;
	char path[4096];
	DIR *dir = opendir(directory);
	unsigned before = passed + failed;
	while (dir != NULL && (d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", directory, d->d_name);
		bool well = goes_well(path);
		passed += well;
		failed += !well;
		if (!well)
			printf("FAIL %s\n", path);
	}
	if (dir != NULL)
		closedir(dir);
	if (passed + failed == before) { /* nothing was tested */
		printf("FAIL %s: no input\n", directory);
		failed++;
	}
}

int main(int argc, char *argv[])
{
	signal(SIGPIPE, SIG_IGN);
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%u passed, %u failed\n", passed, failed);
	return failed > 0;
}
