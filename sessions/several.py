"""Several cards at once: every one as its editor saw it, or none is touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sessions.columns import STEP, last_rank, renumbered, room_at_end
from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.lineage import require_at_hand
from sessions.model.board import Board, Proposal
from sessions.proposal import BASED
from sessions.shape import Check, bad, list_of, record
from sessions.state import State
from sessions.statuses import COLUMN_OF, LEFT, TRANSITIONS

SEVERAL_MOST = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """A card and the version its editor looked at."""

    proposal: ProposalId
    base: int


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a card of several stands afterwards."""

    proposal: ProposalId
    version: int
    status: str
    rank: int


def seen_list(most: int = SEVERAL_MOST) -> Check:
    """Cards with the version looked at, none of them twice."""
    listed = list_of(record(Seen, BASED), 1, most)

    def check(value: Any, field: str) -> tuple[Seen, ...]:
        found: tuple[Seen, ...] = listed(value, field)
        if len({one.proposal for one in found}) < len(found):
            bad(field)
        return found

    return check


def cards_of(state: State, seen: Sequence[Seen], to: str = "") -> list[Proposal]:
    """All the cards, on their way to this status if it is said.

    Raises with_group or sent_up; unknown_proposal or stale, each with `items`: every card it is true of.
    An item of stale says the version the card has now; what it says now is read on demand.
    """
    proposals = state.board.proposals
    gone = [one.proposal for one in seen if one.proposal not in proposals or proposals[one.proposal].status in LEFT]
    if gone:
        raise Refused("unknown_proposal", proposal=gone[0], items=[{"proposal": card} for card in gone])
    cards = [proposals[one.proposal] for one in seen]
    for card in cards:
        require_at_hand(state, card, to)
    old = [card for card, one in zip(cards, seen, strict=True) if card.version != one.base]
    if old:
        raise Refused("stale", items=[{"proposal": card.id, "version": card.version} for card in old])
    return cards


def require_steps(cards: Sequence[Proposal], target: Callable[[Proposal], str]) -> None:
    """Raises Refused("not_from_here") with `items`: every card that cannot become what target() says of it."""
    kept = [card for card in cards if target(card) != card.status and target(card) not in TRANSITIONS[card.status]]
    if kept:
        items = [{"proposal": card.id, "status": card.status, "to": target(card)} for card in kept]
        raise Refused("not_from_here", items=items)


def settled(
    board: Board, cards: Sequence[Proposal], target: Callable[[Proposal], str]
) -> tuple[list[str], tuple[Settled, ...]]:
    """Where they come to stand: at the end of a column they are new to, in the order given; else where they are.

    Also the statuses whose columns have to be numbered afresh before.
    """
    coming: dict[str, int] = {}
    for card in cards:
        if COLUMN_OF[target(card)] != COLUMN_OF[card.status]:
            coming[COLUMN_OF[target(card)]] = coming.get(COLUMN_OF[target(card)], 0) + 1
    full = [status for status, number in coming.items() if not room_at_end(board, status, number)]
    for status in full:
        board = renumbered(board, status)
    last = {status: last_rank(board, status) for status in coming}
    places = []
    for card in cards:
        status, rank = target(card), board.proposals[card.id].rank
        name = COLUMN_OF[status]
        if name != COLUMN_OF[card.status]:
            rank = last[name] = last[name] + STEP
        places.append(Settled(card.id, card.version + 1, status, rank))
    return full, tuple(places)


def at_places(state: State, places: Sequence[Settled], change: Callable[[Proposal], Proposal]) -> list[Proposal]:
    """The cards at their places, each otherwise changed by change()."""
    return [
        replace(
            change(state.board.proposals[place.proposal]), version=place.version, status=place.status, rank=place.rank
        )
        for place in places
    ]
