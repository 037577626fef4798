# SPDX-License-Identifier: ISC
"""The site, and the twenty requests that must get the same answers under every supervisor."""
import gzip
import os
import socket
import subprocess

import world

WHEN = 1700000000  # Tue, 14 Nov 2023 22:13:20 GMT: every file of the site
BIG = 16 * 1024 * 1024


def make_site(site):
    def put(name, content, mode=0o644):
        path = os.path.join(site, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, mode)
        os.utime(path, (WHEN, WHEN))
    put("index.html", b"<!doctype html><title>Here</title>\n")
    put("hello.txt", b"Hello, world\n")
    put("404.html", b"<!doctype html><title>Not here</title>\n")
    put("private.txt", b"secret\n", 0o600)
    put(".hidden", b"secret\n")
    put("sub/index.html", b"<!doctype html><title>Below</title>\n")
    put("data.json", b"[" + b"1, " * 5000 + b"1]\n")
    put("data.json.gz", gzip.compress(b"[" + b"1, " * 5000 + b"1]\n", mtime=0))
    block = bytes(range(256)) * 256
    put("big.bin", b"".join(i.to_bytes(4, "big") + block[4:] for i in range(BIG // len(block))))


def head(method, target, *fields, version="1.1", host=True):
    lines = [f"{method} {target} HTTP/{version}", *(["Host: example.org"] if host else []), *fields, "", ""]
    return "\r\n".join(lines).encode()


# The actions of clients. Each takes a connection and returns the answer.
def plain(data):
    def act(sock):
        world.send(sock, data)
        return world.rest(sock)
    return act


def half_close(data):
    """Half-closes the connection and reads the answer."""
    def act(sock):
        world.send(sock, data)
        sock.shutdown(socket.SHUT_WR)
        return world.rest(sock)
    return act


def in_pieces(data, size):
    def act(sock):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(data), size):
            world.send(sock, data[at:at + size])
            sock.getpeername()
        return world.rest(sock)
    return act


def gone_early(data):
    """Resets the connection in the middle of the request."""
    def act(sock):
        world.send(sock, data)
        world.vanish(sock)
        return b""
    return act


def gone_late(data, enough):
    """Resets the connection in the middle of the answer."""
    def act(sock):
        world.send(sock, data)
        got = b""
        while len(got) < enough and (part := sock.recv(enough - len(got))):
            got += part
        world.vanish(sock)
        return got
    return act


TWENTY = [  # name, status (0: no answer), action of the client
    ("a page", 200, plain(head("GET", "/", "Connection: close"))),
    ("a page, of a client that would go on", 200, plain(head("GET", "/hello.txt"))),
    ("HTTP/1.0", 200, plain(head("GET", "/hello.txt", version="1.0"))),
    ("HEAD", 200, plain(head("HEAD", "/big.bin", "Connection: close"))),
    ("16 MiB", 200, plain(head("GET", "/big.bin", "Connection: close"))),
    ("two ranges", 206, plain(head("GET", "/big.bin", "Range: bytes=65536-65545, -5", "Connection: close"))),
    ("not changed since", 304, plain(head("GET", "/hello.txt", "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT"))),
    ("compressed", 200, plain(head("GET", "/data.json", "Accept-Encoding: gzip", "Connection: close"))),
    ("a directory", 301, plain(head("GET", "/sub?a=b", "Connection: close"))),
    ("a private file", 403, plain(head("GET", "/private.txt", "Connection: close"))),
    ("a missing file", 404, plain(head("GET", "/sub/none", "Connection: close"))),
    ("no Host", 400, plain(head("GET", "/", host=False))),
    ("40 KB of header", 431, plain(head("GET", "/", "X-Long: " + "x" * 40000))),
    ("a POST of 1 MiB", 405, plain(head("POST", "/hello.txt", "Content-Length: 1048576") + b"\r\n" * 524288)),
    ("a second request behind the first", 200, plain(head("GET", "/hello.txt") + head("GET", "/data.json"))),
    ("half-closed behind the request", 200, half_close(head("GET", "/big.bin"))),
    ("a byte at a time", 200, in_pieces(head("GET", "/hello.txt", "Connection: close"), 1)),
    ("nothing said", 0, half_close(b"")),
    ("gone in the middle of its request", 0, gone_early(b"GET /hello.txt?early HTTP/1.1\r\nHost: exam")),
    ("gone in the middle of the answer", 200, gone_late(head("GET", "/big.bin?gone"), 70000)),
]


def ask(address, wrap=None, only=lambda name: True):
    """{name: answer}, with Date masked. `only` chooses the names."""
    answers = {}
    for name, _, act in TWENTY:
        if only(name):
            sock = world.connect(address)
            with (wrap(sock) if wrap else sock) as s:
                answers[name] = world.mask(act(s))
    return answers


def by_hand(*options):
    """The expected answers and log: the test itself accepts the connections and starts httpd on each."""
    listener = socket.create_server(("127.0.0.1", 0))
    answers, log = {}, f"{world.ROOM}/by-hand.log"
    with open(log, "wb") as err:
        for name, status, act in TWENTY:
            sock = world.connect(listener.getsockname())
            end = listener.accept()[0]
            child = subprocess.Popen([world.HTTPD, *options, world.SITE], stdin=end, stdout=end, stderr=err)
            end.close()
            with sock:
                answer = answers[name] = world.mask(act(sock))
            world.check(f"by hand: {name}: exit 0", child.wait(world.HANG) == 0)
            world.check(f"by hand: {name}: {status}", (int(answer[9:12]) if answer else 0) == status, show(answer))
            world.check(f"by hand: {name}: not cut off", b"Error>" not in answer[-100:], answer[-100:])
    listener.close()
    lines = log_lines(world.read_from(log))
    world.check("by hand: a line in the log for each answer", len(lines) == sum(row[1] != 0 for row in TWENTY), lines)
    return answers, lines


def difference(expected, seen):
    """The names of the answers that differ."""
    return [name for name in expected if name in seen and expected[name] != seen[name]]


def show(answer):
    return repr(answer[:300]) + f" … {len(answer)} bytes" * (len(answer) > 300)


def log_lines(text):
    """The lines of the access log without their time and without the prefix of syslogd. The number of bytes sent to a
    client that has gone depends on the network, and the supervisor may keep httpd from seeing a client that resets
    during its request: both are left out."""
    found = []
    for line in text.splitlines():
        if "?early" in line:
            continue
        match = world.re.search(r'(\S+ - - \[)[^]]+(\] ".*)$', line)
        if match:
            line = match[1] + match[2]
            found.append(world.re.sub(r'(/big\.bin\?gone HTTP/1\.1" 200) \d+', r"\1 N", line))
    return sorted(found)
