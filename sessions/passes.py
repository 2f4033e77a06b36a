"""Passes: whom a QR card stands for and until when. The token on the card never comes here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import HallId, PassId, SeatId
from sessions.model.nothing import put
from sessions.model.people import Pass
from sessions.noun import Act, Moment, Noun
from sessions.permissions import SECRETARIAT, Role
from sessions.shape import ident, integer, nullable, one_of, record, text
from sessions.state import State

ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Issue:
    role: str
    expires_at: int
    id: PassId | None = None
    seat: SeatId | None = None
    hall: HallId | None = None
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Revoke:
    id: PassId


@dataclass(frozen=True, slots=True)
class PassIssued:
    id: PassId
    role: str
    expires_at: int
    seat: SeatId | None = None
    hall: HallId | None = None
    agency: str = ""


@dataclass(frozen=True, slots=True)
class PassRevoked:
    id: PassId


def decide_issue(state: State, command: Issue, moment: Moment) -> list[Any]:
    """A delegate's card stands for a seat (its hall follows), a hall's for a hall, the others for neither or a hall."""
    pass_id = command.id or PassId(moment.fresh)
    if pass_id in state.passes:
        raise Refused("already_exists")
    if command.expires_at <= moment.now:
        raise Refused("bad_input", field="expires_at")
    hall = command.hall
    if (command.seat is not None) != (command.role == Role.DELEGATE):
        raise Refused("bad_input", field="seat")
    if command.seat is not None:
        seat = state.seats.get(command.seat)
        if seat is None:
            raise Refused("bad_input", field="seat")
        if hall not in (None, seat.hall):
            raise Refused("bad_input", field="hall")
        hall = seat.hall
    if hall is None and command.role == Role.HALL:
        raise Refused("bad_input", field="hall")
    if hall is not None and hall not in state.halls:
        raise Refused("unknown_hall", hall=hall)
    if command.agency and command.role != Role.AGENCY:
        raise Refused("bad_input", field="agency")
    return [PassIssued(pass_id, command.role, command.expires_at, command.seat, hall, command.agency)]


def decide_revoke(state: State, command: Revoke, moment: Moment) -> list[Any]:
    """Revoking twice is harmless."""
    card = state.passes.get(command.id)
    if card is None:
        raise Refused("unknown_pass")
    return [] if card.revoked else [PassRevoked(card.id)]


def apply_issued(state: State, event: PassIssued, at: int) -> State:
    card = Pass(event.id, event.role, event.seat, event.hall, event.expires_at, agency=event.agency)
    return replace(state, passes=put(state.passes, card.id, card))


def apply_revoked(state: State, event: PassRevoked, at: int) -> State:
    card = replace(state.passes[event.id], revoked=True)
    return replace(state, passes=put(state.passes, card.id, card))


def issue(**checked: Any) -> Issue:
    return Issue(id=checked.pop("pass", None), **checked)


def revoke(**checked: Any) -> Revoke:
    return Revoke(checked["pass"])


ISSUE = record(
    issue,
    {"role": one_of(*ROLES), "expires_at": integer(1, 1 << 52)},
    {"pass": nullable(ident), "seat": nullable(ident), "hall": nullable(ident), "agency": text(160)},
)

NOUN = Noun(
    commands={
        "pass.issue": Act(ISSUE, decide_issue, SECRETARIAT, sealed=True),
        "pass.revoke": Act(record(revoke, {"pass": ident}), decide_revoke, SECRETARIAT, sealed=True),
    },
    events={
        "pass_issued": (PassIssued, apply_issued),
        "pass_revoked": (PassRevoked, apply_revoked),
    },
    results={PassIssued: lambda event: {"pass": event.id}},
)
