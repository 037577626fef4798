#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every supervisor with its file of units/, the same twenty requests, the same bytes: tests/e2e/supervisors.py [HTTPD]

What is expected comes from httpd started by hand on accepted connections; only Date may differ. The log has to say the
same as well, wherever the supervisor makes it go. FULL=1 also tries the limit of inetutils-inetd, which takes 1,100
connections.
"""
import os
import plistlib
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisors"))
import twenty
import world
from world import ROOM, check, left_out, unit

ADDRESS = ("127.0.0.1", 80)
MESSAGES = f"{ROOM}/messages"  # the file that syslogd writes
BURST = 320  # connections, more than the 256 a minute that are openbsd-inetd's default
FEW = 48  # connections to a supervisor that has no such limit
MINUTE = 50  # seconds, well within the minute of which the inetds' limits speak
BURST_INETUTILS = 1100  # and more than inetutils-inetd's, which its manual gives as 40


class Supervisor:
    def __init__(self, name, package, command, file, syslog=False, program=None, account=33, to=None):
        self.name, self.package, self.command, self.file, self.syslog = name, package, command, file, syslog
        self.to = to  # where the file is installed
        self.program = program or name
        self.account = account  # the account that serves

    def start(self, *changes):
        path = unit(self.file, *changes, to=self.to)
        log = f"{ROOM}/{self.name.replace(' ', '-')}.log"
        found = world.program(self.program, self.package)
        started = world.Started(*[word.format(program=found, path=path) for word in self.command], log=log)
        world.until(lambda: world.accepts(ADDRESS) or started.process.poll() is not None)
        return started


def xinetd_conf():
    """xinetd reads a directory of services."""
    with open(f"{ROOM}/xinetd.conf", "w", encoding="utf-8") as file:
        file.write(f"includedir {ROOM}/xinetd.d\n")


SUPERVISORS = [
    Supervisor("openbsd-inetd", "openbsd-inetd", ["{program}", "-i", "{path}"], "inetd/httpd.conf", syslog=True,
               program="inetd"),
    Supervisor("inetutils-inetd", "inetutils-inetd", ["{program}", "-d", "{path}"], "inetd/httpd.conf", syslog=True),
    Supervisor("xinetd", "xinetd", ["{program}", "-dontfork", "-f", f"{ROOM}/xinetd.conf"], "xinetd/httpd", syslog=True,
               to=f"{ROOM}/xinetd.d/httpd"),
    Supervisor("tcpserver", "ucspi-tcp", ["{path}"], "tcpserver/run"),
    Supervisor("tcpsvd", "ipsvd", ["{path}"], "tcpsvd/run"),
    Supervisor("busybox tcpsvd", "busybox", ["{path}"], "busybox/run", program="busybox"),
    Supervisor("socat", "socat", ["{path}"], "socat/run", account=65534),
    Supervisor("systemd-socket-activate", "systemd", ["{path}"], "socket-activate/run", account=65534),
]


def available(supervisor):
    """Whether the supervisor can be started here. If not, says why."""
    if supervisor.program == "busybox" and world.program("busybox"):
        if "tcpsvd" not in world.run("busybox", "--list").split():
            left_out(supervisor.name, "this busybox was built without it, as Debian's is")
            return False
    if not world.program(supervisor.program, supervisor.package):
        left_out(supervisor.name, f"{supervisor.program} is missing; install {supervisor.package}")
        return False
    return True


def served_by():
    """The accounts of the processes that answer a client without a request."""
    with world.connect(ADDRESS):
        return world.until(lambda: {uid for uid in world.processes("httpd").values() if uid != 0})


def burst(count):
    """Clients that make a short request each, eight at a time. Returns how many got a 200."""
    with ThreadPoolExecutor(8) as pool:
        return sum(status == 200 for status in pool.map(lambda _: world.get(ADDRESS), range(count)))


def drive(supervisor, expected, log_expected):
    name = supervisor.name
    start = world.size_of(MESSAGES)
    started = supervisor.start()
    if not check(f"{name}: accepts connections", world.accepts(ADDRESS), started.said()):
        started.stop()
        return
    try:
        world.nobody_left()
        answers = twenty.ask(ADDRESS)
        for what in twenty.difference(expected, answers):
            check(f"{name}: {what}: as by hand", False, twenty.show(expected[what]), twenty.show(answers[what]))
        world.Count.passed += sum(expected[what] == answers[what] for what in expected)
        check(f"{name}: no httpd is left", world.nobody_left(), world.processes("httpd"))

        def logged():
            return twenty.log_lines(world.read_from(MESSAGES, start) if supervisor.syslog else started.said())
        world.until(lambda: len(logged()) >= len(log_expected))
        check(f"{name}: the log is that of httpd by hand", logged() == log_expected,
              *sorted(set(logged()) ^ set(log_expected)), len(logged()))
        check(f"{name}: it is served by account {supervisor.account}", served_by() == {supervisor.account},
              world.processes("httpd"))
        world.nobody_left()
        count = BURST if supervisor.syslog else FEW  # the inetds have a limit, and log by syslog
        check(f"{name}: {count} connections at once are all answered", (good := burst(count)) == count, good)
    finally:
        started.stop()
        world.kill_by_name("httpd")
    check(f"{name}: the port is free again", world.until(lambda: not world.accepts(ADDRESS)))


# ---- what the comments in the files say ----

def stops_serving(supervisor, count, within, *changes):
    """Without the file's limit, the supervisor's own limit ends the service, as the comment in the file says; so the
    burst would have noticed. That limit is a rate: a machine that takes longer than `within` seconds for so many
    connections does not reach it."""
    what = f"{supervisor.name}: with '{changes[0][1]}' some of {count} connections get nothing"
    started = supervisor.start(*changes)
    try:
        began = time.monotonic()
        good = burst(count)
        took = time.monotonic() - began
    finally:
        started.stop()
        world.kill_by_name("httpd")
    if good == count and took > within:
        left_out(what, f"they took {took:.0f} s here, which is too slow to reach its limit")
    else:
        check(what, good < count, good)


def mistakes_stay_private(supervisor, *changes):
    """Here the connection is standard error. A message to the operator must not reach the client."""
    start = world.size_of(MESSAGES)
    started = supervisor.start(*changes)
    try:
        with world.connect(ADDRESS) as sock:
            world.send(sock, twenty.head("GET", "/"))
            answer = world.rest(sock)
        check(f"{supervisor.name}: a wrong option: 503 and nothing else",
              answer.startswith(b"HTTP/1.1 503 ") and b"bogus" not in answer, answer)
        check(f"{supervisor.name}: a wrong option: syslog says which",
              world.until(lambda: "--bogus" in world.read_from(MESSAGES, start)), world.read_from(MESSAGES, start))
    finally:
        started.stop()
        world.kill_by_name("httpd")


def as_root(supervisor):
    """With root in the file, httpd enters its chroot and becomes nobody."""
    started = supervisor.start(("www-data /usr", "root /usr"))
    try:
        check(f"{supervisor.name}: started as root, served by nobody", served_by() == {65534}, world.processes("httpd"))
        check(f"{supervisor.name}: started as root, it answers", world.get(ADDRESS, "/hello.txt") == 200)
    finally:
        started.stop()
        world.kill_by_name("httpd")


def mutant(supervisor, expected):
    """A changed byte in the answers of httpd is noticed: so the comparisons above can fail."""
    with open(world.HTTPD, "rb") as file:
        whole = file.read()
    changed = whole.replace(b"Accept-Ranges", b"Accept-Rangez")
    os.replace(world.HTTPD, world.HTTPD + ".whole")
    with open(world.HTTPD, "wb") as file:
        file.write(changed)
    os.chmod(world.HTTPD, 0o755)
    started = supervisor.start()
    try:
        found = twenty.difference(expected, twenty.ask(ADDRESS, only=lambda name: name in ("a page", "HEAD", "no Host")))
        check("a changed byte in httpd is noticed", found == ["a page", "HEAD"] and changed != whole, found)
    finally:
        started.stop()
        world.kill_by_name("httpd")
        os.replace(world.HTTPD + ".whole", world.HTTPD)


def property_list():
    """Only the content of launchd's file can be tested, as there is no launchd here."""
    with open(os.path.join(world.UNITS, "launchd", "httpd.plist"), "rb") as file:
        plist = plistlib.load(file)
    check("launchd: one process for each connection", plist["inetdCompatibility"]["Wait"] is False)
    check("launchd: the program", plist["ProgramArguments"][0] == world.HTTPD)
    check("launchd: the port", plist["Sockets"]["Listeners"]["SockServiceName"] == "http")
    left_out("launchd", "its file is only parsed")
    left_out("s6-tcpserver", "Debian 12 has no package of it")


