#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Small requests on one connection that is used again: none of them waits for the timers of Nagle's algorithm and of
delayed acknowledgements, 40 ms each. A local socket has no such timers: the same requests take turns on one, so that a
slow machine is not taken for a wait. tests/e2e/latency.py [HTTPD...]"""
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import machine
from machine import HANG, TOP

REQUESTS = 200
TIMER = 40  # ms: what the kernel's timers wait at least
FILES = {"empty": 0, "small": 100, "together": 8192, "apart": 8193, "several-segments": 70000}


class Client:
    """A connection over loopback or a local socket, and the httpd at its other end. It takes one request more than the
    measurement makes."""

    def __init__(self, httpd, root, tcp):
        if tcp:
            listener = socket.create_server(("127.0.0.1", 0))
            self.sock = socket.create_connection(listener.getsockname())
            end = listener.accept()[0]
            listener.close()
            # The client sends without delay, so any delay is the server's.
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            self.sock, end = socket.socketpair()
        self.sock.settimeout(HANG)
        argv = [httpd, f"--keep-alive={REQUESTS + 1}", f"--timeout={20 * machine.PACE}", "--listing", "--log=none", root]
        self.proc = subprocess.Popen(argv, stdin=end, stdout=end)
        end.close()
        self.rest = b""

    def more(self):
        part = self.sock.recv(65536)
        if not part:
            raise AssertionError("the connection ended early")
        self.rest += part

    def take(self, length):
        while len(self.rest) < length:
            self.more()
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def line(self):
        while (end := self.rest.find(b"\r\n")) < 0:
            self.more()
        return self.take(end + 2)[:-2]

    def answer(self, method="GET"):
        """Reads an answer; returns its status and the length of its content."""
        status = int(self.line().split(b" ")[1])
        fields = {}
        while line := self.line():
            name, value = line.split(b": ", 1)
            fields[name.lower()] = value
        if fields[b"connection"] != b"keep-alive":
            raise AssertionError("the answer ends the connection")
        if method == "HEAD" or status in (204, 304):
            return status, 0
        if fields.get(b"transfer-encoding") != b"chunked":
            return status, len(self.take(int(fields[b"content-length"])))
        length = 0
        while size := int(self.line(), 16):
            length += len(self.take(size + 2)) - 2
        self.take(2)
        return status, length

    def end(self):
        """Ends the connection with a last request. No bytes may follow its answer."""
        self.sock.sendall(request("small", "Connection: close"))
        while part := self.sock.recv(65536):
            self.rest += part
        self.sock.close()
        return self.proc.wait(HANG) == 0 and self.rest.count(b"HTTP/1.1 200 OK\r\n") == 1


def request(name, field="", method="GET"):
    return f"{method} /{name} HTTP/1.1\r\nHost: localhost\r\n{field}{field and chr(13) + chr(10)}\r\n".encode()


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def one_by_one(client, name, field="", want=(200, None)):
    client.sock.sendall(request(name, field))
    status, length = client.answer()
    check(status == want[0] and (want[1] is None or length == want[1]), f"{name} is {status} with {length} bytes")


def in_two_segments(client):
    """One request in two segments, split in the middle of a field."""
    data = request("small", "User-Agent: somebody")
    client.sock.sendall(data[:40])
    client.sock.sendall(data[40:])
    check(client.answer() == (200, 100), "another answer")


def head_and_get(client):
    """A HEAD and a GET, each in a segment of its own, without a pause between them."""
    client.sock.sendall(request("small", method="HEAD"))
    client.sock.sendall(request("small"))
    check(client.answer("HEAD") == (200, 0), "another answer to HEAD")
    check(client.answer() == (200, 100), "another answer to GET")


def pipelined(client):
    client.sock.sendall(request("small") * 10)
    for _ in range(10):
        check(client.answer() == (200, 100), "another answer")


# Name, requests in a turn, the turn.
CASES = [(f"GET of {size} bytes", 1, lambda c, n=name, s=size: one_by_one(c, n, want=(200, s)))
         for name, size in FILES.items()] + [
    ("304", 1, lambda c: one_by_one(c, "small", "If-None-Match: *", (304, 0))),
    ("404", 1, lambda c: one_by_one(c, "none", want=(404, None))),
    ("a listing", 1, lambda c: one_by_one(c, "list/")),
    ("a range", 1, lambda c: one_by_one(c, "apart", "Range: bytes=8000-", (206, 193))),
    ("three ranges", 1, lambda c: one_by_one(c, "apart", "Range: bytes=0-9,100-199,-5", (206, None))),
    ("a request in two segments", 1, in_two_segments),
    ("HEAD and GET in two segments", 2, head_and_get),
    ("ten pipelined", 10, pipelined),
]


def measure(httpd, root, turn, each):
    """The median times of an answer in ms, over TCP and over a local socket."""
    clients = Client(httpd, root, True), Client(httpd, root, False)
    times = [], []
    try:
        for _ in range(REQUESTS // each):
            for client, took in zip(clients, times):
                began = time.perf_counter()
                turn(client)
                took.append((time.perf_counter() - began) * 1000 / each)
        for client in clients:
            check(client.end(), f"the last of {REQUESTS + 1} requests was not the last answer")
    finally:
        for client in clients:
            client.sock.close()
            client.proc.kill()
            client.proc.wait()
    return tuple(statistics.median(took) for took in times)


def waits(tcp, local, each):
    """Whether TCP takes longer by more than half a timer, and by more than a slow machine's TCP can."""
    return (tcp - local) * each > TIMER / 2 and tcp > 3 * local


def main():
    builds = sys.argv[1:] or [os.path.join(TOP, "build", d, "httpd") for d in ("", "portable")]
    with tempfile.TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        os.mkdir(os.path.join(root, "list"))
        for name, size in [*FILES.items(), *((f"list/{n}", n) for n in range(20))]:
            with open(os.path.join(root, name), "wb") as file:
                file.write(b"x" * size)
        for httpd in builds:
            if not os.path.exists(httpd):
                machine.left_out(f"waits in {os.path.relpath(httpd, TOP)}", "it is not built")
                continue
            for name, each, turn in CASES:
                what = f"{os.path.relpath(httpd, TOP)}: {name}"
                try:
                    tcp, local = measure(httpd, root, turn, each)
                except (AssertionError, OSError, ValueError, KeyError) as error:
                    machine.check(what, False, error)
                    continue
                seen = f"median over TCP {tcp:.3f} ms, over a local socket {local:.3f} ms"
                if machine.check(what, not waits(tcp, local, each), seen):
                    print(f"ok {what}: {seen}")
    machine.finish()


if __name__ == "__main__":
    main()
