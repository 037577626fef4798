/* SPDX-License-Identifier: ISC */
/* bus: what systemd says of the units and connections, over its bus. Part of httpd-status. */
#ifndef BUS_H
#define BUS_H

#include <systemd/sd-bus.h>

#include "status/report.h"
#include "status/settings.h"

/* A connection to systemd. Where there is none, the program ends with EX_UNAVAILABLE (69) and the reason. */
sd_bus *bus_open(void);

/*
 * Fills in the units named in *snapshot and their connections, the oldest first. An answer that fails ends the program
 * with EX_UNAVAILABLE (69) or EX_NOPERM (77).
 */
void bus_ask(sd_bus *bus, const struct settings *settings, struct snapshot *snapshot);

#endif
