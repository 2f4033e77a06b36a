"""Indicative ceilings (pagu indikatif) of halls and session, and the meters that show how much of them is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.funnel import (
    broken,
    ceiling,
    ceiling_figure,
    quotas_of,
    share_of,
    share_rules,
    share_whole,
)
from sessions.ids import HallId
from sessions.kind import HALL, MODERATOR, PARTICIPANT, SCREEN, Fields, Kind
from sessions.model.funnel import Area, Funnel, ShareRule
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR as MODERATORS
from sessions.permissions import SECRETARIAT
from sessions.shape import Check, bad, ident, integer, list_of, nullable, record, text
from sessions.state import State
from sessions.sums import refreshed

AMOUNT_MOST = 10**15  # rupiah, below 2**53
CEILINGS_MOST = 500
SESSION = "session"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """hall: None is the whole session. amount: rupiah; None takes the ceiling away."""

    hall: HallId | None
    amount: int | None


@dataclass(frozen=True, slots=True)
class SetCeilings:
    ceilings: tuple[Ceiling, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CeilingsSet:
    """Those named are these from now on; the others stay."""

    ceilings: tuple[Ceiling, ...]
    reason: str = ""


def decide_set(state: State, command: SetCeilings, moment: Moment) -> list[Any]:
    """What is so already is no change. While the session runs a change needs a reason."""
    require_phase(state, *BEFORE_THE_END)
    for one in command.ceilings:
        if one.hall is not None and one.hall not in state.halls:
            raise Refused("unknown_hall", hall=one.hall)
    changed = tuple(one for one in command.ceilings if ceiling(state, one.hall) != one.amount)
    if changed and state.session.phase in ("open", "recess") and not command.reason:
        raise Refused("reason_required")
    return [CeilingsSet(changed, command.reason)] if changed else []


def apply_set(state: State, event: CeilingsSet, at: int) -> State:
    halls: dict[HallId, int] = dict(state.funnel.halls)
    session = state.funnel.session
    for one in event.ceilings:
        if one.hall is None:
            session = one.amount
        elif one.amount is None:
            halls.pop(one.hall, None)
        else:
            halls[one.hall] = one.amount
    return replace(state, funnel=Funnel(session, halls), board=refreshed(state.board, halls))


def meters(state: State) -> Mapping[str, Area]:
    """The session, and each hall that has chosen something or was given a ceiling."""
    return {SESSION: state.board.sums.session, **{str(hall): area for hall, area in state.board.sums.halls.items()}}


def meter_fields(state: State, area: Area, view: str) -> Fields:
    """A phone gets only what a meter needs: chosen of quota, rupiah of ceiling."""
    hall, rules = area.hall, state.rules.funnel
    main, reserve, sent = quotas_of(rules, hall is None)
    slim: Fields = {
        "hall": hall,
        "main": {"used": area.main.cards, "limit": main},
        "amount": {"used": ceiling_figure(rules)(area), "limit": ceiling(state, hall)},
    }
    if view == PARTICIPANT:
        return slim
    return {
        **slim,
        "reserve": {"used": area.reserve.cards, "limit": reserve},
        "next_level": {"used": area.sent, "limit": sent},
        "unpriced": area.main.unpriced,
        "shares": [share_fields(area, rule) for rule in share_rules(rules, hall is None)],
        "findings": [
            {"code": cap.code, "what": cap.what, "limit": cap.limit, "actual": actual}
            for cap, actual in broken(state, hall, area)
        ],
    }


def share_fields(area: Area, rule: ShareRule) -> Fields:
    """used of whole: what is chosen so far, in proposals or rupiah."""
    return {
        "name": rule.name,
        "of": rule.of,
        "used": share_of(area, rule),
        "whole": share_whole(area, rule),
        "least": [rule.least.part, rule.least.of],
        "most": [rule.most.part, rule.most.of],
    }


def funnel_fields(state: State, area: Area, view: str) -> Fields:
    """The session's own meter says what a hall may choose too: one that chose nothing yet has no meter."""
    fields = meter_fields(state, area, view)
    if area.hall is None:
        main, reserve, sent = quotas_of(state.rules.funnel, session=False)
        fields["per_hall"] = {"main": main, "reserve": reserve, "next_level": sent}
    return fields


def ceilings_once(value: Any, field: str) -> tuple[Ceiling, ...]:
    """No hall twice."""
    found: tuple[Ceiling, ...] = CEILINGS(value, field)
    if len({one.hall for one in found}) < len(found):
        bad(field)
    return found


CEILINGS: Check = list_of(
    record(Ceiling, {"hall": nullable(ident), "amount": nullable(integer(0, AMOUNT_MOST))}), 1, CEILINGS_MOST
)

NOUN = Noun(
    commands={
        "ceilings.set": Act(
            record(SetCeilings, {"ceilings": ceilings_once}, {"reason": text(500)}),
            decide_set,
            SECRETARIAT | MODERATORS,
        ),
    },
    events={"ceilings_set": (CeilingsSet, apply_set)},
    kinds=(
        Kind(
            "funnel",
            lambda state: (state.board.sums, state.rules.funnel, state.funnel),
            meters,
            funnel_fields,
            (MODERATOR, HALL, PARTICIPANT, SCREEN),
        ),
    ),
)
