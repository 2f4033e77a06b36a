"""The pages of one hall: one is the hall, and its tablets beside it take votes and send no media."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.gateway import carried
from tests.gateway.served import Served, Wire, dial, dialled, serving
from tests.sessions.given import SESSION

MIC = {"method": "publish", "sdp": "v=0", "tracks": [{"mid": "0", "source": "mic"}]}
SHOW = {"method": "show", "halls": ["jatiasih"], "stage": True, "audio": True}


@asynccontextmanager
async def kiosks(served: Served, n: int = 1) -> AsyncIterator[list[Wire]]:
    wires = [await dial(served.url, {"credential": "hall-pejuang", "page": "kiosk"}) for _ in range(n)]
    try:
        assert {wire.refused for wire in wires} == {None}
        yield wires
    finally:
        for wire in wires:
            await wire.close()


def presence(served: Served) -> Any:
    return served.gateway._plenaries[SESSION].presence.halls["pejuang"]


async def test_a_tablet_votes_beside_the_hall_which_stays_where_it_is() -> None:
    options = [{"id": "x", "label": "Drainase"}, {"id": "y", "label": "Jalan"}]
    async with serving() as served, dialled(served, "hall-pejuang") as (hall,), kiosks(served) as (kiosk,):
        await served.do("channel.set", {"seats": ["pejuang-07"], "channel": "kiosk"})
        ask = {"title": "Prioritas", "secrecy": "open", "method": "single", "options": options}
        ballot = (await served.do("ballot.open", ask))["ballot"]
        vote = {"ballot": ballot, "choices": ["x"], "credential": "seat-07"}
        assert (await kiosk.call("vote", vote))["receipt"]["seat"] == "pejuang-07"
        assert (await hall.call("media", MIC))["ok"]
        assert hall.of("bye") == [] and not hall.closed.is_set()
        async with dialled(served, "hall-pejuang") as (newer,):
            await hall.until(lambda: hall.of("bye"))
            assert hall.of("bye") == [{"code": "replaced"}], "of the hall itself there is still one page"
            assert (await newer.call("sync", {"after": None}))["ok"]
            assert kiosk.of("bye") == []


async def test_a_tablet_alone_is_no_presence_of_its_hall_and_uses_no_media() -> None:
    async with serving() as served, kiosks(served) as (kiosk,):
        me = (await kiosk.call("sync", {"after": None}))["me"]
        assert (me["role"], me["hall"]) == ("hall", "pejuang")
        assert not presence(served).connected
        for message in (MIC, SHOW, {"method": "relays"}):
            assert (await kiosk.call("media", message))["code"] == "forbidden"
        assert served.room.said("publish") == served.room.said("show") == []
        async with dialled(served, "hall-pejuang"):
            assert presence(served).connected
        await carried.until(lambda: not presence(served).connected)
        assert kiosk.of("bye") == [] and presence(served).link == "cut"


async def test_what_a_hall_voted_is_still_told_after_the_next_ballot_opens() -> None:
    options = [{"id": "x", "label": "Drainase"}, {"id": "y", "label": "Jalan"}]
    halls = {"electorate": {"kind": "each_hall"}, "secrecy": "open", "revote": True}
    ask = {"title": "Prioritas", "method": "single", "options": options, **halls}
    async with serving(frame_ms=5) as served, dialled(served, "hall-pejuang") as (hall,), kiosks(served) as (kiosk,):
        for wire in (hall, kiosk):
            await wire.call("sync", {"after": None})
        first = (await served.do("ballot.open", ask))["ballot"]
        for turn, choice in enumerate("xy"):
            assert (await hall.call("vote", {"ballot": first, "choices": [choice], "turn": turn}))["ok"]
        await served.do("ballot.close", {"ballot": first})
        second = (await served.do("ballot.open", ask))["ballot"]
        for wire in (hall, kiosk):
            await wire.until(lambda wire=wire: wire.of("me") and second in wire.of("me")[-1]["ballots"])
            me = wire.of("me")[-1]
            assert me["voted"] == {first: True} and me["receipts"][first]["choices"] == ["y"]


async def test_a_moderator_sees_how_many_tablets_stand_beside_each_hall() -> None:
    async with serving() as served, dialled(served, "moderator") as (chair,):
        upto = (await chair.call("sync", {"after": None}))["upto"]
        await chair.call("sync", {"after": upto})

        async def told(tablets: int, connected: bool) -> None:
            def heard() -> bool:
                seen = [message["halls"]["pejuang"] for message in chair.of("presence")[-1:]]
                return [(one["tablets"], one["connected"]) for one in seen] == [(tablets, connected)]

            await chair.until(heard)

        await told(0, False)
        async with kiosks(served, 2):
            await told(2, False)
            async with dialled(served, "hall-pejuang"):
                await told(2, True)
            async with kiosks(served, 7):
                await told(8, False)
        await told(0, False)


async def test_a_ninth_tablet_takes_the_place_of_the_first() -> None:
    async with serving() as served, dialled(served, "hall-pejuang") as (hall,), kiosks(served, 9) as tablets:
        await tablets[0].until(lambda: tablets[0].of("bye"))
        assert [one.of("bye") for one in tablets] == [[{"code": "replaced"}]] + [[]] * 8
        assert hall.of("bye") == []


@pytest.mark.parametrize("page", ["spare", None, 1, ["kiosk"]])
async def test_a_page_of_no_known_kind_is_refused(page: Any) -> None:
    async with serving() as served:
        wire = await dial(served.url, {"credential": "hall-pejuang", "page": page})
        assert wire.refused == "bad_input"
        await wire.close()
