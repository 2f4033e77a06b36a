"""`media` messages reach the engine only with the right to, its events reach the right socket, the stage follows."""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import Any

import pytest

from sessions.permissions import Role
from sessions.state import State
from signaling.engine import Direction, EngineError, MediaEvent, PeerRef, Shown
from signaling.engine_embedded import EmbeddedEngine
from signaling.gateway import turnout
from signaling.gateway.ports import GatewaySettings
from signaling.gateway.stage import direction, may_speak_by_phone
from tests.gateway.carried import until
from tests.gateway.served import Served, Wire, dialled, serving
from tests.sessions.given import (
    DELEGATE_07,
    GUEST,
    HALL_PEJUANG,
    MODERATOR,
    OPENED,
    RW07,
    SESSION,
    given,
    more,
    when,
)

SHOW = {"method": "show", "halls": ["jatiasih"], "stage": True, "audio": True}
LISTEN = {"method": "show", "halls": [], "stage": False, "audio": True}
TRACKS = [{"mid": "0", "source": "mic"}, {"mid": "1", "source": "camera"}]
MIC = {"method": "publish", "sdp": "offer", "tracks": TRACKS[:1]}
CAMERA = {"method": "publish", "sdp": "offer", "tracks": TRACKS}


async def code(wire: Wire, payload: object) -> str:
    answer = await wire.call("media", payload)
    return "" if answer["ok"] else answer["code"]


def peer_of(served: Served, verb: str) -> PeerRef:
    ref: PeerRef = served.room.said(verb)[-1][0]
    return ref


async def test_a_hall_publishes_watches_renegotiates_and_leaves() -> None:
    async with serving() as served, dialled(served, "hall-pejuang") as (wire,):
        assert await wire.call("media", CAMERA) == {"ok": True, "sdp": "answer to offer"}
        ref = peer_of(served, "publish")
        assert (ref.room, ref.hall) == (SESSION, "pejuang")
        assert served.room.said("publish") == [(ref, "offer", {"0": "mic", "1": "camera"})]
        assert await code(wire, SHOW) == ""
        assert served.room.said("show") == [(ref, Shown(("jatiasih",), True, True))]
        assert await code(wire, {"method": "answer", "sdp": "answer", "generation": 3}) == ""
        assert served.room.said("answer") == [(ref, 3, "answer")]
        assert await code(wire, {"method": "restart"}) == ""
        assert served.room.said("show")[-1] == (ref, Shown(("jatiasih",), True, True, restart=True))
        assert await code(wire, {"method": "leave", "what": "publish"}) == ""
        assert await code(wire, {"method": "leave", "what": "subscribe"}) == ""
        assert served.room.said("leave") == [(ref, "publish"), (ref, "subscribe")]
        assert await code(wire, {"method": "restart"}) == "stale_negotiation"


async def test_whoever_closes_the_page_leaves_the_room() -> None:
    async with serving() as served:
        async with dialled(served, "hall-pejuang") as (wire,):
            await wire.call("media", MIC)
            ref = peer_of(served, "publish")
        await until(lambda: served.room.said("leave") == [(ref, "all")])


@pytest.mark.parametrize("who", ["moderator", "screen", "admin", "seat-07", "public"])
async def test_only_halls_publish(who: str) -> None:
    async with serving() as served, dialled(served, who) as (wire,):
        assert await code(wire, MIC) == "forbidden"
        assert served.room.said("publish") == []


async def test_a_phone_publishes_its_microphone_while_its_seat_holds_the_floor() -> None:
    async with serving(frame_ms=5) as served, dialled(served, "seat-07") as (wire,):
        request = (await served.do("floor.request", {}, DELEGATE_07))["request"]
        assert await code(wire, MIC) == "forbidden", "asking for the floor is not having it"
        await served.do("floor.grant", {"request": request})
        assert await code(wire, CAMERA) == "forbidden", "never a picture"
        assert await code(wire, MIC) == ""
        ref = peer_of(served, "publish")
        assert ref.hall is None, "it does not take the place of its hall's microphone"
        await until(lambda: served.room.said("direct")[-1][1].speakers == {"pejuang"})
        await served.do("floor.yield")
        await until(lambda: (ref, "publish") in served.room.said("leave"))
        assert await code(wire, MIC) == "forbidden"


