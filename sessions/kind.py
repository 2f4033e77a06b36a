"""How one kind of entity comes out of the state for each class of viewer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sessions.state import State

Fields = dict[str, Any]

MODERATOR, HALL, PARTICIPANT, SCREEN, PUBLIC = VIEWS = ("moderator", "hall", "participant", "screen", "public")


@dataclass(frozen=True, slots=True)
class Kind:
    """source: the part of the state they come from; the same object means nothing of this kind changed.

    members: id → the value an entity is rendered from. render: its fields as a class sees them, None when it sees none.
    views: the classes that see the kind at all.
    """

    name: str
    source: Callable[[State], object]
    members: Callable[[State], Mapping[Any, Any]]
    render: Callable[[State, Any, str], Fields | None]
    views: tuple[str, ...] = VIEWS
