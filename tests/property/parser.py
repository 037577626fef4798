#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The strict parser itself: what httpd sends it takes, and the same with a fault put in it refuses."""
import time

from lib import play, reply

NOW = 1_790_000_000
BASE = (b"HTTP/1.1 200 OK\r\nDate: Mon, 21 Sep 2026 14:13:20 GMT\r\nConnection: close\r\nContent-Type: text/plain\r\n"
        b"Content-Length: 5\r\nAccept-Ranges: bytes\r\nLast-Modified: Sun, 13 Sep 2020 12:26:40 GMT\r\n"
        b"ETag: \"5-5f5e100-0\"\r\nServer: httpd\r\nX-Content-Type-Options: nosniff\r\n\r\nhello")
CHUNKED = (BASE.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked")[:-5] +
           b"00000005\r\nhello\r\n00000000\r\n\r\n")
PARTS = BASE[:-5].replace(b"200 OK", b"206 Partial Content").replace(
    b"Content-Type: text/plain\r\nContent-Length: 5",
    b"Content-Type: multipart/byteranges; boundary=part-5-5f5e100-0\r\nContent-Length: 204")
CONTENT = (b"\r\n--part-5-5f5e100-0\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-0/5\r\n\r\nh"
           b"\r\n--part-5-5f5e100-0\r\nContent-Type: text/plain\r\nContent-Range: bytes 3-4/5\r\n\r\nlo"
           b"\r\n--part-5-5f5e100-0--\r\n")

# What is put in the place of what, in which of them; each makes it malformed.
FAULTS = [
    (BASE, b"HTTP/1.1 200", b"HTTP/1.0 200"), (BASE, b"200 OK", b"200 Ok"), (BASE, b"200 OK", b"299 OK"),
    (BASE, b"200 OK", b"200  OK"), (BASE, b"200 OK\r\n", b"200 OK\n"), (BASE, b"Date: ", b"Date:"),
    (BASE, b"Date: ", b"Date : "), (BASE, b"Date: ", b"Date:  "), (BASE, b"Mon, 21", b"Tue, 21"),
    (BASE, b"14:13:20", b"14:13:60"), (BASE, b"21 Sep 2026", b"21 Sep 2025"), (BASE, b"21 Sep", b"21 sep"),
    (BASE, b"Date: Mon, 21 Sep 2026 14:13:20 GMT\r\n", b""), (BASE, b"Connection: close\r\n", b""),
    (BASE, b"Connection: close", b"Connection: closed"), (BASE, b"Content-Type: text/plain\r\n", b""),
    (BASE, b"Content-Length: 5", b"Content-Length: 4"), (BASE, b"Content-Length: 5", b"Content-Length: 6"),
    (BASE, b"Content-Length: 5", b"Content-Length: 05"), (BASE, b"Content-Length: 5", b"Content-Length: +5"),
    (BASE, b"Content-Length: 5", b"Content-Length: 5, 5"), (BASE, b"Server: ", b"Content-Length: 5\r\nServer: "),
    (BASE, b"Server: ", b"Transfer-Encoding: chunked\r\nServer: "), (BASE, b"Server: httpd", b"Server: httpd "),
    (BASE, b"Server: httpd", b"Server: ht\tpd"), (BASE, b"Server: httpd", b"Server: ht\0pd"),
    (BASE, b"Server: httpd", b"Server: ht\rpd"), (BASE, b"Server: httpd", b"Server: httpd\r\n more"),
    (BASE, b"Server: httpd", b"Server: "), (BASE, b"Server: httpd", b"Server"), (BASE, b"Server: httpd\r\n", b"\r\n"),
    (BASE, b"ETag: \"5-5f5e100-0\"", b"ETag: 5-5f5e100-0"), (BASE, b"13 Sep 2020", b"23 Sep 2027"),
    (BASE, b"Sun, 13 Sep 2020", b"Sat, 13 Sep 2020"), (BASE, b"200 OK", b"404 Not Found\r\nLocation: /"),
    (BASE, b"200 OK", b"206 Partial Content"), (BASE, b"200 OK", b"302 Found"), (BASE, b"200 OK", b"304 Not Modified"),
    (BASE, b"200 OK", b"204 No Content"), (BASE, b"200 OK", b"405 Method Not Allowed"), (BASE, b"hello", b"hello\n"),
    (BASE, b"hello", b"hell"), (BASE, b"200 OK", b"416 Range Not Satisfiable"),
    (BASE, b"Connection: close\r\nContent-Type: text/plain\r\nContent-Length: 5",
     b"Connection: keep-alive\r\nContent-Type: text/plain"),
    (CHUNKED, b"00000005", b"00000004"), (CHUNKED, b"00000005", b"00000006"), (CHUNKED, b"00000005", b"0000000g"),
    (CHUNKED, b"00000005", b""), (CHUNKED, b"00000000\r\n\r\n", b""), (CHUNKED, b"00000000\r\n\r\n", b"00000000\r\n"),
    (CHUNKED, b"00000000", b"00000001"), (CHUNKED, b"hello\r\n", b"hello"), (CHUNKED, b"hello\r\n", b"hello\n\n"),
    (CHUNKED, b"00000005", b"00000005;x=y"), (CHUNKED, b"chunked", b"gzip"), (CHUNKED, b"chunked", b"chunked, chunked"),
    (CHUNKED, b"00000000\r\n\r\n", b"00000000\r\n\r\n\r\n"),
]
PART_FAULTS = [
    (b"0-0/5", b"0-1/5"), (b"0-0/5", b"0-5/5"), (b"3-4/5", b"4-3/5"), (b"3-4/5", b"3-5/5"), (b"3-4/5", b"3-4/*"),
    (b"3-4/5", b"03-4/5"), (b"--part-5-5f5e100-0--\r\n", b"--part-5-5f5e100-0--"), (b"bytes 3-4/5", b"bytes=3-4/5"),
    (b"--part-5-5f5e100-0--\r\n", b"--part-5-5f5e100-0\r\n"), (b"lo\r\n", b"lo\n"), (b"lo\r\n", b"lo!\r\n"),
    (b"Content-Range: bytes 3-4/5\r\n", b""), (b"\r\n\r\nlo", b"\r\nlo"), (b"\r\n--part", b"preamble\r\n--part"),
    (b"-0--\r\n", b"-0--\r\nepilogue"), (CONTENT[:CONTENT.index(b"h\r\n") + 1], b""),
]


