"""Files: kept whole, found by their id, and gone when nothing speaks of them."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy.exc import IntegrityError

from server.store import files as store_files
from server.store.database import Database
from server.store.files import NewFile, SqlFiles
from sessions.ids import SessionId
from tests.store.ballots import SESSION, append
from tests.store.conftest import clock

BODY = bytes(range(256)) * 40


def photo(file: str, kind: str = "photo", body: bytes = BODY) -> NewFile:
    return NewFile(file, SESSION, kind, "image/jpeg", body, width=64, height=48)


async def test_a_file_comes_back_as_it_was_with_its_hash(database: Database) -> None:
    await append(database, "session_created")
    files = SqlFiles(database)
    began = clock() - 1000
    await files.add(photo("one"), NewFile("two", SESSION, "slide", "application/pdf", b"%PDF"))
    found = await files.get("one")
    assert found is not None
    assert (found.body, found.size, found.sha256) == (BODY, len(BODY), hashlib.sha256(BODY).hexdigest())
    assert (found.session, found.kind, found.media_type) == (SESSION, "photo", "image/jpeg")
    assert (found.width, found.height) == (64, 48)
    assert began <= found.created_at <= clock() + 1000
    other = await files.get("two")
    assert other is not None and (other.width, other.height, other.body) == (None, None, b"%PDF")
    assert await files.get("three") is None


async def test_a_file_is_not_replaced_and_several_are_stored_together_or_not_at_all(database: Database) -> None:
    await append(database, "session_created")
    files = SqlFiles(database)
    await files.add(photo("one"))
    with pytest.raises(IntegrityError):
        await files.add(photo("two"), photo("one", body=b"other"))
    kept = await files.get("one")
    assert kept is not None and kept.body == BODY
    assert await files.get("two") is None


async def test_a_file_belongs_to_a_session_that_exists(database: Database) -> None:
    await append(database, "session_created")
    with pytest.raises(IntegrityError):
        await SqlFiles(database).add(NewFile("one", SessionId("nowhere"), "photo", "image/jpeg", BODY))


async def test_removing_twice_is_harmless(database: Database) -> None:
    await append(database, "session_created")
    files = SqlFiles(database)
    await files.add(photo("one"), photo("two"))
    assert await files.remove("one", "three") == 1
    assert await files.remove("one") == 0
    assert await files.remove() == 0
    assert await files.get("one") is None and await files.get("two") is not None


async def test_what_nothing_speaks_of_goes_once_it_is_old_and_other_kinds_stay(database: Database) -> None:
    await append(database, "session_created")
    files = SqlFiles(database)
    await files.add(photo("used"), photo("unused"), photo("slide", kind="slide"))
    assert await files.forget_unused(SESSION, "photo", {"used"}, before=clock() - 60_000) == 0
    assert await files.forget_unused(SESSION, "photo", {"used"}, before=clock() + 60_000) == 1
    left = [file for file in ("used", "unused", "slide") if await files.get(file) is not None]
    assert left == ["used", "slide"]


async def test_what_files_of_a_kind_take_and_how_many_go_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await append(database, "session_created")
    files = SqlFiles(database)
    assert await files.bytes_of(SESSION, "slide") == 0
    await files.add(*(photo(f"page-{n}", "slide") for n in range(5)), photo("one"))
    assert await files.bytes_of(SESSION, "slide") == 5 * len(BODY)
    assert await files.bytes_of(SessionId("elsewhere"), "slide") == 0
    monkeypatch.setattr(store_files, "TOGETHER", 2)
    assert await files.forget_unused(SESSION, "slide", {"page-3"}, before=clock() + 60_000) == 4
    assert await files.bytes_of(SESSION, "slide") == len(BODY) == await files.bytes_of(SESSION, "photo")
