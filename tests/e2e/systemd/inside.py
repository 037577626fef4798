# SPDX-License-Identifier: ISC
"""The booted machine as its checks see it: commands and files in it, clients of it, and how long they may take.

For programs that run in the network of `machine` and have MACHINE in the environment. No verdict is by the clock: a bound
only ends what hangs, and it grows with what a process start and a connection cost here.
"""
import json
import math
import os
import signal
import socket
import subprocess
import time

MACHINE = os.environ["MACHINE"]
ROOT = "/proc/%s/root" % MACHINE
SITE = "/var/www/html"
SYSTEM = "/etc/systemd/system"
SHARE = "/usr/local/share/httpd"
# The PATH of a login there, whatever that of the host is: make install puts programs into /usr/local.
ENTER = ["nsenter", "-t", MACHINE, "-m", "-p", "-n", "-C", "-u", "-i", "-r", "-w",
         "env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
QUICK = 0.02  # seconds of a connection on a quick machine, with the start of its process by PID 1
SAMPLE = 20   # connections to measure
MADE = []     # the drop-ins of the running check
PACE = {"factor": max(1, int(os.environ.get("PACE") or 1))}


class Failed(Exception):
    pass


class LeftOut(Exception):
    """The check cannot run here; the text is the reason."""


FAILURES = (Failed, OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError)


def expect(condition, text):
    if not condition:
        raise Failed(text)


# ---- bounds


def bound(connections=0):
    """Seconds after which a wait is a hang, for a check with so many connections."""
    return PACE["factor"] * (60 + connections / 5)


def calibrate(connections=SAMPLE):
    """Measures the seconds of a connection for which PID 1 starts a process, and sets the bounds."""
    began = time.monotonic()
    for _ in range(connections):
        expect(is_ok(get()), "no page, in the first place")
    took = time.monotonic() - began
    PACE["factor"] = max(PACE["factor"], math.ceil(took / connections / QUICK))
    if PACE["factor"] > 1:
        print("# slow: %d connections, one after the other, took %.1f s; all bounds are %d times as long" % (
            connections, took, PACE["factor"]), flush=True)


def poll(question, seconds=None):
    """Asks the question until its answer is true or the time is over. Returns the last answer."""
    end = time.monotonic() + (seconds or bound())
    while not (answer := question()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer


# ---- commands and files in the machine


def inside(*command, check=True, both=False):
    """The output of a command that runs in the machine."""
    done = subprocess.run([*ENTER, *command], stdout=subprocess.PIPE, text=True, timeout=bound(),
                          stderr=subprocess.STDOUT if both else subprocess.PIPE, check=False)
    expect(done.returncode == 0 or not check, "%s: %s%s" % (" ".join(command), done.stdout, done.stderr or ""))
    return done.stdout


def systemctl(*words, **options):
    return inside("systemctl", *words, **options)


def write(name, text):
    os.makedirs(os.path.dirname(ROOT + name), exist_ok=True)
    with open(ROOT + name, "w", encoding="utf-8") as file:
        file.write(text)


def undo():
    """Removes the drop-ins of the check."""
    if not MADE:
        return
    while MADE:
        os.unlink(ROOT + MADE.pop())
    systemctl("daemon-reload")


def drop_in(unit, name, text=None):
    """Adds a drop-in to the unit until undo(): one that is installed, or one with the given text."""
    path = "%s/%s.d/%s" % (SYSTEM, unit, name)
    if text is None:
        with open(ROOT + SHARE + "/" + name, encoding="utf-8") as file:
            text = file.read()
    write(path, text)
    MADE.append(path)
    systemctl("daemon-reload")


def patient():
    """Until undo(), handlers wait long enough for the rest of a request, even on a slow machine."""
    drop_in("httpd@.service", "patient.conf", "[Service]\nEnvironment=HTTPD_OPTIONS=--timeout=%d\n" % min(
        86400, bound(3000)))


def journal(since, *matches):
    lines = inside("journalctl", "-o", "json", "--since=@%.6f" % since, *matches)
    return [json.loads(line) for line in lines.splitlines()]


def handlers():
    """The units of the open connections."""
    listed = systemctl("list-units", "--no-legend", "--plain", "--state=running", "httpd@*.service")
    return [line.split()[0] for line in listed.splitlines()]


def all_gone():
    """Waits until no connection is left; gives up when their number stays the same for too long."""
    left, end = len(handlers()), time.monotonic() + bound()
    while left and time.monotonic() < end:
        time.sleep(0.05)
        if (now := len(handlers())) < left:
            left, end = now, time.monotonic() + bound()
    return not left


# ---- clients


def connect(source="127.0.0.1", port=80, to="127.0.0.1", seconds=None):
    return socket.create_connection((to, port), seconds or bound(), (source, 0))


def request(path="/style.css", agent="checks"):
    return b"GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: %s\r\nConnection: close\r\n\r\n" % (
        path.encode(), agent.encode())


def rest(s):
    """All bytes until the other side closes; empty after a reset."""
    response = b""
    try:
        while piece := s.recv(65536):
            response += piece
    except OSError:
        return b""
    return response


def get(path="/style.css", source="127.0.0.1", port=80, agent="checks", to="127.0.0.1", seconds=None):
    """The whole response; empty where there is none."""
    try:
        with connect(source, port, to, seconds) as s:
            s.sendall(request(path, agent))
            return rest(s)
    except OSError:
        return b""


def is_ok(response):
    return response.startswith(b"HTTP/1.1 200 ")


def half_open(source="127.0.0.1", agent="half", to="127.0.0.1", port=80):
    """A connection whose request lacks its last line end."""
    s = connect(source, port, to)
    s.sendall(request("/picture.jpg", agent)[:-2])
    return s


def finish(s):
    """Completes the request of half_open(). Returns the response."""
    with s:
        try:
            s.sendall(b"\r\n")
        except OSError:
            return b""
        return rest(s)


# ---- the checks


def run_checks(functions, name=""):
    """Runs each function whose name begins with check_, or those that ONLY names; its docstring is what it proves.

    Prints a line for each. What the function returns is a remark for it. Returns how many failed.
    """
    version = systemctl("--version").split()[1]
    only = os.environ.get("ONLY", "").split()
    failed = 0
    for function, check in list(functions.items()):
        if not function.startswith("check_") or (only and function[6:] not in only):
            continue
        signal.alarm(int(bound(5000)))  # the last resort, if a bound is missing
        began = time.monotonic()
        more, verdict = "", "ok"
        for step in check, undo:
            try:
                more = step() or more
            except LeftOut as reason:
                more, verdict = str(reason), "left out:"
            except FAILURES as problem:
                more, verdict = "%s: %s" % (type(problem).__name__, problem), "not ok"
        failed += verdict == "not ok"
        text = "%s systemd %s: %s%s%s" % (verdict, version, name, check.__doc__, " (%s)" % more if more else "")
        print("%s [%.1f s]" % (text.replace("\n", "\n    "), time.monotonic() - began), flush=True)
    signal.alarm(0)
    return failed
