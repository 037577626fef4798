#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""More than one machine: haproxy in front of several, Varnish in front of one, as units/ has them, and whether copies
of a site are the same to a client: tests/e2e/fleet.py [HTTPD]

The machines are network namespaces of their own, each with tcpserver.
"""
import contextlib
import gzip
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisors"))
import twenty
import world
from world import HTTPD, ROOM, SITE, check, left_out, unit

HOSTS = {"a": "192.0.2.11", "b": "192.0.2.12", "c": "192.0.2.13"}
LOCAL = "/run/httpd-behind-proxy.sock"
HTTPS = ("127.0.0.1", 443)
FILES = 200
OPTIONS = ["--keep-alive=1000", "--idle=90", "--client-address=X-Forwarded-For"]  # the options in units/
FORGED = "X-Forwarded-For: 203.0.113.66"


def account(name):
    return subprocess.run(["id", name], capture_output=True).returncode == 0


# ---- the machines ----

class Host:
    """A machine with a copy of the site, and with httpd under tcpserver on an address that only haproxy reaches."""

    def __init__(self, name, address):
        self.name, self.address, self.started = name, address, None
        self.site = f"{ROOM}/site-{name}"
        self.log = f"{ROOM}/host-{name}.log"
        self.handler = f"{ROOM}/handler-{name}"
        world.run("ip", "netns", "add", name)
        world.run("ip", "link", "add", f"v{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
        world.run("ip", "link", "set", f"v{name}", "master", "bridge", "up")
        for command in (["addr", "add", f"{address}/24", "dev", "eth0"], ["link", "set", "eth0", "up"],
                        ["link", "set", "lo", "up"]):
            world.run("ip", "-n", name, *command)

    def start(self):
        world.counted([HTTPD, *OPTIONS, self.site], self.handler)
        run = unit("tcpserver/run", (" 0 80", f" {self.address} 80"), (f"{HTTPD} /var/www/html", self.handler),
                   to=f"{ROOM}/run-{self.name}")
        self.started = world.Started("ip", "netns", "exec", self.name, run, log=self.log)

    def kill(self):
        """Kills all processes at once, as a crash of the machine does, in the middle of answers as well."""
        self.started.stop(9)
        for pid in world.run("ip", "netns", "pids", self.name).split():
            subprocess.run(["kill", "-9", pid], stderr=subprocess.DEVNULL)

    def answered(self):
        """The number of answered requests of clients. haproxy's own requests have no query."""
        return world.read_from(self.log).count("?n=")


    def processes(self):
        """The number of started processes, without those of haproxy's checks."""
        return world.started(self.handler) - world.read_from(self.log).count('"HEAD / HTTP/1.1"')


def start_local():
    """The httpd on haproxy's machine, on a Unix socket."""
    site = f"{ROOM}/site-local"
    return world.Started("socat", f"UNIX-LISTEN:{LOCAL},mode=660,group=haproxy,fork,unlink-early",
                         f"EXEC:{HTTPD} {' '.join(OPTIONS)} {site},nofork", log=f"{ROOM}/host-local.log")


# ---- clients ----

class Load(world.Load):
    """Clients on kept connections that compare each answer."""

    def __init__(self, context, etags):
        self.context, self.etags = context, etags
        super().__init__(4)

    def client(self, number):
        connection = None
        n = number
        while self.running:
            n += 4
            name = f"/file{n % FILES}.txt"
            try:
                if connection is None:
                    connection = http.client.HTTPSConnection("127.0.0.1", context=self.context, timeout=world.HANG)
                connection.request("GET", f"{name}?n={n}", headers={"User-Agent": f"client {number}"})
                answer = connection.getresponse()
                body = answer.read()
                wrong = None
                if answer.status != 200 or body != content(n % FILES) or answer.headers["ETag"] != self.etags[name]:
                    wrong = f"{answer.status} {len(body)} bytes {answer.headers['ETag']}"
            except (OSError, http.client.HTTPException) as error:
                wrong, connection = repr(error), None
            self.finished(wrong and f"{name}: {wrong}")

    def more(self, count=150):
        return super().more(count)


def content(n):
    return (f"file {n}\n" * (1 + n * 5)).encode()


