#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Programs that read listings: each copies a directory of awkward names, and every byte of every file must arrive.
Tried are those that are installed. And what a listing does to local programs: nothing. tests/e2e/mirror.py [HTTPD...]
"""
import html
import html.parser
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PACE = int(os.environ.get("PACE", "1"))
LONG = 120 * PACE  # seconds until a program that hangs is killed

NAMES = [
    b"plain.txt", b"a&b.txt", b"it's", b"c:d.txt", b"100%.txt", b"a b", "ü.txt".encode(), b"#x", b"?q", b'"', b"<b>",
    b"\\", b";", b"_under", b"-dash", b"index.htm", b"%41", b"&amp;", b"a+b", b"a=b,c", b"(x)", b"!$*@", b"~", b"'", b"javascript:x",
    b"http:x", b"a" * 255, b"%" * 255, "ü".encode() * 127, b"README.md",
]
# Behind each file's name stands what would be links if the text below a listing were markup.
MARKUP = b'<a href="?sort=-size">by size</a> <a href="plain.txt?again">again</a>\n'
NO_TEXT = b"not-\xff\xfe-UTF-8"  # many programs cannot handle such a name
DEEP = [b"sub dir/deep.txt", b"sub dir/\xc3\xbc & co/deeper.txt", b"x:y/z", b"-d/f", b"o'k/a&b"]

passed = failed = 0


def check(good, text):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"not ok {text}", flush=True)


def left_out(what, why):
    print(f"left out: {what} ({why})", flush=True)


class Server:
    """Starts httpd for each connection. The kernel chooses the port."""

    def __init__(self, *command):
        self.command, self.requests = command, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                end, _ = self.listener.accept()
            except OSError:
                return
            handler = subprocess.Popen(self.command, stdin=end, stdout=end, stderr=subprocess.PIPE)
            end.close()
            threading.Thread(target=self.watch, args=(handler,), daemon=True).start()

    def watch(self, handler):
        self.requests += re.findall(rb'"([A-Z]+ [^ ]*)', handler.stderr.read())
        handler.wait()

    def close(self):
        self.listener.close()


def content_of(name):
    return b"This is " + name + b".\n" + MARKUP * (name == b"README.md")


def make_site(directory, names):
    for name in names:
        path = os.path.join(directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content_of(name))
    os.mkdir(os.path.join(directory, b"empty"))


def contents(directory):
    """The content of all files. Their names are left out, as each program has rules of its own for local names."""
    for at, _, files in os.walk(directory):
        for name in files:
            with open(os.path.join(at, name), "rb") as file:
                yield file.read()


def run(*command, **more):
    """The output of a program. One that hangs is killed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONG, **more)
    return done.stdout + done.stderr


def wget(url, to):
    run("wget", "-nv", "-t1", "-r", "-np", "-nH", "-erobots=off", "--restrict-file-names=nocontrol", url, cwd=to)


def wget2(url, to):
    run("wget2", "-q", "--tries=1", "-r", "-np", "-nH", "--robots=off", url, cwd=to)


def lftp(url, to):
    run("lftp", "-c", f"set net:max-retries 1; mirror {url} {to}")


def httrack(url, to):
    run("httrack", url, "-O", to, "-q", "-s0", "-A999999999", "-c4", "%c1000", "-n", "--disable-security-limits")


def rclone(url, to):
    run("rclone", "copy", "--retries=1", "--config=/dev/null", f"--http-url={url}", ":http:", to)


