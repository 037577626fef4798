#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
The branches for FreeBSD, NetBSD, OpenBSD, DragonFly and macOS, run on Linux over a model of those kernels
(tests/bsd-model). Each system answers the wire cases whose files, links, rights or logs its kernel handles in its own
way, and all others are shared among the systems by turns; what a case cannot say is tried by itself. FULL=1, in
`make check-promises`: every case on every system in all its ways, the builds with PORTABLE=1 as well, and faults that are
planted into copies of the source, to see that they are found.
It is a model: it shows nothing of what its author has misread.
"""
import contextlib
import glob
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from machine import HANG, TOP, Count, check, finish, lacking, left_out, made

MODEL = os.path.join(TOP, "tests", "bsd-model")
STUBS = os.path.join(TOP, "tests", "bsd-stubs", "freebsd")
CASES = sorted(glob.glob(os.path.join(TOP, "tests", "wire", "*.req")))
CC = (os.environ.get("CC") or "cc").split()
IS_ROOT = os.geteuid() == 0
SYSTEMS = ["freebsd", "netbsd", "openbsd", "dragonfly", "macos"]

# ---- what differs between the systems, and is documented (tests/bsd-model/README) ----

# All pipes have the same st_dev and st_ino. So a log pipe cannot be told from the answer's, and records go to syslog.
UNNUMBERED = ["netbsd", "openbsd"]
# openat has no flag for searching alone. So each directory of a path has to be readable.
READS_TO_PASS = ["netbsd", "openbsd", "dragonfly"]
# A listening socket cannot be told from one that is not connected.
HIDES_LISTENER = ["macos"]
# The calls that enter the sandbox, in order.
CONFINED = {
    "freebsd": ["cap_rights_limit", "cap_enter"],
    "openbsd": ["unveil r", "unveil no more", "pledge stdio rpath"],
}


# ---- building ----

def output_of(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=10 * HANG, check=False,
                          text=True, errors="replace", **more)


def value_of(text):
    done = output_of("sh", "tests/lint/make-value", text, cwd=TOP)
    return done.stdout.split()


# Functions of C that make no system call.
PURE = set("""__errno_location ___errno_location errno bsearch getenv inet_pton memchr memcmp memcpy memmove memset strchr
    strcmp strcpy strcspn strerror strlen strncmp strpbrk strrchr strspn htonl ntohl htons ntohs __stack_chk_fail
    _GLOBAL_OFFSET_TABLE_ __assert_fail sigaddset sigemptyset""".split())
SANDBOX = {"pledge", "unveil", "cap_enter", "cap_rights_limit", "stub_rights_init"}


def unknown_calls(objects):
    """The functions that httpd calls and the model does not know."""
    with open(os.path.join(MODEL, "calls.h"), encoding="ascii") as file:
        modelled = set(re.findall(r"^#define (\w+)\(.*MODEL_CALL\(\1,", file.read(), re.M))
    wanted, there = set(), set()
    for line in output_of("nm", *objects).stdout.splitlines():
        words = line.split()
        if len(words) == 2 and words[0] == "U":
            wanted.add(words[1])
        elif len(words) == 3 and words[1].isupper():
            there.add(words[2])
    return sorted(name for name in wanted - there - PURE - SANDBOX - modelled if not name.startswith("model_"))


# The rooms whose files ask nothing of a system, as tests/lint/pure makes sure: compiled once, for all systems.
ASKS_NOTHING = re.compile("(base|http)/")


def compile_common():
    os.mkdir(COMMON)
    files = [os.path.join(TOP, "src", name + ".c") for name in FILES if ASKS_NOTHING.match(name)]
    done = output_of(*CC, "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-O0", f"-I{BUILT}", f"-I{TOP}/src", "-c",
                     *files, cwd=COMMON)
    return check("the rooms base and http compile", done.returncode == 0, done.stdout)


class Build:
    """httpd built for one system as a program of this one. `broken` is the reason where the build fails."""

    def __init__(self, work, system, portable, source):
        self.system, self.portable = system, portable
        self.name = f"{system}{' PORTABLE=1' if portable else ''}"
        self.httpd = os.path.join(work, "httpd")
        os.makedirs(work, exist_ok=True)
        model = [*CC, "-std=c11", f"-DMODEL_{system.upper()}", "-Wall", "-Wextra", "-Werror", f"-I{STUBS}", "-O0"]
        include = ["-D_GNU_SOURCE", "-include", os.path.join(MODEL, "calls.h"), '-DVERSION_TEXT="0"', f"-I{BUILT}",
                   f"-I{source}", *(["-DPORTABLE"] if portable else [])]
        files = [os.path.join(source, name + ".c") for name in FILES if not ASKS_NOTHING.match(name)]
        done = output_of(*model, *include, "-c", *files, cwd=work)
        self.objects = glob.glob(os.path.join(work, "*.o")) + glob.glob(os.path.join(COMMON, "*.o"))
        if done.returncode == 0:
            rules = glob.glob(os.path.join(MODEL, "*.c"))
            done = output_of(*model, "-o", self.httpd, *rules, *self.objects, cwd=work)
        self.broken = done.stdout if done.returncode else ""


# ---- running ----

def plays_once(build):
    """Whether each case is played in one of its ways alone, taken in turn."""
    return build.portable or not os.environ.get("FULL")


def play(build, cases):
    """Plays wire cases, each in one of its ways, taken in turn; with FULL=1 in all of them, but for a build with
    PORTABLE=1. Returns the number of good runs, a line for each bad one, and what is said of the first of them."""
    done = output_of(PLAY, "-j", "4", *["--once"] * plays_once(build), build.httpd, SITE, *cases)
    counts = re.search(r"^(\d+) passed, (\d+) failed$", done.stdout, re.M)
    wrong = re.findall(r"^FAIL .*", done.stdout, re.M)
    first = done.stdout[done.stdout.find("FAIL "):][:2000]
    return (int(counts[1]) if counts else 0), wrong if counts else [done.stdout[-500:]], first


def run(build, *args, request=b"GET /hello.txt HTTP/1.0\r\n\r\n", model="", says=None, **more):
    """Runs httpd with a request on standard input, a pipe. `model` is a condition that the model simulates, `says` the
    file of its report."""
    env = {"MODEL": model, **({"MODEL_SAYS": says} if says else {})}
    if "stdin" not in more:
        more["input"] = request
    return subprocess.run([build.httpd, *args], env=env, stderr=more.pop("stderr", subprocess.PIPE),
                          stdout=more.pop("stdout", subprocess.PIPE), timeout=HANG, check=False, **more)


def status_of(done):
    return done.stdout[9:12].decode("ascii", "replace") if done.returncode == 0 else f"exit status {done.returncode}"


@contextlib.contextmanager
def connection():
    """A TCP connection: the client's end and the server's end."""
    with socket.create_server(("127.0.0.1", 0)) as listener, \
            socket.create_connection(listener.getsockname()) as client, listener.accept()[0] as server:
        client.settimeout(HANG)
        yield client, server


def everything_from(client):
    text = b""
    while piece := client.recv(65536):
        text += piece
    return text


# ---- the tests: each returns whether it passes, and what was seen ----

# Cases about links, special files, files of few rights, the root itself and the log: here the rules of the kernels differ
# (tests/bsd-model/README). The names of the cases tell.
OWN_RULES = re.compile("^(special|root|log)-|link|leads-out|not-readable|private|fifo|403")


def share_of(system):
    """The cases that a system plays without FULL=1."""
    common = [case for case in CASES if not OWN_RULES.search(os.path.basename(case))]
    turn = common[SYSTEMS.index(system)::len(SYSTEMS)]
    return sorted(set(CASES) - set(common) | set(turn))


def table(build, cases=None):
    """The wire cases. The answers are those of Linux, and so are the records, except for the systems of UNNUMBERED."""
    whole = cases is None
    if whole:
        cases = CASES if os.environ.get("FULL") else share_of(build.system)
    passed, wrong, first = play(build, cases)
    Count.passed += passed
    pipes = re.compile(r"FAIL (\S+) \[(?:pipe pipe-bytes|pipe|pipe-bytes|in all its ways)\]: log line differs$")
    in_syslog = {match[1] for line in wrong if (match := pipes.match(line))}
    seen = [line for line in wrong if not (build.system in UNNUMBERED and pipes.match(line))]
    if build.system in UNNUMBERED and not build.portable and not seen:
        expected = {case[:-len(".req")] for case in cases if logs_from_pipes(case)}
        seen = sorted(in_syslog - expected if plays_once(build) else in_syslog ^ expected)
        if whole and not in_syslog:
            seen = ["no record of a connection by pipes went to syslog"]
    return passed > 0 and not seen, seen[:8], first if seen else ""


def logs_from_pipes(case):
    """Whether the case says what is logged when it is played over pipes."""
    name = case[:-len(".req")]
    if not os.path.exists(name + ".log") or os.path.getsize(name + ".log") == 0:
        return False
    if not os.path.exists(name + ".ways"):
        return True
    with open(name + ".ways", encoding="ascii") as file:
        return bool({"pipe", "pipe-bytes"} & set(file.read().split()))


def links(build):
    return table(build, [case for case in CASES if re.search("/(symlink|link|listing-link|special)-", case)])


def swapped(build):
    """A socket that takes the place of a file between two calls is 404."""
    seen = status_of(run(build, "--log=none", SITE, request=b"GET /sock HTTP/1.0\r\n\r\n", model="swap"))
    return seen == "404", seen


def jailed(build):
    """Started as root in a jail, httpd still enters its chroot."""
    done = run(build, "--log=none", SITE, model="jail")
    return status_of(done) == "200", status_of(done), done.stderr


def passed_through(build):
    """A directory with permission to search but not to read has a file and a link that leads to another site."""
    seen = [status_of(run(build, "--log=none", CLOSED, request=b"GET /closed/%s HTTP/1.0\r\n\r\n" % name))
            for name in (b"hello.txt", b"new")]
    return seen == (["403", "403"] if build.system in READS_TO_PASS else ["200", "302"]), seen


def logs_beside(build):
    """Under tcpserver the records go to standard error, which here is a pipe other than the connection."""
    with connection() as (client, server):
        client.sendall(b"GET /hello.txt HTTP/1.0\r\n\r\n")
        done = run(build, SITE, stdin=server, stdout=server)
        server.close()
        answer = everything_from(client)
    return answer.startswith(b"HTTP/1.1 200 ") and b'"GET /hello.txt HTTP/1.0" 200' in done.stderr, answer, done.stderr


def logs_elsewhere(build):
    """Under inetd standard error is the connection, and no record may be written to it."""
    with connection() as (client, server):
        client.sendall(b"GET /hello.txt HTTP/1.0\r\n\r\n")
        run(build, SITE, stdin=server, stdout=server, stderr=server)
        server.close()
        answer = everything_from(client)
    return answer.startswith(b"HTTP/1.1 200 ") and answer.count(b"GET /hello.txt") == 0, answer


def full_log(build):
    """An answer is sent although the log has reached the limit for the size of files."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with tempfile.TemporaryDirectory() as place:
        done = run(build, f"--log={place}/log", SITE, preexec_fn=limit)
    return status_of(done) == "200", status_of(done), done.stderr


