#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
The mistakes of a first evening: what each prints, to the letter, and its exit status. A message names the thing, the
reason and the cure. Both builds; what a client does wrong ends with 0.
"""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "common"))
from each import HANG, TOP, check, left_out, machine, run_tests

IS_ROOT = os.geteuid() == 0
GET = b"GET /hello.txt HTTP/1.0\r\n\r\n"
READ = (f"name a directory that the account httpd runs as, UID {os.geteuid()}, may read; 'namei -l' shows who may, all the "
        "way down")
LOG = "name a file that the account httpd runs as may append to; until then records stand here"
ALONE = ("standard input is a terminal or /dev/null, and no connection: let systemd, inetd or tcpserver start httpd for each "
         "one, as man 8 httpd tells; or type a request, as 'GET / HTTP/1.0' and an empty line")
LISTENS = ("standard input is a listening socket, and httpd serves accepted ones: set Accept=yes in the socket unit, or "
           "'nowait' in inetd.conf")

# Arguments, exit status, and the message behind "httpd: ". @ stands for ROOT.
ARGUMENTS = [
    ([], 64, "ROOT is missing: name the directory to serve, as in 'httpd /var/www'"),
    ([""], 64, "ROOT '': it is empty; name the directory to serve"),
    (["@/nothing"], 66, f"ROOT '@/nothing': No such file or directory; {READ}"),
    (["8080"], 66, f"ROOT '8080': No such file or directory; {READ}"),
    (["@/hello.txt"], 66, f"ROOT '@/hello.txt': Not a directory; {READ}"),
    (["@/hello.txt/"], 66, f"ROOT '@/hello.txt/': Not a directory; {READ}"),
    (["@", "@/way"], 64, "argument '@/way': there is one ROOT already, '@'; give only one directory, options their "
                         "values by '=', and values with spaces in quotes"),
    (["--keep-alive", "5", "@"], 64, "argument '@': there is one ROOT already, '5'; give only one directory, options "
                                     "their values by '=', and values with spaces in quotes"),
    # Options that do not exist.
    (["--lisitng", "@"], 64, "option '--lisitng': there is none of that name, perhaps --listing; see httpd --help"),
    (["--lisitgn", "@"], 64, "option '--lisitgn': there is none of that name, perhaps --listing; see httpd --help"),
    (["--cleanurls", "@"], 64, "option '--cleanurls': there is none of that name, perhaps --clean-urls; see httpd --help"),
    (["--proxy", "@"], 64, "option '--proxy': there is none of that name, perhaps --proxy-protocol; see httpd --help"),
    (["--LOG=x", "@"], 64, "option '--LOG=x': there is none of that name, perhaps --log; see httpd --help"),
    (["--logs=x", "@"], 64, "option '--logs=x': there is none of that name, perhaps --log; see httpd --help"),
    (["--vhost", "@"], 64, "option '--vhost': there is none of that name, perhaps --vhosts; see httpd --help"),
    (["--cgi", "@"], 64, "option '--cgi': there is none of that name; see httpd --help"),
    (["--mime-type=x=text/plain", "@"], 64, "option '--mime-type=x=text/plain': there is none of that name; see httpd "
                                            "--help"),
    (["--a-name-that-is-long", "@"], 64, "option '--a-name-that-is-long': there is none of that name; see httpd --help"),
    (["--port=80", "@"], 64, "option '--port=80': there is none of that name, as httpd does not listen: the port is set in "
                             "what starts it; see httpd --help"),
    (["--listen", "80", "@"], 64, "option '--listen': there is none of that name, as httpd does not listen: the port is "
                                  "set in what starts it; see httpd --help"),
    (["-p", "80", "@"], 64, "option '-p': options begin with two hyphens; see httpd --help"),
    # Values.
    (["--log"], 64, "option '--log': its value is missing; see httpd --help"),
    (["--listing=yes", "@"], 64, "option '--listing=yes': it takes no value; leave out the equals sign and what is behind "
                                 "it"),
    (["--timeout=soon", "@"], 64, "--timeout 'soon': that is no whole number of seconds from 1 to 86400; write it without a "
                                  "unit, as in 20"),
    (["--timeout=20s", "@"], 64, "--timeout '20s': that is no whole number of seconds from 1 to 86400; write it without a "
                                 "unit, as in 20"),
    (["--timeout=86401", "@"], 64, "--timeout '86401': that is no whole number of seconds from 1 to 86400; write it without "
                                   "a unit, as in 20"),
    (["--idle=5min", "@"], 64, "--idle '5min': that is no whole number of seconds from 1 to 86400; write it without a unit, "
                               "as in 20"),
    (["--min-agent=1k", "@"], 64, "--min-agent '1k': that is no whole number of bytes; write it without a unit, as in "
                                  "--min-agent=8"),
    (["--keep-alive=0", "@"], 64, "--keep-alive '0': that is no whole number, 1 or more; write --keep-alive=100, or no "
                                  "number"),
    (["--sandbox=yes", "@"], 64, "--sandbox 'yes': there is no such mode; say require, try or off"),
    (["--header=X-Frame-Options", "@"], 64, "--header 'X-Frame-Options': there is no colon; write 'Name: value'"),
    (["--header=X Y: z", "@"], 64, "--header 'X Y: z': its name is not letters, digits and hyphens up to the colon; write "
                                   "'Name: value', or '*.pdf=Name: value' with a pattern that begins with '/' or '*'"),
    (["--header=x*=X-A: b", "@"], 64, "--header 'x*=X-A: b': its name is not letters, digits and hyphens up to the colon; "
                                      "write 'Name: value', or '*.pdf=Name: value' with a pattern that begins with '/' or "
                                      "'*'"),
    (["--header=X-A: b\nX-C: d", "@"], 64, "--header 'X-A': the value holds a line end or another control character; leave "
                                           "it out, and give a second field a --header of its own"),
    (["--cache-control=css=max-age=1", "@"], 64,
     "--cache-control 'css=max-age=1': a pattern begins with '/' or '*'; write that first"),
    (["--header=Cache-Control: no-store", "@"], 64,
     "--header 'Cache-Control': httpd sets this field itself, by --cache-control; leave it out"),
    (["--cache-control=" + "a" * 1025, "@"], 64,
     "--cache-control '" + "a" * 100 + "...': that is more than 1 KiB; shorten it"),
    (["--header=Content-Type: text/plain", "@"], 64, "--header 'Content-Type': httpd sets this field itself, from the file's "
                                                     "name; leave it out, or use --type"),
    (["--cache-control=*.css", "@"], 64, "--cache-control '*.css': there is no value, or a control character in it; write "
                                         "VALUE, or GLOB=VALUE as in '*.css=max-age=3600'"),
    (["--deny-agent=", "@"], 64, "--deny-agent '': an empty text is part of every name; give one or more letters"),
    (["--fallback=", "@"], 64, "--fallback '': it is empty; name a file beneath ROOT"),
    (["--user=", "@"], 64, "--user '': it is empty; name an account, or its UID or UID:GID"),
    (["--log=", "@"], 64, "--log '': it is empty; name stderr, syslog, none or a file"),
]

# The site is served despite these mistakes. The records follow the message.
LOGS = [
    (["--log=@/no/log", "@"], f"--log '@/no/log': No such file or directory; {LOG}"),
    (["--log=@/way", "@"], f"--log '@/way': Is a directory; {LOG}"),
]
LOGS_AS_ROOT = [
    (["--log=@/linked.log", "@"], "--log '@/linked.log': it is a symbolic link, which httpd does not follow when it is started "
                                  f"as root; {LOG}"),
]
LOGS_AS_NOBODY = [
    (["--log=@/closed/log", "@"], f"--log '@/closed/log': Permission denied; {LOG}"),
    (["--log=@/hello.txt", "@"], f"--log '@/hello.txt': Permission denied; {LOG}"),
]

AS_ROOT = [
    (["--user=nosuchuser", "@"], 71, "--user 'nosuchuser': there is no such account in /etc/passwd, or it is root's; name "
                                     "another, or write UID or UID:GID as in --user=65534"),
    (["--user=root", "@"], 71, "--user 'root': there is no such account in /etc/passwd, or it is root's; name another, or "
                               "write UID or UID:GID as in --user=65534"),
]

# As an account other than root, which owns only @/mine.
AS_NOBODY = [
    *((["@/" + way], 66, f"ROOT '@/{way}': Permission denied; " + READ.replace(f"UID {os.geteuid()}", "UID 65534"))
      for way in ("closed", "closed/", "way/site", "way/site/deep", "mine", "mine/site")),
]


def run(httpd, args, stdin=b"", prefix=()):
    args = [arg.replace("@", ROOT) for arg in args]
    more = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
    done = subprocess.run([*prefix, httpd, *args], capture_output=True, env={}, timeout=HANG, cwd="/", check=False, **more)
    return done.returncode, done.stderr.decode().replace(ROOT, "@"), done.stdout


def connect(httpd, args, request, more=False):
    """A client that sends a request and half-closes. Returns the exit status, the log without access lines, the answer,
    and with `more` the access lines."""
    ours, theirs = socket.socketpair()
    with ours, tempfile.TemporaryFile() as log:
        with theirs:
            proc = subprocess.Popen([httpd, *[arg.replace("@", ROOT) for arg in args]], stdin=theirs, stdout=theirs,
                                    stderr=log, env={"REMOTE_ADDR": "192.0.2.7"}, cwd="/")
        ours.settimeout(HANG)
        answer = b""
        if request is not None:
            ours.sendall(request)
            ours.shutdown(socket.SHUT_WR)
        while part := ours.recv(65536):
            answer += part
        code = proc.wait(HANG)
        log.seek(0)
        lines = log.read().decode().replace(ROOT, "@").splitlines()
    messages = [line for line in lines if line.startswith("httpd: ")]
    return (code, messages, answer, [line for line in lines if line not in messages])[:4 if more else 3]


def table(httpd, rows, prefix=()):
    wrong = []
    for args, code, text in rows:
        seen = run(httpd, args, GET, prefix)
        if seen != (code, f"httpd: {text}\n", b""):
            wrong.append(f"{args}\n    expected {code} httpd: {text}\n    and got  {seen[0]} {seen[1].rstrip()} {seen[2][:40]}")
    check(not wrong, "\n".join(wrong))


def logs(httpd, rows, prefix=()):
    for args, text in rows:
        code, said, answer = run(httpd, args, GET, prefix)
        lines = said.splitlines()
        check(code == 0 and answer.startswith(b"HTTP/1.1 200 ") and len(lines) == 2 and lines[0] == f"httpd: {text}" and
              " 200 " in lines[1], f"{args}: {code} {said!r}, not {text}")


def test_logs(httpd):
    logs(httpd, LOGS)
    link = os.path.join(ROOT, "linked.log")
    if IS_ROOT and not os.path.lexists(link):
        os.symlink("other.log", link)
    logs(httpd, LOGS_AS_ROOT if IS_ROOT else [])
    if IS_ROOT and shutil.which("setpriv"):
        logs(httpd, LOGS_AS_NOBODY, ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"))


def test_arguments(httpd):
    table(httpd, ARGUMENTS)


def test_every_message_has_reason_and_cure(_):
    for args, _code, text in ARGUMENTS + AS_ROOT + AS_NOBODY:
        check(re.search(r": .+; |: name ", text) or "two hyphens" in text, f"{args}: {text}")


def test_as_root(httpd):
    if not IS_ROOT:
        left_out("mistakes with --user", "the tests do not run as root")
        return
    table(httpd, AS_ROOT)
    table(httpd, [(["--check", *args], code, text) for args, code, text in AS_ROOT])


def test_as_nobody(httpd):
    if not IS_ROOT or not shutil.which("setpriv"):
        left_out("a ROOT that an account may not read", "needs root and setpriv")
        return
    table(httpd, AS_NOBODY, ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"))


def test_a_client_is_told_503(httpd):
    for args, code, text in ARGUMENTS:
        seen, log, answer, answers = connect(httpd, args, GET, True)
        check((seen, log) == (code, [f"httpd: {text}"]), f"{args}: {seen} {log}")
        check(answer.startswith(b"HTTP/1.1 503 "), f"{args}: {answer[:40]}")
        length = len(answer.split(b"\r\n\r\n", 1)[1])
        check(len(answers) == 1 and re.fullmatch(rf'192\.0\.2\.7 - - \[[^]]*\] "-" 503 {length} "-" "-"', answers[0]),
              f"{args}: the 503 is not among the answers in the log: {answers}")


# Descriptors.
def test_a_listening_socket(httpd):
    """A listening socket, as by Accept=no and by inetd's wait: on standard input, and as descriptor 3."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen = run(httpd, ["@"], listener)
        check(seen == (64, f"httpd: {LISTENS}\n", b""), f"{seen}")
        seen = run(httpd, ["--proxy-protocol", "@"], listener)
        check(seen == (64, f"httpd: {LISTENS}\n", b""), f"with --proxy-protocol: {seen}")
        script = 'exec 3<&0 </dev/null; exec env LISTEN_PID=$$ LISTEN_FDS=1 "$0" "$1"'
        done = subprocess.run(["sh", "-c", script, httpd, ROOT], stdin=listener, capture_output=True, timeout=HANG, check=False)
        check((done.returncode, done.stderr.decode()) == (64, f"httpd: {LISTENS}\n"), f"as descriptor 3: {done}")


