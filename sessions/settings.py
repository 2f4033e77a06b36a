"""What a section of the rules may be set to: checks and a description, both read off its fields."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from sessions.model.settings import LIST_MOST, NO_LIMITS, NUMBER_MOST, WORD_MOST, Limits, limits_of
from sessions.shape import Check, bad, flag, ident, integer, list_of, members, nullable, number, one_of, text
from sessions.wire import default_of

Json = dict[str, Any]
NONE = type(None)


def checks_of(cls: type[Any]) -> Mapping[str, Check]:
    """field → the check of its JSON value, for a section or a record of one."""
    hints = get_type_hints(cls)
    return {field.name: check_of(hints[field.name], limits_of(field.metadata)) for field in fields(cls)}


def check_of(hint: Any, limits: Limits) -> Check:
    """The check of a value of this type; TypeError for a type that rules cannot be made of."""
    if isinstance(hint, NewType):
        return check_of(hint.__supertype__, limits) if limits.words else ident
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (argument for argument in get_args(hint) if argument is not NONE)
        return nullable(check_of(inner, limits))
    if get_origin(hint) is tuple:
        return check_of_list(get_args(hint)[0], limits)
    if is_dataclass(hint) and isinstance(hint, type):
        return check_of_record(hint)
    return check_of_scalar(hint, limits)


def check_of_list(hint: Any, limits: Limits) -> Check:
    """Words that are chosen from are chosen once each."""
    of = limits.of or NO_LIMITS
    listed = list_of(check_of(hint, of), int(limits.least or 0), int(LIST_MOST if limits.most is None else limits.most))

    def check(value: Any, field: str) -> tuple[Any, ...]:
        found: tuple[Any, ...] = listed(value, field)
        if of.words and len(set(found)) < len(found):
            bad(field)
        return found

    return check


def check_of_record(cls: type[Any]) -> Check:
    """A whole record: members with a default may be left out; then they have it."""

    def check(value: Any, field: str) -> Any:
        checks = checks_of(cls)
        required = {one.name for one in fields(cls) if default_of(one) is MISSING}
        found = cls(
            **members(
                value,
                field,
                {name: checks[name] for name in checks if name in required},
                {name: checks[name] for name in checks if name not in required},
            )
        )
        wrong = invalid(found)
        return bad(f"{field}.{wrong}") if wrong else found

    return check


def check_of_scalar(hint: Any, limits: Limits) -> Check:
    least = 0 if limits.least is None else limits.least
    if hint is bool:
        return flag
    if hint is int:
        return integer(int(least), int(NUMBER_MOST if limits.most is None else limits.most))
    if hint is float:
        return number(least, NUMBER_MOST if limits.most is None else limits.most)
    if hint is str:
        return (
            one_of(*limits.words)
            if limits.words
            else text(int(WORD_MOST if limits.most is None else limits.most), int(least))
        )
    raise TypeError(f"rules cannot hold a {hint}")


def invalid(value: Any) -> str:
    """The field of a section or record that does not go with the others, as it says itself; empty for none."""
    asked = getattr(value, "invalid", None)
    return "" if asked is None else str(asked())


def described(cls: type[Any]) -> Json:
    """field → {type, default?, least?, most?, words?, optional?, of?}: enough for a form that edits it.

    type: number, whole, flag, text, id, list or record; a list has its members' description in `of`, a record its
    fields' in `fields`. A default is plain JSON.
    """
    hints = get_type_hints(cls)
    told = {}
    for field in fields(cls):
        told[field.name] = described_type(hints[field.name], limits_of(field.metadata))
        default = default_of(field)
        if default is not MISSING:
            told[field.name]["default"] = plain(default)
    return told


def described_type(hint: Any, limits: Limits) -> Json:
    if isinstance(hint, NewType):
        return {"type": "text", "words": list(limits.words)} if limits.words else {"type": "id"}
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (argument for argument in get_args(hint) if argument is not NONE)
        return {**described_type(inner, limits), "optional": True}
    if get_origin(hint) is tuple:
        of = described_type(get_args(hint)[0], limits.of or NO_LIMITS)
        return {"type": "list", **bounds(limits, LIST_MOST), "of": of}
    if is_dataclass(hint) and isinstance(hint, type):
        return {"type": "record", "fields": described(hint)}
    if hint is bool:
        return {"type": "flag"}
    if hint is str:
        return {"type": "text", **({"words": list(limits.words)} if limits.words else bounds(limits, WORD_MOST))}
    return {"type": "whole" if hint is int else "number", **bounds(limits, NUMBER_MOST)}


def bounds(limits: Limits, most: float) -> Json:
    return {
        "least": 0 if limits.least is None else limits.least,
        "most": most if limits.most is None else limits.most,
    }


def plain(value: Any) -> Any:
    """Records, tuples and scalars as JSON, defaults and all."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return [plain(member) for member in value] if isinstance(value, tuple | list) else value
