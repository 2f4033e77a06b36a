"""The wheel carries the client and the native core; the locks name no host; nobody else owns our package names."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# versions below which something is known to be broken (docs/adr/0001)
FLOORS = {
    "python-socketio": (5, 16, 3),
    "python-engineio": (4, 13, 3),
    "aiohttp": (3, 14, 5),
    "aiortc": (1, 16, 0),
    "aioice": (0, 12, 0),
}


def version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", metadata.version(name))[:3])


@pytest.mark.parametrize("name", FLOORS)
def test_no_version_below_a_known_defect(name: str) -> None:
    assert version(name) >= FLOORS[name]


def test_no_other_distribution_owns_our_three_names() -> None:
    owners = metadata.packages_distributions()
    for name in ("server", "signaling", "sessions"):
        assert set(owners.get(name, [])) <= {"pleno"}, f"{name} also belongs to {owners[name]}"


def test_the_locks_pin_by_hash_and_name_no_host() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert "://" not in text
        blocks = [block for block in re.split(r"\n(?=\S)", text) if "==" in block]
        assert blocks
        assert all("--hash=sha256:" in block for block in blocks)
    for lock in [ROOT / "client_web/package-lock.json", *ROOT.glob("bench/peers/*/package-lock.json")]:
        text = lock.read_text()
        assert '"resolved"' not in text
        assert '"integrity"' in text


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements/test.lock").read_text(), re.M))
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    assert {re.split(r"[\[<>=!~ ]", line)[0] for line in wanted} <= locked


def test_the_wheel_carries_the_client_and_the_native_core(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "server/static/index.html" in names
    assert any(re.match(r"server/static/assets/.*\.js\.br$", name) for name in names)
    assert "signaling/sfu/_core.so" in names
    assert "-py3-none-linux_" in wheel.name
    assert any(name.startswith("server/store/migrations/") for name in names)
    assert any(name.endswith("usulan-bekasi.csv") for name in names)
    assert any(name.endswith("server/documents/templates/record.typ") for name in names)
    assert not any("client_web" in name or "tests/" in name for name in names)
