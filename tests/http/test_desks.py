"""Desks of sessions: who asks for one that is not there costs next to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from server import desks as module
from server.desks import Desks, system
from sessions.errors import Refused
from sessions.ids import SessionId
from tests.sessions.given import SESSION
from tests.sessions.memory import Memory

CREATED = {"title": "Musrenbang", "kind": "plenary", "place": "Aula", "date": "2018-01-23"}


class Counted(Memory):
    """A journal that counts how often it is asked which sessions there are. away: it does not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.away = 0, False

    async def heads(self) -> Mapping[SessionId, int]:
        self.asked += 1
        await asyncio.sleep(0.01)
        if self.away:
            raise Refused("held")
        return await super().heads()


async def codes(desks: Desks, *sessions: str) -> set[str]:
    found = await asyncio.gather(*(desks.desk(SessionId(one)) for one in sessions), return_exceptions=True)
    return {error.code if isinstance(error, Refused) else repr(error) for error in found}


async def test_a_hundred_guesses_are_one_query_and_nonsense_is_none() -> None:
    memory = Counted()
    desks = Desks(memory, memory)
    assert await codes(desks, "", "a b", "x\0", "x" * 41, "../etc") == {"unknown_session"} and memory.asked == 0
    assert await codes(desks, *(f"guess-{number}" for number in range(100))) == {"unknown_session"}
    assert await codes(desks, "guess-again") == {"unknown_session"} and memory.asked == 1
    await desks.close()


async def test_a_session_that_another_process_began_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FRESH_S", 0.05)
    memory = Counted()
    here, there = Desks(memory, memory), Desks(memory, memory)
    assert await codes(here, SESSION) == {"unknown_session"}
    await (await there.load(SESSION)).submit("session.create", CREATED, system(SESSION), "create-it")
    await asyncio.sleep(0.06)
    assert (await here.desk(SESSION)).state.session.title == "Musrenbang"
    for each in (here, there):
        await each.close()


async def test_without_a_database_it_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FRESH_S", 0.0)
    memory = Counted()
    desks, memory.away = Desks(memory, memory), True
    assert await codes(desks, "a", "b") == {"held"}
    memory.away = False
    assert await codes(desks, "a", "b") == {"unknown_session"}
    await desks.close()
