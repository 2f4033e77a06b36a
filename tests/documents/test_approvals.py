"""An approval names the text that was there to read: any other digest is refused, on every node."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from server.desks import Desks, system
from server.documents import approvals
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import SessionId
from sessions.journal import Recorded
from sessions.minutes import digest, minutes
from sessions.permissions import Actor
from tests.sessions.given import DELEGATE_07, MODERATOR, SESSION
from tests.sessions.memory import Memory

CREATED = {"title": "Musrenbang", "kind": "plenary", "place": "Aula", "date": "2018-01-23"}
MADE_UP = "0f" * 32


async def begun(desks: Desks) -> Desk:
    desk = await desks.load(SESSION)
    await desk.submit("session.create", CREATED, system(SESSION), "create-it")
    await desk.submit("record.set", {"number": "050/1"}, MODERATOR, "number-1")
    return desk


def read(memory: Memory, upto: int) -> dict[str, object]:
    """What record.json said when there were so many events."""
    return {"upto": upto, "digest": digest(minutes(SESSION, memory.book(SESSION).events[:upto]))}


async def refusal(desk: Desk, data: dict[str, object], key: str, actor: Actor = MODERATOR) -> tuple[str, object]:
    with pytest.raises(Refused) as caught:
        await desk.submit("record.confirm", data, actor, key)
    return caught.value.code, caught.value.data


async def test_what_nobody_read_is_not_approved() -> None:
    memory = Memory()
    desks = Desks(memory, memory)
    desk = await begun(desks)
    seq = desk.state.seq
    assert await refusal(desk, {"upto": seq, "digest": MADE_UP}, "made-up-1") == ("record_changed", {"seq": seq})
    earlier = {**read(memory, seq - 1), "upto": seq}
    assert await refusal(desk, earlier, "earlier-1") == ("record_changed", {"seq": seq}), "the text before the number"
    await desk.submit("record.confirm", read(memory, seq), MODERATOR, "approve-1")
    assert desk.state.record.confirmed is not None and desk.state.record.confirmed.digest == read(memory, seq)["digest"]
    await desks.close()


async def test_a_text_that_changed_meanwhile_is_approved_as_the_earlier_one_it_is() -> None:
    memory = Memory()
    desks = Desks(memory, memory)
    desk = await begun(desks)
    known = read(memory, desk.state.seq)
    await desk.submit("hall.add", {"hall": "pejuang", "name": "Aula Pejuang"}, system(SESSION), "hall-add-1")
    assert known["digest"] != read(memory, desk.state.seq)["digest"]
    await desk.submit("record.confirm", known, MODERATOR, "approve-1")
    assert desk.state.record.confirmed is not None and desk.state.record.confirmed.stale
    await desks.close()


async def test_the_core_still_says_what_is_wrong_with_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    desks = Desks(memory, memory)
    desk = await begun(desks)
    seq = desk.state.seq
    assert await refusal(desk, {"upto": seq + 1, "digest": MADE_UP}, "too-far-1") == ("bad_input", {"field": "upto"})
    monkeypatch.setattr(approvals, "minutes", lambda *_: pytest.fail("folded for nothing"))
    assert await refusal(desk, {"upto": 1, "digest": MADE_UP}, "too-early") == ("record_changed", {"seq": seq})
    assert await refusal(desk, {"upto": seq, "digest": MADE_UP}, "delegate-1", DELEGATE_07) == ("forbidden", {})
    await desks.close()


async def test_a_node_that_is_behind_reads_the_journal() -> None:
    memory = Memory()
    here, there = Desks(memory, memory), Desks(memory, memory)
    behind = await there.load(SESSION)
    desk = await begun(here)
    assert behind.state.seq == 0
    upto = desk.state.seq
    assert await refusal(behind, {"upto": upto, "digest": MADE_UP}, "made-up-1") == ("record_changed", {"seq": upto})
    await behind.submit("record.confirm", read(memory, upto), MODERATOR, "approve-1")
    for each in (here, there):
        await each.close()


async def test_the_same_text_is_folded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    folds = list[int]()

    def counted(session: SessionId, told: Sequence[Recorded]) -> object:
        folds.append(len(told))
        return minutes(session, told)

    monkeypatch.setattr(approvals, "minutes", counted)
    memory = Memory()
    desks = Desks(memory, memory)
    desk = await begun(desks)
    data = read(memory, desk.state.seq)
    await asyncio.gather(*(desk.submit("record.confirm", data, MODERATOR, f"approve-{n}") for n in range(9)))
    assert folds == [data["upto"]]
    await desks.close()
