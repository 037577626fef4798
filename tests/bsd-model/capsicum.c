/* SPDX-License-Identifier: ISC */
/*
 * FreeBSD's capsicum(4). In capability mode a process can make only the calls of sys/kern/capabilities.conf, and looks
 * up names only beneath a descriptor (sys/kern/vfs_lookup.c). Each use of a limited descriptor takes a right: openat
 * those of flags_to_rights in sys/kern/vfs_syscalls.c, other calls those of rights(4). On other systems no descriptor
 * is limited.
 */
#define _GNU_SOURCE
#define OF_SYSTEM 1
#include "model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capsicum.h>

#include "answers.h"

/* Calls of httpd that are not in capabilities.conf. openlog connects a socket by its name. */
static const char *const outside[] = {"access", "chroot", "fchdir", "getcwd", "openlog", "setgroups"};

static bool mode, limited[DESCRIPTORS];
static uint64_t rights_of[DESCRIPTORS];

cap_rights_t *stub_rights_init(int version, cap_rights_t *rights, ...)
{
	va_list list;
	(void)version;
	rights->cr_rights[0] = 0;
	va_start(list, rights);
	for (uint64_t right; (right = va_arg(list, uint64_t)) != 0;)
		rights->cr_rights[0] |= right;
	va_end(list);
	return rights;
}

int cap_rights_limit(int fd, const cap_rights_t *rights)
{
	model_says("cap_rights_limit", "");
	if (fd < 0 || fd >= DESCRIPTORS)
		return model_fails(EBADF);
	limited[fd] = true;
	rights_of[fd] = rights->cr_rights[0];
	return 0;
}

int cap_enter(void)
{
	model_says("cap_enter", "");
	mode = true;
	return 0;
}

/* In capability mode other calls fail with ECAPMODE. httpd never makes one, so the model ends the process. */
void model_enters(const char *call)
{
	pledge_enters(call);
	for (size_t i = 0; mode && i < sizeof outside / sizeof outside[0]; i++) {
		if (strcmp(outside[i], call) == 0) {
			fprintf(stderr, "model: %s is not allowed in capability mode\n", call);
			abort();
		}
	}
}

bool capsicum_lets(int fd, uint64_t rights)
{
	if (fd == AT_FDCWD && mode)
		return model_fails(MODEL_ECAPMODE) == 0;
	if (fd < 0 || fd >= DESCRIPTORS || !limited[fd] || (rights_of[fd] & rights) == rights)
		return true;
	return model_fails(MODEL_ENOTCAPABLE) == 0;
}

/* FreeBSD's O_SEARCH is O_EXEC. O_PATH takes the right to read. */
bool capsicum_lets_open(int at, int flags)
{
	uint64_t rights = CAP_LOOKUP;
	if ((flags & MODEL_SEARCH) != 0)
		rights |= CAP_FEXECVE;
	else if ((flags & O_ACCMODE) != O_WRONLY)
		rights |= CAP_READ;
	if ((flags & O_ACCMODE) != O_RDONLY)
		rights |= CAP_WRITE;
	if ((flags & O_ACCMODE) != O_RDONLY && (flags & (O_APPEND | O_TRUNC)) == 0)
		rights |= CAP_SEEK;
	return capsicum_lets(at, rights);
}

bool capsicum_strict(int at)
{
	return mode || (at >= 0 && at < DESCRIPTORS && limited[at]);
}

void capsicum_inherits(int fd, int from)
{
	if (fd < 0 || fd >= DESCRIPTORS)
		return;
	limited[fd] = from >= 0 && from < DESCRIPTORS && limited[from];
	rights_of[fd] = limited[fd] ? rights_of[from] : 0;
}

void capsicum_forgets(int fd)
{
	if (fd >= 0 && fd < DESCRIPTORS)
		limited[fd] = false;
}

uint64_t capsicum_stat(void)
{
	return CAP_FSTAT;
}

uint64_t capsicum_stat_at(void)
{
	return CAP_FSTATAT;
}

uint64_t capsicum_lookup(void)
{
	return CAP_LOOKUP;
}

uint64_t capsicum_pread(void)
{
	return CAP_PREAD;
}

/* fdopendir and readdir: entries, offsets, the kind of file system, and the flags of the descriptor. */
uint64_t capsicum_directory(void)
{
	return CAP_READ | CAP_SEEK | CAP_FSTAT | CAP_FSTATFS | CAP_FCNTL;
}

uint64_t capsicum_fcntl(void)
{
	return CAP_FCNTL;
}
