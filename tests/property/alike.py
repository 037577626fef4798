#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
openat2 and the walk, sendfile and the copy: both builds answer any conversation with the same bytes, the date aside.
Each answer is read strictly, too: its Content-Length is what came, a HEAD is the head of its GET.
"""
import os
import re

from lib import play, reply
from lib.asks import conversation, head, options
from lib.site import spelled


def difference(one, other):
    """The place of the first difference, and what is around it; long answers would hide it."""
    at = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    start = max(0, at - 40)
    return f"at byte {at} of {len(one)} and {len(other)}: full {one[start:at + 120]!r}, portable {other[start:at + 120]!r}"


def both(args, data):
    full, log = play.ask(BUILDS.httpd["full"], args, data)
    portable, other = play.ask(BUILDS.httpd["portable"], args, data)
    one, two = play.masked(full), play.masked(portable)
    reply.check(one == two, f"{args!r} {data!r}: {difference(one, two)}; they log {log!r} and {other!r}")
    same = re.sub(rb"\[[^]]*\]", b"", log) == re.sub(rb"\[[^]]*\]", b"", other)
    reply.check(same, f"{args!r} {data!r}: full logs {log!r}, portable {other!r}")
    return full, log


def logged(log):
    """Method, status and bytes of each line."""
    return [(match.group(1).decode("latin-1"), int(match.group(2)), int(match.group(3))) for match in
            re.finditer(rb'\] "(?:([^" ]*)[^"]*|-)" ([0-9]{3}) ([0-9]+) "', log.replace(b'""', b'"-"'))]


def alike(rng, number):
    site = play.shared_site(BUILDS, number)
    args = [*options(rng), os.fsdecode(site.root)]
    data = conversation(rng, site)
    answer, log = both(args, data)
    # The log tells which method each answer was to, and counts its content: a second witness.
    lines = logged(log)
    reply.check(len(lines) == log.count(b"\n"), f"{log!r}")
    # A line that is refused may not be there in whole: a HEAD is known by its answer's having no content.
    methods = [method if status != 400 else "" if length > 0 else "HEAD" for method, status, length in lines]
    if answer or methods:
        replies = reply.read_replies(answer, methods)
        seen = [(one.status, len(one.content)) for one in replies]
        reply.check(seen == [line[1:] for line in lines], f"{args!r} {data!r}: {seen!r}, logged {lines!r}")


# What a proxy may write behind the last comma of X-Forwarded-For, and what is logged: what is no address is not taken
# (None), and the address of the connection, which has none here, stands instead.
NODES = [(b"192.0.2.7", b"192.0.2.7"), (b"192.0.2.8:4711", b"192.0.2.8"), (b"2001:DB8:0:0::7", b"2001:db8::7"),
         (b"[2001:db8::8]:80", b"2001:db8::8"), (b"[2001:db8::9]", b"2001:db8::9"), (b" \t192.0.2.9 \t", b"192.0.2.9"),
         (b"", None), (b"unknown", None), (b"_hidden", None), (b"192.0.2.300", None), (b"192.0.2.7 192.0.2.8", None),
         (b"192.0.2.7:", None), (b"192.0.2.7:123456", None), (b"[2001:db8::7", None), (b"2001:db8::7::1", None),
         (b"\"192.0.2.7\"", None), (b"\xff", None), (b"1" * 500, None), (b"192.0.2.7\" 200 1 \"-", None)]


def named(rng, number):
    """Each line has the client that the proxy named in that very request, last of all, and nothing that a client wrote."""
    site = play.shared_site(BUILDS, number)
    data, wanted = b"", []
    for i in range(rng.randint(1, 6)):
        lines, client = b"", None
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
            node, client = rng.choice(NODES)
            forged = b"".join(rng.choice(NODES)[0] + b"," for _ in range(rng.choice([0, 0, 1, 2])))
            lines += rng.choice([b"X-Forwarded-For", b"x-forwarded-FOR"]) + b":" + forged + node + b"\r\n"
        data += b"GET /%d HTTP/1.1\r\nHost: a\r\nForwarded: for=203.0.113.1\r\n" % i + lines + b"\r\n"
        wanted.append(client or b"-")
    _, log = both(["--keep-alive", "--client-address=X-Forwarded-For", os.fsdecode(site.root)], data)
    seen = [line.split(b" ", 1)[0] for line in log.splitlines()]
    reply.check(seen == wanted, f"{data!r}: logged for {seen!r}, not {wanted!r}")


def headed(rng, number):
    """HEAD's answer is GET's without its content (RFC 9110 section 9.3.2); a Range is a GET's alone."""
    site = play.shared_site(BUILDS, number)
    args = [*options(rng), os.fsdecode(site.root)]
    data = head(rng, spelled(rng, rng.choice(site.paths()))).lstrip(b"\r\n")
    data = re.sub(rb"(?i)\nrange: [^\n]*", b"", data.split(b"\n\n")[0].split(b"\r\n\r\n")[0]) + b"\r\n\r\n"
    data = data.split(b" ", 1)[1]
    got, _ = both(args, b"GET " + data)
    headed_only, _ = both(args, b"HEAD " + data)
    whole, one = reply.read_replies(got, ["GET"])[0], reply.read_replies(headed_only, ["HEAD"])[0]
    reply.check(play.masked(one.head) == play.masked(whole.head), f"{args!r} {data!r}: {one.head!r}, {whole.head!r}")


play.begin()
with play.Builds() as BUILDS:
    play.cases("both builds answer alike (as root: confined)" if os.geteuid() == 0 else "both builds answer alike",
               3000, 4, alike)
    if os.geteuid() == 0:
        play.cases("both builds answer alike (as nobody)", 3000, 3, alike, play.NOBODY)
    play.cases("HEAD is GET without its content", 1000, 1, headed)
    play.cases("a line has the client that the proxy named", 1000, 1, named)
play.finish()
