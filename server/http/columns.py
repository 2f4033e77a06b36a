"""A snapshot written by columns: what a phone fetches on its first visit, little more than half of it row by row."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

KEPT = 8  # classes of the few sessions that phones come to at the same time


@dataclass(frozen=True, slots=True)
class Told:
    """body: gzip of the JSON of docs/protocol.md §2."""

    body: bytes
    etag: str


class Columns:
    """Each snapshot turned once, beside the event loop, and shared by all who ask for it meanwhile."""

    def __init__(self) -> None:
        self._making: dict[str, asyncio.Task[bytes]] = {}

    async def of(self, body: bytes, etag: str) -> Told:
        """body, etag: of the snapshot row by row."""
        task = self._making.get(etag)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._making[etag] = asyncio.ensure_future(asyncio.to_thread(turned, body))
            while len(self._making) > KEPT:
                del self._making[next(iter(self._making))]
        return Told(await asyncio.shield(task), f"{etag}-columns")


def turned(body: bytes) -> bytes:
    """gzip of JSON in, gzip of JSON out."""
    told = json.loads(gzip.decompress(body))
    told["tables"] = tables(told.pop("changes"))
    return gzip.compress(json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode(), 9, mtime=0)


def tables(changes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entities of one kind with the same fields make a table, by their ids; every field is a column of it."""
    rows: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in changes:
        rows.setdefault((change["kind"], *change["fields"]), []).append(change)
    found = []
    for (kind, *names), members in rows.items():
        members.sort(key=lambda change: change["id"])
        columns = [column([member["fields"][name] for member in members]) for name in names]
        ids = shared([member["id"] for member in members])
        found.append({"kind": kind, "ids": ids, "names": names, "columns": columns})
    return found


def shared(ids: Sequence[str]) -> list[str | int]:
    """Front coding: how many characters an id shares with the one before it, then the rest of it."""
    found: list[str | int] = []
    before = ""
    for id_ in ids:
        same = next((n for n, pair in enumerate(zip(before, id_, strict=False)) if pair[0] != pair[1]), None)
        if same is None:
            same = min(len(before), len(id_))
        found += [same, id_[same:]]
        before = id_
    return found


def column(values: Sequence[Any]) -> Any:
    """The values; `{"all": value}` where they are one; `{"steps": […]}`, each the difference to the one before, where
    whole numbers mostly rise by the same."""
    if all(value == values[0] and type(value) is type(values[0]) for value in values):
        return {"all": values[0]}
    if all(type(value) is int for value in values):
        steps = [after - before for before, after in zip((0, *values), values, strict=False)]
        if len(set(steps)) * 4 < len(set(values)):
            return {"steps": steps}
    return list(values)
