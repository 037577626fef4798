#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
The failures of an operating system. For each request of a list, on both builds, through a socket and through pipes,
strace makes each system call fail, one at a time, in each way that it can. Then the answer must be the right one, or an
error that fits the failure, or recognisably cut for the client. Never may there be a wrong answer that looks complete, a
signal, a hang, a descriptor that is left open or closed twice, or an answer without its line in the log.

SEED=n shuffles; FULL=1 plays the whole matrix instead of 500 failures of it (make check-faults), TIMES=n plays n times as
many. With FIRST_FAILURE=1 the first failure ends it.
"""
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "property"))
from lib import play, reply
from lib.play import machine

FULL = bool(os.environ.get("FULL"))
PART = 500 * play.TIMES  # of the matrix, without FULL; by number, as a busy machine would play few in a given time
OLD = 1_600_000_000

# The failures of each call, as strace takes them: an errno, or "=n" for a result. A call that is missing here fails the
# test.
HARD = "ENOMEM EIO"
FAULTS = {
    "openat": "EINTR EMFILE ENFILE EACCES ENOENT ELOOP " + HARD,
    "open": "EMFILE " + HARD, "openat2": "EINTR EAGAIN EMFILE ENFILE EACCES EPERM ENOENT ELOOP ENOSYS EXDEV " + HARD,
    "fstat": HARD, "newfstatat": "ENOENT EACCES " + HARD, "readlinkat": "EACCES EINVAL ENOENT " + HARD,
    "pread64": "EINTR =0 " + HARD, "getdents64": "EINTR " + HARD, "lseek": "EIO", "fcntl": "EBADF",
    "sendfile": "EINTR EAGAIN =0 EINVAL ENOSYS EPIPE ECONNRESET " + HARD, "poll": "EINTR EAGAIN ENOMEM =0",
    "recvfrom": "EINTR EAGAIN =0 ECONNRESET ETIMEDOUT " + HARD, "read": "EINTR EAGAIN =0 " + HARD,
    "sendto": "EINTR EAGAIN EPIPE ECONNRESET ENOBUFS " + HARD, "write": "EINTR EAGAIN EPIPE ENOSPC EDQUOT EFBIG " + HARD,
    "close": "EINTR EIO", "shutdown": "ENOTCONN", "getpeername": "ENOTCONN ENOBUFS", "getsockopt": "ENOBUFS",
    "setsockopt": "EINVAL ENOBUFS", "fchdir": "EACCES EIO", "chroot": "EPERM ENOMEM", "setgroups": "EPERM ENOMEM",
    "setgid": "EPERM", "setuid": "EPERM EAGAIN", "prctl": "EINVAL", "seccomp": "EINVAL ENOSYS ENOMEM",
    "landlock_create_ruleset": "ENOSYS EOPNOTSUPP ENOMEM", "landlock_add_rule": "ENOMEM EINVAL",
    "landlock_restrict_self": "E2BIG ENOMEM", "mmap": "ENOMEM", "munmap": "ENOMEM", "brk": "=0",
    "writev": "EINTR EAGAIN EPIPE ECONNRESET ENOSPC " + HARD, "sendmsg": "EINTR EAGAIN EPIPE ECONNRESET " + HARD,
    "access": "EACCES EIO ENOMEM", "close_range": "EINVAL ENOSYS", "capget": "EINVAL EPERM",
    "ppoll": "EINTR EAGAIN ENOMEM =0", "madvise": "ENOMEM", "statx": HARD, "epoll_wait": "EINTR",
    # These calls cannot fail.
    "rt_sigaction": "", "rt_sigprocmask": "", "geteuid": "", "getegid": "", "getuid": "", "exit_group": "", "getpid": "",
    "clock_gettime": "", "sched_yield": "", "setitimer": "",
}
LASTING = "EMFILE ENFILE ENOMEM EIO ENOSPC EPIPE ECONNRESET ENOSYS EACCES EPERM".split()  # errors that may last
NOT_THERE = "ENOENT ELOOP EXDEV EINVAL".split()
SHORTAGE = "EMFILE ENFILE ENOMEM EAGAIN".split()
BARRED = "EACCES EPERM".split()
# EACCES of seccomp and EPERM of Landlock mean that no-new-privileges is missing. Each start meets them and then calls
# prctl.
STARTING = ("fchdir chroot setgroups setgid setuid prctl seccomp landlock_create_ruleset landlock_add_rule "
            "landlock_restrict_self").split()
MOVING = "recvfrom read sendto write sendfile poll ppoll pread64 writev sendmsg shutdown".split()
OPENING = "openat openat2 fstat newfstatat statx readlinkat getdents64 mmap brk lseek fcntl".split()
AGAIN = "recvfrom read sendto write sendfile poll ppoll pread64 openat2 getdents64".split()  # calls that an EINTR repeats
READING = "recvfrom read poll ppoll".split()


def get(target, *fields, method="GET"):
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: a", *fields, "", ""]).encode()


CLOSE = "Connection: close"
# Each scene: the options, the bytes that the client sends, and the methods of its requests.
SCENES = {
    "small": ([], get("/small.txt"), ["GET"]),
    "large": ([], get("/large.bin"), ["GET"]),
    "head": ([], get("/small.txt", method="HEAD"), ["HEAD"]),
    "range": ([], get("/large.bin", "Range: bytes=5000-60000"), ["GET"]),
    "parts": ([], get("/large.bin", "Range: bytes=0-9,5000-60000,-7"), ["GET"]),
    "coded": ([], get("/coded.css", "Accept-Encoding: gzip"), ["GET"]),
    "listing": (["--listing"], get("/many/"), ["GET"]),
    "page": ([], get("/sub/missing"), ["GET"]),
    "slash": ([], get("/sub"), ["GET"]),
    "link": ([], get("/moved"), ["GET"]),
    "symlink": ([], get("/sub/up"), ["GET"]),
    "unchanged": ([], get("/small.txt", "If-Modified-Since: Sun, 13 Sep 2026 12:26:40 GMT"), ["GET"]),
    "body": ([], get("/small.txt", "Content-Length: 9", method="POST") + b"123456789", ["POST"]),
    "again": (["--keep-alive"], get("/coded.css") * 2 + get("/sub/missing") + get("/small.txt", CLOSE), ["GET"] * 4),
    "listings": (["--keep-alive", "--listing"], get("/many/") + get("/small.txt") + get("/many/", CLOSE), ["GET"] * 3),
    "host": (["--vhosts"], get("/small.txt"), ["GET"]),
    "logged": (["--log={log}"], get("/small.txt"), ["GET"]),
    "required": (["--sandbox=require"], get("/small.txt"), ["GET"]),
}


def result(name, problems, remark=""):
    """Counts one test. With FIRST_FAILURE=1 a failure is the end."""
    machine.Count.passed += not problems
    machine.Count.failed += bool(problems)
    print(f"{'not ok' if problems else 'ok'} {name}{': ' + remark if remark else ''}")
    for problem in problems[:12]:
        print("    " + problem[:1500])
    sys.stdout.flush()
    if problems and play.FIRST_FAILURE:
        machine.finish()


def make_site(root):
    os.makedirs(root + "/sub")
    os.makedirs(root + "/many/dir")
    os.makedirs(root + "/a")
    os.makedirs(root + "/default")
    rng = random.Random(1)
    for name, content in [("small.txt", b"Hello, world\n"), ("large.bin", rng.randbytes(700_001)), ("coded.css", b"c" * 900),
                          ("coded.css.gz", b"z" * 500), ("404.html", b"<p>Nothing here.\n"), ("sub/404.html", b"<p>Nor here.\n"),
                          ("a/small.txt", b"a's own\n"), ("default/small.txt", b"not a's\n"),
                          ("many/a.txt", b"a"), ("many/b.txt", b"b"), ("other.bin", b"other" * 200_000)]:
        with open(f"{root}/{name}", "wb") as file:
            file.write(content)
        os.utime(f"{root}/{name}", (OLD, OLD))
    os.symlink("../small.txt", root + "/sub/up")
    os.symlink("../small.txt", root + "/many/link")
    os.symlink("../sub", root + "/many/sub")
    os.symlink("https://example.org/#301", root + "/moved")
    for directory, _, names in os.walk(root):
        os.chmod(directory, 0o755)
        os.utime(directory, (OLD, OLD))
        for name in names:
            if not os.path.islink(f"{directory}/{name}"):
                os.chmod(f"{directory}/{name}", 0o644)


class Run:
    """One run of httpd, perhaps under strace, with the bytes of a client; its exit status, answer, log and calls."""

    def __init__(self, httpd, scene, pipes, inject=None, trace=True):
        options, data, _ = SCENES[scene]
        self.log_file = tempfile.mktemp(dir=PLACE)
        argv = [httpd, *(option.format(log=self.log_file) for option in options), f"--timeout={3 * machine.PACE}", ROOT]
        if trace:
            self.trace = tempfile.mktemp(dir=PLACE)
            argv = ["strace", "-s", "0", "-o", self.trace, *(["-e", "inject=" + inject] if inject else []), *argv]
        log = tempfile.TemporaryFile()
        # The client's bytes are all there before httpd starts. So a slow machine does not look like a slow client.
        if pipes:
            theirs, ours_in = os.pipe()
            ours, theirs_out = os.pipe()
            self.sock = None
            os.write(ours_in, data)
            os.close(ours_in)
        else:
            self.sock, end = socket.socketpair()
            theirs = theirs_out = end.detach()
            self.sock.sendall(data)
            self.sock.shutdown(socket.SHUT_WR)
        self.proc = subprocess.Popen(argv, stdin=theirs, stdout=theirs_out, stderr=log, env={"PATH": os.environ["PATH"]})
        os.close(theirs)
        if pipes:
            os.close(theirs_out)
            with os.fdopen(ours, "rb") as file:
                self.answer = file.read()
        else:
            self.answer = self.hear()
        try:
            self.status = self.proc.wait(play.PATIENCE)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.status = "no end"
        log.seek(0)
        self.log = log.read()
        if os.path.exists(self.log_file):
            with open(self.log_file, "rb") as file:
                self.log += file.read()
            os.unlink(self.log_file)
        self.calls = []
        if trace:
            with open(self.trace, encoding="latin-1") as file:
                self.calls = [match.groups() for match in map(CALL.match, file) if match]
            os.unlink(self.trace)

    def hear(self):
        parts = []
        self.sock.settimeout(play.PATIENCE)
        try:
            while part := self.sock.recv(1 << 20):
                parts.append(part)
        except ConnectionResetError:
            pass
        except TimeoutError:
            self.proc.kill()
        self.sock.close()
        return b"".join(parts)


CALL = re.compile(r"(\w+)\((.*)\) += (-?\w+)(.*)")


def descriptors(calls):
    """Mistakes in the use of descriptors: closed twice, or left open when the next request opens a file. A file that was
    sent may stay open, once. The end of the process closes those of the last request."""
    ours, files, at_rest, answered, wrong = set(), {}, None, False, []
    for name, args, got, _ in calls:
        if name == "recvfrom" and args.startswith("0,"):
            at_rest = set(ours) if at_rest is None else at_rest
        elif name == "write" and args.startswith("2,"):  # the line of an answer; the next request may have come with it
            answered = at_rest is not None
        elif name.startswith("open") and answered:
            left = sorted(ours - at_rest)
            paths = [files.get(fd) for fd in left]
            if None in paths or len(set(paths)) < len(paths):
                wrong.append(f"descriptors {left} are left, of {paths}")
            answered = False
        if name in ("open", "openat", "openat2", "landlock_create_ruleset", "socket") and got.isdigit():
            ours.add(int(got))
            is_file = "O_NONBLOCK" in args and "O_DIRECTORY" not in args  # READ_FLAGS of root.c
            files[int(got)] = args.split('"')[1] if is_file else None
        if name == "close" and ours:  # closes before the first open are those of inherited descriptors
            fd = int(args.split(",")[0]) if args.isdigit() else -1
            if fd not in ours and fd > 2:
                wrong.append(f"descriptor {fd} is closed twice")
            ours.discard(fd)
    return wrong


def split(answer, methods):
    """The complete responses, and whether the last one is cut. Raises Malformed where a client would be misled."""
    replies = []
    while answer:
        if len(replies) == len(methods):
            raise reply.Malformed("more than one answer to a request")
        if replies and replies[-1].closes:
            raise reply.Malformed("more behind the end")
        try:
            one, answer = reply.read_reply(answer, methods[len(replies)])
        except reply.Truncated:
            return replies, True
        replies.append(one)
    return replies, False


def kind_of(call):
    """The purpose of a call, as far as the permitted ends depend on it."""
    name, args = call
    if name in STARTING:
        return "start"
    if name == "openat" and args.startswith('AT_FDCWD, ".",'):  # ROOT is opened again inside the chroot
        return "locked"
    if name == "openat" and args.startswith("AT_FDCWD"):
        return "log" if "O_APPEND" in args else "root"
    if name == "access":  # whether the account may enter ROOT
        return "shut"
    if name == "write" and not args.startswith("1,"):
        return "log"
    if name == "fstat" and args.startswith(("1,", "2,")):  # by which the log's place is chosen
        return "log"
    return "move" if name in MOVING else "open" if name in OPENING else "other"


def judge(scene, good, run, call, fault, lasting):
    """The mistakes of a run in which a call failed; `good` is the run without a failure."""
    name, kind = call[0], kind_of(call)
    if scene == "logged" and name == "fstat" and call[1].startswith("2,"):  # of standard error, which may take over later
        kind = "other"
    wrong = descriptors(run.calls)
    ends = {"root": [66], "shut": [66], "locked": [71]}.get(kind, [0])
    if kind == "start" and (scene == "required" or name in ("fchdir", "chroot", "setgroups", "setgid", "setuid")):
        ends = [71]
    if call == ("close", "3"):  # descriptor 3 stays open, so ROOT gets another one in the chroot, and httpd may stop
        ends = [0, 71]
    if run.status not in ends and not (call == ("setuid", "0") and run.status == 0):  # this call is meant to fail
        wrong.append(f"exit status {run.status}")
    try:
        replies, cut = split(run.answer, SCENES[scene][2])
    except reply.Malformed as error:
        return wrong + [f"{error}: {run.answer[:200]!r}"]
    if cut and kind != "move" and not (kind == "open" and "listing" in scene):
        wrong.append("the answer is cut")
    if not replies and not cut and kind != "move" and run.sock:
        wrong.append("no answer")
    if kind != "move" and not cut and replies and len(replies) < len(good.replies) and not replies[-1].closes:
        wrong.append("not every request is answered")
    for at, (one, before) in enumerate(zip(replies, good.replies)):
        same = play.masked(one.raw) == play.masked(before.raw)
        if not same and not (excused(scene, one, before, name, fault) if run.status == 0 else one.status == 503):
            wrong.append(f"answer {at} is {one.raw[:600]!r}")
    different = play.masked(run.answer) != play.masked(good.answer)
    if fault in ("EINTR", "EAGAIN") and name in AGAIN and kind != "log" and different:
        wrong.append(f"{fault} is no reason for {run.answer[:200]!r}")
    # These failures may lose the line of the log.
    gone = (kind == "log" and (name, fault) != ("write", "EINTR")) or (name == "write" and lasting)
    return wrong + judge_log(run, replies, cut, kind, gone, (scene, name, fault, lasting))


def judge_log(run, replies, cut, kind, gone, how):
    scene, name, fault, lasting = how
    wrong, lines, begun = [], run.log.splitlines(), len(replies) + cut
    if scene == "logged":  # standard error replaces the file, and neither a line nor the reason may be lost
        complaints = [line for line in lines if line.startswith(b"httpd: --log ")]
        lines = [line for line in lines if line not in complaints]
        failed = kind == "log" and (name, fault) not in [("write", "EINTR"), ("write", "EAGAIN"), ("openat", "EINTR")]
        if len(complaints) > 1 or (failed and not lasting and not complaints):
            wrong.append(f"complaints: {complaints!r}")
        gone = gone and not failed or name == "write" and lasting
    if run.status != 0:
        if not lines or not lines[0].startswith(b"httpd: ") or not all(b' "-" 503 ' in line for line in lines[1:]) or len(lines) > 2:
            wrong.append(f"exit status {run.status}, and the log says {lines!r}")
        return wrong
    # An answer may have a line although none of its bytes were sent.
    if len(lines) > begun + (kind == "move") or (len(lines) < begun and not gone):
        wrong.append(f"{len(lines)} lines for {begun} answers")
    if run.log and not run.log.endswith(b"\n"):
        wrong.append(f"a line is cut: {lines[-1]!r}")
    if not gone:
        for one, line in zip(replies, lines):
            match = re.search(rb'" ([0-9]{3}) ([0-9]+) "', line)
            if not match or (int(match.group(1)), int(match.group(2))) != (one.status, len(one.content)):
                wrong.append(f"{one.status} with {len(one.content)} bytes is logged as {line!r}")
    return wrong


def rows(listing):
    return set(re.findall(rb'<tr><td><a href="([^"]*)"', listing.content))


def excused(scene, one, before, name, fault):
    """Whether an answer other than the usual one is permitted for this failure."""
    if name in READING and one.status in (400, 408):
        return True
    if one.status == before.status and one.content == before.content and name in READING:
        return True  # only "Connection: close" is new, as the connection ends earlier
    if name not in OPENING:
        return False
    if one.status in (500, 503) or (one.status == 404 and fault in NOT_THERE) or (one.status == 403 and fault in BARRED):
        return True
    if one.status == 404 and scene == "link" and fault in BARRED:  # without permission to read the link there is no redirect
        return True
    if scene == "host" and fault in NOT_THERE:  # the host's own directory is missing, so the default one is used
        return one.status == 200 and one.content == b"not a's\n"
    if one.status == before.status == 404:  # httpd's own page replaces an error page that cannot be read
        return one.content in PAGES or b"<title>404 Not Found</title>" in one.content
    if before[b"content-type"].startswith(b"text/css") and one.status == 200:  # else the original
        return one.content == b"c" * 900 and b"content-encoding" not in one.fields
    # A name that cannot be looked up is left out of a listing. But neither a lack of resources nor an error of reading the
    # directory may make the listing shorter.
    return ("listing" in scene and one.status == 200 and fault not in SHORTAGE and name != "getdents64"
            and rows(one) <= rows(before))


PAGES = [b"<p>Nothing here.\n", b"<p>Nor here.\n"]


def serving(calls):
    """The index of the first call of main(). The calls before it are the C library's."""
    names = [name for name, *_ in calls]
    return names.index("rt_sigaction") if "rt_sigaction" in names else 0


