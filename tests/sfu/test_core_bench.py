"""The media bench keeps its word: one JSON object with the documented keys, from a load that really flowed."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import media
from bench.peers.media_load import Counts
from tests.sfu.core_rig import need_native

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = {
    "core",
    "publishers",
    "subscribers",
    "pps_out",
    "cpu_us_per_packet",
    "rss_kb_per_subscription",
    "peer_cpu_us_per_packet",
    "ratio_to_peer",
}


@pytest.mark.timeout(200)
def test_a_short_run_prints_one_object_and_loses_nothing() -> None:
    need_native()
    command = [sys.executable, "-m", "bench.media", "--publishers", "3", "--subscribers", "3", "--seconds", "1"]
    # any rate will do here: the machine may be busy, and the figures are not looked at
    command += ["--pps", "1200", "--tolerance", "0.9"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=180)
    assert run.returncode == 0, run.stderr[-3000:]
    (line,) = run.stdout.splitlines()
    told = json.loads(line)
    assert told.keys() >= KEYS
    assert all(f"{key}" in (media.__doc__ or "") for key in told)
    assert (told["core"], told["decrypted"], told["peer"], told["ratio_to_peer"]) == ("native", 1.0, None, None)
    assert told["pps_out"] > 0 and told["cpu_us_per_packet"] > 0


def run_of(pps: float, cpu_us: float, authentic: int = 100, profile: str = "AEAD_AES_256_GCM") -> media.Run:
    return media.Run(pps, cpu_us, 50.0, Counts(10, 100, authentic, 0, 1), profile)


OPTIONS = argparse.Namespace(
    core="native", publishers=1, subscribers=50, watch=None, peer="janus", seconds=8.0, pps=15_000, tolerance=0.05
)


@pytest.mark.parametrize(
    ("pair", "fair"),
    [
        ([run_of(15_100, 4), run_of(14_900, 20)], True),
        ([run_of(15_100, 4), run_of(9_000, 20)], False),
        ([run_of(9_000, 4)], False),
        ([run_of(15_000, 4, authentic=99), run_of(15_000, 20)], False),
        ([run_of(15_000, 4), run_of(15_000, 20, profile="AES128_CM_SHA1_80")], False),
    ],
)
def test_only_equal_loads_are_compared(pair: list[media.Run], fair: bool) -> None:
    assert (media.dishonest(OPTIONS, pair) is None) is fair


def test_the_ratio_is_the_median_over_pairs() -> None:
    ours = [run_of(15_000, cpu) for cpu in (4.0, 9.0, 5.0)]
    theirs = [run_of(15_000, cpu) for cpu in (20.0, 18.0, 20.0)]
    told = media.report(OPTIONS, ours, theirs)
    assert (told["ratio_to_peer"], told["cpu_us_per_packet"], told["peer_cpu_us_per_packet"]) == (0.25, 5.0, 20.0)


def test_the_whole_process_tree_is_counted() -> None:
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(input())'], stdin=sys.stdin)"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdin is not None
        while len(media.process_tree(parent.pid)) < 2:
            os.sched_yield()
        assert media.rss_kb(parent.pid) > media.rss_kb(media.process_tree(parent.pid)[1]) > 0
        parent.stdin.write(b"done\n")