async def test_a_phone_that_loses_the_floor_while_it_is_answered_stops_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(frame_ms=5) as served, dialled(served, "seat-07") as (wire,):
        request = (await served.do("floor.request", {}, DELEGATE_07))["request"]
        await served.do("floor.grant", {"request": request})
        answered, publish = asyncio.Event(), served.room.publish

        async def slow(*arguments: Any) -> str:
            answer = await publish(*arguments)
            await answered.wait()
            return answer

        monkeypatch.setattr(served.room, "publish", slow)
        publishing = wire.ask("media", MIC)
        await until(lambda: served.room.said("publish"))
        await served.do("floor.yield")
        await until(lambda: not served.room.said("direct")[-1][1].speakers)
        answered.set()
        assert (await asyncio.wait_for(publishing, 5))["ok"]
        await until(lambda: (peer_of(served, "publish"), "publish") in served.room.said("leave"))


def test_the_screens_fit_beside_a_full_house_of_listening_phones() -> None:
    """The engine counts everybody who stands for no hall, the gateway phones alone."""
    engine = inspect.signature(EmbeddedEngine).parameters["listeners"].default
    assert engine >= GatewaySettings().max_listeners + 100


async def test_phones_may_listen_up_to_a_limit_and_never_watch() -> None:
    async with serving(max_listeners=1) as served, dialled(served, "seat-07", "seat-11", "screen") as wires:
        one, two, screen = wires
        assert await code(one, SHOW) == "forbidden"
        assert await code(one, LISTEN) == ""
        assert await code(one, LISTEN) == "", "the same phone again"
        assert await code(two, LISTEN) == "media_full"
        assert await code(screen, SHOW) == "", "the limit is for phones"
        assert await code(one, {"method": "leave", "what": "subscribe"}) == ""
        assert await code(two, LISTEN) == ""


async def test_what_the_engine_refuses_is_answered_with_its_code() -> None:
    async with serving() as served, dialled(served, "hall-pejuang") as (wire,):
        served.room.refuse = EngineError("bad_sdp", line=7)
        assert await wire.call("media", MIC) == {"ok": False, "code": "bad_sdp", "data": {"line": 7}}
        assert await code(wire, MIC) == "", "the connection stays"


async def test_an_engines_events_reach_their_peer_alone_and_a_reset_everybody_who_uses_media() -> None:
    async with serving() as served, dialled(served, "hall-pejuang", "screen", "moderator") as (hall, screen, idle):
        await hall.call("media", MIC)
        ref = peer_of(served, "publish")
        await screen.call("media", SHOW)
        served.gateway.on_media(MediaEvent("want", SESSION, ref.peer, {"sources": ["mic", "camera_hd"]}))
        await hall.until(lambda: hall.of("media"))
        assert hall.of("media") == [{"event": "want", "sources": ["mic", "camera_hd"]}]
        before = len(served.room.said("direct"))
        served.gateway.on_media(MediaEvent("reset", None, None, {"code": "worker_restarted"}))
        await screen.until(lambda: screen.of("media"))
        assert screen.of("media") == [{"event": "reset", "code": "worker_restarted"}]
        await until(lambda: len(served.room.said("direct")) > before), "the new worker must know the stage"
        await asyncio.sleep(0.05)
        assert idle.of("media") == []


async def test_without_an_engine_media_is_unavailable_and_the_rest_works() -> None:
    async with serving() as served, dialled(served, "hall-pejuang") as (wire,):
        served.gateway._media._engine = None
        assert await code(wire, MIC) == "media_unavailable"
        assert (await wire.call("sync", {"after": None}))["ok"]