def matrix(httpd, build, scene, pipes):
    """Every (call, its ordinal, fault) of a scene, with the run without a fault."""
    good = Run(httpd, scene, pipes)
    good.replies, cut = split(good.answer, SCENES[scene][2])
    assert good.replies and not cut and good.status == 0, f"{scene}: {good.answer!r} {good.log!r} {good.status}"
    assert not descriptors(good.calls), f"{scene}: {descriptors(good.calls)}"
    seen, begin = {}, serving(good.calls)
    names = [name for name, *_ in good.calls]
    started = names.index("recvfrom")
    for i, (name, args, *_) in enumerate(good.calls):
        seen[name] = seen.get(name, 0) + 1
        # Up to the first read all scenes are alike, so three of them are enough.
        if i < begin or (i < started and scene not in ("small", "logged", "required")):
            continue
        # Of many calls of the same kind, such as those of a large file, the first ten and the last ones.
        if 10 < seen[name] <= names.count(name) - 2 and name in MOVING:
            continue
        for fault in FAULTS[name].split():
            for lasting in (False, True) if fault in LASTING else (False,):
                yield (build, scene, pipes), good, (name, args), seen[name], fault, lasting


def play_fault(programs, entry):
    (build, scene, pipes), good, call, ordinal, fault, lasting = entry
    how = f"retval={fault[1:]}" if fault.startswith("=") else f"error={fault}"
    inject = f"{call[0]}:{how}:when={ordinal}{'+' if lasting else ''}"
    run = Run(programs[build], scene, pipes, inject)
    if not any("INJECTED" in rest for *_, rest in run.calls):
        return None
    wrong = judge(scene, good, run, call, fault, lasting)
    where = f"{build}, {scene}, {'pipes' if pipes else 'socket'}, {inject} ({call[1][:60]})"
    return [f"{where}: {what}" for what in wrong]


