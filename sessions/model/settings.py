"""How a section of the rules declares its fields: each with its default and what it may be set to.

A section is a frozen slotted dataclass whose fields are int, float, bool, str, Share, an id, a record (another such
dataclass), one of these or None, or a tuple of one of these. A default is what the preset without a name means: once
released it never changes, or journals that left it out would read differently.

    length_minutes: int = ranged(3, 1, 60)
    order: str = choice("queue", "queue", "fair")
    required: Share = share(2, 3)
    groups: tuple[str, ...] = several(("WOMEN",), "WOMEN", "YOUTH")
    criteria: tuple[Criterion, ...] = listed((), most=12)

A record's field that has no default takes its limits as `field(metadata=within(1, 5))` or `among("a", "b")`. A section
or record may have a method `invalid() -> str`: the name of a field that does not go with the others, empty for none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

WORD_MOST = 200  # characters of a text that says nothing else
LIST_MOST = 100
NUMBER_MOST = 10**15  # rupiah; below 2**53, so a browser keeps it exactly


@dataclass(frozen=True, slots=True)
class Limits:
    """least, most: of a number, or of a text's or a list's length. words: the only texts allowed; empty for any.

    of: the limits of a list's members.
    """

    least: float | None = None
    most: float | None = None
    words: tuple[str, ...] = ()
    of: Limits | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Share:
    """An exact part of a whole, such as 2 of 3; from nothing to all of it."""

    part: int = field(metadata={"limits": Limits(0, 1000)})
    of: int = field(metadata={"limits": Limits(1, 1000)})

    def invalid(self) -> str:
        return "part" if self.part > self.of else ""

    def fraction(self) -> Fraction:
        return Fraction(self.part, self.of)

    def least_of(self, number: int) -> int:
        """How many of `number` are at least this share: 2 of 3 of seven is five."""
        return -(-number * self.part // self.of)


def within(least: float, most: float) -> Mapping[str, Limits]:
    """Metadata of a number between these, or of a text or list of that length."""
    return {"limits": Limits(least, most)}


def among(*words: str) -> Mapping[str, Limits]:
    """Metadata of a text that is one of these words."""
    return {"limits": Limits(words=words)}


def ranged(default: float | None, least: float, most: float) -> Any:
    """A number with its limits, which count; None as the default needs the type to allow it."""
    return field(default=default, metadata=within(least, most))


def choice(default: str | None, *words: str) -> Any:
    """One of these words."""
    return field(default=default, metadata=among(*words))


def worded(default: str | None = "", most: int = WORD_MOST, least: int = 0) -> Any:
    """A text of least…most characters, of any words."""
    return field(default=default, metadata=within(least, most))


def share(part: int, of: int) -> Any:
    """A Share with this default."""
    return field(default=Share(part, of))


def several(default: tuple[str, ...], *words: str) -> Any:
    """A tuple of some of these words, each at most once."""
    return field(default=default, metadata={"limits": Limits(0, len(words), of=Limits(words=words))})


def listed(default: tuple[Any, ...] = (), most: int = LIST_MOST, least: int = 0, of: Limits | None = None) -> Any:
    """A tuple of least…most members, of whatever the type of the field says; `of` are the limits of plain members."""
    return field(default=default, metadata={"limits": Limits(least, most, of=of)})


def limits_of(metadata: Mapping[str, Any]) -> Limits:
    """The limits a field was declared with."""
    found = metadata.get("limits", NO_LIMITS)
    assert isinstance(found, Limits)
    return found
