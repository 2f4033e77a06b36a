"""The stage: the scene the screens show, the hall on the spotlight, the proposal in focus, and who interprets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import HallId, ProposalId
from sessions.noun import Act, Moment, Noun
from sessions.permissions import MODERATOR
from sessions.proposal import on_board
from sessions.shape import ident, nullable, one_of, record
from sessions.state import State

SCENES = ("wall", "stage", "board", "ballot", "result", "slides", "agenda", "join")


@dataclass(frozen=True, slots=True)
class Spotlight:
    hall: HallId | None


@dataclass(frozen=True, slots=True)
class Show:
    scene: str


@dataclass(frozen=True, slots=True)
class Focus:
    proposal: ProposalId | None


@dataclass(frozen=True, slots=True)
class Interpret:
    """hall: whose picture is that of the sign language interpreter; None: nobody interprets."""

    hall: HallId | None


@dataclass(frozen=True, slots=True)
class SpotlightTurned:
    hall: HallId | None = None


@dataclass(frozen=True, slots=True)
class SceneShown:
    scene: str


@dataclass(frozen=True, slots=True)
class FocusSet:
    proposal: ProposalId | None = None


@dataclass(frozen=True, slots=True)
class InterpreterSet:
    hall: HallId | None = None


def decide_spotlight(state: State, command: Spotlight, moment: Moment) -> list[Any]:
    if command.hall is not None and command.hall not in state.halls:
        raise Refused("unknown_hall", hall=command.hall)
    return [] if command.hall == state.stage.spotlight else [SpotlightTurned(command.hall)]


def decide_show(state: State, command: Show, moment: Moment) -> list[Any]:
    """A ballot or a result can be shown once there is one."""
    ballot = None if state.stage.ballot is None else state.ballots[state.stage.ballot]
    if command.scene == "ballot" and ballot is None:
        raise Refused("bad_input", field="scene")
    if command.scene == "result" and (ballot is None or ballot.state == "open"):
        raise Refused("bad_input", field="scene")
    return [] if command.scene == state.stage.scene else [SceneShown(command.scene)]


def decide_focus(state: State, command: Focus, moment: Moment) -> list[Any]:
    if command.proposal is not None:
        on_board(state, command.proposal)
    return [] if command.proposal == state.stage.focus else [FocusSet(command.proposal)]


def decide_interpret(state: State, command: Interpret, moment: Moment) -> list[Any]:
    if command.hall is not None and command.hall not in state.halls:
        raise Refused("unknown_hall", hall=command.hall)
    return [] if command.hall == state.stage.interpreter else [InterpreterSet(command.hall)]


def apply_spotlight(state: State, event: SpotlightTurned, at: int) -> State:
    return replace(state, stage=replace(state.stage, spotlight=event.hall))


def apply_scene(state: State, event: SceneShown, at: int) -> State:
    return replace(state, stage=replace(state.stage, scene=event.scene))


def apply_focus(state: State, event: FocusSet, at: int) -> State:
    return replace(state, stage=replace(state.stage, focus=event.proposal))


def apply_interpreter(state: State, event: InterpreterSet, at: int) -> State:
    return replace(state, stage=replace(state.stage, interpreter=event.hall))


NOUN = Noun(
    commands={
        "stage.spotlight": Act(record(Spotlight, {"hall": nullable(ident)}), decide_spotlight, MODERATOR),
        "stage.show": Act(record(Show, {"scene": one_of(*SCENES)}), decide_show, MODERATOR),
        "stage.focus": Act(record(Focus, {"proposal": nullable(ident)}), decide_focus, MODERATOR),
        "stage.interpreter": Act(record(Interpret, {"hall": nullable(ident)}), decide_interpret, MODERATOR),
    },
    events={
        "spotlight_turned": (SpotlightTurned, apply_spotlight),
        "scene_shown": (SceneShown, apply_scene),
        "focus_set": (FocusSet, apply_focus),
        "interpreter_set": (InterpreterSet, apply_interpreter),
    },
)
