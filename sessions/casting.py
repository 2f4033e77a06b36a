"""Casting: one opening is shown in many sessions at once, its stage mirrored in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from sessions.agenda import current
from sessions.errors import Refused
from sessions.ids import HallId, ProposalId, SessionId
from sessions.kind import Fields, Kind
from sessions.model.groups import Casting, Shown
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.parcels import carried, require_neighbour, sent
from sessions.permissions import MODERATOR, SYSTEM
from sessions.shape import ident, list_of, record
from sessions.state import State

CAST_MOST = 64
FIRST_PARCEL = 300  # numbers of the parcels here, apart from those of the decision they go along with


@dataclass(frozen=True, slots=True)
class Start:
    sessions: tuple[SessionId, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    pass


@dataclass(frozen=True, slots=True)
class Began:
    source: SessionId
    title: str
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    source: SessionId


@dataclass(frozen=True, slots=True)
class Mirror:
    """What the opening showed at its seq `upto`."""

    source: SessionId
    upto: int
    shown: Shown


@dataclass(frozen=True, slots=True)
class CastSet:
    """Where this session is shown from now on; nowhere when empty."""

    to: tuple[SessionId, ...] = ()


@dataclass(frozen=True, slots=True)
class CastReceived:
    source: SessionId
    title: str


@dataclass(frozen=True, slots=True)
class CastMirrored:
    upto: int
    shown: Shown


@dataclass(frozen=True, slots=True)
class CastLeft:
    pass


def decide_start(state: State, command: Start, moment: Moment) -> list[Any]:
    """Exactly to these from now on."""
    require_phase(state, *BEFORE_THE_END)
    to = command.sessions
    if state.session.id in to or len(set(to)) < len(to):
        raise Refused("bad_input", field="sessions")
    if state.casting.source is not None:
        raise Refused("cast_busy", source=state.casting.source)
    for session in to:
        if session not in state.casting.to:
            require_neighbour(state, session, moment.actor)
    return set_to(state, to, moment) if to != state.casting.to else []


def set_to(state: State, to: tuple[SessionId, ...], moment: Moment) -> list[Any]:
    session = state.session
    begun = Began(session.id, session.title, session.rehearsal)
    parcels: list[tuple[SessionId, str, Any]] = [
        (one, "cast.begun", begun) for one in to if one not in state.casting.to
    ]
    parcels += [(one, "cast.ended", Ended(session.id)) for one in state.casting.to if one not in to]
    numbered = enumerate(parcels, FIRST_PARCEL)
    return [CastSet(to), *(sent(moment, number, *parcel) for number, parcel in numbered)]


def decide_stop(state: State, command: Stop, moment: Moment) -> list[Any]:
    return cast_off(state, moment)


def cast_off(state: State, moment: Moment) -> list[Any]:
    """Shown nowhere any more; nothing when it was not."""
    return set_to(state, (), moment) if state.casting.to else []


def decide_began(state: State, command: Began, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    if command.rehearsal != state.session.rehearsal:
        raise Refused("rehearsal_differs")
    source = state.casting.source
    if source == command.source:
        return []
    if source is not None or state.casting.to:
        raise Refused("cast_busy", source=source)
    return [CastReceived(command.source, command.title)]


def decide_ended(state: State, command: Ended, moment: Moment) -> list[Any]:
    return [CastLeft()] if state.casting.source == command.source else []


def decide_leave(state: State, command: Stop, moment: Moment) -> list[Any]:
    """A place stops showing the opening by itself."""
    return [CastLeft()] if state.casting.source is not None else []


def decide_mirror(state: State, command: Mirror, moment: Moment) -> list[Any]:
    """An older picture than the one here comes from a node that is behind."""
    cast = state.casting
    if cast.source != command.source or command.upto <= cast.upto or command.shown == cast.shown:
        return []
    return [CastMirrored(command.upto, command.shown)]


def shown_by(state: State) -> Shown:
    """What this session's stage shows, in words for a place that knows neither its halls nor its proposals."""
    stage, item, holder = state.stage, current(state), state.floor.holder
    speaker = ""
    if holder is not None:
        seat = None if holder.seat is None else state.seats.get(holder.seat)
        speaker = hall_name(state, holder.hall) + ("" if seat is None else f" · {seat.office}")
    return Shown(
        scene=stage.scene,
        hall="" if stage.spotlight is None else hall_name(state, stage.spotlight),
        proposal="" if stage.focus is None else title_of(state, stage.focus),
        ballot="" if stage.ballot is None else state.ballots[stage.ballot].title,
        speaker=speaker,
        item="" if item is None else item.title,
        item_started_at=None if item is None else item.started_at,
        phase=state.session.phase,
    )


def hall_name(state: State, hall: HallId) -> str:
    found = state.halls.get(hall)
    return "" if found is None else found.name


def title_of(state: State, proposal: ProposalId) -> str:
    card = state.board.proposals.get(proposal)
    return "" if card is None else card.content.title


def mirror_for(source: State, target: State) -> Mirror | None:
    """What the target must be told for its picture of the source to be the latest; None when it is."""
    if target.casting.source != source.session.id or target.session.id not in source.casting.to:
        return None
    shown = shown_by(source)
    if shown == target.casting.shown or source.seq <= target.casting.upto:
        return None
    return Mirror(source.session.id, source.seq, shown)


def apply_set(state: State, event: CastSet, at: int) -> State:
    return replace(state, casting=replace(state.casting, to=event.to))


def apply_received(state: State, event: CastReceived, at: int) -> State:
    return replace(state, casting=Casting(source=event.source, title=event.title))


def apply_mirrored(state: State, event: CastMirrored, at: int) -> State:
    return replace(state, casting=replace(state.casting, upto=event.upto, shown=event.shown))


def apply_left(state: State, event: CastLeft, at: int) -> State:
    return replace(state, casting=Casting())


def cast_fields(state: State, cast: Casting, view: str) -> Fields | None:
    if cast.source is None and not cast.to:
        return None
    shown = None if cast.source is None else asdict(cast.shown)
    return {"to": list(cast.to), "source": cast.source, "title": cast.title, "shown": shown}


NOTHING = record(Stop, {})

NOUN = Noun(
    commands={
        "cast.start": Act(record(Start, {"sessions": list_of(ident, 1, CAST_MOST)}), decide_start, MODERATOR),
        "cast.stop": Act(NOTHING, decide_stop, MODERATOR),
        "cast.leave": Act(NOTHING, decide_leave, MODERATOR),
        "cast.begun": Act(carried(Began), decide_began, SYSTEM),
        "cast.ended": Act(carried(Ended), decide_ended, SYSTEM, sealed=True),
        "cast.mirror": Act(carried(Mirror), decide_mirror, SYSTEM),
    },
    events={
        "cast_set": (CastSet, apply_set),
        "cast_received": (CastReceived, apply_received),
        "cast_mirrored": (CastMirrored, apply_mirrored),
        "cast_left": (CastLeft, apply_left),
    },
    kinds=(Kind("cast", lambda state: state.casting, lambda state: {"cast": state.casting}, cast_fields),),
)
