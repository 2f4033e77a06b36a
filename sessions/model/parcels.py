"""What passes between sessions, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parcels:
    """What was sent and is not yet delivered, and what was received."""
