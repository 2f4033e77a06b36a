"""What the commands of scoring carry, and their checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sessions.ids import ProposalId, SeatId
from sessions.model.scoring import CriteriaSet
from sessions.settings import check_of_record
from sessions.shape import IDENT, Check, bad, ident, integer, list_of, record, text
from sessions.statuses import STATUSES

PROPOSALS_MOST = 500
SCORERS_MOST = 500
MARK_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Open:
    """proposals: these, or all of one status. criteria: a preset's name, a set of one's own, or None for the rules'."""

    scorers: tuple[SeatId, ...]
    criteria: CriteriaSet | str | None = None
    proposals: tuple[ProposalId, ...] = ()
    status: str = ""
    title: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Give:
    proposal: ProposalId
    scores: Mapping[str, int]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    scoring: str


@dataclass(frozen=True, slots=True)
class Void:
    scoring: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    scoring: str
    proposals: tuple[ProposalId, ...]
    reason: str = ""


def no_doubles(inner: Check) -> Check:
    def check(value: Any, field: str) -> Any:
        found = inner(value, field)
        return bad(field) if len(set(found)) < len(found) else found

    return check


def check_criteria(value: Any, field: str) -> CriteriaSet | str:
    if isinstance(value, str):
        return str(ident(value, field))
    made: CriteriaSet = check_of_record(CriteriaSet)(value, field)
    return made


def check_scores(value: Any, field: str) -> Mapping[str, int]:
    """{criterion: whole number}; whether they fit the scales is for the scoring to say."""
    if not isinstance(value, Mapping) or not 0 <= len(value) <= 100:
        bad(field)
    number = integer(0, MARK_MOST)
    for key in value:
        if not isinstance(key, str) or not IDENT.fullmatch(key):
            bad(field)
    return {key: number(score, f"{field}.{key}") for key, score in value.items()}


def open_one(**checked: Any) -> Open:
    """Raises ProtocolError("bad_input") unless either proposals or a status are named."""
    if ("proposals" in checked) == ("status" in checked):
        bad("proposals")
    return Open(**checked)


ONE: Mapping[str, Check] = {"scoring": ident}
REASON: Mapping[str, Check] = {"reason": text(500)}
PROPOSALS = no_doubles(list_of(ident, 1, PROPOSALS_MOST))
WITH: Mapping[str, Check] = {
    "criteria": check_criteria,
    "proposals": PROPOSALS,
    "status": lambda value, field: value if value in STATUSES else bad(field),
    "title": text(240),
    "seconds": integer(10, 86_400),
}

OPEN = record(open_one, {"scorers": no_doubles(list_of(ident, 0, SCORERS_MOST))}, WITH)
GIVE = record(Give, {"proposal": ident, "scores": check_scores}, {"note": text(500)})
CLOSE = record(Close, ONE)
VOID = record(Void, ONE, REASON)
ORDER = record(Order, {**ONE, "proposals": PROPOSALS}, REASON)
