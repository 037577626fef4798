#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""One machine behind a proxy that keeps its connections, as units/ has it for haproxy, nginx, Caddy and Apache: the right
answers, the client's address in the log, many requests for one process, and no client that notices when that ends:
tests/e2e/proxies.py [HTTPD]

socat stands for httpd-behind-proxy.socket and starts what that unit's service starts. Processes are counted, not seconds.
"""
import contextlib
import functools
import gzip
import http.client
import os
import random
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisors"))
import twenty
import world
from world import HTTPD, ROOM, SITE, check, left_out, unit

SOCKET = "/run/httpd-behind-proxy.sock"
KEYS = "/etc/ssl/httpd"  # the paths in the files under units/
ACME = "/.well-known/acme-challenge/"
FORGED = "203.0.113.66"
REQUESTS = 60  # requests that are counted
SOURCES = 6
NETWORK, NEIGHBOUR = "2001:db8:a0a:a::", "2001:db8:a0a:b::"  # two /64, with bytes that are line ends


# ---- what is behind the proxy ----

class Handlers:
    """The socket and the processes behind it: the command of the unit, with each start counted."""

    def __init__(self, group):
        self.log = f"{ROOM}/httpd.log"
        self.start = world.counted(world.exec_start("httpd-behind-proxy@.service"), f"{ROOM}/start")
        self.socat = world.Started("socat", f"UNIX-LISTEN:{SOCKET},mode=660,group={group},fork,backlog=1024,unlink-early",
                                   f"EXEC:{self.start},nofork", log=self.log)
        world.until(lambda: os.path.exists(SOCKET))

    def started(self):
        return world.started(self.start)

    def lines(self, text):
        return [line for line in world.read_from(self.log).splitlines() if text in line]

    def stop(self):
        self.socat.stop()
        world.kill_by_name("httpd")


def make_site():
    twenty.make_site(SITE)
    os.makedirs(SITE + ACME)
    with open(f"{SITE}{ACME}token", "w", encoding="ascii") as file:
        file.write("for the authority\n")


def make_certificate():
    keys = f"{ROOM}/keys"
    os.makedirs(keys)
    world.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=example.org",
              "-addext", "subjectAltName=DNS:example.org", "-keyout", f"{keys}/privkey.pem", "-out", f"{keys}/fullchain.pem")
    world.run("sh", "-c", f"cat {keys}/fullchain.pem {keys}/privkey.pem >{keys}/haproxy.pem && chmod 644 {keys}/*")


def same_confinement():
    """A handler behind a proxy has no more rights than a handler of httpd.socket."""
    services = []
    for name in ("httpd@.service", "httpd-behind-proxy@.service"):
        text = world.read_from(os.path.join(world.UNITS, "systemd", name)).partition("\n[Service]\n")[2]
        services.append([line for line in text.splitlines() if not line.startswith(("#", "ExecStart="))])
    check("httpd-behind-proxy@.service: all but the command is that of httpd@.service", services[0] == services[1] and
          len(services[0]) > 20, *services)


# ---- clients ----

def connected(source, tls=True):
    """A client's connection to the proxy."""
    there = NETWORK + "1" if ":" in source else "127.0.0.1"
    sock = socket.create_connection((there, 443 if tls else 80), timeout=world.HANG, source_address=(source, 0))
    if tls:
        context = ssl.create_default_context(cafile=f"{ROOM}/keys/fullchain.pem")
        sock = context.wrap_socket(sock, server_hostname="example.org")
    connection = http.client.HTTPConnection("example.org", timeout=world.HANG)
    connection.sock = sock
    return connection


def ask(target, source="127.0.0.1", fields=(), tls=True, connection=None):
    """Status, fields and body of one request. Without a connection it uses one of its own."""
    mine = connection or connected(source, tls)
    mine.putrequest("GET", target, skip_accept_encoding=True)
    for name, value in fields:
        mine.putheader(name, value)
    mine.endheaders()
    answer = mine.getresponse()
    body = answer.read()
    if connection is None:
        mine.close()
    return answer.status, answer.headers, body