def fill(site):
    for n in range(FILES):
        path = os.path.join(site, f"file{n}.txt")
        with open(path, "wb") as file:
            file.write(content(n))
        os.utime(path, ns=(time.time_ns(), 1_700_000_000_123_456_789 + n * 1_000_000_007))


def ask(address, target, *fields, method="GET"):
    """Status, fields and body of one request to httpd itself."""
    with world.connect(address) as sock:
        world.send(sock, twenty.head(method, target, *fields, "Connection: close"))
        answer = world.rest(sock)
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    return int(lines[0][9:12]), {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}, body


# ---- copies ----

def copies():
    """cp -a, tar and rsync -a keep the time that the ETag is made of. cp -r does not keep it: so the test can fail."""
    world.run("sh", "-c", f"cd {SITE} && tar -cf - --format=posix . | (mkdir {ROOM}/site-c && cd {ROOM}/site-c && tar -xpf -)")
    world.run("cp", "-a", SITE, f"{ROOM}/site-a")
    world.run("cp", "-a", SITE, f"{ROOM}/site-local")
    if world.program("rsync"):
        world.run("rsync", "-a", SITE + "/", f"{ROOM}/site-b")
    else:
        left_out("a copy with rsync", world.machine.missing("rsync"))
        world.run("cp", "-a", SITE, f"{ROOM}/site-b")
    world.run("cp", "-r", SITE, f"{ROOM}/site-touched")
    seen = {}
    for name in ("a", "b", "c", "local", "touched"):
        for file in ("file7.txt", "index.html", "data.json"):
            said = subprocess.run([HTTPD, "--log=none", f"{ROOM}/site-{name}"], capture_output=True,
                                  input=twenty.head("HEAD", f"/{file}", "Accept-Encoding: gzip"), check=True).stdout.decode()
            seen[name, file] = re.findall(r"(?m)^(?:ETag|Last-Modified|Content-Length): .*$", said)
    for file in ("file7.txt", "index.html", "data.json"):
        same = {name: seen[name, file] for name in ("a", "b", "c", "local")}
        check(f"copies: {file}: ETag and Last-Modified agree", len({tuple(s) for s in same.values()}) == 1 and len(same["a"]) == 3, same)
        check(f"copies: {file}: a copy that lost the times has another ETag", seen["touched", file] != same["a"], seen)


# ---- haproxy ----

def make_certificate():
    os.makedirs(f"{ROOM}/keys")
    world.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=example.org",
              "-addext", "subjectAltName=DNS:example.org,IP:127.0.0.1", "-keyout", f"{ROOM}/keys/key", "-out", f"{ROOM}/keys/crt")
    world.run("sh", "-c", f"cat {ROOM}/keys/crt {ROOM}/keys/key >{ROOM}/keys/haproxy.pem")


def h2load(seconds):
    """Requests over HTTP/2 in the background."""
    if not world.program("h2load"):
        left_out("load over HTTP/2", "h2load is missing; install nghttp2-client")
        return None
    return subprocess.Popen(["h2load", "-c", "2", "-m", "2", "-D", str(seconds), "https://127.0.0.1/file20.txt?n=h2"],
                            stdout=subprocess.PIPE, text=True)


def front(context, etags):
    """What haproxy itself does."""
    said = subprocess.run(["curl", "-sS", "-m", str(world.HANG), "--http2", "--cacert", f"{ROOM}/keys/crt", "-o", f"{ROOM}/body", "-w",
                           "%{http_version} %{http_code}", "--interface", "127.0.0.77", "-H", FORGED, "https://127.0.0.1/file3.txt?n=77"],
                          capture_output=True, text=True)
    check("haproxy: HTTP/2 over TLS", said.stdout == "2 200" and world.read_from(f"{ROOM}/body").encode() == content(3), said)
    where = [f"{ROOM}/host-{name}.log" for name in (*HOSTS, "local")]
    lines = world.until(lambda: [line for log in where for line in world.read_from(log).splitlines() if "?n=77" in line])
    check("haproxy: the log has the client's address, not the one that it claims", lines and lines[0].startswith("127.0.0.77 - - ["), lines)
    for target, expected in (("/file3.txt", "301"), ("/.well-known/acme-challenge/none", "404")):
        said = world.run("curl", "-sS", "-m", str(world.HANG), "-o", "/dev/null", "-w", "%{http_code}", f"http://127.0.0.1{target}")
        check(f"haproxy: port 80: {target}: {expected}", said == expected, said)
    statuses = set()
    for _ in range(8):  # haproxy takes the machines in turn
        connection = http.client.HTTPSConnection("127.0.0.1", context=context, timeout=world.HANG)
        connection.request("GET", "/file7.txt?n=304", headers={"If-None-Match": etags["/file7.txt"]})
        statuses.add(connection.getresponse().status)
        connection.close()
    check("haproxy: one machine's ETag is 304 on each of them", statuses == {304}, statuses)


