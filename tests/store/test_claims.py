"""First claims and PINs on a real database: a primary key and a counter decide, whoever asks at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from server import pins
from server.store import database as databases
from server.store.claims import TRIES_MOST, SqlClaims
from server.store.database import Database
from server.store.journal import SqlJournal
from sessions.ids import PassId, SessionId
from tests.store.conftest import clock

SESSION = SessionId("s1")
CARDS = [PassId(f"p{number}") for number in range(40)]


@pytest.fixture
async def nodes(url: str, database: Database) -> AsyncIterator[list[SqlClaims]]:
    """Two programs on one database, with the session that claims belong to."""
    async with SqlJournal(database).transaction(SESSION):
        pass
    second = databases.connect(url, clock)
    yield [SqlClaims(database), SqlClaims(second)]
    await second.close()


async def test_one_device_is_first_and_both_nodes_name_the_same(nodes: list[SqlClaims]) -> None:
    one, two = nodes
    assert await one.holder(SESSION, CARDS[0]) is None
    left = [one.first(SESSION, card, f"left-{card}") for card in CARDS]
    right = [two.first(SESSION, card, f"right-{card}") for card in reversed(CARDS)]
    found = await asyncio.gather(*left, *right)
    told = dict(zip([*CARDS, *reversed(CARDS)], found, strict=True))
    for card, device in zip([*CARDS, *reversed(CARDS)], found, strict=True):
        assert device == told[card] == await two.holder(SESSION, card)
        assert device in (f"left-{card}", f"right-{card}")
    assert await two.claimed(SESSION) == set(CARDS)
    assert await two.claimed(SessionId("s2")) == set()


async def test_a_pin_has_five_tries_however_they_come_and_a_right_one_gives_them_back(nodes: list[SqlClaims]) -> None:
    one, two = nodes
    card, bare = CARDS[:2]
    (kept,) = await pins.hashes(["123456"])
    await one.put_pins(SESSION, {card: kept})
    await two.put_pins(SESSION, {card: "another one is not taken"})
    assert (await one.with_pin(SESSION), await two.tries_left(SESSION, bare)) == ({card}, None)
    assert await two.take_try(SESSION, bare) is None
    tries = await asyncio.gather(*(node.take_try(SESSION, card) for node in nodes for _ in range(TRIES_MOST)))
    taken = sorted(left for found in tries if found is not None for left in [found[1]])
    assert taken == list(range(TRIES_MOST))
    assert await two.tries_left(SESSION, card) == 0
    await one.forgive(SESSION, card)
    assert await two.take_try(SESSION, card) == (kept, TRIES_MOST - 1)


async def test_a_pin_is_kept_as_argon2id_and_known_again() -> None:
    drawn = {pins.new_pin() for _ in range(50)}
    assert len(drawn) > 40 and all(pins.PIN.fullmatch(pin) for pin in drawn)
    kept = await pins.hashes(["123456", "123456"])
    assert all(text.startswith("$argon2id$") for text in kept) and kept[0] != kept[1]
    assert [await pins.matches(pin, kept[0]) for pin in ("123456", "123457")] == [True, False]
    assert not await pins.matches("123456", "damaged")
