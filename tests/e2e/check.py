#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""httpd --check: every line that it prints about a site that holds one of each finding. Both builds."""
import os
import re
import socket
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "common"))
from each import HANG, check, left_out, run_tests

SERVER = 65534 if os.geteuid() == 0 else os.geteuid()
GROUP = 65534 if os.geteuid() == 0 else os.getegid()


def run(httpd, *args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **more):
    return subprocess.run([httpd, "--check", *args], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=WORK,
                          env={}, timeout=HANG, check=False, **more)


def lines_of(done):
    check(done.stderr == b"", f"on standard error: {done.stderr!r}")
    return done.stdout.decode("ascii").splitlines()


def same(seen, expected):
    missing = [line for line in expected if line not in seen]
    unknown = [line for line in seen if line not in expected]
    check(not missing and not unknown, "\n  missing: " + "\n  missing: ".join(missing) + "\n  unknown: " + "\n  unknown: ".join(unknown))
    check(seen == expected, f"another order: {seen}")


def split(lines):
    """The settings, the sorted findings, and the last line with the sum. A directory has no order."""
    settings = [line for line in lines if re.match(r"[A-Za-z -]+: {2,}", line)]
    findings = sorted(line for line in lines if line not in settings)
    check(lines[-1].startswith("files: ") and lines[:len(settings) - 1] == settings[:-1], f"in disorder: {lines}")
    return settings[:-1], findings, settings[-1]


def write(path, text="x\n", mode=0o644, when=1_700_000_000):
    path = os.fsencode(os.path.join(WORK, path))
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, mode)
    os.utime(path, (when, when))


def directory(path, mode=0o755):
    os.mkdir(os.path.join(WORK, path))
    os.chmod(os.path.join(WORK, path), mode)


def link(path, text):
    os.symlink(text, os.path.join(WORK, path))


def layers(httpd, off=False):
    """The two lines about the sandbox, which differ between the full build and the portable one."""
    if "portable" in httpd:
        return ["no: this build has no sandbox: build httpd for Linux, FreeBSD or OpenBSD without PORTABLE=1"] * 2
    sandbox = subprocess.run([httpd, "--sandbox=require", WORK], input=b"", capture_output=True, check=False, timeout=HANG)
    if sandbox.returncode != 0:
        left_out("--check where all layers of the sandbox hold", "this system has not all of them")
        return None
    return ["yes", "yes"]


def settings_of(httpd, name, **changed):
    files, calls = layers(httpd) or ["", ""]
    given_up = ", root and its groups given up" if os.geteuid() == 0 else ""
    lines = {
        "directory": name, "log": "standard error", "connection": "none; a supervisor gives it",
        "requests": "one on each connection; --keep-alive allows more",
        "request head": "must come within 20 seconds (--timeout)", "hosts": "all see the same files",
        "directories": "index.html, else 404", "served by": f"uid {SERVER}, gid {GROUP}{given_up}",
        "files confined": files, "calls confined": calls,
    }
    lines.update({key.replace("_", " "): value for key, value in changed.items()})
    return [f"{key}:".ljust(18) + value for key, value in lines.items()]