async def test_the_stage_follows_the_deliberation() -> None:
    async with serving(frame_ms=5) as served, dialled(served, "moderator") as (wire,):
        assert (await wire.command("stage.spotlight", {"hall": "jatiasih"}))["ok"]
        await until(lambda: served.room.said("direct")[-1] == (SESSION, Direction(stage=("jatiasih",))))
        calls = len(served.room.said("direct"))
        await served.do("stage.show", {"scene": "board"})
        await asyncio.sleep(0.05)
        assert len(served.room.said("direct")) == calls, "told again only when it changes"


def test_the_spotlight_comes_before_the_floor_and_the_holder_is_always_heard() -> None:
    state = given(*OPENED)
    assert direction(state) == Direction()
    hall = granted(state, HALL_PEJUANG)
    assert direction(hall) == Direction(stage=("pejuang",), speakers=frozenset({"pejuang"}))
    assert not may_speak_by_phone(hall, RW07), "the hall holds it, not the seat"
    lit = more(hall, when(hall, "stage.spotlight", {"hall": "jatiasih"}))
    assert direction(lit) == Direction(stage=("jatiasih",), speakers=frozenset({"pejuang"}))
    phone = granted(state, DELEGATE_07)
    assert direction(phone).speakers == {"pejuang"}
    assert may_speak_by_phone(phone, RW07) and not may_speak_by_phone(phone, None)


def test_a_panel_shares_the_stage_with_whoever_holds_the_floor_and_all_of_it_is_heard() -> None:
    panel = {"members": [{"hall": "jatiasih"}, {"seat": "pejuang-07"}, {"seat": "jatiasih-11"}]}
    state = given(*OPENED)
    talk = more(state, when(state, "panel.set", panel))
    assert direction(talk) == Direction(stage=("jatiasih", "pejuang"), speakers=frozenset({"jatiasih", "pejuang"}))
    assert direction(granted(talk, HALL_PEJUANG)).stage == ("pejuang", "jatiasih"), "the holder comes first"
    lit = more(talk, when(talk, "stage.spotlight", {"hall": "pejuang"}))
    assert direction(lit).stage == ("pejuang",)
    assert may_speak_by_phone(talk, RW07) and not may_speak_by_phone(talk, GUEST)
    over = more(talk, when(talk, "panel.end"))
    assert not may_speak_by_phone(over, RW07) and direction(over) == Direction()


def test_a_phone_keeps_its_microphone_while_the_clock_stands_still() -> None:
    held = granted(given(*OPENED), DELEGATE_07)
    paused = more(held, when(held, "floor.pause"))
    assert may_speak_by_phone(paused, RW07) and direction(paused) == direction(held)


def test_a_blanked_hall_is_forwarded_to_nobody_and_a_muted_one_is_only_not_heard() -> None:
    state = granted(given(*OPENED), HALL_PEJUANG)
    blanked = more(state, when(state, "hall.blank", {"hall": "pejuang", "blank": True, "reason": "Kamera jatuh"}))
    assert (direction(blanked).blanked, direction(blanked).muted) == ({"pejuang"}, {"pejuang"})
    assert direction(blanked).speakers == {"pejuang"}, "it keeps the floor"
    muted = more(state, when(state, "hall.mute", {"hall": "pejuang", "muted": True}))
    assert (direction(muted).blanked, direction(muted).muted) == (frozenset(), {"pejuang"})
    again = more(blanked, when(blanked, "hall.blank", {"hall": "pejuang", "blank": False}))
    assert direction(again) == direction(state)


async def test_the_microphone_is_taken_from_a_phone_when_its_panel_ends() -> None:
    async with serving(frame_ms=5) as served, dialled(served, "seat-07") as (wire,):
        await served.do("panel.set", {"members": [{"seat": "pejuang-07"}]})
        assert await code(wire, MIC) == ""
        await served.do("panel.end")
        await until(lambda: (peer_of(served, "publish"), "publish") in served.room.said("leave"))
        assert await code(wire, MIC) == "forbidden"


