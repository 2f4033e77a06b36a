"""Who may score what: the scorers that were named, and never what comes from their own place or from themselves."""

from __future__ import annotations

from sessions.errors import Refused
from sessions.ids import ProposalId, SeatId
from sessions.model.board import Proposal
from sessions.model.people import Seat
from sessions.model.scoring import Round
from sessions.permissions import Actor, Role
from sessions.state import State


def is_scorer(scoring: Round, actor: Actor) -> bool:
    if actor.role is Role.AGENCY:
        return scoring.rules.agencies
    return actor.role is Role.DELEGATE and actor.seat in scoring.scorers


def require_scorer(scoring: Round, actor: Actor) -> None:
    if not is_scorer(scoring, actor):
        raise Refused("not_a_scorer")


def barred(state: State, scoring: Round, actor: Actor, card: Proposal) -> bool:
    """Whether the conflict rule keeps this scorer from this proposal. An agency has no place of its own."""
    seat = None if actor.seat is None else state.seats.get(actor.seat)
    if seat is None:
        return False
    if scoring.rules.own_proposals and seat.id in owners(state, card):
        return True
    return from_here(scoring.rules.own_area, seat, card)


def from_here(own_area: str, seat: Seat, card: Proposal) -> bool:
    """own_area: hall, rw or off. A proposal or seat without an RW is of no RW."""
    if own_area == "off" or seat.hall != card.hall:
        return False
    mine, its = rw_number(seat.rw), rw_number(card.content.rw)
    return own_area == "hall" or (mine != "" and mine == its)


def rw_number(rw: str) -> str:
    """ "07", "7" and "RW 007" are one."""
    return rw.upper().removeprefix("RW").strip().lstrip("0")


def owners(state: State, card: Proposal) -> set[SeatId]:
    """Of the card and of every one that was merged into it."""
    found, waiting, seen = set(), [card], {card.id}
    while waiting:
        one = waiting.pop()
        if one.owner is not None and not one.trace.stepped_back:
            found.add(one.owner)
        parts = [part for part in one.trace.merged if part not in seen and part in state.board.proposals]
        seen.update(parts)
        waiting.extend(state.board.proposals[part] for part in parts)
    return found


def barred_proposals(state: State, scoring: Round, actor: Actor) -> list[ProposalId]:
    """What this scorer may not score, in the order of the scoring."""
    cards = (state.board.proposals[proposal] for proposal in scoring.proposals)
    return [card.id for card in cards if barred(state, scoring, actor, card)]
