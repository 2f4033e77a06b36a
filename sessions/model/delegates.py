"""Delegates chosen for the next level, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DelegateRules:
    """Of choosing delegates."""


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who was chosen, and where they were sent."""
