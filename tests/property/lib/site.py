# SPDX-License-Identifier: ISC
"""
Random sites, and what ought to be found there: a resolver of its own, which knows the rules and not the code.

Each file beneath the root begins with INSIDE and its name, each one outside with SECRET, and so do the names outside.
"""
import os
import re
import stat
from urllib.parse import quote_from_bytes

SECRET = b"SECRET"
LINKS = 40  # symlinks in one name, as Linux follows
NAMES = [b"a", b"b", b"c", b"d", b"e", b"a b", b"c%d", b"\xc3\xa4", b"\xff\xfe", b"...", b"x:y", b"q?r#s",
         b"back\\slash", b"<i>&amp;\"", b"line\nfeed", b"-", b".hidden", b".well-known", b"n" * 255]
FILES = [b"index.html", b"404.html", b"403.html", b"400.html", b"f.txt", b"x.css", b"x.css.gz", b"x.css.br", b"page.html",
         b"noending", b".secret", b"data.json", b"index.html.gz"]
URIS = [b"https://example.org/new", b"HTTPS://example.org/Upper", b"http://example.org/for-good#301", b"https://example.org/a#b", b"https://:80/",
        b"ftp://x/", b"https://example.org/whole/", b"http://example.org/#301", b"https://example.org/?to=/"]
OLD = 1_600_000_000


class Site:
    """base/root is served; base/outside and what else is in base is not. Only regular work of ours is in it."""

    def __init__(self, base, rng, files=14, directories=6, links=14):
        self.base, self.rng = os.fsencode(base), rng
        self.root, self.outside = self.base + b"/root", self.base + b"/outside"
        self.directories, self.files, self.links, self.behind = [b""], [], [], []
        for top in (self.base, self.root, self.outside, self.outside + b"/" + SECRET + b".dir"):
            os.mkdir(top)
            os.chmod(top, 0o755)
        for path in (self.base + b"/beside.txt", self.outside + b"/" + SECRET + b".txt", self.outside + b"/index.html",
                     self.outside + b"/f.txt", self.outside + b"/" + SECRET + b".dir/index.html"):
            self.write(path, SECRET + b" " + path)
        for _ in range(rng.randint(0, directories)):
            self.add(NAMES, self.make_directory)
        for _ in range(rng.randint(1, files)):
            self.add(FILES + NAMES, self.make_file)
        for _ in range(rng.randint(0, links)):
            self.add(FILES + NAMES, self.make_link)
        if links and rng.random() < 0.3:
            self.make_chain(rng.choice([2, 3, 10, 38, 39, 40, 41]))
        if links and len(self.directories) > 1:
            self.make_detour(rng.choice(self.directories[1:]))
        self.behind = self.through_links()
        self.restrict()

    def add(self, names, make):
        """One more of some kind, in some directory, unless its name is taken."""
        directory = self.rng.choice(self.directories)
        path = (directory + b"/" if directory else b"") + self.rng.choice(names)
        if not os.path.lexists(self.root + b"/" + path):
            make(path)

    def write(self, path, content):
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, 0o644)
        seconds = OLD + self.rng.randint(0, 1000)
        os.utime(path, ns=(seconds * 10**9, seconds * 10**9 + self.rng.choice([0, 1, 999999999])))

    def make_directory(self, path):
        os.mkdir(self.root + b"/" + path)
        os.chmod(self.root + b"/" + path, 0o755)
        self.directories.append(path)

    def make_file(self, path):
        size = self.rng.choice([0, 1, 100, 8191, 8192, 8193, 70000])
        self.write(self.root + b"/" + path, (b"INSIDE " + path + b"\n" + self.rng.randbytes(256) * 280)[:max(size, 0)])
        self.files.append(path)

    def make_link(self, path):
        os.symlink(self.link_text(path), self.root + b"/" + path)
        self.links.append(path)

    def make_chain(self, count):
        """Links to links; of a few more than forty, what they lead to cannot be had."""
        for i in range(count):
            os.symlink(b"chain%d" % (i - 1) if i > 0 else self.rng.choice(self.files or [b"."]), self.root + b"/chain%d" % i)
            self.links.append(b"chain%d" % i)
        self.links += [b"chain%d" % (count - 1)] * 3

    def make_detour(self, directory):
        """A file below the root, and a link beside it whose text names it by way of the directory itself."""
        self.make_file(directory + b"/detour.txt")
        os.symlink(self.rng.choice([b"./", b"././", b".//"]) + b"detour.txt", self.root + b"/" + directory + b"/detour")
        self.links.append(directory + b"/detour")

    def link_text(self, path):
        """Where a link at this path leads: inside, outside, back again, nowhere, in circles."""
        rng = self.rng
        up = b"../" * path.count(b"/")
        inside = rng.choice(self.directories + self.files + self.links + [b""])
        return rng.choice([
            up + inside or b".", up + inside or b".", up + inside + b"/", up + b"./" * rng.randint(0, 9) + (inside or b"."),
            b"../" * rng.randint(0, 4) + inside or b".", up + b"../root/" + inside, up + b"../outside",
            self.dotted(up + inside) or b".", up + b"../outside/" + SECRET + b".txt", self.root + b"/" + inside,
            self.outside, b"/", b"/etc/passwd", b"..", b"../..", b".", b"nowhere", os.path.basename(path), rng.choice(NAMES), rng.choice(FILES),
            rng.choice(NAMES) + b"/" + rng.choice(FILES), rng.choice(NAMES) + b"/../" + rng.choice(FILES),
            up + inside + b"/../" + rng.choice(FILES), rng.choice(URIS), b"/proc/self/root" + self.outside,
        ]) or b"."

    def dotted(self, path):
        """The same path with more slashes, and with names of a single dot between the others."""
        return b"".join(piece if piece != b"/" else self.rng.choice([b"/", b"//", b"/./"]) for piece in re.split(b"(/)", path))

    def restrict(self):
        """Some may not be read by others, and directories by nobody, so that it does not matter who serves."""
        for path in self.files:
            if self.rng.random() < 0.06:
                os.chmod(self.root + b"/" + path, self.rng.choice([0o000, 0o600, 0o640]))
        for path in sorted(self.directories[1:], key=len, reverse=True):
            if self.rng.random() < 0.1:
                os.chmod(self.root + b"/" + path, self.rng.choice([0o111, 0o444, 0o000]))

    def through_links(self):
        """Names behind a link, whether it is one to a directory or not."""
        return [link + b"/" + self.rng.choice(FILES + NAMES) for link in self.links[:4]]

    def paths(self):
        return self.directories + self.files + self.links + self.behind


