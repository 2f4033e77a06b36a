"""Who has had how much of the floor, and the order in which those heard least come first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from sessions.kind import HALL, MODERATOR, SCREEN, Fields, Kind
from sessions.model.floor import Equity, Floor, FloorRules, Speaker, Used
from sessions.model.nothing import put
from sessions.speakers import POINT, points_first
from sessions.state import State

MINUTE_MS = 60_000
NONE_USED = Used()
K = TypeVar("K")


def booked(equity: Equity, speaker: Speaker, *, waiting: int = 0, times: int = 0, spoken_ms: int = 0) -> Equity:
    """The figures of the speaker's hall and constituency, raised by these."""

    def raised(figures: Mapping[K, Used], of: K) -> Mapping[K, Used]:
        used = figures.get(of, NONE_USED)
        return put(figures, of, Used(used.times + times, used.spoken_ms + spoken_ms, used.waiting + waiting))

    return replace(
        equity,
        halls=raised(equity.halls, speaker.hall),
        constituencies=raised(equity.constituencies, speaker.constituency),
    )


def heard(equity: Equity, speaker: Speaker) -> Equity:
    """A waiting speaker was given the floor."""
    rws = equity.rws if not speaker.rw else equity.rws | {(speaker.hall, speaker.rw)}
    return replace(booked(equity, speaker, waiting=-1, times=1), rws=rws)


def turn_ms(holder: Speaker, rules: FloorRules) -> int:
    """How long this turn is as it was granted; a turn without end counts as long as turns usually are, or as it was."""
    if holder.until is not None and holder.running_since is not None:
        return holder.spoken_ms + max(0, holder.until - holder.running_since)
    if holder.remaining is not None:
        return holder.spoken_ms + holder.remaining
    return max(holder.spoken_ms, rules.minutes * MINUTE_MS)


def fair_order(floor: Floor, rules: FloorRules) -> tuple[Speaker, ...]:
    """Points of order, then by time used by hall and constituency, RWs that have not spoken ahead; ties as queued.

    The holder's turn counts whole from the moment it was granted: the order does not move while somebody speaks.
    """
    equity = floor.equity
    if floor.holder is not None:
        equity = booked(equity, floor.holder, spoken_ms=turn_ms(floor.holder, rules))

    def burden(speaker: Speaker) -> int:
        by_hall = equity.halls.get(speaker.hall, NONE_USED).spoken_ms * rules.by_hall
        constituency = equity.constituencies.get(speaker.constituency, NONE_USED)
        unheard = speaker.rw != "" and (speaker.hall, speaker.rw) not in equity.rws
        return by_hall + constituency.spoken_ms * rules.by_constituency - unheard * rules.unheard_rw_s * 1000

    return points_first(sorted(floor.queue, key=lambda speaker: 0 if speaker.kind == POINT else burden(speaker)))


def order_in_force(floor: Floor, rules: FloorRules) -> tuple[Speaker, ...]:
    """The order in which the floor is given unless the chair has a reason."""
    return fair_order(floor, rules) if rules.order == "fair" else floor.queue


def halls_equity(state: State) -> Mapping[str, Used]:
    return {f"hall:{hall}": used for hall, used in state.floor.equity.halls.items()}


def groups_equity(state: State) -> Mapping[str, Used]:
    """The one without a name is of those with no constituency."""
    return {f"group:{group}": used for group, used in state.floor.equity.constituencies.items()}


def equity_fields(state: State, used: Used, view: str) -> Fields:
    return {"times": used.times, "spoken_ms": used.spoken_ms, "waiting": used.waiting}


# Beside the speaker's name a group's figures would tell a whole room which group the speaker belongs to.
EQUITY = (
    Kind("equity", lambda state: state.floor.equity.halls, halls_equity, equity_fields, (MODERATOR, HALL, SCREEN)),
    Kind("equity", lambda state: state.floor.equity.constituencies, groups_equity, equity_fields, (MODERATOR, HALL)),
)
