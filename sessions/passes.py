"""Passes: whom a QR card stands for, until when, and whose device holds it. The token on it never comes here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from sessions.attendance import own_hall
from sessions.errors import Refused
from sessions.hall import known_seat
from sessions.ids import HallId, PassId, SeatId
from sessions.model.nothing import put
from sessions.model.people import Pass
from sessions.noun import Act, Moment, Noun
from sessions.permissions import DOOR, SECRETARIAT, SYSTEM, Actor, Role
from sessions.shape import bad, ident, integer, matching, members, nullable, one_of, record, text
from sessions.state import State

ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)
DEVICE = re.compile(r"[0-9a-f]{32}")
RELEASE_MS = 10 * 60 * 1000  # long enough to open a link on another phone, too short to be forgotten
BY = ("pin", "release")
OF_ACCOUNTS = "acct-"  # what the passes of staff accounts are called; they come and go with their scopes alone


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
class Claim:
    """A device takes the card over. by: what showed that it may, the card's PIN or the hall's release."""

    id: PassId
    device: str
    by: str


@dataclass(frozen=True, slots=True)
class Release:
    """One of both: a card, or whatever cards a seat has."""

    id: PassId | None = None
    seat: SeatId | None = None


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


@dataclass(frozen=True, slots=True)
class PassClaimed:
    """The card moved to this device: credentials of earlier claims end."""

    id: PassId
    claim: int
    device: str
    by: str


@dataclass(frozen=True, slots=True)
class PassReleased:
    """Another device may claim the card without its PIN until then, milliseconds since 1970 UTC."""

    id: PassId
    until: int


def is_claimed(card: Pass) -> bool:
    """Whether one device holds it at a time: what carries a seat's voice and vote does."""
    return card.role == Role.DELEGATE


def ended(state: State, actor: Actor) -> str:
    """Why the actor's card is good no longer, empty while it is: pass_moved when another device has claimed it."""
    card = state.passes.get(actor.pass_id)
    if card is None:
        return ""
    if card.revoked:
        return "pass_revoked"
    return "pass_moved" if actor.claim and actor.claim < card.claim else ""


def require_valid(state: State, actor: Actor) -> None:
    """Raises Refused: pass_revoked, pass_moved."""
    if code := ended(state, actor):
        raise Refused(code)


def decide_issue(state: State, command: Issue, moment: Moment) -> list[Any]:
    """A delegate's card stands for a seat (its hall follows), a hall's for a hall, the others for neither or a hall."""
    pass_id = command.id or PassId(moment.fresh)
    require_card(pass_id, moment.actor)
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


def require_card(pass_id: PassId, actor: Actor) -> None:
    """Raises Refused("account_pass") for the pass of an account, which the server alone may touch."""
    if pass_id.startswith(OF_ACCOUNTS) and actor.role is not Role.SYSTEM:
        raise Refused("account_pass")


def decide_revoke(state: State, command: Revoke, moment: Moment) -> list[Any]:
    """Revoking twice is harmless."""
    require_card(command.id, moment.actor)
    card = state.passes.get(command.id)
    if card is None:
        raise Refused("unknown_pass")
    return [] if card.revoked else [PassRevoked(card.id)]


def known_card(state: State, pass_id: PassId) -> Pass:
    """Raises Refused: unknown_pass, no_seat (nobody claims such a card)."""
    card = state.passes.get(pass_id)
    if card is None:
        raise Refused("unknown_pass")
    if not is_claimed(card):
        raise Refused("no_seat")
    return card


def decide_claim(state: State, command: Claim, moment: Moment) -> list[Any]:
    """The same device again changes nothing, so an answer that was lost may be asked for again."""
    card = known_card(state, command.id)
    if card.revoked:
        raise Refused("pass_revoked")
    if card.device == command.device:
        return []
    if command.by == "release" and card.released_until <= moment.now:
        raise Refused("pass_claimed")
    return [PassClaimed(card.id, card.claim + 1, command.device, command.by)]


def decide_release(state: State, command: Release, moment: Moment) -> list[Any]:
    """Releasing again begins the time anew."""
    if command.id is not None:
        cards = [known_card(state, command.id)]
    else:
        assert command.seat is not None
        seat = known_seat(state, command.seat)
        own_hall(state, seat.hall, moment.actor)
        cards = [card for card in state.passes.values() if card.seat == seat.id]
    valid = [card for card in cards if not card.revoked and card.expires_at > moment.now]
    if not valid:
        raise Refused("unknown_pass")
    for card in valid:
        if card.hall is not None:
            own_hall(state, card.hall, moment.actor)
    return [PassReleased(card.id, moment.now + RELEASE_MS) for card in valid]


def apply_issued(state: State, event: PassIssued, at: int) -> State:
    card = Pass(event.id, event.role, event.seat, event.hall, event.expires_at, agency=event.agency)
    return replace(state, passes=put(state.passes, card.id, card))


def apply_revoked(state: State, event: PassRevoked, at: int) -> State:
    card = replace(state.passes[event.id], revoked=True)
    return replace(state, passes=put(state.passes, card.id, card))


def apply_claimed(state: State, event: PassClaimed, at: int) -> State:
    card = replace(state.passes[event.id], claim=event.claim, device=event.device, released_until=0)
    return replace(state, passes=put(state.passes, card.id, card))


def apply_released(state: State, event: PassReleased, at: int) -> State:
    card = replace(state.passes[event.id], released_until=event.until)
    return replace(state, passes=put(state.passes, card.id, card))


def issue(**checked: Any) -> Issue:
    return Issue(id=checked.pop("pass", None), **checked)


def revoke(**checked: Any) -> Revoke:
    return Revoke(checked["pass"])


def claim(**checked: Any) -> Claim:
    return Claim(id=checked.pop("pass"), **checked)


def check_release(value: Any, field: str) -> Release:
    checked = members(value, field, {}, {"pass": ident, "seat": ident})
    if len(checked) != 1:
        bad("seat")
    return Release(id=checked.get("pass"), seat=checked.get("seat"))


CLAIM = record(claim, {"pass": ident, "device": matching(DEVICE), "by": one_of(*BY)})
ISSUE = record(
    issue,
    {"role": one_of(*ROLES), "expires_at": integer(1, 1 << 52)},
    {"pass": nullable(ident), "seat": nullable(ident), "hall": nullable(ident), "agency": text(160)},
)

NOUN = Noun(
    commands={
        "pass.issue": Act(ISSUE, decide_issue, SECRETARIAT, sealed=True),
        "pass.revoke": Act(record(revoke, {"pass": ident}), decide_revoke, SECRETARIAT, sealed=True),
        "pass.claim": Act(CLAIM, decide_claim, SYSTEM, sealed=True),
        "pass.release": Act(check_release, decide_release, DOOR, sealed=True),
    },
    events={
        "pass_issued": (PassIssued, apply_issued),
        "pass_revoked": (PassRevoked, apply_revoked),
        "pass_claimed": (PassClaimed, apply_claimed),
        "pass_released": (PassReleased, apply_released),
    },
    results={
        PassIssued: lambda event: {"pass": event.id},
        PassReleased: lambda event: {"until": event.until},
    },
)