# How each system's inetd reads the field of waiting, which protocols a line for every visitor has, and the account.
DIALECTS = {
    "freebsd": (r"nowait/512/0", ["tcp46"], "www"),
    "dragonfly": (r"nowait/512/0", ["tcp", "tcp6"], "www"),
    "netbsd": (r"nowait:60000", ["tcp", "tcp6"], "_httpd"),
    "openbsd": (r"nowait\.60000", ["tcp", "tcp6"], "www"),
}


def dialects():
    """The files for the inetds of other systems: all that can be tested of three of them is their text."""
    for system, (wait, protocols, account) in DIALECTS.items():
        lines = [line.split() for line in world.read_from(os.path.join(world.UNITS, "inetd", f"{system}.conf")).splitlines()
                 if line and not line.startswith("#")]
        check(f"inetd of {system}: a line for each protocol", [line[2] for line in lines] == protocols, lines)
        for line in lines:
            check(f"inetd of {system}: its spelling of limits", re.fullmatch(wait, line[3]) is not None, line)
            check(f"inetd of {system}: the service, the account and the program",
                  line[:2] + line[4:7] == ["http", "stream", account, world.HTTPD, "httpd"] and len(line) == 8, line)
        if system != "openbsd":
            left_out(f"inetd of {system}", "its file is only read")


