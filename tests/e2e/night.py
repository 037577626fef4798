#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""make night, with stand-ins for its parts: it ends at a signal with what runs, goes on where it ended, and finds a part
that fails, also one that says nothing of tests. The part of the benchmark has the tree of a clean clone."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
import guard
import machine

# What stands for make notes what it was asked. The first time two targets fail in different ways, and a third takes long.
STAND_IN = f"""#!/bin/sh
echo "$*" >>asked
cat /proc/self/autogroup >>groups 2>/dev/null  # where the kernel has it, its nice value counts among sessions
env >environment
if [ ! -e second ]; then
	case $* in
	*check-promises*) exit 3 ;;
	*check-faults*) echo 'Good morning.'; exit 0 ;;
	*check-tools*) echo begun >begun; timeout {machine.HANG * 5} sleep {machine.HANG * 5} ;;
	esac
fi
case $* in
bench) exec sh tests/bench/run ;;
*coverage*) echo 'TOTAL 4075 of 4144 lines: 98.33 %; at least 95 % is asked' ;;
esac
echo '5 passed, 0 failed'
"""
# What stands for a measurement. As the real ones do, it wants what tests/bench/run makes.
MEASUREMENT = r"""#!/usr/bin/env python3
import sys
for name in "build/bench/httpd", "build/bench/site/page.html":
    with open(name, encoding="utf-8"):
        pass
name = " ".join(sys.argv).rpartition("/")[2]
print("left out: a quarter of it (not installed: a-tool)", file=sys.stderr)
print(f"server\tof nginx\tgoal\n{name}\t0.512\t>= 0.6{' MISSED' * (name == 'proxy')}")
"""
SCRIPTS = ("property/mutants", "property/all.py", "fuzz/run", "e2e/install.sh", "e2e/bsd.sh",
           "e2e/bsd-tools.sh", "e2e/link.sh", "e2e/supervisors.py")
WANTED = ("cc", "strace", "qemu-s390x-static", "slowhttptest", "mmdebstrap", "haproxy", "h2load", "wrk", "nginx", "tcpserver",
          "clang", "valgrind", "nft", "gcc", "musl-gcc", "afl-fuzz", "llvm-cov")

# Settings of the tests and of make, and what says how a machine reaches its tools and the network.
SETTINGS = ("ONLY", "SUITES", "UNITS", "LOAD", "SECONDS", "BENCH", "ROUNDS", "BATCHES", "TIMES", "SEED", "FULL", "CHECK", "CASE",
            "TOOLS", "PROOFS", "ARCHITECTURES", "KERNELS", "VERSION", "LAYERS", "BUILD", "LINK", "PORTABLE", "CFLAGS", "CDPATH")
MACHINE = ("LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH", "PKG_CONFIG_PATH", "MANPATH", "PYTHONPATH", "XDG_CACHE_HOME", "LC_TIME",
           "https_proxy", "SSL_CERT_FILE", "CURL_CA_BUNDLE")


def program(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)


def tree(place):
    """The program itself, and stand-ins for all that it runs."""
    program(f"{place}/Makefile", "")
    program(f"{place}/make", STAND_IN)
    shutil.copytree(f"{TOP}/tests/lib", f"{place}/tests/lib")
    shutil.copy(f"{TOP}/tests/night", f"{place}/tests/night")
    for name in SCRIPTS:
        python = name.endswith(".py")
        said = '"5 passed, 0 failed"'
        program(f"{place}/tests/{name}", f"#!/usr/bin/env python3\nprint({said})\n" if python else f"#!/bin/sh\necho {said}\n")
    for name in "keepalive", "proxy":
        program(f"{place}/tests/bench/{name}", MEASUREMENT)
    shutil.copy(f"{TOP}/tests/bench/run", f"{place}/tests/bench/run")
    program(f"{place}/build/httpd", "")
    for name in WANTED:
        program(f"{place}/bin/{name}", "#!/bin/sh\n")


def night(place, mark, **wanted):
    more = {"MAKE": f"{place}/make", "HOURS": "100", "PACE": str(machine.PACE), "PATH": f"{place}/bin:{os.environ['PATH']}"}
    kept = {name: value for name, value in os.environ.items() if name not in ("PARTS", "JOBS", guard.VARIABLE)}
    return subprocess.Popen([sys.executable, f"{place}/tests/night"], cwd=place, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env={**kept, **more, guard.VARIABLE: mark, **wanted})