def content(name):
    with open(f"{SITE}/{name}", "rb") as file:
        return file.read()


# ---- the tests of each proxy ----

def answers(name):
    """Files of the site, and errors and fields of httpd, through the proxy."""
    for target, file in (("/hello.txt", "hello.txt"), ("/data.json", "data.json"), ("/sub/", "sub/index.html"),
                         ("/big.bin", "big.bin"), ("/a/..//./%68ello.txt?x=/..", "hello.txt")):
        status, fields, body = ask(target)
        check(f"{name}: {target}", status == 200 and body == content(file) and "content-encoding" not in fields, status,
              fields, body[:200])
    status, fields, body = ask("/data.json", fields=[("Accept-Encoding", "gzip")])
    check(f"{name}: the compressed form", status == 200 and fields["content-encoding"] == "gzip" and
          gzip.decompress(body) == content("data.json"), status, fields)
    etag = ask("/hello.txt")[1]["etag"]
    status, fields, body = ask("/hello.txt", fields=[("If-None-Match", etag)])
    check(f"{name}: 304", (status, body) == (304, b""), etag, status, fields)
    status, _, body = ask("/hello.txt", fields=[("Range", "bytes=7-11")])
    check(f"{name}: a range", (status, body) == (206, b"world"), status, body)
    status, _, body = ask("/none")
    check(f"{name}: the site's own 404", (status, body) == (404, content("404.html")), status, body)


def addresses(name, handlers, plain):
    """The log has the client's address, whatever fields the client sends; over http as well, where the proxy serves it."""
    forgeries = {
        "": [], "one": [("X-Forwarded-For", FORGED)], "two": [("X-Forwarded-For", FORGED), ("X-Forwarded-For", FORGED)],
        "named": [("X-Forwarded-For", FORGED), ("Connection", "close, X-Forwarded-For")],
        "list": [("x-forwarded-for", f"{FORGED}, {FORGED}")], "other": [("Forwarded", f"for={FORGED}"), ("X-Real-IP", FORGED)],
    }
    asked = [("/hello.txt", True)] + ([(ACME + "token", False)] if plain else [])
    for number, (what, fields) in enumerate(forgeries.items()):
        for target, tls in asked:
            mark, source = f"{target}?{name}-{what}-{tls}", f"127.0.7.{number + 1}"
            status = ask(mark, source, fields, tls)[0]
            lines = world.until(lambda mark=mark: handlers.lines(f'"GET {mark} HTTP'))
            check(f"{name}: the log has the client's address, forged: {what or 'nothing'}",
                  status == 200 and len(lines) == 1 and lines[0].startswith(f"{source} - - ["), status, lines)


def counted(handlers):
    """Sends requests one after the other, each on a connection of its own. Returns how many were right, and how many
    processes were started."""
    before = handlers.started()
    good = sum(ask("/hello.txt", f"127.0.8.{1 + n % SOURCES}")[0] == 200 for n in range(REQUESTS))
    return good, handlers.started() - before


