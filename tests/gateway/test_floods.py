"""What a stranger could send without end beside any event: WebSocket pings, and farewells by the thousand."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from signaling.gateway import fanout
from tests.gateway import carried
from tests.gateway.served import dialled, serving
from tests.gateway.test_bounds import masked, shaken, stuck
from tests.sessions.given import SESSION


async def test_pings_whose_answers_nobody_reads_end_the_connection() -> None:
    """Each is answered at once, so unread answers would pile up in the server's memory for as long as pings come."""
    async with carried.serving(slow_reader_bytes=64 * 1024) as (carrier, echo, url):
        sock = await stuck(url)
        await carried.until(lambda: len(echo.links) == 1)
        transport = echo.links[0].pipe.transport
        loop, pings, most = asyncio.get_running_loop(), masked(b"x" * 125, opcode=9) * 2000, 0
        try:
            for _ in range(100):
                await asyncio.wait_for(loop.sock_sendall(sock, pings), 2)
                most = max(most, transport.get_write_buffer_size())
        except (ConnectionError, TimeoutError):
            pass
        await carried.until(lambda: carrier.sockets == 0)
        assert most < 1_000_000 and carrier.slow_readers == 1
        sock.close()


async def test_a_thousand_farewells_in_one_payload_are_one() -> None:
    """Long polling carries many packets at once, and a farewell costs a task that lingers."""
    async with carried.serving() as (carrier, _, url), aiohttp.ClientSession() as http:
        polling = f"{url}/socket.io/?EIO=4&transport=polling"
        async with http.get(polling) as answer:
            sid = (await answer.text()).split('"sid":"')[1].split('"')[0]
        async with http.post(f"{polling}&sid={sid}", data="\x1e".join(["1"] * 5000)) as answer:
            assert answer.status == 200
            assert len(carrier._tasks) <= 1
        await carried.until(lambda: carrier.sockets == 0)


async def test_one_card_does_not_fill_the_server() -> None:
    """A ninth device of a seat takes the place of its first, so a single delegate's card is no way to `server_full`."""
    async with serving() as served, dialled(served, "seat-11", *["seat-07"] * 11) as (other, *devices):
        await devices[2].until(lambda: devices[2].of("bye"))
        assert [device.of("bye") for device in devices] == [[{"code": "replaced"}]] * 3 + [[]] * 8
        await carried.until(lambda: served.gateway.metrics()["people"] == 9)
        for stays in (devices[-1], other):
            assert (await stays.call("sync", {"after": None}))["ok"]
        assert served.gateway._plenaries[SESSION].presence.participants == 2


async def test_connections_of_one_card_speak_as_one() -> None:
    """A seat's eight devices, or twenty of a moderator's card, have no more to say than one: its rate, two bursts."""

    def of(answers: list[Any]) -> list[Any]:
        return [answer["code"] for answer in answers if not answer["ok"]]

    async with serving(events_per_s=1, event_burst=5) as served:
        async with dialled(served, "seat-07", "seat-07", "seat-07", "seat-11", "public", "public", "public") as wires:
            *devices, other, _, _, _ = wires
            said = await asyncio.gather(*(wire.call("sync", {"after": None}) for wire in devices * 4))
            assert 1 <= len(of(said)) <= 2, "twelve events, ten at once, and perhaps a second went by"
            waits = [answer["data"]["retry_after_ms"] for answer in said if not answer["ok"]]
            assert all(0 < wait <= 2000 for wait in waits)
            onlookers = wires[4:]
            for others in ([other], onlookers):
                assert of(await asyncio.gather(*(wire.call("sync", {"after": None}) for wire in others * 4))) == []
        async with dialled(served, "seat-07") as (again,):
            fresh = [await again.call("sync", {"after": None}) for _ in range(5)]
            assert len(of(fresh)) >= 2, "a new connection is no new card"


async def test_strangers_who_say_nothing_do_not_keep_others_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that has shown no credential gives its place to a newcomer once it had time to show one."""
    monkeypatch.setattr(fanout, "_GRACE_S", 60.0)
    async with carried.serving(max_clients=4) as (carrier, _, url), aiohttp.ClientSession() as http:
        member, writer = await shaken(url)
        writer.write(masked(b"40{}"))
        await asyncio.wait_for(member.readuntil(b"40{"), 5)
        strangers = [await shaken(url) for _ in range(67)]
        polling = f"{url}/socket.io/?EIO=4&transport=polling"
        async with http.get(polling) as answer:
            assert (answer.status, await answer.text()) == (503, "server_full"), "they may be on their way in"
        monkeypatch.setattr(fanout, "_GRACE_S", 0.0)
        async with http.get(polling) as answer:
            assert answer.status == 200
        assert await asyncio.wait_for(strangers[0][0].read(), 5) is not None, "the oldest went"
        await carried.until(lambda: carrier.sockets == 68)
        writer.write(masked(b'420["echo",1]'))
        await asyncio.wait_for(member.readuntil(b"430[1]"), 5)
        for _, other in [*strangers, (member, writer)]:
            other.close()
