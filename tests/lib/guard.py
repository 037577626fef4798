#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
Runs a command, and ends all that it started when it is interrupted: guard.py COMMAND...

Ctrl-C reaches one group of processes, and a shell waits for a command that does not heed it: timeout gives its command a
group of its own, and process 1 of a namespace ignores it. So all that the command starts bears a mark in its environment,
and ends when this process gets SIGINT, SIGHUP or SIGTERM. A run within a run bears both marks, and ends without the outer
one. Without /proc, as on a BSD, the command alone gets the signal.
"""
import os
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import machine

VARIABLE = "CHECK_RUN"  # the marks, with a blank between them
SIGNALS = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
PATIENCE = 15  # seconds for a process that cleans up; PACE times as long on a slow machine
GRACE = 2  # seconds for one that is deaf to SIGTERM


def new_mark():
    """A mark that no other run has, also not one in another namespace of process ids."""
    return f"{os.getpid()}-{time.time_ns()}"


def environment(mark):
    """What a command gets in its environment to bear this mark, besides those that this process bears."""
    return {VARIABLE: f"{os.environ.get(VARIABLE, '')} {mark}".strip()}


def marked(mark):
    """The processes whose environment has the mark, but this one."""
    name, found = f"{VARIABLE}=".encode(), []
    for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc/self") else []):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                marks = [text.removeprefix(name).split() for text in file.read().split(b"\0") if text.startswith(name)]
            if int(pid) != os.getpid() and any(mark.encode() in words for words in marks):
                found.append(int(pid))
        except OSError:  # it has ended, or is another user's
            pass
    return found


def send(number, pids):
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            pass


def deaf(pid):
    """Whether no SIGTERM ends the process: it blocks or ignores it, or is process 1 of a namespace."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            status = dict(line.split(":", 1) for line in file.read().splitlines())
    except OSError:  # it has ended
        return False
    shut = int(status["SigBlk"], 16) | int(status["SigIgn"], 16)
    ids = status.get("NSpid", "").split()
    return bool(shut >> signal.SIGTERM - 1 & 1) or len(ids) > 1 and ids[-1] == "1"


def end(mark, pace):
    """Ends the marked processes. One that is deaf to SIGTERM is killed soon, as another may wait for it before it cleans up."""
    began = time.monotonic()
    send(signal.SIGTERM, marked(mark))
    while (left := marked(mark)) and time.monotonic() < began + PATIENCE * pace:
        time.sleep(0.2)
        if time.monotonic() > began + GRACE * pace:
            send(signal.SIGKILL, [pid for pid in left if deaf(pid)])
    send(signal.SIGKILL, left)


class Interrupted(Exception):
    pass


def interrupt(number, _):
    for other in SIGNALS:  # a second one does not interrupt what ends the run
        signal.signal(other, signal.SIG_IGN)
    raise Interrupted(number)


def main():
    mark, child = new_mark(), None
    try:
        for number in SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, interrupt)
        child = subprocess.Popen(sys.argv[1:], env={**os.environ, **environment(mark)})  # pylint: disable=consider-using-with
        return child.wait()
    except Interrupted as signalled:
        print("interrupted; waiting for the end of what runs", file=sys.stderr, flush=True)
        if child:
            child.terminate()
        end(mark, machine.PACE)
        if child:
            child.wait()
        return 128 + signalled.args[0]


if __name__ == "__main__":
    sys.exit(main())
