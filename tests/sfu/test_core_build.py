"""Building and choosing the core: what happens where it cannot be built, is stale, or is not there."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from signaling.sfu import core
from tests.fixtures.prerequisites import require
from tests.sfu.core_endpoint import Rig
from tests.sfu.core_rig import need_native

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the build reads, so that nothing of ours is touched; its path has a space."""
    copy = tmp_path / "a copy"
    shutil.copytree(ROOT / "signaling" / "sfu" / "native", copy / "signaling" / "sfu" / "native")
    (copy / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "build_core.py", copy / "tools")
    return copy


def build(tree: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, tree / "tools" / "build_core.py", *options]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=100)


def need_compiler() -> None:
    spec = importlib.util.spec_from_file_location("build_core", ROOT / "tools" / "build_core.py")
    assert spec is not None and spec.loader is not None
    tool: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    reason = tool.why_impossible(["cc"])
    if reason is not None:
        require("a C compiler with OpenSSL headers", reason)


@pytest.fixture
def free_socket() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.bind(("127.0.0.1", 0))
        yield sock


def test_without_a_compiler_it_says_so_and_is_no_failure(tree: Path) -> None:
    result = build(tree, CC="no-such-compiler")
    assert result.returncode == 0
    assert "not built" in result.stderr and "no C compiler (no-such-compiler)" in result.stderr
    assert not (tree / "signaling" / "sfu" / "_core.so").exists()
    assert build(tree, "--require", CC="no-such-compiler").returncode == 1


def test_without_openssl_headers_it_says_so(tree: Path) -> None:
    need_compiler()
    result = build(tree, CC="cc -nostdinc")
    assert result.returncode == 0
    assert "no OpenSSL 3 headers" in result.stderr


def test_a_source_that_does_not_compile_is_told_and_leaves_the_old_library(tree: Path) -> None:
    need_compiler()
    assert build(tree).returncode == 0
    library = tree / "signaling" / "sfu" / "_core.so"
    before = library.read_bytes()
    (tree / "signaling" / "sfu" / "native" / "window.c").write_text("not C\n")
    result = build(tree)
    assert "window.c" in result.stderr
    assert library.read_bytes() == before
    assert [path.name for path in library.parent.glob("*.so")] == ["_core.so"]


def test_it_builds_once_and_again_only_when_a_source_changed(tree: Path) -> None:
    need_compiler()
    assert build(tree).stdout == "native core: built\n"
    assert build(tree).stdout == "native core: current\n"
    with (tree / "signaling" / "sfu" / "native" / "bytes.h").open("a") as header:
        header.write("/* changed */\n")
    assert build(tree).stdout == "native core: built\n"


def test_compiling_gives_no_warning(tree: Path) -> None:
    need_compiler()
    assert build(tree, CC="cc -Werror -Wconversion -Wshadow").stdout == "native core: built\n"


def test_auto_takes_the_native_core_where_it_loads(free_socket: socket.socket) -> None:
    need_native()
    assert core.open_core(free_socket).name == "native"
    assert core.open_core(free_socket, "native").name == "native"
    assert core.open_core(free_socket, "python").name == "python"


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(core, "_loaded", None)
    return monkeypatch


def test_auto_falls_back_and_native_does_not(
    unloaded: pytest.MonkeyPatch, free_socket: socket.socket, tmp_path: Path
) -> None:
    unloaded.setattr(core, "LIBRARY", tmp_path / "_core.so")
    assert core.open_core(free_socket).name == "python"
    reason = core.why_not_native()
    assert reason is not None and "_core.so" in reason and "tools/build_core.py" in reason
    with pytest.raises(core.NativeUnavailable):
        core.open_core(free_socket, "native")


def test_a_library_of_another_header_is_refused(
    unloaded: pytest.MonkeyPatch, free_socket: socket.socket, tmp_path: Path
) -> None:
    need_native()
    other = tmp_path / "core.h"
    other.write_text(core.HEADER.read_text().replace("packets, octets, recovered", "packets, recovered"))
    unloaded.setattr(core, "HEADER", other)
    unloaded.setattr(core, "_loaded", None)
    assert "another core.h" in (core.why_not_native() or "")
    assert core.open_core(free_socket).name == "python"


def test_where_the_kernel_cannot_segment_packets_leave_one_by_one() -> None:
    need_native()
    rig = Rig("native")
    try:
        no_checksum = 11  # SO_NO_CHECK, which UDP_SEGMENT refuses
        rig.sock.setsockopt(socket.SOL_SOCKET, no_checksum, 1)
        publisher, subscriber, _, _ = rig.pair()
        for seq in range(30):
            publisher.sock.sendto(publisher.tx.protect(bytes(rtp_of(seq))), rig.address)
        rig.pump()
        assert [packet.payload[0] for packet in subscriber.receive()] == list(range(30))
        totals = rig.core.totals()
        assert (totals.packets_out, totals.send_errors) == (30, 0)
    finally:
        rig.close()


def rtp_of(seq: int) -> bytes:
    return bytes([0x80, 96, seq >> 8, seq & 255, 0, 0, 0, 0, 0, 0, 0, 1, seq]) + bytes(1000)
