#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""From nothing to a certificate that renews, as units/README.md tells it: certbot's webroot plugin asks pebble, a small
certificate authority, which looks for the proof on port 80; haproxy and stunnel get the certificate by their deploy hooks,
and a renewal under load costs no request: tests/e2e/acme.py [HTTPD]"""
import http.client
import json
import os
import pwd
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "supervisors"))
import twenty
import world
from renewal import Visitors, certificate
from world import HTTPD, ROOM, SITE, check, left_out, unit

KEYS = "/etc/ssl/httpd"  # the paths in the files under units/
BUSY = ("gt 1000", "gt 1000000")  # requests in 10 s, more than these visitors make
NAME = "example.org"
HTTP, HTTPS = ("127.0.0.1", 80), ("127.0.0.1", 443)
DIRECTORY = "https://localhost:14000/dir"
SOCKET = "/run/httpd-behind-proxy.sock"


# ---- the authority ----

def start_authority():
    """Starts pebble, and a name server in which every name is this machine. It checks at ports 80 and 443, as a real
    authority does."""
    place = f"{ROOM}/authority"
    os.makedirs(place)
    world.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
              "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{place}/key.pem", "-out", f"{place}/cert.pem")
    with open(f"{place}/config.json", "w", encoding="ascii") as file:
        json.dump({"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
                              "certificate": f"{place}/cert.pem", "privateKey": f"{place}/key.pem",
                              "httpPort": HTTP[1], "tlsPort": HTTPS[1], "ocspResponderURL": "",
                              "externalAccountBindingRequired": False}}, file)
    names = world.Started("pebble-challtestsrv", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "",
                          "-dns01", "127.0.0.1:8053", "-management", "127.0.0.1:8055", log=f"{ROOM}/names.log")
    authority = world.Started("pebble", "-config", f"{place}/config.json", "-dnsserver", "127.0.0.1:8053",
                              log=f"{ROOM}/authority.log", env={**os.environ, "PEBBLE_VA_NOSLEEP": "1",
                                                                "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"})
    ready = world.until(lambda: world.accepts(("127.0.0.1", 14000)) and world.accepts(("127.0.0.1", 8055)))
    return check("the authority answers", ready, names.said(), authority.said())


def certbot(place, *arguments):
    """certbot with the command of units/README.md, but with directories of the test and this authority."""
    done = subprocess.run(["certbot", *arguments, "--config-dir", place, "--work-dir", f"{place}/work",
                           "--logs-dir", f"{place}/logs", "--server", DIRECTORY, "--non-interactive"],
                          capture_output=True, text=True, timeout=5 * world.HANG, check=False,
                          env={**os.environ, "REQUESTS_CA_BUNDLE": f"{ROOM}/authority/cert.pem",
                               "PATH": f"{ROOM}/bin:{os.environ['PATH']}"})
    return done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:] + world.read_from(f"{ROOM}/authority.log")[-1500:]


def issue(road, place, hook):
    good, said = certbot(place, "certonly", "--webroot", "-w", SITE, "-d", NAME, "--agree-tos",
                         "--register-unsafely-without-email", "--deploy-hook", hook)
    return check(f"{road}: a certificate is issued", good and os.path.exists(f"{place}/live/{NAME}/fullchain.pem"), said)


def renew(road, place):
    """The command of the timer in Debian's package, without its delay of some minutes."""
    good, said = certbot(place, "renew", "--force-renewal", "--no-random-sleep-on-renew")
    check(f"{road}: the certificate is renewed", good, said)


# ---- the roads ----

def systemctl(rows):
    """A program of that name in the place of systemctl: it does what the hooks ask for and refuses everything else."""
    os.makedirs(f"{ROOM}/bin", exist_ok=True)
    with open(f"{ROOM}/bin/systemctl", "w", encoding="ascii") as file:
        file.write("#!/bin/sh\ncase $* in\n" + "".join(f'"{words}") {deed} ;;\n' for words, deed in rows) +
                   '*) echo "systemctl $*: not expected" >&2; exit 1 ;;\nesac\n')
    os.chmod(f"{ROOM}/bin/systemctl", 0o755)


def ask_http(target):
    """Status and Location of a request without TLS."""
    connection = http.client.HTTPConnection(*HTTP, timeout=world.HANG)
    connection.request("GET", target, headers={"Host": NAME})
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Location")


def renewed_under_load(road, place):
    """A renewal under load loses no request, and later connections get the new certificate."""
    live = f"{place}/live/{NAME}"
    first = certificate(live)
    visitors = Visitors(HTTPS)
    visitors.more()
    check(f"{road}: the issued certificate is served", visitors.met == {first}, len(visitors.met))
    renew(road, place)
    second = certificate(live)
    check(f"{road}: the second certificate is another one", first != second)
    seen = world.until(lambda: second in visitors.met)
    visitors.more(60)
    visitors.stop()
    check(f"{road}: the new certificate is served", seen and visitors.met == {first, second}, len(visitors.met))
    check(f"{road}: no request is lost", not visitors.failed and visitors.done > 60, visitors.done, visitors.failed[:5])
    after = Visitors(HTTPS, 1)
    after.more(5)
    after.stop()
    check(f"{road}: only the new certificate is served", after.met == {second} and not after.failed, after.failed[:5])


def redirected(road, log):
    got = ask_http("/a/b%20c/?d=e&f")
    check(f"{road}: http moves to https with its path and query",
          got == (301, f"https://{NAME}/a/b%20c/?d=e&f"), got, log())


