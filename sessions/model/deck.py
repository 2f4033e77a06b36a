"""Slides shown to everybody, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decks:
    """The decks there are, and the page that is shown."""
