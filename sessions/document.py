"""Documents of a proposal: the letters and sheets that come with it as PDF. They lie in the server's store of files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.columns import placed
from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.lineage import require_at_hand
from sessions.model.board import Document, Proposal
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import FLOOR, SYSTEM, Actor, Role
from sessions.proposal import on_board, require_owner, versioned
from sessions.shape import ident, integer, one_of, record, text
from sessions.state import State

KINDS = ("proposal", "cover_letter", "cost_sheet")
READERS = frozenset({Role.MODERATOR, Role.ADMIN, Role.AGENCY})
PAGES_MOST = 10_000
BYTES_MOST = 5_000_000


@dataclass(frozen=True, slots=True)
class Attach:
    """by: the actor who handed it in; only the server gives this command, once the file is stored."""

    proposal: ProposalId
    file: str
    kind: str
    pages: int
    size: int
    by: str


@dataclass(frozen=True, slots=True)
class Remove:
    proposal: ProposalId
    file: str


@dataclass(frozen=True, slots=True)
class DocumentAttached:
    proposal: ProposalId
    version: int
    document: Document
    by: str


@dataclass(frozen=True, slots=True)
class DocumentRemoved:
    proposal: ProposalId
    version: int
    file: str


def may_attach(state: State, proposal: ProposalId, actor: Actor) -> None:
    """Whether this actor may hand one in now.

    Raises Refused: forbidden, wrong_phase, unknown_proposal, too_many_files.
    """
    if actor.role not in FLOOR:
        raise Refused("forbidden")
    require_owner(actor, room_for_one(state, proposal))


def may_read(state: State, file: str, actor: Actor) -> bool:
    """Letters name people: they are for those who decide, and for whoever owns a proposal they came with.

    Who owns a card that others were merged into does not read the letters of those.
    """
    cards = [card for card in state.board.proposals.values() if holds(card, file)]
    if not cards or actor.role in READERS:
        return bool(cards)
    return actor.role in FLOOR and any(came_with(card, file) and owns(actor, card) for card in cards)


def came_with(card: Proposal, file: str) -> bool:
    return any(document.file == file and document.of is None for document in card.documents)


def owns(actor: Actor, card: Proposal) -> bool:
    try:
        require_owner(actor, card)
    except Refused:
        return False
    return True


def holds(card: Proposal, file: str) -> bool:
    return any(document.file == file for document in card.documents)


def room_for_one(state: State, proposal: ProposalId) -> Proposal:
    require_phase(state, *BEFORE_THE_END)
    card = on_board(state, proposal)
    require_at_hand(state, card)
    most = state.rules.board.documents_most
    if len(card.documents) >= most:
        raise Refused("too_many_files", most=most)
    return card


def decide_attach(state: State, command: Attach, moment: Moment) -> list[Any]:
    card = room_for_one(state, command.proposal)
    document = Document(command.file, command.kind, command.pages, command.size)
    return [DocumentAttached(card.id, card.version + 1, document, command.by)]


def decide_remove(state: State, command: Remove, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    card = on_board(state, command.proposal)
    require_owner(moment.actor, card)
    require_at_hand(state, card)
    if not holds(card, command.file):
        raise Refused("unknown_file", file=command.file)
    return [DocumentRemoved(card.id, card.version + 1, command.file)]


def apply_attached(state: State, event: DocumentAttached, at: int) -> State:
    card = state.board.proposals[event.proposal]
    more = replace(card, version=event.version, documents=(*card.documents, event.document))
    return replace(state, board=placed(state.board, more))


def apply_removed(state: State, event: DocumentRemoved, at: int) -> State:
    card = state.board.proposals[event.proposal]
    left = tuple(document for document in card.documents if document.file != event.file)
    return replace(state, board=placed(state.board, replace(card, version=event.version, documents=left)))


ATTACH = record(
    Attach,
    {
        "proposal": ident,
        "file": ident,
        "kind": one_of(*KINDS),
        "pages": integer(1, PAGES_MOST),
        "size": integer(1, BYTES_MOST),
        "by": text(60, 1),
    },
)

NOUN = Noun(
    commands={
        "file.attach": Act(ATTACH, decide_attach, SYSTEM),
        "file.remove": Act(record(Remove, {"proposal": ident, "file": ident}), decide_remove, FLOOR),
    },
    events={
        "document_attached": (DocumentAttached, apply_attached),
        "document_removed": (DocumentRemoved, apply_removed),
    },
    results={
        DocumentAttached: lambda event: {**versioned(event), "file": event.document.file},
        DocumentRemoved: versioned,
    },
)
