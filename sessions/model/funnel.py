"""Quotas, ceilings and shares on the way to the next level, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FunnelRules:
    """Of the funnel."""
