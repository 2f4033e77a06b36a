"""Which of several moderators leads: taking the chair, handing it over, and who may when the leader is away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import PassId
from sessions.kind import HALL, MODERATOR, SCREEN, Fields, Kind
from sessions.model.chair import Chair
from sessions.model.people import Pass
from sessions.noun import Act, Moment, Noun
from sessions.permissions import MODERATOR as MODERATORS
from sessions.permissions import SYSTEM, Role
from sessions.shape import flag, ident, record, text
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Take:
    force: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    pass_id: PassId


@dataclass(frozen=True, slots=True)
class Lost:
    pass_id: PassId


@dataclass(frozen=True, slots=True)
class Back:
    pass_id: PassId


@dataclass(frozen=True, slots=True)
class ChairTaken:
    """before: who led, if anybody. how: free, absent (the leader was away), revoked, forced or handed."""

    leader: PassId
    before: PassId | None = None
    how: str = "free"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChairLost:
    leader: PassId


@dataclass(frozen=True, slots=True)
class ChairBack:
    leader: PassId


def label_of(state: State, leader: PassId) -> str:
    """Moderators are told apart by number, in the order their cards were issued; a card not on the list has none."""
    cards = [card.id for card in state.passes.values() if card.role == Role.MODERATOR]
    return f"Moderator {cards.index(leader) + 1}" if leader in cards else "Moderator"


def open_to(state: State) -> str:
    """How the chair may be taken without asking: free, absent or revoked; empty while somebody present holds it."""
    chair = state.chair
    if chair.leader is None:
        return "free"
    card = state.passes.get(chair.leader)
    if card is not None and card.revoked:
        return "revoked"
    return "absent" if chair.lost_at is not None else ""


def decide_take(state: State, command: Take, moment: Moment) -> list[Any]:
    """From a leader who is present it takes force and a reason; commands of the others work all the time."""
    chair, actor = state.chair, moment.actor.pass_id
    if chair.leader == actor:
        return []
    how = open_to(state)
    if how:
        return [ChairTaken(actor, chair.leader, how, command.reason)]
    if not command.force:
        raise Refused("chair_is_taken", leader=chair.leader)
    if not command.reason:
        raise Refused("reason_required")
    return [ChairTaken(actor, chair.leader, "forced", command.reason)]


def decide_hand(state: State, command: Hand, moment: Moment) -> list[Any]:
    """To another moderator, by the one who leads."""
    chair = state.chair
    if chair.leader != moment.actor.pass_id:
        raise Refused("not_leader", leader=chair.leader)
    card: Pass | None = state.passes.get(command.pass_id)
    if card is None or card.revoked or card.role != Role.MODERATOR:
        raise Refused("unknown_pass")
    return [] if card.id == chair.leader else [ChairTaken(card.id, chair.leader, "handed")]


def decide_lost(state: State, command: Lost, moment: Moment) -> list[Any]:
    chair = state.chair
    return [ChairLost(command.pass_id)] if chair.leader == command.pass_id and chair.lost_at is None else []


def decide_back(state: State, command: Back, moment: Moment) -> list[Any]:
    chair = state.chair
    return [ChairBack(command.pass_id)] if chair.leader == command.pass_id and chair.lost_at is not None else []


def apply_taken(state: State, event: ChairTaken, at: int) -> State:
    return replace(state, chair=Chair(event.leader, at))


def apply_lost(state: State, event: ChairLost, at: int) -> State:
    return replace(state, chair=replace(state.chair, lost_at=at, losses=state.chair.losses + 1))


def apply_back(state: State, event: ChairBack, at: int) -> State:
    return replace(state, chair=replace(state.chair, lost_at=None))


def hand(**checked: Any) -> Hand:
    return Hand(checked["pass"])


def lost(**checked: Any) -> Lost:
    return Lost(checked["pass"])


def back(**checked: Any) -> Back:
    return Back(checked["pass"])


def chair_members(state: State) -> Mapping[str, tuple[object, ...]]:
    return {"chair": chair_source(state)}


def chair_source(state: State) -> tuple[object, ...]:
    return state.chair, state.passes


def chair_fields(state: State, member: object, view: str) -> Fields | None:
    """The pass is for moderators alone; others see that somebody leads, and whether that somebody is here."""
    chair = state.chair
    if chair.leader is None:
        return None
    fields: Fields = {"label": label_of(state, chair.leader), "since": chair.since, "lost_at": chair.lost_at}
    if view != MODERATOR:
        return fields
    return {**fields, "pass": chair.leader, "open": open_to(state) != "", "others": others(state, chair.leader)}


def others(state: State, leader: PassId) -> list[dict[str, str]]:
    """The cards the chair may be handed to."""
    cards = (card for card in state.passes.values() if card.role == Role.MODERATOR and not card.revoked)
    return [{"pass": card.id, "label": label_of(state, card.id)} for card in cards if card.id != leader]


NOUN = Noun(
    commands={
        "chair.take": Act(record(Take, {}, {"force": flag, "reason": text(500)}), decide_take, MODERATORS),
        "chair.hand": Act(record(hand, {"pass": ident}), decide_hand, MODERATORS),
        "chair.lost": Act(record(lost, {"pass": ident}), decide_lost, SYSTEM),
        "chair.back": Act(record(back, {"pass": ident}), decide_back, SYSTEM),
    },
    events={
        "chair_taken": (ChairTaken, apply_taken),
        "chair_lost": (ChairLost, apply_lost),
        "chair_back": (ChairBack, apply_back),
    },
    kinds=(Kind("chair", chair_source, chair_members, chair_fields, (MODERATOR, HALL, SCREEN)),),
)
