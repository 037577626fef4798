# SPDX-License-Identifier: ISC
"""Runs each function test_... of a script: with each build, or those that the command line names, where it takes one."""
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BUILDS = sys.argv[1:] or ("build/httpd", "build/portable/httpd")
LEFT_OUT = set()  # what this machine could not do, and why


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def run_tests(names):
    """Of the script's globals(); what to exit with."""
    passed = failed = 0
    tests = [value for name, value in names.items() if name.startswith("test_")]
    runs = [(build, test) for build in BUILDS for test in tests if test.__code__.co_argcount]
    runs += [(None, test) for test in tests if not test.__code__.co_argcount]
    for build, test in runs:
        try:
            test(*([os.path.join(TOP, build)] if build else []))
            passed += 1
        except Exception as error:  # whatever it is, the others go on
            print(f"not ok {build or 'make'} {test.__name__}: {type(error).__name__}: {error}")
            failed += 1
    for text in sorted(LEFT_OUT):
        print(f"left out: {text}")
    print(f"{passed} passed, {failed} failed")
    return failed != 0
