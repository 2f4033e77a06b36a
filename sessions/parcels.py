"""What passes between sessions: a command sent from here, repeated under one key until it is recorded there."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import SessionId
from sessions.kind import MODERATOR as MODERATORS
from sessions.kind import Fields, Kind
from sessions.model.nothing import put
from sessions.model.parcels import Parcel, Parcels
from sessions.noun import Act, Moment, Noun
from sessions.permissions import MODERATOR, SECRETARIAT, SYSTEM, Actor, Role
from sessions.shape import Check, bad, ident, integer, record, text
from sessions.state import State
from sessions.taken_back import DelegatesKept, ProposalsKept, apply_delegates_kept, apply_kept, taken_back
from sessions.wire import UnknownEvent, decode, encode

SENDERS = MODERATOR | {Role.ADMIN}
DETAIL_MOST = 4000


@dataclass(frozen=True, slots=True)
class Delivered:
    parcel: str


@dataclass(frozen=True, slots=True)
class Turned:
    """The other session refused. tries: which sending this is the answer to."""

    parcel: str
    code: str
    tries: int
    detail: str = "{}"


@dataclass(frozen=True, slots=True)
class Resend:
    parcel: str


@dataclass(frozen=True, slots=True)
class Forget:
    parcel: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ParcelSent:
    """body: the data of the command `name`, as JSON text."""

    parcel: str
    to: SessionId
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class ParcelDelivered:
    parcel: str


@dataclass(frozen=True, slots=True)
class ParcelRefused:
    parcel: str
    code: str
    detail: str = "{}"


@dataclass(frozen=True, slots=True)
class ParcelResent:
    parcel: str


@dataclass(frozen=True, slots=True)
class ParcelForgotten:
    parcel: str
    reason: str


def require_neighbour(state: State, session: SessionId, actor: Actor) -> None:
    """Raises Refused("not_linked") unless the actor may send there: the secretariat anywhere, others to neighbours.

    Neighbours are what the secretariat linked this session with, the plenary of a group, and a plenary's groups.
    """
    here = state.session
    linked = (here.feeds, here.previous, here.parent, *here.reaches)
    if actor.role not in SECRETARIAT and session not in linked and session not in state.groups.every:
        raise Refused("not_linked", session=session)


def sent(moment: Moment, number: int, to: SessionId, name: str, body: Any) -> ParcelSent:
    """A parcel to put among a decision's events. number: tells the parcels of one decision apart."""
    text = json.dumps(encode(body), separators=(",", ":"), ensure_ascii=True)
    return ParcelSent(f"{moment.fresh}-p{number}", to, name, text)


def carried(cls: type[Any]) -> Check:
    """The check of a parcel's body: what sent() made of a value of this class, back again."""

    def check(value: Any, field: str) -> Any:
        try:
            return decode(cls, value)
        except UnknownEvent:
            bad(field or "data")

    return check


def known(state: State, parcel: str) -> Parcel:
    found = state.parcels.waiting.get(parcel)
    if found is None:
        raise Refused("unknown_parcel", parcel=parcel)
    return found


def decide_delivered(state: State, command: Delivered, moment: Moment) -> list[Any]:
    """Twice is harmless, and a refusal that another node met meanwhile does not count."""
    return [ParcelDelivered(command.parcel)] if command.parcel in state.parcels.waiting else []


def decide_refused(state: State, command: Turned, moment: Moment) -> list[Any]:
    """An answer to an earlier sending than the last one is out of date."""
    parcel = state.parcels.waiting.get(command.parcel)
    if parcel is None or parcel.state != "sent" or parcel.tries != command.tries:
        return []
    return [ParcelRefused(command.parcel, command.code, command.detail)]


def decide_resend(state: State, command: Resend, moment: Moment) -> list[Any]:
    parcel = known(state, command.parcel)
    if parcel.state != "refused":
        raise Refused("parcel_under_way", parcel=parcel.id)
    return [ParcelResent(parcel.id)]


def decide_forget(state: State, command: Forget, moment: Moment) -> list[Any]:
    """Only a refused one: what is under way may be recorded there at this very moment. What it took along is free."""
    parcel = known(state, command.parcel)
    if parcel.state != "refused":
        raise Refused("parcel_under_way", parcel=parcel.id)
    if not command.reason:
        raise Refused("reason_required")
    return [ParcelForgotten(parcel.id, command.reason), *taken_back(state, parcel)]


def changed(state: State, parcel: Parcel) -> State:
    return replace(state, parcels=Parcels(put(state.parcels.waiting, parcel.id, parcel)))


def gone(state: State, parcel: str) -> State:
    waiting = {id_: one for id_, one in state.parcels.waiting.items() if id_ != parcel}
    return replace(state, parcels=Parcels(waiting))


def apply_sent(state: State, event: ParcelSent, at: int) -> State:
    return changed(state, Parcel(event.parcel, event.to, event.name, event.body, at))


def apply_delivered(state: State, event: ParcelDelivered, at: int) -> State:
    return gone(state, event.parcel)


def apply_refused(state: State, event: ParcelRefused, at: int) -> State:
    parcel = state.parcels.waiting[event.parcel]
    return changed(state, replace(parcel, state="refused", code=event.code, detail=event.detail))


def apply_resent(state: State, event: ParcelResent, at: int) -> State:
    parcel = state.parcels.waiting[event.parcel]
    return changed(state, replace(parcel, state="sent", code="", detail="{}", tries=parcel.tries + 1))


def apply_forgotten(state: State, event: ParcelForgotten, at: int) -> State:
    return gone(state, event.parcel)


def parcel_fields(state: State, parcel: Parcel, view: str) -> Fields:
    """What is in it stays out: the one who sent it knows, and it can be large."""
    return {
        "to": parcel.to,
        "name": parcel.name,
        "state": parcel.state,
        "at": parcel.at,
        "tries": parcel.tries,
        "code": parcel.code or None,
        "detail": json.loads(parcel.detail),
    }


TURNED = record(
    Turned, {"parcel": ident, "code": ident, "tries": integer(1, 1 << 31)}, {"detail": text(DETAIL_MOST, 2)}
)

NOUN = Noun(
    commands={
        "parcel.delivered": Act(record(Delivered, {"parcel": ident}), decide_delivered, SYSTEM, sealed=True),
        "parcel.refused": Act(TURNED, decide_refused, SYSTEM, sealed=True),
        "parcel.resend": Act(record(Resend, {"parcel": ident}), decide_resend, SENDERS, sealed=True),
        "parcel.forget": Act(
            record(Forget, {"parcel": ident}, {"reason": text(500)}), decide_forget, SENDERS, sealed=True
        ),
    },
    events={
        "parcel_sent": (ParcelSent, apply_sent),
        "parcel_delivered": (ParcelDelivered, apply_delivered),
        "parcel_refused": (ParcelRefused, apply_refused),
        "parcel_resent": (ParcelResent, apply_resent),
        "parcel_forgotten": (ParcelForgotten, apply_forgotten),
        "proposals_kept": (ProposalsKept, apply_kept),
        "delegates_kept": (DelegatesKept, apply_delegates_kept),
    },
    kinds=(
        Kind(
            "parcel",
            lambda state: state.parcels.waiting,
            lambda state: state.parcels.waiting,
            parcel_fields,
            (MODERATORS,),
        ),
    ),
)
