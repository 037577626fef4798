#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""httpd-precompress: what it makes, what it verifies, and how others try to mislead it: tests/e2e/precompress.py [SCRIPT]"""
import gzip
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPT = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(TOP, "src", "tools", "httpd-precompress")
NOBODY = 65534
TEXT = b"a line of text that can be packed well\n" * 200
counts = [0, 0]


def check(name, condition, *seen):
    counts[not condition] += 1
    if not condition:
        print("not ok", name, *(f"\n    {str(s)[:1500]}" for s in seen))


def write(path, data=TEXT, mode=0o644, when=1_700_000_000):
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)
    os.utime(path, ns=(when * 10**9 + 123_456_789,) * 2)
    return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


def run(*arguments, path=None, user=None, script=SCRIPT):
    """Exit status, lines of standard output, standard error. The umask would let everybody read the new files."""
    done = subprocess.run([SHELL, script, *arguments], capture_output=True, cwd=WORK, user=user, umask=0, check=False,
                          timeout=300 * int(os.environ.get("PACE", "1")), env={**os.environ, "PATH": path or os.environ["PATH"]})
    return done.returncode, done.stdout.decode(errors="replace").splitlines(), done.stderr.decode(errors="replace")


def nothing_to_say(name, *arguments):
    seen = run(*arguments)
    check(name, seen == (0, [], ""), seen)


def tree(site):
    """All names beneath the site."""
    return sorted(os.path.relpath(os.path.join(at, name), site) for at, dirs, names in os.walk(site) for name in names + dirs)


def tool_in_between(name, script):
    """A PATH in which a compressor runs a script first."""
    place = tempfile.mkdtemp(dir=WORK)
    os.chmod(place, 0o755)
    path = os.path.join(place, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\n{script}\nexec {shutil.which(name)} \"$@\"\n")
    os.chmod(path, 0o755)
    return f"{place}:{os.environ['PATH']}"


def test_makes(site):
    write(f"{site}/a.css")
    write(f"{site}/d/b\nc.html")
    write(f"{site}/-n.js")
    write(f"{site}/tiny.txt", b"x")
    write(f"{site}/photo.jpg")
    write(f"{site}/private.txt", mode=0o640)
    write(f"{site}/.git/config.txt")
    write(f"{site}/.well-known/security.txt")
    os.symlink("a.css", f"{site}/link.css")
    code, said, wrong = run(site)
    made = [f"{name}.{suffix}" for name in ("-n.js", ".well-known/security.txt", "a.css", "d/b\nc.html", "private.txt")
            for suffix in SUFFIXES]
    check("makes: exit 0 and nothing to complain of", (code, wrong) == (0, ""), code, wrong)
    check("makes: prints each that it kept, and no other", sorted(said) == sorted(f"{site}/{name}".replace("\n", "?")
                                                                                   for name in made), said)
    check("makes: siblings of text", [n for n in tree(site) if n.endswith(tuple(SUFFIXES))] == sorted(made), tree(site))
    check("makes: nothing else is left", len(tree(site)) == len(made) + 13 - 1, tree(site))
    check("makes: with the original's time", all(os.stat(f"{site}/{n}").st_mtime_ns == 1_700_000_000_123_456_789 for n in made))
    check("makes: readable where the original is", os.stat(f"{site}/a.css.gz").st_mode & 0o777 == 0o644)
    check("makes: and for nobody else where it is not", os.stat(f"{site}/private.txt.gz").st_mode & 0o777 == 0o600)
    check("makes: what it is", gzip.decompress(read(f"{site}/a.css.gz")) == TEXT)
    nothing_to_say("makes: nothing the second time", site)
    nothing_to_say("makes: and all of it is verified", "--verify", site)


