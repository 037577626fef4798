# SPDX-License-Identifier: ISC
"""What the tests with real supervisors share: a machine of their own, what is under units/, the client, the counting.

enter() runs the script again in new namespaces, where it is process 1: whatever it starts, mounts or configures is gone
with it, port 80 is free, and the paths that the files under units/ name can be filled without touching the host's.
"""
import contextlib
import glob
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))
import machine
from machine import HANG, PACE, TOP, Count, check, finish, left_out, until  # noqa: F401 -- for the scripts that import this

UNITS = os.path.join(TOP, "units")
PACKAGES = os.path.join(TOP, "build", "packages")
HTTPD = "/usr/local/sbin/httpd"
SITE = "/var/www/html"
ROOM = "/run/test"  # for the files of a test
MARK = "HTTPD_TEST_WORLD"


# ---- programs ----

def program(name, package=None):
    """The path of a program: installed, or unpacked by unpack(); None if it is missing."""
    found = machine.program(name)
    if found is None and package is not None:
        found = shutil.which(name, path=os.path.join(PACKAGES, package, "usr/sbin"))
        if found and "not found" in run("ldd", found):  # its libraries are only there with the installed package
            found = None
    return found


def unpack(*packages):
    """Downloads packages that cannot be installed together, such as the inetds, and unpacks their files. A package that
    cannot be downloaded is missing when its program is to be started."""
    for package in packages:
        place = os.path.join(PACKAGES, package)
        if os.path.isdir(place) or os.geteuid() != 0 or not shutil.which("apt-get"):
            continue
        os.makedirs(PACKAGES, exist_ok=True)
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            subprocess.run(["apt-get", "-qq", "download", package], cwd=PACKAGES, timeout=HANG, capture_output=True, check=True)
            for file in glob.glob(os.path.join(PACKAGES, package + "_*.deb")):
                subprocess.run(["dpkg-deb", "-x", file, place + ".new"], check=True)
                os.rename(place + ".new", place)


# ---- the machine ----

def httpd_given():
    return os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(TOP, "build", "httpd")


def files_are_sound():
    """Checks of the files under units/ that need no right and no package: httpd has every option that they use."""
    said = subprocess.run([httpd_given(), "--help"], capture_output=True, text=True, check=True).stdout
    known = set(re.findall(r"^  --([a-z-]+)", said, re.M))
    others = {"accept", "inetd", "list", "delete", "globoff", "path-as-is", "fail-early", "now",
              "webroot", "deploy-hook", "kill-who",
              "format", "sort", "owner", "group", "numeric-owner", "mtime"}  # options of other programs
    for path in sorted(glob.glob(os.path.join(UNITS, "*", "*"))):
        name = os.path.relpath(path, TOP)
        if not name.startswith("units/systemd/"):  # tested elsewhere
            with open(path, encoding="utf-8") as file:
                text = file.read()
            unknown = set(re.findall(r"--([a-z][a-z-]+)", text)) - known - others
            check(f"{name}: httpd has every option in it", not unknown, unknown)
            check(f"{name}: its licence is named", "SPDX-License-Identifier: ISC" in text)


UNSHARE = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]


def why_not():
    """The reason why this machine cannot make the namespaces; empty where it can."""
    if os.geteuid() != 0:
        return "only root can make the namespaces it needs"
    why = machine.lacking("unshare", "mount", "ip")
    if why:
        return why
    try:
        pwd.getpwnam("www-data")
    except KeyError:
        return "there is no account www-data, which the files under units/ name"
    tried = subprocess.run([*UNSHARE, "true"], capture_output=True, text=True)
    return f"namespaces cannot be made here: {tried.stderr.strip()}" if tried.returncode else ""


def enter(what):
    """Returns inside the namespaces, or ends the script with a line that has the reason."""
    why = ""
    if os.environ.get(MARK):
        try:
            build_machine()
            return
        except (RuntimeError, OSError) as error:
            why = f"a machine in namespaces cannot be furnished here: {error}"
    why = why or why_not()
    if why:
        left_out(what, " ".join(why.split()))
        files_are_sound()
        finish()
    sys.stdout.flush()
    os.environ[MARK] = "yes"
    os.execvp("unshare", [*UNSHARE, sys.executable, "-B", *sys.argv])


