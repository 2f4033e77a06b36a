"""Tracebacks for the log: where it happened and what kind of error it was, never its message.

Messages of errors quote what they choke on: a key that is missing, a row that exists already, a line of a file. That
may be a vote, a card or somebody's name.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

DEEPEST = 8
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, that first."""
    found: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in found and len(found) < DEEPEST:
        found.append(step)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    yield from reversed(found)


def kind(error: BaseException) -> str:
    """Its type; of the operating system's errors also what the system calls them."""
    name = type(error).__qualname__
    return f"{name}: {os.strerror(error.errno)}" if isinstance(error, OSError) and error.errno else name


def told(error: BaseException) -> str:
    """As Python prints it, without messages."""
    parts = []
    for each in chain(error):
        parts.append("".join(["Traceback:\n", *traceback.format_tb(each.__traceback__), kind(each)]))
        if isinstance(each, BaseExceptionGroup):
            parts += [told(one) for one in each.exceptions[:DEEPEST]]
    return "\n".join(parts)


class QuietFormatter(logging.Formatter):
    def formatException(self, ei: ExcInfo) -> str:
        return told(ei[1]) if ei[1] is not None else ""


def unhandled(_loop: Any, context: dict[str, Any]) -> None:
    """asyncio's own handler would print the task that failed, and with it the message of its error."""
    error = context.get("exception")
    said = context.get("message") or "unhandled error"
    logging.getLogger("asyncio").error("%s", said, exc_info=error if isinstance(error, BaseException) else None)
