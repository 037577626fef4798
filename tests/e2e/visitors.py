#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What --keep-alive and --idle of the units do for visitors: few processes for a page with many files, and places enough
for 300 visits a minute: tests/e2e/visitors.py [HTTPD]

What the units start is started here by tcpserver, systemd-socket-activate and stunnel, and by a supervisor of the test's
own that refuses as PID 1 does. Processes are counted, not seconds.
"""
import os
import re
import socket
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisors"))
import world
from world import PACE, ROOM, SITE, check, left_out, unit

FILES = 30  # of a page, itself included
CONNECTIONS = 6  # of a browser to one site
ONCE = "--keep-alive=1"  # one request for each connection


def content(n):
    return f"file {n:04}\n".encode() * 300


def make_site():
    for n in range(FILES):
        with open(f"{SITE}/{n}", "wb") as file:
            file.write(content(n))


# ---- one page ----

def page(url, *options):
    """curl fetches thirty files over six connections. Returns how many were right."""
    done = subprocess.run(["curl", "-sS", "-Z", "--parallel-max", str(CONNECTIONS), "-m", str(world.HANG), *options,
                           "-o", f"{ROOM}/got-#1", f"{url}/[0-{FILES - 1}]"], capture_output=True, text=True)
    right = 0
    for n in range(FILES):
        right += world.read_from(f"{ROOM}/got-{n}").encode() == content(n)
        if os.path.exists(f"{ROOM}/got-{n}"):
            os.remove(f"{ROOM}/got-{n}")
    return right, done.stderr


def under_tcpserver(options):
    """The unit's own command, with the script that counts in the place of httpd."""
    words = world.exec_start("httpd-tcpserver.service", *options)
    at = words.index(world.HTTPD)
    script = world.counted(words[at:], f"{ROOM}/tcpserver-{len(options)}")
    return [*words[:at], script], script, "http://127.0.0.1:8080", ()


def under_systemd(options):
    script = world.counted(world.exec_start("httpd@.service", *options), f"{ROOM}/systemd-{len(options)}")
    return ["systemd-socket-activate", "--accept", "--inetd", "-l", "127.0.0.1:8080", script], script, "http://127.0.0.1:8080", ()


def under_stunnel(options):
    script = world.counted([world.HTTPD], f"{ROOM}/stunnel-{len(options)}")
    path = unit("stunnel/httpd.conf", ("/etc/ssl/httpd", f"{ROOM}/keys"), (f"exec = {world.HTTPD}", f"exec = {script}"),
                (" /var/www/html\n", f" {' '.join(options)} /var/www/html\n"))
    return ["stunnel", path], script, "https://example.org", (
        "--cacert", f"{ROOM}/keys/fullchain.pem", "--resolve", "example.org:443:127.0.0.1", "--http1.1")


SUPERVISORS = {
    "httpd-tcpserver.service": (under_tcpserver, ("tcpserver",)),
    "httpd@.service": (under_systemd, ("systemd-socket-activate",)),
    "stunnel": (under_stunnel, ("stunnel", "openssl")),
}


def make_certificate():
    os.makedirs(f"{ROOM}/keys")
    world.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=example.org",
              "-addext", "subjectAltName=DNS:example.org", "-keyout", f"{ROOM}/keys/privkey.pem", "-out", f"{ROOM}/keys/fullchain.pem")


def processes_of_a_page(name):
    """The processes with the unit's options are a quarter at most of those with one request for each connection."""
    make, programs = SUPERVISORS[name]
    why = world.machine.lacking(*programs, "curl")
    if why:
        left_out(f"a page of {FILES} files under {name}", why)
        return
    if "openssl" in programs:
        make_certificate()
    count = {}
    for options in (), (ONCE,):
        command, script, url, more = make(options)
        supervisor = world.Started(*command, log=f"{ROOM}/supervisor.log")
        try:
            address = ("127.0.0.1", 8080 if url.endswith("8080") else 443)
            world.until(lambda address=address: world.accepts(address))
            world.nobody_left()  # that of accepts()
            before = world.started(script)
            right, said = page(url, *more)
            count[options] = world.started(script) - before
            check(f"{name}: {FILES} files of {len(content(0))} bytes, {' '.join(options) or 'as it is'}", right == FILES, right,
                  said, supervisor.said()[-500:])
        finally:
            supervisor.stop()
            for program in ("httpd", "stunnel4", "stunnel", "tcpserver"):
                world.kill_by_name(program)
            world.until(lambda address=address: not world.accepts(address))
    check(f"{name}: at most a quarter of the processes that it takes without --keep-alive", count[ONCE,] >= FILES and
          4 * count[()] <= count[ONCE,], count)


