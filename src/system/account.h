/* SPDX-License-Identifier: ISC */
/* account: the ids behind --user. */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Reads UID, UID:GID or the name of an account in /etc/passwd, with the group of that account; a UID alone is its own
 * group. False when there is no such account, /etc/passwd cannot be read, the text is none of these, or the UID or the
 * GID is root's. The file is read directly: a static program has no name services.
 */
bool account_find(const char *text, uid_t *uid, gid_t *gid);

#endif