def make_one_of_each():
    """A file for each finding with the finding's line, and files without a finding."""
    root = "each"
    directory(root)
    expected = []

    def finding(name, text):
        expected.append(f"{root}/{name}: {text}")

    write(f"{root}/index.html")
    write(f"{root}/index.html.gz", when=1_700_000_000)
    write(f"{root}/index.html.br")
    write(f"{root}/archive.tar.gz")
    write(f"{root}/.well-known/security.txt")
    link(f"{root}/home.html", "index.html")
    link(f"{root}/sub", ".well-known")
    link(f"{root}/away", "https://example.org/")
    link(f"{root}/gone.html", "https://example.org/new#301")
    link(f"{root}/around", ".")

    write(f"{root}/private.txt", mode=0o640)
    finding("private.txt", "403: not everyone may read it: chmod o+r")
    write(f"{root}/nobody.txt", mode=0)
    finding("nobody.txt", "403: not everyone may read it: chmod o+r")
    write(f"{root}/group.txt", mode=0o640)
    os.chown(os.path.join(WORK, root, "group.txt"), -1, GROUP)
    finding("group.txt", "403: not everyone may read it: chmod o+r")
    link(f"{root}/to-private", "private.txt")
    # httpd runs as the owner of this file, who may not read it although all others may.
    write(f"{root}/denied.txt", mode=0o044)
    if os.geteuid() == 0:
        os.chown(os.path.join(WORK, root, "denied.txt"), SERVER, GROUP)
    finding("denied.txt", "403: its mode lets everyone read it, yet this account may not: look at its group, its ACL "
            "(getfacl) and at SELinux or AppArmor")
    directory(f"{root}/closed")
    write(f"{root}/closed/a.txt")
    os.chmod(os.path.join(WORK, root, "closed"), 0)
    finding("closed", "403 for all that is in it: this account may not enter the directory: chmod o+rx")
    directory(f"{root}/readable", 0o444)
    finding("readable", "403 for all that is in it: this account may not enter the directory: chmod o+rx")
    directory(f"{root}/drop", 0o111)
    finding("drop", "served, but not looked into: this account may enter the directory, not read it: chmod o+r to have it "
            "checked")
    write(f"{root}/.git/config")
    finding(".git", "404: a name that begins with a dot is hidden: rename it if it is to be seen, else keep it elsewhere")
    link(f"{root}/passwd", "/etc/passwd")
    absolute = "make it relative (ln -sr) and stay inside, or copy the file"
    finding("passwd", f"404: a link to an absolute path is not followed, to '/etc/passwd': {absolute}")
    inside = os.path.join(WORK, root, "index.html")
    link(f"{root}/absolute", inside)
    finding("absolute", f"404: a link to an absolute path is not followed, to '{inside}': {absolute}")
    directory(f"{root}/deep")
    link(f"{root}/deep/out", "../../outside.txt")
    write("outside.txt")
    finding("deep/out", "404: the link leads out of the site, to '../../outside.txt': make it relative (ln -sr) and stay "
            "inside, or copy the file")
    link(f"{root}/deep/nowhere", "../nothing")
    finding("deep/nowhere", "404: the link leads nowhere, to '../nothing': mend it or remove it")
    link(f"{root}/far", "HTTPS://example.org/" + "x" * 2048)
    link(f"{root}/circle", "circle")
    finding("circle", "404: the link leads in a circle, to 'circle': mend it or remove it")
    os.mkfifo(os.path.join(WORK, root, "fifo"))
    finding("fifo", "404: neither a file nor a directory: FIFO: remove it")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(os.path.join(WORK, root, "socket"))
    finding("socket", "404: neither a file nor a directory: socket: remove it")
    link(f"{root}/to-fifo", "fifo")
    finding("to-fifo", "404: neither a file nor a directory: FIFO: remove it")
    try:
        os.mknod(os.path.join(WORK, root, "null"), 0o020666, os.makedev(1, 3))
        finding("null", "404: neither a file nor a directory: device: remove it")
    except PermissionError:
        left_out("a device beneath ROOT", "only root can make one")
    write(f"{root}/style.css", when=1_700_000_001)
    for suffix in ("br", "gz", "zst"):
        write(f"{root}/style.css.{suffix}")
        finding(f"style.css.{suffix}", "not sent: older than its original: compress that anew, as with httpd-precompress")
    write(f"{root}/rolled-back.css", when=1_600_000_000)
    write(f"{root}/rolled-back.css.gz")
    finding("rolled-back.css.gz", "sent for its original, yet newer than that: after a rollback it holds another version: "
            "httpd-precompress --verify tells, and httpd-precompress mends it")
    write(f"{root}/lost.css.br")
    finding("lost.css.br", "sent under this very name only: there is no original 'lost.css': put that beside it, or remove "
            "this")
    write(f"{root}/\x1b[31m\nred\\", mode=0o640)
    finding(r"\x1b[31m\x0ared\x5c", "403: not everyone may read it: chmod o+r")
    # The file's owner can follow the link and sees the mode of its target; another account does not.
    if os.geteuid() == 0:
        finding("to-private", "403: its mode lets everyone read it, yet this account may not: look at its group, its ACL "
                "(getfacl) and at SELinux or AppArmor")
    else:
        finding("to-private", "403: not everyone may read it: chmod o+r")
    return expected