def test_fresh(site):
    for name, of_sibling, content in (("older.txt", 1_600_000_000, b"other\n" * 50), ("second.txt", 1_700_000_000, TEXT),
                                      ("newer.txt", 1_700_000_100, TEXT), ("rollback.txt", 1_700_000_100, b"secret\n" * 50)):
        write(f"{site}/{name}")
        write(f"{site}/{name}.gz", gzip.compress(content), when=of_sibling)
    os.utime(f"{site}/second.txt.gz", (1_700_000_000, 1_700_000_000))
    kept = {name: os.stat(f"{site}/{name}.txt.gz").st_ino for name in ("second", "newer")}
    code, said, wrong = run(site)
    check("fresh: exit 0", code == 0, code, wrong)
    renewed = sorted(line for line in said if line.endswith(".gz"))
    check("fresh: the older one and the one of another version are renewed", renewed ==
          [f"{site}/older.txt.gz", f"{site}/rollback.txt.gz"], said)
    check("fresh: with the right content", gzip.decompress(read(f"{site}/rollback.txt.gz")) == TEXT)
    check("fresh: the others are as they were", all(os.stat(f"{site}/{n}.txt.gz").st_ino == kept[n] for n in kept))
    write(f"{site}/small.txt", b"x", when=1_700_000_050)
    write(f"{site}/small.txt.gz", b"stale", when=1_700_000_000)
    write(f"{site}/wrong.txt", b"x")
    write(f"{site}/wrong.txt.gz", gzip.compress(b"secret"), when=1_700_000_100)
    run(site)
    check("fresh: what httpd does not send is not removed", read(f"{site}/small.txt.gz") == b"stale")
    check("fresh: what it would send is right, though it is no smaller", gzip.decompress(read(f"{site}/wrong.txt.gz")) == b"x")


def test_rights(site):
    """Who may read the original has changed since the siblings were made."""
    def modes(name):
        return [oct(os.stat(f"{site}/{name}.{suffix}").st_mode & 0o777) for suffix in SUFFIXES]

    write(f"{site}/withdrawn.css")
    write(f"{site}/published.css", mode=0o600)
    run(site)
    write(f"{site}/stale.txt", b"x", mode=0o600)  # a sibling would be larger
    write(f"{site}/stale.txt.gz", gzip.compress(b"x"), when=1_600_000_000)
    os.chmod(f"{site}/withdrawn.css", 0o600)
    os.chmod(f"{site}/published.css", 0o644)
    code, said, wrong = run("--verify", site)
    public = sorted(f"{site}/{name}" for name in ["stale.txt.gz", *(f"withdrawn.css.{suffix}" for suffix in SUFFIXES)])
    check("rights: --verify names what everybody may read", code == 1 and wrong == "" and sorted(said) ==
          [f"{name}: everybody may read it, but not its original: chmod o-r, or remove it" for name in public], code, said, wrong)
    code, said, wrong = run(site)
    check("rights: exit 0", (code, wrong) == (0, ""), code, wrong)
    check("rights: no sibling of a private file is public", modes("withdrawn.css") == ["0o600"] * len(SUFFIXES) and
          os.stat(f"{site}/stale.txt.gz").st_mode & 0o777 == 0o600, modes("withdrawn.css"), said)
    check("rights: the siblings of a public file are", modes("published.css") == ["0o644"] * len(SUFFIXES), modes("published.css"), said)
    nothing_to_say("rights: nothing is left to do", site)
    nothing_to_say("rights: nothing is left to complain of", "--verify", site)
    os.chmod(f"{site}/withdrawn.css.gz", 0o644)
    bare = tempfile.mkdtemp(dir=WORK)
    for name in filter(shutil.which, ("sh", "id", "find", "head", "stat", "tr", "printf", "cmp", "zstd", "brotli", "mktemp", "touch", "wc", "chmod",
                                      "mv", "rm")):
        os.symlink(shutil.which(name), f"{bare}/{name}")
    if len(SUFFIXES) > 1:
        code, said, wrong = run(site, path=bare)
        check("rights: without the tool it is named", code == 1 and said == [] and wrong ==
              f"httpd-precompress: {site}/withdrawn.css.gz: everybody may read it, but not its original: chmod o-r, or remove it\n",
              code, said, wrong)


