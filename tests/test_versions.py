"""Nothing is installed or locked in a version in which something is known to be broken."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from tests.fixtures.prerequisites import require

ROOT = Path(__file__).resolve().parent.parent
# python-socketio loaded pickles from its message queue until 5.14.0 and could be filled with attachments until 5.16.2;
# the others are the oldest that everything here was tried with.
FLOORS = {
    "python-socketio": (5, 16, 3),
    "python-engineio": (4, 13, 3),
    "aiohttp": (3, 14, 5),
    "aiortc": (1, 16, 0),
    "aioice": (0, 12),
}
COTURN = (4, 5, 2)  # before it, loopback could be reached through IPv6 zero addresses (CVE-2020-26262)


def numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    assert found is not None, version
    return tuple(int(part) for part in found[0].split("."))


@pytest.mark.parametrize("package", FLOORS)
def test_what_is_installed_is_new_enough(package: str) -> None:
    assert numbers(metadata.version(package)) >= FLOORS[package]


@pytest.mark.parametrize("lock", ["run.lock", "test.lock"])
@pytest.mark.parametrize("package", FLOORS)
def test_what_is_locked_is_new_enough(package: str, lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    (version,) = re.findall(rf"^{re.escape(package)}==([0-9.]+)", text, re.M)
    assert numbers(version) >= FLOORS[package]


def test_every_locked_package_has_its_hash() -> None:
    for lock in ("run.lock", "test.lock"):
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        packages = re.split(r"\n(?=[a-z0-9])", text.strip())
        assert len(packages) > 20 and not [one for one in packages if "==" not in one or "--hash=sha256:" not in one]


def test_the_relay_is_new_enough() -> None:
    program = shutil.which("turnserver") or require("coturn", "apt-get install coturn")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False)
    (version,) = re.findall(r"^(\d+\.\d+\.\d+)", said.stdout + said.stderr, re.M)[:1]
    assert numbers(version) >= COTURN


def test_an_older_version_would_be_noticed() -> None:
    assert numbers("5.16.2") < FLOORS["python-socketio"]
    assert numbers("0.12.0") >= FLOORS["aioice"] and numbers("4.10.0") >= COTURN
