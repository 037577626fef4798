# SPDX-License-Identifier: ISC
"""Runs each function test_... of a script: with each build, or those that the command line names, where it takes one."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))
import machine
from machine import HANG, PACE, TOP, left_out  # noqa: F401 -- for those who import this

BUILDS = sys.argv[1:] or ("build/httpd", "build/portable/httpd")


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def run_tests(names):
    """Of the script's globals(): runs each test, with each build, and counts them. Returns what to exit with. With
    FIRST_FAILURE=1 in the environment the first failure is the last test."""
    tests = [value for name, value in names.items() if name.startswith("test_")]
    builds = [build for build in BUILDS if sys.argv[1:] or os.path.exists(os.path.join(TOP, build))]
    for build in sorted(set(BUILDS) - set(builds)):
        left_out(f"the tests with {build}", "it is not built")
    runs = [(build, test) for build in builds for test in tests if test.__code__.co_argcount]
    runs += [(None, test) for test in tests if not test.__code__.co_argcount]
    for build, test in runs:
        try:
            test(*([os.path.join(TOP, build)] if build else []))
            machine.Count.passed += 1
        except Exception as error:  # whatever it is, the others go on
            machine.Count.failed += 1
            print(f"not ok {build or 'make'} {test.__name__}: {type(error).__name__}: {error}")
            if os.environ.get("FIRST_FAILURE"):
                break
    print(f"{machine.Count.passed} passed, {machine.Count.failed} failed")
    return machine.Count.failed != 0