def test_one_of_each(httpd):
    done = run(httpd, "each")
    settings, findings, last = split(lines_of(done))
    if layers(httpd):
        same(settings, settings_of(httpd, "each"))
    same(findings, sorted(EACH))
    mend = len([line for line in EACH if ": 404: a name" not in line and ": sent " not in line])
    check(last == f"files:            17 in 6 directories and 3 redirects: {mend} to mend, 3 to know", last)
    check(done.returncode == 1, f"exit {done.returncode}")


def test_all_is_well(httpd):
    done = run(httpd, "--sandbox=off", "well")
    settings, findings, last = split(lines_of(done))
    expected = settings_of(httpd, "well") + ["sandbox:          neither is used (--sandbox=off)"]
    if layers(httpd):
        same(settings, expected)
    same(findings, ["well/.git: 404: a name that begins with a dot is hidden: rename it if it is to be seen, else keep it "
                    "elsewhere"])
    check(last == "files:            1 in 1 directory and 0 redirects: 0 to mend, 1 to know", last)
    check(done.returncode == 0, f"exit {done.returncode}")
    if layers(httpd):
        code = run(httpd, "well").returncode
        check(code == (1 if "portable" in httpd else 0), f"exit {code} with the sandbox")


def test_settings_in_words(httpd):
    done = run(httpd, "--sandbox=off", "--keep-alive", "--idle=1", "--timeout=1", "--proxy-protocol", "--client-address=X-Real-IP", "--listing", "--clean-urls",
               "--fallback=index.html", "--min-agent=8", "--deny-agent=bot\x1b", "--deny-agent=scraper",
               "--header=X-A: b", "--cache-control=*.css=max-age=1", "--cache-control=no-cache", "--log=none", "well/")
    settings, _, _ = split(lines_of(done))
    head = {"log": "none", "requests": "up to 100 on each connection (--keep-alive)",
            "request_head": "must come within 1 second (--timeout)",
            "directories": "index.html, else a list (--listing)"}
    expected = settings_of(httpd, "well/", **head)
    expected[4:4] = ["next request:     must begin within 1 second (--idle)"]
    expected[6:6] = ["PROXY header:     must come first on each connection (--proxy-protocol)",
                     "client address:   the last one in X-Real-IP; only the proxy may connect (--client-address)"]
    expected[10:10] = ["addresses:        without .html (--clean-urls)",
                     "not found:        index.html for pages, else 404 (--fallback)",
                     "User-Agent:       403 below 8 bytes (--min-agent)",
                     r"User-Agent:       403 with bot\x1b", "User-Agent:       403 with scraper",
                     "field:            X-A: b", "Cache-Control:    max-age=1 for *.css",
                     "Cache-Control:    no-cache for all files"]
    if layers(httpd):
        same(settings, expected + ["sandbox:          neither is used (--sandbox=off)"])
    check(done.returncode == 0, f"exit {done.returncode}")


def test_nothing_is_followed_and_much_is_counted(httpd):
    settings, findings, last = split(lines_of(run(httpd, "--sandbox=off", "hostile/")))
    check(settings[0] == "directory:        hostile/", settings[0])
    forbidden = [line for line in findings if line.startswith("hostile/many/")]
    check(len(forbidden) == 10, f"{len(forbidden)} of a kind are shown")
    check(all(re.fullmatch(r"hostile/many/\d+: 403: not everyone may read it: chmod o\+r", line) for line in forbidden), f"{forbidden}")
    nested = "hostile/" + "/".join(["d"] * 32)
    same([line for line in findings if line not in forbidden], [
        "and 3 more: 403: not everyone may read it: chmod o+r", f"{nested}: not looked into: too many directories below "
        "ROOT: run httpd --check on it"])
    check(last == "files:            14 in 34 directories and 0 redirects: 14 to mend, 0 to know", last)


def test_texts_of_any_length(httpd):
    text, glob = "\n" * 16000, "*" + "y" * 1000
    lines = lines_of(run(httpd, "--sandbox=off", f"--deny-agent={text}", f"--header=X: {'x' * 16000}",
                         f"--cache-control={glob}=no-cache", "well"))
    for line in (f"User-Agent:       403 with {text}".replace("\n", "\\x0a"), f"field:            X: {'x' * 16000}",
                 f"Cache-Control:    no-cache for {glob}"):
        check(line in lines, f"{line[:60]} is missing or cut")