def granted(state: State, actor: object) -> State:
    asked = more(state, when(state, "floor.request", {}, actor))  # type: ignore[arg-type]
    (speaker,) = asked.floor.queue
    return more(asked, when(asked, "floor.grant", {"request": speaker.request}, MODERATOR))


async def test_presence_tells_halls_links_to_screens_and_only_a_number_to_phones() -> None:
    async with (
        serving(frame_ms=5, ephemeral_ms=10) as served,
        dialled(served, "moderator", "seat-11") as (chair, phone),
    ):
        for wire in (chair, phone):
            upto = (await wire.call("sync", {"after": None}))["upto"]
            await wire.call("sync", {"after": upto})
        await chair.until(lambda: chair.of("presence"))
        halls = chair.of("presence")[-1]["halls"]
        assert halls["pejuang"]["link"] == "absent" and not halls["pejuang"]["connected"]
        async with dialled(served, "hall-pejuang", "seat-07"):
            await chair.until(lambda: chair.of("presence")[-1]["halls"]["pejuang"]["connected"])
            assert chair.of("presence")[-1]["halls"]["pejuang"]["since"] == served.clock.at
            seen = {"publishing": True, "speaking": True, "level": 30, "link": "weak", "loss": 0.1, "rtt_ms": 90}
            served.gateway.on_media(MediaEvent("links", SESSION, None, {"halls": {"pejuang": seen, "seat-x": seen}}))
            await chair.until(lambda: chair.of("presence")[-1]["halls"]["pejuang"]["link"] == "weak")
            told = chair.of("presence")[-1]["halls"]
            assert (
                told["pejuang"]["publishing"] and told["pejuang"]["speaking"] and set(told) == {"pejuang", "jatiasih"}
            )
            silent = {"publishing": False, "speaking": False, "link": "absent"}
            served.gateway.on_media(MediaEvent("links", SESSION, None, {"halls": {"pejuang": silent}}))
            await chair.until(lambda: not chair.of("presence")[-1]["halls"]["pejuang"]["publishing"])
            assert chair.of("presence")[-1]["halls"]["pejuang"]["link"] == "good", "it is here, it only sends nothing"
            served.gateway.on_media(MediaEvent("links", SESSION, None, {"halls": {"pejuang": seen}}))
            await chair.until(lambda: chair.of("presence")[-1]["halls"]["pejuang"]["link"] == "weak")
            number = len(chair.of("presence"))
            served.gateway.on_media(MediaEvent("links", SESSION, None, {"halls": {"pejuang": {**seen, "level": 31}}}))
            await asyncio.sleep(0.1)
            assert len(chair.of("presence")) == number, "a level that moved is no news"
            await phone.until(lambda: phone.of("presence")[-1] == {"participants": 2})
        await chair.until(lambda: chair.of("presence")[-1]["halls"]["pejuang"]["link"] == "cut")
        assert not chair.of("presence")[-1]["halls"]["pejuang"]["publishing"]
        assert all(set(told) == {"participants"} for told in phone.of("presence"))


async def test_presence_leaves_at_most_every_quarter_second() -> None:
    async with serving() as served, dialled(served, "screen", "hall-pejuang") as (screen, _):
        upto = (await screen.call("sync", {"after": None}))["upto"]
        await screen.call("sync", {"after": upto})
        screen.heard.clear()
        began = time.monotonic()
        for number in range(100):
            seen = {"publishing": True, "speaking": number % 2 == 0, "link": "good"}
            served.gateway.on_media(MediaEvent("links", SESSION, None, {"halls": {"pejuang": seen}}))
            await asyncio.sleep(0.01)
        most = (time.monotonic() - began) / 0.25 + 2  # the first at once, and one that was due when it began
        assert 2 <= len(screen.of("presence")) <= most


