"""Outcomes for anybody: strangers who ask again and again cost no more than one who asks once."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import pytest

from server.http import outcomes
from server.http.outcomes import Outcomes, Told
from sessions.proposal import ProposalWithdrawn
from tests.sessions.given import OPENED, PEJUANG, THREE, given, more, when
from tests.sessions.refusals.scenes import A


def decided() -> Any:
    state = given(*OPENED, *THREE)
    moved = {"proposal": A, "base": 1, "status": "NOT_AGREED", "before": None, "reason": "lahan sengketa"}
    return more(state, when(state, "proposal.move", {**moved, "reason_code": "LAND_DISPUTE"}))


def listed(told: Told) -> list[str]:
    return [one["proposal"] for one in json.loads(gzip.decompress(told.body))["outcomes"]]


async def test_a_crowd_that_asks_for_the_same_has_it_made_once() -> None:
    state, made = decided(), Outcomes()
    answers = await asyncio.gather(*(made.of(state, hall) for hall in (None, PEJUANG) * 50))
    assert made.built == 2
    assert [listed(answers[0]), listed(answers[1])] == [[A], [A]]
    assert len({told.etag for told in answers}) == 2
    assert (await made.of(state, None)).etag == answers[0].etag
    assert made.built == 2


async def test_a_board_that_changes_is_told_anew_after_a_second_and_not_at_each_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state, made = decided(), Outcomes()
    first = await made.of(state, None)
    later = more(state, [ProposalWithdrawn(A, 3, "ganda")])
    assert await made.of(later, None) is first
    monkeypatch.setattr(outcomes, "FRESH_S", 0.0)
    second = await made.of(later, None)
    assert (listed(second), made.built) == ([], 2)
    assert second.etag != first.etag


async def test_what_could_not_be_made_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    state, made = decided(), Outcomes()
    whole = outcomes.made
    monkeypatch.setattr(outcomes, "made", lambda state, hall: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        await made.of(state, None)
    monkeypatch.setattr(outcomes, "made", whole)
    assert listed(await made.of(state, None)) == [A]
