"""Simulated halls on the real product: they publish, survive kills, and go when told."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.simulate.halls import Voices
from tests.e2e.product import Product, Simulation

HALLS = 3


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    running = Product(tmp_path / "data", tmp_path / "server.log")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def simulation(product: Product, tmp_path: Path) -> Iterator[Simulation]:
    running = Simulation(product, tmp_path / "simulation.log", ("--halls", str(HALLS), "--lively"))
    running.start()
    yield running
    running.stop()


def metric(product: Product, name: str) -> float:
    with urllib.request.urlopen(product.url + "/metrics", timeout=5) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(f"pleno_media_{name} "):
                return float(line.split()[1])
    return 0.0


def until(check: Callable[[], bool], timeout_s: float = 40) -> None:
    deadline = time.monotonic() + timeout_s
    while not check():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.2)


def test_halls_publish_and_come_back_after_a_kill_of_the_worker_and_of_the_server(
    product: Product, simulation: Simulation
) -> None:
    def publishing() -> bool:
        return metric(product, "connected") >= HALLS and metric(product, "packets_in_total") > 100

    until(publishing)
    worker = _worker_of(product)
    os.kill(worker, signal.SIGKILL)
    until(lambda: metric(product, "restarts") == 1)
    until(publishing)
    product.kill()
    product.start()
    until(publishing)
    assert simulation.process is not None and simulation.process.poll() is None
    simulation.process.send_signal(signal.SIGINT)
    assert simulation.process.wait(10) == 0
    assert "Traceback" not in simulation.log.read_text()
    until(lambda: metric(product, "connected") == 0)


def _worker_of(product: Product) -> int:
    """The worker process that serves the product's media port (its spare has begun nothing yet)."""
    assert product.process is not None
    children = Path(f"/proc/{product.process.pid}/task/{product.process.pid}/children").read_text().split()
    workers = [int(pid) for pid in children if "signaling.sfu.worker" in Path(f"/proc/{pid}/cmdline").read_text()]
    return min(workers)  # the spare was started after it


def test_whoever_holds_the_floor_speaks_and_nobody_else() -> None:
    voices = Voices(["a", "b", "c"])
    assert [voices.speaks(hall) for hall in "abc"] == [True, False, False]
    voices.holder = "c"
    assert [voices.speaks(hall) for hall in "abc"] == [False, False, True]
    voices.holder = "somebody real"
    assert not any(voices.speaks(hall) for hall in "abc")