def test_a_small_stack(httpd):
    """A stack of 256 KiB is enough for a site of any depth. In the portable build the walk keeps its paths there: 320
    KiB."""
    limit = 320 if "portable" in httpd else 256
    for site in ("hostile/", "each", "long", "clean", "hosts"):
        options = ["--sandbox=off", "--clean-urls"] + ["--vhosts"] * (site == "hosts")
        done = subprocess.run(["sh", "-c", f'ulimit -s {limit}; exec "$0" --check "$@"', httpd, *options, site], cwd=WORK, env={},
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG, check=False)
        check(done.returncode in (0, 1), f"{site}: exit {done.returncode}")
        same(lines_of(done), lines_of(run(httpd, *options, site)))


def test_a_path_that_is_too_long(httpd):
    _, findings, last = split(lines_of(run(httpd, "--sandbox=off", "long")))
    inside = "long" + ("/" + "n" * 250) * 16
    same(findings, [f"{inside}: 404: the name is too long, with those of its directories '{'n' * 100}': shorten them"])
    check(last == "files:            1 in 17 directories and 0 redirects: 1 to mend, 0 to know", last)


def test_a_front_page_that_is_a_directory(httpd):
    os.makedirs(os.path.join(WORK, "front/index.html"), exist_ok=True)
    for name in "front", "front/index.html":
        os.chmod(os.path.join(WORK, name), 0o755)
    findings = split(lines_of(run(httpd, "--sandbox=off", "front")))[1]
    same(findings, ["front: 404 for its front page: no index.html: make one, or use --listing"])


def test_front_page_and_fallback(httpd):
    done = run(httpd, "--sandbox=off", "bare")
    _, findings, _ = split(lines_of(done))
    same(findings, ["bare: 404 for its front page: no index.html: make one, or use --listing"])
    check(done.returncode == 1, f"exit {done.returncode}")
    same(split(lines_of(run(httpd, "--sandbox=off", "away")))[1], [])
    for option in ("--listing", "--fallback=page.html"):
        done = run(httpd, "--sandbox=off", option, "bare")
        same(split(lines_of(done))[1], [])
        check(done.returncode == 0, f"{option}: exit {done.returncode}")
    for name in ("none.html", "private.html", "dir"):
        done = run(httpd, "--sandbox=off", f"--fallback={name}", "fallback")
        findings = [line for line in split(lines_of(done))[1] if "--fallback" in line]
        same(findings, ["fallback: 404 instead of --fallback: there is no file for everyone to read named "
                        f"'{name}': make it, or name another"])
        check(done.returncode == 1, f"{name}: exit {done.returncode}")


def test_clean_urls(httpd):
    same(split(lines_of(run(httpd, "--sandbox=off", "clean")))[1], [])
    done = run(httpd, "--sandbox=off", "--clean-urls", "clean")
    why = "sent under this very name only: a file or a directory has the name without .html: rename one of them"
    same(split(lines_of(done))[1], [f"clean/deep/twin.html: {why}", f"clean/docs.html: {why}"])
    check(done.returncode == 0, f"exit {done.returncode}")


def test_a_listing_of_a_private_directory(httpd):
    done = run(httpd, "--sandbox=off", "--listing", "listed")
    _, findings, _ = split(lines_of(done))
    same(findings, ["listed/private: 403: not everyone may read it: chmod o+r"])
    check(done.returncode == 1, f"exit {done.returncode}")


def test_vhosts(httpd):
    done = run(httpd, "--sandbox=off", "--vhosts", "hosts")
    settings, findings, last = split(lines_of(done))
    check("hosts:            one directory for each (--vhosts)" in settings, f"{settings}")
    same(findings, sorted([
        "hosts/Example.net: 404: no host has this name: write it in small letters, without a port",
        "hosts/a b: 404: no host has this name: write it in small letters, without a port",
        "hosts/readme.txt: 404: with --vhosts there is one directory for each host here: move it into one of them",
        "hosts/default: 404 for its front page: no index.html: make one, or use --listing",
        "hosts/example.org/other: 404: the link leads out of the site, to '../default/a.txt': make it relative (ln -sr) and "
        "stay inside, or copy the file",
        "hosts/example.org/secret: 403: not everyone may read it: chmod o+r"]))
    check(last == "files:            3 in 3 directories and 0 redirects: 6 to mend, 0 to know", last)
    check(done.returncode == 1, f"exit {done.returncode}")


