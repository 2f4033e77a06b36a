"""Criteria, scorers and their scores, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """Of scoring."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """The scoring that runs or ran."""
