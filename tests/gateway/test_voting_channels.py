"""Votes that do not come from a seat's own phone, over real sockets: at a kiosk, for a whole hall, and changed ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.served import dialled, serving

TRACKER = "0123456789abcdef" * 2
OPTIONS = [{"id": "x", "label": "Drainase"}, {"id": "y", "label": "Jalan"}]


async def opened(served: Any, **more: Any) -> str:
    data = {"title": "Prioritas", "secrecy": "open", "method": "single", "options": OPTIONS, **more}
    ballot: str = (await served.do("ballot.open", data))["ballot"]
    return ballot


@pytest.mark.postgresql
async def test_a_kiosk_votes_with_the_card_that_was_presented_and_with_no_other() -> None:
    async with serving() as served, dialled(served, "hall-pejuang", "hall-jatiasih", "seat-07") as (hall, other, own):
        await served.do("channel.set", {"seats": ["pejuang-07"], "channel": "kiosk"})
        ballot = await opened(served, secrecy="secret")
        vote = {"ballot": ballot, "choices": ["x"], "tracker": TRACKER}
        assert (await hall.call("vote", vote))["code"] == "forbidden", "a hall has no vote of its own here"
        assert (await hall.call("vote", {**vote, "credential": "made up"}))["code"] == "credential_unknown"
        assert (await own.call("vote", vote))["code"] == "wrong_channel"
        assert (await other.call("vote", {**vote, "credential": "seat-07"}))["code"] == "wrong_hall"
        answer = await hall.call("vote", {**vote, "credential": "seat-07"})
        assert answer["ok"] and answer["receipt"]["tracker"] == TRACKER
        assert await hall.call("vote", {**vote, "credential": "seat-07"}) == answer, "a retry is told the same"
        again = {**vote, "tracker": "f" * 32, "credential": "seat-07"}
        assert (await hall.call("vote", again))["code"] == "already_voted"
        assert await served.on_roll(ballot) == {"pejuang-07"}


async def test_a_hall_casts_the_one_vote_of_its_hall() -> None:
    async with serving() as served, dialled(served, "hall-pejuang", "seat-07") as (hall, seat):
        ballot = await opened(served, electorate={"kind": "each_hall"})
        answer = await hall.call("vote", {"ballot": ballot, "choices": ["y"]})
        assert (answer["receipt"]["seat"], answer["receipt"]["choices"]) == ("hall:pejuang", ["y"])
        assert (await seat.call("vote", {"ballot": ballot, "choices": ["y"]}))["code"] == "not_in_electorate"


async def test_a_changed_vote_has_a_receipt_of_the_current_choice() -> None:
    async with serving() as served, dialled(served, "seat-07") as (wire,):
        ballot = await opened(served, revote=True)
        first = await wire.call("vote", {"ballot": ballot, "choices": ["x"], "turn": 0})
        second = await wire.call("vote", {"ballot": ballot, "choices": ["y"], "turn": 1})
        told = [(answer["receipt"]["choices"], answer["receipt"]["turn"]) for answer in (first, second)]
        assert told == [(["x"], 0), (["y"], 1)]
        late = await wire.call("vote", {"ballot": ballot, "choices": ["x"], "turn": 0})
        assert (late["code"], late["data"]["turn"], late["data"]["choices"]) == ("already_voted", 1, ["y"])


async def test_seats_learn_of_a_ballot_and_of_their_channel_without_asking() -> None:
    async with serving(frame_ms=5) as served, dialled(served, "seat-07", "screen") as (mine, screen):
        for wire in (mine, screen):
            await wire.call("sync", {"after": None})
        await served.do("channel.set", {"seats": ["pejuang-07"], "channel": "kiosk"})
        await mine.until(lambda: mine.of("me"))
        assert (mine.of("me")[-1]["channel"], mine.of("me")[-1]["ballots"]) == ("kiosk", {})
        ballot = await opened(served)
        await mine.until(lambda: len(mine.of("me")) == 2)
        assert mine.of("me")[-1]["ballots"] == {ballot: {"in": True, "channel": "kiosk"}}
        await served.do("ballot.void", {"ballot": ballot, "reason": "salah"})
        await mine.until(lambda: len(mine.of("me")) == 3)
        assert mine.of("me")[-1]["ballots"] == {} and screen.of("me") == []
