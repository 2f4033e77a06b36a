"""Media through a whole cluster: its front, its relay and its two nodes, on an address that relays may reach."""

from __future__ import annotations

from collections.abc import Iterator

import aioice.ice
import pytest

from tests.cluster import media
from tests.cluster.conftest import Scale, Town, built
from tests.deploy.relay import own_address

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    yield from built(Scale(seats=2, kills=1, outage_s=0), relay=True, listen="0.0.0.0", announce=own_address())


@pytest.fixture(autouse=True)
def own_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: [own_address()])


async def test_media_go_between_nodes_and_go_on_when_the_node_that_carries_them_is_killed(town: Town) -> None:
    await media.host_killed(town)


async def test_the_relay_lets_people_reach_the_media_workers_and_nothing_else(town: Town) -> None:
    await media.relay_confined(town)