def connected(source, count=1):
    """So many connections from this address; the server may have reset some of them."""
    socks = []
    for _ in range(count):
        sock = socket.socket(socket.AF_INET6 if ":" in source else socket.AF_INET)
        sock.settimeout(30)
        sock.bind((source, 0))
        with contextlib.suppress(ConnectionResetError):  # the reset shows when the connection is used
            sock.connect(("2001:db8:0:1::1" if ":" in source else "192.0.2.1", 80))
        socks.append(sock)
    return socks


def answered(sock):
    """Whether the connection got a redirect; a refused one gets nothing."""
    with sock:
        world.send(sock, twenty.head("GET", "/file1.txt", "Connection: close"))
        try:
            return world.rest(sock)[:12] == b"HTTP/1.1 301"
        except OSError:  # the reset came before the connect was complete
            return False


def at_the_limit():
    """The limits of haproxy with 140 connections of an IPv4 address and 140 of a /64: name of the test, whether it
    holds, and what was seen."""
    held = {"an IPv4 address": connected("127.0.0.91", 140),
            "a /64": connected("2001:db8:0:1::1", 70) + connected("2001:db8:0:1::2", 70)}
    for what, source, expected in (
            ("the next of an IPv4 address is refused", "127.0.0.91", False), ("another IPv4 address is served", "127.0.0.92", True),
            ("the next of a /64 is refused", "2001:db8:0:1::3", False), ("another /64 is served", "2001:db8:0:2::1", True)):
        yield what, answered(connected(source)[0]) == expected, ""
    for what, socks in held.items():
        served = sum(answered(sock) for sock in socks)
        yield f"128 of 140 of {what} are served", served == 128, served


def many_of_one():
    """haproxy allows 128 connections for an IPv4 address, and for all addresses of a /64 together. It closes connections
    without a request after a time, so a slow machine may need several attempts."""
    for address in ("2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:1::3", "2001:db8:0:2::1"):
        world.run("ip", "addr", "add", f"{address}/128", "dev", "lo", "nodad")
    for _ in range(5):
        found = list(at_the_limit())
        if all(good for _, good, _ in found):
            break
        time.sleep(1)
    for what, good, seen in found:
        check(f"haproxy: {what}", good, seen)


def balanced(hosts):
    """Every machine has answered, the local one as well."""
    def counts():
        return {**{name: host.answered() for name, host in hosts.items()},
                "local": world.read_from(f"{ROOM}/host-local.log").count("?n=")}
    return check("haproxy: every machine answers", world.until(lambda: min(counts().values()) > 5), counts())


