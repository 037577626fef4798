/* SPDX-License-Identifier: ISC */
/*
 * sandbox: gives up every right that serving does not need, before the first byte of a request is read, and reports
 * what it achieved.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>

/* --sandbox: use the layers that the system has, refuse to serve without all of them, or use none. */
enum sandbox_mode { SANDBOX_TRY, SANDBOX_REQUIRE, SANDBOX_OFF };

enum sandbox_layer {
	SANDBOX_ROOT = 1,     /* was root: it is in a chroot, if it has a root, without groups, with other ids */
	SANDBOX_FILES = 2,    /* nothing can be opened but to read, beneath the root (Landlock, unveil, Capsicum) */
	SANDBOX_CALLS = 4     /* no call but those that serving needs (seccomp, pledge, Capsicum) */
};

/* The results of sandbox_enter. After any but the first, no request may be served. */
enum sandbox_result {
	SANDBOX_ENTERED,
	SANDBOX_NO_ACCOUNT, /* --user names no account, or root's */
	SANDBOX_NOT_ROOT,   /* --user names another account than the one httpd was started as, and only root can change */
	SANDBOX_STILL_ROOT, /* root, or one of its capabilities, could not be given up; errno says why */
	SANDBOX_SHUT,       /* the account that root became may not enter the root directory */
	SANDBOX_MISSING     /* --sandbox=require, and a layer is missing */
};

/* The descriptors that serving goes on with. */
struct sandbox_fds {
	int root;    /* the open root directory; -1: no file is to be opened */
	int in, out; /* the connection; may be the same */
	int log;     /* what records are written to, or -1 */
	int error;   /* standard error, or -1 where nothing is to be written there */
};

/* The layers that this build supports, SANDBOX_ROOT aside. */
unsigned sandbox_supported(void);

/* Whether the process has root's rights, or could take them back. */
bool sandbox_is_root(void);

/*
 * Closes every inherited descriptor from `first` on. Where the system has no call for that, those below INHERITED_MAX.
 */
void sandbox_close_inherited(int first);

/*
 * Gives up root's rights and its capabilities where the process has them, whatever the mode is, and then all other
 * rights unless the mode is SANDBOX_OFF. `user` names the account that root changes to, as --user does; NULL means
 * NOBODY_ID. From then on bytes can be read from the connection and from files beneath the root only, and written to
 * the connection, the log and standard error only. *achieved names the layers that now hold.
 */
enum sandbox_result sandbox_enter(enum sandbox_mode mode, const char *user, const struct sandbox_fds *fds,
	unsigned *achieved);

#endif
