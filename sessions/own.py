"""What `me` tells a seat that no view does: whether it is here, and which cards of the board are its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sessions.attendance import is_here
from sessions.ids import ProposalId, SeatId
from sessions.model.board import Proposal
from sessions.model.table import Table
from sessions.permissions import Actor
from sessions.state import State
from sessions.statuses import WITHDRAWN


def own_fields(state: State, actor: Actor) -> dict[str, Any]:
    """own: as they came, those that were merged into others too; not those withdrawn."""
    if actor.seat is None:
        return {"here": False, "own": []}
    return {"here": is_here(state, actor.seat), "own": own_cards(state, actor.seat)}


def own_cards(state: State, seat: SeatId) -> list[ProposalId]:
    cards = state.board.proposals
    return [card for card in state.board.owned.get(seat, ()) if stands_behind(cards[card])]


def stands_behind(card: Proposal) -> bool:
    """Whether its owner still does."""
    return card.status != WITHDRAWN and not card.trace.stepped_back


def seats_concerned(before: State, after: State) -> set[SeatId]:
    """The seats whose own_fields() differ between these two states, perhaps a few more."""
    return {*came_or_went(before, after), *owners_concerned(before, after)}


def came_or_went(before: State, after: State) -> Iterator[SeatId]:
    old, new = before.attendance.arrivals, after.attendance.arrivals
    if old is not new:
        yield from (seat for seat, arrival in new.items() if old.get(seat) is not arrival)


def owners_concerned(before: State, after: State) -> Iterator[SeatId]:
    """New cards of theirs, and cards they withdrew from or came back to."""
    old, new = before.board.proposals, after.board.proposals
    if old is new or not after.board.owned:
        return
    assert isinstance(old, Table) and isinstance(new, Table), "the board keeps its cards in a table"
    for id_, card in new.changed_from(old):
        was = old.get(id_)
        if card.owner is not None and (was is None or stands_behind(was) != stands_behind(card)):
            yield card.owner
