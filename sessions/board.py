"""The board: proposals brought in together, and moved between status columns and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.columns import STEP, appended, column, free_rank, last_rank, placed, renumbered
from sessions.content import DETAILS, TITLE, written
from sessions.errors import Refused
from sessions.funnel import all_allowed, allowed
from sessions.ids import HallId, ProposalId, SeatId
from sessions.lineage import require_at_hand
from sessions.model.board import AgencyDesk, Decision, Proposal
from sessions.model.content import Content
from sessions.model.funnel import Override
from sessions.model.nothing import changed
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR, SECRETARIAT
from sessions.proposal import BASED, REASON, REASON_CODE, on_board, require_base, require_seat, stale, versioned
from sessions.recommendation import RECOMMENDATIONS
from sessions.several import Seen, Settled, at_places, cards_of, require_steps, seen_list, settled
from sessions.shape import Check, ident, list_of, members, nullable, one_of, record, text
from sessions.state import State
from sessions.statuses import BEFORE, COLUMN_OF, FATES, NEGATIVE, OTHER, STATUSES, UPWARDS, require_reason, require_step

IMPORT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Imported:
    """agency_final: the agency in charge, when another system has settled on one other than the one asked for.

    status: how far it has come elsewhere, one of the SUBMITTED column; reason and its code where that is a no.
    """

    proposal: ProposalId
    hall: HallId
    content: Content
    owner: SeatId | None = None
    agency_final: str = ""
    decisions: tuple[Decision, ...] = ()
    status: str = "SUBMITTED"
    reason: str = ""
    reason_code: str = ""


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
    reason_code: str = ""
    override: str = ""


@dataclass(frozen=True, slots=True)
class MoveSeveral:
    items: tuple[Seen, ...]
    status: str
    reason: str = ""
    reason_code: str = ""
    override: str = ""


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
    reason_code: str = ""
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class ProposalsMoved:
    items: tuple[Settled, ...]
    reason: str = ""
    reason_code: str = ""
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class ColumnRenumbered:
    """The ranks of the column this status stands in were spread again; its order is the same."""

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
        require_seat(state, draft.owner, draft.hall)
        if draft.status in NEGATIVE:
            require_reason(draft.reason_code, draft.reason)
        seen.add(draft.proposal)
    return [ProposalsImported(proposals, last_rank(state.board, "SUBMITTED") + STEP)]


def require_time_of(state: State, status: str) -> None:
    """The board is still once the session has ended; what becomes of its proposals is told for years after."""
    if status not in (*UPWARDS, *FATES):
        require_phase(state, *BEFORE_THE_END)


def decide_move(state: State, command: Move, moment: Moment) -> list[Any]:
    require_time_of(state, command.status)
    card = on_board(state, command.proposal)
    require_at_hand(state, card, command.status)
    require_base(card, command.base)
    require_step(card.status, command.status)
    said = saying(card, command)
    override = allowed(state, card, command.status, command.override)
    before = None if command.before is None else neighbour(state, card, command)
    events: list[Any] = []
    board = state.board
    rank = free_rank(column(board, command.status), before)
    if rank is None:
        events.append(ColumnRenumbered(COLUMN_OF[command.status]))
        board = renumbered(board, command.status)
        before = None if before is None else board.proposals[before.id]
        rank = free_rank(column(board, command.status), before)
        assert rank is not None, "a freshly numbered column has room everywhere"
    return [*events, ProposalMoved(card.id, card.version + 1, command.status, rank, *said, override)]


def saying(card: Proposal, command: Move) -> tuple[str, str]:
    """Reason and its code. They stay while the status does; a no in words alone is of no listed kind."""
    if card.status == command.status and not command.reason:
        return card.reason, command.reason_code or card.reason_code
    code = command.reason_code
    if command.status in NEGATIVE:
        code = code or (OTHER if command.reason else "")
        require_reason(code, command.reason)
    return command.reason, code


def decide_move_several(state: State, command: MoveSeveral, moment: Moment) -> list[Any]:
    require_time_of(state, command.status)
    cards = cards_of(state, command.items, command.status)
    require_steps(cards, lambda card: command.status)
    if command.status in NEGATIVE:
        require_reason(command.reason_code, command.reason)
    override = all_allowed(state, (replace(card, status=command.status) for card in cards), command.override)
    full, places = settled(state.board, cards, lambda card: command.status)
    return [*map(ColumnRenumbered, full), ProposalsMoved(places, command.reason, command.reason_code, override)]


def neighbour(state: State, card: Proposal, command: Move) -> Proposal:
    """The card to stand before. If it has meanwhile left that column, what the mover looked at is stale."""
    assert command.before is not None
    if command.before == card.id:
        raise Refused("bad_input", field="before")
    before = on_board(state, command.before)
    if COLUMN_OF[before.status] != COLUMN_OF[command.status]:
        raise stale(card)
    return before


def apply_imported(state: State, event: ProposalsImported, at: int) -> State:
    cards = {
        draft.proposal: imported(draft, event.rank + place * STEP, at) for place, draft in enumerate(event.proposals)
    }
    return replace(state, board=appended(state.board, "SUBMITTED", cards))


def imported(draft: Imported, rank: int, at: int) -> Proposal:
    return Proposal(
        draft.proposal,
        draft.hall,
        draft.content,
        draft.status,
        rank,
        reason=draft.reason,
        reason_code=draft.reason_code,
        owner=draft.owner,
        added_at=at,
        decisions=tuple(replace(decision, at=at) for decision in draft.decisions),
        desk=AgencyDesk(final=draft.agency_final),
    )


def apply_moved(state: State, event: ProposalMoved, at: int) -> State:
    moved = changed(
        state.board.proposals[event.proposal],
        version=event.version,
        status=event.status,
        rank=event.rank,
        reason=event.reason,
        reason_code=event.reason_code,
    )
    return changed(state, board=placed(state.board, moved))


def apply_moved_several(state: State, event: ProposalsMoved, at: int) -> State:
    def told(card: Proposal) -> Proposal:
        return replace(card, reason=event.reason, reason_code=event.reason_code)

    return replace(state, board=placed(state.board, *at_places(state, event.items, told)))


def apply_renumbered(state: State, event: ColumnRenumbered, at: int) -> State:
    return replace(state, board=renumbered(state.board, event.status))


BESIDE: Mapping[str, Check] = {
    "proposal": ident,
    "owner": ident,
    "agency_final": text(160),
    "recommendations": RECOMMENDATIONS,
    "status": one_of(*BEFORE),
    "reason": REASON,
    "reason_code": REASON_CODE,
}


def check_imported(value: Any, field: str) -> Imported:
    checked = members(
        value,
        field,
        {**TITLE, "hall": ident},
        {**DETAILS, **BESIDE},
    )
    proposal, hall, owner = checked.pop("proposal", ""), checked.pop("hall"), checked.pop("owner", None)
    final, told = checked.pop("agency_final", ""), checked.pop("recommendations", ())
    reached = {name: checked.pop(name) for name in ("status", "reason", "reason_code") if name in checked}
    content = written(checked)
    final = "" if final == content.agency else final
    return Imported(ProposalId(proposal), hall, content, owner, final, told, **reached)


def results_of(event: Any) -> dict[str, Any]:
    return {"proposals": [{"proposal": place.proposal, "version": place.version} for place in event.items]}


TOLD = {"reason": REASON, "reason_code": REASON_CODE, "override": REASON}
MOVE = {**BASED, "status": one_of(*STATUSES), "before": nullable(ident)}

NOUN = Noun(
    commands={
        "proposals.import": Act(
            record(Import, {"proposals": list_of(check_imported, 1, IMPORT_MOST)}), decide_import, SECRETARIAT
        ),
        "proposal.move": Act(record(Move, MOVE, TOLD), decide_move, MODERATOR, sealed=True),
        "proposals.move": Act(
            record(MoveSeveral, {"items": seen_list(), "status": one_of(*STATUSES)}, TOLD),
            decide_move_several,
            MODERATOR,
            sealed=True,
        ),
    },
    events={
        "proposals_imported": (ProposalsImported, apply_imported),
        "proposal_moved": (ProposalMoved, apply_moved),
        "proposals_moved": (ProposalsMoved, apply_moved_several),
        "column_renumbered": (ColumnRenumbered, apply_renumbered),
    },
    results={ProposalMoved: versioned, ProposalsMoved: results_of},
)