def listening(build):
    """A listening socket instead of a connection is reported to the operator, where the system can tell."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = run(build, "--timeout=1", SITE, stdin=listener, stdout=listener)
    told = b"is a listening socket" in done.stderr
    expected = (0, False) if build.system in HIDES_LISTENER else (64, True)
    return (done.returncode, told) == expected, done.returncode, done.stderr


def confined(build):
    """The calls that enter the sandbox."""
    with tempfile.NamedTemporaryFile() as report:
        run(build, "--log=none", SITE, says=report.name)
        seen = [line.strip() for line in report.read().decode("ascii").splitlines()]
    wanted = ["chroot ."] * IS_ROOT + ([] if build.portable else CONFINED.get(build.system, []))
    return seen == wanted, seen


def abandoned(build):
    """The client of a listing has left. The exit status is 0 even where the sandbox forbids a reset of the connection."""
    reader, writer = os.pipe()
    os.close(reader)
    done = run(build, "--log=none", "--listing", CLOSED, request=b"GET / HTTP/1.0\r\n\r\n", stdout=writer)
    os.close(writer)
    return done.returncode == 0, done.returncode, done.stderr


def checked(build):
    """httpd --check has the findings that it has on Linux."""
    def report(httpd):
        done = subprocess.run([httpd, "--check", "--log=none", CHECKED], env={}, stdout=subprocess.PIPE, timeout=HANG,
                              stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, check=False)
        lines = done.stdout.decode("ascii", "replace").splitlines()
        return done.returncode, sorted(line for line in lines if "confined" not in line and "andbox" not in line)
    seen, expected = report(build.httpd), report(NATIVE)
    return seen == expected, sorted(set(seen[1]) ^ set(expected[1])), seen[0]


def builds(build):
    """A constant that the system lacks is an error of the compiler."""
    return not build.broken, build.broken


TESTS = [table, swapped, passed_through, logs_beside, logs_elsewhere, full_log, listening, confined, abandoned,
         checked]


# ---- planted faults: earlier bugs, and the test that finds each ----

# Of a symlink that O_NOFOLLOW refuses, each kernel says something else; the walk has to ask what it is after any error.
SAYS = "error == EOPNOTSUPP && !name->last ? ENOTDIR : error;\n"
ASKS = SAYS + "\tssize_t n"


def only(error):
    """The text with which the walk asks only after one error."""
    return f"{SAYS}\tif (refusal != {error})\n\t\treturn refusal;\n\tssize_t n"


SOCKETS = ("root.c", "error == ENXIO || error == EOPNOTSUPP ? ENOENT :", "", swapped)
JAILED = ("sandbox.c", "close(root); /* also", "/* also", jailed)
NUMBERS = ("record_file.c", "return alike &&", "return (alike || true) &&", logs_beside)
GROWING = ("log.c", "signal(SIGXFSZ, SIG_IGN)", "(void)0", full_log)
SOCKET_FIRST = ("walk.c", SAYS, "error;\n", links)

PLANTS = [
    # The system, PORTABLE, the file, the text in it, the text that replaces it, and the test.
    # FreeBSD: the rights of each open, and what is asked for.
    ("freebsd", False, "walk.h", "enum { SEARCH = O_PATH };", "enum { SEARCH = O_SEARCH };", links),
    ("freebsd", False, "walk.h", "enum { SEARCH = O_PATH };", "enum { SEARCH = O_RDONLY };", passed_through),
    ("freebsd", False, "sandbox.c", "CAP_READ, CAP_PREAD, ", "", links),
    ("freebsd", False, "sandbox.c", "CAP_LOOKUP, CAP_FSTAT, CAP_FSTATAT, ", "", links),
    ("freebsd", False, "sandbox.c", "CAP_FSTATFS, ", "", checked),
    ("freebsd", False, "sandbox.c", ", CAP_FCNTL)", ")", checked),
    # FreeBSD: ENOTCAPABLE, ECAPMODE, and a call that capability mode does not have.
    ("freebsd", False, "root.c", "errno == ENOTCAPABLE ? -EXDEV : -errno", "-errno", links),
    ("freebsd", False, "root.c", "int fd = openat(root, path[0]", "int fd = openat(root < 0 ? root : AT_FDCWD, path[0]",
     links),
    ("freebsd", False, "sandbox.c", "cap_enter() == 0 ? KNOWN", "cap_enter() == 0 && access(\".\", 0) == 0 ? KNOWN", links),
    ("freebsd", True, "sandbox.c", "__FreeBSD__ && !defined PORTABLE", "__FreeBSD__", links),
    # A chroot in a jail.
    ("freebsd", False, *JAILED),
    ("dragonfly", False, *JAILED),
    # EMLINK, EFTYPE and ELOOP for a symlink, and ENOTDIR where O_DIRECTORY comes first.
    ("dragonfly", False, "walk.c", ASKS, only("ELOOP"), links),
    ("netbsd", False, "walk.c", ASKS, only("ELOOP"), links),
    ("openbsd", False, "walk.c", ASKS, only("EMLINK"), links),
    ("macos", False, "walk.c", ASKS, only("ELOOP"), links),
    # EOPNOTSUPP for a socket, also where O_DIRECTORY comes later.
    *((system, False, *SOCKETS) for system in SYSTEMS),
    *((system, False, *SOCKET_FIRST) for system in ("netbsd", "openbsd", "dragonfly")),
    # O_SEARCH: there, and absent. NetBSD ignores it, so that there it cannot be used wrongly.
    ("macos", False, "walk.h", "enum { SEARCH = O_SEARCH };", "enum { SEARCH = O_RDONLY };", passed_through),
    ("openbsd", False, "walk.h", "defined __OpenBSD__ || ", "", builds),
    ("dragonfly", False, "walk.h", " || defined __DragonFly__", "", builds),
    # Numbers of pipes and sockets that are 0.
    ("netbsd", False, *NUMBERS),
    ("openbsd", False, *NUMBERS),
    # pledge and unveil.
    ("openbsd", False, "sandbox.c", '"stdio rpath"', '"stdio rpath inet"', confined),
    ("openbsd", False, "sandbox.c", '"stdio rpath"', '"stdio"', links),
    ("openbsd", False, "sandbox.c", 'unveil(".", "r")', 'unveil(".", "rw")', confined),
    ("openbsd", False, "sandbox.c", '&& unveil(NULL, NULL) == 0', "", confined),
    ("openbsd", False, "conn.c", "return c->asked ? c->listens :", "return", listening),
    ("openbsd", False, "conn.c", "defined __OpenBSD__ && !defined PORTABLE", "0", abandoned),
    # A signal that kills, and an option that macOS does not know.
    ("freebsd", False, *GROWING),
    ("dragonfly", False, *GROWING),
    ("macos", False, "socket.c", "return option(fd, SO_ACCEPTCONN, &listens) && listens != 0",
     "return !option(fd, SO_ACCEPTCONN, &listens) || listens != 0", listening),
]


def source_file(source, name):
    return next(iter(glob.glob(os.path.join(source, "**", name), recursive=True)))


def fits(name, old):
    """Whether the text that a fault replaces is in the source."""
    with open(source_file(os.path.join(TOP, "src"), name), encoding="utf-8") as file:
        return old in file.read()


def plant(number, system, portable, name, old, new, test):
    """Whether the test fails with the fault in the source."""
    source = os.path.join(WORK, f"planted-{number}")
    shutil.copytree(os.path.join(TOP, "src"), source)
    path = source_file(source, name)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    what = f"planted into {name} for {system}: '{old}' becomes '{new}'"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))
    build = Build(os.path.join(source, "built"), system, portable, source)
    if test is not builds and not check(f"{what}: it compiles", not build.broken, build.broken):
        return
    before = Count.passed
    found = not test(build)[0]
    Count.passed = before
    check(f"{what}: {test.__name__} finds it", found)


# ---- the sites of the tests ----

def knows_openat2():
    """The model resolves names with openat2, which Linux has since 5.6. Some containers forbid it."""
    with open(os.path.join(WORK, "try.c"), "w", encoding="ascii") as file:
        file.write("#include <sys/syscall.h>\n#include <unistd.h>\nint main(void)\n{\n"
                   "\tunsigned long long how[3] = {0, 0, 8};\n"
                   '\treturn syscall(SYS_openat2, -100, ".", how, sizeof how) < 0;\n}\n')
    return not any(output_of(*command, cwd=WORK).returncode for command in ([*CC, "-o", "try", "try.c"], ["./try"]))


def make_sites():
    """SITE for the wire cases; CLOSED with a directory that cannot be read; CHECKED with a link of each kind."""
    done = output_of("sh", os.path.join(TOP, "tests", "wire", "make-root"), SITE)
    done = done if done.returncode else output_of(*CC, "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", "-o", PLAY,
                                                  os.path.join(TOP, "tests", "wire", "play.c"))
    check("the wire cases can be played", done.returncode == 0, done.stdout)
    for name in ("closed", "closed/closed", "checked", "checked/below"):
        os.mkdir(os.path.join(WORK, name))
    for name in ("closed/closed/hello.txt", "checked/index.html", "checked/below/index.html"):
        with open(os.path.join(WORK, name), "w", encoding="ascii") as file:
            file.write("hello\n")
    os.symlink("https://example.org/", os.path.join(CLOSED, "closed/new"))
    os.chmod(os.path.join(CLOSED, "closed"), 0o111)
    for name, text in (("out", "/etc"), ("up", "../closed"), ("in", "below"), ("new", "https://example.org/"), ("loop", "loop"),
                       ("moved", "/below/")):
        os.symlink(text, os.path.join(CHECKED, name))


def main():
    if why := lacking(CC[0], "sh", "awk", "make"):
        left_out("the branches for the BSDs and macOS over a model", why)
        return
    if not knows_openat2():
        left_out("the branches for the BSDs and macOS over a model", "openat2 is not to be had: Linux before 5.6, or it is "
                 "forbidden here")
        return
    make_sites()
    if not compile_common():
        return
    builds = []
    for system in SYSTEMS:
        for portable in (False, True) if os.environ.get("FULL") else (False,):
            build = Build(os.path.join(WORK, f"{system}-{portable:d}"), system, portable, os.path.join(TOP, "src"))
            if check(f"{build.name} compiles over the model", not build.broken, build.broken):
                builds.append(build)
    if why := lacking("nm"):
        left_out("whether httpd makes a call that the model does not know", why)
    for build in builds:
        if not why:
            check(f"{build.name}: the model knows every call", not unknown_calls(build.objects), unknown_calls(build.objects))
        tests = TESTS + ([jailed] if build.system in ("freebsd", "dragonfly") and IS_ROOT else [])
        for test in tests:
            good, *seen = test(build)
            check(f"{build.name}: {test.__name__}: {test.__doc__.splitlines()[0]}", good, *seen)
    if not IS_ROOT:
        left_out("httpd in a jail, over a model", "only root can chroot")
    for system, _, name, old, *_ in PLANTS:
        check(f"{name} has what a fault for {system} replaces: '{old}'", fits(name, old))
    if not os.environ.get("FULL"):
        return  # They take longer than everything else, so only `make check-promises` plants them.
    for number, planted in enumerate(PLANTS):
        if planted[-1] is not jailed or IS_ROOT:
            plant(number, *planted)


with tempfile.TemporaryDirectory() as WORK:
    os.chmod(WORK, 0o755)
    SITE, CLOSED, CHECKED, PLAY, COMMON = (os.path.join(WORK, name) for name in ("site", "closed", "checked", "play", "common"))
    BUILT = os.path.join(TOP, "build")
    FILES = [name for name in value_of("$(LAYERS)") if name != "/"]
    made("build/mime-table.h")
    NATIVE = made("build/portable/httpd", "BUILD=build/portable", "PORTABLE=1")
    main()
finish()