def both_families(supervisor):
    """The lines for OpenBSD, under Debian's port of its inetd, with an account and a directory of this system."""
    found = Supervisor("OpenBSD's lines", supervisor.package, supervisor.command, "inetd/openbsd.conf", program="inetd")
    started = found.start((" www ", " www-data "), ("/var/www/htdocs", "/var/www/html"))
    try:
        for address in ("127.0.0.1", "::1"):
            check(f"{found.name}: {address} gets an answer", world.get((address, 80), "/hello.txt") == 200, started.said())
        check(f"{found.name}: served by the account", served_by() == {33}, world.processes("httpd"))
    finally:
        started.stop()
        world.kill_by_name("httpd")


def main():
    if not os.environ.get(world.MARK):
        world.unpack("openbsd-inetd", "inetutils-inetd", "xinetd")
    world.enter("httpd under other supervisors")
    world.files_are_sound()
    property_list()
    dialects()
    twenty.make_site(world.SITE)
    xinetd_conf()
    syslogd = world.syslogd(MESSAGES)
    expected, log_expected = twenty.by_hand()
    there = {}
    for supervisor in filter(available, SUPERVISORS):
        if supervisor.syslog and not syslogd:
            left_out(supervisor.name, "busybox has no syslogd")
            continue
        there[supervisor.name] = supervisor
        drive(supervisor, expected, log_expected)
    for name in ("openbsd-inetd", "inetutils-inetd"):
        if name in there:
            count = BURST if name == "openbsd-inetd" else BURST_INETUTILS
            if count == BURST or os.environ.get("FULL"):
                stops_serving(there[name], count, MINUTE, ("nowait.60000", "nowait"))
            mistakes_stay_private(there[name], ("httpd /var", "httpd --bogus /var"))
            as_root(there[name])
    if "openbsd-inetd" in there:
        both_families(there["openbsd-inetd"])
        stops_serving(there["openbsd-inetd"], BURST, MINUTE, ("nowait.60000", "nowait.0"))
    if "xinetd" in there:
        stops_serving(there["xinetd"], BURST, BURST / 50, ("10000 1", "50 10"))
        mistakes_stay_private(there["xinetd"], ("/var/www", "--bogus /var/www"))
    for name in ("tcpserver", "socat", "systemd-socket-activate"):
        if name in there:
            mutant(there[name], expected)
            break
    world.finish()


main()