def refused(data, method="GET"):
    try:
        for answer in reply.read_replies(data, [method], NOW):
            if answer.status == 206:
                reply.read_parts(answer)
    except reply.Malformed:
        return True
    return False


def with_content(content):
    return PARTS.replace(b"Content-Length: 204", b"Content-Length: %d" % len(content)) + content


def test_faults(rng, number):
    """Every single byte taken out, doubled or changed within the framing, and the faults that have names."""
    del rng, number
    for data in (BASE, CHUNKED, with_content(CONTENT)):
        reply.check(not refused(data), f"refuses {data!r}")
        reply.check(refused(data + b"x"), "takes a byte behind the end")
        reply.check(refused(data + data), "takes a second answer to one request")
        for at in range(len(data)):
            reply.check(refused(data[:at]), f"takes what is cut after {at} bytes")
    reply.check(not refused(BASE[:-5], "HEAD") and refused(BASE, "HEAD"), "HEAD has no content")
    for data, old, new in FAULTS:
        reply.check(old in data and refused(data.replace(old, new, 1)), f"takes {new!r} in the place of {old!r}")
    for old, new in PART_FAULTS:
        content = CONTENT.replace(old, new, 1)
        reply.check(old in CONTENT and refused(with_content(content)), f"takes {new!r} in the place of {old!r}")


def test_cut_is_truncated(rng, number):
    """What is cut is told apart from what is wrong: the head has been believed by then."""
    del rng, number
    for data in (BASE, CHUNKED):
        for at in range(data.index(b"\r\n\r\n") + 4, len(data)):
            try:
                reply.read_reply(data[:at], "GET", NOW)
            except reply.Truncated:
                continue
            raise AssertionError(f"takes {data[:at]!r}")


assert time.gmtime(NOW).tm_year == 2026
play.cases("the parser refuses what is malformed", 1, 30, test_faults)
play.cases("the parser tells what is cut from what is wrong", 1, 30, test_cut_is_truncated)
play.finish()
