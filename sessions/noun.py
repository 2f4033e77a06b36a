"""What every noun of the domain hands to the dispatcher: its acts and events, what it shows, and what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sessions.counting import Outcome
from sessions.errors import Refused
from sessions.journal import BoxCount, Json
from sessions.kind import Kind
from sessions.model.nothing import nothing
from sessions.permissions import Actor, Role
from sessions.shape import Check
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Moment:
    """All that a decision may know besides the state.

    now: milliseconds since 1970 UTC. fresh: an id nobody has used. box: the count of the ballot this command seals.
    outcome: what the counter answered, where the tally asks one.
    """

    actor: Actor
    now: int
    fresh: str
    box: BoxCount | None = None
    outcome: Outcome | None = None


Decide = Callable[[State, Any, Moment], list[Any]]
Apply = Callable[[State, Any, int], State]


class Act(NamedTuple):
    """A command: the shape of its data, how it is decided, and the roles it is open to at all.

    founds: it may be given to a session that does not exist yet. sealed: it may still be given once all is sealed.
    """

    check: Check
    decide: Decide
    roles: frozenset[Role]
    founds: bool = False
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """A command a timer submits as the system once `at_ms` has come, under a key every node would use."""

    at_ms: int
    key: str
    name: str
    data: Json


def no_deadlines(state: State) -> Iterable[Deadline]:
    return ()


@dataclass(frozen=True, slots=True)
class Noun:
    """commands: wire name → act. events: journal name → (class, apply). results: what an event answers.

    kinds: entities of its own in the views. deadlines: what the clock still has to do for it.
    """

    commands: Mapping[str, Act]
    events: Mapping[str, tuple[type[Any], Apply]]
    results: Mapping[type[Any], Callable[[Any], Json]] = field(default_factory=nothing)
    kinds: tuple[Kind, ...] = ()
    deadlines: Callable[[State], Iterable[Deadline]] = no_deadlines


# The phases a command is open in: draft → lobby → open ⇄ recess → closed → sealed, and from closed back to open. What
# is not named here goes in every phase but sealed, in which only acts that say so go.
PHASES = ("draft", "lobby", "open", "recess", "closed", "sealed")
PREPARING = ("draft", "lobby")
RUNNING = ("open",)
BEFORE_THE_END = ("draft", "lobby", "open", "recess")
SINCE_OPENING = ("open", "recess", "closed")


def require_phase(state: State, *phases: str) -> None:
    """Raises Refused("wrong_phase") unless the session is in one of them."""
    if state.session.phase not in phases:
        raise Refused("wrong_phase", phase=state.session.phase)
