# SPDX-License-Identifier: ISC
"""What the test scripts share: how slow this machine is, what it lacks, what is counted and how a failure is said.

A script counts with check() or ok(), names what it cannot do here with left_out(), and ends with finish().
"""
import functools
import glob
import os
import re
import shutil
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def pace():
    """PACE of the environment, a whole number: how many times slower than a quick machine this one starts processes and makes
    connections. 1 without it."""
    text = os.environ.get("PACE") or "1"
    if not re.fullmatch("0*[1-9][0-9]{0,5}", text):
        sys.exit(f"PACE={text!r} is no whole number from 1 on; without PACE, make check measures it")
    return int(text)


PACE = pace()
# Seconds after which a wait is a hang. No test passes or fails by a shorter time.
HANG = 60 * PACE


class Count:
    passed = failed = 0
    left_out = set()


def check(name, condition, *seen):
    """Counts a test: its name, whether it passes, and what was seen instead. Returns whether it passes."""
    if condition:
        Count.passed += 1
    else:
        Count.failed += 1
        print("not ok", name, *(f"\n    {str(s)[:2000]}" for s in seen))
    return condition


def left_out(what, why):
    """Prints, once, what this machine cannot test. It is no failure."""
    line = f"left out: {what} ({why})"
    if line not in Count.left_out:
        Count.left_out.add(line)
        print(line)


def finish():
    print(f"{Count.passed} passed, {Count.failed} failed", flush=True)
    sys.exit(Count.failed != 0)


def until(condition, seconds=HANG):
    """Waits until the condition is true. Returns its last value."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return value


@functools.cache
def package_of(program):
    """Debian's package of the program by tests/packages, else the program's own name."""
    for path in sorted(glob.glob(os.path.join(TOP, "tests", "packages", "*"))):
        with open(path, encoding="utf-8") as file:
            for line in file:
                words = line.split()
                if words[1:2] == ["tool:" + program]:
                    return words[0].replace("|", " or ")
    return program


def missing(program):
    """The text for a program that has to be installed."""
    return f"{program} is missing; install {package_of(program)}"


def program(name):
    """The path of a program, or None."""
    return shutil.which(name, path=os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin")


def lacking(*programs):
    """The text for the first of these programs that is missing; empty where all are there."""
    return next((missing(name) for name in programs if not program(name)), "")


def copy_of_tree(place):
    """Copies the files and directories of the tree that make and the tests need, without what was built."""
    for name in ("Makefile", "src", "tests", "www"):
        path = os.path.join(TOP, name)
        if os.path.isdir(path):
            shutil.copytree(path, os.path.join(place, name), symlinks=True)
        else:
            shutil.copy(path, place)


def made(target, *settings):
    """Has make build a file if it is out of date. Without make or a compiler an existing file is used. Returns its path,
    or None where there is none."""
    path = os.path.join(TOP, target)
    make = os.environ.get("MAKE") or "make"
    compiler = (os.environ.get("CC") or "cc").split()[0]
    if program(make) and program(compiler):
        subprocess.run([make, *settings, target], cwd=TOP, check=True, stdout=subprocess.DEVNULL)
    return path if os.path.exists(path) else None
