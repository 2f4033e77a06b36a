"""What passes between sessions, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import SessionId
from sessions.model.nothing import nothing


@dataclass(frozen=True, slots=True)
class Parcel:
    """A command on its way to another session. id: also the key it is submitted there under, so it counts once.

    name: of the command there. body: its data, as JSON text. state: sent or refused; a delivered one is forgotten.
    code, detail: why it was refused, detail as JSON text. tries: how often it was sent.
    """

    id: str
    to: SessionId
    name: str
    body: str
    at: int
    state: str = "sent"
    code: str = ""
    detail: str = "{}"
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Parcels:
    """What was sent and is not yet recorded there, oldest first."""

    waiting: Mapping[str, Parcel] = field(default_factory=nothing)
