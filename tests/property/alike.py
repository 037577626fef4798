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


def both(args, data):
    full, log = play.ask(BUILDS.httpd["full"], args, data)
    portable, other = play.ask(BUILDS.httpd["portable"], args, data)
    same = play.masked(full) == play.masked(portable)
    reply.check(same, f"{args!r} {data!r}: full {full!r}, portable {portable!r}")
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
play.finish()
