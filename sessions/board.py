"""The board: proposals brought in together, and moved between status columns and places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.columns import STATUSES, STEP, appended, column, free_rank, last_rank, placed, renumbered
from sessions.errors import Refused
from sessions.ids import HallId, ProposalId
from sessions.model.board import Content, Proposal
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR, SECRETARIAT
from sessions.proposal import BASED, DETAILS, REASON, TITLE, editable, on_board, stale
from sessions.shape import ident, list_of, members, nullable, one_of, record
from sessions.state import State

IMPORT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Imported:
    proposal: ProposalId
    hall: HallId
    content: Content


@dataclass(frozen=True, slots=True)
class Import:
    proposals: tuple[Imported, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """before: the card that shall follow this one in the target column; None is the end."""

    proposal: ProposalId
    base: int
    status: str
    before: ProposalId | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposalsImported:
    """All at the end of the SUBMITTED column in this order, the first at `rank`, the others STEP apart."""

    proposals: tuple[Imported, ...]
    rank: int


@dataclass(frozen=True, slots=True)
class ProposalMoved:
    proposal: ProposalId
    version: int
    status: str
    rank: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ColumnRenumbered:
    """The ranks of this column were spread again; its order is the same."""

    status: str


def decide_import(state: State, command: Import, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    proposals = tuple(
        draft if draft.proposal else replace(draft, proposal=ProposalId(f"{moment.fresh}-{place}"))
        for place, draft in enumerate(command.proposals, 1)
    )
    seen: set[ProposalId] = set()
    for draft in proposals:
        if draft.hall not in state.halls:
            raise Refused("unknown_hall", hall=draft.hall)
        if draft.proposal in state.board.proposals or draft.proposal in seen:
            raise Refused("already_exists", proposal=draft.proposal)
        seen.add(draft.proposal)
    return [ProposalsImported(proposals, last_rank(state.board, "SUBMITTED") + STEP)]


def decide_move(state: State, command: Move, moment: Moment) -> list[Any]:
    card = editable(state, command.proposal, command.base, moment.actor)
    reason = command.reason or (card.reason if command.status == card.status else "")
    if command.status == "NOT_AGREED" and not reason:
        raise Refused("reason_required")
    before = None if command.before is None else neighbour(state, card, command)
    events: list[Any] = []
    board = state.board
    rank = free_rank(column(board, command.status), before)
    if rank is None:
        events.append(ColumnRenumbered(command.status))
        board = renumbered(board, command.status)
        before = None if before is None else board.proposals[before.id]
        rank = free_rank(column(board, command.status), before)
        assert rank is not None, "a freshly numbered column has room everywhere"
    return [*events, ProposalMoved(card.id, card.version + 1, command.status, rank, reason)]


def neighbour(state: State, card: Proposal, command: Move) -> Proposal:
    """The card to stand before. If it has meanwhile left the column, what the mover looked at is stale."""
    assert command.before is not None
    if command.before == card.id:
        raise Refused("bad_input", field="before")
    before = on_board(state, command.before)
    if before.status != command.status:
        raise stale(card)
    return before


def apply_imported(state: State, event: ProposalsImported, at: int) -> State:
    cards = {
        draft.proposal: Proposal(draft.proposal, draft.hall, draft.content, "SUBMITTED", event.rank + place * STEP)
        for place, draft in enumerate(event.proposals)
    }
    return replace(state, board=appended(state.board, "SUBMITTED", cards))


def apply_moved(state: State, event: ProposalMoved, at: int) -> State:
    card = state.board.proposals[event.proposal]
    moved = replace(card, version=event.version, status=event.status, rank=event.rank, reason=event.reason)
    return replace(state, board=placed(state.board, moved))


def apply_renumbered(state: State, event: ColumnRenumbered, at: int) -> State:
    return replace(state, board=renumbered(state.board, event.status))


def check_imported(value: Any, field: str) -> Imported:
    checked = members(value, field, {**TITLE, "hall": ident}, {**DETAILS, "proposal": ident})
    proposal, hall = checked.pop("proposal", ""), checked.pop("hall")
    return Imported(ProposalId(proposal), hall, Content(**checked))


MOVE = {**BASED, "status": one_of(*STATUSES), "before": nullable(ident)}

NOUN = Noun(
    commands={
        "proposals.import": Act(
            record(Import, {"proposals": list_of(check_imported, 1, IMPORT_MOST)}), decide_import, SECRETARIAT
        ),
        "proposal.move": Act(record(Move, MOVE, {"reason": REASON}), decide_move, MODERATOR),
    },
    events={
        "proposals_imported": (ProposalsImported, apply_imported),
        "proposal_moved": (ProposalMoved, apply_moved),
        "column_renumbered": (ColumnRenumbered, apply_renumbered),
    },
    results={ProposalMoved: lambda event: {"proposal": event.proposal, "version": event.version}},
)
