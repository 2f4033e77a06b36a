"""Claims across two servers on one PostgreSQL: one device wins, guesses count together, the older device leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
import socketio

from server.app import Running
from server.desks import system
from server.store.claims import TRIES_MOST
from tests.http.conftest import cluster, until
from tests.http.test_claims import NEW, OLD, card, code, credential, enter, other_pin
from tests.http.test_exchange import SESSION
from tests.http.test_nodes import nodes

__all__ = ["cluster", "nodes"]


@pytest.fixture
async def doors(nodes: list[Running]) -> AsyncIterator[list[aiohttp.ClientSession]]:
    """An HTTP client at each node."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(aiohttp.ClientSession(node.url)) for node in nodes]


async def connected(node: Running, credential: str, heard: list[str]) -> socketio.AsyncClient:
    """A page at this node; what it is told as goodbye goes to `heard`."""
    page = socketio.AsyncClient(reconnection=False)
    page.on("bye", lambda told: heard.append(told["code"]))
    await page.connect(node.url, transports=["websocket"], auth={"credential": credential}, wait_timeout=30)
    return page


async def called(page: socketio.AsyncClient, name: str, data: dict[str, Any]) -> Any:
    return await page.call("command", {"key": "key-0001-of-page", "name": name, "data": data}, timeout=30)


async def test_one_device_wins_a_card_and_leaves_when_another_takes_it(
    nodes: list[Running], doors: list[aiohttp.ClientSession]
) -> None:
    one, two = doors
    seats = [f"pejuang-rw-{number:02}" for number in range(1, 11)]
    shown = [card(nodes[0], seat) for seat in seats]
    both = await asyncio.gather(*(enter(http, it, device) for it in shown for http, device in ((one, OLD), (two, NEW))))
    statuses = [sorted(status for status, _ in both[at : at + 2]) for at in range(0, len(both), 2)]
    assert statuses == [[200, 409]] * len(seats), "each card one device, whichever node it came to"

    mine, wrong = card(nodes[0], "pejuang-rw-12"), other_pin(card(nodes[0], "pejuang-rw-12")["pin"])
    held = await credential(one, mine, OLD)
    tried = await asyncio.gather(*(code(http, mine, NEW, wrong) for http in doors for _ in range(TRIES_MOST)))
    assert tried.count("pin_wrong") == TRIES_MOST - 1, "five for all nodes together"

    other = card(nodes[0], "pejuang-rw-13")
    heard: list[str] = []
    older = await connected(nodes[1], await credential(two, other, OLD), heard)
    newer = await credential(one, other, NEW, other["pin"])
    await until(lambda: heard == ["pass_moved"])
    taken: list[str] = []
    page = await connected(nodes[1], newer, taken)
    assert (await called(page, "floor.request", {}))["code"] == "wrong_phase", "its commands are heard"
    desk = await nodes[0].services.desks.desk(SESSION)
    await desk.submit("pass.revoke", {"pass": "seat-pejuang-rw-13"}, system(SESSION), "revoke-0001")
    await until(lambda: taken == ["pass_revoked"])
    for left in (older, page):
        await left.disconnect()
    async with two.get(f"/api/sessions/{SESSION}/snapshot", headers={"Authorization": f"Bearer {held}"}) as answer:
        assert answer.status == 200, "other cards stay where they are"