def test_matrix(programs):
    reason = play.can_trace()
    if reason:
        machine.left_out("faults in system calls", reason)
        return
    entries = []
    for build, httpd in programs.items():
        for scene in SCENES:
            if build == "portable" and scene == "required":
                continue
            for pipes in (False, True):
                if not (pipes and scene in ("again", "listings", "required")):
                    try:
                        entries += matrix(httpd, build, scene, pipes)
                    except AssertionError as error:
                        result(f"{scene} without a fault ({build})", [str(error)])
    rng = random.Random(play.SEED)
    rng.shuffle(entries)
    # First one fault of each call of each scene, then the others: so the time is spread evenly.
    rank = {}
    keyed = []
    for entry in entries:
        key = (entry[0], entry[2][0])
        rank[key] = rank.get(key, 0) + 1
        keyed.append((rank[key], len(keyed), entry))
    entries = [entry for *_, entry in sorted(keyed, key=lambda k: k[:2])]
    problems, done, missed = [], [0], [0]
    lock = threading.Lock()
    queue = iter(entries if FULL else entries[:PART])

    def work():
        while not (problems and play.FIRST_FAILURE):
            with lock:
                entry = next(queue, None)
            if entry is None:
                return
            said = play_fault(programs, entry)
            with lock:
                done[0] += 1
                missed[0] += said is None
                problems.extend(said or [])

    workers = [threading.Thread(target=work) for _ in range(2 * len(os.sched_getaffinity(0)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if missed[0] * 20 > done[0]:
        problems.append(f"{missed[0]} faults of {done[0]} never came to pass")
    result("each call, failing", problems, f"{done[0] - missed[0]} of {len(entries)} faults, SEED={play.SEED}")
    if problems:
        print(f"    {len(problems)} in all")


def preload():
    """Builds the dynamic program, and the library that shortens its reads and writes and makes its clock jump. Whether
    both are there."""
    why = machine.lacking((os.environ.get("CC") or "cc").split()[0], os.environ.get("MAKE") or "make")
    if why:
        machine.left_out("short reads and writes, and a clock that jumps", why)
        return False
    shutil.copy(machine.made("build/dynamic/httpd", "BUILD=build/dynamic", "LINK=dynamic"), PLACE + "/dynamic")
    subprocess.run([*(os.environ.get("CC") or "cc").split(), "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-O1", "-fPIC",
                    "-shared", "-o", PLACE + "/short.so", TOP + "/tests/e2e/faults/short.c"], check=True)
    return True


def with_preload(scene, seed, clock):
    """The answer and the log of a scene with the library, and how often the library has interfered."""
    options, data, _ = SCENES[scene]
    report = os.memfd_create("report")
    os.ftruncate(report, struct.calcsize("L"))
    log = os.memfd_create("log")
    ours, theirs = socket.socketpair()
    env = {"LD_PRELOAD": PLACE + "/short.so", "SHORT_SEED": str(seed), "SHORT_REPORT": str(report),
           **({"SHORT_CLOCK": "1"} if clock else {"SHORT_BYTES": "1"})}
    options = [option.format(log="stderr") for option in options]
    proc = subprocess.Popen([PLACE + "/dynamic", *options, ROOT], stdin=theirs, stdout=theirs, stderr=log, env=env,
                            pass_fds=[report])
    theirs.close()
    ours.settimeout(play.PATIENCE)
    ours.sendall(data)
    ours.shutdown(socket.SHUT_WR)
    answer = read_to_end(ours)
    status = proc.wait(play.PATIENCE)
    meddled = struct.unpack("L", os.pread(report, 100, 0))[0]
    written = os.pread(log, 1 << 16, 0)
    os.close(report)
    os.close(log)
    assert status == 0, f"{scene}: exit status {status}"
    return answer, written, meddled


def test_short(rounds):
    """Reads and writes that move fewer bytes than asked for, down to one, or fail with EINTR."""
    problems, total = [], 0
    for scene, (_, _, methods) in SCENES.items():
        good = Run(PLACE + "/dynamic", scene, False, trace=False).answer
        for _ in range(rounds):
            seed = random.randrange(1 << 30)
            answer, log, meddled = with_preload(scene, seed, False)
            total += meddled
            if play.masked(answer) != play.masked(good):
                problems.append(f"{scene}, SHORT_SEED={seed}: {answer[:300]!r}, {len(answer)} bytes, not {len(good)}")
            if log.count(b"\n") != len(methods) and scene != "logged":
                problems.append(f"{scene}, SHORT_SEED={seed}: {log!r}")
    if total < 100 * rounds:
        problems.append(f"only {total} calls were cut short")
    result("short reads and writes", problems, f"{total} calls cut short")


def test_clock(rounds):
    """Each reading of the clock differs: by days, by centuries, before 1970, after the year 9999. Each answer is
    complete."""
    problems, total = [], 0
    for scene, (_, _, methods) in SCENES.items():
        good, _ = split(Run(PLACE + "/dynamic", scene, False, trace=False).answer, methods)
        for _ in range(rounds):
            seed = random.randrange(1 << 30)
            answer, _, meddled = with_preload(scene, seed, True)
            total += meddled
            try:
                for method, before in zip(methods, good):
                    date = re.search(rb"\r\nDate: ([^\r]*)", answer).group(1)
                    one, answer = reply.read_reply(answer, method, reply.read_date(date))
                    if one.status != before.status and scene != "unchanged" or one.content != before.content != b"":
                        problems.append(f"{scene}, SHORT_SEED={seed}: {one.raw[:300]!r}")
            except reply.Malformed as error:
                problems.append(f"{scene}, SHORT_SEED={seed}: {error}")
    if total < rounds * len(SCENES):
        problems.append(f"only {total} looks at the clock were led astray")
    result("a clock that jumps", problems, f"{total} times")


def read_to_end(sock):
    """All bytes until the end. A reset is an end as well, and the bytes before it count."""
    parts = []
    try:
        while part := sock.recv(1 << 20):
            parts.append(part)
    except ConnectionResetError:
        pass
    sock.close()
    return b"".join(parts)


class Client:
    """A client that reads slowly, over a connection with small buffers: httpd has to wait in the middle of a file."""

    def __init__(self, httpd, *args, stderr=None, tcp=False):
        if tcp:
            with socket.create_server(("127.0.0.1", 0)) as listener:
                self.sock = socket.create_connection(listener.getsockname())
                end = listener.accept()[0]
        else:
            self.sock, end = socket.socketpair()
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        self.log = tempfile.TemporaryFile()
        self.proc = subprocess.Popen([httpd, *args, ROOT], stdin=end, stdout=end, stderr=stderr or self.log, env={})
        end.close()
        self.sock.settimeout(play.PATIENCE)

    def read(self, count):
        data = b""
        while len(data) < count and (part := self.sock.recv(count - len(data))):
            data += part
        return data

    def rest(self):
        parts = []
        try:
            while part := self.sock.recv(1 << 16):
                parts.append(part)
        except ConnectionResetError:
            parts.append(b"(reset)")
        except TimeoutError:
            self.proc.kill()
        return b"".join(parts)

    def end(self):
        self.sock.close()
        status = self.proc.wait(play.PATIENCE)
        self.log.seek(0)
        log = self.log.read()
        self.log.close()
        return status, log


# Changes of a file while it is sent. Either the client gets the old file, or the answer is cut.
def replace(path):
    shutil.copy(ROOT + "/other.bin", path + ".new")
    os.rename(path + ".new", path)


CHANGES = {
    "truncated": (lambda path: os.truncate(path, 100_000), False), "emptied": (lambda path: os.truncate(path, 0), False),
    "deleted": (os.unlink, True), "replaced": (replace, True), "renamed": (lambda path: os.rename(path, path + ".old"), True),
    "grown": (lambda path: os.truncate(path, 900_000), True), "forbidden": (lambda path: os.chmod(path, 0), True),
    "one byte shorter": (lambda path: os.truncate(path, 700_000), False),
}


def test_file_changes(httpd, build):
    problems = []
    for how, (change, whole) in CHANGES.items():
        for fields, name in (((), "whole"), (("Range: bytes=600000-700000",), "range"),
                             (("Range: bytes=0-9,300000-699999,700000-",), "parts"), (("keep",), "kept")):
            shutil.copy(ROOT + "/large.bin", ROOT + "/victim.bin")
            os.chmod(ROOT + "/victim.bin", 0o644)
            keep = fields == ("keep",)
            client = Client(httpd, *(["--keep-alive"] if keep else []))
            client.sock.sendall(get("/victim.bin", *(() if keep else fields)) + (get("/small.txt", CLOSE) if keep else b""))
            first = client.read(1500)
            try:
                change(ROOT + "/victim.bin")
                answer = first + client.rest()
                replies, cut = split(answer, ["GET", "GET"])
                with open(ROOT + "/large.bin", "rb") as file:
                    original = file.read()
                status, log = client.end()
                where = f"{build}: {how}, {name}"
                if cut == whole or (cut and replies):
                    problems.append(f"{where}: {len(answer)} bytes, {'cut' if cut else 'whole'}")
                if keep and whole and [one.content for one in replies] != [original, b"Hello, world\n"]:
                    problems.append(f"{where}: the next answer is not right")
                for one in replies[:1]:
                    for begin, last, _, content, _ in reply.read_parts(one) if one.status == 206 else []:
                        if content != original[begin:last + 1]:
                            problems.append(f"{where}: other bytes")
                    if one.status == 200 and one.content != original:
                        problems.append(f"{where}: other bytes")
                if status != 0 or log.count(b"\n") != max(len(replies), 1):
                    problems.append(f"{where}: exit status {status}, {log!r}")
                sent = re.search(rb'" 20[06] ([0-9]+) ', log)
                if cut and (not sent or int(sent.group(1)) != len(answer.split(b"\r\n\r\n", 1)[1])):
                    problems.append(f"{where}: {log!r} is logged, {len(answer)} bytes came with the head")
            except reply.Malformed as error:
                problems.append(f"{build}: {how}, {name}: {error}")
            finally:
                for path in (ROOT + "/victim.bin", ROOT + "/victim.bin.old"):
                    if os.path.exists(path):
                        os.unlink(path)
    result(f"a file that changes while it is sent ({build})", problems)


def leave(sock, how):
    if how == "reset":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if how == "half":
        sock.shutdown(socket.SHUT_WR)


def test_client_leaves_while_asking(httpd, build):
    """After each byte of the request the client closes, resets, or half-closes the connection."""
    problems = []
    request = get("/large.bin", "Range: bytes=0-9")
    for count in range(len(request) + 1):
        for how in ("close", "reset", "half"):
            client = Client(httpd, tcp=how == "reset")
            client.sock.sendall(request[:count])
            leave(client.sock, how)
            answer = client.rest() if how == "half" else b""
            status, log = client.end()
            whole = count == len(request)
            if status != 0 or log.count(b"\n") > 1 or (whole and log.count(b"\n") != 1 and how != "reset"):
                problems.append(f"{how} after {count}: exit status {status}, {log!r}")
            if how == "half":
                replies, cut = split(answer, ["GET" if whole else ""])
                seen = [one.status for one in replies]
                if cut or seen != ([206] if whole else [400] if count else []) or len(seen) != log.count(b"\n"):
                    problems.append(f"half after {count}: {answer[:100]!r}, {log!r}")
    result(f"a client who leaves while asking ({build})", problems)


def test_client_leaves_while_reading(httpd, build):
    """The same after each byte of the head, and at some places of the content."""
    problems = []
    for count in [*range(0, 420, 1 if FULL else 3), *range(420, 300_000, 29_989)]:
        for how in ("close", "reset"):
            client = Client(httpd, "--keep-alive", tcp=how == "reset")
            client.sock.sendall(get("/large.bin") * 2)
            client.read(count)
            leave(client.sock, how)
            status, log = client.end()
            if status != 0 or log.count(b"\n") > 2 or (count and not log.count(b"\n")) or (log and log[-1:] != b"\n"):
                problems.append(f"{how} after {count}: exit status {status}, {log!r}")
            if how == "close" and log.count(b"\n") > 1:
                problems.append(f"{how} after {count}: answered somebody who had gone: {log!r}")
    result(f"a client who leaves while reading ({build})", problems)


def test_log(httpd, build):
    """A log that cannot be written does not change the answer."""
    problems = []
    read, write = os.pipe()
    os.close(read)
    full = open("/dev/full", "wb")
    limited = tempfile.NamedTemporaryFile(dir=PLACE)
    for name, stderr, args in [("a full disk", full, []), ("a full disk by name", None, ["--log=/dev/full"]),
                               ("a pipe that nobody reads", os.fdopen(write, "wb"), [])]:
        for request in (get("/small.txt", CLOSE), get("/large.bin", CLOSE), get("/missing", CLOSE)):
            client = Client(httpd, *args, stderr=stderr)
            client.sock.sendall(request)
            replies, cut = split(client.rest(), ["GET"])
            status, _ = client.end()
            if status != 0 or cut or len(replies) != 1:
                problems.append(f"{name}: exit status {status}, {len(replies)} answers")
            if status < 0:  # one hang is enough
                break
    for limit in (0, 20):
        script = f"ulimit -f {limit // 20}; exec {httpd} --log={limited.name} {ROOT}"
        try:
            done = subprocess.run(["sh", "-c", script], input=get("/small.txt", CLOSE), check=False, capture_output=True,
                                  timeout=play.PATIENCE, env={})
        except subprocess.TimeoutExpired as error:
            problems.append(f"a file that may not grow: {error}")
            continue
        replies, cut = split(done.stdout, ["GET"])
        if done.returncode != 0 or cut or not replies or replies[0].status != 200:
            problems.append(f"a file that may not grow: exit status {done.returncode}, {done.stdout[:40]!r}")
    result(f"a log that cannot be written ({build})", problems)


def test_limits(httpd, build):
    """With few descriptors, or little memory, httpd reports an error or gives the right answer."""
    problems = []
    for scene in ("small", "coded", "listing", "page", "again"):
        options, data, methods = SCENES[scene]
        for limit in [f"-n {count}" for count in range(3, 10)] + [f"-v {kib}" for kib in range(0, 1200, 100)]:
            script = f"ulimit {limit} || exit 99; exec {httpd} {' '.join(options)} {ROOT}"
            ours, theirs = socket.socketpair()
            with tempfile.TemporaryFile() as log:
                proc = subprocess.Popen(["sh", "-c", script], stdin=theirs, stdout=theirs, stderr=log, env={})
                theirs.close()
                ours.settimeout(play.PATIENCE)
                try:
                    ours.sendall(data)
                    ours.shutdown(socket.SHUT_WR)
                except BrokenPipeError:  # httpd ended before the request was written
                    pass
                answer = read_to_end(ours)
                status = proc.wait(play.PATIENCE)
                log.seek(0)
                said = log.read()
            # A program without memory for its stack ends by SIGSEGV or does not start. Even so, no answer may be wrong.
            starved = limit.startswith("-v") and status not in (0, 66, 71)
            try:
                replies, cut = split(answer, methods)
            except reply.Malformed as error:
                problems.append(f"{scene}, {limit}: {error}")
                continue
            fine = [one.status in (200, 404, 503, 500) for one in replies]
            wrong = [one for one in replies if one.status == 200 and b"<table>" in one.content
                     and one.content.count(b"<tr><td><a") != 5]
            if not starved and (status not in (0, 66, 71) or not all(fine) or wrong or (cut and scene != "listing")):
                problems.append(f"{scene}, {limit}: exit status {status}, {answer[:300]!r}, {said[:200]!r}")
    result(f"few descriptors and little memory ({build})", problems)


def main():
    play.begin()
    with play.Builds() as builds:
        make_site(ROOT)
        meddles = preload()
        for build, httpd in builds.httpd.items():
            test_file_changes(httpd, build)
            test_client_leaves_while_asking(httpd, build)
            test_client_leaves_while_reading(httpd, build)
            test_log(httpd, build)
            test_limits(httpd, build)
        if meddles:
            test_short(20 if FULL else 2)
            test_clock(20 if FULL else 2)
        test_matrix(builds.httpd)
    machine.finish()


with tempfile.TemporaryDirectory(prefix="httpd-faults-") as PLACE:
    os.chmod(PLACE, 0o755)
    ROOT = PLACE + "/root"
    main()
