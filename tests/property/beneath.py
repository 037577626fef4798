#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
Nothing outside ROOT is ever shown. On a site that stands still each answer is the one that a resolver of the test's own
foretells; on one that is changed meanwhile, no answer holds what only files and names outside hold, and each is whole.
"""
import json
import os
import re
import shutil
import signal
import stat
import tempfile
import time

from lib import play, reply
from lib.site import SECRET, Denied, Site, expected, hidden, normal, regular, resolve, spelled

BURST = 40  # requests on one connection


def request(target, method=b"GET", fields=b"", last=False):
    return (method + b" " + target + b" HTTP/1.1\r\nHost: a\r\n" + fields +
            (b"Connection: close\r\n" if last else b"") + b"\r\n")


# Where a redirect repeats the path that was asked for, which may have the name of something outside. check_answer knows it.
ECHO = re.compile(rb'(?m)^(?:Location: |<p><a href=").*$')


def clean(answer, what):
    if SECRET in ECHO.sub(b"", answer):
        raise AssertionError(f"{what}: what is outside shows: {answer[:300]!r}")


def targets(rng, site, count):
    """Of what is there, of what is not, and through what leads elsewhere."""
    paths = site.paths()
    for _ in range(count):
        path = rng.choice(paths)
        if rng.random() < 0.4:
            path += b"/" + rng.choice(paths + [SECRET + b".txt", b"f.txt", b"outside/f.txt", b"index.html"])
        target = spelled(rng, path)
        if rng.random() < 0.1:
            target = rng.choice([b"/..", b"/%2e%2e", b"/.%2E/..", b"/a%2f..", b"//", b"/../root", b"/../outside"]) + target
        yield target


def check_answer(site, target, answer):
    """The status, and what it came with, is what the resolver says of this target."""
    status, what = expected(site.root, target)
    if answer.status != status:
        raise AssertionError(f"{target!r}: {answer.status}, not {status} {what!r}")
    if status == 200:
        with open(what, "rb") as file:
            reply.check(file.read() == answer.content, f"{target!r}: not the bytes of {what!r}")
    elif status in (301, 302) and answer[b"location"] != what:
        raise AssertionError(f"{target!r}: leads to {answer[b'location']!r}, not {what!r}")


def still(httpd, args):
    def case(rng, number):
        base = tempfile.mkdtemp(prefix=f"{number}-", dir=BUILDS.sites)
        os.chmod(base, 0o755)
        site = Site(base + "/s", rng)
        wanted = list(targets(rng, site, BURST))
        data = b"".join(request(target, last=i == BURST - 1) for i, target in enumerate(wanted))
        answer, _ = play.ask(httpd, [*args, "--keep-alive=1000", os.fsdecode(site.root)], data)
        clean(answer, f"{wanted!r}")
        answers = reply.read_replies(answer, ["GET"] * BURST)
        reply.check(len(answers) == BURST, f"{len(answers)} answers")
        for target, one in zip(wanted, answers):
            check_answer(site, target, one)
        remove(base)
    return case


def entries(site, segments):
    """What a listing must hold: each name that shows, leads somewhere inside, and may be read."""
    for name in os.listdir(resolve(site.root, b"/".join(segments))):
        try:
            path = resolve(site.root, b"/".join([*segments, name]))
        except Denied:
            continue
        if hidden([name]) or path is None or not os.lstat(path).st_mode & stat.S_IROTH:
            continue
        if stat.S_ISDIR(os.lstat(path).st_mode):
            yield name.decode(errors="replace"), "directory", None
        else:
            yield name.decode(errors="replace"), "file", os.lstat(path).st_size


def listed(httpd, args):
    """A listing holds exactly that, and a directory that has none does not get one."""
    def case(rng, number):
        base = tempfile.mkdtemp(prefix=f"{number}-", dir=BUILDS.sites)
        os.chmod(base, 0o755)
        site = Site(base + "/s", rng, files=8, directories=8, links=20)
        wanted = [spelled(rng, path, directory=True) for path in (site.directories + site.links)[:BURST]]
        data = b"".join(request(target, fields=b"Accept: application/json\r\n", last=i == len(wanted) - 1)
                        for i, target in enumerate(wanted))
        answer, _ = play.ask(httpd, [*args, "--listing", "--keep-alive=1000", os.fsdecode(site.root)], data)
        clean(answer, f"{wanted!r}")
        for target, one in zip(wanted, reply.read_replies(answer, ["GET"] * len(wanted))):
            status, _ = expected(site.root, target)
            parsed = normal(target)
            shown = one.status == 200 and one[b"content-type"] == b"application/json" and b"etag" not in one.fields
            if status != 404 or not isinstance(parsed, tuple) or hidden(parsed[0]) or not parsed[1]:
                reply.check(one.status == status and not shown, f"{target!r}: {one.status}, not {status}")
                continue
            status, path = regular(site.root, parsed[0])
            if status == 301 and not os.lstat(path).st_mode & stat.S_IROTH:
                status = 403  # it may be entered and not be listed
            # Of a file that only the server itself may read, 404 will do as well as 403.
            wanted = {301: (200,), 200: (404,), 403: (403, 404)}.get(status, (status,))
            reply.check(one.status in wanted, f"{target!r}: {one.status} ({status})")
            if one.status != 200:
                continue
            reply.check(shown and path is not None, f"{target!r}: no listing")
            rows = [(row["name"], row["type"], row.get("size")) for row in json.loads(one.content)]
            reply.check(sorted(rows, key=repr) == sorted(entries(site, parsed[0]), key=repr), f"{target!r}: {rows!r}")
        remove(base)
    return case


def remove(base):
    for directory, names, _ in os.walk(os.fsencode(base)):
        for name in names:
            if not os.path.islink(directory + b"/" + name):
                os.chmod(directory + b"/" + name, 0o755)
    shutil.rmtree(base)


# A site that is changed while it is served. Everything that may move lies in root/a; out/ mirrors it, full of secrets:
# whoever follows a name one step too late ends there.
def make_arena(base):
    for top, word in ((base + "/root", "INSIDE"), (base + "/out", SECRET.decode())):
        os.makedirs(top + "/a/b/c")
        for directory in ("", "/a", "/a/b", "/a/b/c"):
            for name in ("s.txt", "index.html"):
                with open(top + directory + "/" + name, "wb") as file:
                    file.write(f"{word} {directory}/{name}\n".encode() * 8)
    for top in (base + "/root", base + "/out"):
        for at, text in (("a/b/up", "../s.txt"), ("a/b/c/up2", "../../s.txt"), ("a/b/c/round", "../../b/c/../../s.txt"),
                         ("down", "a/b/c/s.txt"), ("away", "a/b/c/up2"), ("a/b/c/far", "../../../a/b/../s.txt"),
                         ("a/in", "b/c/../up"), ("a/dir", "b/../b/c"), ("a/b/c/zigzag", "../c/" * 9 + "../s.txt"),
                         ("a/b/saw", "../b/" * 9 + "../s.txt")):
            os.symlink(text, f"{top}/{at}")
    os.symlink("a/b/s.txt", base + "/root/flip")
    os.symlink("a/b/c", base + "/root/flop")
    with open(base + "/s.txt", "wb") as file:
        file.write(SECRET + b" beside the root\n")
    os.mkdir(base + "/root/a/swap")
    with open(base + "/root/a/swap/s.txt", "wb") as file:
        file.write(b"INSIDE swap\n")


def disturb(base, rng, until):
    """Moves directories out and back, puts symlinks in their place, and lets links point elsewhere, as fast as it can."""
    root, out = base + "/root", base + "/out"

    def link(path, text):
        os.symlink(text, path + ".new")
        os.rename(path + ".new", path)

    def move(at):
        os.rename(f"{root}/{at}", f"{out}/moved")
        os.rename(f"{out}/moved", f"{root}/{at}")

    def replace(at, text):
        os.rename(f"{root}/{at}", f"{base}/kept")
        os.symlink(text, f"{root}/{at}")
        os.unlink(f"{root}/{at}")
        os.rename(f"{base}/kept", f"{root}/{at}")

    actions = [
        lambda: move("a/b"), lambda: move("a/b"), lambda: move("a/b/c"), lambda: move("a/b/c"), lambda: move("a"),
        lambda: move("a/b/s.txt"),
        lambda: replace("a/b", "../../out/a/b"), lambda: replace("a/b", f"{out}/a/b"), lambda: replace("a", "../out/a"),
        lambda: replace("a/b/s.txt", "../../../out/a/s.txt"), lambda: replace("a/b/c", "../../../out/a/b/c"),
        lambda: replace("a/swap", f"{out}/a"), lambda: replace("a/swap/s.txt", "/etc/passwd"),
        lambda: link(root + "/flip", rng.choice(["a/b/s.txt", "../s.txt", f"{out}/s.txt", "a/../../s.txt"])),
        lambda: link(root + "/flop", rng.choice(["a/b/c", "../out", f"{out}/a", "a/../../out/a/b"])),
    ]
    while time.monotonic() < until:
        action = rng.choice(actions)
        for _ in range(50):
            action()


def read_all(answer, count):
    """Each answer is whole, and a 200 holds nothing but what is inside."""
    answers = reply.read_replies(answer, ["GET"] * count)
    reply.check(len(answers) == count, f"{len(answers)} answers of {count}")
    for one in answers:
        reply.check(one.status in (200, 301, 403, 404, 503), f"{one.status}")
        if one.status == 200 and b"etag" in one.fields:
            reply.check(one.content.startswith(b"INSIDE "), f"{one.content[:80]!r}")


SLOWLY = ["-o", "/dev/null", "-e", "trace=openat,openat2,readlinkat",
          "-e", "inject=openat,openat2,readlinkat:delay_exit=300"]  # microseconds, in which all else can change


def moving(httpd, args, count):
    """Each case changes its own site for a third of a second, and asks all the while, so much on each connection."""
    names = [b"a/b/up", b"a/b/c/up2", b"a/b/c/round", b"down", b"away", b"a/b/c/far", b"a/in", b"a/dir/s.txt", b"flip",
             b"a/b/c/zigzag", b"a/b/saw",
             b"flop/s.txt", b"a/b/s.txt", b"a/b/c/s.txt", b"a/swap/s.txt", b"a/b/", b"a/", b"flop/", b"a/dir/", b"flop"]

    def case(rng, number):
        base = tempfile.mkdtemp(prefix=f"{number}-", dir=BUILDS.sites)
        os.chmod(base, 0o755)
        make_arena(base)
        until = time.monotonic() + 0.35
        pid = os.fork()
        if pid == 0:
            try:
                disturb(base, rng, until)
            finally:
                os._exit(0)
        try:
            while True:
                wanted = [b"/" + rng.choice(names) for _ in range(count)]
                data = b"".join(request(target, last=i == count - 1) for i, target in enumerate(wanted))
                options = ["--listing"] if rng.random() < 0.3 else []
                answer, _ = play.ask(httpd, [*args, *options, "--keep-alive=1000", base + "/root"], data)
                clean(answer, f"{wanted!r}")
                read_all(answer, count)
                if time.monotonic() >= until:
                    break
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        shutil.rmtree(base)
    return case


def main():
    play.begin()
    resolver_knows()
    for build, httpd in BUILDS.httpd.items():
        # As root, httpd locks itself in besides; as anyone else and without a sandbox, the way it opens files is all.
        who = [("naked", ["--sandbox=off"], play.NOBODY if os.geteuid() == 0 else None)]
        if build == "full" or os.geteuid() == 0:
            who.append(("confined", [], None))
        for name, args, become in who:
            weight = 1 if name == "naked" else 0.4
            play.cases(f"each target has the answer foretold ({build}, {name})", 400, 2 * weight,
                       still(httpd, args), become)
            play.cases(f"each listing holds what it must ({build}, {name})", 200, weight, listed(httpd, args), become)
        args, become = who[0][1:]
        play.cases(f"nothing shows while names change ({build})", 100, 1.1, moving(httpd, args, 250), become)
        play.cases(f"nothing shows to one request while names change ({build})", 100, 0.7, moving(httpd, args, 1), become)
        if play.can_trace():
            play.machine.left_out("names that change between any two calls", play.can_trace())
        else:
            play.cases(f"nothing shows while names change between any two calls ({build})", 100, 1.5,
                       moving(shutil.which("strace"), [*SLOWLY, httpd, *args], 8), become)


def resolver_knows():
    """The resolver of the test, on a site of which each answer is known."""
    def case(rng, number):
        del rng, number
        with tempfile.TemporaryDirectory(dir=BUILDS.sites) as base:
            root = os.fsencode(base) + b"/root"
            os.makedirs(root + b"/d/e")
            for directory in (root, root + b"/d", root + b"/d/e"):
                os.chmod(directory, 0o755)
            for path in (b"/f", b"/d/index.html"):
                with open(root + path, "wb"):
                    os.chmod(root + path, 0o644)
            for text, name in ((b"f", b"/in"), (b"../f", b"/out"), (b"../f", b"/d/up"), (b"/f", b"/abs"),
                               (b"loop", b"/loop"), (b"https://h/x#301", b"/moved"), (b"e/../..", b"/d/top")):
                os.symlink(text, root + name)
            for target, status, what in [
                (b"/f", 200, b"/f"), (b"/f/", 404, None), (b"/in", 200, b"/f"), (b"/out", 404, None),
                (b"/d/up", 200, b"/f"), (b"/abs", 404, None), (b"/loop", 404, None), (b"/moved", 301, b"https://h/x"),
                (b"/d", 301, b"/d/"), (b"/d/", 200, b"/d/index.html"), (b"/d/e/", 404, None), (b"/d/top/f", 200, b"/f"),
                (b"/../f", 200, b"/f"), (b"/%2e%2e/f", 400, None), (b"/d%2ff", 404, None), (b"/%66", 200, b"/f"),
                (b"/%6", 400, None), (b"/x/../f?y", 200, b"/f"), (b"/d?q", 301, b"/d/?q"), (b"/.x/f", 404, None),
            ]:
                seen = expected(root, target)
                reply.check(seen == (status, root + what if status == 200 else what), f"{target!r}: {seen!r}")
    play.cases("the resolver is right where the answer is known", 1, 30, case)


with play.Builds() as BUILDS:
    main()
play.finish()
