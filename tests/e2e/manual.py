#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""--help, the manuals and the program have the same options, with the same arguments and defaults; the
manuals have the sections that people look for; and their examples do what they show. Those of httpd-status(8) want a
booted systemd: systemd/status-check runs them."""
import os
import pty
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import machine
from machine import HANG, left_out

SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES", "SEE ALSO", "CAVEATS",
            "SECURITY CONSIDERATIONS"]
OWN_SECTIONS = ["SYSTEMD UNITS", "DIAGNOSTICS"]  # of httpd.8
NUMBERS = {"idle": "IDLE_SECONDS", "keep-alive": "REQUESTS_DEFAULT", "timeout": "HEAD_SECONDS", "user": "NOBODY_ID"}  # of src/base/bounds.h, for defaults
SCREEN = 24  # lines that --help may have; whoever raises it says why in the commit


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def plain(text):
    """The text without the markup of mdoc."""
    return text.replace("\\e", "\\").replace("\\&", "").replace("\\-", "-")


def section(page, name):
    return re.search(r"^\.Sh %s\n(.*?)(?=^\.Sh |\Z)" % name, page, re.M | re.S).group(1)


def examples(page):
    """The blocks of EXAMPLES: the command, and the lines of its output."""
    found = []
    for block in re.findall(r"^\.Bd [^\n]*\n(.*?)^\.Ed$", section(page, "EXAMPLES"), re.M | re.S):
        command, _, shown = plain(block).replace("\\\n    ", "").partition("\n")
        if not command.startswith("$ "):
            command, shown = plain(block), ""
        found.append((command.removeprefix("$ ").rstrip("\n"), shown.splitlines()))
    return found


def masked(line):
    """The line without dates, sizes and other parts that change from run to run."""
    for pattern in (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", r"\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000",
                    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", r'(?<=ETag: ")[-0-9a-f]+', r"(?<=Content-Length: )\d+",
                    r"(?<=Child )\d+", r"(?<=curl/)[.0-9]+", r"(?<=127.0.0.1:)\d+", r"[.0-9]+(?=/s)",
                    r"(?<=in the busiest )[.0-9]+ m?s", r"[.0-9]+ [KM]iB", r"^ *\d+(?=   (accepted|refused)$)"):
        line = re.sub(pattern, "…", line)
    return line


def shows(got, shown):
    """Whether the output has these lines; "..." stands for any number of lines."""
    pattern = "".join(r"(.*\n)*" if line == "..." else re.escape(masked(line)) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(masked(line) + "\n" for line in got)) is not None


def form(argument):
    """The form of an argument: [=N], =TEXT, without regard to case and quotes."""
    return re.sub(r"['\s]", "", argument).upper()


def mdoc_options(page, macro):
    """The options in lines with this macro, with their arguments: ".It Fl -log Ns = Ns Ar where"."""
    found = {}
    for name, rest in re.findall(r"^\.%s Fl -([a-z-]+)(.*)$" % macro, page, re.M):
        rest = re.sub(r"\bOo\b|\bOp\b", "[", rest)
        closes = rest.count("[") - len(re.findall(r"\bOc\b", rest))
        rest = re.sub(r"\bOc\b", "]", rest)
        found[name] = form(re.sub(r"\b(Ns|Ar)\b", "", rest)) + "]" * closes
    return found


def mdoc_defaults(page):
    found = {}
    for item in re.split(r"^\.It ", section(page, "DESCRIPTION"), flags=re.M)[1:]:
        name = re.match(r"Fl -([a-z-]+)", item)
        text = re.sub(r"^\.(Cm|Ql) ", "", item, flags=re.M).replace("\n", " ")
        default = re.search(r"default is ([\w.]*\w)", text)
        if name and default:
            found[name.group(1)] = default.group(1)
    return found


def help_options(text):
    found, defaults = {}, {}
    for name, argument, said in re.findall(r"^  (?:-[a-z], )?--([a-z-]+)(\[?=(?:'[^']*'|\S+))? +(.*(?:\n {10,}.*)*)", text, re.M):
        found[name] = form(argument)
        default = re.search(r"\(default ([\w.]+)\)", said)
        if default:
            defaults[name] = default.group(1)
    return found, defaults


def kind_of(name):
    """The argument of an option in httpd: "" for none, "=" for a required one, "[" for an optional one, "?" for an
    unknown option."""
    def complaint(argument):
        done = subprocess.run(["build/httpd", argument], stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG, check=False)
        return done.stderr.decode()
    if "there is none of that name" in complaint("--" + name):
        return "?"
    if "takes no value" in complaint("--%s=" % name):
        return ""
    return "=" if "its value is missing" in complaint("--" + name) else "["


def program_options(in_help):
    """Whether each option takes a value, for both programs. httpd itself is asked; for httpd-status the parser's table
    is read."""
    return ({name: kind_of(name) for name in in_help},
            {name: "=" if own == "NULL" else "" for name, own in re.findall(r'\{"--([a-z]+)", &given->\w+, (\w*)', read("src/status/settings.c"))})


class Tests:
    def __init__(self):
        self.passed = self.failed = 0

    def ok(self, condition, what):
        if condition:
            self.passed += 1
        else:
            self.failed += 1
            print("not ok " + what)

    def same(self, what, *sides):
        """Each side is a name and a table. All tables have to be equal."""
        for name, table in sides[1:]:
            for key in sorted({*sides[0][1], *table}):
                a, b = sides[0][1].get(key), table.get(key)
                self.ok(a == b, "%s of --%s: %s has %r, %s has %r" % (what, key, sides[0][0], a, name, b))
        self.ok(sides[0][1], "there is no %s at all" % what)


def said(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, timeout=HANG, check=True, encoding="utf-8").stdout


def check_options(t):
    page = read("src/man/httpd.8")
    in_help, help_defaults = help_options(said("build/httpd", "--help"))
    parsed, parsed_status = program_options(in_help)
    beside = {"help": "", "version": ""}  # not in the first synopsis
    t.same("the argument", ("--help", in_help), ("httpd.8", mdoc_options(page, "It")),
           ("the synopsis", {**mdoc_options(section(page, "SYNOPSIS"), "Op"), **beside}))
    themes = re.findall(r"-([a-z-]+)", "".join(re.findall(r"^\.Fl .*", re.search(r"^By theme:\n.*?^\.El", page, re.M | re.S).group(0), re.M)))
    t.ok(sorted(name.removeprefix("-") for name in themes) == sorted(in_help), "the options by theme are all of them, each once")
    t.same("the default", ("--help", help_defaults), ("httpd.8", mdoc_defaults(page)))
    t.same("the kind", ("the parser", parsed), ("--help", {name: argument[:1] for name, argument in in_help.items()}))
    for page_name in ("README.md", "units/README.md"):
        for name in re.findall(r"(?<![-\w])--([a-z-]+)(?==|`| )", "".join(re.findall(r"`--[^`]*`|HTTPD_OPTIONS=.*", read(page_name)))):
            t.ok(name in in_help or name in ("json", "prometheus", "follow", "verify", "all", "since"), "%s names --%s" % (page_name, name))
    for name, constant in NUMBERS.items():
        number = re.search(r"\b%s = (\d+)," % constant, read("src/base/bounds.h")).group(1)
        t.ok(help_defaults.get(name) == number, "the default of --%s is %s" % (name, number))
    t.ok(".Fl -help | -version" in section(page, "SYNOPSIS"), "the second synopsis of httpd.8")

    page = read("src/man/httpd-run.1")
    in_help, _ = help_options(said("sh", "src/tools/httpd-run", "--help"))
    named = {name: "" for name in re.findall(r"^\t--([a-z]+)\)", read("src/tools/httpd-run"), re.M)}
    t.same("the option", ("httpd-run --help", in_help), ("httpd-run.1", mdoc_options(page, "It")), ("the script", named),
           ("the synopsis", {**mdoc_options(section(page, "SYNOPSIS"), "Op"), **beside}))

    # From the source, as httpd-status may not be built here. Its lines are joined as by the compiler.
    page = read("src/man/httpd-status.8")
    text = re.search(r"^static const char help\[\] =\n(.*?);\n", read("src/status/settings.c"), re.M | re.S).group(1)
    text = re.sub(r'^\t"|"$', "", text, flags=re.M).replace("\\n\n", "\n").replace('\\"', '"').replace('\\n', "\n")
    in_help, help_defaults = help_options(text)
    t.same("the argument", ("httpd-status --help", in_help), ("httpd-status.8", mdoc_options(page, "It")),
           ("the synopsis", {**mdoc_options(section(page, "SYNOPSIS"), "Op"), "prometheus": "", **beside}))
    t.same("the default", ("httpd-status --help", help_defaults), ("httpd-status.8", mdoc_defaults(page)))
    t.same("the kind", ("the parser of httpd-status", parsed_status),
           ("--help", {name: argument[:1] for name, argument in in_help.items()}))
    if os.access("build/httpd-status", os.X_OK):
        t.ok(said("build/httpd-status", "--help") == text, "httpd-status --help is what the source says")


def check_screen(t):
    """--help and the next prompt fit on a terminal of 24 lines and 80 columns."""
    for program in ("build/httpd", "build/httpd-status", "src/tools/httpd-run"):
        if not os.access(program, os.X_OK):
            left_out(program + " --help", "it is not built")
            continue
        lines = said(program, "--help").splitlines()
        t.ok(len(lines) <= SCREEN, "%s --help has %d lines, and a screen shows %d: put two of them into one, in "
             "src/serve/options.c or src/status/settings.c, or raise SCREEN in tests/e2e/manual.py and say why in the commit"
             % (program, len(lines), SCREEN))
        for line in lines:
            t.ok(len(line) <= 80, "%d columns: %s" % (len(line), line))


def check_sections(t):
    for name in ("src/man/httpd.8", "src/man/httpd-status.8", "src/man/httpd-run.1"):
        headings = re.findall(r"^\.Sh (.*)$", read(name), re.M)
        for heading in SECTIONS:
            if name.endswith("run.1") and heading == "FILES":
                continue  # httpd-run needs none
            t.ok(heading in headings, "%s has %s" % (name, heading))
    page = read("src/man/httpd.8")
    for heading in OWN_SECTIONS:
        t.ok(".Sh %s\n" % heading in page, "httpd.8 has %s" % heading)
    units = section(page, "SYSTEMD UNITS")
    for unit in sorted(os.listdir("units/systemd")):
        if unit.endswith((".service", ".socket", ".conf")) and unit != "httpd-void.service":
            t.ok(re.search(r"\bPa %s\b" % re.escape(unit), units), "SYSTEMD UNITS has %s" % unit)
    # The exit statuses in main.c and in the manual. 70 is for an internal error.
    names = {"USAGE": 64, "NOINPUT": 66, "OSERR": 71}
    used = {names.get(word, word) for file in ("main.c", "serve/options.c", "check/check.c", "system/activation.c") for word in
            re.findall(r"\bEX_([A-Z]+)", read("src/" + file))} - {"SOFTWARE", "OK"}
    told = {int(number) for number in re.findall(r"^\.It (\d+)$", section(read("src/man/httpd.8"), "EXIT STATUS"), re.M)}
    t.ok(used == told - {0, 1}, "exit statuses: %s are used, %s are in the manual" % (used, told))


def place(text, work, port):
    """The command, with directories of the test instead of those of a server."""
    for there, here in (("/usr/local/sbin/httpd", os.path.abspath("build/httpd")), ("/var/www/html", work + "/www"),
                        ("/var/www", work + "/www"), ("/srv/pub", work + "/pub"), ("/srv/sites", work + "/sites"),
                        ("/var/log/httpd", work + "/log"), ("8080", str(port)), ("127.0.0.1 8080", "127.0.0.1 %d" % port)):
        text = re.sub(re.escape(there) + r"(?![\w-])", lambda _: here, text)
    return text


def environment():
    return {**os.environ, "LC_ALL": "C"}


def run(command, work, text):
    return subprocess.run(["sh", "-c", place(command, work, 0)], input=text, stdout=subprocess.PIPE, env=environment(),
                          stderr=subprocess.STDOUT, timeout=HANG, check=False, encoding="utf-8")


def on_terminal(command, work):
    """The output of the command on a terminal."""
    ours, its = pty.openpty()
    subprocess.run(["sh", "-c", place(command, work, 0)], stdout=its, stderr=its, timeout=HANG, check=False,
                   env=environment())
    os.close(its)
    text = b""
    try:
        while piece := os.read(ours, 65536):
            text += piece
    except OSError:  # EIO is the end of a terminal on Linux
        pass
    os.close(ours)
    return text.decode().replace("\r", "").splitlines()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def listens(port):
    """Reads the kernel's table: a connection would add a line to the output."""
    return any(" 0100007F:%04X 00000000:0000 0A " % port in line for line in open("/proc/net/tcp", encoding="ascii"))


