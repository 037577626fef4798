/* SPDX-License-Identifier: ISC */
/*
 * sandbox: gives up every right that serving does not need, before the first byte of a request is read, and says what
 * it achieved.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "options.h"

enum sandbox_layer {
	SANDBOX_ROOT = 1,     /* was root: it is in a chroot, without groups, with other ids */
	SANDBOX_FILES = 2,    /* nothing can be opened but to read, beneath the root (Landlock, unveil, Capsicum) */
	SANDBOX_CALLS = 4     /* no call but those that serving needs (seccomp, pledge, Capsicum) */
};

/* The layers that this build knows for a process that is not root. */
unsigned sandbox_known(void);

/*
 * Gives up root's rights where the process has them, whatever --sandbox says, and then the others unless it says off.
 * `root` is the open root; `connection` is what is answered on, the only descriptor whose flags may still be set.
 * *achieved names the layers that now hold. Returns 0; an errno where root could not be given up, EINVAL where --user
 * names no account; ENOTSUP where --sandbox=require and a layer is missing.
 */
int sandbox_enter(const struct site *site, int root, int connection, unsigned *achieved);

#endif
