"""Whose request is being answered: what every log line written meanwhile carries.

It follows a task into the tasks it starts; what works for many at once is started apart, so that a line about a group
of votes does not name whoever voted first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from contextvars import Context, ContextVar
from types import MappingProxyType
from typing import Any, TypeVar

from sessions.permissions import Actor

Result = TypeVar("Result")
NOTHING: Mapping[str, str | int] = MappingProxyType({})
_trail: ContextVar[Mapping[str, str | int]] = ContextVar("trail", default=NOTHING)


def read() -> Mapping[str, str | int]:
    return _trail.get()


def begin(**known: str | int | None) -> None:
    """A new request: whatever was known before is of another."""
    _trail.set({name: value for name, value in known.items() if value is not None})


def follow(**known: str | int | None) -> None:
    """From here on lines carry this too: ids and codes of ours, no text a stranger wrote, no secret, no choice."""
    _trail.set({**_trail.get(), **{name: value for name, value in known.items() if value is not None}})


def whose(actor: Actor) -> Mapping[str, str]:
    """A seat where there is one, else the pass."""
    return {"seat": actor.seat} if actor.seat is not None else {"pass": actor.pass_id}


def apart(work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
    """A task on nobody's trail: for work that many share."""
    return asyncio.get_running_loop().create_task(work, context=Context())
