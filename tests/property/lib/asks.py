# SPDX-License-Identifier: ISC
"""Random requests: good ones, odd ones, and ones that are spoiled in every way a client can think of."""
from lib.site import spelled

METHODS = [b"GET"] * 8 + [b"HEAD"] * 3 + [b"OPTIONS", b"POST", b"PUT", b"TRACE", b"get", b"BREW", b"G\x01T", b""]
FIELDS = [
    b"Accept-Encoding: gzip", b"Accept-Encoding: br;q=0.5, gzip;q=0.7, *;q=0", b"Accept-Encoding: identity;q=0",
    b"Accept: application/json", b"Accept: text/html, */*;q=0.1", b"Range: bytes=0-0", b"Range: bytes=0-9,20-,-5",
    b"Range: bytes=99999-", b"Range: bytes=5-2", b"Range: bytes = 0-1", b"Range: lines=1-2", b"RANGE: bytes=1-1",
    b"If-None-Match: *", b"If-None-Match: \"x\", W/\"y\"", b"If-Match: *", b"If-Match: \"x\"",
    b"If-Modified-Since: Sun, 13 Sep 2020 12:26:40 GMT", b"If-Modified-Since: Sunday, 13-Sep-20 13:00:00 GMT",
    b"If-Unmodified-Since: Sun Sep 13 12:26:40 2020", b"If-Range: \"x\"", b"If-Modified-Since: yesterday",
    b"User-Agent: a \"quoted\" \\one", b"Referer: http://x/\xff", b"Cookie: " + b"c" * 500, b"X-Odd:", b"X-Odd:\t \tx\t",
    b"X-Forwarded-For: 192.0.2.1, 2001:DB8::0:7", b"X-Forwarded-For: [2001:db8::1]:80", b"x-forwarded-for: 192.0.2.1,",
    b"X-Forwarded-For: _hidden, x y", b"Forwarded: for=192.0.2.7;proto=http, for=\"[2001:db8::2]:4711\"",
    b"Forwarded: for=_a.b-c, For=\"_x:_y\"", b"Forwarded: for=192.0.2.8;for=192.0.2.9", b"Forwarded: for=\"192.0.2.1, x",
    b"Connection: keep-alive", b"Connection: close", b"Connection: x, Keep-Alive", b"Upgrade: h2c", b"Expect: 100-continue",
]
SPOILT = [
    b"Host: twice", b"Host:", b"Host : a", b" folded: x", b"no colon", b"X: a\rb", b"X: a\0b", b": empty", b"X y: z",
    b"Content-Length: 1, 1", b"Content-Length: -1", b"Content-Length: 99999999999999999999",
    b"Content-Length: 3\r\nContent-Length: 4", b"Content-Length: 3\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked, gzip", b"X: \x7f", b"\r",
]
BODIES = [(b"Content-Length: 5\r\n", b"12345"), (b"Content-Length: 0\r\n", b""),
          (b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n0\r\n\r\n")]


def head(rng, target):
    """One request without mistakes in its framing; what follows it on the connection is the next one."""
    method = rng.choice(METHODS[:11])
    version = rng.choice([b"HTTP/1.1"] * 9 + [b"HTTP/1.0"])
    lines = [method + b" " + target + b" " + version, rng.choice([b"Host: a", b"Host: A:80", b"hOST:\ta "])]
    lines += rng.sample(FIELDS, rng.choice([0, 0, 1, 1, 2, 4]))
    end = rng.choice([b"\r\n"] * 9 + [b"\n"])
    return rng.choice([b""] * 9 + [b"\r\n", b"\n"]) + end.join(lines) + end * 2


def spoilt(rng, target):
    """One request with a mistake, or with a body; what follows it is not read."""
    method = rng.choice(METHODS)
    version = rng.choice([b"HTTP/1.1"] * 9 + [b"HTTP/1.0", b"HTTP/2.0", b"HTTP/1.10", b"http/1.1", b""])
    fields, body = rng.choice(BODIES) if rng.random() < 0.3 else (b"", b"")
    if rng.random() < 0.05:
        target = rng.choice([b"*", b"http://h" + target, b"https://", b"x", b"/" + b"t" * 9000, b"/a b", b"/#", b"/%zz"])
    lines = [method + b" " + target + b" " + version, b"Host: a"] + rng.sample(FIELDS, rng.randint(0, 2))
    lines.insert(rng.randint(1, len(lines)), rng.choice(SPOILT))
    data = b"\r\n".join(lines) + b"\r\n" + fields + b"\r\n" + body
    damage = rng.random()
    if damage < 0.2:
        at = rng.randrange(len(data))
        data = data[:at] + rng.choice([b"", bytes([rng.randrange(256)]), b"\r", b"\n", b"\0"]) + data[at + 1:]
    elif damage < 0.25:
        data = data[:rng.randrange(len(data))]
    elif damage < 0.28:
        data = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"x" * 33000 + b"\r\n\r\n"
    return data


def conversation(rng, site):
    """What a client sends on one connection: requests one behind the other, and perhaps a bad one at the end."""
    paths = site.paths()
    data = b"".join(head(rng, spelled(rng, rng.choice(paths))) for _ in range(rng.choice([0, 1, 1, 1, 2, 3, 5])))
    if not data or rng.random() < 0.4:
        data += spoilt(rng, spelled(rng, rng.choice(paths)))
    return data


OPTIONS = [["--keep-alive"], ["--keep-alive=2"], ["--listing"], ["--clean-urls"], ["--fallback=index.html"],
           ["--cache-control=*.css=max-age=9"], ["--header=X-Y: z"], ["--deny-agent=quoted"],
           ["--client-address=X-Forwarded-For"], ["--client-address=forwarded"]]


def options(rng):
    some = [option for some in rng.sample(OPTIONS, rng.choice([0, 1, 2, 3])) for option in some]
    return some + ["--vhosts"] * (rng.random() < 0.05)
