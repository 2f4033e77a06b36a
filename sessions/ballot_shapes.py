"""The shape of the commands that open ballots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.ids import BallotId, ProposalId
from sessions.model.ballot import (
    APPROVAL,
    BASES,
    CIRCLES,
    EVERYBODY,
    MAJORITIES,
    METHODS,
    TIES,
    VARIANTS,
    WEIGHTS,
    YES_NO,
    Circle,
    Given,
    Option,
)
from sessions.shape import Check, bad, flag, ident, integer, list_of, members, nullable, one_of, record, text

OPTIONS_MOST = 200
SEATS_MOST = 10_000
SCALE_MOST = 100
POINTS_MOST = 1000
RUPIAH_MOST = 10**15
WEIGHT_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Open:
    """options or proposals: one of the two, at least two of them; neither for a yes or no. seconds: until it closes.

    about: proposals it decides on without being its options. None: as the rules have it. override: why there was no
    attempt at consensus first.
    """

    title: str
    secrecy: str
    proof: str | None
    choose_max: int | None = None
    options: tuple[Option, ...] = ()
    proposals: tuple[ProposalId, ...] = ()
    about: tuple[ProposalId, ...] = ()
    seconds: int | None = None
    method: str = APPROVAL
    scale: tuple[int, ...] | None = None
    variant: str | None = None
    points: int | None = None
    budget: int | None = None
    majority: str | None = None
    base: str | None = None
    places: int | None = None
    tie: str | None = None
    weights: str | None = None
    given: tuple[Given, ...] = ()
    rounds: int = 1
    revote: bool | None = None
    quorum: bool | None = None
    circle: Circle = EVERYBODY
    override: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """The round after this one."""

    ballot: BallotId


def check_option(value: Any, field: str) -> Option:
    optional = {"id": ident, "detail": text(240), "cost": nullable(integer(1, RUPIAH_MOST))}
    checked = members(value, field, {"label": text(240, 1)}, optional)
    return Option(checked.get("id", ""), checked["label"], checked.get("detail", ""), checked.get("cost"))


check_circle = record(
    Circle,
    {"kind": one_of(*CIRCLES)},
    {"halls": list_of(ident, 0, OPTIONS_MOST), "seats": list_of(ident, 0, SEATS_MOST)},
)
OPTIONAL: Mapping[str, Check] = {
    "options": list_of(check_option, 2, OPTIONS_MOST),
    "proposals": list_of(ident, 2, OPTIONS_MOST),
    "about": list_of(ident, 0, OPTIONS_MOST),
    "choose_max": integer(1, OPTIONS_MOST),
    "proof": nullable(one_of("inclusion", "full")),
    "seconds": nullable(integer(10, 3600)),
    "method": one_of(*METHODS),
    "scale": list_of(integer(0, SCALE_MOST), 2, 2),
    "variant": one_of(*VARIANTS),
    "points": integer(1, POINTS_MOST),
    "budget": integer(1, RUPIAH_MOST),
    "majority": one_of(*MAJORITIES),
    "base": one_of(*BASES),
    "places": integer(1, OPTIONS_MOST),
    "tie": one_of(*TIES),
    "weights": one_of(*WEIGHTS),
    "given": list_of(record(Given, {"seat": ident, "weight": integer(0, WEIGHT_MOST)}), 1, SEATS_MOST),
    "rounds": integer(1, 5),
    "revote": flag,
    "quorum": flag,
    "electorate": check_circle,
    "override": text(500),
}


def check_open(value: Any, field: str) -> Open:
    required = {"title": text(240, 1), "secrecy": one_of("open", "secret")}
    checked = members(value, field, required, OPTIONAL)
    method = checked.get("method", APPROVAL)
    if method == APPROVAL and "choose_max" not in checked:
        bad("choose_max")
    given = [name for name in ("options", "proposals") if name in checked]
    if len(given) != 1 and not (method == YES_NO and not given):
        bad("options")
    if checked["secrecy"] == "open" and checked.get("proof") is not None:
        bad("proof")
    proof = None if checked["secrecy"] == "open" else checked.pop("proof", None) or "inclusion"
    checked["circle"] = checked.pop("electorate", EVERYBODY)
    return Open(**{**checked, "options": numbered(checked.get("options", ())), "proof": proof})


def numbered(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Options sent without an id are called by their place."""
    return tuple(option if option.id else replace(option, id=str(place)) for place, option in enumerate(options, 1))
