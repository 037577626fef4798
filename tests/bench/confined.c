/* SPDX-License-Identifier: ISC */
/*
 * The least program that sends a file, in a sandbox of the same two layers as httpd's: confined DIRECTORY NAME. It has
 * one rule of Landlock, reading beneath the directory, and a filter of one instruction, which allows all system calls.
 * So a difference between httpd and this is httpd's own work, not the price of the layers in the kernel.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "answer.h"
#include "system/syscalls.h"

/* From linux/landlock.h, linux/seccomp.h and linux/filter.h, which a C library need not come with. */
enum { READ_FILE = 1 << 2, READ_DIR = 1 << 3, PATH_BENEATH = 1, MODE_FILTER = 1, RETURN = 0x06, ALLOW = 0x7fff0000 };

static int confine(int directory)
{
	const uint64_t handled = 0x1fff;
	struct {
		uint64_t allowed;
		int32_t directory;
	} __attribute__((packed)) rule = {READ_FILE | READ_DIR, directory};
	const struct {
		uint16_t code;
		uint8_t yes, no;
		uint32_t k;
	} allow = {RETURN, 0, 0, ALLOW};
	const struct {
		unsigned short length;
		const void *code;
	} program = {1, &allow};
	long rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
	return rules < 0 || syscall(SYS_landlock_add_rule, rules, PATH_BENEATH, &rule, 0) != 0 ||
	       syscall(SYS_landlock_restrict_self, rules, 0) != 0 ||
	       syscall(SYS_seccomp, MODE_FILTER, 0, &program) != 0;
}

int main(int argc, char **argv)
{
	int directory = argc < 3 ? -1 : openat(AT_FDCWD, argv[1], O_RDONLY | O_DIRECTORY);
	if (directory < 0 || confine(directory) != 0)
		return 1;
	return answer(directory, argv[2]);
}