def with_stunnel(activate):
    """httpd.socket on port 80, replaced by a redirect once HTTPS works. systemd-socket-activate stands in for the socket
    units."""
    road, place = "stunnel", f"{ROOM}/certbot-stunnel"
    keys = (KEYS, f"{ROOM}/keys-stunnel")
    hook = unit("stunnel/renew", keys, to=f"{ROOM}/stunnel-renew")
    plain = world.Started(activate, "--accept", "--inetd", "-l", "80", HTTPD, SITE, log=f"{ROOM}/plain.log")
    systemctl([("-q is-active stunnel@httpd.service", "exit 3")])  # is-active: not yet
    secure = None
    try:
        world.until(lambda: world.accepts(HTTP))
        if not issue(road, place, hook):
            return
        secure = world.Started(activate, "-l", "443", "stunnel", unit("stunnel/httpd.conf", keys), log=f"{ROOM}/secure.log")
        systemctl([("-q is-active stunnel@httpd.service", ""),
                   ("kill --kill-who=main -s HUP stunnel@httpd.service", f"kill -HUP {secure.process.pid}")])
        check(f"{road}: HTTPS answers", world.until(lambda: world.accepts(HTTPS)), secure.said())
        plain.stop()
        os.symlink(f"https://{NAME}/#301", f"{ROOM}/to-https")
        plain = world.Started(activate, "--accept", "--inetd", "-l", "80", HTTPD, f"{ROOM}/to-https", log=f"{ROOM}/plain.log")
        world.until(lambda: world.accepts(HTTP))
        redirected(road, plain.said)
        renewed_under_load(road, place)
        check(f"{road}: the authority came through the redirect", "/.well-known/acme-challenge/" in plain.said(),
              plain.said()[-500:])
    finally:
        plain.stop()
        if secure:
            secure.stop()
        for program in ("stunnel4", "stunnel", "httpd"):
            world.kill_by_name(program)
    world.until(lambda: not world.accepts(HTTPS) and not world.accepts(HTTP))


def reload_fails(hook, certificates):
    """Where haproxy cannot reload, as without /bin/kill, certbot shows what the hook says and goes on."""
    systemctl([("-q is-active haproxy.service", ""), ("reload haproxy.service", "exit 1")])
    done = subprocess.run([hook, certificates], capture_output=True, text=True, timeout=world.HANG, check=False,
                          env={**os.environ, "PATH": f"{ROOM}/bin:{os.environ['PATH']}"})
    check("haproxy: a hook that could not reload names the reason and the cure",
          done.returncode == 1 and "journalctl -u haproxy.service" in done.stderr and "install procps" in done.stderr,
          done.returncode, done.stderr)


def with_haproxy():
    """haproxy needs a certificate to start; the first one is self-signed."""
    road, place, keys = "haproxy", f"{ROOM}/certbot-haproxy", f"{ROOM}/keys-haproxy"
    os.makedirs(keys)
    world.run("sh", "-c", f"umask 077; openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME} "
              f"-keyout {keys}/own.key -out {keys}/own.crt 2>/dev/null && cat {keys}/own.crt {keys}/own.key >{keys}/haproxy.pem")
    hook = unit("haproxy/renew", (KEYS, keys), to=f"{ROOM}/haproxy-renew")
    start = f"{ROOM}/behind"
    world.counted(world.exec_start("httpd-behind-proxy@.service"), start)
    behind = world.Started("socat", f"UNIX-LISTEN:{SOCKET},mode=660,group=haproxy,fork,backlog=1024,unlink-early",
                           f"EXEC:{start},nofork", log=f"{ROOM}/behind.log")
    proxy = world.Started("haproxy", "-W", "-f", unit("haproxy/site.cfg", (KEYS, keys), BUSY), log=f"{ROOM}/haproxy.log")
    # Like Debian's unit: the configuration is checked before the master process gets the signal.
    systemctl([("-q is-active haproxy.service", ""),
               ("reload haproxy.service", f"haproxy -c -q -f {ROOM}/haproxy-site.cfg && kill -USR2 {proxy.process.pid}")])
    try:
        if not check(f"{road}: HTTPS answers", world.until(lambda: world.accepts(HTTPS)), proxy.said()):
            return
        redirected(road, proxy.said)
        if issue(road, place, hook):
            world.until(lambda: served_by(certificate(f"{place}/live/{NAME}")))
            renewed_under_load(road, place)
            mode = os.stat(f"{keys}/haproxy.pem").st_mode & 0o7777
            check(f"{road}: only root may read the key", mode == 0o600, oct(mode))
            reload_fails(hook, f"{place}/live/{NAME}")
    finally:
        proxy.stop()
        behind.stop()
        for program in ("haproxy", "httpd"):
            world.kill_by_name(program)


def served_by(wanted):
    """Whether a new connection gets that certificate."""
    visitor = Visitors(HTTPS, 1)
    visitor.more(1)
    visitor.stop()
    return wanted in visitor.met


def account(name):
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def main():
    world.enter("certificates that renew")
    world.files_are_sound()
    why = world.machine.lacking("certbot", "pebble", "pebble-challtestsrv", "openssl")
    if why:
        left_out("certificates that renew", why)
        world.finish()
    twenty.make_site(SITE)
    if not start_authority():
        world.finish()
    activate = world.program("systemd-socket-activate")
    why = world.machine.lacking("stunnel", "systemd-socket-activate")
    if why:
        left_out("a certificate for stunnel", why)
    else:
        with_stunnel(activate)
    why = world.machine.lacking("haproxy", "socat") or ("" if account("haproxy") else "there is no account haproxy")
    if why:
        left_out("a certificate for haproxy", why)
    else:
        with_haproxy()
    shutil.rmtree(f"{ROOM}/authority")
    world.finish()


main()
