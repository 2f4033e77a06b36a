"""Long polling's waiting: called off in the same moment in which something comes, it ends and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from engineio import packet

from tests.gateway import carried


@asynccontextmanager
async def polled() -> AsyncIterator[tuple[Any, Any]]:
    """The carrier and the server's side of a connection that polls, with nothing waiting for it."""
    async with carried.serving() as (carrier, _, url), aiohttp.ClientSession() as http:
        async with http.get(f"{url}/socket.io/?EIO=4&transport=polling") as answer:
            sid = (await answer.text()).split('"sid":"')[1].split('"')[0]
        yield carrier, carrier._sio.eio.sockets[sid]


async def begun(work: Any) -> asyncio.Task[Any]:
    """A task that has come to where it waits."""
    task = asyncio.ensure_future(work)
    for _ in range(3):
        await asyncio.sleep(0)
    return task


async def test_a_poll_called_off_when_something_comes_ends_and_leaves_it_to_the_next() -> None:
    async with polled() as (_, socket):
        poll = await begun(socket.poll())
        socket.queue.put_nowait(packet.Packet(packet.MESSAGE, "2[]"))
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        assert [found.data for found in await socket.poll()] == ["2[]"]


async def test_a_farewell_called_off_when_the_last_words_are_read_ends() -> None:
    async with polled() as (carrier, socket):
        socket.queue.put_nowait(packet.Packet(packet.MESSAGE, "2[]"))
        farewell = await begun(carrier.hang_up(socket, for_good=False))
        await socket.poll()  # the last words are read
        farewell.cancel()
        with pytest.raises(asyncio.CancelledError):
            await farewell