def test_by_hand(httpd):
    """On a terminal, and in a unit without StandardInput=socket and without a socket."""
    seen = run(httpd, ["@"], subprocess.DEVNULL)
    check(seen == (0, f"httpd: {ALONE}\n", b""), f"/dev/null: {seen}")
    try:
        leader, terminal = os.openpty()
    except OSError as error:  # a chroot without devpts
        left_out("httpd started from a terminal", f"there is none to be had: {error.strerror}")
    else:
        seen = run(httpd, ["--timeout=1", "@"], terminal)
        os.close(leader)
        os.close(terminal)
        check(seen == (0, f"httpd: {ALONE}\n", b""), f"a terminal: {seen}")
    for stdin in (b"", b"GET"):  # a pipe is permitted, for trials
        check("terminal" not in run(httpd, ["@"], stdin)[1], "a pipe is no terminal")
    check(connect(httpd, ["@"], b"")[:2] == (0, []), "a client that says nothing")


def test_no_sandbox_to_be_had(httpd):
    """The portable build has no sandbox. For the full build it depends on the kernel."""
    if "portable" not in httpd:
        return
    code, said, _ = run(httpd, ["--sandbox=require", "@"], GET)
    check((code, said) == (71, "httpd: --sandbox 'require': this build has no sandbox; build httpd for Linux, FreeBSD or "
                               "OpenBSD without PORTABLE=1, or use --sandbox=try\n"), f"{code} {said}")