def ended(process):
    """What it said, and its status."""
    said, _ = process.communicate(timeout=machine.HANG)
    return said, process.returncode


def asked(place, target):
    """How often the target was asked of make."""
    with open(f"{place}/asked", encoding="utf-8") as file:
        return sum(target in line.split() for line in file)


def interrupted(place, mark):
    process = night(place, mark)
    machine.check("a part is running", machine.until(lambda: os.path.exists(f"{place}/begun") or process.poll() is not None))
    process.send_signal(signal.SIGTERM)
    said, status = ended(process)
    machine.check("SIGTERM ends it", status == 128 + signal.SIGTERM, status, said)
    left = guard.marked(mark)
    machine.check("with all that it started", not left, left)
    for pid in left:
        os.kill(pid, 9)
    machine.check("a part that fails is told", "night: promises: FAILED (3)" in said, said)
    machine.check("a part that counts nothing fails", "night: faults: FAILED (it counted nothing)" in said, said)
    machine.check("a part that passes is good", "night: prove: good; 5 passed, 0 failed" in said, said)


def anew(place, mark):
    os.remove(f"{place}/begun")
    program(f"{place}/Makefile", "# another source\n")
    interrupted(place, mark)
    machine.check("another source is tested from the beginning", asked(place, "prove") == 2, asked(place, "prove"))


def resumed(place, mark):
    program(f"{place}/second", "")
    said, status = ended(night(place, mark))
    machine.check("the second time all is good", status == 0 and "Failed: nothing." in said, status, said)
    machine.check("what was good does not run again", asked(place, "prove") == 2, said)
    again = [target for target in ("check-promises", "check-faults", "check-tools") if asked(place, target) != 3]
    machine.check("what failed or was interrupted does", not again, again, said)
    machine.check("of the coverage it tells what was reached", "98.33 % of the lines" in said, said)
    wanted = "| 2 goals met, 1 missed; 3 left out |", "- proxy, 0.512, >= 0.6 MISSED\n", "- proxy --million, 0.512, >= 0.6\n"
    with open(f"{place}/build/night/keepalive.log", encoding="utf-8") as log:
        machine.check("it tells which goals a measurement missed", all(words in said for words in wanted), log.read())
    groups = open(f"{place}/groups", encoding="ascii").read().splitlines()
    machine.check("other work goes first", all(group.endswith(" nice 10") for group in groups), groups)
    machine.check("the page has them all", all(f"| {name} |" in said for name in ("prove", "promises", "tools", "merge")), said)


def some(place, mark):
    given = dict.fromkeys(SETTINGS + MACHINE, "/nowhere")
    said, status = ended(night(place, mark, PARTS="systemd", MAKEFLAGS=" -- PARTS=systemd", **given))
    machine.check("a part that is wanted runs again, and alone", status == 0 and "night: 1 of 1, systemd:" in said, status, said)
    with open(f"{place}/environment", encoding="utf-8") as file:
        got = {line.split("=")[0] for line in file}
    kept = got.intersection(SETTINGS + ("PARTS", "HOURS", "MAKEFLAGS"))
    machine.check("it gets the settings of no part", not kept, kept)
    lost = set(MACHINE) - got
    machine.check("it gets what describes the machine", not lost, lost)


def lacking(place, mark):
    with open(f"{place}/tests/night", encoding="utf-8") as file:
        text = file.read()
    program(f"{place}/tests/night", text.replace('"wrk"', '"no-such-tool"'))
    said, status = ended(night(place, mark, PARTS="keepalive systemd"))
    left_out = "night: 1 of 2, keepalive: left out: no-such-tool is missing" in said
    machine.check("a part whose tool is missing is left out, and no failure", status == 0 and left_out, status, said)
    machine.check("the next part runs", "night: systemd: good" in said, said)


if not os.path.exists("/proc/self/environ"):
    machine.left_out("make night", "there is no /proc/PID/environ")
elif why := machine.lacking("nice", "timeout", "sleep"):
    machine.left_out("make night", why)
else:
    with tempfile.TemporaryDirectory() as directory:
        tree(directory)
        for step in interrupted, anew, resumed, some, lacking:
            step(directory, f"night-{os.getpid()}")
machine.finish()
