"""A snapshot by columns tells what the one by rows tells."""

from __future__ import annotations

import gzip
import json
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.app import Running
from server.http.columns import tables, turned
from tests.http.conftest import bearer

VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text("ab", max_size=2), st.just([1, 2]))
FIELDS = st.dictionaries(st.sampled_from(["title", "rank", "hall"]), VALUES, max_size=3)
CHANGES = st.dictionaries(st.text("ab1", max_size=4), st.tuples(st.sampled_from(["proposal", "hall"]), FIELDS)).map(
    lambda told: [{"kind": kind, "id": id_, "fields": fields} for id_, (kind, fields) in told.items()]
)


def values_of(column: Any, rows: int) -> list[Any]:
    if isinstance(column, list):
        return column
    if "all" in column:
        return [column["all"]] * rows
    return [sum(column["steps"][: row + 1]) for row in range(rows)]


def changes(told: list[dict[str, Any]]) -> dict[tuple[str, str], Any]:
    """What a reader makes of the tables, by docs/protocol.md §2."""
    found = {}
    for table in told:
        rows, id_ = len(table["ids"]) // 2, ""
        columns = [values_of(column, rows) for column in table["columns"]]
        for row in range(rows):
            id_ = id_[: table["ids"][2 * row]] + table["ids"][2 * row + 1]
            fields = {name: column[row] for name, column in zip(table["names"], columns, strict=True)}
            found[table["kind"], id_] = fields
    return found


def spelt(value: Any) -> str:
    return json.dumps(value, sort_keys=True)  # 1 is not true


@given(CHANGES)
def test_every_entity_comes_back_as_it_was(told: list[dict[str, Any]]) -> None:
    wanted = {(change["kind"], change["id"]): change["fields"] for change in told}
    found = changes(json.loads(json.dumps(tables(told))))
    assert found.keys() == wanted.keys()
    assert all(spelt(found[key]) == spelt(wanted[key]) for key in wanted)


def test_numbers_that_rise_in_step_are_told_by_their_steps() -> None:
    told = [{"kind": "proposal", "id": f"p{n:04}", "fields": {"rank": n, "rw": "07"}} for n in range(1, 101)]
    (table,) = tables(told)
    assert table["columns"] == [{"steps": [1] * 100}, {"all": "07"}]
    assert table["ids"][:4] == [0, "p0001", 4, "2"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_phone_asks_for_columns_and_gets_304_for_what_it_has(
    shared: Running, looking: aiohttp.ClientSession
) -> None:
    headers = await bearer(looking, shared, "delegate")
    path = "/api/sessions/bekasi-2018/snapshot"
    async with looking.get(path, headers=headers) as answer:
        rows = await answer.read()
    async with looking.get(f"{path}?form=columns", headers=headers) as answer:
        assert answer.headers["Cache-Control"] == "private, no-cache"
        etag, body = answer.headers["ETag"], await answer.read()
    found, wanted = json.loads(gzip.decompress(body)), json.loads(gzip.decompress(rows))
    assert changes(found["tables"]) == {(one["kind"], one["id"]): one["fields"] for one in wanted["changes"]}
    assert (found["upto"], found["class"], "changes" in found) == (wanted["upto"], "participant", False)
    assert len(turned(rows)) < len(rows)
    async with looking.get(f"{path}?form=columns", headers={**headers, "If-None-Match": etag}) as answer:
        assert answer.status == 304
