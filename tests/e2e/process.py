#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""httpd as a process: descriptors, deadlines, exit statuses, messages, closing. Both builds, or those named, over real sockets."""
import contextlib
import fcntl
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "common"))
from each import HANG, PACE, check, left_out, run_tests

GET = b"GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n"


class Client:
    """A TCP connection on loopback with an httpd at its other end. Descriptor 2 is a file unless `stderr` says
    otherwise. `first` is sent before httpd starts."""

    def __init__(self, httpd, *args, stderr=None, env=None, fds=(), listening=False, root=None, first=b""):
        listener = socket.create_server(("127.0.0.1", 0))
        self.sock = socket.create_connection(listener.getsockname())
        end = listener if listening else listener.accept()[0]
        self.sock.sendall(first)
        self.err = tempfile.TemporaryFile()
        argv = [httpd, *args] + ([] if root == "" else [root or ROOT])
        error = {"connection": end, None: self.err}.get(stderr, stderr)
        self.began = time.monotonic()
        self.proc = subprocess.Popen(argv, stdin=end, stdout=end, stderr=error, env=env or {}, pass_fds=fds)
        end.close()
        listener.close()
        self.sock.settimeout(HANG)

    def send(self, data):
        self.sock.sendall(data)
        return self

    def rest(self):
        """All bytes until the end. Raises an exception on a reset."""
        parts = []
        while part := self.sock.recv(65536):
            parts.append(part)
        return b"".join(parts)

    def end(self):
        """Exit status, standard error, seconds. Closes the connection first."""
        self.sock.close()
        status = self.proc.wait(HANG)
        self.err.seek(0)
        return status, self.err.read().decode(), time.monotonic() - self.began


def status_of(response):
    return int(response.split(b" ", 2)[1]) if response else 0


def run(httpd, args, stdin=b"", env=None):
    done = subprocess.run([httpd, *args], input=stdin, capture_output=True, env=env or {}, timeout=HANG)
    return done.returncode, done.stdout, done.stderr.decode()


def test_help_and_version(httpd):
    code, out, err = run(httpd, ["--help"])
    check(code == 0 and out.startswith(b"usage: httpd") and err == "" and out.count(b"\n") <= 24, "--help")
    code, out, err = run(httpd, ["--version"])
    check(code == 0 and re.fullmatch(rb"httpd [0-9.]+\n", out) and err == "", "--version")


def test_check(httpd):
    code, out, err = run(httpd, ["--check", "--listing", ROOT])
    confined = out.count(b"confined:   yes")
    check(out.startswith(b"directory:        " + ROOT.encode()) and err == "", f"{out!r} {err!r}")
    check(code == (0 if confined == 2 else 1), f"exit {code}, {out!r}")
    check("portable" not in httpd or confined == 0, "POSIX has no sandbox")


def test_listening_socket_is_named_where_the_log_is(httpd):
    with tempfile.TemporaryDirectory() as d:
        os.chmod(d, 0o755)
        code, err, _ = Client(httpd, f"--log={d}/log", listening=True).end()
        check(code == 64 and err == "", f"{code} {err!r}")
        with open(d + "/log", encoding="ascii") as file:
            check("Accept=yes" in file.read(), "not in the file, which was opened before the sandbox")


# Only responses are written to the connection.
def test_no_log_on_the_connection(httpd):
    answer = Client(httpd, stderr="connection").send(GET).rest()
    check(answer.endswith(b"\r\n\r\nHello, world\n"), f"{answer!r}")
    answer = Client(httpd, "--log=stderr", stderr="connection").send(GET).rest()
    check(answer.endswith(b"\r\n\r\nHello, world\n"), f"--log=stderr: {answer!r}")
    answer = Client(httpd, "--bad", stderr="connection").send(GET).rest()
    check(b"--bad" not in answer and status_of(answer) == 503, f"a message leaked: {answer!r}")


def test_log_places(httpd):
    for args, lines in [([], 1), (["--log=stderr"], 1), (["--log=none"], 0)]:
        client = Client(httpd, *args).send(GET)
        check(status_of(client.rest()) == 200, str(args))
        _, err, _ = client.end()
        check(err.count("\n") == lines, f"{args}: {err!r}")
    with tempfile.TemporaryDirectory() as d:
        for _ in range(3):
            client = Client(httpd, f"--log={d}/access").send(GET)
            client.rest()
            _, err, _ = client.end()
            check(err == "", err)
        with open(d + "/access", encoding="ascii") as file:
            line = r'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:[\d:]{8} \+0000\] "GET /hello.txt HTTP/1.1" 200 13 "-" "-"\n'
            check(re.fullmatch(f"({line}){{3}}", file.read()), "three lines")


