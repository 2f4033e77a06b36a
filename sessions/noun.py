"""What every noun of the domain hands to the dispatcher: its commands and events, and how to decide and apply them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sessions.errors import Refused
from sessions.journal import BoxCount, Json
from sessions.permissions import Actor
from sessions.shape import Check
from sessions.state import State, nothing


@dataclass(frozen=True, slots=True)
class Moment:
    """All that a decision may know besides the state.

    now: milliseconds since 1970 UTC. fresh: an id nobody has used. box: the count of the ballot this command seals.
    """

    actor: Actor
    now: int
    fresh: str
    box: BoxCount | None = None


Decide = Callable[[State, Any, Moment], list[Any]]
Apply = Callable[[State, Any, int], State]


@dataclass(frozen=True, slots=True)
class Noun:
    """commands: wire name → (shape, decide). events: journal name → (class, apply). results: what an event answers."""

    commands: Mapping[str, tuple[Check, Decide]]
    events: Mapping[str, tuple[type[Any], Apply]]
    results: Mapping[type[Any], Callable[[Any], Json]] = field(default_factory=nothing)


def require_phase(state: State, *phases: str) -> None:
    """Raises Refused("wrong_phase") unless the session is in one of them."""
    if state.session.phase not in phases:
        raise Refused("wrong_phase", phase=state.session.phase)
