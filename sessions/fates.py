"""Fates: what a session decided about proposals of the level below goes back down, level by level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sessions.ids import ProposalId, SessionId
from sessions.lineage import fated, trail_of, with_trails
from sessions.model.lineage import Ancestor, Fate
from sessions.noun import Act, Moment, Noun
from sessions.parcels import carried, sent
from sessions.permissions import SYSTEM
from sessions.state import State

FIRST_PARCEL = 100  # numbers of the parcels here, apart from those of the decision they go along with


@dataclass(frozen=True, slots=True)
class CardFate:
    """proposal: as the session that receives this calls it."""

    proposal: ProposalId
    fate: Fate


@dataclass(frozen=True, slots=True)
class Fates:
    fates: tuple[CardFate, ...]


@dataclass(frozen=True, slots=True)
class FatesReceived:
    fates: tuple[CardFate, ...]


def fates_of(state: State, moment: Moment) -> list[Any]:
    """A parcel to each session whose proposals were decided here, with what each came to."""
    told = []
    for proposal in state.lineage.trails:
        card = state.board.proposals.get(proposal)
        if card is not None:
            session = state.session
            fate = Fate(session.id, card.status, session.level, session.year, card.reason, moment.now)
            told.append((proposal, fate))
    return parcels_down(state, moment, told)


def parcels_down(state: State, moment: Moment, told: Iterable[tuple[ProposalId, Fate]]) -> list[Any]:
    """By origin. What was carried over from last year is a proposal of its own: its fate stays in this year."""
    by_origin: dict[SessionId, list[CardFate]] = {}
    for proposal, fate in told:
        origin = origin_of(state, proposal)
        if origin is not None and not origin.carried:
            by_origin.setdefault(origin.session, []).append(CardFate(origin.proposal, fate))
    return [
        sent(moment, FIRST_PARCEL + number, origin, "fates.received", Fates(tuple(fates)))
        for number, (origin, fates) in enumerate(sorted(by_origin.items()))
    ]


def origin_of(state: State, proposal: ProposalId) -> Ancestor | None:
    """Where it was before it came here; None for one that was first brought in here."""
    ancestors = trail_of(state, proposal).ancestors
    return ancestors[-1] if ancestors else None


def decide_received(state: State, command: Fates, moment: Moment) -> list[Any]:
    """Also after sealing: it changes nothing that was agreed here. What lies further below hears of it too."""
    told = tuple(one for one in command.fates if one.proposal in state.board.proposals)
    if not told:
        return []
    return [FatesReceived(told), *parcels_down(state, moment, ((one.proposal, one.fate) for one in told))]


def apply_received(state: State, event: FatesReceived, at: int) -> State:
    return with_trails(state, {one.proposal: fated(trail_of(state, one.proposal), one.fate) for one in event.fates})


def sent_on(state: State, moment: Moment, cards: Iterable[ProposalId]) -> list[Any]:
    """Whoever sent these here hears that they went on."""
    session = state.session
    fate = Fate(session.id, "SENT_UP", session.level, session.year, "", moment.now)
    return parcels_down(state, moment, ((proposal, fate) for proposal in cards))


NOUN = Noun(
    commands={"fates.received": Act(carried(Fates), decide_received, SYSTEM, sealed=True)},
    events={"fates_received": (FatesReceived, apply_received)},
)
