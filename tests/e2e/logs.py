#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The log where people read it: a file, a pipe, syslog; by GoAccess, and by fail2ban as units/ has it: tests/e2e/logs.py
[HTTPD]. The journal is with the tests of systemd."""
import gzip
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisors"))
import twenty
import world
from world import ROOM, SITE, check, left_out, unit

BEGAN = time.time()
ADDRESS = ("127.0.0.1", 80)
MESSAGES = f"{ROOM}/messages"
ACCESS = f"{ROOM}/log/access.log"
LINE = re.compile(r'([0-9a-f.:]+) - - \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000)\] "([ !#-\[\]-~]|\\x[0-9a-f]{2})*" '
                  r'\d{3} \d+ "([ !#-\[\]-~]|\\x[0-9a-f]{2})*" "([ !#-\[\]-~]|\\x[0-9a-f]{2})*"')


def asking(target=b"/", **fields):
    lines = [b"GET " + target + b" HTTP/1.1", b"Host: a", b"Connection: close"]
    lines += [name.replace("_", "-").encode() + b": " + value for name, value in fields.items()]
    return b"\r\n".join(lines) + b"\r\n\r\n"


FORGED = b'203.0.113.9 - - [01/Jan/2026:00:00:00 +0000] "GET /forged HTTP/1.1" 404 1 "-" "-"'
RUDE = [  # requests that try to forge lines of the log
    asking(b"/" + FORGED.replace(b" ", b"%20")),
    asking(b"/?" + FORGED.replace(b" ", b"\t")),
    asking(b"/none", User_Agent=b'" 404 1 "-" "x', Referer=FORGED),
    asking(b"/none", User_Agent=b"\x1b]0;owned\x07\x1b[2J", Referer=b"\xff\xfe \xe2\x80\xae"),
    asking(b"/none", User_Agent=b"x" * 3000, Referer=b'"' * 3000),
    asking(b"/" + b"a" * 6000),
    b"GET /\n" + FORGED + b"\r\n\r\n",
    b"GET x httpd[1]: 203.0.113.9 - - [] \r\nReferer: 404 5\r\n\r\n",
    b"GET /none\rhttpd[1]: " + FORGED + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
]


EARLY = "gone in the middle of its request"


def asleep(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "S"


def gone_early():
    """The client of twenty.py that disappears during its request, here after httpd began to wait for the rest. Earlier,
    httpd could not get its address any more, and the record would lack it."""
    with world.connect(ADDRESS) as sock:
        world.send(sock, b"GET /hello.txt?early HTTP/1.1\r\nHost: exam")
        world.until(lambda: any(asleep(pid) for pid in world.processes("httpd")))
        world.vanish(sock)


def traffic():
    twenty.ask(ADDRESS, only=lambda name: name != EARLY)
    world.nobody_left()
    gone_early()
    for data in RUDE:
        with world.connect(ADDRESS) as sock:
            world.send(sock, data)
            world.rest(sock)
    world.nobody_left()


def crowd(count=240):
    """Many requests at once. No line may be torn or lost."""
    def one(n):
        return world.get(ADDRESS, f"/hello.txt?{n}", fields="User-Agent: " + "crowd " * 90 + "\r\n")
    with ThreadPoolExecutor(12) as pool:
        good = sum(status == 200 for status in pool.map(one, range(count)))
    world.nobody_left()
    return good


def without_prefix(text):
    """Removes the text that syslogd puts in front of each line: date, host, program, process number."""
    return re.sub(r"(?m)^[^\"]*? httpd\[\d+\]: ", "", text)


def way(name, command, read):
    """Runs one supervisor, sends the requests, and returns the log."""
    started = world.Started(*command, log=f"{ROOM}/{name.replace(' ', '-')}.log")
    try:
        if not check(f"{name}: accepts connections", world.until(lambda: world.accepts(ADDRESS)), started.said()):
            return None
        world.nobody_left()
        traffic()
        expected = sum(row[1] != 0 for row in twenty.TWENTY) + len(RUDE) + 1  # and gone_early()
        world.until(lambda: len(read(started).splitlines()) >= expected)
        text = read(started)
        lines = text.splitlines()
        check(f"{name}: a line for each answer", len(lines) == expected, len(lines), text)
        bad = [line for line in text.splitlines() if not LINE.fullmatch(line)]
        check(f"{name}: every line is whole, and in the Combined Log Format", not bad, *bad[:3])
        check(f"{name}: nobody forges a line", "\n203.0.113.9" not in text and text.isascii(), text)
        good = crowd()
        world.until(lambda: read(started).count('"crowd crowd') >= good)
        whole = [line for line in read(started).splitlines() if LINE.fullmatch(line) and '"crowd crowd' in line]
        numbers = {re.search(r"hello\.txt\?(\d+) ", line)[1] for line in whole}
        check(f"{name}: 240 at once: 240 whole lines", good == len(whole) == len(numbers) == 240, good, len(whole), len(numbers))
        return text
    finally:
        started.stop()
        for program in ("inetd", "tcpserver", "httpd"):
            world.kill_by_name(program)
        world.until(lambda: not world.accepts(ADDRESS))


def three_ways(syslogd):
    """The same requests logged to a file, to standard error and to syslog give the same lines."""
    texts = {}
    os.makedirs(os.path.dirname(ACCESS))
    shutil.chown(os.path.dirname(ACCESS), "www-data", "www-data")
    if world.program("tcpserver"):
        texts["standard error"] = way("standard error", [unit("tcpserver/run")], lambda started: started.said())
        run = unit("tcpserver/run", ("/var/www/html", f"--log={ACCESS} /var/www/html"))
        texts["a file"] = way("a file", [run], lambda _: world.read_from(ACCESS))
        rotation(run)
    else:
        left_out("logs of tcpserver", world.machine.missing("tcpserver"))
    inetd = world.program("inetd", "openbsd-inetd")
    if inetd and syslogd:
        texts["syslog"] = way("syslog", [inetd, "-i", unit("inetd/httpd.conf")],
                              lambda _: without_prefix("".join(line for line in world.read_from(MESSAGES).splitlines(True)
                                                               if " httpd[" in line)))
    else:
        left_out("the log in syslog", "openbsd-inetd or the syslogd of busybox is missing; install openbsd-inetd and busybox")
    # syslog has shorter records: the quoted strings are cut.
    texts = {name: [re.sub(r'"([^"]{100})[^"]*"', r'"\1"', line) for line in twenty.log_lines(text)]
             for name, text in texts.items() if text}
    if texts:
        name = next(iter(texts))
        for other in texts:
            check(f"{other} has the lines of {name}", texts[other] == texts[name], *sorted(set(texts[other]) ^ set(texts[name])))


def rotation(run):
    """After the file is renamed, the next answer goes to a new file. No signal is needed."""
    started = world.Started(run, log=f"{ROOM}/rotation.log")
    world.until(lambda: world.accepts(ADDRESS))
    world.get(ADDRESS, "/hello.txt?before")
    world.until(lambda: "?before" in world.read_from(ACCESS))
    os.rename(ACCESS, ACCESS + ".1")
    world.get(ADDRESS, "/hello.txt?after")
    world.until(lambda: "?after" in world.read_from(ACCESS))
    check("a renamed log is left alone, and a new one begun", "?after" not in world.read_from(ACCESS + ".1") and
          world.read_from(ACCESS).count("\n") == 1, world.read_from(ACCESS))
    check("the new log is for nobody else to read", os.path.exists(ACCESS) and os.stat(ACCESS).st_mode & 0o7777 == 0o640)
    started.stop()
    world.kill_by_name("httpd")
    world.until(lambda: not world.accepts(ADDRESS))


def logrotate():
    """units/logrotate, twice, in a directory of the account that serves, while one connection stays open."""
    if not (world.program("logrotate") and world.program("tcpserver")):
        left_out("logrotate", "logrotate or tcpserver is missing; install logrotate and ucspi-tcp")
        return
    directory = os.path.dirname(ACCESS)
    for name in os.listdir(directory):
        os.remove(f"{directory}/{name}")
    rules = unit("logrotate/httpd", ("/var/log/httpd", directory), to=f"{ROOM}/logrotate")
    os.chmod(rules, 0o644)

    def rotate():
        said = subprocess.run([world.program("logrotate"), "-f", "-v", "-s", f"{ROOM}/logrotate.state", rules], capture_output=True,
                              text=True, timeout=world.HANG)
        check("logrotate: it has nothing to complain of", said.returncode == 0 and "error:" not in said.stderr, said.stderr)
        return sorted(os.listdir(directory))
    started = world.Started(unit("tcpserver/run", ("/var/www/html", f"--keep-alive --log={ACCESS} /var/www/html")),
                            log=f"{ROOM}/logrotate.log")
    try:
        world.until(lambda: world.accepts(ADDRESS))
        world.get(ADDRESS, "/hello.txt?first")
        with world.connect(ADDRESS) as lasting:
            world.send(lasting, b"GET /hello.txt?early HTTP/1.1\r\nHost: a\r\n\r\n")
            world.until(lambda: "?early" in world.read_from(ACCESS))
            check("logrotate: the log is renamed", rotate() == ["access.log.1"], os.listdir(directory))
            check("logrotate: the next request has its answer", world.get(ADDRESS, "/hello.txt?second") == 200)
            world.until(lambda: "?second" in world.read_from(ACCESS))
            world.send(lasting, b"GET /hello.txt?late HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            world.rest(lasting)
        check("logrotate: and a log of httpd's own account, for nobody else", os.path.exists(ACCESS) and
              os.stat(ACCESS).st_mode & 0o7777 == 0o640 and os.stat(ACCESS).st_uid == os.stat(directory).st_uid)
        check("logrotate: then the older one is packed", rotate() == ["access.log.1", "access.log.2.gz"], os.listdir(directory))
        packed = gzip.open(f"{directory}/access.log.2.gz", "rt").read()
        lines = re.findall(r"\?(\w+) ", packed + world.read_from(f"{ACCESS}.1"))
        check("logrotate: no line is lost", sorted(lines) == ["early", "first", "late", "second"], packed, lines)
    finally:
        started.stop()
        world.kill_by_name("httpd")
        world.until(lambda: not world.accepts(ADDRESS))


def closed(syslogd):
    """httpd starts without a standard error. Descriptor 2 is then a file of its own or /dev/null, and lines go to
    syslog."""
    if not syslogd:
        left_out("the log without a standard error", "the syslogd of busybox is missing; install busybox")
        return
    for option in ("", "--log=stderr"):
        target = f"/hello.txt?closed{option}"
        done = subprocess.run(["sh", "-c", f"exec {world.HTTPD} {option} {SITE} 2>&-"], input=asking(target.encode()),
                              stdout=subprocess.PIPE, check=False)
        check(f"without a standard error {option}: the answer", done.returncode == 0 and
              done.stdout.startswith(b"HTTP/1.1 200 "), done)
        check(f"without a standard error {option}: the line is in syslog",
              world.until(lambda: f'"GET {target} ' in world.read_from(MESSAGES)), world.read_from(MESSAGES)[-500:])


# ---- who reads it ----

def goaccess(name, text):
    if not world.program("goaccess"):
        left_out("GoAccess", world.machine.missing("goaccess"))
        return
    log, report = f"{ROOM}/goaccess.log", f"{ROOM}/report.json"
    with open(log, "w", encoding="ascii") as file:
        file.write(text)
    world.run("goaccess", log, "--log-format=COMBINED", "--no-global-config", "--no-progress", "-o", report,
              env={"HOME": ROOM, "PATH": os.environ["PATH"], "TERM": "dumb"}, stdin=subprocess.DEVNULL)
    with open(report, encoding="utf-8") as file:
        general = json.load(file)["general"]
    check(f"goaccess: {name}: it reads every line", (general["total_requests"], general["failed_requests"]) ==
          (text.count("\n"), 0), general)


def fail2ban_regex(name, text):
    """fail2ban counts the lines of refusals, and no other lines."""
    if not world.program("fail2ban-regex"):
        left_out("fail2ban", world.machine.missing("fail2ban-regex"))
        return
    log = f"{ROOM}/fail2ban.log"
    with open(log, "w", encoding="ascii") as file:
        file.write(text)
    rule = unit("fail2ban/filter.conf", to=f"{ROOM}/fail2ban/filter.d/httpd.conf")
    said = world.run("fail2ban-regex", "--out", "<ip> <time>", log, rule)
    rows = re.findall(r"(?m)^([0-9a-f.:]+) ([0-9.]+)$", said)
    found = [address for address, _ in rows]
    expected = len(re.findall(r'(?m)" (?:400|403|404|405|414|431|501) \d+ "[^"]*" "[^"]*"$', text))
    check(f"fail2ban: {name}: every refusal counts, for the one who made it", expected > 5 and
          found == ["127.0.0.1"] * expected, expected, said)
    now = time.time()
    check(f"fail2ban: {name}: at its own time", rows and all(BEGAN - 60 < float(when) < now + 60 for _, when in rows), said, now)


REFUSED = '203.0.113.10 - - [29/Nov/2026:00:00:01 +0000] "GET /none HTTP/1.1" 404 1 "-" "-"'
OURS = ["", "Nov 29 00:00:01 vm httpd[1]: ", "Nov  9 00:00:01 httpd[1]: ", "Nov 29 00:00:01 vm daemon.notice httpd[1]: ",
        "2026-11-29T00:00:01.123456+00:00 web-1.example.org httpd[1234]: "]
OTHERS = ["Nov 29 00:00:01 vm mailer[99]: message from <a> subject: hello httpd[1]: ",
          "Nov 29 00:00:01 vm mailer: httpd[1]: ", "Nov 29 00:00:01 mailer[99]: httpd[1]: ",
          "2026-11-29T00:00:01.123456+00:00 vm mailer[99]: httpd[1]: ", "Nov 29 00:00:01 vm sshd[9]: Invalid user httpd[1]: ",
          "Nov 29 00:00:01 vm kernel: [1.0] httpd[1]: ", "Nov 29 00:00:01 vm xhttpd[1]: ", " httpd[1]: ", "x ",
          "Nov 29 00:00:01 vm mailer[99]: Nov 29 00:00:01 vm httpd[1]: ", "198.51.100.1 - - [] httpd[1]: "]


def found_by_fail2ban(log, rule, *more):
    said = subprocess.run(["fail2ban-regex", "--out", "ip", log, rule, *more], capture_output=True, text=True, timeout=world.HANG)
    return [word for word in said.stdout.split() if re.fullmatch(r"[0-9a-f.:]+", word)]


def fail2ban_lines():
    """A line counts behind a prefix of syslog, and behind nothing else. Each line has an address of its own, which tells them
    apart, and httpd's and the others' have files of their own."""
    if not world.program("fail2ban-regex"):
        return
    rule = unit("fail2ban/filter.conf", to=f"{ROOM}/fail2ban/filter.d/httpd.conf")
    for kind, prefixes, expected in ("httpd's", OURS, True), ("another program's", OTHERS, False):
        addresses = [f"203.0.113.{10 + n}" for n in range(len(prefixes))]
        with open(f"{ROOM}/lines.log", "w", encoding="ascii") as file:
            file.writelines(prefix + REFUSED.replace("203.0.113.10", address) + "\n" for prefix, address in zip(prefixes, addresses))
        found = found_by_fail2ban(f"{ROOM}/lines.log", rule)
        for prefix, address in zip(prefixes, addresses):
            check(f"fail2ban: {kind} line: '{prefix}'", found.count(address) == expected, found)


def fail2ban_journal():
    """In the journal, the unit tells which program wrote a line."""
    remote = "/lib/systemd/systemd-journal-remote"
    if not (world.program("fail2ban-regex") and os.path.exists(remote) and
            subprocess.run(["/usr/bin/python3", "-c", "import systemd.journal"], capture_output=True).returncode == 0):
        left_out("fail2ban and the journal", "a reader or a writer of journals is missing; install "
                                             "fail2ban, python3-systemd and systemd-journal-remote")
        return
    entries = [  # the address, the fields that journald knows of the sender, the fields that the sender gives
        ("203.0.113.1", "_SYSTEMD_SLICE=system-httpd.slice", "SYSLOG_IDENTIFIER=httpd"),
        ("203.0.113.2", "_SYSTEMD_UNIT=httpd-tcpserver.service", "SYSLOG_IDENTIFIER=httpd"),
        ("203.0.113.3", "_SYSTEMD_UNIT=user@1000.service", "SYSLOG_IDENTIFIER=httpd"),
        ("203.0.113.4", "_SYSTEMD_UNIT=cron.service", "SYSLOG_IDENTIFIER=httpd"),
        ("203.0.113.5", "_SYSTEMD_SLICE=user.slice", "SYSTEMD_UNIT=httpd-tcpserver.service"),
    ]
    with open(f"{ROOM}/export", "w", encoding="ascii") as file:
        for n, (address, known, said) in enumerate(entries):
            file.write(f"__REALTIME_TIMESTAMP={1_790_000_000_000_000 + n}\n__MONOTONIC_TIMESTAMP={1000 + n}\n_BOOT_ID={'0' * 31}1\n"
                       f"_HOSTNAME=vm\n_PID=5\n{known}\n{said}\nMESSAGE={REFUSED.replace('203.0.113.10', address)}\n\n")
    world.run(remote, "-o", f"{ROOM}/system.journal", f"{ROOM}/export")
    rule = unit("fail2ban/filter.conf", to=f"{ROOM}/fail2ban/filter.d/httpd.conf")
    match = re.search(r"(?m)^journalmatch = (.*)$", world.read_from(rule))[1]
    found = found_by_fail2ban(f"systemd-journal[journalfiles={ROOM}/system.journal]", rule, "-m", match)
    check("fail2ban: the journal: lines of httpd's units, and of nobody else", found == ["203.0.113.1", "203.0.113.2"], found)


def ban():
    """fail2ban's server with the jail of units/, except for the log's path and the action."""
    if not world.program("fail2ban-server"):
        return
    conf = f"{ROOM}/fail2ban-etc"
    shutil.copytree("/etc/fail2ban", conf)
    shutil.rmtree(f"{conf}/jail.d")
    unit("fail2ban/filter.conf", to=f"{conf}/filter.d/httpd.conf")
    log = f"{ROOM}/jail.log"
    unit("fail2ban/jail.conf", ("/var/log/httpd/access.log", log), to=f"{conf}/jail.d/httpd.conf")
    unit("fail2ban/action.conf", to=f"{conf}/action.d/httpd-nftables.conf")
    nft = world.program("nft") and subprocess.run(["nft", "add", "table", "inet", "test"], capture_output=True).returncode == 0
    if not nft:
        left_out("what fail2ban bans", "nft is missing, or the kernel has no nf_tables; install nftables")
        with open(f"{conf}/action.d/httpd-nftables.conf", "w", encoding="ascii") as file:
            file.write("[Definition]\n")
    with open(f"{conf}/fail2ban.local", "w", encoding="ascii") as file:
        file.write(f"[DEFAULT]\nlogtarget = STDOUT\nsocket = {ROOM}/f2b.sock\npidfile = {ROOM}/f2b.pid\ndbfile = None\n")
    open(log, "w", encoding="ascii").close()
    client = ["fail2ban-client", "-c", conf, "-s", f"{ROOM}/f2b.sock", "-p", f"{ROOM}/f2b.pid"]
    said = subprocess.run([*client, "-t"], capture_output=True, text=True)
    check("fail2ban: the jail is one", said.returncode == 0, said)
    server = world.Started("fail2ban-server", *client[1:], "-f", log=f"{ROOM}/fail2ban-server.log")

    def status(jail="httpd"):
        return subprocess.run([*client, "status", jail], capture_output=True, text=True).stdout
    world.until(lambda: "File list" in status() and "File list" in status("httpd-network"))

    def line(address, n, status):
        when = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime())
        return f'{address} - - [{when}] "GET /{n} HTTP/1.1" {status} 39 "-" "x"\n'
    with open(log, "a", encoding="ascii") as file:
        file.writelines(line("198.51.100.7", n, 404) for n in range(70))
        file.writelines(line("2001:db8::7", n, 403) for n in range(70))
        file.writelines(line("198.51.100.8", n, 404) for n in range(20))
        file.writelines(line("198.51.100.9", n, 200) for n in range(500))
    world.until(lambda: "2001:db8::7" in status())
    said = status()
    banned = re.search(r"Banned IP list:\s*(.*)", said)
    check("fail2ban: who tries seventy addresses is banned, and nobody else",
          banned and sorted(banned[1].split()) == ["198.51.100.7", "2001:db8::7"], said, server.said()[-1500:])
    if nft:
        banned_networks(log, line, client, server)
        banned_as_a_network(log, line, server)
    server.stop()


def of_jail(name):
    """A set of addresses in the kernel; nothing where fail2ban has not made it."""
    return subprocess.run(["nft", "list", "set", "inet", "f2b-table", name], capture_output=True, text=True).stdout


def banned_networks(log, line, client, server):
    """The kernel has the /64 of an IPv6 address, once for all its addresses, and until the ban of the first one ends."""
    def rules():
        return re.sub(r"\s+", " ", of_jail("addr-set-httpd") + of_jail("addr6-set-httpd"))
    world.until(lambda: "elements = { 2001:db8::/64 }" in rules() and "elements = { 198.51.100.7 }" in rules())
    check("fail2ban: nftables has the address, and of IPv6 the network", "elements = { 2001:db8::/64 }" in rules() and
          "elements = { 198.51.100.7 }" in rules(), rules())
    with open(log, "a", encoding="ascii") as file:
        file.writelines(line("2001:db8::8", n, 403) for n in range(70))
        file.writelines(line("2001:db8:0:1::1", n, 403) for n in range(70))
    world.until(lambda: "2001:db8:0:1::/64" in rules())
    check("fail2ban: a second address of the network, and another network", re.search(
        r"elements = \{ 2001:db8::/64, 2001:db8:0:1::/64 \}", rules()), rules(), server.said()[-1500:])
    for address in ("2001:db8::7", "2001:db8::8", "198.51.100.7"):
        world.run(*client, "set", "httpd", "unbanip", address)
    world.until(lambda: "elements = { 2001:db8:0:1::/64 }" in rules())
    check("fail2ban: nobody else is banned then", re.findall(r"elements = \{ (.*?) \}", rules()) == ["2001:db8:0:1::/64"] and
          "ERROR" not in server.said(), rules(), server.said()[-1500:])


def banned_as_a_network(log, line, server):
    """Seventy addresses of one /64 with one refusal each are one client, and seventy networks with one each are not."""
    with open(log, "a", encoding="ascii") as file:
        for n in range(1, 71):
            file.write(line(f"2001:db8:5:6::{n:x}" if n % 2 else f"2001:db8:5:6:{n:x}:7:8:9", n, 404))
            file.write(line(f"2001:db8:7:{n:x}::1", n, 404))
            file.write(line("::1", n, 404))
    def banned():
        return re.findall(r"[0-9a-f:]+/64", of_jail("addr6-set-httpd-network"))
    world.until(lambda: "2001:db8:5:6::/64" in banned())
    check("fail2ban: a /64 is one client, whatever addresses it uses", "2001:db8:5:6::/64" in banned() and
          not [one for one in banned() if one.startswith(("2001:db8:7:", "::/"))], banned(), server.said()[-1500:])


def fail2ban_networks():
    """The text by which a network is known: the same for its addresses, and another one for each other network."""
    if not world.program("fail2ban-regex"):
        return
    rule = unit("fail2ban/filter.conf", to=f"{ROOM}/fail2ban/filter.d/httpd.conf")
    addresses = ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::6", "2001:db8:1:2:3::", "2001:db8:1:3::6", "2001:db8::6", "2001:db8::3:4:5:6",
                 "2001:db8::1:0:0:6", "2001:db8::2:3:4:5:6", "2001::2:3:4:5:6", "2001::1:2:3:4:5:6", "::1:2:3:4:5:6", "::2", "1::",
                 "fe80::1", "203.0.113.9", "::1"]
    with open(f"{ROOM}/one.log", "w", encoding="ascii") as file:
        file.writelines(REFUSED.replace("203.0.113.10", address) + "\n" for address in addresses)
    said = world.run("fail2ban-regex", "--out", "row", f"{ROOM}/one.log", f"{rule}[by=network]")
    found = re.findall(r"^\['([^']*)'.*'ip6': '([^']*)'", said, re.M)
    check("fail2ban: each address of IPv6 but the machine's own has a network", [address for _, address in found] ==
          [str(address) for address in addresses if ":" in address and address != "::1"], said)
    networks = {}
    for known, address in found:
        networks.setdefault(known, set()).add(ipaddress.ip_network(f"{address}/64", False))
    check("fail2ban: no two networks are one client", max(map(len, networks.values())) == 1, networks)
    check("fail2ban: the addresses of a network are one client", len(networks) == len(set().union(*networks.values())), networks)


def main():
    if not os.environ.get(world.MARK):
        world.unpack("openbsd-inetd")
    world.enter("logs")
    world.files_are_sound()
    twenty.make_site(SITE)
    syslogd = world.syslogd(MESSAGES)
    three_ways(syslogd)
    files = {"a file": world.read_from(ACCESS + ".1"),
             "syslog": "".join(line for line in world.read_from(MESSAGES).splitlines(True) if " httpd[" in line)}
    for name, text in files.items():
        if text:
            goaccess(name, without_prefix(text))
            fail2ban_regex(name, text)
    logrotate()
    fail2ban_lines()
    fail2ban_networks()
    fail2ban_journal()
    ban()
    closed(syslogd) # last, as GoAccess refuses lines without an address
    world.finish()


main()