def test_verify(site):
    write(f"{site}/good.dat")
    write(f"{site}/good.dat.gz", gzip.compress(TEXT))
    write(f"{site}/cut.txt")
    write(f"{site}/cut.txt.gz", gzip.compress(TEXT)[:-6])
    write(f"{site}/other.txt")
    write(f"{site}/other.txt.gz", gzip.compress(TEXT + b"x"))
    write(f"{site}/n\nl/junk.txt")
    write(f"{site}/n\nl/junk.txt.br", b"no brotli")
    before = tree(site)
    code, said, wrong = run("--verify", site)
    expected = [f"{site}/cut.txt.gz", f"{site}/n?l/junk.txt.br", f"{site}/other.txt.gz"]
    if "br" not in SUFFIXES:
        check("verify: what cannot be verified is said", "not verified, as brotli is not installed" in wrong, wrong)
        del expected[1]
    check("verify: exit 1, and the names", code == 1 and sorted(said) ==
          [f"{name}: does not hold its original: compress that anew, or remove this" for name in expected], code, said, wrong)
    check("verify: nothing is made", tree(site) == before)


def test_links(site):
    """A symlink with a predictable name leads to the file of another account."""
    victim = write(f"{site}-victim", b"root:x:0:0\n")
    write(f"{site}/evil/x.css")
    for name in ("x.css.gz.new", "x.css.br.new", "x.css.zst.new"):
        os.symlink("../../" + os.path.basename(victim), f"{site}/evil/{name}")
    os.symlink("../../" + os.path.basename(victim), f"{site}/evil/x.css.gz")
    code, _, wrong = run(site)
    check("links: the file behind them is as it was", read(victim) == b"root:x:0:0\n", read(victim)[:20])
    check("links: a sibling that is one is left alone, and named", code == 1 and "evil/x.css.gz: it is a directory or a link" in
          wrong and os.path.islink(f"{site}/evil/x.css.gz"), code, wrong)
    nothing_to_say("links: --verify follows none", "--verify", site)


def test_names(site):
    """A line end in the name of a directory must not change the path."""
    outside = f"{site}-outside"
    write(f"{outside}/secret.txt")
    write(f"{outside}/secret.txt.gz", b"theirs", when=1)
    for suffix in SUFFIXES:
        write(f"{site}/a.{suffix}")
    write(f"{site}/a\n{outside}/secret.txt")
    run(site)
    check("names: nothing is written elsewhere", tree(outside) == ["secret.txt", "secret.txt.gz"] and
          read(f"{outside}/secret.txt.gz") == b"theirs", tree(outside))
    check("names: but beside the file", os.path.exists(f"{site}/a\n{outside}/secret.txt.gz"), tree(site))


def test_others(site):
    """Directories in which another account can make names."""
    write(f"{site}/d/x.css")
    cases = [("everybody may write there", 0, 0o777), ("with the sticky bit too", 0, 0o1777)]
    if os.geteuid() == 0:
        cases += [("a group may, and root runs it", 0, 0o775), ("another account owns it", NOBODY, 0o755)]
    for what, owner, mode in cases:
        if os.geteuid() == 0:
            os.chown(f"{site}/d", owner, owner)
        os.chmod(f"{site}/d", mode)
        code, said, wrong = run(site)
        check(f"others: {what}: refused, with a cure", code == 77 and said == [] and f"{site}/d: another account" in wrong and
              "runuser" in wrong and tree(site) == ["d", "d/x.css"], code, said, wrong)
    os.chmod(f"{site}/d", 0o755)
    if os.geteuid() == 0:
        os.chown(site, NOBODY, NOBODY)
        copy = shutil.copy(SCRIPT, WORK)  # which that account may read, wherever this tree is
        code, said, wrong = run(site, user=NOBODY, path=os.defpath, script=copy)
        os.remove(copy)
        count = sum(shutil.which(tool, path=os.defpath) is not None for tool in ("gzip", "brotli", "zstd"))
        check("others: the owner itself may", (code, len(said), wrong) == (0, count, ""), code, said, wrong)


