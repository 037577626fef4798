# SPDX-License-Identifier: ISC
"""
Responses, read as strictly as RFC 9110 and RFC 9112 let a server write them, and more strictly where httpd promises
more: one spelling of everything, no field twice, nothing behind the end. Knows nothing of httpd's source.
"""
import calendar
import re
import time
from email.utils import formatdate

REASONS = {
    200: "OK", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently", 302: "Found", 304: "Not Modified",
    400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
    408: "Request Timeout", 412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long",
    416: "Range Not Satisfiable", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
    501: "Not Implemented", 503: "Service Unavailable", 505: "HTTP Version Not Supported",
}
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([!-~](?:[ -~]*[!-~])?)")
NUMBER = re.compile(rb"0|[1-9][0-9]{0,18}")
ETAG = re.compile(rb'"[!#-~]*"')
MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
CYCLE = 146097 * 86400  # seconds of 400 years
DATE_SLACK = 120  # seconds between Date and this machine's clock


class Malformed(Exception):
    """What no client should have to understand."""


class Truncated(Malformed):
    """Well-formed as far as it goes, and the client can tell that it is not all."""


def check(condition, what):
    if not condition:
        raise Malformed(what)


class Reply:
    """One response: status, fields by their names in lower case, the content without its framing, the bytes as sent."""

    def __init__(self, status, fields, head):
        self.status, self.fields, self.head = status, fields, head
        self.content = b""
        self.raw = head

    def __getitem__(self, name):
        return self.fields.get(name)

    @property
    def closes(self):
        return self.fields[b"connection"] == b"close"


def read_number(text):
    check(NUMBER.fullmatch(text), f"no number: {text!r}")
    return int(text)


def read_date(text):
    """Seconds of an IMF-fixdate, which must be the one way to write that time."""
    match = re.fullmatch(rb"[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT",
                         text)
    check(match and match.group(2) in MONTHS, f"no date: {text!r}")
    day, month, year, hour, minute, second = match.groups()
    cycle = CYCLE if year == b"0000" else 0  # Python's calendar begins with the year 1, and each 400 years are the same
    fields = (int(year) + 400 * bool(cycle), MONTHS.index(month) + 1, *map(int, (day, hour, minute, second)))
    try:
        seconds = calendar.timegm(fields)
    except ValueError as error:
        raise Malformed(f"no date: {text!r}") from error
    wanted = formatdate(seconds, usegmt=True).encode()
    check((wanted.replace(b" 0400 ", b" 0000 ") if cycle else wanted) == text, f"no date: {text!r}")
    return seconds - cycle


def read_fields(lines):
    fields = {}
    for line in lines:
        match = FIELD.fullmatch(line)
        check(match, f"no field line: {line!r}")
        name = match.group(1).lower()
        check(name not in fields, f"twice: {line!r}")
        fields[name] = match.group(2)
    return fields


def read_head(data):
    end = data.find(b"\r\n\r\n")
    if end < 0:
        raise Truncated("the head has no end")
    lines = data[:end].split(b"\r\n")
    match = re.fullmatch(rb"HTTP/1\.1 ([0-9]{3}) ([ -~]*)", lines[0])
    check(match, f"no status line: {lines[0]!r}")
    status = int(match.group(1))
    check(REASONS.get(status, "").encode() == match.group(2), f"no such status: {lines[0]!r}")
    return Reply(status, read_fields(lines[1:]), data[:end + 4])


def check_fields(reply, method, now):
    """What the fields say together."""
    fields, status = reply.fields, reply.status
    check(b"date" in fields, "no Date")
    date = read_date(fields[b"date"])
    check(abs(date - now) <= DATE_SLACK, f"Date is {fields[b'date']!r}")
    check(fields.get(b"connection") in (b"close", b"keep-alive"), f"Connection is {fields.get(b'connection')!r}")
    check(not (b"content-length" in fields and b"transfer-encoding" in fields), "both lengths")
    check(fields.get(b"transfer-encoding", b"chunked") == b"chunked", "a transfer coding")
    check(ETAG.fullmatch(fields.get(b"etag", b'""')), f"ETag is {fields.get(b'etag')!r}")
    if b"last-modified" in fields:
        check(read_date(fields[b"last-modified"]) <= date, "Last-Modified is later than Date")
    check((status in (301, 302)) == (b"location" in fields), "Location")
    check((status in (204, 405)) == (b"allow" in fields), "Allow")
    multipart = fields.get(b"content-type", b"").startswith(b"multipart/byteranges")
    check((b"content-range" in fields) == (status == 416 or (status == 206 and not multipart)), "Content-Range")
    stored = status < 400 or status == 404
    check(stored or fields.get(b"cache-control") == b"no-store", f"a cache may keep {status}")
    bare = status in (204, 304)
    framed = b"content-length" in fields or b"transfer-encoding" in fields
    check(not (bare and (framed or b"content-type" in fields)), f"{status} with content")
    check(bare or b"content-type" in fields, "content without a type")
    check(bare or framed or (status == 200 and reply.closes), "nobody knows where the content ends")
    check(status != 206 or method == "GET", "206 to another method than GET")


