"""Who is here, and whether that is enough, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttendanceRules:
    """Of attendance and quorum."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was invited, came and left; the quorum as it was declared."""