def check_server(t, command, shown, work):
    """A command that serves until it is ended; curl -I makes a request meanwhile."""
    program, port = command.split()[0], free_port()
    why = machine.lacking(program, "curl") or ("" if os.path.exists("/proc/net/tcp") else "there is no /proc/net/tcp")
    if why:
        left_out("the example of " + program, why)
        return
    with open(work + "/said", "w+", encoding="utf-8") as said_by_it:
        server = subprocess.Popen(["sh", "-c", "exec " + place(command, work, port)], stdout=said_by_it, stderr=said_by_it)
        end = time.monotonic() + HANG
        while not listens(port) and time.monotonic() < end:
            time.sleep(0.02)
        asked = subprocess.run(["curl", "-sI", "-m", str(HANG), "http://127.0.0.1:%d/" % port], stdout=subprocess.PIPE,
                               check=False, encoding="utf-8")
        got = []
        while not shows(got, shown) and time.monotonic() < end:
            time.sleep(0.05)
            # The supervisor and httpd write at the same time, so this line can stand anywhere behind "Execing".
            got = [line for line in read(work + "/said").splitlines() if not line.startswith("Spawned ")]
        server.terminate()
        server.wait(HANG)
    t.ok(asked.stdout.startswith("HTTP/1.1 200 "), "%s: %s" % (command, asked.stdout))
    t.ok(shows(got, shown), "%s shows\n%s\nand the manual\n%s" % (command, "\n".join(got), "\n".join(shown)))