@pytest.mark.postgresql
async def test_turnout_reaches_everybody_coalesced_and_newcomers_at_once() -> None:
    async with (
        serving(frame_ms=20, ephemeral_ms=50) as served,
        dialled(served, "public", "seat-07", "seat-11") as wires,
    ):
        public, *voters = wires
        upto = (await public.call("sync", {"after": None}))["upto"]
        await public.call("sync", {"after": upto})
        ballot = await served.open_ballot("open")
        for voter in voters:
            assert (await voter.call("vote", {"ballot": ballot, "choices": ["x"], "key": "key-00000001"}))["ok"]
        await public.until(lambda: public.of("turnout") and public.of("turnout")[-1]["cast"] == 2)
        assert public.of("turnout")[-1] == {"ballot": ballot, "cast": 2, "of": 2}
        told = len(public.of("turnout"))
        await asyncio.sleep(1.3)
        assert len(public.of("turnout")) == told, "only on change"
        async with dialled(served, "screen") as (late,):
            upto = (await late.call("sync", {"after": None}))["upto"]
            await late.call("sync", {"after": upto})
            await late.until(lambda: late.of("turnout") == [{"ballot": ballot, "cast": 2, "of": 2}])


async def test_hands_join_the_turnout_once_their_witness_confirmed_them() -> None:
    async with serving(frame_ms=20, ephemeral_ms=50) as served, dialled(served, "screen") as (screen,):
        upto = (await screen.call("sync", {"after": None}))["upto"]
        await screen.call("sync", {"after": upto})
        await served.do("attendance.check_in", {"seat": RW07})
        await served.do("hall.witness", {"hall": "pejuang", "seat": RW07})
        await served.do("channel.set", {"seats": [RW07], "channel": "hand"})
        one_choice = {"title": "Prioritas", "secrecy": "open", "method": "single"}
        options = [{"id": "x", "label": "Drainase"}, {"id": "y", "label": "Jalan"}]
        ballot = (await served.do("ballot.open", one_choice | {"options": options}))["ballot"]
        counted = {"ballot": ballot, "hall": "pejuang", "witness": RW07, "cast": 1}
        await served.do("ballot.hand_count", counted | {"counts": [{"option": "y", "votes": 1}]}, HALL_PEJUANG)
        await screen.until(lambda: screen.of("turnout"))
        assert screen.of("turnout")[-1]["cast"] == 0, "nobody but the operator said so yet"
        confirmed = {"ballot": ballot, "hall": "pejuang", "base": 1}
        await served.do("ballot.confirm_count", confirmed, DELEGATE_07)
        await screen.until(lambda: screen.of("turnout")[-1]["cast"] == 1)


async def test_the_crowd_is_told_the_turnout_more_seldom_than_the_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnout, "CROWD_EVERY_S", 3600.0)
    async with (
        serving(frame_ms=5, ephemeral_ms=5) as served,
        dialled(served, "public", "screen", "seat-07", "seat-11") as (public, screen, *voters),
    ):
        for wire in (public, screen):
            upto = (await wire.call("sync", {"after": None}))["upto"]
            await wire.call("sync", {"after": upto})
        ballot = await served.open_ballot("open")
        vote = {"ballot": ballot, "choices": ["x"], "key": "key-00000001"}
        assert (await voters[0].call("vote", vote))["ok"]
        await public.until(lambda: public.of("turnout"))
        assert (await voters[1].call("vote", vote))["ok"]
        await screen.until(lambda: screen.of("turnout") and screen.of("turnout")[-1]["cast"] == 2)
        assert len(public.of("turnout")) == 1
        monkeypatch.setattr(turnout, "CROWD_EVERY_S", 0.0)
        await public.until(lambda: public.of("turnout")[-1]["cast"] == 2)


def test_every_role_has_a_place_in_the_media_rules() -> None:
    from signaling.gateway.media import WATCHERS

    assert set(Role) - WATCHERS == {Role.DELEGATE, Role.PUBLIC, Role.SYSTEM}
