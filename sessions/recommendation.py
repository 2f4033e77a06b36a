"""Recommendations that come with an import: what levels and offices elsewhere said, kept as their decisions."""

from __future__ import annotations

from typing import Any

from sessions.content import RUPIAH
from sessions.model.board import LEVELS, Decision
from sessions.shape import list_of, nullable, number, one_of, record, text

# Only that something was said is known of a recommendation without a decision.
NOTED = "NOTED"
WORDS = ("ACCEPTED", "ACCEPTED_WITH_CHANGES", "REJECTED", "POSTPONED", NOTED)


def recommendation(**checked: Any) -> Decision:
    """at is set when it is recorded."""
    return Decision(checked.pop("level"), checked.pop("decision", NOTED), 0, **checked)


RECOMMENDATIONS = list_of(
    record(
        recommendation,
        {"level": one_of(*LEVELS)},
        {"decision": one_of(*WORDS), "amount": RUPIAH, "volume": nullable(number(0, 1e9)), "note": text(1000)},
    ),
    0,
    len(LEVELS),
)
