"""The rules of a session: one table of commands, one of events, and decide and apply over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sessions import (
    agenda,
    agenda_item,
    answer,
    ascent,
    attendance,
    ballot,
    ballot_opening,
    board,
    casting,
    ceilings,
    chair,
    channel,
    clock,
    consensus,
    decision,
    deck,
    delegates,
    document,
    draft,
    fates,
    floor,
    founding,
    groups,
    hall,
    hands,
    heading,
    merge,
    panel,
    parcels,
    passes,
    photo,
    proposal,
    proxy,
    quorum,
    receipt,
    record,
    rollcall,
    rules,
    scoring,
    session,
    site,
    stage,
    voting,
)
from sessions.counting import Question
from sessions.errors import Refused
from sessions.journal import BoxCount, Json, Recorded
from sessions.minutes_events import tells
from sessions.model.nothing import changed
from sessions.noun import Act, Apply, Deadline, Moment, Noun
from sessions.permissions import Actor, Role
from sessions.state import State
from sessions.wire import UnknownEvent, decode, encode

NOUNS: tuple[Noun, ...] = tuple(
    module.NOUN
    for module in (
        session,
        heading,
        parcels,
        founding,
        groups,
        casting,
        hall,
        passes,
        rules,
        attendance,
        quorum,
        agenda,
        agenda_item,
        floor,
        clock,
        panel,
        stage,
        site,
        rollcall,
        chair,
        deck,
        board,
        proposal,
        draft,
        ceilings,
        scoring,
        decision,
        answer,
        merge,
        photo,
        document,
        ascent,
        fates,
        delegates,
        voting,
        hands,
        channel,
        proxy,
        consensus,
        receipt,
        record,
    )
)
COMMANDS: Mapping[str, Act] = {name: entry for noun in NOUNS for name, entry in noun.commands.items()}
EVENTS: Mapping[str, tuple[type[Any], Apply]] = {name: entry for noun in NOUNS for name, entry in noun.events.items()}
NAMES: Mapping[type[Any], str] = {cls: name for name, (cls, _) in EVENTS.items()}
KINDS = tuple(kind for noun in NOUNS for kind in noun.kinds)
RESULTS = {cls: answer for noun in NOUNS for cls, answer in noun.results.items()}


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the wire with its checked data."""

    name: str
    data: Any


def parse(name: Any, data: Any) -> Command:
    """Raises Refused("unknown_command") or ProtocolError("bad_input", field=…)."""
    entry = COMMANDS.get(name) if isinstance(name, str) else None
    if entry is None:
        raise Refused("unknown_command")
    return Command(name, entry.check(data, ""))


def may(role: Role, command: str) -> bool:
    """Whether this role may give this command at all."""
    return role in COMMANDS[command].roles


def authorize(state: State, command: Command, actor: Actor) -> None:
    """Raises forbidden, pass_revoked, pass_moved, unknown_session or session_sealed before a noun's rules are asked."""
    if actor.session != state.session.id or not may(actor.role, command.name):
        raise Refused("forbidden")
    passes.require_valid(state, actor)
    act = COMMANDS[command.name]
    if not state.session.created and not act.founds:
        raise Refused("unknown_session")
    if state.session.phase == "sealed" and not act.sealed:
        raise Refused("session_sealed")


def decide(state: State, command: Command, moment: Moment) -> list[Any]:
    """The events this command causes, perhaps none; raises Refused(code, data) and touches nothing."""
    authorize(state, command, moment.actor)
    return COMMANDS[command.name].decide(state, command.data, moment)


def sealed_ballot(state: State, command: Command, moment: Moment) -> Any:
    """The ballot whose box must be sealed for moment.box before decide(); raises Refused as decide() would."""
    authorize(state, command, moment.actor)
    return ballot_opening.seals(state, command.data, moment)


def asks(state: State, command: Command, box: BoxCount) -> Question | None:
    """What must be counted beside the event loop before decide() gets this box, if anything."""
    return ballot.asks(state, command.data, box)


def evolve(state: State, event: Any, at: int) -> State:
    """The state after this event, seq one higher. What a noun applies is a new state or the same one."""
    name, seq = NAMES[type(event)], state.seq + 1
    after = EVENTS[name][1](state, event, at)
    if after is state:
        after = changed(state)
    # Made just now and seen by nobody: completing it in place spares a second copy of the state an event.
    members = after.__dict__
    members["seq"] = seq
    members["at"] = at
    if tells(name, state.session.phase):
        members["told"] = seq
        members["record"] = record.outdated(after.record)
    return after


def apply(state: State, event: Recorded) -> State:
    """The state after a recorded event. Raises UnknownEvent for one this program does not know, and nothing else."""
    if event.seq != state.seq + 1:
        raise UnknownEvent(f"event {event.seq} cannot follow {state.seq}")
    entry = EVENTS.get(event.type)
    if entry is None:
        raise UnknownEvent(f"event {event.seq} has the unknown type {event.type}")
    try:
        return evolve(state, decode(entry[0], event.data), event.at)
    except LookupError as error:
        raise UnknownEvent(f"event {event.seq} ({event.type}) speaks of what is not there: {error}") from error


def recorded(event: Any, seq: int, at: int, actor: str) -> Recorded:
    """The event as the journal keeps it."""
    return Recorded(seq, at, actor, NAMES[type(event)], encode(event))


def result_of(events: Sequence[Any]) -> Json:
    """What the command that caused these events is answered."""
    for event in events:
        answer = RESULTS.get(type(event))
        if answer is not None:
            return answer(event)
    return {}


def deadlines(state: State) -> list[Deadline]:
    """What the clock still has to do, soonest first."""
    waiting = [deadline for noun in NOUNS for deadline in noun.deadlines(state)]
    return sorted(waiting, key=lambda deadline: deadline.at_ms)


def due(state: State, now: int) -> list[Deadline]:
    """The deadlines that have come. A timer whose clock is ahead is refused `too_early` and simply tries again."""
    return [deadline for deadline in deadlines(state) if deadline.at_ms <= now]
