#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Which lines and branches of httpd the unit tests, the wire cases, process.py and check.py run: coverage.py NAME...

The names are those of the sources, without .c. The build for this system and the portable one are taken together: a
line has run when it ran in one of them. Below 95 % of the lines or 85 % of the branches it fails. MISSING=1 shows what
has not run, a branch as LINE:NUMBER. gcovr cannot merge the two builds, as some functions are there twice."""
import collections
import glob
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from machine import PACE
OUT = "build/coverage"
LEAST = {"lines": 95, "branches": 85}
VARIANTS = {"full": [], "portable": ["-DPORTABLE"]}


def build(variant, flags, names):
    """gcov.c opens libgcov's files before httpd loses the right to. So they have to exist."""
    data = os.path.join(TOP, OUT, variant)
    os.makedirs(data, exist_ok=True)
    paths = [f"{data}/{os.path.basename(name)}.gcda" for name in names]
    files = "-DFILES=" + ", ".join(f'{{"{path}", -1}}' for path in paths)
    subprocess.run(["gcc", "-D_GNU_SOURCE", files, "-Wall", "-Wextra", "-c", "-o", data + ".o", "tests/tools/gcov.c"],
                   check=True)
    env = {**os.environ, "CC": "gcc", "LDLIBS": data + ".o -Wl,--wrap=open,--wrap=syscall"}
    subprocess.run(["tests/tools/build", data, "--coverage", "-O0", *flags], env=env, check=True)
    for path in paths:
        open(path, "xb").close()  # the build has removed earlier ones


def play():
    """Runs all tests that count, several at a time. Returns those that failed."""
    both = [f"{OUT}/{name}/httpd" for name in VARIANTS]
    commands = {name: ["python3", f"tests/e2e/{name}.py", *both] for name in ("process", "check")}
    for name in VARIANTS:
        commands["unit-" + name] = ["tests/tools/units", f"{OUT}/{name}"]
        commands["wire-" + name] = ["build/wire/play", f"{OUT}/{name}/httpd", "build/wire/root",
                                    *sorted(glob.glob("tests/wire/*.req"))]
    running = {}
    for what, command in commands.items():
        with open(f"{OUT}/{what}.log", "wb") as log:
            running[what] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    failed = []
    for what, process in running.items():
        status = process.wait(600 * PACE)
        with open(f"{OUT}/{what}.log", encoding="utf-8", errors="replace") as log:
            text = log.read()
        bad = [line for line in text.splitlines() if line.startswith(("FAIL", "not ok", "[  FAILED", "libgcov", "profil"))]
        if status != 0 or bad or "broke down" in text:
            failed.append(f"{what}, of exit status {status}, see {OUT}/{what}.log: {' / '.join(bad[:5])}")
    return failed


def counts(sources):
    """Executions of each line and branch: {file: {line: n}}, {file: {(line, branches there, number): n}}."""
    lines = {file: collections.Counter() for file in sources}
    branches = {file: collections.Counter() for file in sources}
    for name in VARIANTS:
        # A source without functions in this build, or of httpd-status alone, has no data, which gcov would report as a
        # failure.
        data = (path for path in glob.glob(f"{OUT}/{name}/*.gcda") if os.path.getsize(path) > 0)
        notes = sorted(os.path.basename(path)[:-len("gcda")] + "gcno" for path in data)
        said = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *notes], check=True,
                              cwd=f"{OUT}/{name}", capture_output=True, text=True).stdout
        for report in said.splitlines():
            for file in json.loads(report)["files"]:
                path = os.path.relpath(os.path.realpath(os.path.join(TOP, OUT, name, file["file"])), TOP)
                if path not in sources:
                    continue
                for line in file["lines"]:
                    lines[path][line["line_number"]] += line["count"]
                    for i, branch in enumerate(line["branches"]):
                        branches[path][line["line_number"], len(line["branches"]), i] += branch["count"]
    return lines, branches


def share(table):
    run = sum(1 for n in table.values() if n > 0)
    return run, len(table), 100 * run / len(table) if table else 100


def main(names):
    os.chdir(TOP)
    for name, flags in VARIANTS.items():
        build(name, flags, names)
    failed = play()
    for what in failed:
        print("does not pass when it is counted:", what)
    lines, branches = counts([f"src/{name}{suffix}" for name in names for suffix in (".c", ".h")])
    total = {"lines": {}, "branches": {}}
    for file in sorted(lines):
        if not lines[file]:
            continue
        print("%-20s %4d of %4d lines %5.1f %%  %4d of %4d branches %5.1f %%" %
              (file, *share(lines[file]), *share(branches[file])))
        if os.environ.get("MISSING"):
            print("   ", *sorted(line for line, n in lines[file].items() if n == 0))
            print("   ", *(f"{key[0]}:{key[2]}" for key, n in sorted(branches[file].items()) if n == 0))
        total["lines"].update({(file, key): n for key, n in lines[file].items()})
        total["branches"].update({(file, key): n for key, n in branches[file].items()})
    passed = 0
    for what, table in total.items():
        run, there, percent = share(table)
        print(f"TOTAL {run} of {there} {what}: {percent:.2f} %; at least {LEAST[what]} % is asked")
        passed += percent >= LEAST[what]
    print(f"{passed} passed, {2 - passed + len(failed)} failed")
    return passed < 2 or failed


sys.exit(1 if main(sys.argv[1:]) else 0)
