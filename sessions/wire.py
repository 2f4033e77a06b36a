"""Events ⇄ JSON, by the types of their fields; what equals its default is not written, what is unknown is an error."""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, NewType, Union, cast, get_args, get_origin, get_type_hints

Decoder = Callable[[Any], Any]


class UnknownEvent(ValueError):
    """A recorded event this program does not understand: it is older than the one that wrote it."""


@cache
def defaults(cls: Hashable) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, default_of(field)) for field in fields(cast(Any, cls)))


def default_of(field: Field[Any]) -> Any:
    """The default of a field, made afresh where it is made by a factory; MISSING when it has none."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def encode(value: Any) -> Any:
    """A value of frozen dataclasses, tuples and JSON scalars as a JSON value."""
    if is_dataclass(value):
        members = ((name, getattr(value, name), default) for name, default in defaults(value.__class__))
        return {name: encode(member) for name, member, default in members if member != default}
    if isinstance(value, tuple):
        return [encode(member) for member in value]
    return value


def decode(cls: Any, data: Mapping[str, Any]) -> Any:
    """The event that encode() wrote; raises UnknownEvent for missing, unknown or mistyped members."""
    return decoder(cls)(data)


@cache
def decoder(hint: Any) -> Decoder:
    if isinstance(hint, NewType):
        return decoder(hint.__supertype__)
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (argument for argument in get_args(hint) if argument is not type(None))
        return optional(decoder(inner))
    if get_origin(hint) is tuple:
        return sequence(decoder(get_args(hint)[0]))
    return record(hint) if is_dataclass(hint) else scalar(hint)


def scalar(hint: type[Any]) -> Decoder:
    def decode_scalar(value: Any) -> Any:
        if type(value) is not hint:
            if hint is float and type(value) is int:
                return float(value)
            raise UnknownEvent(f"{hint.__name__} expected, not {type(value).__name__}")
        return value

    return decode_scalar


def optional(inner: Decoder) -> Decoder:
    return lambda value: None if value is None else inner(value)


def sequence(inner: Decoder) -> Decoder:
    def decode_sequence(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise UnknownEvent(f"a list expected, not {type(value).__name__}")
        return tuple(inner(member) for member in value)

    return decode_sequence


def record(hint: Any) -> Decoder:
    hints = get_type_hints(hint)
    decoders = {field.name: decoder(hints[field.name]) for field in fields(hint)}
    required = {field.name for field in fields(hint) if default_of(field) is MISSING}

    def decode_record(value: Any) -> Any:
        if not isinstance(value, Mapping) or not required <= value.keys() or not value.keys() <= decoders.keys():
            raise UnknownEvent(f"members of {hint.__name__} do not fit")
        return hint(**{name: decoders[name](member) for name, member in value.items()})

    return decode_record
