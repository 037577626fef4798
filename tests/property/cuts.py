#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
However the client's bytes are cut, the answer is the same, and so is the log. Each piece is sent when the one before it
has been read, so that the server's reads are cut there indeed.
"""
import contextlib
import fcntl
import os
import re
import select
import socket
import struct
import termios
import time

from lib import play, reply
from lib.asks import conversation, options

PROXIES = [b"PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n", b"PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n",
           b"PROXY UNKNOWN\r\n", b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\x03\xe8\0\x50",
           b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"]


def unread(sock):
    """How many bytes the other end has not read yet."""
    return struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0\0\0\0"))[0]


def readable(sock):
    return bool(select.select([sock], [], [], 0)[0])


def send_in_pieces(sock, pieces, parts):
    """Sends a piece when the one before has been read; keeps what is answered meanwhile."""
    for piece in pieces:
        try:
            sock.sendall(piece)
        except OSError:
            break
        until = time.monotonic() + play.PATIENCE
        while unread(sock) > 0 and time.monotonic() < until:
            if readable(sock):  # an answer: what is unread now may stay so
                part = sock.recv(1 << 20)
                parts.append(part)
                if not part:
                    break
            os.sched_yield()
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_WR)


def ask_in_pieces(httpd, args, pieces):
    """All that is answered, and the log."""
    server = play.Server(httpd, *args)
    parts = []
    try:
        send_in_pieces(server.sock, pieces, parts)
        server.rest(parts)
    except ConnectionResetError:
        # A client that said that nothing would follow and sends more may be cut off, behind the answer.
        if b"HTTP/1.0" not in b"".join(pieces) and b"close" not in b"".join(pieces):
            raise
    finally:
        log = server.end()
    return b"".join(parts), log


def cut(rng, data):
    """Byte by byte, at line ends, around them, anywhere."""
    how = rng.random()
    if how < 0.15:
        places = range(1, min(len(data), 400))
    elif how < 0.5:
        ends = [match.end() for match in re.finditer(rb"[\r\n]", data)]
        places = {end + rng.choice([-1, 0, 0, 0, 1]) for end in rng.sample(ends, rng.randint(0, min(len(ends), 12)))}
    else:
        places = {rng.randrange(len(data) + 1) for _ in range(rng.choice([1, 1, 2, 5, 20]))}
    places = sorted({0, len(data), *(place for place in places if 0 < place < len(data))})
    return [data[a:b] for a, b in zip(places, places[1:])]


def without_dates(log):
    """The log without its dates; of a line that was not to be read to its end, only that it was logged."""
    log = re.sub(rb"\[[^]]*\]", b"[]", log)
    return re.sub(rb'"[^"]*" (400|414|431) ', rb'"" \1 ', log)


def alike(httpd):
    def case(rng, number):
        site = play.shared_site(BUILDS, number, files=8, directories=3, links=4)
        args = options(rng) + [f"--timeout={15 * play.machine.PACE}"]
        data = conversation(rng, site)
        if rng.random() < 0.1:
            args.append("--proxy-protocol")
            data = rng.choice(PROXIES) + data
        args.append(os.fsdecode(site.root))
        whole, log = ask_in_pieces(httpd, args, [data])
        for _ in range(3):
            pieces = cut(rng, data)
            answer, seen = ask_in_pieces(httpd, args, pieces)
            same = play.masked(answer) == play.masked(whole)
            reply.check(same, f"{args!r} {pieces!r}: {answer!r}, not {whole!r}")
            reply.check(without_dates(seen) == without_dates(log), f"{args!r} {pieces!r}: logged {seen!r}, not {log!r}")
    return case


play.begin()
with play.Builds() as BUILDS:
    for build, httpd in BUILDS.httpd.items():
        play.cases(f"no cut changes the answer ({build})", 1500, 3, alike(httpd))
play.finish()
