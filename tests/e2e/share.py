#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
httpd-run under each supervisor that is here, on a terminal: it prints the address and a line for each request and nothing
else, shows a directory that has no index.html, listens on this machine only unless --all is given, serves as nobody when
root started it, and Control-C ends every process that it started. run.sh has the bytes it serves, mistakes.py its messages.
"""
import contextlib
import fcntl
import glob
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from machine import HANG, TOP, check, finish, lacking, left_out, made, until

SUPERVISORS = ["systemd-socket-activate", "tcpserver", "tcpsvd", "socat", "busybox", "inetd"]
SCRIPT = os.path.join(TOP, "src", "tools", "httpd-run")
SERVING = r"Serving %s on http://%s:%d/%s under %s\. Control-C ends it\."
LINE = re.compile(r'\S+ - - \[\S+ \+0000\] "GET (\S+) HTTP/1\.[01]" (\d+) \d+ "-" "-"')


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(address, port, path, keep=False):
    """The answer to a request. With `keep` also the socket, which stays open."""
    s = socket.create_connection((address, port), timeout=HANG)
    s.sendall(f"GET {path} HTTP/1.{int(keep)}\r\nHost: a\r\n\r\n".encode())
    if keep:
        return s, s.recv(65536)
    with s:
        answer = b""
        while piece := s.recv(65536):
            answer += piece
    return answer


# The session leader, like an interactive shell. It outlives httpd-run: the end of the leader would end the whole session,
# and hide processes that httpd-run leaves behind.
LEADER = 'trap : HUP INT TERM; sh "$0" "$@"; echo $? >"$STATUS.new"; mv "$STATUS.new" "$STATUS"; exec sleep 600'


class Run:
    """httpd-run on a terminal of its own, like a command that is typed."""

    def __init__(self, *arguments, cwd=TOP, user=None, program=SCRIPT, **environment):
        # A terminal's processes take an interrupt, also where this test is a shell's background job, which ignores it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.ours, its = pty.openpty()
        self.place = tempfile.mkdtemp()
        os.chmod(self.place, 0o777)
        environment = {**os.environ, "HTTPD": os.path.join(TOP, "build", "httpd"), "STATUS": self.place + "/status", **environment}
        self.leader = subprocess.Popen(["sh", "-c", LEADER, program, *arguments], cwd=cwd, stdin=its, stdout=its, stderr=its,
                                       user=user, group=user, extra_groups=None if user is None else [], env=environment,
                                       start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(its)
        self.text = b""
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while piece := os.read(self.ours, 65536):
                self.text += piece
        except OSError:  # EIO is how a terminal ends on Linux
            pass

    def lines(self):
        return self.text.decode(errors="replace").replace("\r", "").splitlines()

    def status(self):
        """The exit status of httpd-run; None while it runs."""
        if not os.path.exists(self.place + "/status"):
            return None
        with open(self.place + "/status", encoding="ascii") as file:
            return int(file.read())

    def serves(self):
        """Waits until httpd-run prints the address or ends. Whether it printed it."""
        until(lambda: b"Control-C ends it.\r\n" in self.text or self.status() is not None)
        return b"Control-C ends it." in self.text

    def processes(self):
        """The processes of its session, and all their descendants: their numbers and those of their parents."""
        every = {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/stat", encoding="latin-1") as file:
                    state, parent, _, session = file.read().rpartition(")")[2].split()[:4]
            except OSError:
                continue  # it has ended since
            if state != "Z":
                every[int(name)] = int(parent), int(session)
        found = {self.leader.pid}
        while more := {number for number, above in every.items() if found & set(above)} - found:
            found |= more
        return {number: every[number][0] for number in found - {self.leader.pid}}

    def running(self, before):
        """The numbers of those processes, and of newer ones, that still run."""
        def state(number):
            stat = read(f"/proc/{number}/stat")
            return stat.rpartition(")")[2].split()[0] if stat else "Z"
        return [number for number in {*before, *self.processes()} if state(number) != "Z"]

    def end(self, how):
        """Ends httpd-run by typed bytes or by a signal. Returns its exit status, and the processes that it left running."""
        before = self.processes()
        if isinstance(how, bytes):
            os.write(self.ours, how)
        else:
            os.kill(next(number for number, parent in before.items() if parent == self.leader.pid), how)
        until(lambda: self.status() is not None and not self.running(before))
        return self.running(before) or self.status()

    def close(self):
        for number in [*self.processes(), self.leader.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.leader.wait(HANG)
        os.close(self.ours)
        shutil.rmtree(self.place)


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:  # it is another run's, which has ended
        return ""


def missing(name):
    """The reason why this supervisor cannot be tried."""
    if name == "busybox" and not lacking(name):
        applets = subprocess.run(["busybox", "--list"], capture_output=True, text=True, check=False).stdout.split()
        return "" if "tcpsvd" in applets else "this busybox was built without tcpsvd"
    return lacking(name, "setsid")  # without setsid a process may outlast Control-C by --idle; every Linux has it


def check_supervisor(name, work):
    root, port = work + "/a site's", free_port()
    run = Run(root, str(port), "--", "--idle=600", SUPERVISOR=name)  # no process ends by itself
    try:
        if not check(f"{name}: it serves", run.serves(), run.lines()):
            return
        told = SERVING % (re.escape(root), r"127\.0\.0\.1", port, "", name)
        check(f"{name}: one line with the address", len(run.lines()) == 1 and re.fullmatch(told, run.lines()[0]), run.lines())
        check(f"{name}: a directory without index.html is listed", b">notes.txt<" in ask("127.0.0.1", port, "/"))
        check(f"{name}: a file", ask("127.0.0.1", port, "/notes.txt").endswith(b"\r\n\r\nhello\n"))
        check(f"{name}: a missing one", b" 404 " in ask("127.0.0.1", port, "/none")[:20])
        kept, answer = ask("127.0.0.1", port, "/notes.txt", keep=True)
        with kept:
            check(f"{name}: a connection stays open", answer.endswith(b"hello\n"), answer)
            check(f"{name}: there is a process for it", len(run.processes()) >= 3, run.processes())
            if os.geteuid() == 0:
                uids = [os.stat(f"/proc/{number}").st_uid for number in run.processes()]
                check(f"{name}: root is given up by it", 65534 in uids, uids)
            status = run.end(b"\x03")
            check(f"{name}: Control-C ends it and every process that it started", status == 0, status)
            check(f"{name}: the connection has ended", status or kept.recv(1) == b"", status)
        lines = [line for line in run.lines()[1:] if line != "^C"]
        seen = [(match[1], match[2]) for match in map(LINE.fullmatch, (line.removeprefix("^C") for line in lines)) if match]
        check(f"{name}: a line for each request, and nothing else",
              seen == [("/", "200"), ("/notes.txt", "200"), ("/none", "404"), ("/notes.txt", "200")] and len(lines) == 4, lines)
        check(f"{name}: nothing listens any more", not listens(port))
        check(f"{name}: no file is left", not [path for path in glob.glob("/tmp/httpd-run.*/serve") if work in read(path)])
    finally:
        run.close()


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        return True
    except OSError:
        return False


def check_all(name, work):
    """--all: the first line says whether IPv6 is included, and the port answers accordingly."""
    port = free_port()
    run = Run("--all", work, str(port), SUPERVISOR=name)
    try:
        if not check(f"{name} --all: it serves", run.serves(), run.lines()):
            return
        told = re.fullmatch(SERVING % (re.escape(work), r"\S+", port, " to everybody( with IPv4)?", name), run.lines()[0])
        check(f"{name} --all: the line", told, run.lines())
        addresses = ["127.0.0.1", "127.9.9.9"] + (["::1"] if has_ipv6() and told and not told[1] else [])
        for address in addresses:
            check(f"{name} --all: {address}", b" 200 " in ask(address, port, "/")[:20])
        check(f"{name} --all: SIGTERM ends it", run.end(signal.SIGTERM) == 0)
    finally:
        run.close()


def check_name(work):
    """HTTPD may be a name without a directory, which PATH finds."""
    run = Run(".", str(free_port()), cwd=work + "/a site's", HTTPD="httpd", PATH=f"{work}/usr/sbin:{os.environ['PATH']}")
    try:
        if check("HTTPD is a name: it serves", run.serves(), run.lines()):
            check("HTTPD is a name: SIGTERM ends it", run.end(signal.SIGTERM) == 0)
    finally:
        run.close()


def check_others(work):
    supervisor = next((name for name in SUPERVISORS if not missing(name)), None)
    if not supervisor:
        left_out("httpd-run", "there is no supervisor")
        return
    # As installed by make install, found by PATH, with the site as the current directory.
    for place in ("bin", "sbin"):
        os.makedirs(f"{work}/usr/{place}")
    shutil.copy(SCRIPT, work + "/usr/bin")
    shutil.copy(os.path.join(TOP, "build", "httpd"), work + "/usr/sbin")
    run = Run(cwd=work + "/a site's", program=work + "/usr/bin/httpd-run", HTTPD="")
    try:
        if run.serves():  # else another program has the port
            check("the defaults", re.fullmatch(SERVING % (re.escape(work + "/a site's"), r"127\.0\.0\.1", 8080, "", supervisor),
                                               run.lines()[0]), run.lines())
            check("the httpd that was installed beside it", b">notes.txt<" in ask("127.0.0.1", 8080, "/"))
            check("SIGHUP ends it", run.end(signal.SIGHUP) == 0)
        else:
            check("port 8080 is in use", "PORT '8080' is in use" in run.lines()[0], run.lines())
    finally:
        run.close()
    check_name(work)
    if os.geteuid() != 0:
        left_out("a port that is for root, and a ROOT that nobody may enter", "only root can become another account")
        return
    for user, arguments, status, words in (
            (65534, [work, "81"], 77, "httpd-run: PORT '81' is for root; give one from 1024 on, such as 8080"),
            (None, [work + "/private"], 66, "account 65534 may not enter it; chmod o+x")):
        run = Run(*arguments, user=user, HTTPD=work + "/usr/sbin/httpd", program=work + "/usr/bin/httpd-run")
        try:
            check(f"{words}", until(lambda: run.status() is not None) and run.status() == status, run.status())
            until(lambda: words in run.text.decode())
            check(f"{words}: it is said", words in run.text.decode(), run.lines())
        finally:
            run.close()


def main():
    if not os.path.exists("/proc/self/stat"):
        left_out("httpd-run", "there is no /proc")
        finish()
    made("build/httpd")
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        os.makedirs(work + "/a site's")
        os.mkdir(work + "/private", 0o700)
        with open(work + "/a site's/notes.txt", "w", encoding="ascii") as file:
            file.write("hello\n")
        for name in SUPERVISORS:
            if why := missing(name):
                left_out("httpd-run under " + name, why)
                continue
            check_supervisor(name, work)
            check_all(name, work)
        check_others(work)
    finish()


if __name__ == "__main__":
    main()