def test_log_that_may_not_grow(httpd):
    with tempfile.TemporaryDirectory() as d:
        os.chmod(d, 0o777)
        script = f'ulimit -f 0; exec "$0" --log={d}/log "$1"'
        done = subprocess.run(["sh", "-c", script, httpd, ROOT], input=GET, capture_output=True, env={}, timeout=HANG, check=False)
        check(done.returncode == 0, f"exit {done.returncode}: SIGXFSZ is {signal.SIGXFSZ.value}")
        check(done.stdout.endswith(b"Hello, world\n"), f"{done.stdout!r}")


    done = subprocess.run(["sh", "-c", 'ulimit -f 0; exec "$0" "$1" 2>"$2"', httpd, ROOT, ROOT + "/err"], input=GET,
                          capture_output=True, env={}, timeout=HANG, check=False)
    check(done.returncode == 0, f"standard error: exit {done.returncode}: SIGXFSZ is {signal.SIGXFSZ.value}")


# The reader of the log has stopped. A record is lost then, and the client does not wait for it for ever.
def test_log_that_nobody_reads(httpd):
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    try:
        while True:
            os.write(theirs, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(theirs, True)
    client = Client(httpd, "--keep-alive", stderr=theirs).send(GET + GET.replace(b"Host", b"Connection: close\r\nHost"))
    answers = client.rest().count(b"Hello, world\n")
    os.close(theirs)
    code = client.end()[0]
    os.close(ours)
    check(answers == 2 and code == 0, f"{answers} answers, exit {code}")


# All handlers that wait for room wake up for one free page, which holds one record.
def test_many_logs_on_one_full_pipe(httpd):
    long = b"GET /hello.txt?%s HTTP/1.1\r\nHost: a\r\nReferer: %s\r\nUser-Agent: %s\r\n\r\n" % (b"a" * 1700, b"b" * 590, b"c" * 590)
    for kind in ("pipe", "socket"):
        ours, theirs = os.pipe() if kind == "pipe" else (end.detach() for end in socket.socketpair())
        os.set_blocking(theirs, False)
        for size in (4096, 1):
            try:
                while True:
                    os.write(theirs, b"x" * size)
            except BlockingIOError:
                pass
        os.set_blocking(theirs, True)
        clients = [Client(httpd, stderr=theirs) for _ in range(64)]
        for client in clients:
            client.send(long)
        for client in clients:
            answer = b""
            while not answer.endswith(b"Hello, world\n"):
                answer += client.sock.recv(65536) or b"an early end\nHello, world\n"
            check(b"an early end" not in answer, f"{answer!r}")
        os.read(ours, 4096)
        for client in clients:
            client.sock.close()
        waits = [client for client in clients if not ended(client.proc)]
        for client in waits:
            client.proc.kill()
            client.proc.wait()
        check(not waits, f"{len(waits)} of 64 wait for the reader of a {kind}")
        check(all(client.proc.returncode == 0 for client in clients), "exit")
        os.close(ours)
        os.close(theirs)


def ended(proc):
    try:
        proc.wait(HANG)
        return True
    except subprocess.TimeoutExpired:
        return False


# The site is served all the same. A message replaces the log's line, with the reason and the cure.
def test_log_that_cannot_be_opened(httpd):
    with tempfile.TemporaryDirectory() as d:
        os.chmod(d, 0o777)
        os.mkfifo(d + "/fifo")
        os.chmod(d + "/fifo", 0o666)
        for name in ("/nonexistent/log", d, d + "/fifo"):
            client = Client(httpd, f"--log={name}").send(GET)
            check(status_of(client.rest()) == 200, name)
            code, err, _ = client.end()
            lines = err.splitlines()
            check(code == 0 and len(lines) == 2 and lines[0].startswith(f"httpd: --log '{name}': ") and
                  "; name a file " in lines[0] and " - - [" in lines[1], f"{name}: {code} {err!r}")
            check(Client(httpd, f"--log={name}", stderr="connection").send(GET).rest().endswith(b"\r\n\r\nHello, world\n"),
                  f"{name}: the complaint is in the answer")


# Standard error takes the records of a log that fails. It may be a file that each process has opened at its beginning, as
# by StandardError=file: of systemd.
def test_log_that_fails_writes_over_nothing(httpd):
    with tempfile.TemporaryDirectory() as d:
        with open(d + "/error", "w", encoding="ascii") as file:
            file.write("what was there before\n")
        for _ in range(2):
            with open(d + "/error", "r+b") as error:
                client = Client(httpd, "--log=/dev/full", stderr=error).send(GET)
                check(status_of(client.rest()) == 200, "an answer")
                client.end()
        with open(d + "/error", encoding="ascii") as file:
            lines = file.read().splitlines()
        kinds = ["record" if " - - [" in line else "message" if line.startswith("httpd: --log") else line for line in lines]
        check(kinds == ["what was there before", "message", "record", "message", "record"], f"{lines}")


# LimitSTACK= of a unit. In the portable build the walk keeps its paths on the stack as well.
def test_small_stack(httpd):
    limit = 320 if "portable" in httpd else 256
    for args, target, fields in (([], "/hello.txt", ""), ([], "/none", ""), (["--listing"], "/", ""), (["--listing"], "/?sort=size", ""),
                                 (["--vhosts"], "/", ""), (["--keep-alive", "--fallback=hello.txt", "--clean-urls"], "/a/b/", ""),
                                 ([], "/large.bin", "Range: bytes=" + ",".join(f"{n * 9}-{n * 9 + 1}" for n in range(400)) + "\r\n")):
        request = f"GET {target} HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode()
        usual = run(httpd, [*args, ROOT], request)
        done = subprocess.run(["sh", "-c", f'ulimit -s {limit}; exec "$0" "$@"', httpd, *args, ROOT], input=request, capture_output=True,
                              env={}, timeout=HANG, check=False)
        check(done.returncode == usual[0] == 0 and status_of(done.stdout) == status_of(usual[1]) and
              len(done.stdout) == len(usual[1]), f"{args} {target}: exit {done.returncode}, {done.stdout[:60]!r}")


# A path for the log that leads to the connection.
def test_log_that_is_the_answer(httpd):
    code, out, err = run(httpd, ["--log=/dev/stdout", ROOT], GET)
    check(code == 0 and out.endswith(b"\r\n\r\nHello, world\n") and "--log '/dev/stdout': " in err, f"{code} {out!r} {err!r}")


# A disk that is full, and then is not.
def test_log_on_a_full_disk(httpd):
    if not shutil.which("unshare"):
        left_out("a log on a full disk", "unshare is missing; install util-linux")
        return
    # Without root, a namespace makes this account root, so that it can mount. httpd must not be root there, as it has no
    # other account to become: a second namespace inside makes it nobody.
    root = os.geteuid() == 0
    disk = ["unshare", "-m" if root else "-rm", "sh", "-c"]
    serve = '"$0"' if root else 'unshare -U --map-user=65534 --map-group=65534 "$0"'
    with tempfile.TemporaryDirectory() as d:
        os.chmod(d, 0o777)
        probe = subprocess.run([*disk, f"mount -t tmpfs -o size=4k,mode=777 none {d} && {serve}", "true"], capture_output=True, check=False)
        if probe.returncode != 0:
            left_out("a log on a full disk", "no file system can be mounted here; root, or user namespaces")
            return
        script = f"""
mount -t tmpfs -o size=8k,mode=777 none {d} && head -c 4096 /dev/zero >{d}/large || exit 99
i=0
while [ $i -lt 60 ]; do {serve} --sandbox=try --log={d}/log "$1" <"$2" >/dev/null || exit; i=$((i + 1)); done
rm {d}/large || exit 99
{serve} --log={d}/log "$1" <"$2" >/dev/null || exit
cat {d}/log
"""
        with open(ROOT + "/request", "wb") as file:
            file.write(GET)
        done = subprocess.run([*disk, script, httpd, ROOT, ROOT + "/request"], capture_output=True, env={"PATH": os.environ["PATH"]},
                              timeout=HANG, check=False)
        os.unlink(ROOT + "/request")
        check(done.returncode == 0, f"{done}")
        line = re.compile(rb'- - - \[[^]]*\] "GET /hello.txt HTTP/1.1" 200 13 "-" "-"')
        good = [text for text in done.stdout.splitlines() if line.fullmatch(text)]
        torn = [text for text in done.stdout.splitlines() if not line.fullmatch(text)]
        check(len(torn) == 1 and done.stdout.endswith(b"\n" + good[-1] + b"\n"), f"{torn}, and at the end {done.stdout[-300:]!r}")
        said = done.stderr.splitlines()
        check(sum(b"No space left" in text for text in said) + sum(bool(line.fullmatch(text)) for text in said) == len(said) and
              len(good) + sum(bool(line.fullmatch(text)) for text in said) == 61, f"{done.stderr[-600:]!r}")


# Capabilities that a supervisor has left to an account give no access to files.
def test_capabilities_are_given_up(httpd):
    if "portable" in httpd:
        return
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    rights = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    with tempfile.TemporaryDirectory() as d:
        os.chmod(d, 0o755)
        os.mkdir(d + "/shut", 0o700)
        with open(d + "/shut/file", "w", encoding="ascii") as file:
            file.write("x")
        os.chmod(d + "/shut/file", 0o644)
        try:
            seen = subprocess.run([*nobody, *rights, "cat", d + "/shut/file"], capture_output=True, check=False).stdout
        except FileNotFoundError:
            seen = b""
        if seen != b"x":
            left_out("ambient capabilities", "only root can give them, by setpriv; util-linux")
            return
        for sandbox in ("try", "off"):
            done = subprocess.run([*nobody, *rights, httpd, f"--sandbox={sandbox}", d], capture_output=True, env={}, check=False,
                                  input=b"GET /shut/file HTTP/1.0\r\n\r\n", timeout=HANG)
            check(status_of(done.stdout) == 403, f"--sandbox={sandbox}: {done.stdout!r}")


# Capabilities from 32 on are in the second word of the kernel's answer.
def test_capabilities_of_the_upper_half_are_given_up(httpd):
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+syslog", "--ambient-caps=+syslog"]
    if "portable" in httpd:
        return
    try:
        seen = subprocess.run([*nobody, "cat", "/proc/self/status"], capture_output=True, check=False, text=True).stdout
    except FileNotFoundError:
        seen = ""
    if "CapPrm:\t0000000400000000" not in seen:
        left_out("ambient capabilities of the upper half", "only root can give them, by setpriv; util-linux")
        return
    held = subprocess.Popen([*nobody, httpd, "--sandbox=off", ROOT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={},
                            stderr=subprocess.DEVNULL)
    held.stdin.write(GET[:5])
    held.stdin.flush()
    with open(f"/proc/{held.pid}/status", encoding="ascii") as status:
        deadline, gone = time.monotonic() + HANG, False
        while not gone and time.monotonic() < deadline:
            status.seek(0)
            gone = "CapPrm:\t0000000000000000" in status.read()
    held.stdin.write(GET[5:])
    held.stdin.close()
    check(gone, "capabilities of the upper half stay")
    check(status_of(held.stdout.read()) == 200 and held.wait(HANG) == 0, "it does not serve")
    held.stdout.close()


# Without root, --user may only name the process's own account: both its user id and its group id.
def test_user_without_root_is_who_it_is_already(httpd):
    try:
        for user, code in (("65534", 0), ("65534:65534", 0), ("65534:1", 64), ("1:65534", 64), ("1", 64)):
            done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", httpd, f"--user={user}", ROOT],
                                  input=GET, capture_output=True, env={}, check=False, timeout=HANG)
            if b"setpriv: " in done.stderr:
                left_out("--user without root", "only root can become another account, by setpriv")
                return
            check(done.returncode == code, f"--user={user}: ends with {done.returncode}, {done.stderr!r}")
    except FileNotFoundError:
        left_out("--user without root", "setpriv is missing; util-linux")


# Further descriptors of the supervisor are closed.
def test_inherited_descriptors_are_closed(httpd):
    with tempfile.TemporaryFile() as file:
        other = fcntl.fcntl(file, fcntl.F_DUPFD, 100)  # a number that httpd itself does not use
        client = Client(httpd, fds=(other,))
        listed = f"/proc/{client.proc.pid}/fd"
        if not os.path.isdir(listed):
            left_out("inherited descriptors", "there is no /proc")
            return
        client.send(GET[:5])
        deadline = time.monotonic() + HANG
        while time.monotonic() < deadline and str(other) in os.listdir(listed):
            time.sleep(0.05)
        left = os.listdir(listed)
        client.send(GET[5:])
        check(status_of(client.rest()) == 200, "an answer")
        client.end()
        check(str(other) not in left, f"{left}")
        os.close(other)


# Only root can become another account.
def test_user_of_somebody_who_is_not_root(httpd):
    own = f"{os.geteuid()}:{os.getegid()}"
    prefix = []
    if os.geteuid() == 0:
        own, prefix = "65534:65534", ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    for user, code, text in [(own, 0, b""), ("1234", 64, b"httpd: --user '1234': httpd was not started as root, so it cannot "
                             b"become another account; start it as that account")]:
        try:
            done = subprocess.run([*prefix, httpd, f"--user={user}", "--log=stderr", ROOT], input=GET, capture_output=True, env={},
                                  timeout=HANG, check=False)
        except FileNotFoundError:
            left_out("--user without root", "setpriv is missing; util-linux")
            return
        check(done.returncode == code and text in done.stderr and (b" 200 " in done.stdout) == (code == 0), f"{user}: {done}")


# Without this message each answer would be 403, without a reason.
def test_a_root_that_the_account_may_not_enter(httpd):
    if os.geteuid() != 0:
        left_out("a ROOT that the account of --user may not enter", "only root can become it")
        return
    with tempfile.TemporaryDirectory() as d:
        for args, account in ([], 65534), (["--user=1234"], 1234):
            client = Client(httpd, *args, root=d).send(GET)
            check(status_of(client.rest()) == 503, "no 503")
            code, err, _ = client.end()
            message = re.escape(f"httpd: ROOT '{d}': account {account} may not enter it; chmod o+x, or name another account with "
                                "--user\n")
            check(code == 66 and re.fullmatch(message + r'127\.0\.0\.1 - - \[[^]]*\] "-" 503 \d+ "-" "-"\n', err), f"{code} {err!r}")


def test_client_address_of_each_request(httpd):
    """Each line has the address of its own request. Without the field it has that of the connection, not the earlier
    one."""
    def ask(field):
        return GET.replace(b"\r\n\r\n", b"\r\n" + field + b"\r\n")

    fields = [b"X-Real-IP: 192.0.2.1\r\n", b"X-Real-IP: 2001:db8::2\r\n", b"", b"X-Real-IP: nobody\r\n",
              b"X-Real-IP: 6.6.6.6\r\nX-Real-IP: 192.0.2.5\r\n", b"X-Real-IP: 6.6.6.6\r\nbroken\r\n"]
    for option, expected in (["--client-address=x-real-ip"], "192.0.2.1 2001:db8::2 127.0.0.1 127.0.0.1 192.0.2.5 127.0.0.1"), \
                            ([], " ".join(["127.0.0.1"] * 6)):
        client = Client(httpd, "--keep-alive", *option, first=b"".join(map(ask, fields)))
        client.rest()
        status, err, _ = client.end()
        seen = " ".join(line.split()[0] for line in err.splitlines())
        check(status == 0 and seen == expected, f"{option}: exit {status}, {seen}, not {expected}")


# A client that resets its connection in the middle of a head has a line in the log. A client that has sent nothing has none.
def test_a_reset_has_a_line(httpd):
    for sent, lines in ((b"", 0), (b"\r\n", 0), (b"GET /probe HTTP/1.1\r\nHost: a\r\n", 1), (b"G", 1)):
        client = Client(httpd).send(sent)
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        code, err, _ = client.end()
        check(code == 0 and err.count("\n") == lines and err.count(" 400 0 ") == lines, f"{sent}: {code} {err!r}")
        check(b"probe" not in sent or '"GET /probe HTTP/1.1" 400' in err, err)


# Without a client the message is written to standard error, even where that is standard output as well (2>&1).
def test_messages_beside_the_answer(httpd):
    for args, code, text in [(["--nonsense", ROOT], 64, b"--nonsense"), (["/nonexistent"], 66, b"/nonexistent")]:
        done = subprocess.run([httpd, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={}, timeout=HANG, check=False)
        check(done.returncode == code and text in done.stdout, f"{args} with 2>&1: {done.returncode} {done.stdout!r}")


def test_messages_are_plain_text(httpd):
    for args in (["/none\n\x1b[31m\udc9bforged"], ["--log=/none/\x1b\n\udc9b", ROOT], ["--bad\x1b\n\udc9b"],
                 ["--header=\x1b\n\udc9b: x", ROOT], ["--header=" + "\udcff" * 200 + ": x", ROOT], ["/" + "\udcff" * 250], [ROOT, "\x1b\n\udc9b"], [ROOT + "\x1b\n", "more"]):
        done = subprocess.run([httpd, *args], stdin=subprocess.DEVNULL, capture_output=True, env={}, timeout=HANG, check=False)
        said = done.stderr
        lines = said.splitlines()
        check(said.endswith(b"\n") and len(lines) == (2 if args[0].startswith("--log") else 1) and
              all(32 <= byte < 127 for line in lines for byte in line), f"{args}: {said!r}")
        check(b"; " in said, f"{args}: no cure: {said!r}")


# A 503 for a wrong command line has none of the fields of --header, which may be wrong themselves.
def test_no_field_of_a_wrong_command_line(httpd):
    for args in (["--header=A: b", "--header=Content-Length: 5", ROOT], ["--header=A: b\r\n\r\nc", ROOT],
                 ["--bad", "--header=A: b", ROOT], ["--header=A: b", "--header=B: " + "c" * 120000, ROOT]):
        client = Client(httpd, *args, root="").send(GET)
        head = client.rest().split(b"\r\n\r\n")[0]
        check(status_of(head) == 503 and b"\r\nA: " not in head and head.count(b"Content-Length") == 1, f"{head!r}")
        client.end()


def test_journal_priority(httpd):
    with tempfile.TemporaryFile() as err:
        st = os.fstat(err.fileno())
        for stream, prefix in [(f"{st.st_dev}:{st.st_ino}", "<5>"), (f"{st.st_dev}:1", ""), ("nonsense", "")]:
            err.seek(0)
            err.truncate()
            subprocess.run([httpd, ROOT], input=GET, stdout=subprocess.DEVNULL, stderr=err,
                           env={"JOURNAL_STREAM": stream}, timeout=HANG, check=True)
            err.seek(0)
            check(err.read().decode().startswith(prefix + "- - - ["), f"JOURNAL_STREAM={stream}")


# A directory without permission to read is served, but cannot be listed. One that cannot be searched is 403.
def test_directories_that_may_only_be_gone_through(httpd):
    with tempfile.TemporaryDirectory() as d:
        os.chmod(d, 0o755)
        for name, mode in (("open", 0o311), ("shut", 0o600)):
            os.mkdir(f"{d}/{name}")
            with open(f"{d}/{name}/index.html", "w", encoding="ascii") as file:
                file.write(name)
            os.chmod(f"{d}/{name}", mode)
        for args, target, status in [
            ([], "/open", 301), ([], "/open/", 200), ([], "/open/none", 404), ([], "/shut", 403), ([], "/shut/", 403),
            (["--listing"], "/open/", 200), (["--vhosts"], "/", 200),
        ]:
            request = f"GET {target} HTTP/1.1\r\nHost: open\r\n\r\n".encode()
            seen = status_of(run(httpd, [*args, d], request)[1])
            check(seen == status, f"{args} {target}: {seen}, not {status}")
        os.unlink(f"{d}/open/index.html")
        seen = status_of(run(httpd, ["--listing", d], b"GET /open/ HTTP/1.0\r\n\r\n")[1])
        check(seen == 403, f"a list of what cannot be read: {seen}")
        os.chmod(f"{d}/shut", 0o700)


def test_closed_descriptors(httpd):
    for closed in ("<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"):
        with tempfile.TemporaryDirectory() as d:
            with open(d + "/req", "wb") as file:
                file.write(GET)
            script = f'exec "$0" --log={d}/log "$1" <{d}/req >{d}/res {closed}'
            code = subprocess.run(["sh", "-c", script, httpd, ROOT], env={}, timeout=HANG, check=False).returncode
            check(code == 0, f"{closed}: exit {code}")
            with open(d + "/res", "rb") as file:
                answer = file.read()
            check(answer == b"" or answer.endswith(b"Hello, world\n"), f"{closed}: {answer!r}")
            log = open(d + "/log", encoding="ascii").read() if os.path.exists(d + "/log") else ""
            check("HTTP/1.1 200" not in log, f"{closed}: the response is in the log")


# A process whose real or saved id is root's could become root again. It cannot chroot any more to give that up.
def test_root_behind_another_account(httpd):
    if os.geteuid() != 0:
        left_out("an account behind which root stands", "only root can try that")
        return
    # The program is copied, as another account may not enter the directory where it was built; an emulated one has a
    # second file (tests/tools/emulated.c).
    copies = [shutil.copy(path, os.path.join(ROOT, os.path.basename(path))) for path in (httpd, httpd + ".real")
              if os.path.exists(path)]
    for ids in ((0, 65534, 65534), (0, 65534, 0)):
        done = subprocess.run([copies[0], ROOT], input=GET, capture_output=True, env={}, timeout=HANG, check=False,
                              preexec_fn=lambda ids=ids: os.setresuid(*ids))
        check(done.returncode == 71 and done.stdout == b"" and b"cannot become this account" in done.stderr, f"{ids}: {done}")
    for copy in copies:
        os.remove(copy)


def test_sockets_of_other_kinds_end(httpd):
    for kind in (socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
        proc = subprocess.Popen([httpd, "--timeout=1", ROOT], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env={})
        theirs.close()
        try:
            check(proc.wait(HANG) == 0, f"{kind.name}: exit {proc.returncode}")
        finally:
            proc.kill()
            proc.wait()
            ours.close()


def test_descriptor_3(httpd):
    ours, theirs = socket.socketpair()
    script = 'exec 3<&0 </dev/null; exec env LISTEN_PID=$$ LISTEN_FDS=1 "$0" "$1"'
    proc = subprocess.Popen(["sh", "-c", script, httpd, ROOT], stdin=theirs, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    theirs.close()
    ours.sendall(GET)
    ours.settimeout(HANG)
    answer = b""
    while part := ours.recv(65536):
        answer += part
    ours.close()
    check(status_of(answer) == 200, f"{answer!r}")
    check(proc.wait(HANG) == 0, "exit")


# Deadlines are absolute: further bytes do not move them. No clock decides: a connection with a long timeout begins before
# one with --timeout=1, and still waits when the other one ends.
@contextlib.contextmanager
def one_that_waits(httpd):
    patient = Client(httpd, f"--timeout={20 * PACE}")
    yield
    check(patient.proc.poll() is None, "--timeout=1 took as long as one of many seconds")
    check(patient.end()[0] == 0, "exit of the one that waits")


def test_silence_gets_silence(httpd):
    with one_that_waits(httpd):
        client = Client(httpd, "--timeout=1")
        check(client.rest() == b"", "an answer to nothing")
        code, err, seconds = client.end()
    check(code == 0 and err == "" and seconds > 0.9, f"{code} {err!r} {seconds}")


def test_half_a_head_gets_408(httpd):
    with one_that_waits(httpd):
        client = Client(httpd, "--timeout=1", first=b"GET / HTTP/1.1\r\nHost:")
        check(status_of(client.rest()) == 408, "no 408")
        code, err, seconds = client.end()
    check(code == 0 and '"GET / HTTP/1.1" 408' in err and seconds > 0.9, f"{code} {err!r} {seconds}")


def test_trickle_does_not_move_the_deadline(httpd):
    """A byte every 0.1 s until the answer comes: a deadline that bytes move is never reached."""
    client = Client(httpd, "--timeout=1", first=b"GET / HTTP/1.1\r\n")
    until = time.monotonic() + HANG
    try:
        while not select.select([client.sock], [], [], 0.1)[0]:
            check(time.monotonic() < until, "no answer while bytes trickle in")
            client.send(b"a")
    except ConnectionError:  # httpd ended between select() and send()
        pass
    seconds = time.monotonic() - client.began
    answer = client.rest()
    check(status_of(answer) == 408 and seconds > 0.9, f"{answer!r} after {seconds} s")
    check(client.end()[0] == 0, "exit")


def test_idle_ends_the_wait_for_the_next_request(httpd):
    """The same comparison for --idle. Neither a connection with a longer --idle ends, nor one whose next request has
    begun."""
    patient = Client(httpd, "--keep-alive", f"--idle={20 * PACE}", first=GET)
    begun = Client(httpd, "--keep-alive", "--idle=1", f"--timeout={20 * PACE}", first=GET + GET[:-2])
    client = Client(httpd, "--keep-alive", "--idle=1", f"--timeout={20 * PACE}", first=GET)
    answer = client.rest()
    code, err, seconds = client.end()
    check(answer.count(b"HTTP/1.1 200") == 1 and code == 0 and err.count("\n") == 1 and seconds > 0.9,
          f"{answer!r} {code} {err!r} {seconds}")
    for what, other, more in (("may be idle for longer", patient, GET), ("has begun its next request", begun, GET[-2:])):
        other.send(more).sock.shutdown(socket.SHUT_WR)
        answer = other.rest()
        check(answer.count(b"HTTP/1.1 200") == 2, f"one that {what}: {answer!r}")
        check(other.end()[0] == 0, "exit")


def test_a_visitor_who_says_nothing(httpd):
    client = Client(httpd)
    client.sock.shutdown(socket.SHUT_WR)
    check(client.rest() == b"", "an answer to nothing")
    check(client.end()[:2] == (0, ""), "exit, log")


# An empty line behind a request begins no other (RFC 9112 section 2.2).
def test_an_empty_line_is_no_request(httpd):
    for end in (True, False):
        client = Client(httpd, "--keep-alive", "--timeout=1", first=GET + b"\r\n")
        if end:
            client.sock.shutdown(socket.SHUT_WR)
        answer = client.rest()
        check(answer.count(b"HTTP/1.1 ") == 1 and answer.endswith(b"Hello, world\n"), f"{answer!r}")
        code, err, _ = client.end()
        check(code == 0 and err.count("\n") == 1, f"{code} {err!r}")


# Closing: no reset destroys the answer, whatever the client still sends.
def test_no_reset_eats_the_answer(httpd):
    body = b"x" * (1 << 20)
    for what, request, status in [
        ("POST", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + body, 405),
        ("GET with a body", b"GET /hello.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + body, 200),
        ("chunked", b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body, 405),
        ("long target", b"GET /" + body + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("long field", b"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + body + b"\r\n\r\n", 431),
        ("too large a body", b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n" + body, 413),
        ("pipelined", GET * 5000, 200),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + body, 400),
    ]:
        for _ in range(3):
            client = Client(httpd)
            writer = threading.Thread(target=lambda: quietly(client.sock.sendall, request))
            writer.start()
            time.sleep(0.02)
            answer = client.rest()
            check(status_of(answer) == status, f"{what}: {answer[:60]!r}")
            check(announced(answer) == len(answer.split(b"\r\n\r\n", 1)[1]), f"{what}: the body is cut")
            writer.join()
            check(client.end()[0] == 0, f"{what}: exit")


def quietly(function, *args):
    try:
        function(*args)
    except OSError:
        pass


def announced(answer):
    return int(re.search(rb"Content-Length: (\d+)", answer).group(1))


def test_client_gone(httpd):
    for cut in (0, 1, 20, len(GET)):
        client = Client(httpd).send(GET[:cut])
        check(client.end()[0] == 0, f"gone after {cut} bytes")
    client = Client(httpd).send(GET.replace(b"hello.txt", b"large.bin"))
    client.sock.recv(1000)
    code, err, _ = client.end()
    check(code == 0 and err.count("\n") == 1, f"{code} {err!r}")


def test_file_that_shrinks(httpd):
    path = os.path.join(ROOT, "shrinks.bin")
    for size, cut in ((64 << 20, 32 << 20), (64 << 20, 0)):
        with open(path, "wb") as file:
            file.truncate(size)
        client = Client(httpd).send(GET.replace(b"hello.txt", b"shrinks.bin"))
        first = client.sock.recv(100000)
        time.sleep(0.2)  # httpd has filled the buffers, and waits
        os.truncate(path, cut)
        answer = first + client.rest()
        body = answer.split(b"\r\n\r\n", 1)[1]
        check(announced(answer) == size and len(body) < size, f"{len(body)} of {size} bytes")
        code, err, _ = client.end()
        check(code == 0 and f'200 {len(body)} "' in err, f"{code} {err!r}, not {len(body)}")
        os.unlink(path)


# A time that 32 bits do not hold.
def test_file_of_2040(httpd):
    path = os.path.join(ROOT, "later.txt")
    with open(path, "w", encoding="ascii") as file:
        file.write("later\n")
    os.utime(path, (2222222222, 2222222222))
    answer = Client(httpd).send(GET.replace(b"hello.txt", b"later.txt")).rest()
    check(status_of(answer) == 200, f"{answer!r}")
    check(b'ETag: "6-84746b8e-0"' in answer, f"{answer!r}")


def test_large_file(httpd):
    answer = Client(httpd).send(GET.replace(b"hello.txt", b"large.bin")).rest()
    with open(ROOT + "/large.bin", "rb") as file:
        check(answer.split(b"\r\n\r\n", 1)[1] == file.read(), "not the file's bytes")


def test_small_file_leaves_in_one_piece(httpd):
    client = Client(httpd).send(GET)
    check(client.sock.recv(65536).endswith(b"\r\n\r\nHello, world\n"), "head and body came apart")
    client.end()


with tempfile.TemporaryDirectory() as ROOT:
    os.chmod(ROOT, 0o755)
    with open(ROOT + "/hello.txt", "w", encoding="ascii") as hello:
        hello.write("Hello, world\n")
    with open(ROOT + "/large.bin", "wb") as large:
        large.write(bytes(range(256)) * 4 * 5000)
    sys.exit(run_tests(globals()))