# Mistakes of a client or of the proxy in front: exit status 0.
TLS = bytes.fromhex("16030100c8010000c40303") + bytes(200)
V2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\1\2\3\4\5\6\7\x08\0\x50\0\x50"
PROXY_MISSING = ("httpd: closed a connection from 192.0.2.7 that did not begin with a whole PROXY header, which --proxy-protocol requires: "
                 "let the proxy send one (haproxy: send-proxy-v2), or drop the option")
def test_tls_to_the_plain_port(httpd):
    """The record of a TLS handshake is not a request. There is only the log line, with its first bytes."""
    code, log, answer = connect(httpd, ["@"], TLS)
    check((code, log) == (0, []) and answer.startswith(b"HTTP/1.1 400 "), f"{code} {log} {answer[:40]}")


def test_https_in_a_browser(httpd):
    """The handshake of a real client, over TCP."""
    if not shutil.which("curl"):
        left_out("https:// to the plain port", machine.missing("curl"))
        return
    with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.TemporaryFile() as log:
        port = listener.getsockname()[1]
        with subprocess.Popen(["curl", "-sS", "-m", str(HANG), f"https://127.0.0.1:{port}/"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as curl:
            listener.settimeout(HANG)
            with listener.accept()[0] as end:
                done = subprocess.run([httpd, ROOT], stdin=end, stdout=end, stderr=log, env={}, timeout=HANG, check=False)
            check(curl.wait(HANG) != 0, "curl got TLS")
        log.seek(0)
        said = log.read().decode()
    check(done.returncode == 0 and '] "\\x16\\x03\\x01' in said and '" 400 ' in said, f"{done} {said}")


def test_proxy_header(httpd):
    for header in (b"PROXY TCP4 1.2.3.4 5.6.7.8 9 80\r\n", b"PROXY UNKNOWN\r\n", V2):
        code, log, answer = connect(httpd, ["@"], header + GET)
        check((code, log) == (0, []), f"{header}: {code} {log}")
        check(answer.startswith(b"HTTP/1.1 400 "), f"{header}: {answer[:40]}")
        code, log, answer = connect(httpd, ["--proxy-protocol", "@"], header + GET)
        check((code, log) == (0, []) and answer.startswith(b"HTTP/1.1 200 "), f"{header}: {code} {log} {answer[:40]}")
    code, log, answer = connect(httpd, ["--proxy-protocol", "@"], V2 + V2 + GET)
    check((code, log) == (0, []) and answer.startswith(b"HTTP/1.1 400 "), f"two of them: {code} {log} {answer[:40]}")
    for request in (GET, TLS):
        code, log, answer = connect(httpd, ["--proxy-protocol", "@"], request)
        check((code, log, answer) == (0, [PROXY_MISSING], b""), f"{request[:9]}: {code} {log} {answer[:40]}")


def test_nothing_more_is_said_of_other_nonsense(httpd):
    for request in (b"\x15\x03\x01" + bytes(20), b"PROXY\r\n\r\n", b"\x80\x2e\x01", b"GET /\x16\x03\x01 HTTP/1.1\r\n\r\n"):
        code, log, answer = connect(httpd, ["@"], request)
        check((code, log) == (0, []) and answer.startswith(b"HTTP/1.1 400 "), f"{request}: {code} {log} {answer[:40]}")
        check(b"could not make sense" in answer, f"{request}: {answer}")


def test_no_client_drives_the_operators_terminal(httpd):
    ours, theirs = socket.socketpair()
    with ours:
        ours.sendall(TLS)
        ours.shutdown(socket.SHUT_WR)
        with theirs:
            done = subprocess.run([httpd, ROOT], stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, timeout=HANG,
                                  env={"REMOTE_HOST": "a\x1b[31m\nb"}, check=False)
    check(b"\x1b" not in done.stderr and done.stderr.count(b"\n") == 1, f"{done.stderr}")


# make
def without_make(what):
    """Whether make or the compiler is missing; then the test is left out."""
    why = machine.lacking(os.environ.get("MAKE", "make"), os.environ.get("CC", "cc").split()[0])
    if why:
        left_out(what, why)
    return why


def make(*args, **more):
    done = subprocess.run([os.environ.get("MAKE", "make"), *args], cwd=TOP, capture_output=True, text=True, timeout=HANG,
                          check=False, **more)
    return done.returncode, [line for line in done.stderr.splitlines() if line.startswith(("make: ", "run: ", "httpd-precompress: "))
                             and "***" not in line]


def run_site(*arguments, **environment):
    done = subprocess.run(["sh", "src/tools/httpd-run", *arguments], cwd=TOP, capture_output=True, text=True, timeout=HANG,
                          check=False, env={**os.environ, "HTTPD": "build/httpd", **environment})
    return done.returncode, done.stdout + done.stderr


def test_httpd_run():
    supervisors = "systemd-socket-activate tcpserver tcpsvd socat busybox inetd"
    for arguments, environment, status, said in [
        (["nothing"], {}, 66, "ROOT 'nothing' is no directory; name one that exists"),
        (["8000"], {}, 66, "ROOT '8000' is no directory; for the port give both: httpd-run . 8000"),
        (["www", "65536"], {}, 64, "PORT '65536' is not between 1 and 65535; give a number such as 8080"),
        (["www", "8080", "x"], {}, 64, "there are ROOT and PORT already, 'www' and '8080'; drop 'x'"),
        (["--listing"], {}, 64, "there is no option '--listing'; see httpd-run --help; one of httpd stands at the end: "
                                "-- --listing"),
        (["-p", "80"], {}, 64, "there is no option '-p'; see httpd-run --help; one of httpd stands at the end: -- -p"),
        (["www"], {"SUPERVISOR": "init"}, 64, f"SUPERVISOR 'init' is none of {supervisors}; name one of them, or none"),
        (["www"], {"HTTPD": "/bin/echo"}, 69, "HTTPD '/bin/echo' is not this httpd; name another one, or none"),
        *((["www", port], {}, 64, f"PORT '{port}' is no port; give a number such as 8080")
          for port in ("http", "80a", "0", "080", "123456")),
    ]:
        seen = run_site(*arguments, **environment)
        check(seen == (status, f"httpd-run: {said}\n"), f"{arguments} {environment}: {seen}")
    seen = run_site("www", "18079", "--", "--listng")
    check(seen == (64, "httpd: option '--listng': there is none of that name, perhaps --listing; see httpd --help\n"),
          f"a mistake in an option of httpd: {seen}")
    if not os.path.exists("/proc/net/tcp"):
        left_out("httpd-run on a port in use", "no /proc/net/tcp")
        return
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::")):
        try:
            listener = socket.create_server((address, 0), family=family)
        except OSError:
            left_out("httpd-run on a port in use by IPv6", "there is none")
            continue
        with listener:
            port = listener.getsockname()[1]
            seen = run_site("www", str(port))
            check(seen == (69, f"httpd-run: PORT '{port}' is in use: something listens there already; end it, or give another "
                               f"one, such as {port % 65535 + 1}\n"), f"{seen}")


def test_make_without():
    if without_make("what make says without a compiler or a library"):
        return
    with tempfile.TemporaryDirectory() as work:
        with open(work + "/musl-gcc", "w", encoding="ascii") as file:
            file.write("#!/bin/sh\nexit 1\n")
        os.chmod(work + "/musl-gcc", 0o755)
        path = dict(os.environ, PATH=work + ":" + os.environ["PATH"])
        for args, expected in [
            (["LINK=musl", f"BUILD={work}/1", f"{work}/1/link"],
             "make: LINK=musl, but musl-gcc does not work here; install it (on Debian musl-tools), or try "
             "LINK=static-pie"),
            (["LINK=best", f"BUILD={work}/2", f"{work}/2/link"],
             "make: LINK is 'best'; it can be auto, musl, static-pie, static or dynamic"),
            (["CC=nosuchcc", f"BUILD={work}/3", f"{work}/3/link"],
             "make: CC 'nosuchcc' compiles nothing here; install a C compiler (on Debian gcc and libc6-dev), or name one that "
             "works: make CC=..."),
        ]:
            code, said = make(*args, env=path)
            check(code != 0 and said == [expected], f"{args}: {code} {said}")
        # The other programs are built without libsystemd.
        code, said = make(f"BUILD={work}/4", f"{work}/4/libsystemd", "CFLAGS=-Dsd_booted=nothing_of_that_name")
        check((code, said) == (0, ["make: libsystemd is not here, so httpd-status is not built; install it (on Debian "
                                   "libsystemd-dev) if you want it"]), f"{code} {said}")


def test_make_precompress():
    if without_make("what make precompress says"):
        return
    code, said = make("precompress", "ROOT=nothing")
    check(code != 0 and said == ["httpd-precompress: 'nothing' is no directory; usage: httpd-precompress [--verify] DIRECTORY"], f"{said}")


with tempfile.TemporaryDirectory() as ROOT:
    os.chmod(ROOT, 0o755)
    with open(ROOT + "/hello.txt", "w", encoding="ascii") as hello:
        hello.write("Hello, world\n")
    for name, mode in (("closed", 0o700), ("way/site/deep", 0o755), ("mine/site", 0o755)):
        os.makedirs(f"{ROOT}/{name}")
        os.chmod(f"{ROOT}/{name}", mode)
    os.chmod(f"{ROOT}/way", 0o750)
    os.chmod(f"{ROOT}/mine", 0o077)
    if IS_ROOT:
        os.chown(f"{ROOT}/mine", 65534, 65534)
    STATUS = run_tests(globals())
    os.chmod(f"{ROOT}/mine", 0o755)
sys.exit(STATUS)
