#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
What a Range gets is the file's own bytes, all that were asked for and none twice, however they are spelled; or the
whole file, where the field is none of those that count; or 416. The rules are worked out here anew.
"""
import os
import re
import tempfile

from email.utils import formatdate

from lib import play, reply

OLD = 1_600_000_000
SIZES = [0, 1, 2, 10, 100, 511, 4096, 8191, 8192, 8193, 65535, 65536, 65537, 200_000]
HUGE = (5 << 30) + 3
MARKS = [0, 1, (1 << 31) - 3, (1 << 31) + 1, (1 << 32) - 5, (1 << 32) + 7, HUGE - 9]


class Whole(Exception):
    """The Range counts for nothing."""


def asked(value, size):
    """The positions that a Range value asks for, as a list of (first, last) without those that are beyond the end."""
    match = re.fullmatch(r"(?i:bytes)=(.*)", value)
    if size == 0 or not match:
        raise Whole
    wanted, count = [], 0
    for part in match.group(1).split(","):
        part = part.strip(" \t")
        if not part:
            continue  # an empty element of a list (RFC 9110 section 5.6.1.2)
        match = re.fullmatch(r"([0-9]*)-([0-9]*)", part)
        if not match or match.groups() == ("", ""):
            raise Whole
        first, last = match.groups()
        if first and last and int(last) < int(first):
            raise Whole
        count += 1
        if not first:
            first, last = max(size - int(last), 0), size - 1
        else:
            first, last = int(first), min(int(last), size - 1) if last else size - 1
        if first <= last:
            wanted.append((first, last))
    if count == 0:
        raise Whole
    return wanted


def united(ranges):
    """The same positions as stretches that neither touch nor overlap, in order."""
    out = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(last, out[-1][1]))
        else:
            out.append((first, last))
    return out


def position(rng, size, near):
    at = rng.choice([rng.randrange(size + 2), rng.choice(near) + rng.randint(-3, 3), size + rng.randint(-3, 3)])
    return max(at, 0)


def spelled(rng, size, near):
    """A Range value; most of them good."""
    parts = []
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 5, 8, 17, 30, 200])):
        first = position(rng, size, near)
        last = rng.choice([first + rng.choice([0, 1, 9, 100, 5000]), position(rng, size, near)])
        if rng.random() < 0.9:
            first, last = min(first, last), max(first, last)
        if size > 1 << 30:  # some of them too long to leave with the head, in one call
            last = rng.choice([min(last, first + 1000)] * 3 + [first + 10_000])
        parts.append(rng.choice([f"{first}-{last}"] * 7 + [f"-{rng.choice([0, 1, 5, min(size + 1, 999)])}"] +
                                ([f"{first}-"] if size < 1 << 30 or first > size - 1000 else [f"{first:08}-{last}"])))
    if rng.random() < 0.1:
        parts.insert(rng.randint(0, len(parts)), rng.choice(
            ["", " ", "-", "1", "a-b", "1-2-3", "0x1-2", "+1-2", "1 - 2", "99999999999999999999-",
             "18446744073709551615-", "9223372036854775807-9223372036854775808",
             "18446744073709551616-18446744073709551617"]))
    unit = rng.choice(["bytes"] * 17 + ["BYTES", "byte", "bytes "])
    return unit + "=" + rng.choice([",", ",", ", ", " ,\t", ",,"]).join(parts)


class File:
    """A file beneath the root, and what must come of it; one of them is larger than 32 bits can tell."""

    def __init__(self, root, name, size, rng):
        self.path, self.name, self.size = root + "/" + name, name, size
        self.near = MARKS if size == HUGE else [0, 1, size // 2, 8191, 8192]
        with open(self.path, "wb") as file:
            if size == HUGE:
                file.truncate(size)
                for mark in MARKS:
                    file.seek(mark)
                    file.write(rng.randbytes(9)[:size - mark])
            else:
                file.write(rng.randbytes(size))
        os.chmod(self.path, 0o644)
        os.utime(self.path, (OLD, OLD))

    def bytes(self, first, last):
        with open(self.path, "rb") as file:
            file.seek(first)
            return file.read(last - first + 1)


def check_whole(one, file, what):
    reply.check(one.status == 200 and one.content == file.bytes(0, file.size - 1), f"{what}: {one.status}")


def multipart_length(one, ranges, size):
    """How long a multipart/byteranges of these would be, by the fields that a whole answer has."""
    mark = b"\r\n--part-" + one[b"etag"].strip(b'"')
    coding = b"Content-Encoding: " + one[b"content-encoding"] + b"\r\n" if one[b"content-encoding"] else b""
    length = len(mark + b"--\r\n")
    for first, last in ranges:
        place = b"Content-Range: bytes %d-%d/%d\r\n\r\n" % (first, last, size)
        length += len(mark + b"\r\nContent-Type: " + one[b"content-type"] + b"\r\n" + coding + place) + last - first + 1
    return length


def check_range(one, file, value, what):
    try:
        wanted = asked(value, file.size)
    except Whole:
        return check_whole(one, file, what)
    if one.status == 200:
        reply.check(len(united(wanted)) > 1 and multipart_length(one, united(wanted), file.size) > file.size,
                    f"{what}: the whole, which is longer")
        return check_whole(one, file, what)
    reply.check(one.status != 206 or len(one.content) <= file.size, f"{what}: longer than the whole")
    if not wanted:
        reply.check(one.status == 416 and one[b"content-range"] == b"bytes */%d" % file.size, f"{what}: {one.status}")
        return None
    reply.check(one.status == 206, f"{what}: {one.status}")
    parts = reply.read_parts(one)
    for first, last, size, content, _ in parts:
        reply.check(size == file.size and content == file.bytes(first, last), f"{what}: not the bytes {first}-{last}")
    sent = [(first, last) for first, last, *_ in parts]
    reply.check(sorted(sent) == united(wanted), f"{what}: {sent!r} of {united(wanted)!r}")
    reply.check(len(wanted) > 1 or len(sent) == 1, f"{what}: several parts of one")
    places = [max(i for i, (first, last) in enumerate(wanted) if begin <= first and last <= end) for begin, end in sent]
    reply.check(places == sorted(places), f"{what}: {sent!r} is not in the order of {wanted!r}")
    return None


def conditions(rng, etag, size):
    """If-Range lines, and whether the Range still counts."""
    date = formatdate(OLD, usegmt=True).encode()
    return rng.choice([
        (b"", True), (b"", True), (b"", True), (b"If-Range: " + etag + b"\r\n", True),
        (b"If-Range: " + date + b"\r\n", True), (b"If-Range: W/" + etag + b"\r\n", False),
        (b"If-Range: " + etag[:-1] + b"x\"\r\n", False), (b"If-Range: " + etag.strip(b'"') + b"\r\n", False),
        (b"If-Range: " + formatdate(OLD + rng.choice([-1, 1, 86400]), usegmt=True).encode() + b"\r\n", False),
        (b"If-Range: *\r\n", False), (b"If-Range: " + etag + b", " + etag + b"\r\n", False),
        (b"If-Range: " + etag + b"\r\nIf-Range: " + etag + b"\r\n", False),
    ] if size != HUGE else [(b"", True), (b"If-Range: " + etag + b"\r\n", True)])


def ranges(httpd):
    def case(rng, number):
        with tempfile.TemporaryDirectory(prefix=f"{number}-", dir=BUILDS.sites) as root:
            os.chmod(root, 0o755)
            size = rng.choice(SIZES + [rng.randrange(20000), HUGE])
            name = rng.choice(["f.bin", "f.txt", "noending"])
            file = File(root, name, size, rng)
            coded = None
            if size < 70000 and rng.random() < 0.2:
                coded = File(root, name + ".gz", rng.randrange(1, 9000), rng)
            play_file(httpd, rng, root, file, coded)
    return case


def play_file(httpd, rng, root, file, coded):
    target = f"GET /{file.name} HTTP/1.1\r\nHost: a\r\n".encode()
    etags = {}
    for which, coding in ((file, b""), (coded, b"Accept-Encoding: gzip\r\n")):
        if which:
            answer, _ = play.ask(httpd, [root], target.replace(b"GET", b"HEAD") + coding + b"\r\n")
            one = reply.read_replies(answer, ["HEAD"])[0]
            reply.check(int(one[b"content-length"]) == which.size, "HEAD tells another size")
            etags[which] = one[b"etag"]
    reply.check(len(set(etags.values())) == len(etags), "one ETag for two")
    wanted, data = [], b""
    for i in range(20):
        which = rng.choice([file, coded]) if coded else file
        value = spelled(rng, which.size, which.near)
        try:
            huge = which.size == HUGE and sum(last - first for first, last in asked(value, which.size)) > 1 << 20
        except Whole:
            huge = which.size == HUGE
        if huge:
            value = "bytes=0-0"
        condition, counts = conditions(rng, etags[which], which.size)
        repeated = rng.random() < 0.03 and which.size != HUGE
        line = b"Range: " + value.encode() + b"\r\n"
        data += (target + (b"Accept-Encoding: gzip\r\n" if which is coded else b"") + line * (2 if repeated else 1) +
                 condition + (b"Connection: close\r\n" if i == 19 else b"") + b"\r\n")
        wanted.append((which, value, counts and not repeated, condition))
    answer, _ = play.ask(httpd, ["--keep-alive", root], data)
    replies = reply.read_replies(answer, ["GET"] * 20)
    for one, (which, value, counts, condition) in zip(replies, wanted):
        what = f"{value!r} {condition!r} of {which.size} bytes"
        if counts:
            check_range(one, which, value, what)
        else:
            check_whole(one, which, what)
        if which is coded and one.status != 416:
            fields = reply.read_parts(one)[0][4] if one.status == 206 else one.fields
            reply.check(fields.get(b"content-encoding") == b"gzip", f"{what}: the coding is not named")
    reply.check(len(replies) == 20, "not every request is answered")


play.begin()
with play.Builds() as BUILDS:
    for build, program in BUILDS.httpd.items():
        play.cases(f"a Range gets the file's own bytes, twenty times ({build})", 400, 2.5, ranges(program))
play.finish()
