#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""HTTPS with stunnel and with socat, as units/ has them: the same answers through TLS: tests/e2e/tls.py [HTTPD]"""
import os
import re
import ssl
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisors"))
import twenty
import world
from renewal import Visitors, certificate
from world import ROOM, check, left_out, unit

KEYS = "/etc/ssl/httpd"  # the paths in the files under units/
ADDRESS = ("127.0.0.1", 443)
MESSAGES = f"{ROOM}/messages"
ONCE = ("--keep-alive --idle=5 ", "")  # the twenty requests wait for the end of the connection


def make_certificate(where):
    """A self-signed certificate for this test."""
    os.makedirs(where)
    world.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=example.org",
              "-addext", "subjectAltName=DNS:example.org,IP:127.0.0.1,IP:::1",
              "-keyout", f"{where}/privkey.pem", "-out", f"{where}/fullchain.pem")


def wrapper():
    context = ssl.create_default_context(cafile=f"{ROOM}/keys/fullchain.pem")
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return lambda sock: context.wrap_socket(sock, server_hostname="example.org", suppress_ragged_eofs=False)


def curl(*arguments):
    """Exit status, standard output and standard error of curl."""
    done = subprocess.run(["curl", "-sS", "-m", str(world.HANG), "--cacert", f"{ROOM}/keys/fullchain.pem", *arguments],
                          capture_output=True)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def with_curl(name, read_log):
    where = ["--resolve", "example.org:443:127.0.0.1"]
    status, body, said = curl("-v", *where, "--tlsv1.3", "https://example.org/hello.txt")
    check(f"{name}: curl --cacert gets the page", status == 0 and body == b"Hello, world\n", status, body, said)
    check(f"{name}: over TLS 1.3", "TLSv1.3" in said and re.search("SSL certificate verif(y ok|ied)", said), said)
    status, body, said = curl(*where, "--tlsv1.2", "--tls-max", "1.2", "https://example.org/hello.txt")
    check(f"{name}: over TLS 1.2", status == 0 and body == b"Hello, world\n", status, said)
    status, body, said = curl(*where, "--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0",
                              "https://example.org/hello.txt")
    check(f"{name}: not over TLS 1.1", status == 35 and body == b"", status, said)
    status, _, said = curl("--resolve", "other.example:443:127.0.0.1", "https://other.example/")
    check(f"{name}: curl refuses another name", status == 60, status, said)
    status, body, _ = curl("http://127.0.0.1:443/hello.txt")
    check(f"{name}: nothing without TLS", body == b"", body)
    status, body, said = curl(*where, "-o", "/dev/null", "-w", "%{size_download}", "https://example.org/big.bin")
    check(f"{name}: 16 MiB", body == str(twenty.BIG).encode(), status, body, said)
    status, _, said = curl("--interface", "127.0.0.77", *where, "https://example.org/hello.txt?from=77")
    line = world.until(lambda: [x for x in read_log().splitlines() if "?from=77" in x])
    check(f"{name}: the log has the client's address", line and "127.0.0.77 - - [" in line[0], status, said,
          read_log()[-500:])


def drive(name, command, file, changes, expected, log_expected):
    path = unit(file, *changes)
    start = world.size_of(MESSAGES)
    started = world.Started(*[word.format(path=path) for word in command], log=f"{ROOM}/{name.replace(' ', '-')}.log")
    try:
        if not check(f"{name}: accepts connections", world.until(lambda: world.accepts(ADDRESS)), started.said()):
            return
        world.nobody_left()

        def read_log():
            return world.read_from(MESSAGES, start) if "daemon" in name else started.said()
        answers = twenty.ask(ADDRESS, wrap=wrapper(), only=lambda what: what in expected)
        for what in twenty.difference(expected, answers):
            check(f"{name}: {what}: as by hand", False, twenty.show(expected[what]), twenty.show(answers[what]))
        world.Count.passed += sum(expected[what] == answers[what] for what in expected)
        check(f"{name}: no httpd is left", world.nobody_left(), world.processes("httpd"))
        # Behind TLS, a client that resets during its request may look like one that ended in the middle: 400.
        lines = world.until(lambda: (found := [line for line in twenty.log_lines(read_log()) if "?early" not in line]) and
                            len(found) >= len(log_expected) and found) or twenty.log_lines(read_log())
        check(f"{name}: the log is that of httpd by hand", lines == log_expected, *sorted(set(lines) ^ set(log_expected)))
        with_curl(name, read_log)
        check(f"{name}: httpd is not root", world.until(not_root), world.processes("httpd"))
    finally:
        started.stop()
        for program in ("stunnel4", "stunnel", "socat", "httpd"):
            world.kill_by_name(program)
    check(f"{name}: the port is free again", world.until(lambda: not world.accepts(ADDRESS)))


