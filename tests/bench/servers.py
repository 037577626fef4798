# SPDX-License-Identifier: ISC
"""Shared by the parts of make bench that run servers: starting them on free ports of loopback, and printing figures."""
import os
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from machine import package_of, program

OUT = "build/bench"
SITE = os.path.abspath(OUT + "/site")
HTTPD = os.path.abspath(OUT + "/httpd")
# Nothing runs as root, since giving up root is no part of an ordinary connection.
ACCOUNT = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
# Both sides do nothing but send: no log, and no limit of requests.
NGINX = """daemon off; worker_processes 1; pid {d}/pid; error_log {d}/error crit;
events {{ worker_connections 512; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type text/html;
    client_body_temp_path {d}/1; proxy_temp_path {d}/2; fastcgi_temp_path {d}/3; uwsgi_temp_path {d}/4;
    scgi_temp_path {d}/5;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def missing(what, *programs):
    """Prints which programs a measurement lacks. Returns whether there are any."""
    lack = [package_of(name) for name in programs if not program(name)]
    if lack:
        say(f"left out: {what} (not installed: {' '.join(lack)})")
    return bool(lack)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def busy():
    """If other programs use the machine, prints which figures are still valid."""
    load = os.getloadavg()[0]
    if load > os.cpu_count() / 2:
        say(f"# other programs keep this machine busy (load {load:.1f}): rates suffer, ratios by CPU time hold")


class Servers:
    """Servers that end with the block, and a directory for their files."""

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.started = []
        self.by_port = {}
        self.room = tempfile.TemporaryDirectory(prefix="httpd-bench.")
        self.dir = self.room.name
        self.own(self.dir)
        return self

    def own(self, path):
        if ACCOUNT:
            os.chown(path, ACCOUNT["user"], ACCOUNT["group"])

    def __exit__(self, *_):
        for process in self.started:
            process.terminate()
        for process in self.started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.room.cleanup()

    def start(self, *command, ports):
        """Waits until all ports answer."""
        command = [program(command[0]) or command[0], *command[1:]]
        with open(self.dir + "/said", "ab") as said:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **ACCOUNT)
        self.started.append(process)
        self.by_port.update(dict.fromkeys(ports, process.pid))
        for port in ports:
            for _ in range(100):
                if answers(port):
                    break
                time.sleep(0.05)
            else:
                with open(self.dir + "/said", encoding="utf-8", errors="replace") as said:
                    sys.exit(f"{' '.join(command)} does not answer:\n{said.read()[-2000:]}")

    def nginx(self, root=SITE):
        port, path = free_port(), self.dir + "/nginx"
        os.mkdir(path)
        self.own(path)
        with open(path + "/conf", "w", encoding="utf-8") as conf:
            conf.write(NGINX.format(d=path, port=port, root=root))
        self.start("nginx", "-p", path, "-e", path + "/error", "-c", path + "/conf", ports=[port])
        return port


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as s:
            s.sendall(b"GET /page.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return s.recv(100).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


def spent(pid):
    """The CPU seconds of a process and its descendants."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = file.read().split()
    except OSError:  # it has ended; its parent's sum includes it
        return 0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") + sum(map(spent, children))


def wrk(servers, port, clients, *fields):
    """Requests in a second, and the CPU microseconds of server and client for each. A status other than 2xx, or no
    answer, ends the measurement."""
    command = ["wrk", "-t", "1", "-c", str(clients), "-d", "1s", "--timeout", "5s"]
    for field in fields:
        command += ["-H", field]
    def cpu():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime + spent(servers.by_port[port])
    before = cpu()
    done = subprocess.run([*command, f"http://127.0.0.1:{port}/page.html"], capture_output=True, text=True, timeout=60,
                          **ACCOUNT)
    found = re.search(r" (\d+) requests in .*Requests/sec: +([0-9.]+)", done.stdout, re.S)
    if not found or int(found[1]) == 0 or "Non-2xx" in done.stdout:
        sys.exit(f"wrk: {done.stdout}{done.stderr}")
    time.sleep(0.1)  # the clearing away counts as well
    return float(found[2]), (cpu() - before) / int(found[1]) * 1e6


def compared(ours, theirs):
    """Compares two results of wrk() in the same rounds: the ratio of the rates, its quartiles, and the ratio by CPU
    time, which holds while other programs keep the processors busy."""
    each = [a[0] / b[0] for a, b in zip(ours, theirs)]
    low, _, high = statistics.quantiles(each, n=4) if len(each) > 1 else each * 3
    return statistics.median(each), low, high, statistics.median(b[1] / a[1] for a, b in zip(ours, theirs))


def typical(results):
    return f"{statistics.median(rate for rate, _ in results):.0f}", f"{statistics.median(cpu for _, cpu in results):.0f}"


class Table:
    """A table: tab-separated on standard output for a file, in columns on standard error for a reader."""

    def __init__(self, *columns):
        self.row(*columns)

    def row(self, *values):
        values = [f"{value:.3f}" if isinstance(value, float) else str(value) for value in values]
        print("\t".join(values), flush=True)
        say(f"{values[0]:<34}", *(f"{value:>13}" for value in values[1:]))


def goal(ratio, least=None, most=None):
    """The goal as text, with a mark where it is missed."""
    missed = (least is not None and ratio < least) or (most is not None and ratio > most)
    return (f">= {least}" if least is not None else f"<= {most}") + (" MISSED" if missed else "")
