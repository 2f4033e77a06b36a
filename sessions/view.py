"""What each class of viewer may see of a session, whole as a snapshot or as the changes between two states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sessions import dispatch
from sessions.answer import agency_of
from sessions.ballot_view import ballot_fields
from sessions.card import proposal_fields
from sessions.draft import own_drafts
from sessions.fairness import order_in_force
from sessions.groups import group_of
from sessions.kind import HALL, MODERATOR, PARTICIPANT, PUBLIC, SCREEN, Fields, Kind
from sessions.model.agenda import AgendaItem
from sessions.model.floor import Panelist, Speaker
from sessions.model.people import Hall, Seat
from sessions.model.session import Session
from sessions.model.stage import Stage
from sessions.model.table import Table
from sessions.own import own_fields
from sessions.own_vote import own_vote
from sessions.permissions import Actor, Role
from sessions.scoring_view import own_scoring
from sessions.speakers import SIDES, point_of, request_of
from sessions.state import State

Change = dict[str, Any]

CLASS_OF: Mapping[Role, str] = {
    Role.MODERATOR: MODERATOR,
    Role.ADMIN: MODERATOR,
    Role.SYSTEM: MODERATOR,
    Role.AGENCY: MODERATOR,
    Role.HALL: HALL,
    Role.DELEGATE: PARTICIPANT,
    Role.SCREEN: SCREEN,
    Role.PUBLIC: PUBLIC,
}


def view_class(role: Role) -> str:
    """The one view class a role sees the session through."""
    return CLASS_OF[role]


def session_fields(state: State, member: tuple[Session, int, int], view: str) -> Fields | None:
    session, seats, halls = member
    if not session.created:
        return None
    fields = asdict(session)
    del fields["id"]
    reaches = fields.pop("reaches")
    if view == MODERATOR:
        fields["reaches"] = list(reaches)
    return {**fields, "seat_count": seats, "hall_count": halls}


def hall_fields(state: State, hall: Hall, view: str) -> Fields:
    return {"name": hall.name, "kecamatan": hall.kecamatan, "order": hall.order, "seat_count": hall.seat_count}


def seat_fields(state: State, seat: Seat, view: str) -> Fields:
    """A hall's face needs no more of a seat than to find it at the door."""
    fields = {"hall": seat.hall, "office": seat.office, "constituency": seat.constituency}
    return fields if view == HALL else {**fields, "rw": seat.rw, "voice": seat.voice, "vote": seat.vote}


def agenda_fields(state: State, item: AgendaItem, view: str) -> Fields:
    """The note is for those who run the session and its halls."""
    fields: Fields = {
        "title": item.title,
        "kind": item.kind,
        "order": item.order,
        "minutes": item.minutes,
        "state": item.state,
        "started_at": item.started_at,
        "ended_at": item.ended_at,
        "speaker": item.speaker,
        "hall": item.hall,
        "since": item.since,
        "spent_ms": item.spent_ms,
    }
    return {**fields, "note": item.note} if view in (MODERATOR, HALL) else fields


def place_fields(state: State, place: Speaker | Panelist) -> Fields:
    """label: hall and office."""
    hall = state.halls[place.hall].name
    label = hall if place.seat is None else f"{hall} · {state.seats[place.seat].office}"
    return {"hall": place.hall, "seat": place.seat, "label": label}


def speaker_fields(state: State, speaker: Speaker, view: str) -> Fields:
    fields = {
        **place_fields(state, speaker),
        "request": speaker.request,
        "note": speaker.note,
        "at": speaker.at,
        "since": speaker.since,
        "until": speaker.until,
        "kind": speaker.kind,
        "proposal": speaker.proposal,
    }
    return {**fields, "constituency": speaker.constituency} if view == MODERATOR else fields


def holder_fields(state: State, holder: Speaker, view: str) -> Fields:
    """With its clock: while it stands still `paused` says why, and `remaining` what is left."""
    return {
        **speaker_fields(state, holder, view),
        "paused": holder.paused,
        "remaining": holder.remaining,
        "running_since": holder.running_since,
        "spoken_ms": holder.spoken_ms,
        "extensions": holder.extensions,
    }


