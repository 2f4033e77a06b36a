"""The roll-call of halls: can every hall hear us?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import HallId
from sessions.kind import HALL, MODERATOR, SCREEN, Fields, Kind
from sessions.model.nothing import put
from sessions.model.site import Heard, Rollcall
from sessions.noun import Act, Moment, Noun, require_phase
from sessions.permissions import BOARD, Role
from sessions.permissions import MODERATOR as MODERATORS
from sessions.shape import ident, list_of, one_of, record, text
from sessions.site import GATHERED, away, placed
from sessions.state import State

ANSWERS = ("yes", "partly", "no")
HALLS_MOST = 200


@dataclass(frozen=True, slots=True)
class Start:
    """absent: halls the moderator sees to be missing, besides those the site log knows to be cut off."""

    question: str = ""
    absent: tuple[HallId, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    hall: HallId
    heard: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class End:
    pass


@dataclass(frozen=True, slots=True)
class RollcallStarted:
    rollcall: str
    question: str
    absent: tuple[HallId, ...] = ()


@dataclass(frozen=True, slots=True)
class RollcallAnswered:
    """by: "hall", or "moderator" who answered on its behalf."""

    rollcall: str
    hall: HallId
    heard: str
    note: str = ""
    by: str = "hall"


@dataclass(frozen=True, slots=True)
class RollcallEnded:
    rollcall: str


def running(state: State) -> Rollcall:
    """Raises Refused("no_rollcall")."""
    if state.site.rollcall is None:
        raise Refused("no_rollcall")
    return state.site.rollcalls[state.site.rollcall]


def decide_start(state: State, command: Start, moment: Moment) -> list[Any]:
    """Halls that never came or are cut off are on record as absent; one that answers all the same was there."""
    require_phase(state, *GATHERED)
    if state.site.rollcall is not None:
        raise Refused("rollcall_runs", rollcall=state.site.rollcall)
    for hall in command.absent:
        if hall not in state.halls:
            raise Refused("unknown_hall", hall=hall)
    absent = tuple(hall for hall in state.halls if hall in command.absent or away(placed(state, hall)))
    return [RollcallStarted(moment.fresh, command.question, absent)]


def decide_answer(state: State, command: Answer, moment: Moment) -> list[Any]:
    """The hall answers for itself; the moderator for any. The last answer counts."""
    rollcall, actor = running(state), moment.actor
    if command.hall not in state.halls:
        raise Refused("unknown_hall", hall=command.hall)
    if actor.role is Role.HALL and actor.hall != command.hall:
        raise Refused("forbidden")
    by = "hall" if actor.role is Role.HALL else "moderator"
    before = rollcall.answers.get(command.hall)
    if before is not None and (before.heard, before.note, before.by) == (command.heard, command.note, by):
        return []
    return [RollcallAnswered(rollcall.id, command.hall, command.heard, command.note, by)]


def decide_end(state: State, command: End, moment: Moment) -> list[Any]:
    return [RollcallEnded(running(state).id)]


def with_rollcall(state: State, rollcall: Rollcall) -> State:
    return replace(state, site=replace(state.site, rollcalls=put(state.site.rollcalls, rollcall.id, rollcall)))


def apply_started(state: State, event: RollcallStarted, at: int) -> State:
    state = with_rollcall(state, Rollcall(event.rollcall, event.question, at, event.absent))
    return replace(state, site=replace(state.site, rollcall=event.rollcall))


def apply_answered(state: State, event: RollcallAnswered, at: int) -> State:
    rollcall = state.site.rollcalls[event.rollcall]
    answer = Heard(event.hall, event.heard, event.note, event.by, at)
    return with_rollcall(state, replace(rollcall, answers=put(rollcall.answers, event.hall, answer)))


def apply_ended(state: State, event: RollcallEnded, at: int) -> State:
    state = with_rollcall(state, replace(state.site.rollcalls[event.rollcall], ended_at=at))
    return replace(state, site=replace(state.site, rollcall=None))


def rollcall_fields(state: State, rollcall: Rollcall, view: str) -> Fields:
    answers = [
        {"hall": one.hall, "heard": one.heard, "note": one.note, "by": one.by, "at": one.at}
        for one in rollcall.answers.values()
    ]
    return {
        "question": rollcall.question,
        "started_at": rollcall.started_at,
        "ended_at": rollcall.ended_at,
        "absent": [hall for hall in rollcall.absent if hall not in rollcall.answers],
        "answers": answers,
    }


def rollcalls_of(state: State) -> Mapping[str, Rollcall]:
    return state.site.rollcalls


START = record(Start, {}, {"question": text(200), "absent": list_of(ident, 0, HALLS_MOST)})
ANSWER = record(Answer, {"hall": ident, "heard": one_of(*ANSWERS)}, {"note": text(200)})

NOUN = Noun(
    commands={
        "rollcall.start": Act(START, decide_start, MODERATORS),
        "rollcall.answer": Act(ANSWER, decide_answer, BOARD),
        "rollcall.end": Act(record(End, {}), decide_end, MODERATORS),
    },
    events={
        "rollcall_started": (RollcallStarted, apply_started),
        "rollcall_answered": (RollcallAnswered, apply_answered),
        "rollcall_ended": (RollcallEnded, apply_ended),
    },
    results={RollcallStarted: lambda event: {"rollcall": event.rollcall}},
    kinds=(
        Kind(
            "rollcall",
            lambda state: state.site.rollcalls,
            rollcalls_of,
            rollcall_fields,
            (MODERATOR, HALL, SCREEN),
        ),
    ),
)
