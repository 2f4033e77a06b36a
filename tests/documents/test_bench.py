"""The record's bench runs end to end and prints the one JSON object that is promised."""

from __future__ import annotations

import asyncio

import pytest

import bench.record
from bench.record import measured, plenary
from sessions.minutes import minutes

PROMISED = {
    "pdf_wall_s",
    "pdf_cpu_s",
    "html_wall_s",
    "again_ms",
    "pdf_bytes",
    "loop_lag_p50_ms",
    "loop_lag_p99_ms",
    "loop_lag_max_ms",
}


@pytest.mark.timeout(300)
def test_the_bench_prints_what_its_head_promises() -> None:
    events = plenary(20)
    found = asyncio.run(measured(events, 1))
    assert set(found) == PROMISED and found["pdf_bytes"] > 100_000
    assert all(name in (bench.record.__doc__ or "") for name in PROMISED)
    told = minutes(bench.record.SESSION, events)
    assert (len(told.priorities), len(told.reserves), len(told.undecided)) == (5, 5, 10)
