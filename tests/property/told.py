#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
What the owner's options say of files, and in which order a client asks for a listing: --type and --header with random
globs, and ?sort= of random directories, each against rules that are worked out here anew.
"""
import functools
import json
import os
import re
import tempfile
import time

from lib import play, reply

DIRECTORIES = ["", "a", "a/b", "img"]
ENDINGS = [".txt", ".css", ".js.br", ".html", "", ".bin", ".TXT"]
STEMS = ["x", "xy", "data-1", "data-22", "a]b", "star*", "q^"]
PIECES = ["*", "?", "[a-d]", "[!a-d]", "[^0-9]", "x", "data-", "1", ".txt", ".css", "*.br", "/", "\\*", "[]a]", "a", "b"]
TYPES = ["text/html; charset=iso-8859-1", "application/json", "text/x-odd", "application/vnd.a.b+json"]


# ---- --type and --header ----

def expression(glob):
    """The regular expression of one of the globs that are made here."""
    out = ""
    for part in re.findall(r"\\.|\[[!^]?\]?[^]]*\]|.", glob, re.S):
        if part == "*":
            out += "(?s:.*)"
        elif part == "?":
            out += "(?s:.)"
        elif part[0] == "[" and len(part) > 1:
            inner = part[1:-1]
            out += "[^" + re.escape(inner[1:]).replace("\\-", "-") + "]" if inner[0] in "!^" else \
                "[" + re.escape(inner).replace("\\-", "-") + "]"
        else:
            out += re.escape(part[-1])
    return re.compile(out)


def matches(glob, path):
    return bool(expression(glob).fullmatch(path if glob.startswith("/") else path.rsplit("/", 1)[1]))


def make_glob(rng, paths):
    kind = rng.random()
    path = rng.choice(paths)
    if kind < 0.2:
        return re.sub(r"([]*?[\\])", r"\\\1", rng.choice([path, path.rsplit("/", 1)[1]]))
    if kind < 0.5:
        return rng.choice(["*" + rng.choice(ENDINGS), "/a/*", "/*" + rng.choice(ENDINGS), "/img/?*", "x*", "/*/*"])
    return rng.choice(["", "/"]) + "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 4)))


def for_header(glob):
    """A glob of --header begins with a slash or a star, as no field does."""
    return glob if glob[0] in "/*" else "*" + glob


def make_files(rng, root):
    paths = []
    for directory in DIRECTORIES:
        os.makedirs(os.path.join(root, directory), exist_ok=True)
        for _ in range(rng.randint(1, 3)):
            path = "/" + os.path.join(directory, rng.choice(STEMS) + rng.choice(ENDINGS))
            with open(root + path, "w", encoding="ascii") as file:
                file.write("content of " + path)
            os.chmod(root + path, 0o644)
            os.utime(root + path, (1_600_000_000, 1_600_000_000))
            paths.append(path)
    return sorted(set(paths))


def spelled(path):
    return "".join(c if re.fullmatch(r"[A-Za-z0-9./_-]", c) else f"%{ord(c):02X}" for c in path)


def request(method, path, field=""):
    return f"{method} {spelled(path)} HTTP/1.1\r\nHost: a\r\n{field}\r\n".encode()


def one(httpd, args, method, path, field=""):
    answer, _ = play.ask(httpd, args, request(method, path, field))
    return reply.read_replies(answer, [method])[0]


def named(httpd):
    def case(rng, number):
        with tempfile.TemporaryDirectory(prefix=f"{number}-", dir=BUILDS.sites) as root:
            os.chmod(root, 0o755)
            paths = make_files(rng, root)
            for directory in DIRECTORIES:
                os.chmod(os.path.join(root, directory), 0o755)
            types = [(make_glob(rng, paths), rng.choice(TYPES)) for _ in range(rng.randint(0, 4))]
            headers = [(rng.choice([None, for_header(make_glob(rng, paths))]), f"X-{i}") for i in range(rng.randint(0, 4))]
            args = [f"--type={glob}={kind}" for glob, kind in types]
            args += [f"--header={name}: v" if glob is None else f"--header={glob}={name}: v" for glob, name in headers]
            rng.shuffle(args)
            types = [tuple(arg[7:].split("=", 1)) for arg in args if arg.startswith("--type=")]
            for path in rng.sample(paths, min(len(paths), 4)) + ["/none.txt"]:
                check_path(httpd, rng, args + [root], path, types, headers)
    return case


def check_path(httpd, rng, args, path, types, headers):
    method, plain = rng.choice(["GET", "HEAD"]), one(httpd, args[-1:], "GET", path)
    field, status = rng.choice([("", 200), ("If-None-Match: *\r\n", 304)])
    if method == "GET" and rng.random() < 0.3:
        field, status = rng.choice([("Range: bytes=1-2\r\n", 206), ("Range: bytes=999-\r\n", 416)])
    status = status if plain.status == 200 else 404
    got = one(httpd, args, method, path, field)
    what = f"{args!r} {method} {path} {field!r}"
    reply.check(got.status == status, f"{what}: {got.status}")
    sent = status in (200, 206, 304)
    kind = next((kind.encode() for glob, kind in types if matches(glob, path)), plain[b"content-type"])
    if status in (200, 206):
        reply.check(got[b"content-type"] == kind, f"{what}: {got[b'content-type']!r}, not {kind!r}")
    for glob, name in headers:
        wanted = b"v" if glob is None or (sent and matches(glob, path)) else None
        reply.check(got[name.lower().encode()] == wanted, f"{what}: {name} is {got[name.lower().encode()]!r}")


# ---- the order of a listing ----

def tokens(name):
    """A number for each run of digits, and a letter for each other character; beside it how it stands to the other kind."""
    return [(int(part), ord(part[0])) if part.isdigit() else (None, ord(part.lower() if part.isascii() else part))
            for part in re.findall(r"[0-9]+|[^0-9]", name.encode().decode("latin-1"))]


def compare_names(one_name, other):
    for (number, first), (against, second) in zip(tokens(one_name), tokens(other)):
        left, right = (first, second) if number is None or against is None else (number, against)
        if left != right:
            return -1 if left < right else 1
    difference = len(tokens(one_name)) - len(tokens(other))
    return difference or (-1 if one_name.encode() < other.encode() else 1)


def sorted_as(entries, by, descending):
    names = sorted(entries, key=functools.cmp_to_key(compare_names), reverse=descending and by == "name")
    if by == "size":
        names.sort(key=lambda name: (entries[name]["size"] or 0) * (-1 if descending else 1))
    if by == "time":
        names.sort(key=lambda name: entries[name]["time"] * (-1 if descending else 1))
    return sorted(names, key=lambda name: entries[name]["size"] is not None)  # directories first; sort() is stable


def random_name(rng):
    return "".join(rng.choice(["a", "A", "b", "B", "0", "1", "01", "9", "10", "007", ".", "-", "_", " ", "ü", "z", "~", ":"])
                   for _ in range(rng.randint(1, 6)))


def make_directory(rng, root):
    """Files, directories and links to both; the entries by their names."""
    entries = {}
    for _ in range(rng.choice([0, 3, 20, 60])):
        name, kind = random_name(rng), rng.random()
        if name[0] == "." or name in entries:
            continue
        path, seconds = f"{root}/{name}", rng.choice([0, 1, 5, 1_600_000_000, rng.randrange(1 << 30)])
        size = rng.choice([0, 1, 2, 10, 256, rng.randrange(5000)])
        if kind < 0.15 and entries:
            target = rng.choice(sorted(entries))
            os.symlink(target, path)
            entries[name] = entries[target]
            continue
        if kind < 0.35:
            os.mkdir(path)
            os.chmod(path, 0o755)
        else:
            with open(path, "wb") as file:
                file.truncate(size)
            os.chmod(path, 0o644)
        os.utime(path, (seconds, seconds))
        entries[name] = {"size": None if kind < 0.35 else size, "time": seconds}
    return entries


def in_order(httpd):
    def case(rng, number):
        with tempfile.TemporaryDirectory(prefix=f"{number}-", dir=BUILDS.sites) as root:
            os.chmod(root, 0o755)
            entries = make_directory(rng, root)
            for by in ["name", "size", "time"]:
                for hyphen in ["", "-"]:
                    check_order(httpd, rng, root, entries, by, hyphen)
    return case


def check_order(httpd, rng, root, entries, by, hyphen):
    query = rng.choice(["", "x=1&", "&", "sorted=name&", "Sort=name&"]) + f"sort={hyphen}{by}" + rng.choice(["", "&sort=name", "&y"])
    data = "GET /?{} HTTP/1.1\r\nHost: a\r\n{}\r\n"
    wanted = sorted_as(entries, by, bool(hyphen))
    answer, _ = play.ask(httpd, ["--listing", root], data.format(query, "Accept: application/json\r\n").encode())
    got = json.loads(reply.read_replies(answer, ["GET"])[0].content)
    names = [entry["name"] for entry in got]
    reply.check(names == wanted, f"?{query}: {names!r}, not {wanted!r}")
    for entry in got:
        there = entries[entry["name"]]
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(there["time"]))
        reply.check((entry.get("size"), entry["modified"]) == (there["size"], when), f"?{query}: {entry!r}, not {there!r}")
    answer, _ = play.ask(httpd, ["--listing", root], data.format(query, "").encode())
    page = reply.read_replies(answer, ["GET"])[0].content.decode()
    shown = re.findall(r'<td><a href="[^"?]*">([^<]*)</a>', page)
    reply.check(shown == [name + ("/" if entries[name]["size"] is None else "") for name in wanted],
                f"?{query}: the page has {shown!r}")
    reply.check(not re.search(r'href="[^"]*\?', page), f"?{query}: a link with a query")


play.begin()
with play.Builds() as BUILDS:
    for build, program in BUILDS.httpd.items():
        play.cases(f"--type and --header hold for the files that their globs match ({build})", 300, 3, named(program))
        play.cases(f"a listing is in the order that ?sort= asks for ({build})", 200, 3, in_order(program))
play.finish()
