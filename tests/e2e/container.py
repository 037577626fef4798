#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The image that units/container/build makes: twice the same bytes, read by skopeo, unpacked by umoci, and run by crun or
runc in a network of its own under each of these seccomp profiles: none, podman's, Docker's, and one of the time before
openat2, Landlock and close_range, which answers EPERM to them."""

import filecmp
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PACE = int(os.environ.get("PACE", "1"))
# The path of each profile, and the package that has it.
PROFILES = {
    "podman's": ("/usr/share/containers/seccomp.json", "golang-github-containers-common"),
    "Docker's": ("/usr/share/gocode/src/github.com/docker/docker/profiles/seccomp/default.json",
                 "golang-github-docker-docker-dev"),
}
YOUNG = {"openat2", "close_range", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "faccessat2"}
EPERM = 1
ENTRY = []
counted = [0, 0]


def check(fine, what):
    counted[0 if fine else 1] += 1
    print(("ok " if fine else "not ok ") + what)


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=120 * PACE, check=False, **more)


def built(directory):
    return run("sh", f"{TOP}/units/container/build", directory, f"{TOP}/www",
               env=dict(os.environ, HTTPD=f"{TOP}/build/httpd"))


def text_of(path, package):
    """The file of a package. Where the package is not installed, only the file is fetched, as installing it brings
    hundreds of others."""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    cache = f"{TOP}/build/container"
    os.makedirs(cache, exist_ok=True)
    if not shutil.which("dpkg-deb"):
        return None
    if not glob.glob(f"{cache}/{package}_*.deb") and shutil.which("apt-get"):
        run("apt-get", "download", package, cwd=cache)
    for deb in glob.glob(f"{cache}/{package}_*.deb"):
        run("dpkg-deb", "-x", deb, f"{cache}/{package}")
        with open(f"{cache}/{package}{path}", encoding="utf-8") as file:
            return json.load(file)
    return None


def profile(text, without):
    """A profile in the form of the runtime: the rules of Docker's or podman's file for this processor and no
    capabilities."""
    calls = []
    for rule in text["syscalls"]:
        needs = rule.get("includes") or {}
        if needs.get("caps") or "amd64" not in needs.get("arches", ["amd64"]):
            continue
        names = [name for name in rule.get("names") or [rule["name"]] if name not in without]
        if names:
            calls.append({"names": names, "action": rule["action"], "args": rule.get("args") or []})
            if rule.get("errnoRet") is not None:
                calls[-1]["errnoRet"] = rule["errnoRet"]
    seccomp = {"defaultAction": text["defaultAction"], "architectures": ["SCMP_ARCH_X86_64"], "syscalls": calls}
    if without or "defaultErrnoRet" in text:
        seccomp["defaultErrnoRet"] = EPERM if without else text["defaultErrnoRet"]
    return seccomp


def profiles():
    yield "no profile", None
    if os.uname().machine != "x86_64":
        print("left out: the seccomp profiles of podman and Docker (the test reads their part for x86-64)")
        return
    for name, (path, package) in PROFILES.items():
        text = text_of(path, package)
        if text is None:
            print(f"left out: {name} seccomp profile ({path} is missing; install {package})")
            continue
        yield f"{name} profile", profile(text, ())
        if name == "podman's":
            yield "an old profile", profile(text, YOUNG)


def configure(bundle, seccomp, words):
    """The container uses the network namespace of the test. The runtime makes no cgroup, as it may lack the right."""
    with open(f"{bundle}/config.json", encoding="utf-8") as file:
        config = json.load(file)
    config["process"]["terminal"] = False
    config["process"]["noNewPrivileges"] = True
    config["process"]["args"] = words
    linux = config["linux"]
    linux["namespaces"] = [space for space in linux["namespaces"] if space["type"] != "network"]
    linux.pop("seccomp", None)
    linux.pop("resources", None)
    if seccomp is not None:
        linux["seccomp"] = seccomp
    with open(f"{bundle}/config.json", "w", encoding="utf-8") as file:
        json.dump(config, file)


def fetched():
    until = time.monotonic() + 30 * PACE
    while True:
        try:
            with urllib.request.urlopen("http://127.0.0.1:8080/", timeout=10 * PACE) as answer:
                return answer.status, answer.read()
        except OSError as error:
            if time.monotonic() > until:
                return 0, str(error).encode()
            time.sleep(0.2)


def serves(runtime, bundle, state, name, seccomp):
    configure(bundle, seccomp, ENTRY)
    with open(f"{TOP}/www/index.html", "rb") as page, open(f"{state}/said", "w+", encoding="utf-8") as said:
        with subprocess.Popen([*runtime, "--root", state, "run", "-b", bundle, "httpd-test"], stdin=subprocess.DEVNULL,
                              stdout=said, stderr=subprocess.STDOUT) as process:
            status, body = fetched()
            run(*runtime, "--root", state, "kill", "httpd-test", "KILL")
            process.wait(timeout=60 * PACE)
        run(*runtime, "--root", state, "delete", "--force", "httpd-test")
        said.seek(0)
        output = said.read()
        check((status, body) == (200, page.read()) and "GET / HTTP/1.1" in output,
              f"{runtime[0]}, {name}: the page is served and logged: {status} {output[-200:]!r}")


def confined(runtime, bundle, state, name, seccomp, wanted):
    """--check reports both layers under a profile that allows them, and no layer of files under an old profile."""
    configure(bundle, seccomp, ["/httpd", "--check", "/srv"])
    said = run(*runtime, "--root", state, "run", "-b", bundle, "httpd-check").stdout
    run(*runtime, "--root", state, "delete", "--force", "httpd-check")
    told = {line.split(":")[0].strip(): line.split(":", 1)[1].strip() for line in said.splitlines() if ":" in line}
    got = [told.get("files confined", "?")[:3].strip(":"), told.get("calls confined", "?")[:3]]
    check(got == wanted, f"{runtime[0]}, {name}: files and calls are confined: {got} {said[-200:] if got != wanted else ''}")


def runtimes():
    for words in (["crun", "--cgroup-manager=disabled"], ["runc"]):
        if shutil.which(words[0]):
            yield words
        else:
            print(f"left out: the container under {words[0]} ({words[0]} is missing; install {words[0]})")


def image(work):
    first = built(f"{work}/image")
    check(first.returncode == 0, f"units/container/build makes an image: {first.stderr}")
    built(f"{work}/again")
    check(filecmp.cmp(f"{work}/image/index.json", f"{work}/again/index.json", shallow=False), "twice the same bytes")
    if not shutil.which("skopeo"):
        print("left out: skopeo reads the image (skopeo is missing; install skopeo)")
        return
    said = run("skopeo", "inspect", f"oci:{work}/image:httpd")
    check(said.returncode == 0 and json.loads(said.stdout)["Os"] == "linux", f"skopeo inspects it: {said.stderr}")
    said = run("skopeo", "copy", f"oci:{work}/image:httpd", f"docker-archive:{work}/archive:httpd:latest")
    check(said.returncode == 0, f"skopeo makes an archive for Docker of it, all digests right: {said.stderr}")


def containers(work):
    if os.geteuid() != 0 or not shutil.which("umoci"):
        print("left out: running the image (umoci is missing or this is not root; install umoci)")
        return
    said = run("umoci", "unpack", "--image", f"{work}/image:httpd", f"{work}/bundle")
    check(said.returncode == 0, f"umoci unpacks it: {said.stderr[-300:]}")
    with open(f"{work}/bundle/config.json", encoding="utf-8") as file:
        ENTRY.extend(json.load(file)["process"]["args"])
    here = run(f"{TOP}/build/httpd", "--check", f"{TOP}/www").stdout
    for runtime in runtimes():
        state = tempfile.mkdtemp(dir=work)
        configure(f"{work}/bundle", None, ["/httpd", "--version"])
        trial = run(*runtime, "--root", state, "run", "-b", f"{work}/bundle", "httpd-trial")
        if trial.returncode != 0:
            print(f"left out: the container under {runtime[0]} (it starts none here: {trial.stderr.strip()[-100:]})")
            continue
        for name, seccomp in profiles():
            serves(runtime, f"{work}/bundle", state, name, seccomp)
            if re.search("files confined: *yes", here):
                old = name == "an old profile"
                confined(runtime, f"{work}/bundle", state, name, seccomp, ["no" if old else "yes", "yes"])


def main():
    for path, package in PROFILES.values():
        text_of(path, package)  # downloaded before the network is cut off
    if os.environ.get("HTTPD_CONTAINER_INSIDE") is None and os.geteuid() == 0 and shutil.which("unshare"):
        environment = dict(os.environ, HTTPD_CONTAINER_INSIDE="1")
        os.execvpe("unshare", ["unshare", "-n", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh", sys.executable, __file__],
                   environment)
    if not shutil.which("tcpsvd"):
        print("left out: the container (tcpsvd is missing; install ipsvd)")
        print("0 passed, 0 failed")
        return 0
    with tempfile.TemporaryDirectory(prefix="httpd-container-") as work:
        os.chmod(work, 0o755)
        image(work)
        containers(work)
    print(f"{counted[0]} passed, {counted[1]} failed")
    return counted[1] != 0


if __name__ == "__main__":
    sys.exit(main())
