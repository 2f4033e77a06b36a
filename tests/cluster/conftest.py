"""One cluster a test file: two nodes, PostgreSQL, Redis and a front, with a plenary of the size the test asks for."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bench.scene import Scene, written
from bench.sockets import raise_descriptor_limit
from tests.fixtures.prerequisites import require
from tools.cluster.parts import PartFailed
from tools.cluster.topology import Cluster, Plan, free_base

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scale:
    """seats vote; kills of nodes; outage_s: how long a database or Redis is away."""

    seats: int
    kills: int
    outage_s: float


SHORT = Scale(seats=200, kills=1, outage_s=3)
LONG = Scale(seats=2500, kills=20, outage_s=60)
SCALES = [pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.cluster)]


@dataclass
class Town:
    """A cluster and the plenary in it."""

    cluster: Cluster
    scene: Scene
    scale: Scale

    @property
    def front(self) -> str:
        return self.cluster.url

    @property
    def urls(self) -> list[str]:
        """URLs of the nodes."""
        return [self.cluster.node_url(node) for node in self.cluster.nodes]


def finished(work: Coroutine[Any, Any, T]) -> T:
    """In a thread, since the tests' own event loop is not to be touched."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="module", params=SCALES)
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    yield from built(request.param)


def built(scale: Scale, **more: Any) -> Iterator[Town]:
    """more: of tools.cluster.topology.Plan."""
    raise_descriptor_limit(scale.seats * 2 + 500)
    with tempfile.TemporaryDirectory(prefix="pleno-cluster-") as folder:
        asked = {"relay": False, "fsync": False, **more}
        options = ("--core", "python", "--max-clients", "20000", "--drain-s", "3")
        try:
            with Cluster(Plan(Path(folder), free_base(), options=options, **asked)) as cluster:
                found: list[Scene] = []
                cluster.start(lambda: found.append(finished(written(cluster.database, scale.seats))))
                yield Town(cluster, found[0], scale)
        except PartFailed as failed:
            if "is not installed" in str(failed):
                require("a part of the cluster", str(failed))
            raise
