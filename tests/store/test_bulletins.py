"""What nodes post about themselves is read by the others, fresh for a while, and gone when they are."""

from __future__ import annotations

import pytest

from server.store.bulletins import SqlBulletins
from server.store.database import Database


@pytest.fixture
def bulletins(database: Database) -> SqlBulletins:
    return SqlBulletins(database)


async def test_what_a_node_posts_the_others_read_and_itself_not(bulletins: SqlBulletins) -> None:
    await bulletins.post("one", False, [("s1", 7, '{"a":1}')])
    await bulletins.post("two", True, [])
    assert await bulletins.read("one", 60_000) != []
    found = {(each.node, each.session): each for each in await bulletins.read("three", 60_000)}
    assert set(found) == {("one", ""), ("one", "s1"), ("two", "")}
    posted = found["one", "s1"]
    assert (posted.number, posted.body, posted.deaf) == (7, '{"a":1}', False) and 0 <= posted.age_ms < 60_000
    assert found["two", ""].deaf
    assert {each.node for each in await bulletins.read("two", 60_000)} == {"one"}


async def test_a_later_bulletin_takes_the_place_of_the_earlier_one(bulletins: SqlBulletins) -> None:
    await bulletins.post("one", False, [("s1", 1, "{}"), ("s2", 2, "{}")])
    await bulletins.post("one", True, [("s1", 3, '{"new":true}')])
    found = {each.session: each for each in await bulletins.read("two", 60_000)}
    assert (found["s1"].number, found["s1"].deaf, found["s1"].body) == (3, True, '{"new":true}')
    assert (found["s2"].number, found["s2"].deaf) == (2, False)


async def test_old_ones_are_neither_read_nor_kept_and_a_node_can_take_its_own_back(bulletins: SqlBulletins) -> None:
    await bulletins.post("one", False, [("s1", 1, "{}")])
    assert await bulletins.read("two", -1_000) == []
    await bulletins.sweep(60_000)
    assert len(await bulletins.read("two", 60_000)) == 2
    await bulletins.sweep(-1_000)
    assert await bulletins.read("two", 60_000) == []
    await bulletins.post("one", False, [])
    await bulletins.withdraw("one")
    await bulletins.withdraw("one")
    assert await bulletins.read("two", 60_000) == []
