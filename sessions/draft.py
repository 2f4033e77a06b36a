"""Drafts: proposals that are still being written, seen by their hall and the moderator alone until they are submitted.

A draft is no card: it stands in no column, so nothing that counts, shows, prints, ranks or votes on cards meets it.
What is still a draft when the session ends stays outside its record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.columns import STEP, last_rank
from sessions.content import PLAIN, changed, flat
from sessions.errors import Refused
from sessions.ids import HallId, ProposalId, SeatId
from sessions.kind import HALL, MODERATOR, Fields, Kind
from sessions.model.content import Content
from sessions.model.draft import STATUS, Draft
from sessions.model.nothing import put
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import BOARD, Actor, Role
from sessions.proposal import BASED, Add, ProposalAdded, check_add, check_fields, require_own, require_seat, versioned
from sessions.shape import record
from sessions.state import State

DRAFTS_MOST = 100  # of a hall; each of its pages holds them all
TEXT_MOST = 150_000  # bytes of all drafts of a hall: `me` must stay well below what is cut off as unread (256 KiB)


@dataclass(frozen=True, slots=True)
class Edit:
    proposal: ProposalId
    base: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Based:
    proposal: ProposalId
    base: int


@dataclass(frozen=True, slots=True)
class DraftAdded:
    proposal: ProposalId
    hall: HallId
    content: Content
    owner: SeatId | None = None


@dataclass(frozen=True, slots=True)
class DraftEdited:
    proposal: ProposalId
    version: int
    content: Content


@dataclass(frozen=True, slots=True)
class DraftDropped:
    """It was thrown away, or it is a card now: then `proposal_added` follows."""

    proposal: ProposalId


def decide_add(state: State, command: Add, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    if command.hall not in state.halls:
        raise Refused("unknown_hall", hall=command.hall)
    require_own(moment.actor, command.hall)
    require_seat(state, command.owner, command.hall)
    if len(drafts_of(state, command.hall)) >= DRAFTS_MOST:
        raise Refused("too_many_drafts", hall=command.hall, most=DRAFTS_MOST)
    new = Draft(ProposalId(moment.fresh), command.hall, command.content, command.owner, moment.now)
    require_short(state, new)
    return [DraftAdded(new.id, new.hall, new.content, new.owner)]


def require_short(state: State, draft: Draft) -> None:
    """Raises Refused("drafts_too_long") when what its hall is told grows beyond TEXT_MOST by this draft."""
    was = state.drafts.get(draft.id)
    others = sum(told_bytes(state, one) for one in drafts_of(state, draft.hall) if one.id != draft.id)
    size = told_bytes(state, draft)
    if others + size > TEXT_MOST and (was is None or size > told_bytes(state, was)):
        raise Refused("drafts_too_long", hall=draft.hall, most=TEXT_MOST // 1000)


def told_bytes(state: State, draft: Draft) -> int:
    return len(json.dumps(draft_fields(state, draft, HALL), ensure_ascii=False).encode(errors="replace"))


def at_hand(state: State, proposal: ProposalId, base: int, actor: Actor) -> Draft:
    """Raises wrong_phase, unknown_draft, forbidden for another hall's, and stale with everything it says now."""
    require_phase(state, *BEFORE_THE_END)
    draft = state.drafts.get(proposal)
    if draft is None:
        raise Refused("unknown_draft", proposal=proposal)
    require_own(actor, draft.hall)
    if base != draft.version:
        fields = {**flat(draft.content), "hall": draft.hall, "status": STATUS}
        raise Refused("stale", version=draft.version, fields=fields)
    return draft


def decide_edit(state: State, command: Edit, moment: Moment) -> list[Any]:
    draft = at_hand(state, command.proposal, command.base, moment.actor)
    content = changed(draft.content, command.fields)
    require_short(state, replace(draft, content=content))
    return [DraftEdited(draft.id, draft.version + 1, content)]


def decide_drop(state: State, command: Based, moment: Moment) -> list[Any]:
    """Without a reason: nobody has seen it."""
    return [DraftDropped(at_hand(state, command.proposal, command.base, moment.actor).id)]


def decide_submit(state: State, command: Based, moment: Moment) -> list[Any]:
    """It becomes a card under its own id, as if it had been added now."""
    draft = at_hand(state, command.proposal, command.base, moment.actor)
    taken = draft.id in state.board.proposals  # an import may name any id
    card = ProposalId(moment.fresh) if taken else draft.id
    rank = last_rank(state.board, "SUBMITTED") + STEP
    return [DraftDropped(draft.id), ProposalAdded(card, draft.hall, draft.content, rank, draft.owner)]


def apply_added(state: State, event: DraftAdded, at: int) -> State:
    draft = Draft(event.proposal, event.hall, event.content, event.owner, at)
    return replace(state, drafts=put(state.drafts, draft.id, draft))


def apply_edited(state: State, event: DraftEdited, at: int) -> State:
    draft = replace(state.drafts[event.proposal], version=event.version, content=event.content)
    return replace(state, drafts=put(state.drafts, draft.id, draft))


def apply_dropped(state: State, event: DraftDropped, at: int) -> State:
    return replace(state, drafts={id_: draft for id_, draft in state.drafts.items() if id_ != event.proposal})


def drafts_of(state: State, hall: HallId) -> list[Draft]:
    """As they came."""
    return [draft for draft in state.drafts.values() if draft.hall == hall]


def own_drafts(state: State, actor: Actor) -> Fields:
    """What `me` tells a hall of its own: no class of viewers sees them all but the moderator's."""
    if actor.role is not Role.HALL or actor.hall is None:
        return {}
    return {"drafts": [{"proposal": one.id, **draft_fields(state, one, HALL)} for one in drafts_of(state, actor.hall)]}


def halls_concerned(before: State, after: State) -> set[HallId]:
    """The halls whose own_drafts() differ between these two states."""
    old, new = before.drafts, after.drafts
    if old is new:
        return set()
    gone = {draft.hall for id_, draft in old.items() if id_ not in new}
    return gone | {draft.hall for id_, draft in new.items() if old.get(id_) is not draft}


def draft_fields(state: State, draft: Draft, view: str) -> Fields:
    """What the form of a proposal asks for; the rest is told once it is a card."""
    content = draft.content
    said = {"title": content.title, **{name: getattr(content, name) for name in PLAIN}}
    return {
        **said,
        "hall": draft.hall,
        "owner": draft.owner,
        "status": STATUS,
        "at": draft.at,
        "version": draft.version,
    }


NOUN = Noun(
    commands={
        "draft.add": Act(check_add, decide_add, BOARD),
        "draft.edit": Act(record(Edit, {**BASED, "fields": check_fields}), decide_edit, BOARD),
        "draft.drop": Act(record(Based, BASED), decide_drop, BOARD),
        "proposal.submit": Act(record(Based, BASED), decide_submit, BOARD),
    },
    events={
        "draft_added": (DraftAdded, apply_added),
        "draft_edited": (DraftEdited, apply_edited),
        "draft_dropped": (DraftDropped, apply_dropped),
    },
    results={DraftAdded: lambda event: {"proposal": event.proposal, "version": 1}, DraftEdited: versioned},
    kinds=(Kind("draft", lambda state: state.drafts, lambda state: state.drafts, draft_fields, (MODERATOR,)),),
)
