"""Small helpers of immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from sessions.model.table import Table


def nothing() -> Mapping[Any, Any]:
    """An empty mapping nobody can fill."""
    return MappingProxyType({})


T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


def put(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """The mapping with one entry added or replaced; the old one is untouched."""
    if isinstance(mapping, Table):
        return mapping.put(key, value)
    return {**mapping, key: value}


def put_all(mapping: Mapping[K, V], entries: Mapping[K, V]) -> Mapping[K, V]:
    """The mapping with all of these added or replaced."""
    if isinstance(mapping, Table):
        return mapping.updated(entries)
    return {**mapping, **entries}


def changed(value: T, **members: Any) -> T:
    """As dataclasses.replace(), for a frozen class without slots: all members are copied at once, not one by one."""
    copy = object.__new__(type(value))
    object.__setattr__(copy, "__dict__", value.__dict__ | members)
    return copy