class Links(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.found.append(dict(attributes)["href"])


def links(url):
    """The URLs of all files beneath a listing, found by the rules of URLs alone."""
    page = urllib.request.urlopen(url, timeout=LONG).read().decode(errors="replace")
    for link in Links(page).found:
        there = urllib.parse.urljoin(url, link)
        if there.startswith(url) and there.endswith("/") and there != url:
            yield from links(there)
        elif there.startswith(url) and there != url:
            yield there


def curl(url, to):
    for number, link in enumerate(links(url)):
        run("curl", "-sf", "-o", f"{to}/{number}", link)


def aria2c(url, to):
    with open(f"{to}.list", "w") as file:
        file.writelines(f"{link}\n out={number}\n" for number, link in enumerate(links(url)))
    run("aria2c", "-q", "--no-conf", f"--dir={to}", f"--input-file={to}.list")


FSSPEC = """
import sys, fsspec
fs = fsspec.filesystem("http")
for number, url in enumerate(sorted(fs.find(sys.argv[1]))):
    open(f"{sys.argv[2]}/{number}", "wb").write(fs.cat_file(url))
"""


def fsspec(url, to):
    said = run("/usr/bin/python3", "-c", FSSPEC, url, to)
    check(not said, f"fsspec: no complaint: {said[-300:]!r}")


def httpdirfs(url, to):
    """A file system: the files are copied from its mount point."""
    mount = f"{to}.mount"
    os.mkdir(mount)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    mounted = subprocess.Popen(["httpdirfs", "-f", "-s", url, mount], **quiet)
    try:
        begun = time.monotonic()
        while not os.path.ismount(mount) and mounted.poll() is None and time.monotonic() - begun < LONG:
            time.sleep(0.05)
        run("cp", "-r", f"{mount}/.", to)
    finally:
        run("fusermount", "-u", mount)
        mounted.kill()
        mounted.wait()


# The function that copies, the program, its package, and the files that it cannot copy from any server.
PROGRAMS = [
    (wget, "wget", "wget", []),
    (wget2, "wget2", "wget2", []),
    (lftp, "lftp", "lftp", [b"~"]),  # its word for the home directory
    (httrack, "httrack", "httrack", [b"\\"]),  # a slash to this program
    (rclone, "rclone", "rclone", [b"x:y/z"]),  # a name with a colon is taken for an address
    (curl, "curl", "curl", []),
    (aria2c, "aria2c", "aria2", []),
    (fsspec, None, "python3-fsspec, python3-aiohttp and python3-requests", [b"http:x"]),  # all that begins with "http"
    (httpdirfs, "httpdirfs", "httpdirfs and fuse", [b"%" * 255, "ü".encode() * 127]),  # their links are longer than 255 bytes
]


def is_there(copy, program):
    if copy is fsspec:
        needs = ["/usr/bin/python3", "-c", "import fsspec, aiohttp, requests"]  # Debian's, which has Debian's packages
        return os.path.exists(needs[0]) and subprocess.run(needs, capture_output=True).returncode == 0
    return shutil.which(program) is not None and (copy is not httpdirfs or os.access("/dev/fuse", os.W_OK))


def copies(server, url, site, work):
    wanted = sorted(contents(site))
    for copy, program, package, never in PROGRAMS:
        name = copy.__name__
        if not is_there(copy, program):
            left_out(f"a listing read by {name}", f"install {package}")
            continue
        to = f"{work}/{name}"
        os.mkdir(to)
        del server.requests[:]
        copy(url, to)
        got = list(contents(os.fsencode(to)))
        never = [content_of(one) for one in never]
        missing = [one[:40] for one in wanted if one not in got and one not in never]
        check(not missing, f"{name}: {len(missing)} of {len(wanted)} files did not arrive whole: {missing[:9]}")
        twice = [one[:40] for one in wanted if got.count(one) > 1]
        check(not twice, f"{name}: files arrived more than once: {twice[:9]}")
        queries = [one for one in server.requests if b"?" in one]
        check(not queries, f"{name}: neither an order nor the README's text is a link: {queries[:9]}")


def shown_names(url):
    """The names that Kodi would show: it takes a link for an entry where the link's text is the name."""
    page = urllib.request.urlopen(url, timeout=LONG).read().decode(errors="replace")
    for link, text in re.findall('<a href="([^"]*)">([^<]*)</a>', page):
        if urllib.parse.unquote(html.unescape(link), errors="replace") == html.unescape(text):
            yield html.unescape(text)


def kodi(url, site):
    there = sorted(os.listdir(site))
    wanted = {one.decode(errors="replace") + ("/" if os.path.isdir(os.path.join(site, one)) else "") for one in there}
    shown = set(shown_names(url))
    check(shown == wanted, f"the text of a link is its name: {sorted(shown ^ wanted)}")


def gdal(server, site):
    """GDAL opens an image. The files that belong to it come from the listing; without a listing it asks for each
    possible one."""
    if not shutil.which("gdalinfo") or not shutil.which("gdal_create"):
        left_out("a listing read by GDAL", "install gdal-bin")
        return
    os.mkdir(os.path.join(site, b"images"))
    for number in range(3):
        run("gdal_create", "-outsize", "2", "2", os.path.join(site, b"images", b"%d.tif" % number))
    del server.requests[:]
    said = run("gdalinfo", f"/vsicurl/{server.url}/images/1.tif")
    check(b"Size is 2, 2" in said, f"GDAL opens an image: {said[:300]!r}")
    time.sleep(0.1 * PACE)
    asked = list(server.requests)
    # Without the listing there would be over forty requests: aux.xml, ovr, msk, MTL.txt and so on.
    check(len(asked) < 10, f"GDAL takes the names from the listing: {asked}")


def beneath(httpd, work):
    """A listing does not look at hidden names, and it follows links only beneath ROOT."""
    if not shutil.which("strace"):
        left_out("what a listing looks at", "install strace")
        return
    site = f"{work}/looks"
    os.mkdir(site)
    for name in ("file", ".hidden"):
        open(f"{site}/{name}", "w").close()
    os.symlink("/etc/hostname", f"{site}/outside")
    os.symlink("file", f"{site}/inside")
    os.mkfifo(f"{site}/fifo")
    os.chmod(f"{site}/fifo", 0o644)
    trace = f"{work}/trace"
    answer = subprocess.run(["strace", "-qq", "-o", trace, httpd, "--sandbox=off", "--log=none", "--listing", site],
                            input=b"GET / HTTP/1.0\r\n\r\n", capture_output=True, timeout=LONG).stdout
    names = re.findall(rb'<a href="([^"]*)">', answer)
    check(names == [b"file", b"inside"], f"listed is {names}")
    with open(trace) as file:
        calls = [line for line in file if re.search('"(file|inside|outside|fifo|\\.hidden)"', line)]
    check(calls, "something is looked at")
    for line in calls:
        good = "AT_SYMLINK_NOFOLLOW" in line or ("O_PATH" in line and "RESOLVE_BENEATH" in line)
        portable = "O_NOFOLLOW" in line or line.startswith("readlinkat")
        check((good or portable) and ".hidden" not in line, f"it is not followed: {line}")
        check("fifo" not in line or not line.startswith("open"), f"it is not opened: {line}")


def front_page(url, version):
    """The answer to a request for the front page, as bytes."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=LONG) as client:
        client.sendall(f"GET / HTTP/{version}\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: client.recv(65536), b""))


def broken_off(httpd, work):
    """An early error is a 503. A later one must not leave an answer that looks complete."""
    site = f"{work}/many"
    os.mkdir(site)
    for number in range(2000):
        open(f"{site}/{number:0100}", "w").close()
    quiet = ["strace", "-qq", "-o", "/dev/null"]
    stat = next((call for call in ("newfstatat", "fstatat64") if shutil.which("strace") and subprocess.run(
        [*quiet, "-e", f"inject={call}:error=ENOMEM:when=9999", "true"], capture_output=True).returncode == 0), None)
    if stat is None:
        left_out("a listing that breaks off", "install strace, and let it trace")
        return
    for version in ("1.0", "1.1"):
        server = Server(*quiet, "-e", "inject=getdents64:error=EIO", httpd, "--sandbox=off", "--listing", site)
        answer = front_page(server.url, version)
        server.close()
        check(answer.startswith(b"HTTP/1.1 503 "), f"HTTP/{version}: a directory that cannot be read: {answer[:60]!r}")
    early = 2  # the first call looks for index.html, and where it fails the file is opened to see
    for when, version in ((early, "1.0"), (early, "1.1"), (1500, "1.0"), (1500, "1.1")):
        server = Server(*quiet, "-e", f"inject={stat}:error=ENOMEM:when={when}", httpd,
                        "--sandbox=off", "--listing", site)
        with socket.create_connection(("127.0.0.1", server.listener.getsockname()[1]), timeout=LONG) as client:
            client.sendall(f"GET / HTTP/{version}\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
            answer, reset = b"", False
            try:
                while more := client.recv(65536):
                    answer += more
            except ConnectionResetError:
                reset = True
        server.close()
        if when == early:
            check(answer.startswith(b"HTTP/1.1 503 ") and not reset, f"HTTP/{version}: {answer[:60]!r}")
        else:
            check(reset or (version == "1.1" and not answer.endswith(b"\r\n0\r\n\r\n")),
                  f"HTTP/{version}: a listing that breaks off after {len(answer)} bytes looks whole")


def main():
    for httpd in sys.argv[1:] or ["build/httpd"]:
        with tempfile.TemporaryDirectory(prefix="httpd-mirror.") as work:
            os.chmod(work, 0o755)
            site = os.path.join(os.fsencode(work), b"site")
            make_site(site, NAMES + DEEP)
            httpd = os.path.abspath(httpd)
            server = Server(httpd, "--listing", "--keep-alive", os.fsdecode(site))
            copies(server, server.url + "/", site, work)
            kodi(server.url + "/", site)
            gdal(server, site)
            server.close()
            beneath(httpd, work)
            broken_off(httpd, work)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
