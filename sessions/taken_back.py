"""Taken back: what a parcel took along is free here again once it is put away for good."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sessions.columns import placed
from sessions.ids import ProposalId, SeatId, SessionId
from sessions.lineage import SENT_UP, trail_of, with_trails
from sessions.model.nothing import put_all
from sessions.model.parcels import Parcel
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Kept:
    """status: what it was before it was sent up."""

    proposal: ProposalId
    status: str


@dataclass(frozen=True, slots=True)
class ProposalsKept:
    """They stay with this session after all. What has another status by now keeps it."""

    proposals: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class DelegatesKept:
    seats: tuple[SeatId, ...]


def taken_back(state: State, parcel: Parcel) -> list[Any]:
    """Else proposals and delegates sent to a session that never takes them could go nowhere any more."""
    body = json.loads(parcel.body)
    if parcel.name == "proposals.received" and not body["carried"]:  # what is carried over stays here as well
        cards = (Kept(one["proposal"], one["ancestors"][-1]["status"]) for one in body["cards"])
        kept = tuple(one for one in cards if trail_of(state, one.proposal).sent_to == parcel.to)
        return [ProposalsKept(kept)] if kept else []
    if parcel.name == "delegates.received":
        seats = tuple(SeatId(one["seat"]) for one in body["seats"] if sent_to(state, one["seat"]) == parcel.to)
        return [DelegatesKept(seats)] if seats else []
    return []


def sent_to(state: State, seat: SeatId) -> SessionId | None:
    delegate = state.delegation.chosen.get(seat)
    return None if delegate is None else delegate.sent_to


def apply_kept(state: State, event: ProposalsKept, at: int) -> State:
    cards = [(state.board.proposals[one.proposal], one.status) for one in event.proposals]
    changed = [
        replace(card, status=status, version=card.version + 1) for card, status in cards if card.status == SENT_UP
    ]
    trails = {one.proposal: replace(trail_of(state, one.proposal), sent_to=None) for one in event.proposals}
    return with_trails(replace(state, board=placed(state.board, *changed)) if changed else state, trails)


def apply_delegates_kept(state: State, event: DelegatesKept, at: int) -> State:
    chosen = state.delegation.chosen
    here = {seat: replace(chosen[seat], sent_to=None) for seat in event.seats}
    return replace(state, delegation=replace(state.delegation, chosen=put_all(chosen, here)))
