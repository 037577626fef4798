#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
Runs a command, and ends all that it started when it is interrupted: guard.py COMMAND...

Ctrl-C reaches one group of processes, and a shell waits for a command that does not heed it: timeout gives its command a
group of its own, and process 1 of a namespace ignores it. So all that the command starts bears a mark in its environment,
and ends when this process gets SIGINT, SIGHUP or SIGTERM. Without /proc, as on a BSD, nothing but the signal itself does.
"""
import os
import signal
import subprocess
import sys
import time

VARIABLE = "CHECK_RUN"
PATIENCE = 15  # seconds for a process that cleans up; PACE times as long on a slow machine
GRACE = 2  # seconds for one that is deaf to SIGTERM


def marked(mark):
    """The processes whose environment has the mark, but this one."""
    wanted, found = f"{VARIABLE}={mark}".encode(), []
    for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc/self") else []):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if wanted in file.read().split(b"\0") and int(pid) != os.getpid():
                    found.append(int(pid))
        except OSError:  # it has ended
            pass
    return found


def send(number, pids):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
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


def end(mark):
    """Ends the marked processes. One that is deaf to SIGTERM is killed soon, as another may wait for it before it cleans up."""
    began, pace = time.monotonic(), max(1, int(os.environ.get("PACE") or 1))
    send(signal.SIGTERM, marked(mark))
    while (left := marked(mark)) and time.monotonic() < began + PATIENCE * pace:
        time.sleep(0.2)
        if time.monotonic() > began + GRACE * pace:
            send(signal.SIGKILL, [pid for pid in left if deaf(pid)])
    send(signal.SIGKILL, left)


class Interrupted(Exception):
    pass


def interrupt(number, _):
    raise Interrupted(number)


def main():
    mark = os.environ.get(VARIABLE) or str(os.getpid())
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)
    with subprocess.Popen(sys.argv[1:], env={**os.environ, VARIABLE: mark}) as child:
        try:
            return child.wait()
        except Interrupted as signalled:
            for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            print("interrupted; waiting for the end of what runs", file=sys.stderr, flush=True)
            end(mark)
            return 128 + signalled.args[0]


if __name__ == "__main__":
    sys.exit(main())
