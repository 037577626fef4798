# SPDX-License-Identifier: ISC
"""
Random cases, each made from SEED and its number alone, dealt out to as many processes as there are processors, until
they are all done or the time is up. SEED=n CASE=m runs one case, SEED=new others than usual; TIMES=n runs n times as
many, n times as long; with FIRST_FAILURE=1 nothing more begins after a failure.
"""
import mmap
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

from lib.site import Site

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))
import machine
from machine import TOP

SEED = os.environ.get("SEED") or "1"
SEED = int.from_bytes(os.urandom(4), "big") if SEED == "new" else int(SEED)
CASE = int(os.environ.get("CASE") or -1)
TIMES = int(os.environ.get("TIMES") or 1)
FIRST_FAILURE = bool(os.environ.get("FIRST_FAILURE"))
NOBODY = 65534
PATIENCE = machine.HANG  # seconds until a server that says nothing more has failed


class Builds:
    """Copies of the two programs where everybody can run them, in a directory that everybody can enter."""

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="httpd-property-")
        self.sites = self.dir + "/sites"  # where the cases put theirs, whoever plays them
        os.mkdir(self.sites)
        os.chmod(self.dir, 0o755)
        os.chmod(self.sites, 0o777)
        self.httpd = {}
        for name, built in [("full", machine.made("build/httpd")),
                            ("portable", machine.made("build/portable/httpd", "BUILD=build/portable", "PORTABLE=1"))]:
            if built is None:
                machine.left_out(f"the properties of the {name} build", "it is not built")
                continue
            self.httpd[name] = os.path.join(self.dir, name)
            shutil.copy(built, self.httpd[name])
        return self

    def __exit__(self, *exception):
        subprocess.run(["chmod", "-R", "u+rwx", self.dir], check=False)
        shutil.rmtree(self.dir)


SITES = {}


def shared_site(builds, number, **sizes):
    """A site that serves some of a hundred cases; which one does not hang on which process plays them."""
    which = number // 100 * 8 + number % 8
    if which not in SITES:
        base = tempfile.mkdtemp(prefix=f"{which}-", dir=builds.sites)
        os.chmod(base, 0o755)
        SITES[which] = Site(base + "/s", random.Random(f"{SEED}/site/{which}"), **sizes)
    return SITES[which]


class Server:
    """An httpd with a socket pair's other end as its connection, and a file for its log."""

    def __init__(self, httpd, *args):
        self.sock, end = socket.socketpair()
        self.sock.settimeout(PATIENCE)
        self.log = os.memfd_create("log")
        actions = [(os.POSIX_SPAWN_DUP2, end.fileno(), 0), (os.POSIX_SPAWN_DUP2, end.fileno(), 1),
                   (os.POSIX_SPAWN_DUP2, self.log, 2)]
        self.pid = os.posix_spawn(httpd, [httpd, *args], {}, file_actions=actions)
        end.close()

    def rest(self, parts=None):
        """All that comes until the end, and what is in `parts`, which also keep what comes before a reset."""
        parts = [] if parts is None else parts
        while part := self.sock.recv(1 << 20):
            parts.append(part)
        return b"".join(parts)

    def end(self):
        """What it logged; it must have exited with 0, or does so now that the client has gone."""
        self.sock.close()
        status = wait(self.pid)
        log = os.pread(self.log, 1 << 20, 0)
        os.close(self.log)
        if status != 0:
            raise AssertionError(f"wait status {status:#x}; log {log!r}")
        return log


def wait(pid):
    """Reaps it, within the patience there is; kills what does not end by itself."""
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.alarm(PATIENCE)
    try:
        return os.waitpid(pid, 0)[1]
    finally:
        signal.alarm(0)


def can_trace():
    """Why strace cannot be used here; nothing where it can."""
    try:
        done = subprocess.run(["strace", "-o", "/dev/null", "-e", "inject=getppid:error=EPERM", "true"], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=machine.HANG)
    except FileNotFoundError:
        return machine.missing("strace")
    return "" if done.returncode == 0 else "this system does not let strace trace"


def ask(httpd, args, data):
    """All that is answered to these bytes, which the client sends at once, and then no more."""
    server = Server(httpd, *args)
    try:
        server.sock.sendall(data)
        server.sock.shutdown(socket.SHUT_WR)
        answer = server.rest()
    finally:
        log = server.end()
    return answer, log


def masked(answer):
    """Without what the clock puts there: the Date. Other times are those of files, which may be that very second's."""
    return re.sub(rb"\r\nDate: [^\r]*\r\n", b"\r\nDate: (now)\r\n", answer)


def work(numbers, deadline, case, become, out, enough):
    """In a process of its own: a line for its failure, then how many cases it has done. `enough` is a byte that all these
    processes share; when it is not 0, no more cases begin."""
    done = 0
    if become is not None:
        os.setgroups([])
        os.setgid(become)
        os.setuid(become)
    for number in numbers:
        if done > 0 and (time.monotonic() > deadline or enough[0]):
            break
        try:
            case(random.Random(f"{SEED}/{number}"), number)
        except BaseException as error:  # whatever it is: the parent must hear of it
            where = traceback.extract_tb(error.__traceback__)[-1]
            out.write(f"CASE={number}: {type(error).__name__}: {error} ({os.path.basename(where.filename)}:"
                      f"{where.lineno})\n")
            enough[0] = FIRST_FAILURE
            break
        done += 1
    out.write(f"done {done}\n")
    out.flush()


def cases(name, count, seconds, case, become=None):
    """Counts one test: `count` random cases, of which none may raise. After so many seconds no more of them begin."""
    count, seconds = count * TIMES, seconds * TIMES
    deadline = time.monotonic() + seconds
    workers, done, failures, enough = [], 0, [], mmap.mmap(-1, 1)
    processors = len(os.sched_getaffinity(0))
    for i in range(processors):
        numbers = range(i, count, processors) if CASE < 0 else [CASE][i:]
        out = tempfile.TemporaryFile("w+")
        pid = os.fork()
        if pid == 0:
            work(numbers, deadline, case, become, out, enough)
            os._exit(0)
        workers.append((pid, out))
    for pid, out in workers:
        os.waitpid(pid, 0)
        out.seek(0)
        lines = out.read().splitlines()
        failures += lines[:-1] if lines and lines[-1].startswith("done ") else lines + ["a process of the test ended"]
        done += int(lines[-1][5:]) if lines and lines[-1].startswith("done ") else 0
    if failures or done == 0:
        machine.Count.failed += 1
        print(f"not ok {name}: after {done} cases, with SEED={SEED}:")
        for line in failures:
            print("    " + line[:2000])
        if FIRST_FAILURE:
            finish()
    else:
        machine.Count.passed += 1
        print(f"ok {name}: {done} of {count} cases" + ("" if done >= count else "; the time was up"))
    sys.stdout.flush()


def begin():
    print(f"SEED={SEED}")
    sys.stdout.flush()


def finish():
    machine.finish()
