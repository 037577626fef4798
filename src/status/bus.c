/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* strverscmp */
#include "status/bus.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#define SYSTEMD "org.freedesktop.systemd1"

/* Root speaks to PID 1 itself, which works without a bus daemon; others go over the bus. */
sd_bus *bus_open(void)
{
	sd_bus *bus = NULL;
	if (sd_booted() <= 0)
		errx(EX_UNAVAILABLE, "systemd does not run here (there is no /run/systemd/system), so nobody knows the "
			"connections; --directory=DIR reads a journal without it, and --log=FILE a log");
	if (geteuid() == 0 && sd_bus_new(&bus) >= 0 && sd_bus_set_address(bus, "unix:path=/run/systemd/private") >= 0 &&
	    sd_bus_start(bus) >= 0)
		return bus;
	sd_bus_unref(bus);
	int error = sd_bus_open_system(&bus);
	if (error < 0)
		errx(EX_UNAVAILABLE, "systemd cannot be asked over the system bus: %s; install and start dbus, or run "
			"httpd-status as root, which does without it", strerror(-error));
	return bus;
}

/* Ends the program with a message if a call about `what` has failed; `error` is negative then. */
static void end_on_error(int error, const sd_bus_error *reason, const char *what)
{
	const char *text = reason->message != NULL ? reason->message : strerror(-error);
	if (error == -EACCES || error == -EPERM)
		errx(EX_NOPERM, "systemd does not say about %s: %s; run httpd-status as root", what, text);
	if (error < 0)
		errx(EX_UNAVAILABLE, "systemd does not say about %s: %s; try again, and ask by hand: systemctl show '%s'", what,
			text, what);
}

/* The object path of a unit, which the caller frees. */
static char *object_path(const char *unit)
{
	sd_bus_error reason = SD_BUS_ERROR_NULL;
	char *path = NULL;
	end_on_error(sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &path), &reason, unit);
	return path;
}

/* Reads a property of a unit that is a string, cut to fit into the `size` bytes of `text`. */
static void get_text(sd_bus *bus, const char *unit, const char *interface, const char *name, char *text, size_t size)
{
	sd_bus_error reason = SD_BUS_ERROR_NULL;
	char *path = object_path(unit), *value = NULL;
	end_on_error(sd_bus_get_property_string(bus, SYSTEMD, path, interface, name, &reason, &value), &reason, unit);
	snprintf(text, size, "%s", value);
	free(value);
	free(path);
}

/* Reads a property of a unit that is a number: *value is a uint32_t for D-Bus's type 'u', a uint64_t for 't'. */
static void get_number(sd_bus *bus, const char *unit, const char *interface, const char *name, char type, void *value)
{
	sd_bus_error reason = SD_BUS_ERROR_NULL;
	char *path = object_path(unit);
	end_on_error(sd_bus_get_property_trivial(bus, SYSTEMD, path, interface, name, &reason, type, value), &reason, unit);
	free(path);
}

static void get_unit(sd_bus *bus, struct unit *unit)
{
	get_text(bus, unit->name, SYSTEMD ".Unit", "LoadState", unit->load, sizeof unit->load);
	get_text(bus, unit->name, SYSTEMD ".Unit", "ActiveState", unit->active, sizeof unit->active);
	get_text(bus, unit->name, SYSTEMD ".Unit", "SubState", unit->sub, sizeof unit->sub);
	get_number(bus, unit->name, SYSTEMD ".Unit", "ActiveEnterTimestamp", 't', &unit->since);
}

/*
 * Inserts a connection into the sorted list, the oldest first; systemd lists them in no order. Of more than
 * CONNECTIONS_MAX the newest moves to the place behind the last, and is overwritten by the next.
 */
static void add_connection(struct snapshot *snapshot, const char *unit)
{
	size_t at = snapshot->live < CONNECTIONS_MAX ? snapshot->live : CONNECTIONS_MAX;
	for (; at > 0 && strverscmp(snapshot->connection[at - 1].unit, unit) > 0; at--)
		snapshot->connection[at] = snapshot->connection[at - 1];
	snapshot->connection[at].began = 0;
	snprintf(snapshot->connection[at].unit, UNIT_BYTES, "%s", unit);
	snapshot->live++;
}

static void list_connections(sd_bus *bus, const char *pattern, struct snapshot *snapshot)
{
	sd_bus_error reason = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	const char *unit;
	int error = sd_bus_call_method(bus, SYSTEMD, "/org/freedesktop/systemd1", SYSTEMD ".Manager",
		"ListUnitsByPatterns", &reason, &reply, "asas", 3, "active", "activating", "deactivating", 1, pattern);
	if (error >= 0)
		error = sd_bus_message_enter_container(reply, 'a', "(ssssssouso)");
	snapshot->live = 0;
	while (error >= 0 && (error = sd_bus_message_read(reply, "(ssssssouso)", &unit, NULL, NULL, NULL, NULL, NULL, NULL,
			NULL, NULL, NULL)) > 0)
		add_connection(snapshot, unit);
	end_on_error(error, &reason, pattern);
	sd_bus_message_unref(reply);
}

/* The number of connections that the service serves: that of its processes, without tcpserver itself. */
static uint64_t count_served(sd_bus *bus, const char *service)
{
	sd_bus_error reason = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	uint64_t processes = 0;
	int error = sd_bus_call_method(bus, SYSTEMD, "/org/freedesktop/systemd1", SYSTEMD ".Manager", "GetUnitProcesses",
		&reason, &reply, "s", service);
	if (error >= 0)
		error = sd_bus_message_enter_container(reply, 'a', "(sus)");
	while (error >= 0 && (error = sd_bus_message_read(reply, "(sus)", NULL, NULL, NULL)) > 0)
		processes++;
	end_on_error(error, &reason, service);
	sd_bus_message_unref(reply);
	return processes > 0 ? processes - 1 : 0;
}

void bus_ask(sd_bus *bus, const struct settings *settings, struct snapshot *snapshot)
{
	/* Each age costs a call to PID 1: it is asked only for the connections that will be shown. */
	size_t ages = settings->format == FORMAT_TABLE ? snapshot->rows
	            : settings->format == FORMAT_JSON  ? CONNECTIONS_MAX
	                                               : 0;
	get_unit(bus, &snapshot->socket);
	if (settings->socket_named && strcmp(snapshot->socket.load, "loaded") != 0)
		errx(EX_UNAVAILABLE, "%s is %s; `systemctl list-sockets --all` shows those there are", snapshot->socket.name,
			snapshot->socket.load);
	get_number(bus, snapshot->socket.name, SYSTEMD ".Socket", "NAccepted", 'u', &snapshot->accepted);
	get_number(bus, snapshot->socket.name, SYSTEMD ".Socket", "NRefused", 'u', &snapshot->refused);
	get_number(bus, snapshot->socket.name, SYSTEMD ".Socket", "NConnections", 'u', &snapshot->current);
	get_unit(bus, &snapshot->service);
	snapshot->served = strcmp(snapshot->service.active, "active") == 0 ? count_served(bus, snapshot->service.name) : 0;
	list_connections(bus, settings->pattern, snapshot);
	for (size_t i = 0; i < ages && i < snapshot->live; i++)
		get_number(bus, snapshot->connection[i].unit, SYSTEMD ".Unit", "InactiveExitTimestamp", 't',
			&snapshot->connection[i].began);
}
