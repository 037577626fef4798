#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Ctrl-C ends a run of the tests, and each other target of make that takes long, with every process that it started, also
those in groups that a terminal does not reach."""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

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


# Programs that end by themselves what they started: interrupt() below shows it of the first, tests/e2e/night.py of the second.
BY_THEMSELVES = "tests/check", "tests/night"
# What stands for such a program, in its own language.
STAND_INS = {
    "sh": f"#!/bin/sh\necho begun >begun\ntimeout {machine.HANG * 5} sleep {machine.HANG * 5}\n",
    "python3": "#!/usr/bin/env python3\nimport subprocess\nopen('begun', 'w').close()\n"
               f"subprocess.run(['timeout', '{machine.HANG * 5}', 'sleep', '{machine.HANG * 5}'])\n"}


def start(place, mark, *command):
    """Runs a command on a terminal; the id of the process and the terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what runs in the background may ignore it
        os.chdir(place)
        os.environ.update(CHECK="systems", LAYERS="main", CHECK_RUN=mark)
        os.execvp(command[0], command)
    return pid, terminal


def said(terminal):
    """All that comes from the terminal until the last process closes it, or is left."""
    text, end = b"", time.monotonic() + machine.HANG
    try:
        while select.select([terminal], [], [], max(0, end - time.monotonic()))[0] and (part := os.read(terminal, 4096)):
            text += part
    except OSError:  # Linux says so that the last process has closed it
        pass
    return text.decode(errors="replace")


def press(place, name, *command):
    """Runs a command until it is busy, and presses Ctrl-C. Returns the status of its end."""
    mark = f"interrupted-{os.getpid()}-{name}"
    pid, terminal = start(place, mark, *command)
    machine.check(f"{name}: it is running", machine.until(lambda: os.path.exists(f"{place}/begun")))
    machine.check(f"{name}: its processes bear the mark of the run", guard.marked(mark))
    os.write(terminal, b"\x03")
    text = said(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    machine.check(f"{name}: it says that it is interrupted", "interrupted" in text, text)
    left = guard.marked(mark)
    machine.check(f"{name}: no process is left", not left, left)
    for other in left:
        os.kill(other, 9)
    os.close(terminal)
    if os.path.exists(f"{place}/begun"):
        os.remove(f"{place}/begun")
    return status


def interrupt(place):
    with open(f"{place}/make", "w", encoding="utf-8") as file:
        file.write(STAND_IN)
    os.chmod(f"{place}/make", 0o755)
    status = press(place, "check", "env", f"MAKE={place}/make", "sh", "tests/check")
    machine.check("check: Ctrl-C ends it", status == 130, status)


def recipes():
    """What recipes of the Makefile run of the tests: the target, the program, and whether GUARD runs it."""
    with open(f"{TOP}/Makefile", encoding="utf-8") as file:
        lines = file.read().replace("\\\n", " ").splitlines()
    found, target = [], None
    for line in lines:
        if line.startswith("\t"):
            found += [(target, program, bool(guarded)) for guarded, program in
                      re.findall(r"(\$\(GUARD\) )?(?:(?:sh|python3) )?(tests/[\w./-]+)", line)]
        elif rule := re.match(r"([\w-]+):(?!=)", line):
            target = rule[1]
    return [row for row in found if row[1] not in BY_THEMSELVES]


def stand_in(path, end):
    """Puts a program in the place of another, in its language: one that takes long, or that ends at once."""
    with open(path, encoding="utf-8") as file:
        first = file.readline()
    with open(path, "w", encoding="utf-8") as file:
        file.write(first if end else STAND_INS["python3" if "python3" in first else "sh"])


def interrupt_long(place):
    found = recipes()
    machine.check("the Makefile has targets that run programs of the tests", found)
    for target, program, guarded in found:
        if machine.check(f"{target}:{program}: GUARD runs it", guarded):
            for _, other, _ in found:
                stand_in(f"{place}/{other}", other != program)
            status = press(place, f"{target}:{program}", "make", "-s", target)
            machine.check(f"{target}:{program}: make ends by the signal, for a shell 130", status == -signal.SIGINT, status)


def within_another():
    mark, sleep = guard.new_mark(), ["sleep", str(machine.HANG * 5)]
    bearing = {**os.environ, **guard.environment(mark)}
    with subprocess.Popen(sleep, env=bearing) as outer:
        with subprocess.Popen([sys.executable, guard.__file__, *sleep], env=bearing) as inner:
            machine.check("a run within a run has begun", machine.until(lambda: len(guard.marked(mark)) == 3))
            inner.terminate()
            machine.check("its status tells the signal", inner.wait(machine.HANG) == 128 + signal.SIGTERM, inner.returncode)
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
        interrupt_long(directory)
    within_another()
machine.finish()
