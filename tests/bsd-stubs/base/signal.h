/* SPDX-License-Identifier: ISC */
#ifndef BASE_SIGNAL_H
#define BASE_SIGNAL_H

#include <sys/types.h>

typedef struct {
	uint32_t bits[4];
} sigset_t;
struct sigaction {
	void (*sa_handler)(int);
	int sa_flags;
	sigset_t sa_mask;
};

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGKILL 9
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 20
#if SHOWS_SIGXFSZ
#define SIGXFSZ 25
#endif
#if SHOWS_SA_RESTART
#define SA_RESTART 0x2
#endif
#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)
#define SIG_ERR ((void (*)(int))-1)
#define SIG_BLOCK 1
#define SIG_UNBLOCK 2
#define SIG_SETMASK 3

int sigaction(int, const struct sigaction *, struct sigaction *);
int sigaddset(sigset_t *, int);
int sigemptyset(sigset_t *);
void (*signal(int, void (*)(int)))(int);
int sigprocmask(int, const sigset_t *, sigset_t *);

#endif
