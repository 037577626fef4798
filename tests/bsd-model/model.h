/* SPDX-License-Identifier: ISC */
/*
 * model: the rules of another system's kernel, by which the calls of calls.h are answered on Linux. README names the
 * source of each rule. This header is for the files of the model; httpd sees calls.h alone.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DESCRIPTORS = 1024, /* lower descriptors are watched */
	REPORT = 1000       /* the descriptor of the report, which httpd's close does not reach */
};

/* The differences between the systems. */
struct rules {
	int link_error;       /* the errno of openat with O_NOFOLLOW of a symlink */
	bool directory_first; /* O_DIRECTORY of a symlink is ENOTDIR nevertheless */
	bool socket_first;    /* O_DIRECTORY of a socket is EOPNOTSUPP, not ENOTDIR */
	bool search;          /* O_SEARCH asks for the right to search alone; else it is ignored */
	bool unnumbered;      /* st_dev and st_ino of pipes and TCP sockets are 0 */
	bool jails;           /* chroot in a jail fails while a directory is open */
	bool tells_listener;  /* getsockopt knows SO_ACCEPTCONN */
};
extern const struct rules rules;

/* Whether the variable MODEL has that word, the name of a condition such as "jail". */
bool model_has(const char *word);
/* Writes a line to the file that MODEL_SAYS names. */
void model_says(const char *what, const char *more);
/* Sets errno; returns -1. */
int model_fails(int error);

/* ---- capsicum.c: capability mode and the rights of descriptors. Outside FreeBSD everything is allowed. ---- */

/* Whether a call with those rights may use the descriptor, or AT_FDCWD. Sets errno where it may not. */
bool capsicum_lets(int fd, uint64_t rights);
/* The same for an openat with those flags. */
bool capsicum_lets_open(int at, int flags);
/* Whether names are looked up beneath the descriptor only. */
bool capsicum_strict(int at);
/* A descriptor opened beneath another one has its rights. */
void capsicum_inherits(int fd, int from);
void capsicum_forgets(int fd);
/* The rights that each kind of use takes. */
uint64_t capsicum_directory(void);
uint64_t capsicum_fcntl(void);
uint64_t capsicum_lookup(void);
uint64_t capsicum_pread(void);
uint64_t capsicum_stat(void);
uint64_t capsicum_stat_at(void);

/* ---- pledge.c: pledge and unveil. Everything is allowed outside OpenBSD. ---- */

/* Ends the process with SIGABRT unless the call is promised. */
void pledge_enters(const char *call);
/* The same for an openat with those flags, and for an option of a socket. */
void pledge_opens(int flags);
void pledge_option(int level, int option);
/* Whether unveil hides the name. Outside the unveiled directory, names are judged alone. */
bool unveil_hides(int at, const char *path);
bool unveil_on(void);

#endif
