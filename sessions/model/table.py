"""A large immutable mapping: a change of one entry copies a little, and a comparison skips what is shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")
BITS = 5  # 32 entries a chunk: of 1,451 proposals a change copies 32 + 46 references instead of 1,451 entries
MASK = (1 << BITS) - 1

Chunks = tuple[tuple[Any, ...], ...]


class Table(Mapping[K, V]):
    """Entries keep the order they were first put in and are never taken out."""

    __slots__ = ("_chunks", "_index")

    def __init__(self, entries: Mapping[K, V] | None = None) -> None:
        self._index: Mapping[K, int] = {key: place for place, key in enumerate(entries or ())}
        self._chunks: Chunks = chunked(tuple((entries or {}).values()))

    def __getitem__(self, key: K) -> V:
        place = self._index[key]
        found: V = self._chunks[place >> BITS][place & MASK]
        return found

    def get(self, key: K, default: Any = None) -> Any:
        """As a dict's; the one Mapping has would raise and catch a KeyError for each that is not there."""
        place = self._index.get(key)
        return default if place is None else self._chunks[place >> BITS][place & MASK]

    def __contains__(self, key: object) -> bool:
        return key in self._index

    def __iter__(self) -> Iterator[K]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)

    def put(self, key: K, value: V) -> Table[K, V]:
        """With this one entry added or replaced."""
        place = self._index.get(key)
        if place is None:
            return self.updated({key: value})
        number, within = place >> BITS, place & MASK
        chunk = self._chunks[number]
        return self._made(self._index, replaced(self._chunks, number, replaced(chunk, within, value)))

    def updated(self, entries: Mapping[K, V]) -> Table[K, V]:
        """With all of these added or replaced; costs as much as making the table anew."""
        known = [key for key in entries if key in self._index]
        values = list(chain.from_iterable(self._chunks))
        for key in known:
            values[self._index[key]] = entries[key]
        fresh = {key: value for key, value in entries.items() if key not in self._index}
        index = {**self._index, **{key: place for place, key in enumerate(fresh, len(self._index))}}
        return self._made(index, chunked((*values, *fresh.values())))

    def changed_from(self, before: Table[K, V]) -> Iterator[tuple[K, V]]:
        """The entries that `before` did not have as the same object; before: an ancestor, or any other table."""
        if not self._grew_from(before):
            yield from ((key, value) for key, value in self.items() if before.get(key) is not value)
            return
        keys = list(self._index)
        for number, chunk in enumerate(self._chunks):
            old = before._chunks[number] if number < len(before._chunks) else ()
            if chunk is not old:
                for within, value in enumerate(chunk):
                    if within >= len(old) or old[within] is not value:
                        yield keys[number << BITS | within], value

    def _grew_from(self, before: Table[K, V]) -> bool:
        return self._index is before._index

    def _made(self, index: Mapping[K, int], chunks: Chunks) -> Table[K, V]:
        table: Table[K, V] = Table.__new__(Table)
        table._index, table._chunks = index, chunks
        return table


def chunked(values: tuple[Any, ...]) -> Chunks:
    return tuple(values[start : start + MASK + 1] for start in range(0, len(values), MASK + 1))


def replaced(values: tuple[Any, ...], place: int, value: Any) -> tuple[Any, ...]:
    copied = list(values)
    copied[place] = value
    return tuple(copied)
