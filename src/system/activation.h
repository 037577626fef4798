/* SPDX-License-Identifier: ISC */
/* activation: the descriptor that systemd passes beside standard input (sd_listen_fds(3)). */
#ifndef ACTIVATION_H
#define ACTIVATION_H

/*
 * The first of the descriptors that LISTEN_PID and LISTEN_FDS announce to this process, which is 3; -1 where they
 * announce none or are malformed.
 */
int activation_descriptor(void);

#endif
