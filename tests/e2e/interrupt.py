#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Ctrl-C ends a run of the tests with every process that it started, also those in groups that a terminal does not reach."""
import os
import pty
import signal
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
import guard
import machine

# What stands for make. The build fails before the lists of parts begin; in one of them it takes long, and timeout gives it
# a group of its own, in which nothing ends by Ctrl-C.
STAND_IN = f"""#!/bin/sh
case $* in *jobs.mk*) exec make "$@" ;; esac
if [ ! -e failed ]; then
	echo failed >failed
	exit 1
fi
echo begun >begun
exec timeout {machine.HANG * 5} sleep {machine.HANG * 5}
"""


def start(place, mark):
    """Runs a part of the tests on a terminal; the id of the process and the terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what runs in the background may ignore it
        os.chdir(place)
        os.environ.update(CHECK="systems", MAKE=f"{place}/make", LAYERS="main", CHECK_RUN=mark)
        os.execvp("sh", ["sh", "tests/check"])
    return pid, terminal


def said(terminal):
    """All that comes from the terminal until it is closed."""
    text = b""
    try:
        while part := os.read(terminal, 4096):
            text += part
    except OSError:  # Linux says so that the last process has closed it
        pass
    return text.decode(errors="replace")


def interrupt(place):
    mark = f"interrupted-{os.getpid()}"
    with open(f"{place}/make", "w", encoding="utf-8") as file:
        file.write(STAND_IN)
    os.chmod(f"{place}/make", 0o755)
    pid, terminal = start(place, mark)
    machine.check("a part is running", machine.until(lambda: os.path.exists(f"{place}/begun")))
    machine.check("its processes bear the mark of the run", guard.marked(mark))
    os.write(terminal, b"\x03")
    text = said(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    machine.check("Ctrl-C ends the run", status == 130, status, text)
    machine.check("it says so", "interrupted" in text, text)
    left = guard.marked(mark)
    machine.check("no process is left", not left, left)
    for other in left:
        os.kill(other, 9)


def within_another():
    mark, sleep = guard.new_mark(), ["sleep", str(machine.HANG * 5)]
    bearing = {**os.environ, **guard.environment(mark)}
    with subprocess.Popen(sleep, env=bearing) as outer:
        with subprocess.Popen([sys.executable, guard.__file__, *sleep], env=bearing) as inner:
            machine.check("a run within a run has begun", machine.until(lambda: len(guard.marked(mark)) == 3))
            inner.terminate()
        left = guard.marked(mark)
        machine.check("it ends without the outer one", left == [outer.pid], left, outer.pid)
        outer.kill()


if not os.path.exists("/proc/self/environ"):
    machine.left_out("an interrupted run", "there is no /proc/PID/environ")
elif why := machine.lacking("make", "timeout", "sleep"):
    machine.left_out("an interrupted run", why)
else:
    with tempfile.TemporaryDirectory() as directory:
        machine.copy_of_tree(directory)
        interrupt(directory)
    within_another()
machine.finish()
