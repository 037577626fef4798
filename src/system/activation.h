/* SPDX-License-Identifier: ISC */
/* activation: the descriptor that systemd hands over when it is not standard input (sd_listen_fds(3)). */
#ifndef ACTIVATION_H
#define ACTIVATION_H

/*
 * The first of the descriptors that LISTEN_PID and LISTEN_FDS announce to this very process, which is 3; -1 when none
 * are, or when either variable is malformed.
 */
int activation_descriptor(void);

#endif
