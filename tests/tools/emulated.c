/* SPDX-License-Identifier: ISC */
/*
 * Replaces a program of another processor: runs EMULATOR with the program beside this one whose name has ".real" at its
 * end. A shell script would not do, as some shells give up an effective user id that is not the real one.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	char program[4096];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - sizeof ".real");
	char **words = calloc((size_t)argc + 2, sizeof *words);
	if (n < 0 || words == NULL) {
		perror("emulated");
		return 126;
	}
	strcpy(program + n, ".real");
	words[0] = (char *)EMULATOR;
	words[1] = program;
	for (int i = 1; i < argc; i++)
		words[i + 1] = argv[i];
	execvp(EMULATOR, words);
	perror(EMULATOR);
	return 126;
}
