"""The record of a session (Berita Acara) as far as the state must know it, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordRules:
    """Of the record."""


@dataclass(frozen=True, slots=True)
class Record:
    """Its number, signatories, corrections and addenda."""
