"""The speaker's clock: how long the holder of the floor has spoken, and stopping, starting, extending and ending it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.fairness import MINUTE_MS, booked
from sessions.ids import HallId, RequestId
from sessions.model.floor import Equity, Floor, Speaker, Used
from sessions.noun import Act, Moment, Noun, require_phase
from sessions.permissions import FLOOR, MODERATOR, Role
from sessions.shape import ident, integer, record
from sessions.speakers import owns
from sessions.state import State

CHAIR, OUTAGE, RECESS = "chair", "outage", "recess"  # why a clock stands still


@dataclass(frozen=True, slots=True)
class Yield:
    """request: whose turn is meant; None for whoever has it when this arrives."""

    request: RequestId | None = None


@dataclass(frozen=True, slots=True)
class Extend:
    minutes: int


@dataclass(frozen=True, slots=True)
class Pause:
    pass


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class FloorYielded:
    request: RequestId


@dataclass(frozen=True, slots=True)
class FloorExtended:
    """until: the end when nothing comes between. remaining: set when the clock stands still, in milliseconds."""

    request: RequestId
    until: int
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class FloorPaused:
    """remaining: milliseconds left, None for a turn without end. cause: chair, or outage of the speaker's hall."""

    request: RequestId
    remaining: int | None = None
    cause: str = CHAIR


@dataclass(frozen=True, slots=True)
class FloorResumed:
    request: RequestId
    until: int | None = None


def holder_of(state: State) -> Speaker:
    """Raises Refused("floor_is_free")."""
    if state.floor.holder is None:
        raise Refused("floor_is_free")
    return state.floor.holder


def spoken_ms(speaker: Speaker, at: int) -> int:
    """How long this turn has lasted, pauses not counted."""
    return speaker.spoken_ms + (0 if speaker.running_since is None else max(0, at - speaker.running_since))


def remaining_ms(speaker: Speaker, at: int) -> int | None:
    """What is left of the turn, never below 0; None when it has no end."""
    if speaker.paused:
        return speaker.remaining
    return None if speaker.until is None else max(0, speaker.until - at)


def begun(speaker: Speaker, at: int, until: int | None) -> Speaker:
    """A request that was granted."""
    return replace(speaker, since=at, until=until, running_since=at)


def ended(floor: Floor, at: int) -> Floor:
    """The floor without its holder, whose time is booked."""
    if floor.holder is None:
        return floor
    equity = booked(floor.equity, floor.holder, spoken_ms=spoken_ms(floor.holder, at))
    return replace(floor, holder=None, equity=equity)


def cleared(floor: Floor, at: int) -> Floor:
    """Nobody speaks, waits or sits on the panel any more; what was spoken stays known."""
    equity = ended(floor, at).equity
    halls = {hall: unwaited(used) for hall, used in equity.halls.items()}
    constituencies = {name: unwaited(used) for name, used in equity.constituencies.items()}
    return Floor(last_side=floor.last_side, equity=Equity(halls, constituencies, equity.rws))


def unwaited(used: Used) -> Used:
    return used if used.waiting == 0 else replace(used, waiting=0)


def stopped(holder: Speaker, at: int, cause: str, remaining: int | None) -> Speaker:
    spoken = spoken_ms(holder, at)
    return replace(holder, spoken_ms=spoken, running_since=None, until=None, remaining=remaining, paused=cause)


def started(holder: Speaker, at: int, until: int | None) -> Speaker:
    return replace(holder, running_since=at, until=until, remaining=None, paused="")


def recessed(floor: Floor, at: int) -> Floor:
    """The floor while the session rests: no clock runs."""
    holder = floor.holder
    if holder is None or holder.paused:
        return floor
    return replace(floor, holder=stopped(holder, at, RECESS, remaining_ms(holder, at)))


def after_recess(state: State, at: int) -> Floor:
    """The floor when the session goes on: the clock does too, unless the chair or a broken link keeps it."""
    floor, holder = state.floor, state.floor.holder
    if holder is None or holder.paused in ("", CHAIR):
        return floor
    if is_lost(state, holder.hall) and state.rules.floor.pause_when_lost:
        return replace(floor, holder=replace(holder, paused=OUTAGE))
    until = None if holder.remaining is None else at + holder.remaining
    return replace(floor, holder=started(holder, at, until))