def reused(name, handlers):
    """One process answers the requests of several clients."""
    good, processes = counted(handlers)
    check(f"{name}: {REQUESTS} requests of {SOURCES} clients take few processes", good == REQUESTS and
          processes <= REQUESTS // 6, good, processes)


def killed(name):
    """A handler ends between two requests, of one client connection or of several. All proxies but Apache repeat the
    request even if the handler ends after they have looked at the connection."""
    wrong = []
    kept = connected("127.0.0.9")
    for n in range(20):
        for connection in (kept, None):
            status, _, body = ask(f"/hello.txt?{n}", connection=connection)
            if (status, body) != (200, content("hello.txt")):
                wrong.append((n, status, body[:100]))
            world.kill_by_name("httpd")
            if name == "apache2":
                world.nobody_left()
    check(f"{name}: no client notices that the handlers are killed between requests", not wrong, *wrong[:3])


class Load(world.Load):
    """Clients on kept connections that compare every answer. One whose kept connection ends without a byte of an answer asks
    again on a new one, as browsers do (RFC 9112 section 9.3.1): haproxy ends it so, and does not repeat the request, when a
    handler is killed before it has read the request, which resets the connection."""

    repeated = 0
    counting = threading.Lock()

    def __init__(self, clients, patient=True):
        self.patient = patient  # whether they ask again
        super().__init__(clients)

    def client(self, number):
        connection = None
        while self.running:
            kept = connection is not None
            try:
                connection = connection or connected(f"127.0.6.{number + 1}")
                status, _, body = ask(f"/hello.txt?{self.done}", connection=connection)
                wrong = "" if (status, body) == (200, content("hello.txt")) else f"{status} {len(body)}"
            except (OSError, http.client.HTTPException) as error:
                if kept and self.patient and isinstance(error, http.client.RemoteDisconnected):
                    connection = None
                    with self.counting:
                        self.repeated += 1
                    continue
                wrong, connection = repr(error), None
            self.finished(wrong and f"{number}: {wrong}")


def killed_under_load(name, patient=True):
    """Handlers are killed at any moment, also while a request is on its way to them. Each answer is one write: it
    arrives as a whole or not at all."""
    load, kills, pick = Load(4, patient), 0, random.Random(1)
    for _ in range(1000):
        if kills == 50 or not world.until(lambda there=load.done + 5: load.done >= there):
            break
        there = sorted(world.processes("httpd"))
        kills += bool(there) and kill(pick.choice(there))
    load.stop()
    check(f"{name}: handlers are killed under load", kills == 50, kills, load.done)
    check(f"{name}: of each handler one request at most is asked again", load.repeated <= kills, load.repeated)
    return load


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


def moved(name, exempt):
    """http is redirected to https with its path and query, except for the proof of an ACME challenge."""
    status, fields, _ = ask("/a%20b/c.html?d=e&f=%2F", tls=False)
    check(f"{name}: http moves to https", status in (301, 308) and
          fields["location"] == "https://example.org/a%20b/c.html?d=e&f=%2F", status, fields)
    if exempt:
        status, _, body = ask(ACME + "token", tls=False)
        check(f"{name}: {ACME} does not", (status, body) == (200, b"for the authority\n"), status, body)


def http2(name):
    """Thirty requests at once on one HTTP/2 connection."""
    said = subprocess.run(["curl", "-sS", "-m", str(world.HANG), "--http2", "--cacert", f"{ROOM}/keys/fullchain.pem", "-Z",
                           "--resolve", "example.org:443:127.0.0.1", "--interface", "127.0.0.5", "-o", f"{ROOM}/h2-#1", "-w",
                           "%{http_version} %{http_code}\n", "https://example.org/data.json?[1-30]"], capture_output=True, text=True)
    right = sum(world.read_from(f"{ROOM}/h2-{n}").encode() == content("data.json") for n in range(1, 31))
    check(f"{name}: HTTP/2 over TLS", said.stdout == "2 200\n" * 30 and right == 30, right, said)


# ---- haproxy ----

def haproxy(*changes):
    path = unit("haproxy/site.cfg", (KEYS, f"{ROOM}/keys"), *changes)
    return world.Started("haproxy", "-W", "-db", "-f", path, log=f"{ROOM}/haproxy.log")


def limited(name):
    """The 21st request of a client is refused, and its 4th connection. Another client is served."""
    statuses = [ask("/hello.txt", "127.0.3.1")[0] for _ in range(23)]
    check(f"{name}: a client's requests have a limit", statuses == [200] * 20 + [429] * 3, statuses)
    check(f"{name}: another client is served", ask("/hello.txt", "127.0.3.2")[0] == 200)
    held = [connected("127.0.3.3") for _ in range(3)]
    try:
        fourth = ask("/hello.txt", "127.0.3.3")[0]
    except OSError as error:
        fourth = error
    check(f"{name}: a client's connections have a limit", isinstance(fourth, OSError), fourth)
    check(f"{name}: those within the limit are served", [ask("/hello.txt", connection=one)[0] for one in held] == [200] * 3)


def guarded(name):
    """The example of Basic authentication, switched on."""
    for fields, expected in (([], 401), ([("Authorization", "Basic YWxpY2U6d3Jvbmc=")], 401),
                             ([("Authorization", "Basic YWxpY2U6c2VjcmV0")], 200)):
        status, said, _ = ask("/hello.txt", fields=fields)
        check(f"{name}: password: {fields}: {expected}", status == expected and
              (status == 200 or said["www-authenticate"] == 'Basic realm="Visitors"'), status, said)
    check(f"{name}: no password for the authority", ask(ACME + "token", tls=False)[0] == 200)


BUSY = ("gt 1000", "gt 1000000")  # requests in 10 s, more than these clients make


def more_of_haproxy(name, serving):
    with serving(BUSY):
        load = killed_under_load(name)
        check(f"{name}: no client notices that handlers are killed", not load.failed, load.done, *load.failed[:5])
    with serving(BUSY, ("retries 3", "retries 0"), ("retry-on", "# retry-on")):
        load = killed_under_load(name, patient=False)
        check(f"{name}: without the retries clients notice it", load.failed, load.done)
    with serving(("gt 1000", "gt 20"), ("http_req_rate(10s)", "http_req_rate(1h)"), ("sc0_conn_cur gt 128", "sc0_conn_cur gt 3")):
        limited(name)
    digest = world.run("openssl", "passwd", "-5", "secret").strip()
    with serving(("#userlist", "userlist"), ("#\tuser alice", "\tuser alice"), ("$5$saltsalt$PUT.THE.OUTPUT.OF.mkpasswd.HERE", digest),
                 ("#http-request auth", "http-request auth")):
        guarded(name)
    with serving(("#http-response set-header", "http-response set-header")):
        said = ask("/hello.txt")[1].get("strict-transport-security")
        check(f"{name}: HSTS, switched on", said == "max-age=31536000", said)


# ---- nginx ----

def networks(name, limit):
    """All addresses of a /64 are one client for nginx, each address of IPv4 is one, and a client has a limit."""
    for what, sources, other in (("a /64", [NETWORK + "1", NETWORK + "2", NETWORK + "ffff:a0a:a"], NEIGHBOUR + "1"),
                                 ("an IPv4 address", ["127.0.3.1"], "127.0.3.2")):
        statuses = [ask("/hello.txt", sources[n % len(sources)])[0] for n in range(limit + 6)]
        check(f"{name}: {what} has a limit of requests", statuses == [200] * limit + [429] * 6, statuses)
        check(f"{name}: another one than {what} is served", ask("/hello.txt", other)[0] == 200)


def more_of_nginx(name, serving):
    for address in (NETWORK + "1", NETWORK + "2", NETWORK + "ffff:a0a:a", NEIGHBOUR + "1"):
        world.run("ip", "addr", "add", f"{address}/128", "dev", "lo", "nodad")
    with serving(("rate=100r/s", "rate=1r/m"), ("burst=500", "burst=11")):
        networks(name, 12)


# ---- nginx, Caddy, Apache ----

def nginx(*changes):
    """As Debian's nginx.conf includes it."""
    path = unit("nginx/httpd.conf", (KEYS, f"{ROOM}/keys"), *changes)
    main = f"{ROOM}/nginx.conf"
    with open(main, "w", encoding="utf-8") as file:
        file.write(f"user www-data;\nworker_processes 2;\npid {ROOM}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
                   f"http {{ gzip on; access_log off; include {path}; }}\n")
    return world.Started("nginx", "-e", "stderr", "-g", "daemon off;", "-c", main, log=f"{ROOM}/nginx.log")


def caddy(*changes):
    """The certificate comes from a file, as there is no authority. This is the only change to the file."""
    tls = f"tls {ROOM}/keys/fullchain.pem {ROOM}/keys/privkey.pem"
    path = unit("caddy/Caddyfile", ("example.org {\n", f"example.org {{\n\t{tls}\n"), *changes)
    return world.Started("caddy", "run", "--adapter", "caddyfile", "--config", path, log=f"{ROOM}/caddy.log",
                         env={**os.environ, "HOME": ROOM, "XDG_DATA_HOME": f"{ROOM}/caddy", "XDG_CONFIG_HOME": f"{ROOM}/caddy"})


def apache(*changes):
    """Apache with the modules that the file names and those that Debian's apache2 enables."""
    path = unit("apache/httpd.conf", (KEYS, f"{ROOM}/keys"), *changes)
    modules = [f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in (
        "mpm_event", "authz_core", "alias", "headers", "proxy", "proxy_http", "ssl", "http2")]
    main = f"{ROOM}/apache.conf"
    with open(main, "w", encoding="utf-8") as file:
        file.write("".join(modules) + f"ServerName localhost\nServerRoot {ROOM}\nDefaultRuntimeDir {ROOM}\nPidFile {ROOM}/apache.pid\n"
                   f"User www-data\nGroup www-data\nErrorLog {ROOM}/apache.log\nListen 80\nListen 443\nInclude {path}\n")
    return world.Started("apache2", "-DFOREGROUND", "-f", main, log=f"{ROOM}/apache.log")


# ---- all of them ----

# The group that may connect, and the change to the file that turns off the reuse of connections: the count must notice it.
PROXIES = {
    "haproxy": (haproxy, "haproxy", ("http-reuse always", "http-reuse never")),
    "nginx": (nginx, "www-data", ("\tkeepalive 32;\n", "")),
    "caddy": (caddy, "root", ("keepalive 60s", "keepalive off")),
    "apache2": (apache, "www-data", ("enablereuse=on", "enablereuse=off")),
}


@contextlib.contextmanager
def serving_with(name, start, *changes):
    started = start(*changes)
    try:
        world.until(lambda: (world.accepts(("127.0.0.1", 443)) and world.accepts(("127.0.0.1", 80))) or
                    started.process.poll() is not None)
        if check(f"{name}: it runs", started.process.poll() is None, started.said()):
            yield started
    finally:
        started.stop()
        world.until(lambda: not world.accepts(("127.0.0.1", 443)))


def drive(name):
    start, group, without = PROXIES[name]
    why = world.machine.lacking(name)
    if why:
        left_out(f"{name} in front of httpd", why)
        return
    handlers = Handlers(group)
    try:
        with serving_with(name, start):
            answers(name)
            addresses(name, handlers, name != "caddy")
            reused(name, handlers)
            killed(name)
            http2(name)
            moved(name, name != "caddy")
        if name == "haproxy":
            more_of_haproxy(name, functools.partial(serving_with, name, start))
        if name == "nginx":
            more_of_nginx(name, functools.partial(serving_with, name, start))
        with serving_with(name, start, without):
            good, processes = counted(handlers)
            check(f"{name}: without reuse there is a process for each request", good == REQUESTS <= processes, good, processes)
    finally:
        handlers.stop()


def main():
    world.enter("one machine behind a proxy")
    world.files_are_sound()
    same_confinement()
    why = world.machine.lacking("socat", "openssl", "curl")
    if why:
        left_out("one machine behind a proxy", why)
    else:
        make_site()
        make_certificate()
        for name in PROXIES:
            drive(name)
    world.finish()


if __name__ == "__main__":
    main()