def renewed(keys):
    """A renewal under load, of a key that only root can read: each request gets its page, a running download goes on,
    and later connections get the new certificate. systemd-socket-activate stands in for the socket unit."""
    activate = world.program("systemd-socket-activate")
    if not activate:
        left_out("the renewal of stunnel's certificate", "systemd-socket-activate is missing; install systemd")
        return
    unit("stunnel/renew", (KEYS, f"{ROOM}/keys"), to=f"{ROOM}/renew")
    said = subprocess.run([f"{ROOM}/renew"], capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    check("renewal: which certificate it is has to be said", said.returncode != 0 and "renew DIRECTORY" in said.stderr, said)
    old = certificate(f"{ROOM}/keys")
    make_certificate(f"{ROOM}/live")
    os.chmod(f"{ROOM}/live", 0o700)
    os.chmod(f"{ROOM}/live/privkey.pem", 0o600)
    check("renewal: the accounts of the script and of stunnel are one", "group=www-data" in world.read_from(f"{ROOM}/renew") and
          "setgid = www-data" in world.read_from(f"{world.UNITS}/stunnel/httpd.conf"))
    started = world.Started(activate, "-l", "443", "stunnel", unit("stunnel/httpd.conf", keys), log=f"{ROOM}/renewal.log")
    os.makedirs(f"{ROOM}/bin")
    with open(f"{ROOM}/bin/systemctl", "w", encoding="ascii") as file:  # stands in for systemd's
        file.write(f"""#!/bin/sh
case $* in
"-q is-active stunnel@httpd.service") ;;
"kill --kill-who=main -s HUP stunnel@httpd.service") kill -HUP {started.process.pid} ;;
*) exit 1 ;;
esac
""")
    os.chmod(f"{ROOM}/bin/systemctl", 0o755)
    try:
        if not check("renewal: stunnel accepts connections", world.until(lambda: world.accepts(ADDRESS)), started.said()):
            return
        slow = ssl.create_default_context(cafile=f"{ROOM}/keys/fullchain.pem").wrap_socket(
            world.connect(ADDRESS), server_hostname="example.org")
        world.send(slow, twenty.head("GET", "/big.bin", "Connection: close"))
        begun = slow.recv(1000)
        visitors = Visitors(ADDRESS)
        visitors.more()
        check("renewal: everybody meets the old certificate", visitors.met == {old})
        for _ in range(3):
            done = subprocess.run([f"{ROOM}/renew"], capture_output=True, text=True,
                                  env={"PATH": f"{ROOM}/bin:{os.environ['PATH']}", "RENEWED_LINEAGE": f"{ROOM}/live"})
            check("renewal: the script is content", done.returncode == 0 and done.stderr == "", done)
            visitors.more()
        world.until(lambda: certificate(f"{ROOM}/live") in visitors.met)
        visitors.stop()
        check("renewal: the new certificate is seen", visitors.met == {old, certificate(f"{ROOM}/live")}, started.said()[-1500:])
        check("renewal: no connection is lost", not visitors.failed and visitors.done > 60, visitors.done, visitors.failed[:5])
        rest = world.rest(slow)
        head = begun.partition(b"\r\n\r\n")[0]
        check("renewal: a download goes on", len(begun) - len(head) - 4 + len(rest) == twenty.BIG, len(begun), len(rest))
        slow.close()
        mode = os.stat(f"{ROOM}/keys/privkey.pem").st_mode & 0o7777
        check("renewal: the copy of the key is for stunnel alone", mode == 0o640, oct(mode))
    finally:
        started.stop()
        for program in ("stunnel4", "stunnel", "httpd"):
            world.kill_by_name(program)


def not_root():
    """Whether no httpd runs as root, on a connection without a request."""
    with wrapper()(world.connect(ADDRESS)):
        return world.until(lambda: world.processes("httpd") and 0 not in world.processes("httpd").values())


def through_tls(answers):
    """The answers that TLS allows: it has no half-close."""
    return {name: answer for name, answer in answers.items() if name not in ("nothing said", "half-closed behind the request")}


def main():
    world.enter("HTTPS")
    world.files_are_sound()
    why = world.machine.lacking("openssl", "curl")
    if why:
        left_out("HTTPS", why)
        world.finish()
    twenty.make_site(world.SITE)
    make_certificate(f"{ROOM}/keys")
    keys = (KEYS, f"{ROOM}/keys")
    syslogd = world.syslogd(MESSAGES)
    if world.program("stunnel"):
        answers, lines = twenty.by_hand()
        expected = through_tls(answers)
        lines.remove(next(line for line in lines if '"GET /big.bin HTTP/1.1" 200' in line))  # the half-closed one
        drive("stunnel", ["stunnel", "{path}"], "stunnel/httpd.conf", [keys, ONCE], expected, lines)
        if syslogd:
            drive("stunnel as a daemon", ["stunnel", "{path}"], "stunnel/httpd.conf", [keys, ONCE, ("foreground = yes", "")],
                  expected, lines)
        else:
            left_out("stunnel as a daemon", "busybox has no syslogd")
    else:
        left_out("stunnel", "stunnel is missing; install stunnel4")
    if world.program("socat"):
        answers, lines = twenty.by_hand()
        expected = through_tls(answers)
        lines.remove(next(line for line in lines if '"GET /big.bin HTTP/1.1" 200' in line))
        drive("socat", ["{path}"], "socat/run-tls", [keys], expected, lines)
    else:
        left_out("HTTPS with socat", world.machine.missing("socat"))
    if world.program("stunnel"):
        renewed(keys)  # last, as it replaces the certificate
    world.finish()


main()
