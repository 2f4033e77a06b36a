"""Searches for likenesses: one at a time, shared by all who ask for the same, anew when the board has changed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace

import pytest

from server.http.similar import Finders
from sessions.ids import ProposalId, SessionId
from sessions.similar import SimilarIndex
from sessions.state import State
from tests.sessions.given import OPENED, SYSTEM, given, more, when


@dataclass
class Table:
    """As much of a desk as a search looks at."""

    state: State


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was searched, as it began and ended; a search takes 50 ms."""
    noted: list[str] = []
    for name in ("pairs", "like"):
        found = getattr(SimilarIndex, name)

        def slow(self: SimilarIndex, *wanted: ProposalId, found: object = found, name: str = name) -> object:
            noted.append(f"{name} begins")
            time.sleep(0.05)
            noted.append(f"{name} ends")
            return found(self, *wanted)  # type: ignore[operator]

        monkeypatch.setattr(SimilarIndex, name, slow)
    return noted


def with_cards(state: State, *ids: str) -> State:
    cards = [{"proposal": id_, "title": "Saluran Gg. Mawar RT 01", "hall": "pejuang", "rw": "07"} for id_ in ids]
    return more(state, when(state, "proposals.import", {"proposals": cards}, SYSTEM))


async def test_whoever_asks_for_the_same_board_shares_one_search(searches: list[str]) -> None:
    desk, finders = Table(with_cards(given(*OPENED), "a")), Finders()
    found = await asyncio.gather(*(finders.pairs(desk) for _ in range(20)))  # type: ignore[arg-type]
    assert searches == ["pairs begins", "pairs ends"]
    assert await finders.pairs(desk) is found[0] is found[19]  # type: ignore[arg-type]
    one = next(iter(desk.state.board.proposals))
    assert await finders.like(desk, one) is await finders.like(desk, one)  # type: ignore[arg-type]
    assert searches[2:] == ["like begins", "like ends"]


async def test_a_changed_board_is_searched_anew_and_never_two_at_once(searches: list[str]) -> None:
    desk, other, finders = Table(given(*OPENED)), Table(given(*OPENED)), Finders()
    other.state = replace(other.state, session=replace(other.state.session, id=SessionId("other")))
    waiting = [asyncio.ensure_future(finders.pairs(desk)) for _ in range(3)]  # type: ignore[arg-type]
    waiting.append(asyncio.ensure_future(finders.pairs(other)))  # type: ignore[arg-type]
    await asyncio.sleep(0.02)
    desk.state = with_cards(desk.state, "a", "b")
    first, second, third, _ = await asyncio.gather(*waiting)
    assert not first and len(second) == 1 and third is second, "who comes later sees the later board"
    assert searches == ["pairs begins", "pairs ends"] * 3


async def test_a_search_called_off_keeps_the_next_one_waiting_until_its_thread_is_done(searches: list[str]) -> None:
    desk, finders = Table(with_cards(given(*OPENED), "a")), Finders()
    first = asyncio.ensure_future(finders.pairs(desk))  # type: ignore[arg-type]
    await asyncio.sleep(0.02)
    first.cancel()
    await asyncio.gather(finders.like(desk, next(iter(desk.state.board.proposals))))  # type: ignore[arg-type]
    assert first.cancelled() and searches == ["pairs begins", "pairs ends", "like begins", "like ends"]
