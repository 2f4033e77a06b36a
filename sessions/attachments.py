"""What comes with a card, its photos and documents, when cards become one, one becomes several, or it travels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sessions.ids import ProposalId
from sessions.model.board import Board, BoardRules, Document, Photo, Proposal


def own_photos(card: Proposal) -> tuple[Photo, ...]:
    """As they are on a card that nothing was merged into: its parts, and what it becomes in another session."""
    return tuple(replace(photo, of=None) for photo in card.photos)


def own_documents(card: Proposal) -> tuple[Document, ...]:
    return tuple(replace(document, of=None) for document in card.documents)


def photos_into(into: Proposal, cards: Iterable[Proposal], rules: BoardRules) -> tuple[Photo, ...]:
    """The photos that a merge puts on the card, in the order of the cards; what finds no room stays on its own card."""
    found: list[Photo] = []
    for card in cards:
        for photo in card.photos:
            there = (*into.photos, *found)
            room = sum(other.kind == photo.kind for other in there) < rules.photos_most
            if room and all(other.file != photo.file for other in there):
                found.append(replace(photo, of=card.id))
    return tuple(found)


def documents_into(into: Proposal, cards: Iterable[Proposal], rules: BoardRules) -> tuple[Document, ...]:
    """As photos_into()."""
    found: list[Document] = []
    for card in cards:
        for document in card.documents:
            there = (*into.documents, *found)
            if len(there) < rules.documents_most and all(other.file != document.file for other in there):
                found.append(replace(document, of=card.id))
    return tuple(found)


def without(card: Proposal, gone: ProposalId) -> Proposal:
    """The card once what came with a merged one has left with it."""
    return replace(
        card,
        photos=tuple(photo for photo in card.photos if photo.of != gone),
        documents=tuple(document for document in card.documents if document.of != gone),
    )


def files_of(boards: Sequence[Board]) -> set[str]:
    """Every file that any card of these boards lists, also one that has left its board."""
    cards = [card for board in boards for card in board.proposals.values() if card.photos or card.documents]
    photos = {photo.file for card in cards for photo in card.photos}
    return photos | {document.file for card in cards for document in card.documents}
