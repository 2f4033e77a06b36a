"""The rules about imports, banned names and types are each seen red on a planted violation, and green on the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("server", "signaling", "sessions")
LINT_IMPORTS = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the three packages and their settings, to plant violations in."""
    copy = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, copy / package, ignore=shutil.ignore_patterns("static", "__pycache__", "*.so", "native")
        )
    return copy


def check(tree: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("sessions/planted.py", "import signaling.engine", "layers"),
        ("signaling/planted.py", "import server.config", "layers"),
        ("sessions/planted.py", "import aiohttp", "sessions knows only the standard library"),
        ("signaling/sfu/planted.py", "import sessions.ids", "a packet never meets the domain"),
        ("signaling/sfu/planted.py", "import socketio", "a packet never meets the domain"),
        ("signaling/gateway/planted.py", "import sqlalchemy", "signaling knows no storage"),
        ("signaling/gateway/planted.py", "import signaling.sfu.mux", "the gateway does not touch packets"),
    ],
)
def test_a_planted_import_breaks_its_contract(tree: Path, module: str, line: str, contract: str) -> None:
    planted = tree / module
    planted.write_text(f'"""Planted."""\n\n{line}\n')
    try:
        done = check(tree, LINT_IMPORTS)
    finally:
        planted.unlink()
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("sessions/planted.py", "import time\n\nNOW = time.time()\n"),
        ("sessions/planted.py", "import random\n\nDICE = random.random()\n"),
        ("sessions/planted.py", "from datetime import datetime\n\nNOW = datetime.now()\n"),
        ("signaling/planted.py", "import os\n\nHOME = os.environ\n"),
        ("server/planted.py", "import os\n\nHOME = os.environ\n"),
        ("signaling/planted.py", "import sqlalchemy\n\nX = sqlalchemy\n"),
        ("server/planted.py", "import redis\n\nX = redis\n"),
    ],
)
def test_a_banned_name_is_found(tree: Path, module: str, text: str) -> None:
    planted = tree / module
    planted.write_text(f'"""Planted."""\n\n{text}')
    try:
        done = check(tree, [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", module])
    finally:
        planted.unlink()
    assert done.returncode != 0
    assert "TID251" in done.stdout


def test_an_untyped_function_is_found(tree: Path) -> None:
    planted = tree / "sessions/planted.py"
    planted.write_text('"""Planted."""\n\n\ndef untyped(x):\n    return x\n')
    try:
        done = check(tree, [sys.executable, "-m", "mypy", "--no-incremental", "sessions/planted.py"])
    finally:
        planted.unlink()
    assert done.returncode != 0
    assert "no-untyped-def" in done.stdout


def test_the_tree_itself_keeps_its_contracts() -> None:
    done = check(ROOT, LINT_IMPORTS)
    assert done.returncode == 0, done.stdout


def test_modules_stay_small() -> None:
    sizes = {
        path.relative_to(ROOT): len(path.read_text().splitlines())
        for folder in (*PACKAGES, "bench", "client_web/src", "tests", "tools")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".ts", ".svelte", ".c", ".h"} and not {"static", "node_modules"} & set(path.parts)
    }
    assert {str(path): size for path, size in sizes.items() if size > 500} == {}