def test_meanwhile(site):
    """While the original is compressed, only its owner can read the temporary file, whatever the umask is."""
    write(f"{site}/private.csv", mode=0o600)
    seen = f"{site}-seen"
    code, said, wrong = run(site, path=tool_in_between("gzip", f"find '{site}' ! -name private.csv -mindepth 1 "
                                                               f"-printf '%M %y %P\\n' >>'{seen}'"))
    lines = read(seen).decode().splitlines()
    check("meanwhile: it works", (code, wrong, len(said)) == (0, "", len(SUFFIXES)), code, wrong)
    check("meanwhile: hidden, and for this account alone", len(lines) > 1 and all(
        line.split()[2].startswith(".") and line[4:10] == "------" for line in lines), lines)
    for when in "now", "2001-01-01":
        write(f"{site}/new.txt", when=1_700_000_000)
        code, said, wrong = run(site, path=tool_in_between("gzip", f"touch -d {when} '{site}/new.txt'"))
        check(f"meanwhile: an original that is changed ({when}) gets no sibling", code == 1 and "changed meanwhile" in wrong and
              not os.path.exists(f"{site}/new.txt.gz"), code, said, wrong)
        for suffix in SUFFIXES:
            if os.path.exists(f"{site}/new.txt.{suffix}"):
                os.remove(f"{site}/new.txt.{suffix}")
    code, said, wrong = run(site, path=tool_in_between("gzip", "exit 1"))
    check("meanwhile: a tool that fails leaves nothing", code == 1 and "new.txt.gz: it cannot be made" in wrong and
          not [name for name in tree(site) if "precompress-" in name], code, said, wrong)


def test_command_line(site):
    write(f"{site}/a.txt")
    for arguments, code, text in (([], 64, "usage"), (["--nonsense", site], 64, "no option '--nonsense'"), ([site, site], 64, "usage"), (["--", site, site], 64, "usage"),
                                  ([f"{site}/none"], 66, "is no directory"), ([f"{site}/a.txt"], 66, "is no directory")):
        seen = run(*arguments)
        check(f"command line: {arguments}", seen[0] == code and text in seen[2] and seen[1] == [] and
              seen[2].startswith("httpd-precompress: "), seen)
    write(f"{site}/-d/a.txt")
    done = subprocess.run([SHELL, SCRIPT, "--", "-d"], capture_output=True, cwd=site, check=False)
    check("command line: a directory behind --", done.returncode == 0 and done.stdout.startswith(b"-d/a.txt."), done)
    write(f"{site}/here/pages/a.txt")
    write(f"{site}/there/pages/a.txt")
    done = subprocess.run([SHELL, SCRIPT, "pages"], capture_output=True, cwd=f"{site}/here", check=False,
                          env={**os.environ, "CDPATH": f"{site}/there"})
    check("command line: CDPATH leads nowhere", done.returncode == 0 and tree(f"{site}/there/pages") == ["a.txt"] and
          len(tree(f"{site}/here/pages")) > 1, done, tree(site))
    code, said, _ = run("--help")
    check("command line: --help", code == 0 and "[--verify]" in said[0], code, said)
    bare = tempfile.mkdtemp(dir=WORK)
    for name in filter(shutil.which, ("sh", "id", "find", "head", "stat", "tr", "printf")):
        os.symlink(shutil.which(name), f"{bare}/{name}")
    seen = run(site, path=bare)
    check("command line: without any tool", seen[0] == 69 and "none of gzip, brotli and zstd" in seen[2], seen)


SHELL = os.path.realpath(shutil.which("sh"))
SUFFIXES = [suffix for tool, suffix in (("gzip", "gz"), ("brotli", "br"), ("zstd", "zst")) if shutil.which(tool)]
for tool in "brotli", "zstd":
    if not shutil.which(tool):
        print(f"left out: siblings made by {tool} ({tool} is missing; install {tool})")
os.umask(0o022)
with tempfile.TemporaryDirectory() as WORK:
    os.chmod(WORK, 0o755)
    for test_name, test in [item for item in globals().items() if item[0].startswith("test_")]:
        place = os.path.join(WORK, test_name[5:])
        os.mkdir(place)
        test(place)
print(f"{counts[0]} passed, {counts[1]} failed")
sys.exit(counts[1] != 0)
