"""Photos of a proposal: which files show it. The pictures themselves lie in the server's store of files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.answer import require_in_charge
from sessions.columns import placed
from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.lineage import require_at_hand
from sessions.model.board import Board, Photo, Proposal
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import AGENCIES, FLOOR, SYSTEM, Actor, Role
from sessions.proposal import on_board, require_owner, versioned
from sessions.shape import ident, integer, one_of, record, text
from sessions.state import State
from sessions.statuses import WITHDRAWN

SIDE_MOST = 10_000  # pixels
SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Attach:
    """by: the actor who handed it in; only the server gives this command, once the file is stored."""

    proposal: ProposalId
    file: str
    width: int
    height: int
    by: str
    caption: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Remove:
    proposal: ProposalId
    file: str


@dataclass(frozen=True, slots=True)
class PhotoAttached:
    proposal: ProposalId
    version: int
    photo: Photo
    by: str


@dataclass(frozen=True, slots=True)
class PhotoRemoved:
    proposal: ProposalId
    version: int
    file: str


def may_attach(state: State, proposal: ProposalId, actor: Actor, kind: str = "") -> None:
    """Whether this actor may hand in a photo of it now: of a survey the agency in charge, else who owns the proposal.

    Raises Refused: forbidden, wrong_phase, unknown_proposal, too_many_photos, other_agency.
    """
    if actor.role not in (AGENCIES if kind == SURVEY else FLOOR):
        raise Refused("forbidden")
    require_mine(state, room_for_one(state, proposal, kind), actor, kind)


def require_mine(state: State, card: Proposal, actor: Actor, kind: str) -> None:
    if kind == SURVEY and actor.role is Role.AGENCY:
        require_in_charge(state, card, actor)
    elif actor.role is Role.AGENCY or (kind == SURVEY and actor.role is not Role.MODERATOR):
        raise Refused("forbidden")
    else:
        require_owner(actor, card)


def room_for_one(state: State, proposal: ProposalId, kind: str) -> Proposal:
    require_phase(state, *BEFORE_THE_END)
    card = on_board(state, proposal)
    require_at_hand(state, card)
    most = state.rules.board.photos_most
    if sum(photo.kind == kind for photo in card.photos) >= most:
        raise Refused("too_many_photos", most=most)
    return card


def shown(board: Board, file: str) -> bool:
    """Whether a proposal that was not withdrawn shows this file."""
    cards = (card for card in board.proposals.values() if card.photos and card.status != WITHDRAWN)
    return any(photo.file == file for card in cards for photo in card.photos)


def decide_attach(state: State, command: Attach, moment: Moment) -> list[Any]:
    card = room_for_one(state, command.proposal, command.kind)
    photo = Photo(command.file, command.width, command.height, command.caption, command.kind)
    return [PhotoAttached(card.id, card.version + 1, photo, command.by)]


def decide_remove(state: State, command: Remove, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    card = on_board(state, command.proposal)
    require_at_hand(state, card)
    photo = next((one for one in card.photos if one.file == command.file), None)
    if photo is None:
        raise Refused("unknown_photo", photo=command.file)
    require_mine(state, card, moment.actor, photo.kind)
    return [PhotoRemoved(card.id, card.version + 1, command.file)]


def apply_attached(state: State, event: PhotoAttached, at: int) -> State:
    card = state.board.proposals[event.proposal]
    more = replace(card, version=event.version, photos=(*card.photos, event.photo))
    return replace(state, board=placed(state.board, more))


def apply_removed(state: State, event: PhotoRemoved, at: int) -> State:
    card = state.board.proposals[event.proposal]
    left = tuple(photo for photo in card.photos if photo.file != event.file)
    return replace(state, board=placed(state.board, replace(card, version=event.version, photos=left)))


def removal(**checked: Any) -> Remove:
    return Remove(checked["proposal"], checked["photo"])


SIDE = integer(1, SIDE_MOST)
ATTACH = record(
    Attach,
    {"proposal": ident, "file": ident, "width": SIDE, "height": SIDE, "by": text(60, 1)},
    {"caption": text(200), "kind": one_of("", SURVEY)},
)

NOUN = Noun(
    commands={
        "photo.attach": Act(ATTACH, decide_attach, SYSTEM),
        "photo.remove": Act(record(removal, {"proposal": ident, "photo": ident}), decide_remove, FLOOR | AGENCIES),
    },
    events={
        "photo_attached": (PhotoAttached, apply_attached),
        "photo_removed": (PhotoRemoved, apply_removed),
    },
    results={
        PhotoAttached: lambda event: {**versioned(event), "photo": event.photo.file},
        PhotoRemoved: versioned,
    },
)