def is_lost(state: State, hall: HallId) -> bool:
    """Whether the site log has this hall as cut off."""
    place = state.site.places.get(hall)
    return place is not None and place.lost_at is not None


def outage(state: State, hall: HallId, now: int) -> list[Any]:
    """What the link of this hall breaking does to the clock."""
    holder = state.floor.holder
    if holder is None or holder.hall != hall or holder.paused or not state.rules.floor.pause_when_lost:
        return []
    return [FloorPaused(holder.request, remaining_ms(holder, now), OUTAGE)]


def restored(state: State, hall: HallId, now: int) -> list[Any]:
    """What the link of this hall coming back does to the clock: what the chair stopped, only the chair starts."""
    holder = state.floor.holder
    if holder is None or holder.hall != hall or holder.paused != OUTAGE or state.session.phase != "open":
        return []
    return [resumed_now(holder, now)]


def resumed_now(holder: Speaker, now: int) -> FloorResumed:
    return FloorResumed(holder.request, None if holder.remaining is None else now + holder.remaining)


def decide_yield(state: State, command: Yield, moment: Moment) -> list[Any]:
    holder = holder_of(state)
    if moment.actor.role is not Role.MODERATOR and not owns(moment.actor, holder):
        raise Refused("not_holder")
    if command.request not in (None, holder.request):
        raise Refused("turn_over")
    return [FloorYielded(holder.request)]


def decide_extend(state: State, command: Extend, moment: Moment) -> list[Any]:
    """Time is added to what is left; to none, when it has run out or was never limited."""
    holder, rules = holder_of(state), state.rules.floor
    if holder.extensions >= rules.extensions or command.minutes > rules.extension_minutes:
        raise Refused("extension_limit", extensions=rules.extensions, minutes=rules.extension_minutes)
    left = (remaining_ms(holder, moment.now) or 0) + command.minutes * MINUTE_MS
    return [FloorExtended(holder.request, moment.now + left, left if holder.paused else None)]


def decide_pause(state: State, command: Pause, moment: Moment) -> list[Any]:
    """A clock that an outage stopped becomes the chair's: it waits for the chair when the hall is back."""
    holder = holder_of(state)
    if holder.paused == CHAIR:
        raise Refused("floor_is_paused")
    return [FloorPaused(holder.request, remaining_ms(holder, moment.now), CHAIR)]


def decide_resume(state: State, command: Resume, moment: Moment) -> list[Any]:
    require_phase(state, "open")
    holder = holder_of(state)
    if not holder.paused:
        raise Refused("floor_not_paused")
    return [resumed_now(holder, moment.now)]


def with_holder(state: State, request: RequestId, change: Callable[[Speaker], Speaker]) -> State:
    """The state with this holder; as it is when somebody else holds the floor."""
    holder = state.floor.holder
    if holder is None or holder.request != request:
        return state
    return replace(state, floor=replace(state.floor, holder=change(holder)))


def apply_yielded(state: State, event: FloorYielded, at: int) -> State:
    return replace(state, floor=ended(state.floor, at))


def apply_extended(state: State, event: FloorExtended, at: int) -> State:
    def extended(holder: Speaker) -> Speaker:
        until = None if holder.paused else event.until
        return replace(holder, until=until, remaining=event.remaining, extensions=holder.extensions + 1)

    return with_holder(state, event.request, extended)


def apply_paused(state: State, event: FloorPaused, at: int) -> State:
    return with_holder(state, event.request, lambda holder: stopped(holder, at, event.cause, event.remaining))


def apply_resumed(state: State, event: FloorResumed, at: int) -> State:
    return with_holder(state, event.request, lambda holder: started(holder, at, event.until))


NOUN = Noun(
    commands={
        "floor.yield": Act(record(Yield, {}, {"request": ident}), decide_yield, FLOOR),
        "floor.extend": Act(record(Extend, {"minutes": integer(1, 30)}), decide_extend, MODERATOR),
        "floor.pause": Act(record(Pause, {}), decide_pause, MODERATOR),
        "floor.resume": Act(record(Resume, {}), decide_resume, MODERATOR),
    },
    events={
        "floor_yielded": (FloorYielded, apply_yielded),
        "floor_extended": (FloorExtended, apply_extended),
        "floor_paused": (FloorPaused, apply_paused),
        "floor_resumed": (FloorResumed, apply_resumed),
    },
)