def test_a_root_that_cannot_be_read(httpd):
    if os.geteuid() != 0:
        left_out("a ROOT that only root may open", "the tests do not run as root")
        return
    for mode, text in [(0o700, "403 for all that is in it: this account may not enter the directory: chmod o+rx"),
                       (0o711, "served, but not looked into: this account may enter the directory, not read it: chmod o+r to "
                               "have it checked")]:
        os.chmod(os.path.join(WORK, "locked"), mode)
        done = run(httpd, "--sandbox=off", "locked")
        same(split(lines_of(done))[1], [f"locked: {text}"])
        check(done.returncode == 1, f"exit {done.returncode}")


def test_the_way_to_root(httpd):
    """Root can enter every directory. So --check reads the modes to tell which ones the account of a unit cannot enter."""
    if os.geteuid() != 0:
        left_out("directories above ROOT that only root may enter", "the tests do not run as root")
        return
    cure = "a unit with User= will answer 503: chmod o+x"
    inner, outer = (os.path.join(WORK, name) for name in ("home/alice", "home"))
    for modes, options, expected in [
        ((0o755, 0o700), [], [f"{inner}: only its owner may enter; {cure}"]),
        ((0o755, 0o750), [], [f"{inner}: only its owner and group may enter; {cure}"]),
        ((0o700, 0o710), [], [f"{outer}: only its owner may enter; {cure}", f"{inner}: only its owner and group may enter; {cure}"]),
        ((0o755, 0o711), [], []), ((0o755, 0o750), [f"--user={SERVER}:{GROUP}"], []),
        ((0o755, 0o700), [f"--user={SERVER}:{GROUP}"], [f"{inner}: only its owner may enter; {cure}"]),
        ((0o755, 0o750), ["--user=2:2"], [f"{inner}: only its owner and group may enter; {cure}"]),
        ((0o755, 0o700), ["--user=1:1"], []), ((0o755, 0o070), [f"--user=1:{GROUP}"], [f"{inner}: only its owner and group may enter; {cure}"]),
    ]:
        for name, mode in zip((outer, inner), modes):
            os.chmod(name, mode)
        os.chown(inner, 1, GROUP)
        for site in ("home/alice/site", "to-site"):
            done = run(httpd, "--sandbox=off", *options, site)
            seen = [line[18:] for line in lines_of(done) if line.startswith("above it: ")]
            check(seen == expected, f"{site} {modes} {options}: {seen}")
            check(done.returncode == (1 if expected else 0), f"{site} {modes} {options}: exit {done.returncode}")