def run(*command, timeout=HANG, **more):
    """The standard output of a command. A failure raises an exception with its standard error."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def end_if_it_hangs():
    """The last resort: after this time the tests end with a failure, and the namespaces with them."""
    limit = 15 * HANG

    def late(*_):
        print(f"not ok: not done after {limit} s")
        print(f"{Count.passed} passed, {Count.failed + 1} failed", flush=True)
        os._exit(1)
    signal.signal(signal.SIGALRM, late)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(1))  # a signal without a handler does not reach process 1
    signal.alarm(limit)


def make_place(path):
    """Makes a directory that the host lacks, without changing the host: a tmpfs takes the place of the directory above,
    and everything in that is bound into it."""
    if os.path.isdir(path):
        return
    above, name = os.path.split(path)
    make_place(above)
    twin = "/run/places" + above
    os.makedirs(twin)
    for entry in os.scandir(above):
        copy = os.path.join(twin, entry.name)
        if entry.is_symlink():
            os.symlink(os.readlink(entry.path), copy)
            continue
        if entry.is_dir():
            os.mkdir(copy)
        else:
            open(copy, "wb").close()
        run("mount", "--rbind", entry.path, copy)
    os.mkdir(os.path.join(twin, name))
    run("mount", "--rbind", twin, above)


def build_machine():
    end_if_it_hangs()
    tmpfs = ("mount", "-t", "tmpfs", "-o", "mode=755", "none")
    run(*tmpfs, "/run")
    for place in ("/var/www", "/usr/local/sbin"):
        make_place(place)
        run(*tmpfs, place)
    # A /dev without the host's /dev/log.
    os.makedirs("/run/dev/shm")
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        if os.path.exists(f"/dev/{name}"):
            open(f"/run/dev/{name}", "w").close()
            run("mount", "--bind", f"/dev/{name}", f"/run/dev/{name}")
    for name, target in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(f"/proc/self/{target}", f"/run/dev/{name}")
    run("mount", "--rbind", "/run/dev", "/dev")
    os.makedirs(SITE)
    os.makedirs(ROOM, mode=0o755)
    os.chmod("/dev/shm", 0o1777)
    shutil.copy(httpd_given(), HTTPD)
    os.chmod(HTTPD, 0o755)
    run("ip", "link", "set", "lo", "up")
    os.environ["LC_ALL"] = "C.UTF-8"


# ---- processes ----

class Started:
    """A process in a session of its own. Standard output and standard error go to a file."""

    def __init__(self, *command, log, prefix=(), **more):
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen([*prefix, *command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            start_new_session=True, **more)

    def stop(self, number=signal.SIGTERM):
        """Ends the process and all its descendants, also those in other sessions."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(HANG)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def said(self):
        return read_from(self.log)


class Load:
    """Clients that send requests without a pause until stop(). A subclass defines one client as client(number), which
    checks self.running before each request and calls finished() after it."""

    def __init__(self, clients):
        self.done, self.failed, self.running, self.lock = 0, [], True, threading.Lock()
        self.threads = [threading.Thread(target=self.client, args=(number,), daemon=True) for number in range(clients)]
        for thread in self.threads:
            thread.start()

    def client(self, number):
        raise NotImplementedError

    def finished(self, wrong):
        """Counts a request; `wrong` is the difference between its answer and the expected one, or empty."""
        with self.lock:
            self.done += 1
            if wrong:
                self.failed.append(wrong)

    def more(self, count):
        """Waits until so many further requests are done."""
        goal = self.done + count
        return until(lambda: self.done >= goal)

    def stop(self):
        self.running = False
        for thread in self.threads:
            thread.join(HANG)


