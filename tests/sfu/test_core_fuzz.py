"""The native core under AddressSanitizer and UBSan, fed by libFuzzer, or by a replay of mutated seeds without clang."""

from __future__ import annotations

import os
import random
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.prerequisites import require
from tests.sfu.core_endpoint import VP8_DELTA, VP8_KEY, rtp

NATIVE = Path(__file__).resolve().parent.parent.parent / "signaling" / "sfu" / "native"
COMMON = ["-std=gnu11", "-O1", "-g", "-DSLOTS=16", "-fno-sanitize-recover=all"]
RUNS = {"fuzz_datagram": 200_000, "fuzz_media": 10_000}
REPLAYS = 2_000
BUILD_S, RUN_S = 180, 400  # generous: the machine may be busy


def record(what: int, data: bytes) -> bytes:
    return bytes([what, len(data)]) + data


def media_seeds() -> list[bytes]:
    """Histories in the format of fuzz_media.c: key frame, loss, repair, NACK, switches, removal, every header form."""
    level = (0xBEDE, b"\x20\x9e\0\0")
    frame = [record(0, rtp(1, seq, VP8_DELTA if seq else VP8_KEY, marker=seq == 3)) for seq in range(5)]
    repair = [
        record(0, rtp(1, 7, VP8_DELTA)),
        record(5, b"\x1e"),
        record(4, b"\0"),
        record(0, rtp(2, 1, b"\0\5" + VP8_DELTA)),
    ]
    audio = [record(0, rtp(5, seq, b"opus", extension=level, padding=4)) for seq in (65534, 65535, 0, 1)]
    h264 = [record(0, rtp(3, 9, payload)) for payload in (b"\x78\0\2\x67\x42", b"\x7c\x85\0", b"\x65\x88")]
    nacks = [record(3, bytes([n, 4, 5, 6, 6])) for n in range(3)]
    changes = [record(6, bytes([what, argument])) for what in range(8) for argument in (0, 1, 5, 0x81)]
    forms = [record(0, rtp(1, 30, b"x", csrcs=(1, 2), extension=(0x1000, b"\2\1\x85\0")))]
    reports = [record(2, struct.pack("!BBHII", 0x81, 201, 2, 1, 9))]
    histories = [frame + repair + nacks, audio + nacks + changes, h264 + changes[:6] + frame, forms + reports + frame]
    return [bytes([profile]) + b"".join(history) for profile in range(3) for history in histories]


def datagram_seeds() -> list[bytes]:
    packets = [
        rtp(0x01020304, 1, bytes(40), extension=(0xBEDE, b"\x20\x9e\0\0"), csrcs=(1, 2)),
        rtp(0x05060708, 1, bytes(40), padding=9),
        struct.pack("!BBHII", 0x81, 201, 2, 1, 9) + bytes(40),
        b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12),
        b"\x16\xfe\xfd" + bytes(30),
    ]
    return [bytes([profile]) + packet for profile in range(3) for packet in packets]


def corpus(folder: Path, target: str) -> Path:
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(media_seeds() if target == "fuzz_media" else datagram_seeds()):
        (seeds / f"{number:04}").write_bytes(seed)
    return seeds


def build(compiler: str, sanitizers: str, target: str, output: Path, *more: Path) -> str | None:
    """Why it cannot be built here; None when it was."""
    sources = [path for path in sorted(NATIVE.glob("*.c")) if not path.name.startswith("fuzz_")]
    command = [
        compiler,
        *COMMON,
        f"-fsanitize={sanitizers}",
        "-o",
        output,
        NATIVE / f"{target}.c",
        *more,
        *sources,
        "-lcrypto",
    ]
    built = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_S)
    return built.stderr.strip()[-300:] if built.returncode else None


def assert_survived(run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 0, run.stderr[-6000:]


def mutate(dice: random.Random, seed: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(dice.randrange(1, 12)):
        at = dice.randrange(len(data))
        match dice.randrange(4):
            case 0:
                data[at] = dice.randrange(256)
            case 1:
                data[at] ^= 1 << dice.randrange(8)
            case 2:
                data[at:at] = dice.randbytes(dice.randrange(1, 9))
            case _:
                del data[at : at + dice.randrange(1, 9)]
        data = data or bytearray(b"\0")
    return bytes(data)


def replay(tmp_path: Path, target: str) -> None:
    """Seeds and their mutations, where there is only gcc."""
    compiler = shutil.which("gcc") or require("a sanitizing C compiler", "neither clang nor gcc is installed")
    reason = build(compiler, "address,undefined", target, tmp_path / target, NATIVE / "fuzz_replay.c")
    if reason is not None:
        require("a sanitizing C compiler", reason)
    folder, dice = corpus(tmp_path, target), random.Random(1)
    seeds = [path.read_bytes() for path in sorted(folder.iterdir())]
    for number in range(REPLAYS):
        (folder / f"m{number:05}").write_bytes(mutate(dice, dice.choice(seeds)))
    files = sorted(folder.iterdir())
    run = subprocess.run([tmp_path / target, *files], capture_output=True, text=True, timeout=RUN_S)
    assert_survived(run)
    assert run.stdout == f"replayed {len(files)}\n"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("target", RUNS)
def test_no_input_makes_the_native_core_misbehave(tmp_path: Path, target: str) -> None:
    compiler = shutil.which("clang")
    if compiler is None or build(compiler, "fuzzer,address,undefined", target, tmp_path / target) is not None:
        print("no clang with libFuzzer (Debian: apt install clang): replaying mutated seeds under gcc instead")
        replay(tmp_path, target)
        return
    seeds = corpus(tmp_path, target)
    new = tmp_path / "new"
    new.mkdir()
    limits = [
        f"-runs={RUNS[target]}",
        "-seed=1",
        "-max_len=2000",
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
    ]
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1"}
    command = [tmp_path / target, *limits, new, seeds]
    run = subprocess.run(command, capture_output=True, text=True, timeout=RUN_S, cwd=tmp_path, env=environment)
    assert_survived(run)
    executed = re.search(r"stat::number_of_executed_units: (\d+)", run.stderr)
    assert executed is not None and int(executed[1]) >= RUNS[target]


@pytest.mark.timeout(600)
def test_the_seeds_replay_cleanly_under_gcc(tmp_path: Path) -> None:
    """The way of machines without clang, kept working everywhere."""
    replay(tmp_path, "fuzz_media")
