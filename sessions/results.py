"""What a group session hands back to its plenary when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sessions.ids import SessionId
from sessions.model.board import Proposal
from sessions.noun import Moment
from sessions.parcels import sent
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Results:
    """cards: all of the group's board, those that left it too, in the order they stand in. A card travels whole, so a
    Proposal is made only of what events can hold, and each field it is given later has a default.
    """

    group: SessionId
    cards: tuple[Proposal, ...]


def in_order(cards: Iterable[Proposal]) -> tuple[Proposal, ...]:
    return tuple(sorted(cards, key=lambda card: (card.status, card.rank, card.id)))


def results_of(state: State, moment: Moment) -> list[Any]:
    """The parcel with them; none from a session that is not a group. A group ends once, see decide_reopen."""
    parent = state.session.parent
    if parent is None:
        return []
    cards = in_order(state.board.proposals.values())
    return [sent(moment, 1, parent, "groups.returned", Results(state.session.id, cards))]
