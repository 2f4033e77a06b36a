"""Slides shown to everybody, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import DeckId, HallId
from sessions.model.nothing import nothing


@dataclass(frozen=True, slots=True)
class Deck:
    """hall: whose it is, None when nobody's in particular. page: the one that is shown, from 1; 0 when none is."""

    id: DeckId
    title: str
    pages: int
    hall: HallId | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class Decks:
    """shown: the one deck of which a page is shown."""

    decks: Mapping[DeckId, Deck] = field(default_factory=nothing)
    shown: DeckId | None = None