class Denied(Exception):
    pass


def allowed(status, bit):
    """What others may; this asks the mode itself, as root may everything."""
    if not status.st_mode & bit:
        raise Denied


def resolve(root, path):
    """
    The real path of a name beneath the root, or None where there is none: it leads out, it does not exist, it goes
    round in circles. Raises Denied where others may not search.
    """
    done, rest, links = [], [part for part in path.split(b"/")], 0
    while rest:
        name = rest.pop(0)
        here = root + b"".join(b"/" + part for part in done)
        status = os.lstat(here)
        if not stat.S_ISDIR(status.st_mode):
            return None
        if name == b"":
            continue
        allowed(status, stat.S_IXOTH)
        if name == b".":
            continue
        if name == b"..":
            if not done:
                return None
            done.pop()
            continue
        try:
            status = os.lstat(here + b"/" + name)
        except OSError:
            return None
        if stat.S_ISLNK(status.st_mode):
            text = os.readlink(here + b"/" + name)
            links += 1
            if text.startswith(b"/") or links > LINKS:
                return None
            rest = text.split(b"/") + rest
        else:
            done.append(name)
    return root + b"".join(b"/" + part for part in done)


def normal(target):
    """A target's segments and whether it ends in a directory, or the status that it gets at once (RFC 3986)."""
    segments, directory, nowhere = [], True, False
    for raw in target.split(b"?")[0].split(b"/")[1:]:
        name, at, escaped = b"", 0, False
        while at < len(raw):
            if raw[at] == 0x25:
                if not re.fullmatch(rb"[0-9A-Fa-f]{2}", raw[at + 1:at + 3]):
                    return 400
                name += bytes([int(raw[at + 1:at + 3], 16)])
                at, escaped = at + 3, True
            else:
                name, at = name + raw[at:at + 1], at + 1
        if b"\0" in name or (escaped and name in (b".", b"..")):
            return 400
        nowhere = nowhere or b"/" in name
        directory = name in (b"", b".", b"..")
        if name == b"..":
            segments = segments[:-1]
        elif not directory:
            segments.append(name)
    return 404 if nowhere else (segments, directory)


