"""Who stands in the queue for the floor, whose request it is, and in which order they wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessions.errors import Refused
from sessions.ids import RequestId
from sessions.model.floor import Floor, Speaker
from sessions.permissions import Actor, Role
from sessions.state import State

POINT = "point_of_order"
SIDES = ("for", "against")
REQUEST_KINDS = ("ordinary", POINT, *SIDES, "answer")


def speakers(floor: Floor) -> Iterator[Speaker]:
    """The holder, if any, then the queue."""
    if floor.holder is not None:
        yield floor.holder
    yield from floor.queue


def owns(actor: Actor, speaker: Speaker) -> bool:
    """A delegate owns what the seat asked for, a hall what the hall itself asked for."""
    if actor.role is Role.DELEGATE:
        return actor.seat is not None and speaker.seat == actor.seat
    return actor.role is Role.HALL and speaker.seat is None and speaker.hall == actor.hall


def request_of(state: State, actor: Actor) -> Speaker | None:
    """The actor's own request to speak, waiting or granted; a point of order is asked for besides it."""
    return next((one for one in speakers(state.floor) if owns(actor, one) and one.kind != POINT), None)


def point_of(state: State, actor: Actor) -> Speaker | None:
    """The actor's own point of order, waiting or granted."""
    return next((one for one in speakers(state.floor) if owns(actor, one) and one.kind == POINT), None)


def queued(state: State, request: RequestId) -> Speaker:
    """Raises Refused("unknown_request")."""
    for speaker in state.floor.queue:
        if speaker.request == request:
            return speaker
    raise Refused("unknown_request", request=request)


def without(floor: Floor, request: RequestId) -> tuple[Speaker, ...]:
    return tuple(speaker for speaker in floor.queue if speaker.request != request)


def points_first(queue: Iterable[Speaker]) -> tuple[Speaker, ...]:
    """Points of order before all others, each group in the order it had."""
    return tuple(sorted(queue, key=lambda speaker: speaker.kind != POINT))


def moved(floor: Floor, request: RequestId, before: RequestId | None) -> tuple[Speaker, ...]:
    """The queue with this request just before that one, or last; as it is when either has left."""
    speaker = next((one for one in floor.queue if one.request == request), None)
    others = without(floor, request)
    place = next((number for number, one in enumerate(others) if one.request == before), len(others))
    if speaker is None or (before is not None and place == len(others)):
        return floor.queue
    return points_first((*others[:place], speaker, *others[place:]))
