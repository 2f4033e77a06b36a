"""A proposal: adding one, editing what it says, withdrawing it, always against the version the editor looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.attachments import without
from sessions.columns import STEP, last_rank, placed, shown
from sessions.content import DETAILS, TITLE, changed, flat, written
from sessions.errors import Refused
from sessions.funnel import all_allowed
from sessions.ids import HallId, ProposalId, SeatId
from sessions.lineage import require_at_hand
from sessions.model.board import Proposal
from sessions.model.content import Content
from sessions.model.funnel import Override
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import BOARD, FLOOR, Actor, Role
from sessions.shape import Check, ident, integer, members, one_of, record, text
from sessions.state import State
from sessions.statuses import LEFT, MERGED, REASON_CODES, WITHDRAWN, require_step

REASON = text(500)
REASON_CODE = one_of(*REASON_CODES)
VERSION = integer(1, 2**31)
BASED: Mapping[str, Check] = {"proposal": ident, "base": VERSION}


@dataclass(frozen=True, slots=True)
class Add:
    hall: HallId
    content: Content
    owner: SeatId | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    proposal: ProposalId
    base: int
    fields: Mapping[str, Any]
    override: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawProposal:
    proposal: ProposalId
    base: int
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class ProposalAdded:
    proposal: ProposalId
    hall: HallId
    content: Content
    rank: int
    owner: SeatId | None = None


@dataclass(frozen=True, slots=True)
class ProposalEdited:
    """override: of a limit of the funnel that was gone beyond, as a chosen card became dearer."""

    proposal: ProposalId
    version: int
    content: Content
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class ProposalWithdrawn:
    """into: the card it had been merged into, which goes on without this owner as `into_version`."""

    proposal: ProposalId
    version: int
    reason: str
    reason_code: str = ""
    into: ProposalId | None = None
    into_version: int = 0


@dataclass(frozen=True, slots=True)
class OwnerSteppedBack:
    """Its own owner withdrew a card that goes on for the owners of what was merged into it."""

    proposal: ProposalId
    version: int
    reason: str
    reason_code: str = ""


def on_board(state: State, proposal: ProposalId) -> Proposal:
    """The card; raises Refused("unknown_proposal") when there is none or it has left, with `into` if it was merged."""
    card = state.board.proposals.get(proposal)
    if card is None or card.status in LEFT:
        into = {"into": card.trace.into} if card is not None and card.status == MERGED else {}
        raise Refused("unknown_proposal", proposal=proposal, **into)
    return card


def editable(state: State, proposal: ProposalId, base: int, actor: Actor) -> Proposal:
    """The card if this actor may change it and looked at its latest version; else forbidden or stale."""
    require_phase(state, *BEFORE_THE_END)
    card = on_board(state, proposal)
    require_own(actor, card.hall)
    require_at_hand(state, card)
    require_base(card, base)
    return card


def require_own(actor: Actor, hall: HallId) -> None:
    if actor.role is Role.HALL and actor.hall != hall:
        raise Refused("forbidden")


def require_owner(actor: Actor, card: Proposal) -> None:
    """A hall owns what came from it, a delegate what names his seat; a moderator acts for any of them."""
    require_own(actor, card.hall)
    if actor.role is Role.DELEGATE and (actor.seat is None or actor.seat != card.owner):
        raise Refused("forbidden")


def require_base(card: Proposal, base: int) -> None:
    if base != card.version:
        raise stale(card)


def stale(card: Proposal) -> Refused:
    """What the editor needs to decide again: the version and everything the card says now."""
    fields = {**flat(card.content), "hall": card.hall, "status": card.status, "rank": shown(card.rank)}
    fields |= {"reason": card.reason, "reason_code": card.reason_code}
    return Refused("stale", version=card.version, fields=fields)


def require_seat(state: State, owner: SeatId | None, hall: HallId) -> None:
    """An owner sits in the hall the proposal comes from."""
    if owner is not None and (owner not in state.seats or state.seats[owner].hall != hall):
        raise Refused("bad_input", field="owner")


def decide_add(state: State, command: Add, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    if command.hall not in state.halls:
        raise Refused("unknown_hall", hall=command.hall)
    require_own(moment.actor, command.hall)
    require_seat(state, command.owner, command.hall)
    rank = last_rank(state.board, "SUBMITTED") + STEP
    return [ProposalAdded(ProposalId(moment.fresh), command.hall, command.content, rank, command.owner)]


def decide_edit(state: State, command: Edit, moment: Moment) -> list[Any]:
    """What a chosen card says may break a limit; to go beyond one is for the moderator alone."""
    card = editable(state, command.proposal, command.base, moment.actor)
    if command.override and moment.actor.role is Role.HALL:
        raise Refused("forbidden")
    content = changed(card.content, command.fields)
    override = all_allowed(state, [replace(card, content=content)], command.override)
    return [ProposalEdited(card.id, card.version + 1, content, override)]


def decide_withdraw(state: State, command: WithdrawProposal, moment: Moment) -> list[Any]:
    """A merged card leaves its owner out of the one it went into; a card others were merged into stays for them."""
    require_phase(state, *BEFORE_THE_END)
    card = state.board.proposals.get(command.proposal)
    if card is None or card.status == WITHDRAWN:
        raise Refused("unknown_proposal", proposal=command.proposal)
    require_owner(moment.actor, card)
    require_at_hand(state, card)
    require_base(card, command.base)
    if not command.reason:
        raise Refused("reason_required", missing=["reason"])
    require_step(card.status, WITHDRAWN)
    said = command.reason, command.reason_code
    if card.trace.merged and card.trace.stepped_back:
        raise Refused("already_withdrawn", merged=list(card.trace.merged))
    if card.trace.merged:
        return [OwnerSteppedBack(card.id, card.version + 1, *said)]
    if card.status == MERGED:
        return leave(state, card, *said)
    return [ProposalWithdrawn(card.id, card.version + 1, *said)]


def leave(state: State, card: Proposal, reason: str, code: str) -> list[Any]:
    """Out of a merge; what it went into goes, too, when that leaves it without any owner."""
    assert card.trace.into is not None, "a merged card names what it went into"
    into = state.board.proposals[card.trace.into]
    gone = ProposalWithdrawn(card.id, card.version + 1, reason, code, into.id, into.version + 1)
    return [gone, *abandoned(state, into, card.id)]


def abandoned(state: State, card: Proposal, last: ProposalId) -> list[Any]:
    """What else happens when `last` leaves this card, which counts one version for it: nothing while others stay."""
    if not card.trace.stepped_back or card.trace.merged != (last,):
        return []
    alone = replace(card, version=card.version + 1)
    if card.status == MERGED:
        return leave(state, alone, card.reason, card.reason_code)
    return [ProposalWithdrawn(card.id, alone.version + 1, card.reason, card.reason_code)]


def apply_added(state: State, event: ProposalAdded, at: int) -> State:
    card = Proposal(event.proposal, event.hall, event.content, "SUBMITTED", event.rank, owner=event.owner, added_at=at)
    return replace(state, board=placed(state.board, card))


def apply_edited(state: State, event: ProposalEdited, at: int) -> State:
    card = replace(state.board.proposals[event.proposal], version=event.version, content=event.content)
    return replace(state, board=placed(state.board, card))


def apply_withdrawn(state: State, event: ProposalWithdrawn, at: int) -> State:
    card = state.board.proposals[event.proposal]
    gone = replace(card, status=WITHDRAWN, version=event.version, reason=event.reason, reason_code=event.reason_code)
    cards = [gone]
    if event.into is not None:
        into = state.board.proposals[event.into]
        merged = tuple(other for other in into.trace.merged if other != gone.id)
        trace = replace(into.trace, merged=merged)
        cards.append(replace(without(into, gone.id), version=event.into_version, trace=trace))
    return replace(unfocused(state, gone.id), board=placed(state.board, *cards))


def apply_stepped_back(state: State, event: OwnerSteppedBack, at: int) -> State:
    card = state.board.proposals[event.proposal]
    alone = replace(
        card,
        version=event.version,
        reason=event.reason,
        reason_code=event.reason_code,
        trace=replace(card.trace, stepped_back=True),
    )
    return replace(state, board=placed(state.board, alone))


def unfocused(state: State, *gone: ProposalId) -> State:
    """The screens do not stay on a card that has left the board."""
    return replace(state, stage=replace(state.stage, focus=None)) if state.stage.focus in gone else state


def check_add(value: Any, field: str) -> Add:
    checked = members(value, field, {**TITLE, "hall": ident}, {**DETAILS, "owner": ident})
    hall, owner = checked.pop("hall"), checked.pop("owner", None)
    return Add(hall, written(checked), owner)


def check_fields(value: Any, field: str) -> Mapping[str, Any]:
    """One field at least."""
    checked = members(value, field, {}, {**TITLE, **DETAILS})
    return checked or members(value, field, TITLE, {})


def versioned(event: Any) -> dict[str, Any]:
    return {"proposal": event.proposal, "version": event.version}


NOUN = Noun(
    commands={
        "proposal.add": Act(check_add, decide_add, BOARD),
        "proposal.edit": Act(record(Edit, {**BASED, "fields": check_fields}, {"override": REASON}), decide_edit, BOARD),
        "proposal.withdraw": Act(
            record(WithdrawProposal, BASED, {"reason": REASON, "reason_code": REASON_CODE}), decide_withdraw, FLOOR
        ),
    },
    events={
        "proposal_added": (ProposalAdded, apply_added),
        "proposal_edited": (ProposalEdited, apply_edited),
        "proposal_withdrawn": (ProposalWithdrawn, apply_withdrawn),
        "proposal_owner_stepped_back": (OwnerSteppedBack, apply_stepped_back),
    },
    results={
        ProposalAdded: lambda event: {"proposal": event.proposal, "version": 1},
        ProposalEdited: versioned,
        ProposalWithdrawn: versioned,
        OwnerSteppedBack: versioned,
    },
)