def crash_and_return(load, hosts):
    host = hosts["b"]
    check("load: it runs", load.more(300), load.done, load.failed[:5])
    balanced(hosts)
    answered, processes = sum(host.answered() for host in hosts.values()), sum(host.processes() for host in hosts.values())
    check("haproxy: a process answers many requests", processes <= answered // 4, processes, answered)
    host.kill()
    check("one machine killed: requests go on", load.more(), load.done)
    before = host.answered()
    load.more()
    check("one machine killed: it answers none", host.answered() == before, host.answered() - before)
    host.start()
    back = world.until(lambda: host.answered() > before + 5)
    check("one machine back: it answers again", back, host.answered(), world.read_from(host.log)[-500:])
    # The packets to a dark machine are lost, so it refuses no connection.
    world.run("ip", "link", "set", "vc", "down")
    check("one machine dark: requests go on", load.more(), load.done)
    before = hosts["c"].answered()
    world.run("ip", "link", "set", "vc", "up")
    back = world.until(lambda: hosts["c"].answered() > before + 5)
    check("one machine dark and back: it answers again", back, hosts["c"].answered() - before)


def mutant(context, etags, hosts, haproxy, start):
    """Without the file's retries the same crash is visible: so the test above can fail."""
    haproxy.stop()
    haproxy = start(("retries 3", "retries 0"), ("option redispatch 1", "no option redispatch"), ("retry-on", "# retry-on"),
                    (" on-error mark-down", ""), (" observe layer4", ""), (" error-limit 5", ""), ("fall 2", "fall 200"))
    load = Load(context, etags)
    load.more(50)
    hosts["b"].kill()
    world.until(lambda: load.failed)
    load.stop()
    hosts["b"].start()
    check("without retries, a killed machine is noticed", load.failed, load.done)
    haproxy.stop()


def with_haproxy():
    why = world.machine.lacking("haproxy", "tcpserver", "socat", "openssl", "curl")
    if why:
        left_out("several machines behind haproxy", why)
        return
    make_certificate()
    os.makedirs("/run/netns", exist_ok=True)
    hosts = {name: Host(name, address) for name, address in HOSTS.items()}
    for host in hosts.values():
        host.start()
    local = start_local()
    etags = {f"/file{n}.txt": ask_copy(f"/file{n}.txt") for n in range(FILES)}

    def start(*changes):
        path = unit("haproxy/httpd.cfg", ("/etc/ssl/httpd/haproxy.pem", f"{ROOM}/keys/haproxy.pem"), *changes)
        started = world.Started("haproxy", "-W", "-db", "-f", path, log=f"{ROOM}/haproxy.log")
        world.until(lambda: world.accepts(HTTPS) or started.process.poll() is not None)
        return started
    haproxy = start()
    context = ssl.create_default_context(cafile=f"{ROOM}/keys/crt")
    try:
        if not check("haproxy: accepts connections", world.accepts(HTTPS), haproxy.said()):
            return
        front(context, etags)
        many_of_one()
        second = h2load(15)
        load = Load(context, etags)
        crash_and_return(load, hosts)
        load.stop()
        check("load: no request failed", not load.failed and load.done > 600, f"{len(load.failed)} of {load.done}", *load.failed[:5])
        if second:
            said = second.communicate(timeout=2 * world.HANG)[0]
            failed = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored", said)
            check("load over HTTP/2: no request failed", failed and int(failed[1]) > 100 and failed[1] == failed[2] and
                  failed[3] == failed[4] == "0" and re.search(r", 0 3xx, 0 4xx, 0 5xx", said), said)
        mutant(context, etags, hosts, haproxy, start)
    finally:
        haproxy.stop()
        for host in hosts.values():
            host.kill()
        local.stop()


def ask_copy(target):
    """The ETag of the original."""
    said = subprocess.run([HTTPD, "--log=none", SITE], capture_output=True, input=twenty.head("HEAD", target), check=True).stdout
    return re.search(r"(?m)^ETag: (.*)\r$", said.decode())[1]


# ---- Varnish ----

CACHE = ("127.0.0.1", 8000)


def requests(log, text="GET "):
    return [line for line in world.read_from(log).splitlines() if f'"{text}' in line]


def hits(count, names):
    """Asks for the files in turn on one connection. Returns how many answers came from memory, and how many were wrong."""
    connection = http.client.HTTPConnection(*CACHE, timeout=world.HANG)
    hit = wrong = 0
    for n in range(count):
        k = n % names
        connection.request("GET", f"/file{k}.txt")
        answer = connection.getresponse()
        hit += len(answer.headers.get("X-Varnish", "").split()) == 2
        wrong += answer.status != 200 or answer.read() != content(k)
    connection.close()
    return hit, wrong


def cached(log, handler):
    hit, wrong = hits(FILES, FILES)
    logged = world.until(lambda: len(requests(log)) >= FILES)  # the line of an answer may be written a moment after it
    check("varnish: the first time, all come from httpd", hit == 0 and wrong == 0 and logged and len(requests(log)) == FILES,
          hit, wrong, len(requests(log)))
    hit, wrong = hits(10000, FILES)
    check("varnish: of 10,000 requests over 200 files, more than 99 % come from memory", hit > 9900 and wrong == 0, hit, wrong)
    check("varnish: it keeps its connections to httpd", world.started(handler) <= FILES // 10, world.started(handler))
    check("varnish: httpd saw none of them", len(requests(log)) == FILES, len(requests(log)))
    etag = ask_copy("/file7.txt")
    status, fields, body = ask(CACHE, "/file7.txt", "Range: bytes=5-9")
    check("varnish: a range out of memory", (status, body) == (206, content(7)[5:10]), status, fields, body)
    status, fields, body = ask(CACHE, "/file7.txt", "Range: bytes=5-9", 'If-Range: "other"')
    check("varnish: a range of another version is the whole", (status, body) == (200, content(7)), status, fields)
    status, fields, _ = ask(CACHE, "/file7.txt", f"If-None-Match: {etag}")
    check("varnish: 304 out of memory, with httpd's ETag", (status, fields.get("etag")) == (304, etag), status, fields)
    check("varnish: httpd saw none of these either", len(requests(log)) == FILES, len(requests(log)))
    status, fields, body = ask(CACHE, "/data.json", "Accept-Encoding: gzip")
    check("varnish: the compressed form", status == 200 and fields.get("content-encoding") == "gzip" and
          fields.get("vary") == "Accept-Encoding" and body[:2] == b"\x1f\x8b", status, fields)
    status, fields, body = ask(CACHE, "/data.json")
    check("varnish: the other form", status == 200 and "content-encoding" not in fields and body[:1] == b"[", status, fields)
    with world.connect(CACHE) as sock:
        world.send(sock, twenty.head("GET", "/file1.txt?new", FORGED, "Connection: close"))
        world.rest(sock)
    line = world.until(lambda: requests(log, "GET /file1.txt?new"))
    check("varnish: the log has the client's address, not the one that it claims", line and line[0].startswith("127.0.0.1 - - ["), line)


PURGES = "http://127.0.0.1:6080"  # the default address of units/varnish/purge
RUDE = ["Host: a@b", "Host: a b", "Host: a/b", "Host: a%zz", "Host: a:xx", "Host: ", "User-Agent: badbot",
        "\r\n".join(f"X-Large: {n * 7000}" for n in "abcd")]


def statuses(target, *fields, count=3):
    """The status of several equal requests; a list where they differ."""
    said = [ask(CACHE, target, *fields)[0] for _ in range(count)]
    return said[0] if len(set(said)) == 1 else said


def poisoned(log):
    """A refusal that one client's fields cause must not reach the next client: neither for a new address nor for one
    whose time in memory is over."""
    honest = ("User-Agent: an honest browser",)
    for n, field in enumerate(RUDE):
        write(f"poison/{n}.txt", b"sound\n")
        cold = f"/poison/{n}.txt?cold"
        refused = ask_raw(cold, field)
        check(f"varnish: {field[:20]}: cold: the others get the file", statuses(cold, *honest) == 200, refused, statuses(cold, *honest))
        warm = f"/poison/{n}.txt"
        check(f"varnish: {field[:20]}: it is in memory", statuses(warm, *honest) == 200)
        # After that time Varnish answers from memory and asks httpd in the background, with the fields of this request.
        world.until(lambda: int(ask(CACHE, warm, *honest)[1].get("age", 0)) < 1)
        time.sleep(1.2)
        before = len(requests(log, f"GET {warm} "))
        ask_raw(warm, field)
        world.until(lambda: len(requests(log, f"GET {warm} ")) > before, 3)
        check(f"varnish: {field[:20]}: warm: the others get the file", statuses(warm, *honest) == 200, ask(CACHE, warm, *honest))
    refused = [line for line in requests(log) if '" 403 ' in line]
    check("varnish: httpd has refused some of these", len(refused) >= 2, refused)
    check("varnish: a 404 is kept", len({ask(CACHE, "/none")[1]["x-varnish"].partition(" ")[2] for _ in range(3)}) == 2)


def ask_raw(target, field):
    """The beginning of the answer to a request with this field instead of the usual one of that name."""
    fields = {"Host": "Host: example.org", "User-Agent": "User-Agent: an honest browser"}
    fields[field.partition(":")[0]] = field
    with world.connect(CACHE) as sock:
        world.send(sock, "\r\n".join([f"GET {target} HTTP/1.1", *fields.values(), "Connection: close", "", ""]).encode())
        return world.rest(sock)[:200]


def write(name, text):
    path = os.path.join(SITE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text)
    return path


def changed(log, purge):
    """After the script ran, the next request gets the changed file. Other files are not fetched again."""
    stamp = f"{ROOM}/stamp"
    before = len(requests(log))
    world.run(purge, SITE, stamp, PURGES)  # the first call purges every file
    hits(FILES, FILES)
    again = world.until(lambda: requests(log)[before:] if len(requests(log)) >= before + FILES else None)
    check("varnish: told of all files, it asks whether they are the same", again and len(again) == FILES and
          all('" 304 0 ' in line for line in again), again)
    marks = len(requests(log))
    write("file7.txt", b"changed\n")
    old = ask(CACHE, "/file7.txt")
    check("varnish: a change shows only when it is told", old[2] == content(7) and "age" in old[1], old)
    world.run(purge, SITE, stamp)
    status, fields, body = ask(CACHE, "/file7.txt")
    check("varnish: after the purge, the new file with the new ETag",
          (status, body, fields.get("etag")) == (200, b"changed\n", ask_copy("/file7.txt")), status, fields, body)
    body = ask(CACHE, "/file8.txt")[2]
    world.until(lambda: len(requests(log)) > marks)
    check("varnish: and the others from memory", body == content(8) and len(requests(log)) == marks + 1, requests(log)[marks:])
    # After a purge without a change, Varnish asks httpd and gets a 304.
    marks = len(requests(log, "GET /file8.txt"))
    world.run("curl", "-sSf", "-o", "/dev/null", "-X", "PURGE", f"{PURGES}/file8.txt")
    body = ask(CACHE, "/file8.txt")[2]
    seen = world.until(lambda: requests(log, "GET /file8.txt")[marks:])
    check("varnish: a file that is the same costs a 304", body == content(8) and seen and len(seen) == 1 and '" 304 0 ' in seen[0], seen)
    world.run(purge, SITE, stamp)  # no change is no error
    for address in ("127.0.0.1", "192.0.2.1"):  # from this machine, such as a TLS terminator, and from another one
        said = world.run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PURGE", f"http://{address}:8000/file8.txt")
        check(f"varnish: no purge by {address}'s clients", said == "405", said)
    write("file8.txt", b"refused\n")
    said = subprocess.run([purge, SITE, stamp, "http://127.0.0.1:8000"], capture_output=True, text=True)
    world.run(purge, SITE, stamp)
    check("varnish: a purge that was refused is a failure, and made up for", said.returncode != 0 and
          ask(CACHE, "/file8.txt")[2] == b"refused\n", said)


def ways_to_change(purge):
    """Each kind of change to the content of an address, and each address of a file."""
    stamp = f"{ROOM}/stamp"
    new = b"newer and longer\n"
    zipped = gzip.compress(new)

    def told(what, addresses, change, *fields):
        for address in addresses:
            ask(CACHE, address, *fields)  # in memory
        change()
        world.run(purge, SITE, stamp)
        seen = [ask(CACHE, address, *fields) for address in addresses]
        check(f"varnish: purged: {what}", all(status == 200 and body in (new, zipped) for status, _, body in seen), seen)

    write("old.css", b"old\n")
    write("new & odd/100% grün.txt", b"old\n")
    write("it's [a] (b), c;d=e+f:g@h|.css", b"old\n")
    write("a\nb.txt", b"old\n")
    write("dir/about.html", b"old\n")
    write("dir/index.html", b"old\n")
    write("other/about.html", new)
    write("release.tar.gz", b"old\n")
    write("code.css", b"old\n")
    os.symlink("dir", f"{SITE}/current")
    world.run(purge, SITE, stamp)
    older = write("../older.css", new)
    os.utime(older, (1_000_000_000, 1_000_000_000))
    told("a file that came with its old time", ["/old.css"], lambda: world.run("cp", "-p", older, f"{SITE}/old.css"))
    told("a name with everything in it", ["/new%20&%20odd/100%25%20gr%C3%BCn.txt", "/new%20%26%20odd/100%25%20gr%C3%BCn.txt"],
         lambda: write("new & odd/100% grün.txt", new))
    told("as browsers, RFC 3986 and httpd write a name",
         ["/it's%20[a]%20(b),%20c;d=e+f:g@h|.css", "/it%27s%20%5Ba%5D%20%28b%29%2C%20c%3Bd%3De%2Bf%3Ag%40h%7C.css",
          "/it%27s%20%5Ba%5D%20(b),%20c;d=e+f%3Ag@h%7C.css"], lambda: write("it's [a] (b), c;d=e+f:g@h|.css", new))
    told("a line end in a name", ["/a%0Ab.txt"], lambda: write("a\nb.txt", new))
    told("a front page by its directory", ["/dir/", "/dir/index.html"], lambda: write("dir/index.html", new))
    told("an archive, by its own name", ["/release.tar.gz"], lambda: write("release.tar.gz", new))
    told("a link that leads elsewhere", ["/current/about.html"], lambda: (os.remove(f"{SITE}/current"),
                                                                         os.symlink("other", f"{SITE}/current")))
    told("a directory that takes another's place", ["/dir/about.html"],
         lambda: (os.rename(f"{SITE}/dir", f"{SITE}/gone"), os.rename(f"{SITE}/other", f"{SITE}/dir")))
    told("a sibling changes its original", ["/code.css"], lambda: write("code.css.gz", zipped), "Accept-Encoding: gzip")
    told("a sibling that goes changes it as well", ["/code.css"], lambda: (
        os.remove(f"{SITE}/code.css.gz"), write("code.css", new), os.utime(f"{SITE}/code.css", (1, 1))), "Accept-Encoding: gzip")
    ask(CACHE, "/old.css")
    os.remove(f"{SITE}/old.css")
    world.run(purge, SITE, stamp)
    check("varnish: purged: a file that is gone", ask(CACHE, "/old.css")[0] == 404, ask(CACHE, "/old.css"))
    before = ask(CACHE, "/page")[0]
    write("page/index.html", new)
    world.run(purge, SITE, stamp)
    after = ask(CACHE, "/page")
    check("varnish: purged: the address of a new directory without its slash", (before, after[0]) == (404, 301), before, after)
    check("varnish: STAMP may be a relative name", world.run(purge, SITE, "stamp", cwd=ROOM) == "")


def killed():
    """A handler that ends between two requests is not noticed: Varnish repeats the request over another connection."""
    seen = []
    for n in range(10):
        seen.append(ask(CACHE, f"/hello.txt?killed={n}")[::2])
        world.kill_by_name("httpd")
    check("varnish: no client notices that handlers are killed between requests", seen == [(200, b"Hello, world\n")] * 10, seen)


def with_varnish():
    why = world.machine.lacking("varnishd", "socat", "curl")
    if why:
        left_out("Varnish", why)
        return
    log = f"{ROOM}/origin.log"
    handler = world.counted([HTTPD, *OPTIONS, "--deny-agent=badbot", "--cache-control=/poison/*=max-age=1", "--cache-control=max-age=3600",
                             SITE], f"{ROOM}/origin")
    origin = world.Started("socat", f"UNIX-LISTEN:{LOCAL},mode=666,fork,backlog=1024,unlink-early", f"EXEC:{handler},nofork", log=log)
    world.until(lambda: os.path.exists(LOCAL))
    vcl = unit("varnish/httpd.vcl")
    varnish = world.Started("varnishd", "-F", "-n", f"{ROOM}/varnish", "-a", ":8000", "-a", "purge=127.0.0.1:6080", "-f", vcl, "-s", "malloc,64m",
                            *(["-j", "unix,user=vcache"] if account("vcache") else ["-j", "none"]), log=f"{ROOM}/varnish.log")
    try:
        if check("varnish: accepts connections", world.until(lambda: world.accepts(CACHE)), varnish.said()):
            cached(log, handler)
            changed(log, os.path.join(world.UNITS, "varnish", "purge"))
            ways_to_change(os.path.join(world.UNITS, "varnish", "purge"))
            poisoned(log)
            killed()
    finally:
        varnish.stop()
        origin.stop()


def main():
    world.enter("several machines")
    world.files_are_sound()
    twenty.make_site(SITE)
    fill(SITE)
    copies()
    world.run("ip", "link", "add", "bridge", "type", "bridge")
    world.run("ip", "addr", "add", "192.0.2.1/24", "dev", "bridge")
    world.run("ip", "link", "set", "bridge", "up")
    with_haproxy()
    with_varnish()
    world.finish()


main()
