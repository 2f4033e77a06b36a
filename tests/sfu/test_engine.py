"""The embedded engine: its worker's life, its refusals, its time-outs."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import time

import pytest

from signaling.engine import Direction, EngineError, PeerRef, Shown
from signaling.engine_embedded import EmbeddedEngine
from signaling.sfu import process
from signaling.sfu.addresses import candidates, own_addresses, split_address
from signaling.sfu.worker import MAX_ROOMS, REPORT_TICKS, next_tick
from tests.sfu.engine import ROOM, Events, eventually, ref, running
from tests.sfu.test_sdp import read

TRACKS = {"0": "mic", "1": "camera"}


async def refused(work: object) -> EngineError:
    with pytest.raises(EngineError) as error:
        await work
    return error.value


async def test_a_taken_port_is_an_os_error() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        engine = EmbeddedEngine(
            host="127.0.0.1",
            port=taken.getsockname()[1],
            announce=(),
            core="auto",
            listener=Events(),
            log=logging.getLogger("test"),
        )
        with pytest.raises(OSError, match="in use"):
            await engine.start()
        await engine.close()


async def test_malformed_and_impossible_offers_are_refused_with_their_line_and_harm_nobody() -> None:
    async with running() as (engine, _):
        peer, good = ref("pejuang"), read("chromium_publish")
        error = await refused(engine.publish(peer, good.replace("a=setup:actpass", "a=setup:x", 1), TRACKS))
        assert (error.code, error.data["line"]) == ("bad_sdp", good.split("a=setup")[0].count("\n") + 1)
        for text, tracks in (
            ("", TRACKS),
            (good, {"7": "mic"}),
            (good, {"0": "camera"}),
            (good, {"1": "mic"}),
            (good, {"1": "camera", "2": "camera"}),
            (good, {}),
            (good.replace("a=rtcp-mux", "a=x"), TRACKS),
            (good.replace("opus/48000/2", "speex/8000").replace("VP8", "VP7").replace("H264", "H261"), TRACKS),
        ):
            error = await refused(engine.publish(peer, text, tracks))
            assert error.code == "bad_sdp" and isinstance(error.data["line"], int)
        answer = await engine.publish(peer, good, TRACKS)
        assert "a=recvonly" in answer


async def test_answers_nobody_asked_for_are_stale() -> None:
    async with running() as (engine, events):
        peer = ref("screen", None)
        assert (await refused(engine.answer(peer, 1, "v=0"))).data == {"generation": 0}
        await engine.show(peer, Shown(("pejuang",), False, True))
        offer = await events.wait("offer", peer.peer)
        assert offer.data["generation"] == 1
        assert (await refused(engine.answer(peer, 2, "v=0"))).code == "stale_negotiation"
        assert (await refused(engine.answer(peer, 1, "v=0"))).code == "bad_sdp"


async def test_a_page_that_connects_anew_gets_a_new_transport_and_the_same_page_keeps_its_own() -> None:
    async with running() as (engine, _):
        offer = read("chromium_publish")
        first = await engine.publish(ref("pejuang"), offer, TRACKS)
        again = await engine.publish(ref("pejuang"), offer, TRACKS)
        anew = await engine.publish(ref("pejuang"), offer.replace("o=- 77047382416900", "o=- 8"), TRACKS)
        ufrags = [each.split("a=ice-ufrag:")[1].split("\r\n")[0] for each in (first, again, anew)]
        assert ufrags[0] == ufrags[1] != ufrags[2]
        await eventually(lambda: engine.metrics().get("transports") == 1)


async def test_listeners_beyond_the_limit_are_told_that_it_is_full_and_halls_are_not() -> None:
    async with running(listeners=1) as (engine, _):
        shown = Shown((), False, True)
        await engine.show(ref("phone-1", None), shown)
        error = await refused(engine.show(ref("phone-2", None), shown))
        assert (error.code, error.data) == ("media_full", {"listeners": 1})
        await engine.show(ref("pejuang"), shown)
        await engine.leave(ref("phone-1", None), "all")
        await engine.show(ref("phone-2", None), shown)


async def test_phones_leave_places_to_those_who_watch() -> None:
    """Several nodes may each let as many phones listen as one alone."""
    async with running(core="python", listeners=4) as (engine, _):
        for number in range(3):
            await engine.show(ref(f"phone-{number}", None), Shown((), False, True))
        assert (await refused(engine.show(ref("phone-3", None), Shown((), False, True)))).code == "media_full"
        await engine.show(ref("phone-2", None), Shown((), False, True))
        await engine.show(ref("screen", None), Shown((), True, True))
        assert (
            await refused(engine.show(ref("moderator", None), Shown(("pejuang",), False, True)))
        ).code == "media_full"


async def test_whoever_left_is_forgotten_and_leaving_twice_is_harmless() -> None:
    async with running() as (engine, _):
        peer = ref("pejuang")
        await engine.publish(peer, read("chromium_publish"), TRACKS)
        await engine.show(peer, Shown(("pejuang",), True, True))
        await eventually(lambda: engine.metrics().get("transports") == 2)
        for what in ("publish", "all", "all"):
            await engine.leave(peer, what)
        await eventually(lambda: engine.metrics().get("transports") == 0)


async def test_a_killed_worker_is_replaced_on_the_same_port_and_told_the_direction_again() -> None:
    async with running() as (engine, events):
        address, killed = engine.address, engine.pid
        await engine.direct(ROOM, Direction(stage=("a", "b", "c")))
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await events.wait("reset", None)
        assert engine.address == address and engine.pid not in (killed, None)
        await engine.show(ref("screen", None), Shown((), True, False))
        offer = await events.wait("offer", "peer-screen")
        assert [slot["hall"] for slot in offer.data["slots"].values()] == ["a", "b", "c"]
        assert engine.metrics()["restarts"] == 1


async def test_a_worker_that_hangs_is_noticed_and_requests_do_not_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "REQUEST_S", 0.3)
    monkeypatch.setattr(process, "SIGN_OF_LIFE_S", 2.0)
    async with running() as (engine, events):
        hanging = engine.pid
        assert hanging is not None
        os.kill(hanging, signal.SIGSTOP)
        began = time.monotonic()
        error = await refused(engine.show(ref("screen", None), Shown((), False, True)))
        assert error.code == "media_unavailable" and time.monotonic() - began < 2
        await events.wait("reset", None)
        assert engine.pid != hanging
        await engine.show(ref("screen", None), Shown((), False, True))


async def test_the_worker_ends_when_the_server_is_gone() -> None:
    async with running() as (engine, _):
        pid = engine.pid
        assert pid is not None
        assert engine._worker is not None
        engine._worker._writer.transport.abort()
        await eventually(lambda: engine.pid != pid)

        def gone() -> bool:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return True
            return False

        await eventually(gone)


async def test_closing_twice_is_harmless_and_frees_the_port() -> None:
    async with running() as (engine, _):
        port = engine.address[1]
        await engine.close()
        await engine.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", port))
        assert (await refused(engine.direct(ROOM, Direction()))).code == "media_unavailable"


async def test_addresses_are_announced_as_given_with_our_port_where_none_is_named() -> None:
    assert await candidates(["192.0.2.7", "[2001:db8::7]:99", "198.51.100.1:5"], "0.0.0.0", 8080) == [
        ("192.0.2.7", 8080),
        ("2001:db8::7", 99),
        ("198.51.100.1", 5),
    ]
    assert await candidates([], "127.0.0.1", 8080) == [("127.0.0.1", 8080)]
    assert split_address("2001:db8::7", 1) == ("2001:db8::7", 1)
    assert own_addresses("0.0.0.0")[-1] == "127.0.0.1"


async def test_a_dual_stack_worker_announces_both_families() -> None:
    events = Events()
    engine = EmbeddedEngine(
        host="::", port=0, announce=["127.0.0.1", "::1"], core="auto", listener=events, log=logging.getLogger("test")
    )
    await engine.start()
    try:
        await engine.show(ref("screen", None), Shown((), False, True))
        offer = await events.wait("offer", "peer-screen")
        port = engine.address[1]
        assert f"127.0.0.1 {port} typ host" in offer.data["sdp"] and f"::1 {port} typ host" in offer.data["sdp"]
    finally:
        await engine.close()
    await asyncio.sleep(0)


def test_an_idle_worker_reports_at_every_tick_whatever_it_did_before() -> None:
    """Reports are its sign of life: without them it would be taken for hung and ended."""
    busy_for_a_while = 0
    for _ in range(57):
        busy_for_a_while = next_tick(busy_for_a_while, busy=True)
    idle = next_tick(busy_for_a_while, busy=False)
    assert idle % REPORT_TICKS == 0
    assert next_tick(idle, busy=False) % REPORT_TICKS == 0


async def test_sessions_nobody_is_in_take_no_room_from_those_that_meet() -> None:
    """A server directs every session somebody looked at, old ones too; a hall that left frees its session's room."""
    offer = read("chromium_publish")
    async with running(core="python") as (engine, _):
        for number in range(MAX_ROOMS + 5):
            await engine.direct(f"old-{number}", Direction(stage=("pejuang",)))
        for number in range(MAX_ROOMS + 5):
            peer = PeerRef(f"past-{number}", f"peer-{number}", "pejuang")
            await engine.publish(peer, offer, TRACKS)
            await engine.leave(peer, "all")
        await engine.show(ref("screen", None), Shown((), True, False))
