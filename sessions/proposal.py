"""A proposal: adding one, editing what it says, withdrawing it, always against the version the editor looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sessions.columns import STEP, WITHDRAWN, last_rank, placed
from sessions.errors import Refused
from sessions.ids import HallId, ProposalId
from sessions.model.board import Content, Proposal
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import BOARD, Actor, Role
from sessions.shape import Check, ident, integer, members, nullable, number, one_of, record, text
from sessions.state import State

TYPES = ("FISIK", "NON_FISIK", "PENGADAAN_BARANG")
URGENCIES = ("TIDAK_MENDESAK", "CUKUP", "MENDESAK", "SANGAT_MENDESAK")
LANDS = ("PEMDA", "INSTANSI_LAIN", "WARGA", "SENGKETA", "BELUM_DISERAHKAN")
REASON = text(500)
VERSION = integer(1, 2**31)

TITLE: Mapping[str, Check] = {"title": text(240, 1)}
DETAILS: Mapping[str, Check] = {
    "problem": text(1000),
    "address": text(300),
    "amount": nullable(integer(0, 10**13)),
    "volume": nullable(number(0, 1e9)),
    "unit": text(20),
    "agency": text(160),
    "type": nullable(one_of(*TYPES)),
    "urgency": nullable(one_of(*URGENCIES)),
    "land": nullable(one_of(*LANDS)),
    "rw": text(10),
    "households": nullable(integer(0, 10**7)),
    "proposer": text(120),
}


@dataclass(frozen=True, slots=True)
class Add:
    hall: HallId
    content: Content


@dataclass(frozen=True, slots=True)
class Edit:
    proposal: ProposalId
    base: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WithdrawProposal:
    proposal: ProposalId
    base: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposalAdded:
    proposal: ProposalId
    hall: HallId
    content: Content
    rank: int


@dataclass(frozen=True, slots=True)
class ProposalEdited:
    proposal: ProposalId
    version: int
    content: Content


@dataclass(frozen=True, slots=True)
class ProposalWithdrawn:
    proposal: ProposalId
    version: int
    reason: str


def on_board(state: State, proposal: ProposalId) -> Proposal:
    """The card; raises Refused("unknown_proposal") when there is none or it was withdrawn."""
    card = state.board.proposals.get(proposal)
    if card is None or card.status == WITHDRAWN:
        raise Refused("unknown_proposal", proposal=proposal)
    return card


def editable(state: State, proposal: ProposalId, base: int, actor: Actor) -> Proposal:
    """The card if this actor may change it and looked at its latest version; else forbidden or stale."""
    require_phase(state, *BEFORE_THE_END)
    card = on_board(state, proposal)
    require_own(actor, card.hall)
    if base != card.version:
        raise stale(card)
    return card


def require_own(actor: Actor, hall: HallId) -> None:
    if actor.role is Role.HALL and actor.hall != hall:
        raise Refused("forbidden")


def stale(card: Proposal) -> Refused:
    """What the editor needs to decide again: the version and everything the card says now."""
    fields = {**asdict(card.content), "hall": card.hall, "status": card.status, "rank": card.rank}
    return Refused("stale", version=card.version, fields={**fields, "reason": card.reason})


def decide_add(state: State, command: Add, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    if command.hall not in state.halls:
        raise Refused("unknown_hall", hall=command.hall)
    require_own(moment.actor, command.hall)
    rank = last_rank(state.board, "SUBMITTED") + STEP
    return [ProposalAdded(ProposalId(moment.fresh), command.hall, command.content, rank)]


def decide_edit(state: State, command: Edit, moment: Moment) -> list[Any]:
    card = editable(state, command.proposal, command.base, moment.actor)
    return [ProposalEdited(card.id, card.version + 1, replace(card.content, **command.fields))]


def decide_withdraw(state: State, command: WithdrawProposal, moment: Moment) -> list[Any]:
    card = editable(state, command.proposal, command.base, moment.actor)
    if not command.reason:
        raise Refused("reason_required")
    return [ProposalWithdrawn(card.id, card.version + 1, command.reason)]


def apply_added(state: State, event: ProposalAdded, at: int) -> State:
    card = Proposal(event.proposal, event.hall, event.content, "SUBMITTED", event.rank)
    return replace(state, board=placed(state.board, card))


def apply_edited(state: State, event: ProposalEdited, at: int) -> State:
    card = replace(state.board.proposals[event.proposal], version=event.version, content=event.content)
    return replace(state, board=placed(state.board, card))


def apply_withdrawn(state: State, event: ProposalWithdrawn, at: int) -> State:
    card = state.board.proposals[event.proposal]
    gone = replace(card, status=WITHDRAWN, version=event.version, reason=event.reason)
    stage = replace(state.stage, focus=None) if state.stage.focus == event.proposal else state.stage
    return replace(state, board=placed(state.board, gone), stage=stage)


def check_add(value: Any, field: str) -> Add:
    checked = members(value, field, {**TITLE, "hall": ident}, DETAILS)
    hall = checked.pop("hall")
    return Add(hall, Content(**checked))


def check_fields(value: Any, field: str) -> Mapping[str, Any]:
    """One field at least."""
    checked = members(value, field, {}, {**TITLE, **DETAILS})
    return checked or members(value, field, TITLE, {})


BASED: Mapping[str, Check] = {"proposal": ident, "base": VERSION}

NOUN = Noun(
    commands={
        "proposal.add": Act(check_add, decide_add, BOARD),
        "proposal.edit": Act(record(Edit, {**BASED, "fields": check_fields}), decide_edit, BOARD),
        "proposal.withdraw": Act(record(WithdrawProposal, BASED, {"reason": REASON}), decide_withdraw, BOARD),
    },
    events={
        "proposal_added": (ProposalAdded, apply_added),
        "proposal_edited": (ProposalEdited, apply_edited),
        "proposal_withdrawn": (ProposalWithdrawn, apply_withdrawn),
    },
    results={
        ProposalAdded: lambda event: {"proposal": event.proposal, "version": 1},
        ProposalEdited: lambda event: {"proposal": event.proposal, "version": event.version},
        ProposalWithdrawn: lambda event: {"proposal": event.proposal, "version": event.version},
    },
)