def test_the_way_through_links(httpd):
    """The account follows the path as it is written: each directory with a link in it counts, and ROOT has to be
    readable."""
    if os.geteuid() != 0:
        left_out("the way to ROOT through links", "the tests do not run as root")
        return
    def place(name):
        return os.path.join(WORK, "way", name)
    for name in ("bob", "inner", "inner/deep", "inner/deep/site"):
        os.makedirs(place(name), exist_ok=True)
        os.chmod(place(name), 0o755)
    write("way/inner/deep/site/index.html")
    for name, text in (("bob/site", place("inner/deep/site")), ("bob/relative", "../inner/deep/site"), ("bob/twice", "relative"),
                       ("bob/on", "../inner"), ("bob/around", "around")):
        link(f"way/{name}", text) if not os.path.islink(place(name)) else None
    enter, read = (f"only its owner may {right}; a unit with User= will answer 503: chmod o+{mode}" for right, mode in
                   (("enter", "x"), ("read it", "r")))
    for site in ("bob/site", "bob/relative", "bob/twice", "bob/on/deep/site", "bob/on/../inner/deep/site/", "bob/../bob/./site"):
        for shut, mode in (("bob", 0o700), ("bob", 0o744), ("inner/deep", 0o700), ("", 0)):
            if shut:
                os.chmod(place(shut), mode)
            for path in (place(site), f"way/{site}"):
                done = run(httpd, "--sandbox=off", path)
                seen = [line for line in lines_of(done) if line.startswith(("above it: ", "itself: "))]
                expected = [f"above it:         {place(shut)}: {enter}"] if shut else []
                check(seen == expected and done.returncode == (1 if shut else 0), f"{path} {shut}: {seen} {done.returncode}")
            if shut:
                os.chmod(place(shut), 0o755)
    deep = "/".join(["shut"] * 20)
    os.makedirs(place(deep), exist_ok=True)
    for count in range(1, 20):
        os.chmod(place("/".join(["shut"] * count)), 0o700)
    seen = [line for line in lines_of(run(httpd, "--sandbox=off", place(deep))) if line.startswith("above it: ")]
    expected = [f"above it:         {place('/'.join(['shut'] * count))}: {enter}" for count in range(1, 17)]
    check(seen == expected + ["above it:         there may be more; run --check again when these can be entered"], f"deep: {seen}")
    for mode, expected in ((0o711, [f"itself:           way/bob/site: {read}"]), (0o755, [])):
        os.chmod(place("inner/deep/site"), mode)
        seen = [line for line in lines_of(run(httpd, "--sandbox=off", "way/bob/site")) if line.startswith(("above it: ", "itself: "))]
        check(seen == expected, f"{mode:o}: {seen}")


def connection_line(httpd, **more):
    done = run(httpd, "--sandbox=off", "well", **more)
    return done.returncode, next(line for line in lines_of(done) if line.startswith("connection: "))[18:]


def test_connections(httpd):
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    accepted = listener.accept()[0]
    datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    unix, other = socket.socketpair()
    read, written = os.pipe()
    terminals = ()
    try:
        terminals = os.openpty()
    except OSError as error:  # a chroot without devpts
        left_out("--check with a terminal on standard input", f"there is none to be had: {error.strerror}")
    for stdin, code, text in [
        *((terminal, 0, "none; a supervisor gives it") for terminal in terminals[1:]),
        (accepted, 0, "a stream socket, as it should be"),
        (unix, 0, "a stream socket, as it should be"),
        (listener, 1, "a listening socket, and httpd serves accepted ones: set Accept=yes in the socket unit, or 'nowait' "
                      "in inetd.conf"),
        (datagram, 1, "a socket without a stream: say ListenStream= in the socket unit, or 'stream tcp' in inetd.conf"),
        (subprocess.DEVNULL, 0, "none; a supervisor gives it"),
        (read, 0, "a file or pipe, for trying out"),
    ]:
        seen = connection_line(httpd, stdin=stdin)
        check(seen == (code, text), f"{stdin}: {seen}")
    for end in (listener, client, accepted, datagram, unix, other):
        end.close()
    for fd in (*terminals, read, written):
        os.close(fd)


def test_the_connection_that_systemd_passes(httpd):
    ours, theirs = socket.socketpair()
    script = 'exec 3<&0 </dev/null; exec env LISTEN_PID=$$ LISTEN_FDS=1 "$0" --check --sandbox=off well'
    done = subprocess.run(["sh", "-c", script, httpd], stdin=theirs, capture_output=True, cwd=WORK, timeout=HANG, check=False)
    ours.close()
    theirs.close()
    check("connection:       a stream socket, as it should be" in lines_of(done), f"{done.stdout!r}")
    check(done.returncode == 0, f"exit {done.returncode}")


