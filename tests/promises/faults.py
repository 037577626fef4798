# SPDX-License-Identifier: ISC
"""
The planted faults: tests/promises/faults/AREA, one file for each promise.

    promise: SENTENCE

    fault: what is wrong with it, in words
    in: ROOM/FILE of src
    found by: unit NAME | sanitized NAME | wire PATTERN... | process
    - text, a line or more, that stands in the file exactly once
    + text that takes its place; nothing where there is no such line

A line of text keeps what stands behind "- " as it is, blanks included.
"""
import glob
import os

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
README = os.path.join(TOP, "tests", "README.md")


class Fault:
    def __init__(self, area, promise, name):
        self.area, self.promise, self.name = area, promise, name
        self.file = self.test = ""
        self.old, self.new = [], []

    def source(self):
        with open(os.path.join(TOP, "src", self.file), encoding="utf-8") as file:
            return file.read()

    def planted(self):
        return self.source().replace("\n".join(self.old), "\n".join(self.new), 1)

    def misfit(self):
        """The reason why it cannot be planted, or None."""
        if not self.old or not self.test:
            return "has no text or no test"
        if not os.path.exists(os.path.join(TOP, "src", self.file)):
            return f"is of src/{self.file}, which is not there"
        count = self.source().count("\n".join(self.old))
        return None if count == 1 else f"does not fit src/{self.file}: its text stands there {count} times"


def read_area(path):
    area, promise, found = os.path.basename(path), "", []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().split("\n"), 1):
            key, _, value = line.partition(": ")
            if key == "promise":
                promise = value
            elif key == "fault":
                found.append(Fault(area, promise, value))
            elif key == "in":
                found[-1].file = value
            elif key == "found by":
                found[-1].test = value
            elif line.startswith("- "):
                found[-1].old.append(line[2:])
            elif line.startswith("+ "):
                found[-1].new.append(line[2:])
            elif line:
                raise SystemExit(f"{path}:{number}: is no line of a fault")
    return found


def read():
    """All faults, in the order of the areas."""
    return [fault for path in sorted(glob.glob(f"{HERE}/faults/*")) for fault in read_area(path)]


def tests_of(faults):
    units = sorted({fault.test.split()[1] for fault in faults if fault.test.startswith(("unit ", "sanitized "))})
    texts = [f"unit tests {', '.join(units)}"] if units else []
    texts += ["wire cases"] * any(fault.test.startswith("wire ") for fault in faults)
    texts += ["`tests/e2e/process.py`"] * any(fault.test == "process" for fault in faults)
    return "; ".join(texts)


def table():
    """The table in tests/README.md."""
    faults, lines = read(), ["| promised | faults | found by |", "| --- | --- | --- |"]
    for promise in dict.fromkeys(fault.promise for fault in faults):
        of_it = [fault for fault in faults if fault.promise == promise]
        lines.append(f"| {promise} | {len(of_it)} | {tests_of(of_it)} |")
    lines.append(f"| all | {len(faults)} | |")
    return "\n".join(lines) + "\n"


def misfits():
    """The mistakes in the faults and in the table, a line each."""
    wrong = [f"{fault.area}: {fault.name}: {why}" for fault in read() if (why := fault.misfit())]
    with open(README, encoding="utf-8") as file:
        if table() not in file.read():
            wrong.append("tests/README.md lacks the table that `tests/promises/run table` prints: put it there")
    return wrong