def check_examples(t, work):
    page = read("src/man/httpd.8")
    found = examples(page)
    t.ok(len(found) == 4, "httpd.8 has %d examples" % len(found))
    for command, shown in found:
        if "8080" in command:
            check_server(t, command, shown, work)
        elif shown:
            try:
                got = on_terminal(command, work)
            except OSError as error:
                left_out("the example " + command, "there is no terminal to be had: %s" % error)
                continue
            t.ok(shows(got, shown), "%s shows\n%s\nand the manual\n%s" % (command, "\n".join(got), "\n".join(shown)))
        else:  # a line for inetd, which supervisors.py runs
            t.ok(command in read("units/inetd/httpd.conf").splitlines(), "not that of units/inetd: " + command)


def check_one_liners(t, work):
    """httpd accepts the example of each option, and most examples serve the site."""
    page = read("src/man/httpd.8")
    lines = [plain(line).strip('"') for line in re.findall(r"^\.Dl (.*)$", section(page, "DESCRIPTION"), re.M)]
    options = set(mdoc_options(page, "It"))
    t.ok({name for line in lines for name in re.findall(r" --([a-z-]+)", line)} == options, "an example for each option")
    first = "GET / HTTP/1.0\r\nAccept: text/html\r\nUser-Agent: Mozilla/5.0\r\n\r\n"
    for line in lines:
        starter = re.match(r"(?:[A-Z_]+=\S* )*(\S+)", line)[1]  # httpd, or the program that starts it
        if not shutil.which(starter):
            left_out(line, machine.missing(starter))
            continue
        if os.geteuid() != 0 and (" --user=" in line or starter == "runuser"):
            left_out(line, "only root can become another account")
            continue
        done = run(line, work, ("PROXY UNKNOWN\r\n" if "--proxy" in line else "") + first)
        option = line.split("httpd ")[1].split()[0]  # words before httpd belong to the program that starts it
        wanted = {"--help": "usage: ", "--version": "httpd ", "--check": "directory: "}.get(option, "HTTP/1.1 200 OK")
        if "require" in line and done.returncode == 71:
            left_out(line, "this system lacks a layer of the sandbox, as httpd --check tells")
            continue
        t.ok(done.stdout.startswith(wanted) and done.returncode <= ("--check" in line),
             "%s exits with %d: %s" % (line, done.returncode, done.stdout[:200]))


def main():
    os.chdir(os.path.dirname(os.path.abspath(__file__)) + "/../..")
    t = Tests()
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        shutil.copytree("www", work + "/www")
        shutil.copytree("www", work + "/sites/default")
        for name in ("pub", "log"):
            os.mkdir(work + "/" + name)
        os.chmod(work + "/log", 0o777)
        os.mkdir(work + "/bin")
        shutil.copy("build/httpd", work + "/bin")  # for other accounts, which may not enter this directory
        os.environ["PATH"] = work + "/bin:" + os.path.abspath("build") + ":" + os.environ["PATH"]
        subprocess.run(["chmod", "-R", "go+rX", work], check=True)
        check_options(t)
        check_screen(t)
        check_sections(t)
        check_examples(t, work)
        check_one_liners(t, work)
    print("%d passed, %d failed" % (t.passed, t.failed))
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main())
