"""Where a card stands: sparse ranks in status columns, so that one move touches one card.

A rank is a whole number that sorts; neighbours are usually STEP apart and a card put between two takes the middle.
When the middle is used up the column is numbered afresh, which happens after some thirty moves to one same spot.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace

from sessions.ids import ProposalId
from sessions.model.board import Board, Column, Proposal
from sessions.model.nothing import put, put_all

STATUSES = ("SUBMITTED", "DISCUSSED", "PRIORITISED", "RESERVE", "NOT_AGREED")
WITHDRAWN = "WITHDRAWN"
STEP = 1 << 32
RANK_MOST = 1 << 52  # a JSON number is exact up to 2^53


def column(board: Board, status: str) -> Column:
    return board.columns.get(status, ())


def last_rank(board: Board, status: str) -> int:
    """The rank of the last card of the column, 0 when it is empty."""
    cards = column(board, status)
    return cards[-1][0] if cards else 0


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
    return Board(put_all(board.proposals, moved), put(board.columns, status, cards))


def placed(board: Board, proposal: Proposal) -> Board:
    """The board with this card as it now is, taken from where it stood and put where it stands."""
    old = board.proposals.get(proposal.id)
    proposals = put(board.proposals, proposal.id, proposal)
    if old is not None and old.status == proposal.status and old.rank == proposal.rank:
        return Board(proposals, board.columns)
    columns = dict(board.columns)
    if old is not None:
        taken_out(columns, old)
    if proposal.status != WITHDRAWN:
        put_in(columns, proposal)
    return Board(proposals, columns)


def taken_out(columns: dict[str, Column], proposal: Proposal) -> None:
    cards = columns.get(proposal.status, ())
    entry = (proposal.rank, proposal.id)
    place = bisect_left(cards, entry)
    if cards[place : place + 1] == (entry,):
        columns[proposal.status] = cards[:place] + cards[place + 1 :]


def put_in(columns: dict[str, Column], proposal: Proposal) -> None:
    cards = columns.get(proposal.status, ())
    entry = (proposal.rank, proposal.id)
    place = bisect_left(cards, entry)
    columns[proposal.status] = (*cards[:place], entry, *cards[place:])


def appended(board: Board, status: str, proposals: Mapping[ProposalId, Proposal]) -> Board:
    """Many new cards at the end of one column; their ranks rise in the order given."""
    cards = column(board, status) + tuple((card.rank, card.id) for card in proposals.values())
    return Board(put_all(board.proposals, proposals), put(board.columns, status, cards))
