"""Size, rate and shape of what strangers send, and what one stalled client may cost the others: nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import socket
import struct
import time

import aiohttp
import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st
from socketio.base_manager import BaseManager

from sessions.errors import ProtocolError
from signaling.gateway import packets
from signaling.gateway.fanout import _Rooms, _SocketIo
from signaling.gateway.messages import Bucket
from tests.gateway import carried
from tests.gateway.served import dial, dialled, serving


async def test_a_megabyte_in_one_message_says_too_large_and_ends_the_connection() -> None:
    async with serving() as served, dialled(served, "moderator", "screen") as (wire, other):
        wire.raw("42" + json.dumps(["command", {"key": "key-00000001", "name": "x", "data": {"t": "x" * 1_000_000}}]))
        await asyncio.wait_for(wire.closed.wait(), 5)
        assert wire.of("bye") == [{"code": "too_large"}] and wire.said_disconnect
        assert (await other.call("sync", {"after": None}))["ok"]
        assert served.gateway.metrics()["violations_total"] == 1


async def test_a_message_of_64_kib_is_read_and_one_byte_more_is_not() -> None:
    async with serving() as served, dialled(served, "moderator", "moderator") as (fits, over):
        head = '420["command",{"key":"key-00000001","name":"no.such","data":{"t":"'
        tail = '"}}]'
        room = 64 * 1024 - len(head) - len(tail)
        answer = fits._acks[0] = asyncio.get_running_loop().create_future()
        fits.raw(head + "x" * room + tail)
        assert (await asyncio.wait_for(answer, 5))["code"] == "unknown_command"
        over.raw(head + "x" * (room + 1) + tail)
        await asyncio.wait_for(over.closed.wait(), 5)
        assert over.of("bye") == [{"code": "too_large"}]


async def test_what_is_too_large_is_refused_by_its_announcement_and_never_held_in_memory() -> None:
    """A frame that announces 1 GB is refused after its first bytes; fragments are counted together."""
    async with carried.serving() as (carrier, echo, url):
        for opening in (
            masked(b"42" + b"x" * 100, announced=1_000_000_000),
            masked(b"42" + b"x" * 40_000, final=False) + masked(b"x" * 40_000, opcode=0, final=False),
        ):
            reader, writer = await shaken(url)
            writer.write(masked(b"40{}"))
            await asyncio.wait_for(reader.readuntil(b"40{"), 5)
            writer.write(opening)
            heard = await asyncio.wait_for(reader.readuntil(b"\x88\x02\x03\xe8"), 5)  # the server hangs up
            assert b'["bye",{"code":"too_large"}]' in heard
            writer.close()
        await carried.until(lambda: carrier.sockets == 0)
        assert carrier.violations == 2 and echo.events == []


async def test_a_client_in_the_middle_of_sending_too_much_still_reads_why_it_is_closed() -> None:
    """Closing at once, with its bytes unread, would reset the connection before it has read anything."""
    async with carried.serving() as (_, _, url):
        reader, writer = await shaken(url)
        writer.write(masked(b"40{}"))
        await asyncio.wait_for(reader.readuntil(b"40{"), 5)
        writer.write(masked(b"42" + b"x" * 100, announced=50_000_000))
        for _ in range(100):
            writer.write(b"x" * 50_000)
            await writer.drain()
            await asyncio.sleep(0.001)
        assert b'["bye",{"code":"too_large"}]' in await asyncio.wait_for(reader.readuntil(b"\x03\xe8"), 5)
        writer.close()


async def test_a_burst_is_served_and_what_comes_too_fast_is_told_when_to_try_again() -> None:
    async with serving(events_per_s=20, event_burst=60) as served, dialled(served, "screen") as (wire,):
        asks = [wire.ask("sync", {"after": None}) for _ in range(80)]
        answers = await asyncio.wait_for(asyncio.gather(*asks), 5)
        fine = [answer for answer in answers if answer["ok"]]
        limited = [answer for answer in answers if not answer["ok"]]
        assert 58 <= len(fine) <= 64
        assert all(answer["code"] == "rate_limited" for answer in limited)
        assert all(0 < answer["data"]["retry_after_ms"] <= 2000 for answer in limited)
        await asyncio.sleep(limited[-1]["data"]["retry_after_ms"] / 1000 + 0.05)
        assert (await wire.call("sync", {"after": None}))["ok"]


async def test_a_flood_ends_the_connection() -> None:
    async with serving(events_per_s=20, event_burst=20) as served, dialled(served, "screen", "moderator") as wires:
        flooder, other = wires
        for _ in range(200):
            flooder.raw("3")  # not even events
        await asyncio.wait_for(flooder.closed.wait(), 5)
        assert flooder.of("bye") == [{"code": "rate_limited"}]
        assert (await other.call("sync", {"after": None}))["ok"]


def test_the_bucket_refills_with_time() -> None:
    bucket = Bucket(rate=20, burst=3, tokens=3, at=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [0, 0, 0, 51]
    assert bucket.take(0.1) == 0
    assert bucket.take(100.0) == 0 and bucket.tokens == 2
    for _ in range(20):
        bucket.take(100.0)
    assert bucket.flooded


GARBAGE = [
    "",
    "9",
    "x",
    "4",
    "4x",
    "42",
    "42[",
    "42{}",
    "42[]",
    "42[7]",
    "42null",
    '42["sync",1,2]',
    '42/admin,["sync",{}]',
    '4299999999999999999999["sync",{}]',
    "42٣[]",
    "42[" * 20000,
    '42["sync",' + "[" * 60000,
    '42["sync",NaN]',
    '42["sync",1e999]',
    '42["sync",' + "9" * 5000 + "]",
    '42["sync","\\ud800"]',
    '42["sync","\\u0000"]',
    '451-["sync",{"_placeholder":true,"num":0}]',
    "461-[]",
    "44{}",
    "40[" * 1000,
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda text: text[:20] or "empty")
async def test_garbage_ends_its_own_connection_and_is_not_logged(
    garbage: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as served, dialled(served, "moderator", "screen") as (wire, other):
        caplog.clear()  # what the database said when it was opened
        wire.raw(garbage)
        await asyncio.wait_for(wire.closed.wait(), 5)
        assert wire.of("bye") == [{"code": "bad_input"}]
        assert (await other.call("sync", {"after": None}))["ok"]
        assert caplog.text == ""


async def test_garbage_in_place_of_the_handshake_is_hung_up_on() -> None:
    async with serving() as served:
        for text in ("40[[[", "40" + "[" * 60000, "x", "40NaN"):
            async with aiohttp.ClientSession() as http:
                async with http.ws_connect(f"{served.url}/socket.io/?EIO=4&transport=websocket") as ws:
                    await ws.send_str(text)
                    async with asyncio.timeout(5):
                        async for _ in ws:
                            pass
        assert served.gateway.metrics()["connections"] == 0


async def test_binary_frames_are_bad_input() -> None:
    async with serving() as served, dialled(served, "screen") as (wire,):
        await wire.ws.send_bytes(b"\x00\x01")
        await asyncio.wait_for(wire.closed.wait(), 5)
        assert wire.of("bye") == [{"code": "bad_input"}]


async def test_text_that_is_not_utf8_is_bad_input() -> None:
    async with carried.serving() as (carrier, _, url):
        reader, writer = await shaken(url)
        writer.write(masked(b"40{}"))
        await asyncio.wait_for(reader.readuntil(b"}"), 5)
        writer.write(masked(b"42\xff\xfe"))
        assert b"bad_input" in await asyncio.wait_for(reader.readuntil(b"\x88\x02\x03\xe8"), 5)
        writer.close()
        await carried.until(lambda: carrier.sockets == 0)


@given(st.text(max_size=200))
def test_any_text_parses_or_is_bad_input(text: str) -> None:
    try:
        event = packets.parse_event("42" + text)
    except ProtocolError as error:
        assert error.code == "bad_input"
    else:
        packets.ack(0, event.payload)  # what was accepted can be sent on


SOUND = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | SOUND, st.lists, max_leaves=20))
def test_what_was_sent_is_what_is_received(payload: object) -> None:
    assert packets.parse_event(packets.event("e", payload).text) == packets.Event("e", payload, None)


async def test_a_connection_that_never_introduces_itself_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signaling.gateway.fanout._CONNECT_WITHIN_S", 0.5)
    async with carried.serving() as (carrier, _, url), aiohttp.ClientSession() as http:
        async with http.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket") as ws:
            await ws.receive()
            assert carrier.sockets == 1
            assert (await asyncio.wait_for(ws.receive(), 5)).type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.CLOSE)
        await carried.until(lambda: carrier.sockets == 0)


async def test_slow_readers_are_cut_off_and_the_others_do_not_notice() -> None:
    """Four clients stop reading; each costs the server little more than the limit, everybody else hears all of it."""
    async with carried.serving(slow_reader_bytes=64 * 1024) as (carrier, echo, url):
        stalled = [await stuck(url) for _ in range(4)]
        reader = await dial(url, {})
        await carried.until(lambda: len(echo.links) == 5)
        payload = "jalan " * 1000
        for number in range(2000):
            carrier.broadcast(echo.links, [packets.event("frame", [number, payload])])
            if number % 10 == 0:
                await asyncio.sleep(0)
        await reader.until(lambda: len(reader.heard) == 2000)
        assert [heard[0] for heard in reader.of("frame")] == list(range(2000))
        assert carrier.slow_readers == 4 and len(echo.links) == 1
        await reader.close()
        for sock in stalled:
            sock.close()


async def test_two_hundred_dropped_at_once_leave_nothing_behind_and_may_come_back() -> None:
    async with serving(max_clients=500) as served:
        for _ in range(2):
            wires = await asyncio.gather(*(dial(served.url, {"credential": "public"}) for _ in range(200)))
            answers = await asyncio.gather(*(wire.call("sync", {"after": None}) for wire in wires))
            assert all(answer["ok"] for answer in answers)
            assert served.gateway.metrics()["people"] == 200
            for wire in wires:
                assert wire.ws._response.connection is not None
                wire.ws._response.connection.transport.abort()  # type: ignore[union-attr]
            await carried.until(lambda: served.gateway.metrics()["connections"] == 0)
            assert served.gateway.metrics()["people"] == 0
            await asyncio.gather(*(wire.close() for wire in wires))


def test_frames_go_on_while_clients_vanish_on_the_loop_of_the_product() -> None:
    """uvloop raises on a write to a closed transport, which once ended the round for everybody after it."""

    async def scenario() -> None:
        async with carried.serving() as (carrier, echo, url):
            wires = [await dial(url, {}) for _ in range(31)]
            stayed = wires[30]
            for number in range(300):
                if number % 20 == 0:
                    wires[number // 10].ws._response.connection.transport.abort()  # type: ignore[union-attr]
                    await wires[number // 10 + 1].ws.close()
                carrier.broadcast(list(echo.links), [packets.event("frame", number)])
                await asyncio.sleep(0)
            await stayed.until(lambda: len(stayed.heard) == 300)
            await carried.until(lambda: carrier.sockets == 1)
            assert carrier.slow_readers == 0
            for wire in wires:
                await wire.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scenario())


async def test_leaving_costs_the_same_in_a_crowd() -> None:
    """Stock scans every room when one client leaves: 4,000 leaving took seconds. Here it is a ratio near one."""

    def cost(crowd: int) -> float:
        manager = _Rooms()
        manager.set_server(_SocketIo(async_mode="aiohttp", client_manager=manager))
        sids = [BaseManager.pre_connect(manager, f"e{number}", "/") for number in range(crowd)]
        for sid in sids:
            BaseManager.connect(manager, sid, "/")
        random.Random(1).shuffle(sids)
        start = time.process_time()
        for sid in sids:
            manager.pre_disconnect(sid, "/")
            manager.basic_disconnect(sid, "/")
        spent = time.process_time() - start
        assert not manager.rooms and not manager.pending_connect and not manager.pending_disconnect
        return spent / crowd

    assert cost(4000) < 8 * cost(250) + 2e-6


# -- sockets by hand


def masked(payload: bytes, *, opcode: int = 1, final: bool = True, announced: int | None = None) -> bytes:
    """A client frame with a zero mask; `announced` lies about the length."""
    size = len(payload) if announced is None else announced
    head = bytes([(0x80 if final else 0) | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += b"\xfe" + struct.pack("!H", size)
    else:
        head += b"\xff" + struct.pack("!Q", size)
    return head + b"\0\0\0\0" + payload


def upgrade(host: str) -> bytes:
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    return (
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


async def shaken(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A bare connection that has been upgraded to a WebSocket."""
    host = url.removeprefix("http://")
    name, port = host.split(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(upgrade(host))
    await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    return reader, writer


async def stuck(url: str) -> socket.socket:
    """A client that never reads again once it is in."""
    host = url.removeprefix("http://")
    name, port = host.split(":")
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(sock, (name, int(port)))
    await loop.sock_sendall(sock, upgrade(host) + masked(b"40{}"))
    heard = b""
    while b"40{" not in heard:
        heard += await loop.sock_recv(sock, 4096)
    return sock


def test_the_helpers_frames_are_what_the_standard_says() -> None:
    assert masked(b"Hi") == b"\x81\x82\0\0\0\0Hi"
    assert packets.ws_frame(b"x" * 126)[:4] == b"\x81\x7e\x00\x7e"
    assert packets.ws_frame(os.urandom(65536))[:10] == b"\x81\x7f" + (65536).to_bytes(8, "big")


async def test_random_bytes_after_the_upgrade_harm_nobody(caplog: pytest.LogCaptureFixture) -> None:
    dice = random.Random(20180123)
    async with carried.serving() as (carrier, _, url):
        witness = await dial(url, {})
        for _ in range(80):
            reader, writer = await shaken(url)
            if dice.random() < 0.5:
                writer.write(masked(b"40{}"))
            noise = dice.randbytes(dice.randrange(1, 400))
            writer.write(masked(noise) if dice.random() < 0.5 else noise)
            writer.write_eof()
            with contextlib.suppress(ConnectionResetError):
                await asyncio.wait_for(reader.read(-1), 5)
            writer.close()
        await carried.until(lambda: carrier.sockets == 1, 10.0)
        answer = await witness.call("echo", {"still": "here"})
        assert answer == {"still": "here"}
        assert caplog.text == ""
        await witness.close()