def processes(name):
    """The running processes of this name: {pid: uid}."""
    found = {}
    for status in glob.glob("/proc/[0-9]*/status"):
        with contextlib.suppress(OSError):
            text = open(status, encoding="utf-8").read()
            if text.startswith(f"Name:\t{name}\n") and "\nState:\tZ" not in text:
                found[int(status.split("/")[2])] = int(re.search(r"\nUid:\t\d+\t(\d+)", text)[1])
    return found


def accepts(address):
    """Whether a connection to the address is accepted."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(HANG)
        try:
            s.connect(address)
        except OSError:
            return False
        return True


def kill_by_name(name):
    """Kills the processes of this name. Only those in the namespaces of the test are visible."""
    for pid in processes(name):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def nobody_left():
    """Whether every httpd ends, now that its client has gone."""
    return until(lambda: not processes("httpd"))


def size_of(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


def read_from(path, start=0):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as file:
        file.seek(start)
        return file.read()


def syslogd(path):
    """A real syslogd with a /dev/log inside the namespaces; None where busybox has none."""
    busybox = program("busybox")
    if not busybox or "syslogd" not in run(busybox, "--list").split():
        return None
    daemon = Started(busybox, "syslogd", "-n", "-S", "-O", path, log=f"{ROOM}/syslogd.err")
    until(lambda: os.path.exists("/dev/log"))
    return daemon


# ---- the files under units/ ----

def unit(name, *changes, to=None):
    """A copy of units/NAME in which each (old, new) is replaced. A missing `old` is an error."""
    with open(os.path.join(UNITS, name), encoding="utf-8") as file:
        text = file.read()
    for old, new in changes:
        if old not in text:
            raise RuntimeError(f"units/{name} has no {old!r}")
        text = text.replace(old, new)
    path = to or os.path.join(ROOM, name.replace("/", "-"))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)
    return path


def exec_start(name, *options):
    """The command of a unit under units/systemd: the words of its ExecStart=, with these options instead of the
    operator's."""
    text = read_from(os.path.join(UNITS, "systemd", name))
    values = dict(word.split("=", 1) for word in re.search(r"(?m)^Environment=(.*)$", text)[1].split())
    words = []
    for word in re.search(r"(?m)^ExecStart=(.*)$", text)[1].replace("@BINDIR@/httpd", HTTPD).split():
        words += options if word == "$HTTPD_OPTIONS" else [re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], word)]
    return words


def counted(command, to):
    """Makes a script that adds a line to TO.pids and becomes the command. started(TO) counts the lines."""
    with open(to, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\necho $$ >>{to}.pids\nexec {shlex.join(command)} "$@"\n')
    os.chmod(to, 0o755)
    open(f"{to}.pids", "ab").close()
    os.chmod(f"{to}.pids", 0o666)  # writable for the account that runs the script
    return to


def started(to):
    """How often a script of counted() was started."""
    return read_from(f"{to}.pids").count("\n")


# ---- the client ----

def rest(sock):
    """All bytes until the end of the connection. The result shows a reset."""
    parts = []
    try:
        while part := sock.recv(65536):
            parts.append(part)
    except (ConnectionError, TimeoutError) as error:
        parts.append(f"<{type(error).__name__}>".encode())
    return b"".join(parts)


def send(sock, data):
    """Sends what the other side takes. An early end shows in the answer."""
    with contextlib.suppress(ConnectionError):
        sock.sendall(data)


def connect(address):
    return socket.create_connection(address, timeout=HANG)


def vanish(sock):
    """Ends a connection with a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def get(address, target="/", wrap=None, fields=""):
    """The status of one GET; 0 without an answer."""
    try:
        sock = connect(address)
        with (wrap(sock) if wrap else sock) as s:
            send(s, f"GET {target} HTTP/1.1\r\nHost: a\r\n{fields}Connection: close\r\n\r\n".encode())
            answer = rest(s)
    except OSError:
        return 0
    return int(answer[9:12]) if answer[:9] == b"HTTP/1.1 " else 0


def mask(answer):
    """An answer without its Date."""
    return re.sub(rb"(?m)^Date: [^\r\n]*\r$", b"Date: MASKED\r", answer)