def take_chunks(data):
    """The content, and the length of its chunks."""
    content, at = [], 0
    while True:
        end = data.find(b"\r\n", at, at + 20)
        if end < 0:
            if re.fullmatch(rb"[0-9a-f]{0,16}\r?", data[at:]):
                raise Truncated("within the size of a chunk")
            raise Malformed(f"no size of a chunk: {data[at:at + 20]!r}")
        check(re.fullmatch(rb"[0-9a-f]{1,16}", data[at:end]), f"no size of a chunk: {data[at:end]!r}")
        size, at = int(data[at:end], 16), end + 2
        if len(data) < at + size + 2:
            check(b"\r\n".startswith(data[at + size:]), "no line end behind a chunk")
            raise Truncated("within a chunk")
        check(data[at + size:at + size + 2] == b"\r\n", "no line end behind a chunk")
        content.append(data[at:at + size])
        at += size + 2
        if size == 0:
            return b"".join(content), at


def read_reply(data, method, now=None):
    """The response at the start of the data to a request with this method ("" for what was none), and what follows."""
    reply = read_head(data)
    check_fields(reply, method, time.time() if now is None else now)
    rest = data[len(reply.head):]
    length = 0
    if b"content-length" in reply.fields:
        length = read_number(reply[b"content-length"])
    if method == "HEAD" or reply.status in (204, 304):
        return reply, rest
    if b"transfer-encoding" in reply.fields:
        reply.content, length = take_chunks(rest)
    elif b"content-length" in reply.fields:
        if len(rest) < length:
            raise Truncated(f"{len(rest)} of {length} bytes")
        reply.content = rest[:length]
    else:
        reply.content, length = rest, len(rest)
    reply.raw = reply.head + rest[:length]
    return reply, rest[length:]


def read_replies(data, methods, now=None):
    """The responses to pipelined requests; the connection has ended behind the last byte, and none before it said so."""
    replies = []
    while data:
        check(len(replies) < len(methods), f"an answer to nothing: {data[:60]!r}")
        check(not replies or not replies[-1].closes, "more behind the end")
        reply, data = read_reply(data, methods[len(replies)], now)
        replies.append(reply)
    check(replies or not methods, "no answer")
    check(not replies or replies[-1].closes or len(replies) == len(methods), "ended without having said so")
    return replies


def read_content_range(text):
    match = re.fullmatch(rb"bytes ([0-9]+)-([0-9]+)/([0-9]+)", text)
    check(match, f"Content-Range: {text!r}")
    first, last, size = (read_number(n) for n in match.groups())
    check(first <= last < size, f"Content-Range: {text!r}")
    return first, last, size


def read_parts(reply):
    """(first, last, size, bytes, fields) of each part of a 206 (RFC 9110 section 14.6, RFC 2046 section 5.1)."""
    kind = reply[b"content-type"]
    if not kind.startswith(b"multipart/byteranges"):
        first, last, size = read_content_range(reply[b"content-range"])
        check(len(reply.content) == last - first + 1, "Content-Range is not what was sent")
        return [(first, last, size, reply.content, reply.fields)]
    match = re.fullmatch(rb"multipart/byteranges; boundary=([0-9A-Za-z'+_./:=?-]{1,70})", kind)
    check(match, f"Content-Type: {kind!r}")
    delimiter, rest, parts = b"\r\n--" + match.group(1), reply.content, []
    while True:
        check(rest.startswith(delimiter), f"no boundary: {rest[:40]!r}")
        rest = rest[len(delimiter):]
        if rest == b"--\r\n":
            check(len(parts) > 1, "one part in several")
            return parts
        check(rest.startswith(b"\r\n"), f"behind a boundary: {rest[:40]!r}")
        end = rest.find(b"\r\n\r\n")
        check(end > 0, "a part without a head")
        fields = read_fields(rest[2:end].split(b"\r\n"))
        check(b"content-type" in fields and b"content-range" in fields, "a part that does not say what it is")
        first, last, size = read_content_range(fields[b"content-range"])
        length, rest = last - first + 1, rest[end + 4:]
        check(len(rest) >= length, "a part that is cut")
        parts.append((first, last, size, rest[:length], fields))
        rest = rest[length:]
