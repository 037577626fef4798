/* SPDX-License-Identifier: ISC */
/* activation: the descriptor that systemd passes beside standard input (sd_listen_fds(3)). */
#ifndef ACTIVATION_H
#define ACTIVATION_H

/*
 * Returns 3, the first descriptor that systemd passes, where LISTEN_PID is this process and LISTEN_FDS is at least 1.
 * -1 where one of the two variables is missing, malformed, or says something else.
 */
int activation_descriptor(void);

#endif