# ---- many visits ----

class Places:
    """Accepts connections and starts the command of httpd@.service for each; refuses them above MaxConnections=."""

    def __init__(self, command, places):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.address = self.listener.getsockname()
        self.command, self.places = command, places
        self.children, self.started, self.refused, self.most = [], 0, 0, 0
        self.log = open(f"{ROOM}/visits.log", "ab")
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                end = self.listener.accept()[0]
            except OSError:  # stop() has closed it
                return
            self.children = [child for child in self.children if child.poll() is None]
            if len(self.children) < self.places:
                self.children.append(subprocess.Popen(self.command, stdin=end, stdout=end, stderr=self.log))
                self.started += 1
            else:
                self.refused += 1
            self.most = max(self.most, len(self.children))
            end.close()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for child in self.children:
            child.kill()
            child.wait()


def answer_on(sock, n):
    """Whether the file arrives on a connection that stays open."""
    sock.sendall(b"GET /%d HTTP/1.1\r\nHost: example.org\r\n\r\n" % n)
    got = b""
    while not got.endswith(content(n)):
        piece = sock.recv(65536)
        if not piece:
            return False
        got += piece
    return got.startswith(b"HTTP/1.1 200 ")


def visit(address, done, kept):
    """A browser: fetches the page and its files over six connections, and leaves closing them to the server."""
    right = 0
    try:
        socks = [world.connect(address) for _ in range(CONNECTIONS)]
        kept += socks
        right = sum(answer_on(socks[n % CONNECTIONS], n) for n in range(FILES))
    except OSError:
        pass
    done.append(right)


def visits(idle):
    """Five visits a second, for twice the unit's idle time. On a slow machine all times are longer by the same factor,
    so the number of processes at a time is the same."""
    slow = (PACE + 3) // 4
    unit_idle, count = 5, 2 * 5 * 5
    command = [word.replace(f"--idle={unit_idle}", f"--idle={slow * idle}") for word in world.exec_start("httpd@.service")]
    check("the unit has the idle time that this is about", f"--idle={slow * idle}" in command, command)
    places = Places(command, int(re.search(r"(?m)^MaxConnections=(\d+)$", world.read_from(f"{world.UNITS}/systemd/httpd.socket"))[1]))
    done, kept, threads = [], [], []
    for n in range(count):
        threads.append(threading.Thread(target=visit, args=(places.address, done, kept), daemon=True))
        threads[-1].start()
        time.sleep(slow / 5)
    for thread in threads:
        thread.join(world.HANG)
    places.stop()
    for sock in kept:
        sock.close()
    check(f"visits, idle for {idle} s: all get all", done == [FILES] * count and places.refused == 0, len(done), places.refused)
    check(f"visits, idle for {idle} s: a process for each connection", places.started == count * CONNECTIONS, places.started)
    return places.most, places.places


def room_for_visits():
    """The sum in httpd.socket, 5 * 6 * (1 + 5) = 180 places of 512, tried with real processes."""
    most, places = visits(5)
    check(f"300 visits a minute take less than half of {places} places", 100 < most < places // 2, most)
    more, _ = visits(15)
    check("with an idle time of 15 s they would take more", more > most * 5 // 4, more, most)
    print(f"300 visits a minute: at most {most} processes at a time, with --idle=15 {more} after ten seconds")


def main():
    world.enter("visitors")
    world.files_are_sound()
    make_site()
    for name in SUPERVISORS:
        processes_of_a_page(name)
    room_for_visits()
    world.finish()


main()
