# SPDX-License-Identifier: ISC
"""What one client that takes all it can costs the others, with units/nftables/httpd.nft and without it: for `flood`, where
that client is one address, and `flood-network`, where it has a whole IPv6 network.

The number of others that are answered is the verdict where the rules are loaded. Without them it is measured and told: a
systemd that starts processes slowly answers nobody else.
"""
import contextlib
import multiprocessing
import subprocess
import threading
import time

from inside import (LeftOut, ROOT, all_gone, bound, calibrate, expect, get, half_open, handlers, is_ok, patient, poll, run_checks,
                    systemctl)

RULES = ROOT + "/usr/local/share/doc/httpd/examples/nftables/httpd.nft"
OTHERS = 20       # requests of another client during the flood
MEASURED = 5      # seconds of a flood without the rules, whose result is a remark
LIMIT = 120       # connections at a time for an address in httpd.nft
UNIT_LIMIT = 128  # MaxConnectionsPerSource= in httpd.socket
UNIT_ALL = 512    # MaxConnections=
LOOPS = 8         # of the client that floods

# The features of the kernel that httpd.nft needs.
PROBE = """table inet probe {
    set a { type ipv4_addr; flags dynamic; }
    set b { type ipv4_addr; flags dynamic,timeout; timeout 1m; }
    chain c {
        type filter hook input priority filter
        tcp dport 9 ct state new add @a { ip saddr ct count over 9 } counter reject with tcp reset
        tcp dport 9 ct state new update @b { ip saddr limit rate over 9/second burst 9 packets } counter drop
    }
}
delete table inet probe
"""


def run(*command, text=None):
    """Runs a command of the host in the machine's network. Returns whether it succeeds, and its output."""
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          timeout=bound())
    return done.returncode == 0, done.stdout


def nft(*words, text=None):
    good, said = run("nft", *words, text=text)
    expect(good, "nft %s: %s" % (" ".join(words), said))
    return said


@contextlib.contextmanager
def rules():
    nft("-f", RULES)
    try:
        yield
    finally:
        nft("delete", "table", "inet", "httpd")


class Client:
    """The address of the other clients, that of the server, and those of the client that floods."""

    def __init__(self, others, to, *greedy):
        self.others, self.to, self.greedy = others, to, greedy


IPV4 = Client("127.0.0.2", "127.0.0.1", "127.0.0.3")
IPV6 = Client("2001:db8:2::1", "2001:db8::1", *["2001:db8:1::%x" % n for n in range(1, 65)])


def more(client, stop, counts):
    """Makes requests without a pause. Counts the refusals and the answers."""
    number = 0
    while not stop.is_set():
        source = client.greedy[number % len(client.greedy)]
        answered = get(source=source, to=client.to)
        with counts.get_lock():
            counts[bool(answered)] += 1
        number += 1


def flooder(client, stop, counts):
    """Runs in a process of its own, so that it does not slow down the other clients."""
    crowd = [threading.Thread(target=more, args=(client, stop, counts)) for _ in range(LOOPS)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()


@contextlib.contextmanager
def flooding(client):
    """A context in which one client makes requests in eight loops. Yields the numbers of its refusals and answers."""
    fork = multiprocessing.get_context("fork")
    stop, counts = fork.Event(), fork.Array("i", 2)
    process = fork.Process(target=flooder, args=(client, stop, counts), daemon=True)
    process.start()
    try:
        expect(poll(lambda: sum(counts) > 0), "nobody floods")
        yield counts
    finally:
        stop.set()
        process.join(bound(UNIT_ALL))
        process.kill()


def hold(client, count):
    """So many connections of the client, each with half a request; fewer where they are refused."""
    held = []
    for number in range(count):
        with contextlib.suppress(OSError):
            held.append(half_open(client.greedy[number % len(client.greedy)], to=client.to))
    return held


def let_go(held):
    for s in held:
        s.close()
    expect(all_gone(), "handlers stay")
    expect(systemctl("is-active", "httpd.socket").strip() == "active", "the socket is gone")
    expect(is_ok(get()), "nobody is answered any more")


def ask(client, count, seconds):
    """Makes requests of another client one after the other. Returns how many were answered, the seconds of all, and
    those of the slowest."""
    began, times = time.monotonic(), []
    for _ in range(count):
        asked, left = time.monotonic(), began + seconds - time.monotonic()
        if left <= 0:
            break
        if is_ok(get(source=client.others, to=client.to, seconds=left)):
            times.append(time.monotonic() - asked)
    return len(times), time.monotonic() - began, max(times, default=0)


def with_rules(client, held):
    """Others are served while the client holds the most connections that it may have and asks for more."""
    patient()
    with rules():
        greedy = hold(client, held)
        try:
            expect(len(greedy) == LIMIT, "%d connections instead of %d" % (len(greedy), LIMIT))
            expect(poll(lambda: len(handlers()) == LIMIT, bound(held)), "%d handlers" % len(handlers()))
            with flooding(client) as counts:
                answered, seconds, slowest = ask(client, OTHERS, bound(OTHERS * LOOPS))
                expect(answered == OTHERS, "%d of %d others answered in %.0f s" % (answered, OTHERS, seconds))
                expect(poll(lambda: counts[0] > 0), "nothing was refused")
            expect(counts[1] == 0, "%d served above the limit" % counts[1])
        finally:
            let_go(greedy)
    return "%d refused, %d others served, the slowest in %.2f s" % (counts[0], OTHERS, slowest)


def without_rules(client, held):
    """The same without the rules. Only the client's own connections are a verdict; the result for the others is a
    remark."""
    patient()
    greedy = hold(client, held)
    try:
        expect(len(greedy) == held, "%d connections of %d" % (len(greedy), held))
        expect(poll(lambda: len(handlers()) == held, bound(held)), "%d handlers of %d" % (len(handlers()), held))
        with flooding(client) as counts:
            expect(poll(lambda: counts[0] > 0, bound(held)), "nothing was refused")
            answered, seconds, slowest = ask(client, OTHERS, MEASURED)
        expect(counts[1] == 0, "%d served above the limit" % counts[1])
    finally:
        let_go(greedy)
    return "without the rules %d of %d others answered in %.1f s, the slowest in %.2f s" % (
        answered, OTHERS, seconds, slowest)


# What is missing for these checks; empty where they can run.
LACKS = {"rules": "", "network": ""}


def need(*names):
    for name in names:
        if LACKS[name]:
            raise LeftOut(LACKS[name])


def lacking(package, *command, text=None):
    """Why the command fails here; empty where it works."""
    try:
        good, said = run(*command, text=text)
    except OSError:
        return "%s is missing; install the package %s" % (command[0], package)
    return "" if good else said.strip().split("\n")[0] or "%s fails" % command[0]


def run_floods(functions):
    """Starts the unit and runs the checks, as run_checks does; those whose need is missing are left out."""
    LACKS["rules"] = lacking("nftables", "nft", "-f", "-", text=PROBE)
    # Now every address of that network is local.
    LACKS["network"] = lacking("iproute2", "ip", "-6", "route", "replace", "local", "2001:db8::/32", "dev", "lo") or lacking(
        "", "sh", "-c", "echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind")
    systemctl("start", "httpd.socket")
    calibrate()
    return run_checks(functions, "flood: ")
