"""What happened to the places of a session: outages, roll-calls, blanked halls, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """The site log and what is true of each hall now."""