def test_logs(httpd):
    write("there.log", mode=0o600)
    if not os.path.lexists(os.path.join(WORK, "dangling.log")):
        link("dangling.log", "no/such/log")
        link("link.log", "there.log")
        os.mkfifo(os.path.join(WORK, "fifo.log"))
    syslog = ("syslog", 0, "syslog")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        if "portable" not in httpd and (error := sock.connect_ex("/dev/log")) != 0:
            syslog = ("syslog", 1, f"syslog: {os.strerror(error)}; start a daemon that reads /dev/log, and in a unit let "
                                   "RestrictAddressFamilies= have AF_UNIX")
    cure = "name a file that the account httpd runs as may append to"
    followed = os.geteuid() != 0  # root follows no link to its log
    refused = f"it is a symbolic link, which httpd does not follow when it is started as root; {cure}"
    dangling = f"No such file or directory; {cure}" if followed else refused
    for log, code, text in [
        ("stderr", 0, "standard error"), syslog, ("none", 0, "none"), ("new.log", 0, "new.log"),
        ("there.log", 0, "there.log"),
        ("no/such/log", 1, f"no/such/log: No such file or directory; {cure}"), ("well", 1, f"well: Is a directory; {cure}"),
        ("dangling.log", 1, f"dangling.log: {dangling}"),
        ("link.log", 0, "link.log") if followed else ("link.log", 1, f"link.log: {refused}"),
        ("fifo.log", 1, f"fifo.log: it is a FIFO that no process reads, or a socket; {cure}"),
    ]:
        done = run(httpd, "--sandbox=off", f"--log={log}", "well")
        line = next(line for line in lines_of(done) if line.startswith("log: "))
        check((done.returncode, line[18:]) == (code, text), f"{log}: {done.returncode} {line}")
    check(not os.path.exists(os.path.join(WORK, "new.log")), "--check made the log, which whoever serves could not write")
    with open(os.path.join(WORK, "there.log"), encoding="ascii") as file:
        check(file.read() == "x\n", "--check wrote to the log")


def test_the_log_where_standard_error_is_the_connection(httpd):
    ours, theirs = socket.socketpair()
    subprocess.run([httpd, "--check", "--sandbox=off", "well"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=WORK,
                   env={}, timeout=HANG, check=True)
    theirs.close()
    said = b""
    while part := ours.recv(65536):
        said += part
    ours.close()
    check(b"\nlog:              syslog\n" in said, f"{said!r}")


def test_nobody_reads(httpd):
    with open("/dev/full", "w", encoding="ascii") as full:
        check(run(httpd, "--sandbox=off", "each", stdout=full).returncode == 1, "exit")
        check(run(httpd, "--sandbox=off", "well", stdout=full).returncode == 1, "exit where all is well")


def make_sites():
    write("well/index.html")
    write("well/.git")
    for n in range(13):
        write(f"hostile/many/{n}", mode=0o600)
    write("hostile/index.html")
    os.makedirs(os.path.join(WORK, "hostile/" + "/".join(["d"] * 34)))
    link("hostile/" + "/".join(["d"] * 5) + "/up", "../../../../..")
    write("home/alice/site/index.html")
    link("to-site", "home/alice/site")
    write("bare/page.html")
    for page in ("index.html", "about.html", "blog.html", "blog/first.html", "docs.html", "docs/index.html", "deep/twin",
                 "deep/twin.html", "deep/index.html", "deep/index"):
        write(f"clean/{page}")
    directory("away")
    link("away/index.html", "https://example.org/")
    write("fallback/private.html", mode=0o640)
    write("fallback/dir/index.html")
    write("listed/index.html")
    directory("listed/private", 0o751)
    os.chown(os.path.join(WORK, "listed/private"), -1, GROUP)
    directory("listed/page", 0o755)
    write("listed/page/index.html")
    write("hosts/example.org/index.html")
    write("hosts/example.org/secret", mode=0o600)
    link("hosts/example.org/other", "../default/a.txt")
    write("hosts/default/a.txt")
    write("hosts/Example.net/index.html")
    write("hosts/a b/index.html")
    write("hosts/readme.txt")
    link("hosts/www.example.org", "example.org")
    write("locked/index.html")
    write("long/index.html")
    here = os.getcwd()
    os.chdir(os.path.join(WORK, "long"))
    for _ in range(16):
        os.mkdir("n" * 250)
        os.chdir("n" * 250)
    with open("n" * 100, "w", encoding="ascii"):
        pass
    os.chdir(here)


os.umask(0o022)
with tempfile.TemporaryDirectory() as WORK:
    os.chmod(WORK, 0o755)
    EACH = make_one_of_each()
    make_sites()
    STATUS = run_tests(globals())
    for closed in ("each/closed", "each/readable", "each/drop"):
        os.chmod(os.path.join(WORK, closed), 0o755)
sys.exit(STATUS)