def hidden(segments):
    return any(name.startswith(b".") and name != b".well-known" for name in segments)


def uri_at(root, segments):
    """The status and the URI of a link at this place; None for anything else."""
    if not segments:
        return None
    try:
        directory = resolve(root, b"/".join(segments[:-1]))
        text = os.readlink(directory + b"/" + segments[-1]) if directory else b""
    except (Denied, OSError):
        return None
    for scheme in (b"http://", b"https://"):
        if text.lower().startswith(scheme) and text[len(scheme):len(scheme) + 1] not in (b"", b"/", b":", b"?", b"#"):
            return (301, text[:-4]) if text.endswith(b"#301") else (302, text)
    return None


def tail_of(target, segments):
    """The path and the query of a target as they follow an address that ends in a slash."""
    parsed, query = normal(target), target.split(b"?", 1)[1:]
    path = quote_from_bytes(b"/".join(segments), safe="-._~!$&'()*+,;=:@/").encode()
    return path + (b"/" if segments and parsed[1] else b"") + b"".join(b"?" + text for text in query)


def redirect(root, target, place, segments):
    """(301 or 302, Location) from a link at this place, or at a prefix of the path; None where there is none."""
    for at, rest in [(place, []), *((segments[:n], segments[n:]) for n in range(len(segments), 0, -1))]:
        status, uri = uri_at(root, at) or (None, b"")
        if uri.endswith(b"/") and b"?" not in uri and b"#" not in uri:
            return status, uri + tail_of(target, rest)
        if status and not rest:
            return status, uri
    return None


def regular(root, segments):
    """(200, path) of a file that everybody may read, 301 for a directory that everybody may search, else (403 or 404, None)."""
    try:
        path = resolve(root, b"/".join(segments))
    except Denied:
        return 403, None
    if path is None:
        return 404, None
    mode = os.lstat(path).st_mode
    if not mode & (stat.S_IXOTH if stat.S_ISDIR(mode) else stat.S_IROTH):
        return 403, None
    return (301, path) if stat.S_ISDIR(mode) else (200, path)


def expected(root, target):
    """
    (200, path of the file) or (301 or 302, Location) or (status, None): what a GET of the target gets from a site
    without options.
    """
    parsed = normal(target)
    if not isinstance(parsed, tuple):
        return parsed, None
    segments, directory = parsed
    if hidden(segments):
        return 404, None
    place = segments + [b"index.html"] if directory else segments
    status, path = regular(root, place)
    if status == 301 and directory:
        status, path = 404, None
    if status == 301:
        query = target.split(b"?", 1)[1:]
        location = b"/" + quote_from_bytes(b"/".join(segments), safe="-._~!$&'()*+,;=:@/").encode() + b"/"
        return 301, location + (b"?" + query[0] if query else b"")
    if status == 404:
        return redirect(root, target, place, segments) or (404, None)
    return status, path


def spelled(rng, path, directory=None):
    """One of the many targets that mean this path."""
    target = b""
    for name in path.split(b"/"):
        safe = rng.choice(["-._~!$&'()*+,;=:@", "-._~!$&'()*+,;=:@", "", "\\<>\"%&"]).replace("%", "")
        target += rng.choice([b"/"] * 12 + [b"//", b"/./", b"/x/../", b"/../"]) + (
            quote_from_bytes(name, safe=safe).encode() if rng.random() < 0.9 else
            b"".join(b"%%%02x" % byte for byte in name))
    if rng.random() < 0.3 if directory is None else directory:
        target += rng.choice([b"/", b"/.", b"/x/.."])
    return target + rng.choice([b""] * 9 + [b"?", b"?q=1", b"?a/../b"])
