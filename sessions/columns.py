"""Where a card stands: sparse ranks in the board's columns, so that one move touches one card.

A rank is a whole number that sorts; neighbours are usually STEP apart and a card put between two takes the middle.
When the middle is used up the column is numbered afresh, which happens after some thirty moves to one same spot.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce

from sessions.ids import ProposalId, SeatId
from sessions.model.board import Board, Column, Proposal
from sessions.model.nothing import put, put_all
from sessions.statuses import COLUMN_OF
from sessions.sums import counted

STEP = 1 << 32
RANK_MOST = 1 << 52  # a JSON number is exact up to 2^53


def shown(rank: int) -> float:
    """The rank as views tell it, in steps: 1,451 ranks of ten digits took a quarter of a phone's snapshot. Exact."""
    return rank // STEP if rank % STEP == 0 else rank / STEP


def column(board: Board, status: str) -> Column:
    """The column that cards of this status stand in."""
    return board.columns.get(COLUMN_OF[status], ())


def last_rank(board: Board, status: str) -> int:
    """The rank of the last card of that column, 0 when it is empty."""
    cards = column(board, status)
    return cards[-1][0] if cards else 0


def room_at_end(board: Board, status: str, cards: int) -> bool:
    """Whether so many cards can be put at the end of that column without numbering it afresh."""
    return last_rank(board, status) + cards * STEP <= RANK_MOST


def free_rank(cards: Column, before: Proposal | None) -> int | None:
    """A rank just before that card of the column, or after all; None when no number is left there."""
    if before is None:
        rank = (cards[-1][0] if cards else 0) + STEP
    else:
        place = bisect_left(cards, (before.rank, before.id))
        below = cards[place - 1][0] if place else before.rank - 2 * STEP
        rank = (below + before.rank) // 2
        if rank == below:
            return None
    return rank if abs(rank) <= RANK_MOST else None


def renumbered(board: Board, status: str) -> Board:
    """The same order in that column with ranks STEP apart."""
    cards = tuple((place * STEP, card) for place, (_, card) in enumerate(column(board, status), 1))
    moved = {card: replace(board.proposals[card], rank=rank) for rank, card in cards}
    columns = put(board.columns, COLUMN_OF[status], cards)
    return replace(board, proposals=put_all(board.proposals, moved), columns=columns)


def placed(board: Board, *changed: Proposal) -> Board:
    """The board with these cards as they now are, taken from where they stood and put where they stand."""
    columns, sums = dict(board.columns), board.sums
    for card in changed:
        old = board.proposals.get(card.id)
        sums = counted(sums, old, card)
        stood = None if old is None else COLUMN_OF.get(old.status)
        stands = COLUMN_OF.get(card.status)
        if old is not None and (stood, old.rank) == (stands, card.rank):
            continue
        if old is not None and stood is not None:
            taken_out(columns, stood, old)
        if stands is not None:
            put_in(columns, stands, card)
    owned = with_owners(board, changed)
    if len(changed) == 1:
        return Board(put(board.proposals, changed[0].id, changed[0]), columns, sums, owned)
    return Board(put_all(board.proposals, {card.id: card for card in changed}), columns, sums, owned)


def with_owners(board: Board, cards: Iterable[Proposal]) -> Mapping[SeatId, tuple[ProposalId, ...]]:
    """Whose cards these are besides those it has; a card keeps its owner as long as it is."""
    fresh = [(card.owner, card.id) for card in cards if card.owner is not None and card.id not in board.proposals]
    if not fresh:
        return board.owned
    owned = dict(board.owned)
    for seat, card in fresh:
        owned[seat] = (*owned.get(seat, ()), card)
    return owned


def taken_out(columns: dict[str, Column], name: str, card: Proposal) -> None:
    cards = list(columns.get(name, ()))
    entry = (card.rank, card.id)
    place = bisect_left(cards, entry)
    if cards[place : place + 1] == [entry]:
        del cards[place]
        columns[name] = tuple(cards)


def put_in(columns: dict[str, Column], name: str, card: Proposal) -> None:
    cards = list(columns.get(name, ()))
    insort(cards, (card.rank, card.id))
    columns[name] = tuple(cards)


def appended(board: Board, status: str, proposals: Mapping[ProposalId, Proposal]) -> Board:
    """Many new cards at the end of one column; their ranks rise in the order given."""
    cards = column(board, status) + tuple((card.rank, card.id) for card in proposals.values())
    sums = reduce(lambda sums, card: counted(sums, None, card), proposals.values(), board.sums)
    columns = put(board.columns, COLUMN_OF[status], cards)
    return Board(put_all(board.proposals, proposals), columns, sums, with_owners(board, proposals.values()))