def floor_fields(state: State, member: object, view: str) -> Fields:
    """order: request ids in the order in force, None while that is the queue's. due: the side whose turn it is."""
    floor, rules = state.floor, state.rules.floor
    order = [speaker.request for speaker in order_in_force(floor, rules)] if rules.order == "fair" else None
    due = SIDES[floor.last_side == SIDES[0]] if rules.alternate and floor.last_side else None
    return {
        "holder": None if floor.holder is None else holder_fields(state, floor.holder, view),
        "queue": [speaker_fields(state, speaker, view) for speaker in floor.queue],
        "panel": [place_fields(state, panelist) for panelist in floor.panel],
        "order": order,
        "due": due,
        "warn_s": rules.warn_s,
    }


def stage_fields(state: State, stage: Stage, view: str) -> Fields:
    return {
        "scene": stage.scene,
        "spotlight": stage.spotlight,
        "focus": stage.focus,
        "ballot": stage.ballot,
        "interpreter": stage.interpreter,
    }


def floor_source(state: State) -> tuple[object, ...]:
    return state.floor, state.rules, state.halls, state.seats


def session_member(state: State) -> Mapping[str, tuple[Session, int, int]]:
    return {state.session.id: (state.session, len(state.seats), len(state.halls))}


KINDS = (
    Kind("session", lambda state: (state.session, state.seats, state.halls), session_member, session_fields),
    Kind("hall", lambda state: state.halls, lambda state: state.halls, hall_fields),
    Kind("seat", lambda state: state.seats, lambda state: state.seats, seat_fields, (MODERATOR, HALL)),
    Kind("agenda", lambda state: state.agenda, lambda state: {item.id: item for item in state.agenda}, agenda_fields),
    Kind("floor", floor_source, lambda state: {"floor": floor_source(state)}, floor_fields),
    Kind("stage", lambda state: state.stage, lambda state: {"stage": state.stage}, stage_fields),
    Kind("proposal", lambda state: state.board.proposals, lambda state: state.board.proposals, proposal_fields),
    Kind("ballot", lambda state: state.ballots, lambda state: state.ballots, ballot_fields),
    *dispatch.KINDS,
)


def snapshot(state: State, view: str) -> list[Change]:
    """Every entity this class sees, in the form of changes from nothing."""
    rendered = (
        (kind.name, id_, kind.render(state, member, view))
        for kind in KINDS
        if view in kind.views
        for id_, member in kind.members(state).items()
    )
    return [{"kind": kind, "id": id_, "fields": fields} for kind, id_, fields in rendered if fields is not None]


def changes(before: State, after: State, view: str) -> list[Change]:
    """What this class must merge into a snapshot of `before` to hold one of `after`; states share what is the same."""
    return [
        change
        for kind in KINDS
        if view in kind.views and not same(kind.source(before), kind.source(after))
        for change in changes_of(kind, before, after, view)
    ]


def same(before: object, after: object) -> bool:
    """Identity, member by member where the source is made of several parts."""
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        return all(one is other for one, other in zip(before, after, strict=True))
    return before is after


def changes_of(kind: Kind, before: State, after: State, view: str) -> list[Change]:
    old, new = kind.members(before), kind.members(after)
    changed = [
        {"kind": kind.name, "id": id_, "fields": kind.render(after, member, view)}
        for id_, member in differing(old, new)
    ]
    if isinstance(new, Table):
        return changed  # nothing is ever taken out of a table
    return changed + [{"kind": kind.name, "id": id_, "fields": None} for id_ in old if id_ not in new]


def differing(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterable[tuple[Any, Any]]:
    if isinstance(old, Table) and isinstance(new, Table):
        return new.changed_from(old)
    return [(id_, member) for id_, member in new.items() if old.get(id_) is not member]


def me(state: State, actor: Actor) -> Fields:
    """What concerns this actor alone; which ballots it voted on is known to the box, not to the state."""
    seat = None if actor.seat is None else state.seats.get(actor.seat)
    request, point = request_of(state, actor), point_of(state, actor)
    return {
        "seat": actor.seat,
        "hall": actor.hall if seat is None else seat.hall,
        "role": actor.role.value,
        "office": None if seat is None else seat.office,
        "can_vote": seat is not None and seat.vote and actor.role is Role.DELEGATE,
        "request": None if request is None else request.request,
        "point": None if point is None else point.request,
        "group": group_of(state, actor),
        "scoring": own_scoring(state, actor),
        **own_fields(state, actor),
        **own_vote(state, actor),
        **own_drafts(state, actor),
        **({"agency": agency_of(state, actor)} if actor.role is Role.AGENCY else {}),
    }
